"""Closed-form solutions: Example 1, ties, rank deficiency, routes against each other, refusals."""

from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import scipy.linalg

import linrep as lr
from tests.tolerances import eigenvalue_budget, rounding


def example_one(features=None, labels=None):
    process = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    return lr.moments.population(process, features or lr.features.Linear(), labels)


def random_moments(seed, dim=12, rank=None, n=40):
    """Sample-like moments of a given rank: sigma_bar <= sigma by construction."""
    rng = np.random.default_rng(seed)
    mix = rng.standard_normal((rank or dim, dim))
    means, noise = rng.standard_normal((n, rank or dim)) @ mix, rng.standard_normal((n, rank or dim)) @ mix
    sigma_bar = means.T @ means / n
    sigma = sigma_bar + noise.T @ noise / n
    label = rng.standard_normal(n)
    return lr.moments.Moments(
        sigma, sigma_bar, means.T @ label / n, float(label @ label / n), means.mean(axis=0), float(label.mean())
    )


@pytest.mark.parametrize(("dim", "loss"), [(10, -10.0), (15, -12.8125), (20, -15.625)])
def test_example_one_has_exactly_the_published_minimum(dim, loss):
    solution = lr.solve(example_one(), dim=dim)
    assert solution.loss == loss
    assert solution.eigenvalues.tolist() == [1.0] * 10 + [0.75] * 40


def test_example_one_ties_are_reported():
    assert lr.solve(example_one(), dim=10).tie is None
    assert lr.solve(example_one(), dim=15).tie == (40, 5, 0.75)
    affine = lr.solve(example_one(lr.features.Affine()), dim=10)
    assert affine.tie == (11, 10, 1.0)
    assert affine.gap == 0.0


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rank", [12, 7])
def test_the_spectrum_agrees_with_scipy_on_the_range(seed, rank):
    moments = random_moments(seed, rank=rank)
    found = lr.solutions.spectrum(moments)
    basis = scipy.linalg.orth(moments.sigma, rcond=1e-10)
    reference = scipy.linalg.eigh(
        basis.T @ moments.sigma_bar @ basis, basis.T @ moments.sigma @ basis, eigvals_only=True
    )[::-1]
    assert found.rank == rank
    budget = eigenvalue_budget(12, condition=np.linalg.cond(basis.T @ moments.sigma @ basis))
    assert np.max(np.abs(found.values - reference)) <= budget
    assert budget < 0.01 * found.values[0]
    U = found.columns(rank)
    assert np.max(np.abs(U.T @ moments.sigma @ U - np.eye(rank))) <= budget
    assert np.max(np.abs(U.T @ moments.sigma_bar @ U - np.diag(found.values))) <= budget


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("rank", "dim"), [(12, 3), (7, 3), (7, 9)])
def test_the_compiled_closed_form_agrees_with_solve(seed, rank, dim):
    moments = random_moments(seed, rank=rank)
    solution = lr.solve(moments, dim=dim)
    out = lr.solutions.closed_form(
        jnp.asarray(moments.sigma),
        jnp.asarray(moments.sigma_bar),
        jnp.asarray(moments.cross),
        moments.label_sq,
        dim=dim,
    )
    budget = 10 * solution.spectrum.error * moments.label_sq + solution.spectrum.error
    assert np.max(np.abs(np.asarray(out.eigenvalues)[:rank] - solution.eigenvalues)) <= budget
    assert abs(float(out.loss) - solution.loss) <= 2 * dim * budget
    assert (
        abs(float(out.augmented_risk) - solution.risk_range("augmented").average)
        <= budget / solution.kept[min(dim, rank) - 1]
    )
    assert (
        abs(float(out.mean_risk) - solution.risk_range("mean").average)
        <= budget / solution.kept[min(dim, rank) - 1] ** 2
    )
    assert abs(lr.losses.spectral(moments, np.asarray(out.weights)) - solution.loss) <= 10 * dim * budget


def test_the_compiled_closed_form_maps_over_a_batch():
    batch = [random_moments(seed, dim=5) for seed in range(4)]
    stacked = [jnp.stack([jnp.asarray(getattr(m, name)) for m in batch]) for name in ("sigma", "sigma_bar", "cross")]
    labels = jnp.array([m.label_sq for m in batch])
    losses = jax.vmap(lambda s, t, b, y: lr.solutions.closed_form(s, t, b, y, dim=2).loss)(*stacked, labels)
    for moments, loss in zip(batch, losses, strict=True):
        solution = lr.solve(moments, dim=2)
        assert abs(float(loss) - solution.loss) <= 8 * solution.spectrum.error


