"""The search: exact instances, derivative rules, JAX evaluators against float64, rounding, and resuming."""

import json
from dataclasses import replace
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import linrep as lr
import proofs_check as pc
from linrep import symbols as sym
from linrep._checks import InputError
from linrep.bounds import arora19, haochen21, huang23, linrep26, saunshi22
from linrep.evaluate import Status
from linrep.processes import FiniteProcess
from linrep.quantities import Grid, measure
from proofs_check.search import Best, decoded, embedded_problems, encoded, examples, explore, tightness_table
from proofs_check.search._evaluators import EVALUATORS
from proofs_check.search._gradient import TOTALS, WINNERS, ascend, covers, rounded
from proofs_check.search._models import Shape, Size, shape_of, start, tabulated
from proofs_check.search._spectra import eigenvalues, head_operator
from tests.tolerances import EPS, eigenvalue_budget, spectral_budget

KEY = jax.random.key(0)
FALSE = replace(linrep26.RISK_GAP_MEAN, key="false", formula=lambda best, augmented, gap, field: best)
SHORT = (linrep26.SUBOPTIMAL_MEAN, saunshi22.NEAR_DISJOINT, linrep26.VACUITY_THRESHOLD, haochen21.EIGENVALUE)


def difference_budget(step: float, size: float) -> float:
    """A central difference of a smooth function of curvature at most `size`: step^2 size, and rounding 2 eps / step."""
    return step**2 * size + 2 * EPS * size / step


def planted(values: list[float]) -> np.ndarray:
    """A symmetric matrix with these eigenvalues."""
    turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((len(values),) * 2))
    return turn @ np.diag(values) @ turn.T


@pytest.mark.parametrize("power", [-1, 0, 1])
@pytest.mark.parametrize(
    ("values", "head"),
    [([0.9, 0.6, 0.4, 0.1], 2), ([0.9, 0.9, 0.4, 0.1], 2), ([0.9, 0.9, 0.9, 0.2], 3), ([0.9, 0.5, 0.5, 0.5], 1)],
)
def test_derivative_of_a_head_agrees_with_finite_differences_in_ties_too(values, head, power):
    matrix = planted(values)
    change = np.random.default_rng(1).standard_normal((4, 4))
    change, step = (change + change.T) / 2, 1e-5
    _, slope = jax.jvp(lambda m: head_operator(m, head, power), (jnp.array(matrix),), (jnp.array(change),))
    ends = [head_operator(jnp.array(matrix + sign * step * change), head, power) for sign in (1, -1)]
    # Third derivatives grow with the inverse cube of the gap, which is at least 0.2 here.
    np.testing.assert_allclose(slope, (ends[0] - ends[1]) / (2 * step), rtol=0, atol=difference_budget(step, 0.2**-6))


def test_derivative_at_a_tied_cut_is_finite_where_jax_has_none():
    matrix, change = jnp.array(planted([0.9, 0.5, 0.5, 0.1])), jnp.array(planted([1.0, 2.0, 3.0, 4.0]))
    _, slope = jax.jvp(lambda m: head_operator(m, 2, 0), (matrix,), (change,))
    assert bool(jnp.isfinite(slope).all())

    def plain(m):
        _, vectors = jnp.linalg.eigh(m)
        return vectors[:, 2:] @ vectors[:, 2:].T

    assert not bool(jnp.isfinite(jax.jvp(plain, (jnp.eye(4),), (change,))[1]).all())


def test_derivative_of_eigenvalues_sums_to_that_of_the_trace_in_a_tie():
    matrix, change = jnp.array(planted([0.9, 0.5, 0.5, 0.1])), jnp.array(planted([1.0, 2.0, 3.0, 4.0]))
    slope = jax.jvp(eigenvalues, (matrix,), (change,))[1]
    assert abs(float(slope.sum() - jnp.trace(change))) <= eigenvalue_budget(4, 4.0)


