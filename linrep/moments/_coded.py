"""Arrays with few different values: integer codes into a short table of exact numbers, each rounded only once."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

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


Key = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class ProductCodes:
    """E prod_i x_i^(e_i) x'_i^(f_i) = prod_i value(e_i, f_i) for coordinates that are independent and alike.

    Args:
        degree: q, the largest power of a coordinate.
        value: the factor of one coordinate; value(0, 0) must be 1.
        key: pairs (e, f) of equal key have equal values.
    """

    degree: int
    value: Callable[[int, int], Rational]
    key: Callable[[int, int], Key]

    def __call__(self, left: np.ndarray, right: np.ndarray) -> Coded:
        """The products for exponents (..., c) and (..., c), which are broadcast: (...).

        Coordinate by coordinate, an entry moves from one multiset of keys to the next; there are few multisets.
        """
        digits, keys, values = self._digits
        codes = np.zeros(np.broadcast_shapes(left.shape[:-1], right.shape[:-1]), dtype=np.int64)
        multisets: list[tuple[int, ...]] = [()]
        for i in range(left.shape[-1]):
            codes = codes * len(keys) + digits[left[..., i], right[..., i]]
            codes, multisets = _advance(codes, multisets, len(keys))
        return Coded(codes, [math.prod((values[k] for k in m), start=Fraction(1)) for m in multisets])

    @functools.cached_property
    def _digits(self) -> tuple[np.ndarray, list[Key], list[Rational]]:
        """The number of the key of each pair (e, f); key 0 is that of (0, 0)."""
        pairs = [(e, f) for e in range(self.degree + 1) for f in range(self.degree + 1)]
        named = {self.key(e, f): (e, f) for e, f in pairs}
        number = {key: k for k, key in enumerate(named)}
        digits = np.zeros((self.degree + 1, self.degree + 1), dtype=np.int64)
        for e, f in pairs:
            digits[e, f] = number[self.key(e, f)]
        return digits, list(named), [self.value(e, f) for e, f in named.values()]


def _advance(
    codes: np.ndarray, multisets: list[tuple[int, ...]], count: int
) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """Codes old * count + key, renumbered by the multiset that each stands for; key 0 adds nothing."""
    present = np.zeros(len(multisets) * count, dtype=bool)
    present[codes] = True
    places: dict[tuple[int, ...], int] = {}
    renumber = np.zeros(present.size, dtype=np.int64)
    for code in np.flatnonzero(present):
        old, key = divmod(int(code), count)
        grown = tuple(sorted((*multisets[old], key))) if key else multisets[old]
        renumber[code] = places.setdefault(grown, len(places))
    return renumber[codes], list(places)
