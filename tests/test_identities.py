"""The identities I1 to I10 of the theory on generated problems, each by two independent routes."""

import numpy as np
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from tests.strategies import KINDS, problems, processes
from tests.tolerances import spectral_budget, sum_budget

any_kind = st.sampled_from(KINDS)
few = settings(max_examples=250, deadline=None)


def drawn(data, **options):
    return data.draw(problems(data.draw(any_kind), **options))


@few
@given(st.data())
def test_i1_the_loss_is_a_distance_to_k(data):
    problem = drawn(data)
    W, moments = problem.representation, problem.moments
    root = _symmetric_root(moments.sigma)
    inverse = np.linalg.pinv(root, rcond=1e-7, hermitian=True)
    K, M = inverse @ moments.sigma_bar @ inverse, root @ W
    expected = np.sum((M @ M.T - K) ** 2) - np.sum(K**2)
    size = 1 + np.sum((M @ M.T) ** 2)
    assert abs(lr.losses.spectral(moments, W) - expected) <= spectral_budget(problem) * size


@few
@given(st.data())
def test_i1_the_loss_from_moments_is_the_loss_from_pairs(data):
    """Brute force over all pairs of views: -2 E f(x).f(x+) + E (f(x).f(x-))^2."""
    problem = drawn(data)
    values = problem.features(problem.process.views) @ problem.representation
    gram, p = values @ values.T, problem.process.marginal
    expected = -2 * np.sum(problem.process.pair_law * gram) + np.sum(np.outer(p, p) * gram**2)
    budget = sum_budget(gram.size, float(np.sum(gram**2) + np.sum(np.abs(gram)) + 1))
    assert abs(lr.losses.spectral(problem.moments, problem.representation) - expected) <= budget
    assert abs(lr.losses.spectral_values(problem.process, values) - expected) <= budget


@few
@given(st.data())
def test_i2_the_minimum_is_attained_and_no_representation_is_below(data):
    problem = drawn(data)
    budget = spectral_budget(problem)
    solution = problem.solution
    assert abs(lr.losses.spectral(problem.moments, solution.weights) - solution.loss) <= budget * problem.dim
    M = problem.representation
    assert lr.losses.spectral(problem.moments, M) >= solution.loss - budget * (1 + np.sum(M**2) ** 2)


@few
@given(st.data())
def test_i3_regression_risks_are_least_squares(data):
    """Against a weighted least-squares solver on the listed views and inputs."""
    problem = drawn(data)
    process = problem.process
    values = problem.features(process.views) @ problem.representation
    targets = problem.label.targets(process.inputs).reshape(process.n_inputs, -1)
    joint = process.joint
    rows, columns = np.nonzero(joint)
    root = np.sqrt(joint[rows, columns])[:, None]
    one_view = _least_squares(root * values[columns], root * targets[rows])
    root = np.sqrt(process.prior)[:, None]
    mean = _least_squares(root * (process.channel @ values), root * targets)
    budget = spectral_budget(problem) * (1 + problem.moments.label_sq)
    for readout, expected in (("augmented", one_view), ("mean", mean)):
        assert abs(lr.risks.regression(problem.moments, problem.representation, readout=readout) - expected) <= budget


@few
@given(st.data())
def test_i4_every_minimiser_lies_in_the_risk_range_and_its_ends_are_attained(data):
    problem = data.draw(problems(data.draw(st.sampled_from(["disjoint", "tied"])))).with_weights(None)
    solution, moments = problem.solution, problem.moments
    rng = np.random.default_rng(data.draw(st.integers(0, 2**20)))
    budget = spectral_budget(problem) * (1 + moments.label_sq)
    for readout in ("augmented", "mean"):
        low, average, high = solution.risk_range(readout)
        assert low - budget <= average <= high + budget
        for _ in range(5):
            W = _random_minimiser(solution, rng)
            assert abs(lr.losses.spectral(moments, W) - solution.loss) <= budget * 10
            assert low - budget <= lr.risks.regression(moments, W, readout=readout) <= high + budget
        for turn, end in ((1, low), (-1, high)):
            W = _extreme_minimiser(solution, readout, turn)
            assert abs(lr.risks.regression(moments, W, readout=readout) - end) <= budget


def test_i4_the_average_is_the_average_over_random_minimisers():
    process = lr.processes.FiniteProcess([1] * 6, np.eye(6, dtype=int))
    moments = lr.moments.population(process, lr.features.OneHot(), [1, -1, 1, 1, -1, -1])
    solution = lr.solve(moments, dim=2)
    rng = np.random.default_rng(0)
    seen = np.array(
        [lr.risks.regression(moments, _random_minimiser(solution, rng), readout="mean") for _ in range(2000)]
    )
    # five standard errors: a two-sided failure has probability below 1e-6
    assert abs(seen.mean() - solution.risk_range("mean").average) <= 5 * seen.std() / np.sqrt(seen.size)


