"""Hypotheses of contrastive guarantees ruled on over exact data."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np

from linrep import symbols as sym
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.quantities import RULES, Grid, Ruling, Unavailable
from proofs_check.enclosures._contrast import scores
from proofs_check.enclosures._exact import exact_problem
from proofs_check.enclosures._spectral import Place

Rule = Callable[[Problem, Sequence[Place]], Ruling]
_NOWHERE = Grid(np.zeros((0, 1), dtype=int), np.zeros((1, 0)))


def _in_fractions(hypothesis: sym.Hypothesis) -> Rule:
    """The rule of `linrep`, which works in Fractions on an exact process; elsewhere it can only rule out."""

    def rule(problem: Problem, places: Sequence[Place]) -> Ruling:
        found = RULES[hypothesis](problem, _NOWHERE)
        exact = not isinstance(problem.process, FiniteProcess) or problem.process.exact
        return found if exact else Ruling(False if found.holds is False else None, found.seen)

    return rule


def _independent(problem: Problem, places: Sequence[Place]) -> Ruling:
    found = RULES[sym.CONDITIONALLY_INDEPENDENT](problem, _NOWHERE)
    in_floats = isinstance(problem.memo.get("dependence"), float)
    return Ruling(None, found.seen) if in_floats and found.holds else found


def _norms(problem: Problem) -> list[Fraction] | str:
    try:
        found = scores(exact_problem(problem))
    except Unavailable as why:
        return str(why)
    return [n * found.temperature for n in found.norms]


def _unit_norm(problem: Problem, places: Sequence[Place]) -> Ruling:
    norms = _norms(problem)
    if isinstance(norms, str):
        return Ruling(None, norms)
    return Ruling(all(n == 1 for n in norms), f"squared norms from {min(norms)} to {max(norms)}")


def _nonzero(problem: Problem, places: Sequence[Place]) -> Ruling:
    norms = _norms(problem)
    return Ruling(None, norms) if isinstance(norms, str) else Ruling(max(norms) > 0, f"largest |f|^2 = {max(norms)}")


CONTRAST: dict[sym.Hypothesis, Rule] = {
    sym.CONDITIONALLY_INDEPENDENT: _independent,
    sym.UNIT_NORM: _unit_norm,
    sym.NONZERO_REPRESENTATION: _nonzero,
    **{
        hypothesis: _in_fractions(hypothesis)
        for hypothesis in (
            sym.GIVEN_REPRESENTATION,
            sym.LABEL_CONSISTENT,
            sym.SEVERAL_CLASSES,
            sym.UNIFORM_CLASSES,
            sym.UNIT_TEMPERATURE,
            sym.ENOUGH_NEGATIVES,
        )
    },
}
"""How each of them is ruled on."""
