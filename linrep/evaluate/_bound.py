"""A theorem on a problem, in float64: the bound, the truth next to it, and whether the bound says anything."""

import functools
import math
from dataclasses import dataclass
from enum import Enum

import numpy as np

from linrep import symbols as sym
from linrep._checks import require
from linrep.bounds import FLOAT, Choice, Kind, Term, Theorem
from linrep.problems import Problem
from linrep.quantities import Between, Grid, Measured, Unavailable, at, carried, index_grid, measure, rule, trivial
from linrep.symbols import Quantity


class Status(Enum):
    """What float64 says of an inequality. FLOAT evidence is no proof.

    Source: ours.

    >>> Status.HOLDS.value
    'HOLDS'
    """

    HOLDS = "HOLDS"
    FAILS = "FAILS"
    UNDECIDED = "UNDECIDED"
    INAPPLICABLE = "INAPPLICABLE"
    UNAVAILABLE = "UNAVAILABLE"


@dataclass(frozen=True)
class BoundValue:
    """The value of a theorem's formula on a problem.

    Attributes:
        value: the bound; None where a hypothesis fails or there is no number.
        terms: the inputs of the formula at the reported index, by name.
        index: the index k that gives the reported bound; None for theorems without an index.
        hypotheses: whether each holds, by name (None: not settled).
        trivial: what is known without the theorem; None where nothing is.
        vacuous: whether the bound is no better than trivial beyond its rounding error; True where it does not apply.
        unavailable: why there is no number (a hidden constant, a process without a closed form), or None.
        seen: what was measured for each hypothesis, by name.
        error: bound on the rounding error of the value: the inputs' errors carried through the formula.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> pb = lr.Problem(p, lr.features.Linear(), lr.labels.Coordinate(0), dim=10)
    >>> evaluate(lr.bounds.linrep26.RISK_GAP_MEAN, pb).value
    0.0
    """

    value: float | None
    terms: dict[str, float]
    index: int | None
    hypotheses: dict[str, bool | None]
    trivial: float | None
    vacuous: bool
    unavailable: str | None
    seen: dict[str, str]
    error: float = 0.0

    @property
    def applies(self) -> bool | None:
        """Whether every hypothesis holds: False if one fails, None if one is not settled."""
        rulings = self.hypotheses.values()
        return False if False in rulings else None if None in rulings else True


def demand(theorem: Theorem, problem: Problem, *, owner: str) -> None:
    """Refuse what is no theorem or no problem, with one sentence.

    Source: ours.

    >>> import linrep as lr
    >>> try:
    ...     demand("T1", None, owner="evaluate")
    ... except ValueError as error:
    ...     print(error)
    evaluate: theorem is 'T1', but an entry of linrep.bounds is needed; look one up with linrep.bounds.theorem(key).
    """
    require(
        isinstance(theorem, Theorem),
        f"{owner}: theorem is {theorem!r}, but an entry of linrep.bounds is needed; look one up with "
        "linrep.bounds.theorem(key).",
    )
    require(
        isinstance(problem, Problem),
        f"{owner}: problem is {problem!r:.60}, but a linrep.Problem is needed; pass process, features, labels and dim "
        "to lr.Problem.",
    )


def evaluate(theorem: Theorem, problem: Problem) -> BoundValue:
    """The bound of a theorem on a problem, in float64, at its best index.

    Args:
        theorem: an entry of `linrep.bounds`.
        problem: what it is asked about.

    Returns:
        A `BoundValue`; a failed hypothesis or a missing number is reported in it, never raised.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> pb = lr.Problem(p, lr.features.Linear(), lr.labels.Coordinate(0), dim=10, weights=np.eye(50)[:, 1:11])
    >>> round(evaluate(lr.bounds.linrep26.SUBOPTIMAL_AUGMENTED, pb).value, 12)
    1.0
    """
    demand(theorem, problem, owner="evaluate")
    known = trivial(theorem.bounds, problem) if theorem.kind is Kind.UPPER else theorem.bounds.lower
    nothing = functools.partial(BoundValue, None, {}, None, trivial=known, vacuous=True)
    try:
        grid = _grid(theorem, problem)
        rulings = {h.name: rule(h, problem, grid) for h in theorem.hypotheses}
    except Unavailable as reason:
        return nothing(hypotheses={}, unavailable=str(reason), seen={})
    holds, seen = {n: r.holds for n, r in rulings.items()}, {n: r.seen for n, r in rulings.items()}
    if False in holds.values():
        return nothing(hypotheses=holds, unavailable=None, seen=seen)
    try:
        if theorem.unavailable is not None:
            raise Unavailable(theorem.unavailable)
        inputs = [_measured(q, problem, grid) for q in theorem.inputs]
    except Unavailable as reason:
        return nothing(hypotheses=holds, unavailable=str(reason), seen=seen)
    place = _chosen(theorem, problem, grid, inputs)
    here = [at(x, place) for x in inputs]
    value, error = valued(theorem.term, here)
    terms = {q.name: float(x.value) for q, x in zip(theorem.inputs, here, strict=True)}
    index = None if place is None else int(grid.k[place[0], 0])
    edge = value + error if theorem.kind is Kind.UPPER else value - error  # a rounding below trivial says nothing
    return BoundValue(value, terms, index, holds, known, worthless(theorem.kind, edge, known), None, seen, error)


