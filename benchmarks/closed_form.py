"""Closed forms against their peers, both sides in one process, interleaved: medians and ratios.

    python benchmarks/closed_form.py [--quick]

(1) Example 1 at D = 50: the compiled closed form beside the same formula in NumPy.
(2) One `solve` of dense features beside SciPy's generalised `eigh(a, b)` for the same subset.
Floor of (2): Cholesky n^3/3, reduction of the pencil n^3, tridiagonalisation 4 n^3/3, back-transformation 2 n^2 k
flops.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable

os.environ.setdefault("NPROC", "4")
# A slowed BLAS would blur every ratio: both sides run with its own choice of kernel.
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import scipy  # noqa: E402
import scipy.linalg  # noqa: E402
from threadpoolctl import threadpool_info, threadpool_limits  # noqa: E402

import linrep as lr  # noqa: E402

jax.config.update("jax_enable_x64", True)


def interleaved(first: Callable[[], object], second: Callable[[], object], repeats: int) -> tuple[float, float]:
    """Median seconds of both sides, run in turn after one warm-up each."""
    first(), second()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(repeats):
        for side, call in zip(times, (first, second), strict=True):
            start = time.perf_counter()
            call()
            side.append(time.perf_counter() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def numpy_closed_form(sigma: np.ndarray, sigma_bar: np.ndarray, cross: np.ndarray, dim: int) -> tuple[float, float]:
    """Loss and mean risk by two NumPy eigendecompositions."""
    values, vectors = np.linalg.eigh(sigma)
    root = vectors / np.sqrt(values)
    kappa, inner = np.linalg.eigh(root.T @ sigma_bar @ root)
    kappa, inner = kappa[::-1][:dim], inner[:, ::-1][:, :dim]
    seen = inner.T @ (root.T @ cross)
    return -float(np.sum(kappa**2)), 1 - float(np.sum(seen**2 / kappa))


def example_one(repeats: int) -> None:
    """Part (1)."""
    process = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    m = lr.moments.population(process, lr.features.Linear(), lr.labels.Coordinate(0))
    arrays = [jnp.asarray(a) for a in (m.sigma, m.sigma_bar, m.cross)]

    def compiled() -> object:
        return jax.block_until_ready(lr.solutions.closed_form(*arrays, 1.0, dim=10))

    ours, peer = interleaved(compiled, lambda: numpy_closed_form(m.sigma, m.sigma_bar, m.cross, 10), repeats)
    solve, _ = interleaved(lambda: lr.solve(m, dim=10), compiled, repeats)
    print(
        f"Example 1, D = 50: compiled {1e3 * ours:.3f} ms, NumPy {1e3 * peer:.3f} ms, ratio {ours / peer:.2f}; "
        f"solve (exact diagonal route) {1e3 * solve:.3f} ms"
    )


def dense(order: int, top: int, repeats: int) -> None:
    """Part (2)."""
    rng = np.random.default_rng(0)
    means, noise = rng.standard_normal((2, order + 200, order))
    sigma_bar = means.T @ means / (order + 200)
    sigma = sigma_bar + noise.T @ noise / (order + 200)
    m = lr.moments.Moments(sigma, sigma_bar, None, None, np.zeros(order), None)
    subset = [order - top - 1, order - 1]
    ours, peer = interleaved(
        lambda: lr.solve(m, dim=top, count=top + 1),
        lambda: scipy.linalg.eigh(sigma_bar, sigma, subset_by_index=subset),
        repeats,
    )
    flops = order**3 * (1 / 3 + 1 + 4 / 3) + 2 * order**2 * top
    print(
        f"dense D = {order}, top {top}: solve {ours:.3f} s, SciPy eigh(a, b) {peer:.3f} s, ratio {ours / peer:.2f}; "
        f"{flops / ours / 1e9:.1f} Gflop/s of the floor's count"
    )


def main() -> None:
    """Print both parts with versions and threads."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, for continuous integration")
    quick = parser.parse_args().quick
    with threadpool_limits(limits=1):
        kernels = {p["internal_api"]: p.get("architecture", "") for p in threadpool_info()}
        print(f"numpy {np.__version__}, scipy {scipy.__version__}, jax {jax.__version__}, one BLAS thread, {kernels}")
        example_one(5 if quick else 50)
        for order in (256,) if quick else (1024, 4096):
            dense(order, 64, 3 if quick else 5 if order < 4096 else 3)


if __name__ == "__main__":
    main()
