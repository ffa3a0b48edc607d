"""Compressions of K to the complement of a few directions: the spectrum left to representations blind to a label."""

from typing import NamedTuple

import numpy as np
import scipy.linalg
from jaxtyping import Float

from linrep._checks import InputError, require
from linrep._linalg import orthonormal_columns, spectral_error, top_eigenpairs
from linrep.moments._types import AnyMoments
from linrep.solutions._spectrum import Spectrum, within_unit_interval

LARGEST_ACTIVE = 4096
"""Most eigenvectors that may have a part along the removed directions: the dense problem has that order."""


class Compression(NamedTuple):
    """Top eigenpairs of K restricted to the complement of some directions.

    `values` are the largest eigenvalues, descending, (count,), padded with zeros; `vectors` are their coordinates in
    the
    eigenbasis of K, (R, count), zero columns for padding; `removed` is the number of independent directions.
    """

    values: np.ndarray
    vectors: np.ndarray
    removed: int


def label_directions(found: Spectrum, moments: AnyMoments, *, intercept: bool = True) -> Float[np.ndarray, "R q"]:
    """An orthonormal basis of the span of c_0 = Sigma^{-1/2} E[phi (label - E label)], in the eigenbasis of K.

    With intercept=False the span of the raw c. A cross moment below its own rounding error counts as zero.
    """
    if moments.label_mean is None or moments.label_sq is None:
        raise InputError(
            "transfer: the moments were computed without labels, but a threshold is about a label; pass `labels` to "
            "moments.population."
        )
    directions = found.cross
    if intercept:
        mean = np.asarray(found.basis.T @ np.asarray(moments.mean, dtype=np.float64))
        directions = directions - np.outer(mean, np.atleast_1d(np.asarray(moments.label_mean, dtype=np.float64)))
    # Entries are sums of products of whitened features and labels: their error is the whitening's, in units of the
    # label.
    rounding = found.error * float(np.sqrt(float(moments.label_sq)))
    active = np.flatnonzero(np.linalg.norm(directions, axis=1) > rounding)
    basis = np.zeros((found.rank, min(active.size, directions.shape[1])))
    inner = orthonormal_columns(directions[active], tolerance=rounding)
    basis[active, : inner.shape[1]] = inner
    return basis[:, : inner.shape[1]]


def compress(found: Spectrum, normals: Float[np.ndarray, "R q"], count: int) -> Compression:
    """The `count` largest eigenpairs of K on the complement of the orthonormal columns `normals`.

    Eigenvectors without a part along them stay as they are; the others are compressed densely.
    """
    active, complement, inside = _active_block(found, normals)
    inner, rotation = top_eigenpairs(inside, count)
    inner, turned = _checked(found, inner, active.size), complement @ rotation
    passive = np.setdiff1d(np.arange(found.rank), active)
    values = np.concatenate([inner, found.values[passive]])
    order = np.argsort(-values, kind="stable")[:count]
    vectors = np.zeros((found.rank, count))
    for column, source in enumerate(order):
        if source < inner.size:
            vectors[active, column] = turned[:, source]
        else:
            vectors[passive[source - inner.size], column] = 1.0
    head = np.zeros(count)
    head[: order.size] = values[order]
    return Compression(head, vectors, normals.shape[1])


def compressed_values(found: Spectrum, normals: Float[np.ndarray, "R q"]) -> Float[np.ndarray, " R_minus_q"]:
    """All eigenvalues of K on the complement of `normals`, descending, without their vectors."""
    active, _, inside = _active_block(found, normals)
    inner = _checked(found, scipy.linalg.eigvalsh(inside), active.size)
    passive = np.setdiff1d(np.arange(found.rank), active)
    return np.sort(np.concatenate([inner, found.values[passive]]))[::-1]


def _active_block(found: Spectrum, normals: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions with a part along the normals, a basis of the complement among them, and K compressed to it."""
    active = np.flatnonzero(np.any(normals != 0, axis=1))
    require(
        active.size <= LARGEST_ACTIVE,
        f"transfer: the label has a part in {active.size} eigenvectors, but at most {LARGEST_ACTIVE} are compressed "
        "densely; use fewer features or a label with fewer coefficients.",
    )
    if not active.size:
        return active, np.zeros((0, 0)), np.zeros((0, 0))
    # Householder reflections take the normals to the first coordinates; the other columns span their complement.
    complement = scipy.linalg.qr(normals[active], check_finite=False)[0][:, normals.shape[1] :]
    return active, complement, (complement.T * found.values[active]) @ complement


def _checked(found: Spectrum, inner: np.ndarray, order: int) -> np.ndarray:
    # A second diagonalisation, of an operator of norm at most 1 in an orthonormal basis.
    return within_unit_interval(inner, found.error + spectral_error(order, 1.0))
