"""Controls: each theorem broken on purpose, and the exact counterexample that shows that it was noticed."""

import json
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import jax

from linrep.bounds import Control, Theorem
from linrep.problems import Problem
from linrep.symbols import RELEVANT
from linrep.tables import Table, Value
from proofs_check import store
from proofs_check.search import (
    ENGINES,
    Best,
    Found,
    Listed,
    RefutedError,
    embedded_problems,
    encoded,
    examples,
    explore,
    search,
)

SMALL = 8
"""Most features of an embedded problem that every control is tried on."""
TOGETHER = 300
"""Problems that are generated for all variants of the same hypotheses together."""
BUDGET = 600
"""Problems that the search for one counterexample may generate."""
UNKNOWN_BUDGET = 100
"""The same where the theorem's file says why there is none."""
COLUMNS = ("theorem", "control", "status", "reason", "tightness", "slack", "tried", "engine", "problem")
"""Columns of the table of controls."""
RATE = ("theorem", "controls", "refuted", "unknown", "survive")
"""Columns of the table of how many controls were refuted."""
REFUTED, UNKNOWN, SURVIVES = "refuted", "unknown", "survives"


@dataclass(frozen=True)
class Record:
    """What became of one broken variant.

    Attributes:
        theorem: key of the theorem that was broken.
        control: what was broken.
        status: "refuted" by an exact counterexample; "unknown" where the theorem's file says why there may be none;
            "survives" where there should be one and none was found.
        reason: the counterexample in words, or why there is none.
        found: what the search met: the counterexample, or the least slack.

    Source: ours.

    >>> Record("t", "scaled by 1/2", REFUTED, "", Found("t~scaled", None, None, None, 3, "exact")).row["tried"]
    3
    """

    theorem: str
    control: str
    status: str
    reason: str
    found: Found

    @property
    def row(self) -> dict[str, Value]:
        """The record as a row of `judged`."""
        found, slack = self.found, None
        if found.verdict is not None and found.verdict.slack is not None:
            slack = float(found.verdict.slack)
        cells = (self.theorem, self.control, self.status, self.reason, found.tightness, slack, found.tried)
        return dict(zip(COLUMNS, (*cells, found.engine, _witness(found)), strict=True))


def refute(theorem: Theorem, control: Control, *, key: jax.Array, budget: int = BUDGET) -> Record:
    """Search for a problem on which a broken variant of a theorem fails, proved in enclosed or exact numbers.

    Args:
        theorem: of the catalogue.
        control: one of its broken variants.
        key: draws everything random.
        budget: problems that may be generated.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> control = linrep26.HYPERCUBE.controls[1]
    >>> control.name, refute(linrep26.HYPERCUBE, control, key=jax.random.key(0)).status
    ('scaled by 9/10', 'refuted')
    """
    case = _Case(theorem, control, Best(control.theorem(theorem)))
    _look_at_listed(case, examples(theorem))
    return _settled(case, key, budget)


def judged(theorems: Iterable[Theorem], *, key: jax.Array, tick: Callable[[str], None] = lambda _: None) -> Table:
    """A row for every control of every theorem; a theorem without a number has nothing to refute.

    Cheap attempts first: the examples of the theorem, then problems generated for all variants of the same hypotheses
    together, then small embedded problems and a search for each that is left.

    Args:
        theorems: of the catalogue.
        key: draws everything random.
        tick: told the name of each piece of work as it begins.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> judged([linrep26.HYPERCUBE], key=jax.random.key(0)).column("status")
    ['refuted', 'refuted', 'refuted']
    """
    cases = [
        _Case(theorem, control, Best(control.theorem(theorem)))
        for theorem in theorems
        for control in (() if theorem.unavailable else theorem.controls)
    ]
    tick("controls: examples")
    for case in cases:
        _look_at_listed(case, examples(case.theorem))
    records, pool = [], []
    for number, group in enumerate(_alike(cases)):
        tick("controls: generated problems")
        _look_at_generated(group, jax.random.fold_in(key, number), pool)
    small = [e for e in embedded_problems() if e.problem.moments.dim <= SMALL] if any(c.open for c in cases) else []
    for number, case in enumerate(cases):
        tick(case.theorem.key)
        if case.open:
            _look_at_listed(case, small)
        records.append(_settled(case, jax.random.fold_in(key, 2**16 + number), BUDGET))
    return Table(COLUMNS, tuple(record.row for record in records))


@dataclass
class _Case:
    """A variant and the best that was found of it."""

    theorem: Theorem
    control: Control
    best: Best

    @property
    def open(self) -> bool:
        """Whether a counterexample is still looked for."""
        return not self.best.refuted and not self.control.unknown


def _look_at_listed(case: _Case, problems: Iterable[Listed]) -> None:
    case.best.current = "listed"
    for entry in problems:
        try:
            case.best.look(entry.problem, entry.name)
        except RefutedError:
            return


