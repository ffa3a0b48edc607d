"""A sparse process taken apart: eigenvalue 1 from its components, small components densely, the large ones together."""

from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse

from linrep._linalg import spectral_error
from linrep.processes import FiniteProcess
from linrep.solutions._gram_operator import gram_operator, oriented_channel
from linrep.solutions._recheck import Leading, Progress, Task, leading_pairs

SMALL = 256
"""Components of at most this many rows on the smaller side are decomposed densely."""


@dataclass(frozen=True, eq=False)
class Parts:
    """A process on its smaller side.

    Attributes:
        oriented: B in CSR, (smaller side, larger side), with rows and columns sorted by component.
        inputs_fewer: whether the smaller side are the inputs.
        order: (smaller side,) the original number of each sorted row.
        starts, far_starts: first row of each component on the smaller and on the larger side, with the ends added.
        roots: (smaller side,) square roots of the probabilities, sorted.
    """

    oriented: scipy.sparse.csr_array
    inputs_fewer: bool
    order: np.ndarray
    starts: np.ndarray
    far_starts: np.ndarray
    roots: np.ndarray

    @property
    def count(self) -> int:
        """Number of components."""
        return self.starts.size - 1

    def constants(self, components: np.ndarray) -> scipy.sparse.csr_array:
        """The eigenvectors at 1 of some components, orthonormal, sparse (smaller side, components)."""
        sizes = np.diff(self.starts)[components]
        rows = rows_of(self.starts, components)
        columns = np.repeat(np.arange(components.size), sizes)
        table = scipy.sparse.coo_array((self.roots[rows], (rows, columns)), shape=(self.order.size, components.size))
        norms = np.sqrt(np.asarray(table.multiply(table).sum(axis=0)).ravel())
        return scipy.sparse.csr_array(scipy.sparse.csr_array(table) @ scipy.sparse.diags_array(1 / norms))


def rows_of(starts: np.ndarray, components: np.ndarray) -> np.ndarray:
    """The sorted rows of some components, given in increasing order."""
    sizes = np.diff(starts)
    chosen = np.zeros(sizes.size, dtype=bool)
    chosen[components] = True
    return np.flatnonzero(np.repeat(chosen, sizes))


def parts_of(process: FiniteProcess) -> Parts:
    """Sort the inputs and views of a process by component."""
    oriented, inputs_fewer = oriented_channel(process)
    near, far = process.components if inputs_fewer else process.components[::-1]
    count = process.n_components
    order = np.argsort(near, kind="stable") if count > 1 else np.arange(near.size)
    if count > 1:
        places = np.empty(far.size, oriented.indices.dtype)
        places[np.argsort(far, kind="stable")] = np.arange(far.size, dtype=places.dtype)
        oriented = oriented[order]
        oriented = scipy.sparse.csr_array((oriented.data, places[oriented.indices], oriented.indptr), oriented.shape)
    starts, far_starts = (np.concatenate([[0], np.cumsum(np.bincount(n, minlength=count))]) for n in (near, far))
    weights = process.prior if inputs_fewer else process.marginal
    return Parts(oriented, inputs_fewer, order, starts, far_starts, np.sqrt(weights[order]))


@dataclass(frozen=True, eq=False)
class Pairs:
    """Eigenpairs below 1: values, the sorted rows where each vector lives, its entries, its residual."""

    values: list[float]
    places: list[slice]
    vectors: list[np.ndarray]
    residuals: list[float]


def small_pairs(parts: Parts, count: int) -> Pairs:
    """The eigenpairs below 1 of the small components, at most `count` of each."""
    found = Pairs([], [], [], [])
    sizes, far_sizes = np.diff(parts.starts), np.diff(parts.far_starts)
    for part in np.flatnonzero((np.minimum(sizes, far_sizes) > 1) & (sizes <= SMALL)):
        rows, far = slice(*parts.starts[part : part + 2]), slice(*parts.far_starts[part : part + 2])
        block = parts.oriented[rows][:, far].toarray()
        root = parts.roots[rows] / np.linalg.norm(parts.roots[rows])
        values, vectors = scipy.linalg.eigh(block @ block.T - np.outer(root, root), check_finite=False)
        error = spectral_error(block.shape[0], 1.0)
        for column in range(1, min(count, values.size - 1) + 1):
            if values[-column] > error:
                found.values.append(float(values[-column]))
                found.places.append(rows)
                found.vectors.append(vectors[:, -column])
                found.residuals.append(error)
    return found


def large_pairs(parts: Parts, count: int, tolerance: float, progress: Progress) -> tuple[np.ndarray, Leading | None]:
    """The leading eigenpairs below 1 of the large components together, and the rows where they live."""
    large = np.flatnonzero(np.diff(parts.starts) > SMALL)
    if not large.size:
        return np.zeros(0, dtype=np.int64), None
    rows = rows_of(parts.starts, large)
    whole = rows.size == parts.order.size
    oriented = parts.oriented if whole else parts.oriented[rows][:, rows_of(parts.far_starts, large)]
    known = parts.constants(large)[rows]
    count = min(count, rows.size - large.size - 1)
    task = Task(gram_operator(oriented), scipy.sparse.csr_array(known), count, tolerance, progress)
    return rows, leading_pairs(task)
