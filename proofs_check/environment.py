"""Fresh processes of this machine, each with a single thread for its arithmetic."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import connection, parent_process

import jax

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {"NPROC": "4"}
"""The environment of a worker; Dask's nannies set the first three likewise, so that sums are rounded alike."""


@contextmanager
def processes(workers: int) -> Iterator[Executor]:
    """A pool of fresh processes that ends at once where the run is interrupted.

    Source: ours.

    >>> with processes(2) as executor:
    ...     print(len(executor._processes))
    0
    """
    executor = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=start)
    with environment(ONE_THREAD):
        try:
            yield executor
        except BaseException:
            for process in dict(executor._processes or {}).values():  # public from Python 3.14 on
                process.terminate()
            raise
        finally:
            executor.shutdown(wait=True, cancel_futures=True)


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Variables that a spawned process reads when it starts; ours are put back.

    Source: ours.

    >>> with environment({"LINREP_EXAMPLE": "1"}):
    ...     print(os.environ["LINREP_EXAMPLE"])
    1
    >>> "LINREP_EXAMPLE" in os.environ
    False
    """
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


def start() -> None:
    """Prepare a process of the pool: it leaves Ctrl-C to its parent, and does not outlive it.

    Source: ours.

    >>> start.__name__
    'start'
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()
    jax.config.update("jax_enable_x64", True)


def _leave_with(sentinel: int) -> None:
    """A worker whose parent was killed would wait for work for ever."""
    connection.wait([sentinel])
    os._exit(1)
