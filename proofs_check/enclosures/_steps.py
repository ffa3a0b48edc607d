"""Enclosures of quantities that occur inside proofs: what of a label or a score a representation keeps and loses.

A vector is given by its cross moment with the features and a factor for each eigenspace, so that no eigenvector is
needed. Without a representation the numbers are those of the worst minimiser.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction

import flint

from linrep import symbols as sym
from proofs_check.arithmetic import captured, independent, root, rows_and_columns, trace
from proofs_check.enclosures._exact import ExactProblem
from proofs_check.enclosures._risk import bayes_cross, least_captured, through_means
from proofs_check.enclosures._spectral import Place, first, squares, total
from proofs_check.verdict import Enclosure, exactly

Evaluator = Callable[[ExactProblem, Place], Enclosure]
ZERO, ONE = exactly(0), exactly(1)


def label(exact: ExactProblem) -> flint.fmpq_mat:
    """Cross moments of the label."""
    return exact.cross


def score(exact: ExactProblem) -> flint.fmpq_mat:
    """Cross moments of the score h = v . phi."""
    return exact.sigma * exact.score


def bayes(exact: ExactProblem) -> flint.fmpq_mat:
    """Cross moments of the one-hot Bayes label of a view."""
    return bayes_cross(exact, one_hot=True)


def parts_of(exact: ExactProblem, cross: flint.fmpq_mat, *, mean: bool = False) -> list[Enclosure]:
    """The energy of a vector in each eigenspace, through one view or through mean features."""
    energies = exact.energies(cross)
    return through_means(exact, energies) if mean else energies


def lost(exact: ExactProblem, cross: flint.fmpq_mat, factors: Sequence[Enclosure], *, mean: bool = False) -> Enclosure:
    """|(I - P) v|^2, or |(I - P-bar) v|^2, v the sum of sqrt(factor) times the part of c (or a) in each eigenspace."""
    parts = [p * f for p, f in zip(parts_of(exact, cross, mean=mean), factors, strict=True)]
    if exact.weights is None:
        kept = least_captured(exact, parts, cross.ncols())
    else:
        kept = _inside(exact, cross, [root(factor) for factor in factors], mean=mean)
    return (total(parts) - kept).within(Fraction(0), None)


def _inside(exact: ExactProblem, cross: flint.fmpq_mat, scales: Sequence[Enclosure], *, mean: bool) -> Enclosure:
    """|P v|^2 = u.T G^{-1} u with u = M.T v (K^{1/2} M in place of M for means): u is W.T times scaled parts of b."""
    assert exact.weights is not None
    gram = exact.weights.transpose() * (exact.sigma_bar if mean else exact.sigma) * exact.weights
    columns = independent(gram)
    if not columns:
        return ZERO
    inverse = rows_and_columns(gram, columns, columns).inv()
    found = exact.spectrum
    seen = rows_and_columns(exact.sigma * exact.weights, found.kept, columns)
    whole = ZERO
    for output in range(cross.ncols()):
        by_level = found.parts(seen, rows_and_columns(cross, found.kept, [output]))
        u = [total([p * s for p, s in zip(parts, scales, strict=True)]) for parts in by_level]
        for i, left in enumerate(u):
            for j, right in enumerate(u):
                entry = Fraction(int(inverse[i, j].p), int(inverse[i, j].q))
                whole = whole + left * right * exactly(entry)
    return whole


def lost_energy(*, mean: bool, weighted: bool) -> Evaluator:
    """An evaluator of |(I - P) c|^2 or |(I - P-bar) a|^2, perhaps weighted by lambda_i."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        if exact.weights is not None and not weighted:  # rational: what the class captures less what W does
            moment = exact.sigma_bar if mean else exact.sigma
            gram = exact.weights.transpose() * moment * exact.weights
            return exactly(captured(moment, exact.cross) - captured(gram, exact.weights.transpose() * exact.cross))
        return lost(exact, exact.cross, _weights(exact) if weighted else _ones(exact), mean=mean)

    return enclose


