"""Top-d singular vectors of sparse processes beside their peers, in turn: medians and ratios.

    python benchmarks/sparse.py [--sizes S M L] [--dims 8 64] [--repeats 5] [--peers "svds(arpack)" eigsh …] [--slope]

Sizes are inputs x views with 20 entries a row: S 2,000 x 17,000, M 20,000 x 200,000, L 100,000 x 1,000,000 with 10.
Spectra: separated (64 clusters that share a third of their entries), nearly (64 clusters joined by entries of weight
1e-6) and disjoint (64 components). Every side must reach the residual 1e-8 of the Gram operator; what it missed of the
true top d is printed beside its time: a small residual does not show that the top was found. Every call runs in a
process of its own, forked from this one; times are its CPU seconds, which other load on the machine does not blur
(for JAX with its compilation); peak memory is what NumPy allocated. A peer that is not installed, raises, or needs more
than `--patience` CPU seconds is named with the reason.
"""

import argparse
import functools
import importlib.metadata
import importlib.util
import multiprocessing
import os
import platform
import resource
import statistics
import time
import tracemalloc
import warnings
from collections.abc import Callable
from multiprocessing.connection import Connection

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy as np  # noqa: E402
import scipy.sparse as sp  # noqa: E402
from sparse_peers import PEERS, TOLERANCE, Run  # noqa: E402
from threadpoolctl import threadpool_info  # noqa: E402

import linrep as lr  # noqa: E402
from linrep.solutions._gram_operator import GramOperator, gram_operator, oriented_channel  # noqa: E402

SIZES = {"S": (2_000, 17_000), "M": (20_000, 200_000), "L": (100_000, 1_000_000)}
SPECTRA = ("separated", "nearly", "disjoint")
ENTRIES = {"S": 20, "M": 20, "L": 10}


def process(size: tuple[int, int], spectrum: str, entries: int = 20, parts: int = 64) -> lr.processes.FiniteProcess:
    """Clusters of inputs that share a range of views, joined as the spectrum says."""
    inputs, views = size
    rng = np.random.default_rng(0)
    part, span = np.arange(inputs) * parts // inputs, views // parts
    columns = part[:, None] * span + rng.integers(0, span, (inputs, entries))
    weights = rng.integers(1, 6, (inputs, entries)).astype(np.float64)
    if spectrum == "separated":
        far = rng.random(columns.shape) < 0.3
        columns[far] = rng.integers(0, views, int(far.sum()))
    elif spectrum == "nearly":
        columns[:, -1] = (part + 1) % parts * span + rng.integers(0, span, inputs)
        weights[:, -1] = 1e-6
    starts = np.arange(0, inputs * entries + 1, entries)
    table = sp.csr_array((weights.ravel(), columns.ravel(), starts), shape=size)
    table.sum_duplicates()
    table = sp.csr_array(sp.diags_array(1 / np.asarray(table.sum(axis=1)).ravel()) @ table)
    return lr.processes.FiniteProcess(np.full(inputs, 1 / inputs), table)


def quality(matrix: sp.csr_array, left: np.ndarray, truth: np.ndarray) -> tuple[float, float]:
    """Largest residual of the Ritz pairs, and how far the Ritz values are from the top d."""
    basis = np.linalg.qr(left)[0]
    image = matrix.T @ basis
    values, inner = np.linalg.eigh(image.T @ image)
    vectors = basis @ inner
    residual = np.linalg.norm(matrix @ (matrix.T @ vectors) - vectors * values, axis=0).max()
    return float(residual), float(np.abs(np.sort(values)[::-1] - truth).max())


