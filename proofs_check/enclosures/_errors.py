"""Enclosures of 0-1 and argmax errors: counted for a rational W, bounded through least squares for minimisers."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from linrep import symbols as sym
from linrep.processes import FiniteProcess
from linrep.quantities import Unavailable
from linrep.quantities._labels import is_sign
from linrep.risks import zero_one, zero_one_augmented
from proofs_check.arithmetic import matrix, rows_and_columns
from proofs_check.enclosures._exact import ExactProblem
from proofs_check.enclosures._risk import as_fractions, bayes_target_risk, class_mean_risk, label_noise, risk
from proofs_check.enclosures._spectral import Place, total
from proofs_check.verdict import Enclosure, exactly

SECONDS_FOR_ERROR = 2.0
"""Longest time that one exact 0-1 error may take; what is not counted by then is bracketed."""


def zero_one_error(*, mean: bool) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of the 0-1 error of signs: counted for W, else between 0 and what least squares attains."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        if not is_sign(exact.problem):
            raise Unavailable("the labels are not signs")
        above = min(risk(mean=mean)(exact, place).upper, Fraction(1))
        if not isinstance(exact.problem.process, FiniteProcess):
            return Enclosure(Fraction(0), above)
        if exact.weights is None:
            return Enclosure(Fraction(0), min(above, least_squares_error(exact, mean=mean)))
        return _counted(exact, Enclosure(Fraction(0), above), mean=mean)

    return enclose


def _counted(exact: ExactProblem, bracket: Enclosure, *, mean: bool) -> Enclosure:
    assert exact.weights is not None
    weights, process = exact.listed.weights, exact.listed
    assert weights is not None
    values = exact.views @ as_fractions(exact.weights)
    targets = exact.problem.label.targets(process.inputs)
    if mean:
        found = zero_one(process, weights.channel_fractions() @ values, targets, time_limit=SECONDS_FOR_ERROR)
    else:
        found = zero_one_augmented(process, values, targets, time_limit=SECONDS_FOR_ERROR)
    # Ends that a solver in floats had a hand in are floats and prove nothing.
    proved = isinstance(found.lower, Fraction) and isinstance(found.upper, Fraction)
    return bracket.within(found.lower, found.upper) if proved else bracket  # pyright: ignore[reportArgumentType]


def argmax_error(kind: str) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of an argmax error: between 0 and what the squared errors of the least-squares head allow.

    A wrong argmax costs at least 1/2: mean features err at most 2 R_y, one view at most 2 R_g + alpha, and a vote is
    wrong only where half of the views are.
    """

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        if kind == "mean":
            above = 2 * class_mean_risk(exact, place).upper
        else:
            above = 2 * bayes_target_risk(exact, place).upper + label_noise(exact, place).upper
            above = 2 * above if kind == "vote" else above
        return Enclosure(Fraction(0), min(above, Fraction(1)))

    return enclose


def least_squares_error(exact: ExactProblem, *, mean: bool) -> Fraction:
    """The 0-1 error of the least-squares readout of the minimiser, an upper bound of the least one.

    A margin counts as right only where it is certainly positive. In a tie at the cut, where minimisers differ, nothing
    is said: the bound is 1.
    """
    kept = _kept_levels(exact)
    if kept is None:
        return Fraction(1)
    weights, found = exact.listed.weights, exact.spectrum
    assert weights is not None
    points = weights.channel_fractions() @ exact.views if mean else exact.views
    left = rows_and_columns(matrix(points.T), found.kept, None)
    parts = found.parts(left, rows_and_columns(exact.cross, found.kept, None))
    one = exactly(1)
    scales = [one / found.levels[i].value if mean else one for i in kept]
    scores = [total([column[i] * scale for i, scale in zip(kept, scales, strict=True)]) for column in parts]
    mass = np.diag(weights.prior_fractions()) if mean else exact.joint
    labels = exact.problem.label.exact(exact.listed.inputs)
    assert labels is not None
    right = [
        mass[i, j]
        for i, label in enumerate(labels)
        for j, score in enumerate(scores)
        if (score.lower > 0 and label > 0) or (score.upper < 0 and label < 0)
    ]
    return 1 - sum(right, Fraction(0))


def _kept_levels(exact: ExactProblem) -> list[int] | None:
    """The levels that every minimiser spans, those of eigenvalue 0 left out; None in a tie at the cut."""
    found, dim = exact.spectrum, exact.problem.dim
    group = found.group(dim)
    positive = [i for i, level in enumerate(found.levels) if level.value != exactly(0)]
    if group is None or group not in positive:
        return positive
    complete = found.above(group) + found.levels[group].multiplicity == dim
    return positive[: group + 1] if complete else None


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.MEAN_ERROR: zero_one_error(mean=True),
    sym.AUGMENTED_ERROR: zero_one_error(mean=False),
    sym.ARGMAX_MEAN_ERROR: argmax_error("mean"),
    sym.ARGMAX_AUGMENTED_ERROR: argmax_error("view"),
    sym.VOTE_ERROR: argmax_error("vote"),
}
