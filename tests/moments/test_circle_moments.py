"""Trigonometric moments on the circle against fine lattices and quadrature."""

import math

import numpy as np
import pytest
import scipy.linalg

from linrep import InputError, features, labels, moments
from linrep.processes import Circle
from tests.tolerances import eigenvalue_budget, rounding_budget, sum_budget

LABELS = [labels.Coordinate(1), labels.Linear([1, 0.5]), labels.Parity([0, 1]), labels.Parity([])]
FIELDS = ("sigma", "sigma_bar", "cross", "label_sq", "mean", "label_mean")
LEVELS = 64  # aliasing at this noise is exp(-(64 - 6)^2 0.49 / 2), far below rounding


@pytest.mark.parametrize(
    "phi", [features.Linear(), features.Affine(), features.Polynomial(2), features.Polynomial(4, "full")]
)
@pytest.mark.parametrize("label", LABELS)
def test_closed_forms_agree_with_a_fine_lattice(phi, label):
    closed, summed = (moments.population(p, phi, label) for p in (Circle(0.7), Circle(0.7).finite(LEVELS)))
    for name in FIELDS:
        assert np.max(np.abs(np.asarray(getattr(closed, name)) - getattr(summed, name))) <= sum_budget(LEVELS)


THRESHOLDS = [
    labels.Threshold([1, 2], 0.3),
    labels.Threshold([0, -1]),
    labels.Threshold([1, 1], 5),
    labels.Threshold([1, 0], -2),
]


@pytest.mark.parametrize("label", THRESHOLDS)
def test_thresholds_agree_with_arcs(label):
    # label = +1 on an arc: integrate cos and sin, damped by exp(-noise^2 / 2), between its ends
    noise, (a, b) = 0.7, (float(w) for w in label.weights)
    m = moments.population(Circle(noise), features.Affine(), label)
    center, ratio = math.atan2(b, a), -float(label.offset) / math.hypot(a, b)
    half = math.acos(max(-1.0, min(1.0, ratio)))
    low, high = center - half, center + half
    damping = math.exp(-(noise**2) / 2)
    integrals = np.array([high - low, math.sin(high) - math.sin(low), math.cos(low) - math.cos(high)]) / math.pi
    expected = integrals * np.array([1, damping, damping]) - np.array([1, 0, 0])
    assert np.max(np.abs(m.cross - expected)) <= rounding_budget(16)
    assert abs(m.label_mean - expected[0]) <= rounding_budget(16)
    assert m.label_sq == 1.0


def test_spectrum_of_polynomials_is_that_of_the_process():
    process = Circle(0.4)
    m = moments.population(process, features.Polynomial(3, "full"))
    # x^2 + y^2 = 1 makes monomials dependent: work on the range of sigma
    values, vectors = np.linalg.eigh(m.sigma)
    assert np.sum(values > eigenvalue_budget(10, values[-1])) == 7
    basis = vectors[:, -7:] / np.sqrt(values[-7:])
    found = scipy.linalg.eigvalsh(basis.T @ m.sigma_bar @ basis)[::-1]
    assert np.max(np.abs(found - process.spectrum(7))) <= eigenvalue_budget(10, condition=values[-1] / values[-7])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: moments.population(Circle(1), features.OneHot()), "no closed form"),
        (lambda: moments.rational(Circle(1), features.Linear()), "no closed form"),
        (lambda: moments.population(Circle(1), features.Linear(), labels.Coordinate(2)), "2 coordinates"),
        (lambda: moments.population(Circle(1), features.Linear(), labels.Threshold([1, 1, 1])), "2 coordinates"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
