"""Quantities inside proofs that are sums over a process: splits of Bayes labels, losses of averages, union bounds."""

import math

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS
from linrep.losses import spectral
from linrep.losses._spectral import spectral_values
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.quantities._labels import bayes_targets, finite_problem, mean_values
from linrep.quantities._measure import Grid, Measured, Unavailable
from linrep.witnesses._counting import LARGEST_EXACT, union_bound

LARGEST_LISTED = 4096
"""Most inputs whose eigenvalues are all added up."""


def bayes_split(problem: Problem, grid: Grid) -> Measured:
    """Pr[g(x) != g(x+)] = 1 - E|E[e_g(x) | input]|^2; 0 where a view names its input."""
    if problem.process.disjoint:
        return Measured(0.0)
    process = finite_problem(problem)
    means = np.asarray(process.channel @ bayes_targets(problem))
    agree = float(process.prior @ np.sum(means**2, axis=1))
    return Measured(max(1 - agree, 0.0), (process.n_views + process.n_inputs + 4) * EPS)


def unrestricted_defect(problem: Problem, grid: Grid) -> Measured:
    """sum_{i<=N} lambda_i over all functions of a view."""
    count = problem.process.n_inputs
    if not math.isfinite(count) or count > LARGEST_LISTED:
        raise Unavailable(f"all N eigenvalues are added up for at most {LARGEST_LISTED} inputs")
    terms = int(count) + (problem.process.n_views if isinstance(problem.process, FiniteProcess) else 8)
    return Measured(float(np.sum(1 - problem.process.spectrum(int(count)))), 40 * terms**2 * EPS)


def averaged(problem: Problem) -> np.ndarray:
    """f_A of each input of a disjoint process, (n_bar, d)."""
    process = finite_problem(problem)
    if not process.disjoint:
        raise Unavailable("views name their input only in a disjoint process")
    return mean_values(problem, problem.representation)


def loss(problem: Problem, grid: Grid) -> Measured:
    """The spectral loss of the representation, or of one minimiser."""
    value = spectral(problem.moments, problem.representation)
    return Measured(value, _loss_error(problem))


def averaged_loss(problem: Problem, grid: Grid) -> Measured:
    """The loss of f^(x) = f_A(input of x): -2 E|f_A|^2 + |E f_A f_A.T|^2, both over the inputs."""
    means, prior = averaged(problem), finite_problem(problem).prior
    second = means.T @ (prior[:, None] * means)
    return Measured(float(-2 * np.trace(second) + np.sum(second**2)), _loss_error(problem))


def relabelled_loss(problem: Problem, grid: Grid) -> Measured:
    """The loss, summed over views, of the averaged representation moved on by one input."""
    means, process = np.roll(averaged(problem), 1, axis=0), finite_problem(problem)
    owners = np.asarray(process.joint.argmax(axis=0)).ravel()
    return Measured(spectral_values(process, means[owners]), _loss_error(problem))


def _loss_error(problem: Problem) -> float:
    """Sums of at most n + n_bar + D products; the loss is |MM.T|^2 - 2 tr(KMM.T), of size (1 + |M|^2)^2."""
    process = finite_problem(problem)
    terms = process.n_views + process.n_inputs + problem.moments.dim
    moments, matrix = problem.moments, problem.representation
    sigma = getattr(moments, "sigma_sparse", None)
    size = float(np.sum(np.abs(matrix) * np.abs((moments.sigma if sigma is None else sigma) @ matrix)))
    return 4 * (terms + 2) * EPS * (1 + size) ** 2


def counted_union(problem: Problem, grid: Grid) -> Measured:
    """C(N, d) max_m Pr[2H + N/2 - m > t] at the t of e(N, d)."""
    count = problem.process.n_inputs
    if not math.isfinite(count) or count > LARGEST_EXACT or int(count) % 2:
        raise Unavailable(f"sign patterns are counted exactly for even N up to {LARGEST_EXACT}")
    return Measured(float(union_bound(int(count), problem.dim)), EPS)


EVALUATORS = {
    sym.BAYES_SPLIT: bayes_split,
    sym.UNRESTRICTED_DEFECT: unrestricted_defect,
    sym.LOSS: loss,
    sym.AVERAGED_LOSS: averaged_loss,
    sym.RELABELLED_LOSS: relabelled_loss,
    sym.UNION_BOUND: counted_union,
}
