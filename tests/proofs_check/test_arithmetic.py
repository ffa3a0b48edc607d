"""Balls contain what they stand for, refuse what they cannot root, and rational matrices agree with NumPy."""

from fractions import Fraction

import flint
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linrep._checks import InputError
from proofs_check.arithmetic import BALLS, ball, captured, enclosure, independent, matrix, null_space, precision, root
from proofs_check.verdict import Enclosure, exactly
from proofs_check.verdict._enclosure import GRID_BITS
from tests.tolerances import rounding

fractions = st.fractions(min_value=-5, max_value=5, max_denominator=50)


@st.composite
def enclosed(draw):
    """An enclosure and a number inside it."""
    ends = sorted([draw(fractions), draw(fractions)])
    share = draw(st.fractions(min_value=0, max_value=1, max_denominator=7))
    return Enclosure(*ends), ends[0] + share * (ends[1] - ends[0])


@given(one=enclosed(), two=enclosed())
def test_arithmetic_on_enclosures_contains_the_arithmetic_on_members(one, two):
    (x, a), (y, b) = one, two
    found = [(x + y, a + b), (x - y, a - b), (x * y, a * b)]
    if not y.lower <= 0 <= y.upper:
        found.append((x / y, a / b))
    for around, value in found:
        assert around.lower <= value <= around.upper


@given(x=fractions, y=fractions)
def test_exact_numbers_stay_exact(x, y):
    assert exactly(x) * exactly(y) + exactly(x) == exactly(x * y + x)


def test_rounding_outwards_is_of_the_stated_size():
    third = Enclosure(Fraction(1, 3), Fraction(2, 3)) + exactly(0)
    step = Fraction(1, 2**GRID_BITS)
    assert 0 <= Fraction(1, 3) - third.lower <= step
    assert 0 <= third.upper - Fraction(2, 3) <= step


def test_a_divisor_that_may_be_zero_is_refused():
    with pytest.raises(ZeroDivisionError):
        exactly(1) / Enclosure(Fraction(-1), Fraction(1))


def test_an_empty_enclosure_is_refused():
    with pytest.raises(InputError, match="lower"):
        Enclosure(Fraction(1), Fraction(0))
    with pytest.raises(InputError, match="lower"):
        exactly(-1).within(Fraction(0), None)


@given(x=fractions)
def test_a_fraction_lies_in_its_ball(x):
    around = enclosure(ball(x))
    assert around.lower <= x <= around.upper


def test_the_ends_of_a_ball_are_read_exactly_at_any_working_precision():
    with precision(300):
        third = ball(Fraction(1, 3))
    assert enclosure(third).upper - enclosure(third).lower < Fraction(1, 2**290)


@given(x=st.fractions(min_value=0, max_value=9, max_denominator=40))
def test_a_root_is_contained(x):
    root = enclosure(BALLS.sqrt(ball(x)))
    assert root.lower >= 0
    assert root.lower**2 <= x <= root.upper**2


@given(around=enclosed())
def test_the_root_of_an_enclosure_contains_the_roots_of_its_members(around):
    ends, inside = around
    found = root(ends * ends)
    assert found.lower <= abs(inside) <= found.upper
    assert root(exactly(inside**2)) == exactly(abs(inside))


def test_a_root_of_a_ball_that_reaches_below_zero_starts_at_zero():
    root = enclosure(BALLS.sqrt(ball(Enclosure(Fraction(-1), Fraction(4)))))
    assert root.lower == 0
    assert root.upper >= 2


@pytest.mark.parametrize("value", [flint.arb(-1), flint.arb("nan"), flint.arb("inf")])
def test_a_root_of_what_is_no_number_is_refused(value):
    with pytest.raises(ArithmeticError):
        BALLS.sqrt(value)
    assert flint.arb(-1).sqrt().is_nan()  # what would have come out silently


def test_a_minimum_never_takes_a_nan():
    assert enclosure(BALLS.minimum(ball(1), ball(2))) == exactly(1)
    with pytest.raises(ArithmeticError):
        BALLS.minimum(flint.arb("nan"), ball(2))


def test_the_precision_is_put_back():
    before = flint.ctx.prec
    with pytest.raises(ZeroDivisionError), precision(777):
        Fraction(1) / Fraction(0)
    assert flint.ctx.prec == before


@given(rows=st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=5))
def test_captured_agrees_with_the_pseudo_inverse(rows):
    table = np.array(rows)
    seen = table.sum(axis=1)
    gram, cross = table @ table.T, table @ table.T @ seen
    value = captured(matrix(gram.astype(object)), matrix(cross.astype(object)))
    # In the range of the Gram matrix tr(seen.T gram^+ seen) with seen = gram s is s.T gram s, exactly.
    assert value == int(seen @ gram @ seen)


@given(rows=st.lists(st.lists(st.integers(-3, 3), min_size=4, max_size=4), min_size=1, max_size=5))
def test_rank_and_null_space_agree_with_numpy(rows):
    table = np.array(rows)
    exact = matrix(table.astype(object))
    rank = int(np.linalg.matrix_rank(table))
    basis = null_space(exact)
    assert len(independent(exact)) == rank
    assert basis.ncols() == table.shape[1] - rank
    assert all(entry == 0 for entry in (exact * basis).entries())


def test_the_middle_of_an_enclosure_is_its_float():
    assert abs(float(Enclosure(Fraction(1, 3), Fraction(2, 3))) - 0.5) <= rounding(1)
