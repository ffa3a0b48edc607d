"""Errors of classifiers and risks of class targets: of a given representation, or the worst over all minimisers."""

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS, orthonormal_columns
from linrep.moments._types import pencil
from linrep.problems import Problem
from linrep.quantities._labels import (
    bayes_targets,
    class_mass,
    class_moments,
    class_targets,
    finite_problem,
    mean_values,
    tabulated,
    view_values,
)
from linrep.quantities._measure import Between, Grid, Measured
from linrep.quantities._risk import kept_budget, label_noise, risk_budget
from linrep.quantities._spectral import span_of
from linrep.risks import regression, zero_one, zero_one_augmented
from linrep.solutions import solve

SECONDS_FOR_ERROR = 2.0
"""Longest time that the mixed-integer program may take for one exact 0-1 error; the bracket is honest either way."""


def bayes_coordinates(problem: Problem) -> np.ndarray:
    """The one-hot Bayes label of a view in the eigenbasis of K, (R, r)."""
    root = np.sqrt(finite_problem(problem).marginal)[:, None]
    views = root * view_values(problem, np.eye(problem.moments.dim))
    return np.asarray(problem.solution.spectrum.basis.T @ (views.T @ (root * bayes_targets(problem))))


def bayes_target_risk(problem: Problem, grid: Grid) -> Measured:
    """min_B E|e_g(x) - B f(x)|^2 for the given representation, or the highest over all minimisers."""
    if problem.weights is None:
        # Minimisers have nothing where kappa_i = 0, whatever the Bayes label has there.
        seen = bayes_coordinates(problem) * (problem.solution.spectrum.values > 0)[:, None]
        return Measured(1 - problem.solution.kept_energy(seen)[2].captured, kept_budget(problem, 1.0, mean=False))
    root = np.sqrt(finite_problem(problem).marginal)[:, None]
    wanted = root * bayes_targets(problem)
    basis = orthonormal_columns(root * view_values(problem, problem.representation))
    return Measured(float(np.sum((wanted - basis @ (basis.T @ wanted)) ** 2)), kept_budget(problem, 1.0, mean=False))


def class_mean_risk(problem: Problem, grid: Grid) -> Measured:
    """min_B E|e_y - B f_A|^2 for the given representation, or the highest over all minimisers."""
    error = kept_budget(problem, 1.0, mean=True)
    if problem.weights is None:
        return Measured(solve(class_moments(problem), dim=problem.dim).risk_range("mean").highest, error)
    return Measured(regression(class_moments(problem), problem.representation, readout="mean"), error)


def _tied(problem: Problem) -> bool:
    """Whether the problem asks about minimisers of which there are many that differ: one of them stands for none."""
    return problem.weights is None and problem.solution.tie is not None


def zero_one_error(*, mean: bool):
    """An evaluator of the exact 0-1 error of signs: a bracket.

    Over tied minimisers the largest error lies between that of one of them and the highest squared error.
    """
    readout = "mean" if mean else "augmented"

    def evaluate(problem: Problem, grid: Grid) -> Between:
        listed, matrix = tabulated(problem, problem.representation, mean=mean)
        process, values = finite_problem(listed), (mean_values if mean else view_values)(listed, matrix)
        targets = listed.label.targets(process.inputs)
        search = zero_one if mean else zero_one_augmented
        found = search(process, values, targets, time_limit=SECONDS_FOR_ERROR)
        lower, upper = float(found.lower), float(found.upper)
        if _tied(problem):
            upper = max(upper, min(1.0, problem.solution.risk_range(readout).highest))
        return Between(lower, upper, process.n_inputs * EPS + risk_budget(problem) * _tied(problem))

    return evaluate


def probe_error(kind: str):
    """An evaluator of an argmax error: between 0 and that of the least-squares head.

    Over tied minimisers the upper end is twice the highest squared error, plus the label noise for one view; a
    vote over views errs at most twice as often as one view.
    """

    def evaluate(problem: Problem, grid: Grid) -> Between:
        process = finite_problem(problem)
        wrong = _probe_error(problem, kind)
        if _tied(problem):
            view = 2 * float(bayes_target_risk(problem, grid).value) + float(label_noise(problem, grid).value)
            ends = {"mean": 2 * float(class_mean_risk(problem, grid).value), "view": view, "vote": 2 * view}
            wrong = max(wrong, min(1.0, ends[kind]))
        return Between(0.0, wrong, process.n_views * EPS + 4 * risk_budget(problem) * _tied(problem))

    return evaluate


