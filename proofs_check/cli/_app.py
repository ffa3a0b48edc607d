"""The application: entry point, exit codes, and how commands write."""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

# XLA sizes its thread pool from this; without it batched solves can hang on a machine with two cores.
os.environ.setdefault("NPROC", "4")

import cyclopts
import jax
from cyclopts import App, Parameter
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from linrep._checks import InputError

BAD_INPUT, INTERRUPTED, BROKEN_PIPE = 2, 130, 141
FILE_WIDTH = 160
"""Columns of text that does not go to a terminal."""
app = App(
    name="linrep",
    version=lambda: version("linrep"),
    help="Guarantees of contrastive representation learning, computed next to the truth.",
    help_format="plaintext",
    default_parameter=Parameter(negative=()),
    suppress_keyboard_interrupt=False,  # `run` has an exit code for it
)
app.register_install_completion_command(help="Complete commands and flags in bash, zsh, fish or PowerShell.")


def main() -> None:
    """The entry point: run the command of this process and leave with its exit code."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command; returns the exit code, one of those that `docs/command_line.md` lists.

    Source: ours.

    >>> from proofs_check.cli import run
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
        console(stderr=True).print(
            f"linrep: {' '.join(str(error).split())}", style="bold red", markup=False, highlight=False, soft_wrap=True
        )
        return BAD_INPUT
    except SystemExit:  # installing the completion does not know the shell, and has said so
        return BAD_INPUT
    except KeyboardInterrupt:
        console(stderr=True).print("linrep: stopped")
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


def console(*, stderr: bool = False) -> Console:
    """A console as wide as the terminal; text that goes to a file gets the width that a table needs.

    Source: ours.

    >>> console(stderr=True).stderr
    True
    """
    found = Console(stderr=stderr)
    narrow = not found.is_terminal and "COLUMNS" not in os.environ
    return Console(stderr=stderr, width=FILE_WIDTH) if narrow else found


@contextmanager
def progress(total: int):
    """A bar on stderr; yields what is told the name of each piece of work as it begins.

    Source: ours.

    >>> with progress(1) as tick:
    ...     tick("work")
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<28}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("start", total=total)
        done = iter(range(total))
        yield lambda name: bar.update(task, description=name, completed=next(done, total))


def write_json(value: Any) -> None:
    """One line of JSON on stdout.

    Source: ours.

    >>> write_json({"d": 1})
    {"d": 1}
    """
    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")


def say_written(paths: Iterable[Path]) -> None:
    """A line for each file that was written.

    Source: ours.

    >>> say_written([Path("a.csv")])
    wrote a.csv
    """
    for path in paths:
        console().print(f"wrote {path}", highlight=False, markup=False, soft_wrap=True)


def plain(value: Any) -> Any:
    """JSON has no infinities or NaN, and TOML has dates: they are written as text.

    Source: ours.

    >>> plain({"a": [float("inf"), 1]})
    {'a': ['inf', 1]}
    """
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    finite = not isinstance(value, float) or abs(value) < float("inf")
    return value if value is None or (isinstance(value, (str, int, float)) and finite) else str(value)
