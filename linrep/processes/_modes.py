"""Eigenvalues of independent coordinates, grouped: coordinates alike share one list of eigenvalues."""

import abc
import heapq
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from linrep._types import Rational


class Level(NamedTuple):
    """One eigenvalue of a group of coordinates: its value, how many eigenfunctions share it, and its name there."""

    value: Rational
    multiplicity: int
    name: tuple[int, ...]


class AbstractGroup(abc.ABC):
    """Independent coordinates whose eigenvalues are products of a few numbers, the generators."""

    width: int
    """Number of coordinates."""
    error: float
    """Absolute error of the eigenvalues; 0 for Fractions and for formulas, which are rounded only."""

    @property
    @abc.abstractmethod
    def exact(self) -> bool:
        """Whether the generators are Fractions."""

    @property
    @abc.abstractmethod
    def size(self) -> int | float:
        """Number of eigenvalues, zeros included."""

    @property
    @abc.abstractmethod
    def rank(self) -> int | float:
        """Number of positive eigenvalues."""

    @property
    @abc.abstractmethod
    def generators(self) -> tuple[Rational, ...]:
        """The numbers whose powers make up the eigenvalues."""

    @abc.abstractmethod
    def levels(self) -> Iterator[Level]:
        """The positive eigenvalues in descending order, up to rounding; values may repeat. The name of a level is the
        powers of the generators."""

    @abc.abstractmethod
    def members(self, name: tuple[int, ...], limit: int) -> np.ndarray:
        """The first `limit` eigenfunctions of a level in a fixed order: the number of a mode for each coordinate, 0 for
        the constant; (at most limit, width)."""


@dataclass(frozen=True)
class Alike(AbstractGroup):
    """`width` coordinates alike, each with the eigenvalue 1 of the constant and the positive `modes`, descending.

    `total` is the number of eigenvalues of one coordinate, zeros included.
    """

    modes: tuple[Rational, ...]
    width: int
    total: int
    error: float = 0.0

    @property
    def exact(self) -> bool:
        return all(isinstance(value, Fraction) for value in self.modes)

    @property
    def size(self) -> int:
        return self.total**self.width

    @property
    def rank(self) -> int:
        return (len(self.modes) + 1) ** self.width

    @property
    def classes(self) -> list[tuple[Rational, list[int]]]:
        """Distinct eigenvalues of one coordinate, each with the modes that have it; the constant is mode 0."""
        found: list[tuple[Rational, list[int]]] = []
        for mode, value in enumerate((Fraction(1), *self.modes)):
            if found and (found[-1][0] == value or (self.error and abs(found[-1][0] - value) <= 2 * self.error)):
                found[-1][1].append(mode)
            else:
                found.append((value, [mode]))
        return found

    @property
    def generators(self) -> tuple[Rational, ...]:
        return tuple(value for value, _ in self.classes)

    def levels(self) -> Iterator[Level]:
        """Best first over the ways to hand out the distinct values; each way has one parent, never below it."""
        classes = self.classes
        values, sizes = tuple(value for value, _ in classes), [len(modes) for _, modes in classes]
        floats = [float(v) for v in values]
        heap: list[tuple[float, tuple[int, ...]]] = [
            (-(floats[0] ** self.width), (self.width, *(0,) * (len(values) - 1)))
        ]
        while heap:
            _, counts = heapq.heappop(heap)
            yield Level(_power(values, counts), _ways(counts, sizes), counts)
            for child in _children(counts):
                heapq.heappush(heap, (-math.prod(v**c for v, c in zip(floats, child, strict=True)), child))

    def members(self, name: tuple[int, ...], limit: int) -> np.ndarray:
        modes = [numbers for _, numbers in self.classes]
        if [len(numbers) for numbers in modes] == [1, 1]:
            return _marked(itertools.combinations(range(self.width), name[1]), name[1], self.width, limit)
        chosen = (itertools.product(*(modes[k] for k in places)) for places in _arrangements(name, self.width))
        listed = list(itertools.islice(itertools.chain.from_iterable(chosen), limit))
        return np.array(listed, dtype=np.int32).reshape(len(listed), self.width)


