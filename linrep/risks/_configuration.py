"""Weighted points as lines through the origin: merged, reduced to their span, each with a preferred side and a cost.

The error of a half-space depends on a point only through the line that carries it. A line with positive mass P and
negative mass Q (sides counted along its direction) costs min(P, Q) in any case, and |P - Q| more on the wrong side.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.sparse as sp
from scipy.linalg import qr
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

LARGEST_DENOMINATOR = 1024
# A float point whose direction is not known to this angle is taken to say nothing about its side.
LARGEST_SLACK = 2.0**-10


@dataclass(frozen=True)
class Lines:
    """A configuration of lines: minimise sum of cost over points with w.x <= 0.

    points (m, r): integers (int64, or Python ints in an object array) when `slack` is None, else unit float vectors;
    cost (m,) int64 > 0: what a point costs on the wrong side; slack (m,): how far a float point may be off, per unit;
    base_lower, base_upper: mass that errs under every w (they differ by float points that may be zero).
    """

    points: np.ndarray
    cost: np.ndarray
    slack: np.ndarray | None
    base_lower: int
    base_upper: int

    @property
    def rank(self) -> int:
        """Dimension of the span."""
        return self.points.shape[1]

    @property
    def count(self) -> int:
        """Number of lines whose side matters."""
        return self.points.shape[0]


def integer_rows(values: np.ndarray) -> np.ndarray:
    """Rows of integers or Fractions as rows of integers, each a positive multiple of the original."""
    if values.dtype != object:
        big = values.size and max(abs(int(values.min())), abs(int(values.max()))) >= 2**31
        return values.astype(object) if big else values.astype(np.int64)
    scales = [math.lcm(*(Fraction(entry).denominator for entry in row)) for row in values]
    rows = [[int(Fraction(entry) * scale) for entry in row] for row, scale in zip(values, scales, strict=True)]
    return compact(np.array(rows, dtype=object).reshape(values.shape))


def compact(rows: np.ndarray) -> np.ndarray:
    """int64 if every entry is below 2^31, Python integers otherwise."""
    return rows.astype(np.int64) if all(abs(entry) < 2**31 for entry in rows.ravel()) else rows


def canonical_integer(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Primitive rows whose first non-zero entry is positive, and the sign that each row had; rows are non-zero."""
    primitive = rows // np.abs(np.gcd.reduce(rows, axis=1))[:, None]  # the gcd of a single entry is that entry
    leading = primitive[np.arange(len(rows)), np.argmax(primitive != 0, axis=1)]
    sign = np.where(leading > 0, 1, -1)
    return primitive * sign[:, None], sign


