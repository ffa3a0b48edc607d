"""The largest products of several lists of eigenvalues, by merging sorted lists: 2^50 products, none of them listed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from linrep._linalg import product_error
from linrep.processes._modes import AbstractGroup, Level

BIGGEST_COUNT = 2.0**53
"""Multiplicities up to here are whole numbers in float64."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Products of one level of each group, in descending order of their values, with all that tie with the last.

    Attributes:
        values: (L,), descending.
        counts: how many eigenfunctions share each cell, (L,), rounded above 2^53.
        places: which level of each group, (L, number of groups).
        levels: the levels of each group.
        everything: whether no positive product is missing.
    """

    values: np.ndarray
    counts: np.ndarray
    places: np.ndarray
    levels: tuple[tuple[Level, ...], ...]
    everything: bool


class Slack(NamedTuple):
    """How far computed products may be from the true ones: errors of the eigenvalues add up, all being at most 1."""

    relative: float
    absolute: float

    @classmethod
    def of(cls, groups: Sequence[AbstractGroup]) -> "Slack":
        """Twice the error of one product: what two equal ones can differ by. Doubled for what is computed from them."""
        rounding = product_error(sum(group.width for group in groups))
        return cls(4 * rounding, 4 * sum(group.width * group.error for group in groups))

    def below(self, value: float) -> float:
        """What a product may read that equals one that reads `value`."""
        return max(value * (1 - self.relative) - self.absolute, 0.0)


class _Merged(NamedTuple):
    """Products so far; each points to the product it grew from and to its level of the last group."""

    values: np.ndarray
    counts: np.ndarray
    parents: np.ndarray
    places: np.ndarray
    complete: bool


def merge(groups: Sequence[AbstractGroup], count: int) -> Cells:
    """The cells of the `count` largest products and of the next value below them, ties included."""
    slack = Slack.of(groups)
    found = _Merged(np.ones(1), np.ones(1), np.zeros(1, dtype=np.int64), np.zeros(1, dtype=np.int64), True)
    history, levels = [], []
    for group in groups:
        # Once there are enough products, a level of the next group matters only above the least of them.
        least = _threshold(found.values, found.counts, count, slack)
        used, complete = _leading(group.levels(), count, least, slack)
        found = _extend(found, used, complete, (count, least), slack)
        history.append(found)
        levels.append(used)
    places = np.zeros((found.values.size, len(groups)), dtype=np.int64)
    row = np.arange(found.values.size)
    for column in range(len(groups) - 1, -1, -1):
        places[:, column] = history[column].places[row]
        row = history[column].parents[row]
    return Cells(found.values, found.counts, places, tuple(levels), found.complete)


def _threshold(values: np.ndarray, counts: np.ndarray, count: int, slack: Slack) -> float:
    """Values below this are beyond the first count + 1 products, whatever their rounding; 0 while there are fewer."""
    reached = np.searchsorted(np.cumsum(counts), count + 0.5)
    return slack.below(float(values[reached])) if reached < values.size else 0.0


def _leading(levels: Iterator[Level], count: int, least: float, slack: Slack) -> tuple[tuple[Level, ...], bool]:
    """The levels of a group that can matter, descending, and whether these are all."""
    kept: list[Level] = []
    total = 0
    for level in levels:
        if float(level.value) < slack.below(least):
            return _descending(kept), False
        kept.append(level)
        total += level.multiplicity
        if total > count:
            least = max(least, slack.below(float(level.value)))
    return _descending(kept), True


def _descending(levels: list[Level]) -> tuple[Level, ...]:
    return tuple(sorted(levels, key=lambda level: -float(level.value)))


def _extend(
    found: _Merged, levels: tuple[Level, ...], complete: bool, wanted: tuple[int, float], slack: Slack
) -> _Merged:
    """All products of those found and the levels that can be among the largest count + 1; `wanted` are the count and
    the least of those found that matter."""
    count, least = wanted
    factors = np.array([float(level.value) for level in levels])
    sizes = np.array([float(min(level.multiplicity, 2**900)) for level in levels])
    least = least if factors[0] == 1 else 0.0
    # Levels that are larger for certain.
    above = np.searchsorted(-factors, -(factors * (1 + slack.relative) + slack.absolute)).tolist()
    taken, size, below = [], found.values.size, -found.values
    for factor, more in zip(factors.tolist(), above, strict=True):
        # The i-th product times this level is below i times `more` others.
        room = (count + 1) // more + 1 if more else size
        inside = int(below.searchsorted(-max(least / factor, 0.0), side="right")) if factor else 0
        taken.append(min(inside, room, size))
    pruned = not (complete and found.complete) or min(taken) < size
    parents = np.concatenate([np.arange(n) for n in taken])
    places = np.repeat(np.arange(len(levels)), taken)
    values = found.values[parents] * factors[places]
    order = np.argsort(-values, kind="stable")  # merges the sorted runs
    counts = np.minimum(found.counts[parents] * sizes[places], 1e300)[order]
    values = values[order]
    kept = np.searchsorted(-values, -_threshold(values, counts, count, slack), side="right")
    pruned |= bool(kept < values.size)
    order = order[:kept]
    return _Merged(values[:kept], counts[:kept], parents[order], places[order], not pruned)