def valued(term: Term, inputs: list[Measured]) -> tuple[float, float]:
    """A term at measured inputs, and their errors carried through it.

    Source: ours.

    >>> from linrep.bounds import itself
    >>> value, error = valued(itself(sym.SUBOPTIMALITY), [Measured(0.5, 0.25)])
    >>> value, error > 0.25
    (0.5, True)
    """
    formula = functools.partial(term.value, field=FLOAT)
    with np.errstate(over="ignore", invalid="ignore"):  # a bound beyond float64 is infinite, and nothing is made of it
        value = float(formula(*(x.value for x in inputs)))
        return value, carried(formula, term.inputs, inputs, value) if math.isfinite(value) else math.inf


def worthless(kind: Kind, value: float, known: float | None) -> bool:
    """Whether a bound says no more than is known without it.

    Source: ours.

    >>> worthless(Kind.UPPER, 1.5, 1.0)
    True
    """
    return known is not None and (value >= known if kind is Kind.UPPER else value <= known)


def best_place(theorem: Theorem, problem: Problem) -> Grid:
    """The one index (and margin) at which the theorem's own bound is best on the problem.

    Raises:
        Unavailable: an input of the formula has no number, or no index is admissible.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=4, relevant=2, scale=lr.processes.Uniform(0, 1))
    >>> pb = lr.Problem(p, lr.features.Linear(), lr.labels.Coordinate(0), dim=2)
    >>> best_place(lr.bounds.linrep26.SUBOPTIMAL_MEAN, pb).k.tolist()
    [[2]]
    """
    grid = _grid(theorem, problem)
    if theorem.choice is Choice.NONE:
        return grid
    if theorem.unavailable is not None:
        raise Unavailable(theorem.unavailable)
    if not grid.k.size or not grid.margins.size:
        raise Unavailable("there is no admissible index")
    row, column = _chosen(theorem, problem, grid, [_measured(q, problem, grid) for q in theorem.inputs]) or (0, 0)
    return Grid(grid.k[row : row + 1], grid.margins[:, column : column + 1])


def actual(theorem: Theorem, problem: Problem, *, index: int | None = None) -> Between:
    """The bounded quantity itself, between two floats (equal where it is computed, apart where it is bracketed).

    Args:
        theorem: names the quantity.
        problem: what it is asked about.
        index: the k of an indexed quantity.

    Raises:
        Unavailable: there is no number here, with the reason.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[1, 0], [0, 1]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1)
    >>> round(actual(lr.bounds.linrep26.RISK_GAP_MEAN, pb).upper, 12)
    1.0
    """
    grid = Grid(np.array([[index or 1]]), np.ones((1, 1)))
    found = measure(theorem.bounds, problem, grid)
    if isinstance(found, Between):
        return found
    value, error = (float(np.asarray(x).ravel()[0]) for x in found)
    return Between(value, value, error)


def judge(theorem: Theorem, bound: BoundValue, truth: Between | None) -> Status:
    """What float64 says: HOLDS or FAILS only beyond the rounding errors of both sides, INAPPLICABLE where a hypothesis
    fails,
    UNDECIDED where one is not settled.

    Equality within rounding HOLDS: the inequality is not strict. A bracketed truth is judged from its safe side.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[1, 0], [0, 1]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), [1, -1], dim=2)
    >>> t = lr.bounds.linrep26.VACUITY_THRESHOLD
    >>> judge(t, evaluate(t, pb), actual(t, pb))
    <Status.HOLDS: 'HOLDS'>
    """
    if bound.applies is False:
        return Status.INAPPLICABLE
    if bound.value is None or truth is None:
        return Status.UNAVAILABLE
    if bound.applies is None:
        return Status.UNDECIDED
    slack = bound.error + truth.error
    if not math.isfinite(slack) or not math.isfinite(bound.value):
        return Status.UNDECIDED
    if theorem.kind is Kind.UPPER:
        safe, broken = truth.upper <= bound.value + slack, truth.lower > bound.value + slack
    else:
        safe, broken = truth.lower >= bound.value - slack, truth.upper < bound.value - slack
    return Status.FAILS if broken else Status.HOLDS if safe else Status.UNDECIDED


def _grid(theorem: Theorem, problem: Problem) -> Grid:
    if theorem.choice is Choice.NONE:
        return Grid(np.array([[problem.dim]]), np.ones((1, 1)))
    readout = {sym.MARGIN_MASS_AUGMENTED: "augmented", sym.MARGIN_MASS_MEAN: "mean"}
    return index_grid(problem, margins=next((readout[q] for q in theorem.inputs if q in readout), None))


def _measured(quantity: Quantity, problem: Problem, grid: Grid) -> Measured:
    found = measure(quantity, problem, grid)
    if isinstance(found, Between):
        raise Unavailable(f"{quantity.name} is known only to lie in [{found.lower:.6g}, {found.upper:.6g}]")
    return found


def _chosen(theorem: Theorem, problem: Problem, grid: Grid, inputs: list[Measured]) -> tuple[int, int] | None:
    """Where the bound is best over the grid; for a family, where it is closest to the quantity it bounds."""
    if theorem.choice is Choice.NONE:
        return None
    shape = (grid.k.shape[0], grid.margins.shape[1])
    value = np.broadcast_to(theorem.value(*(x.value for x in inputs), field=FLOAT), shape)
    if theorem.choice is Choice.EVERY:
        value = value - np.broadcast_to(_measured(theorem.bounds, problem, grid).value, shape)
    best = value.argmin() if theorem.kind is Kind.UPPER else value.argmax()
    row, column = np.unravel_index(best, shape)
    return int(row), int(column)
