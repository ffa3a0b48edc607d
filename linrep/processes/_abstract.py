"""What every augmentation process answers."""

import abc
from typing import TYPE_CHECKING

import jax
import numpy as np

from linrep._types import Rational

if TYPE_CHECKING:
    from linrep.processes._finite import FiniteProcess


class AbstractProcess(abc.ABC):
    """A law of natural inputs and a channel from an input to its views.

    A positive pair is two independent views of one input. Concrete processes are immutable and final.

    Source: the set-up of Saunshi et al. (2022), section 2.

    >>> import linrep as lr
    >>> isinstance(lr.processes.HypercubeFlip(dim=3, keep=0.9), lr.processes.AbstractProcess)
    True
    """

    @property
    @abc.abstractmethod
    def n_inputs(self) -> int | float:
        """Number N of natural inputs; `math.inf` where they are a continuum."""

    @property
    @abc.abstractmethod
    def has_finite_support(self) -> bool:
        """Whether inputs and views are finitely many, so that `finite()` is the process itself."""

    @property
    @abc.abstractmethod
    def disjoint(self) -> bool:
        """Whether the supports of different inputs never meet, decided exactly."""

    @property
    @abc.abstractmethod
    def uniform(self) -> bool:
        """Whether the inputs are finitely many and equally likely, decided exactly."""

    @property
    @abc.abstractmethod
    def identification_error(self) -> Rational:
        """tau = 1 - E_x max P(input | x), the Bayes error of naming the input from one view, in [0, 1]."""

    @property
    @abc.abstractmethod
    def posterior_collision(self) -> Rational:
        """theta = E_x sum over inputs of P(input | x)^2, in [0, 1]."""

    @property
    @abc.abstractmethod
    def n_components(self) -> int | float:
        """Connected components of the augmentation graph: how often 1 is an eigenvalue of the unrestricted class."""

    @abc.abstractmethod
    def spectrum(self, count: int) -> np.ndarray:
        """The `count` largest eigenvalues of K for the unrestricted class, descending, (count,), padded with zeros."""

    @abc.abstractmethod
    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent (input, view, positive view) triples, each (n, ...)."""

    @abc.abstractmethod
    def finite(self, levels: int = 8) -> "FiniteProcess":
        """The same process as tables; continuous laws are replaced by `levels` atoms. Errors when too large."""
