"""Trigonometric polynomials on the circle: moments from Fourier coefficients, to which rotations are multipliers."""

import math

import numpy as np

from linrep.features import AbstractFeatures
from linrep.labels import AbstractLabel, Threshold
from linrep.moments._fourier import no_closed_form
from linrep.moments._hermite import halfspace
from linrep.moments._monomials import monomials
from linrep.moments._types import Moments
from linrep.moments._walsh import multilinear
from linrep.processes import Circle
from linrep.processes._circle import circle_points


def circle_moments(process: Circle, features: AbstractFeatures, label: AbstractLabel | None) -> Moments | None:
    """Moments of polynomials in (cos, sin); None for features that are not polynomials.

    Sigma sums products of Fourier coefficients, Sigma_bar weights them by kappa_m.
    """
    names = monomials(features, 2)
    if names is None:
        return None
    # A polynomial of degree q has the modes -q, …, q, which 2q + 1 equally spaced points give exactly; a written label
    # has modes up to 2.
    highest = max(names.degree, 2)
    modes, basis = _points(highest)
    coefficients = basis.conj() @ features(circle_points(_angles(highest))) / basis.shape[0]
    damping = np.exp(-((modes * process.noise) ** 2) / 2)
    sigma, sigma_bar = (_gram(coefficients, weights) for weights in (np.ones_like(damping), damping**2))
    mean = np.real(coefficients[modes == 0][0])
    if label is None:
        return Moments(sigma, sigma_bar, None, None, mean, None)
    spectrum, square = label_modes(label, highest)
    cross = np.real(coefficients.conj().T @ (damping * spectrum))
    return Moments(sigma, sigma_bar, cross, square, mean, float(np.real(spectrum[modes == 0][0])))


def _angles(highest: int) -> np.ndarray:
    return 2 * math.pi * np.arange(2 * highest + 1) / (2 * highest + 1)


def _points(highest: int) -> tuple[np.ndarray, np.ndarray]:
    """Modes -q, …, q and exp(i m theta) at the 2q + 1 points, (modes, points)."""
    modes = np.arange(-highest, highest + 1)
    return modes, np.exp(1j * modes[:, None] * _angles(highest)[None, :])


def _gram(coefficients: np.ndarray, weights: np.ndarray) -> np.ndarray:
    product = np.real(coefficients.conj().T @ (weights[:, None] * coefficients))
    return (product + product.T) / 2


def label_modes(label: AbstractLabel, highest: int) -> tuple[np.ndarray, float]:
    """Fourier coefficients -q, …, q of a label of the input point, and E label^2."""
    if isinstance(label, Threshold):
        return _arc_modes(label, highest), 1.0
    if multilinear(label, 2) is None:
        raise no_closed_form(label, "Circle")
    _, basis = _points(highest)
    values = label.targets(circle_points(_angles(highest)))
    return basis.conj() @ values / values.size, float(np.mean(values**2))


def _arc_modes(label: Threshold, highest: int) -> np.ndarray:
    """The label is +1 on the arc of half-width acos(-offset / |w|) around the direction of w, else -1."""
    half = halfspace(label, 2)
    modes = np.arange(-highest, highest + 1)
    width = math.acos(min(1.0, max(-1.0, -half.offset)))
    center = math.atan2(half.direction[1], half.direction[0])
    safe = np.where(modes == 0, 1, modes)
    values = np.where(modes == 0, 2 * width / math.pi - 1, 2 * np.sin(modes * width) / (math.pi * safe))
    return values * np.exp(-1j * modes * center)
