"""Shards: pieces of a sample of positive pairs, read one at a time, each with an identity."""

import hashlib
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from linrep._checks import InputError, require
from linrep.features import AbstractFeatures, OneHot
from linrep.labels._table import one_hot
from linrep.moments._sums import CHUNK_ROWS

PROBES = 64
"""Rows of a shard that enter its identity."""


@dataclass(frozen=True, eq=False)
class Shard:
    """A piece of a sample: both views of its pairs, perhaps their labels, and a name for messages.

    Args:
        views, positives: (n, ...) both; arrays or memory maps, n >= 0.
        labels: (n,) or (n, r), or None.
        name: what messages call it; by default its number in the stream.

    Source: ours.

    >>> Shard([[1.0, 2.0]], [[1.0, 0.0]], name="first").rows
    1
    """

    views: Any
    positives: Any
    labels: Any = None
    name: str = ""

    @property
    def rows(self) -> int:
        """n, the number of pairs."""
        return len(self.views)


def mapped_shards(folders: Iterable[str | os.PathLike[str]]) -> Iterator[Shard]:
    """Shards on disk, memory-mapped one after another: folders with views.npy, positives.npy and perhaps labels.npy.

    Raises:
        InputError: a file that is missing or is no array of numbers.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     for name in ("views", "positives"):
    ...         np.save(f"{folder}/{name}.npy", np.ones((3, 2)))
    ...     [shard.rows for shard in mapped_shards([folder])]
    [3]
    """
    for folder in folders:
        place = Path(folder)
        labels = _mapped(place / "labels.npy") if (place / "labels.npy").exists() else None
        yield Shard(_mapped(place / "views.npy"), _mapped(place / "positives.npy"), labels, str(place))


def _mapped(path: Path) -> np.ndarray:
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise InputError(
            f"mapped_shards: {path} is not a saved array of numbers ({error}); write it with numpy.save."
        ) from error


def numbered(shards: Iterable[Any]) -> Iterator[Shard]:
    """The shards of a stream, each checked and named; tuples (views, positives) or (views, positives, labels) count."""
    for index, given in enumerate(shards):
        if isinstance(given, Shard):
            shard = given
        else:
            require(
                isinstance(given, Sequence) and len(given) in (2, 3),
                f"moments.accumulate: element {index} of the stream is a {type(given).__name__}, but a Shard or a "
                "tuple (views, positives) or (views, positives, labels) is needed; pass such pieces.",
            )
            shard = Shard(*given)
        yield _checked(shard, shard.name or f"shard {index}")


def _checked(shard: Shard, name: str) -> Shard:
    views, positives = np.asanyarray(shard.views), np.asanyarray(shard.positives)
    labels = None if shard.labels is None else np.asanyarray(shard.labels)
    require(
        views.ndim >= 1 and views.shape == positives.shape,
        f"moments.accumulate: {name} has views of shape {views.shape} and positives of shape {positives.shape}, but "
        "both need the same shape (n, ...); pass the two views of each pair.",
    )
    require(
        labels is None or (labels.ndim in (1, 2) and labels.shape[0] == views.shape[0]),
        f"moments.accumulate: {name} has labels that do not fit its {views.shape[0]} pairs; pass one label, "
        "or one row of labels, a pair.",
    )
    return Shard(views, positives, labels, name)


def identity(shard: Shard) -> str:
    """A digest of the shape, the type and at most 64 evenly spaced rows, the first and the last among them."""
    digest = hashlib.blake2b(digest_size=16)
    picked = _picked(shard.rows)
    for array in (shard.views, shard.positives, shard.labels):
        if array is not None:
            digest.update(f"{array.dtype.str}{array.shape}".encode())
            digest.update(np.ascontiguousarray(array[picked] if len(array) else array).tobytes())
    return digest.hexdigest()


def _picked(rows: int) -> np.ndarray:
    return np.unique(np.linspace(0, max(rows - 1, 0), PROBES).astype(np.int64))


