"""`check`: a theorem on a problem, judged on the evidence asked for."""

import math
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from linrep import symbols as sym
from linrep._checks import InputError
from linrep.bounds import Choice, Kind, Theorem
from linrep.evaluate import BoundValue, Status, actual, demand, evaluate, judge
from linrep.problems import Problem
from linrep.quantities import Between, Unavailable
from proofs_check.enclosures import Place, admissible, enclose, exact_problem, margins, trivial
from proofs_check.hypotheses import rule_exactly
from proofs_check.judge import ruled, slack, vacuous, valued
from proofs_check.verdict import Enclosure, Evidence, Verdict, exactly

_MASSES = (sym.MARGIN_MASS_AUGMENTED, sym.MARGIN_MASS_MEAN)


def check(theorem: Theorem, problem: Problem, evidence: str | Evidence = "float") -> Verdict:
    """Whether the theorem is true of the problem, how far from equality, and on what evidence.

    Args:
        theorem: an entry of `linrep.bounds`, or a variant of one.
        problem: what it is asked about; beyond "float" in exact numbers throughout: integer weights, exact features
            and labels, and W either None (all minimisers) or of integers and Fractions.
        evidence: "float" (float64 with derived errors), "enclosed" (certified enclosures: a proof), or "exact"
            (rational numbers only: a proof, where all inputs and roots are rational).

    Raises:
        InputError: an unknown evidence, or floats of unknown origin where a proof is asked for.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> found = check(lr.bounds.linrep26.RISK_GAP_MEAN, lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1), "exact")
    >>> found.status.value, found.slack.lower
    ('HOLDS', Fraction(0, 1))
    """
    demand(theorem, problem, owner="check")
    asked = named_evidence(evidence, owner="check")
    if asked is Evidence.FLOAT:
        return _in_floats(theorem, problem)
    exact_problem(problem)
    try:
        places = _places(theorem, problem)
        rulings = {h.name: rule_exactly(h, problem, places) for h in theorem.hypotheses}
    except Unavailable as reason:
        return _without_number(theorem, asked, str(reason))
    holds, seen = {n: r.holds for n, r in rulings.items()}, {n: r.seen for n, r in rulings.items()}
    if False in holds.values():
        blank = Verdict(theorem=theorem.key, status=Status.INAPPLICABLE, evidence=asked)
    else:
        blank = _judged(theorem, problem, asked, places)
    found = replace(blank, hypotheses=holds, seen=seen)
    settled = found.status in (Status.HOLDS, Status.FAILS)
    return replace(found, status=Status.UNDECIDED) if settled and None in holds.values() else found


def named_evidence(evidence: str | Evidence, *, owner: str) -> Evidence:
    """FLOAT, ENCLOSED or EXACT by name.

    Raises:
        InputError: anything else.

    Source: ours.

    >>> named_evidence("enclosed", owner="check").proof
    True
    """
    known = {e.value: e for e in (Evidence.FLOAT, Evidence.ENCLOSED, Evidence.EXACT)}
    name = evidence.value if isinstance(evidence, Evidence) else evidence
    if name not in known:
        raise InputError(f"{owner}: evidence is {name!r}, but it must be 'float', 'enclosed' or 'exact'; choose one.")
    return known[name]


def _without_number(theorem: Theorem, evidence: Evidence, reason: str) -> Verdict:
    return Verdict(theorem=theorem.key, status=Status.UNAVAILABLE, evidence=evidence, reason=reason)


def _places(theorem: Theorem, problem: Problem) -> list[Place]:
    """The indices and margins that the theorem may choose from; one place for a theorem without an index."""
    if theorem.choice is Choice.NONE:
        return [Place(problem.dim)]
    indices = admissible(exact_problem(problem))
    mass = next((q for q in theorem.inputs if q in _MASSES), None)
    if mass is None:
        return [Place(k) for k in indices]
    if not rule_exactly(sym.SIGN_LABELS, problem, []).holds:
        return []
    return [Place(k, margin) for k in indices for margin in margins(mass, problem)]


def best_case_place(theorem: Theorem, problem: Problem) -> Place:
    """The index (and margin) at which the theorem's own bound is best on an exact problem.

    Raises:
        Unavailable: no index is admissible, or there is no number.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1)
    >>> best_case_place(lr.bounds.linrep26.SUBOPTIMAL_MEAN, pb).k
    1
    """
    places = _places(theorem, problem)
    if theorem.choice is Choice.NONE:
        return places[0]
    if theorem.unavailable is not None:
        raise Unavailable(theorem.unavailable)
    cases = list(_cases(theorem, problem, Evidence.ENCLOSED, places))
    if not cases:
        raise Unavailable("there is no admissible index at which the bound is finite")
    return _chosen(theorem, cases).place


