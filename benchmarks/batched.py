"""Many small problems at once: ours, a loop over the same public functions, and the same quantities batched in NumPy.

    python benchmarks/batched.py [--quick] [--problems 16384] [--repeats 5]

n_bar = 8, n = 16, D = 6, d = 3, every covered theorem. The sides take turns in one process; times are CPU seconds of
this process, which other load does not blur. The NumPy side computes less: spectra, risks and budgets through batched
Cholesky factors and `eigh`, but neither hypotheses, nor the formulas, nor margins, nor the best index; a ratio to it
is therefore a lower end. The loop leaves out the truths that need a mixed-integer program.
"""

import argparse
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

import numpy as np  # noqa: E402

import linrep as lr  # noqa: E402
from linrep import symbols as sym  # noqa: E402

INPUTS, VIEWS, FEATURES, DIM = 8, 16, 6, 3
LOOPED = 16
CHUNK = 2048


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
    for i in range(LOOPED):
        process = lr.processes.FiniteProcess(batch.prior[i], batch.channel[i])
        features = lr.features.Custom(lambda views, i=i: batch.features[i], FEATURES)
        problem = lr.Problem(process, features, batch.labels[i].astype(int), dim=DIM)
        for theorem in lr.batched.COVERED:
            bound = lr.evaluate(theorem, problem)
            if theorem.bounds in BOTH and bound.value is not None:
                lr.actual(theorem, problem, index=bound.index)


BOTH = (sym.MEAN_RISK, sym.AUGMENTED_RISK, sym.CLASS_MEAN_RISK, sym.BAYES_TARGET_RISK, sym.VACUITY_BUDGET)


def numpy_side(batch: lr.batched.Batch) -> dict[str, np.ndarray]:
    """The same spectra, risks and budgets with NumPy's batched routines, in chunks."""
    parts = [numpy_chunk(batch, slice(i, i + CHUNK)) for i in range(0, len(batch), CHUNK)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def numpy_chunk(batch: lr.batched.Batch, at: slice) -> dict[str, np.ndarray]:
    """One chunk, problems of full rank and without ties."""
    prior, channel, phi, labels = batch.prior[at], batch.channel[at], batch.features[at], batch.labels[at]
    joint = prior[:, :, None] * channel
    marginal = joint.sum(axis=1)
    views, root = np.sqrt(marginal)[:, :, None] * phi, np.sqrt(prior)[:, :, None]
    factor = np.linalg.cholesky(views.swapaxes(1, 2) @ views)
    means = np.linalg.solve(factor, (root * (channel @ phi)).swapaxes(1, 2))
    values, vectors = np.linalg.eigh(means @ means.swapaxes(1, 2))
    kappa, turned = values[:, ::-1], (vectors.swapaxes(1, 2) @ means)[:, ::-1]
    positive = np.linalg.norm(means, axis=(1, 2))[:, None] > 0
    targets = root * np.stack([labels, labels < 0, labels > 0], axis=2)
    cross = turned @ targets
    energy = cross**2 / np.where(positive, kappa, 1.0)[:, :, None]
    whole = (targets**2).sum(axis=1)
    mass = joint.swapaxes(1, 2) @ np.stack([labels < 0, labels > 0], axis=2).astype(float)
    bayes = np.sqrt(marginal)[:, :, None] * (mass == mass.max(axis=2, keepdims=True))
    seen = vectors.swapaxes(1, 2)[:, ::-1] @ np.linalg.solve(factor, views.swapaxes(1, 2) @ bayes)
    centred = root[:, :, 0] * (labels - (prior * labels).sum(axis=1)[:, None])
    normal = (turned @ centred[:, :, None])[:, :, 0]
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    shadow = turned - normal[:, :, None] * (normal[:, None] @ turned)
    blind = np.linalg.eigvalsh(shadow @ shadow.swapaxes(1, 2))[:, ::-1][:, :DIM]
    table = joint / np.sqrt(prior[:, :, None] * marginal[:, None])
    every = np.linalg.eigvalsh(table @ table.swapaxes(1, 2))[:, ::-1]
    return {
        "mean_risk": whole[:, 0] - energy[:, :DIM, 0].sum(axis=1),
        "augmented_risk": whole[:, 0] - (cross[:, :DIM, 0] ** 2).sum(axis=1),
        "best_mean_risk": whole[:, 0] - energy[:, :, 0].sum(axis=1),
        "inconsistency": ((1 - kappa) * cross[:, :, 0] ** 2).sum(axis=1),
        "class_mean_risk": 1 - energy[:, :DIM, 1:].sum(axis=(1, 2)),
        "bayes_target_risk": 1 - (seen[:, :DIM] ** 2).sum(axis=(1, 2)),
        "vacuity_budget": (kappa[:, :DIM] ** 2).sum(axis=1) - (blind**2).sum(axis=1),
        "unrestricted_cut_eigenvalue": 1 - every[:, DIM],
        "identification_error": 1 - joint.max(axis=1).sum(axis=1),
        "posterior_collision": (joint**2 / marginal[:, None]).sum(axis=(1, 2)),
        "label_noise": 1 - mass.max(axis=2).sum(axis=1),
    }


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
    peer = numpy_side(batch)
    ours = lr.batched.quantities(batch, [q for q in lr.batched.KNOWN if q.name in peer])
    off = max(float(np.abs(value - peer[q.name]).max()) for q, value in ours.items())
    versions = ", ".join(f"{m} {importlib.metadata.version(m)}" for m in ("numpy", "scipy", "jax"))
    print(f"Python {platform.python_version()}, {versions}; one BLAS thread, NPROC={os.environ['NPROC']}")
    print(f"largest difference between the two routes: {off:.1e}")
    tokens = list(ours)
    sides: dict[str, tuple[Callable[[], object], int]] = {
        "ours, all theorems": (lambda: lr.batched.evaluate(batch), count),
        "ours, the peer's quantities": (lambda: lr.batched.quantities(batch, tokens), count),
        "NumPy batched, the same": (lambda: numpy_side(batch), count),
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
    for name in ("NumPy batched, the same", "loop over public functions"):
        for mine in ("ours, all theorems", "ours, the peer's quantities"):
            ratio = statistics.median(b / a for a, b in zip(times[mine], times[name], strict=True))
            print(f"{mine} : {name}  {ratio:.2f} x")


if __name__ == "__main__":
    main()
