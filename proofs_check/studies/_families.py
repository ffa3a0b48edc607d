"""Nearly disjoint families: what becomes of guarantees as every view comes to name its input."""

from fractions import Fraction

import numpy as np

from linrep import symbols as sym
from linrep.bounds import Theorem, haochen21, linrep26
from linrep.evaluate import actual, evaluate
from linrep.features import Affine, OneHot
from linrep.problems import Problem
from linrep.quantities import trivial
from linrep.tables import Table, Value
from proofs_check.embedded import family_member, first_sign, rotated, share_for, suboptimality_of

COLUMNS = ("curve", "role", "quantity", "setting", "identification", "suboptimality", "value")
SUBOPTIMALITY = 0.02
"""How far from a minimiser the representations of the second setting are, at most."""
MINIMISER, SUBOPTIMAL, BUDGET = "minimiser", "suboptimal", "budget"
CLASS_AGNOSTIC, CLASS_AWARE = "class-agnostic", "class-aware"
DIM = 2
"""Room for the constant and the first sign."""


def families(points: int = 33) -> Table:
    """Truth and bounds against tau, for all functions of a view (class-agnostic) and for affine ones (class-aware).

    The process is `embedded.family_member`, the label its first sign, d = 2. In the setting "minimiser" representations
    are optimal; in "suboptimal" the eigenvector of the label is turned towards the next one until the loss is 0.02 over
    its minimum, or all the way where even that costs less; "budget" is about no representation.

    Source: ours.

    >>> sorted(set(families(2).column("setting")))
    ['budget', 'minimiser', 'suboptimal']
    """
    rows: list[dict[str, Value]] = []
    for exponent in np.linspace(1.5, 16, points):
        erasure = Fraction(1, round(2**exponent))
        process = family_member(erasure)
        for features, role in ((OneHot(), CLASS_AGNOSTIC), (Affine(), CLASS_AWARE)):
            problem = Problem(process, features, first_sign(process), dim=DIM)
            rows += [*_minimiser(problem, role), *_suboptimal(problem, role), *_budget(problem, role)]
    how = {"process": "family_member(erasure)", "dim": DIM, "label": "first sign", "suboptimality": SUBOPTIMALITY}
    return Table(COLUMNS, tuple(rows), how)


def _minimiser(problem: Problem, role: str) -> list[dict[str, Value]]:
    """T2 in either class, and for all functions the published eigenvalue guarantee, at exact minimisers."""
    row = _rows(problem, MINIMISER, 0.0)
    gap, published = linrep26.RISK_GAP_AUGMENTED, haochen21.EIGENVALUE
    found = [row(f"actual, {role}", "actual", gap.bounds.name, actual(gap, problem).upper)]
    found.append(row(gap.key, role, gap.bounds.name, _value(gap, problem)))
    if role == CLASS_AGNOSTIC:
        found.append(row(published.key, role, published.bounds.name, _value(published, problem)))
    return [*found, row("best constant", "trivial", gap.bounds.name, trivial(gap.bounds, problem))]


def _suboptimal(problem: Problem, role: str) -> list[dict[str, Value]]:
    """The sharpened Theorem 4.5 and T5 at a representation of the given suboptimality."""
    share = share_for(problem, SUBOPTIMALITY, out=1, towards=DIM)
    turned = rotated(problem, share, out=1, towards=DIM)
    epsilon = suboptimality_of(turned)
    row, quantity = _rows(turned, SUBOPTIMAL, epsilon), sym.MEAN_RISK.name
    theorems = (linrep26.SHARPENED_45, linrep26.SUBOPTIMAL_MEAN)
    return [
        row(f"actual, {role}", "actual", quantity, actual(linrep26.SUBOPTIMAL_MEAN, turned).upper),
        *(row(t.key, role, quantity, _value(t, turned)) for t in theorems),
        row("best constant", "trivial", quantity, trivial(sym.MEAN_RISK, turned)),
    ]


def _budget(problem: Problem, role: str) -> list[dict[str, Value]]:
    """From which suboptimality on the loss tells nothing: eps_vac itself, and for all functions its ceiling."""
    row, name = _rows(problem, BUDGET, 0.0), sym.VACUITY_BUDGET.name
    found = [row(f"{name}, {role}", role, name, actual(linrep26.VACUITY_THRESHOLD, problem).upper)]
    if role == CLASS_AGNOSTIC:
        ceiling = linrep26.NEAR_DISJOINT_IDENTIFICATION
        found.append(row(ceiling.key, role, name, _value(ceiling, problem)))
    return found


def _value(theorem: Theorem, problem: Problem) -> float | None:
    return evaluate(theorem, problem).value


def _rows(problem: Problem, setting: str, epsilon: float):
    identification = float(problem.process.identification_error)

    def row(curve: str, role: str, quantity: str, value: float | None) -> dict[str, Value]:
        return dict(zip(COLUMNS, (curve, role, quantity, setting, identification, epsilon, value), strict=True))

    return row