def random_model(one_hot: bool, weighted: bool):
    rng = np.random.default_rng(5 + 2 * one_hot + weighted)
    prior, channel = rng.integers(1, 6, 4), rng.integers(1, 9, (4, 6))
    table = np.eye(6, dtype=int) if one_hot else rng.integers(-3, 4, (6, 3))
    labels = np.array([1, -1, 1, 1])
    weights = rng.integers(-2, 3, (table.shape[1], 2)) if weighted else None
    features = lr.features.OneHot() if one_hot else lr.features.Custom(lambda views: table[np.asarray(views)], 3)
    problem = lr.Problem(FiniteProcess(prior, channel), features, labels, dim=2, weights=weights)
    arrays = (jnp.array(a, dtype=float) for a in (problem.process.prior, problem.process.channel, table, labels))
    free = None if weights is None else jnp.array(weights, dtype=float)
    return problem, tabulated(Size(4, 6, table.shape[1], 2), *arrays, free)


@pytest.mark.parametrize("one_hot", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
def test_jax_evaluators_agree_with_the_float64_ones(one_hot, weighted):
    problem, of = random_model(one_hot, weighted)
    grid = Grid(np.array([[1], [2]]), np.ones((1, 1)))
    skipped = {sym.UNRESTRICTED_CUT_EIGENVALUE, sym.NEXT_UNRESTRICTED_CUT_EIGENVALUE} if not one_hot else set()
    last = float(problem.solution.spectrum.kappa(2))
    for quantity in EVALUATORS.keys() - skipped:
        theirs = np.asarray(measure(quantity, problem, grid).value).ravel()
        ours = np.asarray(EVALUATORS[quantity](of)).ravel()
        budget = spectral_budget(problem) * 100 / last**2
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=budget, err_msg=quantity.name)


def test_a_planted_false_theorem_is_refuted_by_a_simple_exact_problem():
    found = pc.search(FALSE, key=KEY, budget=200, engines=("exact",), listed=())
    assert found.refuted
    assert found.engine == "exact"
    assert found.tightness > 1
    again = pc.check(FALSE, decoded(encoded(found.problem)), "enclosed")
    assert again.status is Status.FAILS


def test_a_refuting_problem_is_made_simpler():
    sizes = []
    for shrink in (False, True):
        best = Best(FALSE)
        explore(FALSE, KEY, 100, best.look, shrink=shrink)
        assert best.refuted
        sizes.append(len(json.dumps(encoded(best.problem))))
    assert sizes[1] < sizes[0]


@pytest.mark.parametrize("theorem", SHORT, ids=lambda t: t.key)
def test_a_true_theorem_is_not_refuted(theorem):
    found = pc.search(theorem, key=KEY, budget=100, engines=("exact",), listed=())
    assert not found.refuted
    assert found.tightness is None or found.tightness <= 1
    assert found.tried > 50


def test_generated_problems_are_exact_and_survive_being_written_down():
    seen = []
    explore(linrep26.SUBOPTIMAL_AUGMENTED, KEY, 60, seen.append)
    for problem in seen:
        same = decoded(encoded(problem))
        assert same.process.weights.channel.tolist() == problem.process.weights.channel.tolist()
        assert pc.check(linrep26.SUBOPTIMAL_AUGMENTED, same, "enclosed") == pc.check(
            linrep26.SUBOPTIMAL_AUGMENTED, problem, "enclosed"
        )


def test_the_same_key_draws_the_same_problems():
    first, second = [], []
    for seen in (first, second):
        explore(linrep26.RISK_GAP_MEAN, KEY, 30, lambda problem, seen=seen: seen.append(encoded(problem)))
    assert first == second


def test_resuming_goes_on_and_never_begins_again(tmp_path):
    state, theorem = tmp_path / "state.json", linrep26.SHARPENED_45
    first = pc.search(theorem, key=KEY, budget=100, engines=("exact",), resume=state, listed=())
    longer = pc.search(theorem, key=KEY, budget=200, engines=("exact",), resume=state, listed=())
    whole = pc.search(theorem, key=KEY, budget=200, engines=("exact",), listed=())
    assert first.tried < longer.tried == whole.tried
    assert longer.tightness == whole.tightness >= first.tightness
    assert pc.search(theorem, key=KEY, budget=200, engines=("exact",), resume=state, listed=()).tried == longer.tried


def test_a_state_of_another_search_is_refused(tmp_path):
    state = tmp_path / "state.json"
    pc.search(linrep26.HYPERCUBE, key=KEY, budget=1, engines=(), resume=state, listed=())
    with pytest.raises(InputError, match=r"belongs to linrep26\.hypercube"):
        pc.search(linrep26.HYPERCUBE, key=jax.random.key(1), budget=1, resume=state, listed=())
    state.write_text("{}")
    with pytest.raises(InputError, match="not the state of a search"):
        pc.search(linrep26.HYPERCUBE, key=KEY, budget=1, resume=state, listed=())


