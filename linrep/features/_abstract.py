"""What every feature map answers. The feature map is the function class."""

import abc
import math
from fractions import Fraction

import numpy as np
from jaxtyping import Float

from linrep._checks import InputError, require


class AbstractFeatures(abc.ABC):
    """A map phi from view values to R^D; the class is all x -> W.T phi(x) with W of shape (D, d).

    Source: Saunshi et al. (2022), section 4.3 (linear representations of a fixed feature map).

    >>> import linrep as lr
    >>> lr.features.Affine()([[1.0, 2.0]]).tolist()
    [[1.0, 1.0, 2.0]]
    """

    @abc.abstractmethod
    def __call__(self, views: np.ndarray) -> Float[np.ndarray, "n D"]:
        """phi of each view, float64, (n, D)."""

    @abc.abstractmethod
    def exact(self, views: np.ndarray) -> np.ndarray | None:
        """phi of each view as ints or Fractions (object array (n, D)), or None where it is not exactly known."""

    @property
    def name(self) -> str:
        """How the class is written in a table."""
        return type(self).__name__


def view_matrix(views: np.ndarray, owner: str) -> Float[np.ndarray, "n m"]:
    """View values as a float matrix, one row a view; a single column where values are numbers."""
    return number_matrix(views, f"{owner}: view values", "pass numeric `views` or use OneHot")


def number_matrix(values: np.ndarray, what: str, remedy: str) -> Float[np.ndarray, "n m"]:
    """Numbers as a float matrix, one row an entry of the first axis, or a sentence about `what`."""
    try:
        array = np.asarray(values)
        require(array.ndim >= 1, f"{what} are one {type(values).__name__}, but an array of them is needed; {remedy}.")
        # NumPy would read the numbers that texts spell, and drop the imaginary part of complex ones.
        require(array.dtype.kind in "biufO", f"{what} of type {array.dtype} are not real numbers; {remedy}.")
        matrix = array.reshape(array.shape[0], math.prod(array.shape[1:])).astype(np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{what} are not an array of real numbers ({error}); {remedy}.") from error
    require(bool(np.isfinite(matrix).all()), f"{what} are not finite everywhere; {remedy}.")
    return matrix


def exact_view_matrix(views: np.ndarray) -> np.ndarray | None:
    """View values as an object matrix of exact numbers; None where one is a float, whose origin is unknown."""
    array = np.asarray(views)
    known = np.issubdtype(array.dtype, np.integer) or (
        array.dtype == object and all(isinstance(v, (int, Fraction)) for v in array.ravel())
    )
    return array.reshape(array.shape[0], -1).astype(object) if known else None
