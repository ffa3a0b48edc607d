"""The sums of a stream of pairs: which products are summed, how they are added, and how far rounding can move them.

A pair (a, b) of feature vectors enters through s = a + b and t = a - b, because

    a a^T + b b^T = (s s^T + t t^T) / 2    and    a b^T + b a^T = (s s^T - t t^T) / 2:

Sigma and Sigma_bar are the mean of (s s^T +- t t^T) / 4, two symmetric products instead of three products of which one
is not symmetric. The squares of their terms, (s_j s_k +- t_j t_k)^2 / 16, need s^2 (s^2)^T + t^2 (t^2)^T and
(s t) (s t)^T.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

CHUNK_ROWS = 1024
"""Pairs in one matrix product."""

BLOCK_ROWS = 16384
"""Pairs that are added in plain arithmetic, on each device, before their sum joins the compensated total."""

MIRROR = 128
"""Order of the square blocks that are mirrored at the diagonal."""

SYMMETRIC = ("s", "t")
QUARTIC = ("quartic", "mixed")

HALF_DOUBLE = float(np.finfo(np.float64).eps) / 2
HALF_SINGLE = float(np.finfo(np.float32).eps) / 2


def shapes(dim: int, outputs: int, errors: bool) -> dict[str, tuple[int, ...]]:
    """The shape of every sum; `outputs` is 0 without labels."""
    found: dict[str, tuple[int, ...]] = dict.fromkeys(SYMMETRIC + (QUARTIC if errors else ()), (dim, dim))
    found["sum"] = (dim,)
    if outputs:
        found |= {"cross": (dim, outputs), "cross_sq": (dim, outputs), "label": (outputs,), "label_sq": (outputs,)}
    return found


def symmetric_terms(s: Any, t: Any, errors: bool) -> Iterator[tuple[str, Any]]:
    """(name, rows): rows^T rows is added to the sum of that name. Arrays of NumPy or of JAX."""
    yield "s", s
    yield "t", t
    if errors:
        yield "quartic", s * s
        yield "quartic", t * t
        yield "mixed", s * t


def label_terms(s: Any, y: Any) -> Iterator[tuple[str, Any, Any]]:
    """(name, left, right): left^T right is added to the sum of that name."""
    yield "cross", s, y
    yield "cross_sq", s * s, y * y


def two_sum(first: Any, second: Any) -> tuple[Any, Any]:
    """first + second rounded, and what the rounding lost, exactly (Knuth, TAOCP 2, 4.2.2 theorem B)."""
    total = first + second
    part = total - first
    return total, (first - (total - part)) + (second - part)


def fold(high: np.ndarray, low: np.ndarray, value: np.ndarray) -> None:
    """Add `value` to the compensated total high + low, in place and a few columns at a time, which stay in cache."""
    with np.errstate(invalid="ignore", over="ignore"):
        for columns in _panels(high):
            total, lost = two_sum(high[columns], value[columns])
            high[columns] = total
            low[columns] += lost


def _panels(array: np.ndarray) -> Iterator[tuple[slice, ...]]:
    if array.ndim < 2:
        yield (slice(None),)
        return
    width = max(1, 2**15 // max(1, array.shape[0]))
    for start in range(0, array.shape[1], width):
        yield slice(None), slice(start, start + width)


def accumulated(operations: int, half: float) -> float:
    """gamma_k = k u / (1 - k u): the worst relative error of k rounded operations (Higham, 2002, lemma 3.1)."""
    return operations * half / (1 - operations * half)


def block_rounding(single: bool) -> float:
    """Relative rounding of the sum of one block, before compensation.

    In double precision: fewer than BLOCK_ROWS + CHUNK_ROWS terms, each a product of two sums of two entries (three
    roundings), twice as many in the sum of two products. In single precision this holds for the CHUNK_ROWS terms of a
    product, and the products are added in double precision.
    """
    if not single:
        return accumulated(2 * (BLOCK_ROWS + CHUNK_ROWS) + 8, HALF_DOUBLE)
    return accumulated(CHUNK_ROWS + 8, HALF_SINGLE) + accumulated(2 * (BLOCK_ROWS // CHUNK_ROWS + 2), HALF_DOUBLE)


def total_rounding(block: float, folds: int, devices: int) -> float:
    """Relative rounding of a finished moment: the blocks', the compensated sum of `folds` of them (2 u + gamma^2,
    Ogita, Rump and Oishi, 2005, proposition 4.5), one plain addition a device, and four operations on the sums."""
    return block + 2 * HALF_DOUBLE + accumulated(folds, HALF_DOUBLE) ** 2 + accumulated(devices + 4, HALF_DOUBLE)


def symmetric(whole: np.ndarray) -> np.ndarray:
    """The lower triangle mirrored at the diagonal, in place and block by block, which stay in cache."""
    for start in range(0, whole.shape[0], MIRROR):
        stop = min(start + MIRROR, whole.shape[0])
        corner = whole[start:stop, start:stop]
        corner[...] = np.tril(corner) + np.tril(corner, -1).T
        for below in range(stop, whole.shape[0], MIRROR):
            whole[start:stop, below : below + MIRROR] = whole[below : below + MIRROR, start:stop].T
    return whole


def is_finite(sums: Mapping[str, np.ndarray], names: tuple[str, ...]) -> bool:
    """Whether the named sums are finite; a single NaN or infinity among the terms makes its sum NaN or infinite."""
    return all(bool(np.isfinite(sums[name]).all()) for name in names if name in sums)
