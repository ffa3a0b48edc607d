"""Two proofs evaluated step by step on the task of Table 1: where a published guarantee stops saying anything."""

from linrep.bounds import Theorem, linrep26, saunshi22
from linrep.problems import Problem
from linrep.tables import Table, Value
from proofs_check.chain import chain as chained
from proofs_check.embedded import embedded

COLUMNS = ("theorem", "title", "place", "step", "reason", "lower", "value", "vacuous", "trivial", "index")
THEOREMS = (saunshi22.LINEAR_CLASS, linrep26.SUBOPTIMAL_MEAN)
"""T7 and T5."""
TASK = "example1_table1_d10"


def chain(seed: int = 0) -> Table:
    """The chains of T7 and T5 for minimisers on Example 1 (D = 50, k = d = 10), a random linear sign label.

    Args:
        seed: draws the label.

    Returns:
        For each theorem a row for the bounded quantity (step 0; `lower` differs where it is bracketed) and one for
        the right side of each step of its path; `vacuous` marks what is no better than `trivial`.

    Source: ours; the task is that of Saunshi et al. (2022), Table 1.

    >>> found = chain()
    >>> [row["step"] for row in found.where(vacuous=True).rows]
    [5, 6, 7, 8, 9]
    """
    (task,) = (e for e in embedded(seed) if e.name == TASK)
    problem = task.build()
    rows = tuple(row for theorem in THEOREMS for row in _rows(theorem, problem))
    return Table(COLUMNS, rows, {"task": task.statement, "process": "Example 1, D = 50, k = 10, U(0, 1]", "dim": 10})


def _rows(theorem: Theorem, problem: Problem) -> list[dict[str, Value]]:
    found = chained(theorem, problem)
    known = None if found.trivial is None else float(found.trivial)

    def row(step: int, reason: str, lower: float, value: float, vacuous: bool | None) -> dict[str, Value]:
        head = (theorem.key, theorem.title, theorem.source.place)
        return dict(zip(COLUMNS, (*head, step, reason, lower, value, vacuous, known, found.index), strict=True))

    first = found.path[0].left
    assert first is not None
    rows = [row(0, theorem.bounds.definition, float(first.lower), float(first.upper), False)]
    for number, link in enumerate(found.path, 1):
        assert link.right is not None
        rows.append(row(number, link.reason, float(link.right), float(link.right), link.vacuous))
    return rows
