"""The moments of a process seen through a feature map: all that the theory needs."""

import functools
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any, TypeVar

import numpy as np
import scipy.sparse
from jaxtyping import Float

from linrep._checks import InputError, finite_array, require
from linrep._types import Matrix

LARGEST_DENSE = 16384
"""Largest D for which a structured (D, D) moment is written out densely: two gigabytes."""

Record = TypeVar("Record")


def read_only(record: Any) -> None:
    """Replace the arrays of a frozen record by views that refuse to be written to."""
    for place in fields(record):
        value = getattr(record, place.name)
        if isinstance(value, np.ndarray):
            view = value.view()
            view.setflags(write=False)
            object.__setattr__(record, place.name, view)


def finite_or_refused(moments: Record, owner: str) -> Record:
    """The moments, if none of them is beyond float64; `moments` has the fields of `Moments`."""
    given: Any = moments
    require(
        np.isfinite(given.sigma).all() and np.isfinite(given.sigma_bar).all(),
        f"{owner}: the second moments of the features overflow float64; rescale the views.",
    )
    require(
        given.label_sq is None or (np.isfinite(given.label_sq) and np.isfinite(given.cross).all()),
        f"{owner}: the second moments of the labels overflow float64; rescale the labels.",
    )
    return moments


@dataclass(frozen=True, eq=False)
class Factors:
    """Square roots of the moments: sigma = views.T views, sigma_bar = means.T means, cross = means.T targets.

    Attributes:
        views: diag(sqrt p) Phi, (n, D).
        means: diag(sqrt p_bar) A Phi, (n_bar, D).
        targets: diag(sqrt p_bar) labels, (n_bar, r); r = 0 without labels.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1], [[1, 1]], views=[-1, 1])
    >>> lr.moments.population(p, lr.features.Affine()).factors.means.tolist()
    [[1.0, 0.0]]
    """

    views: np.ndarray
    means: np.ndarray
    targets: np.ndarray

    def __post_init__(self) -> None:
        read_only(self)


@dataclass(frozen=True, eq=False)
class Moments:
    """Second moments of features, views and labels.

    Attributes:
        sigma: Sigma = E[phi phi^T], (D, D), positive semidefinite.
        sigma_bar: Sigma_bar = E[phi(x) phi(x+)^T], (D, D), between 0 and Sigma.
        cross: b = E[phi(x) label], (D,) or (D, r); None without labels.
        label_sq: E |label|^2; None without labels.
        mean: E phi, (D,).
        label_mean: E label, a float or (r,); None without labels.
        factors: square roots from which the moments were formed, where there are any: they give the spectrum to full
            relative accuracy.

    Source: the notation of Saunshi et al. (2022), section 4.3.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1, 1, 1], np.eye(4, dtype=int), views=[-1, 1, 1, -1])
    >>> m = lr.moments.population(p, lr.features.Linear(), [-1, 1, 1, -1])
    >>> m.sigma.tolist(), m.sigma_bar.tolist(), m.cross.tolist(), m.label_sq
    ([[1.0]], [[1.0]], [1.0], 1.0)
    """

    sigma: Float[np.ndarray, "D D"]
    sigma_bar: Float[np.ndarray, "D D"]
    cross: np.ndarray | None
    label_sq: float | None
    mean: Float[np.ndarray, " D"]
    label_mean: float | np.ndarray | None
    factors: Factors | None = None

    def __post_init__(self) -> None:
        read_only(self)

    @property
    def dim(self) -> int:
        """D, the number of features."""
        return self.sigma.shape[0]


