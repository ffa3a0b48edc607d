"""Laws of a view of one input, for many inputs at once: means, covariances, monomials, characteristic functions."""

import abc
import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from linrep._types import Matrix, Rational


class AbstractGiven(abc.ABC):
    """Laws of views, one for each of n inputs (a chunk of a data set)."""

    @property
    @abc.abstractmethod
    def means(self) -> Matrix:
        """E[x | input], (n, m), sparse where that saves memory."""

    @abc.abstractmethod
    def covariance(self, weights: np.ndarray) -> Float[np.ndarray, "m m"]:
        """sum_i w_i Cov(x | input i)."""

    @abc.abstractmethod
    def expectations(self, runs: np.ndarray, powers: np.ndarray) -> Float[np.ndarray, "n K"]:
        """E of K monomials: the coordinates `runs` (K, q) to `powers` (K, q); -1 and 0 beyond the last."""

    @abc.abstractmethod
    def characters(self, frequencies: Float[np.ndarray, "F m"]) -> np.ndarray:
        """E exp(i a . x) for each input and frequency, complex (n, F)."""

    def character_sums(self, omega: Float[np.ndarray, "D m"], weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """sum_i w_i E exp(i a . x) at a = omega_j - omega_k and at omega_j + omega_k, complex (D, D) each."""
        rows = [(weights @ self.characters(w - omega), weights @ self.characters(w + omega)) for w in omega]
        return np.array([r[0] for r in rows]), np.array([r[1] for r in rows])


@dataclass(frozen=True)
class Dropout:
    """Each coordinate is kept with probability `keep` and divided by it, else set to zero."""

    keep: Rational

    @property
    def rate(self) -> float:
        """`keep` in float64."""
        return float(self.keep)

    def moments(self, table: np.ndarray) -> np.ndarray:
        """E x^k for k = 0, 1, … (last axis) after the step from those before."""
        return np.concatenate(
            [table[..., :1], table[..., 1:] * self.rate ** -np.arange(table.shape[-1] - 1.0)], axis=-1
        )

    def variance(self, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
        """The variance after the step: (variance + (1 - keep) mean^2) / keep."""
        return (variance + (1 - self.rate) * mean**2) / self.rate


@dataclass(frozen=True)
class Noise:
    """Independent N(0, sigma^2) is added to each coordinate."""

    sigma: float

    def moments(self, table: np.ndarray) -> np.ndarray:
        """E x^k for k = 0, 1, … after the step: binomial sums with the even moments (2j - 1)!! sigma^2j."""
        out = np.array(table)
        for k in range(2, table.shape[-1]):
            for j in range(1, k // 2 + 1):
                even = math.prod(range(1, 2 * j, 2)) * self.sigma ** (2 * j)
                out[..., k] += math.comb(k, 2 * j) * even * table[..., k - 2 * j]
        return out

    def variance(self, mean: np.ndarray, variance: np.ndarray) -> np.ndarray:
        """The variance after the step."""
        return variance + self.sigma**2


Step = Dropout | Noise


@dataclass(frozen=True, eq=False)
class IndependentPixels(AbstractGiven):
    """Independent coordinates: known values that go through steps of dropout and noise, all of which keep the mean.

    Attributes:
        values: (n, m) the coordinates before the steps, and their means after them.
        steps: applied in order.
    """

    values: np.ndarray
    steps: tuple[Step, ...]

    @property
    def means(self) -> np.ndarray:
        return self.values

    @property
    def _drops(self) -> bool:
        """Whether a step is dropout, so that the characteristic function is no exponential."""
        return any(isinstance(step, Dropout) for step in self.steps)

    @property
    def _spread(self) -> float:
        """Variance of all noise together, where there is no dropout."""
        return sum(step.sigma**2 for step in self.steps if isinstance(step, Noise))

    def covariance(self, weights: np.ndarray) -> Float[np.ndarray, "m m"]:
        variance = np.zeros_like(self.values)
        for step in self.steps:
            variance = step.variance(self.values, variance)
        return np.diag(weights @ variance)

    def expectations(self, runs: np.ndarray, powers: np.ndarray) -> Float[np.ndarray, "n K"]:
        table = self.values[:, :, None] ** np.arange(int(powers.max(initial=0)) + 1)
        for step in self.steps:
            table = step.moments(table)
        found = np.ones((self.values.shape[0], runs.shape[0]))
        for run, power in zip(runs.T, powers.T, strict=True):
            found *= table[:, np.maximum(run, 0), power]
        return found

    def characters(self, frequencies: Float[np.ndarray, "F m"]) -> np.ndarray:
        if not self._drops:
            return np.exp(1j * self.values @ frequencies.T - self._spread / 2 * np.sum(frequencies**2, axis=1))
        product = np.ones((self.values.shape[0], frequencies.shape[0]), dtype=complex)
        for place in range(self.values.shape[1]):
            product *= _character(self.values[:, place, None], frequencies[:, place], self.steps)
        return product

    def character_sums(self, omega: Float[np.ndarray, "D m"], weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if self._drops:
            return super().character_sums(omega, weights)
        # without dropout E exp(i a . x) = exp(i a . y) exp(-s^2 |a|^2 / 2), and the first factor is a product
        waves, spread = np.exp(1j * self.values @ omega.T), self._spread
        inner, squares = omega @ omega.T, np.sum(omega**2, axis=1)
        weighted, total = waves.T * weights, squares[:, None] + squares
        return (
            weighted @ waves.conj() * np.exp(-spread / 2 * (total - 2 * inner)),
            weighted @ waves * np.exp(-spread / 2 * (total + 2 * inner)),
        )


def _character(values: np.ndarray, a: np.ndarray, steps: tuple[Step, ...]) -> np.ndarray:
    """E exp(i a x) of one coordinate, (n, F), by the last step and then those before it."""
    if not steps:
        return np.exp(1j * values * a)
    last, before = steps[-1], steps[:-1]
    if isinstance(last, Noise):
        return _character(values, a, before) * np.exp(-((last.sigma * a) ** 2) / 2)
    return 1 - last.rate + last.rate * _character(values, a / last.rate, before)
