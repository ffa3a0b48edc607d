"""Enclosures of 0-1 and argmax errors: counted for a rational W, bounded through least squares for minimisers."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import flint
import numpy as np

from linrep import symbols as sym
from linrep.processes import FiniteProcess
from linrep.quantities import Unavailable
from linrep.quantities._labels import finite_problem, is_sign, tabulated
from linrep.risks import zero_one, zero_one_augmented
from proofs_check.arithmetic import matrix, rows_and_columns
from proofs_check.enclosures._exact import ExactProblem, exact_problem
from proofs_check.enclosures._risk import (
    as_fractions,
    bayes_cross,
    bayes_target_risk,
    class_mean_risk,
    label_noise,
    risk,
)
from proofs_check.enclosures._spectral import Place, total
from proofs_check.verdict import Enclosure, exactly

SECONDS_FOR_ERROR = 2.0
"""Longest time that one exact 0-1 error may take; what is not counted by then is bracketed."""
LARGEST_WRITTEN = 64
"""Most inputs of a hypercube that are written out to count an error."""


def zero_one_error(*, mean: bool) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of the 0-1 error of signs: counted for W, else between confusion and least squares."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        if not is_sign(exact.problem):
            raise Unavailable("the labels are not signs")
        above = min(risk(mean=mean)(exact, place).upper, Fraction(1))
        if exact.weights is not None:
            return _counted(exact, Enclosure(Fraction(0), above), mean=mean)
        if not isinstance(exact.problem.process, FiniteProcess):
            return Enclosure(Fraction(0), above)
        least = confusion(exact, "mean" if mean else "view")
        return Enclosure(least, max(least, min(above, least_squares_error(exact, mean=mean))))

    return enclose


def _counted(exact: ExactProblem, bracket: Enclosure, *, mean: bool) -> Enclosure:
    """The least error of the given W; of a hypercube the coordinates that matter are written out."""
    assert exact.weights is not None
    try:
        listed, rows = tabulated(exact.problem, as_fractions(exact.weights), mean=mean)
    except Unavailable:
        return bracket
    if listed is not exact.problem and finite_problem(listed).n_inputs > LARGEST_WRITTEN:
        return bracket
    exact = exact_problem(listed)
    weights, process = exact.listed.weights, exact.listed
    assert weights is not None
    values = exact.views @ rows
    targets = exact.problem.label.targets(process.inputs)
    if mean:
        found = zero_one(process, weights.channel_fractions() @ values, targets, time_limit=SECONDS_FOR_ERROR)
    else:
        found = zero_one_augmented(process, values, targets, time_limit=SECONDS_FOR_ERROR)
    # Ends that a solver in floats had a hand in are floats and prove nothing.
    proved = isinstance(found.lower, Fraction) and isinstance(found.upper, Fraction)
    return bracket.within(found.lower, found.upper) if proved else bracket  # pyright: ignore[reportArgumentType]


def argmax_error(kind: str) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of an argmax error: from what is confused to what the squared errors of least squares allow.

    A wrong argmax costs at least 1/2: mean features err at most 2 R_y, one view at most 2 R_g + alpha, and a vote is
    wrong only where half of the views are. Of minimisers the errors of the least-squares head are counted too.
    """

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        if kind == "mean":
            above = 2 * class_mean_risk(exact, place).upper
        else:
            above = 2 * bayes_target_risk(exact, place).upper + label_noise(exact, place).upper
            above = 2 * above if kind == "vote" else above
        if exact.weights is None:
            above = min(above, head_error(exact, kind))
        least = confusion(exact, kind)
        return Enclosure(least, max(least, min(above, Fraction(1))))

    return enclose


def head_error(exact: ExactProblem, kind: str) -> Fraction:
    """The argmax error of the least-squares head of a minimiser; a choice counts where it is certain."""
    weights = exact.listed.weights
    assert weights is not None
    mean = kind == "mean"
    chosen = _choices(exact, exact.class_cross if mean else bayes_cross(exact, one_hot=True), mean=mean)
    if kind == "view":
        return 1 - Fraction((chosen * exact.class_mass).sum())
    votes = chosen if mean else weights.channel_fractions() @ chosen
    own = (votes * exact.classes).sum(axis=1)
    # A view without a certain choice may vote for the one other class that is ahead.
    open_votes = 1 - votes.sum(axis=1)
    others = (votes * (1 - exact.classes)).max(axis=1)
    right = own > others + open_votes
    return 1 - sum(weights.prior_fractions()[right].tolist(), Fraction(0))


def _choices(exact: ExactProblem, cross: flint.fmpq_mat, *, mean: bool) -> np.ndarray:
    """One-hot of the class that the head certainly gives to each input or view, (points, classes); else a row of 0."""
    by_class = [head_scores(exact, rows_and_columns(cross, None, [c]), mean=mean) for c in range(cross.ncols())]
    found = np.zeros((len(by_class[0]), len(by_class)), dtype=object)
    for point, scores in enumerate(zip(*by_class, strict=True)):
        best = max(range(len(scores)), key=lambda c: scores[c].lower)
        if all(scores[best].lower > other.upper for c, other in enumerate(scores) if c != best):
            found[point, best] = 1
    return found


