"""Polynomial features: monomials up to a degree, multilinear or full."""

import itertools
import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from linrep._checks import positive_int, require
from linrep.features._abstract import AbstractFeatures, exact_view_matrix, view_matrix

LARGEST_TABLE = 2**27
"""Most entries (n times D) of a feature table that is formed in memory: one gigabyte of float64."""


@dataclass(frozen=True)
class Polynomial(AbstractFeatures):
    """All monomials of the view's coordinates of total degree at most `degree`, the constant first.

    Args:
        degree: q >= 1.
        kind: "multilinear" (each coordinate at most once: D = sum_{j<=q} binom(m, j)) or "full" (D = binom(m+q, q)).

    Monomials are ordered by degree, then lexicographically by their coordinates.

    Raises:
        InputError: a degree below 1, an unknown kind, or a table of more than 2^27 entries.

    Source: ours (the capacity family of the hypercube example).

    >>> Polynomial(degree=2)([[2, 3, 5]]).tolist()
    [[1.0, 2.0, 3.0, 5.0, 6.0, 10.0, 15.0]]
    >>> Polynomial(degree=2, kind="full").dim(3)
    10
    """

    degree: int
    kind: Literal["multilinear", "full"] = "multilinear"

    def __post_init__(self) -> None:
        positive_int(self.degree, owner="Polynomial", name="degree")
        require(
            self.kind in ("multilinear", "full"),
            f"Polynomial: kind is {self.kind!r}, but it must be 'multilinear' or 'full'; choose one of them.",
        )

    @property
    def name(self) -> str:
        return f"Polynomial({self.degree}, {self.kind})"

    def dim(self, coordinates: int) -> int:
        """Number D of monomials in `coordinates` variables."""
        if self.kind == "full":
            return math.comb(coordinates + self.degree, self.degree)
        return sum(math.comb(coordinates, j) for j in range(self.degree + 1))

    def monomials(self, coordinates: int) -> list[tuple[int, ...]]:
        """The coordinates multiplied in each monomial, sorted, repeated for powers; the order of the features."""
        choose = itertools.combinations if self.kind == "multilinear" else itertools.combinations_with_replacement
        return [m for j in range(self.degree + 1) for m in choose(range(coordinates), j)]

    def __call__(self, views: np.ndarray) -> Float[np.ndarray, "n D"]:
        return self._evaluate(view_matrix(views, "Polynomial"))

    def exact(self, views: np.ndarray) -> np.ndarray | None:
        values = exact_view_matrix(views)
        return None if values is None else self._evaluate(values)

    def _evaluate(self, values: np.ndarray) -> np.ndarray:
        """Each monomial of degree j is a monomial of degree j - 1 times one coordinate."""
        n, m = values.shape
        require(
            n * self.dim(m) <= LARGEST_TABLE,
            f"Polynomial: {self.dim(m)} monomials of {n} views would need {n * self.dim(m)} numbers, but at most "
            f"{LARGEST_TABLE} are formed; lower the degree or use a process with a closed form.",
        )
        names = self.monomials(m)
        place = {name: i for i, name in enumerate(names)}
        table = np.empty((n, len(names)), dtype=values.dtype)
        table[:, 0] = 1
        for i, name in enumerate(names[1:], start=1):
            table[:, i] = table[:, place[name[:-1]]] * values[:, name[-1]]
        return table