def test_a_number_is_no_random_key():
    with pytest.raises(InputError, match=r"pass jax\.random\.key\(0\)"):
        pc.search(linrep26.RISK_GAP_MEAN, key=0, budget=1)  # pyright: ignore[reportArgumentType]


def test_unknown_engines_are_refused():
    with pytest.raises(InputError, match="no engine 'genetic'"):
        pc.search(linrep26.HYPERCUBE, key=KEY, engines=("genetic",))


def test_rounding_keeps_weights_exact():
    shape = Shape(Size(3, 4, 2, 2), False, False, False, True)
    free = {name: np.asarray(value) for name, value in start(shape, KEY).items()}
    problem = rounded(shape, free, 1000)
    assert problem.process.exact
    assert all(isinstance(v, Fraction) for v in problem.weights.ravel())
    totals = np.asarray(problem.process.weights.row_totals, dtype=float)
    assert np.all(np.abs(totals - 1000) <= 4)  # four entries, each rounded by at most 1/2, and the row reduced
    assert pc.check(linrep26.HEAD_BOUND, problem, "enclosed").status is not Status.FAILS


def test_the_gradient_engine_climbs():
    theorem = linrep26.RISK_GAP_AUGMENTED
    shape = shape_of(theorem, Size(3, 4, 2, 1))
    reached, _ = ascend(theorem, shape, KEY, 16)
    assert float(jnp.max(reached)) > 0.99
    assert float(jnp.max(reached)) <= 1 + eigenvalue_budget(4, 100.0)


def test_a_round_of_the_gradient_engine_keeps_to_its_budget():
    found = pc.search(linrep26.RISK_GAP_AUGMENTED, key=KEY, budget=24, engines=("gradient",), listed=())
    assert 24 < found.tried <= 24 + WINNERS * len(TOTALS)  # the restarts, and the winners that are looked at
    assert found.engine == "gradient"


def test_the_gradient_engine_covers_spectra_and_risks():
    assert all(covers(t) for t in (linrep26.RISK_GAP_MEAN, linrep26.SUBOPTIMAL_AUGMENTED, linrep26.VACUITY_THRESHOLD))
    assert not covers(saunshi22.RESTATED_HAOCHEN)


@pytest.mark.parametrize("theorem", [linrep26.RISK_GAP_MEAN, linrep26.SUBOPTIMAL_AUGMENTED], ids=lambda t: t.key)
def test_examples_are_tried_first_and_are_tight(theorem):
    found = pc.search(theorem, key=KEY, budget=1, engines=(), listed=examples(theorem))
    assert found.engine == "listed"
    assert found.tightness > 0.999999


def test_embedded_problems_have_exact_numbers():
    names = [e.name for e in embedded_problems()]
    assert len(names) == len(set(names)) > 40


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_published_bounds_that_are_tight_are_found_tight():
    wanted = (
        linrep26.RISK_GAP_MEAN,
        linrep26.RISK_GAP_AUGMENTED,
        linrep26.SUBOPTIMAL_AUGMENTED,
        linrep26.NEAR_DISJOINT_COLLISION,
        saunshi22.NEAR_DISJOINT,
        linrep26.VACUITY_THRESHOLD,
    )
    table = tightness_table(wanted, key=KEY)
    assert min(table.column("tightness")) >= 0.95
    assert "FAILS" not in table.column("status")


@pytest.mark.parametrize(
    "theorem", [linrep26.SAMPLE_EXCESS, huang23.AUGMENTED_DISTANCE, arora19.MANY_NEGATIVES], ids=lambda t: t.key
)
def test_cubes_places_and_samples_survive_being_written_down_too(theorem):
    seen = []
    explore(theorem, KEY, 40, seen.append)
    for problem in seen:
        same = decoded(json.loads(json.dumps(encoded(problem))))
        assert encoded(same) == encoded(problem)
        assert type(same.process) is type(problem.process)
        assert (same.sample, same.negatives, same.temperature) == (
            problem.sample,
            problem.negatives,
            problem.temperature,
        )
        if problem.unrestricted:
            assert np.array_equal(same.process.views, problem.process.views)
