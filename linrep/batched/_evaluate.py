"""All theorems on all problems of a batch, in one compiled program, a chunk at a time."""

import functools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import jax
import numpy as np

from linrep import symbols as sym
from linrep._checks import InputError, require, require_x64
from linrep.batched._batch import Batch
from linrep.batched._program import MASSES, measure, rows, spectra
from linrep.batched._rules import RULES, indexed
from linrep.batched._state import Arrays, Form, State, state
from linrep.batched._table import EVALUATORS
from linrep.bounds import CATALOGUE, Theorem
from linrep.symbols import Quantity
from linrep.witnesses import counting_floor

MEMORY = 2**30
"""Bytes that results and work may take by default."""

LINE = 8
"""Numbers of a cache line. Chunks are a power of two and one line more: rows a power of two apart share few places in
the cache, and take half as long again."""

FASTEST = 1024 + LINE
"""Most problems of one chunk: more do not fit in a core's cache and are slower."""

_INPUTS = frozenset(EVALUATORS) | frozenset(MASSES) | {sym.MARGIN, sym.COUNTING_FLOOR}


@dataclass(frozen=True, eq=False)
class BatchBound:
    """One theorem on every problem of a batch, arrays of length B.

    Attributes:
        value: the bound at its best index; NaN where a hypothesis fails.
        actual: the bounded quantity at that index, over tied minimisers the worst; NaN where a hypothesis fails, and
            everywhere for errors of classifiers and relabellings, which need a search: see `linrep.actual`.
        trivial: what is known without the theorem; NaN where nothing is.
        vacuous: whether the bound is no better than that, or does not apply.
        applies: 1 every hypothesis holds, 0 one fails, -1 one is not settled in float64.
        index: the index k that gives the bound, 0 without one.

    Source: ours.

    >>> BatchBound.__name__
    'BatchBound'
    """

    value: np.ndarray
    actual: np.ndarray
    trivial: np.ndarray
    vacuous: np.ndarray
    applies: np.ndarray
    index: np.ndarray


@dataclass(frozen=True, eq=False)
class BatchTable:
    """All theorems on a batch: `bounds` by the theorem's key; `hypotheses` by name, (B,) of 1, 0 and -1 as `applies`.

    Source: ours.

    >>> BatchTable({}, {}).bounds
    {}
    """

    bounds: dict[str, BatchBound]
    hypotheses: dict[str, np.ndarray]


def covers(theorem: Theorem) -> bool:
    """Whether a theorem's bound can be computed for a batch: all inputs and hypotheses are known here.

    Source: ours.

    >>> from linrep.bounds import linrep26, arora19
    >>> covers(linrep26.RISK_GAP_MEAN), covers(arora19.MEAN_CLASSIFIER)
    (True, False)
    """
    return (
        theorem.unavailable is None and _INPUTS.issuperset(theorem.inputs) and RULES.keys() >= set(theorem.hypotheses)
    )


KNOWN = tuple(EVALUATORS)
"""The quantities that can be computed for a batch."""

COVERED = tuple(t for t in CATALOGUE if covers(t))
"""The theorems of the catalogue that can be computed for a batch."""


def evaluate(batch: Batch, theorems: Iterable[Theorem] = COVERED, *, memory: int = MEMORY) -> BatchTable:
    """The bound of each theorem on each problem, and the truth next to it, in float64.

    Args:
        batch: the problems.
        theorems: of `COVERED`; default all.
        memory: bytes that the results and the work on one chunk may take together.

    Raises:
        InputError: a theorem that is not covered, or results that do not fit in the memory.

    Source: ours; the formulas are those of `linrep.bounds`, over JAX arrays.

    >>> import linrep as lr
    >>> batch = Batch([[0.5, 0.5]], [[[0.75, 0.25], [0.25, 0.75]]], None, [[1, -1]], dim=1)
    >>> table = evaluate(batch, [lr.bounds.linrep26.RISK_GAP_MEAN])
    >>> round(float(table.bounds["linrep26.risk_gap_mean"].value[0]), 12)
    1.0
    """
    require_x64("batched.evaluate")
    chosen = tuple(theorems)
    for theorem in chosen:
        require(
            isinstance(theorem, Theorem) and covers(theorem),
            f"batched.evaluate: theorems contains {getattr(theorem, 'key', theorem)!r}, but its inputs or hypotheses "
            "are not computed for a batch; choose from batched.COVERED, or use linrep.evaluate.",
        )
    names = list(dict.fromkeys(h for t in chosen for h in t.hypotheses))
    number = len(batch)
    floats = np.dtype(np.float64).itemsize
    chunk = _chunk(batch, memory, number * (len(chosen) * (3 * floats + 3) + len(names)))
    kinds = {"value": float, "actual": float, "trivial": float, "vacuous": bool, "applies": np.int8, "index": np.int8}
    filled = {name: np.empty((len(chosen), number), kind) for name, kind in kinds.items()}
    rulings = {h.name: np.empty(number, np.int8) for h in names}
    floor = _floors(batch)
    for place, part in _parts(batch, chunk):
        measured = measure(spectra(part, batch.form), floor, chosen)
        size = place.stop - place.start
        for name, values in zip(kinds, rows(measured, chosen), strict=True):
            filled[name][:, place] = np.asarray(values)[:, :size]
        for h, ruling in zip(names, measured[1], strict=True):
            rulings[h.name][place] = np.asarray(ruling)[:size]
    found = {t.key: BatchBound(*row) for t, *row in zip(chosen, *filled.values(), strict=True)}
    return BatchTable(found, rulings)


