"""The nearest-mean guarantee's ingredients, by trying every subset and every pair."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
import proofs_check as pc
from linrep import symbols as sym
from linrep.bounds import huang23
from linrep.evaluate import Status
from linrep.gallery import separated_groups
from linrep.quantities import Grid, Unavailable, measure, rule
from linrep.quantities._geometry import LARGEST_CLIQUE, geometry, heaviest_part
from proofs_check.enclosures import enclose
from tests.tolerances import root_budget, rounding

ANY = Grid(np.array([[1]]), np.ones((1, 1)))
PLACES = (0, 1, 40, 41, 80, 81)


@st.composite
def placed(draw):
    """Inputs on a line with a view beside each; the representation names a group, or a few strays name another."""
    count = draw(st.integers(2, 6))
    inputs = [Fraction(p) for p in draw(st.permutations(PLACES))[:count]]
    views = [x + s for x in inputs for s in (0, Fraction(1, 8))]
    channel = np.kron(np.eye(count, dtype=int), draw(st.sampled_from([[[1, 1]], [[3, 1]]])))
    prior = draw(st.lists(st.integers(1, 60), min_size=count, max_size=count))
    process = lr.processes.FiniteProcess(
        prior, channel, np.array([float(v) for v in views]), np.array([float(x) for x in inputs])
    )
    groups = [int(x // 40) for x in inputs]
    labels = [draw(st.sampled_from([g, g, g, 0])) for g in groups]
    dim = 3
    rows = np.zeros((2 * count, dim), dtype=int)
    for i in range(count):
        for s in range(2):
            rows[2 * i + s, draw(st.sampled_from([groups[i]] * 7 + [0]))] = 1
    return lr.Problem(process, lr.features.OneHot(), lr.labels.Table(labels, "classes"), dim=dim, weights=rows)


@settings(max_examples=120, deadline=None)
@given(placed())
def test_the_bound_holds_and_floats_agree_with_exact_numbers(problem):
    exact, floats = (pc.check(huang23.AUGMENTED_DISTANCE, problem, e) for e in ("enclosed", "float"))
    assert Status.FAILS not in (exact.status, floats.status)
    assert {exact.status, floats.status} != {Status.HOLDS, Status.INAPPLICABLE} or abs(_slack(problem)) < root_budget(4)
    if exact.status is floats.status is Status.HOLDS:
        assert abs(float(exact.bound) - float(floats.bound)) <= rounding(100)


def _slack(problem: lr.Problem) -> float:
    return float(geometry(problem).slack.max())


@settings(max_examples=100, deadline=None)
@given(placed())
def test_the_error_of_the_nearest_mean_by_distances(problem):
    process, f = problem.process, np.asarray(problem.weights, dtype=float)
    names = problem.label.values.astype(int)
    means = {
        c: np.average(
            [process.channel[i] @ f for i in np.flatnonzero(names == c)], axis=0, weights=process.prior[names == c]
        )
        for c in set(names)
    }
    wrong = 0.0
    for i, name in enumerate(names):
        own = f[np.flatnonzero(process.views == process.inputs[i])[0]]
        gaps = {c: float(np.sum((own - m) ** 2)) for c, m in means.items()}
        others = [g for c, g in gaps.items() if c != name]
        if others and abs(min(others) - gaps[name]) <= rounding(64):
            return  # a tie up to rounding
        wrong += process.prior[i] * bool(others and min(others) <= gaps[name])
    assert abs(measure(sym.NEAREST_MEAN_ERROR, problem, ANY).value - wrong) <= rounding(32)
    assert abs(float(enclose(sym.NEAREST_MEAN_ERROR, problem)) - wrong) <= rounding(32)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_heaviest_close_part_by_trying_all_subsets(data):
    count = data.draw(st.integers(1, 7))
    bits = data.draw(st.lists(st.booleans(), min_size=count * count, max_size=count * count))
    close = np.array(bits).reshape(count, count)
    close = close | close.T | np.eye(count, dtype=bool)
    mass = np.array(data.draw(st.lists(st.integers(1, 9), min_size=count, max_size=count)))
    sets = (s for r in range(1, count + 1) for s in itertools.combinations(range(count), r))
    expected = max(mass[list(s)].sum() for s in sets if all(close[i, j] for i, j in itertools.combinations(s, 2)))
    assert heaviest_part(close, mass) == expected


def test_beyond_the_exact_size_a_greedy_part_is_valid_and_no_heavier():
    rng = np.random.default_rng(0)
    count = LARGEST_CLIQUE + 4
    close = rng.random((count, count)) < 0.5
    close = close | close.T | np.eye(count, dtype=bool)
    mass = rng.integers(1, 9, count)
    found = heaviest_part(close, mass)
    assert mass.max() <= found <= mass.sum()
    assert heaviest_part(np.ones((count, count), dtype=bool), mass) == mass.sum()


def test_the_strays_are_all_that_is_lost():
    problem = separated_groups(Fraction(1, 50))
    found = pc.check(huang23.AUGMENTED_DISTANCE, problem, evidence="exact")
    assert (found.status, found.bound.lower, found.actual.lower) == (Status.HOLDS, Fraction(1, 50), Fraction(1, 50))


@pytest.mark.parametrize(
    ("change", "hypothesis"),
    [
        ({"weights": np.array([[2, 0], *[[int(i > 3), int(i <= 3)] for i in range(1, 8)]])}, sym.CONSTANT_NORM),
        ({"labels": lr.labels.Table([Fraction(1, 2), 1, 2, 3], "real")}, sym.SEPARATED_MEANS),
        ({"weights": np.ones((8, 2), dtype=int)}, sym.SEPARATED_MEANS),
    ],
)
def test_hypotheses_fail_where_they_should(change, hypothesis):
    base = separated_groups()
    problem = lr.Problem(
        base.process,
        base.features,
        change.get("labels", base.labels),
        dim=2,
        weights=change.get("weights", base.weights),
    )
    assert rule(hypothesis, problem, ANY).holds is False
    verdict = pc.check(huang23.AUGMENTED_DISTANCE, problem, evidence="enclosed")
    assert verdict.status is Status.INAPPLICABLE
    assert verdict.hypotheses[hypothesis.name] is False


def test_inputs_that_are_no_views_of_themselves():
    places = {"views": np.array([5.0, 6.0]), "inputs": np.array([0.0, 1.0])}
    process = lr.processes.FiniteProcess([1, 1], [[1, 0], [0, 1]], **places)
    problem = lr.Problem(process, lr.features.OneHot(), [1, -1], dim=2, weights=np.eye(2, dtype=int))
    assert rule(sym.SELF_VIEWS, problem, ANY).holds is False
    with pytest.raises(Unavailable, match="itself"):
        measure(sym.NEAREST_MEAN_ERROR, problem, ANY)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("labels", [[0, 1, 0, 1], [0, 0, 0, 0]])
def test_a_representation_at_the_origin_has_no_choice(labels):
    """All class means are one point: nothing is near or far, in either arithmetic."""
    inputs = np.arange(4.0)
    process = lr.processes.FiniteProcess([1] * 4, np.eye(4, dtype=int), inputs, inputs)
    still = lr.Problem(
        process, lr.features.OneHot(), lr.labels.Table(labels, "classes"), dim=1, weights=np.zeros((4, 1), dtype=int)
    )
    for quantity in (sym.MAIN_SHARE, sym.UNALIGNED_SHARE):
        with pytest.raises(Unavailable, match="far enough apart"):
            measure(quantity, still, ANY)
        with pytest.raises(Unavailable, match="far enough apart"):
            enclose(quantity, still)
    for evidence in ("float", "enclosed", "exact"):
        assert pc.check(huang23.AUGMENTED_DISTANCE, still, evidence).status is Status.INAPPLICABLE
