"""The Gram operator of the smaller side of a sparse channel, with its short columns folded into one table."""

import functools
from dataclasses import dataclass

import numpy as np
import scipy.sparse

from linrep._types import is_sparse
from linrep.processes import FiniteProcess

FOLDED = 3
"""Columns of B with at most this many entries are folded: k entries give k (k - 1) pairs, no more than the 2 k that the
two products would gather."""

COLUMNS = 8
"""Columns of a block that go through B at once: one cache line a row, and an intermediate product that stays small."""


MOST_NARROW = 2**31 - 1
"""Most entries that are numbered in 32 bits, which moves a third less than 64."""


@dataclass(frozen=True, eq=False)
class GramOperator:
    """x -> B B.T x, where B is M (inputs are fewer) or M.T (views are fewer), without forming B B.T.

    Attributes:
        source: B in CSR as it was given.
        folded: (rows, rows) the sum of b b.T over the columns b of B with at most three entries, in CSR.
        table: the other columns of B, (rows, columns), in CSR: rows are long, so that loops over them run freely.
    """

    source: scipy.sparse.csr_array
    folded: scipy.sparse.csr_array
    table: scipy.sparse.csr_array

    @functools.cached_property
    def _transposed(self) -> scipy.sparse.csc_array:
        return self.table.T

    @property
    def order(self) -> int:
        """Number of rows."""
        return self.source.shape[0]

    def __call__(self, block: np.ndarray) -> np.ndarray:
        """The product with a vector, (rows,), or a block, (rows, b)."""
        if block.ndim == 1:
            image = self.folded @ block
            image += self.table @ (self._transposed @ block)
            return image
        out = np.empty(block.shape, order="F")
        for start in range(0, block.shape[1], COLUMNS):
            part = np.ascontiguousarray(block[:, start : start + COLUMNS])
            image = self.folded @ part
            image += self.table @ (self._transposed @ part)
            out[:, start : start + COLUMNS] = image
        return out


def gram_operator(oriented: scipy.sparse.csr_array) -> GramOperator:
    """The operator from B in CSR, (smaller side, larger side)."""
    long = np.bincount(oriented.indices, minlength=oriented.shape[1]) > FOLDED
    of_entry = long[oriented.indices]
    short = _columns(oriented, ~long, ~of_entry)
    folded = scipy.sparse.csr_array(short @ short.T)
    return GramOperator(oriented, folded, _columns(oriented, long, of_entry))


def _columns(oriented: scipy.sparse.csr_array, kept: np.ndarray, of_entry: np.ndarray) -> scipy.sparse.csr_array:
    """Some columns, given by themselves and by the entries in them."""
    numbers = np.int32 if oriented.nnz <= MOST_NARROW else np.int64
    counts = np.concatenate([np.zeros(1, numbers), np.cumsum(of_entry, dtype=numbers)])
    names = np.cumsum(kept, dtype=numbers) - 1
    return scipy.sparse.csr_array(
        (oriented.data[of_entry], names[oriented.indices[of_entry]], counts[oriented.indptr]),
        shape=(oriented.shape[0], int(kept.sum())),
    )


def oriented_channel(process: FiniteProcess) -> tuple[scipy.sparse.csr_array, bool]:
    """B in CSR, (smaller side, larger side), and whether the smaller side are the inputs.

    Where it is the normalized channel of the process itself, nothing is copied.
    """
    table = process.normalized
    sparse = table if is_sparse(table) else scipy.sparse.csr_array(table)
    inputs_fewer = process.n_inputs <= process.n_views
    return sparse if inputs_fewer else scipy.sparse.csr_array(sparse.T), inputs_fewer
