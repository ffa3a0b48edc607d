"""Enclosures of the risks of representations, of the class and of the label."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import flint
import numpy as np

from linrep import symbols as sym
from linrep.quantities import Unavailable
from linrep.quantities._labels import is_classes, is_sign
from proofs_check.arithmetic import captured, independent, matrix, root, rows_and_columns, trace
from proofs_check.enclosures._exact import ExactProblem
from proofs_check.enclosures._spectral import Place, first, total
from proofs_check.verdict import Enclosure, exactly


def best_augmented_risk(exact: ExactProblem, place: Place) -> Enclosure:
    """R_min = E label^2 - b.T Sigma^+ b."""
    return exactly(exact.regression(exact.sigma, exact.cross, exact.label_sq))


def best_mean_risk(exact: ExactProblem, place: Place) -> Enclosure:
    """R̄_min = E label^2 - b.T Sigma_bar^+ b."""
    return exactly(exact.regression(exact.sigma_bar, exact.cross, exact.label_sq))


def predicted_energy(exact: ExactProblem, place: Place) -> Enclosure:
    """S = b.T Sigma^+ b."""
    return exactly(captured(exact.sigma, exact.cross))


def inconsistency(exact: ExactProblem, place: Place) -> Enclosure:
    """V = w.T (Sigma - Sigma_bar) w, w = Sigma^+ b, outputs summed."""
    found = exact.spectrum
    solved = found.solve(rows_and_columns(exact.cross, found.kept, None))
    return exactly(trace(solved.transpose() * (found.sigma - found.sigma_bar) * solved))


def through_means(exact: ExactProblem, energies: Sequence[Enclosure]) -> list[Enclosure]:
    """a_i^2 = c_i^2 / kappa_i level by level; 0 where kappa is 0."""
    pairs = zip(exact.spectrum.levels, energies, strict=True)
    return [exactly(0) if level.value == exactly(0) else part / level.value for level, part in pairs]


def mean_energy(exact: ExactProblem, place: Place) -> Enclosure:
    """sum_{i<=k} a_i^2."""
    return first(exact, place.k, through_means(exact, exact.label_energies))


def least_captured(exact: ExactProblem, parts: Sequence[Enclosure], outputs: int) -> Enclosure:
    """What the least lucky minimiser captures of non-negative parts given level by level.

    In a tie of m eigenvectors of which `kept` are kept, it loses all where m - kept >= outputs; else it captures no
    more than the average kept / m, which is what the enclosure then says.
    """
    found, dim = exact.spectrum, exact.problem.dim
    group = found.group(dim)
    if group is None or found.levels[group].value == exactly(0):
        # A minimiser has zero columns where kappa is 0; the Bayes label may have a part there that it misses.
        return total([p for p, level in zip(parts, found.levels, strict=True) if level.value != exactly(0)])
    size, kept = found.levels[group].multiplicity, dim - found.above(group)
    before = total(parts[:group])
    if size == kept:
        return before + parts[group]
    if size - kept >= outputs:
        return before
    return before + Enclosure(Fraction(0), parts[group].upper * Fraction(kept, size))


def _minimiser_risk(exact: ExactProblem, cross: flint.fmpq_mat, size: Fraction, *, mean: bool) -> Enclosure:
    """The highest regression risk over all minimisers."""
    energies = exact.energies(cross)
    parts = through_means(exact, energies) if mean else energies
    return (exactly(size) - least_captured(exact, parts, cross.ncols())).within(Fraction(0), size)


def risk_of(exact: ExactProblem, cross: flint.fmpq_mat, size: Fraction, *, mean: bool) -> Enclosure:
    """The regression risk of W, exactly; without W the highest over all minimisers."""
    if exact.weights is None:
        return _minimiser_risk(exact, cross, size, mean=mean)
    gram = exact.weights.transpose() * (exact.sigma_bar if mean else exact.sigma) * exact.weights
    return exactly(exact.regression(gram, exact.weights.transpose() * cross, size))


def risk(*, mean: bool) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of the regression risk."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        return risk_of(exact, exact.cross, exact.label_sq, mean=mean)

    return enclose


def score_energy(exact: ExactProblem, place: Place) -> Enclosure:
    """S_h = v.T Sigma v."""
    return exactly(trace(exact.score.transpose() * exact.sigma * exact.score))


def score_inconsistency(exact: ExactProblem, place: Place) -> Enclosure:
    """V_h = v.T (Sigma - Sigma_bar) v."""
    return exactly(trace(exact.score.transpose() * (exact.sigma - exact.sigma_bar) * exact.score))


def label_margins(exact: ExactProblem, *, mean: bool) -> list[tuple[Fraction, Fraction]]:
    """(label times score, mass): one view, or the mean over views."""
    scores = exact.views @ as_fractions(exact.score)[:, 0]
    labels = exact.problem.label.exact(exact.listed.inputs)
    assert labels is not None
    if not mean:
        products, masses = np.outer(labels, scores).ravel().tolist(), exact.joint.ravel().tolist()
        return [(Fraction(value), mass) for value, mass in zip(products, masses, strict=True) if mass]
    weights = exact.listed.weights
    assert weights is not None
    means = weights.channel_fractions() @ scores
    values = [Fraction(v) for v in (labels * means).tolist()]
    return list(zip(values, weights.prior_fractions().tolist(), strict=True))


def margin_mass(*, mean: bool) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of Pr[label times score < gamma]."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        below = [mass for value, mass in label_margins(exact, mean=mean) if value < place.margin]
        return exactly(sum(below, Fraction(0)))

    return enclose


def label_noise(exact: ExactProblem, place: Place) -> Enclosure:
    """alpha = 1 - sum over views of the largest class mass; 0 where a view names its input."""
    if exact.problem.process.disjoint and is_classes(exact.problem):
        return exactly(0)
    return exactly(1 - sum((max(row) for row in exact.class_mass), Fraction(0)))


def bayes_cross(exact: ExactProblem, *, one_hot: bool) -> flint.fmpq_mat:
    """E[phi(x) g(x)] for the Bayes label of a view, one-hot or as a sign."""
    if not one_hot and not is_sign(exact.problem):
        raise Unavailable("the Bayes label is a sign only where labels are signs")
    if exact.problem.process.disjoint:  # a view that names its input names the label
        return exact.class_cross if one_hot else exact.cross
    targets = exact.bayes if one_hot else exact.bayes[:, 1:] - exact.bayes[:, :1]
    return matrix(exact.views.T @ (exact.joint.sum(axis=0)[:, None] * targets))


def bayes_regression(*, one_hot: bool) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of min_w E(w . phi(x) - g(x))^2; E|g|^2 = 1."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        cross = bayes_cross(exact, one_hot=one_hot)
        return exactly(exact.regression(exact.sigma, cross, Fraction(1)))

    return enclose


def bayes_target_risk(exact: ExactProblem, place: Place) -> Enclosure:
    """min_B E|e_g(x) - B f(x)|^2."""
    return risk_of(exact, bayes_cross(exact, one_hot=True), Fraction(1), mean=False)


def class_mean_risk(exact: ExactProblem, place: Place) -> Enclosure:
    """min_B E|e_y - B f_A|^2."""
    return risk_of(exact, exact.class_cross, Fraction(1), mean=True)


def head_norm(*, mean: bool) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of the Frobenius norm of the least-squares head of a minimiser W = Sigma^{-1/2} V diag(sqrt kappa).

    Its square is sum_{i<=d} c_i^2 / kappa_i (one view) or a_i^2 / kappa_i^2 (mean), for one-hot classes.
    """

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        cross = exact.class_cross
        if exact.weights is not None:
            return root(exactly(_head_square(exact, cross, mean=mean)))
        parts = through_means(exact, exact.energies(cross))
        parts = through_means(exact, through_means(exact, parts)) if mean else parts
        square = first(exact, exact.problem.dim, parts)
        return root(square)

    return enclose


