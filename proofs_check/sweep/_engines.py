"""Where the tasks of a sweep run: processes of this machine, or the workers of a Dask scheduler."""

import importlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from linrep._checks import InputError, positive_int
from proofs_check.environment import processes

PATIENCE = 30
"""Seconds to wait for a scheduler and for its first worker."""
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
    return Engine(positive_int(workers, owner="sweep", name="workers"), processes)


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
