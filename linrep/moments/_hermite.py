"""Thresholds of Gaussian inputs: their correlation with monomials and with characters of a view."""

import math
from typing import NamedTuple

import numpy as np
import scipy.special

from linrep.labels import Threshold
from linrep.moments._blocks import LabelSide
from linrep.moments._kernels import GaussianKernel
from linrep.moments._walsh import weights_of


class Halfspace(NamedTuple):
    """The label sign(direction . x + offset) with a unit direction; `offset` is +-inf for a constant label."""

    direction: np.ndarray
    offset: float


def halfspace(label: Threshold, dim: int) -> Halfspace:
    """The half-space of a threshold label."""
    weights = np.array([float(w) for w in weights_of(label, dim)])
    norm = float(np.linalg.norm(weights))
    if norm == 0:
        return Halfspace(weights, math.inf if label.offset >= 0 else -math.inf)
    return Halfspace(weights / norm, float(label.offset) / norm)


def hermite_signs(offset: float, highest: int) -> np.ndarray:
    """E He_m(z) sign(z + b), z ~ N(0, 1), for m = 0, …, highest: erf(b / sqrt 2), then 2 He_(m-1)(-b) density(b)."""
    values = [math.erf(offset / math.sqrt(2))]
    if math.isinf(offset):
        return np.array(values + [0.0] * highest)
    density = math.exp(-offset * offset / 2) / math.sqrt(2 * math.pi)
    hermite = [1.0, -offset]
    for m in range(1, highest + 1):
        values.append(2 * hermite[m - 1] * density)
        hermite.append(-offset * hermite[m] - m * hermite[m - 1])
    return np.array(values)


def threshold_side(kernel: GaussianKernel, label: Threshold) -> LabelSide:
    """The label side of a threshold on monomials of a view with correlation rho to the input.

    With He_k(x) = prod_i He_(k_i)(x_i): E He_k(x) sign(a . input + b) = (rho a)^k E He_|k|(z) sign(z + b) for
    |a| = 1, and x^e = sum_j e! / (2^j j! (e - 2j)!) He_(e - 2j) in each coordinate.
    """
    names, rho = kernel.names, float(kernel.process.rho)
    half = halfspace(label, names.dim)
    steps = rho * half.direction
    series = np.zeros((names.count, names.degree + 1))  # coefficients of s^|k|
    series[:, 0] = 1.0
    for column in range(names.runs.shape[1]):
        powers = names.powers[:, column]
        series = _times(series, powers, np.where(powers > 0, steps[names.runs[:, column]], 0.0))
    signs = hermite_signs(half.offset, names.degree)
    return LabelSide(series @ signs, 1.0, float(signs[0]))


def _times(series: np.ndarray, powers: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Multiply each row's series by sum_k h(e, k) (step s)^k, the Hermite expansion of a coordinate's power e."""
    product = np.zeros_like(series)
    for power in np.unique(powers):
        rows = np.flatnonzero(powers == power)
        for k in range(int(power) % 2, int(power) + 1, 2):
            j = (int(power) - k) // 2
            weight = math.factorial(int(power)) / (2**j * math.factorial(j) * math.factorial(k))
            term = weight * steps[rows, None] ** k * series[rows, : series.shape[1] - k]
            product[np.ix_(rows, np.arange(k, series.shape[1]))] += term
    return product


def threshold_character(label: Threshold, frequencies: np.ndarray, rho: float) -> np.ndarray:
    """E exp(i omega . x) sign(a . input + b) = exp(-|omega|^2 / 2) erf((b + i rho a . omega) / sqrt 2), row by row."""
    half = halfspace(label, frequencies.shape[1])
    damping = np.exp(-np.sum(frequencies**2, axis=1) / 2)
    if math.isinf(half.offset):
        return damping * math.copysign(1.0, half.offset) + 0j
    return damping * scipy.special.erf((half.offset + 1j * rho * (frequencies @ half.direction)) / math.sqrt(2))
