"""Mean logarithms of sums of independent terms, by Laplace transforms: one integral, however many terms there are.

ln x = integral over v of exp(-e^v) - exp(-x e^v), so E ln(e^{s_0} + sum_j e^{s_j}) needs only the Laplace transform of
one term, to the power m. The integrand is analytic in the strip |Im v| < pi / 2 and dies out exponentially to the left
and doubly exponentially to the right, so the trapezoidal rule is exact up to exp(-2 pi a / h), any a < pi / 2
(Trefethen and Weideman, 2014, Theorem 5.1).
"""

import numpy as np

from linrep._checks import require
from linrep._linalg import EPS

STEP = 3 / 16
"""h, a dyadic number so that every node is exact. With a = 1.4 the rule is off by exp(-43) of the integral of the
modulus at most."""
TAIL = 40.0
"""exp(-TAIL) = 4e-18 is left out at either end."""
WIDEST = float(np.log(np.finfo(np.float64).max) - np.log(TAIL) - 2 * STEP)
"""Widest spread of the scores beside an anchor. The last node is at most ln TAIL + spread + STEP, so that its
exponential, and e^{-spread} itself, are normal float64 numbers."""


def mean_log_sums(scores: np.ndarray, law: np.ndarray, negatives: int, first: np.ndarray | None = None) -> np.ndarray:
    """E ln(e^{first} + sum_j e^{s_j}) for rows of scores, s_1, ..., s_m independent draws of a row's entries.

    Args:
        scores: (a, u), a row for each anchor.
        law: (u,) probabilities of the entries of a row.
        negatives: m >= 1.
        first: (a, k) scores that stand beside the m draws, or None for no such term.

    Returns:
        (a, k), or (a, 1) without a first term; the error is `mean_log_error`.

    Raises:
        InputError: scores of an anchor that lie further apart than WIDEST.

    Source: ours.

    >>> float(mean_log_sums(np.zeros((1, 1)), np.ones(1), 3).round(12)[0, 0]) == float(np.log(3).round(12))
    True
    """
    if first is None:
        first = np.full((len(scores), 1), -np.inf)
    return np.stack([_row(s, law, negatives, f) for s, f in zip(scores, first, strict=True)])


def mean_log_error(terms: int, spread: float, negatives: int) -> float:
    """Error of `mean_log_sums` for u terms and scores within `spread` of each other.

    Every node is off by at most (u + 16) eps: m phi^{m-1} (1 - phi) <= 1 keeps the power from enlarging the error of
    phi. The nodes reach over the length below, and the values themselves carry (spread + ln(m + 1)) eps.

    >>> mean_log_error(6, 2.0, 4) < 1e-12
    True
    """
    length = 2 * TAIL + np.log(negatives + 2) + spread
    return float((terms + 16) * EPS * length + 2 * np.exp(-TAIL))


def _row(scores: np.ndarray, law: np.ndarray, negatives: int, first: np.ndarray) -> np.ndarray:
    top, ends = max(float(scores.max()), float(first.max())), [float(scores.min()), *first[first > -np.inf]]
    require(
        top - min(ends) <= WIDEST,
        f"mean_log_sums: scores spread over {top - min(ends):.4g}, but exponentials of more than {WIDEST:.4g} are no "
        "float64 numbers; raise the temperature.",
    )
    terms, beside = np.exp(scores - top), np.exp(first - top)
    least = float(beside.min()) + negatives * float(terms.min())
    start, stop = -np.log(negatives + 2) - TAIL, np.log(TAIL) - min(0.0, float(np.log(least)))
    w = np.exp(STEP * np.arange(np.floor(start / STEP), np.ceil(stop / STEP) + 1))
    with np.errstate(divide="ignore"):  # a transform that underflows to 0 has the logarithm -inf, as it should
        power = negatives * np.log1p(np.maximum(np.expm1(-w[:, None] * terms[None, :]) @ law, -1.0))
    integrand = np.expm1(-w)[:, None] - np.expm1(power[:, None] - w[:, None] * beside[None, :])
    return top + STEP * integrand.sum(axis=0)
