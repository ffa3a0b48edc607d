"""Gaussian noise: spectrum, sampler and discretisation."""

import math
from fractions import Fraction

import jax
import numpy as np
import pytest
import scipy.stats

from linrep import InputError
from linrep.processes import GaussianNoise
from tests.tolerances import rounding_budget, standard_errors


def test_spectrum_lists_multi_indices_by_degree():
    values = GaussianNoise(3, Fraction(1, 2)).spectrum(1 + 3 + 6 + 2)
    assert values.tolist() == [1.0, *[0.25] * 3, *[0.25**2] * 6, *[0.25**3] * 2]


def test_spectrum_of_one_dimension_agrees_with_the_kernel_on_a_fine_grid():
    # Mehler's kernel is approximated by the discretised process; finer grids come closer to the closed form.
    p = GaussianNoise(1, 0.6)
    errors = [np.max(np.abs(p.finite(levels).spectrum(4) - p.spectrum(4))) for levels in (8, 32, 128)]
    assert errors[0] > 2 * errors[1] > 4 * errors[2]


@pytest.mark.parametrize("rho", [0, 1, -1, 0.5])
def test_extremes(rho):
    p = GaussianNoise(2, rho)
    quiet = abs(rho) == 1
    assert (p.disjoint, p.identification_error, p.posterior_collision) == (quiet, int(not quiet), int(quiet))
    assert p.n_components == (math.inf if quiet else 1)
    assert p.n_inputs == math.inf
    assert not p.uniform
    assert not p.has_finite_support
    assert p.spectrum(3).tolist() == [1.0, rho**2, rho**2]


@pytest.mark.parametrize("rho", [1, -1])
def test_without_noise_the_table_is_a_permutation(rho):
    table = GaussianNoise(1, rho).finite(5)
    assert table.disjoint
    assert (np.sign(table.views[table.channel.argmax(axis=1), 0]) == rho * np.sign(table.inputs[:, 0])).all()


def test_bins_of_the_table_are_conditional_probabilities():
    table = GaussianNoise(2, 0.8).finite(3)
    assert (table.n_inputs, table.n_views) == (9, 9)
    edges = scipy.stats.norm.ppf([0, 1 / 3, 2 / 3, 1])
    for i, x in enumerate(table.inputs):
        for j, view in enumerate(table.views):
            cells = np.searchsorted(edges, view) - 1
            law = [scipy.stats.norm(0.8 * c, 0.6) for c in x]
            expected = np.prod([d.cdf(edges[k + 1]) - d.cdf(edges[k]) for d, k in zip(law, cells, strict=True)])
            assert abs(table.channel[i, j] - expected) <= rounding_budget(64)


def test_samples_have_the_stated_correlations():
    p, n = GaussianNoise(2, 0.6), 40_000
    inputs, views, positives = p.sample_pairs(jax.random.key(0), n)
    multiple = standard_errors(4 * 3) / np.sqrt(n)
    for left, right, correlation in [(views, views, 1.0), (views, positives, 0.36), (inputs, views, 0.6)]:
        products = left[:, :, None] * right[:, None, :]
        deviation = np.abs(products.mean(axis=0) - correlation * np.eye(2))
        assert np.all(deviation <= multiple * products.std(axis=0, ddof=1))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: GaussianNoise(0, 0.5), "dim is 0"),
        (lambda: GaussianNoise(1, 1.5), "rho is 1.5"),
        (lambda: GaussianNoise(1, float("nan")), "finite"),
        (lambda: GaussianNoise(8, 0.5).finite(), f"would list {8**16} pairs"),
        (lambda: GaussianNoise(1, 0.5).finite(0), "levels is 0"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
