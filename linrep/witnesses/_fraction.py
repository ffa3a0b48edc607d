"""How many random permutations of the inputs ruin a representation: measured, beside what counting proves."""

from dataclasses import dataclass

import jax
import scipy.stats

from linrep._checks import generator, positive_int, require
from linrep._types import ArrayLike, Rational
from linrep.labels import AbstractLabel
from linrep.processes import FiniteProcess
from linrep.risks import zero_one
from linrep.witnesses._counting import counting_chance, counting_floor
from linrep.witnesses._search import checked_labels, checked_values, input_means


@dataclass(frozen=True)
class BadFraction:
    """The share of permutations of the inputs after which every linear readout errs at least as often as `error`.

    Attributes:
        error: the 0-1 error that makes a permutation bad.
        draws: random permutations that were tried.
        bad: those whose error was proved to be at least `error`.
        good: those with a readout of smaller error; the rest could not be measured in the time.
        lower: Clopper-Pearson lower end of the share of proved bad ones.
        upper: upper end of the share of those that are not good.
        confidence: of the interval.
        counted: what counting proves the share to be at least, for every representation.

    Source: theory V1; Clopper and Pearson (1934).

    >>> BadFraction(0.25, 10, 9, 1, 0.5, 1.0, 0.99, 0.3).bad
    9
    """

    error: Rational
    draws: int
    bad: int
    good: int
    lower: float
    upper: float
    confidence: float
    counted: Rational


def bad_fraction(
    process: FiniteProcess,
    view_values: ArrayLike,
    labels: ArrayLike | AbstractLabel,
    key: jax.Array,
    *,
    error: Rational | None = None,
    draws: int = 100,
    confidence: float = 0.99,
    time_limit: float = 1.0,
) -> BadFraction:
    """How likely a random permutation of the inputs makes the labels hard to read, with a confidence interval.

    f is averaged over the views of each input, which exchange their means at random; each 0-1 error is measured
    (`risks.zero_one`). Exact binomial (Clopper-Pearson) ends: the lower one from the permutations that are proved bad,
    the upper one from those that are not proved good.

    Args:
        process, view_values, labels: as for `shuffled`.
        key: random key of the permutations.
        error: what counts as bad; default `counting_floor(N, d)`.
        draws: permutations.
        confidence: in (0, 1).
        time_limit: seconds for each 0-1 error.

    Raises:
        InputError: as `shuffled`; a confidence outside (0, 1).

    Source: theory V1 (ours).

    >>> import jax, numpy as np
    >>> p = FiniteProcess([1, 1, 1, 1], np.eye(4, dtype=int))
    >>> found = bad_fraction(p, [[1], [1], [-1], [-1]], [1, 1, -1, -1], jax.random.key(0))
    >>> found.bad + found.good, found.counted, found.lower < 2 / 3 < found.upper
    (100, Fraction(2, 3), True)
    """
    require(
        0 < confidence < 1,
        f"bad_fraction: confidence is {confidence!r}, but it must lie strictly between 0 and 1; pass 0.99, say.",
    )
    signs = checked_labels(process, labels, "bad_fraction")
    means = input_means(process, checked_values(process, view_values, "bad_fraction"))
    level = counting_floor(process.n_inputs, means.shape[1]) if error is None else error
    count, rng = positive_int(draws, owner="bad_fraction", name="draws"), generator(key)
    found = [
        zero_one(process, means[rng.permutation(process.n_inputs)], signs, time_limit=time_limit, key=key)
        for _ in range(count)
    ]
    bad, good = sum(f.lower >= level for f in found), sum(f.upper < level for f in found)
    low, high = (
        scipy.stats.binomtest(hits, count).proportion_ci(confidence, method="exact") for hits in (bad, count - good)
    )
    counted = counting_chance(process.n_inputs, means.shape[1], level)
    return BadFraction(level, count, bad, good, float(low.low), float(high.high), confidence, counted)
