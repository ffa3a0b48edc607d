"""Population InfoNCE (SimCLR) loss on a finite process: exact, in the limit, or within a Monte Carlo interval."""

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import jax
import numpy as np
import scipy.sparse as sp
from scipy.special import gammaln, logsumexp

from linrep._checks import finite_array, generator, positive_int, require
from linrep._types import ArrayLike, Matrix
from linrep.processes import AbstractProcess, FiniteProcess
from linrep.processes._tabulated import listed

LARGEST_ENUMERATION = 50_000_000  # log-add-exps, a few seconds
BLOCK = 4_000_000  # numbers in one block of scores, 32 MB
SCANNED = 4096  # views up to which the range of all scores is scanned, beyond it is bounded by norms


@dataclass(frozen=True)
class Interval:
    """A Monte Carlo estimate and an interval that holds the true value with probability at least `confidence`.

    Source: ours.

    >>> Interval(estimate=0.5, lower=0.4, upper=0.6, confidence=0.99).upper
    0.6
    """

    estimate: float
    lower: float
    upper: float
    confidence: float


@dataclass(frozen=True)
class _Merged:
    """A finite process seen through f: distinct values (u, d), their law (u,), prior (n_bar,), channel (n_bar, u)."""

    values: np.ndarray
    law: np.ndarray
    prior: np.ndarray
    channel: Matrix


def infonce(
    process: AbstractProcess, view_values: ArrayLike, *, temperature: float, negatives: int | None = None
) -> float:
    """InfoNCE loss E[ -log( e^{s+/t} / (e^{s+/t} + sum_j e^{s_j-/t}) ) ], s = f(x).f(x') , exactly.

    (x, x+) is a positive pair and x_1-, ..., x_m- are independent draws of a view. The expectation over negatives is a
    multinomial sum over multisets of distinct values of f. With `negatives=None`, the limit m -> infinity minus log m:
    -E s+/t + E_x log E_{x-} e^{s-/t}.

    Args:
        process: finite process with n views.
        view_values: (n, d) values f(x), or (n,) for d = 1.
        temperature: t > 0.
        negatives: m >= 1, or None for the limit.

    Raises:
        InputError: wrong shape, non-finite values, t <= 0, m < 1, or a sum too long to enumerate.

    Source: van den Oord et al. (2018); the limit is Wang and Isola (2020), Theorem 1.

    >>> from linrep.processes import FiniteProcess
    >>> process = FiniteProcess([1, 1], [[1, 0], [0, 1]])
    >>> round(infonce(process, [1.0, -1.0], temperature=1.0, negatives=1), 6)
    0.410038
    """
    process = listed(process, "losses.infonce")
    owner = "losses.infonce"
    values, scale = _scaled_values(process, view_values, temperature, owner)
    merged = _merge(process, values * scale)
    if negatives is None:
        return _limit(merged)
    count = positive_int(negatives, owner=owner, name="negatives")
    _require_affordable(merged, count, owner)
    return _enumerated(merged, count)


