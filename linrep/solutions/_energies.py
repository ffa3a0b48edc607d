"""How much of a label each eigenvalue of a closed-form process sees: sums of squares of its coefficients."""

import abc
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linrep._checks import InputError, require
from linrep._types import Rational
from linrep.labels import AbstractLabel, Threshold
from linrep.moments._walsh import LARGEST_ENUMERATION, multilinear, threshold_signs, walsh, walsh_transform, weights_of
from linrep.processes import GaussianNoise, HypercubeFlip
from linrep.processes._grouping import Grouping
from linrep.processes._laws import number
from linrep.solutions._levels import Levels

Entry = tuple[tuple[tuple[int, int], ...], Rational]
"""The (coordinate, mode) pairs of an eigenfunction that are not constant, and the label's coefficient a."""


class AbstractEnergy(abc.ABC):
    """A label in the eigenbasis: a_S = E[label psi_S(input)] with orthonormal psi_S, the constant first."""

    square: Rational
    """E label^2."""

    @property
    @abc.abstractmethod
    def mean_seen(self) -> Rational:
        """The sum of a^2 over positive eigenvalues: what the best predictor from mean features explains."""

    @property
    @abc.abstractmethod
    def view_seen(self) -> Rational:
        """The sum of kappa a^2: what the best predictor from one view explains."""

    @abc.abstractmethod
    def by_level(self, levels: Levels) -> list[Rational]:
        """The sum of a^2 over each listed eigenvalue."""

    @abc.abstractmethod
    def coefficients(self, indices: np.ndarray) -> np.ndarray:
        """a of each multi-index, (count, width) to (count,)."""


@dataclass(frozen=True, eq=False)
class Listed(AbstractEnergy):
    """A label with few coefficients, one by one."""

    entries: tuple[Entry, ...]
    values: tuple[Rational, ...]
    square: Rational

    @property
    def mean_seen(self) -> Rational:
        return sum((a * a for (_, a), v in zip(self.entries, self.values, strict=True) if v), Fraction(0))

    @property
    def view_seen(self) -> Rational:
        return sum((v * a * a for (_, a), v in zip(self.entries, self.values, strict=True)), Fraction(0))

    def by_level(self, levels: Levels) -> list[Rational]:
        found: list[Rational] = [Fraction(0)] * levels.count
        floats = np.array([float(v) for v in self.values])
        for (_, a), level in zip(self.entries, levels.locate(floats, lambda i: self.values[i]), strict=True):
            if level >= 0:
                found[level] += a * a
        return found

    def coefficients(self, indices: np.ndarray) -> np.ndarray:
        known = {pairs: float(a) for pairs, a in self.entries}
        rows = (tuple((int(c), int(row[c])) for c in np.flatnonzero(row)) for row in indices)
        return np.array([known.get(row, 0.0) for row in rows])


@dataclass(frozen=True, eq=False)
class Enumerated(AbstractEnergy):
    """A sign of few coordinates: its 2^k Walsh coefficients, whole numbers over 2^k; the last coordinate fastest."""

    support: tuple[int, ...]
    factors: tuple[Rational, ...]
    table: np.ndarray
    square: Rational = Fraction(1)

    @property
    def _squares(self) -> np.ndarray:
        return self.table * self.table  # they sum to 4^k, at most 2^44

    def _total(self, factors: Sequence[Rational]) -> Rational:
        """The sum over subsets of a^2 times the product of the factors, one coordinate after the other."""
        sums = self._squares.astype(object if all(isinstance(f, Fraction) for f in factors) else np.float64)
        scale = self.table.size**2
        for factor in factors:
            top, bottom = factor.as_integer_ratio() if sums.dtype == object else (factor, 1)
            half = sums.size // 2
            sums, scale = sums[:half] * bottom + sums[half:] * top, scale * bottom  # pyright: ignore[reportOperatorIssue]
        return Fraction(sums[0], scale) if sums.dtype == object else float(sums[0] / scale)

    @property
    def mean_seen(self) -> Rational:
        return self._total([Fraction(int(f != 0)) for f in self.factors])

    @property
    def view_seen(self) -> Rational:
        return self._total(self.factors)

    def by_level(self, levels: Levels) -> list[Rational]:
        values = np.ones(1)
        for factor in self.factors:
            values = np.stack([values, values * float(factor)], axis=1).ravel()
        where = levels.locate(values, self._value)
        where[values == 0] = -1
        sums = np.bincount(where + 1, self._squares.astype(np.float64), minlength=levels.count + 1)  # below 2^53
        return [Fraction(int(s), self.table.size**2) for s in sums[1:]]

    def _value(self, subset: int) -> Rational:
        bits = [(subset >> (len(self.factors) - 1 - i)) & 1 for i in range(len(self.factors))]
        return math.prod((f for f, bit in zip(self.factors, bits, strict=True) if bit), start=Fraction(1))

    def coefficients(self, indices: np.ndarray) -> np.ndarray:
        places = 1 << np.arange(len(self.support))[::-1]
        inside = indices[:, list(self.support)] @ places
        outside = np.delete(indices, list(self.support), axis=1).any(axis=1)
        return np.where(outside, 0.0, self.table[inside] / self.table.size)


