"""Sparse solutions beside dense decompositions; missed eigenvectors planted and found."""

import numpy as np
import pytest
import scipy.sparse as sp
import scipy.sparse.linalg as sla

import linrep as lr
from linrep._checks import InputError
from linrep.solutions import _recheck
from linrep.solutions._components import parts_of
from linrep.solutions._gram_operator import FOLDED, gram_operator, oriented_channel
from linrep.solutions._lanczos import advance, iterate, orthonormalised, restart, started
from linrep.solutions._recheck import Task, leading_pairs, random_start_bound, weakly_joined
from tests.tolerances import eigenvalue_budget, rounding, sum_budget

TOLERANCE = 1e-8  # the default residual of `sparse`


def clusters(inputs: int, views: int, *, parts: int, weight: float, degree: int = 6, seed: int = 0):
    """Exactly `parts` clusters in a ring, each joined to the next by entries of a relative weight."""
    rng = np.random.default_rng(seed)
    part, span = np.arange(inputs) * parts // inputs, views // parts
    near = part[:, None] * span + rng.integers(0, span, (inputs, degree))
    far = (part + 1) % parts * span + rng.integers(0, span, inputs)
    columns = np.concatenate([near, far[:, None]], axis=1)
    weights = np.concatenate([rng.integers(1, 6, near.shape).astype(float), np.full((inputs, 1), weight)], axis=1)
    rows = np.repeat(np.arange(inputs), degree + 1)
    table = sp.csr_array(sp.coo_array((weights.ravel(), (rows, columns.ravel())), shape=(inputs, views)))
    table = sp.csr_array(sp.diags_array(1 / np.asarray(table.sum(axis=1)).ravel()) @ table)
    return lr.processes.FiniteProcess(np.full(inputs, 1 / inputs), table)


def truth(process) -> np.ndarray:
    table = process.normalized.toarray()
    return np.clip(
        np.linalg.eigvalsh(table @ table.T if process.n_inputs <= process.n_views else table.T @ table)[::-1], 0, 1
    )


def check(process, solution, expected: np.ndarray) -> None:
    """The top d are right within the error that the solution states, and so are the vectors."""
    count = min(solution.dim, solution.values.size)
    off = np.abs(solution.values - expected[: solution.values.size])
    assert np.all(off <= solution.errors + eigenvalue_budget(count))
    assert solution.residuals.max() <= TOLERANCE + rounding(1)
    left, right = solution.input_vectors(count), solution.view_vectors(count)
    image = process.normalized @ right
    allowed = solution.residuals.max() / np.sqrt(solution.values[:count]) + eigenvalue_budget(count)
    assert np.all(np.linalg.norm(image - left * np.sqrt(solution.values[:count]), axis=0) <= allowed)
    beyond = expected[solution.values.size] if solution.values.size < expected.size else 0.0
    assert beyond <= solution.rest + eigenvalue_budget(count)
    loss = -float(np.sum(expected[: solution.dim] ** 2))
    assert abs(solution.loss - loss) <= solution.objective_error + sum_budget(solution.dim)


@pytest.mark.parametrize(
    ("inputs", "views", "parts", "weight"),
    [
        (900, 5000, 40, 0.0),  # many small components
        (900, 5000, 2, 0.0),  # large components
        (900, 5000, 1, 1.0),
        (900, 400, 5, 0.5),  # views are fewer
    ],
)
@pytest.mark.parametrize("dim", [3, 30, 45])
def test_against_a_dense_decomposition(inputs: int, views: int, parts: int, weight: float, dim: int):
    process = clusters(inputs, views, parts=parts, weight=weight)
    solution, expected = lr.solutions.sparse(process, dim=dim), truth(process)
    check(process, solution, expected)
    assert solution.standing != "unresolved"
    if dim < process.n_components:
        assert solution.standing == "exact"
        assert solution.tie == (process.n_components, dim, 1.0)
        assert sp.issparse(solution.vectors)
    if solution.gap:
        assert abs(solution.gap - (expected[dim - 1] - expected[dim])) <= 2 * solution.errors.max()


def test_nearly_all_eigenvalues_beyond_the_rank():
    """Two inputs of each pair share all their views: half of the eigenvalues are zero, and d exceeds what there is."""
    base = clusters(300, 1500, parts=1, weight=1.0)
    process = lr.processes.FiniteProcess(np.full(600, 1 / 600), sp.csr_array(sp.vstack([base.channel] * 2)))
    expected = truth(process)
    for dim in (200, 400, 700):
        solution = lr.solutions.sparse(process, dim=dim, labels=np.ones(600))
        count = min(dim, solution.values.size)
        assert np.all(
            np.abs(solution.values - expected[: solution.values.size]) <= solution.errors + eigenvalue_budget(600)
        )
        assert abs(solution.loss + float(np.sum(expected[:dim] ** 2))) <= solution.objective_error + sum_budget(count)
        assert np.isfinite(solution.weights).all()
        assert solution.weights.shape == (process.n_views, dim)
        assert abs(solution.risk_range("mean").highest) <= eigenvalue_budget(600)


