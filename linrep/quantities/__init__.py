"""Float64 evaluators of every quantity and hypothesis that theorems speak of, keyed by symbol."""

import math
from collections.abc import Callable

import numpy as np

from linrep import symbols as sym
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.quantities import (
    _classes,
    _clusters,
    _contrast,
    _contrast_rules,
    _counted,
    _errors,
    _geometry,
    _hypotheses,
    _labels,
    _minimax,
    _process,
    _redundancy,
    _risk,
    _samples,
    _spectral,
    _steps,
    _structure,
)
from linrep.quantities._hypotheses import Ruling as Ruling
from linrep.quantities._measure import Between as Between
from linrep.quantities._measure import Grid as Grid
from linrep.quantities._measure import Measured as Measured
from linrep.quantities._measure import Unavailable as Unavailable
from linrep.quantities._measure import at as at
from linrep.quantities._measure import carried as carried
from linrep.symbols import Hypothesis, Quantity, Shape

EVALUATORS: dict[Quantity, Callable[[Problem, Grid], Measured | Between]] = {
    **_spectral.EVALUATORS,
    **_risk.EVALUATORS,
    **_errors.EVALUATORS,
    **_process.EVALUATORS,
    **_minimax.EVALUATORS,
    **_clusters.EVALUATORS,
    **_redundancy.EVALUATORS,
    **_geometry.EVALUATORS,
    **_samples.EVALUATORS,
    **_steps.EVALUATORS,
    **_counted.EVALUATORS,
    **_classes.EVALUATORS,
    **_contrast.EVALUATORS,
}
"""How each quantity is computed on a problem."""

RULES: dict[Hypothesis, Callable[[Problem, Grid], Ruling]] = {
    **_hypotheses.RULES,
    **_structure.RULES,
    **_contrast_rules.RULES,
}
"""How each hypothesis is ruled on."""

MOST_MARGINS = 2048
"""Most thresholds that are tried for a margin theorem; more are thinned evenly, which keeps every bound valid."""

_BUDGETS = {sym.VACUITY_BUDGET, sym.INTERLACING_BUDGET, sym.SHORT_INTERLACING_BUDGET}
_IN_PROOFS = frozenset(_steps.EVALUATORS) - _steps.WITHOUT_LABELS | {sym.BAYES_SPLIT}
_ABOUT_LABELS = frozenset(_risk.EVALUATORS) | frozenset(_errors.EVALUATORS) | _BUDGETS | _IN_PROOFS


def measure(quantity: Quantity, problem: Problem, grid: Grid) -> Measured | Between:
    """The quantity on the problem, with its rounding error.

    Args:
        quantity: a token of `linrep.symbols`.
        problem: what it is asked about.
        grid: the indices k and margins for indexed quantities.

    Raises:
        Unavailable: there is no number, with the reason.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=4, relevant=2, scale=lr.processes.Uniform(0, 1))
    >>> pb = lr.Problem(p, lr.features.Linear(), lr.labels.Coordinate(0), dim=2)
    >>> measure(sym.CUT_EIGENVALUE, pb, index_grid(pb)).value
    0.25
    """
    if quantity in _ABOUT_LABELS and problem.labels is None:
        raise Unavailable("the problem has no labels")
    at = (grid.k.tobytes(), grid.margins.tobytes()) if quantity.shape is Shape.INDEXED else ()
    key = (quantity, *at)
    if key not in problem.memo:
        problem.memo[key] = EVALUATORS[quantity](problem, grid)
    return problem.memo[key]


def rule(hypothesis: Hypothesis, problem: Problem, grid: Grid) -> Ruling:
    """Whether the hypothesis holds on the problem, and what was seen.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[1, 0], [0, 1]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), dim=1)
    >>> rule(sym.DISJOINT, pb, index_grid(pb))
    Ruling(holds=True, seen='identification error 0')
    """
    return RULES[hypothesis](problem, grid)


