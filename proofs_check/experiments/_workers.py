"""The rows of Table 1 side by side: a process for each of two cores, every one with a single thread."""

import multiprocessing
from collections.abc import Callable
from concurrent.futures import FIRST_EXCEPTION, wait
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import Any

from linrep._checks import InputError
from linrep.tables import Table, load
from proofs_check.environment import processes
from proofs_check.experiments._table1 import ARMS, Arm, hypercube_arm

CORES = 2
"""Two processes of one thread each take less time than one of two: the arrays of a step are small."""
LOOK = 0.5
"""Seconds between two looks at what the workers say."""


def trained(folder: Path, *, seeds: int, quick: bool, tell: Callable[[str], None]) -> dict[str, Table]:
    """The trajectory of every row, saved in `folder` with its checkpoints; a run that was cut off goes on.

    Raises:
        InputError: what a worker refuses, or a worker that was ended from outside.
    """
    longest_first = sorted(ARMS, key=lambda arm: arm.linear)
    with multiprocessing.get_context("spawn").Manager() as manager, processes(CORES) as pool:
        said = manager.Queue()
        waiting = {pool.submit(_work, arm, folder, seeds, quick, said) for arm in longest_first}
        while waiting:
            done, waiting = wait(waiting, timeout=LOOK, return_when=FIRST_EXCEPTION)
            while not said.empty():
                tell(said.get())
            for row in done:
                _finish(row)
    return {arm.name: load(folder / f"{arm.name}.jsonl") for arm in ARMS}


def _finish(row: Any) -> None:
    try:
        row.result()
    except BrokenProcessPool as error:
        raise InputError(
            "train: a worker was ended from outside, but every row is needed for the table; start the command again "
            "with the same folder, and it goes on from the last checkpoint."
        ) from error


def _work(arm: Arm, folder: Path, seeds: int, quick: bool, said: Any) -> None:
    run = hypercube_arm(arm, seeds=range(seeds), quick=quick, folder=folder, progress=partial(_tell, said))
    run.trajectory.save(folder / arm.name)


def _tell(said: Any, name: str, step: int, steps: int) -> None:
    said.put(f"{name}: {step} of {steps}")
