"""Numbers with their float error, the indices a theorem may choose from, and what to say where there is no number."""

from typing import NamedTuple

import numpy as np

from linrep._linalg import EPS
from linrep.problems import Problem


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
