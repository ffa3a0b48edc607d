"""Example 1 of Saunshi et al. (2022): inputs on the hypercube, some of whose coordinates are rescaled in a view."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import jax
import numpy as np
from jaxtyping import Float

from linrep._checks import generator, positive_int, require
from linrep._types import Rational
from linrep.processes._abstract import AbstractProcess
from linrep.processes._finite import FiniteProcess
from linrep.processes._laws import AbstractLaw, Discrete, Uniform
from linrep.processes._signs import (
    channel_table,
    check_support,
    distinct_coordinates,
    exact_values,
    integer_weights,
    sign_patterns,
)

UNIT = Uniform(0, 1)
"""The scale of Example 1."""


@dataclass(frozen=True)
class HypercubeScaling(AbstractProcess):
    """Inputs uniform on {-1, +1}^D; a view keeps the first k coordinates and multiplies the others by tau >= 0.

    Args:
        dim: D, the number of coordinates.
        relevant: k, how many of them (the first) are kept, 0 <= k <= D.
        scale: the law of tau; `Uniform(0, 1)` means (0, 1].
        shared: whether one tau serves all D - k coordinates of a view; else each has its own.

    Two views of one input have independent scales. Views of different inputs never meet, unless tau = 0 has positive
    probability.

    Raises:
        InputError: sizes that are not whole numbers with 0 <= relevant <= dim, a scale that is no law.

    Source: Saunshi et al. (2022), Example 1; the independent scales are ours.

    >>> p = HypercubeScaling(dim=50, relevant=10)
    >>> p.disjoint, p.n_inputs == 2**50, p.scale.moment(1) ** 2 / p.scale.moment(2)
    (True, True, Fraction(3, 4))
    """

    dim: int
    relevant: int
    scale: AbstractLaw = UNIT
    shared: bool = True

    def __post_init__(self) -> None:
        positive_int(self.dim, owner="HypercubeScaling", name="dim")
        whole = isinstance(self.relevant, (int, np.integer)) and not isinstance(self.relevant, bool)
        require(
            whole and 0 <= self.relevant <= self.dim,
            f"HypercubeScaling: relevant is {self.relevant!r}, but it counts some of the {self.dim} coordinates; pass "
            f"a whole number of at most {self.dim}, and at least 0.",
        )
        require(
            isinstance(self.scale, AbstractLaw),
            f"HypercubeScaling: scale is {self.scale!r}, but it must be a law; pass Uniform, Discrete or Beta.",
        )

    @property
    def spurious(self) -> int:
        """D - k, the number of rescaled coordinates."""
        return self.dim - self.relevant

    @property
    def n_inputs(self) -> int:
        """2^D."""
        return 2**self.dim

    @property
    def has_finite_support(self) -> bool:
        """Whether tau takes finitely many values."""
        return isinstance(self.scale, Discrete) or not self.spurious

    @property
    def disjoint(self) -> bool:
        """Whether tau = 0 has probability zero (or nothing is rescaled): then the signs of a view name its input."""
        return not self._erased

    @property
    def uniform(self) -> bool:
        return True

    @property
    def identification_error(self) -> Rational:
        """q (1 - 2^-s) with q = Pr[tau = 0], s = D - k, for a shared scale; 1 - (1 - q/2)^s for independent ones."""
        return 1 - self.posterior_collision

    @property
    def posterior_collision(self) -> Rational:
        """1 - q (1 - 2^-s) for a shared scale, (1 - q/2)^s else: a posterior is uniform on some 2^m inputs."""
        q = self._erased
        if self.shared:
            return 1 - q * (1 - Fraction(1, 2**self.spurious))
        return (1 - q / 2) ** self.spurious

    @property
    def n_components(self) -> int:
        """2^D where views are disjoint, else 2^k: a view with tau = 0 joins inputs with equal kept coordinates."""
        return 2 ** (self.relevant if self._erased else self.dim)

    def spectrum(self, count: int) -> Float[np.ndarray, " count"]:
        """The `count` largest eigenvalues of K for the unrestricted class.

        1 with multiplicity 2^D where views are disjoint. Else, with q = Pr[tau = 0] > 0: 1 (2^k times) and 1 - q
        (2^D - 2^k times) for a shared scale; (1 - q)^j with multiplicity 2^k binom(D - k, j) for independent ones.
        """
        count = positive_int(count, owner="HypercubeScaling.spectrum", name="count")
        base, q = 2 ** (self.dim if self.disjoint else self.relevant), float(self._erased)
        groups = [(1.0, base)]
        if not self.disjoint and self.shared:
            groups.append((1 - q, 2**self.dim - base))
        elif not self.disjoint:
            groups += [((1 - q) ** j, base * math.comb(self.spurious, j)) for j in range(1, self.spurious + 1)]
        values = [itertools.repeat(value, min(times, count)) for value, times in groups]
        top = list(itertools.islice(itertools.chain(*values), count))
        return np.array(top + [0.0] * (count - len(top)))

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent triples: inputs (n, D) of signs, views and positive views (n, D) float64."""
        rng, n = generator(key), positive_int(n, owner="HypercubeScaling.sample_pairs", name="n")
        inputs = rng.integers(0, 2, size=(n, self.dim), dtype=np.int8) * np.int8(2) - np.int8(1)
        first, second = (self._view(rng, inputs) for _ in range(2))
        return inputs, first, second

    def finite(self, levels: int = 8) -> FiniteProcess:
        """The process as tables, with `scale.discrete(levels)` for a continuous law; equal views are one view.

        Raises:
            InputError: more than 2^20 pairs of an input and a view.
        """
        law = self.scale.discrete(levels) if self.spurious else Discrete([1], [1])
        choices = len(law.values) ** (1 if self.shared or not self.spurious else self.spurious)
        check_support(choices * 2**self.dim, "HypercubeScaling")
        inputs = sign_patterns(self.dim)
        levels_of, weights = self._level_choices(law)
        signs = np.where(np.array([0 if v == 0 else 1 for v in law.values])[levels_of], 1, 0) * (levels_of + 1)
        kept = np.ones((choices, self.relevant), dtype=np.int64)
        codes = inputs[:, None, :] * np.concatenate([kept, signs], axis=1)[None, :, :]
        unique, place = np.unique(codes.reshape(-1, self.dim), axis=0, return_inverse=True)
        rows = np.repeat(np.arange(2**self.dim), choices)
        channel = channel_table(rows, place.ravel(), np.tile(weights, 2**self.dim), (2**self.dim, unique.shape[0]))
        return FiniteProcess(np.ones(2**self.dim, dtype=int), channel, self._view_values(unique, law), inputs)

    def project(self, coordinates: Sequence[int]) -> "HypercubeScaling":
        """The process of some coordinates only, the kept ones first (each group in increasing order).

        >>> HypercubeScaling(dim=50, relevant=10).project([0, 1, 30]).relevant
        2
        """
        chosen = distinct_coordinates(coordinates, self.dim, "HypercubeScaling")
        return HypercubeScaling(len(chosen), sum(i < self.relevant for i in chosen), self.scale, self.shared)

    @property
    def _erased(self) -> Rational:
        """Probability that a scale hides the sign of its coordinate."""
        return self.scale.mass_at_zero if self.spurious else Fraction(0)

    def _view(self, rng: np.random.Generator, inputs: np.ndarray) -> np.ndarray:
        view = inputs.astype(np.float64)
        width = 1 if self.shared else self.spurious
        view[:, self.relevant :] *= self.scale.sample(rng, (inputs.shape[0], width))
        return view

    def _level_choices(self, law: Discrete) -> tuple[np.ndarray, np.ndarray]:
        """Level of each rescaled coordinate, one row a choice of scales, and the weights of the choices."""
        masses = integer_weights(law.weights)
        places = np.arange(len(masses))
        if self.shared or not self.spurious:
            return np.repeat(places[:, None], self.spurious, axis=1), masses
        grid = np.array(list(itertools.product(places, repeat=self.spurious)))
        return grid, masses[grid].prod(axis=1)

    def _view_values(self, codes: np.ndarray, law: Discrete) -> np.ndarray:
        """Views from codes: a sign on kept coordinates, sign times (level + 1) on the others, 0 where tau = 0."""
        exact = all(isinstance(v, Fraction) for v in law.values)
        values = np.array([0, *law.values], dtype=object if exact else np.float64)
        scaled = np.sign(codes[:, self.relevant :]) * values[np.abs(codes[:, self.relevant :])]
        kept = codes[:, : self.relevant].astype(scaled.dtype)
        return exact_values(np.concatenate([kept, scaled], axis=1))
