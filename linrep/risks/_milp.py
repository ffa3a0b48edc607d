"""A lower bound on the least cost of a half-space by mixed-integer programming (HiGHS through scipy.optimize.milp).

One binary per line says "may be wrong": (x.w) + M b >= m with |w|_inf <= 1. For integer points every cell contains a w
of margin m = 1 / (r delta H) in the coordinates used here: its extreme rays are null vectors of r - 1 points, so r of
them average to margins of at least (least non-zero minor) / (r largest minor), and Hadamard's H bounds the largest.
Where that m is too small for the solver, and for float points, m = 0 and one coordinate of w is +-1: then a line on the
hyperplane may count as right, which still bounds the least cost from below.
"""

import contextlib
import ctypes
import math
import os
from collections.abc import Iterator

import numpy as np
import scipy.sparse as sp
from scipy.linalg import qr
from scipy.optimize import Bounds, LinearConstraint, milp

from linrep.risks._configuration import Lines
from linrep.risks._halfspaces import float_points, unit_points

# HiGHS accepts rows violated by 1e-6 and binaries off by 1e-6 (its defaults); a margin well above both is not blurred.
SOLVER_TOLERANCE = 1e-6
LEAST_MARGIN = 64 * SOLVER_TOLERANCE
LARGEST_PROGRAM = 200_000


def least_cost_milp(lines: Lines, seconds: float) -> tuple[int, np.ndarray | None]:
    """(lower bound of the least cost, weights of the best half-space found, if any); (0, None) when it is not tried.

    The bound is HiGHS's dual bound less its stated tolerance 1e-6 of the total cost, raised to the next multiple of the
    costs' greatest common divisor (every cost is such a multiple).
    """
    if seconds <= 0 or lines.points.size > LARGEST_PROGRAM:
        return 0, None
    points, change, height = _coordinates(lines)
    margin = _cell_margin(lines, points * height[:, None])
    right_side = _right_side(lines, margin, change, height)
    weight = lines.cost / float(lines.cost.sum())
    faces = 0 if margin else 2 * lines.rank
    objective = np.concatenate([np.zeros(lines.rank), weight, np.zeros(faces)])
    with _quiet():
        result = milp(
            objective,
            constraints=_rows(points, right_side, faces),
            integrality=np.concatenate([np.zeros(lines.rank), np.ones(lines.count + faces)]),
            bounds=Bounds(
                np.concatenate([-np.ones(lines.rank), np.zeros(lines.count + faces)]), np.ones(len(objective))
            ),
            options={"time_limit": seconds, "mip_rel_gap": 0.0},
        )
    weights = None if result.x is None else change @ result.x[: lines.rank]
    bound = result.mip_dual_bound
    return _whole(bound if bound is not None and math.isfinite(bound) else 0.0, lines.cost), weights


def _whole(bound: float, cost: np.ndarray) -> int:
    """The least multiple of gcd(cost) that is not below (bound - tolerance) of the total cost, and not negative."""
    step = int(np.gcd.reduce(cost))
    total = int(cost.sum()) // step
    return max(0, math.ceil((bound - SOLVER_TOLERANCE) * total)) * step


