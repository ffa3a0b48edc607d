"""Hypotheses of contrastive guarantees, computed: independence given the class, norms, class masses."""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from linrep import symbols as sym
from linrep._checks import InputError
from linrep._linalg import EPS
from linrep._types import dense
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.quantities._classes import ClassLaw, class_law
from linrep.quantities._contrast import score_error, scores
from linrep.quantities._hypotheses import Ruling
from linrep.quantities._labels import class_mass, class_targets, is_classes, is_sign
from linrep.quantities._measure import Grid, Unavailable
from linrep.symbols import Hypothesis

LARGEST_EXACT = 400_000
"""Most products in an exact pair law."""
LARGEST_PAIRS = 2048
"""Most views whose pair law is written out in floats."""


def dependence(problem: Problem) -> Fraction | float:
    """Half the sum of |P_plus - sum_c rho(c) D_c D_c^T|, the distance of a pair from independence given its class.

    A Fraction for exact processes of moderate size, else a float.

    Raises:
        Unavailable: labels that are not classes, inputs that are not listed, too many views.

    Source: the hypothesis of Arora et al. (2019), made a number (ours).
    """
    if "dependence" not in problem.memo:
        problem.memo["dependence"] = _dependence(problem)
    return problem.memo["dependence"]


def _dependence(problem: Problem) -> Fraction | float:
    law, process = class_law(problem), problem.process
    assert isinstance(process, FiniteProcess)
    if process.n_views > LARGEST_PAIRS:
        raise Unavailable(f"the pair law of {process.n_views} views is too large to be written out")
    if process.weights is not None and process.n_inputs * process.n_views**2 <= LARGEST_EXACT:
        channel = process.weights.channel_fractions()
        joint = process.weights.prior_fractions()[:, None] * channel
        mass = joint.T @ class_targets(problem).astype(int).astype(object)
        mass = mass[:, [bool(column.sum()) for column in mass.T]]
        return np.abs(joint.T @ channel - mass @ (mass / mass.sum(axis=0)).T).sum() / 2
    mass = class_mass(problem)
    mass = mass[:, mass.sum(axis=0) > 0]
    assert mass.shape[1] == len(law)
    return float(np.abs(dense(process.pair_law) - mass @ (mass / mass.sum(axis=0)).T).sum() / 2)


def _independent(problem: Problem, grid: Grid) -> Ruling:
    if not is_classes(problem):
        return Ruling(False, "no classes")
    if not isinstance(problem.process, FiniteProcess):
        return _independent_unlisted(problem)
    try:
        found = dependence(problem)
    except Unavailable as why:
        return Ruling(None, str(why))
    # P_plus sums over inputs, and so do the classes: n^2 entries, each off by that many roundings of its size.
    budget = 0 if isinstance(found, Fraction) else (problem.process.n_inputs + problem.process.n_views + 8) * EPS
    says = f"{float(found):.6g}{', exactly' if isinstance(found, Fraction) else ''}"
    return Ruling(bool(found <= budget), f"distance of a pair from independence given the class {says}")


def _independent_unlisted(problem: Problem) -> Ruling:
    """Disjoint views of equally likely inputs are 1 - C/N apart; otherwise more eigenvalues than classes rule it out.

    Given the class, an independent pair would be of two inputs with probability 1 - sum p^2 / rho = 1 - C/N, which a
    positive pair never is; and sum_c rho(c) D_c D_c^T has rank C.
    """
    process, classes = problem.process, 2
    if not is_sign(problem):
        return Ruling(None, "the inputs are not listed")
    if process.disjoint and process.uniform and math.isfinite(process.n_inputs) and process.n_inputs > classes:
        apart = 1 - Fraction(classes, int(process.n_inputs))
        return Ruling(False, f"distance of a pair from independence given the class at least {float(apart):.6g}")
    try:
        kappa = float(process.spectrum(classes + 1)[-1])
    except InputError as refusal:
        return Ruling(None, str(refusal))
    if kappa > 40 * (classes + 8) * EPS:
        return Ruling(False, f"{classes} classes, but eigenvalue {classes + 1} of a pair's law is {kappa:.6g}")
    return Ruling(None, "the views are not listed")


