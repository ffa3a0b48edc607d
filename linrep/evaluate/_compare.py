"""All theorems on one problem: a row for each, the truth next to the bound."""

from collections.abc import Iterable

from linrep.bounds import CATALOGUE, Theorem
from linrep.evaluate._bound import actual, evaluate, judge
from linrep.evaluate._ingredients import ingredients
from linrep.problems import Problem
from linrep.quantities import Unavailable
from linrep.tables import Table, Value

COLUMNS = (
    "theorem",
    "status",
    "actual",
    "actual_upper",
    "bound",
    "index",
    "trivial",
    "vacuous",
    "fails",
    "reason",
    "source",
    "evidence",
)
"""Columns of a comparison."""


def compare(problem: Problem, theorems: Iterable[Theorem] = CATALOGUE) -> Table:
    """A row for every theorem on one problem: the truth, the bound, whether it says anything, and why not.

    Args:
        problem: what the theorems are asked about.
        theorems: default the whole catalogue.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> table = compare(lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1), [lr.bounds.linrep26.RISK_GAP_MEAN])
    >>> table.rows[0]["status"], round(table.rows[0]["bound"], 12)
    ('HOLDS', 1.0)
    """
    return Table(
        COLUMNS,
        tuple(comparison(t, problem) for t in theorems),
        {"dim": problem.dim, "features": problem.features.name},
    )


def comparison(theorem: Theorem, problem: Problem) -> dict[str, Value]:
    """One row of `compare`.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> comparison(lr.bounds.saunshi22.RESTATED_HAOCHEN, lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1))["status"]
    'UNAVAILABLE'
    """
    bound = evaluate(theorem, problem)
    truth, reason = None, bound.unavailable or ""
    if bound.applies is not False and bound.unavailable is None:
        try:
            truth = actual(theorem, problem, index=bound.index)
        except Unavailable as why:
            reason = f"truth: {why}"
    if theorem.unavailable is not None and bound.applies is not False:
        reason += f"; its ingredients: {_listed(ingredients(theorem, problem))}"
    failed = [name for name, holds in bound.hypotheses.items() if holds is not True]
    return {
        "theorem": theorem.key,
        "status": judge(theorem, bound, truth).value,
        "actual": None if truth is None else truth.lower,
        "actual_upper": None if truth is None else truth.upper,
        "bound": bound.value,
        "index": bound.index,
        "trivial": bound.trivial,
        "vacuous": bound.vacuous,
        "fails": "; ".join(f"{name} ({bound.seen[name]})" for name in failed),
        "reason": reason,
        "source": f"{theorem.source.key}, {theorem.source.place} ({theorem.source.provenance})",
        "evidence": "FLOAT",
    }


def _listed(found: dict[str, float | str]) -> str:
    """Ingredients in a line: numbers to six digits, reasons as they are."""
    return ", ".join(f"{name} = {v if isinstance(v, str) else format(v, '.6g')}" for name, v in found.items())
