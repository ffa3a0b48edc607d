"""Labels of hypercube inputs by their Walsh coefficients: the correlation with each parity of coordinates."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linrep._checks import InputError, require
from linrep._linalg import sum_error
from linrep._types import Rational
from linrep.labels import AbstractLabel, Coordinate, Linear, Multilinear, Parity, Threshold
from linrep.processes._laws import number

LARGEST_ENUMERATION = 22
"""Most coordinates whose sign patterns are listed one by one."""


@dataclass(frozen=True, eq=False)
class Coefficients:
    """A label in the basis of parities.

    Attributes:
        of: the coefficient E[label chi_S] of a sorted tuple S of coordinates.
        square: E label^2.
        support: the tuples S with a non-zero coefficient, for labels that are written as polynomials; else empty.
    """

    of: Callable[[tuple[int, ...]], Rational]
    square: Rational
    support: tuple[tuple[int, ...], ...] = ()


def multilinear(label: AbstractLabel, dim: int) -> Coefficients | None:
    """Coefficients of labels that are multilinear polynomials as they are written; None for thresholds."""
    if isinstance(label, Coordinate):
        check_coordinate(label.index, dim, "Coordinate")
        return _from_table({(label.index,): Fraction(1)})
    if isinstance(label, Parity):
        check_coordinate(max(label.subset, default=0), dim, "Parity")
        return _from_table({label.subset: Fraction(1)})
    if isinstance(label, Multilinear):
        terms: dict[tuple[int, ...], Rational] = dict(label.terms)
        check_coordinate(max((i for members in terms for i in members), default=0), dim, "Multilinear")
        return _from_table(terms)
    if isinstance(label, Linear):
        return _from_table({(i,): w for i, w in enumerate(weights_of(label, dim)) if w != 0})
    return None


def walsh(label: AbstractLabel, dim: int) -> Coefficients:
    """Coefficients of a label over uniform signs; thresholds by enumerating the coordinates that they read.

    Raises:
        InputError: a coordinate beyond `dim`, a threshold of more than 22 coordinates of unequal weight, another label.
    """
    written = multilinear(label, dim)
    if written is not None:
        return written
    if not isinstance(label, Threshold):
        raise InputError(
            f"labels: {type(label).__name__} has no closed form on the hypercube; use Coordinate, Linear, Threshold or "
            "Parity, or the process's finite()."
        )
    weights = weights_of(label, dim)
    offset = number(label.offset, owner="Threshold", name="offset")
    support = [i for i, w in enumerate(weights) if w != 0]
    kept = [weights[i] for i in support]
    if len({abs(w) for w in kept}) <= 1:
        signs = {i: 1 if weights[i] > 0 else -1 for i in support}
        modulus = Fraction(abs(kept[0]) if kept else 0)
        return Coefficients(functools.partial(_symmetric, signs, modulus, Fraction(offset)), Fraction(1))
    require(
        len(support) <= LARGEST_ENUMERATION,
        f"Threshold: its {len(support)} weights are unequal, but exact coefficients list all sign patterns of at most "
        f"{LARGEST_ENUMERATION} coordinates; use equal weights or fewer coordinates.",
    )
    table = walsh_transform(threshold_signs(kept, offset).astype(np.int64))
    places = {coordinate: len(support) - 1 - k for k, coordinate in enumerate(support)}
    return Coefficients(functools.partial(_enumerated, places, table), Fraction(1))


def weights_of(label: Linear | Threshold, dim: int) -> list[Rational]:
    """The weights of a label, exact where they are, checked against the number of coordinates and padded with zeros."""
    check_coordinate(len(label.weights) - 1, dim, type(label).__name__)
    weights = [number(w, owner=type(label).__name__, name="a weight") for w in label.weights]
    return weights + [Fraction(0)] * (dim - len(weights))


def check_coordinate(index: int, dim: int, owner: str) -> None:
    """Refuse a label that reads a coordinate which inputs do not have."""
    require(
        0 <= index < dim or index == -1,
        f"{owner}: inputs have {dim} coordinates, but coordinate {index} is needed; name a smaller one, from 0.",
    )


def threshold_signs(weights: list[Rational], offset: Rational) -> np.ndarray:
    """sign(w . x + offset), with sign(0) = 1, on all 2^k patterns; the last coordinate varies fastest, +1 first.

    Floats are the dyadic numbers that they are, so every sign is right: sums run in whole numbers where they fit, else
    in float64, and the few within its error bound of zero are summed again exactly.
    """
    exact = [Fraction(w) for w in weights]
    shift = Fraction(offset)
    common = math.lcm(shift.denominator, *(w.denominator for w in exact))
    integers, start = [int(w * common) for w in exact], int(shift * common)
    size = sum(map(abs, integers)) + abs(start)
    if size < 2**62:
        return np.where(_sums(integers, start, np.int64) >= 0, 1, -1)
    scale = size.bit_length()
    scores = _sums([float(Fraction(w, 2**scale)) for w in integers], float(Fraction(start, 2**scale)), np.float64)
    signs = np.where(scores >= 0, 1, -1)
    # weights rounded once each, then k additions of numbers that sum to at most 1 in modulus
    for pattern in np.flatnonzero(np.abs(scores) <= 2 * sum_error(len(weights) + 1, 1.0)):
        flipped = [(int(pattern) >> (len(weights) - 1 - i)) & 1 for i in range(len(weights))]
        signs[pattern] = 1 if start + sum(-w if f else w for w, f in zip(integers, flipped, strict=True)) >= 0 else -1
    return signs


def _sums(weights: list[int] | list[float], start: float, kind: type) -> np.ndarray:
    """start + w . x over all sign patterns, built coordinate by coordinate."""
    sums = np.array([start], dtype=kind)
    for weight in weights:
        sums = np.stack([sums + kind(weight), sums - kind(weight)], axis=1).ravel()
    return sums


def walsh_transform(values: np.ndarray) -> np.ndarray:
    """Walsh-Hadamard transform: the sum over patterns of value times chi_S, S read as the bits of the place."""
    order = values.size.bit_length() - 1
    cube = values.reshape((2,) * order)
    for axis in range(order):
        plus, minus = np.take(cube, 0, axis=axis), np.take(cube, 1, axis=axis)
        cube = np.stack([plus + minus, plus - minus], axis=axis)
    return cube.reshape(-1)


def _enumerated(places: dict[int, int], table: np.ndarray, members: tuple[int, ...]) -> Fraction:
    if any(i not in places for i in members):
        return Fraction(0)
    return Fraction(int(table[sum(1 << places[i] for i in members)]), table.size)


def _symmetric(signs: dict[int, int], modulus: Fraction, offset: Fraction, members: tuple[int, ...]) -> Fraction:
    """Equal moduli c: the label depends on the number of coordinates that disagree with the weights' signs only."""
    if any(i not in signs for i in members):
        return Fraction(0)
    value = _equal_weights(len(signs), len(members), modulus, offset)
    return value if math.prod(signs[i] for i in members) > 0 else -value


@functools.lru_cache(maxsize=4096)
def _equal_weights(count: int, order: int, modulus: Fraction, offset: Fraction) -> Fraction:
    """E[sign(c sum x + offset) x_1 … x_order] for `count` uniform signs."""
    total = 0
    for minus in range(count + 1):
        sign = 1 if modulus * (count - 2 * minus) + offset >= 0 else -1
        inside = range(max(0, minus - (count - order)), min(order, minus) + 1)
        total += sign * sum((-1) ** i * math.comb(order, i) * math.comb(count - order, minus - i) for i in inside)
    return Fraction(total, 2**count)


def _from_table(table: dict[tuple[int, ...], Rational]) -> Coefficients:
    square = sum((value * value for value in table.values()), Fraction(0))
    return Coefficients(lambda members: table.get(members, Fraction(0)), square, tuple(table))
