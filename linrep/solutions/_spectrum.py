"""The spectrum of K = Sigma^{-1/2} Sigma_bar Sigma^{-1/2}, with the label seen in its eigenbasis."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import scipy.linalg
import scipy.sparse
import scipy.sparse.csgraph
from jaxtyping import Float

from linrep._checks import InputError, require
from linrep._linalg import (
    canonical_signs,
    rank_tolerance,
    spectral_error,
    sum_error,
    top_eigenpairs,
    whiten,
    whiten_factor,
)
from linrep._types import Matrix, dense
from linrep.moments import Factors, Moments, StructuredMoments


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenpairs of the pencil (Sigma_bar - shift I, Sigma) on the range of Sigma, largest eigenvalue first.

    Attributes:
        values: eigenvalues, (R,), descending; with shift 0 they are kappa_i in [0, 1], exact zeros below the error.
        basis: U = Sigma^{-1/2} V, (D, R), dense or CSC: U.T Sigma U = I, U.T (Sigma_bar - shift I) U = diag(values).
        cross: c_i = u_i . b, the label seen through one view, (R, r); r = 0 without labels.
        means: a_i = c_i / sqrt(kappa_i), the label seen through mean features, (R, r), 0 where kappa_i = 0 (shift 0
        only).
        best_mean: R̄_min, or None where it is not known (no labels, a partial spectrum, or a shift).
        label_sq: E |label|^2, or None without labels.
        error: absolute error of the eigenvalues.
        complete: whether all eigenpairs on the range are here.
        shift: the weight decay rho; 0 for K itself.

    Source: theory I1 to I4, I9.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> lr.solutions.spectrum(lr.moments.population(p, lr.features.OneHot())).values.round(12).tolist()
    [1.0, 0.25]
    """

    values: Float[np.ndarray, " R"]
    basis: Matrix | scipy.sparse.csc_array
    cross: Float[np.ndarray, "R r"]
    means: Float[np.ndarray, "R r"]
    best_mean: float | None
    label_sq: float | None
    error: float
    complete: bool = True
    shift: float = 0.0

    @property
    def rank(self) -> int:
        """R, the rank of Sigma (or the number of eigenpairs computed)."""
        return self.values.shape[0]

    def kappa(self, index: int) -> float:
        """Eigenvalue number `index`, counted from 1; 0 beyond the rank."""
        return float(self.values[index - 1]) if index <= self.rank else 0.0

    def columns(self, count: int) -> Float[np.ndarray, "D count"]:
        """The first `count` columns of the basis, dense."""
        return dense(self.basis[:, :count])


def gram_spectrum(moments: Moments, *, shift: float = 0.0, count: int | None = None) -> Spectrum:
    """The spectrum from the matrices themselves; with `count`, only the largest `count` eigenpairs."""
    order = moments.dim
    sigma_bar = moments.sigma_bar - shift * np.eye(order) if shift else moments.sigma_bar
    reduced = whiten(moments.sigma, sigma_bar)
    rank = reduced.operator.shape[0]
    partial = count is not None and count < rank
    values, vectors = top_eigenpairs(reduced.operator, count if partial and count is not None else rank)
    basis = reduced.lift(vectors[:, ::-1])
    basis = basis * canonical_signs(basis)
    error = spectral_error(order, reduced.condition) * max(1.0, float(np.abs(values).max(initial=0.0)))
    return _finish(values[::-1].copy(), basis, moments, error=error, complete=not partial, shift=shift)


def factor_spectrum(moments: Moments, factors: Factors) -> Spectrum:
    """The spectrum from square roots of the moments: singular values, so small eigenvalues keep their digits."""
    root, condition = whiten_factor(factors.views)
    whitened = factors.means @ root
    rank = root.shape[1]
    left, singular, right = scipy.linalg.svd(whitened, full_matrices=whitened.shape[0] < rank, check_finite=False)
    singular = singular[:rank]
    positive = singular > rank_tolerance(factors.views.shape, condition)
    left, singular = left[:, : singular.size][:, positive], singular[positive]
    values, cross, means = np.zeros(rank), *(np.zeros((rank, factors.targets.shape[1])) for _ in range(2))
    values[: singular.size] = singular**2
    means[: singular.size] = left.T @ factors.targets
    cross[: singular.size] = singular[:, None] * means[: singular.size]
    basis = root @ right.T
    signs = canonical_signs(basis)
    error = spectral_error(max(factors.views.shape), condition)
    labelled = moments.label_sq is not None
    residual = factors.targets - left @ means[: singular.size]
    return Spectrum(
        within_unit_interval(values, error),
        basis * signs,
        cross * signs[:, None],
        means * signs[:, None],
        float(np.sum(residual**2)) if labelled else None,
        moments.label_sq,
        error,
    )


