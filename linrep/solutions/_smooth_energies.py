"""Half-spaces of Gaussian inputs, labels of the circle, and tables over factors, in their eigenbases."""

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.special

from linrep._checks import InputError, require
from linrep._linalg import EPS
from linrep._types import Rational
from linrep.labels import AbstractLabel, FactorTable, Threshold
from linrep.moments._circle import label_modes
from linrep.moments._hermite import halfspace
from linrep.processes import Circle, FiniteProcess, GaussianNoise
from linrep.processes._grouping import Grouping, singular_modes
from linrep.processes._tabulated import AbstractTabulated
from linrep.solutions._energies import AbstractEnergy, Listed, coordinate_energy
from linrep.solutions._levels import Levels

MOST_MODES = 2**20
"""Most Fourier modes that are summed."""


@dataclass(frozen=True, eq=False)
class HalfspaceEnergy(AbstractEnergy):
    """sign(direction . x + offset) of Gaussian x: a_alpha = s_m sqrt(m! / alpha!) direction^alpha with m = |alpha| and
    s_m = E sign(z + offset) He_m(z) / sqrt(m!), so that the degree m has the energy s_m^2."""

    direction: np.ndarray
    offset: float
    square_rho: Rational

    square: Rational = Fraction(1)

    @property
    def mean_seen(self) -> Rational:
        return Fraction(1) if self.square_rho else float(self.series(0)[0] ** 2)

    @property
    def view_seen(self) -> Rational:
        """E sign sign' for two inputs of correlation rho^2: 1 - 8 T(offset, sqrt((1 - rho^2) / (1 + rho^2)))."""
        if math.isinf(self.offset):
            return Fraction(1)
        rho = float(self.square_rho)
        return 1 - 8 * float(scipy.special.owens_t(self.offset, math.sqrt((1 - rho) / (1 + rho))))

    def series(self, highest: int) -> np.ndarray:
        """s_0, …, s_highest: erf(offset / sqrt 2), then 2 density(offset) h_(m-1)(-offset) / sqrt m."""
        values = np.zeros(highest + 1)
        values[0] = math.erf(self.offset / math.sqrt(2))
        if math.isinf(self.offset):
            return values
        density = math.exp(-self.offset * self.offset / 2) / math.sqrt(2 * math.pi)
        before, here = 0.0, 1.0  # normalised Hermite polynomials at -offset
        for m in range(1, highest + 1):
            values[m] = 2 * density * here / math.sqrt(m)
            before, here = here, (-self.offset * here - math.sqrt(m - 1) * before) / math.sqrt(m)
        return values

    def by_level(self, levels: Levels) -> list[Rational]:
        return (self.series(levels.count - 1) ** 2).tolist()

    def coefficients(self, indices: np.ndarray) -> np.ndarray:
        degree = indices.sum(axis=1)
        series = self.series(int(degree.max(initial=0)))
        log_ways = scipy.special.gammaln(degree + 1) - scipy.special.gammaln(indices + 1).sum(axis=1)
        return series[degree] * np.exp(log_ways / 2) * np.prod(self.direction**indices, axis=1)


@dataclass(frozen=True, eq=False)
class CircleEnergy(AbstractEnergy):
    """A label of a point on the circle by its Fourier coefficients f_m: cosine and sine have a^2 + a^2 = 2 |f_m|^2."""

    process: Circle
    label: AbstractLabel
    square: Rational

    @property
    def mean_seen(self) -> Rational:
        return self.square

    @property
    def view_seen(self) -> float:
        """sum exp(-m^2 noise^2) a_m^2, as far as the factor is above eps^2."""
        highest = math.ceil(math.sqrt(-2 * math.log(EPS)) / self.process.noise) + 1
        require(
            highest <= MOST_MODES,
            f"Circle: at noise {self.process.noise:g} the label needs {highest} Fourier modes, but at most "
            f"{MOST_MODES} are summed; use more noise.",
        )
        energies = self._energies(highest)
        return float(np.sum(energies * np.exp(-((np.arange(highest + 1) * self.process.noise) ** 2))))

    def _modes(self, highest: int) -> np.ndarray:
        modes, _ = label_modes(self.label, max(highest, 2))
        return modes[max(highest, 2) :][: highest + 1]

    def _energies(self, highest: int) -> np.ndarray:
        return np.abs(self._modes(highest)) ** 2 * np.where(np.arange(highest + 1) > 0, 2, 1)

    def by_level(self, levels: Levels) -> list[Rational]:
        return self._energies(levels.count - 1).tolist()

    def coefficients(self, indices: np.ndarray) -> np.ndarray:
        mode = (indices[:, 0] + 1) // 2
        found = self._modes(int(mode.max(initial=0)))[mode]
        both = math.sqrt(2) * np.where(indices[:, 0] % 2 == 1, np.real(found), -np.imag(found))
        return np.where(mode == 0, np.real(found), both)


def energy_of(grouping: Grouping, label: AbstractLabel) -> AbstractEnergy:
    """The label in the eigenbasis of the process.

    Raises:
        InputError: no closed form for this label on this process.
    """
    if isinstance(label, FactorTable):
        return _table_energy(grouping, label)
    first = grouping.factors[0]
    alone = len(grouping.factors) == 1
    if alone and isinstance(first, GaussianNoise) and isinstance(label, Threshold):
        half = halfspace(label, first.dim)
        return HalfspaceEnergy(half.direction, half.offset, first.rho**2)
    if alone and isinstance(first, Circle):
        return CircleEnergy(first, label, label_modes(label, 2)[1])
    return coordinate_energy(grouping, label)


def _table_energy(grouping: Grouping, label: FactorTable) -> Listed:
    """Contract the table with the eigenfunctions of each of its factors."""
    coefficients, square = label.values, label.values**2
    modes: list[np.ndarray] = []
    for number in label.factors:
        process = grouping.factors[number] if number < len(grouping.factors) else None
        table = process.finite() if isinstance(process, (FiniteProcess, AbstractTabulated)) else None
        if table is None or table.n_inputs != coefficients.shape[0]:
            raise InputError(
                f"FactorTable: factor {number} is {'missing' if process is None else type(process).__name__} and the "
                f"label lists {coefficients.shape[0]} inputs, but a table of as many inputs is needed; correct it."
            )
        values, left, _ = singular_modes(table)
        modes.append(values)
        # Each contraction moves the first axis to the end, so that all end up in order.
        coefficients = np.tensordot(coefficients, np.sqrt(table.prior)[:, None] * left, axes=(0, 0))
        square = np.tensordot(square, table.prior, axes=(0, 0))
    entries, products = [], []
    for places in itertools.product(*(range(v.size) for v in modes)):
        pairs = [(grouping.offsets[f], mode) for f, mode in zip(label.factors, places, strict=True) if mode]
        entries.append((tuple(sorted(pairs)), float(coefficients[places])))
        products.append(float(np.prod([v[k] for v, k in zip(modes, places, strict=True)])))
    return Listed(tuple(entries), tuple(products), float(square))
