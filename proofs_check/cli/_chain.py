"""`linrep chain`: the proof of a theorem, step by step on one problem."""

import time
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from proofs_check import console as shown
from proofs_check import explain, problem_files, store
from proofs_check.chain import chain
from proofs_check.cli._app import app, console, plain, say_written, write_json
from proofs_check.cli._problem import refuse_beyond_rank, spec


@app.command(name="chain")
def chain_command(
    key: str,
    file: Path | None = None,
    *,
    process: str | None = None,
    features: str | None = None,
    labels: str | None = None,
    dim: int | None = None,
    evidence: Literal["float", "enclosed", "exact"] = "float",
    out: Path | None = None,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """The proof of a theorem on one problem: every step with both sides, what it loses, and where it breaks.

    Example: linrep chain saunshi22.linear_class problem.toml

    Args:
        key: the theorem, as in saunshi22.linear_class.
        file: a problem file with dim, [process], [features], [labels] and perhaps weights and score.
        process: a type and its entries, as in "HypercubeScaling dim=50, relevant=10".
        features: likewise, as in "Linear" or "Polynomial degree=2".
        labels: likewise, as in "Coordinate index=0", or a list as in "[1, -1]".
        dim: dimension of the representation.
        evidence: floats with derived errors, certified enclosures, or rational numbers only.
        out: folder for chain.csv and chain.jsonl.
        as_json: print the table as JSON.
    """
    theorem = explain.named(key, owner="chain")
    said = spec(file, process=process, features=features, labels=labels, dim=dim, owner="chain")
    begin, problem = time.perf_counter(), problem_files.problem(said)
    refuse_beyond_rank(problem, owner="chain")
    found = chain(theorem, problem, evidence)
    table, notes = found.table(), problem_files.notes(problem)
    if out is not None:
        parameters = {"problem": plain(said), **table.record}
        seconds = round(time.perf_counter() - begin, 3)
        how = store.record(evidence=found.evidence.name, parameters=parameters, seconds=seconds)
        store.save(table, store.folder(out), "chain", how)
    if as_json:
        write_json({"notes": notes, **table.record, "rows": [dict(row) for row in table.rows]})
    else:
        reason = [f"note: {found.reason}"] if found.reason else []
        lines = (*reason, *(f"note: {line}" for line in notes))
        screen = console()
        screen.print(shown.chain_grid(found, width=screen.width), *lines, sep="\n", highlight=False, markup=False)
        say_written([] if out is None else [out / "chain.csv", out / "chain.jsonl"])
    return 1 if found.broken else 0