def index_grid(problem: Problem, *, margins: str | None = None) -> Grid:
    """The admissible k <= d; with margins="augmented" or "mean", also the positive margins of the score.

    Raises:
        Unavailable: margins of a process whose views are not listed.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=4, relevant=2, scale=lr.processes.Uniform(0, 1))
    >>> index_grid(lr.Problem(p, lr.features.Linear(), dim=2)).k.tolist()
    [[2]]
    """
    k = _spectral.admissible(problem)[:, None]
    if margins is None:
        return Grid(k, np.ones((1, 1)))
    if problem.labels is None or not _labels.is_sign(problem):
        return Grid(k, np.zeros((1, 0)))
    values = np.unique(_labels.label_margins(problem, _risk.score_vector(problem), mean=margins == "mean")[0])
    positive = values[values > 0]
    if positive.size > MOST_MARGINS:
        positive = positive[np.linspace(0, positive.size - 1, MOST_MARGINS).astype(int)]
    return Grid(k, positive[None, :])


def trivial(quantity: Quantity, problem: Problem) -> float | None:
    """What is known of the quantity without any theorem: the best constant's risk or error, or the end of the range.

    Upper bounds at or above it, and lower bounds at or below 0, are vacuous. None where nothing is known.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 3], [[1, 0], [0, 1]])
    >>> trivial(sym.MEAN_ERROR, lr.Problem(p, lr.features.OneHot(), [1, -1]))
    0.25
    """
    if quantity in (sym.WORST_INDISTINGUISHABLE_ERROR, sym.WORST_RELABELLED_ERROR, sym.TRANSFER_VALUE):
        return 0.0
    if quantity in (sym.MEAN_RISK, sym.AUGMENTED_RISK, *_CLASS_RISKS, *_ERRORS):
        return None if problem.labels is None else _constant_predictor(quantity, problem)
    if quantity in (sym.MEAN_HINGE, sym.MEAN_LOGISTIC, sym.MEAN_CROSS_ENTROPY):
        return _zero_representation(quantity, problem)
    if quantity == sym.RELAYED_RISK:
        return _constant_relay(problem)
    if quantity == sym.HEAD_DEFECT:
        return float(problem.dim)
    if quantity == sym.VACUITY_BUDGET:
        return float(np.sum(problem.solution.kept**2))
    return None if quantity.upper is None else float(quantity.upper)


_CLASS_RISKS = (sym.BAYES_TARGET_RISK, sym.CLASS_MEAN_RISK)
_ERRORS = (sym.MEAN_ERROR, sym.AUGMENTED_ERROR, sym.ARGMAX_MEAN_ERROR, sym.ARGMAX_AUGMENTED_ERROR, sym.VOTE_ERROR)


def _constant_predictor(quantity: Quantity, problem: Problem) -> float | None:
    moments = problem.moments
    assert moments.label_sq is not None
    mean = np.atleast_1d(np.asarray(moments.label_mean, dtype=np.float64))
    if quantity in (sym.MEAN_RISK, sym.AUGMENTED_RISK):
        return max(float(moments.label_sq) - float(mean @ mean), 0.0)
    if not _labels.is_classes(problem):
        return None
    if quantity == sym.BAYES_TARGET_RISK:
        return _constant_for_bayes_label(problem)
    masses = np.array([1 - mean[0], 1 + mean[0]]) / 2 if _labels.is_sign(problem) else mean
    return float(1 - np.sum(masses**2)) if quantity in _CLASS_RISKS else float(1 - masses.max())


def _constant_relay(problem: Problem) -> float | None:
    """The squared error of the best constant for mu."""
    try:
        mass, wanted = _labels.finite_problem(problem).marginal, _redundancy.relayed(problem)
    except Unavailable:
        return None
    return float(mass @ np.sum((wanted - mass @ wanted) ** 2, axis=1))


def _zero_representation(quantity: Quantity, problem: Problem) -> float | None:
    """The loss of the class means of f = 0."""
    try:
        return math.log(len(_classes.class_law(problem))) if quantity == sym.MEAN_CROSS_ENTROPY else 1.0
    except Unavailable:
        return None


def _constant_for_bayes_label(problem: Problem) -> float | None:
    if not isinstance(problem.process, FiniteProcess):
        return None
    return float(1 - np.sum((problem.process.marginal @ _labels.bayes_targets(problem)) ** 2))
