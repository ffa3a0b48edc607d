"""Minimisers of the unrestricted class where the spectrum is a product: 2^50 eigenfunctions, none written out."""

import functools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from jaxtyping import Float

from linrep._checks import InputError, positive_int, require
from linrep._types import Rational, Readout
from linrep.labels import as_label
from linrep.processes import AbstractProcess, ProductProcess
from linrep.processes._grouping import grouping
from linrep.solutions._energies import AbstractEnergy
from linrep.solutions._levels import Levels, leading_levels
from linrep.solutions._ranges import RiskRange, Tie
from linrep.solutions._smooth_energies import energy_of

LARGEST_LIST = 2**24
"""Most eigenvalues or multi-indices that are written out."""

EXACT_SUM = 4096
"""Most distinct eigenvalues that are added up in Fractions; longer sums are rounded once, with math.fsum."""


@dataclass(frozen=True, eq=False)
class StructuredSolution:
    """All minimisers of the spectral loss over functions f: views -> R^d, on a process with closed-form spectrum.

    Eigenfunctions are named by multi-indices: the number of a mode for each coordinate (a sign: 0 or 1; a Gaussian
    coordinate: the degree; a circle: 0, then cosine and sine of each frequency; a table: its singular vectors in
    order), 0 being the constant. Numbers are Fractions where the process is exactly known.

    Attributes:
        process: the process.
        dim: d.
        levels: the distinct eigenvalues down to the one below the cut.
        energy: the label in the eigenbasis, or None.

    Source: theory P2 to P4, I2 to I4.

    >>> import linrep as lr
    >>> s = structured(lr.processes.HypercubeFlip(dim=50, keep=Fraction(9, 10)), dim=2**40)
    >>> s.tie.size, s.tie.value == Fraction(16, 25) ** 14, s.rank == 2**50
    (937845656300, True, True)
    """

    process: AbstractProcess
    dim: int
    levels: Levels
    energy: AbstractEnergy | None

    @property
    def exact(self) -> bool:
        """Whether eigenvalues are Fractions and ties are decided, not found within an error."""
        return self.levels.exact

    @property
    def rank(self) -> int | float:
        """Rank of Sigma, the number of views; `math.inf` on a continuum."""
        return math.prod(group.size for group in self.levels.grouping.groups)

    @property
    def n_positive(self) -> int | float:
        """Number of positive eigenvalues; `math.inf` on a continuum."""
        return math.prod(group.rank for group in self.levels.grouping.groups)

    @property
    def distinct(self) -> list[tuple[Rational, int]]:
        """The distinct eigenvalues down to the one below the cut, each with its exact multiplicity."""
        return [(self.levels.value(k), m) for k, m in enumerate(self.levels.multiplicities)]

    @property
    def eigenvalues(self) -> Float[np.ndarray, " count"]:
        """All listed eigenvalues, descending; at least the first d, and the whole tied group, if they can be listed."""
        total = self.levels.ends[-1]
        require(
            total <= LARGEST_LIST,
            f"StructuredSolution: {total} eigenvalues would be written out, but at most {LARGEST_LIST} are; read "
            "`distinct`, which lists each once.",
        )
        return np.repeat(self.levels.floats, self.levels.multiplicities)

    def multi_indices(self, count: int | None = None) -> np.ndarray:
        """The first `count` (default d) eigenfunctions as multi-indices, (count, coordinates)."""
        count = min(self.dim if count is None else count, self.levels.ends[-1])
        require(
            count * self.levels.grouping.width <= 64 * LARGEST_LIST,
            f"StructuredSolution: {count} multi-indices were asked for, which would fill the memory; ask for fewer.",
        )
        return self.levels.indices(count)

    @functools.cached_property
    def _cut(self) -> tuple[int, int, int]:
        """Level of the d-th eigenvalue, how many places it gets and how many eigenfunctions it has."""
        ends = self.levels.ends
        level = int(np.searchsorted(np.array(ends, dtype=object), self.dim))
        if level >= self.levels.count:
            return level, 0, 0
        size = self.levels.multiplicities[level]
        return level, self.dim - (ends[level] - size), size

    @property
    def tie(self) -> Tie | None:
        """The tie at the cut, or None where the span of the minimisers is unique."""
        level, kept, size = self._cut
        return Tie(size, kept, self.levels.value(level)) if kept < size else None  # pyright: ignore[reportArgumentType]

    @property
    def gap(self) -> Rational:
        """kappa_d - kappa_{d+1}, 0 in a tie."""
        level, kept, size = self._cut
        if kept < size:
            return Fraction(0)
        here, below = (self.levels.value(k) if k < self.levels.count else Fraction(0) for k in (level, level + 1))
        return here - below if size else Fraction(0)

    @functools.cached_property
    def loss(self) -> Rational:
        """The minimum of the loss, -sum of the squares of the d largest eigenvalues."""
        level, kept, _ = self._cut
        counts = [*self.levels.multiplicities[:level], kept][: self.levels.count]
        if self.exact and len(counts) <= EXACT_SUM:
            return -sum((m * self.levels.value(k) ** 2 for k, m in enumerate(counts)), Fraction(0))
        return -math.fsum(m * v * v for m, v in zip(counts, self.levels.floats.tolist(), strict=False))

    @property
    def best_mean_risk(self) -> Rational:
        """R̄_min = E label^2 - sum of a^2 over positive eigenvalues."""
        energy = self._labelled()
        return energy.square - energy.mean_seen

    @property
    def best_augmented_risk(self) -> Rational:
        """R_min = E label^2 - sum of c^2 = E label^2 - sum of kappa a^2."""
        energy = self._labelled()
        return energy.square - energy.view_seen

    def means(self, count: int | None = None) -> Float[np.ndarray, " count"]:
        """a_i of the first `count` eigenfunctions: the label seen through mean features."""
        return self._labelled().coefficients(self.multi_indices(count))

    def cross(self, count: int | None = None) -> Float[np.ndarray, " count"]:
        """c_i = sqrt(kappa_i) a_i of the first `count` eigenfunctions: the label seen through one view."""
        found = self.means(count)
        sizes = np.minimum(np.array(self.levels.multiplicities, dtype=object), found.size).astype(np.int64)
        return np.sqrt(np.repeat(self.levels.floats, sizes)[: found.size]) * found

    def risk_range(self, readout: Readout) -> RiskRange:
        """(lowest, average, highest) regression risk over all minimisers.

        Args:
            readout: "augmented" (predict from one view) or "mean" (from the mean over views).

        Raises:
            InputError: no labels, or an unknown readout.

        Source: theory I3, I4.
        """
        require(
            readout in ("augmented", "mean"),
            f"risk_range: readout is {readout!r}, but it must be 'augmented' or 'mean'; choose one of them.",
        )
        square, energies = self._labelled().square, self._energies
        level, kept, size = self._cut
        if readout == "augmented":
            seen = [e * self.levels.value(k) if e else e for k, e in enumerate(energies[: level + 1])]
        else:
            seen = energies[: level + 1]
        fixed = square - sum(seen[:level], Fraction(0))
        tied = seen[level] if size else Fraction(0)
        # One output fills one dimension of the tied group: all of it is kept, or none if there is room to avoid it.
        share = Fraction(kept, size) if size else Fraction(0)
        return RiskRange(fixed - tied, fixed - share * tied, fixed if kept < size else fixed - tied)  # pyright: ignore[reportArgumentType]

    @functools.cached_property
    def _energies(self) -> list[Rational]:
        return self._labelled().by_level(self.levels)

    def _labelled(self) -> AbstractEnergy:
        if self.energy is None:
            raise InputError(
                "StructuredSolution: it was computed without labels, but a risk needs them; pass `labels` to solve."
            )
        return self.energy


