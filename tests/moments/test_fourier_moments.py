"""Random Fourier features in closed form against sums and quadrature."""

import itertools
from fractions import Fraction

import jax
import numpy as np
import pytest

from linrep import InputError, features, labels, moments
from linrep.processes import GaussianNoise, HypercubeFlip
from tests.tolerances import sum_budget

LABELS = [labels.Coordinate(1), labels.Linear([1, 0.5]), labels.Parity([0, 1]), labels.Parity([])]
FIELDS = ("sigma", "sigma_bar", "cross", "label_sq", "mean", "label_mean")
PHI = features.RandomFourier(7, 1.3, jax.random.key(0))


@pytest.mark.parametrize(
    "process", [HypercubeFlip(4, (Fraction(9, 10), Fraction(1, 3), 1, Fraction(1, 2))), HypercubeFlip(3, 0.7)]
)
@pytest.mark.parametrize(
    "label", [*LABELS, labels.Threshold([1, 2], 0.3), labels.Threshold([1, 1, -1]), labels.Threshold([0], -1)]
)
def test_flip_noise_agrees_with_sums(process, label):
    closed, summed = moments.population(process, PHI, label), moments.population(process.finite(), PHI, label)
    for name in FIELDS:
        # entries are at most 1 in modulus; sums run over 4^dim pairs
        assert np.max(np.abs(np.asarray(getattr(closed, name)) - getattr(summed, name))) <= sum_budget(4**process.dim)


def quadrature(rho: float, label) -> dict[str, np.ndarray]:
    """Moments on a Gauss-Hermite grid of inputs and noises: for these smooth integrands 40 nodes reach rounding."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    weights = weights / weights.sum()
    grid = np.array(list(itertools.product(nodes, nodes)))
    mass = np.outer(weights, weights).ravel()
    means = sum(w * PHI(rho * grid + np.sqrt(1 - rho**2) * n) for n, w in zip(grid, mass, strict=True))
    values, phi = label.targets(grid), PHI(grid)
    return {
        "sigma": phi.T @ (mass[:, None] * phi),
        "sigma_bar": means.T @ (mass[:, None] * means),
        "cross": means.T @ (mass * values),
        "label_sq": mass @ values**2,
        "mean": mass @ phi,
        "label_mean": mass @ values,
    }


@pytest.mark.parametrize("label", LABELS)
def test_gaussian_noise_agrees_with_quadrature(label):
    closed, summed = moments.population(GaussianNoise(2, 0.6), PHI, label), quadrature(0.6, label)
    for name in FIELDS:
        assert np.max(np.abs(np.asarray(getattr(closed, name)) - summed[name])) <= sum_budget(1600)


@pytest.mark.parametrize(
    "label", [labels.Threshold([1, 2], 0.3), labels.Threshold([1, -1]), labels.Threshold([0, 0], -1)]
)
def test_gaussian_thresholds_agree_with_polynomials(label):
    # cos is the sum of its Taylor polynomial and a remainder: for low frequencies, degree 12 leaves nothing
    process, phi = GaussianNoise(2, 0.6), features.RandomFourier(5, 12.0, jax.random.key(1))
    omega, phase = phi.frequencies(2)
    polynomial = features.Polynomial(6, "full")
    names = polynomial.monomials(2)
    powers = np.array([[name.count(i) for i in range(2)] for name in names])
    degree = powers.sum(axis=1)
    factorials = np.array([[1, 1, 2, 6, 24, 120, 720][p] for p in powers.ravel()]).reshape(powers.shape).prod(axis=1)
    derivative = np.cos(phase[:, None] + np.pi / 2 * degree[None, :])
    coefficients = np.sqrt(2 / 5) * derivative * np.prod(omega[:, None, :] ** powers[None], axis=2) / factorials
    expected = coefficients @ moments.population(process, polynomial, label).cross
    # Lagrange remainder of degree 7: E |omega . x|^7 / 7! with E |z|^7 = 2^3.5 3! / sqrt(pi) < 39
    remainder = np.sqrt(2 / 5) * np.linalg.norm(omega, axis=1) ** 7 * 39 / 5040
    closed = moments.population(process, phi, label).cross
    assert np.all(np.abs(closed - expected) <= remainder + sum_budget(len(names)))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: moments.population(HypercubeFlip(20, 0.9), PHI, labels.Threshold([1] * 17)), "at most 16"),
        (lambda: moments.population(HypercubeFlip(20, 0.9), PHI, [1, 2]), "not listed"),
        (lambda: moments.rational(HypercubeFlip(2, Fraction(1, 3)), PHI), "no exact values"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
