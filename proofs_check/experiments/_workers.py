"""The rows of Table 1 side by side: a process for each of two cores, every one with a single thread."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import jax

from linrep._checks import require
from linrep.tables import Table, load
from proofs_check.experiments._table1 import ARMS, hypercube_arm

ENVIRONMENT = {"XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Two processes of one thread each take less time than one of two: the arrays of a step are small."""


def trained(folder: Path, *, seeds: int, quick: bool, tell: Callable[[str], None]) -> dict[str, Table]:
    """The trajectory of every row, saved in `folder` with its checkpoints; a run that was cut off goes on.

    Raises:
        InputError: a worker that stopped early.
    """
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    shares = (("mlp",), ("linear", "mlp_decay"))
    workers = [context.Process(target=_work, args=(share, folder, seeds, quick, queue)) for share in shares]
    with _environment(ENVIRONMENT):
        for worker in workers:
            worker.start()
    while any(worker.is_alive() for worker in workers):
        for worker in workers:
            worker.join(timeout=0.5)
        while not queue.empty():
            tell(queue.get())
    failed = [share for share, worker in zip(shares, workers, strict=True) if worker.exitcode != 0]
    require(
        not failed,
        f"train: the rows {failed} stopped early, but all are needed for the table; start the command again with the "
        "same folder, and it goes on from the last checkpoint.",
    )
    return {arm.name: load(folder / f"{arm.name}.jsonl") for arm in ARMS}


def _work(share: tuple[str, ...], folder: Path, seeds: int, quick: bool, queue) -> None:
    jax.config.update("jax_enable_x64", True)
    tell = partial(_tell, queue)
    for arm in (arm for arm in ARMS if arm.name in share):
        run = hypercube_arm(arm, seeds=range(seeds), quick=quick, folder=folder, progress=tell)
        run.trajectory.save(folder / arm.name)


def _tell(queue, name: str, step: int, steps: int) -> None:
    queue.put(f"{name}: {step} of {steps}")


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Variables that the children see at their start; ours are put back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