def group_rows(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the first of each distinct row, and the group number of every row."""
    numbers: dict[tuple, int] = {}
    group = np.array([numbers.setdefault(tuple(row), len(numbers)) for row in rows.tolist()], dtype=np.int64)
    first = np.unique(group, return_index=True)[1] if len(group) else group
    return first, group


def side_masses(
    group: np.ndarray, sign: np.ndarray, positive: np.ndarray, negative: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Masses per group that want w.x > 0 and w.x < 0 along the group's direction: a reversed point swaps its two."""
    size = int(group.max()) + 1 if len(group) else 0
    along, against = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
    np.add.at(along, group, np.where(sign > 0, positive, negative))
    np.add.at(against, group, np.where(sign > 0, negative, positive))
    return along, against


def oriented(
    points: np.ndarray, along: np.ndarray, against: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Lines with a preference, turned to their preferred side: points, cost, which were kept, mass lost in any case."""
    keep = along != against
    sign = np.where(along >= against, 1, -1)
    turned = (points * sign[:, None])[keep]
    return turned, np.abs(along - against)[keep], keep, int(np.minimum(along, against).sum())


def pivot_columns(rows: np.ndarray) -> list[int]:
    """A largest set of linearly independent columns of an integer matrix (fraction-free elimination, exact)."""
    work, columns, previous = rows.astype(object), [], 1
    for column in range(rows.shape[1]):
        hits = np.flatnonzero(work[:, column] != 0)
        if hits.size == 0:
            continue
        pivot_row = work[hits[0]].copy()
        pivot = pivot_row[column]
        work = np.delete(work, hits[0], axis=0)
        work = (pivot * work - work[:, column : column + 1] * pivot_row[None, :]) // previous
        previous = pivot
        columns.append(column)
    return columns


def exact_lines(rows: np.ndarray, positive: np.ndarray, negative: np.ndarray) -> Lines:
    """Lines of integer points, every incidence decided in integers."""
    alive = (rows != 0).any(axis=1)
    lost = int(positive[~alive].sum() + negative[~alive].sum())
    primitive, sign = canonical_integer(rows[alive])
    first, group = group_rows(primitive)
    along, against = side_masses(group, sign, positive[alive], negative[alive])
    # Points keep their lengths: rows divided one by one would leave the lattice that `_milp` takes its margin from.
    points, cost, _, base = oriented((rows[alive] * sign[:, None])[first], along, against)
    points = points[:, pivot_columns(points)]
    return Lines(points, cost, None, lost + base, lost + base)


def float_lines(values: np.ndarray, positive: np.ndarray, negative: np.ndarray, margin: float) -> Lines:
    """Lines of float points known up to `margin` times the largest norm; coinciding points and lines are merged."""
    norms = np.linalg.norm(values, axis=1)
    slack = margin * norms.max(initial=0.0) / np.where(norms > 0, norms, 1.0)
    zero, unsure = norms == 0, (norms > 0) & (slack >= LARGEST_SLACK)
    alive = ~(zero | unsure)
    lost = int(positive[zero].sum() + negative[zero].sum())
    doubt_low = int(np.minimum(positive, negative)[unsure].sum())
    doubt_high = int((positive + negative)[unsure].sum())
    unit = values[alive] / norms[alive, None]
    first, group, sign = near_groups(unit, slack[alive])
    along, against = side_masses(group, sign, positive[alive], negative[alive])
    points, cost, keep, base = oriented(unit[first], along, against)
    points, slack = span_coordinates(points, slack[alive][first][keep], margin)
    return Lines(points, cost, slack, lost + base + doubt_low, lost + base + doubt_high)


def near_groups(unit: np.ndarray, slack: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unit points that span one line to within their slacks: first of each group, group numbers, signs to the first."""
    n = len(unit)
    if n == 0:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.ones(0, dtype=np.int64)
    distinct, index = group_rows(unit)
    both = np.concatenate([unit[distinct], -unit[distinct]])
    pairs = cKDTree(both).query_pairs(2 * float(slack.max()), output_type="ndarray")
    a, b = pairs[:, 0] % len(distinct), pairs[:, 1] % len(distinct)
    gap = np.linalg.norm(both[pairs[:, 0]] - both[pairs[:, 1]], axis=1)
    near = gap <= slack[distinct][a] + slack[distinct][b]
    graph = sp.coo_array((np.ones(near.sum()), (a[near], b[near])), shape=(len(distinct), len(distinct)))
    group = connected_components(graph, directed=False)[1][index]
    first = np.unique(group, return_index=True)[1]
    sign = np.where(np.einsum("ij,ij->i", unit, unit[first][group]) > 0, 1, -1)
    return first, group, sign


def span_coordinates(unit: np.ndarray, slack: np.ndarray, margin: float) -> tuple[np.ndarray, np.ndarray]:
    """Unit points in orthonormal coordinates of their numerical span, and their slacks."""
    if len(unit) == 0:
        return unit[:, :0], slack
    left, size, _ = np.linalg.svd(unit, full_matrices=False)
    rank = int((size > margin * math.sqrt(len(unit)) * size[0]).sum())
    points = left[:, :rank] * size[:rank]
    return points / np.linalg.norm(points, axis=1)[:, None], slack


def snapped(values: np.ndarray, margin: float) -> np.ndarray | None:
    """The integer configuration that float points equal to rounding, up to a linear change of coordinates, or None.

    Coordinates are taken in a basis of the points themselves; they must all be multiples of one 1/q, q <= 1024, within
    the rounding that `margin` allows. Points in general position pass with probability below 1024 (2048 tol)^N for N
    coordinates outside the basis, so nothing is read as rational by accident.
    """
    size = np.linalg.norm(values, axis=1).max(initial=0.0)
    if size == 0.0:
        return np.zeros(values.shape, dtype=np.int64)
    spread = np.linalg.svd(values, compute_uv=False)
    rank = int((spread > margin * math.sqrt(len(values)) * spread[0]).sum())
    order = qr(values.T, mode="economic", pivoting=True)[2]
    basis = values[order[:rank]]
    inverse = np.linalg.pinv(basis)
    coordinates = values @ inverse
    tolerance = 4 * margin * size * float(np.linalg.norm(inverse, 2)) * (1 + np.abs(coordinates).sum(axis=1).max())
    if tolerance * LARGEST_DENOMINATOR**2 > 0.25:  # neighbouring candidates could not be told apart
        return None
    denominator = common_denominator(coordinates, tolerance)
    return None if denominator is None else np.rint(coordinates * denominator).astype(np.int64)


def common_denominator(coordinates: np.ndarray, tolerance: float) -> int | None:
    """The least q <= 1024 with every coordinate within `tolerance` of a multiple of 1/q."""
    rough = coordinates[~(np.abs(coordinates - np.rint(coordinates)) <= tolerance)][:64]
    for q in range(1, LARGEST_DENOMINATOR + 1):
        if np.all(np.abs(rough * q - np.rint(rough * q)) <= tolerance * q) and np.all(
            np.abs(coordinates * q - np.rint(coordinates * q)) <= tolerance * q
        ):
            return q
    return None