@dataclass(frozen=True)
class Reading:
    """How shards become rows of numbers.

    Attributes:
        features: the feature map, or None where the views are feature vectors already.
        classes: number of classes where labels are class numbers, else None.
        single: whether features are rounded to float32.
    """

    features: AbstractFeatures | None
    classes: int | None
    single: bool

    def __post_init__(self) -> None:
        require(
            self.features is None or isinstance(self.features, AbstractFeatures),
            f"moments.accumulate: features is {self.features!r}, but a feature map is needed, or None for views that "
            "are feature vectors; pass linrep.features.Linear(), say.",
        )
        require(
            not isinstance(self.features, OneHot),
            "moments.accumulate: OneHot numbers the views of a finite process, but a stream does not list them; use "
            "another feature map, or moments.population of a FiniteProcess.",
        )

    def phi(self, views: np.ndarray, name: str) -> np.ndarray:
        """Feature vectors of a few views, (n, D)."""
        rows = np.asarray(views if self.features is None else self.features(np.asarray(views)))
        require(
            rows.ndim == 2 and rows.dtype.kind in "fiub",
            f"moments.accumulate: the features of {name} have shape {rows.shape} and type {rows.dtype}, but real "
            "numbers of shape (n, D) are needed; pass `features`, or views that are feature vectors.",
        )
        return rows.astype(np.float32 if self.single else np.float64, copy=False)

    def targets(self, labels: np.ndarray | None, name: str) -> np.ndarray | None:
        """Labels as columns of float64, (n, r): one-hot for class numbers."""
        if labels is None:
            return None
        if self.classes is not None:
            return _one_hot(labels, self.classes, name)
        require(
            labels.dtype.kind == "f" or (labels.dtype.kind in "iu" and bool(np.isin(labels, (-1, 1)).all())),
            f"moments.accumulate: the labels of {name} have type {labels.dtype} and are not all -1 or 1; pass "
            "`classes`=r if they are class numbers, or floats if they are real.",
        )
        return np.asarray(labels, dtype=np.float64).reshape(labels.shape[0], math.prod(labels.shape[1:]))

    def chunks(self, shard: Shard, rows: int) -> Iterator[tuple[int, np.ndarray, np.ndarray, np.ndarray | None]]:
        """(start, phi, phi+, targets) of at most `rows` pairs at a time."""
        for start in range(0, shard.rows, rows):
            part = slice(start, start + rows)
            labels = None if shard.labels is None else shard.labels[part]
            first, second = self.phi(shard.views[part], shard.name), self.phi(shard.positives[part], shard.name)
            yield start, first, second, self.targets(labels, shard.name)

    def columns(self, shard: Shard) -> tuple[int, int, tuple[int, ...] | None]:
        """(D, r, shape of one label); r = 0 and None without labels."""
        dim = self.phi(shard.views[:1], shard.name).shape[1]
        targets = self.targets(None if shard.labels is None else shard.labels[:1], shard.name)
        if targets is None:
            return dim, 0, None
        plain = self.classes is None and np.asarray(shard.labels).ndim == 1
        return dim, targets.shape[1], () if plain else (targets.shape[1],)


def phi_digest(shard: Shard, reading: Reading) -> str:
    """A digest of the features of a few views of a shard: it tells two feature maps of one type and dimension apart."""
    views = shard.views[_picked(shard.rows)] if shard.rows else shard.views
    return hashlib.blake2b(reading.phi(views, shard.name).tobytes(), digest_size=16).hexdigest()


def _one_hot(labels: np.ndarray, classes: int, name: str) -> np.ndarray:
    require(
        labels.ndim == 1
        and labels.dtype.kind in "iub"
        and (labels.size == 0 or (int(labels.min()) >= 0 and int(labels.max()) < classes)),
        f"moments.accumulate: the labels of {name} are not all whole numbers from 0 to {classes - 1}, but `classes` is "
        f"{classes}; pass class numbers, or leave `classes` out.",
    )
    return one_hot(labels.astype(np.int64), classes, f"moments.accumulate: {name}")


def refuse_non_finite(shard: Shard, reading: Reading) -> None:
    """Say which row of a shard is not finite, or that its entries are too large to be squared."""
    for start, first, second, targets in reading.chunks(shard, CHUNK_ROWS):
        for what, rows in (("views", first), ("positives", second), ("labels", targets)):
            bad = np.argwhere(~np.isfinite(rows)) if rows is not None else np.zeros((0, 2))
            require(
                bad.size == 0,
                f"moments.accumulate: {what} of {shard.name} have a non-finite entry in row "
                f"{start + int(bad[0, 0]) if bad.size else ''}, but every entry must be finite; "
                "remove that pair or mend it.",
            )
    raise InputError(
        f"moments.accumulate: entries of {shard.name} are finite, but their sums overflow the type of the sums; "
        "scale them down."
    )
