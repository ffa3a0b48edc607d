"""Quantities that occur inside proofs, in float64: what of a label or a score a representation keeps and loses.

Everything is written in the eigenbasis of K. Without a representation the numbers are those of the worst minimiser.
"""

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS
from linrep.problems import Problem
from linrep.quantities._errors import bayes_coordinates
from linrep.quantities._labels import class_moments
from linrep.quantities._measure import Grid, Measured, scale_of
from linrep.quantities._risk import kept_budget, range_error, risk_budget, score_coordinates, score_size
from linrep.quantities._spectral import span_of
from linrep.solutions import Solution, solve
from linrep.solutions._compression import compressed_values, label_directions


def missed(solution: Solution, seen: np.ndarray) -> float:
    """The most of |seen|^2 that a minimiser leaves out; where kappa_i = 0 minimisers have nothing."""
    positive = (solution.spectrum.values > 0)[:, None]
    return solution.kept_energy(seen * positive)[2].missed + float(np.sum((seen * ~positive) ** 2))


def outside(problem: Problem, seen: np.ndarray, *, mean: bool = False) -> np.ndarray:
    """(I - P) seen, or (I - P-bar) seen, for the given representation."""
    basis = span_of(problem, mean=mean).basis
    return seen - basis @ (basis.T @ seen)


def residual_error(problem: Problem, size: float, *, mean: bool = False) -> float:
    """Error of the square of a residual of coordinates of square `size`; those of means live on the range of K."""
    return kept_budget(problem, size, mean=mean) + 4 * range_error(problem) * size * mean


def lost(problem: Problem, seen: np.ndarray, size: float, *, mean: bool = False) -> Measured:
    """|(I - P) seen|^2 for the representation, or the largest over all minimisers."""
    error = residual_error(problem, size, mean=mean)
    if problem.weights is None:
        return Measured(missed(problem.solution, seen), error)
    return Measured(float(np.sum(outside(problem, seen, mean=mean) ** 2)), error)


def lost_energy(*, mean: bool, weighted: bool):
    """An evaluator of |(I - P) c|^2 or |(I - P-bar) a|^2, perhaps weighted by lambda_i."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        spectrum = problem.solution.spectrum
        seen = spectrum.means if mean else spectrum.cross
        if weighted:
            return weighted_lost(problem, seen, scale_of(problem), mean=mean)
        return lost(problem, seen, scale_of(problem), mean=mean)

    return evaluate


def weighted_lost(problem: Problem, seen: np.ndarray, size: float, *, mean: bool = False) -> Measured:
    """|(I - P) Lambda^{1/2} seen|^2. A root of lambda is off by the root of its error near 0, else by error / root, and
    what is squared by twice its length times that."""
    spectrum = problem.solution.spectrum
    root = np.sqrt(1 - spectrum.values)[:, None]
    moved = np.minimum(np.sqrt(spectrum.error), spectrum.error / np.maximum(root, EPS)) * np.abs(seen)
    found, off = lost(problem, root * seen, size, mean=mean), float(np.linalg.norm(moved))
    return Measured(found.value, float(found.error) + 2 * float(np.linalg.norm(root * seen)) * off + off**2)


def weighted_lost_bayes(problem: Problem, grid: Grid) -> Measured:
    """|(I - P) Lambda^{1/2} c|^2 for the one-hot Bayes label of a view."""
    return weighted_lost(problem, bayes_coordinates(problem), 1.0)


def split_energy(seen: np.ndarray, k: np.ndarray, *, tail: bool) -> np.ndarray:
    """sum of |seen_i|^2 over i <= k, or i > k, for an array of k; each added up from its own end."""
    energy = np.sum(seen**2, axis=1)
    at = np.minimum(k, energy.size)
    if tail:
        return np.concatenate([np.cumsum(energy[::-1])[::-1], [0.0]])[at]
    return np.concatenate([[0.0], np.cumsum(energy)])[at]


def energy(*, mean: bool, tail: bool):
    """An evaluator of |c_{<=k}|^2, |c_{>k}|^2 or |a_{>k}|^2."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        spectrum = problem.solution.spectrum
        return Measured(
            split_energy(spectrum.means if mean else spectrum.cross, grid.k, tail=tail), risk_budget(problem)
        )

    return evaluate


def score_tail(problem: Problem, grid: Grid) -> Measured:
    """|h_{>k}|^2."""
    seen = score_coordinates(problem)[:, None]
    return Measured(split_energy(seen, grid.k, tail=True), residual_error(problem, score_size(problem)))


def head_lost(problem: Problem, grid: Grid, seen: np.ndarray, error: np.ndarray | float, *, mean: bool) -> Measured:
    """|(I - P) seen_{<=k}|^2 for each k; 0 for minimisers, which span the top k where kappa_k > kappa_{d+1}."""
    if problem.weights is None:
        return Measured(np.zeros(grid.k.shape), error)
    kept = [np.where(np.arange(seen.shape[0])[:, None] < k, seen, 0.0) for k in grid.k.ravel()]
    values = [float(np.sum(outside(problem, head, mean=mean) ** 2)) for head in kept]
    return Measured(np.array(values).reshape(grid.k.shape), error)


