"""Upper curves: risks that no representation of a given loss exceeds, from a multiplier and a growth function."""

import functools
import itertools
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from linrep._linalg import BACKWARD, EPS
from linrep.transfer._reduced import Reduced

GRID = np.logspace(-5.0, 9.0, 113)
"""Multipliers tried first, in units of the label's energy |C|^2."""

ROUNDS = 7
"""Rounds: the grid, then where tangents of the best multipliers and their neighbours meet."""

LARGE = 40
"""Coordinates beyond which the search is coarser: it costs time in proportion to their cube."""

PIECES, LEAST_PIECES = {1: 1, 2: 16, 3: 8}, 5
"""Parts into which the excess loss is cut, by the number of eigenvalues among which it is shared."""


class Growth(NamedTuple):
    """g(kappa) = kappa^power or, with an offset, kappa / (kappa + offset): what is traded against the label.

    With x_i the eigenvalues of the compression of K to a representation, the loss is -sum x_i^2, and
    tr(g(K) P) >= sum g(x_i) (docs/transfer.md): g = kappa^2 is exact about the loss, others about intermediate angles.
    """

    power: float
    offset: float | None = None

    def of(self, kappa: np.ndarray) -> np.ndarray:
        """g at eigenvalues."""
        return kappa**self.power if self.offset is None else kappa / (kappa + self.offset)

    def steepness(self, squares: np.ndarray) -> np.ndarray:
        """The derivative of g(sqrt(y)) where that is convex in y, else 0."""
        if self.offset is not None or self.power <= 2:
            return np.zeros_like(squares)
        return self.power / 2 * squares ** (self.power / 2 - 1)


@dataclass(frozen=True, eq=False)
class Dual:
    """What one growth function says: at a multiplier s >= 0 at least s H(loss) - value of the label is captured.

    `shift` is an intercept t, (r,), fixed beforehand where the readout fits one that the class does not have: the
    label is then C + u t.T, u = Sigma^{-1/2} E phi, of risk |t|^2 more. Every t gives a valid bound.
    `multipliers` are s, (S,), ascending, `values` the sums of the d largest positive eigenvalues of s g(K) - C C.T,
    rounded up, and `slopes` their derivatives.
    """

    growth: Growth
    shift: Float[np.ndarray, " r"]
    multipliers: Float[np.ndarray, " S"]
    values: Float[np.ndarray, " S"]
    slopes: Float[np.ndarray, " S"]


SQUARE = Growth(2.0)


def growths(problem: Reduced) -> list[Growth]:
    """The growth functions whose bounds are combined; the first one is theory V7's."""
    if problem.readout == "augmented":
        return [SQUARE, Growth(1.0), *([] if problem.kappa.size > LARGE else [Growth(4.0), Growth(12.0)])]
    cut = max(float(problem.top[problem.dim - 1]), float(np.sqrt(problem.error)))
    return [SQUARE, Growth(1.0), Growth(0.5), *(Growth(1.0, cut * share) for share in (1.0, 0.1, 0.01, 0.001))]


def least_growth(problem: Reduced, growth: Growth, losses: Float[np.ndarray, " L"]) -> Float[np.ndarray, "L c"]:
    """H: the least sum g(x_i) at these losses in each cell of `cells`, (L, cells).

    x_i lies between kappa_{i+q} and kappa_i, and the squares are lowered by e_i with sum e_i <= eps in all. A cell says
    how many whole parts of eps each of the watched e_i takes; what is left of eps is shared greedily, less than a part
    each, and so is the share of those that are not watched.
    """
    excess = np.maximum(losses - problem.least_loss, 0.0)
    parts = cells(problem)
    pieces = 1 + int(parts.sum(axis=1).max())
    shares = excess[:, None] * np.arange(pieces + 1) / pieces
    watched, columns = problem.watched, np.arange(problem.watched.size)
    upper, taken = _squares(problem, watched, shares)  # (w,), (L, M + 1, w)
    drops = growth.of(np.sqrt(upper)) - growth.of(np.sqrt(upper - taken))
    here = parts[:, : watched.size]
    room, slopes = taken[:, 1:] - taken[:, :-1], _steepest(growth, upper - taken[:, :-1], upper - taken[:, 1:])
    total = drops[:, here, columns].sum(axis=-1)
    total = total + _filled(
        slopes[:, here, columns], room[:, here, columns], shares[:, 1, None] * (pieces - parts.sum(axis=1))
    )
    if parts.shape[1] > watched.size:
        total = total + _unwatched(problem, growth, shares)[:, parts[:, -1] + 1]
    return float(growth.of(problem.top[: problem.dim]).sum()) - total


