"""Exact least cost over all cells of a central line arrangement, by its facets.

Every cell has a facet, on the hyperplane of some line x_i; around that facet x_i may lie on either side, so
    best(X) = min_i best(X restricted to the hyperplane w.x_i = 0),
where restricting projects the other points along x_i and may put several on one line. In the plane one sweep finds
all cells. Ties are exact for integer points; for float points coincidences within the slack widen the bracket.
"""

from fractions import Fraction

import numpy as np

from linrep.risks._configuration import Lines, canonical_integer, compact, group_rows, oriented, side_masses

SWEEPS = 3000
FLOAT_KEYS = 2**25


def affordable(lines: Lines) -> bool:
    """Whether `least_cost` stays within a few seconds: sweeps are lines^(rank - 2); floats only up to rank 3."""
    if lines.rank <= 2:
        return True
    if lines.slack is not None:
        return lines.rank == 3 and lines.count <= SWEEPS
    return lines.count ** (lines.rank - 2) <= SWEEPS


def least_cost(lines: Lines) -> tuple[int, int]:
    """(lower, upper) of the least cost over cells, base excluded; equal for integer points."""
    if lines.count == 0:
        return 0, 0
    if lines.slack is not None:
        return _least_float(lines.points, lines.cost, lines.slack)
    value = _least_integer(lines.points, lines.cost)
    return value, value


def _least_integer(points: np.ndarray, cost: np.ndarray) -> int:
    if points.shape[1] <= 1:
        return min(int(cost[points[:, 0] > 0].sum()), int(cost[points[:, 0] < 0].sum()))
    if points.shape[1] == 2:
        return _sweep_integer(points, cost)
    return min(_on_hyperplane(points, cost, index) for index in range(len(points)))


def _on_hyperplane(points: np.ndarray, cost: np.ndarray, index: int) -> int:
    """Least cost of the other points over the cells of w.x_index = 0."""
    flat = project_integer(points, index)
    if flat.shape[1] == 2:
        return _sweep_integer(flat, np.delete(cost, index))
    rows, sign = canonical_integer(flat)
    first, group = group_rows(rows)
    weight = np.delete(cost, index)
    along, against = side_masses(group, sign, weight, np.zeros_like(weight))
    lines, costs, _, base = oriented(compact(rows[first].astype(object)), along, against)
    return base + (_least_any_rank(lines, costs) if len(lines) else 0)


def _least_any_rank(points: np.ndarray, cost: np.ndarray) -> int:
    """As `_least_integer`, for points that may have lost rank when balanced lines were dropped."""
    alive = (points != 0).any(axis=0)
    return _least_integer(points[:, alive], cost)


def project_integer(points: np.ndarray, index: int) -> np.ndarray:
    """The other points along points[index], as integers, orientation kept, one coordinate fewer."""
    largest = int(np.abs(points).max())
    points = points.astype(object) if 2 * largest * largest >= 2**62 else points
    axis = points[index]
    pivot = int(np.flatnonzero(axis != 0)[0])
    others = np.delete(points, index, axis=0)
    size, sign = abs(axis[pivot]), (1 if axis[pivot] > 0 else -1)
    return np.delete(size * others - sign * others[:, pivot : pivot + 1] * axis[None, :], pivot, axis=1)


def _sweep_integer(points: np.ndarray, cost: np.ndarray) -> int:
    keys, ahead = _slopes(points)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    return _sweep(np.where(ahead, cost, 0)[order], np.where(ahead, 0, cost)[order], keys[1:] == keys[:-1])[1]


def _slopes(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Exact sort keys of the lines by angle in (-90, 90], and whether each point lies on that half.

    Quotients of integers below 2^25 are distinct in float64 when they are distinct rationals, and division is monotone.
    """
    x, y = points[:, 0], points[:, 1]
    ahead = (x > 0) | ((x == 0) & (y > 0))
    if int(np.abs(points).max(initial=0)) <= FLOAT_KEYS:
        x, y = x.astype(np.float64), y.astype(np.float64)
        return np.where(x == 0, np.inf, y / np.where(x == 0, 1.0, x)), ahead
    keys = [float("inf") if a == 0 else Fraction(int(b), int(a)) for a, b in zip(x, y, strict=True)]
    return np.array(keys, dtype=object), ahead


def _sweep(ahead: np.ndarray, behind: np.ndarray, same: np.ndarray) -> tuple[int, int]:
    """(lower, upper) over half-planes of lines sorted by angle; `same`: neighbours on one line or too near to order.

    The cell between groups g and g + 1 has the lines up to g on one side and the rest on the other, or the reverse.
    Lower: the lines of one group may be cut in any order, so each of them may be right.
    """
    lost, won = np.concatenate([[0], np.cumsum(ahead)]), np.concatenate([[0], np.cumsum(behind)])
    free = np.concatenate([[0], np.cumsum(np.minimum(ahead, behind))])
    total_ahead, total_behind = lost[-1], won[-1]
    starts = np.flatnonzero(np.concatenate([[True], ~same.astype(bool)]))
    ends = np.concatenate([starts[1:], [len(ahead)]])
    cuts = np.concatenate([[0], ends])
    upper = np.concatenate([lost[cuts] + total_behind - won[cuts], won[cuts] + total_ahead - lost[cuts]]).min()
    inside = free[ends] - free[starts]
    one = lost[starts] + total_behind - won[ends] + inside
    other = won[starts] + total_ahead - lost[ends] + inside
    return int(min(one.min(), other.min(), upper)), int(upper)


def _least_float(points: np.ndarray, cost: np.ndarray, slack: np.ndarray) -> tuple[int, int]:
    if points.shape[1] <= 1:
        value = min(int(cost[points[:, 0] > 0].sum()), int(cost[points[:, 0] < 0].sum()))
        return value, value
    if points.shape[1] == 2:
        return _sweep_float(points, cost, slack)
    ends = [_sweep_float(*_project_float(points, cost, slack, index)) for index in range(len(points))]
    return min(low for low, _ in ends), min(high for _, high in ends)


def _project_float(
    points: np.ndarray, cost: np.ndarray, slack: np.ndarray, index: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    frame = np.linalg.svd(points[index : index + 1])[2][1:]
    flat = np.delete(points, index, axis=0) @ frame.T
    norms = np.linalg.norm(flat, axis=1)
    return flat / norms[:, None], np.delete(cost, index), (np.delete(slack, index) + slack[index]) / norms


def _sweep_float(points: np.ndarray, cost: np.ndarray, slack: np.ndarray) -> tuple[int, int]:
    """The sweep with its cut in the widest gap, so that no near-coincidence straddles the ends."""
    angle = np.arctan2(points[:, 1], points[:, 0])
    line = np.sort(np.mod(angle, np.pi))
    gaps = np.diff(line, append=line[0] + np.pi)
    widest = int(np.argmax(gaps))
    start = line[widest] + gaps[widest] / 2
    turns = np.floor((angle - start) / np.pi)
    keys = angle - start - turns * np.pi
    ahead = np.mod(turns, 2) == 0
    order = np.argsort(keys, kind="stable")
    keys, spread = keys[order], np.arcsin(np.minimum(1.0, slack[order]))
    reach, low = np.maximum.accumulate(keys + spread), np.minimum.accumulate((keys - spread)[::-1])[::-1]
    if reach[-1] - np.pi >= low[0]:  # no direction is safely between lines: nothing is known
        return 0, int(cost.sum())
    return _sweep(np.where(ahead, cost, 0)[order], np.where(ahead, 0, cost)[order], low[1:] <= reach[:-1])
