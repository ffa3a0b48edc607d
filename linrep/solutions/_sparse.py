"""Minimisers of the unrestricted class on large sparse processes, checked for what an iteration may have missed."""

from typing import Any

import numpy as np

from linrep._checks import positive_int, require
from linrep._linalg import EPS, sum_error
from linrep._types import is_sparse
from linrep.labels import as_label
from linrep.processes import FiniteProcess
from linrep.solutions._components import Pairs, Parts, large_pairs, parts_of, small_pairs
from linrep.solutions._recheck import MOST_BLOCKS, WIDTH, Leading, Progress
from linrep.solutions._sparse_solution import SparseSolution, Standing, tied_range

EXTRA = 1
"""Eigenpairs computed beyond d, so that the gap is seen."""

MOST_TIED = 64
"""Eigenpairs beyond d that are computed to see the end of a tie, before it is called unresolved."""


def sparse(
    process: FiniteProcess,
    *,
    dim: int,
    labels: Any = None,
    tolerance: float = 1e-8,
    memory: float = 8e9,
    progress: Progress | None = None,
) -> SparseSolution:
    """All minimisers of the unrestricted class on a sparse process of up to millions of inputs and views.

    Components give the eigenvalue 1 exactly, with its multiplicity; small components are decomposed densely; the large
    ones together by Lanczos' method on the Gram operator of the smaller side, followed by random vectors that avoid
    the answer: what they find is added, and what they cannot find is bounded.

    Args:
        process: a finite process; sparse channels stay sparse.
        dim: d >= 1.
        labels: over the inputs.
        tolerance: largest residual of an eigenpair.
        memory: bytes that may be used beyond the process itself.
        progress: called with a stage and two counts.

    Raises:
        InputError: more memory needed than allowed.

    Source: ours.

    >>> import linrep as lr, scipy.sparse
    >>> p = lr.processes.FiniteProcess([1, 1, 1], scipy.sparse.csr_array(np.eye(3, dtype=int)))
    >>> sparse(p, dim=2, labels=[1, 1, -1]).tie
    Tie(size=3, kept=2, value=1.0)
    """
    dim = positive_int(dim, owner="solve", name="dim")
    check_memory(process, dim, memory)
    targets = None
    if labels is not None:
        values = as_label(labels, process).targets(process.inputs).reshape(process.n_inputs, -1)
        targets = np.sqrt(process.prior)[:, None] * values
    parts = parts_of(process)
    if dim <= parts.count:
        return _from_components(process, dim, parts, targets)
    wanted = dim + EXTRA
    while True:
        found = _assembled(process, dim, parts, _pools(parts, wanted, tolerance, progress or _silent), targets)
        if found.standing != "unresolved" or found.values.size == found.largest_rank or wanted > dim + MOST_TIED:
            return found
        wanted = dim + 4 * (wanted - dim)


def check_memory(process: FiniteProcess, dim: int, memory: float) -> None:
    """Refuse what would not fit: the channel's folded copies while they are made, the bases."""
    entries = process.channel.nnz if is_sparse(process.channel) else process.channel.size
    rows = min(process.n_inputs, process.n_views)
    columns = 0 if dim <= process.n_components else 5 * (dim + EXTRA) + MOST_BLOCKS * WIDTH // 2 + 4 * WIDTH
    needed = 5 * 12 * entries + 8 * rows * columns
    require(
        needed <= memory,
        f"solve: about {needed / 1e9:.1f} GB would be needed for {entries} entries and {columns} vectors of length "
        f"{rows}, but {memory / 1e9:.1f} GB are allowed; raise `memory`, or lower `dim`.",
    )


def _silent(stage: str, done: int, total: int) -> None:
    """No report."""


def _from_components(process: FiniteProcess, dim: int, parts: Parts, targets: np.ndarray | None) -> SparseSolution:
    known = parts.constants(np.arange(parts.count))
    back = np.argsort(parts.order)
    residuals = np.zeros(parts.count)
    return SparseSolution(
        process, dim, np.ones(parts.count), known[back], parts.inputs_fewer, residuals, residuals, 1.0, "exact", targets
    )


def _pools(
    parts: Parts, wanted: int, tolerance: float, progress: Progress
) -> tuple[Pairs, np.ndarray, Leading | None, int]:
    below = wanted - parts.count
    return small_pairs(parts, below), *large_pairs(parts, below, tolerance, progress), wanted


def _assembled(
    process: FiniteProcess,
    dim: int,
    parts: Parts,
    pools: tuple[Pairs, np.ndarray, Leading | None, int],
    targets: np.ndarray | None,
) -> SparseSolution:
    """The components' constants and the largest of what small and large components gave, as one answer."""
    small, rows, large, wanted = pools
    values = np.concatenate([small.values, [] if large is None else large.values])
    residuals = np.concatenate([small.residuals, [] if large is None else large.residuals])
    entries = int(np.bincount(parts.oriented.indices, minlength=1).max()) + 2
    order = np.argsort(-values, kind="stable")
    order = order[(values > residuals + sum_error(entries, 1.0))[order]]  # the others are zero within their error
    chosen = order[: max(wanted - parts.count, _tied_length(values[order], dim - parts.count, residuals))]
    table = np.zeros((parts.order.size, parts.count + chosen.size))
    table[:, : parts.count] = parts.constants(np.arange(parts.count)).toarray()
    for column, k in enumerate(chosen, start=parts.count):
        if k < len(small.values):
            table[small.places[k], column] = small.vectors[k]
        elif large is not None:
            table[rows, column] = large.vectors[:, k - len(small.values)]
    if parts.count > 1:
        table = table[np.argsort(parts.order)]
    used = residuals[chosen]
    # Clipping moves a value by no more than its error.
    kept = np.concatenate([np.ones(parts.count), np.clip(values[chosen], 0.0, 1.0)])
    beyond = np.delete(values, chosen).max(initial=0.0)
    rest = float(max(beyond, 0.0 if large is None else large.bound))
    everything = np.concatenate([np.zeros(parts.count), used])
    errors = np.concatenate([np.zeros(parts.count), _errors(kept[parts.count :], used, rest, entries)])
    standing = _standing(kept, dim, errors, parts.count, large, rest)
    return SparseSolution(process, dim, kept, table, parts.inputs_fewer, everything, errors, rest, standing, targets)


def _errors(values: np.ndarray, residuals: np.ndarray, rest: float, entries: int) -> np.ndarray:
    """Errors of Ritz values: the largest residual, or its square over the distance from the rest of the spectrum."""
    largest, squares = residuals.max(initial=0.0), float(np.sum(residuals**2))
    apart = np.maximum(values - rest, np.finfo(np.float64).tiny)
    return np.minimum(largest, squares / apart) + sum_error(entries, 1.0) + EPS


def _tied_length(values: np.ndarray, place: int, residuals: np.ndarray) -> int:
    """How many of the sorted eigenvalues reach down to the one below those that tie with number `place`."""
    if place > values.size:
        return values.size
    return int((values >= values[place - 1] - 2 * residuals.max(initial=0.0) - 2 * EPS).sum()) + 1


def _standing(
    values: np.ndarray, dim: int, errors: np.ndarray, ones: int, large: Leading | None, rest: float
) -> Standing:
    if large is None:
        return "exact"
    stop = tied_range(values, dim, ones, errors)[1]
    # Zeros tie without consequence: a minimiser leaves them out.
    if not large.finished or (stop >= values.size > dim and values[dim - 1] > errors[dim - 1]):
        return "unresolved"
    return "certified" if rest <= (values - errors)[min(dim, values.size) - 1] else "checked"
