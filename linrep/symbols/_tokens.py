"""What a token is: the name, the symbol and the definition of a quantity, a hypothesis, a worked example."""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple


class Shape(Enum):
    """What a quantity is on one problem: a number, or a number for every index k = 1, 2, …

    Source: ours.

    >>> from linrep.symbols import TAIL_EIGENVALUE
    >>> TAIL_EIGENVALUE.shape is Shape.INDEXED
    True
    """

    SCALAR = "scalar"
    INDEXED = "indexed"


@dataclass(frozen=True)
class Quantity:
    """A named scalar, or family of scalars, of a problem.

    Attributes:
        name: the code name, unique in the catalogue.
        symbol: how it is written, in LaTeX.
        definition: what it is, in one sentence.
        lower, upper: the range it always lies in (None: unbounded).
        shape: a number, or one for each index k.

    Source: the notation table of the theory (ours).

    >>> from linrep.symbols import BEST_MEAN_RISK
    >>> BEST_MEAN_RISK.symbol
    '\\\\bar R_{\\\\min}'
    """

    name: str
    symbol: str
    definition: str
    lower: float | None = 0.0
    upper: float | None = None
    shape: Shape = Shape.SCALAR


class Eigenvalue(NamedTuple):
    """Which eigenvalue a quantity is: number k + offset for each index k, d + offset where it is one number; of K, or
    of I - K with `of_defect`.

    Source: ours.

    >>> from linrep.symbols import CUT_EIGENVALUE, EIGENVALUES
    >>> EIGENVALUES[CUT_EIGENVALUE]
    Eigenvalue(offset=1, of_defect=True)
    """

    offset: int
    of_defect: bool


@dataclass(frozen=True)
class Hypothesis:
    """A condition that a theorem needs and that is computed on the problem, never declared.

    Source: ours.

    >>> from linrep.symbols import MINIMISER
    >>> MINIMISER.name
    'minimiser'
    """

    name: str
    statement: str


@dataclass(frozen=True)
class Example:
    """A token for a worked problem, resolved to a `Problem` by `linrep.gallery`.

    Source: ours.

    >>> Example("hypercube_linear", "Example 1 at D = 50").name
    'hypercube_linear'
    """

    name: str
    statement: str


def scalar(name: str, symbol: str, definition: str, upper: float | None = None, lower: float | None = 0.0) -> Quantity:
    """A quantity that is one number, at least 0 unless another lower end is given. Source: ours.

    >>> scalar("distortion", "D", "how far the map bends").lower
    0.0
    """
    return Quantity(name, symbol, definition, lower, upper)


def indexed(name: str, symbol: str, definition: str, upper: float | None = None, lower: float | None = 0.0) -> Quantity:
    """A quantity that is a number for every index k. Source: ours.

    >>> indexed("profile", "p_k", "how much the first k carry", 1).upper
    1
    """
    return Quantity(name, symbol, definition, lower, upper, Shape.INDEXED)
