"""Conditions on clusters, geometry, pairs of views and training sets, ruled on in float64."""

from collections.abc import Callable

import numpy as np

from linrep import symbols as sym
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.quantities import _clusters, _geometry, _minimax, _redundancy
from linrep.quantities._hypotheses import Ruling
from linrep.quantities._labels import class_targets, finite_problem, is_classes
from linrep.quantities._measure import Grid, Unavailable
from linrep.quantities._risk import bayes_regression, label_noise, risk_budget
from linrep.quantities._samples import sample_deviation
from linrep.symbols import Hypothesis
from linrep.witnesses import shares_randomness

UNLISTED = Ruling(None, "not settled: the inputs and views are not listed")


def _below_rank(problem: Problem, grid: Grid) -> Ruling:
    return Ruling(_minimax.below_rank(problem), f"d = {problem.dim}, rank {problem.solution.spectrum.rank}")


def _gap(problem: Problem, grid: Grid) -> Ruling:
    value = _minimax.gap(problem)
    return Ruling(bool(value > 2 * problem.solution.spectrum.error), f"kappa_d - kappa_{{d+1}} = {value:.6g}")


def guarded(rule: Callable[[Problem], Ruling], *, classes: bool = False) -> Callable[..., Ruling]:
    """A rule that stays open where nothing is listed, and fails where it needs classes and there are none.

    Whatever is given besides the problem (indices, places) is not looked at.
    """

    def ruled(problem: Problem, *where: object) -> Ruling:
        if classes and not is_classes(problem):
            return Ruling(False, "the labels are not classes")
        try:
            return rule(problem)
        except Unavailable as reason:
            return Ruling(None, f"not settled: {reason}")

    return ruled


def _dim_is_clusters(problem: Problem) -> Ruling:
    count = _clusters.cluster_masses(problem).size
    return Ruling(problem.dim == count, f"d = {problem.dim}, {count} clusters")


def _implementable(problem: Problem) -> Ruling:
    nowhere = Grid(np.zeros((0, 1), dtype=int), np.zeros((1, 0)))
    missed = float(bayes_regression(one_hot=True)(problem, nowhere).value)
    return Ruling(
        bool(missed <= risk_budget(problem)), f"their squared distance from the class is {max(missed, 0.0):.3g}"
    )


def _separated(problem: Problem) -> Ruling:
    crossing, lightest = _clusters.crossing(problem), float(_clusters.cluster_masses(problem).min())
    margin = lightest - crossing
    # both are sums of probabilities of views, each a product of two rounded numbers; closed forms are a few operations
    terms = problem.process.n_views if isinstance(problem.process, FiniteProcess) else 8
    return Ruling(
        bool(margin > 4 * terms * np.finfo(np.float64).eps), f"alpha = {crossing:.3g}, P_min = {lightest:.3g}"
    )


def _expands(problem: Problem) -> Ruling:
    value, error = _clusters.least_expansion(problem)
    return Ruling(bool(value > error), f"beta = {value:.3g}")


def _twice_classes(problem: Problem) -> Ruling:
    count = int(np.count_nonzero(finite_problem(problem).prior @ class_targets(problem) > 0))
    return Ruling(problem.dim >= 2 * count, f"d = {problem.dim}, {count} classes")


def _noisy(problem: Problem) -> Ruling:
    noise = float(label_noise(problem, Grid(np.zeros((0, 1), dtype=int), np.zeros((1, 0)))).value)
    return Ruling(noise > 0, f"label noise {noise:.3g}")


def _positive_products(problem: Problem, grid: Grid) -> Ruling:
    try:
        found, error = _redundancy.products(problem)
    except Unavailable as reason:
        return Ruling(False, f"{reason}")
    return Ruling(bool(found.min() > error), f"least f(x).f(z) = {found.min():.3g}")


def _shared_randomness(problem: Problem, grid: Grid) -> Ruling:
    if not isinstance(problem.process, FiniteProcess):
        return UNLISTED
    shared = shares_randomness(problem.process)
    return Ruling(shared, f"inputs have {'' if shared else 'not '}the same probabilities over their views")


