"""Elementary functions of arrays of balls, and mean logarithms of sums by the multinomial law."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import flint
import numpy as np

from linrep.quantities import Unavailable
from linrep.quantities._scores import Maths
from proofs_check.arithmetic import BALLS, PRECISION, ball, precision

Array = np.ndarray
MOST_LOGARITHMS = 200_000
"""Most logarithms of a sum over multisets of negatives."""


def _each(function: Callable[[Any], Any]) -> Callable[..., Array]:
    apply = np.frompyfunc(function, 1, 1)

    def over(values: Array) -> Array:
        return np.asarray(apply(values), dtype=object)

    return over


exp = _each(BALLS.exp)
log = _each(BALLS.log)
in_balls = _each(ball)


def log_mean_exp(values: Array, weights: Array) -> Array:
    """ln sum_j w_j e^{values_j} over the last axis."""
    return log(exp(values) @ weights)


def softplus(z: Array) -> Array:
    """ln(1 + e^z)."""
    return log(1 + exp(z))


def mean_log_sums(scores: Array, law: Array, negatives: int, first: Array | None = None) -> Array:
    """E ln(e^{first} + sum_j e^{s_j}) by the multinomial law of the negatives.

    Raises:
        Unavailable: too many multisets.

    Source: ours.

    >>> from fractions import Fraction
    >>> with precision(100):
    ...     value = mean_log_sums(in_balls(np.array([[0, 0]])), in_balls(np.array([Fraction(1, 2)] * 2)), 3)[0, 0]
    >>> float(value.mid()) == float(np.log(3))
    True
    """
    anchors, values = scores.shape
    columns = 1 if first is None else first.shape[1]
    multisets = math.comb(values + negatives - 1, negatives)
    if multisets * anchors * columns > MOST_LOGARITHMS:
        raise Unavailable(
            f"{values} distinct values and {negatives} negatives have {multisets:.1e} multisets, too many to sum in "
            "balls; ask for evidence='float'"
        )
    counts = _counts(values, negatives)
    chances = _chances(counts, law)
    pooled = exp(scores) @ counts.T.astype(object)
    beside = np.zeros((anchors, 1), dtype=object) if first is None else exp(first)
    return np.stack([log(p[None, :] + b[:, None]) @ chances for p, b in zip(pooled, beside, strict=True)])


def _counts(values: int, negatives: int) -> Array:
    """All ways to draw m of the values, as how often each is drawn, (N, values)."""
    picks = itertools.combinations_with_replacement(range(values), negatives)
    return np.array([np.bincount(pick, minlength=values) for pick in picks])


def _chances(counts: Array, law: Array) -> Array:
    """The multinomial probability of each row of counts."""
    factorials = np.array([math.factorial(k) for k in range(int(counts.max()) + 1)], dtype=object)
    ways = math.factorial(int(counts[0].sum())) // np.prod(factorials[counts], axis=1)
    powers = np.prod(np.array([[p**k for p, k in zip(law, row, strict=True)] for row in counts.tolist()]), axis=1)
    return ways * powers


with precision(PRECISION):
    LOG_TWO = flint.arb(2).log()

MATHS = Maths(
    exp=exp,
    log=BALLS.log,
    log_mean_exp=log_mean_exp,
    softplus=softplus,
    log_two=LOG_TWO,
    mean_log_sums=mean_log_sums,
)
"""Elementary functions of arrays of balls."""