def timed(call: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds and the result."""
    start = time.process_time()
    found = call()
    return time.process_time() - start, found


def alone(prepare: Callable[[], Run], patience: int, *, memory: bool = False) -> tuple[float, np.ndarray | str]:
    """CPU seconds (or megabytes that NumPy allocated at most) and the result of one call in a process of its own, or
    the reason why there is none."""
    here, there = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_child, args=(there, prepare, patience, memory))
    child.start()
    there.close()
    try:
        return here.recv()
    except EOFError:  # the kernel ends a process that has used up its CPU seconds
        return float(patience), f"cut off after {patience} CPU seconds"
    finally:
        child.join()


def _child(sender: Connection, prepare: Callable[[], Run], patience: int, memory: bool) -> None:
    if patience:
        resource.setrlimit(resource.RLIMIT_CPU, (patience + int(time.process_time()), resource.RLIM_INFINITY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    warnings.simplefilter("ignore")
    try:
        run = prepare()
        if memory:
            tracemalloc.start()
        seconds, found = timed(run)
        sender.send((tracemalloc.get_traced_memory()[1] / 1e6 if memory else seconds, found))
    except Exception as error:  # a peer may fail in its own way; that is a result too
        sender.send((time.process_time(), f"{type(error).__name__}: {str(error)[:80]}"))


def sides_of(instance: lr.processes.FiniteProcess, dim: int, names: list[str]) -> dict[str, Callable[[], Run]]:
    """Ours and the peers that are asked for and installed, none of them prepared."""
    found = instance.normalized
    # Narrow indices, as SciPy makes them: with wide ones the peers would move a third more.
    matrix = sp.csr_array(
        (found.data, found.indices.astype(np.int32), found.indptr.astype(np.int32)), shape=found.shape
    )

    def ours() -> Run:
        return lambda: lr.solutions.sparse(instance, dim=dim, tolerance=TOLERANCE).input_vectors()

    installed = {n: make for n, (module, make) in PEERS.items() if importlib.util.find_spec(module)}
    chosen = {n: make for n, make in installed.items() if not names or n in names}
    return {"linrep": ours} | {n: functools.partial(make, matrix, dim) for n, make in chosen.items()}


def compare(size: str, spectrum: str, dim: int, options: argparse.Namespace) -> None:
    """One row of the table: all sides in turn, `repeats` times."""
    instance = process(SIZES[size], spectrum, ENTRIES[size])
    ours = lr.solutions.sparse(instance, dim=dim, tolerance=TOLERANCE)
    truth = np.concatenate([ours.values, np.zeros(dim)])[:dim]
    sides = sides_of(instance, dim, options.peers)
    print(
        f"{size} {spectrum}, d = {dim}: {instance.normalized.nnz} entries, {instance.n_components} components, "
        f"{ours.standing}, tie {ours.tie}, gap {ours.gap}",
        flush=True,
    )
    times: dict[str, list[float]] = {n: [] for n in sides}
    results: dict[str, np.ndarray | str] = {}
    for _ in range(options.repeats):
        for n, prepare in sides.items():
            if not isinstance(results.get(n), str) and sum(times[n]) < options.limit:
                seconds, results[n] = alone(prepare, 0 if n == "linrep" else options.patience)
                times[n].append(seconds)
    base = statistics.median(times["linrep"])
    for n, prepare in sides.items():
        found, seconds = results[n], statistics.median(times[n])
        if isinstance(found, str):
            print(f"  {n:20s} no answer: {found}; {seconds / base:.1f} x ours by then")
            continue
        residual, missed = quality(instance.normalized, found, truth)
        memory = f", peak {alone(prepare, 0, memory=True)[0]:.0f} MB" if options.memory else ""
        print(
            f"  {n:20s} {seconds:8.3f} s (median of {len(times[n])}), {seconds / base:6.2f} x ours, "
            f"residual {residual:.0e}, top-d off by {missed:.1e}{memory}",
            flush=True,
        )


def cost(operator: GramOperator, width: int, repeats: int = 7) -> tuple[float, float, float]:
    """CPU seconds of a product with some columns, of copying what it must read and write once, and of copying also
    every number that it gathers; copies of at least 128 MB, beyond any cache."""
    source = np.zeros(2**24)
    block, target = np.random.default_rng(0).standard_normal((operator.order, width)), source.copy()
    operator(block)
    runs = [(timed(lambda: operator(block))[0], timed(lambda: np.copyto(target, source))[0]) for _ in range(repeats)]
    seconds, copied = (statistics.median(times) for times in zip(*runs, strict=True))
    once = 12 * (operator.folded.nnz + 2 * operator.across.nnz) + 8 * width * 3 * operator.order
    gathers = 8 * width * (operator.folded.nnz + 3 * operator.across.nnz)
    byte = copied / (16 * source.size)
    return seconds, once * byte, (once + gathers) * byte


def product(size: str) -> None:
    """The operator product beside a copy of what it must read and write."""
    operator = gram_operator(oriented_channel(process(SIZES[size], "separated", ENTRIES[size]))[0])
    for width in (1, 8, 16, 64):
        seconds, once, gathered = cost(operator, width)
        print(
            f"{size}, {width} columns: {1e3 * seconds:.2f} ms; floor {1e3 * once:.2f} ms if the block stays in cache "
            f"({seconds / once:.1f} x), {1e3 * gathered:.2f} ms if every gather goes to memory "
            f"({seconds / gathered:.1f} x): what is gathered is random, not a stream",
            flush=True,
        )


def steady(inputs: int, entries: int = 20, degree: int = 4, parts: int = 10) -> lr.processes.FiniteProcess:
    """The same spectrum at every size: each view has `degree` entries, each cluster its own share that leaves it."""
    rng = np.random.default_rng(0)
    views = inputs * entries // degree
    columns = rng.permuted(np.repeat(np.arange(views), degree).reshape(parts, -1), axis=1)
    far = rng.random(columns.shape) < np.linspace(0.05, 0.35, parts)[:, None]
    columns[far] = rng.permutation(columns[far])
    weights = rng.integers(1, 6, inputs * entries).astype(np.float64)
    starts = np.arange(0, inputs * entries + 1, entries)
    table = sp.csr_array((weights, columns.ravel(), starts), shape=(inputs, views))
    table.sum_duplicates()
    table = sp.csr_array(sp.diags_array(1 / np.asarray(table.sum(axis=1)).ravel()) @ table)
    return lr.processes.FiniteProcess(np.full(inputs, 1 / inputs), table)


def slope(repeats: int, largest: int) -> None:
    """CPU seconds against non-zeros at d = 8: the log-log slope should be about 1.

    First where the spectrum is the same at every size; then random clusters, whose gaps close as they grow.
    """
    separated = functools.partial(process, spectrum="separated", entries=10)
    family(steady, [n for n in (5_000, 15_000, 50_000, 150_000, 500_000) if 20 * n <= largest], repeats)
    family(lambda n: separated((n, 10 * n)), [n for n in (10_000, 30_000, 100_000) if 10 * n <= largest], repeats)


def family(make: Callable[[int], lr.processes.FiniteProcess], sizes: list[int], repeats: int) -> None:
    """One line a size, and the slopes of seconds, of products and of the time of one product."""
    lines = []
    for inputs in sizes:
        instance, done = make(inputs), [0]
        assert instance.n_components < 8
        call = functools.partial(lr.solutions.sparse, instance, dim=8)
        found = call(progress=lambda stage, count, _: done.append(count) if stage == "iterate" else None)  # noqa: B023
        runs = [timed(lambda: call().values)[0] for _ in range(repeats)]  # noqa: B023
        operator = gram_operator(oriented_channel(instance)[0])
        (one, one_floor, _), (eight, eight_floor, _) = cost(operator, 1), cost(operator, 8)
        lines.append((instance.normalized.nnz, statistics.median(runs), max(done), one, eight, one_floor, eight_floor))
        print(
            f"  {lines[-1][0]} entries: {lines[-1][1]:.3f} s (median of {repeats}), {max(done)} products of one "
            f"vector, {1e3 * one:.2f} ms each (copy {1e3 * one_floor:.2f}), of 8 columns {1e3 * eight:.2f} ms "
            f"(copy {1e3 * eight_floor:.2f}); gap {found.gap:.0e}, {found.standing}",
            flush=True,
        )
    counts, *columns = np.log(np.array(lines, dtype=float)).T
    names = ("seconds", "products", "one product", "product of 8", "copy", "copy of 8")
    slopes = [f"{name} {np.polyfit(counts, column, 1)[0]:.2f}" for name, column in zip(names, columns, strict=True)]
    print(f"log-log slopes: {', '.join(slopes)}")


def main() -> None:
    """Print the versions, then the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", default=["M"], choices=sorted(SIZES))
    parser.add_argument("--spectra", nargs="+", default=list(SPECTRA), choices=SPECTRA)
    parser.add_argument("--dims", nargs="+", type=int, default=[8, 64])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--limit", type=float, default=120.0, help="CPU seconds after which a side is not repeated")
    parser.add_argument("--patience", type=int, default=60, help="CPU seconds after which a run of a peer is cut off")
    parser.add_argument("--peers", nargs="*", default=[])
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--slope", action="store_true", help="time against non-zeros only")
    parser.add_argument("--largest", type=int, default=10**7, help="most non-zeros of the slope")
    options = parser.parse_args()
    versions = {n: importlib.metadata.version(n) for n in ("numpy", "scipy", "jax")}
    versions |= {n: importlib.metadata.version(n) for n in ("scikit-learn", "torch", "primme") if _there(n)}
    pools = [(pool["internal_api"], pool["num_threads"]) for pool in threadpool_info()]
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, thread pools {pools}, {versions}")
    for name, (module, _) in PEERS.items():
        if not importlib.util.find_spec(module):
            print(f"{name} was not run: {module} is not installed.")
        elif options.peers and name not in options.peers:
            print(f"{name} was not run: it was not asked for.")
    if options.slope:
        return slope(options.repeats, options.largest)
    for size in options.sizes:
        product(size)
        for spectrum in options.spectra:
            for dim in options.dims:
                compare(size, spectrum, dim, options)


def _there(distribution: str) -> bool:
    try:
        importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


if __name__ == "__main__":
    main()
