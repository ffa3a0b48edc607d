"""Rotation noise: spectrum, lattice version and sampler."""

import math

import jax
import numpy as np
import pytest

from linrep import InputError
from linrep.processes import Circle
from linrep.processes._circle import wrapped_density
from tests.tolerances import eigenvalue_budget, rounding_budget, standard_errors


def aliased(levels: int, noise: float) -> np.ndarray:
    """Spectrum of the lattice version: Poisson summation folds the modes m + k levels onto m."""
    folds = np.arange(-200, 201)
    modes = np.array([np.exp(-(((m + folds * levels) * noise) ** 2) / 2).sum() for m in range(levels)])
    return np.sort((modes / modes[0]) ** 2)[::-1]


@pytest.mark.parametrize("levels", [1, 2, 5, 8, 33])
@pytest.mark.parametrize("noise", [0.3, 1.0, 4.0])
def test_lattice_spectrum_agrees_with_poisson_summation(levels, noise):
    table = Circle(noise).finite(levels)
    assert np.max(np.abs(table.spectrum(levels) - aliased(levels, noise))) <= eigenvalue_budget(levels)


def test_a_fine_lattice_has_the_spectrum_of_the_circle():
    # aliasing at 64 levels is exp(-(64 - 4)^2 / 8) < 1e-195 for the first modes
    circle = Circle(0.5)
    assert np.max(np.abs(circle.finite(64).spectrum(9) - circle.spectrum(9))) <= eigenvalue_budget(64)
    assert circle.spectrum(5).tolist() == [1.0, *[math.exp(-0.25)] * 2, *[math.exp(-1.0)] * 2]


def test_density_is_that_of_the_wrapped_normal():
    angles = 2 * math.pi * np.arange(7) / 7
    series = sum(np.exp(-((m * 0.8) ** 2) / 2) * np.cos(m * angles) * (1 if m == 0 else 2) for m in range(60))
    expected = series / (2 * math.pi) * math.sqrt(2 * math.pi) * 0.8
    assert np.max(np.abs(wrapped_density(angles, 0.8) - expected)) <= rounding_budget(256)


def test_without_noise_views_name_their_inputs():
    silent = Circle(0)
    assert (silent.disjoint, silent.identification_error, silent.n_components) == (True, 0, math.inf)
    assert silent.finite(6).disjoint
    noisy = Circle(0.1)
    assert (noisy.disjoint, noisy.identification_error, noisy.posterior_collision) == (False, 1, 0)
    assert (noisy.n_components, noisy.n_inputs, noisy.uniform, noisy.has_finite_support) == (1, math.inf, False, False)


def test_views_are_points_and_pairs_have_the_stated_correlation():
    noise, n = 0.7, 40_000
    inputs, views, positives = Circle(noise).sample_pairs(jax.random.key(0), n)
    for points in (inputs, views, positives):
        assert np.max(np.abs(np.sum(points**2, axis=1) - 1)) <= rounding_budget(8)
    for left, right, damping in [(views, positives, math.exp(-(noise**2))), (inputs, views, math.exp(-(noise**2) / 2))]:
        cosines = np.sum(left * right, axis=1)
        assert abs(cosines.mean() - damping) <= standard_errors(2) * cosines.std(ddof=1) / math.sqrt(n)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Circle(-1), "noise is -1"),
        (lambda: Circle(float("inf")), "finite"),
        (lambda: Circle(1e9), "1000"),
        (lambda: Circle(1).finite(5000), f"would list {5000**2} pairs"),
        (lambda: Circle(1).spectrum(-1), "count is -1"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