def block_spectrum(
    moments: Moments | StructuredMoments, sigma: Matrix, sigma_bar: Matrix, *, shift: float = 0.0
) -> Spectrum:
    """The spectrum block by block, for moments that fall apart into unconnected groups of features."""
    pattern = scipy.sparse.csr_array(abs(sigma) + abs(sigma_bar))
    n_blocks, names = scipy.sparse.csgraph.connected_components(pattern, directed=False)
    order = np.argsort(names, kind="stable")
    sizes = np.bincount(names, minlength=n_blocks)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    singles = order[starts[:-1][sizes == 1]]
    pieces = [_single_features(singles, sigma, sigma_bar, shift)]
    for block in np.flatnonzero(sizes > 1):
        pieces.append(_one_block(order[starts[block] : starts[block + 1]], sigma, sigma_bar, shift))
    values = np.concatenate([p.values for p in pieces])
    rows, columns, entries = (np.concatenate(part) for part in zip(*(p[1:4] for p in pieces), strict=True))
    offsets = np.repeat(np.cumsum([0, *(p.values.size for p in pieces[:-1])]), [p.columns.size for p in pieces])
    shape = (moments.dim, values.size)
    basis = scipy.sparse.csc_array((entries, (rows, columns + offsets)), shape=shape)
    first = np.asarray(abs(basis).argmax(axis=0)).ravel()
    ranking = np.lexsort((first, -values))
    error = max(p.error for p in pieces)
    return _finish(values[ranking], basis[:, ranking], moments, error=error, complete=True, shift=shift)


class _Piece(NamedTuple):
    """Eigenpairs of some blocks: values, the basis as (row, column, entry) triples, the error of the values."""

    values: np.ndarray
    rows: np.ndarray
    columns: np.ndarray
    entries: np.ndarray
    error: float


def _single_features(index: np.ndarray, sigma: Matrix, sigma_bar: Matrix, shift: float) -> _Piece:
    variance, covariance = sigma.diagonal()[index], sigma_bar.diagonal()[index]
    kept = variance > 0
    index, variance, covariance = index[kept], variance[kept], covariance[kept]
    column = np.arange(index.size)
    # One division of two numbers that were each rounded once: three roundings.
    return _Piece((covariance - shift) / variance, index, column, 1.0 / np.sqrt(variance), sum_error(1, 1.0))


def _one_block(index: np.ndarray, sigma: Matrix, sigma_bar: Matrix, shift: float) -> _Piece:
    small, small_bar = (scipy.sparse.csr_array(m)[index][:, index].toarray() for m in (sigma, sigma_bar))
    part = gram_spectrum(Moments(small, small_bar, None, None, np.zeros(index.size), None), shift=shift)
    rows, columns = np.broadcast_arrays(index[:, None], np.arange(part.rank))
    return _Piece(part.values, rows.ravel(), columns.ravel(), np.asarray(part.basis).ravel(), part.error)


def _finish(
    values: np.ndarray,
    basis: Matrix,
    moments: Moments | StructuredMoments,
    *,
    error: float,
    complete: bool,
    shift: float,
) -> Spectrum:
    """Check the range of the eigenvalues and express the label in the eigenbasis."""
    values = values if shift else within_unit_interval(values, error)
    raw = np.zeros((moments.dim, 0)) if moments.cross is None else moments.cross.reshape(moments.dim, -1)
    cross = np.asarray(basis.T @ raw)
    positive = values > error
    means = np.zeros_like(cross)
    means[positive] = cross[positive] / np.sqrt(values[positive])[:, None]
    found = Spectrum(values, basis, cross, means, None, moments.label_sq, error, complete, shift)
    if shift or not complete or moments.label_sq is None:
        return found
    return replace(found, best_mean=_best_mean(moments.label_sq, means, error))


def _best_mean(label_sq: float, means: np.ndarray, error: float) -> float:
    """E label^2 - sum a_i^2, refused where it is negative beyond its error.

    a_i = c_i / sqrt(kappa_i) with kappa_i > error carries an error of at most sqrt(error) relative to the label.
    """
    risk = label_sq - float(np.sum(means**2))
    allowed = 4 * means.shape[0] * np.sqrt(error) * label_sq
    require(
        risk >= -allowed,
        f"Moments: the features explain {label_sq - risk:.17g} of E label^2 = {label_sq:.17g}, but no more than all of "
        "it is possible; "
        "compute `cross` and `label_sq` from the same labels.",
    )
    return max(risk, 0.0)


def within_unit_interval(values: np.ndarray, error: float) -> np.ndarray:
    """The eigenvalues in [0, 1]; those outside by no more than their error are moved to the end they missed."""
    if values.size and not (values.min() >= -error and values.max() <= 1 + error):
        worst = values.min() if values.min() < -error else values.max()
        raise InputError(
            f"Moments: K has the eigenvalue {float(worst)!r}, but a process gives eigenvalues between 0 and 1 (within "
            f"{error:.1e}); "
            "check that 0 <= sigma_bar <= sigma, or use sample moments as such."
        )
    clipped = np.clip(values, 0.0, 1.0)
    return np.where(clipped <= error, 0.0, clipped)
