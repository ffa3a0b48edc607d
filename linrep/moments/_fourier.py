"""Random Fourier features: moments from the characteristic functions of a view and of a positive pair.

phi_j = sqrt(2 / D) cos(omega_j . x + u_j), and cos a cos b = (cos(a - b) + cos(a + b)) / 2.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from linrep._checks import InputError, require
from linrep.features import RandomFourier
from linrep.labels import AbstractLabel, Threshold
from linrep.moments._hermite import threshold_character
from linrep.moments._types import Moments
from linrep.moments._walsh import Coefficients, multilinear, threshold_signs, walsh, weights_of
from linrep.processes import GaussianNoise, HypercubeFlip
from linrep.processes._laws import number
from linrep.processes._signs import sign_patterns

LARGEST_PATTERNS = 16
"""Most coordinates whose sign patterns are listed for the cross moment of a threshold."""

Pair = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, eq=False)
class Characters:
    """Characteristic functions of a process, over frequencies (..., dim).

    Attributes:
        one: E exp(i a . x), real, (...).
        pair: E exp(i (a . x + c . x')) over positive pairs, real, (...).
        label: E exp(i a . x) y(input), complex, (D,).
    """

    one: Callable[[np.ndarray], np.ndarray]
    pair: Pair
    label: Callable[[np.ndarray], np.ndarray] | None
    label_sq: float | None
    label_mean: float | None


def fourier_moments(
    process: HypercubeFlip | GaussianNoise, features: RandomFourier, label: AbstractLabel | None
) -> Moments:
    """The moments of random Fourier features in closed form, float64."""
    side = flip_characters(process, label) if isinstance(process, HypercubeFlip) else normal_characters(process, label)
    omega, phase = features.frequencies(process.dim)
    scale = math.sqrt(2 / features.count)
    sigma, sigma_bar = np.empty((features.count,) * 2), np.empty((features.count,) * 2)
    for j in range(features.count):  # row by row: D x D x dim numbers are never held at once
        away, along = np.cos(phase[j] - phase), np.cos(phase[j] + phase)
        sigma[j] = scale**2 / 2 * (away * side.one(omega[j] - omega) + along * side.one(omega[j] + omega))
        left = np.broadcast_to(omega[j], omega.shape)
        sigma_bar[j] = scale**2 / 2 * (away * side.pair(left, -omega) + along * side.pair(left, omega))
    mean = scale * np.cos(phase) * side.one(omega)
    cross = None if side.label is None else scale * np.real(np.exp(1j * phase) * side.label(omega))
    return Moments(_symmetric(sigma), _symmetric(sigma_bar), cross, side.label_sq, mean, side.label_mean)


def normal_characters(process: GaussianNoise, label: AbstractLabel | None) -> Characters:
    """Standard normals, E exp(i a . x) = exp(-|a|^2 / 2): a pair has correlation rho^2, view and input rho."""
    rho = float(process.rho)

    def one(a: np.ndarray) -> np.ndarray:
        return np.exp(-np.sum(a * a, axis=-1) / 2)

    def pair(a: np.ndarray, c: np.ndarray) -> np.ndarray:
        return np.exp(-np.sum(a * a + c * c + 2 * rho**2 * a * c, axis=-1) / 2)

    if label is None:
        return Characters(one, pair, None, None, None)
    if isinstance(label, Threshold):
        mean = float(np.real(threshold_character(label, np.zeros((1, process.dim)), rho)[0]))
        return Characters(one, pair, lambda a: threshold_character(label, a, rho), 1.0, mean)
    written = multilinear(label, process.dim)
    if written is None:
        raise no_closed_form(label, "GaussianNoise")

    def correlated(a: np.ndarray) -> np.ndarray:
        # E exp(i a . x) prod_{i in S} input_i = exp(-|a|^2 / 2) prod (i rho a_i): Stein's identity, once a coordinate
        return _expansion(written, 1j * rho * a, np.ones_like(a)) * one(a)

    return Characters(one, pair, correlated, float(written.square), float(written.of(())))


def flip_characters(process: HypercubeFlip, label: AbstractLabel | None) -> Characters:
    """Uniform signs, coordinate by coordinate: cos a, and cos a cos c - rho^2 sin a sin c for a pair."""
    rhos = np.array([float(r) for r in process.rhos])

    def one(a: np.ndarray) -> np.ndarray:
        return np.prod(np.cos(a), axis=-1)

    def pair(a: np.ndarray, c: np.ndarray) -> np.ndarray:
        return np.prod(np.cos(a) * np.cos(c) - rhos**2 * np.sin(a) * np.sin(c), axis=-1)

    if label is None:
        return Characters(one, pair, None, None, None)
    if isinstance(label, Threshold):
        mean = float(walsh(label, process.dim).of(()))
        return Characters(one, pair, lambda a: _threshold_signs(label, a, rhos), 1.0, mean)
    written = multilinear(label, process.dim)
    if written is None:
        raise no_closed_form(label, "HypercubeFlip")

    def correlated(a: np.ndarray) -> np.ndarray:
        return _expansion(written, 1j * rhos * np.sin(a), np.cos(a))

    return Characters(one, pair, correlated, float(written.square), float(written.of(())))


def no_closed_form(label: AbstractLabel, owner: str) -> InputError:
    """The refusal of a label without closed form."""
    return InputError(
        f"labels: {type(label).__name__} has no closed form on {owner}; use Coordinate, Linear, Threshold or Parity, "
        "or the "
        "process's finite(levels)."
    )


def _expansion(label: Coefficients, inside: np.ndarray, outside: np.ndarray) -> np.ndarray:
    """sum_S coefficient(S) prod_{i in S} inside_i prod_{i not in S} outside_i, one a row."""
    total = np.zeros(inside.shape[0], dtype=complex)
    for members in label.support:
        chosen = np.isin(np.arange(inside.shape[1]), members)
        total += float(label.of(members)) * np.prod(np.where(chosen, inside, outside), axis=1)
    return total


def _threshold_signs(label: Threshold, a: np.ndarray, rhos: np.ndarray) -> np.ndarray:
    """Sum over the sign patterns of the coordinates that the threshold reads; a flipped sign has E exp(i a x | input) =
    cos a + i rho input sin a."""
    weights = weights_of(label, a.shape[1])
    support = [i for i, w in enumerate(weights) if w != 0]
    require(
        len(support) <= LARGEST_PATTERNS,
        f"Threshold: it reads {len(support)} coordinates, but with random Fourier features at most {LARGEST_PATTERNS} "
        "are "
        "listed; use fewer coordinates.",
    )
    values = threshold_signs([weights[i] for i in support], number(label.offset, owner="Threshold", name="offset"))
    total = np.zeros(a.shape[0], dtype=complex)
    cosine, sine = np.cos(a[:, support]), 1j * rhos[support] * np.sin(a[:, support])
    for pattern, value in zip(sign_patterns(len(support)), values, strict=True):
        total += value * np.prod(cosine + pattern * sine, axis=1)
    others = [i for i in range(a.shape[1]) if i not in support]
    return total / len(values) * np.prod(np.cos(a[:, others]), axis=1)


def _symmetric(matrix: np.ndarray) -> np.ndarray:
    """The mean with the transpose: entry (j, k) and (k, j) are computed separately and may differ in the last bit."""
    return (matrix + matrix.T) / 2
