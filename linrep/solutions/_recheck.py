"""The largest eigenvalues of a Gram operator, checked afterwards by fresh random vectors that avoid the answer."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse
import scipy.sparse.csgraph

from linrep._linalg import gram_rank_tolerance, spectral_error
from linrep.solutions._gram_operator import GramOperator
from linrep.solutions._lanczos import Krylov, advance, iterate, started, take_away
from linrep.solutions._random_block import random_start_bound, ritz_values

WIDTH = 8
"""Columns of a block: eight float64 fill a cache line."""

MOST_STEPS = 128
"""Most steps of one check, from one vector."""

MOST_BLOCKS = 32
"""Most steps of the block that seeks what a check saw, before its first look."""

MOST_ROUNDS = 64
"""Most times that missing eigenvectors are sought again."""

NEARLY_ALL = 4
"""With more than this fraction of all pairs wanted, the Gram matrix of the smaller side is decomposed densely."""

LEAST_STEPS = 32
"""Steps that search for missing eigenvectors where no number of steps could exclude them."""

WEAK = 0.01
"""Squared entries below this share of the largest one of their view and input join parts only weakly."""

WIDEST = 256
"""Most weakly joined parts whose indicators start the block method."""

LEAST_BASIS = 32
"""Least vectors of a basis that grows one by one: fewer take more products, more take more orthogonalisation."""

PROBE, CROWDED = 16, 0.9
"""Lanczos steps from one random vector, and the Ritz value above which parts that are joined weakly are sought: their
bunch of eigenvalues near 1 shows itself by then (`random_start_bound`)."""

FAILURE = 1e-6
"""Probability, over the random vector, that the bound on what was not found is wrong."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Leading:
    """Leading eigenpairs: values, descending, (k,), vectors (order, k), residual norms (k,), and what is known of the
    others: the largest one seen in the check, an upper bound of all of them, and whether the search ended."""

    values: np.ndarray
    vectors: np.ndarray
    residuals: np.ndarray
    seen: float
    bound: float
    finished: bool
    products: int


@dataclass(frozen=True, eq=False)
class Task:
    """What is asked: `count` eigenpairs beyond the `known` orthonormal ones of eigenvalue 1, to a residual."""

    operator: GramOperator
    known: scipy.sparse.csr_array
    count: int
    tolerance: float
    progress: Progress

    def __call__(self, block: np.ndarray) -> np.ndarray:
        """The operator without its known part, on what is orthogonal to it already up to rounding."""
        return self.leave(self.operator(block))

    def leave(self, block: np.ndarray) -> np.ndarray:
        """The block less its projection on the known eigenvectors, in place."""
        if self.known.shape[1] == 1:
            column = self._column
            take_away(block, column, column.T @ block)
        else:
            block -= self.known @ (self.known.T @ block)
        return block

    @functools.cached_property
    def _column(self) -> np.ndarray:
        """A single known eigenvector, dense, (order, 1)."""
        return self.known.toarray()

    def start(self, width: int, seed: int) -> np.ndarray:
        """A random block from a fixed seed, off the known eigenvectors."""
        return self.leave(np.random.default_rng(seed).standard_normal((self.operator.order, width)))


def leading_pairs(task: Task) -> Leading:
    """A first answer, then checks and repairs until a fresh vector finds nothing above the last value.

    Every Krylov method can miss copies of a multiple eigenvalue with all residuals small. A random vector orthogonal
    to the answer has a part along what was missed, and grows it in some steps; a block then finds all copies.
    """
    if task.count > task.operator.order // NEARLY_ALL:
        return _dense(task)
    values, vectors, residuals, products = _first(task)
    seen, bound = 1.0, 1.0
    for rounds in range(1, MOST_ROUNDS + 1):
        task.progress("check" if rounds == 1 else "repair", rounds, MOST_ROUNDS)
        seen, bound, steps = _explore(task, values, vectors, rounds)
        products += steps
        if seen <= values[-1] + task.tolerance:
            return Leading(values, vectors, residuals, seen, bound, True, products)
        state = _fresh(task, values, vectors, residuals, rounds, min(steps, MOST_BLOCKS))
        values, vectors, residuals = _run(task, state, task.count)
        products += state.products
    return Leading(values, vectors, residuals, seen, bound, False, products)


def _dense(task: Task) -> Leading:
    """All pairs at once, where an iteration would ask for a large part of them."""
    source, order = task.operator.source, task.operator.order
    gram = (source @ source.T).toarray()
    known = task.known.toarray()
    values, vectors = scipy.linalg.eigh(gram - known @ known.T, check_finite=False)
    values, vectors = values[::-1], vectors[:, ::-1]
    count, error = task.count, spectral_error(order, 1.0)
    beyond = float(values[count]) if count < order else 0.0
    residuals = np.full(count, error)
    return Leading(values[:count].copy(), vectors[:, :count].copy(), residuals, beyond, beyond + error, True, order)


