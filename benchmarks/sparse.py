"""Top-d singular vectors of sparse processes beside their peers, interleaved in one process: medians and ratios.

    python benchmarks/sparse.py [--sizes S M L] [--dims 8 64] [--repeats 5] [--peers arpack eigsh …] [--slope]

Sizes are inputs x views with 20 entries a row: S 2,000 x 17,000, M 20,000 x 200,000, L 100,000 x 1,000,000. Spectra:
separated (64 clusters that share a third of their entries), nearly (64 clusters joined by entries of weight 1e-6) and
disjoint (64 components). Every side must reach the residual 1e-8 of the Gram operator; what it missed of the true top d
is printed beside its time: a small residual does not show that the top was found. Times are CPU seconds of this
process, which other load on the machine does not blur; peak memory is what NumPy allocated. PRIMME, torch and
scikit-learn run where they are installed.
"""

import argparse
import importlib.metadata
import importlib.util
import os
import platform
import statistics
import time
import tracemalloc
from collections.abc import Callable

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(name, "1")
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy as np  # noqa: E402
import scipy.sparse as sp  # noqa: E402
import scipy.sparse.linalg as sla  # noqa: E402
from threadpoolctl import threadpool_info  # noqa: E402

import linrep as lr  # noqa: E402
from linrep.solutions._gram_operator import gram_operator, oriented_channel  # noqa: E402

SIZES = {"S": (2_000, 17_000), "M": (20_000, 200_000), "L": (100_000, 1_000_000)}
SPECTRA = ("separated", "nearly", "disjoint")
TOLERANCE = 1e-8
ENTRIES = 20


def process(size: tuple[int, int], spectrum: str, parts: int = 64) -> lr.processes.FiniteProcess:
    """Clusters of inputs that share a range of views, joined as the spectrum says."""
    inputs, views = size
    rng = np.random.default_rng(0)
    part, span = np.arange(inputs) * parts // inputs, views // parts
    columns = part[:, None] * span + rng.integers(0, span, (inputs, ENTRIES))
    weights = rng.integers(1, 6, (inputs, ENTRIES)).astype(np.float64)
    if spectrum == "separated":
        far = rng.random(columns.shape) < 0.3
        columns[far] = rng.integers(0, views, int(far.sum()))
    elif spectrum == "nearly":
        columns[:, -1] = (part + 1) % parts * span + rng.integers(0, span, inputs)
        weights[:, -1] = 1e-6
    starts = np.arange(0, inputs * ENTRIES + 1, ENTRIES)
    table = sp.csr_array((weights.ravel(), columns.ravel(), starts), shape=size)
    table.sum_duplicates()
    table = sp.csr_array(sp.diags_array(1 / np.asarray(table.sum(axis=1)).ravel()) @ table)
    return lr.processes.FiniteProcess(np.full(inputs, 1 / inputs), table)


def peers(matrix: sp.csr_array, dim: int) -> dict[str, Callable[[], np.ndarray]]:
    """Left singular vectors of each peer, (n_bar, dim)."""
    order = matrix.shape[0]
    start = np.random.default_rng(0).standard_normal((order, dim))
    gram = sla.LinearOperator((order, order), matvec=lambda x: matrix @ (matrix.T @ x), dtype=np.float64)
    found: dict[str, Callable[[], np.ndarray]] = {
        "svds(arpack)": lambda: sla.svds(matrix, k=dim, tol=1e-4, v0=start[:, 0])[0],
        "svds(propack)": lambda: sla.svds(matrix, k=dim, tol=1e-8, solver="propack", rng=0)[0],
        "svds(lobpcg)": lambda: sla.svds(matrix, k=dim, tol=1e-8, solver="lobpcg", maxiter=200, rng=0)[0],
        "eigsh": lambda: sla.eigsh(gram, k=dim, tol=TOLERANCE, v0=start[:, 0])[1],
    }
    if importlib.util.find_spec("sklearn"):
        from sklearn.utils.extmath import randomized_svd

        found["sklearn randomized"] = lambda: randomized_svd(matrix, dim, n_iter=20, random_state=0)[0]
    if importlib.util.find_spec("primme"):
        import primme

        found["PRIMME"] = lambda: primme.svds(matrix, dim, tol=TOLERANCE)[0]
    if importlib.util.find_spec("torch"):
        import torch

        rows = torch.sparse_csr_tensor(*(torch.from_numpy(a) for a in (matrix.indptr, matrix.indices, matrix.data)))
        found["torch svd_lowrank"] = lambda: torch.svd_lowrank(rows, q=dim, niter=20)[0].numpy()
    return found


