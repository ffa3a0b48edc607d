"""Contrastive losses and class-mean losses of a given representation, in float64 with derived errors."""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import logsumexp

from linrep import symbols as sym
from linrep._linalg import EPS
from linrep._types import dense
from linrep.losses._laplace import WIDEST, mean_log_error, mean_log_sums
from linrep.problems import Problem
from linrep.quantities import _scores
from linrep.quantities._classes import class_law
from linrep.quantities._labels import class_targets, finite_problem, is_classes, view_values
from linrep.quantities._measure import Grid, Measured, Unavailable
from linrep.quantities._scores import Maths, Scores
from linrep.symbols import Quantity

MOST_VALUES = 512
"""Most distinct values of f whose scores are listed."""
MOST_TRIPLES = 8_000_000
"""Most triples of an anchor, a positive and a negative that are listed."""
LARGEST_TABLE = 20_000_000
"""Most entries of a channel that is written out."""

FLOATS = Maths(
    exp=np.exp,
    log=math.log,
    log_mean_exp=lambda values, weights: np.asarray(logsumexp(values, axis=-1, b=weights)),
    softplus=lambda z: np.logaddexp(0.0, z),
    log_two=math.log(2),
    mean_log_sums=mean_log_sums,
)
"""Elementary functions of float64."""


def scores(problem: Problem) -> Scores:
    """The scores of the problem's representation, remembered with the problem.

    Raises:
        Unavailable: no representation, inputs that are not listed, too large a support.
    """
    if problem.weights is None:
        raise Unavailable("this is about a given representation; pass weights")
    if "scores" not in problem.memo:
        problem.memo["scores"] = _scored(problem)
    return problem.memo["scores"]


def _scored(problem: Problem) -> Scores:
    process = finite_problem(problem)
    if process.n_inputs * process.n_views > LARGEST_TABLE:
        raise Unavailable(f"a channel of {process.n_inputs} x {process.n_views} is too large to be written out")
    values = np.asarray(view_values(problem, problem.representation), dtype=np.float64)
    if len(np.unique(values, axis=0)) > MOST_VALUES:
        raise Unavailable(f"the representation takes more than {MOST_VALUES} distinct values")
    tables = (np.asarray(dense(process.joint)), np.asarray(dense(process.channel)))
    return _scores.scores_of(values, float(problem.temperature), *tables, classes_or_one(problem))


def classes_or_one(problem: Problem) -> np.ndarray:
    """One-hot classes, (n_bar, C); without class labels everything is of one class."""
    return class_targets(problem) if is_classes(problem) else np.ones((finite_problem(problem).n_inputs, 1))


def score_error(problem: Problem) -> tuple[float, float]:
    """The largest score in modulus, and the rounding error of scores.

    f = W.T phi sums D products and a score d of them; with N the largest |phi|.|W| the error of a score is at most
    2 (D + d + 4) eps |N|^2 / t.
    """
    s = scores(problem)
    matrix = np.abs(problem.representation)
    size = np.abs(np.asarray(view_values(problem, np.eye(len(matrix))))) @ matrix
    bound = float(np.max(np.sum(size**2, axis=1))) / s.temperature
    return float(np.max(s.norms)), 2 * (sum(matrix.shape) + 4) * EPS * bound


def _averaged(problem: Problem, terms: int, size: float, slope: float = 1.0) -> float:
    """Error of a mean of so many terms of at most the given size, that change at most `slope` times as fast as scores.

    Sums of n products are off by (n + 2) eps; the probabilities are sums over inputs.
    """
    process = finite_problem(problem)
    return (terms + process.n_inputs + process.n_views + 8) * EPS * size + 2 * slope * score_error(problem)[1]


Evaluator = Callable[[Problem, Grid], Measured]


