"""Quantities of the spectrum, the loss and the representation."""

from typing import NamedTuple

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS, orthonormal_columns, rank_tolerance
from linrep.problems import Problem
from linrep.quantities._measure import Grid, Measured
from linrep.solutions._compression import label_directions
from linrep.symbols import Quantity, Shape
from linrep.transfer import threshold


def kappa_at(problem: Problem, index: np.ndarray) -> np.ndarray:
    """kappa_i for an array of indices counted from 1; 0 beyond the rank, and 1 for i = 0."""
    values = problem.solution.spectrum.values
    padded = np.concatenate([[1.0], values, [0.0]])
    return padded[np.minimum(np.asarray(index), values.size + 1)]


def admissible(problem: Problem) -> np.ndarray:
    """The k <= d with kappa_k > kappa_{d+1} and lambda_{k+1} > 0, each decided beyond the error of the eigenvalues."""
    error = 2 * problem.solution.spectrum.error
    k = np.arange(1, problem.dim + 1)
    apart = kappa_at(problem, k) - kappa_at(problem, np.array(problem.dim + 1)) > error
    return k[apart & (1 - kappa_at(problem, k + 1) > error)]


def coordinates(problem: Problem) -> np.ndarray:
    """M = Sigma^{1/2} W in the eigenbasis of K, (R, d)."""
    spectrum, moments = problem.solution.spectrum, problem.moments
    sigma = getattr(moments, "sigma_sparse", None)
    return np.asarray(spectrum.basis.T @ ((moments.sigma if sigma is None else sigma) @ problem.representation))


def suboptimality(problem: Problem, grid: Grid) -> Measured:
    """eps = |M M.T - K|^2 - |K|^2 + sum_{i<=d} kappa_i^2; 0 by definition for a minimiser."""
    if problem.weights is None:
        return Measured(0.0)
    kappa, matrix = problem.solution.spectrum.values, coordinates(problem)
    quartic, overlap = float(np.sum((matrix.T @ matrix) ** 2)), float(np.sum(kappa[:, None] * matrix**2))
    best = float(np.sum(problem.solution.kept**2))
    # Three sums of R d terms whose factors carry the relative error of the whitening.
    error = (problem.solution.spectrum.error + matrix.size * EPS) * (quartic + 2 * overlap + best)
    value = quartic - 2 * overlap + best
    return Measured(max(value, 0.0) if value >= -error else value, error)


def span(problem: Problem) -> np.ndarray:
    """An orthonormal basis of col(M) in the eigenbasis of K, (R, rank)."""
    return orthonormal_columns(coordinates(problem))


class Span(NamedTuple):
    """An orthonormal basis of a column space, (R, rank), how far its projector may be off, and its last singular
    value."""

    basis: np.ndarray
    error: float
    last: float


def span_of(problem: Problem, *, mean: bool) -> Span:
    """The span of M = Sigma^{1/2} W, or of its means K^{1/2} M, in the eigenbasis of K; remembered with the problem."""
    key = ("span", mean)
    if key not in problem.memo:
        spectrum, matrix = problem.solution.spectrum, coordinates(problem)
        # Both matrices carry the whitening's error relative to M: means that are smaller than that are zero.
        relative = spectrum.error + rank_tolerance(matrix.shape, 1.0)
        largest = float(np.linalg.norm(matrix, 2)) if matrix.size else 0.0
        matrix = np.sqrt(spectrum.values)[:, None] * matrix if mean else matrix
        basis = orthonormal_columns(matrix, tolerance=relative * largest)
        values = np.linalg.svd(matrix, compute_uv=False)
        last = float(values[basis.shape[1] - 1]) if basis.shape[1] else np.inf
        # Wedin: the column space turns by at most the error of the matrix over its last singular value.
        problem.memo[key] = Span(basis, min(relative * largest / last, 1.0), last)
    return problem.memo[key]


def head_defect(problem: Problem, grid: Grid) -> Measured:
    """sum_{i<=k} |(I - P) v_i|^2 for each k."""
    inside = np.sum(span(problem) ** 2, axis=1)
    padded = np.concatenate([1 - inside, np.zeros(max(problem.dim - inside.size, 0))])
    total = np.cumsum(padded)
    return Measured(total[grid.k - 1], problem.solution.spectrum.error * grid.k)


def eigenvalue(quantity: Quantity):
    """An evaluator of kappa or lambda = 1 - kappa at index k + offset, or d + offset."""
    (offset, of_defect), at_cut = sym.EIGENVALUES[quantity], quantity.shape is Shape.SCALAR

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        index = np.array(problem.dim + offset) if at_cut else grid.k + offset
        kappa = kappa_at(problem, index)
        value = 1 - kappa if of_defect else kappa
        return Measured(float(value) if at_cut else value, problem.solution.spectrum.error)

    return evaluate


def vacuity_budget(problem: Problem, grid: Grid) -> Measured:
    """eps_vac of the label, with intercept."""
    budget = threshold(problem.moments, dim=problem.dim).budget
    return Measured(budget, 2 * problem.dim * problem.solution.spectrum.error)


def interlacing_budget(*, short: int = 0):
    """An evaluator of sum_{i<=d} (kappa_i^2 - kappa_{i+q}^2), q the rank of the centred cross moment less `short`."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        spectrum = problem.solution.spectrum
        removed = max(label_directions(spectrum, problem.moments).shape[1] - short, 0)
        k = np.arange(1, problem.dim + 1)
        value = float(np.sum(kappa_at(problem, k) ** 2 - kappa_at(problem, k + removed) ** 2))
        return Measured(value, 2 * problem.dim * spectrum.error)

    return evaluate


def head_size(problem: Problem, grid: Grid) -> Measured:
    """The index k itself."""
    return Measured(grid.k.astype(np.float64))


EVALUATORS = {
    sym.SUBOPTIMALITY: suboptimality,
    sym.HEAD_DEFECT: head_defect,
    sym.HEAD_SIZE: head_size,
    **{quantity: eigenvalue(quantity) for quantity in sym.EIGENVALUES},
    sym.VACUITY_BUDGET: vacuity_budget,
    sym.INTERLACING_BUDGET: interlacing_budget(),
    sym.SHORT_INTERLACING_BUDGET: interlacing_budget(short=1),
}
