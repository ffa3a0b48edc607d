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
    class_targets,
    finite_problem,
    label_margins,
    mean_values,
    tabulated,
    view_values,
)
from linrep.quantities._measure import Between, Grid, Measured, Unavailable, scale_of
from linrep.risks import regression, zero_one, zero_one_augmented

SECONDS_FOR_ERROR = 2.0
"""Longest time that the mixed-integer program may take for one exact 0-1 error; the bracket is honest either way."""


def _budget(problem: Problem) -> float:
    """Risks and label energies are sums of R squares of numbers that carry the relative error of the whitening."""
    return 4 * problem.solution.spectrum.error * scale_of(problem)


def risk(readout: str):
    """An evaluator of the regression risk: of the given representation, or the highest over all minimisers."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        if problem.weights is None:
            return Measured(problem.solution.risk_range(readout).highest, _budget(problem))  # pyright: ignore[reportArgumentType]
        return Measured(regression(problem.moments, problem.weights, readout=readout), _budget(problem))  # pyright: ignore[reportArgumentType]

    return evaluate


def best_mean_risk(problem: Problem, grid: Grid) -> Measured:
    """R̄_min."""
    value = problem.solution.spectrum.best_mean
    if value is None:
        raise Unavailable("the moments were computed without labels")
    return Measured(value, _budget(problem))


def risk_gap(problem: Problem, grid: Grid) -> Measured:
    """R_min - R̄_min = sum lambda_i a_i^2, a sum of non-negative terms."""
    spectrum = problem.solution.spectrum
    return Measured(float(np.sum((1 - spectrum.values)[:, None] * spectrum.means**2)), _budget(problem))


def best_augmented_risk(problem: Problem, grid: Grid) -> Measured:
    """R_min = R̄_min + sum lambda_i a_i^2."""
    return Measured(best_mean_risk(problem, grid).value + risk_gap(problem, grid).value, 2 * _budget(problem))


def predicted_energy(problem: Problem, grid: Grid) -> Measured:
    """S = sum c_i^2."""
    return Measured(float(np.sum(problem.solution.spectrum.cross**2)), _budget(problem))


def inconsistency(problem: Problem, grid: Grid) -> Measured:
    """V = sum lambda_i c_i^2."""
    spectrum = problem.solution.spectrum
    return Measured(float(np.sum((1 - spectrum.values)[:, None] * spectrum.cross**2)), _budget(problem))


def mean_energy(problem: Problem, grid: Grid) -> Measured:
    """sum_{i<=k} a_i^2 for each k."""
    energy = np.sum(problem.solution.spectrum.means**2, axis=1)
    total = np.concatenate([[0.0], np.cumsum(energy)])
    return Measured(total[np.minimum(grid.k, energy.size)], _budget(problem))


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


def score_energy(problem: Problem, grid: Grid) -> Measured:
    """S_h = E h^2."""
    energy = float(np.sum(score_coordinates(problem) ** 2))
    return Measured(energy, 4 * problem.solution.spectrum.error * energy)


def score_inconsistency(problem: Problem, grid: Grid) -> Measured:
    """V_h = E Var(h | input)."""
    coordinates = score_coordinates(problem)
    value = float(np.sum((1 - problem.solution.spectrum.values) * coordinates**2))
    return Measured(value, 4 * problem.solution.spectrum.error * float(np.sum(coordinates**2)))


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
        return Measured(float(np.sum((wanted - basis @ (basis.T @ wanted)) ** 2)), _budget(problem))

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
    return Measured(1 - float(np.sum(captured**2)), _budget(problem))


def bayes_target_risk(problem: Problem, grid: Grid) -> Measured:
    """min_B E|e_g(x) - B f(x)|^2 for the given representation or one minimiser."""
    root = np.sqrt(finite_problem(problem).marginal)[:, None]
    basis = orthonormal_columns(root * view_values(problem, problem.representation))
    wanted = root * bayes_targets(problem)
    return Measured(float(np.sum((wanted - basis @ (basis.T @ wanted)) ** 2)), _budget(problem))


def class_mean_risk(problem: Problem, grid: Grid) -> Measured:
    """min_B E|e_y - B f_A|^2 for the given representation or one minimiser."""
    return Measured(regression(class_moments(problem), problem.representation, readout="mean"), _budget(problem))


def zero_one_error(*, mean: bool):
    """An evaluator of the exact 0-1 error of signs: a bracket."""

    def evaluate(problem: Problem, grid: Grid) -> Between:
        listed, matrix = tabulated(problem, problem.representation, mean=mean)
        process, values = finite_problem(listed), (mean_values if mean else view_values)(listed, matrix)
        targets = listed.label.targets(process.inputs)
        search = zero_one if mean else zero_one_augmented
        found = search(process, values, targets, time_limit=SECONDS_FOR_ERROR)
        return Between(float(found.lower), float(found.upper), process.n_inputs * EPS)

    return evaluate


def probe_error(kind: str):
    """An evaluator of an argmax error: between 0 and that of the least-squares head."""

    def evaluate(problem: Problem, grid: Grid) -> Between:
        process, matrix = finite_problem(problem), problem.representation
        values = view_values(problem, matrix)
        if kind == "mean":
            scores = _least_squares(
                np.sqrt(process.prior), np.asarray(process.channel @ values), class_targets(problem)
            )
            wrong = float(np.sum(process.prior * (1 - _argmax(scores, class_targets(problem)))))
            return Between(0.0, wrong, process.n_inputs * EPS)
        scores = _least_squares(np.sqrt(process.marginal), values, bayes_targets(problem))
        if kind == "view":
            return Between(
                0.0,
                float(process.marginal.sum() - np.sum(_choice(scores) * class_mass(problem))),
                process.n_views * EPS,
            )
        votes = np.asarray(process.channel @ _choice(scores))
        wrong = float(np.sum(process.prior * (1 - _argmax(votes, class_targets(problem)))))
        return Between(0.0, wrong, process.n_views * EPS)

    return evaluate


def _least_squares(root: np.ndarray, values: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Predictions of the weighted least-squares head."""
    basis = orthonormal_columns(root[:, None] * values)
    return (basis @ (basis.T @ (root[:, None] * targets))) / root[:, None]


