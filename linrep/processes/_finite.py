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

from linrep._checks import generator, positive_int, require
from linrep._types import Matrix, Rational, dense, is_sparse
from linrep.processes._abstract import AbstractProcess
from linrep.processes._tables import (
    check_normal,
    check_shapes,
    checked_floats,
    exact_floats,
    listed_values,
    scale_columns,
    scale_rows,
)
from linrep.processes._weights import ExactWeights, exact_weights, is_exact

LARGEST_DENSE = 2**27
"""Most entries of a channel whose spectrum is computed densely: one gigabyte of float64."""


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
        shape = check_shapes(prior, channel)
        exact = exact_weights(prior, channel) if is_exact(prior) and is_exact(channel) else None
        law, table = exact_floats(exact) if exact is not None else checked_floats(prior, channel)
        kept_inputs = np.flatnonzero(law > 0)
        mass = np.asarray(law[kept_inputs] @ table[kept_inputs]).ravel()
        kept_views = np.flatnonzero(mass > 0)
        check_normal(law[kept_inputs], "inputs")
        check_normal(mass[kept_views], "views")
        fields = {
            "prior": law[kept_inputs],
            "channel": table[kept_inputs][:, kept_views],
            "views": listed_values(views, shape[1], "views")[kept_views],
            "inputs": listed_values(inputs, shape[0], "inputs")[kept_inputs],
            "weights": None if exact is None else _restrict(exact, kept_inputs, kept_views),
            "dropped_views": tuple(np.setdiff1d(np.arange(shape[1]), kept_views).tolist()),
            "dropped_inputs": tuple(np.setdiff1d(np.arange(shape[0]), kept_inputs).tolist()),
        }
        for name, value in fields.items():
            if isinstance(value, np.ndarray):
                value.setflags(write=False)
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
        if is_sparse(self.channel):
            return scipy.sparse.csr_array(scipy.sparse.diags_array(self.prior) @ self.channel)
        return self.prior[:, None] * self.channel

    @functools.cached_property
    def posterior(self) -> Matrix:
        """P(input | view), (n_bar, n), sparse if the channel is."""
        return scale_columns(self.joint, 1.0 / self.marginal)

    @functools.cached_property
    def normalized(self) -> Matrix:
        """M = diag(sqrt p_bar) A diag(1 / sqrt p), (n_bar, n): singular values in [0, 1], the largest 1."""
        return scale_columns(scale_rows(self.channel, np.sqrt(self.prior)), 1.0 / np.sqrt(self.marginal))

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
        if self.weights is None:
            return 1.0 - float(_column_max(self.joint).sum()) if not self.disjoint else 0.0
        joint, starts, total = self.weights.joint()
        return 1 - Fraction(int(np.maximum.reduceat(joint, starts).sum()), total)

    @functools.cached_property
    def posterior_collision(self) -> Rational:
        """theta = E_x sum of squared posteriors; a Fraction for exact processes."""
        if self.weights is None:
            law = self.joint
            return float((law.multiply(self.posterior) if is_sparse(law) else law * self.posterior).sum())
        joint, starts, total = self.weights.joint()
        squares, masses = np.add.reduceat(joint * joint, starts), np.add.reduceat(joint, starts)
        return sum((Fraction(int(s), int(m) * total) for s, m in zip(squares, masses, strict=True)), Fraction(0))

    @functools.cached_property
    def components(self) -> tuple[np.ndarray, np.ndarray]:
        """Component numbers of inputs, (n_bar,), and views, (n,), in the graph that joins an input to its views."""
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
        require(
            self.n_views <= 8192,
            f"FiniteProcess: pair_law would be a dense {self.n_views} x {self.n_views} table, "
            "but at most 8192 views are allowed; work with `channel` and `prior` instead.",
        )
        product = self.channel.T @ self.joint
        return dense(product)

    def spectrum(self, count: int) -> Float[np.ndarray, " count"]:
        """The `count` largest squared singular values of M, descending, padded with zeros."""
        count = positive_int(count, owner="FiniteProcess.spectrum", name="count")
        require(
            self.n_inputs * self.n_views <= LARGEST_DENSE,
            f"FiniteProcess.spectrum: the channel has {self.n_inputs} x {self.n_views} entries, but at most "
            f"{LARGEST_DENSE} are decomposed densely; use solve(process, dim=...), which has a sparse route.",
        )
        table = dense(self.normalized)
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
        if is_sparse(self.channel):
            return np.bincount(self.channel.indices, minlength=self.n_views)
        return (self.channel > 0).sum(axis=0)


def _restrict(exact: ExactWeights, inputs: np.ndarray, views: np.ndarray) -> ExactWeights:
    return ExactWeights(
        exact.prior[inputs], exact.prior_total, exact.channel[inputs][:, views], exact.row_totals[inputs]
    )


def _column_max(matrix: Matrix) -> np.ndarray:
    return matrix.max(axis=0).toarray().ravel() if is_sparse(matrix) else matrix.max(axis=0)


def _sample_rows(channel: scipy.sparse.csr_array, rows: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
    """Inverse-transform sampling of one view for each row: search the running sum of the whole CSR data once."""
    running = np.concatenate([[0.0], np.cumsum(channel.data)])
    start, stop = channel.indptr[rows], channel.indptr[rows + 1]
    target = running[start] + uniforms * (running[stop] - running[start])
    place = np.clip(np.searchsorted(running, target, side="right") - 1, start, stop - 1)
    return channel.indices[place]
