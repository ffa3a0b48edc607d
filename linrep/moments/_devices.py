"""Sums of a stream on the devices of a mesh, in one process or in several: `shard_map`, and `psum` at the end."""

import functools
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from linrep._checks import require, require_x64
from linrep.moments._host import STATE
from linrep.moments._sums import (
    BLOCK_ROWS,
    CHUNK_ROWS,
    is_finite,
    label_terms,
    shapes,
    symmetric_terms,
    two_sum,
)

Arrays = dict[str, jax.Array]


class DeviceSums:
    """The sums of `HostSums`, one copy a device of this process; nothing is communicated before `totals`.

    Processes need not have equally many shards for that reason. Chunks are filled up with pairs of zeros, which add
    nothing.
    """

    def __init__(self, dim: int, outputs: int, *, errors: bool, single: bool, mesh: Mesh) -> None:
        require_x64("moments.accumulate")
        require(
            len(mesh.axis_names) == 1,
            f"moments.accumulate: mesh has the axes {mesh.axis_names}, but one axis is needed; pass "
            "jax.sharding.Mesh(jax.devices(), ('pairs',)).",
        )
        self.mesh = mesh
        self.local = Mesh(np.array(mesh.local_devices), mesh.axis_names)
        self._sharding = NamedSharding(self.local, PartitionSpec(mesh.axis_names[0]))
        self.shapes = shapes(dim, outputs, errors)
        self.parts: dict[str, Arrays] = {part: self._placed(self._zeros()) for part in STATE}
        self.open_rows = 0
        self.folds = 0
        self._kind = np.float32 if single else np.float64
        self._step, self._fold = _compiled(self.local, errors)

    @property
    def chunk_rows(self) -> int:
        """Pairs that are added at a time."""
        return CHUNK_ROWS * self.local.size

    def _zeros(self) -> dict[str, np.ndarray]:
        return {name: np.zeros((self.local.size, *shape)) for name, shape in self.shapes.items()}

    def _placed(self, arrays: Mapping[str, np.ndarray]) -> Arrays:
        return {name: jax.device_put(value, self._sharding) for name, value in arrays.items()}

    def add(self, first: np.ndarray, second: np.ndarray, targets: np.ndarray | None) -> None:
        """Add the pairs of one chunk."""
        columns = np.zeros((first.shape[0], 0)) if targets is None else targets
        rows = (self._filled(first, self._kind), self._filled(second, self._kind), self._filled(columns, np.float64))
        self.parts["open"] = self._step(self.parts["open"], *(jax.device_put(r, self._sharding) for r in rows))
        self.open_rows += CHUNK_ROWS
        if self.open_rows >= BLOCK_ROWS:
            self.close_block()

    def _filled(self, rows: np.ndarray, kind: type) -> np.ndarray:
        rows = rows.astype(kind, copy=False)
        missing = self.chunk_rows - rows.shape[0]
        return np.concatenate([rows, np.zeros((missing, rows.shape[1]), kind)]) if missing else rows

    def close_block(self) -> None:
        """Move the open block into the compensated total."""
        if self.open_rows:
            high, low = self._fold(self.parts["high"], self.parts["low"], self.parts["open"])
            self.parts = {"high": high, "low": low, "open": self._placed(self._zeros())}
            self.open_rows, self.folds = 0, self.folds + 1

    def finite(self) -> bool:
        """Whether every feature and label so far was finite."""
        small = ("sum", "label_sq")
        found = [{n: np.asarray(self.parts[p][n]) for n in small if n in self.shapes} for p in ("open", "high")]
        return all(is_finite(sums, small) for sums in found)

    def totals(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], int, int]:
        """(high, low, folds, devices): the sums over all devices of all processes, the same on each."""
        self.close_block()
        high = all_sum(self.mesh, self.parts["high"])
        low = all_sum(self.mesh, self.parts["low"])
        folds = all_sum(self.mesh, self._placed({"folds": np.full(self.local.size, self.folds)}))["folds"]
        return high, low, int(folds), self.mesh.size

    def saved(self) -> tuple[dict[str, np.ndarray], dict[str, int]]:
        """All that is needed to go on later: arrays and counters."""
        arrays = {f"{part}.{name}": np.asarray(value) for part in STATE for name, value in self.parts[part].items()}
        return arrays, {"open_rows": self.open_rows, "folds": self.folds}

    def restore(self, arrays: Mapping[str, np.ndarray], counters: Mapping[str, int]) -> None:
        """Go on from what `saved` returned."""
        self.parts = {part: self._placed({n: arrays[f"{part}.{n}"] for n in self.shapes}) for part in STATE}
        self.open_rows, self.folds = counters["open_rows"], counters["folds"]


@functools.lru_cache(maxsize=8)
def _compiled(mesh: Mesh, errors: bool) -> tuple[Callable[..., Arrays], Callable[..., tuple[Arrays, Arrays]]]:
    """The addition of a chunk, and the closing of a block, on every device for itself."""
    spread = PartitionSpec(mesh.axis_names[0])

    def step(block: Arrays, first: jax.Array, second: jax.Array, targets: jax.Array) -> Arrays:
        products = _products(first + second, first - second, targets, errors)
        return {name: value + products[name].astype(value.dtype)[None] for name, value in block.items()}

    def close(high: Arrays, low: Arrays, block: Arrays) -> tuple[Arrays, Arrays]:
        sums = {name: two_sum(value, block[name]) for name, value in high.items()}
        return {n: total for n, (total, _) in sums.items()}, {n: low[n] + lost for n, (_, lost) in sums.items()}

    return (
        jax.jit(jax.shard_map(step, mesh=mesh, in_specs=spread, out_specs=spread), donate_argnums=0),
        jax.jit(jax.shard_map(close, mesh=mesh, in_specs=spread, out_specs=spread), donate_argnums=(0, 1)),
    )


def _products(s: jax.Array, t: jax.Array, targets: jax.Array, errors: bool) -> Arrays:
    """The sums of one chunk on one device."""
    times = functools.partial(jnp.matmul, precision=jax.lax.Precision.HIGHEST)
    found: Arrays = {}
    for name, rows in symmetric_terms(s, t, errors):
        product = times(rows.T, rows)
        found[name] = found[name] + product if name in found else product
    found["sum"] = s.sum(axis=0, dtype=jnp.float64)
    if targets.shape[1]:
        found |= {"label": targets.sum(axis=0), "label_sq": (targets * targets).sum(axis=0)}
        found |= {name: times(left.T, right) for name, left, right in label_terms(s, targets.astype(s.dtype))}
    return found


def all_sum(mesh: Mesh, parts: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Sums over the leading axis, one entry a device of the mesh, of arrays of which each process holds its part."""
    axis = mesh.axis_names[0]
    sharding = NamedSharding(mesh, PartitionSpec(axis))
    summed = jax.jit(
        jax.shard_map(
            lambda sums: {name: jax.lax.psum(value[0], axis) for name, value in sums.items()},
            mesh=mesh,
            in_specs=PartitionSpec(axis),
            out_specs=PartitionSpec(),
        )
    )
    joined = {
        name: jax.make_array_from_single_device_arrays(
            (mesh.size, *value.shape[1:]), sharding, [shard.data for shard in value.addressable_shards]
        )
        for name, value in parts.items()
    }
    return {name: np.array(value.addressable_data(0)) for name, value in summed(joined).items()}
