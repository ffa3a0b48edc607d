"""The command line `linrep`: the main job, one problem, one theorem."""

import os

# XLA sizes its thread pool from this; without it batched solves can hang on a machine with two cores.
os.environ.setdefault("NPROC", "4")

import json
import sys
import time
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import cyclopts
import jax
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from linrep._checks import InputError, require
from linrep.bounds import CATALOGUE
from linrep.evaluate import Status
from linrep.evaluate import compare as compared
from linrep.problems import Problem
from proofs_check import console, explain, problem_files, store, verify
from proofs_check.embedded import RANDOM_COUNT, Embedded, embedded
from proofs_check.names import chosen

BAD_INPUT, BROKEN_PIPE = 2, 141
FILE_WIDTH = 160
"""Columns of text that does not go to a terminal."""
app = App(
    name="linrep",
    help="Guarantees of contrastive representation learning, computed next to the truth.",
    help_format="plaintext",
    default_parameter=Parameter(negative=()),
)


def main() -> None:
    """The entry point: run the command of this process and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code: 0, 1 where a theorem fails, 2 on bad input.

    Source: ours.

    >>> run(["explain", "--json", "linrep26.hypercube"])  # doctest: +ELLIPSIS
    {"key": "linrep26.hypercube", ...
    0
    """
    jax.config.update("jax_enable_x64", True)
    try:
        code = app(list(arguments), exit_on_error=False, print_error=False, result_action="return_value")
        sys.stdout.flush()
        return int(code or 0)
    except (InputError, cyclopts.CycloptsError) as error:
        _console(stderr=True).print(
            f"linrep: {' '.join(str(error).split())}", style="bold red", markup=False, highlight=False, soft_wrap=True
        )
        return BAD_INPUT
    except BrokenPipeError:  # the reader of our output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


@app.command(name="verify")
def verify_command(
    *,
    out: Path = Path("linrep-verify"),
    seed: int = 0,
    random: int = RANDOM_COUNT,
    family: list[str] | None = None,
    pictures: Annotated[bool, Parameter(negative="--no-pictures")] = True,
    full: bool = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Evaluate every theorem on every embedded problem; write the table and the pictures.

    Args:
        out: folder for verify.csv, verify.jsonl and, for each picture, its table and PNG and SVG files.
        seed: draws the random problems and the label of Table 1.
        random: how many random problems.
        family: only the problems of these families.
        pictures: whether to draw them.
        full: print every row, not a line for each theorem.
        as_json: print a summary as JSON.
    """
    begin = time.perf_counter()
    problem_files.key_of(seed)
    require(random >= 0, f"verify: random is {random}, but a number of problems is needed; pass 0 or more.")
    place, problems = store.folder(out), _of_families(embedded(seed, random), family)
    names = tuple(verify.PICTURES) if pictures else ()
    with _progress(len(problems) + len(names)) as tick:
        outcome = verify.run(problems, CATALOGUE, place, seed=seed, pictures=names, tick=tick)
    seconds = time.perf_counter() - begin
    if as_json:
        _write_json(_summary(outcome, seed, seconds))
    else:
        _show(outcome, seconds, full=full)
    return 1 if outcome.fails else 0


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
    spec: dict[str, Any] = {} if file is None else problem_files.load(file)
    for name, text in (("process", process), ("features", features), ("labels", labels)):
        if text is not None:
            spec[name] = problem_files.inline(text, owner=f"--{name}")
    spec |= {} if dim is None else {"dim": dim}
    require(spec, "compare: no problem was given; name a TOML file, or pass --process, --features, --labels and --dim.")
    wanted = CATALOGUE if theorem is None else [explain.named(key) for key in theorem]
    begin, problem = time.perf_counter(), problem_files.problem(spec)
    _refuse_beyond_rank(problem)
    table, said = compared(problem, wanted), problem_files.notes(problem)
    if out is not None:
        how = store.record(
            evidence="FLOAT", parameters={"problem": _plain(spec)}, seconds=round(time.perf_counter() - begin, 3)
        )
        store.save(table, store.folder(out), "compare", how)
    if as_json:
        _write_json({"notes": said, "rows": [dict(row) for row in table.rows]})
    else:
        _console().print(
            console.comparison_grid(table), *(f"note: {line}" for line in said), sep="\n", highlight=False, markup=False
        )
        _say_written([] if out is None else [out / "compare.csv", out / "compare.jsonl"])
    return 1 if Status.FAILS.value in table.column("status") else 0


@app.command(name="explain")
def explain_command(key: str | None = None, *, as_json: Annotated[bool, Parameter(name="--json")] = False) -> int:
    """A theorem in words and formulas; without a key, the list of keys.

    Args:
        key: the theorem, as in linrep26.risk_gap_mean.
        as_json: print it as JSON.
    """
    if key is None:
        listed = explain.keys()
        if as_json:
            _write_json(listed)
        else:
            width = max(map(len, listed))
            _console().print(
                *(f"{k:<{width}}  {title}" for k, title in listed.items()), sep="\n", highlight=False, markup=False
            )
        return 0
    found = explain.explanation(explain.named(key))
    if as_json:
        _write_json(found)
    else:
        _console().print(console.explained(found), highlight=False, markup=False, soft_wrap=True)
    return 0


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
    out = _console()
    if full:
        out.print(console.comparison_grid(outcome.table, title="Every theorem on every problem"))
    for status in (Status.UNDECIDED, Status.FAILS):
        some = outcome.table.where(status=status.value)
        if some.rows and not full:
            out.print(console.comparison_grid(some, title=status.value))
    out.print(console.digest_grid(outcome.digest))
    problems = len(set(outcome.table.column("problem")))
    out.print(console.tally(verify.counts(outcome.table)))
    out.print(
        f"{len(outcome.digest.rows)} theorems on {problems} problems in {seconds:.1f} s, evidence FLOAT",
        highlight=False,
    )
    _say_written(outcome.written)


def _say_written(paths: Iterable[Path]) -> None:
    for path in paths:
        _console().print(f"wrote {path}", highlight=False, markup=False, soft_wrap=True)


@contextmanager
def _progress(total: int):
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=_console(stderr=True), transient=True) as bar:
        task = bar.add_task("start", total=total)
        done = iter(range(total))
        yield lambda name: bar.update(task, description=name, completed=next(done, total))


def _write_json(value: Any) -> None:
    sys.stdout.write(json.dumps(_plain(value), ensure_ascii=False) + "\n")


def _refuse_beyond_rank(problem: Problem) -> None:
    """The library fills columns beyond the rank with zeros; at the command line such a d is most likely a slip."""
    rank = problem.solution.rank
    require(
        problem.weights is not None or problem.dim <= rank,
        f"compare: dim is {problem.dim}, but the features have rank {rank} on this process; "
        f"pass a dim of at most {rank}, or weights with zero columns.",
    )


def _plain(value: Any) -> Any:
    """JSON has no infinities or NaN, and TOML has dates: they are written as text."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    finite = not isinstance(value, float) or abs(value) < float("inf")
    return value if value is None or (isinstance(value, (str, int, float)) and finite) else str(value)


def _console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal; text that goes to a file gets the width that a table needs."""
    found = Console(stderr=stderr)
    narrow = not found.is_terminal and "COLUMNS" not in os.environ
    return Console(stderr=stderr, width=FILE_WIDTH) if narrow else found
