"""Streaming moments beside the fastest matrix products of this machine: interleaved medians and ratios.

    python benchmarks/streaming.py [--quick] [--dims 512 4096] [--threads 1 2] [--repeats 7]
                                   [--sides accumulate dsyrk …] [--rows N] [--wall]

A pair (a, b) is two rows, and its moments need two symmetric rank-one updates, D^2 flops a row.
The rate of `accumulate` is rows per second, two a pair. Its ceilings get the same number of rows in one call: BLAS
`dsyrk` (D^2 flops a row), `dgemm` and NumPy's `X.T @ X`; the best of them is the rate that it is compared with. With
standard errors five updates a pair are needed instead of two, so that 2/5 of the best rate is the most there is.
Sides run in turn, each ratio is taken within one turn; seconds are CPU seconds over threads, which other load does not
blur, unless `--wall` is given. More threads than one need threadpoolctl.
"""

import argparse
import contextlib
import importlib.util
import os
import platform
import statistics
import time
from collections.abc import Callable
from typing import Any

for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import jax  # noqa: E402

jax.config.update("jax_enable_x64", True)

import numpy as np  # noqa: E402
import scipy  # noqa: E402
from scipy.linalg.blas import dgemm, dsyrk  # noqa: E402

import linrep as lr  # noqa: E402

ROWS = {512: 131_072, 4_096: 32_768}
"""Rows of a turn; a quarter of them with --quick."""

OURS = ("accumulate", "accumulate, errors", "accumulate, single")
CEILINGS = ("dsyrk", "dgemm", "numpy X.T @ X")


def sides(dim: int, rows: int) -> dict[str, Callable[[], Any]]:
    """Every side as a call without arguments, on the same rows; pairs are the upper and the lower half."""
    whole = np.random.default_rng(0).standard_normal((rows, dim))
    half = rows // 2
    shards = [(whole[:half], whole[half:])]
    total = np.zeros((dim, dim), order="F")
    return {
        "accumulate": lambda: lr.moments.accumulate(shards, errors=False),
        "accumulate, errors": lambda: lr.moments.accumulate(shards),
        "accumulate, single": lambda: lr.moments.accumulate(shards, errors=False, single=True),
        "dsyrk": lambda: dsyrk(1.0, whole.T, beta=1.0, c=total, lower=1, overwrite_c=1),
        "dgemm": lambda: dgemm(1.0, whole.T, whole.T, trans_b=1, beta=1.0, c=total, overwrite_c=1),
        "numpy X.T @ X": lambda: whole.T @ whole,
    }


def turns(calls: dict[str, Callable[[], Any]], repeats: int, clock: Callable[[], float]) -> dict[str, list[float]]:
    """Seconds of every side in every turn, after one turn that is not counted."""
    taken: dict[str, list[float]] = {name: [] for name in calls}
    for turn in range(repeats + 1):
        for name, call in calls.items():
            start = clock()
            call()
            if turn:
                taken[name].append(clock() - start)
    return taken


def report(dim: int, rows: int, threads: int, repeats: int, clock: Callable[[], float], names: list[str]) -> None:
    """The table of one dimension."""
    taken = turns({name: call for name, call in sides(dim, rows).items() if name in names}, repeats, clock)
    best = [min(taken[name][turn] for name in CEILINGS if name in taken) for turn in range(repeats)]
    share = threads if clock is time.process_time else 1
    print(f"\nD = {dim}, {rows} rows, {threads} thread(s): floor {rows * dim**2:.2e} flops, medians of {repeats}")
    for name, seconds in taken.items():
        rate = rows * share / statistics.median(seconds)
        ratios = sorted(ceiling / own for ceiling, own in zip(best, seconds, strict=True))
        print(
            f"  {name:20s} {rate:12,.0f} rows/s {rate * dim**2 / 1e9:7.1f} Gflop/s; "
            f"of the best product {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        )


def blas_threads(threads: int) -> contextlib.AbstractContextManager[Any] | None:
    """BLAS on so many threads; None where that cannot be had."""
    if importlib.util.find_spec("threadpoolctl") is None:
        return None
    from threadpoolctl import threadpool_limits

    return threadpool_limits(threads, user_api="blas")


def libraries() -> str:
    """The BLAS libraries that are loaded, if threadpoolctl can tell."""
    if importlib.util.find_spec("threadpoolctl") is None:
        return "BLAS unknown (threadpoolctl is missing)"
    from threadpoolctl import threadpool_info

    return ", ".join(
        sorted({f"{i['internal_api']} {i['version']} ({i.get('architecture')})" for i in threadpool_info()})
    )


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="D = 512, one thread, a quarter of the rows, three turns")
    parser.add_argument("--dims", type=int, nargs="+")
    parser.add_argument("--threads", type=int, nargs="+")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--rows", type=int, help="rows of a turn, for every dimension")
    parser.add_argument("--sides", nargs="+", choices=OURS + CEILINGS, default=list(OURS + CEILINGS))
    parser.add_argument("--wall", action="store_true", help="wall-clock seconds instead of CPU seconds over threads")
    options = parser.parse_args()
    if not set(options.sides) & set(CEILINGS):
        parser.error(f"--sides needs one of {', '.join(CEILINGS)}: it is what the others are compared with.")
    clock = time.perf_counter if options.wall else time.process_time
    print(
        f"python {platform.python_version()}, numpy {np.__version__}, scipy {scipy.__version__}, "
        f"jax {jax.__version__}, {libraries()}; {os.cpu_count()} cores, "
        f"{'wall-clock' if options.wall else 'CPU'} seconds"
    )
    for threads in options.threads or ([1] if options.quick else [1, 2]):
        limit = blas_threads(threads)
        if limit is None:
            print(f"\n{threads} thread(s): not run, because threadpoolctl is not installed; pip install threadpoolctl.")
            continue
        with limit:
            for dim in options.dims or ([512] if options.quick else [512, 4_096]):
                rows = options.rows or ROWS.get(dim, max(2_048, 2**26 // dim)) // (4 if options.quick else 1)
                report(dim, rows, threads, 3 if options.quick else options.repeats, clock, options.sides)


if __name__ == "__main__":
    main()