def quality(matrix: sp.csr_array, left: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Largest residual of the Ritz pairs, and how far the Ritz values are from the top d."""
    basis = np.linalg.qr(left)[0]
    image = matrix.T @ basis
    values, inner = np.linalg.eigh(image.T @ image)
    vectors = basis @ inner
    residual = np.linalg.norm(matrix @ (matrix.T @ vectors) - vectors * values, axis=0).max()
    return float(residual), float(np.abs(np.sort(values)[::-1] - truth).max())


def timed(call: Callable[[], np.ndarray]) -> tuple[float, np.ndarray | None]:
    """CPU seconds and the result, None where the peer gave up."""
    start = time.process_time()
    try:
        found = call()
    except Exception as error:  # a peer may fail in its own way; that is a result too
        print(f"    gave up: {type(error).__name__}: {str(error)[:60]}")
        found = None
    return time.process_time() - start, found


def peak(call: Callable[[], object]) -> float:
    """Megabytes that NumPy allocated at most."""
    tracemalloc.start()
    call()
    highest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return highest / 1e6


def compare(size: str, spectrum: str, dim: int, options: argparse.Namespace) -> None:
    """One row of the table: all sides in turn, `repeats` times."""
    instance = process(SIZES[size], spectrum)
    matrix = instance.normalized
    ours = lr.solutions.sparse(instance, dim=dim, tolerance=TOLERANCE)  # compiles the kernels
    truth = np.concatenate([ours.values, np.zeros(dim)])[:dim]
    sides: dict[str, Callable[[], np.ndarray]] = {
        "linrep": lambda: lr.solutions.sparse(instance, dim=dim, tolerance=TOLERANCE).input_vectors(),
        **{n: call for n, call in peers(matrix, dim).items() if not options.peers or n in options.peers},
    }
    print(
        f"{size} {spectrum}, d = {dim}: {matrix.nnz} entries, {instance.n_components} components, {ours.standing}, "
        f"tie {ours.tie}, gap {ours.gap}"
    )
    times: dict[str, list[float]] = {n: [] for n in sides}
    results: dict[str, np.ndarray | None] = {}
    for _ in range(options.repeats):
        for n, call in sides.items():
            if sum(times[n]) < options.limit:
                seconds, results[n] = timed(call)
                times[n].append(seconds)
    base = statistics.median(times["linrep"])
    for n, call in sides.items():
        found = results[n]
        if found is None:
            continue
        residual, missed = quality(matrix, found, truth)
        seconds = statistics.median(times[n])
        memory = f", peak {peak(call):.0f} MB" if options.memory else ""
        print(
            f"  {n:20s} {seconds:8.3f} s (median of {len(times[n])}), {seconds / base:6.2f} x ours, "
            f"residual {residual:.0e}, top-d off by {missed:.1e}{memory}"
        )


def product(size: str) -> None:
    """The operator product beside a copy of what it must read and write."""
    operator = gram_operator(oriented_channel(process(SIZES[size], "separated"))[0])
    source = np.zeros(2**24)
    for width in (1, 8, 16, 64):
        block = np.random.default_rng(0).standard_normal((operator.order, width))
        target = source.copy()
        operator(block)
        runs = [(timed(lambda: operator(block))[0], timed(lambda: np.copyto(target, source))[0]) for _ in range(7)]  # noqa: B023
        seconds, copied = (statistics.median(times) for times in zip(*runs, strict=True))
        bandwidth = 16 * source.size / copied
        traffic = 12 * operator.table.nnz + 8 * width * 3 * operator.order
        gathers = 8 * width * 3 * operator.table.nnz
        print(
            f"{size}, {width} columns: {1e3 * seconds:.2f} ms; floor {1e3 * traffic / bandwidth:.2f} ms if the block "
            f"stays in cache, {1e3 * (traffic + gathers) / bandwidth:.2f} ms if every gather goes to memory "
            f"(copy {bandwidth / 1e9:.0f} GB/s); fused kernel: {operator.fused}"
        )


def slope(repeats: int) -> None:
    """Seconds against non-zeros at d = 8, separated: the log-log slope should be about 1."""
    counts, seconds = [], []
    for inputs in (5_000, 20_000, 80_000, 320_000):
        instance = process((inputs, 10 * inputs), "separated")
        lr.solutions.sparse(instance, dim=8)
        runs = [timed(lambda: lr.solutions.sparse(instance, dim=8).values)[0] for _ in range(repeats)]  # noqa: B023
        counts.append(instance.normalized.nnz)
        seconds.append(statistics.median(runs))
        print(f"  {counts[-1]} entries: {seconds[-1]:.2f} s")
    print(f"log-log slope {np.polyfit(np.log(counts), np.log(seconds), 1)[0]:.2f}")


def main() -> None:
    """Print the versions, then the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["M"], choices=sorted(SIZES))
    parser.add_argument("--spectra", nargs="+", default=list(SPECTRA), choices=SPECTRA)
    parser.add_argument("--dims", nargs="+", type=int, default=[8, 64])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--limit", type=float, default=120.0, help="CPU seconds after which a side is not repeated")
    parser.add_argument("--peers", nargs="*", default=[])
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--slope", action="store_true")
    options = parser.parse_args()
    versions = {n: importlib.metadata.version(n) for n in ("numpy", "scipy", "jax")}
    versions |= {n: importlib.metadata.version(n) for n in ("numba", "scikit-learn", "torch", "primme") if _there(n)}
    pools = [(pool["internal_api"], pool["num_threads"]) for pool in threadpool_info()]
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, thread pools {pools}, {versions}")
    for size in options.sizes:
        product(size)
        for spectrum in options.spectra:
            for dim in options.dims:
                compare(size, spectrum, dim, options)
    if options.slope:
        slope(options.repeats)


def _there(distribution: str) -> bool:
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    main()
