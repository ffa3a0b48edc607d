"""Running a sweep: batches to the engine, what comes back to the journal, and the table from the journal."""

import math
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Executor, Future, wait
from dataclasses import dataclass

from linrep._checks import InputError
from linrep.evaluate import Status
from linrep.tables import Table, Value
from proofs_check import store
from proofs_check.sweep._engines import Engine
from proofs_check.sweep._journal import Journal
from proofs_check.sweep._spec import Spec
from proofs_check.sweep._tasks import Task
from proofs_check.sweep._worker import COLUMNS, Batch, Done, run

LEAST_SECONDS = 0.05
"""A batch should last this long: handing one over costs up to 2 ms."""
LARGEST_BATCH = 64
"""So that a killed run loses little."""
AHEAD = 2
"""Batches in flight for each worker."""
STATUS = COLUMNS.index("status")
ERROR = "ERROR"
"""Status of a problem that could not be run."""
DIED = "sweep: a worker died on this problem twice, the second time on it alone; look at its memory."
Tick = Callable[[str], None]
"""Told of each finished task."""


@dataclass(frozen=True)
class Swept:
    """What a sweep found.

    Attributes:
        table: a row for each theorem on each problem, in the order of the spec; one row for a failed problem.
        counts: how many rows have each status, over all theorems.
        failures: the sentence of each failed problem, by key.
        reused: how many problems the journal had already.
        foreign: how many of the journal's problems are not in this spec, and so not in the table.

    Source: ours.

    >>> Swept(Table((), ()), {}, {}, 0, 0).failures
    {}
    """

    table: Table
    counts: Mapping[str, int]
    failures: Mapping[str, str]
    reused: int
    foreign: int


def sweep(spec: Spec, journal: Journal, engine: Engine, *, again: bool = False, tick: Tick = lambda _: None) -> Swept:
    """Run what the journal does not have yet, and make the table.

    Args:
        spec: what to run.
        journal: open; gets a line for each finished problem.
        engine: of `pool` or `dask`.
        again: run problems once more that failed before.
        tick: told the key of each finished problem.

    Raises:
        InputError: an engine that cannot run anything.

    Source: ours.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from proofs_check.sweep import Spec, pool
    >>> with tempfile.TemporaryDirectory() as home, Journal(Path(home, "j.jsonl")) as journal:
    ...     sweep(Spec((), (), "float", ("status",), (), {}), journal, pool(1)).table.rows
    ()
    """
    known = {key for key, done in journal.done.items() if not (again and done.error is not None)}
    todo = [task for task in spec.tasks if task.key not in known]
    for task in spec.tasks:
        if task.key in known:
            tick(task.key)
    if todo:
        for done in finished(spec, todo, engine):
            journal.append(done)
            tick(done.key)
    results = {task.key: journal.done[task.key] for task in spec.tasks}
    failures = {key: done.error for key, done in results.items() if done.error is not None}
    foreign = len(journal.done.keys() - results.keys())
    statuses = [row[STATUS] for done in results.values() for row in done.rows]
    counts = {status.value: statuses.count(status.value) for status in Status}
    return Swept(table(spec, results), counts, failures, len(spec.tasks) - len(todo), foreign)


def table(spec: Spec, results: Mapping[str, Done]) -> Table:
    """The rows of all tasks in the order of the spec, whatever the order in which they came.

    Source: ours.

    >>> table(Spec((), (), "float", ("status",), ("dim",), {}), {}).columns
    ('task', 'problem', 'dim', 'theorem', 'status', 'error')
    """
    rows = tuple(row for task in spec.tasks for row in _rows(spec, task, results[task.key]))
    return Table(("task", "problem", *spec.swept, "theorem", *spec.record, "error"), rows)


def _rows(spec: Spec, task: Task, done: Done) -> Iterator[dict[str, Value]]:
    cells = {path: v if isinstance(v, (str, int, float)) else str(v) for path, v in task.swept.items()}
    head: dict[str, Value] = {"task": task.key, "problem": task.number, **cells}
    if done.error is not None:
        blank = {name: ERROR if name == "status" else None for name in spec.record}
        yield {**head, "theorem": "", **blank, "error": done.error}
    for row in done.rows:
        found: dict[str, Value] = dict(zip(COLUMNS, row, strict=True))
        yield {**head, "theorem": found["theorem"], **{name: found[name] for name in spec.record}, "error": ""}


