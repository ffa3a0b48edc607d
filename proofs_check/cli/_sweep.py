"""`linrep sweep`: a grid of problems, on processes of this machine or on Dask."""

import os
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from linrep._checks import require
from linrep.evaluate import Status
from proofs_check import console as shown
from proofs_check import store
from proofs_check import sweep as sweeps
from proofs_check.cli._app import INTERRUPTED, app, console, plain, progress, say_written, write_json

INCOMPLETE = 3
SHOWN = 5
"""Failed problems that are printed; the table has all."""


@app.command(name="sweep")
def sweep_command(
    file: Path,
    *,
    out: Path = Path("linrep-sweep"),
    workers: int | None = None,
    scheduler: str | None = None,
    again: Annotated[bool, Parameter(name="--retry-failed")] = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Theorems on a grid of problems, given by a TOML file, on the cores of this machine or on Dask.

    Example: linrep sweep examples/sweep.toml --out sweep --workers 2

    A run that was stopped goes on from journal.jsonl in its folder: give the same command again. Exit code 1 where a
    theorem fails, else 3 where a problem could not be run.

    Args:
        file: a spec with [problem] or [[problems]], [sweep], seeds, theorems, evidence and record.
        out: folder for the journal and for sweep.csv and sweep.jsonl.
        workers: processes of this machine; default one for each core.
        scheduler: address of a Dask scheduler, as in tcp://127.0.0.1:8786.
        again: run problems once more that could not be run before.
        as_json: print counts, failures and files as JSON.
    """
    require(
        workers is None or scheduler is None,
        f"sweep: --workers {workers} is for this machine, but --scheduler is given; leave one of them out.",
    )
    spec, begin = sweeps.read(file), time.perf_counter()
    engine = sweeps.pool((os.cpu_count() or 1) if workers is None else workers)
    opened = nullcontext(engine) if scheduler is None else sweeps.dask(scheduler)
    place = store.folder(out)
    try:
        with sweeps.Journal(place / "journal.jsonl") as journal, opened as used, progress(len(spec.tasks)) as tick:
            found = sweeps.sweep(spec, journal, used, again=again, tick=tick)
    except KeyboardInterrupt:
        console(stderr=True).print(f"linrep: stopped; the same command goes on from {place / 'journal.jsonl'}")
        return INTERRUPTED
    how = store.record(
        evidence=spec.evidence.upper(),
        parameters={"spec": plain(spec.said), "reused": found.reused},
        seconds=round(time.perf_counter() - begin, 3),
    )
    store.save(found.table, place, "sweep", {**how, "seed": plain(spec.said.get("seeds"))})
    return _tell(spec, found, place, as_json=as_json)


def _tell(spec: sweeps.Spec, found: sweeps.Swept, place: Path, *, as_json: bool) -> int:
    """Print what came out; returns the exit code."""
    counts = found.counts
    files = [place / "sweep.csv", place / "sweep.jsonl"]
    if as_json:
        said: dict[str, Any] = {"problems": len(spec.tasks), "reused": found.reused, "foreign": found.foreign}
        write_json({**said, "counts": counts, "failures": found.failures, "files": [str(path) for path in files]})
    else:
        out = console()
        out.print(shown.tally(counts))
        out.print(*_lines(spec, found), sep="\n", highlight=False, markup=False, soft_wrap=True)
        say_written(files)
    if counts[Status.FAILS.value]:
        return 1
    return INCOMPLETE if found.failures else 0


def _lines(spec: sweeps.Spec, found: sweeps.Swept) -> list[str]:
    theorems = len(spec.theorems)
    lines = [f"{len(spec.tasks)} problems, {theorems} theorems, evidence {spec.evidence.upper()}"]
    if found.reused:
        lines.append(f"note: {found.reused} problems were in the journal already.")
    if found.foreign:
        lines.append(f"note: {found.foreign} problems of the journal are not in this spec and not in the table.")
    if found.failures:
        lines.append(f"could not be run: {len(found.failures)} problems")
        often = Counter(found.failures.values()).most_common(SHOWN)
        lines += [f"  {count} x {sentence}" for sentence, count in often]
    return lines
