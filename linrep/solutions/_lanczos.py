"""Block Lanczos with full reorthogonalisation and thick restarts, for the largest eigenvalues of a Gram operator."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import scipy.linalg

from linrep._linalg import BACKWARD, EPS

SUSPICIOUS = np.sqrt(EPS)
"""A column that shrank by more than this in orthogonalisation is orthogonalised again."""

Operator = Callable[[np.ndarray], np.ndarray]


@dataclass(eq=False)
class Krylov:
    """An orthonormal basis, the operator projected on it, and the block that comes next.

    Attributes:
        basis: (order, capacity), columns contiguous; the first `size` are in use.
        projected: (capacity, capacity), basis.T G basis.
        size: columns in use whose images are known.
        coupling: (b, b) R of the last step: the residual of a Ritz pair is |R times its last b coordinates|.
        base: residuals that the first columns brought along, (columns,).
    """

    basis: np.ndarray
    projected: np.ndarray
    size: int
    width: int
    coupling: np.ndarray
    base: np.ndarray
    products: int = 0

    def ritz(self) -> tuple[np.ndarray, np.ndarray]:
        """Ritz values, descending, and their coordinates in the basis."""
        values, vectors = scipy.linalg.eigh(self.projected[: self.size, : self.size], check_finite=False, driver="evd")
        return values[::-1], vectors[:, ::-1]

    def residuals(self, vectors: np.ndarray) -> np.ndarray:
        """Norms of G x - theta x of Ritz vectors, from the coupling and from what locked columns brought along."""
        fresh = np.linalg.norm(self.coupling @ vectors[self.size - self.width : self.size], axis=0)
        return fresh + np.abs(vectors[: self.base.size]).T @ self.base


def started(order: int, capacity: int, block: np.ndarray, locked: tuple[np.ndarray, np.ndarray, np.ndarray]) -> Krylov:
    """A basis of locked Ritz vectors (vectors, values, residuals) and a first block, orthogonalised against them."""
    vectors, values, residuals = locked
    width, kept = block.shape[1], values.size
    basis = np.zeros((order, capacity + width), order="F")
    projected = np.zeros((capacity + width, capacity + width))
    basis[:, :kept] = vectors
    projected[:kept, :kept] = np.diag(values)
    fresh, _, _ = orthonormalised(basis[:, :kept], block)
    basis[:, kept : kept + width] = fresh
    return Krylov(basis, projected, kept, width, np.zeros((width, width)), residuals)


def advance(state: Krylov, operator: Operator) -> None:
    """One block step: apply the operator to the block that comes next, orthogonalise, and keep the coefficients."""
    start, stop = state.size, state.size + state.width
    image = np.asfortranarray(operator(state.basis[:, start:stop]))
    fresh, coefficients, coupling = orthonormalised(state.basis[:, :stop], image)
    state.projected[:stop, start:stop] = coefficients
    state.projected[start:stop, :stop] = coefficients.T
    inner = state.projected[start:stop, start:stop]
    state.projected[start:stop, start:stop] = (inner + inner.T) / 2
    state.size, state.coupling = stop, coupling
    state.products += state.width
    if stop + state.width <= state.basis.shape[1]:
        state.basis[:, stop : stop + state.width] = fresh
    else:
        state.basis = np.asfortranarray(np.concatenate([state.basis[:, :stop], fresh], axis=1))


def restart(state: Krylov, keep: int) -> None:
    """Thick restart: keep the leading Ritz vectors and the block that comes next."""
    values, vectors = state.ritz()
    brought = np.abs(vectors[: state.base.size, :keep]).T @ state.base
    following = state.basis[:, state.size : state.size + state.width].copy()
    for rows in _row_blocks(state.basis.shape[0]):  # in place, a slice of rows at a time
        state.basis[rows, :keep] = state.basis[rows, : state.size] @ vectors[:, :keep]
    state.basis[:, keep : keep + state.width] = following
    state.projected[:] = 0.0
    state.projected[:keep, :keep] = np.diag(values[:keep])
    state.size, state.base = keep, brought


def orthonormalised(basis: np.ndarray, block: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(fresh, coefficients, coupling): block = basis coefficients + fresh coupling, with [basis, fresh] orthonormal.

    Two passes of block Gram-Schmidt. Directions that the basis already holds are replaced by others, from a fixed seed.
    """
    scale = max(float(np.abs(block).max(initial=0.0)), np.finfo(float).tiny)
    coefficients = basis.T @ block
    fresh = block - basis @ coefficients
    again = basis.T @ fresh
    fresh -= basis @ again
    coefficients += again
    rest, (fresh, coupling) = fresh, _factored(fresh)
    if np.abs(np.diag(coupling)).min(initial=scale) >= SUSPICIOUS * scale:
        return fresh, coefficients, coupling
    # Dependent columns lost their orthogonality in the division: take the directions in order of size, fill up what is
    # no direction at all, orthogonalise again, and measure the coupling.
    fresh, sizes, _ = scipy.linalg.svd(rest, full_matrices=False, check_finite=False)
    lost = sizes <= BACKWARD * np.sqrt(block.shape[0]) * EPS * scale
    fresh[:, lost] = np.random.default_rng(basis.shape[1]).standard_normal((block.shape[0], int(lost.sum())))
    for _ in range(2):
        fresh = _factored(fresh - basis @ (basis.T @ fresh))[0]
    return fresh, coefficients, fresh.T @ rest


def _factored(block: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Q and R, with a positive diagonal of R so that a second pass changes R by rounding only."""
    if block.shape[1] == 1:
        size = np.linalg.norm(block)
        return block / (size if size > 0 else 1.0), np.array([[size]])
    q, r = scipy.linalg.qr(block, mode="economic", check_finite=False)
    signs = np.where(np.diag(r) < 0, -1.0, 1.0)
    return q * signs, r * signs[:, None]


def take_away(block: np.ndarray, basis: np.ndarray, coefficients: np.ndarray) -> None:
    """block -= basis coefficients, in place, a slice of rows at a time."""
    for rows in _row_blocks(block.shape[0], max(2**15 // max(block.shape[1], 1), 1)):
        block[rows] -= basis[rows] @ coefficients


def _row_blocks(rows: int, size: int = 4096) -> Iterator[slice]:
    return (slice(start, min(start + size, rows)) for start in range(0, rows, size))


def iterate(
    state: Krylov, operator: Operator, count: int, tolerance: float, budget: int
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Steps and restarts until the `count` leading Ritz pairs have residuals within `tolerance`, or `budget` products.

    Yields (values, coordinates, residuals) of the leading pairs at each look.
    """
    capacity = state.basis.shape[1] - state.width
    while True:
        advance(state, operator)
        full = state.size + state.width > capacity
        # A look at the Ritz pairs costs as much as some products: one for each quarter of the basis.
        look = state.products // state.width % max(2, capacity // (4 * state.width)) == 0
        if state.size < count or not (full or look):
            if full:
                restart(state, min(state.size - state.width, capacity // 2))
            continue
        values, vectors = state.ritz()
        residuals = state.residuals(vectors[:, :count])
        yield values[:count], vectors[:, :count], residuals
        if residuals.max(initial=0.0) <= tolerance or state.products >= budget:
            return
        if full:
            restart(state, min(count + (capacity - count) // 3, state.size - state.width))
