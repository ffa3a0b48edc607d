"""Hypotheses ruled on over exact data, in three values: True, False, or None where it is not settled."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from linrep import symbols as sym
from linrep.problems import Problem
from linrep.quantities import RULES, Grid, Ruling
from proofs_check.enclosures import CONTRAST, Place, admissible, enclose, exact_problem
from proofs_check.structure import RULES as STRUCTURE
from proofs_check.verdict import exactly

if TYPE_CHECKING:
    from fractions import Fraction

Rule = Callable[[Problem, Sequence[Place]], Ruling]
"""Looks at the problem and at the indices that a theorem may choose from."""


def rule_exactly(hypothesis: sym.Hypothesis, problem: Problem, places: Sequence[Place]) -> Ruling:
    """Whether the hypothesis holds on an exact problem, and what was seen.

    Args:
        hypothesis: a token of `linrep.symbols`.
        problem: in exact numbers.
        places: the admissible indices (and positive margins) of the theorem.

    Raises:
        InputError: floats of unknown origin.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[1, 0], [0, 1]])
    >>> rule_exactly(sym.POSITIVE_CUT_EIGENVALUE, lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1), []).holds
    False
    """
    return _RULES[hypothesis](problem, places)


def _minimiser(problem: Problem, places: Sequence[Place]) -> Ruling:
    if problem.weights is None:
        return Ruling(True, "minimisers of the class")
    gap = enclose(sym.SUBOPTIMALITY, problem)
    holds = False if gap.lower > 0 else True if gap.upper == 0 else None
    return Ruling(holds, f"suboptimality {float(gap):.3g}{', exactly' if gap.exact else ''}")


def _differs(index: int, end: int, symbol: str) -> Rule:
    """Whether eigenvalue number d + index of K differs from 0 or 1; those two are recognised exactly."""

    def rule(problem: Problem, places: Sequence[Place]) -> Ruling:
        kappa = exact_problem(problem).spectrum.kappa(problem.dim + index)
        value = float(kappa) if end == 0 else 1 - float(kappa)
        return Ruling(kappa != exactly(end), f"{symbol} = {value:.6g}")

    return rule


def _admissible(problem: Problem, places: Sequence[Place]) -> Ruling:
    found = sorted({place.k for place in places})
    return Ruling(bool(found), f"admissible k: {', '.join(map(str, found[:6]))}" if found else "no admissible k")


def _positive_margin(problem: Problem, places: Sequence[Place]) -> Ruling:
    found: set[Fraction] = {place.margin for place in places}
    if not found and not admissible(exact_problem(problem)):
        return Ruling(None, "no admissible k, so that no margin was looked at")
    return Ruling(bool(found), f"{len(found)} positive margins")


def _one_output(problem: Problem, places: Sequence[Place]) -> Ruling:
    outputs = 0 if problem.labels is None else exact_problem(problem).cross.ncols()
    return Ruling(outputs == 1, f"{outputs} outputs")


def _balanced(problem: Problem, places: Sequence[Place]) -> Ruling:
    if RULES[sym.SIGN_LABELS](problem, _NOWHERE).holds is not True:
        return Ruling(False, "labels are not signs")
    mean = exact_problem(problem).label_mean[0]
    return Ruling(mean == 0, f"mean label {mean}")


def _disjoint(problem: Problem, places: Sequence[Place]) -> Ruling:
    error = problem.process.identification_error
    # No view belongs to two inputs exactly where the input can always be named.
    holds = problem.process.disjoint if isinstance(error, float) else error == 0
    return Ruling(holds, f"identification error {error}")


def _as_in_floats(hypothesis: sym.Hypothesis) -> Rule:
    """Hypotheses on names and whole numbers, which are the same in every arithmetic."""

    def rule(problem: Problem, places: Sequence[Place]) -> Ruling:
        return RULES[hypothesis](problem, _NOWHERE)

    return rule


_NOWHERE = Grid(np.zeros((0, 1), dtype=int), np.zeros((1, 0)))
_DISCRETE = (
    sym.SIGN_LABELS,
    sym.CLASS_LABELS,
    sym.UNIFORM_PRIOR,
    sym.UNRESTRICTED,
    sym.DIM_BELOW_INPUTS,
    sym.EXAMPLE_ONE,
)
_RULES: dict[sym.Hypothesis, Rule] = {
    **STRUCTURE,
    **CONTRAST,
    **{hypothesis: _as_in_floats(hypothesis) for hypothesis in _DISCRETE},
    sym.MINIMISER: _minimiser,
    sym.POSITIVE_CUT_EIGENVALUE: _differs(1, 1, "lambda_{d+1}"),
    sym.POSITIVE_LAST_RETAINED: _differs(0, 0, "kappa_d"),
    sym.ADMISSIBLE_INDEX: _admissible,
    sym.POSITIVE_MARGIN: _positive_margin,
    sym.ONE_OUTPUT: _one_output,
    sym.BALANCED_LABELS: _balanced,
    sym.DISJOINT: _disjoint,
}
