"""Certified against float spectra: what a proof of all eigenvalues costs next to `eigh`, in one run.

python benchmarks/enclosures.py [largest order]     # default 200
"""

import os
import sys
import time

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import jax
import numpy as np
import scipy.linalg

import linrep as lr
from proofs_check.enclosures import exact_problem

jax.config.update("jax_enable_x64", True)


def problem(order: int) -> lr.Problem:
    """A random exact process with this many views, two thirds as many inputs, and all functions of a view."""
    rng, n_inputs = np.random.default_rng(0), 2 * order // 3
    process = lr.processes.FiniteProcess(rng.integers(1, 6, n_inputs), rng.integers(0, 5, (n_inputs, order)))
    return lr.Problem(process, lr.features.OneHot(), rng.choice([-1, 1], n_inputs), dim=5)


def seconds(work, repeats: int = 1) -> float:
    """CPU time of one call, the least of a few."""
    found = []
    for _ in range(repeats):
        begin = time.process_time()
        work()
        found.append(time.process_time() - begin)
    return min(found)


def main(largest: int) -> None:
    """A line for each order."""
    print("order  certified s  energies s  float eigh s  ratio  widest enclosure")
    for order in (o for o in (20, 60, 100, 200) if o <= largest):
        asked = problem(order)
        exact = exact_problem(asked)
        tables = [np.array(m, dtype=np.float64) for m in (exact.moments.sigma_bar, exact.moments.sigma)]
        _ = exact.sigma, exact.sigma_bar
        certified = seconds(lambda exact=exact: exact.spectrum)
        energies = seconds(lambda exact=exact: exact.label_energies)
        floats = seconds(lambda tables=tables: scipy.linalg.eigh(*tables), repeats=5)
        widest = max(float(level.value.upper - level.value.lower) for level in exact.spectrum.levels)
        print(
            f"{order:5d}  {certified:11.2f}  {energies:10.2f}  {floats:12.4f}  {certified / floats:5.0f}  {widest:.1e}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
