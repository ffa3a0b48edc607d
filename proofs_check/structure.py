"""Conditions on clusters, geometry, pairs of views and training sets, ruled on over exact data."""

from collections.abc import Callable, Sequence

import numpy as np

from linrep import symbols as sym
from linrep.problems import Problem
from linrep.quantities import RULES as IN_FLOATS
from linrep.quantities import Grid, Ruling
from linrep.quantities._structure import guarded
from proofs_check.enclosures import Place, enclose, exact_problem
from proofs_check.enclosures import _clusters as clusters
from proofs_check.enclosures import _geometry as geometry
from proofs_check.enclosures._redundancy import products
from proofs_check.enclosures._risk import bayes_regression, label_noise
from proofs_check.verdict import exactly

Rule = Callable[[Problem, Sequence[Place]], Ruling]
NOWHERE = Grid(np.zeros((0, 1), dtype=int), np.zeros((1, 0)))


def in_floats(hypothesis: sym.Hypothesis) -> Rule:
    """Conditions on names and whole numbers, the same in every arithmetic."""
    return lambda problem, places: IN_FLOATS[hypothesis](problem, NOWHERE)


def _below_rank(problem: Problem) -> Ruling:
    rank = exact_problem(problem).spectrum.rank
    return Ruling(problem.dim < rank, f"d = {problem.dim}, rank {rank}")


def _gap(problem: Problem) -> Ruling:
    found = exact_problem(problem).spectrum
    last, cut = found.group(problem.dim), found.group(problem.dim + 1)
    if last is None:
        return Ruling(False, "d exceeds the rank")
    holds = found.levels[last].value != exactly(0) if cut is None else last != cut
    return Ruling(holds, f"kappa_d = {float(found.kappa(problem.dim)):.6g}")


def _dim_is_clusters(problem: Problem) -> Ruling:
    count = len(clusters.cluster_masses(exact_problem(problem)))
    return Ruling(problem.dim == count, f"d = {problem.dim}, {count} clusters")


def _implementable(problem: Problem) -> Ruling:
    missed = bayes_regression(one_hot=True)(exact_problem(problem), Place(1))
    return Ruling(missed == exactly(0), f"their squared distance from the class is {float(missed):.3g}")


def _separated(problem: Problem) -> Ruling:
    exact = exact_problem(problem)
    leaves, lightest = clusters.crossing(exact), min(clusters.cluster_masses(exact))
    return Ruling(leaves < lightest, f"alpha = {float(leaves):.3g}, P_min = {float(lightest):.3g}")


def _expands(problem: Problem) -> Ruling:
    found = clusters.inverse_expansion(exact_problem(problem))
    return Ruling(found is not None, "beta = 0" if found is None else f"1 / beta = {float(found):.3g}")


def _noisy(problem: Problem) -> Ruling:
    noise = label_noise(exact_problem(problem), Place(1))
    return Ruling(noise.lower > 0, f"label noise {float(noise):.3g}")


def _positive_products(problem: Problem) -> Ruling:
    least = products(exact_problem(problem)).min()
    return Ruling(bool(least > 0), f"least f(x).f(z) = {float(least):.3g}")


def _constant_norm(problem: Problem) -> Ruling:
    squares = geometry.squared_norms(exact_problem(problem))
    holds = min(squares) == max(squares) > 0
    return Ruling(holds, f"|f(x)|^2 from {float(min(squares)):.6g} to {float(max(squares)):.6g}")


def _separated_means(problem: Problem) -> Ruling:
    others = (sym.CONSTANT_NORM, sym.SELF_VIEWS, sym.SEPARATE_CLASSES)
    if not all(RULES[other](problem, ()).holds for other in others):
        return Ruling(False, "not looked at: another hypothesis fails")
    slack = [choice.slack for choice in geometry.choices(exact_problem(problem))]
    certain, possible = any(s.lower > 0 for s in slack), any(s.upper > 0 for s in slack)
    return Ruling(True if certain else None if possible else False, f"{len(slack)} choices of epsilon and delta")


def _small_deviation(problem: Problem) -> Ruling:
    if problem.sample is None:
        return Ruling(False, "no sample")
    eta = enclose(sym.SAMPLE_DEVIATION, problem)
    return Ruling(True if eta.upper < 1 else False if eta.lower >= 1 else None, f"eta = {float(eta):.3g}")


def _deviation_below_gap(problem: Problem) -> Ruling:
    if problem.sample is None or not _gap(problem).holds:
        return Ruling(False, "no sample, or no gap")
    found, eta = exact_problem(problem).spectrum, enclose(sym.SAMPLE_DEVIATION, problem)
    gap = exactly(1) - found.kappa(problem.dim + 1) / found.kappa(problem.dim)
    room = gap - exactly(2) * eta
    return Ruling(True if room.lower > 0 else False if room.upper <= 0 else None, f"eta = {float(eta):.3g}")


RULES: dict[sym.Hypothesis, Rule] = {
    sym.DIM_BELOW_RANK: guarded(_below_rank),
    sym.SPECTRAL_GAP: guarded(_gap),
    sym.DIM_IS_CLUSTERS: guarded(_dim_is_clusters, classes=True),
    sym.IMPLEMENTABLE_CLUSTERS: guarded(_implementable, classes=True),
    sym.SEPARATED_CLUSTERS: guarded(_separated, classes=True),
    sym.POSITIVE_EXPANSION: guarded(_expands, classes=True),
    sym.NOISY_LABELS: guarded(_noisy, classes=True),
    sym.POSITIVE_PRODUCTS: guarded(_positive_products),
    sym.CONSTANT_NORM: guarded(_constant_norm),
    sym.SEPARATED_MEANS: guarded(_separated_means, classes=True),
    sym.SMALL_DEVIATION: guarded(_small_deviation),
    sym.DEVIATION_BELOW_GAP: guarded(_deviation_below_gap),
    **{
        hypothesis: in_floats(hypothesis)
        for hypothesis in (
            sym.TWICE_CLASSES,
            sym.SHARED_RANDOMNESS,
            sym.SELF_VIEWS,
            sym.SEPARATE_CLASSES,
            sym.SAMPLE_GIVEN,
        )
    },
}
