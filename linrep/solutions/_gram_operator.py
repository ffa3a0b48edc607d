"""The Gram operator of the smaller side of a sparse channel, with its short columns folded into one table."""

import functools
from dataclasses import dataclass

import numpy as np
import scipy.sparse

from linrep._types import is_sparse
from linrep.processes import FiniteProcess

FOLDED = 2
"""Columns of B with at most this many entries are folded: k entries give k (k - 1) pairs, fewer than the 2 k that the
two products would gather; at three there are as many, and the pairs take more memory than the entries."""

COLUMNS = 8
"""Columns of a block that go through B at once: one cache line a row, and an intermediate product that stays small."""


MOST_NARROW = 2**31 - 1
"""Most entries that are numbered in 32 bits, which moves a third less than 64."""


@dataclass(frozen=True, eq=False)
class GramOperator:
    """x -> B B.T x, where B is M (inputs are fewer) or M.T (views are fewer), without forming B B.T.

    Attributes:
        source: B in CSR as it was given.
        folded: (rows, rows) the sum of b b.T over the columns b of B with at most two entries, in CSR.
        across: the other columns of B one after the other, (columns, rows), in CSR, by their number of entries: what is
            gathered and added up at random lies on the smaller side, the intermediate product is a stream, and the
            processor foresees the ends of loops of equal length.
    """

    source: scipy.sparse.csr_array
    folded: scipy.sparse.csr_array
    across: scipy.sparse.csr_array

    @functools.cached_property
    def _back(self) -> scipy.sparse.csc_array:
        return self.across.T

    @functools.cached_property
    def _slices(self) -> list[tuple[scipy.sparse.csr_array, scipy.sparse.csc_array]]:
        """Columns of B, half as many as rows at a time, so that the intermediate product of a block is smaller than it.

        They share their entries with `across`.
        """
        size = max(self.order // 2, 1)
        return [_rows(self.across, first, first + size) for first in range(0, self.across.shape[0], size)]

    @property
    def order(self) -> int:
        """Number of rows."""
        return self.source.shape[0]

    def __call__(self, block: np.ndarray) -> np.ndarray:
        """The product with a vector, (rows,), or a block, (rows, b)."""
        if block.ndim == 1 or (block.shape[1] <= COLUMNS and block.flags.c_contiguous):
            return self._narrow(block)
        out = np.empty(block.shape, order="F")
        for start in range(0, block.shape[1], COLUMNS):
            part = slice(start, start + COLUMNS)
            out[:, part] = self._narrow(np.ascontiguousarray(block[:, part]))
        return out

    def _narrow(self, block: np.ndarray) -> np.ndarray:
        image = self.folded @ block
        for across, back in self._slices if block.size > self.order else [(self.across, self._back)]:
            image += back @ (across @ block)
        return image


def gram_operator(oriented: scipy.sparse.csr_array) -> GramOperator:
    """The operator from B in CSR, (smaller side, larger side)."""
    counts = np.bincount(oriented.indices, minlength=oriented.shape[1])
    order, cut = np.argsort(counts, kind="stable"), int((counts <= FOLDED).sum())
    del counts
    short = _columns(oriented, order[:cut])
    folded = scipy.sparse.csr_array(short @ short.T)
    del short
    return GramOperator(oriented, folded, scipy.sparse.csr_array(_columns(oriented, order[cut:]).T))


def _rows(
    table: scipy.sparse.csr_array, start: int, stop: int
) -> tuple[scipy.sparse.csr_array, scipy.sparse.csc_array]:
    """Some rows that follow each other and their transpose, without the copy that SciPy's constructors would make."""
    starts = table.indptr[start : stop + 1]
    entries, shape = slice(starts[0], starts[-1]), (starts.size - 1, table.shape[1])
    starts = starts - starts[0]
    found = scipy.sparse.csr_array(shape, dtype=table.dtype), scipy.sparse.csc_array(shape[::-1], dtype=table.dtype)
    for part in found:
        part.data, part.indices, part.indptr = table.data[entries], table.indices[entries], starts
    return found


def _columns(oriented: scipy.sparse.csr_array, chosen: np.ndarray) -> scipy.sparse.csr_array:
    """Some columns, in that order."""
    numbers = np.int32 if oriented.nnz <= MOST_NARROW else np.int64
    names = np.full(oriented.shape[1], -1, numbers)
    names[chosen] = np.arange(chosen.size, dtype=numbers)
    renamed = names[oriented.indices]
    kept = renamed >= 0
    starts = np.concatenate([np.zeros(1, numbers), np.cumsum(kept, dtype=numbers)])[oriented.indptr]
    return scipy.sparse.csr_array((oriented.data[kept], renamed[kept], starts), (oriented.shape[0], chosen.size))


def oriented_channel(process: FiniteProcess) -> tuple[scipy.sparse.csr_array, bool]:
    """B in CSR, (smaller side, larger side), and whether the smaller side are the inputs.

    Where it is the normalized channel of the process itself, nothing is copied.
    """
    table = process.normalized
    sparse = table if is_sparse(table) else scipy.sparse.csr_array(table)
    inputs_fewer = process.n_inputs <= process.n_views
    return sparse if inputs_fewer else scipy.sparse.csr_array(sparse.T), inputs_fewer
