"""The largest of 2^50 eigenvalues, with their multi-indices, beside a heap: medians and ratios.

    python benchmarks/structured.py [--repeats 7]

`alike`: one probability for all coordinates; `different`: one for each, so that every eigenvalue is simple. The peer is
the best-first search with a heap in Python that `HypercubeFlip.spectrum` uses. Both sides run in turn; CPU seconds.
"""

import argparse
import os
import platform
import statistics
import time
from collections.abc import Callable
from fractions import Fraction

import numpy as np

import linrep as lr


def seconds(call: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def compare(name: str, process: lr.processes.HypercubeFlip, count: int, repeats: int) -> None:
    """One line: eigenvalues alone, eigenvalues with multi-indices, the heap, and the largest disagreement."""
    values, indices, heap = [], [], []
    for _ in range(repeats):
        values.append(seconds(lambda: lr.solve(process, dim=count).levels.floats))
        indices.append(seconds(lambda: lr.solve(process, dim=count).multi_indices()))
        heap.append(seconds(lambda: process.spectrum(count)))
    ours, pairs, peer = (statistics.median(times) for times in (values, indices, heap))
    solution = lr.solve(process, dim=count)
    expected = process.spectrum(count)
    listed = np.repeat(solution.levels.floats, np.minimum(solution.levels.multiplicities, count))[:count]
    off = float(np.max(np.abs(listed / expected - 1)))
    print(
        f"{name}, top {count}: values {1e3 * ours:.2f} ms, with multi-indices {1e3 * pairs:.2f} ms, heap (values) "
        f"{1e3 * peer:.2f} ms, heap / ours {peer / ours:.1f}; relative difference {off:.1e}; tie {solution.tie}"
    )


def ten_channels(repeats: int) -> None:
    """All 3^10 products of ten three-point channels beside the outer product of their spectra."""
    rng = np.random.default_rng(0)
    tables = rng.integers(0, 4, (10, 3, 3)) + np.eye(3, dtype=int)
    factors = [lr.processes.FiniteProcess(rng.integers(1, 4, 3), table) for table in tables]
    process = lr.processes.ProductProcess(factors)
    brute = np.ones(1)
    for factor in factors:
        brute = np.multiply.outer(brute, factor.spectrum(3)).ravel()
    took = statistics.median(seconds(lambda: process.spectrum(3**10)) for _ in range(repeats))
    off = float(np.max(np.abs(process.spectrum(3**10) - np.sort(brute)[::-1])))
    print(f"3^10 products: {1e3 * took:.1f} ms, largest difference from brute force {off:.1e}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()
    print(
        f"Python {platform.python_version()}, numpy {np.__version__}, {os.cpu_count()} cores, one thread (no BLAS is "
        f"called), CPU seconds, medians of {options.repeats}"
    )
    keeps = np.random.default_rng(0).integers(600, 990, 50)
    processes = {
        "alike": lr.processes.HypercubeFlip(dim=50, keep=Fraction(9, 10)),
        "different, exact": lr.processes.HypercubeFlip(dim=50, keep=tuple(Fraction(int(k), 1000) for k in keeps)),
        "different, floats": lr.processes.HypercubeFlip(dim=50, keep=tuple((keeps / 1000).tolist())),
    }
    for name, process in processes.items():
        for count in (1_000, 100_000):
            compare(name, process, count, options.repeats)
    ten_channels(options.repeats)


if __name__ == "__main__":
    main()
