"""The share of bad permutations: sampled, enumerated, and bounded by counting."""

import itertools
from fractions import Fraction

import jax
import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep.processes import FiniteProcess
from linrep.witnesses import bad_fraction, counting_chance, counting_floor
from linrep.witnesses._counting import sign_patterns
from linrep.witnesses._dichotomies import dichotomies

KEY = jax.random.key(1)

ROOT = 2e-12
"""SciPy places an end to this (the default of its root finder); a probability changes at most n times as fast."""


def enumerated(points: np.ndarray, errors: int) -> Fraction:
    """Share of balanced labellings that every dichotomy gets wrong in `errors` places or more."""
    count = len(points)
    patterns = dichotomies(points.astype(float), np.random.default_rng(0))
    patterns = np.concatenate([patterns, -patterns])
    labellings = []
    for ups in itertools.combinations(range(count), count // 2):
        labels = -np.ones(count)
        labels[list(ups)] = 1
        labellings.append(labels)
    wrong = np.stack([np.sum(patterns * labels <= 0, axis=1).min() for labels in labellings])
    return Fraction(int(np.sum(wrong >= errors)), len(labellings))


@settings(max_examples=20, deadline=None)
@given(st.sampled_from([4, 6, 8]), st.integers(1, 3), st.integers(0, 2**16))
def test_counting_never_claims_more_than_there_are(count: int, dim: int, seed: int):
    points = np.random.default_rng(seed).standard_normal((count, dim))
    for errors in range(count + 1):
        chance = counting_chance(count, dim, Fraction(errors, count))
        assert isinstance(chance, Fraction)
        assert 0 <= chance <= enumerated(points, errors)


def test_counting_is_exact_where_dichotomies_do_not_overlap():
    """One line, one pattern and its negative: all right with probability 2 / binom(4, 2)."""
    assert counting_chance(4, 1, Fraction(1, 4)) == enumerated(np.array([[1.0], [2], [-1], [-3]]), 1) == Fraction(2, 3)


def test_the_interval_holds_the_share():
    points, labels = np.random.default_rng(2).integers(-5, 6, (8, 2)), [1, -1] * 4
    process = FiniteProcess([1] * 8, np.eye(8, dtype=int))
    found = bad_fraction(process, points, labels, KEY, error=Fraction(1, 4), draws=200)
    assert found.bad + found.good == found.draws == 200
    share = enumerated(points, 2)
    assert found.lower <= share <= found.upper
    assert found.counted <= share
    # Clopper-Pearson by its definition: at an end, what was seen or beyond has half of the remaining probability
    half = (1 - found.confidence) / 2
    assert abs(scipy.stats.binom.sf(found.bad - 1, 200, found.lower) - half) <= 200 * ROOT
    assert abs(scipy.stats.binom.cdf(200 - found.good, 200, found.upper) - half) <= 200 * ROOT


def test_sixteen_inputs_two_dimensions():
    angles = 2 * np.pi * np.arange(16) / 16
    values = np.stack([np.cos(angles + angles**2), np.sin(angles + angles**2)], axis=1)
    found = bad_fraction(FiniteProcess([1] * 16, np.eye(16, dtype=int)), values, [1, -1] * 8, KEY)
    assert found.error == Fraction(1, 4)
    assert found.bad + found.good == 100
    assert found.counted == 1 - Fraction(32 * 261, 12870) <= found.upper


def test_chances_fall_with_the_error_and_reach_one_at_zero():
    chances = [counting_chance(64, 4, Fraction(k, 64)) for k in range(65)]
    assert chances[0] == 1
    assert all(a >= b for a, b in itertools.pairwise(chances))
    floor = counting_floor(64, 4)
    assert counting_chance(64, 4, floor) > 0 == counting_chance(64, 4, floor + Fraction(1, 64))


def test_the_closed_form_claims_no_more_than_the_integers():
    for error in (0.1, 0.3, 0.4):
        exact, beyond = counting_chance(4096, 8, error), counting_chance(4098, 8, error)
        assert isinstance(beyond, float)
        assert beyond <= exact + Fraction(1, 4096)
    assert 0.99 < counting_chance(50_000, 64, 0.4) <= 1
    assert sign_patterns(4, 1) == 2


def test_undecided_permutations_widen_the_interval():
    """With no time for the solver a large problem is left undecided: neither bad nor good."""
    rng, labels = np.random.default_rng(3), np.repeat([1, -1], 20)
    process = FiniteProcess([1] * 40, np.eye(40, dtype=int))
    found = bad_fraction(process, rng.standard_normal((40, 6)), labels, KEY, error=0.02, draws=3, time_limit=0.0)
    assert (found.bad, found.lower) == (0, 0.0)
    assert (found.good, found.upper) == (0, 1.0)


def test_refusals():
    process = FiniteProcess([1, 1], np.eye(2, dtype=int))
    with pytest.raises(lr.InputError, match="confidence"):
        bad_fraction(process, [[1], [2]], [1, -1], KEY, confidence=1.0)
    with pytest.raises(lr.InputError, match="balanced"):
        bad_fraction(process, [[1], [2]], [1, 1], KEY)