@few
@given(st.data())
def test_i5_i6_permuting_averaged_values_keeps_the_loss_and_averaging_never_raises_it(data):
    process = data.draw(processes("disjoint", uniform=True))
    rng = np.random.default_rng(data.draw(st.integers(0, 2**20)))
    values = rng.standard_normal((process.n_views, 2))
    owner = (process.channel > 0).argmax(axis=0)
    averaged = (process.channel @ values)[owner]
    budget = sum_budget(process.n_views**2, float(np.sum(values**2) ** 2 + 1))
    spectral, nce = lr.losses.spectral_values, lr.losses.infonce
    assert spectral(process, averaged) <= spectral(process, values) + budget
    assert (
        nce(process, averaged, temperature=1.0, negatives=1)
        <= nce(process, values, temperature=1.0, negatives=1) + budget
    )
    permuted = (process.channel @ values)[rng.permutation(process.n_inputs)][owner]
    assert abs(spectral(process, permuted) - spectral(process, averaged)) <= budget
    assert abs(nce(process, permuted, temperature=1.0) - nce(process, averaged, temperature=1.0)) <= budget


@few
@given(st.data())
def test_i7_the_difference_of_the_moments_is_the_inconsistency(data):
    problem = drawn(data)
    process, moments = problem.process, problem.moments
    w = np.random.default_rng(data.draw(st.integers(0, 2**20))).standard_normal(moments.dim)
    h = problem.features(process.views) @ w
    within = float(np.sum(process.joint * (h[None, :] - (process.channel @ h)[:, None]) ** 2))
    pairs = float(np.sum(process.pair_law * (h[:, None] - h[None, :]) ** 2)) / 2
    direct = float(w @ (moments.sigma - moments.sigma_bar) @ w)
    budget = sum_budget(h.size**2, float(np.sum(h**2)) + 1)
    assert abs(within - direct) <= budget
    assert abs(pairs - direct) <= budget


@few
@given(st.data())
def test_i8_the_trace_of_k_is_the_posterior_collision(data):
    process = data.draw(processes(data.draw(any_kind)))
    moments = lr.moments.population(process, lr.features.OneHot())
    total = float(lr.solutions.spectrum(moments).values.sum())
    by_hand = float(np.sum(process.joint * process.posterior / process.prior[:, None]))
    assert abs(total - by_hand) <= sum_budget(process.n_views * process.n_inputs)
    if process.uniform:
        assert abs(total - process.n_inputs * float(process.posterior_collision)) <= sum_budget(process.n_views**2)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_i9_weight_decay_has_the_closed_form(data):
    problem = data.draw(problems(data.draw(any_kind)))
    rho = data.draw(st.sampled_from([0.01, 0.1, 0.5]))
    solution = lr.solve(problem.moments, dim=problem.dim, weight_decay=rho)

    def objective(flat):
        W = flat.reshape(problem.moments.dim, problem.dim)
        return lr.losses.spectral(problem.moments, W) + 2 * rho * np.sum(W**2)

    budget = (
        spectral_budget(problem) * (1 + rho * float(np.trace(np.linalg.pinv(problem.moments.sigma, rcond=1e-7)))) ** 2
    )
    assert abs(objective(solution.weights.ravel()) - solution.loss) <= budget
    start = np.random.default_rng(0).standard_normal(solution.weights.size) / 2
    assert scipy.optimize.minimize(objective, start, options={"maxiter": 30}).fun >= solution.loss - budget


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_i10_the_variance_regularised_objective_has_the_closed_form(data):
    problem = data.draw(problems(data.draw(any_kind)))
    strength = data.draw(st.sampled_from([0.3, 1.0, 4.0]))
    found = lr.solutions.solve_variance_regularised(problem.moments, dim=problem.dim, strength=strength)

    def objective(flat):
        W = flat.reshape(problem.moments.dim, problem.dim)
        return lr.losses.variance_regularised(problem.moments, W, strength=strength)

    budget = spectral_budget(problem) * (1 + strength) * problem.dim
    assert abs(objective(found.weights.ravel()) - found.loss) <= budget
    start = np.random.default_rng(0).standard_normal(found.weights.size) / 2
    assert scipy.optimize.minimize(objective, start, options={"maxiter": 30}).fun >= found.loss - budget


def _symmetric_root(sigma):
    values, vectors = np.linalg.eigh(sigma)
    return (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T


def _least_squares(columns, targets):
    fitted = columns @ np.linalg.lstsq(columns, targets, rcond=1e-9)[0]
    return float(np.sum((targets - fitted) ** 2))


def _random_minimiser(solution, rng):
    """Any rotation inside the tied group, then any rotation of the columns."""
    start, stop = solution.tied if solution.tie is not None else (solution.dim, solution.dim)
    return _minimiser(solution, np.linalg.qr(rng.standard_normal((stop - start, stop - start)))[0])


def _extreme_minimiser(solution, readout, turn):
    """The tied directions ordered by the label energy they carry, most first (turn = 1) or least first."""
    start, stop = solution.tied if solution.tie is not None else (solution.dim, solution.dim)
    seen = (solution.spectrum.cross if readout == "augmented" else solution.spectrum.means)[start:stop]
    _, vectors = np.linalg.eigh(seen @ seen.T)
    return _minimiser(solution, vectors[:, ::-turn])


def _minimiser(solution, rotation):
    start, stop = solution.tied if solution.tie is not None else (solution.dim, solution.dim)
    basis = np.asarray(solution.spectrum.basis).copy()
    basis[:, start:stop] = basis[:, start:stop] @ rotation
    head = basis[:, : solution.dim]
    padded = np.zeros((basis.shape[0], solution.dim))
    padded[:, : head.shape[1]] = head
    return padded * np.sqrt(solution.kept)
