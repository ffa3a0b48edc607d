"""Verdicts: sound on generated exact problems, able to fail, three-valued, and never a boolean."""

import sys
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
import proofs_check as pc
from linrep import symbols as sym
from linrep._checks import InputError
from linrep.bounds import CATALOGUE, Kind, linrep26, saunshi22
from linrep.evaluate import Status
from linrep.gallery import EXAMPLES
from linrep.quantities import Unavailable
from proofs_check.enclosures import ENCLOSURES, enclose
from proofs_check.judge import ruled, vacuous, valued
from proofs_check.rows import verdict_row
from proofs_check.verdict import Enclosure, exactly
from tests.proofs_check.checker_problems import exact_problems, nearly_tied, twenty_ones
from tests.strategies import KINDS

SEARCHED = (saunshi22.LOWER_BOUND, saunshi22.VACUOUS_TRANSFER, saunshi22.CONSTRAINED_LOWER_BOUND)


def two_views(**options) -> lr.Problem:
    """Two inputs and two views, K = diag(1, 1/4), balanced signs."""
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    return lr.Problem(process, lr.features.OneHot(), [1, -1], **{"dim": 1, **options})


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(data=st.data())
def test_no_theorem_fails_and_floats_never_contradict(kind, data):
    problem = data.draw(exact_problems(kind))
    for theorem in CATALOGUE:
        found = pc.check(theorem, problem, evidence="enclosed")
        assert found.status is not Status.FAILS, found
        if theorem not in SEARCHED:
            floats = pc.check(theorem, problem).status
            assert {found.status, floats} != {Status.HOLDS, Status.FAILS}, found


@settings(max_examples=40)
@given(problem=exact_problems("generic"))
def test_exact_verdicts_agree_with_enclosed_ones(problem):
    for theorem in CATALOGUE:
        exact = pc.check(theorem, problem, evidence="exact")
        enclosed = pc.check(theorem, problem, evidence=pc.Evidence.ENCLOSED)
        if exact.status in (Status.HOLDS, Status.FAILS):
            assert exact.status is enclosed.status
            assert exact.slack.exact
            assert exact.slack == enclosed.slack


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_bounds_of_floats_meet_the_certified_ones(kind, data):
    problem = data.draw(exact_problems(kind))
    for theorem in (linrep26.RISK_GAP_MEAN, linrep26.RISK_GAP_AUGMENTED):
        floats, found = pc.check(theorem, problem), pc.check(theorem, problem, evidence="enclosed")
        if floats.bound is not None and found.bound is not None:
            assert floats.bound.lower <= found.bound.upper
            assert found.bound.lower <= floats.bound.upper


def test_an_equality_is_proved_in_rational_numbers():
    found = pc.check(linrep26.RISK_GAP_MEAN, two_views(), evidence="exact")
    assert (found.status, found.evidence, found.is_proof) == (Status.HOLDS, pc.Evidence.EXACT, True)
    assert found.slack == exactly(0)
    assert found.vacuous is True  # 1 is what a constant reaches
    assert found.hypotheses == {"minimiser": True, "positive_cut_eigenvalue": True}


def test_an_equality_through_an_irrational_root_is_proved_too():
    """T4 at a minimiser is (0 + sqrt(V / lambda))^2: the root is irrational, the bound is not."""
    process = lr.processes.FiniteProcess([1, 1], [[2, 1], [1, 2]])
    problem = lr.Problem(process, lr.features.OneHot(), [1, -1], dim=1)
    found = pc.check(linrep26.SUBOPTIMAL_AUGMENTED, problem, evidence="enclosed")
    assert (found.status, found.slack) == (Status.HOLDS, exactly(0))


@pytest.mark.parametrize("evidence", ["enclosed", "exact"])
@pytest.mark.parametrize("factor", [Fraction(9, 10), Fraction(999_999_999, 1_000_000_000)])
def test_a_planted_violation_fails(evidence, factor):
    broken = replace(
        linrep26.RISK_GAP_MEAN,
        key="broken",
        formula=lambda *inputs: (
            linrep26.RISK_GAP_MEAN.formula(*inputs) * inputs[-1].ratio(factor.numerator, factor.denominator)
        ),
    )
    found = pc.check(broken, two_views(), evidence=evidence)
    assert found.status is Status.FAILS
    assert found.slack.upper < 0
    assert "false" in found.advice


