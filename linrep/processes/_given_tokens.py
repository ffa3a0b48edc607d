"""Laws of the token counts of a view given its document: drawing with replacement, and dropping."""

import abc
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.stats
from jaxtyping import Float

from linrep._checks import InputError
from linrep._types import Matrix, dense
from linrep.processes._given import AbstractGiven
from linrep.processes._tables import scale_rows


class AbstractTokens(AbstractGiven):
    """Random token counts K of a document with counts c and length n, seen as K / size.

    All factorial moments have the form E prod (K_v)_f_v = g prod base_v(f_v), so that a monomial of K is a sum over
    factorial ones with Stirling numbers.
    """

    @abc.abstractmethod
    def base(self, order: int) -> Float[np.ndarray, "n m orders"]:
        """base_v(f) for f = 0, …, order, (n, m, order + 1)."""

    @abc.abstractmethod
    def factor(self, order: int, power: int) -> Float[np.ndarray, "n orders"]:
        """g for f = 0, …, order in all, divided by size^power, (n, order + 1)."""

    def expectations(self, runs: np.ndarray, powers: np.ndarray) -> Float[np.ndarray, "n K"]:
        order = int(powers.sum(axis=1).max(initial=0))
        base, stirling = self.base(order), _stirling(order)
        series = np.zeros((base.shape[0], runs.shape[0], order + 1))
        series[:, :, 0] = 1
        for run, power in zip(runs.T, powers.T, strict=True):
            step = base[:, np.maximum(run, 0), :] * stirling[power]
            product = np.zeros_like(series)
            for f in range(order + 1):
                product[:, :, f:] += series[:, :, : order + 1 - f] * step[:, :, f, None]
            series = product
        total = powers.sum(axis=1)
        factors = np.stack([self.factor(order, power) for power in range(order + 1)], axis=1)
        return np.sum(series * factors[:, total], axis=2)


def _stirling(order: int) -> np.ndarray:
    """Stirling numbers of the second kind S(k, f), (order + 1, order + 1): x^k = sum_f S(k, f) (x)_f."""
    table = np.zeros((order + 1, order + 1))
    table[0, 0] = 1
    for k in range(1, order + 1):
        table[k, 1:] = table[k - 1, :-1] + np.arange(1, order + 1) * table[k - 1, 1:]
    return table


def falling(values: np.ndarray, order: int) -> np.ndarray:
    """x (x - 1) … (x - f + 1) for f = 0, …, order, on a new last axis."""
    array = np.asarray(values, dtype=np.float64)[..., None]
    steps = np.concatenate([np.ones_like(array), array - np.arange(order)], axis=-1)
    return np.cumprod(steps, axis=-1)


@dataclass(frozen=True, eq=False)
class Multinomial(AbstractTokens):
    """K / size with `size` tokens drawn with replacement from the relative counts `law` (n, m)."""

    law: Matrix
    size: int

    @property
    def means(self) -> Matrix:
        return self.law

    def covariance(self, weights: np.ndarray) -> Float[np.ndarray, "m m"]:
        return spread(self.law, weights / self.size)

    def base(self, order: int) -> np.ndarray:
        return dense(self.law)[:, :, None] ** np.arange(order + 1)

    def factor(self, order: int, power: int) -> np.ndarray:
        values = falling(np.array(self.size), order) / float(self.size) ** power
        return np.broadcast_to(values, (self.law.shape[0], order + 1))

    def characters(self, frequencies: Float[np.ndarray, "F m"]) -> np.ndarray:
        return np.asarray(self.law @ np.exp(1j * frequencies.T / self.size)) ** self.size


