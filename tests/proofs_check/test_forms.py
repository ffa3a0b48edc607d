"""Numbers that remember how they were made: what cancels is exact, and nothing else is."""

import operator
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import linrep as lr
import proofs_check as pc
from linrep.bounds import balestriero22, johnson23, scaled
from linrep.evaluate import Status
from proofs_check.enclosures import exact_problem
from proofs_check.judge import ruled, slack
from proofs_check.verdict import FORMS, Enclosure, Form, exactly, form_of

SHARES = st.fractions(min_value=Fraction(1, 20), max_value=Fraction(19, 20), max_denominator=20)


def unknowns():
    return Form.unknown(), Form.unknown()


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y"]) | st.fractions(min_value=-2, max_value=2, max_denominator=3),
    lambda inner: st.tuples(st.sampled_from("+-*/"), inner, inner),
    max_leaves=8,
)


def value_of(tree, x, y):
    """The expression at two numbers of any kind."""
    if not isinstance(tree, tuple):
        return {"x": x, "y": y}.get(tree, tree)
    left, right = (value_of(part, x, y) for part in tree[1:])
    return {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[tree[0]](left, right)


def with_exact_leaves(tree):
    """The expression with its rational numbers as enclosures."""
    if isinstance(tree, tuple):
        return tree[0], with_exact_leaves(tree[1]), with_exact_leaves(tree[2])
    return exactly(tree) if isinstance(tree, Fraction) else tree


@given(tree=EXPRESSIONS, x=SHARES, y=SHARES)
def test_a_constant_form_is_the_value_at_every_point(tree, x, y):
    try:
        value, form = value_of(tree, x, y), Form.of(value_of(tree, *unknowns()))
    except ZeroDivisionError:
        return
    assert form.constant is None or form.constant == value
    # Less itself it is zero, whatever it is; one more is not.
    assert (form - form).constant == 0
    assert (form + 1 - form).constant == 1


@given(tree=EXPRESSIONS, x=SHARES, y=SHARES)
def test_enclosures_keep_the_form_of_what_they_enclose(tree, x, y):
    width = Fraction(1, 10**30)
    around = [Enclosure(v - width, v + width).named() for v in (x, y)]
    try:
        found, value = value_of(with_exact_leaves(tree), *around), value_of(tree, x, y)
    except ZeroDivisionError:
        return
    assert found.lower <= value <= found.upper
    assert (found - found) == exactly(0)


def test_two_numbers_in_the_same_place_are_not_the_same_number():
    one, two = (Enclosure(Fraction(0), Fraction(1)).named() for _ in range(2))
    assert ruled(one - one) is Status.HOLDS
    assert ruled(one - two) is Status.UNDECIDED
    assert not (one - two).exact
    assert form_of(Enclosure(Fraction(0), Fraction(1))) is None


def test_long_forms_are_given_up_and_the_number_is_not():
    numbers = [Enclosure(Fraction(1), Fraction(2)).named() for _ in range(12)]
    product = exactly(1)
    for number in numbers:
        product = product * (number + exactly(1))
    assert product.form is None
    assert (product.lower, product.upper) == (2**12, 3**12)


def test_functions_other_than_arithmetic_are_refused():
    x, _ = unknowns()
    for wrong in (lambda: FORMS.sqrt(x), lambda: FORMS.maximum(x, 1), lambda: FORMS.log(x), lambda: x**-1):
        with pytest.raises(ArithmeticError):
            wrong()
    with pytest.raises(ZeroDivisionError):
        1 / (x - x)
    assert FORMS.sqrt(Fraction(1, 4)).constant == Fraction(1, 2)
    assert FORMS.minimum(x - x, 1).constant == 0


def irrational() -> lr.Problem:
    """Minimisers whose eigenvalues at and beyond the cut are roots of an irreducible cubic."""
    process = lr.processes.FiniteProcess([1, 1, 1, 1], [[3, 1, 1, 0], [1, 2, 0, 1], [0, 1, 3, 1], [1, 0, 1, 5]])
    return lr.Problem(process, lr.features.OneHot(), [1, -1, 1, -1], dim=1)


ATTAINED = (johnson23.MINIMAX, johnson23.MINIMAX_LOWER, balestriero22.VICREG)


@pytest.mark.parametrize("theorem", ATTAINED, ids=lambda t: t.key)
def test_equalities_of_irrational_numbers_are_proved(theorem):
    problem = replace(irrational(), dim=2)
    assert not exact_problem(problem).spectrum.kappa(3).exact
    found = pc.check(theorem, problem, evidence="enclosed")
    assert (found.status, found.slack) == (Status.HOLDS, exactly(0))
    assert found.bound is not None
    assert not found.bound.exact


@pytest.mark.parametrize("theorem", ATTAINED, ids=lambda t: t.key)
def test_broken_by_a_billionth_they_fail(theorem):
    upward = theorem is not johnson23.MINIMAX
    factor = Fraction(10**9 + 1, 10**9) if upward else Fraction(10**9 - 1, 10**9)
    found = pc.check(scaled(factor).theorem(theorem), replace(irrational(), dim=2), evidence="enclosed")
    assert found.status is Status.FAILS


@pytest.mark.parametrize("theorem", ATTAINED, ids=lambda t: t.key)
def test_a_number_without_its_name_stays_undecided(theorem):
    """The proof is by the name alone: the same ends without it decide nothing."""
    found = pc.check(theorem, replace(irrational(), dim=2), evidence="enclosed")
    assert found.bound is not None
    assert found.actual is not None
    nameless = slack(theorem.kind, *(Enclosure(x.lower, x.upper) for x in (found.bound, found.actual)))
    assert ruled(nameless) is Status.UNDECIDED
