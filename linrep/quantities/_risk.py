"""Risks of representations, of the class and of the label, in float64."""

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS, orthonormal_columns
from linrep.moments import Moments
from linrep.moments._types import pencil
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.quantities._labels import (
    bayes_targets,
    class_mass,
    class_moments,
    label_margins,
)
from linrep.quantities._measure import Grid, Measured, Unavailable, scale_of
from linrep.quantities._spectral import span_of
from linrep.risks import regression
from linrep.solutions._solution import LARGEST_FACTOR


def risk_budget(problem: Problem) -> float:
    """Risks and label energies are sums of R squares of numbers that carry the relative error of the whitening."""
    return 4 * problem.solution.spectrum.error * scale_of(problem)


def rooted(problem: Problem) -> bool:
    """Whether eigenvalues are squares of singular values, so that small ones keep their digits."""
    factors = getattr(problem.moments, "factors", None)
    return factors is not None and factors.views.size <= LARGEST_FACTOR


def range_error(problem: Problem) -> float:
    """How far the projector on the range of K may turn: its error over its last positive eigenvalue, or through square
    roots over the last singular value (Wedin)."""
    spectrum = problem.solution.spectrum
    last = float(np.min(spectrum.values[spectrum.values > 0], initial=1.0))
    return min(1.0, spectrum.error / (np.sqrt(last) if rooted(problem) else last))


def cut_error(problem: Problem) -> float:
    """How far the span of a minimiser may turn: the error of K over the gap at its cut, on both sides of a tie
    (Davis and Kahan); the zeros of K do not count, as a minimiser has nothing there."""
    solution = problem.solution
    values = np.append(solution.eigenvalues, 0.0)
    start, stop = solution.tied if solution.tie is not None else (0, solution.dim)
    ends = [end for end in (start, stop) if 0 < end < values.size and values[end - 1] > 0]
    gap = min((float(values[end - 1] - values[end]) for end in ends), default=np.inf)
    return min(1.0, solution.spectrum.error / gap)


def kept_budget(problem: Problem, size: float, *, mean: bool) -> float:
    """Error of what a representation keeps of a vector of square `size`.

    x.P x moves by 2 |P x| |(I - P) x| |dP| <= |x|^2 |dP| to first order, and P turns by the error of the given matrix
    over its last singular value, or by the error of K over its gap. Twice for the second order, twice for the vector.
    """
    if problem.weights is not None:
        turned = span_of(problem, mean=mean).error
    else:
        turned = cut_error(problem) + range_error(problem)
    return 4 * (problem.solution.spectrum.error + turned) * size


def risk(readout: str):
    """An evaluator of the regression risk: of the given representation, or the highest over all minimisers."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        error = kept_budget(problem, scale_of(problem), mean=readout == "mean")
        if problem.weights is None:
            return Measured(problem.solution.risk_range(readout).highest, error)  # pyright: ignore[reportArgumentType]
        return Measured(regression(problem.moments, problem.weights, readout=readout), error)  # pyright: ignore[reportArgumentType]

    return evaluate


def mean_budget(problem: Problem) -> float:
    """Error of sums of squares of a_i, which live on the range of K."""
    return risk_budget(problem) + 4 * range_error(problem) * scale_of(problem)


def best_mean_risk(problem: Problem, grid: Grid) -> Measured:
    """R̄_min."""
    value = problem.solution.spectrum.best_mean
    if value is None:
        raise Unavailable("the moments were computed without labels")
    return Measured(value, mean_budget(problem))


def risk_gap(problem: Problem, grid: Grid) -> Measured:
    """R_min - R̄_min = sum lambda_i a_i^2, a sum of non-negative terms."""
    spectrum = problem.solution.spectrum
    return Measured(float(np.sum((1 - spectrum.values)[:, None] * spectrum.means**2)), mean_budget(problem))


def best_augmented_risk(problem: Problem, grid: Grid) -> Measured:
    """R_min = R̄_min + sum lambda_i a_i^2."""
    return Measured(best_mean_risk(problem, grid).value + risk_gap(problem, grid).value, 2 * mean_budget(problem))


def predicted_energy(problem: Problem, grid: Grid) -> Measured:
    """S = sum c_i^2."""
    return Measured(float(np.sum(problem.solution.spectrum.cross**2)), risk_budget(problem))


def inconsistency(problem: Problem, grid: Grid) -> Measured:
    """V = sum lambda_i c_i^2."""
    spectrum = problem.solution.spectrum
    return Measured(float(np.sum((1 - spectrum.values)[:, None] * spectrum.cross**2)), risk_budget(problem))


def mean_energy(problem: Problem, grid: Grid) -> Measured:
    """sum_{i<=k} a_i^2 for each k."""
    energy = np.sum(problem.solution.spectrum.means**2, axis=1)
    total = np.concatenate([[0.0], np.cumsum(energy)])
    return Measured(total[np.minimum(grid.k, energy.size)], mean_budget(problem) + head_budget(problem, grid))


def head_budget(problem: Problem, grid: Grid) -> np.ndarray:
    """Error of the square of the first k coordinates for each k: the span of the first k eigenvectors turns by the
    error of K over the gap behind it; within a tie any basis of it will do."""
    spectrum = problem.solution.spectrum
    values = np.append(spectrum.values, 0.0)
    at = np.minimum(grid.k, spectrum.rank)
    gap = values[at - 1] - values[at]
    apart = (gap > 2 * spectrum.error) & (at < spectrum.rank)
    turned = np.minimum(1.0, spectrum.error / np.where(apart, gap, 1.0))
    return 4 * turned * apart * scale_of(problem)


def score_vector(problem: Problem) -> np.ndarray:
    """v, (D, 1), of the score h = v . phi: the given one, or least squares."""
    if problem.score is not None:
        return np.asarray(problem.score, dtype=np.float64).reshape(-1, 1)
    spectrum = problem.solution.spectrum
    return np.asarray(spectrum.basis @ spectrum.cross)[:, :1]


def score_coordinates(problem: Problem) -> np.ndarray:
    """The score in the eigenbasis of K, (R,)."""
    if problem.score is None:
        return problem.solution.spectrum.cross[:, 0]
    sigma, _ = pencil(problem.moments)
    return np.asarray(problem.solution.spectrum.basis.T @ (sigma @ score_vector(problem)))[:, 0]


def score_size(problem: Problem) -> float:
    """What errors of a score are relative to: of least squares E |label|^2, of which it is a part, else E h^2."""
    return scale_of(problem) if problem.score is None else float(np.sum(score_coordinates(problem) ** 2))


def score_budget(problem: Problem) -> float:
    """Error of a sum of squares of the score's coordinates."""
    return 4 * problem.solution.spectrum.error * score_size(problem)


