"""Corners of the sparse solver that a mutation test found unwatched."""

import itertools

import numpy as np
import pytest
import scipy.sparse as sp

import linrep as lr
from linrep._linalg import gram_rank_tolerance, spectral_error
from linrep.solutions._components import parts_of, small_pairs
from linrep.solutions._gram_operator import GramOperator, gram_operator, oriented_channel
from linrep.solutions._lanczos import orthonormalised
from linrep.solutions._random_block import ritz_values
from linrep.solutions._recheck import MOST_ROUNDS, Leading, Task, _explore
from linrep.solutions._sparse import _standing, _tied_length, check_memory
from linrep.solutions._sparse_solution import tied_range
from tests.solutions.test_sparse import check, clusters, truth
from tests.tolerances import eigenvalue_budget


@pytest.mark.parametrize("parts", [2, 3])
def test_components_that_are_interleaved(parts: int):
    """Inputs and views of the components in any order: sorting them is the solver's business."""
    process, rng = clusters(600, 1800, parts=parts, weight=0.0), np.random.default_rng(0)
    mixed = lr.processes.relabel(process, inputs=rng.permutation(600), views=rng.permutation(process.n_views))
    solution = lr.solutions.sparse(mixed, dim=6)
    assert solution.n_components == parts
    check(mixed, solution, truth(mixed))


def test_eigenvalues_tie_within_the_errors_of_both_and_no_further():
    """Those at 1 are counted by the components; below, numbers 2 and 3 are apart by the sum of their errors."""
    error = 2.0**-20
    values, errors = np.array([1.0, 0.5, 0.5 - 3 * error, 0.5 - 7 * error]), error * np.array([0.0, 1.0, 2.0, 1.0])
    assert [tied_range(values, dim, 1, errors) for dim in (1, 2, 3, 4, 5)] == [(0, 1), (1, 3), (1, 3), (3, 4), (5, 5)]


@pytest.mark.parametrize(
    ("values", "finished", "rest", "standing"),
    [
        ([1.0, 0.5, 0.5], True, 0.0, "unresolved"),  # the tie may go on
        ([1.0, 2.0**-21, 2.0**-21], True, 0.0, "checked"),  # zeros within their errors tie without consequence
        ([1.0, 0.5, 0.25], True, 0.25, "certified"),
        ([1.0, 0.5, 0.25], True, 0.75, "checked"),
        ([1.0, 0.5, 0.25], False, 0.25, "unresolved"),
    ],
)
def test_what_is_said_of_an_answer(values: list[float], finished: bool, rest: float, standing: str):
    large = Leading(np.zeros(2), np.zeros((3, 2)), np.zeros(2), 0.0, rest, finished, 0)
    assert _standing(np.array(values), 2, 2.0**-20 * np.array([0.0, 1.0, 1.0]), 1, large, rest) == standing
    assert _standing(np.array(values), 2, np.zeros(3), 1, None, rest) == "exact"


def test_small_components_beside_a_large_one():
    """Eigenpairs of both kinds among the leading ones, and each in its place."""
    joined = sp.csr_array(
        sp.block_diag([clusters(n, m, parts=p, weight=0.0).channel for n, m, p in ((30, 90, 3), (300, 900, 1))])
    )
    process = lr.processes.FiniteProcess(np.full(330, 1 / 330), joined)
    for dim in (6, 12, 24):
        check(process, lr.solutions.sparse(process, dim=dim), truth(process))


def test_the_memory_that_is_asked_for():
    """60 bytes an entry (folded copies while they are made), and columns: 5 (d + 1), 16 half blocks of 8, 4 blocks."""
    process = clusters(60, 300, parts=1, weight=0.0)
    entries = 60 * process.channel.nnz
    for dim, needed in ((1, entries), (3, entries + 8 * 60 * (5 * 4 + 128 + 32))):
        check_memory(process, dim, needed)
        with pytest.raises(lr.InputError, match="GB would be needed"):
            check_memory(process, dim, needed - 1)