def finished(spec: Spec, todo: Sequence[Task], engine: Engine) -> Iterator[Done]:
    """What becomes of each task, as it is finished; tasks on which a worker died run once more, each alone.

    Raises:
        InputError: the engine is lost, or a worker cannot take the tasks.

    Source: ours.

    >>> from proofs_check.sweep import pool
    >>> list(finished(Spec((), (), "float", (), (), {}), (), pool(1)))
    []
    """
    suspects: list[Task] = []
    left = deque(todo)
    while left:  # a pool whose worker died takes nothing more: the rest needs a new one
        with engine.open(engine.workers) as executor:
            yield from _until_death(spec, left, suspects, executor, engine.workers)
    yield from _alone(spec, deque(suspects), engine)


def _alone(spec: Spec, left: deque[Task], engine: Engine) -> Iterator[Done]:
    """The tasks that were lost with a worker, one at a time, so that a second death has one cause."""
    while left:
        with engine.open(1) as executor:
            while left:
                task = left.popleft()
                try:
                    yield from executor.submit(run, _batch(spec, [task])).result()
                except (Exception, CancelledError) as error:
                    _refuse_unless_dead(error)
                    yield Done(task.key, 0.0, error=DIED)
                    break


def _until_death(
    spec: Spec, left: deque[Task], suspects: list[Task], executor: Executor, workers: int
) -> Iterator[Done]:
    """Results until nothing is left or a pool is broken; takes from `left`, adds to `suspects`."""
    flying: dict[Future[list[Done]], list[Task]] = {}
    spent, count, broken = 0.0, 0, False
    while flying or (left and not broken):
        while left and not broken and len(flying) < AHEAD * workers:
            tasks = [left.popleft() for _ in range(min(size(spent, count, len(left), workers), len(left)))]
            try:
                flying[executor.submit(run, _batch(spec, tasks))] = tasks
            except BrokenExecutor:
                left.extendleft(reversed(tasks))
                broken = True
        for future in wait(flying, return_when=FIRST_COMPLETED).done if flying else ():
            tasks = flying.pop(future)
            try:
                results = future.result()
            except (Exception, CancelledError) as error:
                _refuse_unless_dead(error)
                broken |= isinstance(error, BrokenExecutor)
                suspects += tasks
                continue
            spent, count = spent + sum(done.seconds for done in results), count + len(results)
            yield from results


def size(spent: float, count: int, left: int, workers: int) -> int:
    """How many tasks the next batch has: enough to last, few enough that all workers share the rest.

    Source: ours.

    >>> size(0.0, 0, 100, 2), size(0.1, 10, 1000, 2), size(1.0, 1, 1000, 2)
    (1, 5, 1)
    """
    if not count:
        return 1
    wanted = math.ceil(LEAST_SECONDS * count / spent) if spent > 0 else LARGEST_BATCH
    return max(1, min(wanted, LARGEST_BATCH, left // (AHEAD * workers)))


def _batch(spec: Spec, tasks: Sequence[Task]) -> Batch:
    return Batch(tuple((t.key, t.problem) for t in tasks), spec.theorems, spec.evidence, store.versions())


def _refuse_unless_dead(error: BaseException) -> None:
    """Go on only where a worker died; by name, since Dask's own error needs Dask."""
    if isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker":
        return
    if isinstance(error, InputError):
        raise error
    if isinstance(error, CancelledError):
        raise InputError("sweep: the scheduler dropped the tasks; start it again and run the same command.") from error
    kind = "cannot read" if isinstance(error, (ImportError, AttributeError)) else "cannot run"
    text = " ".join(str(error).split())
    raise InputError(
        f"sweep: a worker {kind} the tasks ({type(error).__name__}: {text}); install the same linrep on every worker."
    ) from error
