"""The Gram operator of the smaller side of a sparse normalized channel, one pass over its entries a product."""

import functools
import importlib
import importlib.util
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.sparse

from linrep._types import is_sparse
from linrep.processes import FiniteProcess

CHUNK_BYTES = 2**18
"""Size of an intermediate product that stays in the second-level cache."""


@dataclass(frozen=True, eq=False)
class GramOperator:
    """x -> B B.T x, where B is M (inputs are fewer) or M.T (views are fewer), without forming B B.T.

    Attributes:
        diagonal: (rows,) what columns of B with a single entry add: they are eliminated exactly.
        table: the other columns of B, as rows in CSR, ordered by their first entry so that gathers are local.
        kernel: the fused product.
        fused: whether the kernel is compiled (numba), else SciPy in chunks.
    """

    diagonal: np.ndarray
    table: scipy.sparse.csr_array
    kernel: Callable[[scipy.sparse.csr_array, np.ndarray, np.ndarray], None]
    fused: bool

    @functools.cached_property
    def _transposed(self) -> scipy.sparse.csc_array:
        return self.table.T

    @property
    def order(self) -> int:
        """Number of rows."""
        return self.diagonal.shape[0]

    def __call__(self, block: np.ndarray) -> np.ndarray:
        """The product with a vector, (rows,), or a block, (rows, b)."""
        if block.ndim == 1:  # an intermediate vector stays in cache anyway
            return self.diagonal * block + self._transposed @ (self.table @ block)
        block = np.ascontiguousarray(block)
        out = self.diagonal[:, None] * block
        self.kernel(self.table, block, out)
        return out


def gram_operator(oriented: scipy.sparse.csr_array) -> GramOperator:
    """The operator from B.T in CSR, (larger side, smaller side)."""
    degrees = np.diff(oriented.indptr)
    diagonal = np.zeros(oriented.shape[1])
    single = oriented.indptr[:-1][degrees == 1]
    np.add.at(diagonal, oriented.indices[single], oriented.data[single] ** 2)
    kept = np.flatnonzero(degrees > 1)
    first = oriented.indices[oriented.indptr[:-1][kept]]
    kernel = compiled_kernel()
    table = oriented[kept[np.argsort(first, kind="stable")]]
    return GramOperator(diagonal, table, kernel or chunked, kernel is not None)


def oriented_channel(process: FiniteProcess) -> tuple[scipy.sparse.csr_array, bool]:
    """B.T in CSR with sorted indices, (larger side, smaller side), and whether the smaller side are the inputs."""
    table = process.normalized
    sparse = scipy.sparse.csr_array(table) if not is_sparse(table) else table
    inputs_fewer = process.n_inputs <= process.n_views
    oriented = scipy.sparse.csr_array(sparse.T) if inputs_fewer else sparse
    oriented.sort_indices()
    return oriented, inputs_fewer


def chunked(table: scipy.sparse.csr_array, block: np.ndarray, out: np.ndarray) -> None:
    """out += table.T (table block), a few rows of the table at a time: the intermediate product stays in cache."""
    rows = max(CHUNK_BYTES // (8 * block.shape[1]), 256)
    for start in range(0, table.shape[0], rows):
        stop = min(start + rows, table.shape[0])
        low, high = table.indptr[start], table.indptr[stop]
        parts = (table.data[low:high], table.indices[low:high], table.indptr[start : stop + 1] - low)
        piece = scipy.sparse.csr_array(parts, shape=(stop - start, table.shape[1]))
        out += piece.T @ (piece @ block)


def compiled_kernel() -> Callable[[scipy.sparse.csr_array, np.ndarray, np.ndarray], None] | None:
    """The fused product compiled by numba (extra `sparse`), or None where numba is not installed."""
    if importlib.util.find_spec("numba") is None:
        return None

    def product(table: scipy.sparse.csr_array, block: np.ndarray, out: np.ndarray) -> None:
        _compiled(block.shape[1])(table.indptr, table.indices, table.data, block, out)

    return product


@functools.cache
def _compiled(width: int) -> Callable[..., None]:
    """The kernel for one number of columns: with the number known, the compiler keeps the sums in vector registers."""
    numba = importlib.import_module("numba")

    def fused(indptr: np.ndarray, indices: np.ndarray, data: np.ndarray, x: np.ndarray, y: np.ndarray) -> None:
        total = np.empty(width)
        for row in range(indptr.size - 1):
            for column in range(width):
                total[column] = 0.0
            for place in range(indptr[row], indptr[row + 1]):
                for column in range(width):
                    total[column] += data[place] * x[indices[place], column]
            for place in range(indptr[row], indptr[row + 1]):
                for column in range(width):
                    y[indices[place], column] += data[place] * total[column]

    return numba.njit(fused, nogil=True, cache=True)
