"""Walsh coefficients of labels against sums over all sign patterns."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linrep import InputError, labels
from linrep.moments._walsh import threshold_signs, walsh
from linrep.processes._signs import sign_patterns

RATIONALS = st.fractions(min_value=-3, max_value=3, max_denominator=6)


def brute(label, dim: int, members: tuple[int, ...]) -> Fraction:
    """E[label chi_S] by summing over all inputs."""
    patterns = sign_patterns(dim)
    values = label.exact(patterns)
    return (
        sum(
            (Fraction(v) * math.prod(x[list(members)].tolist()) for v, x in zip(values, patterns, strict=True)),
            Fraction(0),
        )
        / 2**dim
    )


def subsets(dim: int):
    return itertools.chain.from_iterable(itertools.combinations(range(dim), j) for j in range(dim + 1))


@given(st.lists(RATIONALS, min_size=1, max_size=4), RATIONALS)
def test_thresholds_agree_with_enumeration(weights, offset):
    label = labels.Threshold(weights, offset)
    found = walsh(label, 4)
    assert found.square == 1
    assert [found.of(s) for s in subsets(4)] == [brute(label, 4, s) for s in subsets(4)]


@given(st.lists(st.sampled_from([-1, 0, 1]), min_size=1, max_size=5), st.sampled_from([1, Fraction(2, 7)]), RATIONALS)
def test_equal_weights_agree_with_enumeration(signs, modulus, offset):
    label = labels.Threshold([modulus * s for s in signs], offset)
    found = walsh(label, 5)
    assert [found.of(s) for s in subsets(5)] == [brute(label, 5, s) for s in subsets(5)]


def test_written_labels_agree_with_enumeration():
    for label in (
        labels.Coordinate(2),
        labels.Parity([0, 3]),
        labels.Parity([]),
        labels.Linear([1, 0, Fraction(-1, 3)]),
    ):
        found = walsh(label, 4)
        assert [found.of(s) for s in subsets(4)] == [brute(label, 4, s) for s in subsets(4)]
        assert found.square == sum(found.of(s) ** 2 for s in subsets(4))


def test_parseval_holds_for_thresholds():
    found = walsh(labels.Threshold([5, 3, 2, 1, 1, -4, 7]), 7)
    assert sum(found.of(s) ** 2 for s in subsets(7)) == 1


def test_majority_of_fifty_has_the_central_binomial_coefficient():
    # the level-one coefficient of sign(sum >= 0): E|x_1 + ... + x_49 parity| written with binomials, n = 50 even
    found = walsh(labels.Threshold([1] * 50), 50)
    level_one = Fraction(math.comb(49, 25) * 1, 2**49)
    assert found.of((17,)) == level_one
    assert found.of(()) == Fraction(math.comb(50, 25), 2**50)
    assert walsh(labels.Threshold([1] * 49 + [0]), 50).of((49,)) == 0


def test_float_weights_are_read_as_the_dyadic_numbers_they_are():
    # 0.1 + 0.2 - 0.3 is not zero in binary: exactly 2^-55 - ..., of known sign
    signs = threshold_signs([0.1, 0.2, -0.3], Fraction(0))
    exact = [Fraction(0.1) * a + Fraction(0.2) * b - Fraction(0.3) * c for a, b, c in sign_patterns(3).tolist()]
    assert signs.tolist() == [1 if v >= 0 else -1 for v in exact]


@pytest.mark.parametrize("scale", [1.0, 1e-30, 1e30])
def test_weights_of_very_different_size_are_summed_exactly(scale):
    weights = [scale, -scale, 1e-25 * scale, 3e-26 * scale, -scale / 2]
    exact = [
        sum((Fraction(w) * x for w, x in zip(weights, row, strict=True)), Fraction(0))
        for row in sign_patterns(5).tolist()
    ]
    assert threshold_signs(weights, Fraction(0)).tolist() == [1 if v >= 0 else -1 for v in exact]
    assert min(abs(v) for v in exact) > 0


def test_ties_count_as_plus_one():
    assert threshold_signs([1, 1], Fraction(0)).tolist() == [1, 1, 1, -1]


def test_twenty_two_unequal_weights_are_enumerated_and_more_refused():
    weights = np.arange(1, 23)
    found = walsh(labels.Threshold(weights), 50)
    assert found.of((49,)) == 0
    assert 0 < found.of((0,)) < found.of((21,)) < 1
    with pytest.raises(InputError, match="23 weights are unequal"):
        walsh(labels.Threshold(np.arange(1, 24)), 50)


def test_tables_have_no_coefficients():
    with pytest.raises(InputError, match="Table has no closed form"):
        walsh(labels.Table([1, -1]), 1)
