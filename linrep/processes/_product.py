"""Independent processes side by side, never written out."""

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import jax
import numpy as np
from jaxtyping import Float

from linrep._checks import positive_int, require
from linrep._types import Rational
from linrep.processes._abstract import AbstractProcess
from linrep.processes._combine import product
from linrep.processes._finite import FiniteProcess
from linrep.processes._grouping import grouping
from linrep.processes._merging import merge
from linrep.processes._signs import check_support


@dataclass(frozen=True, init=False)
class ProductProcess(AbstractProcess):
    """Independent processes side by side: an input is a tuple of inputs, a view a tuple of views.

    Nothing is tabulated, so that fifty factors are fine; `product` writes a product of two tables out. The eigenvalues
    of K (unrestricted class) are all products of the factors' eigenvalues.

    Args:
        factors: at least one process.

    Raises:
        InputError: no factor, or something that is no process.

    Source: ours (K of a product is the Kronecker product).

    >>> flip = FiniteProcess([1, 1], [[9, 1], [1, 9]])
    >>> process = ProductProcess([flip] * 50)
    >>> process.n_inputs == 2**50, process.spectrum(3).round(4).tolist()
    (True, [1.0, 0.64, 0.64])
    """

    factors: tuple[AbstractProcess, ...]

    def __init__(self, factors: list[AbstractProcess] | tuple[AbstractProcess, ...]) -> None:
        listed = tuple(factors) if isinstance(factors, Iterable) else ()
        require(
            listed and all(isinstance(factor, AbstractProcess) for factor in listed),
            f"ProductProcess: factors are {[type(f).__name__ for f in listed] or factors!r}, but at least one "
            "process is needed and processes only; pass a list of them.",
        )
        flat = [part for f in listed for part in (f.factors if isinstance(f, ProductProcess) else (f,))]
        object.__setattr__(self, "factors", tuple(flat))

    @property
    def n_inputs(self) -> int | float:
        """Product of the factors' numbers of inputs."""
        return math.prod(factor.n_inputs for factor in self.factors)

    @property
    def has_finite_support(self) -> bool:
        return all(factor.has_finite_support for factor in self.factors)

    @property
    def disjoint(self) -> bool:
        """Whether every factor is disjoint."""
        return all(factor.disjoint for factor in self.factors)

    @property
    def uniform(self) -> bool:
        return all(factor.uniform for factor in self.factors)

    @property
    def identification_error(self) -> Rational:
        """1 - prod (1 - tau): an input is named right where every factor's is."""
        return 1 - math.prod((1 - factor.identification_error for factor in self.factors), start=Fraction(1))

    @property
    def posterior_collision(self) -> Rational:
        """The product of the factors' collision probabilities."""
        return math.prod((factor.posterior_collision for factor in self.factors), start=Fraction(1))

    @property
    def n_components(self) -> int | float:
        """Product of the factors' numbers of components: eigenvalues multiply, and 1 is a product of ones only."""
        return math.prod(factor.n_components for factor in self.factors)

    def spectrum(self, count: int) -> Float[np.ndarray, " count"]:
        """The `count` largest products of the factors' eigenvalues, padded with zeros."""
        count = positive_int(count, owner="ProductProcess.spectrum", name="count")
        cells = merge(grouping(self, self.factors).groups, count)
        listed = np.repeat(cells.values, np.minimum(cells.counts, count).astype(np.int64))[:count]
        return np.concatenate([listed, np.zeros(count - listed.size)])

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent triples; the factors' values are concatenated, one row a triple."""
        n = positive_int(n, owner="ProductProcess.sample_pairs", name="n")
        keys = jax.random.split(key, len(self.factors))
        drawn = [factor.sample_pairs(k, n) for factor, k in zip(self.factors, keys, strict=True)]
        first, second, third = (
            np.concatenate([part.reshape(n, -1) for part in parts], axis=1) for parts in zip(*drawn, strict=True)
        )
        return first, second, third

    def finite(self, levels: int = 8) -> FiniteProcess:
        """The product written out; continuous factors are replaced by `levels` atoms.

        Raises:
            InputError: more than 2^20 pairs of an input and a view.
        """
        tables = [factor.finite(levels) for factor in self.factors]
        check_support(math.prod(table.n_inputs * table.n_views for table in tables), "ProductProcess")
        return functools.reduce(product, tables)