@dataclass(frozen=True, eq=False)
class Thinned(AbstractTokens):
    """K_v ~ Bin(c_v, rate) independently, size = rate n: each token of the document is kept with probability rate."""

    counts: Matrix
    lengths: np.ndarray
    rate: float

    @property
    def means(self) -> Matrix:
        return relative(self.counts, self.lengths)

    def covariance(self, weights: np.ndarray) -> Float[np.ndarray, "m m"]:
        return np.diag(np.asarray(self.means.T @ (weights * (1 - self.rate) / (self.rate * self.lengths))).ravel())

    def base(self, order: int) -> np.ndarray:
        return falling(dense(self.counts), order)

    def factor(self, order: int, power: int) -> np.ndarray:
        return self.rate ** np.arange(order + 1) / (self.rate * self.lengths[:, None]) ** power

    def characters(self, frequencies: Float[np.ndarray, "F m"]) -> np.ndarray:
        rows = []
        for counts, length in zip(dense(self.counts), self.lengths, strict=True):  # only the tokens that occur
            place = np.flatnonzero(counts)
            waves = np.exp(1j * frequencies[:, place] / (self.rate * length))
            rows.append(np.prod((1 - self.rate + self.rate * waves) ** counts[place].astype(int), axis=1))
        return np.array(rows)


@dataclass(frozen=True, eq=False)
class RelativeThinned(AbstractTokens):
    """K / M where M tokens of n are kept, M ~ Bin(n, rate) given M >= 1, and which ones is uniform: size = M."""

    counts: Matrix
    lengths: np.ndarray
    rate: float

    @property
    def means(self) -> Matrix:
        return relative(self.counts, self.lengths)

    def covariance(self, weights: np.ndarray) -> Float[np.ndarray, "m m"]:
        return spread(self.means, weights * self._by_length(_shrinkage))

    def base(self, order: int) -> np.ndarray:
        return falling(dense(self.counts), order)

    def factor(self, order: int, power: int) -> np.ndarray:
        return self._by_length(lambda n, rate: _kept_factor(n, rate, order, power))

    def characters(self, frequencies: Float[np.ndarray, "F m"]) -> np.ndarray:
        raise InputError(
            "TokenDropping: relative counts have no closed characteristic function, which random Fourier features "
            "need; pass relative=False, or use process.finite()."
        )

    def _by_length(self, value: Callable[[int, float], np.ndarray]) -> np.ndarray:
        """A function of the document's length, computed once a length."""
        distinct, place = np.unique(self.lengths, return_inverse=True)
        return np.array([value(int(n), self.rate) for n in distinct])[place]


def _kept(n: int, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """M = 1, …, n and its law given M >= 1."""
    kept = np.arange(1, n + 1)
    law = scipy.stats.binom.pmf(kept, n, rate)
    return kept, law / law.sum()


def _shrinkage(n: int, rate: float) -> np.ndarray:
    """E[(n - M) / (M (n - 1)) | M >= 1]: the covariance of relative counts is this times diag q - q q^T."""
    kept, law = _kept(n, rate)
    return law @ ((n - kept) / (kept * max(n - 1, 1)))


def _kept_factor(n: int, rate: float, order: int, power: int) -> np.ndarray:
    """E[(M)_f / M^power | M >= 1] / (n)_f for f = 0, …, order; 0 beyond n, where (c)_f vanishes."""
    kept, law = _kept(n, rate)
    top, below = law @ (falling(kept, order) / kept[:, None].astype(float) ** power), falling(np.array(n), order)
    return np.divide(top, below, out=np.zeros(order + 1), where=below > 0)


def relative(counts: Matrix, lengths: np.ndarray) -> Matrix:
    """Relative token counts, sparse if the counts are."""
    return scale_rows(counts, 1.0 / lengths)


def spread(law: Matrix, weights: np.ndarray) -> np.ndarray:
    """sum_i w_i (diag q_i - q_i q_i^T), dense (m, m)."""
    return np.diag(np.asarray(law.T @ weights).ravel()) - weighted_gram(law, weights)


def weighted_gram(rows: Matrix, weights: np.ndarray) -> np.ndarray:
    """sum_i w_i r_i r_i^T, dense (m, m), through a sparse product where the rows are sparse."""
    if isinstance(rows, np.ndarray):
        return rows.T @ (weights[:, None] * rows)
    return dense(rows.T @ scale_rows(rows, weights))
