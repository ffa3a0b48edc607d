"""What is known of all minimisers on a large sparse process."""

import functools
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import scipy.sparse

from linrep._checks import require
from linrep._linalg import sum_error
from linrep._types import Readout
from linrep.processes import FiniteProcess
from linrep.solutions._ranges import RiskRange, Tie
from linrep.solutions._recheck import FAILURE
from linrep.solutions._solution import Solution
from linrep.solutions._spectrum import Spectrum

Standing = Literal["exact", "certified", "checked", "unresolved"]
"""How sure it is that the top d are the top d: all eigenvalues came from components and dense blocks; a bound of stated
probability excludes larger ones; a random block found none, but cannot exclude them; a tie or a search did not end."""


@dataclass(frozen=True, eq=False)
class SparseSolution:
    """All minimisers of the spectral loss over functions f: views -> R^d on a large finite process.

    Attributes:
        process: the process.
        dim: d.
        values: the eigenvalues computed, descending; the first `n_components` of the spectrum are 1 exactly.
        vectors: eigenvectors on the smaller side, orthonormal: left singular vectors of M, (n_bar, count), if
            `inputs_fewer`, else right ones, (n, count); sparse where only components were needed.
        residuals: |G u - kappa u| of each.
        errors: absolute error of each eigenvalue, (count,): the largest residual r, or |R|_F^2 / (kappa - rest) where
            that is less (all computed pairs together against the rest), plus the rounding of a product.
        rest: no eigenvalue beyond the computed ones exceeds it, except with probability `failure`.
        standing: how sure the answer is.

    Source: theory I2 to I4.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1] * 4, scipy.sparse.csr_array(np.kron(np.eye(2, dtype=int), [[3, 1], [1, 3]])))
    >>> s = lr.solutions.sparse(p, dim=3)
    >>> s.standing, s.tie.size, s.values.round(12).tolist()
    ('exact', 2, [1.0, 1.0, 0.25, 0.25])
    """

    process: FiniteProcess
    dim: int
    values: np.ndarray
    vectors: np.ndarray | scipy.sparse.csr_array
    inputs_fewer: bool
    residuals: np.ndarray
    errors: np.ndarray
    rest: float
    standing: Standing
    targets: np.ndarray | None
    failure: float = FAILURE

    @property
    def n_components(self) -> int:
        """How often 1 is an eigenvalue, exactly."""
        return self.process.n_components

    @property
    def error(self) -> float:
        """The largest error of the d kept eigenvalues."""
        return float(self.errors[: self.dim].max(initial=0.0))

    @functools.cached_property
    def _view(self) -> Solution:
        """The same minimisers seen through the label only: no basis is written out."""
        cross, means = self._seen()
        label_sq = None if self.targets is None else float(np.sum(self.targets**2))
        basis = scipy.sparse.csc_array((self.process.n_views, self.values.size))
        found = Spectrum(self.values, basis, cross, means, None, label_sq, self.error, complete=False)
        return Solution(found, self.dim, self.tied)

    @functools.cached_property
    def tied(self) -> tuple[int, int]:
        """Half-open range of positions whose eigenvalues equal the d-th one, exactly at 1, else within the error."""
        return tied_range(self.values, self.dim, self.n_components, self.errors)

    @property
    def tie(self) -> Tie | None:
        """The tie at the cut; None where there is none, and where its end is not known (`standing` "unresolved")."""
        return None if self.standing == "unresolved" else self._view.tie

    @property
    def loss(self) -> float:
        """The minimum of the loss, -sum of the squares of the d largest eigenvalues."""
        return self._view.loss

    @property
    def gap(self) -> float | None:
        """kappa_d - kappa_{d+1}, 0 in a tie; None where d is the number of components and no more was computed."""
        only_components = self.values.size == self.dim == self.n_components < self.largest_rank
        if only_components:
            return None
        return self._view.gap

    @property
    def largest_rank(self) -> int:
        """Number of eigenvalues of the smaller side."""
        return min(self.process.n_inputs, self.process.n_views)

    @property
    def objective_error(self) -> float:
        """Bound of the error of `loss`: 2 kappa error, added up over the eigenvalues below 1."""
        head = self.values[: self.dim]
        return 2 * float(head @ self.errors[: self.dim]) + sum_error(self.dim, float(head.sum()))

    @property
    def orthogonality(self) -> float:
        """The largest entry of |U.T U - I|."""
        gram = self.vectors.T @ self.vectors
        gram = _written(gram)
        return float(np.abs(gram - np.eye(gram.shape[0])).max(initial=0.0))

    def view_vectors(self, count: int | None = None) -> np.ndarray:
        """The first `count` (default d) right singular vectors of M, (n, count)."""
        return self._side(self.inputs_fewer, self.dim if count is None else count, self.process.normalized.T)

    def input_vectors(self, count: int | None = None) -> np.ndarray:
        """The first `count` (default d) left singular vectors of M, (n_bar, count)."""
        return self._side(not self.inputs_fewer, self.dim if count is None else count, self.process.normalized)

    def _side(self, other: bool, count: int, across: Any) -> np.ndarray:
        chosen = self.vectors[:, :count]
        image = across @ chosen if other else chosen
        found = _written(image)
        return _over(found, np.sqrt(self.values[:count])) if other else found

    @property
    def weights(self) -> np.ndarray:
        """One minimiser as values f(x), (n, d): W of the one-hot class, zero columns beyond what there is."""
        found = self.view_vectors() * np.sqrt(self.values[: self.dim]) / np.sqrt(self.process.marginal)[:, None]
        return np.concatenate([found, np.zeros((found.shape[0], self.dim - found.shape[1]))], axis=1)

    def risk_range(self, readout: Readout) -> RiskRange:
        """(lowest, average, highest) regression risk over all minimisers, as `Solution.risk_range`.

        Raises:
            InputError: no labels, an unknown readout, or a tie that was not resolved.
        """
        require(
            self.standing != "unresolved",
            "risk_range: the eigenvalues at the cut could not be told apart, so the minimisers are not known; choose "
            "another dimension, or a smaller tolerance.",
        )
        return self._view.risk_range(readout)

    def _seen(self) -> tuple[np.ndarray, np.ndarray]:
        """c_i and a_i, (count, r) each."""
        if self.targets is None:
            return np.zeros((self.values.size, 0)), np.zeros((self.values.size, 0))
        root = np.sqrt(self.values)[:, None]
        if self.inputs_fewer:
            means = np.asarray(self.vectors.T @ self.targets)
            return root * means, means
        cross = np.asarray(self.vectors.T @ (self.process.normalized.T @ self.targets))
        return cross, _over(cross, root)


def tied_range(values: np.ndarray, dim: int, ones: int, errors: np.ndarray) -> tuple[int, int]:
    """Positions that tie with the d-th eigenvalue: 1 is known exactly from the components, others within their
    errors."""
    if dim > values.size:
        return dim, dim
    if dim <= ones:
        return 0, ones
    near = ones + np.flatnonzero(np.abs(values[ones:] - values[dim - 1]) <= errors[ones:] + errors[dim - 1])
    return int(near[0]), int(near[-1]) + 1


def _over(numbers: np.ndarray, singular: np.ndarray) -> np.ndarray:
    """The quotient, 0 where a singular value is."""
    return np.divide(numbers, singular, out=np.zeros_like(numbers), where=np.broadcast_to(singular > 0, numbers.shape))


def _written(matrix: Any) -> np.ndarray:
    return matrix.toarray() if scipy.sparse.issparse(matrix) else np.asarray(matrix)