def _given(problem: Problem, grid: Grid) -> Ruling:
    given = problem.weights is not None
    return Ruling(given, "W is given" if given else "no representation is given; pass weights")


def _consistent(problem: Problem, grid: Grid) -> Ruling:
    if not is_classes(problem):
        return Ruling(False, "no classes")
    return Ruling(True, "the class is a function of the input, which both views share")


def _of_law(test: Callable[[Problem, ClassLaw], Ruling]) -> Callable[[Problem, Grid], Ruling]:
    def rule(problem: Problem, grid: Grid) -> Ruling:
        if not is_classes(problem):
            return Ruling(False, "no classes")
        if not isinstance(problem.process, FiniteProcess):
            return test(problem, _law_of_signs(problem)) if is_sign(problem) else Ruling(None, "inputs are not listed")
        return test(problem, class_law(problem))

    return rule


def _law_of_signs(problem: Problem) -> ClassLaw:
    """The masses of both signs, from the mean label of a closed form."""
    mean = Fraction(float(np.sum(np.asarray(problem.moments.label_mean, dtype=np.float64))))
    return tuple(p for p in ((1 - mean) / 2, (1 + mean) / 2) if p > 0)


def _several(problem: Problem, law: ClassLaw) -> Ruling:
    return Ruling(len(law) > 1, f"{len(law)} classes")


def _enough(problem: Problem, law: ClassLaw) -> Ruling:
    return Ruling(problem.negatives + 1 >= len(law), f"m = {problem.negatives}, C = {len(law)}")


def _uniform_classes(problem: Problem, law: ClassLaw) -> Ruling:
    process = problem.process
    terms = 8 if not isinstance(process, FiniteProcess) else 0 if process.exact else process.n_inputs + 2
    low, high = min(law), max(law)
    says = f"masses of {len(law)} classes from {float(low):.6g} to {float(high):.6g}"
    return Ruling(bool(high - low <= terms * EPS), says)


def _of_representation(test: Callable[[Problem], Ruling]) -> Callable[[Problem, Grid], Ruling]:
    def rule(problem: Problem, grid: Grid) -> Ruling:
        try:
            return test(problem)
        except Unavailable as why:
            return Ruling(None, str(why))

    return rule


def _unit_norm(problem: Problem) -> Ruling:
    s = scores(problem)
    norms = np.sum(s.values**2, axis=1)
    off = float(np.max(np.abs(norms - 1)))
    budget = score_error(problem)[1] * s.temperature + 4 * EPS
    return Ruling(off <= budget, f"squared norms from {norms.min():.6g} to {norms.max():.6g}")


def _nonzero(problem: Problem) -> Ruling:
    largest = score_error(problem)[0]
    return Ruling(largest > 0, f"b^2 = {largest:.6g}")


def _unit_temperature(problem: Problem, grid: Grid) -> Ruling:
    return Ruling(problem.temperature == 1, f"t = {problem.temperature}")


RULES: dict[Hypothesis, Callable[[Problem, Grid], Ruling]] = {
    sym.GIVEN_REPRESENTATION: _given,
    sym.CONDITIONALLY_INDEPENDENT: _independent,
    sym.LABEL_CONSISTENT: _consistent,
    sym.SEVERAL_CLASSES: _of_law(_several),
    sym.ENOUGH_NEGATIVES: _of_law(_enough),
    sym.UNIFORM_CLASSES: _of_law(_uniform_classes),
    sym.UNIT_NORM: _of_representation(_unit_norm),
    sym.UNIT_TEMPERATURE: _unit_temperature,
    sym.NONZERO_REPRESENTATION: _of_representation(_nonzero),
}
