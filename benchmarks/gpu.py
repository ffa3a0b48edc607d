"""A GPU beside its own ceilings: small problems by the batch, dense K, and streaming moments.

    python benchmarks/gpu.py [--parts batched dense streaming] [--any-device] [--tiny] [--repeats 5]

Ceilings are measured in the same run: a square matrix product in float64 and float32, a copy within the device's
memory, and a copy from the host to the device. Every number is a median of wall-clock seconds after one call that is
not counted, which compiles. Without a GPU nothing is run, which is said; --any-device runs on what there is, and --tiny
takes sizes that a processor can do in seconds.
"""

import argparse
import functools
import importlib.util
import platform
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402

import linrep as lr  # noqa: E402

PARTS = ("batched", "dense", "streaming")


@dataclass(frozen=True)
class Sizes:
    """What is measured: order of the ceilings' matrices, problems, D of dense K, D and pairs of the stream."""

    ceiling: int = 8_192
    problems: int = 131_072
    dense: int = 8_192
    features: tuple[int, ...] = (512, 4_096)
    pairs: int = 131_072


TINY = Sizes(ceiling=256, problems=64, dense=64, features=(16,), pairs=4_096)


@dataclass(frozen=True)
class Ceilings:
    """Flops a second of a matrix product, by type, and bytes a second of copies."""

    flops: dict[str, float]
    copy: float
    upload: float


def median_seconds(call: Callable[[], Any], repeats: int) -> float:
    """Median seconds until the result is there."""
    taken = []
    for turn in range(repeats + 1):
        start = time.perf_counter()
        jax.block_until_ready(call())
        if turn:
            taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def ceilings(order: int, repeats: int) -> Ceilings:
    """Measure what the device can do at best."""
    host = np.random.default_rng(0).standard_normal((order, order))
    product = jax.jit(lambda x: jnp.matmul(x, x, precision=jax.lax.Precision.HIGHEST))
    copy = jax.jit(lambda x: x + 1.0)
    flops = {}
    for kind in ("float64", "float32"):
        placed = jnp.asarray(host.astype(kind))
        flops[kind] = 2 * order**3 / median_seconds(lambda x=placed: product(x), repeats)
    placed = jnp.asarray(host)
    found = Ceilings(
        flops,
        2 * host.nbytes / median_seconds(lambda: copy(placed), repeats),
        host.nbytes / median_seconds(lambda: jax.device_put(host), repeats),
    )
    print(
        f"ceilings, order {order}: product {found.flops['float64'] / 1e12:.3f} Tflop/s in float64, "
        f"{found.flops['float32'] / 1e12:.3f} in float32; copy {found.copy / 1e9:.1f} GB/s; from the host "
        f"{found.upload / 1e9:.1f} GB/s"
    )
    return found


def batched(sizes: Sizes, best: Ceilings, repeats: int) -> None:
    """All covered theorems on many problems of n_bar = 8, n = 16, D = 6, d = 3."""
    if importlib.util.find_spec("linrep.batched") is None:
        print("batched problems: not run, because linrep.batched is not installed.")
        return
    rng = np.random.default_rng(0)
    prior, channel = rng.random((sizes.problems, 8)), rng.random((sizes.problems, 8, 16))
    batch = lr.batched.Batch(
        prior / prior.sum(axis=1, keepdims=True),
        channel / channel.sum(axis=2, keepdims=True),
        rng.standard_normal((sizes.problems, 16, 6)),
        np.tile([-1, 1, 1, -1, 1, -1, -1, 1], (sizes.problems, 1)),
        dim=3,
    )
    table = lr.batched.evaluate(batch)
    moved = sum(np.asarray(array).nbytes for array in (batch.prior, batch.channel, batch.features, batch.labels))
    moved += sum(array.nbytes for bound in table.bounds.values() for array in vars(bound).values())
    seconds = median_seconds(lambda: lr.batched.evaluate(batch), repeats)
    print(
        f"batched problems: {sizes.problems / seconds:,.0f} a second, {len(table.bounds)} theorems each; tables and "
        f"results are {moved / sizes.problems:.0f} bytes a problem, {moved / seconds / best.upload:.3f} of the copy "
        "from the host"
    )


def dense(sizes: Sizes, best: Ceilings, repeats: int) -> None:
    """Whole spectrum of K and the minimiser, in units of the matrix product of that order."""
    order = sizes.dense
    rows = jax.random.normal(jax.random.key(0), (2, 2 * order, order), dtype=jnp.float64)
    sigma = (rows[0].T @ rows[0] + rows[1].T @ rows[1]) / (4 * order)
    bar = (rows[0] + rows[1]).T @ (rows[0] + rows[1]) / (8 * order)
    del rows
    cross, outputs = jnp.ones(order), min(64, order)
    seconds = median_seconds(
        lambda: lr.solutions.closed_form(sigma, bar, cross, float(order), dim=outputs).weights, repeats
    )
    products = seconds * best.flops["float64"] / (2 * order**3)
    print(
        f"dense K, D = {order}, float64: {seconds:.3f} s for two eigendecompositions and two products, as long as "
        f"{products:.1f} products of that order at the ceiling"
    )


def streaming(sizes: Sizes, best: Ceilings, repeats: int) -> None:
    """`accumulate` on one device from shards in the host's memory, against the product and the copy from the host."""
    mesh = jax.sharding.Mesh(np.array(jax.devices()[:1]), ("pairs",))
    for dim in sizes.features:
        first, second = np.random.default_rng(0).standard_normal((2, sizes.pairs, dim), dtype=np.float32)
        for kind in ("float64", "float32"):
            rows = (first.astype(kind), second.astype(kind))
            accumulate = functools.partial(lr.moments.accumulate, errors=False, single=kind == "float32", mesh=mesh)
            seconds = median_seconds(lambda call=accumulate, rows=rows: call([rows]).sums, repeats)
            product = 4 * sizes.pairs * dim**2 / best.flops[kind]
            upload = 2 * rows[0].nbytes / best.upload
            print(
                f"streaming moments, D = {dim}, {kind}: {2 * sizes.pairs / seconds:,.0f} rows/s, of the product's "
                f"ceiling {product / seconds:.2f}, of the copy from the host {upload / seconds:.2f}"
            )


def device(options: argparse.Namespace) -> jax.Device | None:
    """The device to measure; None, with a sentence, without one."""
    found = jax.devices()[0]
    if found.platform == "gpu" or options.any_device:
        return found
    print(
        f"Not run: JAX {jax.__version__} sees no GPU here, only {found.platform} ({len(jax.devices())} device); "
        "install JAX with CUDA on a machine with a GPU, or pass --any-device --tiny to try the code."
    )
    return None


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print a line each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--any-device", action="store_true", help="run without a GPU, too")
    parser.add_argument("--tiny", action="store_true", help="sizes for a processor")
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args(arguments)
    found = device(options)
    if found is None:
        return
    sizes = TINY if options.tiny else Sizes()
    print(
        f"{found.device_kind} ({found.platform}); python {platform.python_version()}, jax {jax.__version__}, "
        f"numpy {np.__version__}; medians of {options.repeats}, wall-clock seconds"
    )
    best = ceilings(sizes.ceiling, options.repeats)
    for name, part in (("batched", batched), ("dense", dense), ("streaming", streaming)):
        if name in options.parts:
            part(sizes, best, options.repeats)


if __name__ == "__main__":
    main()