def _alike(cases: Iterable[_Case]) -> list[list[_Case]]:
    """The variants by what is generated for them."""
    groups: dict[object, list[_Case]] = {}
    for case in cases:
        if not case.best.refuted:  # in the order of the catalogue
            variant = case.best.theorem
            groups.setdefault((frozenset(variant.hypotheses), RELEVANT in variant.inputs), []).append(case)
    return list(groups.values())


def _look_at_generated(group: Sequence[_Case], key: jax.Array, pool: list[Problem]) -> None:
    """Show a group the problems generated so far, and then new ones, which join them."""
    for case in group:
        case.best.current = "exact"
    for problem in pool:
        if any(case.open for case in group):
            _look_at_one(group, problem)

    def look(problem: Problem) -> None:
        pool.append(problem)
        _look_at_one(group, problem)
        if not any(case.open for case in group):
            raise RefutedError

    if any(case.open for case in group):
        explore(group[0].best.theorem, key, TOGETHER, look, shrink=False)


def _look_at_one(group: Sequence[_Case], problem: Problem) -> None:
    for case in group:
        if case.open:
            try:
                case.best.look(problem)
            except RefutedError:
                continue


def _settled(case: _Case, key: jax.Array, budget: int) -> Record:
    """What is known of the case, after a search of its own where a counterexample is still missing."""
    theorem, control, found = case.theorem, case.control, case.best.found
    if not found.refuted:
        most = UNKNOWN_BUDGET if control.unknown else budget
        for engine in ("exact",) if control.unknown else ENGINES:
            if not found.refuted:
                again = search(case.best.theorem, key=key, budget=most, engines=(engine,), listed=_kept(found))
                found = replace(again, tried=again.tried + found.tried)
    if found.refuted:
        return Record(theorem.key, control.name, REFUTED, _in_words(found), found)
    if control.unknown:
        return Record(theorem.key, control.name, UNKNOWN, control.unknown, found)
    return Record(theorem.key, control.name, SURVIVES, f"no counterexample among {found.tried} problems", found)


def _kept(found: Found) -> tuple[Listed, ...]:
    """The best problem so far, so that another search goes on from it."""
    return () if found.problem is None else (Listed(found.name, found.problem),)


def run(
    theorems: Iterable[Theorem], place: Path, *, seed: int, tick: Callable[[str], None] = lambda _: None
) -> tuple[Table, tuple[Path, Path]]:
    """Judge the controls and save the table as controls.csv and controls.jsonl; returns it and both paths.

    Args:
        theorems: of the catalogue.
        place: an existing folder.
        seed: draws everything random.
        tick: told the name of each piece of work as it begins.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     [path.name for path in run([], Path(home), seed=0)[1]]
    ['controls.csv', 'controls.jsonl']
    """
    begin = time.perf_counter()
    table = judged(theorems, key=jax.random.key(seed), tick=tick)
    seconds, asked = round(time.perf_counter() - begin, 3), {"budget": BUDGET, "together": TOGETHER}
    how = store.record(evidence="ENCLOSED", parameters=asked, seed=seed, seconds=seconds)
    return store.save(table, place, "controls", how), (place / "controls.csv", place / "controls.jsonl")


def kill_rate(table: Table) -> Table:
    """Theorem by theorem, how many controls there are and what became of them.

    Args:
        table: of `judged`, or the same reloaded.

    Source: ours.

    >>> kill_rate(Table(COLUMNS, ())).rows
    ()
    """
    names = dict.fromkeys(table.column("theorem"))
    return Table(RATE, tuple(_rate(str(name), table.where(theorem=name)) for name in names))


def summary(table: Table) -> str:
    """The kill rate in one line.

    Source: ours.

    >>> summary(Table(COLUMNS, ()))
    'controls: 0 of 0 refuted, 0 unknown with a reason, 0 survive'
    """
    row = _rate("", table)
    named = ", ".join(f"{r['theorem']} {r['control']}" for r in table.where(status=SURVIVES).rows)
    counted = f"controls: {row['refuted']} of {row['controls']} refuted, {row['unknown']} unknown with a reason"
    return f"{counted}, {row['survive']} survive" + (f" ({named})" if named else "")


def _rate(name: str, table: Table) -> dict[str, Value]:
    statuses = table.column("status")
    counts = (len(statuses), *(statuses.count(s) for s in (REFUTED, UNKNOWN, SURVIVES)))
    return dict(zip(RATE, (name, *counts), strict=True))


def _in_words(found: Found) -> str:
    verdict, problem = found.verdict, found.problem
    assert verdict is not None
    assert problem is not None
    assert verdict.actual is not None
    assert verdict.bound is not None
    size = f"{type(problem.process).__name__}, N = {problem.process.n_inputs}, d = {problem.dim}"
    return f"actual {float(verdict.actual):.6g} against {float(verdict.bound):.6g} on {found.name or size}"


def _witness(found: Found) -> str | None:
    """The problem as JSON, or its name."""
    problem: Problem | None = found.problem
    return None if problem is None else found.name or json.dumps(encoded(problem), separators=(",", ":"))