@pytest.mark.parametrize("theorem", [linrep26.RISK_GAP_MEAN, linrep26.RISK_GAP_AUGMENTED])
def test_a_control_without_its_hypothesis_fails(theorem):
    """Without MINIMISER a representation blind to the label breaks the inequality."""
    process = lr.processes.FiniteProcess([1, 1], np.eye(2, dtype=int), views=[-1, 1])
    problem = lr.Problem(process, lr.features.Affine(), [-1, 1], dim=2, weights=[[1, 0], [0, 0]])
    (dropped,) = [c.theorem(theorem) for c in theorem.controls if c.name == "without minimiser"]
    assert pc.check(theorem, problem, evidence="enclosed").status is Status.INAPPLICABLE
    assert pc.check(dropped, problem, evidence="enclosed").status is Status.FAILS


def test_a_rational_minimiser_is_recognised_exactly_and_a_suboptimal_one_is_not_a_minimiser():
    process = lr.processes.FiniteProcess([1, 1], np.eye(2, dtype=int), views=[-1, 1])
    best = lr.Problem(process, lr.features.Linear(), [-1, 1], dim=1, weights=[[1]])
    assert pc.check(linrep26.RISK_GAP_MEAN, best, evidence="exact").hypotheses["minimiser"] is True
    off = best.with_weights(np.array([[Fraction(10**15 + 1, 10**15)]], dtype=object))
    found = pc.check(linrep26.RISK_GAP_MEAN, off, evidence="exact")
    assert (found.status, found.hypotheses["minimiser"]) == (Status.INAPPLICABLE, False)


def test_ties_are_ruled_by_exact_arithmetic():
    tied = pc.check(linrep26.RISK_GAP_MEAN, twenty_ones(), evidence="enclosed")
    assert (tied.status, tied.hypotheses["positive_cut_eigenvalue"]) == (Status.INAPPLICABLE, False)
    apart = pc.check(linrep26.SUBOPTIMAL_AUGMENTED, nearly_tied(), evidence="enclosed")
    assert (apart.status, apart.hypotheses["admissible_index"], apart.index) == (Status.HOLDS, True, 1)


def rationalised(problem: lr.Problem) -> lr.Problem:
    """The worked representations are rational numbers of small denominator, up to rounding."""
    if problem.weights is None:
        return problem
    table = [[Fraction(float(v)).limit_denominator(1000) for v in row] for row in np.asarray(problem.weights)]
    return problem.with_weights(np.array(table, dtype=object))


ATTAINED = [(theorem, token) for theorem in CATALOGUE for token in theorem.attained_on]


@pytest.mark.parametrize(("theorem", "token"), ATTAINED, ids=lambda x: getattr(x, "key", getattr(x, "name", None)))
def test_equalities_are_proved_where_they_are_claimed(theorem, token):
    found = pc.check(theorem, rationalised(EXAMPLES[token]()), evidence="exact")
    assert found.status is Status.HOLDS
    assert found.slack == exactly(0)


@pytest.mark.parametrize("token", EXAMPLES, ids=lambda token: token.name)
def test_worked_problems_leave_nothing_undecided(token):
    problem = rationalised(EXAMPLES[token]())
    statuses = {pc.check(theorem, problem, evidence="enclosed").status for theorem in CATALOGUE}
    assert statuses <= {Status.HOLDS, Status.INAPPLICABLE, Status.UNAVAILABLE}


def test_irrational_inputs_need_enclosures():
    process = lr.processes.FiniteProcess([1, 1, 1], [[3, 1, 1], [1, 2, 0], [0, 1, 3]])
    problem = lr.Problem(process, lr.features.OneHot(), [1, -1, 1], dim=1)
    found = pc.check(linrep26.RISK_GAP_MEAN, problem, evidence="exact")
    assert found.status is Status.UNAVAILABLE
    assert "enclosed" in found.reason
    assert pc.check(linrep26.RISK_GAP_MEAN, problem, evidence="enclosed").status is Status.HOLDS


@pytest.mark.parametrize("evidence", ["float", "enclosed", "exact"])
def test_a_verdict_is_no_truth_value(evidence):
    found = pc.check(linrep26.RISK_GAP_MEAN, two_views(), evidence=evidence)
    with pytest.raises(TypeError, match="truth value"):
        bool(found)
    assert found.advice
    assert found.is_proof == (evidence != "float")


def test_floats_of_unknown_origin_are_refused():
    problem = two_views(weights=np.array([[0.5], [0.25]]))
    with pytest.raises(InputError, match="origin"):
        pc.check(linrep26.SUBOPTIMAL_MEAN, problem, evidence="enclosed")
    assert pc.check(linrep26.SUBOPTIMAL_MEAN, problem).status is Status.HOLDS


