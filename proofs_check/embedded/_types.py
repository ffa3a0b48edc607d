"""What an embedded problem is: a name, what it shows, and how to build it."""

from collections.abc import Callable
from dataclasses import dataclass

from linrep.problems import Problem


@dataclass(frozen=True)
class Embedded:
    """A worked problem of the main job.

    Attributes:
        name: unique in the list.
        family: what kind of process it is.
        statement: what it is, in a line.
        build: makes the problem.

    Source: ours.

    >>> from linrep.gallery import disjoint_pairs
    >>> Embedded("pairs", "disjoint", "16 inputs with two views each", disjoint_pairs).build().dim
    2
    """

    name: str
    family: str
    statement: str
    build: Callable[[], Problem]
