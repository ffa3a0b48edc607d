"""Worst-case approximation over the class, and the variance-regularised loss."""

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS
from linrep.moments._types import pencil
from linrep.problems import Problem
from linrep.quantities._measure import Grid, Measured, Unavailable
from linrep.quantities._process import worst_indistinguishable
from linrep.quantities._spectral import kappa_at, span
from linrep.solutions import solve_variance_regularised

INFINITE = "a target that no augmentation moves is outside the representation: the worst case is infinite"


def worst_approximation(problem: Problem, grid: Grid) -> Measured:
    """sup of |(I - P) h|^2 / (2 h.(I - K) h) over h, in the eigenbasis of K; for minimisers 1 / (2 lambda) at the cut.

    A minimiser leaves out what lies beyond d and the eigenvectors with kappa = 0, whatever it chooses in a tie.
    """
    spectrum = problem.solution.spectrum
    lost = 1 - spectrum.values
    if problem.weights is None:
        unused = spectrum.values <= spectrum.error
        left = lost[unused | (np.arange(spectrum.rank) >= problem.dim)]
        if left.size and left.min() <= 2 * spectrum.error:
            raise Unavailable(INFINITE)
        value = 1 / (2 * float(left.min())) if left.size else 0.0
        return Measured(value, 2 * value**2 * spectrum.error)
    basis, still = span(problem), lost <= 2 * spectrum.error
    outside = np.eye(spectrum.rank)[:, still] - basis @ basis[still].T
    if still.any() and np.linalg.norm(outside, 2) > np.sqrt(EPS):
        raise Unavailable(INFINITE)
    return _largest(basis, lost, still, spectrum.error)


def _largest(basis: np.ndarray, lost: np.ndarray, still: np.ndarray, error: float) -> Measured:
    """Half the largest eigenvalue of D (I - P) D with D = (I - K)^{-1/2} where that is finite."""
    scale = np.where(still, 0.0, 1 / np.sqrt(np.where(still, 1.0, lost)))
    inside = scale[:, None] * basis
    matrix = np.diag(scale**2) - inside @ inside.T
    value = float(np.linalg.eigvalsh(matrix)[-1]) / 2 if lost.size else 0.0
    return Measured(max(value, 0.0), 4 * error * float(np.max(scale**4, initial=0.0)))


def variance_loss(problem: Problem, grid: Grid) -> Measured:
    """E|f(x) - f(x+)|^2 + |E f f.T - I|_F^2; the minimum for minimisers."""
    error = problem.solution.spectrum.error
    if problem.weights is None:
        least = solve_variance_regularised(problem.moments, dim=problem.dim, strength=1.0).loss
        return Measured(max(least, 0.0), 4 * problem.dim * error)
    sigma, sigma_bar = pencil(problem.moments)
    matrix = problem.representation
    second = np.asarray(matrix.T @ (sigma @ matrix))
    moved = np.sum(matrix * np.asarray((sigma - sigma_bar) @ matrix))
    value = 2 * float(moved) + float(np.sum((second - np.eye(problem.dim)) ** 2))
    size = float(np.sum(second**2)) + 4 * float(np.trace(second)) + problem.dim
    return Measured(max(value, 0.0), (matrix.size * EPS + error) * size)


def below_rank(problem: Problem) -> bool:
    """Whether d is below the rank of Sigma."""
    return problem.dim < problem.solution.spectrum.rank


def gap(problem: Problem) -> float:
    """kappa_d - kappa_{d+1}."""
    return float(kappa_at(problem, np.array(problem.dim)) - kappa_at(problem, np.array(problem.dim + 1)))


EVALUATORS = {
    sym.WORST_APPROXIMATION: worst_approximation,
    sym.VARIANCE_LOSS: variance_loss,
    sym.WORST_RELABELLED_ERROR: worst_indistinguishable,  # the same search: means move in the same way
}
