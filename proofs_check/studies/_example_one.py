"""Bounds against the truth on Example 1, along a path of ever worse representations."""

import numpy as np

from linrep import symbols as sym
from linrep.bounds import FLOAT, haochen21, linrep26, saunshi22
from linrep.evaluate import actual, evaluate
from linrep.gallery import example_one_dictator
from linrep.labels import Coordinate
from linrep.problems import Problem
from linrep.processes import HypercubeScaling
from linrep.quantities import trivial
from linrep.tables import Table, Value
from linrep.witnesses import counting_floor
from proofs_check.embedded import rotated, share_for, suboptimality_of

COLUMNS = ("curve", "role", "quantity", "suboptimality", "value", "upper")
SQUARED, ZERO_ONE = "squared error", "0-1 error"
LARGEST = 7 / 16
"""The suboptimality of the swap of e_1 for e_11."""
BOUNDS = (
    (linrep26.SUBOPTIMAL_AUGMENTED, SQUARED),
    (linrep26.SUBOPTIMAL_MEAN, SQUARED),
    (linrep26.SHARPENED_45, SQUARED),
    (linrep26.HYPERCUBE, SQUARED),
    (saunshi22.LINEAR_CLASS, ZERO_ONE),
    (saunshi22.HYPERCUBE, ZERO_ONE),
    (linrep26.SUBOPTIMAL_MEAN, ZERO_ONE),
    (linrep26.SHARPENED_45, ZERO_ONE),
)
"""Theorems and the error that they are drawn against: the squared error of a sign is above its 0-1 error."""


def example_one(points: int = 49) -> Table:
    """Actual risks and every bound on Example 1 (D = 50, k = d = 10, linear features), e_1 turned towards e_11.

    Args:
        points: how many representations, at least 2.

    Returns:
        A row for each curve and representation: role is "actual", "class-aware", "class-agnostic" or "trivial".

    Source: ours.

    >>> sorted(set(example_one(2).column("role")))
    ['actual', 'class-agnostic', 'class-aware', 'trivial']
    """
    rows: list[dict[str, Value]] = []
    for wanted in np.geomspace(1e-4, LARGEST, points):
        base = example_one_dictator()
        share = share_for(base, float(wanted), out=0, towards=10)
        rows += _at(rotated(base, share, out=0, towards=10), share)
    return Table(
        COLUMNS, tuple(rows), {"process": "Example 1, D = 50, k = 10, U(0, 1]", "dim": 10, "label": "coordinate 0"}
    )


def _at(problem: Problem, share: float) -> list[dict[str, Value]]:
    epsilon = suboptimality_of(problem)

    def row(curve: str, role: str, quantity: str, value: float | None, upper: float | None = None) -> dict[str, Value]:
        cells = (curve, role, quantity, epsilon, value, value if upper is None else upper)
        return dict(zip(COLUMNS, cells, strict=True))

    risks = ((linrep26.SUBOPTIMAL_AUGMENTED, "one view"), (linrep26.SUBOPTIMAL_MEAN, "mean over views"))
    error = actual(saunshi22.LINEAR_CLASS, _three_coordinates(share))
    levels = {SQUARED: trivial(sym.MEAN_RISK, problem), ZERO_ONE: trivial(sym.MEAN_ERROR, problem)}
    return [
        *(row(f"actual, {readout}", "actual", SQUARED, actual(t, problem).upper) for t, readout in risks),
        row("actual, mean over views", "actual", ZERO_ONE, error.lower, error.upper),
        *(row(t.key, "class-aware", quantity, evaluate(t, problem).value) for t, quantity in BOUNDS),
        *(row(*floor) for floor in _class_agnostic(problem, levels[SQUARED], epsilon)),
        *(row("best constant", "trivial", quantity, level) for quantity, level in levels.items()),
    ]


def _three_coordinates(share: float) -> Problem:
    """The same representation on three coordinates, with the same 0-1 error of the mean readout.

    A readout of f_A is c x_1 + b x_11 + Z, Z a function of the other kept coordinates and symmetric. With c > b it is
    right everywhere at Z = 0. With c < b it is right with probability (1 + Pr[b - c < Z < b + c]) / 2 <= 3/4, and
    Z = z x_2 with z in that interval attains it. So one further kept coordinate is all that can help, and three are
    enumerated at once.
    """
    process = HypercubeScaling(dim=3, relevant=2)
    small = Problem(process, example_one_dictator().features, Coordinate(0), dim=2)
    return rotated(small, share, out=0, towards=2)


def _class_agnostic(problem: Problem, level: float | None, epsilon: float) -> list[tuple[str, str, str, float | None]]:
    """What holds every guarantee that sees only augmentations, loss and d: disjoint views leave lambda_{d+1} = 0.

    Eigenvalue guarantees do not apply at all; on the squared error nothing below the trivial level can be said from
    2 lambda_{d+1} = 0 on (V6), and on the 0-1 error nothing below the counted floor (V3).
    """
    process, dim = problem.process, problem.dim
    cut = 1 - float(process.spectrum(dim + 1)[-1])
    assert not cut, haochen21.EIGENVALUE.key
    dead = epsilon >= float(linrep26.NEAR_DISJOINT_CEILING.value(cut, field=FLOAT))
    floor = float(saunshi22.VACUOUS_TRANSFER.value(float(counting_floor(int(process.n_inputs), dim)), field=FLOAT))
    return [
        (linrep26.NEAR_DISJOINT_CEILING.key, "class-agnostic", SQUARED, level if dead else 0.0),
        (saunshi22.VACUOUS_TRANSFER.key, "class-agnostic", ZERO_ONE, floor),
    ]
