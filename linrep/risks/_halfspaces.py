"""Good half-spaces fast: linear starts, then exact line searches on the piecewise constant error."""

import math

import numpy as np
import scipy.sparse as sp
from scipy.optimize import linprog

from linrep.risks._configuration import Lines

RESTARTS = 30
PATIENCE = 12
DIRECTIONS = 48
LARGEST_PROGRAM = 2_000_000
LEAST_DIRECTIONS = 8
LARGEST_EFFORT = 60_000  # points times restarts: beyond it the search thins out, so that it stays within seconds


def cost_of(lines: Lines, weights: np.ndarray) -> int:
    """Cost of one half-space, counted: in integers for integer points, with every point's slack for float points."""
    top = float(np.abs(weights).max(initial=0.0))
    if top == 0.0:
        return int(lines.cost.sum())
    if lines.slack is not None:
        return int(lines.cost[lines.points @ (weights / np.linalg.norm(weights)) <= _float_slack(lines)].sum())
    return int(lines.cost[_integer_scores(lines.points, weights / top) <= 0].sum())


def _float_slack(lines: Lines) -> np.ndarray:
    """The points' slacks plus the rounding of one dot product of unit vectors."""
    assert lines.slack is not None
    return lines.slack + (lines.rank + 2) * np.finfo(np.float64).eps


