"""Where the tasks of a sweep run: processes of this machine, or the workers of a Dask scheduler."""

import importlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from linrep._checks import InputError, positive_int
from proofs_check.sweep._worker import start

PATIENCE = 30
"""Seconds to wait for a scheduler and for its first worker."""
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {"NPROC": "4"}
"""The environment of a worker; Dask's nannies set the first three likewise, so that sums are rounded alike."""
Opened = Callable[[int], AbstractContextManager[Executor]]


@dataclass(frozen=True)
class Engine:
    """How to open an executor of at most so many workers, and how many there are.

    Source: ours.

    >>> pool(2).workers
    2
    """

    workers: int
    open: Opened


def pool(workers: int) -> Engine:
    """Fresh processes of this machine.

    Raises:
        InputError: less than one worker.

    Source: ours.

    >>> pool(0)
    Traceback (most recent call last):
    linrep._checks.InputError: sweep: workers is 0, but it must be a whole number of at least 1; pass such a number.
    """
    return Engine(positive_int(workers, owner="sweep", name="workers"), _processes)


@contextmanager
def dask(address: str) -> Iterator[Engine]:
    """The workers of a Dask scheduler.

    Raises:
        InputError: `distributed` is not installed, nothing answers at the address, or there is no worker.

    Source: ours.

    >>> dask.__name__
    'dask'
    """
    try:
        distributed = importlib.import_module("distributed")
    except ImportError as error:
        raise InputError(
            "sweep: a scheduler needs distributed, which is not installed; "
            'pip install "linrep[distributed]", or leave --scheduler out.'
        ) from error
    try:
        client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise InputError(
            f"sweep: no Dask scheduler answers at {address} ({type(error).__name__}); start one, or correct it."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError as error:
            raise InputError(
                f"sweep: the scheduler at {address} has no workers; start `dask worker {address}`."
            ) from error

        @contextmanager
        def opened(_: int) -> Iterator[Executor]:
            yield client.get_executor(pure=False)

        yield Engine(len(client.scheduler_info(n_workers=-1)["workers"]), opened)


@contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    """A pool that ends at once where the run is interrupted."""
    executor = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=start)
    with _environment():
        try:
            yield executor
        except BaseException:
            for process in dict(executor._processes or {}).values():  # public from Python 3.14 on
                process.terminate()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _environment() -> Iterator[None]:
    """A spawned process reads the environment as it is when it starts."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(ONE_THREAD)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
