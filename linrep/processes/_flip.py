"""Flip noise on the hypercube: each coordinate of the input is kept or changes its sign."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import jax
import numpy as np
from jaxtyping import Float

from linrep._checks import generator, positive_int, require
from linrep._types import Rational
from linrep.processes._abstract import AbstractProcess
from linrep.processes._finite import FiniteProcess
from linrep.processes._laws import number
from linrep.processes._signs import (
    check_support,
    distinct_coordinates,
    integer_weights,
    largest_products,
    sign_patterns,
)


@dataclass(frozen=True)
class HypercubeFlip(AbstractProcess):
    """Inputs uniform on {-1, +1}^D; a view keeps each coordinate with probability `keep`, else flips its sign.

    Args:
        dim: D, the number of coordinates.
        keep: a probability, or one for each coordinate; exact for integers and Fractions.

    With rho = 2 keep - 1 the eigenfunctions of K (unrestricted class) are the parities chi_S, with eigenvalues
    kappa_S = prod_{i in S} rho_i^2.

    Raises:
        InputError: a size below 1, a probability outside [0, 1], or not one for each coordinate.

    Source: ours (O'Donnell 2014, section 2.4, for the noise operator).

    >>> HypercubeFlip(dim=50, keep=0.9).spectrum(3).round(4).tolist()
    [1.0, 0.64, 0.64]
    >>> HypercubeFlip(dim=2, keep=(1, Fraction(3, 4))).rho
    (Fraction(1, 1), Fraction(1, 2))
    """

    dim: int
    keep: Rational | tuple[Rational, ...]

    def __post_init__(self) -> None:
        positive_int(self.dim, owner="HypercubeFlip", name="dim")
        several = isinstance(self.keep, (tuple, list)) or (isinstance(self.keep, np.ndarray) and self.keep.ndim > 0)
        values = list(self.keep) if several else [self.keep]  # pyright: ignore[reportArgumentType]
        require(
            not several or len(values) == self.dim,
            f"HypercubeFlip: {len(values)} probabilities were given for {self.dim} coordinates; pass one, or one for "
            "each.",
        )
        checked = tuple(number(v, owner="HypercubeFlip", name="keep") for v in values)
        bad = [v for v in checked if not 0 <= v <= 1]
        require(
            not bad, f"HypercubeFlip: keep is {bad[0] if bad else 0}, but it must lie in [0, 1]; pass a probability."
        )
        object.__setattr__(self, "keep", checked if several else checked[0])

    @property
    def keeps(self) -> tuple[Rational, ...]:
        """The probability of keeping each coordinate, D numbers."""
        return self.keep if isinstance(self.keep, tuple) else (self.keep,) * self.dim

    @property
    def rho(self) -> Rational | tuple[Rational, ...]:
        """2 keep - 1 in [-1, 1]: one number, or one for each coordinate, as `keep` was given."""
        return self.rhos if isinstance(self.keep, tuple) else 2 * self.keep - 1

    @property
    def rhos(self) -> tuple[Rational, ...]:
        """2 keep - 1 of each coordinate, D numbers."""
        return tuple(2 * k - 1 for k in self.keeps)

    @property
    def n_inputs(self) -> int:
        """2^D."""
        return 2**self.dim

    @property
    def has_finite_support(self) -> bool:
        return True

    @property
    def disjoint(self) -> bool:
        """Whether every coordinate is always kept or always flipped."""
        return all(k in (0, 1) for k in self.keeps)

    @property
    def uniform(self) -> bool:
        return True

    @property
    def identification_error(self) -> Rational:
        """1 - prod_i max(keep_i, 1 - keep_i)."""
        return 1 - math.prod((max(k, 1 - k) for k in self.keeps), start=Fraction(1))

    @property
    def posterior_collision(self) -> Rational:
        """prod_i (keep_i^2 + (1 - keep_i)^2)."""
        return math.prod((k * k + (1 - k) * (1 - k) for k in self.keeps), start=Fraction(1))

    @property
    def n_components(self) -> int:
        """2 to the number of coordinates that are always kept or always flipped."""
        return 2 ** sum(k in (0, 1) for k in self.keeps)

    def spectrum(self, count: int) -> Float[np.ndarray, " count"]:
        """The `count` largest prod_{i in S} rho_i^2 over the 2^D subsets S, by best-first search."""
        count = positive_int(count, owner="HypercubeFlip.spectrum", name="count")
        return largest_products([float(r * r) for r in self.rhos], count)

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent triples of sign vectors, each (n, D)."""
        rng, n = generator(key), positive_int(n, owner="HypercubeFlip.sample_pairs", name="n")
        inputs = rng.integers(0, 2, size=(n, self.dim), dtype=np.int8) * np.int8(2) - np.int8(1)
        keeps = np.array([float(k) for k in self.keeps])
        first, second = (np.where(rng.random((n, self.dim)) < keeps, inputs, -inputs) for _ in range(2))
        return inputs, first, second

    def finite(self, levels: int = 8) -> FiniteProcess:
        """The process as tables: all sign patterns as inputs and as views.

        Raises:
            InputError: more than 2^20 pairs of an input and a view (D > 10).
        """
        check_support(4**self.dim, "HypercubeFlip")
        exact = all(isinstance(k, Fraction) for k in self.keeps)
        channel = np.ones((1, 1), dtype=object if exact else np.float64)
        for k in self.keeps:
            kept, flipped = integer_weights([k, 1 - k])
            channel = np.kron(channel, np.array([[kept, flipped], [flipped, kept]]))
        patterns = sign_patterns(self.dim)
        return FiniteProcess(np.ones(2**self.dim, dtype=int), channel, patterns, patterns)

    def project(self, coordinates: Sequence[int]) -> "HypercubeFlip":
        """The process of some coordinates only, in increasing order.

        >>> HypercubeFlip(dim=50, keep=Fraction(9, 10)).project([3, 7]).dim
        2
        """
        chosen = distinct_coordinates(coordinates, self.dim, "HypercubeFlip")
        keep = tuple(self.keep[i] for i in chosen) if isinstance(self.keep, tuple) else self.keep
        return HypercubeFlip(len(chosen), keep)
