"""`chain`: the proof of a theorem, evaluated step by step on a problem."""

from dataclasses import replace

from linrep.bounds import Relation, Step, Theorem
from linrep.evaluate import Status, demand, evaluate
from linrep.problems import Problem
from linrep.quantities import Between, Unavailable
from proofs_check.chain._links import Chain, Link
from proofs_check.chain._routes import Route, exact_route, float_route
from proofs_check.check import around, check, named_evidence
from proofs_check.enclosures import exact_problem
from proofs_check.verdict import Evidence


def chain(theorem: Theorem, problem: Problem, evidence: str | Evidence = "float") -> Chain:
    """Every step of the theorem's proof on a problem: both sides, the slack, and whether it holds.

    Args:
        theorem: an entry of `linrep.bounds`, or a variant of one.
        problem: what it is asked about; exact numbers beyond "float", as for `check`.
        evidence: "float", "enclosed" or "exact", as for `check`.

    Raises:
        InputError: an unknown evidence, or floats of unknown origin where a proof is asked for.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1)
    >>> found = chain(lr.bounds.linrep26.RISK_GAP_MEAN, pb, "exact")
    >>> [(link.relation.value, str(link.slack.lower), link.status.value) for link in found][:2]
    [('=', '0', 'HOLDS'), ('<=', '0', 'HOLDS')]
    """
    demand(theorem, problem, owner="chain")
    asked = named_evidence(evidence, owner="chain")
    if asked is not Evidence.FLOAT:
        exact_problem(problem)
    blank = Chain(theorem=theorem.key, evidence=asked, links=())
    applies, reason = _applies(theorem, problem, asked)
    if applies is False:
        return replace(blank, links=_unmeasured(theorem, Status.INAPPLICABLE, reason), reason=reason)
    try:
        route = (float_route if asked is Evidence.FLOAT else exact_route)(theorem, problem, asked)
    except Unavailable as why:
        return replace(blank, links=_unmeasured(theorem, Status.UNAVAILABLE, str(why)), reason=str(why))
    on_path = _path(theorem.steps)
    links = tuple(_link(step, on, route) for step, on in zip(theorem.steps, on_path, strict=True))
    if applies is None:
        links = tuple(_unsettled(link) for link in links)
    return replace(blank, links=links, index=route.index, trivial=route.known, reason="" if applies else reason)


def _path(steps: tuple[Step, ...]) -> list[bool]:
    """Which steps continue the path that begins with the first one."""
    found: list[bool] = []
    for number, step in enumerate(steps):
        found.append(number == 0 or (found[-1] and step.left == steps[number - 1].right))
    return found


def _link(step: Step, on_path: bool, route: Route) -> Link:
    try:
        sides = route.side(step.left), route.side(step.right)
    except Unavailable as why:
        return Link(step=step, on_path=on_path, status=Status.UNAVAILABLE, note=str(why))
    left, right = (around(s) if isinstance(s, Between) else s for s in sides)
    if left is None or right is None:
        return Link(step=step, on_path=on_path, status=Status.UNDECIDED, note="a side is not finite")
    return Link(
        step=step,
        on_path=on_path,
        status=route.judge(step.relation, *sides),
        left=left,
        right=right,
        slack=left - right if step.relation is Relation.AT_LEAST else right - left,
        vacuous=route.vacuous(sides[1]) if on_path else None,
    )


def _unmeasured(theorem: Theorem, status: Status, note: str) -> tuple[Link, ...]:
    on_path = _path(theorem.steps)
    return tuple(
        Link(step=step, on_path=on, status=status, note=note) for step, on in zip(theorem.steps, on_path, strict=True)
    )


def _unsettled(link: Link) -> Link:
    """Where a hypothesis is not settled, neither is a step."""
    settled = link.status in (Status.HOLDS, Status.FAILS)
    return replace(link, status=Status.UNDECIDED, note="a hypothesis is not settled") if settled else link


def _applies(theorem: Theorem, problem: Problem, evidence: Evidence) -> tuple[bool | None, str]:
    """Whether the hypotheses hold, and which do not."""
    found = evaluate(theorem, problem) if evidence is Evidence.FLOAT else check(theorem, problem, evidence)
    odd = [f"{name} ({found.seen[name]})" for name, holds in found.hypotheses.items() if holds is not True]
    rulings = found.hypotheses.values()
    return (False if False in rulings else None if None in rulings else True), "; ".join(odd)
