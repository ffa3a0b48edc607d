"""Laws of a scale tau >= 0: their moments (exact where they can be), a sampler and a discrete version."""

import abc
import math
import numbers
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.stats

from linrep._checks import positive_int, require
from linrep._linalg import sum_error
from linrep._types import Rational


class AbstractLaw(abc.ABC):
    """The law of a scale tau >= 0.

    Source: ours.

    >>> isinstance(Uniform(0, 1), AbstractLaw)
    True
    """

    @abc.abstractmethod
    def moment(self, order: int) -> Rational:
        """E tau^order; a Fraction where the law is exactly known, else a float."""

    @property
    @abc.abstractmethod
    def mass_at_zero(self) -> Rational:
        """Pr[tau = 0]."""

    @abc.abstractmethod
    def sample(self, rng: np.random.Generator, size: tuple[int, ...]) -> np.ndarray:
        """Independent values, float64, of the given shape."""

    @abc.abstractmethod
    def discrete(self, levels: int) -> "Discrete":
        """The law of `levels` equally likely values, the midpoint quantiles; a discrete law is returned as it is."""


@dataclass(frozen=True)
class Uniform(AbstractLaw):
    """tau uniform on (low, high]: no mass at zero, even for low = 0.

    Args:
        low, high: 0 <= low < high; moments are exact for integers and Fractions.

    Raises:
        InputError: ends that are not numbers with 0 <= low < high.

    Source: Saunshi et al. (2022), Example 1 (low = 0, high = 1).

    >>> Uniform(0, 1).moment(2), Uniform(0, 1).discrete(2).values
    (Fraction(1, 3), (Fraction(1, 4), Fraction(3, 4)))
    """

    low: Rational
    high: Rational

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", number(self.low, owner="Uniform", name="low"))
        object.__setattr__(self, "high", number(self.high, owner="Uniform", name="high"))
        require(
            0 <= self.low < self.high,
            f"Uniform: the ends are {self.low} and {self.high}, but 0 <= low < high is needed; pass such ends.",
        )

    def moment(self, order: int) -> Rational:
        # (b^(j+1) - a^(j+1)) / ((j+1)(b-a)), written as a sum of non-negative terms so that floats lose nothing
        total = sum((self.low**i * self.high ** (order - i) for i in range(order + 1)), Fraction(0))
        return total / (order + 1)

    @property
    def mass_at_zero(self) -> Rational:
        return Fraction(0)

    def sample(self, rng: np.random.Generator, size: tuple[int, ...]) -> np.ndarray:
        low, high = float(self.low), float(self.high)
        return high - (high - low) * rng.random(size)

    def discrete(self, levels: int) -> "Discrete":
        levels = positive_int(levels, owner="Uniform.discrete", name="levels")
        width = self.high - self.low
        return Discrete([self.low + width * Fraction(2 * i + 1, 2 * levels) for i in range(levels)], [1] * levels)


@dataclass(frozen=True, init=False)
class Discrete(AbstractLaw):
    """tau takes finitely many values.

    Args:
        values: numbers >= 0, exact if integers or Fractions.
        weights: one a value; integers are weights, Fractions and floats are probabilities.

    Equal values are merged, values of probability zero dropped; `values` are sorted and `weights` are probabilities.

    Raises:
        InputError: negative or non-finite values, unequal lengths, weights that are negative or do not sum to one.

    Source: ours.

    >>> Discrete([0, 1], [1, 3]).moment(1), Discrete([0, 1], [1, 3]).mass_at_zero
    (Fraction(3, 4), Fraction(1, 4))
    """

    values: tuple[Rational, ...]
    weights: tuple[Rational, ...]

    def __init__(self, values: Sequence[Any], weights: Sequence[Any]) -> None:
        atoms = [number(v, owner="Discrete", name="a value") for v in values]
        require(
            len(atoms) == len(weights) >= 1,
            f"Discrete: {len(atoms)} values and {len(weights)} weights were given; pass one weight a value, at least "
            "one.",
        )
        require(
            min(atoms) >= 0, f"Discrete: the scale {min(atoms)} is negative, but scales are at least 0; correct it."
        )
        merged: dict[Rational, Rational] = {}
        for atom, mass in zip(atoms, probabilities(weights, owner="Discrete"), strict=True):
            merged[atom] = merged.get(atom, Fraction(0)) + mass
        support = sorted(atom for atom, mass in merged.items() if mass > 0)
        object.__setattr__(self, "values", tuple(support))
        object.__setattr__(self, "weights", tuple(merged[atom] for atom in support))

    def moment(self, order: int) -> Rational:
        return sum((w * v**order for v, w in zip(self.values, self.weights, strict=True)), Fraction(0))

    @property
    def mass_at_zero(self) -> Rational:
        return self.weights[0] if self.values[0] == 0 else Fraction(0)

    def sample(self, rng: np.random.Generator, size: tuple[int, ...]) -> np.ndarray:
        law = np.array([float(w) for w in self.weights])
        return rng.choice(np.array([float(v) for v in self.values]), size=size, p=law / law.sum())

    def discrete(self, levels: int) -> "Discrete":
        return self


