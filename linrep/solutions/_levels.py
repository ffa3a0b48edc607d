"""Distinct eigenvalues of a process with closed-form spectrum, each with its exact multiplicity, from the largest."""

import functools
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linrep._types import Rational
from linrep.processes._grouping import Grouping
from linrep.processes._merging import BIGGEST_COUNT, Cells, Slack, merge
from linrep.processes._modes import AbstractGroup


@dataclass(frozen=True, eq=False)
class Levels:
    """The leading distinct eigenvalues of K, cell by cell.

    Attributes:
        grouping: the groups of coordinates.
        cells: products of one level of each group, sorted.
        starts: (levels,) the first cell of each distinct eigenvalue; its cells are consecutive.
        exact: whether equal eigenvalues were told from close ones by whole numbers, not within an error.
    """

    grouping: Grouping
    cells: Cells
    starts: np.ndarray
    exact: bool

    @property
    def count(self) -> int:
        """Number of distinct eigenvalues listed."""
        return self.starts.size

    @functools.cached_property
    def floats(self) -> np.ndarray:
        """The distinct eigenvalues in float64, (levels,)."""
        return self.cells.values[self.starts]

    def value(self, level: int) -> Rational:
        """A distinct eigenvalue, a Fraction where it is exactly known."""
        return cell_value(self.cells, int(self.starts[level])) if self.exact else float(self.floats[level])

    @functools.cached_property
    def multiplicities(self) -> list[int]:
        """How many eigenfunctions share each distinct eigenvalue, exactly."""
        return self.sums(cell_multiplicities(self.cells))

    @functools.cached_property
    def ends(self) -> list[int]:
        """How many eigenvalues are at least as large as each distinct one."""
        return list(itertools.accumulate(self.multiplicities))

    def locate(self, values: np.ndarray, exact: Callable[[int], Rational] | None = None) -> np.ndarray:
        """The level of each eigenvalue, -1 below all listed ones; `exact(i)` is asked where floats are close."""
        slack = Slack.of(self.grouping.groups)
        width = slack.relative * values + slack.absolute
        first = np.searchsorted(-self.floats, -(values + width))
        last = np.searchsorted(-self.floats, -(values - width), side="right")
        found = np.where(first < last, first, -1)
        if exact is not None and self.exact:
            for place in np.flatnonzero(last - first > 1):
                value = exact(int(place))
                found[place] = next(k for k in range(first[place], last[place]) if self.value(k) == value)
        return found

    def sums(self, terms: np.ndarray) -> list:
        """Terms of the cells added up over each distinct eigenvalue, as Python numbers."""
        return np.add.reduceat(terms, self.starts).tolist() if self.count else []

    def indices(self, count: int) -> np.ndarray:
        """Multi-indices of the first `count` eigenfunctions, (count, width): the number of a mode for each coordinate.

        Eigenfunctions of one eigenvalue are listed cell by cell, in the groups' own order.
        """
        sizes = np.minimum(self.cells.counts, count).astype(np.int64)
        listed = int(np.searchsorted(np.cumsum(sizes), count)) + 1
        cell = np.repeat(np.arange(sizes[:listed].size), sizes[:listed])[:count]
        rank = np.arange(cell.size) - np.concatenate([[0], np.cumsum(sizes[:listed])])[cell]
        table = np.zeros((self.grouping.width, cell.size), dtype=np.int32)
        for column, (group, places) in enumerate(zip(self.grouping.groups, self.grouping.coordinates, strict=True)):
            rank = _fill(table, places, group, (self.cells, column), cell, rank)
        return table.T


def _fill(
    table: np.ndarray,
    places: np.ndarray,
    group: AbstractGroup,
    where: tuple[Cells, int],
    cell: np.ndarray,
    rank: np.ndarray,
) -> np.ndarray:
    """Write the modes of one group's coordinates, a row each, in mixed radix: the rank modulo its multiplicity chooses;
    the quotient is left for the next group."""
    cells, column = where
    level = cells.places[cell, column]
    names = cells.levels[column]
    # Ranks stay below the number of rows, so a larger multiplicity never wraps.
    radix = np.array([min(name.multiplicity, table.shape[1] + 1) for name in names])
    used = np.unique(level)
    members = [group.members(names[k].name, int(radix[k])) for k in used]
    offsets = np.zeros(len(names), dtype=np.int64)
    offsets[used] = np.concatenate([[0], np.cumsum([m.shape[0] for m in members[:-1]])]).astype(np.int64)
    rows = offsets[level] + rank % radix[level]
    listed = np.concatenate(members)
    table[places] = listed[rows].T
    return rank // radix[level]


