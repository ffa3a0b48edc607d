"""Exact weights: integers over common denominators, from which every float of a finite process is derived."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.sparse

from linrep._checks import InputError, require
from linrep._types import Matrix, dense, is_sparse


@dataclass(frozen=True, eq=False)
class ExactWeights:
    """Integer weights of a finite process.

    Attributes:
        prior: object array of ints (n_bar,); p_bar[i] = prior[i] / prior_total.
        prior_total: their sum.
        channel: object array of ints (n_bar, n), or int64 CSR; A[i, j] = channel[i, j] / row_totals[i].
        row_totals: object array of ints (n_bar,).

    Source: ours.

    >>> from linrep.processes import FiniteProcess
    >>> FiniteProcess([1, 1], [[1, 1], [0, 3]]).weights.row_totals.tolist()
    [2, 3]
    """

    prior: np.ndarray
    prior_total: int
    channel: Matrix
    row_totals: np.ndarray

    def prior_fractions(self) -> np.ndarray:
        """p_bar as an object array of Fractions, (n_bar,)."""
        return np.array([Fraction(int(v), self.prior_total) for v in self.prior], dtype=object)

    def channel_fractions(self) -> np.ndarray:
        """A as a dense object array of Fractions, (n_bar, n)."""
        dense = self.dense_channel()
        rows = [[Fraction(int(v), int(t)) for v in row] for row, t in zip(dense, self.row_totals, strict=True)]
        return np.array(rows, dtype=object).reshape(dense.shape)

    def dense_channel(self) -> np.ndarray:
        """The integer channel as a dense object array, (n_bar, n)."""
        table = dense(self.channel)
        return table.astype(object)

    def joint(self) -> tuple[np.ndarray, np.ndarray, int]:
        """Positive weights of (input, view) listed view by view, where each view starts, and the common total."""
        common = math.lcm(*(int(t) for t in self.row_totals))
        scale = np.array(
            [int(v) * (common // int(t)) for v, t in zip(self.prior, self.row_totals, strict=True)], object
        )
        if is_sparse(self.channel):
            entries = self.channel.tocoo()
            order = np.argsort(entries.col, kind="stable")
            rows, columns, values = entries.row[order], entries.col[order], entries.data[order].astype(object)
        else:
            columns, rows = np.nonzero(self.channel.T)
            values = self.channel[rows, columns]
        starts = np.searchsorted(columns, np.arange(self.channel.shape[1]))
        return values * scale[rows], starts, self.prior_total * common


def is_exact(value: Any) -> bool:
    """Whether array-like `value` holds only integers and Fractions."""
    if is_sparse(value):
        return np.issubdtype(value.dtype, np.integer)
    array = np.asarray(value)
    if array.dtype == object:
        return all(isinstance(v, (int, Fraction, np.integer)) and not isinstance(v, bool) for v in array.ravel())
    return np.issubdtype(array.dtype, np.integer)


def has_fractions(value: Any) -> bool:
    """Whether an exact array-like holds Fractions, and so states probabilities rather than weights."""
    return not is_sparse(value) and any(isinstance(v, Fraction) for v in np.asarray(value, dtype=object).ravel())


def integer_row(row: np.ndarray, *, fractions: bool, where: str) -> tuple[np.ndarray, int]:
    """Integer weights and their total; Fractions must sum to one, integers are weights of any positive total."""
    values = [v if isinstance(v, Fraction) else int(v) for v in row]
    smallest = min(values)
    require(
        smallest >= 0,
        f"FiniteProcess: {where} has the negative entry {smallest}, but probabilities and weights are at least 0; "
        "correct it.",
    )
    total = sum(values)
    if fractions:
        require(
            total == 1,
            f"FiniteProcess: {where} sums to {total}, but Fractions are probabilities and must sum to 1; "
            "divide by the sum, or pass integer weights.",
        )
    require(
        total > 0,
        f"FiniteProcess: {where} sums to 0, but it must have a positive entry; remove it or give it mass.",
    )
    common = math.lcm(*(v.denominator for v in values)) if fractions else 1
    weights = np.array([int(v * common) for v in values], dtype=object)
    return weights, int(total * common)


def exact_weights(prior: Any, channel: Any) -> ExactWeights:
    """Integer weights of an exact prior and channel (integers are weights, Fractions are probabilities)."""
    prior_row = np.asarray(prior, dtype=object)
    weights, total = integer_row(prior_row, fractions=has_fractions(prior_row), where="prior")
    if is_sparse(channel):
        return ExactWeights(weights, total, *_sparse_rows(channel))
    table = np.asarray(channel, dtype=object)
    fractions = has_fractions(table)
    rows = [integer_row(row, fractions=fractions, where=f"channel row {i}") for i, row in enumerate(table)]
    integers = np.array([row for row, _ in rows], dtype=object).reshape(table.shape)
    return ExactWeights(weights, total, integers, np.array([t for _, t in rows], dtype=object))


def _sparse_rows(channel: Any) -> tuple[scipy.sparse.csr_array, np.ndarray]:
    heaviest = float(np.asarray(abs(channel.astype(np.float64)).sum(axis=1)).max())
    require(
        heaviest < 2**62,
        f"FiniteProcess: the weights of a row of the sparse channel sum to {heaviest:.3g}, but such rows are summed in "
        "int64 and must stay below 2^62; divide by a common factor, or pass a dense channel.",
    )
    table = scipy.sparse.csr_array(channel.astype(np.int64))  # wide before entries that are listed twice are added
    table.sum_duplicates()
    table.eliminate_zeros()
    require(
        table.data.size == 0 or table.data.min() >= 0,
        "FiniteProcess: the sparse channel has a negative entry, but weights are at least 0; correct it.",
    )
    totals = np.asarray(table.sum(axis=1)).ravel()
    empty = np.flatnonzero(totals <= 0)
    if empty.size:
        raise InputError(
            f"FiniteProcess: channel row {empty[0]} sums to 0, but every input needs a view; remove the input or give "
            "it one."
        )
    return table, totals.astype(object)
