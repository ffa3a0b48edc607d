"""Rotation noise on the circle."""

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction

import jax
import numpy as np
import scipy.linalg
from jaxtyping import Float

from linrep._checks import generator, positive_int, require
from linrep.processes._abstract import AbstractProcess
from linrep.processes._finite import FiniteProcess
from linrep.processes._laws import number
from linrep.processes._signs import check_support

LARGEST_NOISE = 1e3
"""Largest standard deviation in radians: beyond, a view is uniform to working precision by far."""


@dataclass(frozen=True)
class Circle(AbstractProcess):
    """Inputs uniform on the unit circle; a view is the input rotated by an angle xi ~ N(0, noise^2), in radians.

    Inputs and views are points (cos, sin). The eigenfunctions of K (unrestricted class) are the Fourier modes, with
    eigenvalues kappa_m = |E exp(i m xi)|^2 = exp(-m^2 noise^2): kappa_0 once, the others twice.

    Args:
        noise: standard deviation of the rotation, in [0, 1000].

    Raises:
        InputError: a noise outside that range.

    Source: ours.

    >>> Circle(noise=0.5).spectrum(3).round(4).tolist()
    [1.0, 0.7788, 0.7788]
    """

    noise: float

    def __post_init__(self) -> None:
        noise = float(number(self.noise, owner="Circle", name="noise"))
        require(
            0 <= noise <= LARGEST_NOISE,
            f"Circle: noise is {noise}, but a standard deviation in [0, {LARGEST_NOISE:g}] radians is needed; pass "
            "one.",
        )
        object.__setattr__(self, "noise", noise)

    @property
    def n_inputs(self) -> float:
        """Infinite: the inputs are a continuum."""
        return math.inf

    @property
    def has_finite_support(self) -> bool:
        return False

    @property
    def disjoint(self) -> bool:
        """Whether there is no noise."""
        return self.noise == 0

    @property
    def uniform(self) -> bool:
        return False

    @property
    def identification_error(self) -> Fraction:
        """1 with noise (a posterior has no atoms), 0 without."""
        return Fraction(int(self.noise > 0))

    @property
    def posterior_collision(self) -> Fraction:
        """0 with noise, 1 without."""
        return 1 - self.identification_error

    @property
    def n_components(self) -> float:
        """Infinite without noise, else 1."""
        return math.inf if self.disjoint else 1

    def spectrum(self, count: int) -> Float[np.ndarray, " count"]:
        """The `count` largest eigenvalues of K: exp(-m^2 noise^2), m = 0, 1, 1, 2, 2, …"""
        count = positive_int(count, owner="Circle.spectrum", name="count")
        return np.exp(-((np.arange(1, count + 1) // 2 * self.noise) ** 2))

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent triples of points on the circle, each (n, 2)."""
        rng, n = generator(key), positive_int(n, owner="Circle.sample_pairs", name="n")
        angles = rng.uniform(0.0, 2 * math.pi, n)
        first, second = (angles + self.noise * rng.standard_normal(n) for _ in range(2))
        return circle_points(angles), circle_points(first), circle_points(second)

    def finite(self, levels: int = 8) -> FiniteProcess:
        """A discretisation: `levels` equally spaced inputs and views, and the density of the rotation on the lattice.

        Raises:
            InputError: more than 2^20 pairs of an input and a view.
        """
        levels = positive_int(levels, owner="Circle.finite", name="levels")
        check_support(levels**2, "Circle")
        steps = wrapped_density(2 * math.pi * np.arange(levels) / levels, self.noise)
        points = circle_points(2 * math.pi * np.arange(levels) / levels)
        channel = scipy.linalg.toeplitz(steps / steps.sum())
        return FiniteProcess(np.ones(levels, dtype=int), channel, points, points)


def circle_points(angles: np.ndarray) -> np.ndarray:
    """(cos, sin) of angles, (n, 2)."""
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def wrapped_density(angles: np.ndarray, noise: float) -> np.ndarray:
    """Density, up to a factor, of N(0, noise^2) wrapped around the circle; without noise a point mass at 0.

    Turns beyond 39 standard deviations underflow, so leaving them out changes nothing.
    """
    if noise == 0:
        return (angles == 0).astype(np.float64)
    turns = math.ceil(39 * noise / (2 * math.pi)) + 1
    total = np.zeros_like(angles)
    for turn, sign in itertools.product(range(turns, -1, -1), (1, -1)):
        if turn or sign == 1:
            total += np.exp(-(((angles + sign * turn * 2 * math.pi) / noise) ** 2) / 2)
    return total