def _known(theorem: Theorem, problem: Problem) -> Enclosure | None:
    """What is known without the theorem: of a lower bound, the least value of the quantity."""
    if theorem.kind is Kind.UPPER:
        return trivial(theorem.bounds, problem)
    return None if theorem.bounds.lower is None else exactly(Fraction(theorem.bounds.lower))


class _Case(NamedTuple):
    """The two sides at one place."""

    place: Place
    bound: Enclosure
    actual: Enclosure
    slack: Enclosure


def _judged(theorem: Theorem, problem: Problem, evidence: Evidence, places: list[Place]) -> Verdict:
    try:
        if theorem.unavailable is not None:
            raise Unavailable(theorem.unavailable)
        cases = list(_cases(theorem, problem, evidence, places))
    except Unavailable as reason:
        return _without_number(theorem, evidence, str(reason))
    if not cases:
        why = "the formula has no finite value that these numbers determine"
        return Verdict(theorem=theorem.key, status=Status.UNDECIDED, evidence=evidence, reason=why)
    case = _chosen(theorem, cases)
    status = ruled(case.slack)
    if len(cases) < len(places) and status is Status.HOLDS:  # at some index nothing is known
        status = Status.UNDECIDED
    return Verdict(
        theorem=theorem.key,
        status=status,
        evidence=evidence,
        slack=case.slack,
        bound=case.bound,
        actual=case.actual,
        index=None if theorem.choice is Choice.NONE else case.place.k,
        vacuous=vacuous(theorem.kind, case.bound, _known(theorem, problem)),
    )


def _cases(theorem: Theorem, problem: Problem, evidence: Evidence, places: list[Place]) -> Iterable[_Case]:
    for place in places:
        inputs = [enclose(q, problem, place) for q in theorem.inputs]
        bound, truth = valued(theorem, inputs), enclose(theorem.bounds, problem, place)
        if evidence is Evidence.EXACT:
            _demand_exact(theorem, inputs, bound, truth)
        if bound is not None:
            yield _Case(place, bound, truth, slack(theorem.kind, bound, truth))


def _demand_exact(theorem: Theorem, inputs: list[Enclosure], bound: Enclosure | None, truth: Enclosure) -> None:
    odd = [q.name for q, x in zip((*theorem.inputs, theorem.bounds), (*inputs, truth), strict=True) if not x.exact]
    if odd:
        raise Unavailable(f"{odd[0]} is not known as a rational number; ask for evidence='enclosed'")
    if bound is not None and not bound.exact:
        raise Unavailable("the formula takes an irrational root here; ask for evidence='enclosed'")


def _chosen(theorem: Theorem, cases: list[_Case]) -> _Case:
    """The best bound of a choice; of a family the member that is closest to failing."""
    if theorem.choice is Choice.EVERY:
        return min(cases, key=lambda case: (case.slack.upper >= 0, case.slack.lower))
    if len(cases) == 1:
        return cases[0]
    best = min if theorem.kind is Kind.UPPER else max
    end = best(cases, key=lambda case: case.bound.upper if theorem.kind is Kind.UPPER else case.bound.lower)
    # The best bound lies between the best of the lower and the best of the upper ends.
    bound = Enclosure(best(case.bound.lower for case in cases), best(case.bound.upper for case in cases))
    return end._replace(bound=bound, slack=slack(theorem.kind, bound, end.actual))


def _in_floats(theorem: Theorem, problem: Problem) -> Verdict:
    bound, truth, reason = evaluate(theorem, problem), None, ""
    if bound.value is not None:
        try:
            truth = actual(theorem, problem, index=bound.index)
        except Unavailable as why:
            reason = f"truth: {why}"
    applies = bound.applies is not False
    value, real = _around_bound(bound), None if truth is None else around(truth)
    return Verdict(
        theorem=theorem.key,
        status=judge(theorem, bound, truth),
        evidence=Evidence.FLOAT,
        slack=None if value is None or real is None else slack(theorem.kind, value, real),
        bound=value,
        actual=real,
        index=bound.index,
        vacuous=bound.vacuous if applies and bound.value is not None else None,
        hypotheses=bound.hypotheses,
        seen=bound.seen,
        reason=bound.unavailable or reason,
    )


def _around_bound(bound: BoundValue) -> Enclosure | None:
    return None if bound.value is None else around(Between(bound.value, bound.value, bound.error))


def around(measured: Between) -> Enclosure | None:
    """A float bracket with its rounding error as an enclosure; None where an end is not finite. Source: ours.

    >>> around(Between(0.0, 1.0, 0.5)).upper
    Fraction(3, 2)
    """
    lower, upper, error = measured
    if not all(map(math.isfinite, measured)):
        return None
    return Enclosure(Fraction(lower) - Fraction(error), Fraction(upper) + Fraction(error))
