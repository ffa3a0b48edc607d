"""What is planted in the checker is seen: wrong rulings, wrong enclosures, wrong floats, wide balls."""

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import pytest

import linrep as lr
import proofs_check as pc
from linrep import symbols as sym
from linrep.bounds import linrep26
from linrep.evaluate import Status
from linrep.quantities import EVALUATORS, Measured, Ruling
from proofs_check import hypotheses
from proofs_check.enclosures import ENCLOSURES
from proofs_check.verdict import Enclosure
from tests.proofs_check.test_contract import contradictions, judged
from tests.tolerances import spectral_budget

T1 = linrep26.RISK_GAP_MEAN
FALSE = replace(T1, key="false", formula=lambda best, augmented, gap, field: best)
"""T1 with what one view costs forgotten."""


def problem() -> lr.Problem:
    """Two inputs and two views, K = diag(1, 1/4); fresh, for what was measured before is remembered."""
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    return lr.Problem(process, lr.features.OneHot(), [1, -1], dim=1)


def ruled(monkeypatch: pytest.MonkeyPatch, holds: bool | None, theorem=T1) -> Status:
    """The status where the checker is told that a hypothesis holds, fails, or is not settled."""
    monkeypatch.setitem(hypotheses._RULES, sym.POSITIVE_CUT_EIGENVALUE, lambda problem, places: Ruling(holds, "told"))
    return pc.check(theorem, problem(), evidence="exact").status


def test_a_false_theorem_fails_in_every_tier():
    for evidence in ("float", "enclosed", "exact"):
        assert pc.check(FALSE, problem(), evidence=evidence).status is Status.FAILS


@pytest.mark.parametrize("theorem", [T1, FALSE])
def test_a_hypothesis_that_fails_makes_any_theorem_inapplicable(monkeypatch: pytest.MonkeyPatch, theorem):
    assert ruled(monkeypatch, False, theorem) is Status.INAPPLICABLE


@pytest.mark.parametrize("theorem", [T1, FALSE])
def test_a_hypothesis_that_is_not_settled_leaves_any_theorem_undecided(monkeypatch: pytest.MonkeyPatch, theorem):
    assert ruled(monkeypatch, None, theorem) is Status.UNDECIDED


def test_hypotheses_that_hold_leave_the_word_to_the_numbers(monkeypatch: pytest.MonkeyPatch):
    assert ruled(monkeypatch, True) is Status.HOLDS
    assert ruled(monkeypatch, True, FALSE) is Status.FAILS


def enclosed_as(monkeypatch: pytest.MonkeyPatch, change: Callable[[Enclosure], Enclosure]) -> pc.Verdict:
    """The verdict where the enclosure of the truth is changed."""
    real = ENCLOSURES[sym.MEAN_RISK]
    monkeypatch.setitem(ENCLOSURES, sym.MEAN_RISK, lambda exact, place: change(real(exact, place)))
    return pc.check(T1, problem(), evidence="enclosed")


def test_a_wide_ball_leaves_an_equality_undecided(monkeypatch: pytest.MonkeyPatch):
    wide = Fraction(1, 10**30)
    found = enclosed_as(monkeypatch, lambda x: Enclosure(x.lower - wide, x.upper + wide))
    assert found.status is Status.UNDECIDED
    assert not found.is_proof


def test_a_wrong_ball_is_noticed_by_the_floats(monkeypatch: pytest.MonkeyPatch):
    wrong = Fraction(1, 1000)
    found = enclosed_as(monkeypatch, lambda x: Enclosure(x.lower - wrong, x.upper - wrong))
    assert contradictions(T1, pc.check(T1, problem()), found) == ["actual"]


@pytest.mark.parametrize("quantity", [sym.MEAN_RISK, sym.CUT_EIGENVALUE])
def test_a_wrong_float_is_noticed_by_the_balls(monkeypatch: pytest.MonkeyPatch, quantity):
    real, off = EVALUATORS[quantity], 10 * spectral_budget(problem())

    def wrong(asked, grid):
        return Measured(real(asked, grid).value - off, 0.0)

    proved = pc.check(T1, problem(), evidence="enclosed")
    assert contradictions(T1, pc.check(T1, problem()), proved) == []
    monkeypatch.setitem(EVALUATORS, quantity, wrong)
    assert contradictions(T1, pc.check(T1, problem()), proved) != []


def test_a_wrong_ruling_is_noticed_by_the_floats(monkeypatch: pytest.MonkeyPatch):
    assert ruled(monkeypatch, False) is Status.INAPPLICABLE
    proved = pc.check(T1, problem(), evidence="enclosed")
    assert contradictions(T1, pc.check(T1, problem()), proved) == ["hypothesis positive_cut_eigenvalue"]


def test_a_theorem_without_certified_numbers_is_judged_in_floats():
    pairs = lr.Problem(
        lr.processes.FiniteProcess([1] * 4, [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]),
        lr.features.OneHot(),
        [1, 1, -1, -1],
        dim=1,
    )
    assert judged(T1, problem()).evidence is pc.Evidence.ENCLOSED
    hidden = replace(T1, hypotheses=(), unavailable="hidden")
    assert judged(hidden, pairs).status is Status.UNAVAILABLE
