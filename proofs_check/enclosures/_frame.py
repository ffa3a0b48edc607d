"""Spectra by a float guess that is polished in fixed point and certified by what it leaves over.

V.T Sigma V = I + F and V.T Sigma_bar V = D + H are computed exactly for a matrix V of multiples of 2^-BITS. For
|F| < 1/2 the pencil is that of K' = (I + F)^{-1/2} (D + H) (I + F)^{-1/2}, |(I + F)^{-1/2} - I| <= |F|, so |K' - D| <=
r = 3 (|H| + max D |F|): eigenvalues lie within r of the sorted diagonal of D (Weyl), and the projector on an eigenspace
within r / gap of that on its columns (Davis, Kahan).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np
import scipy.linalg

from proofs_check.verdict import Enclosure

BITS = 384
"""Bits behind the binary point."""
ROUNDS = 6
"""Most rounds of polishing; each doubles the digits that are right."""


@dataclass(frozen=True, eq=False)
class Frame:
    """Approximate eigenvectors and how far from true ones they can be.

    Attributes:
        columns: 2^BITS V, (n, n), eigenvalues descending.
        values: the diagonal of D.
        defect: a bound of |F|.
        radius: r.

    Source: ours.

    >>> half = flint.fmpq_mat([[2, 1], [1, 2]])
    >>> found = frame(half, flint.fmpq_mat([[1, 0], [0, 1]]))
    >>> [round(float(v), 3) for v in found.values], found.radius < Fraction(1, 2**300)
    ([1.0, 0.333], True)
    """

    columns: flint.fmpz_mat
    values: tuple[Fraction, ...]
    defect: Fraction
    radius: Fraction

    def around(self, members: Sequence[int]) -> Enclosure:
        """Where the eigenvalues of these positions lie."""
        inside = [self.values[i] for i in members]
        return Enclosure(min(inside) - self.radius, max(inside) + self.radius)

    def groups(self) -> list[list[int]]:
        """Positions whose intervals overlap, descending."""
        found: list[list[int]] = []
        for i, value in enumerate(self.values):
            if found and self.values[found[-1][-1]] - value <= 2 * self.radius:
                found[-1].append(i)
            else:
                found.append([i])
        return found

    def coordinates(self, seen: flint.fmpq_mat) -> tuple[np.ndarray, Fraction]:
        """V.T seen as Fractions, (n, r), and a bound of its norm."""
        table = _fractions(flint.fmpq_mat(self.columns).transpose() * seen / 2**BITS)
        return table, _root_above(Fraction((table * table).sum()))

    def drift(self, members: Sequence[int]) -> Fraction:
        """How much the projection of a vector of length 1 on the eigenspace of a group is off."""
        others, inside = set(members), [self.values[i] for i in members]
        rest = (v for i, v in enumerate(self.values) if i not in others)
        gap = min((max(min(inside) - v, v - max(inside)) for v in rest), default=Fraction(1)) - self.radius
        return _short_above((self.radius / gap + self.defect) * (1 + self.defect))

    def energies(self, seen: flint.fmpq_mat, metric: flint.fmpq_mat | None) -> list[Enclosure]:
        """For each group the squared part of Sigma^{-1/2} seen in its eigenspace, weighed by tr(metric . )."""
        table, size = self.coordinates(seen)
        weights = _fractions(_identity(seen.ncols()) if metric is None else metric)
        found = []
        for members in self.groups():
            rows, off = table[members], self.drift(members)
            value = Fraction((rows.dot(weights) * rows).sum())
            error = (2 * off + off * off) * size * size * Fraction(abs(weights).sum())
            found.append(Enclosure(value - error, value + error).within(Fraction(0), None))
        return found

    def products(self, left: flint.fmpq_mat, seen: flint.fmpq_mat) -> list[list[Enclosure]]:
        """For each column of `left` the parts, group by group, of its product with Sigma^{-1} seen, seen (n, 1)."""
        (first, size), (second, length) = self.coordinates(left), self.coordinates(seen)
        columns: list[list[Enclosure]] = [[] for _ in range(left.ncols())]
        for members in self.groups():
            off = self.drift(members)
            error = (2 * off + off * off) * size * length
            for column, value in zip(columns, first[members].T.dot(second[members][:, 0]), strict=True):
                column.append(Enclosure(Fraction(value) - error, Fraction(value) + error))
        return columns


def frame(sigma: flint.fmpq_mat, sigma_bar: flint.fmpq_mat) -> Frame | None:
    """Certified approximate eigenvectors of a pencil with sigma > 0; None where floats are too coarse to begin with.

    Source: ours, after Ogita and Aishima (2018) for the polishing.

    >>> frame(flint.fmpq_mat([[1]]), flint.fmpq_mat([[1]])).values
    (Fraction(1, 1),)
    """
    first, second = fixed(sigma), fixed(sigma_bar)
    try:
        _, vectors = scipy.linalg.eigh(_floats(second), _floats(first))
    except (np.linalg.LinAlgError, ValueError):
        return None
    columns = _from_floats(np.ascontiguousarray(vectors[:, ::-1]))
    for _ in range(ROUNDS):
        columns, step = _polished(first, second, columns)
        if step < 2 ** (BITS // 8):
            break
    return _certified(first, second, columns)


def fixed(values: flint.fmpq_mat) -> flint.fmpz_mat:
    """2^BITS times the matrix, entries rounded down.

    Source: ours.

    >>> fixed(flint.fmpq_mat([[1]]))[0, 0] == 2**BITS
    True
    """
    shift = 1 << BITS
    flat = [(int(v.p) * shift) // int(v.q) for v in values.entries()]
    return flint.fmpz_mat(values.nrows(), values.ncols(), flat)


def _floats(values: flint.fmpz_mat) -> np.ndarray:
    flat = [float(Fraction(int(v), 1 << BITS)) for v in values.entries()]
    return np.array(flat).reshape(values.nrows(), values.ncols())


def _from_floats(values: np.ndarray) -> flint.fmpz_mat:
    flat = [int(Fraction(float(v)) * (1 << BITS)) for v in values.ravel()]
    return flint.fmpz_mat(values.shape[0], values.shape[1], flat)


def _shortened(values: flint.fmpz_mat) -> flint.fmpz_mat:
    """The matrix over 2^BITS, rounded down."""
    return flint.fmpz_mat(values.nrows(), values.ncols(), [int(v) >> BITS for v in values.entries()])


def _polished(first: flint.fmpz_mat, second: flint.fmpz_mat, columns: flint.fmpz_mat) -> tuple[flint.fmpz_mat, int]:
    """One round V + V E, and the largest entry of 2^BITS E; columns of nearly equal values are only orthonormalised."""
    order, one = columns.nrows(), 1 << BITS
    turned = columns.transpose()
    gram, inside = (_table(_shortened(turned * _shortened(m * columns))) for m in (first, second))
    values = [(inside[i][i] << BITS) // gram[i][i] for i in range(order)]
    near = max((abs(inside[i][j]) for i in range(order) for j in range(i)), default=0) * 2 * order
    flat = []
    for i in range(order):
        for j in range(order):
            off, gap = (one if i == j else 0) - gram[i][j], values[j] - values[i]
            flat.append(off >> 1 if abs(gap) <= near or i == j else ((inside[i][j] << BITS) + values[j] * off) // gap)
    change = flint.fmpz_mat(order, order, flat)
    return columns + _shortened(columns * change), max(map(abs, flat))


def _certified(first: flint.fmpz_mat, second: flint.fmpz_mat, columns: flint.fmpz_mat) -> Frame | None:
    """D, |F| and r, bounded in exact arithmetic; rounding the matrices moves a form by at most n 2^-BITS |V|^2."""
    order, scale = columns.nrows(), Fraction(1, 1 << (3 * BITS))
    turned = columns.transpose()
    lost = order * sum(int(v) ** 2 for v in columns.entries()) * scale
    gram, inside = (_table(turned * (m * columns)) for m in (first, second))
    values = [inside[i][i] for i in range(order)]
    rank = sorted(range(order), key=lambda i: -values[i])
    identity = 1 << (3 * BITS)
    defect = _norm(gram, [identity] * order) * scale + lost
    if defect >= Fraction(1, 2):
        return None
    over = _norm(inside, values) * scale + lost
    radius = 3 * (over + max(values) * scale * defect)
    ordered = flint.fmpz_mat(order, order, [int(columns[i, j]) for i in range(order) for j in rank])
    return Frame(ordered, tuple(values[i] * scale for i in rank), defect, _short_above(radius))


def _fractions(values: flint.fmpq_mat) -> np.ndarray:
    flat = [Fraction(int(v.p), int(v.q)) for v in values.entries()]
    return np.array(flat, dtype=object).reshape(values.nrows(), values.ncols())


def _identity(order: int) -> flint.fmpq_mat:
    return flint.fmpq_mat(order, order, [int(i == j) for i in range(order) for j in range(order)])


def _table(values: flint.fmpz_mat) -> list[list[int]]:
    return [[int(v) for v in row] for row in values.tolist()]


def _norm(values: list[list[int]], diagonal: Sequence[int]) -> int:
    """An upper bound of the Frobenius norm of the matrix less a diagonal one."""
    square = sum((v - diagonal[i] * (i == j)) ** 2 for i, row in enumerate(values) for j, v in enumerate(row))
    return math.isqrt(square) + 1


def _root_above(value: Fraction) -> Fraction:
    return Fraction(math.isqrt(math.ceil(value * 4**64)) + 1, 2**64)


def _short_above(value: Fraction) -> Fraction:
    """A number not below it with few digits."""
    return Fraction(math.ceil(value * 2 ** (2 * BITS)), 2 ** (2 * BITS))
