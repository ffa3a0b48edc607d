"""Runs side by side: two processes with a single thread each take less time than one with two."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

from linrep._checks import InputError
from proofs_check.environment import processes

CORES = 2
LOOK = 0.5
"""Seconds between two looks at what the workers say."""
Job = TypeVar("Job")
Result = TypeVar("Result")


def side_by_side(work: Callable[[Job, Any], Result], jobs: Sequence[Job], tell: Callable[[str], None]) -> list[Result]:
    """The result of each job, in the order of the jobs; put the longest first.

    Args:
        work: (job, queue) -> result, a function of a module; what it puts into the queue is told.
        jobs: what is pickled to the workers.
        tell: told what the workers say.

    Raises:
        InputError: what a worker refuses, or a worker that was ended from outside.
    """
    with multiprocessing.get_context("spawn").Manager() as manager, processes(CORES) as pool:
        said = manager.Queue()
        begun = [pool.submit(work, job, said) for job in jobs]
        waiting = set(begun)
        while waiting:
            done, waiting = wait(waiting, timeout=LOOK, return_when=FIRST_COMPLETED)
            while not said.empty():
                tell(said.get())
            for job in done:
                _result(job)
        return [_result(job) for job in begun]


def _result(job: Future[Result]) -> Result:
    try:
        return job.result()
    except BrokenProcessPool as error:
        raise InputError(
            "train: a worker was ended from outside, but every row is needed for the table; start the command again "
            "with the same folder, and it goes on from the last checkpoint."
        ) from error
