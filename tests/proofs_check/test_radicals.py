"""Sums of square roots of rational numbers: equal to their value in balls, and zero exactly where they are."""

import operator
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linrep.bounds import Term
from linrep.symbols import PREDICTED_ENERGY, SUBOPTIMALITY
from proofs_check.arithmetic import RADICALS, Radicals, ball, precision
from proofs_check.judge import valued
from proofs_check.verdict import exactly

BITS = 200
positive = st.fractions(min_value=Fraction(1, 60), max_value=5, max_denominator=60)
rational = st.fractions(min_value=-5, max_value=5, max_denominator=9)


@st.composite
def sums(draw):
    """A sum of at most three roots, as it is and in a ball."""
    terms = draw(st.lists(st.tuples(rational, positive), max_size=3))
    with precision(BITS):
        size = sum((ball(a) * ball(r).sqrt() for a, r in terms), ball(0))
    return sum((RADICALS.sqrt(r) * a for a, r in terms), Radicals.of(0)), size


def in_a_ball(number):
    with precision(BITS):
        return sum((ball(a) * ball(r).sqrt() for r, a in number.parts.items()), ball(0))


@given(one=sums(), two=sums())
def test_sums_and_products_are_those_of_real_numbers(one, two):
    for combine in (operator.add, operator.sub, operator.mul):
        found = combine(one[0], two[0])
        with precision(BITS):
            real = combine(one[1], two[1])
            assert in_a_ball(found).overlaps(real)
            # Zero, and only zero, has no parts: a ball of 200 bits tells these small numbers from it.
            assert bool(found.parts) == (not real.contains(0))


@given(number=sums(), divisor=positive, factor=rational.filter(bool))
def test_quotients_by_one_root(number, divisor, factor):
    root = RADICALS.sqrt(divisor) * factor
    assert number[0] / root * root == number[0]
    assert (1 / root) * root == 1
    assert root**2 == divisor * factor * factor


@given(positive, rational.filter(bool))
def test_roots_with_a_rational_quotient_are_one_root(radicand, factor):
    scaled = RADICALS.sqrt(radicand * factor * factor)
    assert scaled - RADICALS.sqrt(radicand) * abs(factor) == 0
    assert (scaled * RADICALS.sqrt(radicand)).rational == radicand * abs(factor)


def test_incommensurable_roots_do_not_cancel():
    near = RADICALS.sqrt(Fraction(2)) - RADICALS.sqrt(Fraction(2 * 10**40 + 1, 10**40))
    assert near.rational is None
    assert near != 0


def test_numbers_without_small_factors_take_no_time():
    """(sqrt r)^2 = r without factorising anything: the product of two primes of 60 digits."""
    radicand = Fraction(10**60 + 7, 10**61 - 3) * (10**59 + 19)
    assert (RADICALS.sqrt(radicand) ** 2).rational == radicand
    term = Term((SUBOPTIMALITY, PREDICTED_ENERGY), lambda x, y, field: (field.sqrt(x) + field.sqrt(y)) ** 2)
    assert valued(term, [exactly(0), exactly(radicand)]) == exactly(radicand)
    assert not valued(term, [exactly(1), exactly(radicand)]).exact


def test_what_leaves_the_sums_is_refused():
    root = RADICALS.sqrt(Fraction(2))
    for wrong in (
        lambda: RADICALS.sqrt(root),
        lambda: 1 / (root + 1),
        lambda: root**-1,
        lambda: RADICALS.exp(1),
        lambda: RADICALS.minimum(root, 1),
        lambda: RADICALS.sqrt(-1),
    ):
        with pytest.raises(ArithmeticError):
            wrong()
    with pytest.raises(ZeroDivisionError):
        1 / (root - root)
    assert RADICALS.maximum(1, 2).rational == 2
    assert (RADICALS.log(1).rational, RADICALS.exp(0).rational) == (0, 1)
