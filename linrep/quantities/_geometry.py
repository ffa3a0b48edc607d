"""The nearest-mean classifier, and how far augmentations bring the inputs of a class together."""

import itertools
from typing import Any, NamedTuple

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS
from linrep._types import dense
from linrep.problems import Problem
from linrep.quantities._labels import class_targets, finite_problem, is_classes, view_values
from linrep.quantities._measure import Grid, Measured, Unavailable

LARGEST_CLIQUE = 18
"""Most inputs of a class whose heaviest close part is found exactly; beyond it a greedy part stands in, which is valid
and may be lighter."""


class Geometry(NamedTuple):
    """What the guarantee needs: main shares and unaligned masses over the grid, and whether the condition holds there.

    `outside` is 1 - sigma for each delta, (J, 1); `unaligned` R_epsilon for each epsilon, (1, I); `slack` what the
    class means are apart more than needed, (J, I).
    """

    outside: np.ndarray
    unaligned: np.ndarray
    slack: np.ndarray


def coordinates(problem: Problem) -> tuple[np.ndarray, np.ndarray] | None:
    """Inputs (n_bar, p) and views (n, p) as points of one space; None where they are not."""
    process = finite_problem(problem)
    try:
        inputs, views = (np.asarray(v, dtype=np.float64).reshape(len(v), -1) for v in (process.inputs, process.views))
    except (TypeError, ValueError):
        return None
    return (inputs, views) if inputs.shape[1] == views.shape[1] else None


def own_view(problem: Problem) -> np.ndarray | None:
    """For each input the view that is the input itself, (n_bar,); None where some input is no view of itself."""
    points = coordinates(problem)
    if points is None:
        return None
    channel = dense(finite_problem(problem).channel)
    found = [
        np.flatnonzero(np.all(points[1] == x, axis=1) & (row > 0)) for x, row in zip(points[0], channel, strict=True)
    ]
    return np.array([f[0] for f in found]) if all(f.size for f in found) else None


def separate_classes(problem: Problem) -> bool:
    """Whether no view belongs to inputs of two classes."""
    reached = (dense(finite_problem(problem).channel) > 0).T @ class_targets(problem) > 0
    return bool(np.all(reached.sum(axis=1) == 1))


def represented(problem: Problem) -> np.ndarray:
    """f of each view, (n, d); refused where minimisers differ."""
    if problem.weights is None and problem.solution.tie is not None:
        raise Unavailable("minimisers differ in a tie; pass the weights of one of them")
    return view_values(problem, problem.representation)


def norm_spread(problem: Problem) -> tuple[float, float, float]:
    """The smallest and largest |f(x)|^2 over views, and a bound on their error."""
    squares = np.sum(represented(problem) ** 2, axis=1)
    process = finite_problem(problem)
    error = (problem.dim + 4) * EPS * float(squares.max())
    if problem.weights is None:
        error += 4 * problem.solution.spectrum.error * float(squares.max()) / float(process.marginal.min())
    return float(squares.min()), float(squares.max()), error


def class_means(problem: Problem) -> tuple[np.ndarray, np.ndarray]:
    """Masses of the classes that occur, (r,), and mu_k = E[f(x) | class k], (r, d)."""
    process, targets = finite_problem(problem), class_targets(problem)
    masses = process.prior @ targets
    means = targets.T @ (process.prior[:, None] * np.asarray(process.channel @ represented(problem)))
    return masses[masses > 0], means[masses > 0] / masses[masses > 0][:, None]


def nearest_mean_error(problem: Problem, grid: Grid) -> Measured:
    """Pr[the nearest mu_k to f(input) is not the input's own]; equal distances are errors."""
    own = own_view(problem) if is_classes(problem) else None
    if own is None:
        raise Unavailable("the nearest-mean classifier reads the input itself, which is no view of itself here")
    process, targets = finite_problem(problem), class_targets(problem)
    present = targets[:, process.prior @ targets > 0]
    _, means = class_means(problem)
    distances = np.sum((represented(problem)[own][:, None, :] - means[None, :, :]) ** 2, axis=2)
    right = distances[present > 0]
    nearest = np.where(present > 0, np.inf, distances).min(axis=1, initial=np.inf)
    return Measured(float(process.prior @ ~(right < nearest)), process.n_inputs * EPS)


def geometry(problem: Problem) -> Geometry:
    """sigma, R_epsilon and the condition of the theorem over all observed delta and epsilon."""
    if "geometry" not in problem.memo:
        problem.memo["geometry"] = _geometry(problem)
    return problem.memo["geometry"]