def score_energy(problem: Problem, grid: Grid) -> Measured:
    """S_h = E h^2."""
    return Measured(float(np.sum(score_coordinates(problem) ** 2)), score_budget(problem))


def score_inconsistency(problem: Problem, grid: Grid) -> Measured:
    """V_h = E Var(h | input)."""
    coordinates = score_coordinates(problem)
    value = float(np.sum((1 - problem.solution.spectrum.values) * coordinates**2))
    return Measured(value, score_budget(problem))


def margin_mass(*, mean: bool):
    """An evaluator of Pr[label times score < gamma] for each gamma of the grid."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        values, mass = label_margins(problem, score_vector(problem), mean=mean)
        order = np.argsort(values, kind="stable")
        below = np.concatenate([[0.0], np.cumsum(mass[order])])
        return Measured(below[np.searchsorted(values[order], grid.margins, side="left")], mass.size * EPS)

    return evaluate


def margin(problem: Problem, grid: Grid) -> Measured:
    """The threshold gamma itself."""
    return Measured(grid.margins)


def label_noise(problem: Problem, grid: Grid) -> Measured:
    """alpha: 1 - sum over views of the largest class mass; 0 where a view names its input."""
    if problem.process.disjoint:
        return Measured(0.0)
    mass = class_mass(problem)
    return Measured(max(float(1 - mass.max(axis=1).sum()), 0.0), mass.size * EPS)


def bayes_regression(*, one_hot: bool):
    """An evaluator of min_w E(w . phi(x) - g(x))^2 for the Bayes label g as a sign, or one-hot and summed over
    classes."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        if not isinstance(problem.process, FiniteProcess):
            return _bayes_regression_disjoint(problem, grid, one_hot)
        targets = bayes_targets(problem)
        targets = targets if one_hot else targets[:, 1:] - targets[:, :1]
        moments = problem.moments
        assert isinstance(moments, Moments)
        assert moments.factors is not None
        basis = orthonormal_columns(moments.factors.views)
        wanted = np.sqrt(problem.process.marginal)[:, None] * targets
        return Measured(float(np.sum((wanted - basis @ (basis.T @ wanted)) ** 2)), risk_budget(problem))

    return evaluate


def _bayes_regression_disjoint(problem: Problem, grid: Grid, one_hot: bool) -> Measured:
    """A view that names its input names the label: g is the label and the error is R_min."""
    if not problem.process.disjoint:
        raise Unavailable("the Bayes label of a view is listed for finite or disjoint processes only")
    if not one_hot:
        return best_augmented_risk(problem, grid)
    classes = class_moments(problem)
    assert classes.cross is not None
    captured = np.asarray(problem.solution.spectrum.basis.T @ classes.cross)
    return Measured(1 - float(np.sum(captured**2)), risk_budget(problem))


EVALUATORS = {
    sym.MEAN_RISK: risk("mean"),
    sym.AUGMENTED_RISK: risk("augmented"),
    sym.BEST_MEAN_RISK: best_mean_risk,
    sym.BEST_AUGMENTED_RISK: best_augmented_risk,
    sym.RISK_GAP: risk_gap,
    sym.PREDICTED_ENERGY: predicted_energy,
    sym.INCONSISTENCY: inconsistency,
    sym.MEAN_ENERGY: mean_energy,
    sym.SCORE_ENERGY: score_energy,
    sym.SCORE_INCONSISTENCY: score_inconsistency,
    sym.MARGIN: margin,
    sym.MARGIN_MASS_AUGMENTED: margin_mass(mean=False),
    sym.MARGIN_MASS_MEAN: margin_mass(mean=True),
    sym.LABEL_NOISE: label_noise,
    sym.BAYES_DISAGREEMENT: label_noise,
    sym.BAYES_REGRESSION: bayes_regression(one_hot=False),
    sym.BAYES_CLASS_REGRESSION: bayes_regression(one_hot=True),
}
