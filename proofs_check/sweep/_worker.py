"""What a worker does with a batch of tasks; the functions are here so that any process can import them."""

import os

# Read when JAX starts its thread pool; without it batched solves can hang on a machine with two cores.
os.environ.setdefault("NPROC", "4")

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import jax

from linrep._checks import InputError
from linrep.bounds import Kind, Theorem
from linrep.evaluate import comparison
from linrep.problems import Problem
from linrep.tables import Value
from proofs_check import explain, problem_files, store
from proofs_check.check import named_evidence
from proofs_check.rows import in_rationals, verdict_row
from proofs_check.verdict import Evidence

COLUMNS = (
    "theorem", "status", "bound", "bound_upper", "actual", "actual_upper", "slack", "slack_upper", "trivial", "vacuous",
    "index", "fails", "reason",
)  # fmt: skip
"""What the journal keeps of a theorem on a problem."""
_ONE_AT_A_TIME = threading.Lock()
"""A Dask worker may have several threads, but the precision of Arb is one for the whole process."""


@dataclass(frozen=True)
class Batch:
    """Problems with their keys, and what is asked of them.

    Source: ours.

    >>> Batch((), (), "float", {}).evidence
    'float'
    """

    problems: tuple[tuple[str, Mapping[str, Any]], ...]
    theorems: tuple[str, ...]
    evidence: str
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Done:
    """What became of one problem: its rows, in the order of `COLUMNS`, or the sentence of its failure.

    Source: ours.

    >>> Done("k", 0.1, error="f: x is 1, but 2 is needed; pass 2.").rows
    ()
    """

    key: str
    seconds: float
    rows: tuple[tuple[Value, ...], ...] = ()
    error: str | None = None


def run(batch: Batch) -> list[Done]:
    """Every problem of a batch, one after the other.

    Raises:
        InputError: a worker whose versions are not those of the sweep, as its numbers may differ.

    Source: ours.

    >>> run(Batch((), (), "float", store.versions()))
    []
    """
    mine = store.versions()
    differ = [
        f"{name} {mine[name]} and not {version}" for name, version in batch.versions.items() if mine[name] != version
    ]
    if differ:
        raise InputError(
            f"sweep: a worker has {', '.join(differ)}, but all must be alike; install the same versions there."
        )
    with _ONE_AT_A_TIME:
        jax.config.update("jax_enable_x64", True)
        theorems = [explain.named(key, owner="sweep") for key in batch.theorems]
        evidence = named_evidence(batch.evidence, owner="sweep")
        return [_done(key, said, theorems, evidence) for key, said in batch.problems]


def _done(key: str, said: Mapping[str, Any], theorems: Sequence[Theorem], evidence: Evidence) -> Done:
    begin = time.perf_counter()
    try:
        problem = problem_files.problem(said)
        problem = problem if evidence is Evidence.FLOAT else in_rationals(problem)
        rows = tuple(_row(theorem, problem, evidence) for theorem in theorems)
    except Exception as error:
        return Done(key, time.perf_counter() - begin, error=sentence(error))
    return Done(key, time.perf_counter() - begin, rows)


def sentence(error: BaseException) -> str:
    """The sentence of an error; with its type in front where it was not written for people.

    Source: ours.

    >>> sentence(ZeroDivisionError("division by zero"))
    'ZeroDivisionError: division by zero'
    """
    text = " ".join(str(error).split())
    return text if isinstance(error, InputError) else f"{type(error).__name__}: {text}"


def _row(theorem: Theorem, problem: Problem, evidence: Evidence) -> tuple[Value, ...]:
    found = _compared(theorem, problem) if evidence is Evidence.FLOAT else verdict_row(theorem, problem, evidence)
    return tuple(found[name] for name in COLUMNS)


def _compared(theorem: Theorem, problem: Problem) -> dict[str, Value]:
    """A comparison in floats; its slack is the difference of the two sides as they are printed."""
    row = comparison(theorem, problem)
    bound, low, high = row["bound"], row["actual"], row["actual_upper"]
    slack = None, None
    if isinstance(bound, float) and isinstance(low, float) and isinstance(high, float):
        slack = (bound - high, bound - low) if theorem.kind is Kind.UPPER else (low - bound, high - bound)
    return {**row, "bound_upper": bound, "slack": slack[0], "slack_upper": slack[1]}