def _ones(exact: ExactProblem) -> list[Enclosure]:
    return [ONE for _ in exact.spectrum.levels]


def _weights(exact: ExactProblem) -> list[Enclosure]:
    """lambda of each eigenspace."""
    return [ONE - level.value for level in exact.spectrum.levels]


def weighted_lost_bayes(exact: ExactProblem, place: Place) -> Enclosure:
    """|(I - P) Lambda^{1/2} c|^2 for the one-hot Bayes label."""
    return lost(exact, bayes(exact), _weights(exact))


def head_energy(exact: ExactProblem, place: Place) -> Enclosure:
    """|c_{<=k}|^2."""
    return first(exact, place.k, exact.label_energies)


def tail(target: Callable[[ExactProblem], flint.fmpq_mat], *, mean: bool) -> Evaluator:
    """An evaluator of the energy beyond the first k eigenvectors; a level that k cuts through lies on either side."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        parts, ends, reached = parts_of(exact, target(exact), mean=mean), [], 0
        for level, part in zip(exact.spectrum.levels, parts, strict=True):
            cut = reached < place.k < reached + level.multiplicity
            ends.append(Enclosure(Fraction(0), part.upper) if cut else ZERO if reached < place.k else part)
            reached += level.multiplicity
        return total(ends)

    return enclose


def head_lost(
    target: Callable[[ExactProblem], flint.fmpq_mat], *, mean: bool = False, solved: bool = False
) -> Evaluator:
    """An evaluator of |(I - P) v_{<=k}|^2; with `solved` for K^{-1/2} a = K^{-1} c in place of c. 0 for minimisers."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        if exact.weights is None:
            return ZERO
        reached, factors = 0, []
        for level in exact.spectrum.levels:
            if reached < place.k < reached + level.multiplicity:  # which of its vectors come first is not determined
                return Enclosure(Fraction(0), _head_size(exact, target(exact), place.k, mean=mean, solved=solved).upper)
            inside = reached < place.k and level.value != ZERO
            factors.append((ONE / (level.value * level.value) if solved else ONE) if inside else ZERO)
            reached += level.multiplicity
        return lost(exact, target(exact), factors, mean=mean)

    return enclose


def _head_size(exact: ExactProblem, cross: flint.fmpq_mat, k: int, *, mean: bool, solved: bool) -> Enclosure:
    parts = parts_of(exact, cross, mean=mean)
    return first(exact, k, through_means(exact, through_means(exact, parts)) if solved else parts)


def score_loss(exact: ExactProblem, place: Place) -> Enclosure:
    """|(I - P) h|^2."""
    if exact.weights is None:
        return lost(exact, score(exact), _ones(exact))
    left = _score_residual(exact)
    return exactly(trace(left.transpose() * exact.sigma * left))


def score_mean_loss(exact: ExactProblem, place: Place) -> Enclosure:
    """|K^{1/2} (I - P) h|^2."""
    if exact.weights is None:
        return lost(exact, score(exact), [level.value for level in exact.spectrum.levels])
    left = _score_residual(exact)
    return exactly(trace(left.transpose() * exact.sigma_bar * left))


def _score_residual(exact: ExactProblem) -> flint.fmpq_mat:
    """v - W w for the best w, (D, 1)."""
    assert exact.weights is not None
    columns = independent(exact.gram)
    if not columns:
        return exact.score
    chosen = rows_and_columns(exact.weights, None, columns)
    return exact.score - chosen * rows_and_columns(exact.gram, columns, columns).solve(
        chosen.transpose() * score(exact)
    )


