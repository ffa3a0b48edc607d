"""Clusters of views (the parts of the Bayes label): how they mix inside, how heavy they are, sparsest partitions."""

from collections.abc import Iterator

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS, orthonormal_columns, spectral_error
from linrep._types import dense
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.quantities._labels import bayes_targets, class_moments, finite_problem, is_classes, view_values
from linrep.quantities._measure import Grid, Measured, Unavailable
from linrep.witnesses import sparsest_partition


def clusters(problem: Problem) -> np.ndarray:
    """Indicators of the non-empty parts of the Bayes label, (n, r)."""
    parts = bayes_targets(problem)
    return parts[:, parts.any(axis=0)]


def cluster_masses(problem: Problem) -> np.ndarray:
    """Mass of each cluster, (r,); where a view names its input the clusters are the classes."""
    if not is_classes(problem):
        raise Unavailable("the labels are not classes")
    if isinstance(problem.process, FiniteProcess):
        return problem.process.marginal @ clusters(problem)
    if not problem.process.disjoint:
        raise Unavailable("the Bayes label of a view is listed for finite or disjoint processes only")
    masses = np.asarray(class_moments(problem).label_mean, dtype=np.float64)
    return masses[masses > 0]


def crossing(problem: Problem) -> float:
    """Pr[S(x) != S(x+)]; 0 where a view names its input."""
    if problem.process.disjoint:
        return 0.0
    process = finite_problem(problem)
    inside = np.asarray(process.channel @ clusters(problem))
    return max(float(1 - process.prior @ np.sum(inside**2, axis=1)), 0.0)


def least_expansion(problem: Problem) -> tuple[float, float]:
    """beta and a bound on its error; infinity where the class is constant on every cluster."""
    found = [_expansion(*pencil, finite_problem(problem).n_inputs) for pencil in _pencils(problem)]
    return min(found, default=(np.inf, 0.0))


def _pencils(problem: Problem) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each cluster, on a basis of the class there: half E[(h(x) - h(x+))^2 | both in it] and Var(h | cluster)."""
    process = finite_problem(problem)
    features = view_values(problem, np.eye(problem.moments.dim))
    for part in clusters(problem).T > 0:
        rows = dense(process.channel)[:, part]
        law = rows.T @ (process.prior[:, None] * rows)
        basis = orthonormal_columns(features[part])
        mass = process.marginal[part] / process.marginal[part].sum()
        moved = (np.diag(law.sum(axis=1)) - law) / law.sum()
        spread = np.diag(mass) - np.outer(mass, mass)
        yield basis.T @ moved @ basis, basis.T @ spread @ basis


def _expansion(moved: np.ndarray, spread: np.ndarray, terms: int) -> tuple[float, float]:
    """The least h.moved h / h.spread h over h that vary; a function that does not vary is not moved either."""
    values, vectors = np.linalg.eigh(spread)
    kept = values > len(values) * 20 * EPS * max(float(values.max(initial=0.0)), EPS)
    if not kept.any():
        return np.inf, 0.0
    root = vectors[:, kept] / np.sqrt(values[kept])
    found = np.linalg.eigvalsh(root.T @ moved @ root)
    # Both forms have entries up to one and carry the rounding of their sums; dividing by the least spread enlarges it.
    error = spectral_error(terms + len(values), (1 + float(found[-1])) / float(values[kept][0]))
    return max(float(found[0]), 0.0), error


def inverse_expansion(problem: Problem, grid: Grid) -> Measured:
    """1 / beta."""
    value, error = least_expansion(problem)
    if value <= error:
        raise Unavailable("beta = 0: some function of the class varies inside a cluster without being moved")
    return Measured(1 / value, error / (value * (value - error)) if np.isfinite(value) else 0.0)


def cluster_mass(*, heaviest: bool):
    """An evaluator of P_max or P_min."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        masses = cluster_masses(problem)
        terms = problem.process.n_views if isinstance(problem.process, FiniteProcess) else 8
        return Measured(float(masses.max() if heaviest else masses.min()), terms * EPS)

    return evaluate


def partition_conductance(problem: Problem, grid: Grid) -> Measured:
    """rho_m at m = floor(d / 2), by exhaustion over the subsets of few views."""
    process, parts = finite_problem(problem), problem.dim // 2
    if not 1 <= parts <= process.n_views:
        raise Unavailable(f"there is no partition of {process.n_views} views into {parts} parts")
    if process.n_views > 16:
        raise Unavailable("the sparsest partition is a combinatorial optimum: computed for at most 16 views")
    return Measured(float(sparsest_partition(process, parts).conductance), process.n_views * EPS)


EVALUATORS = {
    sym.INVERSE_EXPANSION: inverse_expansion,
    sym.LARGEST_CLUSTER: cluster_mass(heaviest=True),
    sym.SMALLEST_CLUSTER: cluster_mass(heaviest=False),
    sym.PARTITION_CONDUCTANCE: partition_conductance,
}