@dataclass(frozen=True)
class Hermite(AbstractGroup):
    """Gaussian coordinates: the degree m has the eigenvalue square^m, binom(width + m - 1, m) times."""

    square: Rational
    width: int
    error: float = 0.0

    @property
    def exact(self) -> bool:
        return isinstance(self.square, Fraction)

    @property
    def size(self) -> float:
        return math.inf

    @property
    def rank(self) -> int | float:
        return math.inf if self.square else 1

    @property
    def generators(self) -> tuple[Rational, ...]:
        return (self.square,)

    def levels(self) -> Iterator[Level]:
        for degree in itertools.count() if self.square else (0,):
            yield Level(self.square**degree, math.comb(self.width + degree - 1, degree), (degree,))

    def members(self, name: tuple[int, ...], limit: int) -> np.ndarray:
        chosen = itertools.combinations_with_replacement(range(self.width), name[0])
        return _marked(chosen, name[0], self.width, limit)


@dataclass(frozen=True)
class Fourier(AbstractGroup):
    """A circle: exp(-m^2 noise^2), once for m = 0, else for the cosine, mode 2m - 1, and the sine, mode 2m."""

    noise: float
    width: int = 1
    error: float = 0.0

    @property
    def exact(self) -> bool:
        return False

    @property
    def size(self) -> float:
        return math.inf

    @property
    def rank(self) -> float:
        return math.inf

    @property
    def generators(self) -> tuple[Rational, ...]:
        return (math.exp(-(self.noise**2)),)

    def levels(self) -> Iterator[Level]:
        for mode in itertools.count():
            yield Level(math.exp(-((mode * self.noise) ** 2)), 2 if mode else 1, (mode * mode,))

    def members(self, name: tuple[int, ...], limit: int) -> np.ndarray:
        mode = math.isqrt(name[0])
        return np.array([[2 * mode - 1], [2 * mode]] if mode else [[0]], dtype=np.int32)[:limit]


def _marked(chosen: Iterator[tuple[int, ...]], order: int, width: int, limit: int) -> np.ndarray:
    """How often each of `width` coordinates occurs in each of the first `limit` tuples of length `order`."""
    flat = np.fromiter(itertools.chain.from_iterable(itertools.islice(chosen, limit)), dtype=np.int64)
    rows = flat.reshape(-1, order) if order else np.zeros((min(limit, 1), 0), dtype=np.int64)
    table = np.zeros((rows.shape[0], width), dtype=np.int32)
    np.add.at(table, (np.arange(rows.shape[0])[:, None], rows), 1)
    return table


def _power(values: tuple[Rational, ...], counts: tuple[int, ...]) -> Rational:
    """prod v^c, exact where the values with a positive power are."""
    return math.prod((v**c for v, c in zip(values, counts, strict=True) if c), start=Fraction(1))


def _ways(counts: tuple[int, ...], sizes: list[int]) -> int:
    """Eigenfunctions that hand out each value `counts` times, with `sizes` modes of each value."""
    left, ways = sum(counts), 1
    for count, size in zip(counts, sizes, strict=True):
        ways *= math.comb(left, count) * size**count
        left -= count
    return ways


def _children(counts: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Read the counts as the list of the coordinates' value numbers, highest first: its last non-zero entry grows by
    one, or the next entry becomes one. Undoing that on the last non-zero entry gives the only parent."""
    if counts[0] and len(counts) > 1:
        yield (counts[0] - 1, counts[1] + 1, *counts[2:])
    lowest = next((k for k in range(1, len(counts)) if counts[k]), len(counts))
    if lowest + 1 < len(counts) and counts[lowest] == 1:
        yield (*counts[:lowest], 0, counts[lowest + 1] + 1, *counts[lowest + 2 :])


def _arrangements(counts: tuple[int, ...], width: int) -> Iterator[tuple[int, ...]]:
    """All lists of `width` value numbers in which number k occurs counts[k] times; higher numbers placed first."""

    def placed(rest: tuple[int, ...], free: tuple[int, ...]) -> Iterator[dict[int, int]]:
        if len(rest) == 1:
            yield {}
            return
        for chosen in itertools.combinations(free, rest[-1]):
            left = tuple(place for place in free if place not in chosen)
            for others in placed(rest[:-1], left):
                yield {**others, **dict.fromkeys(chosen, len(rest) - 1)}

    for where in placed(counts, tuple(range(width))):
        yield tuple(where.get(place, 0) for place in range(width))
