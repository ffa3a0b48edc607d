"""How tight every theorem is: the largest ratio of its two sides on any problem that was found."""

import json
from collections.abc import Callable, Iterable

import jax

from linrep.bounds import Theorem
from linrep.tables import Table, Value
from proofs_check.search._found import Found
from proofs_check.search._instances import encoded
from proofs_check.search._listed import embedded_problems, examples
from proofs_check.search._run import BUDGET, search

COLUMNS = ("theorem", "tightness", "status", "actual", "bound", "engine", "name", "tried", "problem")


def tightness_table(
    theorems: Iterable[Theorem],
    *,
    key: jax.Array,
    budget: int = BUDGET,
    tick: Callable[[str], None] = lambda _: None,
) -> Table:
    """A row for every theorem: actual / bound (bound / actual of a lower bound) at the tightest problem found.

    Args:
        theorems: of the catalogue.
        key: draws everything random.
        budget: problems that each engine may look at, for each theorem.
        tick: told the key of each theorem as it begins.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> table = tightness_table([linrep26.HYPERCUBE], key=jax.random.key(0), budget=1)
    >>> round(table.rows[0]["tightness"], 6)
    1.0
    """
    listed, rows = embedded_problems(), []
    for number, theorem in enumerate(theorems):
        tick(theorem.key)
        first = (*examples(theorem), *listed)
        rows.append(_row(search(theorem, key=jax.random.fold_in(key, number), budget=budget, listed=first)))
    return Table(COLUMNS, tuple(rows))


def _row(found: Found) -> dict[str, Value]:
    verdict, problem = found.verdict, found.problem
    sides = (None, None, None)
    if verdict is not None and verdict.actual is not None and verdict.bound is not None:
        sides = (verdict.status.value, float(verdict.actual), float(verdict.bound))
    plain = None if problem is None or found.name else json.dumps(encoded(problem), separators=(",", ":"))
    cells = (found.theorem, found.tightness, *sides, found.engine, found.name, found.tried, plain)
    return dict(zip(COLUMNS, cells, strict=True))
