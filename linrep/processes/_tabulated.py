"""Processes that are named families of finite processes: everything is read off their table."""

import abc

import jax
import numpy as np
from jaxtyping import Float

from linrep._checks import InputError
from linrep._types import Rational
from linrep.processes._abstract import AbstractProcess
from linrep.processes._finite import FiniteProcess


class AbstractTabulated(AbstractProcess):
    """A process with a table of moderate size, given by other parameters.

    Source: ours.

    >>> import linrep as lr
    >>> isinstance(lr.processes.Clusters((2, 2), within=3, between=1), AbstractTabulated)
    True
    """

    @property
    @abc.abstractmethod
    def table(self) -> FiniteProcess:
        """The process as prior and channel."""

    @property
    def n_inputs(self) -> int:
        """Number of inputs of positive probability."""
        return self.table.n_inputs

    @property
    def has_finite_support(self) -> bool:
        return True

    @property
    def disjoint(self) -> bool:
        return self.table.disjoint

    @property
    def uniform(self) -> bool:
        return self.table.uniform

    @property
    def identification_error(self) -> Rational:
        return self.table.identification_error

    @property
    def posterior_collision(self) -> Rational:
        return self.table.posterior_collision

    @property
    def n_components(self) -> int:
        return self.table.n_components

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent (input, view, positive view) triples of values."""
        return self.table.sample_pairs(key, n)

    def finite(self, levels: int = 8) -> FiniteProcess:
        """The table; nothing is discretised."""
        return self.table

    def spectrum(self, count: int) -> Float[np.ndarray, " count"]:
        """The `count` largest squared singular values of the normalised channel."""
        return self.table.spectrum(count)


def listed(process: AbstractProcess, owner: str) -> FiniteProcess:
    """The process as a table, if that is what it is; a refusal that names `finite` otherwise."""
    if isinstance(process, AbstractTabulated):
        return process.finite()
    if isinstance(process, FiniteProcess):
        return process
    raise InputError(
        f"{owner}: {type(process).__name__} does not list its inputs and views, but they are summed over; "
        "pass process.finite()."
    )