def _one_negative(average: Callable, loss: _scores.Loss, slope: float) -> Evaluator:
    def evaluate(problem: Problem, grid: Grid) -> Measured:
        s = scores(problem)
        u, classes = s.mass.shape
        if average is not _scores.pair_loss and len(class_law(problem)) < 2:
            raise Unavailable("there is one class only")
        terms = u * classes * classes if average is _scores.mean_loss else u**3
        if terms > MOST_TRIPLES:
            raise Unavailable(f"{u} distinct values have too many triples to list")
        size = slope * (1 + 2 * score_error(problem)[0])
        apart = 1 - float(np.sum(s.rho**2)) if average is not _scores.pair_loss else 1.0
        return Measured(float(average(s, FLOATS, loss)), _averaged(problem, terms, size, slope) / apart)

    return evaluate


def _smooth(average: Callable, slope: float = 1.0) -> Evaluator:
    """Means that change at most `slope` times as fast as scores, and are at most as large plus ln C."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        s = scores(problem)
        size = slope * (2 * score_error(problem)[0] + math.log(1 + s.mass.size))
        return Measured(float(average(s, FLOATS)), _averaged(problem, s.gram.size, size, slope))

    return evaluate


def _of_classes(evaluator: Evaluator) -> Evaluator:
    """Refuses labels that are not classes."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        class_law(problem)
        return evaluator(problem, grid)

    return evaluate


def _many_negatives(average: Callable) -> Evaluator:
    def evaluate(problem: Problem, grid: Grid) -> Measured:
        s, m = scores(problem), problem.negatives
        largest = score_error(problem)[0]
        if 2 * largest > WIDEST:  # scores lie in [-largest, largest]
            raise Unavailable(f"scores up to {largest:.3g} in modulus have exponentials beyond float64")
        size = 2 * largest + math.log(m + 1)
        error = _averaged(problem, s.gram.size, size, 2.0) + mean_log_error(len(s.law), 2 * largest, m)
        return Measured(float(average(s, FLOATS, m)), error)

    return evaluate


contrastive_loss = _many_negatives(_scores.contrastive_loss)
contrastive_limit = _smooth(_scores.contrastive_limit, 2.0)


def limit_gap(problem: Problem, grid: Grid) -> Measured:
    """|L_cont - ln m - limit|."""
    loss, limit = contrastive_loss(problem, grid), contrastive_limit(problem, grid)
    gap = abs(float(loss.value) - math.log(problem.negatives) - float(limit.value))
    return Measured(gap, float(loss.error) + float(limit.error) + 2 * EPS * math.log(problem.negatives + 1))


def _tilt_error(problem: Problem) -> float:
    """Relative error of e^{s} / E e^{s-}: that of two exponentials of scores, and of a sum over the law."""
    largest, error = score_error(problem)
    return (3 * scores(problem).gram.size + 40 + 8 * largest) * EPS + 8 * error


def positive_tilt(problem: Problem, grid: Grid) -> Measured:
    """E[e^{s+} / E e^{s-}], a mean of positive terms."""
    value = float(_scores.positive_tilt(scores(problem), FLOATS))
    return Measured(value, _tilt_error(problem) * value)


def negative_tilt(problem: Problem, grid: Grid) -> Measured:
    """E_x[Var(e^{s-}) / E e^{s-}]: with r the relative weight of a negative, (r - 1)^2 is off by 4 r^2 at most, r >= 1,
    or by 4 r, whose mean is no more than that of r^2."""
    s = scores(problem)
    with np.errstate(over="ignore"):
        value, above = float(_scores.negative_tilt(s, FLOATS)), float(_scores.second_tilt(s, FLOATS))
    return Measured(value, 4 * _tilt_error(problem) * above)


def _variance(pick: Callable[[Scores, np.ndarray], float]) -> Evaluator:
    def evaluate(problem: Problem, grid: Grid) -> Measured:
        s = scores(problem)
        error = _averaged(problem, s.mass.size + s.values.shape[1], 4 * score_error(problem)[0], 4.0)
        return Measured(pick(s, _scores.class_variances(s)), error)

    return evaluate


def squared_norm(problem: Problem, grid: Grid) -> Measured:
    """b^2."""
    largest, error = score_error(problem)
    return Measured(largest, error)