def _head_square(exact: ExactProblem, cross: flint.fmpq_mat, *, mean: bool) -> Fraction:
    """|G^+ W.T b|_F^2 for the least-squares head of W of minimal norm, G its Gram matrix in the readout."""
    assert exact.weights is not None
    gram = exact.weights.transpose() * (exact.sigma_bar if mean else exact.sigma) * exact.weights
    kept = independent(gram)
    if not kept:
        return Fraction(0)
    # G B = W.T b on independent rows; among all solutions the shortest lies in the row space of G.
    rows = rows_and_columns(gram, kept, None)
    wanted = rows_and_columns(exact.weights.transpose() * cross, kept, None)
    return trace(wanted.transpose() * (rows * rows.transpose()).solve(wanted))


def as_fractions(values: flint.fmpq_mat) -> np.ndarray:
    """A FLINT matrix as an object array of Fractions."""
    flat = [Fraction(int(v.p), int(v.q)) for v in values.entries()]
    return np.array(flat, dtype=object).reshape(values.nrows(), values.ncols())


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.MEAN_RISK: risk(mean=True),
    sym.AUGMENTED_RISK: risk(mean=False),
    sym.BEST_MEAN_RISK: best_mean_risk,
    sym.BEST_AUGMENTED_RISK: best_augmented_risk,
    sym.RISK_GAP: lambda exact, place: best_augmented_risk(exact, place) - best_mean_risk(exact, place),
    sym.PREDICTED_ENERGY: predicted_energy,
    sym.INCONSISTENCY: inconsistency,
    sym.MEAN_ENERGY: mean_energy,
    sym.SCORE_ENERGY: score_energy,
    sym.SCORE_INCONSISTENCY: score_inconsistency,
    sym.MARGIN: lambda exact, place: exactly(place.margin),
    sym.MARGIN_MASS_AUGMENTED: margin_mass(mean=False),
    sym.MARGIN_MASS_MEAN: margin_mass(mean=True),
    sym.LABEL_NOISE: label_noise,
    sym.BAYES_DISAGREEMENT: label_noise,
    sym.BAYES_REGRESSION: bayes_regression(one_hot=False),
    sym.BAYES_CLASS_REGRESSION: bayes_regression(one_hot=True),
    sym.BAYES_TARGET_RISK: bayes_target_risk,
    sym.CLASS_MEAN_RISK: class_mean_risk,
    sym.HEAD_NORM_AUGMENTED: head_norm(mean=False),
    sym.HEAD_NORM_MEAN: head_norm(mean=True),
}