def _integer_scores(points: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Scores under the weights rounded to multiples of 2^-20, as exact integers."""
    rounded = np.rint(weights * 2**20).astype(np.int64)
    room = int(np.abs(points).max(initial=0)) * 2**20 * points.shape[1] < 2**62
    return points @ rounded if room else points.astype(object) @ rounded.astype(object)


def float_points(lines: Lines) -> np.ndarray:
    """The points as floats; integers are divided by the largest of them, so that none is too large for a float."""
    if lines.slack is not None:
        return lines.points
    return (lines.points / np.abs(lines.points).max()).astype(np.float64)


def unit_points(lines: Lines) -> np.ndarray:
    """The points as unit float vectors."""
    points = float_points(lines)
    return points / np.linalg.norm(points, axis=1)[:, None]


def search(lines: Lines, rng: np.random.Generator) -> tuple[int, np.ndarray]:
    """(cost, weights) of the best half-space found; the cost is counted afresh, so it is attained. Zero ends it."""
    points = unit_points(lines)
    shape = np.linalg.qr(points)[1]
    cost_floats = (lines.cost // np.gcd.reduce(lines.cost)).astype(np.float64)
    starts = _starts(points, cost_floats)
    best_cost, best = int(lines.cost.sum()), np.zeros(lines.rank)
    for restart in range(max(len(starts), min(RESTARTS, LARGEST_EFFORT // len(points)))):
        start = starts[restart] if restart < len(starts) else _restart(best, shape, rng, restart)
        weights = _descend(points, cost_floats, start, shape, rng)
        for candidate in (start, weights):
            cost = cost_of(lines, candidate)
            if cost < best_cost:
                best_cost, best = cost, candidate
        if best_cost == 0:
            break
    return best_cost, best


def _restart(best: np.ndarray, shape: np.ndarray, rng: np.random.Generator, restart: int) -> np.ndarray:
    """A random half-space, or every second time the best one disturbed."""
    noise = np.linalg.solve(shape, rng.standard_normal(len(best)))
    if restart % 2 or not best.any():
        return noise
    return best / np.linalg.norm(shape @ best) + noise / np.linalg.norm(shape @ noise) * 0.5


def _starts(points: np.ndarray, cost: np.ndarray) -> list[np.ndarray]:
    """Weighted mean, least squares, reweighted (logistic) least squares, and the linear program where it is small."""
    weight = cost / cost.sum()
    mean = weight @ points
    squares = _weighted_squares(points, weight, np.ones(len(points)))
    starts = [mean, squares, _logistic(points, weight)]
    if points.size <= LARGEST_PROGRAM and (program := _hinge(points, weight)) is not None:
        starts.insert(0, program)
    return [start for start in starts if np.isfinite(start).all() and start.any()]


def _weighted_squares(points: np.ndarray, weight: np.ndarray, target: np.ndarray) -> np.ndarray:
    root = np.sqrt(weight)
    return np.linalg.lstsq(points * root[:, None], target * root, rcond=None)[0]


def _logistic(points: np.ndarray, weight: np.ndarray, rounds: int = 8) -> np.ndarray:
    """A few Newton steps of ridge logistic regression; only a start, so no convergence is needed."""
    weights = np.zeros(points.shape[1])
    for _ in range(rounds):
        wrong = 1 / (1 + np.exp(np.clip(points @ weights, -30, 30)))
        curvature = (points * (weight * wrong * (1 - wrong) + np.finfo(np.float64).eps)[:, None]).T @ points
        ridge = np.trace(curvature) / len(weights) * 2.0**-10
        weights = weights + np.linalg.solve(curvature + ridge * np.eye(len(weights)), (weight * wrong) @ points)
    return weights


def _hinge(points: np.ndarray, weight: np.ndarray) -> np.ndarray | None:
    """min sum weight max(0, 1 - w.x): its value is zero exactly when the points are separable."""
    n, rank = points.shape
    program = linprog(
        np.concatenate([np.zeros(rank), weight]),
        A_ub=-sp.hstack([sp.csr_array(points), sp.eye_array(n)]).tocsr(),
        b_ub=-np.ones(n),
        bounds=[(None, None)] * rank + [(0, None)] * n,
        method="highs",
        options={"time_limit": 5.0},
    )
    return None if program.x is None else program.x[:rank]


def _descend(
    points: np.ndarray, cost: np.ndarray, weights: np.ndarray, shape: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Line searches along many directions at once; equal cost is accepted so that plateaus are walked."""
    current, stale = math.inf, 0
    count = max(LEAST_DIRECTIONS, min(DIRECTIONS, LARGEST_EFFORT * LEAST_DIRECTIONS // len(points) // 2))
    while stale < PATIENCE:
        weights = weights / max(np.linalg.norm(points @ weights), np.finfo(np.float64).tiny)
        found, weights = _best_on_lines(points, cost, weights, _directions(points, weights, shape, count, rng), rng)
        current, stale = (found, 0) if found < current else (current, stale + 1)
        if found == 0:
            break
    return weights


def _directions(
    points: np.ndarray, weights: np.ndarray, shape: np.ndarray, count: int, rng: np.random.Generator
) -> np.ndarray:
    """Random directions, half of them free and half moving one badly placed point straight to its right side."""
    rank = points.shape[1]
    free = np.linalg.solve(shape, rng.standard_normal((rank, count - count // 2))).T
    wrong = np.flatnonzero(points @ weights <= 0)
    pool = wrong if len(wrong) else np.arange(len(points))
    data = np.linalg.solve(shape, np.linalg.solve(shape.T, points[rng.choice(pool, count // 2)].T)).T
    directions = np.concatenate([free, data])
    return directions / np.linalg.norm(directions @ shape.T, axis=1)[:, None]


def _best_on_lines(
    points: np.ndarray, cost: np.ndarray, weights: np.ndarray, directions: np.ndarray, rng: np.random.Generator
) -> tuple[float, np.ndarray]:
    """The least cost over all lines weights + t direction, at the middle of a piece drawn among the best ones."""
    base, slope = points @ weights, points @ directions.T
    level = np.abs(slope) <= np.finfo(np.float64).eps * len(weights) * np.linalg.norm(directions, axis=1)
    times = np.where(level, np.inf, -base[:, None] / np.where(level, 1.0, slope))
    order = np.argsort(times, axis=0)
    jump = np.take_along_axis(np.where(level, 0.0, -np.sign(slope) * cost[:, None]), order, axis=0)
    start = np.where(level, base[:, None] <= 0, slope > 0).T @ cost
    levels = start + np.concatenate([np.zeros((1, len(directions))), np.cumsum(jump, axis=0)])
    ends = _piece_ends(np.take_along_axis(times, order, axis=0))
    levels = np.where(_wide(*ends), levels, np.inf)
    best = float(levels.min())
    pieces = np.flatnonzero(levels == best)
    piece, line = np.unravel_index(pieces[rng.integers(len(pieces))], levels.shape)
    time = _inside(float(ends[0][piece, line]), float(ends[1][piece, line]))
    return best, weights + time * directions[line]


def _piece_ends(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Left and right ends of the pieces between sorted crossing times; level points cross at infinity."""
    edge = np.full((1, times.shape[1]), np.inf)
    return np.concatenate([-edge, times]), np.concatenate([times, edge])


def _wide(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Pieces wide enough for their order to be trusted; the cost is counted afresh in the end anyway."""
    with np.errstate(invalid="ignore"):
        return right - left > 2.0**-30 * np.maximum(1.0, np.where(np.isfinite(left), np.abs(left), 1.0))


def _inside(left: float, right: float) -> float:
    """A point well inside a piece that may be unbounded."""
    if math.isinf(left) and math.isinf(right):
        return 0.0
    if math.isinf(left):
        return right - max(1.0, abs(right))
    if math.isinf(right):
        return left + max(1.0, abs(left))
    return (left + right) / 2