def _first(task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Lanczos from one random vector, which is hard to beat without bunches; where weak entries join strong parts,
    blocks from the indicators of the parts, which hold the whole bunch of eigenvalues near 1 from the start."""
    state = _start(task, task.start(1, 0), task.count)
    while state.size < min(PROBE, state.basis.shape[1] - 1):
        advance(state, task)
    if state.ritz()[0][0] < CROWDED:
        return _single(task, state)
    parts = weakly_joined(task.operator.source)
    width = int(parts.max(initial=0)) + 1
    if not 1 < width <= min(WIDEST, task.operator.order // 4):
        return _single(task, state)
    table = scipy.sparse.csr_array(
        (np.ones(parts.size), parts, np.arange(parts.size + 1)), shape=(parts.size, width)
    ).toarray()
    block = np.concatenate([task.leave(table), task.start(-width % WIDTH + WIDTH, 0)], axis=1)
    bunch = min(task.count, width - task.known.shape[1])
    state = _start(task, block, bunch)
    found = _run(task, state, bunch)
    if bunch == task.count:
        return *found, state.products
    rest = _fresh(task, *found, 0, 0)  # the block was wide for the bunch; the others come with a narrow one
    return *_run(task, rest, task.count), state.products + rest.products


def _single(task: Task, state: Krylov) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """The basis of one vector taken to its end, or blocks where it finds none."""
    found = _run(task, state, task.count)
    if found[2].max() <= task.tolerance:
        return *found, state.products
    blocks = _start(task, task.start(2 * WIDTH, 0), task.count)
    return *_run(task, blocks, task.count), state.products + blocks.products


def weakly_joined(source: scipy.sparse.csr_array) -> np.ndarray:
    """The part of each row of B after entries that are weak beside the largest of their row or column are dropped.

    Columns with a single entry join nothing and are left out.
    """
    degrees, columns = np.diff(source.indptr), source.indices
    kept = np.bincount(columns, minlength=source.shape[1])[columns] > 1
    squares = source.data**2 * kept
    strongest = np.zeros(source.shape[1])
    np.maximum.at(strongest, columns, squares)
    kept &= squares >= WEAK * strongest[columns]
    filled = degrees > 0
    of_row = np.maximum.reduceat(squares, source.indptr[:-1][filled]) if squares.size else squares
    kept &= squares >= WEAK * np.repeat(of_row, degrees[filled])
    del squares
    # What is left of a column is joined to one of its rows.
    near, columns = np.repeat(np.arange(degrees.size, dtype=np.int32), degrees)[kept], columns[kept]
    one = np.zeros(source.shape[1], dtype=np.int32)
    one[columns] = near
    far = one[columns]
    apart = near != far
    edges = (near[apart], far[apart])
    graph = scipy.sparse.coo_array((np.ones(edges[0].size), edges), shape=(degrees.size,) * 2)
    return scipy.sparse.csgraph.connected_components(graph, directed=False)[1]


def _start(task: Task, block: np.ndarray, count: int) -> Krylov:
    order, empty = task.operator.order, np.zeros(0)
    capacity = min(max(2 * count + 4 * block.shape[1], LEAST_BASIS), order - block.shape[1])
    return started(order, capacity, block, (np.zeros((order, 0)), empty, empty))


def _run(task: Task, state: Krylov, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, vectors and residuals of the `count` leading pairs, or as good as the budget makes them."""
    looks = [(np.zeros(0), np.zeros((state.size, 0)), np.zeros(0))]
    for look in iterate(state, task, count, task.tolerance, 40 * count * WIDTH + 4096):
        looks = [look]
        task.progress("iterate", state.products, 0)
    values, coordinates, residuals = looks[0]
    return values, state.basis[:, : coordinates.shape[0]] @ coordinates, residuals


def _fresh(task: Task, values: np.ndarray, vectors: np.ndarray, residuals: np.ndarray, seed: int, steps: int) -> Krylov:
    """A Krylov basis of the answer and a random block orthogonal to it, some steps on: those that the check took to see
    what is missing."""
    width = min(WIDTH, task.operator.order - values.size)
    capacity = min(max(_room(task), values.size + (steps + 1) * width), task.operator.order - width)
    state = started(task.operator.order, capacity, task.start(width, seed + 1), (vectors, values, residuals))
    while state.products < steps * width and state.size + 2 * width <= state.basis.shape[1]:
        advance(state, task)
    return state


def _room(task: Task) -> int:
    """Columns of a basis that finds what is missing, or shows that nothing is."""
    return min(max(2 * task.count + 4 * WIDTH, task.count + MOST_BLOCKS * WIDTH // 2), task.operator.order - WIDTH)


def _explore(task: Task, values: np.ndarray, vectors: np.ndarray, seed: int) -> tuple[float, float, int]:
    """Steps from a random vector until it shows a larger eigenvalue than the last one found, or can exclude any.

    Returns the largest Ritz value off the answer, the upper bound at probability 1 - FAILURE, and the steps.
    """
    order, last = task.operator.order, float(values[-1])
    rounding = gram_rank_tolerance(order, 1.0)

    def off(block: np.ndarray) -> np.ndarray:
        task.leave(block)
        take_away(block, vectors, vectors.T @ block)
        return block

    seen, bound, step = 0.0, 1.0, 0
    for step, seen in enumerate(ritz_values(task.operator, off, task.start(1, seed + 1)), start=1):
        bound = min(1.0, random_start_bound(seen, order, step, FAILURE))
        hopeless = random_start_bound(seen, order, MOST_STEPS, FAILURE) > last
        if seen > last + task.tolerance or bound <= last or step >= (LEAST_STEPS if hopeless else MOST_STEPS):
            return seen, max(bound, seen + rounding), step
    return seen, seen + rounding, step  # the steps have reached all that is not orthogonal to a random vector