def test_an_unknown_evidence_is_refused():
    for wrong in ("proof", pc.Evidence.SAMPLED):
        with pytest.raises(InputError, match="evidence"):
            pc.check(linrep26.RISK_GAP_MEAN, two_views(), evidence=wrong)


def test_hidden_constants_stay_unavailable():
    found = pc.check(saunshi22.RESTATED_HAOCHEN, two_views(), evidence="enclosed")
    assert (found.status, found.bound) == (Status.UNAVAILABLE, None)
    assert "constants" in found.advice


def test_judging_is_from_the_safe_side():
    around = Enclosure(Fraction(-1, 10**30), Fraction(1))
    assert ruled(around) is Status.UNDECIDED
    assert ruled(exactly(0)) is Status.HOLDS
    assert ruled(exactly(Fraction(-1, 10**30))) is Status.FAILS


def test_vacuous_is_ruled_in_three_values():
    around = Enclosure(Fraction(1, 2), Fraction(3, 2))
    assert vacuous(Kind.UPPER, around, exactly(1)) is None
    assert vacuous(Kind.UPPER, around, exactly(2)) is False
    assert vacuous(Kind.UPPER, around, exactly(0)) is True
    assert vacuous(Kind.LOWER, exactly(0), exactly(0)) is True


def test_a_quotient_by_what_may_be_zero_is_no_bound():
    inputs = [exactly(0), exactly(1), Enclosure(Fraction(0), Fraction(1))]
    assert valued(linrep26.RISK_GAP_MEAN, inputs) is None
    assert valued(linrep26.RISK_GAP_MEAN, [exactly(0), exactly(1), exactly(0)]) is None


def raising(error: Exception):
    """An evaluator that fails."""

    def enclose(exact, place):
        raise error

    return enclose


def test_where_nothing_is_known_there_is_no_number_and_the_reason_says_so(monkeypatch):
    monkeypatch.setitem(ENCLOSURES, sym.BEST_AUGMENTED_RISK, raising(ArithmeticError("the ball is not finite")))
    problem = two_views()
    with pytest.raises(Unavailable, match=r"best_augmented_risk: the ball is not finite"):
        enclose(sym.BEST_AUGMENTED_RISK, problem)
    found = pc.check(linrep26.RISK_GAP_MEAN, problem, evidence="enclosed")
    assert (found.status, found.bound) == (Status.UNAVAILABLE, None)
    assert "not finite" in found.advice
    steps = pc.chain(linrep26.RISK_GAP_MEAN, problem, "enclosed")
    assert {link.status for link in steps.links} & {Status.UNAVAILABLE}


def test_a_rational_division_by_zero_is_a_mistake_and_not_hidden(monkeypatch):
    monkeypatch.setitem(ENCLOSURES, sym.BEST_AUGMENTED_RISK, raising(ZeroDivisionError("Fraction(0, 0)")))
    with pytest.raises(ZeroDivisionError):
        pc.check(linrep26.RISK_GAP_MEAN, two_views(), evidence="enclosed")


def test_a_refusal_is_remembered(monkeypatch):
    problem, calls = two_views(), []

    def refusing(exact, place):
        calls.append(place)
        raise Unavailable("no")

    monkeypatch.setitem(ENCLOSURES, sym.BEST_AUGMENTED_RISK, refusing)
    for _ in range(3):
        with pytest.raises(Unavailable, match="no"):
            enclose(sym.BEST_AUGMENTED_RISK, problem)
    assert len(calls) == 1


@pytest.mark.filterwarnings("error")
def test_a_bound_beyond_floats_is_proved_in_balls_and_undecided_in_floats():
    """e^{b^2} times a tilt of e^{b^2}, b^2 = 900."""
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    problem = lr.Problem(process, lr.features.OneHot(), [1, -1], dim=1, weights=[[30], [-30]])
    found = pc.check(linrep26.LIMIT_RATE, problem, evidence="enclosed")
    assert found.status is Status.HOLDS
    assert found.bound.lower > Fraction(10) ** 400
    assert float(found.bound) == np.inf
    assert pc.check(linrep26.LIMIT_RATE, problem).status in (Status.UNDECIDED, Status.UNAVAILABLE)
    row = verdict_row(linrep26.LIMIT_RATE, problem, pc.Evidence.ENCLOSED)
    assert (row["bound"], row["bound_upper"]) == (sys.float_info.max, np.inf)
    assert row["status"] == "HOLDS"