def infonce_interval(
    process: AbstractProcess,
    view_values: ArrayLike,
    *,
    temperature: float,
    negatives: int,
    key: jax.Array,
    samples: int = 10_000,
    confidence: float = 0.99,
) -> Interval:
    """InfoNCE loss by Monte Carlo, with an interval that is valid at every sample size.

    E s+/t is exact; what is sampled is log( (e^{s+/t} + sum_j e^{s_j-/t}) / (m + 1) ), which lies between the smallest
    and the largest score over t, so the empirical Bernstein bound holds: with V the sample variance, R the range, N
    samples and L = ln(4 / (1 - confidence)), the error is at most sqrt(2 V L / N) + 7 R L / (3 (N - 1)).

    Args:
        process: finite process with n views.
        view_values: (n, d) values f(x), or (n,) for d = 1.
        temperature: t > 0.
        negatives: m >= 1.
        key: random key.
        samples: N >= 2 anchors, each with its own positive and negatives.
        confidence: probability in (0, 1) with which the interval must hold the loss.

    Raises:
        InputError: wrong shape, non-finite values, t <= 0, m < 1, N < 2, confidence outside (0, 1).

    Source: Maurer and Pontil (2009), Theorem 4, once for each side.

    >>> import jax
    >>> from linrep.processes import FiniteProcess
    >>> process = FiniteProcess([1, 1], [[1, 0], [0, 1]])
    >>> found = infonce_interval(process, [1.0, -1.0], temperature=1.0, negatives=1, key=jax.random.key(0))
    >>> found.lower < 0.410038 < found.upper
    True
    """
    process = listed(process, "losses.infonce_interval")
    owner = "losses.infonce_interval"
    values, scale = _scaled_values(process, view_values, temperature, owner)
    count, size = (positive_int(v, owner=owner, name=n) for v, n in ((negatives, "negatives"), (samples, "samples")))
    require(size >= 2, f"{owner}: samples is {size}, but a variance needs at least 2; pass a larger number.")
    require(
        0 < confidence < 1,
        f"{owner}: confidence is {confidence!r}, but it must lie strictly between 0 and 1; pass 0.99, say.",
    )
    scaled = values * scale
    offset = math.log(count + 1) - _alignment(process.prior, process.channel, scaled)
    low, high = _score_range(scaled)
    draws = _sampled(process, scaled, count, key, size)
    width = _bernstein(draws, high - low, confidence)
    centre = float(draws.mean())
    return Interval(offset + centre, offset + max(low, centre - width), offset + min(high, centre + width), confidence)


def _scaled_values(
    process: FiniteProcess, view_values: ArrayLike, temperature: float, owner: str
) -> tuple[np.ndarray, float]:
    """Checked values (n, d) and the factor 1/sqrt(t) that puts the temperature into them."""
    values = finite_array(view_values, owner=owner, name="view_values")
    values = values[:, None] if values.ndim == 1 else values
    require(
        len(values) == process.n_views,
        f"{owner}: view_values has {len(values)} rows, but the process has {process.n_views} views; "
        "pass one row for each view.",
    )
    require(
        isinstance(temperature, (int, float, np.number)) and math.isfinite(temperature) and temperature > 0,
        f"{owner}: temperature is {temperature!r}, but it must be a positive number; pass 0.5, say.",
    )
    return values, 1.0 / math.sqrt(temperature)


def _merge(process: FiniteProcess, values: np.ndarray) -> _Merged:
    """Views of equal value as one."""
    distinct, group = np.unique(values, axis=0, return_inverse=True)
    n = len(values)
    selector = sp.csr_array((np.ones(n), (np.arange(n), group.ravel())), shape=(n, len(distinct)))
    channel = process.channel @ selector
    return _Merged(distinct, np.asarray(process.marginal @ selector).ravel(), process.prior, channel)


def _alignment(prior: np.ndarray, channel: Matrix, values: np.ndarray) -> float:
    """E f(x).f(x+) = E |f_A|^2."""
    means = np.asarray(channel @ values)
    return float(prior @ np.einsum("ij,ij->i", means, means))