def _coordinates(lines: Lines) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points in a basis of r of them (by pivoting), scaled to a largest entry 1; the change back for w; the scales."""
    points = float_points(lines)
    inverse = np.linalg.inv(points[_basis(lines)])
    points = points @ inverse
    height = np.abs(points).max(axis=1)
    return points / height[:, None], inverse, height


def _basis(lines: Lines) -> np.ndarray:
    """Numbers of r independent points (column pivoting)."""
    return qr(unit_points(lines).T, mode="r", pivoting=True)[1][: lines.rank]


def _cell_margin(lines: Lines, points: np.ndarray) -> float:
    """The margin that some |w|_inf <= 1 of every cell attains, or 0 where it is unknown or too small for the solver.

    points: unscaled coordinates in the basis. There minors are multiples of 1/delta, delta = |det basis| / det lattice,
    and a minor of r - 1 points and a unit vector is at most the product of the r - 1 largest norms. Half of the margin
    is left for rounding.
    """
    if lines.slack is not None:
        return 0.0
    volume = abs(_determinant(lines.points[_basis(lines)]))
    delta = volume // _lattice_determinant(lines.points, volume)
    if delta > 1 / LEAST_MARGIN:
        return 0.0
    norms = np.sort(np.maximum(1.0, np.linalg.norm(points, axis=1)))[::-1][: lines.rank - 1]
    tallest = max(1.0, float(np.abs(points).max()))
    margin = 0.5 / (lines.rank * delta * float(np.prod(norms)) * tallest)
    return margin if margin >= LEAST_MARGIN else 0.0


def _right_side(lines: Lines, margin: float, change: np.ndarray, height: np.ndarray) -> np.ndarray:
    """What a line on its right side must reach: the margin, or for float points minus all that their slack can hide."""
    if lines.slack is None:
        return np.full(lines.count, margin)
    return -lines.slack * math.sqrt(lines.rank) * float(np.linalg.norm(change, 2)) / height


def _rows(points: np.ndarray, right_side: np.ndarray, faces: int) -> list[LinearConstraint]:
    """Right side unless its binary is 1; with faces, at least one of them pins its coordinate to +1 or -1."""
    n, rank = points.shape
    blank = sp.csr_array((n, faces))
    reach = np.abs(points).sum(axis=1) + np.maximum(right_side, 0.0)
    sides = sp.hstack([sp.csr_array(points), sp.diags_array(reach), blank]).tocsr()
    rows = [LinearConstraint(sides, lb=right_side)]
    if faces:
        signed = sp.vstack([sp.eye_array(rank), -sp.eye_array(rank)])
        pinned = sp.hstack([signed, sp.csr_array((faces, n)), -2 * sp.eye_array(faces)]).tocsr()
        chosen = sp.hstack([sp.csr_array((1, rank + n)), sp.csr_array(np.ones((1, faces)))]).tocsr()
        rows += [LinearConstraint(pinned, lb=-1), LinearConstraint(chosen, lb=1)]
    return rows


def _determinant(square: np.ndarray) -> int:
    """Determinant of an integer matrix by fraction-free elimination."""
    work, sign, previous = square.astype(object), 1, 1
    for step in range(len(work) - 1):
        hits = np.flatnonzero(work[step:, step] != 0)
        if hits.size == 0:
            return 0
        if hits[0]:
            work[[step, step + hits[0]]] = work[[step + hits[0], step]]
            sign = -sign
        rest = work[step + 1 :, step + 1 :]
        work[step + 1 :, step + 1 :] = (
            work[step, step] * rest - work[step + 1 :, step : step + 1] * work[step : step + 1, step + 1 :]
        ) // previous
        previous = work[step, step]
    return sign * int(work[-1, -1])


def _lattice_determinant(rows: np.ndarray, volume: int) -> int:
    """Determinant of the lattice of integer rows, given the volume of r independent ones: product of echelon pivots.

    The lattice holds volume * Z^r, so entries are reduced modulo the volume and stay small.
    """
    work = [[int(entry) for entry in row] for row in rows]
    product = 1
    for _ in range(rows.shape[1]):
        pivot, work = _clear_first_column(work, volume)
        product *= pivot
    return product


def _clear_first_column(work: list[list[int]], volume: int) -> tuple[int, list[list[int]]]:
    """Euclid on the first column: its gcd, and the distinct non-zero rest of the rows without that column."""
    pivot = [volume] + [0] * (len(work[0]) - 1 if work else 0)
    rest: set[tuple[int, ...]] = set()
    for row in work:
        while row[0]:
            factor = pivot[0] // row[0]
            pivot, row = row, [a - factor * b for a, b in zip(pivot, row, strict=True)]
        tail = tuple(entry % volume for entry in row[1:])
        if any(tail):
            rest.add(tail)
    return abs(pivot[0]), [list(row) for row in rest]


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Send the C standard output nowhere for a while: HiGHS prints debugging lines there whatever its options say."""
    try:
        flush = ctypes.CDLL(None).fflush
        saved = os.dup(1)
    except (OSError, TypeError, AttributeError):  # no such stream to silence
        yield
        return
    flush(None)
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        yield
    finally:
        flush(None)
        os.dup2(saved, 1)
        os.close(saved)
