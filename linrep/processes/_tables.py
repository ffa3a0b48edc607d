"""Checks and conversions of the prior and the channel that a finite process is made from."""

from typing import Any

import numpy as np
import scipy.sparse

from linrep._checks import InputError, finite_array, require
from linrep._linalg import sum_error
from linrep._types import Matrix, is_sparse
from linrep.processes._weights import ExactWeights, exact_weights, is_exact


def check_shapes(prior: Any, channel: Any) -> tuple[int, int]:
    """Numbers of inputs and views, of a prior and a channel that fit."""
    try:
        law_shape = np.shape(prior)
        shape = channel.shape if is_sparse(channel) else np.shape(channel)
    except ValueError as error:
        raise InputError(
            f"FiniteProcess: prior and channel must be rectangular arrays ({error}); pass rows of equal length."
        ) from error
    require(
        len(shape) == 2 and min(shape) >= 1,
        f"FiniteProcess: channel has shape {shape}, but it must be (n_bar, n) with at least one input "
        "and one view; pass one row per input.",
    )
    require(
        law_shape == (shape[0],),
        f"FiniteProcess: prior has shape {law_shape}, but the channel has {shape[0]} rows; "
        f"pass a prior of length {shape[0]}.",
    )
    return int(shape[0]), int(shape[1])


def exact_floats(exact: ExactWeights) -> tuple[np.ndarray, Matrix]:
    """Prior and channel in float64, every entry rounded once."""
    law = np.array([v / exact.prior_total for v in exact.prior])  # Python rounds a quotient of integers once
    _check_not_lost(exact.prior, law, "prior")
    if is_sparse(exact.channel):
        totals = np.repeat(exact.row_totals, np.diff(exact.channel.indptr))
        data = (exact.channel.data.astype(object) / totals).astype(np.float64)
        return law, scipy.sparse.csr_array(
            (data, exact.channel.indices, exact.channel.indptr), shape=exact.channel.shape
        )
    table = (exact.channel / exact.row_totals[:, None]).astype(np.float64)
    _check_not_lost(exact.channel, table, "channel")
    return law, table


def _check_not_lost(weights: np.ndarray, floats: np.ndarray, name: str) -> None:
    """Refuse weights so uneven that a positive one would round to probability zero."""
    require(
        np.count_nonzero(floats) == np.count_nonzero(weights),
        f"FiniteProcess: the {name} has a positive weight whose share rounds to 0 in float64, but every share must be "
        "at least 5e-324; make the weights less uneven.",
    )


def check_normal(law: np.ndarray, name: str) -> None:
    """Refuse positive probabilities whose inverse is beyond float64: posteriors and M divide by them."""
    tiny = float(np.finfo(np.float64).tiny)
    smallest = float(law.min())
    require(
        smallest >= tiny,
        f"FiniteProcess: the least probable of the {name} has probability {smallest!r}, but it must be 0 or at least "
        f"{tiny:.2g}; give it more mass, or none.",
    )


def checked_floats(prior: Any, channel: Any) -> tuple[np.ndarray, Matrix]:
    """Floats of a process of which a part is exact (integers are weights there too) or nothing is."""
    if is_exact(prior):
        law = exact_floats(exact_weights(prior, np.ones((len(prior), 1), dtype=int)))[0]
    else:
        law = finite_array(prior, owner="FiniteProcess", name="prior", ndim=(1,))
        _check_law(law[None, :], "prior")
    if is_exact(channel):
        rows = channel.shape[0] if is_sparse(channel) else len(channel)
        return law, exact_floats(exact_weights(np.ones(rows, dtype=int), channel))[1]
    if not is_sparse(channel):
        table = finite_array(channel, owner="FiniteProcess", name="channel", ndim=(2,))
        _check_law(table, "channel row")
        return law, table
    sparse = scipy.sparse.csr_array(channel.astype(np.float64))
    sparse.sum_duplicates()
    sparse.eliminate_zeros()
    finite_array(sparse.data, owner="FiniteProcess", name="channel data", ndim=(1,))
    _check_law(sparse, "channel row")
    return law, sparse


def _check_law(rows: Matrix, name: str) -> None:
    smallest = rows.min()
    require(
        smallest >= 0,
        f"FiniteProcess: {name} has the negative entry {smallest}, but probabilities are at least 0; correct it.",
    )
    totals = np.asarray(rows.sum(axis=1)).ravel()
    # n numbers, each rounded once from a law that sums to one, sum to one within (n + 2) eps.
    off = np.flatnonzero(np.abs(totals - 1) > sum_error(rows.shape[1], 1.0))
    if off.size:
        where = name if name == "prior" else f"{name} {off[0]}"
        raise InputError(
            f"FiniteProcess: {where} sums to {float(totals[off[0]])!r}, but probabilities must sum to 1; "
            "divide by the sum, or pass integer weights."
        )


def listed_values(values: Any, count: int, name: str) -> np.ndarray:
    """The values of views or inputs as given, or their numbers."""
    if values is None:
        return np.arange(count)
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise InputError(
            f"FiniteProcess: {name} are no rectangular array ({error}); pass values of one shape."
        ) from error
    require(
        array.ndim >= 1 and array.shape[0] == count,
        f"FiniteProcess: {name} has shape {array.shape}, but it needs one value for each of "
        f"the {count} {name}; pass {count} rows.",
    )
    if array.dtype.kind == "f":
        finite_array(array.reshape(count, -1), owner="FiniteProcess", name=name)
    return array


def scale_rows(matrix: Matrix, scale: np.ndarray) -> Matrix:
    """diag(scale) matrix, sparse if the matrix is."""
    if is_sparse(matrix):
        return scipy.sparse.csr_array(scipy.sparse.diags_array(scale) @ matrix)
    return scale[:, None] * matrix


def scale_columns(matrix: Matrix, scale: np.ndarray) -> Matrix:
    """matrix diag(scale), sparse if the matrix is."""
    if is_sparse(matrix):
        return scipy.sparse.csr_array(matrix @ scipy.sparse.diags_array(scale))
    return matrix * scale