def quantities(batch: Batch, tokens: Iterable[Quantity], *, memory: int = MEMORY) -> dict[Quantity, np.ndarray]:
    """Quantities of each problem, (B,) each, or (B, d) for indices k = 1, …, d.

    Args:
        batch: the problems.
        tokens: of `linrep.symbols`.
        memory: bytes that the results and the work on one chunk may take together.

    Raises:
        InputError: a quantity that is not computed for a batch, or results that do not fit in the memory.

    Source: ours.

    >>> from linrep.symbols import LAST_RETAINED
    >>> batch = Batch([[0.5, 0.5]], [[[0.75, 0.25], [0.25, 0.75]]], None, [[1, -1]], dim=2)
    >>> quantities(batch, [LAST_RETAINED])[LAST_RETAINED].round(12).tolist()
    [0.25]
    """
    require_x64("batched.quantities")
    chosen = _known(tokens)
    wide = {q: (batch.dim,) if indexed(q) else () for q in chosen}
    number = len(batch)
    chunk = _chunk(batch, memory, 8 * number * sum(math.prod(shape) for shape in wide.values()))
    found = {q: np.empty((number, *shape)) for q, shape in wide.items()}
    for place, part in _parts(batch, chunk):
        for q, value in zip(chosen, _numbers(spectra(part, batch.form), chosen), strict=True):
            found[q][place] = np.moveaxis(np.asarray(value), -1, 0)[: place.stop - place.start]
    return found


def traced(arrays: Arrays, form: Form, tokens: Iterable[Quantity]) -> tuple[jax.Array, ...]:
    """Quantities as a function of JAX arrays with the batch along the last axis, to differentiate once or to compile.

    First derivatives are finite through tied eigenvalues. Where a quantity is a function of the matrices they are
    its own; where it depends on which eigenvectors of a tie are kept they are those of one direction. Nothing is
    checked.

    Args:
        arrays: as `Batch.part` gives them.
        form: as `Batch.form`.
        tokens: of `linrep.symbols`.

    Raises:
        InputError: a quantity that is not computed for a batch.

    Source: ours; first-order perturbation of eigenvalues (Kato, 1980, II.6) and Daleckii–Krein divided differences.

    >>> from linrep.symbols import PREDICTED_ENERGY
    >>> batch = Batch([[0.5, 0.5]], [[[0.75, 0.25], [0.25, 0.75]]], None, [[1.0, -1.0]], dim=1)
    >>> [x.round(12).tolist() for x in traced(batch.part(np.array([0])), batch.form, [PREDICTED_ENERGY])]
    [[0.25]]
    """
    of = state(arrays, form, slopes=True)
    return tuple(EVALUATORS[q](of) for q in _known(tokens))


def _known(tokens: Iterable[Quantity]) -> tuple[Quantity, ...]:
    chosen = tuple(tokens)
    for token in chosen:
        require(
            token in EVALUATORS,
            f"batched.quantities: tokens contains {getattr(token, 'name', token)!r}, but it is not computed for a "
            f"batch; known are {', '.join(sorted(q.name for q in EVALUATORS))}.",
        )
    return chosen


@functools.partial(jax.jit, static_argnums=1)
def _numbers(of: State, tokens: tuple[Quantity, ...]) -> tuple[jax.Array, ...]:
    return tuple(EVALUATORS[q](of) for q in tokens)


def _chunk(batch: Batch, memory: int, results: int) -> int:
    """Problems at a time, from the bytes of one: its tables, a dozen arrays of their size, and indices by margins."""
    inputs, views, order = batch.n_inputs, batch.n_views, batch.n_features
    tables = inputs * views + views * order + inputs * order + order * order + views * batch.n_outputs
    each = 8 * (12 * tables + 8 * batch.dim * views + 64 * batch.dim)
    require(
        results + each <= memory,
        f"batched: memory is {memory} bytes, but results take {results} and one problem {each}; raise memory, or pass "
        "fewer problems or theorems at a time.",
    )
    fitting = min((memory - results) // each, FASTEST)
    return min(fitting, (1 << (len(batch) - 1).bit_length()) + LINE)  # in few sizes: each size is compiled


def _parts(batch: Batch, chunk: int) -> Iterator[tuple[slice, Arrays]]:
    """Chunks of one size; the last one repeats its last problem."""
    for start in range(0, len(batch), chunk):
        place = slice(start, min(start + chunk, len(batch)))
        whole = place.stop == start + chunk
        yield place, batch.part(place if whole else np.minimum(np.arange(start, start + chunk), len(batch) - 1))


def _floors(batch: Batch) -> np.ndarray:
    """e(N, d) for N = 0, …, n_bar; NaN where it is not defined."""
    found = np.full(batch.n_inputs + 1, np.nan)
    for inputs in range(1, batch.n_inputs + 1):
        try:
            found[inputs] = float(counting_floor(inputs, batch.dim))
        except InputError:
            continue
    return found