def _probe_error(problem: Problem, kind: str) -> float:
    """The argmax error of the least-squares head on the given representation or one minimiser."""
    process = finite_problem(problem)
    values = view_values(problem, problem.representation)
    if kind == "mean":
        scores = _least_squares(np.sqrt(process.prior), np.asarray(process.channel @ values), class_targets(problem))
        return float(np.sum(process.prior * (1 - _argmax(scores, class_targets(problem)))))
    scores = _least_squares(np.sqrt(process.marginal), values, bayes_targets(problem))
    if kind == "view":
        return float(process.marginal.sum() - np.sum(_choice(scores) * class_mass(problem)))
    votes = np.asarray(process.channel @ _choice(scores))
    return float(np.sum(process.prior * (1 - _argmax(votes, class_targets(problem)))))


def _least_squares(root: np.ndarray, values: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """Predictions of the weighted least-squares head."""
    basis = orthonormal_columns(root[:, None] * values)
    return (basis @ (basis.T @ (root[:, None] * targets))) / root[:, None]


def _choice(scores: np.ndarray) -> np.ndarray:
    """One-hot of the largest score; a row whose two largest scores agree up to rounding chooses nothing."""
    # To choose nothing is to err, so any threshold keeps the error an upper end; sqrt(eps) is far above the rounding.
    ordered = np.sort(scores, axis=1)
    clear = ordered[:, -1] - ordered[:, -2] > np.sqrt(EPS) if scores.shape[1] > 1 else np.ones(len(scores), bool)
    return np.eye(scores.shape[1])[scores.argmax(axis=1)] * clear[:, None]


def _argmax(scores: np.ndarray, targets: np.ndarray) -> np.ndarray:
    """1 where the clear choice is the class, else 0."""
    return np.sum(_choice(scores) * targets, axis=1)


def head_norm(*, mean: bool):
    """An evaluator of the Frobenius norm of the least-squares head for one-hot targets; the largest in a tie.

    At a minimiser the head is a_i on one view, a_i / kappa_i on the mean over views, i kept.
    """

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        if problem.weights is None:
            return _head_norm_of_minimisers(problem, mean=mean)
        moments, matrix = class_moments(problem), problem.representation
        gram = matrix.T @ (pencil(moments)[1 if mean else 0] @ matrix)
        assert moments.cross is not None
        norm = float(np.linalg.norm(np.linalg.pinv(gram, hermitian=True) @ (matrix.T @ moments.cross)))
        span = span_of(problem, mean=mean)
        # B = G^+ g moves by |G^+| (|dG| |B| + |dg|); with s the last singular value and t the turn of the span
        # |G^+| = s^-2, |dg| <= t s, and |dG| <= 2 t s times the largest singular value, at most the root of tr G.
        largest = float(np.sqrt(max(np.trace(gram), 0.0)))
        return Measured(norm, 4 * span.error * (2 * largest * norm + 1) / span.last)

    return evaluate


def _head_norm_of_minimisers(problem: Problem, *, mean: bool) -> Measured:
    """The root of the largest sum of a_i^2, or (a_i / kappa_i)^2, i kept. The sum is off like a risk, and its root by
    that over the root, or by the root of that."""
    solution = solve(class_moments(problem), dim=problem.dim)
    last = max(problem.solution.spectrum.kappa(problem.dim), EPS)
    kappa = np.maximum(solution.eigenvalues, EPS)[:, None]
    norm = float(np.sqrt(solution.kept_energy(solution.spectrum.means / (kappa if mean else 1.0))[0].captured))
    error = kept_budget(problem, last**-2 if mean else 1.0, mean=True)
    error += 2 * problem.solution.spectrum.error / last**3 if mean else 0.0  # of kappa^-2
    return Measured(norm, float(min(np.sqrt(error), error / max(norm, EPS))))


EVALUATORS = {
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
