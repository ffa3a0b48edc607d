"""What every label answers: targets for regression, exactly where they are known."""

import abc
from fractions import Fraction
from typing import Literal, TypeAlias

import numpy as np

Kind: TypeAlias = Literal["sign", "real", "classes"]
"""Values -1 and +1, real numbers, or class numbers."""


class AbstractLabel(abc.ABC):
    """A function of the natural input.

    Source: ours.

    >>> import linrep as lr
    >>> lr.labels.Coordinate(0).targets([[1.0, -1.0], [-1.0, 1.0]]).tolist()
    [1.0, -1.0]
    """

    @property
    @abc.abstractmethod
    def kind(self) -> Kind:
        """ "sign" (values -1 and +1), "real", or "classes" (one-hot targets)."""

    @abc.abstractmethod
    def exact(self, inputs: np.ndarray) -> np.ndarray | None:
        """The targets as ints or Fractions (object array), or None where they are not exactly known."""

    @abc.abstractmethod
    def targets(self, inputs: np.ndarray) -> np.ndarray:
        """What a regression predicts: (n_bar,) numbers, or (n_bar, r) for several outputs or r classes (one-hot)."""


def is_exact(array: np.ndarray) -> bool:
    """Whether an array holds integers and Fractions only."""
    if array.dtype == object:
        return all(isinstance(v, (int, Fraction)) for v in array.ravel())
    return np.issubdtype(array.dtype, np.integer)
