"""Monomials as arrays: the powers of each, and the set of coordinates that occur to an odd power."""

import functools
from dataclasses import dataclass

import numpy as np

from linrep._checks import require
from linrep.features import AbstractFeatures, Affine, Linear, Polynomial

LARGEST_COUNT = 2**21
"""Most monomials of which closed-form moments are formed."""


@dataclass(frozen=True, eq=False)
class Monomials:
    """N monomials in `dim` variables, in the order of the features.

    Attributes:
        dim: number of variables.
        degree: q, the largest total degree.
        runs: (N, q) the different coordinates of each monomial, increasing, -1 beyond the last.
        powers: (N, q) their powers, 0 beyond the last.
        odd: (N,) for each monomial, which of `odd_sets` its odd powers form.
        odd_sets: the different sets of coordinates with odd powers, sorted tuples.
    """

    dim: int
    degree: int
    runs: np.ndarray
    powers: np.ndarray
    odd: np.ndarray
    odd_sets: list[tuple[int, ...]]

    @property
    def count(self) -> int:
        """N."""
        return self.runs.shape[0]

    @functools.cached_property
    def grouped(self) -> tuple[np.ndarray, list[np.ndarray]]:
        """Monomials alone in their odd set, and the larger groups that share one: the blocks of Sigma."""
        order = np.argsort(self.odd, kind="stable")
        sizes = np.bincount(self.odd, minlength=len(self.odd_sets))
        starts = np.concatenate([[0], np.cumsum(sizes)])
        groups = [order[starts[k] : starts[k + 1]] for k in np.flatnonzero(sizes > 1)]
        return np.sort(order[starts[:-1][sizes == 1]]), groups

    def exponents(self, members: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Powers of some monomials as a dense table (b, c), and the c coordinates that occur in them."""
        runs, powers = self.runs[members], self.powers[members]
        coordinates = np.unique(runs[runs >= 0])
        table = np.zeros((len(members), coordinates.size), dtype=np.int64)
        rows, columns = np.nonzero(runs >= 0)
        table[rows, np.searchsorted(coordinates, runs[rows, columns])] = powers[rows, columns]
        return table, coordinates


def monomials(features: AbstractFeatures, dim: int) -> Monomials | None:
    """The monomials that features are made of, or None for features of another kind."""
    if isinstance(features, Polynomial):
        count, polynomial = features.dim(dim), features
    elif isinstance(features, (Linear, Affine)):
        count, polynomial = dim + 1, Polynomial(degree=1)
    else:
        return None
    require(
        count <= LARGEST_COUNT,
        f"moments: {features.name} has {count} features on {dim} coordinates, but closed forms list at most "
        f"{LARGEST_COUNT}; lower the degree.",
    )
    names = polynomial.monomials(dim)
    return _from_names(names[1:] if isinstance(features, Linear) else names, dim, polynomial.degree)


def _from_names(names: list[tuple[int, ...]], dim: int, degree: int) -> Monomials:
    factors = np.full((len(names), degree), -1, dtype=np.int64)
    lengths = np.array([len(name) for name in names])
    for length in range(1, degree + 1):
        chosen = lengths == length
        factors[chosen, :length] = np.array([n for n in names if len(n) == length], dtype=np.int64).reshape(-1, length)
    runs, powers = np.full_like(factors, -1), np.zeros_like(factors)
    new = np.concatenate([np.ones((len(names), 1), dtype=bool), factors[:, 1:] != factors[:, :-1]], axis=1)
    place = np.cumsum(new, axis=1) - 1
    for column in range(degree):
        rows = np.flatnonzero(factors[:, column] >= 0)
        runs[rows, place[rows, column]] = factors[rows, column]
        powers[rows, place[rows, column]] += 1
    odd, odd_sets = _odd_sets(runs, powers, dim)
    return Monomials(dim, degree, runs, powers, odd, odd_sets)


def _odd_sets(runs: np.ndarray, powers: np.ndarray, dim: int) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """Numbers of the odd sets: the coordinates of odd power read as digits in base dim + 1."""
    kind = np.int64 if (dim + 1) ** runs.shape[1] < 2**62 else object
    codes = np.zeros(runs.shape[0], dtype=kind)
    for column in range(runs.shape[1]):
        is_odd = powers[:, column] % 2 == 1
        codes[is_odd] = codes[is_odd] * (dim + 1) + (runs[is_odd, column] + 1)
    _, first, odd = np.unique(codes, return_index=True, return_inverse=True)
    sets = [tuple(int(c) for c, p in zip(runs[i], powers[i], strict=True) if p % 2) for i in first]
    return odd.reshape(-1), sets
