"""Rows of the main job on evidence that proves something: verdicts as plain values."""

import dataclasses
import math
import sys
from fractions import Fraction
from typing import Any

import numpy as np

from linrep.bounds import Theorem
from linrep.problems import Problem
from linrep.quantities import Unavailable
from linrep.tables import Value
from proofs_check.check import check
from proofs_check.enclosures import exact_problem, trivial
from proofs_check.verdict import Enclosure, Evidence, Verdict, nearest

PROVED = ("bound_upper", "slack", "slack_upper")
"""Columns that rows of verdicts have beyond those of a comparison."""


def in_rationals(problem: Problem) -> Problem:
    """The problem with the floats of its representation and score read as the dyadic rationals that they are.

    A representation may be any matrix, so that this one is as good as the one it was rounded from; a probability that
    is a float stays refused, since then the process itself would be another one.

    Raises:
        InputError: floats in the process, the features or the labels.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> in_rationals(lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1, weights=[[0.5], [1.0]])).weights.tolist()
    [[Fraction(1, 2)], [Fraction(1, 1)]]
    """
    found = problem if problem.weights is None else problem.with_weights(_rational(problem.weights))
    if found.score is not None:
        found = dataclasses.replace(found, score=_rational(found.score))
    exact_problem(found)
    return found


def verdict_row(theorem: Theorem, problem: Problem, evidence: Evidence) -> dict[str, Value]:
    """One row: what `linrep.evaluate.comparison` says in floats, from a verdict on other evidence.

    The ends of an enclosure are rounded outwards; of a number that is known exactly both are the nearest float.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1)
    >>> row = verdict_row(lr.bounds.linrep26.RISK_GAP_MEAN, pb, Evidence.ENCLOSED)
    >>> row["status"], row["bound"], row["slack"]
    ('HOLDS', 1.0, 0.0)
    """
    found = check(theorem, problem, evidence)
    bound, actual, slack = (_ends(x) for x in (found.bound, found.actual, found.slack))
    return {
        "theorem": theorem.key,
        "status": found.status.value,
        "actual": actual[0],
        "actual_upper": actual[1],
        "bound": bound[0],
        "bound_upper": bound[1],
        "slack": slack[0],
        "slack_upper": slack[1],
        "index": found.index,
        "trivial": _trivial(theorem, problem),
        "vacuous": found.vacuous,
        "fails": _unmet(found),
        "reason": found.reason,
        "source": f"{theorem.source.key}, {theorem.source.place} ({theorem.source.provenance})",
        "evidence": found.evidence.name,
    }


def _rational(values: Any) -> np.ndarray:
    array = np.asarray(values)
    exact = [Fraction(v) if isinstance(v, (int, Fraction)) else Fraction(float(v)) for v in array.ravel()]
    return np.array(exact, dtype=object).reshape(array.shape)


def _unmet(verdict: Verdict) -> str:
    names = [name for name, holds in verdict.hypotheses.items() if holds is not True]
    return "; ".join(f"{name} ({verdict.seen[name]})" for name in names)


def _trivial(theorem: Theorem, problem: Problem) -> float | None:
    try:
        known = trivial(theorem.bounds, problem)
    except Unavailable:
        return None
    return None if known is None else float(known)


def _ends(value: Enclosure | None) -> tuple[float | None, float | None]:
    if value is None:
        return None, None
    if value.exact:
        return nearest(value.lower), nearest(value.lower)
    return _outward(value.lower, -math.inf), _outward(value.upper, math.inf)


def _outward(end: Fraction, direction: float) -> float:
    """The float next to the end on the side of `direction`."""
    near = nearest(end)
    if math.isinf(near):
        return near if near == direction else -math.copysign(sys.float_info.max, direction)
    beyond = Fraction(near) > end if direction < 0 else Fraction(near) < end
    return math.nextafter(near, direction) if beyond else near