@dataclass(frozen=True, eq=False)
class Symmetric(AbstractEnergy):
    """A threshold of weights of one modulus: a^2 depends on the order of the parity only, whatever the number of
    coordinates."""

    signs: dict[int, int]
    factors: tuple[Rational, ...]
    orders: tuple[Rational, ...]
    square: Rational = Fraction(1)

    @property
    def mean_seen(self) -> Rational:
        alive = sum(f != 0 for f in self.factors)
        return sum((math.comb(alive, j) * a * a for j, a in enumerate(self.orders)), Fraction(0))

    @property
    def view_seen(self) -> Rational:
        sums: list[Rational] = [Fraction(1)]  # elementary symmetric polynomials of the factors
        for factor in self.factors:
            sums = [s + factor * t for s, t in zip([*sums, Fraction(0)], [Fraction(0), *sums], strict=True)]
        return sum((s * a * a for s, a in zip(sums, self.orders, strict=True)), Fraction(0))

    def by_level(self, levels: Levels) -> list[Rational]:
        """Cell by cell: in a group of w coordinates, k of them read, a level of order j has binom(k, j) parities of
        the label; the cell's order is the sum of the groups'."""
        cells = levels.cells
        large = 2.0 ** len(self.signs) >= 2.0**62
        ways = np.ones(cells.values.size, dtype=object if large else np.int64)
        order = np.zeros(cells.values.size, dtype=np.int64)
        for column, (chosen, coordinates) in enumerate(zip(cells.levels, levels.grouping.coordinates, strict=True)):
            read = sum(int(c) in self.signs for c in coordinates)
            flipped = np.array([sum(level.name[1:]) for level in chosen])
            counts = np.array([math.comb(read, int(j)) for j in flipped], dtype=ways.dtype)
            order += flipped[cells.places[:, column]]
            ways *= counts[cells.places[:, column]]
        found: list[Rational] = [Fraction(0)] * levels.count
        for j in (j for j, a in enumerate(self.orders) if a):
            for level, total in enumerate(levels.sums(np.where(order == j, ways, 0))):
                if total:
                    found[level] += total * self.orders[j] ** 2
        return found

    def coefficients(self, indices: np.ndarray) -> np.ndarray:
        support = list(self.signs)
        negative = indices[:, [c for c in support if self.signs[c] < 0]].sum(axis=1) % 2
        size = np.array([float(a) for a in self.orders])[indices[:, support].sum(axis=1)]
        outside = np.delete(indices, support, axis=1).any(axis=1)
        return np.where(outside, 0.0, np.where(negative, -size, size))


def coordinate_energy(grouping: Grouping, label: AbstractLabel) -> AbstractEnergy:
    """A label of sign or Gaussian coordinates, given by a formula.

    Raises:
        InputError: a label that reads other coordinates or that has no closed form.
    """
    factors = _first_modes(grouping)
    written = multilinear(label, grouping.width)
    if written is not None:
        read = {i for members in written.support for i in members}
        _check_read(read, factors, type(label).__name__)
        entries = tuple((tuple((i, 1) for i in members), written.of(members)) for members in written.support)
        values = tuple(math.prod((factors[i] for i, _ in pairs), start=Fraction(1)) for pairs, _ in entries)
        return Listed(entries, values, written.square)
    if not isinstance(label, Threshold):
        raise InputError(
            f"solve: {type(label).__name__} has no closed form on this process; use Coordinate, Linear, Parity, "
            "Multilinear or Threshold, or FactorTable on a product of tables."
        )
    return _threshold_energy(grouping, label)


def _threshold_energy(grouping: Grouping, label: Threshold) -> Symmetric | Enumerated:
    factors = _first_modes(grouping)
    weights = weights_of(label, grouping.width)
    support = tuple(i for i, w in enumerate(weights) if w != 0)
    _check_read(set(support), _first_modes(grouping, (HypercubeFlip,)), "Threshold")
    if len({abs(weights[i]) for i in support}) <= 1:
        of = walsh(label, grouping.width).of
        signs = {i: 1 if weights[i] > 0 else -1 for i in support}
        orders = tuple(abs_sign(of(support[:j]), signs, support[:j]) for j in range(len(support) + 1))
        return Symmetric(signs, tuple(factors[i] for i in support), orders)
    require(
        len(support) <= LARGEST_ENUMERATION,
        f"Threshold: its {len(support)} weights are unequal, but exact coefficients list all sign patterns of at most "
        f"{LARGEST_ENUMERATION} coordinates; use equal weights or fewer coordinates.",
    )
    kept = [weights[i] for i in support]
    signs = threshold_signs(kept, number(label.offset, owner="Threshold", name="offset"))
    return Enumerated(support, tuple(factors[i] for i in support), walsh_transform(signs.astype(np.int64)))


def abs_sign(value: Rational, signs: dict[int, int], members: tuple[int, ...]) -> Rational:
    """The coefficient that all weights of positive sign would give."""
    return value * math.prod(signs[i] for i in members)


def _first_modes(grouping: Grouping, kinds: tuple[type, ...] = (HypercubeFlip, GaussianNoise)) -> dict[int, Rational]:
    """The eigenvalue of x_i for each sign or Gaussian coordinate."""
    found: dict[int, Rational] = {}
    for factor, offset in zip(grouping.factors, grouping.offsets, strict=True):
        if isinstance(factor, kinds) and isinstance(factor, (HypercubeFlip, GaussianNoise)):
            rhos = factor.rhos if isinstance(factor, HypercubeFlip) else (factor.rho,) * factor.dim
            found.update({offset + i: rho * rho for i, rho in enumerate(rhos)})
    return found


def _check_read(read: set[int], known: dict[int, Rational], owner: str) -> None:
    foreign = sorted(read - set(known))
    require(
        not foreign,
        f"{owner}: it reads coordinate {foreign[0] if foreign else ''} of the process, which is no sign or Gaussian "
        "coordinate for which this label has a closed form; use FactorTable on factors that are tables.",
    )