def _blocks(count: int, width: int) -> Iterator[slice]:
    """Consecutive ranges of rows, each with at most BLOCK entries of the given width (at least one row)."""
    step = max(1, BLOCK // max(width, 1))
    return (slice(start, min(start + step, count)) for start in range(0, count, step))


def _limit(merged: _Merged) -> float:
    values, law = merged.values, merged.law
    total = 0.0
    for rows in _blocks(len(values), len(values)):
        total += float(law[rows] @ logsumexp(values[rows] @ values.T, axis=1, b=law))
    return total - _alignment(merged.prior, merged.channel, values)


def _require_affordable(merged: _Merged, negatives: int, owner: str) -> None:
    distinct = len(merged.values)
    multisets = math.comb(distinct + negatives - 1, negatives)
    reached = np.diff(sp.csr_array(merged.channel).indptr).astype(np.float64)
    pairs = int(min(distinct**2, (reached**2).sum()))
    cost = multisets * (negatives * distinct + pairs)
    require(
        cost <= LARGEST_ENUMERATION,
        f"{owner}: {distinct} distinct values and {negatives} negatives need a sum of about {cost:.2e} terms, "
        f"but at most {LARGEST_ENUMERATION:.0e} are enumerated; use losses.infonce_interval (Monte Carlo) instead.",
    )


def _enumerated(merged: _Merged, negatives: int) -> float:
    """Sum over anchors, multisets of negatives and positives of the probability times log(1 + sum e^{s- - s+})."""
    picks, chances = _multisets(merged.law, negatives)
    columns = sp.csc_array(merged.channel)
    total = 0.0
    for anchor in range(len(merged.values)):
        scores = merged.values @ merged.values[anchor]
        reaching = columns[:, [anchor]]
        pair_law = np.asarray(merged.channel.T @ (merged.prior * reaching.toarray().ravel())).ravel()
        positives = np.flatnonzero(pair_law)
        pooled = logsumexp(scores[picks], axis=1)
        for rows in _blocks(len(positives), len(picks)):
            here = positives[rows]
            terms = np.logaddexp(0.0, pooled[None, :] - scores[here, None])
            total += float(pair_law[here] @ (terms @ chances))
    return total


def _multisets(law: np.ndarray, negatives: int) -> tuple[np.ndarray, np.ndarray]:
    """All multisets of m indices (count, m), sorted within a row, and their multinomial probabilities (count,)."""
    count = math.comb(len(law) + negatives - 1, negatives)
    flat = itertools.chain.from_iterable(itertools.combinations_with_replacement(range(len(law)), negatives))
    picks = np.fromiter(flat, dtype=np.int32, count=count * negatives).reshape(count, negatives)
    log_chance = gammaln(negatives + 1) + np.log(law)[picks].sum(axis=1)
    run = np.ones(count)
    for place in range(1, negatives):
        run = np.where(picks[:, place] == picks[:, place - 1], run + 1, 1.0)
        log_chance -= np.log(run)
    return picks, np.exp(log_chance)


def _score_range(values: np.ndarray) -> tuple[float, float]:
    """Bounds of f(x).f(x') over all pairs of views."""
    if len(values) > SCANNED:
        largest = float(np.einsum("ij,ij->i", values, values).max())
        return -largest, largest
    ends = [(float(s.min()), float(s.max())) for s in (values[r] @ values.T for r in _blocks(len(values), len(values)))]
    return min(low for low, _ in ends), max(high for _, high in ends)


def _sampled(process: FiniteProcess, values: np.ndarray, negatives: int, key: jax.Array, samples: int) -> np.ndarray:
    """Independent draws of log( (e^{s+} + sum_j e^{s_j-}) / (m + 1) ), (samples,)."""
    pair_key, negative_key = jax.random.split(key)
    numbered = FiniteProcess(process.prior, process.channel)
    _, anchors, positives = numbered.sample_pairs(pair_key, samples)
    rng = generator(negative_key)
    edges = np.cumsum(numbered.marginal)
    draws = np.empty(samples)
    for rows in _blocks(samples, (negatives + 1) * (values.shape[1] + 1)):
        size = rows.stop - rows.start
        picks = np.searchsorted(edges, rng.random((size, negatives)) * edges[-1], side="right")
        others = np.concatenate([positives[rows, None], np.minimum(picks, len(edges) - 1)], axis=1)
        scores = np.einsum("sd,smd->sm", values[anchors[rows]], values[others])
        draws[rows] = logsumexp(scores, axis=1) - math.log(negatives + 1)
    return draws


def _bernstein(draws: np.ndarray, spread: float, confidence: float) -> float:
    """Half-width of the two-sided empirical Bernstein interval for draws of range `spread`."""
    log_term = math.log(4.0 / (1.0 - confidence))
    size = len(draws)
    return math.sqrt(2 * float(draws.var(ddof=1)) * log_term / size) + 7 * spread * log_term / (3 * (size - 1))