def head_scores(exact: ExactProblem, cross: flint.fmpq_mat, *, mean: bool) -> list[Enclosure]:
    """Predictions at each view, or each input through its mean, of the least-squares head for one output.

    In a tie at the cut, where minimisers differ, the head looks only at what all of them span.
    """
    kept, _ = spanned(exact)
    weights, found = exact.listed.weights, exact.spectrum
    assert weights is not None
    points = weights.channel_fractions() @ exact.views if mean else exact.views
    left = rows_and_columns(matrix(points.T), found.kept, None)
    parts = found.parts(left, rows_and_columns(cross, found.kept, None))
    scales = [exactly(1) / found.levels[i].value if mean else exactly(1) for i in kept]
    return [total([column[i] * scale for i, scale in zip(kept, scales, strict=True)]) for column in parts]


def confusion(exact: ExactProblem, kind: str) -> Fraction:
    """The error that no readout avoids: what it sees is the same for inputs (or views) of different classes.

    A readout of the mean sees f_A of an input, one of a view sees f(x), and a vote sees the law of f(x) given the
    input; without W they see at most what phi tells in place of f.
    """
    seen = exact.views if exact.weights is None else exact.views @ as_fractions(exact.weights)
    if kind == "view":
        return _confused([tuple(row) for row in seen], exact.class_mass)
    weights = exact.listed.weights
    assert weights is not None
    channel = weights.channel_fractions()
    means = [tuple(row) for row in channel @ seen] if kind == "mean" else [_law(row, seen) for row in channel]
    return _confused(means, weights.prior_fractions()[:, None] * exact.classes)


def _law(row: np.ndarray, values: np.ndarray) -> frozenset[tuple[object, Fraction]]:
    """The distinct values under one row of the channel, with their probabilities."""
    total: dict[tuple[object, ...], Fraction] = {}
    for chance, value in zip(row, values, strict=True):
        if chance:
            total[tuple(value)] = total.get(tuple(value), Fraction(0)) + chance
    return frozenset(total.items())


def _confused(seen: Sequence[object], mass: np.ndarray) -> Fraction:
    """Total mass less that of the heaviest class among those that look alike."""
    groups: dict[object, np.ndarray] = {}
    for key, row in zip(seen, mass, strict=True):
        groups[key] = groups.get(key, 0) + row
    return Fraction(mass.sum()) - sum((Fraction(max(row)) for row in groups.values()), Fraction(0))


def worst_indistinguishable(exact: ExactProblem, place: Place) -> Enclosure:
    """The largest 0-1 error among representations of no larger spectral loss, where something is known of it.

    Disjoint views: the functions that live on the d lightest inputs, orthonormal, attain the least loss that there is,
    and a margin of zero is an error on all other inputs. Elsewhere the minimisers of the class of all functions all
    have one span if nothing is tied at the cut, and then one error.
    """
    if not is_sign(exact.problem):
        raise Unavailable("the labels are not signs")
    weights = exact.listed.weights
    assert weights is not None
    if exact.listed.disjoint:
        lightest = sum(sorted(weights.prior_fractions())[: exact.problem.dim], Fraction(0))
        own = zero_one_error(mean=True)(exact, place).lower if exact.weights is not None else Fraction(0)
        return Enclosure(max(1 - lightest, own), Fraction(1))
    if exact.problem.unrestricted and exact.weights is None and not spanned(exact)[1]:
        return zero_one_error(mean=True)(exact, place)
    raise Unavailable("representations of no larger loss are known for disjoint views and for untied minimisers only")


def least_squares_error(exact: ExactProblem, *, mean: bool) -> Fraction:
    """The 0-1 error of the least-squares readout of the minimiser, an upper bound of the least one.

    A margin counts as right only where it is certainly positive.
    """
    scores, weights = head_scores(exact, exact.cross, mean=mean), exact.listed.weights
    assert weights is not None
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


def spanned(exact: ExactProblem) -> tuple[list[int], bool]:
    """The levels that every minimiser spans, those of eigenvalue 0 left out; and whether another is tied at the cut.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1, 1], [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    >>> spanned(exact_problem(lr.Problem(p, lr.features.OneHot(), [1, -1, 1], dim=2)))
    ([], True)
    """
    found, dim = exact.spectrum, exact.problem.dim
    group = found.group(dim)
    positive = [i for i, level in enumerate(found.levels) if level.value != exactly(0)]
    if group is None or group not in positive:
        return positive, False
    complete = found.above(group) + found.levels[group].multiplicity == dim
    return positive[: group + complete], not complete


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.MEAN_ERROR: zero_one_error(mean=True),
    sym.AUGMENTED_ERROR: zero_one_error(mean=False),
    sym.ARGMAX_MEAN_ERROR: argmax_error("mean"),
    sym.ARGMAX_AUGMENTED_ERROR: argmax_error("view"),
    sym.VOTE_ERROR: argmax_error("vote"),
    sym.WORST_INDISTINGUISHABLE_ERROR: worst_indistinguishable,
    sym.TRANSFER_VALUE: worst_indistinguishable,
}
