"""The largest eigenvalues of a Gram operator, checked afterwards by fresh random vectors that avoid the answer."""

import functools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.linalg
import scipy.sparse
import scipy.sparse.csgraph
import scipy.sparse.linalg

from linrep._linalg import gram_rank_tolerance, spectral_error
from linrep._types import Matrix
from linrep.solutions._gram_operator import GramOperator
from linrep.solutions._lanczos import Krylov, advance, iterate, started

WIDTH = 8
"""Columns of a block: eight float64 fill a cache line, and a block costs little more than a vector."""

MOST_STEPS = 32
"""Most block steps of one check."""

MOST_ROUNDS = 64
"""Most times that missing eigenvectors are sought again."""

NEARLY_ALL = 4
"""With more than this fraction of all pairs wanted, the Gram matrix of the smaller side is decomposed densely."""

LEAST_STEPS = 8
"""Block steps that search for missing eigenvectors where no number of steps could exclude them."""

WEAK = 0.01
"""Squared entries below this share of the largest one of their view and input join parts only weakly."""

WIDEST = 256
"""Most weakly joined parts whose indicators start the block method."""

LEAST_BASIS = 40
"""Vectors of ARPACK's basis: more than its 20 save a half of the products where eigenvalues crowd."""

MOST_RESTARTS = 1000
"""Restarts after which ARPACK gives way to the block method."""

FAILURE = 1e-6
"""Probability, over the random block, that the bound on what was not found is wrong."""

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
        return self.without(self.operator(block))

    def without(self, block: np.ndarray) -> np.ndarray:
        """The block less its projection on the known eigenvectors."""
        known, rows = self._known
        return block - known @ (rows @ block)

    @functools.cached_property
    def _known(self) -> tuple[Matrix, Matrix]:
        """The known eigenvectors by columns and by rows; a single one is dense, which costs less to multiply by."""
        if self.known.shape[1] == 1:
            column = self.known.toarray()
            return column, np.ascontiguousarray(column.T)
        return self.known, scipy.sparse.csr_array(self.known.T)

    def start(self, width: int, seed: int) -> np.ndarray:
        """A random block from a fixed seed, off the known eigenvectors."""
        return self.without(np.random.default_rng(seed).standard_normal((self.operator.order, width)))


def leading_pairs(task: Task) -> Leading:
    """A first answer by ARPACK, then checks and repairs until a fresh block finds nothing above the last value.

    Every Krylov method can miss copies of a multiple eigenvalue with all residuals small. A block of random vectors
    orthogonal to the answer has a part along what was missed, and grows it in a few steps.
    """
    if task.count > task.operator.order // NEARLY_ALL:
        return _dense(task)
    values, vectors, residuals, products = _first(task)
    seen, bound = 1.0, 1.0
    for rounds in range(1, MOST_ROUNDS + 1):
        task.progress("check" if rounds == 1 else "repair", rounds, MOST_ROUNDS)
        state = _fresh(task, values, vectors, residuals, rounds)
        seen, bound = _explore(task, state, values)
        products += state.products
        if seen <= values[-1] + task.tolerance:
            return Leading(values, vectors, residuals, seen, bound, True, products)
        state.products = 0
        values, vectors, residuals = _run(task, state, task.count)
        products += state.products
    return Leading(values, vectors, residuals, seen, bound, False, products)


def _dense(task: Task) -> Leading:
    """All pairs at once, where an iteration would ask for a large part of them."""
    table, order = task.operator.table, task.operator.order
    gram = (table.T @ table).toarray() + np.diag(task.operator.diagonal)
    known = task.known.toarray()
    values, vectors = scipy.linalg.eigh(gram - known @ known.T, check_finite=False)
    values, vectors = values[::-1], vectors[:, ::-1]
    count, error = task.count, spectral_error(order, 1.0)
    beyond = float(values[count]) if count < order else 0.0
    residuals = np.full(count, error)
    return Leading(values[:count].copy(), vectors[:, :count].copy(), residuals, beyond, beyond + error, True, order)


