"""The sparsest partition of the augmentation graph, by exhaustion over subsets: for toy graphs only."""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from linrep._checks import positive_int, require
from linrep._types import Rational
from linrep.processes import FiniteProcess

LARGEST_GRAPH = 16
"""Most views whose 2^n subsets are gone through."""


@dataclass(frozen=True)
class SparsestPartition:
    """A partition of the views whose worst part leaks least.

    Attributes:
        conductance: rho_m, the largest Pr[x+ outside | x inside] of its parts; a Fraction for exact processes.
        parts: the views of each part.

    Source: HaoChen et al. (2021), Definition 3.4.

    >>> sparsest_partition(FiniteProcess([1, 1], [[1, 0], [0, 1]]), 2).parts
    ((0,), (1,))
    """

    conductance: Rational
    parts: tuple[tuple[int, ...], ...]


def sparsest_partition(process: FiniteProcess, parts: int) -> SparsestPartition:
    """rho_m = min over partitions of the views into m parts of max_i phi(S_i), phi(S) = Pr[x+ not in S | x in S].

    Every subset gets the rank of its phi among all (ties exact); the best worst rank of a partition of a set is the
    best over the parts that contain its first view (Held-Karp over subsets, 3^n / 2 steps).

    Args:
        process: with at most 16 views.
        parts: m, at most the number of views.

    Raises:
        InputError: too many views, or more parts than views.

    Source: HaoChen et al. (2021), Definition 3.4; the method is ours. NP-hard in general.

    >>> sparsest_partition(FiniteProcess([1, 1], [[3, 1], [1, 3]]), 2).conductance
    Fraction(3, 8)
    """
    count, parts = process.n_views, positive_int(parts, owner="sparsest_partition", name="parts")
    require(
        count <= LARGEST_GRAPH,
        f"sparsest_partition: the process has {count} views, but the 2^n subsets of at most {LARGEST_GRAPH} are gone "
        "through; use a smaller process.",
    )
    require(
        parts <= count,
        f"sparsest_partition: {parts} parts of {count} views were asked for, but parts are not empty; ask for fewer.",
    )
    values, ranks = _ranked(_leakage(process))
    worst, choice = _best(ranks, count, parts)
    chosen, left = [], (1 << count) - 1
    for size in range(parts, 0, -1):
        part = int(choice[left, size])
        chosen.append(tuple(i for i in range(count) if part >> i & 1))
        left ^= part
    return SparsestPartition(values[worst], tuple(chosen))


def cheeger_bracket(process: FiniteProcess) -> tuple[float, float]:
    """lambda_2 / 2 <= rho_2 <= sqrt(2 lambda_2), lambda_2 of the class of all functions: Cheeger's inequality.

    It enters no evaluated bound; for m > 2 the constants of its higher-order form are not explicit.

    Source: Cheeger's inequality for reversible chains.

    >>> cheeger_bracket(FiniteProcess([1, 1], [[1, 0], [0, 1]]))
    (0.0, 0.0)
    """
    gap = max(1 - float(process.spectrum(2)[1]), 0.0)
    return gap / 2, math.sqrt(2 * gap)


def _leakage(process: FiniteProcess) -> list[Rational]:
    """phi of every subset of views, by its bits; of the empty set 2, which no partition uses."""
    exact = process.weights is not None
    channel = process.weights.channel_fractions() if process.weights is not None else np.asarray(process.channel)
    prior = process.weights.prior_fractions() if process.weights is not None else process.prior
    law = channel.T @ (prior[:, None] * channel)
    scale = math.lcm(*(v.denominator for v in law.ravel())) if exact else 1
    table = [[int(v * scale) if exact else float(v) for v in row] for row in law.tolist()]
    inside: list[Rational] = [0] * (1 << len(table))
    mass: list[Rational] = [0] * (1 << len(table))
    for subset in range(1, len(inside)):
        first = (subset & -subset).bit_length() - 1
        rest = subset & (subset - 1)
        row = table[first]
        mass[subset] = mass[rest] + sum(row)
        joined = sum(row[j] for j in range(first + 1, len(table)) if rest >> j & 1)
        inside[subset] = inside[rest] + row[first] + 2 * joined
    ratio = Fraction if exact else lambda a, b: max(a / b, 0.0)
    return [2, *(ratio(m - i, m) for m, i in zip(mass[1:], inside[1:], strict=True))]  # pyright: ignore[reportArgumentType]


def _ranked(values: list[Rational]) -> tuple[list[Rational], np.ndarray]:
    """The distinct values ascending, and the place of each entry among them."""
    distinct = sorted(set(values))
    place = {value: i for i, value in enumerate(distinct)}
    return distinct, np.array([place[v] for v in values])


def _best(ranks: np.ndarray, count: int, parts: int) -> tuple[int, np.ndarray]:
    """The best worst rank of a partition of all views, and for each set and number of parts a part to take."""
    none = int(ranks.max()) + 1
    worst = np.full((1 << count, parts + 1), none)
    choice = np.zeros((1 << count, parts + 1), dtype=np.int64)
    worst[0, 0] = 0
    for subset in range(1, 1 << count):
        first = subset & -subset
        options = _subsets(subset ^ first) | first
        found = np.maximum(worst[subset ^ options, :-1], ranks[options][:, None])
        best = found.argmin(axis=0)
        worst[subset, 1:] = found[best, np.arange(parts)]
        choice[subset, 1:] = options[best]
    return int(worst[-1, parts]), choice


def _subsets(bits: int) -> np.ndarray:
    """All subsets of a set of bits."""
    found = np.zeros(1, dtype=np.int64)
    while bits:
        first = bits & -bits
        found = np.concatenate([found, found | first])
        bits ^= first
    return found