@pytest.mark.parametrize("weight", [1e-3, 1e-6, 1e-9, 1e-12])
@pytest.mark.parametrize("dim", [64, 80])
def test_no_multiplicity_is_missed_among_nearly_disconnected_parts(weight: float, dim: int):
    process = clusters(720, 3600, parts=72, weight=weight)
    solution, expected = lr.solutions.sparse(process, dim=dim), truth(process)
    check(process, solution, expected)
    assert solution.n_components == 1


def test_what_a_krylov_peer_misses():
    """ARPACK's residuals are small, its top 64 is wrong: the planted failure that the checks exist for."""
    process = clusters(720, 3600, parts=72, weight=1e-9)
    matrix, expected = process.normalized, truth(process)
    gram = sla.LinearOperator((720, 720), matvec=lambda x: matrix @ (matrix.T @ x), dtype=np.float64)
    values, vectors = sla.eigsh(gram, k=72, tol=1e-8, v0=np.random.default_rng(0).standard_normal(720))
    assert np.linalg.norm(matrix @ (matrix.T @ vectors) - vectors * values, axis=0).max() <= 10 * TOLERANCE
    assert values.min() < expected[71] - 1e-3
    check(process, lr.solutions.sparse(process, dim=72), expected)


def test_a_missed_eigenvector_is_found_by_the_fresh_block(monkeypatch: pytest.MonkeyPatch):
    """Hand the check an answer without its third, fifth and sixth eigenvector: it must bring them back."""
    process = clusters(600, 3000, parts=3, weight=1.0)
    operator = gram_operator(oriented_channel(process)[0])
    known = parts_of(process).constants(np.arange(1))
    task = Task(operator, known, 6, TOLERANCE, lambda *_: None)
    left, values, _ = np.linalg.svd(process.normalized.toarray())
    places = np.array([1, 2, 4, 7, 8, 9])
    planted = (values[places] ** 2, left[:, places], np.zeros(6), 0)
    monkeypatch.setattr(_recheck, "_first", lambda _: planted)
    found = leading_pairs(task)
    assert found.finished
    assert np.abs(found.values - values[1:7] ** 2).max() <= TOLERANCE
    assert found.seen <= values[7] ** 2 + eigenvalue_budget(600)
    assert found.bound >= values[7] ** 2


def test_labels_and_ties_against_the_dense_route():
    process = clusters(300, 1500, parts=12, weight=0.0)
    labels = np.where(np.random.default_rng(3).random(300) < 0.5, 1, -1)
    moments = lr.moments.population(process, lr.features.OneHot(), labels)
    dense = lr.solve(moments, dim=5)
    for dim in (5, process.n_components, process.n_components + 4):
        ours, expected = (
            lr.solutions.sparse(process, dim=dim, labels=labels),
            lr.solutions.minimisers(dense.spectrum, dim=dim),
        )
        assert ours.tie is None if expected.tie is None else ours.tie[:2] == expected.tie[:2]
        for readout in ("augmented", "mean"):
            pairs = zip(ours.risk_range(readout), expected.risk_range(readout), strict=True)
            assert max(abs(a - b) for a, b in pairs) <= eigenvalue_budget(300 * dim)
        weights = ours.weights
        assert abs(lr.losses.spectral(moments, weights) - expected.loss) <= eigenvalue_budget(300 * dim)


def test_copies_of_one_component_tie():
    """Equal components have equal eigenvalues below 1: every copy is counted."""
    block = np.random.default_rng(0).integers(0, 4, (6, 9)) + np.eye(6, 9, dtype=int)
    table = sp.csr_array(sp.block_diag([block] * 150))
    process = lr.processes.FiniteProcess(np.ones(900, dtype=int), sp.csr_array(table.astype(np.int64)))
    solution = lr.solve(process, dim=200)
    assert isinstance(solution, lr.solutions.SparseSolution)
    assert solution.standing == "exact"
    assert solution.tie is None or solution.tie[:2] == (150, 50)