def _geometry(problem: Problem) -> Geometry:
    process, values, points = finite_problem(problem), represented(problem), coordinates(problem)
    assert points is not None
    support = [np.flatnonzero(row > 0) for row in dense(process.channel)]
    spread = np.array([_diameter(values[views]) for views in support])
    masses, means = class_means(problem)
    apart = view_distance(points[1], support)
    deltas, sigma = main_shares(problem, apart)
    epsilons = np.unique(np.concatenate([[0.0], spread]))
    unaligned = np.array([process.prior[spread > e].sum() for e in epsilons])[None, :]
    length = float(np.sqrt(np.mean(np.sum(values**2, axis=1))))
    share, outside = sigma[:, None], 1 - sigma[:, None]
    if length == 0:  # all class means are one point
        return Geometry(outside, unaligned, np.full((len(outside), unaligned.size), -np.inf))
    reach = lipschitz(points[1], values) * deltas[:, None] / length + 2 * epsilons[None, :] / length
    rho = 2 * outside + unaligned / masses.min() + share * reach
    off = 1 - float(np.min(np.sum(means**2, axis=1))) / length**2
    closest = max((float(a @ b) for a, b in itertools.combinations(means, 2)), default=-np.inf)
    needed = length**2 * (1 - rho - np.sqrt(2 * rho) - off / 2)
    return Geometry(outside, unaligned, needed - closest)


def _diameter(values: np.ndarray) -> float:
    return float(np.max(np.linalg.norm(values[:, None, :] - values[None, :, :], axis=2), initial=0.0))


def view_distance(points: np.ndarray, support: list[np.ndarray]) -> np.ndarray:
    """d_A: least distance between views of two inputs, (n_bar, n_bar)."""
    between = np.linalg.norm(points[:, None, :] - points[None, :, :], axis=2)
    return np.array([[between[np.ix_(a, b)].min() for b in support] for a in support])


def lipschitz(points: np.ndarray, values: np.ndarray) -> float:
    """The least L with |f(x) - f(x')| <= L |x - x'| over the views; infinite where one point has two values."""
    between = np.linalg.norm(points[:, None, :] - points[None, :, :], axis=2)
    moved = np.linalg.norm(values[:, None, :] - values[None, :, :], axis=2)
    if np.any((between == 0) & (moved > 0)):
        return np.inf
    return float(np.max(moved / np.where(between > 0, between, 1.0), initial=0.0))


def main_shares(problem: Problem, apart: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Observed delta, (J,), and sigma: the least over classes of the mass share of its heaviest part within delta."""
    process, targets = finite_problem(problem), class_targets(problem)
    groups = [np.flatnonzero(column > 0) for column in targets.T if column.any()]
    deltas = np.unique(np.concatenate([[0.0], *(apart[np.ix_(g, g)].ravel() for g in groups)]))
    shares = [
        min(heaviest_part(apart[np.ix_(g, g)] <= d, process.prior[g]) / process.prior[g].sum() for g in groups)
        for d in deltas
    ]
    return deltas, np.array(shares)


def heaviest_part(close: np.ndarray, mass: np.ndarray) -> Any:
    """The largest mass of inputs that are all close to each other: exactly for few inputs, else a greedy part."""
    order = np.argsort(-mass, kind="stable")
    if len(mass) > LARGEST_CLIQUE:
        return max(mass[_greedy(close, order, start)].sum() for start in order)
    best = mass[order[0]]
    stack: list[tuple[Any, list[int]]] = [(0, order.tolist())]
    while stack:  # branch and bound: take the first candidate, or leave it
        taken, left = stack.pop()
        best = max(best, taken)
        if left and taken + mass[left].sum() > best:
            head, *rest = left
            stack.append((taken, rest))
            stack.append((taken + mass[head], [i for i in rest if close[head, i]]))
    return best


def _greedy(close: np.ndarray, order: np.ndarray, start: int) -> list[int]:
    """The start, and then each input that is close to all so far."""
    part = [start]
    for other in order:
        if other != start and close[other, part].all():
            part.append(other)
    return part


def best_choice(problem: Problem) -> tuple[float, float]:
    """1 - sigma and R_epsilon at the admissible delta and epsilon with the least sum."""
    found = geometry(problem)
    total = np.where(found.slack > _budget(problem), found.outside + found.unaligned, np.inf)
    if not np.isfinite(total).any():
        raise Unavailable("the class means are not far enough apart for any epsilon and delta")
    row, column = np.unravel_index(total.argmin(), total.shape)
    return float(found.outside[row, 0]), float(found.unaligned[0, column])


def _budget(problem: Problem) -> float:
    """Rounding of the condition: a root of a difference of size one, and the error of f."""
    low, high, error = norm_spread(problem)
    return high * (np.sqrt(error / max(low, EPS)) + 64 * problem.dim * EPS)


def admissible_choice(problem: Problem) -> bool:
    """Whether the condition of the theorem holds for some epsilon and delta, beyond rounding."""
    return bool(np.any(geometry(problem).slack > _budget(problem)))


def main_share(problem: Problem, grid: Grid) -> Measured:
    """sigma."""
    return Measured(1 - best_choice(problem)[0], finite_problem(problem).n_inputs * EPS)


def unaligned_share(problem: Problem, grid: Grid) -> Measured:
    """R_epsilon."""
    return Measured(best_choice(problem)[1], finite_problem(problem).n_inputs * EPS)


EVALUATORS = {
    sym.NEAREST_MEAN_ERROR: nearest_mean_error,
    sym.MAIN_SHARE: main_share,
    sym.UNALIGNED_SHARE: unaligned_share,
}
