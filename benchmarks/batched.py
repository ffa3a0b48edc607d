"""Many small problems at once: ours, a loop over the same public functions, and the same quantities batched in NumPy.

    python benchmarks/batched.py [--quick] [--problems 16384] [--repeats 5]

n_bar = 8, n = 16, D = 6, d = 3, every covered theorem. The sides take turns in one process; times are CPU seconds of
this process, which other load does not blur. The NumPy side (`batched_peer.py`) gives the same bounds at their best
index, for problems of full rank without ties, but neither hypotheses nor trivial values. Its lighter form computes
quantities only, no formulas. The loop leaves out the truths that need a mixed-integer program.
"""

import argparse
import functools
import importlib.metadata
import os
import platform
import statistics
import time
from collections.abc import Callable

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
os.environ.setdefault("NPROC", "4")
os.environ.setdefault("JAX_ENABLE_X64", "1")
os.environ.pop("OPENBLAS_CORETYPE", None)

import batched_peer  # noqa: E402
import jax  # noqa: E402
import numpy as np  # noqa: E402

import linrep as lr  # noqa: E402
from linrep import symbols as sym  # noqa: E402

INPUTS, VIEWS, FEATURES, DIM = 8, 16, 6, 3
LOOPED = 16
CHUNK = 512


def problems(count: int) -> lr.batched.Batch:
    """Random laws, features and signs."""
    rng = np.random.default_rng(0)
    prior, channel = rng.random((count, INPUTS)), rng.random((count, INPUTS, VIEWS)) ** 3
    labels = rng.choice([-1, 1], (count, INPUTS))
    labels[:, :2] = [-1, 1]
    return lr.batched.Batch(
        prior / prior.sum(axis=1, keepdims=True),
        channel / channel.sum(axis=2, keepdims=True),
        rng.standard_normal((count, VIEWS, FEATURES)),
        labels,
        dim=DIM,
    )


def loop(batch: lr.batched.Batch) -> None:
    """The public functions on one problem after the other."""
    assert batch.features is not None
    for i in range(LOOPED):
        process = lr.processes.FiniteProcess(batch.prior[i], batch.channel[i])
        features = lr.features.Custom(lambda views, table=batch.features[i]: table, FEATURES)
        problem = lr.Problem(process, features, batch.labels[i].astype(int), dim=DIM)
        for theorem in lr.batched.COVERED:
            bound = lr.evaluate(theorem, problem)
            if theorem.bounds in BOTH and bound.value is not None:
                lr.actual(theorem, problem, index=bound.index)


BOTH = (sym.MEAN_RISK, sym.AUGMENTED_RISK, sym.CLASS_MEAN_RISK, sym.BAYES_TARGET_RISK, sym.VACUITY_BUDGET)


def flops(sweeps: int = 7, halvings: int = 60) -> int:
    """Additions and multiplications that our route needs for one problem, square roots and divisions as one each."""
    inputs, views, order = INPUTS, VIEWS, FEATURES
    laws = 5 * inputs * views
    basis = 4 * views * order * (order - 1) + 3 * views * order
    means = 2 * inputs * views * order + 2 * inputs * order**2
    rotations = sweeps * order * (order - 1) // 2 * (6 * inputs + 6 * (inputs + order))
    labels = 3 * 6 * inputs * order + 8 * views * order
    every = 2 * inputs**2 * views + 8 * inputs**3 // 3 + 5 * halvings * inputs
    blind = 4 * inputs * order + 2 * inputs * order**2 + 8 * order**3 // 3 + 5 * halvings * order * DIM
    margins = 6 * views**2 + 3 * inputs**2
    return laws + basis + means + rotations + labels + every + blind + margins


def rate(repeats: int) -> float:
    """Flops a second of a compiled polynomial of degree 64 over numbers that stay in the cache."""
    run = jax.jit(lambda x: functools.reduce(lambda value, _: value * x + 1.0, range(64), x))
    x = jax.numpy.linspace(0.0, 0.5, 2**13)
    run(x).block_until_ready()
    times = [seconds(lambda: [run(x).block_until_ready() for _ in range(100)]) for _ in range(repeats)]
    return 100 * 128 * x.size / statistics.median(times)


def seconds(call: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    call()
    return time.process_time() - start


def main() -> None:
    """Both sides in turn, medians and ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--problems", type=int, default=16384)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    count = 2048 if options.quick else options.problems
    batch = problems(count)
    theorems = lr.batched.COVERED
    ours, peer = lr.batched.evaluate(batch).bounds, batched_peer.evaluate(batch, theorems, CHUNK)
    off = max(float(np.nanmax(np.abs(ours[t.key].value - peer[t.key]), initial=0.0)) for t in theorems)
    versions = ", ".join(f"{m} {importlib.metadata.version(m)}" for m in ("numpy", "scipy", "jax"))
    print(f"Python {platform.python_version()}, {versions}; one BLAS thread, NPROC={os.environ['NPROC']}")
    print(f"largest difference between the two routes: {off:.1e}")
    sides: dict[str, tuple[Callable[[], object], int]] = {
        "ours, all theorems": (lambda: lr.batched.evaluate(batch), count),
        "NumPy batched": (lambda: batched_peer.evaluate(batch, theorems, CHUNK), count),
        "NumPy batched, no formulas": (lambda: batched_peer.every_quantity(batch, CHUNK), count),
        "loop over public functions": (lambda: loop(batch), LOOPED),
    }
    times: dict[str, list[float]] = {name: [] for name in sides}
    start = time.perf_counter()
    for call, _ in sides.values():
        call()
    print(f"first call of each side, compilation included: {time.perf_counter() - start:.1f} s")
    for _ in range(options.repeats):
        for name, (call, number) in sides.items():
            times[name].append(seconds(call) / number)
    for name, each in times.items():
        print(f"{name:30} {1 / statistics.median(each):12,.0f} problems per CPU second")
    mine = times["ours, all theorems"]
    for name in list(times)[1:]:
        ratio = statistics.median(b / a for a, b in zip(mine, times[name], strict=True))
        print(f"ours, all theorems : {name}  {ratio:.2f} x")
    floor = flops() / rate(options.repeats)
    print(f"about {flops()} flops a problem take {1e6 * floor:.1f} us at the rate of a compiled polynomial;", end=" ")
    print(f"ours {1e6 * statistics.median(mine):.1f} us, {statistics.median(mine) / floor:.1f} x that")


if __name__ == "__main__":
    main()