def head_loss(*, mean: bool):
    """An evaluator of |(I - P) c_{<=k}|^2 or |(I - P-bar) a_{<=k}|^2."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        spectrum = problem.solution.spectrum
        seen = spectrum.means if mean else spectrum.cross
        return head_lost(problem, grid, seen, residual_error(problem, scale_of(problem), mean=mean), mean=mean)

    return evaluate


def head_solved_loss(problem: Problem, grid: Grid) -> Measured:
    """|(I - P) K^{-1/2} a_{<=k}|^2."""
    values = problem.solution.spectrum.values
    positive = values > 0
    root = np.sqrt(np.where(positive, values, 1.0))
    seen = np.where(positive, 1 / root, 0.0)[:, None] * problem.solution.spectrum.means
    last = np.maximum(np.concatenate([values, [0.0]])[np.minimum(grid.k, values.size) - 1], EPS)
    return head_lost(problem, grid, seen, 2 * residual_error(problem, scale_of(problem)) / last**2, mean=False)


def score_loss(problem: Problem, grid: Grid) -> Measured:
    """|(I - P) h|^2."""
    seen = score_coordinates(problem)[:, None]
    return lost(problem, seen, score_size(problem))


def score_mean_loss(problem: Problem, grid: Grid) -> Measured:
    """|K^{1/2} (I - P) h|^2."""
    seen, root = score_coordinates(problem)[:, None], np.sqrt(problem.solution.spectrum.values)[:, None]
    error = residual_error(problem, score_size(problem))
    if problem.weights is None:
        return Measured(missed(problem.solution, root * seen), error)
    return Measured(float(np.sum((root * outside(problem, seen)) ** 2)), error)


def score_head_loss(problem: Problem, grid: Grid) -> Measured:
    """|(I - P) h_{<=k}|^2."""
    seen = score_coordinates(problem)[:, None]
    return head_lost(problem, grid, seen, residual_error(problem, score_size(problem)), mean=False)


def head_squares(problem: Problem, grid: Grid) -> Measured:
    """sum_{i<=d} kappa_i^2."""
    return Measured(float(np.sum(problem.solution.kept**2)), 2 * problem.dim * problem.solution.spectrum.error)


def squares_gap(*, compressed: bool):
    """An evaluator of sum_{i<=d} kappa_i^2 less tr K^2 P, or less |PKP|^2; 0 for minimisers."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        if problem.weights is None:
            return Measured(0.0)
        kappa, basis = problem.solution.spectrum.values[:, None], span_of(problem, mean=False).basis
        inside = np.sum((basis.T @ (kappa * basis)) ** 2) if compressed else np.sum((kappa * basis) ** 2)
        value = float(np.sum(problem.solution.kept**2) - inside)
        error = residual_error(problem, float(problem.dim))
        return Measured(max(value, 0.0) if value >= -error else value, error)

    return evaluate


def blind_squares(problem: Problem, grid: Grid) -> Measured:
    """sum_{i<=d} kappa_i(K on the complement of c_0)^2."""
    spectrum = problem.solution.spectrum
    left = compressed_values(spectrum, label_directions(spectrum, problem.moments))[: problem.dim]
    return Measured(float(np.sum(left**2)), 4 * problem.dim * spectrum.error)


def class_solution(problem: Problem) -> Solution:
    """The minimisers with the one-hot class as the label; remembered with the problem."""
    if "class solution" not in problem.memo:
        problem.memo["class solution"] = solve(class_moments(problem), dim=problem.dim)
    return problem.memo["class solution"]


def class_best(*, mean: bool):
    """An evaluator of the least squared error for the one-hot class."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        best = class_solution(problem).spectrum.best_mean
        assert best is not None
        gap = 0.0 if mean else float(class_risk_gap(problem, grid).value)
        return Measured(best + gap, 8 * problem.solution.spectrum.error)

    return evaluate


def class_risk_gap(problem: Problem, grid: Grid) -> Measured:
    """sum lambda_i |a_i|^2 for the one-hot class."""
    spectrum = class_solution(problem).spectrum
    return Measured(float(np.sum((1 - spectrum.values)[:, None] * spectrum.means**2)), 4 * spectrum.error)


def class_mean_energy(problem: Problem, grid: Grid) -> Measured:
    """sum_{i<=k} |a_i|^2 for the one-hot class."""
    spectrum = class_solution(problem).spectrum
    return Measured(split_energy(spectrum.means, grid.k, tail=False), 4 * spectrum.error)


def class_kept(problem: Problem, grid: Grid) -> Measured:
    """|P-bar a|^2 for the one-hot class; the largest over all minimisers."""
    solution = class_solution(problem)
    seen, error = solution.spectrum.means, residual_error(problem, 1.0, mean=True)
    if problem.weights is None:
        return Measured(solution.kept_energy(seen)[0].captured, error)
    return Measured(float(np.sum((span_of(problem, mean=True).basis.T @ seen) ** 2)), error)


EVALUATORS = {
    sym.LOST_ENERGY: lost_energy(mean=False, weighted=False),
    sym.LOST_MEAN_ENERGY: lost_energy(mean=True, weighted=False),
    sym.WEIGHTED_LOST_ENERGY: lost_energy(mean=False, weighted=True),
    sym.WEIGHTED_LOST_MEAN_ENERGY: lost_energy(mean=True, weighted=True),
    sym.HEAD_ENERGY: energy(mean=False, tail=False),
    sym.TAIL_ENERGY: energy(mean=False, tail=True),
    sym.TAIL_MEAN_ENERGY: energy(mean=True, tail=True),
    sym.HEAD_LOSS: head_loss(mean=False),
    sym.HEAD_MEAN_LOSS: head_loss(mean=True),
    sym.HEAD_SOLVED_LOSS: head_solved_loss,
    sym.SCORE_LOSS: score_loss,
    sym.SCORE_MEAN_LOSS: score_mean_loss,
    sym.SCORE_HEAD_LOSS: score_head_loss,
    sym.SCORE_TAIL_ENERGY: score_tail,
    sym.HEAD_SQUARES: head_squares,
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
WITHOUT_LABELS = frozenset((sym.HEAD_SQUARES, sym.PROJECTION_GAP, sym.COMPRESSION_GAP))
"""Those that need no labels."""
