"""Every proof of the catalogue, evaluated step by step on a worked problem on which it says something."""

from collections.abc import Iterable

from linrep.bounds import CATALOGUE, Theorem
from linrep.gallery import EXAMPLES
from linrep.problems import Problem
from linrep.tables import Table, Value
from proofs_check.chain import COLUMNS as STEP
from proofs_check.chain import Chain, chain
from proofs_check.embedded import embedded
from proofs_check.studies._chain import TASK

COLUMNS = ("theorem", "problem", "statement", "trivial", "index", *STEP)
"""Columns of the table: a row for each step of each proof."""


def chains(theorems: Iterable[Theorem] = CATALOGUE) -> Table:
    """The chain of each theorem on one of its examples: one on which the sides are not all zero, if there is one.

    Args:
        theorems: of the catalogue.

    Returns:
        A row for each step; theorems without a proof in steps, or without an example that gives numbers, have none.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> [row["slack"] for row in chains([linrep26.RISK_GAP_AUGMENTED]).rows][:2]
    [0.0, 0.0]
    """
    return Table(COLUMNS, tuple(row for theorem in theorems for row in _rows(theorem)))


def _rows(theorem: Theorem) -> list[dict[str, Value]]:
    found = [(name, statement, chain(theorem, problem)) for name, statement, problem in _candidates(theorem)]
    with_numbers = [case for case in found if any(link.right is not None for link in case[2].path)]
    if not with_numbers:
        return []
    name, statement, best = max(with_numbers, key=lambda case: _visible(case[2]))  # the first one of the largest
    trivial = None if best.trivial is None else float(best.trivial)
    head = {"theorem": theorem.key, "problem": name, "statement": statement}
    return [{**head, "trivial": trivial, "index": best.index, **row} for row in best.table().rows]


def _visible(found: Chain) -> bool:
    """Whether a side is not zero, so that there is something to see."""
    return any(link.right is not None and float(link.right) != 0 for link in found.path)


def _candidates(theorem: Theorem) -> list[tuple[str, str, Problem]]:
    """Its worked problems: where it says something, where it is attained, then the task of Table 1."""
    named = dict.fromkeys(e for e in (*theorem.not_vacuous_on, *theorem.attained_on) if e in EXAMPLES)
    (task,) = (e for e in embedded(0) if e.name == TASK)
    return [*((e.name, e.statement, EXAMPLES[e]()) for e in named), (task.name, task.statement, task.build())]
