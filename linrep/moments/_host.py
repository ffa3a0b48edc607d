"""Sums of a stream on the host: BLAS rank-k updates in place on preallocated arrays."""

from collections.abc import Mapping

import numpy as np
from scipy.linalg.blas import dsyrk, ssyrk

from linrep.moments._sums import BLOCK_ROWS, CHUNK_ROWS, fold, is_finite, label_terms, shapes, symmetric_terms

STATE = ("open", "high", "low")


class HostSums:
    """Sums of s s^T, t t^T and the rest: an open block in plain arithmetic, and a compensated total high + low.

    Matrices are Fortran-ordered and hold their lower triangle only. What is added, and in which order, depends on the
    shards alone, so that a run that was interrupted gives the same bits as one that was not.
    """

    def __init__(self, dim: int, outputs: int, *, errors: bool, single: bool) -> None:
        self.shapes = shapes(dim, outputs, errors)
        self.errors = errors
        self.single = single
        self.parts = {part: {n: np.zeros(shape, order="F") for n, shape in self.shapes.items()} for part in STATE}
        self.open_rows = 0
        self.folds = 0
        kind = np.float32 if single else np.float64
        self._s, self._t = np.empty((CHUNK_ROWS, dim), kind), np.empty((CHUNK_ROWS, dim), kind)

    @property
    def chunk_rows(self) -> int:
        """Pairs that are added at a time."""
        return CHUNK_ROWS

    def add(self, first: np.ndarray, second: np.ndarray, targets: np.ndarray | None) -> None:
        """Add the pairs of one chunk."""
        s, t = self._s[: first.shape[0]], self._t[: first.shape[0]]
        with np.errstate(invalid="ignore", over="ignore"):
            np.add(first, second, out=s)
            np.subtract(first, second, out=t)
            for name, rows in symmetric_terms(s, t, self.errors):
                self._rank_update(name, rows)
            self._vectors(s, targets)
        self.open_rows += first.shape[0]
        if self.open_rows >= BLOCK_ROWS:
            self.close_block()

    def _rank_update(self, name: str, rows: np.ndarray) -> None:
        total = self.parts["open"][name]
        if self.single:
            total += ssyrk(1.0, rows.T, lower=1)
        else:
            # rows.T is Fortran-ordered without a copy, and so is `total`, which BLAS updates in place
            dsyrk(1.0, rows.T, beta=1.0, c=total, lower=1, overwrite_c=1)

    def _vectors(self, s: np.ndarray, targets: np.ndarray | None) -> None:
        block = self.parts["open"]
        block["sum"] += s.sum(axis=0, dtype=np.float64)
        if targets is None:
            return
        block["label"] += targets.sum(axis=0)
        block["label_sq"] += (targets * targets).sum(axis=0)
        for name, left, right in label_terms(s, targets.astype(s.dtype, copy=False)):
            block[name] += left.T @ right

    def close_block(self) -> None:
        """Move the open block into the compensated total. The first block becomes the total: nothing is added to it."""
        if self.open_rows and not self.folds:
            self.parts["open"], self.parts["high"] = self.parts["high"], self.parts["open"]
            self.open_rows, self.folds = 0, 1
        elif self.open_rows:
            for name, value in self.parts["open"].items():
                fold(self.parts["high"][name], self.parts["low"][name], value)
                value[...] = 0.0
            self.open_rows, self.folds = 0, self.folds + 1

    def finite(self) -> bool:
        """Whether every feature and label so far was finite."""
        return all(is_finite(self.parts[part], ("sum", "label_sq")) for part in ("open", "high"))

    def totals(self) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], int, int]:
        """(high, low, folds, devices) once the last block is closed."""
        self.close_block()
        return self.parts["high"], self.parts["low"], self.folds, 1

    def saved(self) -> tuple[dict[str, np.ndarray], dict[str, int]]:
        """All that is needed to go on later: arrays and counters."""
        arrays = {f"{part}.{name}": value for part in STATE for name, value in self.parts[part].items()}
        return arrays, {"open_rows": self.open_rows, "folds": self.folds}

    def restore(self, arrays: Mapping[str, np.ndarray], counters: Mapping[str, int]) -> None:
        """Go on from what `saved` returned."""
        for part in STATE:
            for name, value in self.parts[part].items():
                value[...] = arrays[f"{part}.{name}"]
        self.open_rows, self.folds = counters["open_rows"], counters["folds"]
