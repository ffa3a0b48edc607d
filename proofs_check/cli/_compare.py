"""`linrep compare`: every theorem on one problem."""

import time
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from linrep.bounds import CATALOGUE
from linrep.evaluate import Status
from linrep.evaluate import compare as compared
from proofs_check import console as shown
from proofs_check import explain, problem_files, store
from proofs_check.cli._app import app, console, plain, say_written, write_json
from proofs_check.cli._problem import refuse_beyond_rank, spec


@app.command(name="compare")
def compare_command(
    file: Path | None = None,
    *,
    process: str | None = None,
    features: str | None = None,
    labels: str | None = None,
    dim: int | None = None,
    theorem: list[str] | None = None,
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Every theorem on one problem, given by a TOML file or by flags, which replace entries of the file.

    Example: linrep compare problem.toml --dim 12

    Args:
        file: a problem file with dim, [process], [features], [labels] and perhaps weights and score.
        process: a type and its entries, as in "HypercubeScaling dim=50, relevant=10".
        features: likewise, as in "Linear" or "Polynomial degree=2".
        labels: likewise, as in "Coordinate index=0", or a list as in "[1, -1]".
        dim: dimension of the representation.
        theorem: only these theorems.
        out: folder for compare.csv and compare.jsonl.
        as_json: print the table as JSON.
    """
    said = spec(file, process=process, features=features, labels=labels, dim=dim, owner="compare")
    wanted = CATALOGUE if theorem is None else [explain.named(key, owner="compare") for key in theorem]
    begin, problem = time.perf_counter(), problem_files.problem(said)
    refuse_beyond_rank(problem, owner="compare")
    table, notes = compared(problem, wanted), problem_files.notes(problem)
    if out is not None:
        seconds = round(time.perf_counter() - begin, 3)
        how = store.record(evidence="FLOAT", parameters={"problem": plain(said)}, seconds=seconds)
        store.save(table, store.folder(out), "compare", how)
    if as_json:
        write_json({"notes": notes, "rows": [dict(row) for row in table.rows]})
    else:
        screen, words = console(), [f"note: {line}" for line in notes]
        grid = shown.comparison_grid(table, width=screen.width)
        screen.print(grid, *words, sep="\n", highlight=False, markup=False)
        say_written([] if out is None else [out / "compare.csv", out / "compare.jsonl"])
    return 1 if Status.FAILS.value in table.column("status") else 0
