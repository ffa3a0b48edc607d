"""Processes given by tables: a prior over inputs and a channel to views."""

import functools
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import jax
import numpy as np
import scipy.sparse
import scipy.sparse.csgraph
from jaxtyping import Float

from linrep._checks import InputError, finite_array, generator, positive_int, require
from linrep._linalg import sum_error
from linrep._types import Matrix, Rational
from linrep.processes._abstract import AbstractProcess
from linrep.processes._weights import ExactWeights, exact_weights, is_exact


@dataclass(frozen=True, init=False, eq=False)
class FiniteProcess(AbstractProcess):
    """An augmentation process with finitely many inputs and views.

    Args:
        prior: (n_bar,) law of the input.
        channel: (n_bar, n) rows A(. | input); dense or scipy.sparse.
        views: values of the views, (n, ...), handed to feature maps; default 0, 1, …, n-1.
        inputs: values of the inputs, (n_bar, ...); default 0, 1, …, n_bar-1.

    Integers are weights, normalised exactly; Fractions are probabilities, kept exactly; floats are accepted and marked
    inexact (`weights is None`). Views and inputs of probability zero are dropped and reported in `dropped_views` and
    `dropped_inputs` (indices into what was passed).

    Raises:
        InputError: rows or prior that do not sum to one, negative or non-finite entries, shapes that disagree.

    Source: Saunshi et al. (2022), section 2.

    >>> p = FiniteProcess([1, 1], [[2, 1, 0], [0, 1, 2]])
    >>> p.marginal.round(3).tolist(), p.disjoint, p.identification_error
    ([0.333, 0.333, 0.333], False, Fraction(1, 6))
    """

    prior: Float[np.ndarray, " n_bar"]
    channel: Matrix
    views: np.ndarray
    inputs: np.ndarray
    weights: ExactWeights | None
    dropped_views: tuple[int, ...] = field(repr=False)
    dropped_inputs: tuple[int, ...] = field(repr=False)

    def __init__(self, prior: Any, channel: Any, views: Any = None, inputs: Any = None) -> None:
        shape = _check_shapes(prior, channel)
        exact = exact_weights(prior, channel) if is_exact(prior) and is_exact(channel) else None
        law, table = _floats(exact) if exact is not None else _checked_floats(prior, channel)
        kept_inputs = np.flatnonzero(law > 0)
        mass = np.asarray(law[kept_inputs] @ table[kept_inputs]).ravel()
        kept_views = np.flatnonzero(mass > 0)
        fields = {
            "prior": law[kept_inputs],
            "channel": table[kept_inputs][:, kept_views],
            "views": _values(views, shape[1], "views")[kept_views],
            "inputs": _values(inputs, shape[0], "inputs")[kept_inputs],
            "weights": None if exact is None else _restrict(exact, kept_inputs, kept_views),
            "dropped_views": tuple(np.setdiff1d(np.arange(shape[1]), kept_views).tolist()),
            "dropped_inputs": tuple(np.setdiff1d(np.arange(shape[0]), kept_inputs).tolist()),
        }
        for name, value in fields.items():
            object.__setattr__(self, name, value)

    @property
    def n_inputs(self) -> int:
        """Number of inputs of positive probability."""
        return self.prior.shape[0]

    @property
    def n_views(self) -> int:
        """Number of views of positive probability."""
        return self.channel.shape[1]

    @property
    def has_finite_support(self) -> bool:
        return True

    @property
    def exact(self) -> bool:
        """Whether all probabilities are known exactly."""
        return self.weights is not None

    @functools.cached_property
    def marginal(self) -> Float[np.ndarray, " n"]:
        """p = p_bar A, the law of a view, (n,)."""
        return np.asarray(self.prior @ self.channel).ravel()

    @functools.cached_property
    def joint(self) -> Matrix:
        """Law of (input, view), (n_bar, n), sparse if the channel is."""
        if scipy.sparse.issparse(self.channel):
            return scipy.sparse.csr_array(scipy.sparse.diags_array(self.prior) @ self.channel)
        return self.prior[:, None] * self.channel

    @functools.cached_property
    def posterior(self) -> Matrix:
        """P(input | view), (n_bar, n), sparse if the channel is."""
        return _scale_columns(self.joint, 1.0 / self.marginal)

    @functools.cached_property
    def normalized(self) -> Matrix:
        """M = diag(sqrt p_bar) A diag(1 / sqrt p), (n_bar, n): singular values in [0, 1], the largest 1."""
        return _scale_columns(_scale_rows(self.channel, np.sqrt(self.prior)), 1.0 / np.sqrt(self.marginal))

    @functools.cached_property
    def disjoint(self) -> bool:
        """Whether every view belongs to one input only."""
        return bool(np.all(self._degrees == 1))

    @functools.cached_property
    def uniform(self) -> bool:
        """Whether all inputs are equally likely (exactly, or as floats of equal value)."""
        values = self.prior if self.weights is None else self.weights.prior
        return bool(np.all(values == values[0]))

    @functools.cached_property
    def identification_error(self) -> Rational:
        """tau = 1 - sum over views of the largest joint mass; a Fraction for exact processes."""
        if self.weights is None or scipy.sparse.issparse(self.channel):
            return 1.0 - float(_column_max(self.joint).sum()) if not self.disjoint else 0.0
        joint, total = self.weights.joint()
        return 1 - Fraction(int(joint.max(axis=0).sum()), total)

    @functools.cached_property
    def posterior_collision(self) -> Rational:
        """theta = E_x sum of squared posteriors; a Fraction for exact processes."""
        if self.weights is None or scipy.sparse.issparse(self.channel):
            return float(self.joint.multiply(self.posterior).sum() if scipy.sparse.issparse(self.joint) else (self.joint * self.posterior).sum())
        joint, total = self.weights.joint()
        squares, masses = (joint * joint).sum(axis=0), joint.sum(axis=0)
        return sum((Fraction(int(s), int(m) * total) for s, m in zip(squares, masses, strict=True)), Fraction(0))

    @functools.cached_property
    def components(self) -> tuple[np.ndarray, np.ndarray]:
        """Component numbers of the inputs, (n_bar,), and of the views, (n,), in the graph that joins an input to its views."""
        biadjacency = scipy.sparse.csr_array(self.channel)
        graph = scipy.sparse.block_array([[None, biadjacency], [biadjacency.T, None]])
        _, names = scipy.sparse.csgraph.connected_components(graph, directed=False)
        return names[: self.n_inputs], names[self.n_inputs :]

    @property
    def n_components(self) -> int:
        """Number of connected components of the augmentation graph."""
        return int(self.components[0].max()) + 1

    @functools.cached_property
    def pair_law(self) -> Float[np.ndarray, "n n"]:
        """P_plus = A.T diag(p_bar) A, the law of a positive pair, dense (n, n)."""
        require(self.n_views <= 8192, f"FiniteProcess: pair_law would be a dense {self.n_views} x {self.n_views} table, "
                "but at most 8192 views are allowed; work with `channel` and `prior` instead.")
        product = self.channel.T @ self.joint
        return product.toarray() if scipy.sparse.issparse(product) else product

    def spectrum(self, count: int) -> Float[np.ndarray, " count"]:
        """The `count` largest squared singular values of M, descending, padded with zeros."""
        count = positive_int(count, owner="FiniteProcess.spectrum", name="count")
        table = self.normalized.toarray() if scipy.sparse.issparse(self.normalized) else self.normalized
        values = np.linalg.svd(table, compute_uv=False)[:count] ** 2
        values[: min(count, self.n_components)] = 1.0  # known exactly from the components
        return np.concatenate([np.minimum(values, 1.0), np.zeros(count - values.size)])

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent (input, view, positive view) triples of values, each (n, ...)."""
        rng = generator(key)
        chosen = rng.choice(self.n_inputs, size=positive_int(n, owner="sample_pairs", name="n"), p=self.prior)
        cumulative = scipy.sparse.csr_array(self.channel)
        first, second = (_sample_rows(cumulative, chosen, rng.random(n)) for _ in range(2))
        return self.inputs[chosen], self.views[first], self.views[second]

    def finite(self, levels: int = 8) -> "FiniteProcess":
        """The process itself."""
        return self

    @functools.cached_property
    def _degrees(self) -> np.ndarray:
        """Number of inputs that reach each view."""
        if scipy.sparse.issparse(self.channel):
            return np.bincount(self.channel.indices[self.channel.data > 0], minlength=self.n_views)
        return (self.channel > 0).sum(axis=0)


def _check_shapes(prior: Any, channel: Any) -> tuple[int, int]:
    try:
        law_shape = np.shape(prior)
        shape = channel.shape if scipy.sparse.issparse(channel) else np.shape(channel)
    except ValueError as error:
        raise InputError(f"FiniteProcess: prior and channel must be rectangular arrays ({error}); pass rows of equal length.") from error
    require(len(shape) == 2 and min(shape) >= 1, f"FiniteProcess: channel has shape {shape}, but it must be (n_bar, n) with at least one input "
            "and one view; pass one row per input.")
    require(law_shape == (shape[0],), f"FiniteProcess: prior has shape {law_shape}, but the channel has {shape[0]} rows; "
            f"pass a prior of length {shape[0]}.")
    return int(shape[0]), int(shape[1])


def _floats(exact: ExactWeights) -> tuple[np.ndarray, Matrix]:
    law = np.array([v / exact.prior_total for v in exact.prior])  # Python rounds a quotient of integers once
    if scipy.sparse.issparse(exact.channel):
        return law, _scale_rows(exact.channel.astype(np.float64), 1.0 / exact.row_totals.astype(np.float64))
    return law, (exact.channel / exact.row_totals[:, None]).astype(np.float64)


def _checked_floats(prior: Any, channel: Any) -> tuple[np.ndarray, Matrix]:
    """Floats of a process of which a part is exact (integers are weights there too) or nothing is."""
    if is_exact(prior):
        law = _floats(exact_weights(prior, np.ones((len(prior), 1), dtype=int)))[0]
    else:
        law = finite_array(prior, owner="FiniteProcess", name="prior", ndim=(1,))
        _check_law(law[None, :], "prior")
    if is_exact(channel):
        return law, _floats(exact_weights(np.ones(channel.shape[0] if scipy.sparse.issparse(channel) else len(channel), dtype=int), channel))[1]
    if not scipy.sparse.issparse(channel):
        table = finite_array(channel, owner="FiniteProcess", name="channel", ndim=(2,))
        _check_law(table, "channel row")
        return law, table
    sparse = scipy.sparse.csr_array(channel).astype(np.float64)
    sparse.sum_duplicates()
    finite_array(sparse.data, owner="FiniteProcess", name="channel data", ndim=(1,))
    _check_law(sparse, "channel row")
    return law, sparse


def _check_law(rows: Matrix, name: str) -> None:
    smallest = rows.min()
    require(smallest >= 0, f"FiniteProcess: {name} has the negative entry {smallest}, but probabilities are at least 0; correct it.")
    totals = np.asarray(rows.sum(axis=1)).ravel()
    # n numbers, each rounded once from a law that sums to one, sum to one within (n + 2) eps.
    off = np.flatnonzero(np.abs(totals - 1) > sum_error(rows.shape[1], 1.0))
    if off.size:
        where = name if name == "prior" else f"{name} {off[0]}"
        raise InputError(f"FiniteProcess: {where} sums to {float(totals[off[0]])!r}, but probabilities must sum to 1; "
                         "divide by the sum, or pass integer weights.")


def _values(values: Any, count: int, name: str) -> np.ndarray:
    if values is None:
        return np.arange(count)
    array = np.asarray(values)
    require(array.ndim >= 1 and array.shape[0] == count, f"FiniteProcess: {name} has shape {array.shape}, but it needs one value for each of "
            f"the {count} {name}; pass {count} rows.")
    if array.dtype.kind == "f":
        finite_array(array.reshape(count, -1), owner="FiniteProcess", name=name)
    return array


def _restrict(exact: ExactWeights, inputs: np.ndarray, views: np.ndarray) -> ExactWeights:
    return ExactWeights(exact.prior[inputs], exact.prior_total, exact.channel[inputs][:, views], exact.row_totals[inputs])


def _scale_rows(matrix: Matrix, scale: np.ndarray) -> Matrix:
    if scipy.sparse.issparse(matrix):
        return scipy.sparse.csr_array(scipy.sparse.diags_array(scale) @ matrix)
    return scale[:, None] * matrix


def _scale_columns(matrix: Matrix, scale: np.ndarray) -> Matrix:
    if scipy.sparse.issparse(matrix):
        return scipy.sparse.csr_array(matrix @ scipy.sparse.diags_array(scale))
    return matrix * scale


def _column_max(matrix: Matrix) -> np.ndarray:
    return matrix.max(axis=0).toarray().ravel() if scipy.sparse.issparse(matrix) else matrix.max(axis=0)


def _sample_rows(channel: scipy.sparse.csr_array, rows: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
    """Inverse-transform sampling of one view for each row: search the running sum of the whole CSR data once."""
    running = np.concatenate([[0.0], np.cumsum(channel.data)])
    start, stop = channel.indptr[rows], channel.indptr[rows + 1]
    target = running[start] + uniforms * (running[stop] - running[start])
    place = np.clip(np.searchsorted(running, target, side="right") - 1, start, stop - 1)
    return channel.indices[place]