def leading_levels(grouping: Grouping, count: int) -> Levels:
    """All distinct eigenvalues among the `count` largest eigenvalues, with the next one below them."""
    cells = merge(grouping.groups, count)
    slack = Slack.of(grouping.groups)
    values = cells.values
    apart = values[:-1] - values[1:] > slack.relative * values[:-1] + slack.absolute
    cluster = np.concatenate([[0], np.cumsum(apart)])
    if not grouping.exact or apart.all():
        return Levels(grouping, cells, np.flatnonzero(np.diff(cluster, prepend=-1)), grouping.exact)
    order, starts = _exactly(grouping, cells, cluster)
    return Levels(grouping, _reordered(cells, order), starts, True)


def cell_value(cells: Cells, cell: int) -> Fraction:
    """The eigenvalue of a cell as a Fraction."""
    chosen = zip(cells.levels, cells.places[cell], strict=True)
    return math.prod((Fraction(levels[k].value) for levels, k in chosen), start=Fraction(1))


def cell_multiplicities(cells: Cells) -> np.ndarray:
    """How many eigenfunctions share each cell: int64 where they all fit with their sum, else Python ints."""
    if cells.counts.sum() < BIGGEST_COUNT:
        return cells.counts.astype(np.int64)
    exact = np.full(cells.counts.size, 1, dtype=object)
    for column, levels in enumerate(cells.levels):
        exact = exact * np.array([level.multiplicity for level in levels], dtype=object)[cells.places[:, column]]
    return exact


def _exactly(grouping: Grouping, cells: Cells, cluster: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Order of the cells and starts of the distinct eigenvalues, close ones told apart by their prime-like factors."""
    crowded = np.flatnonzero(np.bincount(cluster)[cluster] > 1)
    keys = _keys(grouping, cells, crowded)
    same = np.zeros(cells.values.size, dtype=np.int64)
    same[crowded] = np.unique(keys, return_inverse=True)[1].ravel()
    rank = np.zeros(cells.values.size, dtype=np.int64)  # exact order of different values within a cluster
    first = np.flatnonzero(np.diff(cluster, prepend=-1))
    mixed = np.flatnonzero(np.minimum.reduceat(same, first) != np.maximum.reduceat(same, first))
    for start, stop in zip(first[mixed], np.append(first, cluster.size)[mixed + 1], strict=True):
        names, where = np.unique(same[start:stop], return_index=True)
        exact = [cell_value(cells, int(start + k)) for k in where]
        ranked = sorted(range(names.size), key=lambda k: exact[k], reverse=True)
        places = {names[k]: place for place, k in enumerate(ranked)}
        rank[start:stop] = [places[name] for name in same[start:stop]]
    order = np.lexsort((rank, cluster))
    changes = np.diff(cluster[order], prepend=-1) + np.abs(np.diff(rank[order], prepend=-1)) != 0
    return order, np.flatnonzero(changes)


def _keys(grouping: Grouping, cells: Cells, rows: np.ndarray) -> np.ndarray:
    """One opaque key a row, equal exactly where the eigenvalues are: exponents over a common base of coprimes."""
    base = coprime_base([value for group in grouping.groups for value in group.generators])
    exponents = np.zeros((rows.size, len(base)), dtype=np.int64)
    for column, (group, levels) in enumerate(zip(grouping.groups, cells.levels, strict=True)):
        powers = np.array([level.name for level in levels], dtype=np.int64)
        of_generators = np.array([_exponents(Fraction(value), base) for value in group.generators], dtype=np.int64)
        exponents += (powers @ of_generators.reshape(len(group.generators), len(base)))[cells.places[rows, column]]
    if not base:
        return np.zeros(rows.size, dtype=np.int64)
    return np.ascontiguousarray(exponents).view(np.dtype((np.void, exponents.itemsize * len(base)))).ravel()


def coprime_base(values: list[Rational]) -> list[int]:
    """Pairwise coprime numbers above 1 of whose powers the numerators and denominators are products.

    Powers of coprime numbers are equal only if their exponents are: so exponents decide equality.
    """
    base: list[int] = []
    pending = [part for value in values for part in Fraction(value).as_integer_ratio()]
    while pending:
        number = pending.pop()
        for place, other in enumerate(base):
            common = math.gcd(number, other)
            if common > 1:
                del base[place]
                pending += [common, number // common, other // common]
                break
        else:
            if number > 1:
                base.append(number)
    return sorted(set(base))


def _exponents(value: Fraction, base: list[int]) -> list[int]:
    top, bottom = value.as_integer_ratio()
    return [_valuation(top, prime) - _valuation(bottom, prime) for prime in base]


def _valuation(number: int, prime: int) -> int:
    count = 0
    while number % prime == 0:
        number, count = number // prime, count + 1
    return count


def _reordered(cells: Cells, order: np.ndarray) -> Cells:
    return Cells(cells.values[order], cells.counts[order], cells.places[order], cells.levels, cells.everything)
