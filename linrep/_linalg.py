"""Dense linear algebra on small factors, with every float tolerance of the library derived in this one module."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import scipy.linalg
import scipy.linalg.lapack

EPS = float(np.finfo(np.float64).eps)

# Backward errors of LAPACK's orthogonal factorisations are p(n) eps ||A|| with p a low-degree polynomial whose observed
# value stays below 10 n (LAPACK Users' Guide, section 4.7); the same factor is used for every dense routine below.
BACKWARD = 10.0


def rank_tolerance(shape: tuple[int, ...], largest: float) -> float:
    """Singular values at or below this are zero to working precision: 10 max(m, n) eps sigma_1 (the backward error)."""
    return BACKWARD * max(shape, default=1) * EPS * largest


def gram_rank_tolerance(order: int, largest: float) -> float:
    """Eigenvalues of a computed Gram matrix at or below this are zero: forming it costs 10 n eps, decomposing it 10 n
    eps."""
    return 2 * BACKWARD * order * EPS * largest


def spectral_error(order: int, condition: float) -> float:
    """Absolute error of the eigenvalues of K in [0, 1] after whitening by a factor of condition number `condition`.

    The whitened directions carry a relative error 10 n eps cond; K is quadratic in them (factor 2) and is then
    diagonalised with backward error 10 n eps. Both are covered by 40 n eps cond.
    """
    return 4 * BACKWARD * max(order, 1) * EPS * condition


def sum_error(terms: int, magnitude: float) -> float:
    """Error of a sum of `terms` products whose absolute values sum to at most `magnitude`: (n + 2) eps magnitude."""
    return (terms + 2) * EPS * magnitude


def product_error(factors: int) -> float:
    """Error of a product of `factors` numbers in [0, 1], each rounded once: a rounding of each and of each product, and
    as much again for higher order, 2 (factors + 1) eps / 2."""
    return (factors + 1) * EPS


class Whitened(NamedTuple):
    """A pencil (sigma_bar, sigma) reduced to one symmetric matrix on the range of sigma.

    `operator` is S.T sigma_bar S, (R, R), read from its lower triangle, for some S, (D, R), with S.T sigma S = I;
    `lift(V)` is S V; `condition` is the condition number of sigma after scaling its diagonal to one.
    """

    operator: np.ndarray
    lift: Callable[[np.ndarray], np.ndarray]
    condition: float


def whiten(sigma: np.ndarray, sigma_bar: np.ndarray) -> Whitened:
    """Reduce the pencil: by Cholesky where sigma is safely regular, else by its eigenvectors on the range.

    The diagonal of sigma is scaled to one first, so that features of very different size are no rank deficiency.
    """
    scale = _inverse_sqrt(np.diag(sigma))
    scaled, target = sigma * scale[:, None] * scale, sigma_bar * scale[:, None] * scale
    return _whiten_regular(scaled, target, scale) or _whiten_range(scaled, target, scale)


def _whiten_regular(scaled: np.ndarray, target: np.ndarray, scale: np.ndarray) -> Whitened | None:
    order = scaled.shape[0]
    if not order:
        return None
    norm = float(np.abs(scaled).sum(axis=0).max())
    # A symmetric matrix is its own transpose, and the transpose is in LAPACK's order: no copies.
    factor, info = scipy.linalg.lapack.dpotrf(scaled.T, lower=1, clean=0)
    if info != 0:
        return None
    reciprocal, _ = scipy.linalg.lapack.dpocon(factor, norm, uplo="L")
    # The estimate is of the 1-norm condition, within a factor n of the 2-norm one; below this the rank is in doubt.
    if reciprocal <= order * gram_rank_tolerance(order, 1.0):
        return None
    operator, _ = scipy.linalg.lapack.dsygst(target.T, factor, lower=1, overwrite_a=1)

    def lift(vectors: np.ndarray) -> np.ndarray:
        return scale[:, None] * scipy.linalg.solve_triangular(factor, vectors, lower=True, trans=1, check_finite=False)

    return Whitened(operator, lift, 1.0 / reciprocal)


def _whiten_range(scaled: np.ndarray, target: np.ndarray, scale: np.ndarray) -> Whitened:
    values, vectors = scipy.linalg.eigh(scaled, check_finite=False, driver="evd")
    kept = values > gram_rank_tolerance(scaled.shape[0], float(values[-1]))
    root = scale[:, None] * vectors[:, kept] / np.sqrt(values[kept])
    root = _into_range(root, (scaled @ (root / scale[:, None])) / scale[:, None])
    condition = float(values[kept][-1] / values[kept][0]) if kept.any() else 1.0
    inner = root / scale[:, None]
    return Whitened(inner.T @ target @ inner, lambda v: root @ v, condition)


def _into_range(root: np.ndarray, image: np.ndarray) -> np.ndarray:
    """The columns of `root` projected on the range of sigma, spanned by `image` = sigma root: the shortest
    whitening."""
    if root.shape[1] in (0, root.shape[0]):
        return root
    basis, _ = scipy.linalg.qr(image, mode="economic", check_finite=False)
    return basis @ (basis.T @ root)


def whiten_factor(factor: np.ndarray) -> tuple[np.ndarray, float]:
    """For sigma = factor.T factor, factor (n, D): S, (D, R), with S.T sigma S = I, and the condition number of the
    factor."""
    scale = _inverse_sqrt(np.einsum("ij,ij->j", factor, factor))
    _, values, right = scipy.linalg.svd(factor * scale, full_matrices=False, check_finite=False)
    kept = values > rank_tolerance(factor.shape, float(values[0]) if values.size else 0.0)
    values, right = values[kept], right[kept]
    condition = float(values[0] / values[-1]) if values.size else 1.0
    root = scale[:, None] * right.T / values
    return _into_range(root, factor.T @ (factor @ root)), condition


def _inverse_sqrt(diagonal: np.ndarray) -> np.ndarray:
    """1 / sqrt of the positive entries, 1 where a feature vanishes (it drops out with its zero eigenvalue)."""
    return 1.0 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))


def orthonormal_columns(matrix: np.ndarray, *, tolerance: float = 0.0) -> np.ndarray:
    """An orthonormal basis of the column space, (rows, rank), by SVD.

    Singular values at or below the derived rank tolerance, or the given absolute one, count as zero.
    """
    if not matrix.size:
        return np.zeros((matrix.shape[0], 0))
    left, values, _ = scipy.linalg.svd(matrix, full_matrices=False, check_finite=False)
    return left[:, values > max(rank_tolerance(matrix.shape, float(values[0])), tolerance)]


def top_eigenpairs(matrix: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """The `count` largest eigenvalues of a symmetric matrix, ascending, and orthonormal vectors.

    Asked for a few members of a multiple eigenvalue, LAPACK's subset routines may return fewer, or none, or vectors
    that are less orthogonal: all are computed then, by divide and conquer.
    """
    order = matrix.shape[0]
    if not order or not count:
        return np.zeros(0), np.zeros((order, 0))
    if count < order:
        values, vectors = scipy.linalg.eigh(matrix, subset_by_index=[order - count, order - 1], check_finite=False)
        if values.size == count and _orthonormal(vectors):
            return values, vectors
    values, vectors = scipy.linalg.eigh(matrix, driver="evd", check_finite=False)
    return values[order - min(count, order) :], vectors[:, order - min(count, order) :]


def _orthonormal(vectors: np.ndarray) -> bool:
    """Whether the columns are orthonormal to the accuracy of a backward stable eigensolver."""
    defect = vectors.T @ vectors - np.eye(vectors.shape[1])
    return bool(np.linalg.norm(defect) <= BACKWARD * vectors.shape[0] * EPS)


def canonical_signs(vectors: np.ndarray) -> np.ndarray:
    """Signs, one a column, that make the entry of largest modulus positive (the first one, up to rounding, in a
    tie)."""
    if not vectors.size:
        return np.ones(vectors.shape[1])
    size = np.abs(vectors)
    near_largest = size >= size.max(axis=0) * (1 - np.sqrt(EPS))
    leading = vectors[near_largest.argmax(axis=0), np.arange(vectors.shape[1])]
    return np.where(leading < 0, -1.0, 1.0)
