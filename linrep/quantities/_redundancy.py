"""Both views of a positive pair as predictors of the label, and the fit of f(x).f(z) to the density ratio."""

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS, orthonormal_columns
from linrep._types import dense
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.quantities._labels import finite_problem, view_values
from linrep.quantities._measure import Grid, Measured, Unavailable, scale_of
from linrep.quantities._risk import kept_budget

MOST_VIEWS = 1024
"""Most views whose pairs are listed."""


def listed_pairs(problem: Problem) -> FiniteProcess:
    """The process, if all pairs of views are listed."""
    process = finite_problem(problem)
    if process.n_views > MOST_VIEWS:
        raise Unavailable(f"pairs of views are listed for at most {MOST_VIEWS} views, and there are {process.n_views}")
    return process


def _targets(problem: Problem) -> np.ndarray:
    if problem.labels is None:
        raise Unavailable("the problem has no labels")
    process = finite_problem(problem)
    return problem.label.targets(process.inputs).reshape(process.n_inputs, -1)


def _from_one(problem: Problem) -> np.ndarray:
    """E[Y | x], (n, r)."""
    return np.asarray(finite_problem(problem).posterior.T @ _targets(problem))


def _from_both(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """The pair law, (n, n), and E[Y | x, z], (n, n, r), 0 where the pair never occurs."""
    process, targets = listed_pairs(problem), _targets(problem)
    channel = dense(process.channel)
    law = channel.T @ (process.prior[:, None] * channel)
    sums = np.stack([channel.T @ ((process.prior * y)[:, None] * channel) for y in targets.T], axis=-1)
    return law, sums / np.where(law > 0, law, 1.0)[:, :, None]


def relayed(problem: Problem) -> np.ndarray:
    """mu(x) = E[E[Y | z] | x], (n, r)."""
    process = finite_problem(problem)
    return np.asarray(process.posterior.T @ (process.channel @ _from_one(problem)))


def _pair_error(problem: Problem, guess: np.ndarray, *, second: bool) -> Measured:
    """E|guess(one view) - E[Y | both]|^2."""
    law, both = _from_both(problem)
    shown = guess[None, :, :] if second else guess[:, None, :]
    terms = np.sum((shown - both) ** 2, axis=-1)
    size = law.shape[0]
    return Measured(float(np.sum(law * terms)), 8 * size * EPS * scale_of(problem))


def redundancy(*, second: bool):
    """An evaluator of E(E[Y|one view] - E[Y|both])^2."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        return _pair_error(problem, _from_one(problem), second=second)

    return evaluate


def redundancy_error(problem: Problem, grid: Grid) -> Measured:
    """E(mu(X) - E[Y|X,Z])^2."""
    return _pair_error(problem, relayed(problem), second=False)


def relayed_risk(problem: Problem, grid: Grid) -> Measured:
    """min_w E(w . f(x) - mu(x))^2; the highest over minimisers."""
    process = finite_problem(problem)
    root = np.sqrt(process.marginal)[:, None]
    wanted, error = root * relayed(problem), kept_budget(problem, scale_of(problem), mean=False)
    if problem.weights is None:
        spectrum = problem.solution.spectrum
        seen = np.asarray(spectrum.basis.T @ (root * view_values(problem, np.eye(problem.moments.dim))).T @ wanted)
        seen *= (spectrum.values > 0)[:, None]  # minimisers have nothing where kappa_i = 0
        value = float(np.sum(wanted**2)) - problem.solution.kept_energy(seen)[2].captured
        return Measured(max(value, 0.0), error)
    basis = orthonormal_columns(root * view_values(problem, problem.representation))
    return Measured(float(np.sum((wanted - basis @ (basis.T @ wanted)) ** 2)), error)


def label_energy(problem: Problem, grid: Grid) -> Measured:
    """E|Y|^2."""
    if problem.moments.label_sq is None:
        raise Unavailable("the problem has no labels")
    return Measured(float(problem.moments.label_sq), 8 * EPS * float(problem.moments.label_sq))


def products(problem: Problem) -> tuple[np.ndarray, float]:
    """f(x).f(z) for all pairs of views, (n, n), and a bound on their error."""
    process = listed_pairs(problem)
    if problem.weights is None and problem.solution.tie is not None:
        raise Unavailable("minimisers differ in a tie; pass the weights of one of them")
    values = view_values(problem, problem.representation)
    size = float(np.max(np.sum(values**2, axis=1), initial=0.0))
    error = values.shape[1] * EPS + (problem.solution.spectrum.error if problem.weights is None else 0.0)
    # A minimiser is whitened by the root of the marginal: its error is that of the eigenvalues over the least mass.
    return values @ values.T, 4 * error * size / (1.0 if problem.weights is not None else float(process.marginal.min()))


def density_ratio(problem: Problem) -> np.ndarray:
    """g* = p(x, z) / (p(x) p(z)), (n, n)."""
    process = listed_pairs(problem)
    return process.pair_law / np.outer(process.marginal, process.marginal)


def largest_ratio(problem: Problem, grid: Grid) -> Measured:
    """g_max."""
    found, error = products(problem)
    value = float(max(found.max(), density_ratio(problem).max()))
    return Measured(value, error + 8 * found.shape[0] * EPS * value)


def ratio_error(problem: Problem, grid: Grid) -> Measured:
    """E over independent views of (f(x).f(z) - g*(x, z))^2."""
    found, error = products(problem)
    law = np.outer(problem.process.marginal, problem.process.marginal)  # pyright: ignore[reportAttributeAccessIssue]
    value = float(np.sum(law * (found - density_ratio(problem)) ** 2))
    size = 1 + float(np.abs(found).max()) + float(density_ratio(problem).max())
    return Measured(value, 4 * size * (error + found.shape[0] * EPS * size))


def ratio_excess(problem: Problem, grid: Grid) -> Measured:
    """E KL between the posteriors g*/(1 + g*) and g/(1 + g) of a pair being positive, under the even mixture."""
    found, error = products(problem)
    if found.min() <= error:
        raise Unavailable("the odds f(x).f(z) are not all positive")
    ratio = density_ratio(problem)
    law = np.outer(problem.process.marginal, problem.process.marginal) / 2  # pyright: ignore[reportAttributeAccessIssue]
    gain = np.where(ratio > 0, ratio * np.log(np.where(ratio > 0, ratio, 1.0) / found), 0.0)
    terms = gain + (1 + ratio) * (np.log1p(found) - np.log1p(ratio))
    size = float(np.max(1 + ratio) * (1 + np.abs(np.log(found)).max() + np.log1p(ratio).max()))
    slope = float(np.max((1 + ratio) / found))
    return Measured(max(float(np.sum(law * terms)), 0.0), slope * error + 16 * found.shape[0] * EPS * size)


EVALUATORS = {
    sym.FIRST_REDUNDANCY: redundancy(second=False),
    sym.SECOND_REDUNDANCY: redundancy(second=True),
    sym.REDUNDANCY_ERROR: redundancy_error,
    sym.RELAYED_RISK: relayed_risk,
    sym.LABEL_ENERGY: label_energy,
    sym.LARGEST_RATIO: largest_ratio,
    sym.RATIO_EXCESS: ratio_excess,
    sym.RATIO_ERROR: ratio_error,
}
