"""What one look at a problem says of a theorem, and what a search found."""

import math
from dataclasses import dataclass

from linrep._checks import InputError
from linrep.bounds import Kind, Theorem
from linrep.evaluate import Status, actual, evaluate, judge
from linrep.problems import Problem
from linrep.quantities import Unavailable
from linrep.symbols import (
    ARGMAX_AUGMENTED_ERROR,
    ARGMAX_MEAN_ERROR,
    TRANSFER_VALUE,
    VOTE_ERROR,
    WORST_INDISTINGUISHABLE_ERROR,
)
from proofs_check.check import check
from proofs_check.verdict import Verdict

ENCLOSED_ONLY = frozenset(
    (ARGMAX_AUGMENTED_ERROR, ARGMAX_MEAN_ERROR, VOTE_ERROR, WORST_INDISTINGUISHABLE_ERROR, TRANSFER_VALUE)
)
"""Quantities of which float64 knows only one end: looked at in exact numbers at once."""


@dataclass(frozen=True)
class Found:
    """The problem with the least slack, relative to the larger side of the inequality, that a search has met.

    Attributes:
        theorem: its key.
        problem: in exact numbers; None where no problem that was tried gives a number.
        verdict: of `check` with enclosed numbers.
        tightness: actual / bound of an upper bound, bound / actual of a lower one, from the safe ends; above 1 where
            the inequality fails; None where both sides are 0.
        tried: how many problems were looked at.
        engine: "listed", "exact" or "gradient".
        name: of a listed problem.

    Source: ours.

    >>> Found("t", None, None, None, 0, "").refuted
    False
    """

    theorem: str
    problem: Problem | None
    verdict: Verdict | None
    tightness: float | None
    tried: int
    engine: str
    name: str = ""

    @property
    def refuted(self) -> bool:
        """Whether the inequality is proved to fail on the problem."""
        return self.verdict is not None and self.verdict.status is Status.FAILS and self.verdict.is_proof


def quick(theorem: Theorem, problem: Problem) -> float | None:
    """The tightness in float64, where it is known; infinite where the inequality seems to fail at a bound of 0.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> from linrep.gallery import flip_dictator
    >>> round(quick(linrep26.RISK_GAP_MEAN, flip_dictator()), 12)
    1.0
    """
    try:
        bound = evaluate(theorem, problem)
        if bound.value is None or not math.isfinite(bound.value):
            return None
        if theorem.bounds in ENCLOSED_ONLY:
            found = proved(theorem, problem)
            return None if found is None else found[1]
        truth = actual(theorem, problem, index=bound.index)
    except (Unavailable, InputError, ZeroDivisionError):  # a variant may ask for what is not defined
        return None
    if judge(theorem, bound, truth) is Status.FAILS:
        return _ratio(theorem.kind, bound.value, truth.lower, truth.upper)
    # Where floats see no failure, a ratio above 1 or of two numbers within rounding of 0 is rounding.
    noise = bound.error + truth.error
    larger = bound.value if theorem.kind is Kind.UPPER else truth.upper
    if not larger > 2 * noise:
        return None
    return min(_ratio(theorem.kind, bound.value, truth.lower, truth.upper) or 0.0, 1.0)


def proved(theorem: Theorem, problem: Problem) -> tuple[Verdict, float | None] | None:
    """The verdict on enclosed numbers and the tightness from their safe ends; None where there is no exact number.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> from linrep.gallery import flip_dictator
    >>> proved(linrep26.RISK_GAP_MEAN, flip_dictator())[1]
    1.0
    """
    try:
        verdict = check(theorem, problem, "enclosed")
    except (InputError, ArithmeticError):  # floats of unknown origin, or a cancellation beyond the working precision
        return None
    if verdict.bound is None or verdict.actual is None:
        return None
    upper = theorem.kind is Kind.UPPER
    bound = verdict.bound.upper if upper else verdict.bound.lower
    return verdict, _ratio(theorem.kind, float(bound), float(verdict.actual.lower), float(verdict.actual.upper))


def _ratio(kind: Kind, bound: float, lowest: float, highest: float) -> float | None:
    small, large = (lowest, bound) if kind is Kind.UPPER else (bound, highest)
    if large > 0:
        return small / large
    return math.inf if small > large else None
