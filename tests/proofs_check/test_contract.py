"""The contract of a theorem, seven points over the catalogue: sound, sharp, not empty, in need of its hypotheses,
refutable, the same in every tier, the same under changes that may not matter."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import proofs_check as pc
from linrep import symbols as sym
from linrep.bounds import CATALOGUE, NEEDED_TO_STATE, Choice, Theorem, linrep26, scaled
from linrep.evaluate import Status
from linrep.gallery import EXAMPLES
from linrep.problems import Problem
from proofs_check import controls
from proofs_check.verdict import Enclosure, Verdict, exactly
from tests.proofs_check import contract_problems as made
from tests.proofs_check.test_checker import rationalised

FEW, MANY = 12, 400
"""Problems a theorem and a point: in every run, and with `-m slow`."""

LEAST = 3
"""Of FEW problems made for the hypotheses, on this many the theorem has to hold with all of them met."""

NUMBERED = [t for t in CATALOGUE if t.unavailable is None]
SEARCHED = (sym.WORST_INDISTINGUISHABLE_ERROR, sym.TRANSFER_VALUE)
"""Quantities that are searched for: known from below, on floats only where no certificate is built."""

CERTIFIED = [t for t in NUMBERED if t.bounds not in SEARCHED]
ON_TABLES = [t for t in CERTIFIED if sym.RELEVANT not in t.inputs and made.plain(t)]
"""Theorems that can be asked about a process given by a table, in any order of its views."""

slow = pytest.mark.slow
over = pytest.mark.parametrize


def key(theorem: Theorem) -> str:
    """The name of a test."""
    return theorem.key


def without(theorem: Theorem, *names: sym.Hypothesis) -> Theorem:
    """The theorem with hypotheses about the form of a problem left out, where numbers are compared and not claims."""
    return replace(theorem, hypotheses=tuple(h for h in theorem.hypotheses if h not in names))


def judged(theorem: Theorem, problem: Problem) -> Verdict:
    """The verdict on certified numbers, or on floats where there are none: bad relabellings are searched for in floats,
    and margins on a hypercube of dimension fifty are integrated in floats."""
    found = pc.check(theorem, problem, evidence="enclosed")
    return pc.check(theorem, problem) if found.status is Status.UNAVAILABLE else found


# 1. sound


@over("count", [FEW, pytest.param(MANY, marks=slow)])
@over("theorem", CATALOGUE, ids=key)
def test_sound(theorem: Theorem, count: int):
    seen = soundness(theorem, count)
    least = LEAST if made.plain(theorem) else 1
    assert theorem.unavailable is not None or seen[Status.HOLDS] >= least, seen


def soundness(theorem: Theorem, count: int) -> Counter[Status]:
    """How often each verdict was found, on the examples too where a structure is needed; FAILS stops at once."""
    tokens = () if made.plain(theorem) else (*theorem.attained_on, *theorem.not_vacuous_on)
    seen = Counter(judged(theorem, rationalised(EXAMPLES[token]())).status for token in tokens)
    assert Status.FAILS not in seen

    @settings(max_examples=count, deadline=None)
    @given(problem=made.meeting(theorem))
    def run(problem):
        found = judged(theorem, problem)
        assert found.status is not Status.FAILS, found
        seen[found.status] += 1

    run()
    return seen


# 2. sharp


@over("theorem", [t for t in CATALOGUE if t.attained_on], ids=key)
def test_sharp(theorem: Theorem):
    for token in theorem.attained_on:
        found = pc.check(theorem, rationalised(EXAMPLES[token]()), evidence="enclosed")
        assert (found.status, found.slack) == (Status.HOLDS, exactly(0))


# 3. not empty


@over("theorem", NUMBERED, ids=key)
def test_not_empty(theorem: Theorem):
    assert theorem.not_vacuous_on
    for token in theorem.not_vacuous_on:
        found = judged(theorem, rationalised(EXAMPLES[token]()))
        assert (found.status, found.vacuous) == (Status.HOLDS, False)


# 4. needs its hypotheses


@over("theorem", NUMBERED, ids=key)
def test_every_hypothesis_is_dropped_by_a_control_or_needed_to_state_the_bound(theorem: Theorem):
    dropped = {control.name for control in theorem.controls}
    kept = [h.name for h in theorem.hypotheses if h not in NEEDED_TO_STATE and f"without {h.name}" not in dropped]
    assert kept == []


# 5. the checker can see


def surviving(theorem: Theorem) -> list[str]:
    """The broken variants that the search does not refute within its budget, and that say no reason."""
    rows = controls.judged([theorem], key=jax.random.key(0)).rows
    return [str(row["control"]) for row in rows if row["status"] == controls.SURVIVES]


def test_the_checker_sees_what_is_broken():
    assert surviving(linrep26.RISK_GAP_MEAN) == []
    harmless = replace(linrep26.RISK_GAP_MEAN, controls=(scaled(Fraction(11, 10)),))
    assert surviving(harmless) == ["scaled by 11/10"]


@slow
@pytest.mark.timeout(1200)
@over("theorem", NUMBERED, ids=key)
def test_every_control_is_refuted_or_says_why_not(theorem: Theorem):
    assert surviving(theorem) == []


def test_few_controls_say_that_nothing_is_known():
    every = [control for theorem in NUMBERED for control in theorem.controls]
    assert all(theorem.controls for theorem in NUMBERED)
    assert 100 * sum(bool(control.unknown) for control in every) <= 15 * len(every)


# 6. tiers agree


def meet(one: Enclosure | None, two: Enclosure | None) -> bool:
    """Whether two enclosures may be of one number; nothing is said where there is none."""
    return one is None or two is None or (one.lower <= two.upper and two.lower <= one.upper)


def contradictions(theorem: Theorem, floats: Verdict, proved: Verdict) -> list[str]:
    """What float64 and the enclosures say differently, beyond the stated errors."""
    rulings = [n for n, ruled in proved.hypotheses.items() if {ruled, floats.hypotheses.get(n)} == {True, False}]
    found = [f"hypothesis {name}" for name in rulings]
    if {floats.status, proved.status} == {Status.HOLDS, Status.FAILS}:
        found.append("status")
    if not meet(floats.bound, proved.bound):
        found.append("bound")
    same_place = theorem.choice is not Choice.EVERY or floats.index == proved.index
    if same_place and not meet(floats.actual, proved.actual):
        found.append("actual")
    return found


@over("count", [FEW, pytest.param(MANY, marks=slow)])
@over("theorem", CERTIFIED, ids=key)
def test_tiers_agree(theorem: Theorem, count: int):
    seen: Counter[str] = Counter()

    @settings(max_examples=count, deadline=None)
    @given(problem=made.meeting(theorem))
    def run(problem):
        floats, proved = pc.check(theorem, problem), pc.check(theorem, problem, evidence="enclosed")
        assert contradictions(theorem, floats, proved) == [], (floats, proved)
        seen["bounds"] += floats.bound is not None and proved.bound is not None
        seen["truths"] += floats.actual is not None and proved.actual is not None

    run()
    assert not made.plain(theorem) or min(seen["bounds"], seen["truths"]) >= LEAST, seen


# 7. metamorphic laws


def moved(theorem: Theorem, before: Verdict, after: Verdict) -> list[str]:
    """What differs between two verdicts that have to be the same: rational numbers exactly, others by their balls."""
    found = [name for name in ("status", "vacuous", "hypotheses") if getattr(before, name) != getattr(after, name)]
    for name in ("bound", "actual"):
        one, two = getattr(before, name), getattr(after, name)
        known = one is not None and two is not None
        if (one is None) != (two is None) or not meet(one, two) or (known and one.exact and two.exact and one != two):
            found.append(name)
    return found


def unmoved(theorem: Theorem, change, count: int) -> None:
    """No number of the theorem may move under a drawn change of a drawn problem."""
    asked, seen = without(theorem, sym.EXAMPLE_ONE), [0]

    @settings(max_examples=count, deadline=None)
    @given(problem=made.meeting(asked), data=st.data())
    def run(problem, data):
        before = pc.check(asked, problem, evidence="enclosed")
        after = pc.check(asked, change(problem, data), evidence="enclosed")
        assert moved(asked, before, after) == [], (before, after)
        seen[0] += before.bound is not None

    run()
    assert seen[0] >= LEAST


def relabelling(problem, data):
    """Inputs and views in another order."""
    rows = data.draw(st.permutations(range(problem.process.n_inputs)))
    return made.relabelled(problem, rows, data.draw(st.permutations(range(problem.process.n_views))))


def splitting(problem, data):
    """A view shown as two."""
    view = data.draw(st.integers(0, problem.process.n_views - 1))
    return made.split(problem, view, data.draw(st.sampled_from([Fraction(1, 2), Fraction(1, 3), Fraction(4, 5)])))


def transforming(problem, data):
    """Other features of the same class."""
    return made.transformed(problem, data.draw(made.unimodular(problem.moments.dim)))


@over("count", [FEW, pytest.param(MANY, marks=slow)])
@over("change", [relabelling, splitting])
@over("theorem", ON_TABLES, ids=key)
def test_relabelling_and_splitting_change_nothing(theorem: Theorem, change, count: int):
    if change is splitting and theorem.bounds == sym.WORST_APPROXIMATION:
        pytest.skip(
            "a copy of a view adds a function of eigenvalue 0 to the class, and this quantity is over the class"
        )
    unmoved(theorem, change, count)


@over("count", [FEW, pytest.param(MANY, marks=slow)])
@over("theorem", ON_TABLES, ids=key)
def test_an_invertible_change_of_features_changes_nothing(theorem: Theorem, count: int):
    """The class stays the same, though no longer called all functions of a view: that hypothesis is left out."""
    unmoved(without(theorem, sym.UNRESTRICTED), transforming, count)


def test_a_change_of_class_is_noticed():
    """The law itself can fail: a singular change of features loses functions."""

    def losing(problem, data):
        change = np.zeros((problem.moments.dim, problem.moments.dim), dtype=int)
        change[0, 0] = 1
        return made.transformed(problem.with_weights(None), change)

    with pytest.raises(AssertionError):
        unmoved(linrep26.RISK_GAP_MEAN, losing, FEW)
