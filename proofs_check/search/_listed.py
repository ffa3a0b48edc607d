"""Problems that are tried before any is generated: the examples that a theorem names, and the embedded ones."""

from collections.abc import Iterable
from dataclasses import dataclass

from linrep._checks import InputError
from linrep.bounds import Theorem
from linrep.gallery import EXAMPLES
from linrep.problems import Problem
from proofs_check.embedded import Embedded, embedded
from proofs_check.enclosures import exact_problem
from proofs_check.search._instances import exactified

LARGEST_CLASS = 64
"""Most features of an embedded problem that is looked at in exact numbers."""


@dataclass(frozen=True)
class Listed:
    """A named problem in exact numbers.

    Source: ours.

    >>> from linrep.gallery import two_clusters
    >>> Listed("two_clusters", two_clusters()).problem.dim
    2
    """

    name: str
    problem: Problem


def examples(theorem: Theorem) -> tuple[Listed, ...]:
    """The problems that a theorem names, in exact numbers.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> [e.name for e in examples(linrep26.RISK_GAP_MEAN)]
    ['flip_dictator', 'example_one_dictator']
    """
    tokens = dict.fromkeys((*theorem.attained_on, *theorem.not_vacuous_on))
    return tuple(Listed(t.name, exactified(EXAMPLES[t]())) for t in tokens)


def embedded_problems() -> tuple[Listed, ...]:
    """The embedded problems that have exact numbers, those drawn at random left out.

    Source: ours.

    >>> "example1_swap" in [e.name for e in embedded_problems()]
    True
    """
    return tuple(_exact_ones(embedded(0, 0)))


def _exact_ones(problems: Iterable[Embedded]) -> Iterable[Listed]:
    for entry in problems:
        problem = exactified(entry.build())
        if problem.moments.dim > LARGEST_CLASS:
            continue
        try:
            exact_problem(problem)
        except InputError:  # floats of unknown origin
            continue
        yield Listed(entry.name, problem)