def _constant_norm(problem: Problem, grid: Grid) -> Ruling:
    try:
        low, high, error = _geometry.norm_spread(problem)
    except Unavailable as reason:
        return Ruling(False, f"{reason}")
    return Ruling(bool(low > error and high - low <= error), f"|f(x)|^2 from {low:.6g} to {high:.6g}")


def _self_views(problem: Problem, grid: Grid) -> Ruling:
    if not isinstance(problem.process, FiniteProcess):
        return UNLISTED
    holds = _geometry.own_view(problem) is not None
    return Ruling(holds, f"{'every' if holds else 'not every'} input is a view of itself")


def _separate_classes(problem: Problem) -> Ruling:
    holds = problem.process.disjoint or _geometry.separate_classes(problem)
    return Ruling(holds, "views name the class" if holds else "some view belongs to two classes")


def _separated_means(problem: Problem) -> Ruling:
    others = (_constant_norm, _self_views, guarded(_separate_classes, classes=True))
    grid = Grid(np.zeros((0, 1), dtype=int), np.zeros((1, 0)))
    if not all(rule(problem, grid).holds for rule in others):
        return Ruling(False, "not looked at: another hypothesis fails")
    slack = float(_geometry.geometry(problem).slack.max())
    return Ruling(_geometry.admissible_choice(problem), f"largest slack of the condition {slack:.3g}")


def _sample_given(problem: Problem, grid: Grid) -> Ruling:
    sample = problem.sample
    return Ruling(sample is not None, "no sample" if sample is None else f"n = {sample.size}, delta = {sample.failure}")


def _small_deviation(problem: Problem, grid: Grid) -> Ruling:
    if problem.sample is None:
        return Ruling(False, "no sample")
    eta = sample_deviation(problem, grid)
    return Ruling(bool(eta.value + eta.error < 1), f"eta = {float(eta.value):.3g}")


def _deviation_below_gap(problem: Problem, grid: Grid) -> Ruling:
    if problem.sample is None or problem.dim > problem.solution.spectrum.rank:
        return Ruling(False, "no sample" if problem.sample is None else "d exceeds the rank")
    eta, last = float(sample_deviation(problem, grid).value), float(problem.solution.spectrum.kappa(problem.dim))
    gap = _minimax.gap(problem) / max(last, np.finfo(np.float64).tiny)
    # a quotient of two eigenvalues at most one, each off by `error`: by 2 error / kappa_d to first order
    budget = 8 * problem.solution.spectrum.error / max(last, np.finfo(np.float64).tiny)
    return Ruling(bool(2 * eta < gap - budget), f"eta = {eta:.3g}, 1 - kappa_{{d+1}} / kappa_d = {gap:.3g}")


RULES: dict[Hypothesis, Callable[[Problem, Grid], Ruling]] = {
    sym.DIM_BELOW_RANK: _below_rank,
    sym.SPECTRAL_GAP: _gap,
    sym.DIM_IS_CLUSTERS: guarded(_dim_is_clusters, classes=True),
    sym.IMPLEMENTABLE_CLUSTERS: guarded(_implementable, classes=True),
    sym.SEPARATED_CLUSTERS: guarded(_separated, classes=True),
    sym.POSITIVE_EXPANSION: guarded(_expands, classes=True),
    sym.TWICE_CLASSES: guarded(_twice_classes, classes=True),
    sym.NOISY_LABELS: guarded(_noisy, classes=True),
    sym.POSITIVE_PRODUCTS: _positive_products,
    sym.SHARED_RANDOMNESS: _shared_randomness,
    sym.CONSTANT_NORM: _constant_norm,
    sym.SELF_VIEWS: _self_views,
    sym.SEPARATE_CLASSES: guarded(_separate_classes, classes=True),
    sym.SEPARATED_MEANS: guarded(_separated_means, classes=True),
    sym.SAMPLE_GIVEN: _sample_given,
    sym.SMALL_DEVIATION: _small_deviation,
    sym.DEVIATION_BELOW_GAP: _deviation_below_gap,
}
