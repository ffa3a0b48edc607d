"""What every feature map answers. The feature map is the function class."""

import abc
import math

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
    array = np.asarray(views)
    try:
        matrix = array.reshape(array.shape[0], math.prod(array.shape[1:])).astype(np.float64)
    except (TypeError, ValueError) as error:
        raise InputError(
            f"{owner}: view values of type {array.dtype} are not numbers; pass numeric `views` or use OneHot."
        ) from error
    require(
        bool(np.isfinite(matrix).all()), f"{owner}: a view value is not finite; correct the `views` of the process."
    )
    return matrix


def exact_view_matrix(views: np.ndarray) -> np.ndarray | None:
    """View values as an object matrix of exact numbers; None for floats, whose origin is unknown."""
    array = np.asarray(views)
    if np.issubdtype(array.dtype, np.integer) or array.dtype == object:
        return array.reshape(array.shape[0], -1).astype(object)
    return None
