"""Hypotheses, computed on the problem: whether each holds, and what was seen."""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS
from linrep.features import Linear
from linrep.labels import Coordinate
from linrep.problems import Problem
from linrep.processes import FiniteProcess, HypercubeScaling, Uniform
from linrep.quantities._labels import is_classes, is_sign
from linrep.quantities._measure import Grid
from linrep.quantities._spectral import kappa_at, suboptimality
from linrep.symbols import Hypothesis


class Ruling(NamedTuple):
    """Whether a hypothesis holds (None: not settled in float64) and what was seen.

    Source: ours.

    >>> Ruling(True, "disjoint").holds
    True
    """

    holds: bool | None
    seen: str


def _minimiser(problem: Problem, grid: Grid) -> Ruling:
    if problem.weights is None:
        return Ruling(True, "minimisers of the class")
    measured = suboptimality(problem, grid)
    if measured.value > measured.error:
        return Ruling(False, f"suboptimality {measured.value:.3g}")
    # The loss is quadratic around its minimisers: rounding of size e in it hides a distance of size sqrt e from them.
    return Ruling(
        None, f"suboptimality {measured.value:.3g} is within rounding; weights=None stands for the minimisers"
    )


def _positive(offset: int, *, of_defect: bool, symbol: str) -> Callable[[Problem, Grid], Ruling]:
    def rule(problem: Problem, grid: Grid) -> Ruling:
        kappa = float(kappa_at(problem, np.array(problem.dim + offset)))
        value = 1 - kappa if of_defect else kappa
        return Ruling(value > 2 * problem.solution.spectrum.error, f"{symbol} = {value:.6g}")

    return rule


def _admissible(problem: Problem, grid: Grid) -> Ruling:
    found = grid.k.ravel()
    return Ruling(found.size > 0, f"admissible k: {_short(found)}" if found.size else "no admissible k")


def _short(values: np.ndarray) -> str:
    shown = ", ".join(str(int(v)) for v in values[:6])
    return shown + (", …" if values.size > 6 else "")


def _positive_margin(problem: Problem, grid: Grid) -> Ruling:
    return Ruling(grid.margins.size > 0, f"{grid.margins.size} positive margins")


def _sign_labels(problem: Problem, grid: Grid) -> Ruling:
    return Ruling(is_sign(problem), "no labels" if problem.labels is None else f"{problem.label.kind} labels")


def _class_labels(problem: Problem, grid: Grid) -> Ruling:
    return Ruling(is_classes(problem), "no labels" if problem.labels is None else f"{problem.label.kind} labels")


def _one_output(problem: Problem, grid: Grid) -> Ruling:
    outputs = 0 if problem.labels is None else problem.solution.spectrum.cross.shape[1]
    return Ruling(outputs == 1, f"{outputs} outputs")


def _balanced(problem: Problem, grid: Grid) -> Ruling:
    if not is_sign(problem):
        return Ruling(False, "labels are not signs")
    mean = float(np.sum(np.asarray(problem.moments.label_mean, dtype=np.float64)))
    # A finite process sums n_bar labels; a closed form is a handful of operations.
    terms = problem.process.n_inputs if isinstance(problem.process, FiniteProcess) else 8
    return Ruling(abs(mean) <= terms * EPS, f"mean label {mean:.3g}")


def _uniform(problem: Problem, grid: Grid) -> Ruling:
    return Ruling(
        problem.process.uniform,
        f"{problem.process.n_inputs} inputs, {'' if problem.process.uniform else 'not '}equally likely",
    )


def _disjoint(problem: Problem, grid: Grid) -> Ruling:
    return Ruling(problem.process.disjoint, f"identification error {float(problem.process.identification_error):.3g}")


def _unrestricted(problem: Problem, grid: Grid) -> Ruling:
    return Ruling(problem.unrestricted, f"class {problem.features.name}")


def _dim_below_inputs(problem: Problem, grid: Grid) -> Ruling:
    count = problem.process.n_inputs
    return Ruling(math.isfinite(count) and problem.dim < count, f"d = {problem.dim}, N = {count}")


def _example_one(problem: Problem, grid: Grid) -> Ruling:
    process, label = problem.process, problem.labels
    fits = (
        isinstance(process, HypercubeScaling)
        and process.scale == Uniform(0, 1)
        and isinstance(problem.features, Linear)
        and isinstance(label, Coordinate)
        and label.index < process.relevant <= problem.dim
    )
    return Ruling(fits, f"{type(process).__name__}, {problem.features.name}, d = {problem.dim}")


RULES: dict[Hypothesis, Callable[[Problem, Grid], Ruling]] = {
    sym.MINIMISER: _minimiser,
    sym.POSITIVE_CUT_EIGENVALUE: _positive(1, of_defect=True, symbol="lambda_{d+1}"),
    sym.POSITIVE_LAST_RETAINED: _positive(0, of_defect=False, symbol="kappa_d"),
    sym.ADMISSIBLE_INDEX: _admissible,
    sym.POSITIVE_MARGIN: _positive_margin,
    sym.SIGN_LABELS: _sign_labels,
    sym.CLASS_LABELS: _class_labels,
    sym.ONE_OUTPUT: _one_output,
    sym.BALANCED_LABELS: _balanced,
    sym.UNIFORM_PRIOR: _uniform,
    sym.DISJOINT: _disjoint,
    sym.UNRESTRICTED: _unrestricted,
    sym.DIM_BELOW_INPUTS: _dim_below_inputs,
    sym.EXAMPLE_ONE: _example_one,
}
