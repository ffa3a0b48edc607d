"""Quantities by brute force: sums over listed inputs and views, least squares, sign patterns."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep import gallery
from linrep import symbols as sym
from linrep.quantities import EVALUATORS, Grid, Unavailable, index_grid, measure, rule, trivial
from tests.strategies import KINDS, problems
from tests.tolerances import root_budget, rounding, spectral_budget

few = settings(max_examples=150, deadline=None)
ANY = Grid(np.array([[1]]), np.ones((1, 1)))


def value(quantity, problem, grid=ANY):
    return measure(quantity, problem, grid).value


def drawn(data, labels=None):
    return data.draw(problems(data.draw(st.sampled_from(KINDS)), labels=labels))


def fitted(columns, targets, mass):
    """Weighted least-squares predictions by another solver."""
    root = np.sqrt(mass)[:, None]
    return columns @ np.linalg.lstsq(root * columns, root * targets, rcond=1e-9)[0]


@few
@given(st.data())
def test_best_risks_energy_and_inconsistency_are_least_squares(data):
    problem = drawn(data)
    process = problem.process
    phi = problem.features(process.views)
    targets = problem.label.targets(process.inputs).reshape(process.n_inputs, -1)
    seen = np.asarray(process.posterior.T @ targets)  # E[label | view]
    h = fitted(phi, seen, process.marginal)
    noise = problem.moments.label_sq - float(process.marginal @ np.sum(seen**2, axis=1))
    budget = spectral_budget(problem) * (1 + problem.moments.label_sq)
    best = noise + float(process.marginal @ np.sum((seen - h) ** 2, axis=1))
    assert abs(value(sym.BEST_AUGMENTED_RISK, problem) - best) <= budget
    assert abs(value(sym.PREDICTED_ENERGY, problem) - float(process.marginal @ np.sum(h**2, axis=1))) <= budget
    within = process.marginal @ np.sum(h**2, axis=1) - process.prior @ np.sum((process.channel @ h) ** 2, axis=1)
    assert abs(value(sym.INCONSISTENCY, problem) - float(within)) <= budget
    means = process.channel @ phi
    mean = float(process.prior @ np.sum((targets - fitted(means, targets, process.prior)) ** 2, axis=1))
    assert abs(value(sym.BEST_MEAN_RISK, problem) - mean) <= budget
    assert abs(value(sym.RISK_GAP, problem) - (best - mean)) <= budget


@few
@given(st.data())
def test_bayes_quantities_by_counting(data):
    problem = drawn(data, labels=data.draw(st.sampled_from(["sign", "classes"])))
    process = problem.process
    names = problem.label.values.astype(int)
    classes = np.unique(names) if problem.label.kind == "sign" else np.arange(names.max() + 1)
    mass = np.stack([process.joint[names == c].sum(axis=0) for c in classes], axis=1)
    noise = 1 - mass.max(axis=1).sum()
    budget = rounding(mass.size + 2)
    assert abs(value(sym.LABEL_NOISE, problem) - noise) <= budget
    constant = 1 - max(process.prior[names == c].sum() for c in classes)
    assert abs(trivial(sym.MEAN_ERROR, problem) - constant) <= budget


@few
@given(st.data())
def test_margin_masses_by_counting(data):
    problem = drawn(data, labels="sign")
    process = problem.process
    signs = problem.label.targets(process.inputs)
    spectrum = problem.solution.spectrum
    h = problem.features(process.views) @ np.asarray(spectrum.basis @ spectrum.cross)[:, 0]
    one_view = index_grid(problem, margins="augmented")
    mean = index_grid(problem, margins="mean")
    for grid, quantity in ((one_view, sym.MARGIN_MASS_AUGMENTED), (mean, sym.MARGIN_MASS_MEAN)):
        found = np.ravel(value(quantity, problem, grid))
        for gamma, got in zip(grid.margins.ravel(), found, strict=True):
            below = (signs[:, None] * h[None, :]) < gamma
            expected = np.sum(process.joint * below)
            if quantity is sym.MARGIN_MASS_MEAN:
                expected = np.sum(process.prior * (signs * (process.channel @ h) < gamma))
            # a margin that equals gamma up to rounding may fall on either side: its mass is allowed for
            near = np.abs(signs[:, None] * h[None, :] - gamma) <= root_budget(1)
            if quantity is sym.MARGIN_MASS_MEAN:
                near = (np.abs(signs * (process.channel @ h) - gamma) <= root_budget(1))[:, None] * (process.joint > 0)
            assert abs(got - expected) <= np.sum(process.joint * near) + rounding(process.joint.size)


@few
@given(st.data())
def test_head_defect_and_suboptimality_from_projectors(data):
    problem = drawn(data)
    if problem.weights is None:
        return
    spectrum = problem.solution.spectrum
    M = np.asarray(spectrum.basis).T @ problem.moments.sigma @ problem.representation
    left, singular, _ = np.linalg.svd(M, full_matrices=False)
    P = left[:, singular > 1e3 * spectrum.error * max(singular.max(initial=0), 1)]
    direct = lr.losses.spectral(problem.moments, problem.representation) - problem.solution.loss
    size = 1 + np.sum(M**2) ** 2
    assert abs(value(sym.SUBOPTIMALITY, problem) - direct) <= spectral_budget(problem) * size
    if P.shape[1] != np.sum(singular > spectrum.error):
        return  # the numerical rank is in doubt: the two routes may differ by a whole direction
    for k in range(1, min(problem.dim, spectrum.rank) + 1):
        expected = sum(1 - float(np.sum(P[i] ** 2)) for i in range(k))
        got = float(np.ravel(value(sym.HEAD_DEFECT, problem, Grid(np.array([[k]]), np.ones((1, 1)))))[0])
        assert abs(got - expected) <= k * spectral_budget(problem)


@few
@given(st.data())
def test_process_quantities_by_counting(data):
    problem = drawn(data)
    process = problem.process
    budget = rounding(process.n_inputs * process.n_views)
    assert abs(value(sym.IDENTIFICATION_ERROR, problem) - (1 - process.joint.max(axis=0).sum())) <= budget
    assert abs(value(sym.POSTERIOR_COLLISION, problem) - np.sum(process.joint * process.posterior)) <= budget
    operator = process.pair_law / np.sqrt(np.outer(process.marginal, process.marginal))
    eigenvalues = np.concatenate([np.linalg.eigvalsh(operator)[::-1], np.zeros(problem.dim + 1)])
    cut = value(sym.UNRESTRICTED_CUT_EIGENVALUE, problem)
    assert abs(cut - (1 - eigenvalues[problem.dim])) <= 40 * budget


@few
@given(st.data())
def test_head_norms_of_a_unique_minimiser_are_those_of_the_normal_equations(data):
    problem = drawn(data, labels="classes").with_weights(None)
    solution, moments = problem.solution, problem.moments
    if solution.tie is not None or not solution.kept[-1] > root_budget(1):
        return
    W = solution.weights
    for quantity, matrix in ((sym.HEAD_NORM_AUGMENTED, moments.sigma), (sym.HEAD_NORM_MEAN, moments.sigma_bar)):
        head = np.linalg.solve(W.T @ matrix @ W, W.T @ np.reshape(moments.cross, (moments.dim, -1)))
        budget = spectral_budget(problem) * (1 + np.linalg.norm(head)) / solution.kept[-1] ** 2
        assert abs(value(quantity, problem) - np.linalg.norm(head)) <= budget


def test_every_quantity_and_hypothesis_has_an_evaluator():
    tokens = {t for t in vars(sym).values() if isinstance(t, sym.Quantity)}
    assert tokens == set(EVALUATORS)
    hypotheses = {t for t in vars(sym).values() if isinstance(t, sym.Hypothesis)}
    assert hypotheses == set(lr.quantities.RULES)


@pytest.mark.parametrize(
    ("token", "problem", "holds"),
    [
        (sym.DISJOINT, gallery.disjoint_pairs, True),
        (sym.DISJOINT, gallery.nearly_disjoint, False),
        (sym.UNIFORM_PRIOR, gallery.disjoint_pairs, True),
        (sym.BALANCED_LABELS, gallery.disjoint_pairs, True),
        (sym.BALANCED_LABELS, gallery.two_clusters, False),
        (sym.CLASS_LABELS, gallery.two_clusters, True),
        (sym.SIGN_LABELS, gallery.two_clusters, False),
        (sym.UNRESTRICTED, gallery.two_clusters, True),
        (sym.UNRESTRICTED, gallery.flip_dictator, False),
        (sym.EXAMPLE_ONE, gallery.example_one_dictator, True),
        (sym.EXAMPLE_ONE, gallery.flip_dictator, False),
        (sym.MINIMISER, gallery.example_one_dictator, True),
        (sym.MINIMISER, gallery.example_one_swap, False),
        (sym.DIM_BELOW_INPUTS, gallery.disjoint_pairs, True),
        (sym.ONE_OUTPUT, gallery.two_clusters, False),
        (sym.POSITIVE_CUT_EIGENVALUE, gallery.disjoint_pairs, False),
        (sym.POSITIVE_CUT_EIGENVALUE, gallery.flip_dictator, True),
        (sym.POSITIVE_LAST_RETAINED, gallery.flip_dictator, True),
        (sym.ADMISSIBLE_INDEX, gallery.disjoint_pairs, False),
        (sym.ADMISSIBLE_INDEX, gallery.example_one_dictator, True),
        (sym.POSITIVE_MARGIN, gallery.two_clusters, True),
    ],
)
def test_hypotheses_are_computed_on_the_problem(token, problem, holds):
    made = problem()
    assert rule(token, made, index_grid(made)).holds is holds


def test_what_has_no_number_says_why():
    process = lr.processes.GaussianNoise(dim=2, rho=0.5)
    problem = lr.Problem(process, lr.features.Linear(), lr.labels.Linear([1, 0]), dim=1)
    for quantity, words in [
        (sym.N_INPUTS, "continuum"),
        (sym.RELEVANT, "relevant"),
        (sym.VOTE_ERROR, "not listed"),
        (sym.BAYES_REGRESSION, "finite or disjoint"),
    ]:
        with pytest.raises(Unavailable, match=words):
            measure(quantity, problem, ANY)
    bare = lr.Problem(process, lr.features.Linear(), dim=1)
    with pytest.raises(Unavailable, match="no labels"):
        measure(sym.MEAN_RISK, bare, ANY)