def _first(task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """ARPACK from a fixed start, which is hard to beat without bunches; where weak entries join strong parts, the block
    method from the indicators of the parts, which holds the whole bunch of eigenvalues near 1 from the start."""
    parts = weakly_joined(task.operator.table, task.operator.order)
    width = int(parts.max(initial=0)) + 1
    if not 1 < width <= min(WIDEST, task.operator.order // 4):
        return _arpack(task)
    table = scipy.sparse.csr_array(
        (np.ones(parts.size), parts, np.arange(parts.size + 1)), shape=(parts.size, width)
    ).toarray()
    block = np.concatenate([task.without(table), task.start(-width % WIDTH + WIDTH, 0)], axis=1)
    bunch = min(task.count, width - task.known.shape[1])
    state = _start(task, block, bunch)
    found = _run(task, state, bunch)
    if bunch == task.count:
        return *found, state.products
    rest = _fresh(task, *found, 0)  # the block was wide for the bunch; the others come with a narrow one
    return *_run(task, rest, task.count), state.products + rest.products


def weakly_joined(table: scipy.sparse.csr_array, order: int) -> np.ndarray:
    """The part of each row of B after entries that are weak beside the largest of their row or column are dropped."""
    squares = table.data**2
    degrees = np.diff(table.indptr)
    strongest = np.zeros(order)
    np.maximum.at(strongest, table.indices, squares)
    of_view = np.maximum.reduceat(squares, table.indptr[:-1]) if squares.size else squares
    kept = (squares >= WEAK * np.repeat(of_view, degrees)) & (squares >= WEAK * strongest[table.indices])
    owners = np.repeat(np.arange(degrees.size), degrees)[kept]
    shape = (degrees.size + order,) * 2
    graph = scipy.sparse.coo_array((np.ones(owners.size), (owners, degrees.size + table.indices[kept])), shape=shape)
    names = scipy.sparse.csgraph.connected_components(graph, directed=False)[1][degrees.size :]
    return np.unique(names, return_inverse=True)[1].ravel()


def _start(task: Task, block: np.ndarray, count: int) -> Krylov:
    order, empty = task.operator.order, np.zeros(0)
    capacity = min(2 * count + 4 * block.shape[1], order - block.shape[1])
    return started(order, capacity, block, (np.zeros((order, 0)), empty, empty))


def _run(task: Task, state: Krylov, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Values, vectors and residuals of the `count` leading pairs, or as good as the budget makes them."""
    looks = [(np.zeros(0), np.zeros((state.size, 0)), np.zeros(0))]
    for look in iterate(state, task, count, task.tolerance, 40 * count * WIDTH + 4096):
        looks = [look]
        task.progress("iterate", state.products, 0)
    values, coordinates, residuals = looks[0]
    return values, state.basis[:, : coordinates.shape[0]] @ coordinates, residuals


def _arpack(task: Task) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    order, count = task.operator.order, task.count
    used = 0

    def product(vector: np.ndarray) -> np.ndarray:
        nonlocal used
        used += 1
        if used % 64 == 0:
            task.progress("iterate", used, 0)
        return task(vector.ravel())

    operator = scipy.sparse.linalg.LinearOperator((order, order), matvec=product, dtype=np.float64)
    basis = min(max(2 * count + 1, LEAST_BASIS), order)
    options = {
        "ncv": basis,
        "tol": task.tolerance / 2,
        "v0": task.start(1, 0)[:, 0],
        "which": "LA",
        "maxiter": MOST_RESTARTS,
    }
    try:
        found, vectors = scipy.sparse.linalg.eigsh(operator, k=count, **options)
    except scipy.sparse.linalg.ArpackNoConvergence:
        state = _start(task, task.start(2 * WIDTH, 0), count)
        return *_run(task, state, count), used + state.products
    values, vectors = found[::-1].copy(), vectors[:, ::-1].copy()
    residuals = np.linalg.norm(task(vectors) - vectors * values, axis=0)
    return values, vectors, residuals, used + count


def _fresh(task: Task, values: np.ndarray, vectors: np.ndarray, residuals: np.ndarray, seed: int) -> Krylov:
    """A Krylov basis of the answer and a random block orthogonal to it."""
    room = max(2 * task.count + 4 * WIDTH, task.count + MOST_STEPS * WIDTH // 2)
    capacity = min(room, task.operator.order - WIDTH)
    width = min(WIDTH, task.operator.order - values.size)
    return started(task.operator.order, capacity, task.start(width, seed + 1), (vectors, values, residuals))


def _explore(task: Task, state: Krylov, values: np.ndarray) -> tuple[float, float]:
    """Steps from the random block until it shows a larger eigenvalue than the last one found, or can exclude any.

    Returns the largest Ritz value off the answer and the upper bound at probability 1 - FAILURE.
    """
    kept, last = values.size, float(values[-1])
    seen, bound = 0.0, 1.0
    for step in range(1, MOST_STEPS + 1):
        if state.size + 2 * state.width > min(state.basis.shape[1], task.operator.order):
            break
        advance(state, task)
        inner = state.projected[kept : state.size, kept : state.size]
        seen = float(np.linalg.eigvalsh(inner)[-1])
        bound = min(1.0, random_start_bound(seen, task.operator.order, step, state.width, FAILURE))
        hopeless = random_start_bound(seen, task.operator.order, MOST_STEPS, state.width, FAILURE) > last
        if seen > last + task.tolerance or bound <= last or (hopeless and step >= LEAST_STEPS):
            break
    return seen, max(bound, seen + gram_rank_tolerance(task.operator.order, 1.0))


def random_start_bound(ritz: float, order: int, steps: int, width: int, failure: float) -> float:
    """Upper bound of the largest eigenvalue of a semidefinite matrix from the Ritz value after some Lanczos steps.

    From one random vector, P(ritz < (1 - e) largest) <= 1.648 sqrt(order) exp(-sqrt(e) (2 steps - 1)); `width`
    independent ones all fail with the power of it.

    Source: Kuczynski and Wozniakowski (1992), theorem 4.2.
    """
    exponent = math.log(1.648 * math.sqrt(order)) - math.log(failure) / width
    share = (exponent / (2 * steps - 1)) ** 2
    return ritz / (1 - share) if share < 1 else math.inf
