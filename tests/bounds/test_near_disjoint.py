"""Lemma 4.4 and V6 on a family with a closed form: true, and as near to equality as the noise is small."""

from fractions import Fraction

import pytest

import linrep as lr
from linrep.bounds import linrep26, saunshi22
from linrep.evaluate import Status
from linrep.gallery import nearly_disjoint_halves
from proofs_check import check
from tests.tolerances import spectral_budget

NOISES = [Fraction(1, 10), Fraction(1, 50), Fraction(1, 1000)]
CLOSED = {
    saunshi22.NEAR_DISJOINT: (lambda e: 2 * e - e**2, lambda e: 2 * e),
    linrep26.NEAR_DISJOINT_CEILING: (lambda e: 1 - (1 - e) ** 4, lambda e: 2 * (2 * e - e**2)),
    linrep26.NEAR_DISJOINT_IDENTIFICATION: (lambda e: 1 - (1 - e) ** 4, lambda e: 4 * e),
}


@pytest.mark.parametrize("noise", NOISES, ids=str)
@pytest.mark.parametrize("theorem", CLOSED, ids=lambda t: t.key)
def test_slack_is_the_closed_form_exactly_and_in_floats(theorem: lr.bounds.Theorem, noise: Fraction):
    actual, bound = (part(noise) for part in CLOSED[theorem])
    problem = nearly_disjoint_halves(noise)
    proved, seen = check(theorem, problem, "exact"), check(theorem, problem)
    assert proved.is_proof
    assert proved.slack is not None
    assert proved.slack.lower == proved.slack.upper == bound - actual
    value = lr.evaluate(theorem, problem).value
    assert value is not None
    assert abs(float(bound) - value) <= spectral_budget(problem)
    assert seen.slack is not None
    assert seen.slack.lower <= float(bound - actual) + spectral_budget(problem)
    assert seen.slack.upper >= float(bound - actual) - spectral_budget(problem)


def tightness(theorem: lr.bounds.Theorem, noise: Fraction) -> Fraction:
    """Actual over bound, both proved."""
    found = check(theorem, nearly_disjoint_halves(noise), "exact")
    assert found.actual is not None
    assert found.bound is not None
    assert (found.actual.lower, found.bound.lower) == (found.actual.upper, found.bound.upper)
    return Fraction(found.actual.lower) / Fraction(found.bound.lower)


@pytest.mark.parametrize("theorem", CLOSED, ids=lambda t: t.key)
def test_within_four_percent_of_equality_and_closing_in(theorem: lr.bounds.Theorem):
    ratios = [tightness(theorem, noise) for noise in NOISES]
    assert ratios == sorted(ratios)
    assert ratios[1] >= Fraction(96, 100)
    assert 1 - ratios[2] <= 2 * NOISES[2]
    if theorem is saunshi22.NEAR_DISJOINT:
        assert ratios[2] == Fraction(1999, 2000)


@pytest.mark.parametrize("theorem", CLOSED, ids=lambda t: t.key)
def test_planted_nine_tenths_of_the_bound_are_too_little(theorem: lr.bounds.Theorem):
    tighter = lr.bounds.scaled(Fraction(9, 10)).theorem(theorem)
    assert check(tighter, nearly_disjoint_halves(), "exact").status is Status.FAILS