@dataclass(frozen=True, eq=False)
class StructuredMoments:
    """Moments whose matrices are sparse (block-diagonal after a permutation), for closed forms with very many features.

    `sigma_sparse` and `sigma_bar_sparse` are (D, D) CSR; `sigma` and `sigma_bar` write them out where D is small
    enough. The other fields are those of `Moments`.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> lr.moments.population(p, lr.features.Polynomial(degree=3)).dim
    20876
    """

    sigma_sparse: scipy.sparse.csr_array
    sigma_bar_sparse: scipy.sparse.csr_array
    cross: np.ndarray | None
    label_sq: float | None
    mean: np.ndarray
    label_mean: float | np.ndarray | None

    def __post_init__(self) -> None:
        read_only(self)

    @property
    def dim(self) -> int:
        """D, the number of features."""
        return self.sigma_sparse.shape[0]

    @functools.cached_property
    def sigma(self) -> Float[np.ndarray, "D D"]:
        """Sigma, dense (D, D)."""
        return _dense(self.sigma_sparse)

    @functools.cached_property
    def sigma_bar(self) -> Float[np.ndarray, "D D"]:
        """Sigma_bar, dense (D, D)."""
        return _dense(self.sigma_bar_sparse)


@dataclass(frozen=True, eq=False)
class RationalMoments:
    """Moments as exact rational numbers: object arrays of Fractions with the names and shapes of `Moments`.

    `rounded()` gives the float64 `Moments`, each entry rounded once.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 2], [[1, 1], [0, 1]], views=[-1, 1])
    >>> lr.moments.rational(p, lr.features.Linear()).sigma_bar[0, 0]
    Fraction(2, 3)
    """

    sigma: np.ndarray
    sigma_bar: np.ndarray
    cross: np.ndarray | None
    label_sq: Fraction | None
    mean: np.ndarray
    label_mean: Fraction | np.ndarray | None

    def __post_init__(self) -> None:
        read_only(self)

    @property
    def dim(self) -> int:
        """D, the number of features."""
        return self.sigma.shape[0]

    @functools.cached_property
    def _rounded(self) -> Moments:
        label_mean = self.label_mean
        return Moments(
            sigma=self.sigma.astype(np.float64),
            sigma_bar=self.sigma_bar.astype(np.float64),
            cross=None if self.cross is None else self.cross.astype(np.float64),
            label_sq=None if self.label_sq is None else float(self.label_sq),
            mean=self.mean.astype(np.float64),
            label_mean=label_mean.astype(np.float64)
            if isinstance(label_mean, np.ndarray)
            else (None if label_mean is None else float(label_mean)),
        )

    def rounded(self) -> Moments:
        """The same moments in float64."""
        return self._rounded


AnyMoments = Moments | StructuredMoments | RationalMoments


def labelled(moments: AnyMoments, owner: str) -> np.ndarray:
    """The cross moment as a float matrix, (D, r), or a refusal if the moments were computed without labels."""
    if moments.cross is None:
        raise InputError(
            f"{owner}: the moments were computed without labels, but a risk needs them; pass `labels` to "
            "moments.population."
        )
    cross = np.asarray(moments.cross, dtype=np.float64)
    return cross.reshape(cross.shape[0], -1)


def representation_matrix(moments: AnyMoments, weights: np.ndarray, owner: str) -> np.ndarray:
    """W as a float matrix (D, d), checked against the moments; a vector counts as one column."""
    array = finite_array(weights, owner=owner, name="weights")
    matrix = array.reshape(array.shape[0], -1)
    require(
        matrix.shape[0] == moments.dim,
        f"{owner}: weights have {matrix.shape[0]} rows, but the moments have {moments.dim} features; "
        f"pass W of shape ({moments.dim}, d).",
    )
    return matrix


def pencil(moments: AnyMoments) -> tuple[Matrix, Matrix]:
    """(Sigma, Sigma_bar) in float64, sparse where the moments are structured."""
    if isinstance(moments, StructuredMoments):
        return moments.sigma_sparse, moments.sigma_bar_sparse
    rounded = moments.rounded() if isinstance(moments, RationalMoments) else moments
    return rounded.sigma, rounded.sigma_bar


def _dense(matrix: scipy.sparse.csr_array) -> np.ndarray:
    require(
        matrix.shape[0] <= LARGEST_DENSE,
        f"Moments: a dense {matrix.shape[0]} x {matrix.shape[0]} matrix was asked for, but at most {LARGEST_DENSE} "
        "features are written out; use the sparse fields, or solve, which works block by block.",
    )
    return matrix.toarray()
