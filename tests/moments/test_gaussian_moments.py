"""Gaussian noise: polynomial moments against another expansion, quadrature and the Hermite spectrum."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg

from linrep import InputError, features, labels, moments
from linrep.moments._hermite import hermite_signs
from linrep.moments._kernels import normal_product
from linrep.processes import GaussianNoise
from tests.tolerances import eigenvalue_budget, rounding_budget, sum_budget

RHO = Fraction(3, 5)
FEATURES = [features.Linear(), features.Affine(), features.Polynomial(3), features.Polynomial(4, "full")]
POLYNOMIAL_LABELS = [labels.Coordinate(1), labels.Linear([1, Fraction(1, 2)]), labels.Parity([0, 1]), labels.Parity([])]
THRESHOLDS = [
    labels.Threshold([1, 2], 0.3),
    labels.Threshold([1, -1]),
    labels.Threshold([0, 3], -1),
    labels.Threshold([0, 0], -1),
]


def normal_moment(order: int) -> int:
    """E z^order by the recursion E z^k = (k - 1) E z^(k - 2)."""
    return 1 if order == 0 else 0 if order == 1 else (order - 1) * normal_moment(order - 2)


def conditioned(left: int, right: int, rho: Fraction) -> Fraction:
    """E x^left y^right with y = rho x + sqrt(1 - rho^2) z, multiplied out."""
    terms = (
        math.comb(right, k)
        * rho**k
        * (1 - rho * rho) ** ((right - k) // 2)
        * normal_moment(left + k)
        * normal_moment(right - k)
        for k in range(right % 2, right + 1, 2)
    )
    return sum(terms, Fraction(0))


@pytest.mark.parametrize("rho", [Fraction(1), Fraction(-1, 3), RHO, Fraction(0)])
def test_products_of_normals_agree_with_conditioning(rho):
    for left, right in itertools.product(range(7), repeat=2):
        assert normal_product(left, right, rho) == conditioned(left, right, rho)


@pytest.mark.parametrize("phi", FEATURES)
@pytest.mark.parametrize("label", POLYNOMIAL_LABELS)
def test_polynomial_moments_are_products_over_coordinates(phi, label):
    m = moments.rational(GaussianNoise(2, RHO), phi, label)
    names = (
        features.Polynomial(1).monomials(2)[1:]
        if isinstance(phi, features.Linear)
        else getattr(phi, "monomials", features.Polynomial(1).monomials)(2)
    )
    powers = [[name.count(i) for i in range(2)] for name in names]
    written = {
        "Coordinate": {(0, 1): Fraction(1)},
        "Linear": {(1, 0): Fraction(1), (0, 1): Fraction(1, 2)},
        "Parity": {(1, 1) if getattr(label, "subset", ()) else (0, 0): Fraction(1)},
    }[type(label).__name__]
    for a, e in enumerate(powers):
        for b, f in enumerate(powers):
            assert m.sigma[a, b] == math.prod(normal_moment(i + j) for i, j in zip(e, f, strict=True))
            assert m.sigma_bar[a, b] == math.prod(conditioned(i, j, RHO**2) for i, j in zip(e, f, strict=True))
        assert m.mean[a] == math.prod(normal_moment(i) for i in e)
        expected = sum(
            c * math.prod(conditioned(i, j, RHO) for i, j in zip(e, s, strict=True)) for s, c in written.items()
        )
        assert m.cross[a] == expected
    assert m.label_sq == sum(c * c for c in written.values())
    assert m.label_mean == written.get((0, 0), 0)


def halfspace_cross(phi, rho: float, label: labels.Threshold) -> tuple[np.ndarray, float]:
    """E phi(x) y and E y: Gauss-Hermite along the boundary and in the noise, Gauss-Legendre on both sides of it."""
    weights = np.array([float(w) for w in label.weights])
    norm = np.linalg.norm(weights) or 1.0
    direction = weights / norm if weights.any() else np.array([1.0, 0.0])
    cut = -float(label.offset) / norm if weights.any() else -12.0
    along, along_weights = np.polynomial.hermite_e.hermegauss(12)
    along_weights = along_weights / along_weights.sum()
    nodes, node_weights = np.polynomial.legendre.leggauss(120)
    cross, mean = 0.0, 0.0
    for low, high, sign in [(-12.0, cut, -1.0), (cut, 12.0, 1.0)]:
        z = (high - low) / 2 * nodes + (high + low) / 2
        w = sign * (high - low) / 2 * node_weights * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
        mean += w.sum()
        for (t, tw), (n1, w1), (n2, w2) in itertools.product(zip(along, along_weights, strict=True), repeat=3):
            inputs = z[:, None] * direction + t * np.array([-direction[1], direction[0]])
            values = phi(rho * inputs + math.sqrt(1 - rho * rho) * np.array([n1, n2]))
            cross = cross + (w * tw * w1 * w2) @ values
    constant = 1.0 if weights.any() or label.offset >= 0 else -1.0
    return cross * constant, mean * constant


@pytest.mark.parametrize("label", THRESHOLDS)
def test_thresholds_agree_with_quadrature(label):
    phi = features.Polynomial(4, "full")
    m = moments.population(GaussianNoise(2, float(RHO)), phi, label)
    cross, mean = halfspace_cross(phi, float(RHO), label)
    # 240 * 12^3 weighted terms; E |x^e| <= sqrt(105) for degree 4
    budget = 4 * 240 * np.sqrt(105.0)
    assert np.max(np.abs(m.cross - cross)) <= rounding_budget(1, budget)
    assert abs(m.label_mean - mean) <= rounding_budget(240)
    assert m.label_sq == 1.0


def test_sign_of_a_normal_has_the_known_hermite_coefficients():
    # E |z| = sqrt(2 / pi); E He_3(z) sign(z) = -sqrt(2 / pi)
    values = hermite_signs(0.0, 4)
    root = math.sqrt(2 / math.pi)
    assert np.max(np.abs(values - np.array([0, root, 0, -root, 0]))) <= rounding_budget(4)


def test_spectrum_of_polynomials_is_that_of_the_process():
    process = GaussianNoise(2, RHO)
    m = moments.population(process, features.Polynomial(3, "full"))
    values = scipy.linalg.eigh(m.sigma_bar, m.sigma, eigvals_only=True)[::-1]
    assert np.max(np.abs(values - process.spectrum(10))) <= eigenvalue_budget(10, condition=np.linalg.cond(m.sigma))


def test_many_gaussian_features_are_sparse():
    m = moments.population(GaussianNoise(30, 0.5), features.Polynomial(3, "full"), labels.Threshold([1] * 30))
    assert isinstance(m, moments.StructuredMoments)
    assert m.sigma_sparse.nnz < m.dim**2 // 100
    assert np.array_equal(m.sigma_bar_sparse.diagonal()[1:31], [0.25] * 30)


def test_large_sums_keep_their_accuracy():
    m = moments.population(GaussianNoise(1, 0.5), features.Polynomial(6, "full"))
    assert m.sigma[6, 6] == 11 * 9 * 7 * 5 * 3
    assert abs(m.sigma_bar[2, 2] - (1 + 2 * 0.5**4)) <= sum_budget(2)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: moments.rational(GaussianNoise(2, 0.5), features.Linear()), "hold floats"),
        (lambda: moments.rational(GaussianNoise(2, RHO), features.Linear(), labels.Threshold([1, 1])), "hold floats"),
        (lambda: moments.population(GaussianNoise(2, RHO), features.OneHot()), "no closed form"),
        (lambda: moments.population(GaussianNoise(2, RHO), features.Linear(), labels.Coordinate(2)), "2 coordinates"),
        (lambda: moments.population(GaussianNoise(2, RHO), features.Linear(), [1, -1]), "not listed"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
