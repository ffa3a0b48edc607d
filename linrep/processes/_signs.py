"""Helpers of the processes on the hypercube: sign patterns, exact rows of sign channels, largest products."""

import heapq
import math
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import scipy.sparse

from linrep._checks import require
from linrep._types import Matrix, Rational

LARGEST_SUPPORT = 2**20
"""Most (input, view) pairs of positive probability that are written out as a table."""

DENSE_ENTRIES = 2**18
"""Channels of at most this many entries are dense, larger ones sparse."""


def check_support(size: int, owner: str) -> None:
    """Refuse to write out too many (input, view) pairs."""
    require(
        size <= LARGEST_SUPPORT,
        f"{owner}: finite() would list {shown(size)} pairs of an input and a view, but at most {LARGEST_SUPPORT} are "
        "written out; "
        "use fewer coordinates or levels (project(coordinates) keeps some of them), or the closed forms.",
    )


def shown(count: int) -> str:
    """A count for a sentence: Python refuses to write out, or to round, the largest ones."""
    return str(count) if count < 10**40 else f"about 10^{int(math.log10(count))}"


def sign_patterns(dim: int) -> np.ndarray:
    """All vectors of {+1, -1}^dim, (2^dim, dim) integers; the all-ones vector first, the last coordinate fastest."""
    bits = (np.arange(2**dim)[:, None] >> np.arange(dim)[::-1]) & 1
    return 1 - 2 * bits


def integer_weights(probabilities: Sequence[Rational]) -> np.ndarray:
    """Exact probabilities as integer weights, an object array; floats stay floats."""
    if not all(isinstance(p, Fraction) for p in probabilities):
        return np.array([float(p) for p in probabilities])
    common = math.lcm(*(p.denominator for p in probabilities if isinstance(p, Fraction)))
    return np.array([int(p * common) for p in probabilities], dtype=object)


def channel_table(rows: np.ndarray, columns: np.ndarray, data: np.ndarray, shape: tuple[int, int]) -> Matrix:
    """A channel from its entries, repeated ones added: dense where small or where int64 could overflow, else CSR."""
    integral = data.dtype == object
    large = integral and int(sum(data)) >= 2**62
    if shape[0] * shape[1] <= DENSE_ENTRIES or large:
        table = np.zeros(shape, dtype=object if integral else np.float64)
        np.add.at(table, (rows, columns), data)
        return table
    entries = data.astype(np.int64 if integral else np.float64)
    return scipy.sparse.csr_array(scipy.sparse.coo_array((entries, (rows, columns)), shape=shape))


def exact_values(array: np.ndarray) -> np.ndarray:
    """An object array of ints and Fractions as integers where all of them are, else as it is."""
    if array.dtype == object and all(Fraction(v).denominator == 1 for v in array.ravel()):
        return array.astype(np.int64)
    return array


def largest_products(factors: Sequence[float], count: int) -> np.ndarray:
    """The `count` largest products over subsets of factors in [0, 1], descending, padded with zeros; best first search.

    Subsets are grown in the order of descending factors, so a child never exceeds its parent: the heap yields the
    products in order after `count` steps, whatever the number 2^D of subsets.
    """
    order = sorted((float(f) for f in factors), reverse=True)
    found, heap = [1.0], [(-order[0], 1.0, 0)] if order else []
    while heap and len(found) < count:
        value, prefix, last = heapq.heappop(heap)
        found.append(-value)
        if last + 1 < len(order):
            heapq.heappush(heap, (value * order[last + 1], -value, last + 1))
            heapq.heappush(heap, (-prefix * order[last + 1], prefix, last + 1))
    values = np.zeros(count)
    values[: len(found[:count])] = found[:count]
    return values


def distinct_coordinates(coordinates: Sequence[int], dim: int, owner: str) -> list[int]:
    """The coordinates in increasing order, at least one, without repetition, all in range."""
    array = np.asarray(coordinates)
    chosen = sorted(array.tolist()) if array.ndim == 1 and array.dtype.kind in "iu" else []
    require(
        chosen and len(set(chosen)) == len(chosen) and chosen[0] >= 0 and chosen[-1] < dim,
        f"{owner}.project: coordinates are {coordinates}, but they must be different numbers from 0 to {dim - 1}; "
        "correct them.",
    )
    return chosen
