"""Worst-case approximation and the variance-regularised loss, by other routes."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep import symbols as sym
from linrep.quantities import Grid, Unavailable, measure
from proofs_check.enclosures import enclose
from tests.proofs_check.checker_problems import exactified
from tests.strategies import KINDS, problems
from tests.tolerances import eigenvalue_budget, root_budget, spectral_budget

few = settings(max_examples=60, deadline=None)
ANY = Grid(np.array([[1]]), np.ones((1, 1)))


def drawn(data):
    return data.draw(problems(data.draw(st.sampled_from(KINDS))))


def worst_in_the_sample_space(problem: lr.Problem) -> float | None:
    """sup of |h - projection|^2 / E(h(x) - h(x+))^2 over h in the class, on functions of a view; None for infinity."""
    process, phi = problem.process, problem.features(problem.process.views)
    root = np.sqrt(process.marginal)[:, None]
    basis = scipy.linalg.orth(root * phi)
    moved = 2 * (np.diag(process.marginal) - process.pair_law) / root / root.T
    bottom = basis.T @ moved @ basis
    own = scipy.linalg.orth(root * (phi @ problem.representation))
    outside = basis - own @ (own.T @ basis)
    values, vectors = np.linalg.eigh(bottom)
    still = values < eigenvalue_budget(10 * len(values), max(values[-1], 1))
    if np.linalg.norm(outside @ vectors[:, still], 2) > root_budget(1000):
        return None
    inside = outside @ (vectors[:, ~still] / np.sqrt(values[~still]))
    return float(np.linalg.norm(inside, 2) ** 2) if inside.size else 0.0


def generic(seed: int) -> lr.Problem:
    """Connected views and a random W whose span holds the constant, or the minimisers."""
    rng = np.random.default_rng(seed)
    process = lr.processes.FiniteProcess(rng.integers(1, 5, 5), rng.integers(1, 6, (5, 7)))
    weights = rng.integers(-3, 4, (7, 3))
    weights[:, 0] = 1
    features = [lr.features.OneHot(), lr.features.Custom(lambda v: np.vander(np.asarray(v) - 3, 4), 4)][seed % 2]
    if seed % 3 == 0:
        return lr.Problem(process, features, dim=2)
    if seed % 2:
        weights = np.array([[0, 1, 0], [0, 0, 1], [0, 1, 2], [1, 0, 0]]) + rng.integers(0, 2, (4, 3)) * [0, 1, 1]
    return lr.Problem(process, features, dim=3, weights=weights)


@pytest.mark.parametrize("seed", range(60))
def test_worst_approximation_on_functions_of_a_view(seed):
    problem = generic(seed)
    found, expected = measure(sym.WORST_APPROXIMATION, problem, ANY), worst_in_the_sample_space(problem)
    assert abs(found.value - expected) <= spectral_budget(problem) * (1 + expected)


@few
@given(st.data())
def test_worst_approximation_floats_lie_in_the_enclosure(data):
    problem = drawn(data)
    try:
        found = measure(sym.WORST_APPROXIMATION, problem, ANY)
        exact = enclose(sym.WORST_APPROXIMATION, exactified(problem))
    except Unavailable:
        return
    assert float(exact.lower) - found.error <= found.value <= float(exact.upper) + found.error


@few
@given(st.data())
def test_no_target_does_worse_than_the_worst(data):
    problem = drawn(data)
    try:
        worst = measure(sym.WORST_APPROXIMATION, problem, ANY)
    except Unavailable:
        return
    process, phi = problem.process, problem.features(problem.process.views)
    f, root = phi @ problem.representation, np.sqrt(process.marginal)
    rng = np.random.default_rng(0)
    for _ in range(20):
        h = phi @ rng.normal(size=phi.shape[1])
        moved = float(np.sum(process.pair_law * (h[:, None] - h[None, :]) ** 2))
        fit = f @ np.linalg.lstsq(root[:, None] * f, root * h, rcond=None)[0]
        missed = float(process.marginal @ (h - fit) ** 2)
        if problem.weights is None and problem.solution.tie is not None:
            continue  # one of the tied minimisers stands for none in particular
        size = float(process.marginal @ h**2)
        assert missed <= worst.value * moved + (worst.error + spectral_budget(problem) * (1 + worst.value)) * size


@few
@given(st.data())
def test_variance_loss_by_listing_pairs_and_as_a_shifted_spectral_loss(data):
    problem = drawn(data)
    process, f = problem.process, problem.features(problem.process.views) @ problem.representation
    law = process.pair_law
    moved = float(np.sum(law[:, :, None] * (f[:, None, :] - f[None, :, :]) ** 2))
    second = f.T @ (process.marginal[:, None] * f)
    expected = moved + float(np.sum((second - np.eye(problem.dim)) ** 2))
    found = measure(sym.VARIANCE_LOSS, problem, ANY)
    size = 1 + problem.dim + float(np.sum(second**2))
    assert abs(found.value - expected) <= spectral_budget(problem) * size
    shifted = problem.dim + lr.losses.spectral(problem.moments, problem.representation)
    assert abs(found.value - shifted) <= spectral_budget(problem) * size


def test_a_representation_blind_to_the_constant_is_infinitely_bad():
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    problem = lr.Problem(process, lr.features.OneHot(), dim=1, weights=np.array([[1], [-1]]))
    with pytest.raises(Unavailable, match="infinite"):
        measure(sym.WORST_APPROXIMATION, problem, ANY)
    with pytest.raises(Unavailable, match="infinite"):
        enclose(sym.WORST_APPROXIMATION, problem)
