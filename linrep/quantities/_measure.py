"""Numbers with their float error, the indices a theorem may choose from, and what to say where there is no number."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from linrep._linalg import EPS
from linrep.problems import Problem
from linrep.symbols import Quantity


class Measured(NamedTuple):
    """A float64 value (or an array over an index) and a bound on its rounding error, derived where it is computed.

    Source: ours.

    >>> Measured(0.5, 1e-16).value
    0.5
    """

    value: float | np.ndarray
    error: float | np.ndarray = 0.0


class Between(NamedTuple):
    """A number known only to lie between two floats (an exact 0-1 error that a solver has bracketed, say). Source:
    ours.

    >>> Between(0.0, 0.25).upper
    0.25
    """

    lower: float
    upper: float
    error: float = 0.0


class Unavailable(Exception):  # noqa: N818 - not an error: an answer
    """There is no number here; the message says why. Source: ours.

    >>> str(Unavailable("the inputs are a continuum"))
    'the inputs are a continuum'
    """


class Grid(NamedTuple):
    """The indices of a theorem: k down the rows, (K, 1), and positive margins along the columns, (1, J).

    Source: ours.

    >>> Grid(np.array([[1], [2]]), np.ones((1, 1))).k.ravel().tolist()
    [1, 2]
    """

    k: np.ndarray
    margins: np.ndarray


def scale_of(problem: Problem) -> float:
    """E |label|^2, the natural size of risks and label energies; 1 without labels."""
    size = problem.moments.label_sq
    return 1.0 if size is None else max(float(size), EPS)


def at(measured: Measured, place: tuple[int, int] | None) -> Measured:
    """A measured quantity at one place of the grid; the only place for None. Source: ours.

    >>> at(Measured(np.array([[1.0], [2.0]])), (1, 0)).value
    2.0
    """

    def pick(x: float | np.ndarray) -> float:
        array = np.atleast_2d(np.asarray(x, dtype=np.float64))
        row, column = place or (0, 0)
        return float(array[min(row, array.shape[0] - 1), min(column, array.shape[1] - 1)])

    return Measured(pick(measured.value), pick(measured.error))


def carried(
    formula: Callable[..., float], quantities: Sequence[Quantity], inputs: Sequence[Measured], value: float
) -> float:
    """The inputs' errors carried through a formula, each moved to both ends in turn, plus the rounding of the formula.

    Args:
        formula: over floats.
        quantities: its inputs' tokens, for the ranges that no error leaves.
        inputs: numbers with their errors.
        value: of the formula at the inputs.

    Source: ours.

    >>> from linrep.symbols import SUBOPTIMALITY
    >>> round(carried(lambda x: 3 * x, [SUBOPTIMALITY], [Measured(1.0, 0.25)], 3.0), 12)
    0.75
    """
    total = 8 * len(inputs) * EPS * abs(value)
    for i, (x, quantity) in enumerate(zip(inputs, quantities, strict=True)):
        if x.error == 0:
            continue
        least = -math.inf if quantity.lower is None else quantity.lower
        ends = (x.value + x.error, max(x.value - x.error, least))
        moved = ([y.value if j != i else end for j, y in enumerate(inputs)] for end in ends)
        total += max(abs(float(formula(*m)) - value) for m in moved)
    return float(total)
