"""Gaussian noise on Gaussian inputs: the Ornstein-Uhlenbeck process seen at two times."""

import functools
import itertools
import math
from dataclasses import dataclass

import jax
import numpy as np
import scipy.stats
from jaxtyping import Float

from linrep._checks import generator, positive_int, require
from linrep._types import Rational
from linrep.processes._abstract import AbstractProcess
from linrep.processes._finite import FiniteProcess
from linrep.processes._laws import number
from linrep.processes._signs import check_support


@dataclass(frozen=True)
class GaussianNoise(AbstractProcess):
    """Inputs N(0, I) in R^dim; a view is rho input + sqrt(1 - rho^2) noise with noise N(0, I).

    A positive pair is jointly normal with correlation rho^2 in each coordinate. The eigenfunctions of K (unrestricted
    class) are the Hermite polynomials, with eigenvalues kappa_alpha = rho^(2 |alpha|).

    Args:
        dim: number of coordinates.
        rho: correlation of view and input, in [-1, 1]; an int or a Fraction keeps rational moments exact.

    Raises:
        InputError: a size below 1, or rho outside [-1, 1].

    Source: ours (O'Donnell 2014, chapter 11, for the noise operator).

    >>> GaussianNoise(dim=2, rho=0.8).spectrum(4).round(4).tolist()
    [1.0, 0.64, 0.64, 0.4096]
    """

    dim: int
    rho: Rational

    def __post_init__(self) -> None:
        positive_int(self.dim, owner="GaussianNoise", name="dim")
        rho = number(self.rho, owner="GaussianNoise", name="rho")
        require(-1 <= rho <= 1, f"GaussianNoise: rho is {rho}, but a correlation lies in [-1, 1]; pass such a number.")
        object.__setattr__(self, "rho", rho)

    @property
    def n_inputs(self) -> float:
        """Infinite: the inputs are a continuum."""
        return math.inf

    @property
    def has_finite_support(self) -> bool:
        return False

    @property
    def disjoint(self) -> bool:
        """Whether there is no noise, |rho| = 1."""
        return abs(self.rho) == 1

    @property
    def uniform(self) -> bool:
        return False

    @property
    def identification_error(self) -> Rational:
        """1 with noise (a posterior has no atoms), 0 without."""
        return number(int(not self.disjoint), owner="GaussianNoise", name="tau")

    @property
    def posterior_collision(self) -> Rational:
        """0 with noise, 1 without."""
        return 1 - self.identification_error

    @property
    def n_components(self) -> float:
        """Infinite without noise, else 1."""
        return math.inf if self.disjoint else 1

    def spectrum(self, count: int) -> Float[np.ndarray, " count"]:
        """The `count` largest eigenvalues of K: rho^(2m) with multiplicity binom(dim + m - 1, m)."""
        count = positive_int(count, owner="GaussianNoise.spectrum", name="count")
        degrees = (itertools.repeat(m, min(count, math.comb(self.dim + m - 1, m))) for m in itertools.count())
        return np.array(
            [float(self.rho ** (2 * m)) for m in itertools.islice(itertools.chain.from_iterable(degrees), count)]
        )

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent (input, view, positive view) triples, each (n, dim)."""
        rng, n = generator(key), positive_int(n, owner="GaussianNoise.sample_pairs", name="n")
        inputs, rho = rng.standard_normal((n, self.dim)), float(self.rho)
        noise = math.sqrt(1 - rho * rho)
        first, second = (rho * inputs + noise * rng.standard_normal(inputs.shape) for _ in range(2))
        return inputs, first, second

    def finite(self, levels: int = 8) -> FiniteProcess:
        """A discretisation: in each coordinate `levels` equally likely inputs, the midpoint quantiles, and as many
        views: the intervals between quantiles, with their probabilities given the input. The value of an interval is
        its midpoint quantile.

        Raises:
            InputError: more than 2^20 pairs of an input and a view.
        """
        levels = positive_int(levels, owner="GaussianNoise.finite", name="levels")
        check_support(levels ** (2 * self.dim), "GaussianNoise")
        points = scipy.stats.norm.ppf((2 * np.arange(levels) + 1) / (2 * levels))
        edges = scipy.stats.norm.ppf(np.arange(levels + 1) / levels)
        channel = functools.reduce(np.kron, [_bin_channel(float(self.rho), points, edges)] * self.dim)
        values = np.array(list(itertools.product(points, repeat=self.dim)))
        return FiniteProcess(np.ones(levels**self.dim, dtype=int), channel, values, values)


def _bin_channel(rho: float, points: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Probability of each bin of views given each input point, one coordinate, (levels, levels)."""
    noise = math.sqrt(1 - rho * rho)
    if noise == 0:
        return np.eye(points.size)[:: 1 if rho > 0 else -1]
    below = scipy.stats.norm.cdf((edges[None, :] - rho * points[:, None]) / noise)
    return np.diff(below, axis=1)