def class_spread(problem: Problem, grid: Grid) -> Measured:
    """s(f)."""
    s = scores(problem)
    largest = np.maximum(np.linalg.eigvalsh(_scores.class_covariances(s))[:, -1], 0.0)  # clipped only within `inside`
    lengths = s.given.T @ np.linalg.norm(s.values, axis=1)
    weights = s.rho**2 / np.sum(s.rho**2)
    bound, error = score_error(problem)
    # A root of a number that is off by e is off by at most sqrt e; LAPACK's eigenvalues are off by 10 d eps |Cov|.
    inside = s.temperature * (_averaged(problem, s.gram.size, 4 * bound, 4.0) + 10 * s.values.shape[1] * EPS * bound)
    length = math.sqrt(s.temperature * bound)
    root = np.minimum(math.sqrt(inside), inside / np.maximum(np.sqrt(largest), EPS))
    off = float(weights @ (root * lengths)) + _averaged(problem, s.mass.size, length**2) + error * s.temperature
    return Measured(float(weights @ (np.sqrt(largest) * lengths)) / s.temperature, 2 * off / s.temperature)


def _jensen(corners: Callable[[Problem], list]) -> Evaluator:
    def evaluate(problem: Problem, grid: Grid) -> Measured:
        largest, error = score_error(problem)
        found = corners(problem)
        value = float(max(_scores.jensen_gap(FLOATS, largest, found)))
        return Measured(value, 8 * EPS * (2 * largest + math.log(1 + len(found))) + 2 * error)

    return evaluate


def _class_corners(problem: Problem) -> list:
    return [(k, rest, float(share)) for k, rest, share in _scores.class_corners(class_law(problem))]


def _negative_corners(problem: Problem) -> list:
    return [(k, rest, float(share)) for k, rest, share in _scores.negative_corners(problem.negatives)]


EVALUATORS: dict[Quantity, Evaluator] = {
    sym.PAIR_HINGE: _one_negative(_scores.pair_loss, _scores.hinge, 1.0),
    sym.PAIR_LOGISTIC: _one_negative(_scores.pair_loss, _scores.logistic, 2.0),
    sym.APART_HINGE: _one_negative(_scores.apart_loss, _scores.hinge, 1.0),
    sym.APART_LOGISTIC: _one_negative(_scores.apart_loss, _scores.logistic, 2.0),
    sym.MEAN_HINGE: _one_negative(_scores.mean_loss, _scores.hinge, 1.0),
    sym.MEAN_LOGISTIC: _one_negative(_scores.mean_loss, _scores.logistic, 2.0),
    sym.CONTRASTIVE_LOSS: contrastive_loss,
    sym.NEGATIVES_ONLY_LOSS: _many_negatives(_scores.negatives_only),
    sym.CONTRASTIVE_LIMIT: contrastive_limit,
    sym.LIMIT_GAP: limit_gap,
    sym.MEAN_CROSS_ENTROPY: _of_classes(_smooth(_scores.mean_cross_entropy, 2.0)),
    sym.MEAN_POTENTIAL: _of_classes(_smooth(_scores.mean_potential)),
    sym.ALIGNMENT: _smooth(_scores.alignment),
    sym.REPULSION: _smooth(_scores.repulsion),
    sym.INPUT_SPREAD: _of_classes(_smooth(_scores.input_spread, 2.0)),
    sym.POSITIVE_TILT: positive_tilt,
    sym.NEGATIVE_TILT: negative_tilt,
    sym.CLASS_VARIANCE: _of_classes(_variance(lambda s, spread: float(s.rho @ spread))),
    sym.WORST_CLASS_VARIANCE: _of_classes(_variance(lambda s, spread: float(spread.max()))),
    sym.SQUARED_NORM: squared_norm,
    sym.CLASS_SPREAD: _of_classes(class_spread),
    sym.CLASS_JENSEN_GAP: _jensen(_class_corners),
    sym.NEGATIVE_JENSEN_GAP: _jensen(_negative_corners),
}