def test_an_open_tie_is_called_unresolved(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("linrep.solutions._sparse.MOST_TIED", 2)
    process = clusters(720, 3600, parts=72, weight=1e-12)
    solution = lr.solutions.sparse(process, dim=20)
    assert solution.standing == "unresolved"
    assert solution.tie is None
    with pytest.raises(InputError, match="told apart"):
        solution.risk_range("mean")


def test_too_little_memory_is_refused_before_starting():
    process = clusters(600, 3000, parts=3, weight=1.0)
    with pytest.raises(InputError, match="GB would be needed"):
        lr.solutions.sparse(process, dim=8, memory=1e5)


def test_the_same_answer_twice_and_progress():
    process, said = clusters(600, 3000, parts=3, weight=1.0), []
    first, second = (
        lr.solutions.sparse(process, dim=8, progress=lambda *report: said.append(report)) for _ in range(2)
    )
    assert (first.vectors == second.vectors).all()
    assert {stage for stage, _, _ in said} >= {"check"}


@pytest.mark.parametrize("width", [1, 3, 8])
def test_the_operator_is_the_gram_matrix(width: int):
    process = clusters(300, 900, parts=3, weight=0.5)
    operator = gram_operator(oriented_channel(process)[0])
    dense = process.normalized.toarray() @ process.normalized.toarray().T
    block = np.random.default_rng(0).standard_normal((300, width))
    assert np.abs(operator(block) - dense @ block).max() <= sum_budget(30, 4.0)
    assert np.abs(operator(block[:, 0]) - dense @ block[:, 0]).max() <= sum_budget(30, 4.0)
    degrees = np.bincount(process.normalized.indices, minlength=900)
    lengths = np.diff(operator.across.indptr)
    assert lengths.size > 0
    assert (lengths == np.sort(degrees[degrees > FOLDED])).all()
    pairs = operator.folded.nnz - (operator.folded.diagonal() > 0).sum()
    assert 0 < pairs <= sum(k * (k - 1) * (degrees == k).sum() for k in range(2, FOLDED + 1))


def test_lanczos_projects_and_restarts():
    """After steps and a restart the basis is orthonormal, and the projected matrix is that of the operator."""
    rng = np.random.default_rng(0)
    root = rng.standard_normal((60, 80)) / 9
    dense, empty = root @ root.T, np.zeros(0)
    state = started(60, 24, rng.standard_normal((60, 3)), (np.zeros((60, 0)), empty, empty))
    for _ in range(7):
        advance(state, lambda x: dense @ x)
    restart(state, 9)
    advance(state, lambda x: dense @ x)
    basis = state.basis[:, : state.size]
    assert np.abs(basis.T @ basis - np.eye(state.size)).max() <= eigenvalue_budget(60)
    projected = state.projected[: state.size, : state.size]
    assert np.abs(basis.T @ dense @ basis - projected).max() <= eigenvalue_budget(60, 10.0)
    *_, (values, coordinates, residuals) = iterate(state, lambda x: dense @ x, 4, 1e-9, 10**5)
    vectors = state.basis[:, : coordinates.shape[0]] @ coordinates
    actual = np.linalg.norm(dense @ vectors - vectors * values, axis=0)
    assert np.abs(actual - residuals).max() <= eigenvalue_budget(60, 10.0)
    assert np.abs(values - np.linalg.eigvalsh(dense)[::-1][:4]).max() <= eigenvalue_budget(60, 10.0)


def test_dependent_directions_are_replaced():
    basis = np.linalg.qr(np.random.default_rng(0).standard_normal((40, 5)))[0]
    block = np.concatenate([basis[:, :2] @ np.ones((2, 1)), np.random.default_rng(1).standard_normal((40, 1))], axis=1)
    fresh, coefficients, coupling = orthonormalised(basis, block)
    joined = np.concatenate([basis, fresh], axis=1)
    assert np.abs(joined.T @ joined - np.eye(7)).max() <= eigenvalue_budget(40)
    assert np.abs(basis @ coefficients + fresh @ coupling - block).max() <= eigenvalue_budget(40, 10.0)


def test_weak_entries_are_told_from_strong_ones():
    operator = gram_operator(oriented_channel(clusters(720, 3600, parts=72, weight=1e-6))[0])
    strict = gram_operator(oriented_channel(clusters(720, 3600, parts=72, weight=0.0))[0])
    parts, expected = (weakly_joined(o.source) for o in (operator, strict))
    assert parts.max() == expected.max() >= 71
    assert weakly_joined(oriented_channel(clusters(600, 900, parts=2, weight=2.0))[0]).max() == 0


def test_the_bound_from_a_random_start_holds():
    """On a matrix with one large eigenvalue among many: the bound is above it in every one of 200 trials."""
    values = np.concatenate([[1.0], np.full(199, 0.9)])
    for trial in range(200):
        start = np.random.default_rng(trial).standard_normal((200, 1))
        krylov = np.linalg.qr(np.stack([values**k * start[:, 0] for k in range(3)], axis=1))[0]
        ritz = float(np.linalg.eigvalsh(krylov.T @ (values[:, None] * krylov))[-1])
        assert random_start_bound(ritz, 200, 3, 1e-6) >= 1.0
    assert random_start_bound(0.5, 10**6, 1, 1e-6) == np.inf
    assert random_start_bound(0.5, 200, 200, 1e-6) < 0.51