@pytest.mark.parametrize("seed", range(3))
def test_a_partial_spectrum_is_the_top_of_the_whole(seed):
    moments = random_moments(seed)
    whole, part = lr.solve(moments, dim=4), lr.solve(moments, dim=4, count=6)
    assert part.eigenvalues.shape == (6,)
    assert np.max(np.abs(part.eigenvalues - whole.eigenvalues[:6])) <= whole.spectrum.error
    for readout in ("augmented", "mean"):
        budget = 100 * whole.spectrum.error * moments.label_sq / whole.kept[-1]
        assert abs(part.risk_range(readout).highest - whole.risk_range(readout).highest) <= budget


def test_a_count_that_cuts_a_tie_is_refused():
    process = lr.processes.FiniteProcess([1] * 6, np.eye(6, dtype=int))
    rotation = np.linalg.qr(np.random.default_rng(0).standard_normal((6, 6)))[0]
    m = lr.moments.population(process, lr.features.Custom(lambda v: rotation, 6))
    with pytest.raises(lr.InputError, match="raise `count`"):
        lr.solve(m, dim=2, count=3)


def test_structured_and_dense_routes_agree():
    process = lr.processes.HypercubeScaling(dim=6, relevant=2, scale=lr.processes.Uniform(0, 1))
    moments = lr.moments.population(process, lr.features.Polynomial(degree=3), lr.labels.Threshold([1, 2, 0, 1]))
    dense = lr.moments.Moments(
        moments.sigma, moments.sigma_bar, moments.cross, moments.label_sq, moments.mean, moments.label_mean
    )
    from linrep.solutions._spectrum import gram_spectrum

    blocks, whole = lr.solutions.spectrum(moments), gram_spectrum(dense)
    assert np.max(np.abs(blocks.values - whole.values)) <= whole.error
    for dim in (1, 3, 7):
        energy = [float(np.sum(s.cross[s.values > s.values[dim] + 2 * whole.error] ** 2)) for s in (blocks, whole)]
        assert abs(energy[0] - energy[1]) <= 100 * whole.error


def test_dimensions_beyond_the_rank_get_zero_columns():
    moments = random_moments(0, rank=7)
    solution = lr.solve(moments, dim=9)
    assert solution.weights.shape == (12, 9)
    assert not solution.weights[:, 7:].any()
    assert solution.tie is None
    assert solution.risk_range("mean") == pytest.approx([solution.spectrum.best_mean] * 3, abs=rounding(1))


def test_exact_moments_rule_ties_exactly():
    """Two eigenvalues 10^-12 apart: floats see a tie within their error at best, exact arithmetic sees none."""
    tiny = Fraction(1, 10**12)
    channel = [[Fraction(3, 4), Fraction(1, 4), 0, 0], [Fraction(1, 4), Fraction(3, 4), 0, 0]]
    channel += [
        [0, 0, Fraction(3, 4) + tiny, Fraction(1, 4) - tiny],
        [0, 0, Fraction(1, 4) - tiny, Fraction(3, 4) + tiny],
    ]
    process = lr.processes.FiniteProcess([1, 1, 1, 1], [[Fraction(v) for v in row] for row in channel])
    exact = lr.moments.rational(process, lr.features.OneHot())
    assert lr.solve(exact, dim=3).tie is None
    assert lr.solve(exact, dim=1).tie == (2, 1, 1.0)


def test_refusals_are_one_sentence():
    moments = random_moments(0)
    for call, words in [
        (lambda: lr.solve(moments, dim=0), "at least 1"),
        (lambda: lr.solve(moments, dim=2, weight_decay=-1.0), "at least 0"),
        (lambda: lr.solve(moments, dim=2, count=2), "dim \\+ 1"),
        (lambda: lr.solve(moments, dim=2).risk_range("both"), "augmented"),
        (lambda: lr.solve(example_one(), dim=2).risk_range("mean"), "labels"),
        (lambda: lr.solve(moments, dim=2, weight_decay=0.1).risk_range("mean"), "weight decay"),
        (lambda: lr.losses.spectral(moments, np.zeros((5, 2))), "12 features"),
        (lambda: lr.losses.spectral(moments, np.full((12, 2), np.nan)), "non-finite"),
    ]:
        with pytest.raises(lr.InputError, match=words):
            call()


def test_moments_that_no_process_has_are_refused():
    with pytest.raises(lr.InputError, match="between 0 and 1"):
        lr.solve(lr.moments.Moments(np.eye(2), 2 * np.eye(2), None, None, np.zeros(2), None), dim=1)
    with pytest.raises(lr.InputError, match="explain"):
        lr.solve(lr.moments.Moments(np.eye(2), np.eye(2) / 2, np.ones(2), 0.1, np.zeros(2), 0.0), dim=1)