def structured(process: AbstractProcess, *, dim: int, labels: Any = None) -> StructuredSolution:
    """All minimisers of the unrestricted class where the eigenvalues of K are products of few known numbers.

    On `HypercubeFlip`, `GaussianNoise`, `Circle`, tables, and `ProductProcess` of any of them. The largest eigenvalues
    come from merging sorted lists, so the cost depends on the number of distinct ones above the cut, not on 2^D.

    Args:
        process: the process.
        dim: d >= 1, as large as you like.
        labels: Coordinate, Linear, Parity, Multilinear or Threshold where inputs are signs (a threshold of at most 22
            unequal weights), Gaussian or on the circle; FactorTable on a product of tables.

    Raises:
        InputError: a process without closed-form spectrum, or a label without closed form there.

    Source: theory P2 to P4 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeFlip(dim=50, keep=Fraction(9, 10))
    >>> s = structured(p, dim=26, labels=lr.labels.Coordinate(49))
    >>> s.tie, s.risk_range("mean").average
    (Tie(size=50, kept=25, value=Fraction(16, 25)), Fraction(1, 2))
    """
    dim = positive_int(dim, owner="solve", name="dim")
    found = grouping(process, process.factors if isinstance(process, ProductProcess) else None)
    levels = leading_levels(found, dim)
    energy = None if labels is None else energy_of(found, as_label(labels, process))
    return StructuredSolution(process, dim, levels, energy)
