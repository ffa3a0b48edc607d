"""One pass over the shards of a sample: on the host or on a mesh, in one process or several, resumable after a kill."""

import hashlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from linrep._checks import InputError, positive_int, require
from linrep.features import AbstractFeatures
from linrep.moments import _checkpoint
from linrep.moments._devices import DeviceSums, all_sum
from linrep.moments._host import HostSums
from linrep.moments._shards import Reading, Shard, identity, numbered, phi_digest, refuse_non_finite
from linrep.moments._stream import StreamMoments, whole
from linrep.moments._sums import BLOCK_ROWS, CHUNK_ROWS, block_rounding


def accumulate(
    shards: Iterable[Any],
    features: AbstractFeatures | None = None,
    *,
    classes: int | None = None,
    errors: bool = True,
    single: bool = False,
    mesh: Mesh | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    checkpoint_seconds: float = 60.0,
) -> StreamMoments:
    """Sums of a sample that need not fit in memory, one shard after another.

    Args:
        shards: `Shard`s or tuples (views, positives[, labels]): a list, a generator, or `mapped_shards(folders)`.
        features: a feature map of values; None where views are feature vectors, (n, D), already.
        classes: r, if labels are class numbers 0, ..., r - 1; otherwise labels are floats, or integers -1 and 1, of
            shape (n,) or (n, r).
        errors: whether to sum the squares that the standard errors of Sigma and Sigma_bar need: five symmetric products
            a pair instead of two.
        single: round features to float32 and multiply in it, products of 1,024 pairs added in float64, which is faster;
            `rounding` states the worst case, 6e-5. Moments of 65,536 Gaussian or uniform pairs of float32 numbers
            were off by at most 8e-8.
        mesh: devices to compute on, one axis; None computes through BLAS on the host. A mesh over several processes
            (after `jax.distributed.initialize`) deals the shards out by number: call it with equal arguments
            everywhere, and every process returns the sums of all.
        checkpoint: a file that keeps the sums, at most every `checkpoint_seconds` and at the end, by atomic renames. If
            it exists, the shards it has counted are skipped, once their identities agree; the result has the same bits
            as without interruption. Each of P processes has its own: checkpoint.i-of-P, and P must stay the same.

    Raises:
        InputError: a shard with a non-finite entry (its name and row are said), of another shape, or twice under one
            name; class numbers without `classes`; no pairs at all; a checkpoint of other data, settings, features or
            number of processes; a mesh without a device of this process.

    Source: ours.

    >>> rows = np.random.default_rng(0).standard_normal((2, 100, 3))
    >>> parts = accumulate([(rows[0, :40], rows[1, :40]), (rows[0, 40:], rows[1, 40:])])
    >>> parts.count, bool(abs(parts.moments().sigma[0, 0] - (rows[:, :, 0] ** 2).mean()) <= parts.rounding)
    (100, True)
    """
    require(
        isinstance(shards, Iterable),
        f"moments.accumulate: shards is {shards!r}, but pieces of a sample are needed; pass a list or a generator.",
    )
    reading = Reading(
        features, None if classes is None else positive_int(classes, owner="moments.accumulate", name="classes"), single
    )
    settings = _Settings(reading, errors, mesh)
    run = _Run(settings, _checkpoint_of(checkpoint, settings), checkpoint_seconds)
    for index, shard in enumerate(numbered(shards)):
        run.visit(index, shard)
    return run.finished()


@dataclass(frozen=True)
class _Settings:
    """What the sums depend on besides the shards."""

    reading: Reading
    errors: bool
    mesh: Mesh | None

    def __post_init__(self) -> None:
        require(
            self._own in self.processes,
            f"moments.accumulate: mesh has devices of the processes {self.processes}, but none of process {self._own}, "
            "which runs this; pass a mesh over the devices of every process that calls.",
        )

    @property
    def _own(self) -> int:
        return 0 if self.mesh is None else jax.process_index()

    @property
    def processes(self) -> list[int]:
        """The JAX processes that take part, in order."""
        return [0] if self.mesh is None else sorted({device.process_index for device in self.mesh.devices.flat})

    @property
    def position(self) -> int:
        """The number of this process among those that take part."""
        return self.processes.index(self._own)

    def sums(self, dim: int, outputs: int) -> HostSums | DeviceSums:
        """Empty sums."""
        if self.mesh is None:
            return HostSums(dim, outputs, errors=self.errors, single=self.reading.single)
        return DeviceSums(dim, outputs, errors=self.errors, single=self.reading.single, mesh=self.mesh)

    def record(self, columns: tuple[Any, ...]) -> dict[str, Any]:
        """The settings as plain values, to be compared with those of a checkpoint."""
        features = self.reading.features
        return {
            "features": "views" if features is None else type(features).__name__,
            "columns": [list(c) if isinstance(c, tuple) else c for c in columns],
            "classes": self.reading.classes,
            "errors": self.errors,
            "single": self.reading.single,
            "devices": 0 if self.mesh is None else len(self.mesh.local_devices),
            "rows": [CHUNK_ROWS, BLOCK_ROWS],
        }


def _checkpoint_of(path: str | os.PathLike[str] | None, settings: _Settings) -> Path | None:
    return None if path is None else _checkpoint.place(path, settings.position, len(settings.processes))