def _squares(problem: Reduced, index: np.ndarray, shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """kappa_i^2 and by how much it can be lowered, at most by each share."""
    upper = problem.top[index] ** 2
    return upper, np.minimum(shares[..., None], upper - problem.top[index + problem.outputs] ** 2)


def _steepest(growth: Growth, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The steepest line from g(sqrt(start)) down to g(sqrt(y)), end <= y <= start: g(sqrt(y)) is concave or convex, so
    it leads to the end or is the tangent."""
    width = start - end
    chord = (growth.of(np.sqrt(start)) - growth.of(np.sqrt(end))) / np.where(width > 0, width, 1.0)
    return np.maximum(np.where(width > 0, chord, 0.0), growth.steepness(start))


def _unwatched(problem: Reduced, growth: Growth, shares: np.ndarray) -> np.ndarray:
    """The most that all g(x_i) which are not watched lose together when their squares are lowered by each share."""
    upper, caps = _squares(problem, np.setdiff1d(np.arange(problem.dim), problem.watched), shares)
    return _filled(_steepest(growth, upper, upper - caps), caps, shares)


def _filled(slopes: np.ndarray, caps: np.ndarray, budget: np.ndarray) -> np.ndarray:
    """The largest sum, along the last axis, that a budget buys at these prices: the steepest are filled first."""
    order = np.argsort(-slopes, axis=-1)
    slopes, caps = (np.take_along_axis(part, order, axis=-1) for part in (slopes, caps))
    before = np.cumsum(caps, axis=-1) - caps
    return np.sum(slopes * np.clip(budget[..., None] - before, 0.0, caps), axis=-1)


@functools.lru_cache(maxsize=64)
def _compositions(parts: int, total: int) -> np.ndarray:
    """All ways to write `total` as an ordered sum of `parts` non-negative integers."""
    bars = np.array(list(itertools.combinations(range(total + parts - 1), parts - 1)), dtype=int)
    edges = np.concatenate([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), total + parts - 1)], axis=1)
    return np.diff(edges, axis=1) - 1


def cells(problem: Reduced) -> Int[np.ndarray, "c w"]:
    """Whole parts of eps, out of M, that each group takes; the last column is for what is not watched, if any.

    Rounding down w shares that sum to M leaves less than w parts, so sums from M - w + 1 to M - 1 cover everything (a
    share of a whole number of parts may be counted as one part less and a full one).
    """
    groups = problem.watched.size + (problem.watched.size < problem.dim)
    pieces = PIECES.get(groups, LEAST_PIECES)
    fewest = max(min(pieces - groups + 1, pieces - 1), 0)
    return np.concatenate([_compositions(groups, total) for total in range(fewest, pieces)])


def dual(
    problem: Reduced, growth: Growth, losses: Float[np.ndarray, " L"], shift: Float[np.ndarray, " r"] | None = None
) -> Dual:
    """Multipliers good for these losses: a grid, then cuts around the best of each loss.

    Every multiplier gives a valid bound, so a coarse search or rounding in it can only loosen the curve.
    """
    shift = np.zeros(problem.cross.shape[1]) if shift is None else shift
    energy = float(np.sum(problem.shifted(shift) ** 2))
    found = Dual(growth, shift, np.zeros(1), np.zeros(1), np.zeros(1))
    if not energy or not problem.dim:
        return found
    large = problem.kappa.size > LARGE
    fresh = energy * (GRID[::2] if large else GRID)
    for _ in range(2 if large else ROUNDS):
        found = _extended(problem, found, fresh)
        fresh = _cuts(found, np.unique(np.argmax(_tradeoff(problem, found, losses), axis=-1)))
        if not fresh.size:
            break
    return found


def captured(problem: Reduced, duals: tuple[Dual, ...], losses: Float[np.ndarray, " L"]) -> Float[np.ndarray, " L"]:
    """At least this much of the label's energy is captured by every representation of at most these losses.

    Each cell picks its best growth, intercept and multiplier; the worst cell counts.
    """
    if not problem.dim:
        return np.zeros(losses.size)
    best = np.zeros((losses.size, 1))
    for found in duals:
        values = _tradeoff(problem, found, losses).max(axis=-1) - float(found.shift @ found.shift)
        best = np.maximum(best, values)
    return best.min(axis=1)


def _tradeoff(problem: Reduced, found: Dual, losses: np.ndarray) -> np.ndarray:
    """s H - value, (L, cells, S)."""
    return found.multipliers * least_growth(problem, found.growth, losses)[:, :, None] - found.values


def _extended(problem: Reduced, found: Dual, fresh: np.ndarray) -> Dual:
    values, slopes = top_sums(problem, found, fresh)
    together = zip((found.multipliers, found.values, found.slopes), (fresh, values, slopes), strict=True)
    multipliers, values, slopes = (np.concatenate(pair) for pair in together)
    _, first = np.unique(multipliers, return_index=True)
    return Dual(found.growth, found.shift, multipliers[first], values[first], slopes[first])


def _cuts(found: Dual, best: np.ndarray) -> np.ndarray:
    """Where the tangents at the best multipliers meet those of their neighbours: kinks are hit at once."""
    left = np.unique(np.concatenate([np.maximum(best - 1, 0), np.minimum(best, found.multipliers.size - 2)]))
    offsets = found.values - found.slopes * found.multipliers
    bend = found.slopes[left + 1] - found.slopes[left]
    cut = (offsets[left] - offsets[left + 1]) / np.where(bend > 0, bend, 1.0)
    inside = (bend > 0) & (cut > found.multipliers[left]) & (cut < found.multipliers[left + 1])
    return cut[inside]


def top_sums(
    problem: Reduced, found: Dual, multipliers: Float[np.ndarray, " S"]
) -> tuple[Float[np.ndarray, " S"], Float[np.ndarray, " S"]]:
    """Sum of the d largest positive eigenvalues of s g(K) - C C.T, plus the backward error of the eigensolver, and its
    derivative in s."""
    grown, cross = found.growth.of(problem.kappa), problem.shifted(found.shift)
    energy = cross @ cross.T
    sums, slopes, order = np.empty(multipliers.size), np.empty(multipliers.size), grown.size
    block = max(1, 2**22 // max(order, 1) ** 2)
    for start in range(0, multipliers.size, block):
        part = slice(start, start + block)
        values, vectors = np.linalg.eigh(multipliers[part, None, None] * np.diag(grown) - energy)
        head = values[:, ::-1][:, : problem.dim]
        counted = (head > 0) | problem.full
        sums[part] = np.sum(head * counted, axis=1)
        weight = grown @ vectors[:, :, ::-1][:, :, : problem.dim] ** 2
        slopes[part] = np.sum(weight * counted, axis=1)
    scale = multipliers * float(grown.max(initial=0.0)) + float(np.trace(energy))
    return sums + BACKWARD * order * EPS * problem.dim * scale, slopes
