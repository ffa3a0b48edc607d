"""Arrays with few different values: integer codes into a short table of exact numbers, each rounded only once."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linrep._checks import require
from linrep._types import Rational


@dataclass(frozen=True, eq=False)
class Coded:
    """An array of numbers given as `table[codes]`; the table holds Fractions where they are exactly known."""

    codes: np.ndarray
    table: list[Rational]

    def floats(self) -> np.ndarray:
        """The numbers in float64, each rounded once."""
        return np.array([float(v) for v in self.table])[self.codes]

    def exact(self) -> np.ndarray:
        """The numbers as they are, an object array."""
        values = np.empty(len(self.table), dtype=object)
        values[:] = self.table
        return values[self.codes]

    @property
    def is_exact(self) -> bool:
        """Whether every number is a Fraction."""
        return all(isinstance(v, Fraction) for v in self.table)

    def __getitem__(self, members: np.ndarray) -> "Coded":
        codes = self.codes[members]
        used, places = np.unique(codes, return_inverse=True)
        return Coded(places.reshape(codes.shape), [self.table[k] for k in used])

    def outer(self) -> "Coded":
        """The products of all pairs, (b, b)."""
        size = len(self.table)
        return Coded(self.codes[:, None] * size + self.codes[None, :], [a * b for a in self.table for b in self.table])

    def squares(self) -> "Coded":
        """The squares of all entries."""
        return Coded(self.codes, [v * v for v in self.table])


@dataclass(frozen=True, eq=False)
class ProductCodes:
    """E prod_i x_i^(e_i) x'_i^(f_i) = prod_i value(e_i, f_i) for coordinates that are independent and alike.

    Args:
        degree: q, the largest total of the e_i, and of the f_i.
        value: the factor of one coordinate; value(0, 0) must be 1.
        key: pairs (e, f) of equal key have equal values; keys carry e + f as their first entry.
    """

    degree: int
    value: Callable[[int, int], Rational]
    key: Callable[[int, int], tuple[int, ...]]

    def __call__(self, left: np.ndarray, right: np.ndarray) -> Coded:
        """The products for exponents (..., c) and (..., c), which are broadcast: (...)."""
        digits, radices, values = self._digits
        codes = np.zeros(np.broadcast_shapes(left.shape[:-1], right.shape[:-1]), dtype=np.int64)
        for i in range(left.shape[-1]):
            codes += digits[left[..., i], right[..., i]]
        unique, places = np.unique(codes, return_inverse=True)
        return Coded(places.reshape(codes.shape), [_decode(int(code), radices, values) for code in unique])

    @functools.cached_property
    def _digits(self) -> tuple[np.ndarray, list[int], list[Rational]]:
        """A mixed-radix number counts how many coordinates have each key: the place value of every pair (e, f)."""
        pairs = [(e, f) for e in range(self.degree + 1) for f in range(self.degree + 1) if e + f]
        named = {self.key(e, f): (e, f) for e, f in pairs}
        radices = [2 * self.degree // key[0] + 1 for key in named]
        require(
            math.prod(radices) < 2**62,
            f"moments: degree {self.degree} is too high for this closed form; pass a lower degree.",
        )
        place = {key: math.prod(radices[:k]) for k, key in enumerate(named)}
        digits = np.zeros((self.degree + 1, self.degree + 1), dtype=np.int64)
        for e, f in pairs:
            digits[e, f] = place[self.key(e, f)]
        return digits, radices, [self.value(e, f) for e, f in named.values()]


def _decode(code: int, radices: list[int], values: list[Rational]) -> Rational:
    product: Rational = Fraction(1)
    for radix, value in zip(radices, values, strict=True):
        code, count = divmod(code, radix)
        product = product * value**count if count else product
    return product