def _choice(scores: np.ndarray) -> np.ndarray:
    """One-hot of the largest score; a row whose two largest scores agree up to rounding chooses nothing."""
    ordered = np.sort(scores, axis=1)
    clear = ordered[:, -1] - ordered[:, -2] > np.sqrt(EPS) if scores.shape[1] > 1 else np.ones(len(scores), bool)
    return np.eye(scores.shape[1])[scores.argmax(axis=1)] * clear[:, None]


def _argmax(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """1 where the clear choice is the class, else 0."""
    return np.sum(_choice(scores) * targets, axis=1)


def head_norm(*, mean: bool):
    """An evaluator of the Frobenius norm of the least-squares head for one-hot targets."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        moments, matrix = class_moments(problem), problem.representation
        gram = matrix.T @ (pencil(moments)[1 if mean else 0] @ matrix)
        assert moments.cross is not None
        norm = float(np.linalg.norm(np.linalg.pinv(gram, hermitian=True) @ (matrix.T @ moments.cross)))
        return Measured(
            norm, norm * problem.solution.spectrum.error / max(problem.solution.spectrum.kappa(problem.dim), EPS) ** 2
        )

    return evaluate


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
    sym.BAYES_TARGET_RISK: bayes_target_risk,
    sym.CLASS_MEAN_RISK: class_mean_risk,
    sym.MEAN_ERROR: zero_one_error(mean=True),
    sym.AUGMENTED_ERROR: zero_one_error(mean=False),
    sym.ARGMAX_MEAN_ERROR: probe_error("mean"),
    sym.ARGMAX_AUGMENTED_ERROR: probe_error("view"),
    sym.VOTE_ERROR: probe_error("vote"),
    sym.HEAD_NORM_AUGMENTED: head_norm(mean=False),
    sym.HEAD_NORM_MEAN: head_norm(mean=True),
}
