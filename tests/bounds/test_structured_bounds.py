"""Bounds on clusters, odds, places and training sets: sound on exact problems built for them, and ordered."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings

import linrep as lr
import proofs_check as pc
from linrep import symbols as sym
from linrep.bounds import balestriero22, haochenma23, huang23, johnson23, linrep26, tosh21
from linrep.evaluate import Status
from linrep.solutions import solve_variance_regularised
from proofs_check.search._strategies import problems
from tests.tolerances import eigenvalue_budget, spectral_budget

OFTEN = 150
"""Problems a theorem."""

ASKED = {
    haochenma23.CLUSTERS: 0.2,
    linrep26.SHARPENED_CLUSTERS: 0.2,
    johnson23.MINIMAX: 0.2,
    johnson23.MINIMAX_LOWER: 0.1,
    tosh21.REDUNDANCY: 0.9,
    tosh21.SPECTRAL: 0.9,
    tosh21.DIRECT: 0.9,
    huang23.AUGMENTED_DISTANCE: 0.3,
    balestriero22.VICREG: 0.5,
    linrep26.SAMPLE_EXCESS: 0.9,
    linrep26.FAST_SAMPLE_EXCESS: 0.5,
    linrep26.SAMPLE_EXCESS_VARIANCE: 0.5,
}
"""On at least this share of the problems the theorem applies and is proved true."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("theorem", ASKED, ids=lambda t: t.key)
def test_proved_on_problems_made_for_it(theorem):
    seen: Counter[Status] = Counter()

    @settings(max_examples=OFTEN, deadline=None)
    @given(problem=problems(theorem))
    def run(problem):
        found = pc.check(theorem, problem, evidence="enclosed")
        assert found.status is not Status.FAILS, found
        seen[found.status] += 1

    run()
    assert seen[Status.HOLDS] >= ASKED[theorem] * sum(seen.values()), seen


@settings(max_examples=150, deadline=None)
@given(problem=problems(haochenma23.CLUSTERS))
def test_the_sharper_form_dominates(problem):
    ours, printed = (lr.evaluate(t, problem) for t in (linrep26.SHARPENED_CLUSTERS, haochenma23.CLUSTERS))
    if ours.value is not None and printed.value is not None:
        assert ours.value <= printed.value + ours.error + printed.error


@settings(max_examples=100, deadline=None)
@given(problem=problems(haochenma23.CLUSTERS))
def test_every_strength_above_the_crossing_keeps_the_same_risk(problem):
    """The claim by which the theorem is asked of spectral minimisers: the regularised loss has the same span."""
    bound = lr.evaluate(haochenma23.CLUSTERS, problem)
    if bound.applies is not True or problem.solution.tie is not None:
        return
    least = bound.terms["bayes_split"] / bound.terms["smallest_cluster"]
    for strength in (1.0, least + 0.01, 10.0):
        weights = solve_variance_regularised(problem.moments, dim=problem.dim, strength=strength).weights
        own = lr.actual(haochenma23.CLUSTERS, problem.with_weights(weights)).upper
        assert abs(own - lr.actual(haochenma23.CLUSTERS, problem).upper) <= spectral_budget(problem)


def test_the_minimax_value_is_attained_and_not_beaten():
    """Over 300 random representations of a flipped cube none is better than a minimiser; the minimiser is tight."""
    process = lr.processes.HypercubeFlip(dim=4, keep=(0.95, 0.9, 0.8, 0.7))
    base = lr.Problem(process, lr.features.Linear(), dim=2)
    best = lr.actual(johnson23.MINIMAX, base).upper
    bound = lr.evaluate(johnson23.MINIMAX, base).value
    assert abs(best - bound) <= eigenvalue_budget(4, bound**2)
    rng = np.random.default_rng(0)
    found = [lr.actual(johnson23.MINIMAX_LOWER, base.with_weights(rng.normal(size=(4, 2)))).upper for _ in range(300)]
    assert min(found) >= bound - eigenvalue_budget(4, bound**2)
    assert min(found) > bound  # a random span is never the best one


def test_lower_and_upper_meet_on_every_minimiser_of_a_tie():
    """Three equal coins, d = 1: each coin alone, or any mixture, has the same worst case."""
    process = lr.processes.HypercubeFlip(dim=3, keep=0.9)
    base = lr.Problem(process, lr.features.Linear(), dim=1)
    value = lr.evaluate(johnson23.MINIMAX, base).value
    for column in ([1, 0, 0], [0, 1, 0], [1, 1, 1], [2, -1, 0]):
        found = lr.actual(johnson23.MINIMAX, base.with_weights(np.array(column)[:, None]))
        assert abs(found.upper - value) <= eigenvalue_budget(3, value**2)


def test_example_one_says_why_the_cluster_theorem_does_not_apply():
    process = lr.processes.HypercubeScaling(dim=50, relevant=10)
    row = lr.evaluate(haochenma23.CLUSTERS, lr.Problem(process, lr.features.Linear(), lr.labels.Coordinate(0), dim=10))
    assert row.hypotheses["dim_is_clusters"] is False
    assert row.hypotheses["implementable_clusters"] is False
    assert row.seen["separated_clusters"] == "alpha = 0, P_min = 0.5"


def test_affine_features_with_one_relevant_coordinate_implement_the_clusters():
    process = lr.processes.HypercubeScaling(dim=3, relevant=1, scale=lr.processes.Discrete([1, 2], [1, 1]))
    problem = lr.Problem(process.finite(), lr.features.Affine(), _first_coordinate(process), dim=2)
    found = pc.check(haochenma23.CLUSTERS, problem, evidence="exact")
    assert (found.status, found.bound.lower, found.actual.lower) == (Status.HOLDS, 0, 0)


def _first_coordinate(process):
    return lr.labels.Table((np.asarray(process.finite().inputs)[:, 0] > 0).astype(int), "classes")


def test_the_partition_form_has_ingredients_but_no_number():
    process = lr.processes.Clusters(sizes=(3, 3), within=20, between=1).finite()
    labels = lr.labels.Table([0, 0, 0, 1, 1, 1], "classes")
    problem = lr.Problem(process, lr.features.OneHot(), labels, dim=4)
    found = lr.evaluate(lr.bounds.haochen21.PARTITION, problem)
    assert found.value is None
    assert "hides" in found.unavailable
    assert all(found.hypotheses.values())
    grid = lr.quantities.Grid(np.array([[1]]), np.ones((1, 1)))
    conductance = lr.quantities.measure(sym.PARTITION_CONDUCTANCE, problem, grid).value
    crossing = lr.quantities.measure(sym.BAYES_SPLIT, problem, grid).value
    assert 0 < conductance <= crossing + eigenvalue_budget(6)  # two equal clusters: each leaks what crosses
