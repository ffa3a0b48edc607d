"""`linrep verify`: every theorem on every embedded problem."""

import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from linrep._checks import require
from linrep.bounds import CATALOGUE
from linrep.evaluate import Status
from linrep.tables import Table, Value
from proofs_check import console as shown
from proofs_check import controls, problem_files, report, store, verify
from proofs_check.check import named_evidence
from proofs_check.cli._app import app, console, progress, say_written, write_json
from proofs_check.embedded import RANDOM_COUNT, Embedded, embedded
from proofs_check.names import chosen
from proofs_check.verdict import Evidence

ALIKE = 2.0**-200
"""Sides that are this near are reported as equal up to so much, which is no proof; they are enclosed to about
2^-256."""


@app.command(name="verify")
def verify_command(
    *,
    out: Path = Path("linrep-verify"),
    seed: int = 0,
    random: int = RANDOM_COUNT,
    family: list[str] | None = None,
    evidence: str = "float",
    pictures: Annotated[bool, Parameter(negative="--no-pictures")] = True,
    with_controls: Annotated[bool | None, Parameter(name="--controls", negative="--no-controls")] = None,
    full: bool = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Evaluate every theorem on every embedded problem; write the table, the pictures and the report.

    Example: linrep verify --out out --seed 0

    Args:
        out: folder for verify.csv, verify.jsonl and, for each picture, its table and PNG and SVG files.
        seed: draws the random problems and the label of Table 1.
        random: how many random problems.
        family: only the problems of these families.
        evidence: float, enclosed (proofs, in enclosures) or exact (proofs, in rationals only).
        pictures: whether to draw them.
        with_controls: whether to refute the broken variants of every theorem too, which tells what would be noticed;
            unless said otherwise with evidence float (what refutes them is exact in any case).
        full: print every row, not a line for each theorem.
        as_json: print a summary as JSON.
    """
    begin = time.perf_counter()
    problem_files.key_of(seed)
    require(random >= 0, f"verify: random is {random}, but a number of problems is needed; pass 0 or more.")
    asked = named_evidence(evidence, owner="verify")
    with_controls = asked is Evidence.FLOAT if with_controls is None else with_controls
    problems = _of_families(embedded(seed, random), family)
    place = store.folder(out)
    names = tuple(verify.PICTURES) if pictures else ()
    with progress(len(problems) + len(names)) as tick:
        outcome = verify.run(problems, CATALOGUE, place, seed=seed, evidence=evidence, pictures=names, tick=tick)
        broken, files = controls.run(CATALOGUE, place, seed=seed, tick=tick) if with_controls else (None, ())
    page = report.write(place)
    seconds = time.perf_counter() - begin
    if as_json:
        write_json(_summary(outcome, seed, seconds) | _told(broken, files) | {"report": str(page)})
    else:
        _show(outcome, seconds, full=full)
        _show_controls(broken, files, full=full)
        say_written([page])
    return 1 if outcome.fails else 0


def _told(table: Table | None, files: Iterable[Path]) -> dict[str, Any]:
    """What became of the controls, for JSON."""
    if table is None:
        return {}
    rows = [dict(row) for row in controls.kill_rate(table).rows]
    return {"controls": {"summary": controls.summary(table), "rate": rows, "written": [str(path) for path in files]}}


def _show_controls(table: Table | None, files: Iterable[Path], *, full: bool) -> None:
    if table is None:
        return
    screen = console()
    if full:
        screen.print(shown.table_grid(controls.kill_rate(table), width=screen.width))
    screen.print(controls.summary(table), highlight=False, markup=False, soft_wrap=True)
    say_written(files)


def _of_families(problems: Sequence[Embedded], families: Iterable[str] | None) -> tuple[Embedded, ...]:
    if families is None:
        return tuple(problems)
    known = dict.fromkeys(p.family for p in problems)
    wanted = {chosen(name, known, owner="verify", what="family") for name in families}
    return tuple(p for p in problems if p.family in wanted)


def _summary(outcome: verify.Outcome, seed: int, seconds: float) -> dict[str, Any]:
    rows = outcome.table.rows
    return {
        "seed": seed,
        "evidence": outcome.table.record["evidence"],
        "left_out": dict(outcome.left_out),
        "seconds": round(seconds, 3),
        "problems": len({row["problem"] for row in rows}),
        "theorems": len(outcome.digest.rows),
        "counts": verify.counts(outcome.table),
        "fails": [dict(row) for row in outcome.fails],
        "undecided": [dict(row) for row in outcome.table.where(status=Status.UNDECIDED.value).rows],
        "digest": [dict(row) for row in outcome.digest.rows],
        "written": [str(path) for path in outcome.written],
    }


def _show(outcome: verify.Outcome, seconds: float, *, full: bool) -> None:
    out = console()
    if full:
        title = "Every theorem on every problem"
        out.print(shown.comparison_grid(outcome.table, title=title, width=out.width))
    for status in (Status.UNDECIDED, Status.FAILS):
        some = outcome.table.where(status=status.value)
        if some.rows and not full:
            out.print(shown.comparison_grid(some, title=status.value, width=out.width))
    out.print(shown.digest_grid(outcome.digest, width=out.width))
    problems = len(set(outcome.table.column("problem")))
    out.print(shown.tally(verify.counts(outcome.table)))
    evidence = outcome.table.record["evidence"]
    out.print(
        f"{len(outcome.digest.rows)} theorems on {problems} problems in {seconds:.1f} s, evidence {evidence}",
        *(_unsettled(outcome) if evidence != Evidence.FLOAT.name else ()),
        sep="\n",
        highlight=False,
        markup=False,
    )
    say_written(outcome.written)


def _unsettled(outcome: verify.Outcome) -> list[str]:
    """What was left out of the proofs, and which rows remain undecided, by name."""
    left, open_rows = outcome.left_out, outcome.table.where(status=Status.UNDECIDED.value).rows
    lines = [f"left out, as not exact or not finite: {len(left)} problems"]
    lines += [f"  {name}: {why}" for name, why in left.items()]
    lines.append(f"undecided: {len(open_rows)}")
    return lines + [f"  {row['theorem']} on {row['problem']}: {why_open(row)}" for row in open_rows]


def why_open(row: Mapping[str, Value]) -> str:
    """Why a row is undecided: a hypothesis that is not settled, no slack, or sides that are not told apart.

    Source: ours.

    >>> why_open({"fails": "", "slack": -1e-96, "slack_upper": 2e-96})
    'equality up to 2.0e-96'
    """
    if row["fails"]:
        return f"not settled: {row['fails']}"
    if row["slack"] is None or row["slack_upper"] is None:
        return str(row["reason"])
    low, high = float(row["slack"]), float(row["slack_upper"])
    if max(-low, high) <= ALIKE:
        return f"equality up to {max(-low, high):.1e}"
    return f"a side is bracketed: slack between {low:.1e} and {high:.1e}"
