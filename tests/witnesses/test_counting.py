"""The counting floor against brute force over labellings and dichotomies, and against SciPy's hypergeometric law."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from linrep._checks import InputError
from linrep.witnesses import counting_floor
from linrep.witnesses._counting import (
    LARGEST_EXACT,
    LARGEST_SUM,
    hoeffding_floor,
    least_agreement,
    log_sign_patterns,
    sign_patterns,
)
from tests.tolerances import sum_budget


def balanced(count: int) -> np.ndarray:
    """All balanced sign vectors, (binom(N, N/2), N)."""
    chosen = list(itertools.combinations(range(count), count // 2))
    labels = -np.ones((len(chosen), count), dtype=int)
    for row, positive in zip(labels, chosen, strict=True):
        row[list(positive)] = 1
    return labels


def planar_dichotomies(points: np.ndarray) -> np.ndarray:
    """Sign vectors of w.x over directions w between the normals of all points, general position, (2N, N)."""
    normals = np.sort(np.concatenate([np.arctan2(*points.T) + turn for turn in (0.0, np.pi)]) % np.pi)
    middles = (normals + np.append(normals[1:], normals[0] + np.pi)) / 2
    angles = np.unique(np.concatenate([middles, middles + np.pi]))
    directions = np.stack([-np.cos(angles), np.sin(angles)], axis=1)
    return np.unique(np.sign(directions @ points.T).astype(int), axis=0)


def worst_error(points: np.ndarray) -> Fraction:
    """Largest over balanced labellings of the least 0-1 error over all dichotomies of the plane."""
    count = len(points)
    agreements = (balanced(count) @ planar_dichotomies(points).T + count) // 2
    return Fraction(count - int(agreements.max(axis=1).min()), count)


def scipy_floor(count: int, dim: int) -> Fraction:
    """e(N, d) by trying every t upwards and every m, with SciPy's distribution."""
    patterns = 2 * sum(math.comb(count - 1, i) for i in range(dim))
    for t in range(count + 1):
        tails = [scipy.stats.hypergeom.sf((t + m - count // 2) // 2, count, count // 2, m) for m in range(count + 1)]
        if patterns * max(tails) < 1:
            return Fraction(count - t, count)
    raise AssertionError("t = N leaves no tail")


@pytest.mark.parametrize("count", [2, 4, 6, 8, 10])
@pytest.mark.parametrize("seed", range(4))
def test_some_labelling_attains_the_floor(count: int, seed: int):
    points = np.random.default_rng(seed).standard_normal((count, 2))
    assert len(planar_dichotomies(points)) == sign_patterns(count, 2) == 2 * count
    assert worst_error(points) >= counting_floor(count, 2)


def test_planted_floor_is_refuted():
    points = np.random.default_rng(0).standard_normal((10, 2))
    assert worst_error(points) < counting_floor(10, 2) + Fraction(3, 10)


@given(st.integers(1, 20), st.integers(1, 12))
def test_agrees_with_scipy_over_all_sizes(half: int, dim: int):
    assert counting_floor(2 * half, dim) == scipy_floor(2 * half, dim)


@given(st.integers(2, 60), st.integers(2, 10**12))
def test_two_sizes_carry_the_maximum(half: int, patterns: int):
    thresholds = [least_agreement(2 * half, m, patterns) for m in range(half + 1)]
    assert max(thresholds) == max(thresholds[-2:]) >= half


@pytest.mark.parametrize(
    ("count", "dim", "value"), [(16, 2, Fraction(1, 4)), (64, 4, Fraction(15, 64)), (200, 10, Fraction(11, 50))]
)
def test_published_values(count: int, dim: int, value: Fraction):
    assert counting_floor(count, dim) == value


@given(st.integers(1, 200), st.integers(1, 60))
def test_falls_with_the_dimension_and_stays_a_fraction_of_inputs(half: int, dim: int):
    here, next_dim = counting_floor(2 * half, dim), counting_floor(2 * half, dim + 1)
    assert isinstance(here, Fraction)
    assert 0 <= next_dim <= here <= Fraction(1, 2)
    assert (2 * half) % here.denominator == 0


@given(st.integers(1, 400), st.integers(1, 60))
def test_closed_form_is_below(half: int, dim: int):
    assert hoeffding_floor(2 * half, dim) <= float(counting_floor(2 * half, dim)) + sum_budget(dim)


@given(st.integers(1, 300), st.integers(1, 700))
def test_logarithm_agrees_with_the_integer(half: int, dim: int):
    exact = math.log(sign_patterns(2 * half, dim))
    assert abs(log_sign_patterns(2 * half, dim) - exact) <= sum_budget(min(dim, 2 * half), max(1.0, exact))


def test_all_patterns_are_counted_once():
    assert [sign_patterns(6, dim) for dim in (1, 2, 6, 9)] == [2, 12, 64, 64]


def test_closed_form_takes_over():
    beyond = counting_floor(LARGEST_EXACT + 2, 4)
    assert isinstance(beyond, float)
    assert 0 < beyond < counting_floor(LARGEST_EXACT, 4)
    assert 0.183 < counting_floor(50_000, 1024) < 0.185
    assert counting_floor(LARGEST_EXACT + 2, LARGEST_EXACT) == 0.0


def test_numbers_of_inputs_beyond_float_integers():
    count, dim = 2**60, 3
    expected = 0.5 - math.sqrt(math.log(sign_patterns(count, dim)) / count)
    assert abs(counting_floor(count, dim) - expected) <= sum_budget(dim)
    wide = 2**50 + 2**20
    assert counting_floor(2**60, wide) <= counting_floor(2**60, LARGEST_SUM)
    assert counting_floor(2**60, 2**59) == 0.0


def test_entropy_bounds_the_sum():
    count = 8 * LARGEST_SUM
    summed, bounded = log_sign_patterns(count, LARGEST_SUM + 1), log_sign_patterns(count, LARGEST_SUM + 2)
    assert summed < bounded < summed * 1.001


@pytest.mark.parametrize(
    ("count", "dim", "message"),
    [
        (15, 2, "n_inputs is 15"),
        (16, 0, "dim is 0"),
        (0, 1, "n_inputs is 0"),
        (16.0, 1, "n_inputs is 16.0"),
        (2**1001, 2, "exceeds"),
    ],
)
def test_bad_numbers_are_refused(count, dim, message: str):
    with pytest.raises(InputError, match=message):
        counting_floor(count, dim)