class _Run:
    """One pass: the sums so far, which shards they count, and when they were last saved."""

    def __init__(self, settings: _Settings, path: Path | None, seconds: float) -> None:
        self.settings, self.path, self.seconds = settings, path, seconds
        self.stored = None if path is None else _checkpoint.read(path)
        self.done: list[str] = [] if self.stored is None else list(self.stored[1]["shards"])
        self.done_phi: str = "" if self.stored is None else self.stored[1]["phi"]
        self.phi = ""
        self.saved_at = time.monotonic()
        self.seen: dict[str, None] = {}
        self.columns: tuple[Any, ...] | None = None
        self.count = 0
        self.unsaved = False

    def visit(self, index: int, shard: Shard) -> None:
        """Count a shard, or pass over one that was counted before or is another process's."""
        self._agree(shard)
        label = f"{shard.name} ({identity(shard)})"
        require(
            label not in self.seen,
            f"moments.accumulate: {shard.name} comes twice with the same rows, but a shard may count once; "
            "leave one out.",
        )
        self.seen[label] = None
        self.count += shard.rows
        if index < len(self.done):
            require(
                self.done[index] == label,
                f"moments.accumulate: shard {index} of the stream is {label}, but the checkpoint {self.path} counted "
                f"{self.done[index]} there; pass the same shards in the same order, or name another checkpoint.",
            )
            require(
                self.done_phi == self.phi,
                f"moments.accumulate: `features` maps the first rows of {shard.name} to other vectors than those that "
                f"the checkpoint {self.path} counted; use the same feature map, or name another checkpoint.",
            )
            return
        if index % len(self.settings.processes) == self.settings.position:
            self._add(shard)
        self.unsaved = True
        if time.monotonic() - self.saved_at >= self.seconds:
            self._save()

    def _agree(self, shard: Shard) -> None:
        """Set the sums up by the first shard; refuse a later one of other columns."""
        columns = self.settings.reading.columns(shard)
        if self.columns is None:
            self.columns = columns
            self.phi = phi_digest(shard, self.settings.reading)
            self.sums = self.settings.sums(*columns[:2])
            self._restore()
        require(
            columns == self.columns,
            f"moments.accumulate: {shard.name} has (features, labels, shape of a label) = {columns}, but the shards "
            f"before it have {self.columns}; pass shards of one kind.",
        )

    def _restore(self) -> None:
        if self.stored is None:
            return
        arrays, record = self.stored
        mine = self.settings.record(self.columns or ())
        require(
            record["settings"] == mine,
            f"moments.accumulate: the checkpoint {self.path} was made with {record['settings']}, but this run has "
            f"{mine}; use the same settings, or name another checkpoint.",
        )
        self.sums.restore(arrays, record["counters"])
        self.stored = None

    def _add(self, shard: Shard) -> None:
        reading = self.settings.reading
        for _, first, second, targets in reading.chunks(shard, self.sums.chunk_rows):
            self.sums.add(first, second, targets)
        if not self.sums.finite():
            refuse_non_finite(shard, reading)

    def _save(self) -> None:
        if self.path is not None and self.columns is not None and self.unsaved:
            arrays, counters = self.sums.saved()
            record = {
                "settings": self.settings.record(self.columns),
                "counters": counters,
                "shards": list(self.seen),
                "phi": self.phi,
            }
            _checkpoint.write(self.path, arrays, record)
            self.unsaved = False
        self.saved_at = time.monotonic()

    def finished(self) -> StreamMoments:
        """The sums of all shards of all processes; the checkpoint is written before they are combined."""
        if self.columns is None:
            raise InputError("moments.accumulate: the stream has no shards, but at least one is needed; pass some.")
        require(
            len(self.seen) >= len(self.done),
            f"moments.accumulate: the stream ended after {len(self.seen)} shards, but the checkpoint {self.path} "
            f"counted {len(self.done)}; pass the same shards, or name another checkpoint.",
        )
        self._save()
        _same_everywhere(self.settings, list(self.seen))
        high, low, folds, devices = self.sums.totals()
        return StreamMoments(
            high=whole(high),
            low=whole(low),
            count=self.count,
            label_shape=self.columns[2],
            shards=tuple(self.seen),
            block=block_rounding(self.settings.reading.single),
            folds=folds,
            devices=devices,
        )


def _same_everywhere(settings: _Settings, shards: list[str]) -> None:
    """Refuse to combine sums of processes that were given different shards.

    Every process compares the sum of all digests with its own times their number: all agree only if all are equal.
    """
    mesh = settings.mesh
    if mesh is None or len(settings.processes) == 1:
        return
    own = np.frombuffer(hashlib.blake2b("\n".join(shards).encode(), digest_size=16).digest(), dtype=np.uint16)
    local = Mesh(np.array(mesh.local_devices), mesh.axis_names)
    rows = np.tile(own.astype(np.float64), (local.size, 1))
    placed = jax.device_put(rows, NamedSharding(local, PartitionSpec(mesh.axis_names[0])))
    total = all_sum(mesh, {"digest": placed})["digest"]
    require(
        np.array_equal(total, mesh.size * own.astype(np.float64)),
        f"moments.accumulate: the processes of the mesh were given different shards ({len(shards)} here), but each "
        "needs the whole list; pass equal arguments everywhere.",
    )