def test_directions_that_nearly_agree_lose_no_orthogonality_whatever_the_smallest_entry():
    """Two columns a trillionth apart: the second is divided by that, with its rounding along the basis."""
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.standard_normal((40, 5)))[0]
    first, second = rng.standard_normal((2, 40))
    block = np.stack([first, first + 2.0**-40 * second], axis=1)
    block[0] = 0.0
    joined = np.concatenate([basis, orthonormalised(basis, block)[0]], axis=1)
    assert np.abs(joined.T @ joined - np.eye(7)).max() <= eigenvalue_budget(40)


def test_the_small_components_state_the_error_of_a_dense_decomposition():
    parts = parts_of(clusters(30, 90, parts=3, weight=0.0))
    assert set(small_pairs(parts, 2).residuals) == {spectral_error(n, 1.0) for n in np.diff(parts.starts)}


def test_the_eigenvalues_that_are_kept_reach_one_below_the_tie():
    values = np.array([0.5, 0.5, 0.25, 0.125])
    assert [_tied_length(values, place, np.zeros(4)) for place in (1, 2, 3, 4, 5)] == [3, 3, 4, 5, 4]


def test_the_search_tells_how_many_products_it_took_and_no_end():
    process, said = clusters(600, 3000, parts=3, weight=1e-6), []
    lr.solutions.sparse(process, dim=8, progress=lambda *report: said.append(report))
    assert {total for stage, _, total in said if stage == "iterate"} == {0}
    assert {(done, total) for stage, done, total in said if stage == "check"} == {(1, MOST_ROUNDS)}


def diagonal_operator(diagonal: np.ndarray) -> GramOperator:
    """A Gram operator that is diagonal: every column has one entry."""
    return gram_operator(sp.csr_array(sp.diags_array(np.sqrt(diagonal))))


def explored(values: list[float], places: list[int]) -> tuple[float, float, int]:
    """What the check sees, excludes and spends on diag(0.9, 0.4, then 0.3 down to 0), given unit vectors as answer."""
    diagonal = np.concatenate([[0.9, 0.4], np.linspace(0.3, 0.0, 398)])
    operator = diagonal_operator(diagonal)
    task = Task(operator, sp.csr_array((400, 0)), 2, 1e-8, lambda *_: None)
    return _explore(task, np.array(values), np.eye(400)[:, places], 1)


def test_a_check_goes_on_until_it_can_exclude_what_is_larger_than_the_last_one():
    seen, bound, steps = explored([0.9, 0.4], [0, 1])
    assert 0.25 <= seen <= 0.3 + eigenvalue_budget(400)
    assert 0.3 <= bound <= 0.4
    assert steps > 1


def test_a_check_stops_where_it_sees_a_larger_one():
    seen, bound, steps = explored([0.9, 0.15], [0, 201])
    assert seen > 0.15
    assert bound == 1.0
    assert steps <= 3


def test_the_check_keeps_two_vectors_and_sees_what_a_full_basis_sees():
    """The largest Ritz values after each step, beside a basis of the same space orthogonalised in full."""
    operator = gram_operator(oriented_channel(clusters(600, 3000, parts=3, weight=1.0))[0])
    vector = np.random.default_rng(0).standard_normal((600, 1))
    dense = operator(np.eye(600))
    basis = np.linalg.qr(vector)[0]
    for value in itertools.islice(ritz_values(operator, lambda x: x, vector), 12):
        assert abs(value - np.linalg.eigvalsh(basis.T @ dense @ basis)[-1]) <= eigenvalue_budget(600)
        basis = np.linalg.qr(np.concatenate([basis, dense @ basis[:, -1:]], axis=1))[0]


def test_a_check_ends_where_random_vectors_have_seen_everything():
    """Rank 5 beyond the answer: with the part at 0, six steps span all that a vector reaches."""
    values = np.concatenate([[0.9], np.linspace(0.5, 0.1, 5), np.zeros(394)])
    task = Task(diagonal_operator(values), sp.csr_array((400, 0)), 1, 1e-8, lambda *_: None)
    seen, bound, steps = _explore(task, values[:1], np.eye(400)[:, :1], 1)
    assert steps <= 7
    assert abs(seen - 0.5) <= eigenvalue_budget(400)
    assert seen <= bound <= seen + 2 * gram_rank_tolerance(400, 1.0)
    whole = _explore(task, values, np.eye(400), 1)
    assert whole[0] == whole[2] == 0