@dataclass(frozen=True)
class Beta(AbstractLaw):
    """tau ~ Beta(alpha, beta) on (0, 1): E tau^j = prod_{i<j} (alpha + i) / (alpha + beta + i).

    Args:
        alpha, beta: positive; moments are exact for integers and Fractions.

    Raises:
        InputError: a parameter that is not a positive number.

    Source: ours.

    >>> Beta(1, 1).moment(2), float(Beta(0.5, 0.5).moment(2))
    (Fraction(1, 3), 0.375)
    """

    alpha: Rational
    beta: Rational

    def __post_init__(self) -> None:
        for name in ("alpha", "beta"):
            value = number(getattr(self, name), owner="Beta", name=name)
            require(value > 0, f"Beta: {name} is {value}, but it must be positive; pass a positive number.")
            object.__setattr__(self, name, value)

    def moment(self, order: int) -> Rational:
        factors = ((self.alpha + i) / (self.alpha + self.beta + i) for i in range(order))
        return math.prod(factors, start=Fraction(1))

    @property
    def mass_at_zero(self) -> Rational:
        return Fraction(0)

    def sample(self, rng: np.random.Generator, size: tuple[int, ...]) -> np.ndarray:
        return rng.beta(float(self.alpha), float(self.beta), size)

    def discrete(self, levels: int) -> Discrete:
        levels = positive_int(levels, owner="Beta.discrete", name="levels")
        middle = (2 * np.arange(levels) + 1) / (2 * levels)
        return Discrete(scipy.stats.beta.ppf(middle, float(self.alpha), float(self.beta)).tolist(), [1] * levels)


def number(value: Any, *, owner: str, name: str) -> Rational:
    """A finite number as what is known of it: integers and Fractions become Fractions, other reals floats."""
    plain = isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_)) and math.isfinite(value)
    require(plain, f"{owner}: {name} is {value!r}, but it must be a finite number; pass an int, a Fraction or a float.")
    return (
        Fraction(int(value.numerator), int(value.denominator)) if isinstance(value, numbers.Rational) else float(value)
    )


def probabilities(weights: Sequence[Any], *, owner: str) -> tuple[Rational, ...]:
    """Weights as probabilities: integers are divided by their sum, Fractions and floats must sum to one already."""
    masses = [number(w, owner=owner, name="a weight") for w in weights]
    require(min(masses) >= 0, f"{owner}: the weight {min(masses)} is negative, but weights are at least 0; correct it.")
    total = sum(masses, Fraction(0))
    if all(isinstance(w, numbers.Integral) for w in weights):
        require(total > 0, f"{owner}: the weights sum to 0, but one of them must be positive; give a value some mass.")
        return tuple(mass / total for mass in masses)
    exact = isinstance(total, Fraction)
    off = abs(float(total) - 1) > sum_error(len(masses), 1.0)
    require(
        not off and (not exact or total == 1),
        f"{owner}: the probabilities sum to {total}, but they must sum to 1; divide by the sum, or pass integer "
        "weights.",
    )
    return tuple(masses)


def is_rational(*values: Any) -> bool:
    """Whether every value is exactly known."""
    return all(isinstance(value, Fraction) for value in values)
