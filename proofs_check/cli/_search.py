"""`linrep search`: the problem on which a theorem is tightest."""

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from linrep._checks import InputError, require
from linrep.bounds import CATALOGUE
from linrep.tables import Table
from proofs_check import explain, problem_files, store
from proofs_check.cli._app import app, console, progress, say_written, write_json
from proofs_check.console import table_grid
from proofs_check.search import BUDGET, Found, encoded, search, tightness_table


@app.command(name="search")
def search_command(
    key: str | None = None,
    *,
    every: Annotated[bool, Parameter(name="--all")] = False,
    budget: int = BUDGET,
    seed: int = 0,
    resume: Path | None = None,
    out: Path = Path("linrep-search"),
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Search for the problem with the least slack, in exact numbers, judged by enclosures.

    Example: linrep search linrep26.risk_gap_mean --budget 400 --seed 0

    Args:
        key: the theorem, as in linrep26.risk_gap_mean.
        every: all theorems; writes tightness.csv and tightness.jsonl.
        budget: problems that each engine may look at.
        seed: draws everything random.
        resume: a file that is written after every round and continued from, if it is there.
        out: folder for the table of --all.
        as_json: print what was found as JSON.
    """
    drawn = problem_files.key_of(seed)
    require(every != (key is not None), "search: name one theorem, or pass --all for all of them.")
    if every:
        require(resume is None, "search: --resume is for one theorem; leave it out with --all.")
        return _search_all(budget, seed, out, as_json=as_json)
    if key is None:
        raise InputError("search: no theorem was named; name one, or pass --all.")
    found = search(explain.named(key, owner="search"), key=drawn, budget=budget, resume=resume)
    if as_json:
        write_json(_plain(found))
    else:
        console().print(*_lines(found), sep="\n", highlight=False, markup=False, soft_wrap=True)
        say_written([] if resume is None else [resume])
    return 1 if found.refuted else 0


def _search_all(budget: int, seed: int, out: Path, *, as_json: bool) -> int:
    place = store.folder(out)
    with progress(len(CATALOGUE)) as tick:
        table = tightness_table(CATALOGUE, key=problem_files.key_of(seed), budget=budget, tick=tick)
    how = store.record(evidence="ENCLOSED", parameters={"budget": budget}, seed=seed)
    table = store.save(table, place, "tightness", how)
    if as_json:
        write_json([dict(row) for row in table.rows])
    else:
        shown = ("theorem", "tightness", "status", "engine", "name", "tried")
        short = Table(shown, tuple({name: row[name] for name in shown} for row in table.rows))
        screen = console()
        screen.print(table_grid(short, width=screen.width))
        say_written([place / "tightness.csv", place / "tightness.jsonl"])
    return 1 if "FAILS" in table.column("status") else 0


def _plain(found: Found) -> dict[str, Any]:
    verdict = found.verdict
    known = {} if found.problem is None or found.name else {"problem": encoded(found.problem)}
    return {
        "theorem": found.theorem,
        "tightness": found.tightness,
        "status": None if verdict is None else verdict.status.value,
        "refuted": found.refuted,
        "tried": found.tried,
        "engine": found.engine,
        "name": found.name,
        **known,
    }


def _lines(found: Found) -> list[str]:
    plain = _plain(found)
    if found.tightness is None:
        return [f"{found.theorem}: none of {found.tried} problems gives a number to compare"]
    head = f"{found.theorem}: {plain['status']}, smaller over larger side {found.tightness:.6g}"
    where = found.name or str(plain["problem"])
    return [head, f"found by the {found.engine} engine among {found.tried} problems: {where}"]
