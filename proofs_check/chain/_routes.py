"""How the sides of a step are measured and judged: in floats with derived errors, or in certified enclosures."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from linrep.bounds import Choice, Kind, Relation, Term, Theorem, itself
from linrep.evaluate import Status, best_place, worthless
from linrep.evaluate import valued as float_valued
from linrep.problems import Problem
from linrep.quantities import Between, Grid, Unavailable, at, measure
from linrep.quantities import trivial as float_trivial
from proofs_check.check import best_case_place
from proofs_check.enclosures import Place, enclose, trivial
from proofs_check.judge import equal, ruled, vacuous, valued
from proofs_check.verdict import Enclosure, Evidence


@dataclass(frozen=True)
class Route:
    """How one kind of evidence works: a side from a term, the status of two sides, whether a side says anything."""

    side: Callable[[Term], Between | Enclosure]
    judge: Callable[[Relation, Between | Enclosure, Between | Enclosure], Status]
    vacuous: Callable[[Between | Enclosure], bool | None]
    known: Enclosure | None
    index: int | None


def float_route(theorem: Theorem, problem: Problem, evidence: Evidence) -> Route:
    grid, known = best_place(theorem, problem), float_trivial(theorem.bounds, problem)

    def no_better(side: Between | Enclosure) -> bool | None:
        assert isinstance(side, Between)
        return worthless(theorem.kind, side.upper if theorem.kind is Kind.UPPER else side.lower, known)

    return Route(
        functools.partial(_measured, problem=problem, grid=grid),
        _judged_floats,  # pyright: ignore[reportArgumentType]
        no_better,
        None if known is None else Enclosure(Fraction(known), Fraction(known)),
        int(grid.k[0, 0]) if theorem.choice is not Choice.NONE else None,
    )


def _measured(term: Term, problem: Problem, grid: Grid) -> Between:
    """A term in floats; a quantity that is only bracketed may stand alone, but in no formula."""
    found = [measure(q, problem, grid) for q in term.inputs]
    if isinstance(found[0] if found else None, Between) and term == itself(term.inputs[0]):
        return found[0]  # pyright: ignore[reportReturnType]
    bracketed = [q.name for q, x in zip(term.inputs, found, strict=True) if isinstance(x, Between)]
    if bracketed:
        raise Unavailable(f"{bracketed[0]} is known only between two ends")
    try:
        value, error = float_valued(term, [at(x, None) for x in found])  # pyright: ignore[reportArgumentType]
    except ArithmeticError:
        raise Unavailable("the term divides by what may be zero, or has no number") from None
    return Between(value, value, error)


def _judged_floats(relation: Relation, left: Between, right: Between) -> Status:
    """HOLDS or FAILS beyond the rounding of both sides; a bracket is judged from its safe side."""
    error = left.error + right.error
    if relation is Relation.AT_LEAST:
        left, right = right, left
    below, above = left.upper <= right.lower + error, left.lower > right.upper + error
    if relation is Relation.EQUAL:
        below, above = below and right.upper <= left.lower + error, above or right.lower > left.upper + error
    return Status.FAILS if above else Status.HOLDS if below else Status.UNDECIDED


def exact_route(theorem: Theorem, problem: Problem, evidence: Evidence) -> Route:
    place, known = best_case_place(theorem, problem), trivial(theorem.bounds, problem)

    def judged(relation: Relation, left: Between | Enclosure, right: Between | Enclosure) -> Status:
        assert isinstance(left, Enclosure)
        assert isinstance(right, Enclosure)
        if relation is Relation.EQUAL:
            return equal(left, right)
        return ruled(left - right if relation is Relation.AT_LEAST else right - left)

    return Route(
        functools.partial(_enclosed, problem=problem, place=place, exact=evidence is Evidence.EXACT),
        judged,
        lambda side: None if known is None else vacuous(theorem.kind, side, known),  # pyright: ignore[reportArgumentType]
        known,
        place.k if theorem.choice is not Choice.NONE else None,
    )


def _enclosed(term: Term, problem: Problem, place: Place, *, exact: bool) -> Enclosure:
    """A term in enclosures; with `exact` only as a rational number."""
    inputs = [enclose(q, problem, place) for q in term.inputs]
    alone = bool(inputs) and term == itself(term.inputs[0])
    value = inputs[0] if alone else valued(term, inputs)
    if value is None:
        raise Unavailable("the term has no finite value that these numbers determine")
    if exact and not value.exact:
        raise Unavailable("the term is not known as a rational number; ask for evidence='enclosed'")
    return value
