"""How large the 0-1 error of the worst relabelling of N points in R^d must be, by counting their linear dichotomies."""

import math
from fractions import Fraction

import numpy as np
import scipy.special

from linrep._checks import positive_int, require
from linrep._types import Rational

LARGEST_EXACT = 4096
"""Largest N that is counted in exact integers; beyond it Hoeffding's closed form is used."""

LARGEST_SUM = 2**20
"""Most terms of the sum of binomial coefficients that are added up; beyond it the entropy bound stands in."""

LARGEST_N = 2**1000
"""Beyond this N is no float."""


def counting_floor(n_inputs: int, dim: int) -> Rational:
    """e(N, d): some permutation of the inputs of a disjoint process has at least this 0-1 error, for balanced labels.

    With N points in R^d there are at most C(N, d) = 2 sum_{i<d} binom(N-1, i) sign vectors of linear functions. Against
    labels that are a uniformly random balanced vector, one with m positive signs agrees in 2H + N/2 - m places,
    H ~ Hypergeometric(N, N/2, m). So e = 1 - t/N for the smallest t with

        C(N, d) max_m Pr[2H + N/2 - m > t] < 1:

    by the union bound some balanced labelling is agreed with in at most t places by every linear function, and
    permuting the points instead of the labels is the same.

    Only m = N/2 and m = N/2 - 1 need be looked at. S_m = 2H - m is a random walk of N steps +-1 conditioned to return
    to 0, and m -> N - m reflects it. From m to m + 2 the event {S >= a} gains the paths at a - 2 that go up twice and
    loses those at a that go down twice; with h = (m + a)/2 and g = (m - a)/2 + 1 the gain is the larger iff
    h(N/2 - h) >= g(N/2 - g), that is (a - 1)(N/2 - m - 1) >= 0, true for a >= 1 and m < N/2. And t >= N/2 (so a >= 1),
    since for even m the walk is at 0 or above with probability at least 1/2, while C >= 2.

    Args:
        n_inputs: N, even and at most 2^1000.
        dim: d >= 1.

    Returns:
        A Fraction for N <= 4096. Beyond, the float max(0, 1/2 - sqrt(ln C / N)), from Hoeffding's inequality for draws
        without replacement; 0 says nothing. For d > 2^20 the entropy bound of ln C takes its place.

    Raises:
        InputError: an odd N, or numbers out of range.

    Source: Saunshi et al. (2022), Lemma 4.1; the constant is ours.

    >>> counting_floor(16, 2), counting_floor(64, 4), counting_floor(200, 10)
    (Fraction(1, 4), Fraction(15, 64), Fraction(11, 50))
    >>> round(counting_floor(50_000, 1024), 3)
    0.184
    """
    count = positive_int(n_inputs, owner="counting_floor", name="n_inputs")
    dim = positive_int(dim, owner="counting_floor", name="dim")
    require(
        count % 2 == 0,
        f"counting_floor: n_inputs is {count}, but balanced labels need an even number; leave one input out.",
    )
    require(
        count <= LARGEST_N, "counting_floor: n_inputs exceeds 2^1000, but it has to fit a float; pass a smaller number."
    )
    if count > LARGEST_EXACT:
        return max(0.0, hoeffding_floor(count, dim))
    patterns = sign_patterns(count, dim)
    return 1 - Fraction(max(least_agreement(count, m, patterns) for m in (count // 2, count // 2 - 1)), count)


def counting_chance(n_inputs: int, dim: int, error: Rational) -> Rational:
    """At least this share of the permutations of the inputs leaves every linear readout an error of at least `error`.

    1 - C(N, d) max_m Pr[2H + N/2 - m > t], t = N - ceil(N error), by the union bound of `counting_floor`, whatever the
    points are: so a permutation drawn at random is bad with this probability at least. 0 says nothing.

    Args:
        n_inputs: N, even and at most 2^1000.
        dim: d >= 1.
        error: a 0-1 error.

    Returns:
        A Fraction for N <= 4096; beyond, a float from Hoeffding's inequality.

    Raises:
        InputError: as `counting_floor`.

    Source: theory V1 (ours).

    >>> counting_chance(4, 1, Fraction(1, 4)), round(float(counting_chance(256, 8, 0.25)), 4)
    (Fraction(2, 3), 0.9963)
    """
    counting_floor(n_inputs, dim)  # the same requirements
    agreement = n_inputs - max(math.ceil(Fraction(error) * n_inputs), 0)
    if agreement < n_inputs // 2:  # half of the labels agree with h or with -h
        return Fraction(0)
    if n_inputs > LARGEST_EXACT:
        excess = agreement + 1 - n_inputs // 2
        return max(0.0, -math.expm1(min(log_sign_patterns(n_inputs, dim) - excess / n_inputs * excess, 0.0)))
    tail = max(_tail(n_inputs, m, agreement) for m in (n_inputs // 2, n_inputs // 2 - 1))
    return max(Fraction(0), 1 - sign_patterns(n_inputs, dim) * tail)


def hoeffding_floor(count: int, dim: int) -> float:
    """1/2 - sqrt(ln C(N, d) / N), never above e(N, d); negative where it says nothing.

    H is a sum of m draws without replacement from N/2 ones and N/2 zeros, so Pr[2H - m >= s] <= exp(-s^2 / (2m))
    (Hoeffding), at most exp(-s^2 / N) as m <= N/2; s = sqrt(N ln C) makes the union bound one.
    """
    return 0.5 - math.sqrt(log_sign_patterns(count, dim) / count)


def sign_patterns(count: int, dim: int) -> int:
    """C(N, d) = 2 sum_{i<d} binom(N-1, i), the most sign vectors of linear functions on N points in R^d (Cover)."""
    total, term = 0, 1
    for i in range(min(dim, count)):
        total += term
        term = term * (count - 1 - i) // (i + 1)
    return 2 * total


def log_sign_patterns(count: int, dim: int) -> float:
    """ln C(N, d), summed from the ratios of neighbouring binomials; an upper bound, by entropy, where they are many."""
    n, last = float(count - 1), min(dim, count) - 1
    if last <= LARGEST_SUM:
        index = np.arange(1.0, last + 1)
        logs = np.concatenate([[0.0], np.cumsum(np.log((n - index + 1) / index))])
        return math.log(2) + float(scipy.special.logsumexp(logs))
    share = last / n
    if share >= 0.5:
        return count * math.log(2)
    return math.log(2) - n * (share * math.log(share) + (1 - share) * math.log1p(-share))


def least_agreement(count: int, positive: int, patterns: int) -> int:
    """The smallest t with patterns * Pr[2H + N/2 - m > t] < 1, H ~ Hypergeometric(N, N/2, m), m = `positive` <= N/2.

    The tail is added up from its far end, in integers over binom(N, m), until it is too heavy.
    """
    half, total = count // 2, math.comb(count, positive)
    hits, tail = positive, 0
    term = math.comb(half, positive)
    while True:
        tail += term
        if patterns * tail >= total:
            return 2 * hits + half - positive
        term = term * hits * (half - positive + hits) // ((half - hits + 1) * (positive - hits + 1))
        hits -= 1


def union_bound(count: int, dim: int) -> Fraction:
    """C(N, d) max_m Pr[2H + N/2 - m > t] at the t of e(N, d): below 1, so some labelling defeats every sign pattern.

    Args:
        count: N, even and at most `LARGEST_EXACT`.
        dim: d >= 1.

    Source: theory V1 (ours).

    >>> union_bound(4, 1)
    Fraction(1, 3)
    """
    patterns, half = sign_patterns(count, dim), count // 2
    most = max(least_agreement(count, m, patterns) for m in (half, half - 1))
    return patterns * max(_tail(count, m, most) for m in (half, half - 1))


def _tail(count: int, positive: int, agreement: int) -> Fraction:
    """Pr[2H + N/2 - m > t], H ~ Hypergeometric(N, N/2, m)."""
    half = count // 2
    hits = range(max((agreement + positive - half) // 2 + 1, 0), positive + 1)
    return Fraction(sum(math.comb(half, h) * math.comb(half, positive - h) for h in hits), math.comb(count, positive))
