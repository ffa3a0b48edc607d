"""What a theorem with a hidden constant is made of: its inputs, where the formula itself has no number."""

import numpy as np

from linrep.bounds import Theorem
from linrep.evaluate._bound import _grid
from linrep.problems import Problem
from linrep.quantities import Between, Grid, Unavailable, at, measure


def ingredients(theorem: Theorem, problem: Problem) -> dict[str, float | str]:
    """The inputs of a theorem on a problem by name, or why one has no number; indexed ones at the last admissible k.

    Args:
        theorem: any, in particular one that hides a constant.
        problem: what it is asked about.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.Clusters(sizes=(2, 2), within=9, between=1)
    >>> pb = lr.Problem(p, lr.features.OneHot(), lr.labels.Table(p.labels, "classes"), dim=4)
    >>> {name: round(value, 3) for name, value in ingredients(lr.bounds.haochen21.PARTITION, pb).items()}
    {'label_noise': 0.1, 'partition_conductance': 0.18}
    """
    try:
        grid = _grid(theorem, problem)
    except Unavailable as reason:
        return {q.name: str(reason) for q in theorem.inputs}
    last = Grid(grid.k[-1:], grid.margins[:, -1:]) if grid.k.size else Grid(np.array([[1]]), np.ones((1, 1)))
    found: dict[str, float | str] = {}
    for quantity in theorem.inputs:
        try:
            value = measure(quantity, problem, last)
        except Unavailable as reason:
            found[quantity.name] = str(reason)
            continue
        known = value.upper if isinstance(value, Between) else float(at(value, (0, 0)).value)
        found[quantity.name] = known
    return found