def squares_gap(*, compressed: bool) -> Evaluator:
    """An evaluator of sum_{i<=d} kappa_i^2 less tr K^2 P, or less |PKP|^2; both are rational. 0 for minimisers."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        if exact.weights is None:
            return ZERO
        columns = independent(exact.gram)
        if not columns:
            return squares(exact)
        inverse = rows_and_columns(exact.gram, columns, columns).inv()
        kept, chosen = exact.spectrum.kept, rows_and_columns(exact.weights, None, columns)
        if compressed:
            inner = inverse * chosen.transpose() * exact.sigma_bar * chosen
            inside = trace(inner * inner)
        else:
            seen = rows_and_columns(exact.sigma_bar * chosen, kept, None)
            inside = trace(inverse * seen.transpose() * exact.spectrum.solve(seen))
        return (squares(exact) - exactly(inside)).within(Fraction(0), None)

    return enclose


def blind_squares(exact: ExactProblem, place: Place) -> Enclosure:
    """sum_{i<=d} kappa_i(K on the complement of c_0)^2."""
    values = [exact.blind[0].kappa(i) for i in range(1, exact.problem.dim + 1)]
    return total([value * value for value in values])


def class_best(*, mean: bool) -> Evaluator:
    """An evaluator of the least squared error for the one-hot class."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        moment = exact.sigma_bar if mean else exact.sigma
        return exactly(exact.regression(moment, exact.class_cross, Fraction(1)))

    return enclose


def class_risk_gap(exact: ExactProblem, place: Place) -> Enclosure:
    """R_min - R̄_min for the one-hot class."""
    return class_best(mean=False)(exact, place) - class_best(mean=True)(exact, place)


def class_mean_energy(exact: ExactProblem, place: Place) -> Enclosure:
    """sum_{i<=k} |a_i|^2 for the one-hot class."""
    return first(exact, place.k, parts_of(exact, exact.class_cross, mean=True))


def class_kept(exact: ExactProblem, place: Place) -> Enclosure:
    """|P-bar a|^2 for the one-hot class."""
    if exact.weights is None:
        return first(exact, exact.problem.dim, parts_of(exact, exact.class_cross, mean=True))
    gram = exact.weights.transpose() * exact.sigma_bar * exact.weights
    return exactly(captured(gram, exact.weights.transpose() * exact.class_cross))


ENCLOSURES: dict[sym.Quantity, Evaluator] = {
    sym.LOST_ENERGY: lost_energy(mean=False, weighted=False),
    sym.LOST_MEAN_ENERGY: lost_energy(mean=True, weighted=False),
    sym.WEIGHTED_LOST_ENERGY: lost_energy(mean=False, weighted=True),
    sym.WEIGHTED_LOST_MEAN_ENERGY: lost_energy(mean=True, weighted=True),
    sym.HEAD_ENERGY: head_energy,
    sym.TAIL_ENERGY: tail(label, mean=False),
    sym.TAIL_MEAN_ENERGY: tail(label, mean=True),
    sym.HEAD_LOSS: head_lost(label),
    sym.HEAD_MEAN_LOSS: head_lost(label, mean=True),
    sym.HEAD_SOLVED_LOSS: head_lost(label, solved=True),
    sym.SCORE_LOSS: score_loss,
    sym.SCORE_MEAN_LOSS: score_mean_loss,
    sym.SCORE_HEAD_LOSS: head_lost(score),
    sym.SCORE_TAIL_ENERGY: tail(score, mean=False),
    sym.HEAD_SQUARES: lambda exact, place: squares(exact),
    sym.PROJECTION_GAP: squares_gap(compressed=False),
    sym.COMPRESSION_GAP: squares_gap(compressed=True),
    sym.BLIND_SQUARES: blind_squares,
    sym.CLASS_BEST_MEAN_RISK: class_best(mean=True),
    sym.CLASS_BEST_AUGMENTED_RISK: class_best(mean=False),
    sym.CLASS_RISK_GAP: class_risk_gap,
    sym.CLASS_MEAN_ENERGY: class_mean_energy,
    sym.CLASS_KEPT_MEAN_ENERGY: class_kept,
    sym.WEIGHTED_LOST_BAYES_ENERGY: weighted_lost_bayes,
}
