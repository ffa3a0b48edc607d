"""Executed lower bound: same loss, and an error that brute force confirms."""

from fractions import Fraction

import jax
import numpy as np
import pytest
import scipy.optimize
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from linrep._checks import InputError
from linrep.labels import Coordinate
from linrep.processes import FiniteProcess
from linrep.risks import zero_one
from linrep.witnesses import counting_floor, shuffled
from linrep.witnesses._counting import sign_patterns
from linrep.witnesses._dichotomies import dichotomies, hostile
from tests.tolerances import eigenvalue_budget, sum_budget

KEY = jax.random.key(0)


def disjoint(count: int) -> FiniteProcess:
    """N equally likely inputs with two views each, seen with probabilities 1/4 and 3/4."""
    return FiniteProcess(np.ones(count, dtype=int), np.kron(np.eye(count, dtype=int), [[1, 3]]))


def minimiser(labels: np.ndarray, dim: int, seed: int = 0) -> np.ndarray:
    """sqrt(N) times the rows of an (N, d) matrix with orthonormal columns that span the labels: error 0, loss -d."""
    rest = np.random.default_rng(seed).standard_normal((len(labels), dim - 1))
    return np.linalg.qr(np.column_stack([labels, rest]))[0] * np.sqrt(len(labels))


def loss_by_sums(process: FiniteProcess, values: np.ndarray) -> float:
    """The spectral loss from its definition: sums over positive and over independent pairs of views."""
    inner = values @ values.T
    marginal = process.marginal
    return float(-2 * np.sum(process.pair_law * inner) + marginal @ inner**2 @ marginal)


def planar_error(points: np.ndarray, labels: np.ndarray) -> Fraction:
    """Least 0-1 error in the plane, from directions just before and after each point's normal."""
    normals = np.concatenate([np.arctan2(*points.T) + turn for turn in (0.0, np.pi)])
    gaps = np.diff(np.sort(normals % np.pi))
    tilt = gaps[gaps > eigenvalue_budget(len(points))].min() / 2
    angles = np.concatenate([normals - tilt, normals + tilt])
    scores = np.stack([-np.cos(angles), np.sin(angles)], axis=1) @ points.T
    return Fraction(int((scores * labels <= 0).sum(axis=1).min()), len(points))


def test_spurious_minimiser_of_sixteen_inputs():
    process, labels = disjoint(16), np.repeat([1, -1], 8)
    perfect = minimiser(labels, 2)
    assert zero_one(process, perfect, labels).upper == 0
    witness = shuffled(process, np.repeat(perfect, 2, axis=0), labels, KEY)
    floor = counting_floor(16, 2)
    assert floor == Fraction(1, 4)
    assert witness.error.exact
    assert witness.error.lower >= floor
    assert witness.error.lower == planar_error(perfect[witness.permutation], labels)
    assert abs(witness.loss_before + 2) <= sum_budget(32)
    assert abs(witness.loss_after - witness.loss_before) <= sum_budget(32)
    assert sorted(witness.permutation) == list(range(16))
    assert abs(loss_by_sums(process, witness.values) - witness.loss_after) <= sum_budget(32, 2.0)


@given(st.integers(1, 5), st.integers(1, 3), st.integers(0, 10**6))
@settings(max_examples=25)
def test_loss_never_rises_and_the_floor_is_reached(half: int, dim: int, seed: int):
    rng, process = np.random.default_rng(seed), disjoint(2 * half)
    labels = rng.permutation(np.repeat([1, -1], half))
    values = rng.integers(-4, 5, (process.n_views, dim))
    witness = shuffled(process, values, labels, KEY)
    size = float(np.sum(values.astype(float) ** 2)) ** 2
    assert witness.loss_after <= witness.loss_before + sum_budget(process.n_views, max(1.0, size))
    assert witness.error.exact
    assert witness.error.lower >= counting_floor(2 * half, dim)
    assert isinstance(witness.error.lower, Fraction)


def test_the_average_and_the_shuffle_are_exact_on_exact_values():
    process, labels = disjoint(4), [1, -1, 1, -1]
    values = np.array([[1], [2], [3], [4], [5], [6], [7], [8]])
    witness = shuffled(process, values, labels, KEY)
    means = [Fraction(7, 4) + 2 * i for i in range(4)]
    assert witness.values[:, 0].tolist() == [means[i] for i in np.repeat(witness.permutation, 2)]


def test_sparse_channel_gives_the_same_witness():
    process, labels = disjoint(8), np.tile([1, -1], 4)
    sparse = FiniteProcess(np.ones(8, dtype=int), scipy.sparse.csr_array(np.kron(np.eye(8, dtype=int), [[1, 3]])))
    values = np.random.default_rng(1).integers(-5, 6, (16, 2))
    first, second = (shuffled(p, values, labels, KEY) for p in (process, sparse))
    assert first.permutation.tolist() == second.permutation.tolist()
    assert first.error == second.error


def test_sixty_four_inputs_reach_the_floor():
    process, labels = disjoint(64), np.repeat([1, -1], 32)
    witness = shuffled(process, np.repeat(minimiser(labels, 3), 2, axis=0), labels, KEY)
    assert witness.error.lower >= counting_floor(64, 3)


def test_a_constant_zero_representation_errs_everywhere():
    witness = shuffled(disjoint(4), np.zeros((8, 2)), [1, -1, 1, -1], KEY)
    assert (witness.error.lower, witness.loss_after) == (1, 0)


def test_planted_non_uniform_prior_breaks_the_invariance():
    # The refusal is needed: exchanging the values of inputs of unequal probability changes the loss.
    process = FiniteProcess([1, 3], np.eye(2, dtype=int))
    values = np.array([[1.0], [0.0]])
    assert loss_by_sums(process, values) != loss_by_sums(process, values[::-1])


BAD = {
    "belongs to two inputs": (FiniteProcess([1, 1], [[1, 1], [0, 1]]), np.ones((2, 1)), [1, -1]),
    "prior is not uniform": (FiniteProcess([1, 3], np.eye(2, dtype=int)), np.ones((2, 1)), [1, -1]),
    "1 of 3 labels": (FiniteProcess([1, 1, 1], np.eye(3, dtype=int)), np.ones((3, 1)), [1, -1, -1]),
    "2 of 2 labels": (FiniteProcess([1, 1], np.eye(2, dtype=int)), np.ones((2, 1)), [1, 1]),
    "a label is 0.5": (FiniteProcess([1, 1], np.eye(2, dtype=int)), np.ones((2, 1)), [0.5, -0.5]),
    "other than -1 and": (FiniteProcess([1, 1], np.eye(2, dtype=int)), np.ones((2, 1)), Coordinate(0)),
    "has 3 rows": (FiniteProcess([1, 1], np.eye(2, dtype=int)), np.ones((3, 1)), [1, -1]),
    "non-finite": (FiniteProcess([1, 1], np.eye(2, dtype=int)), np.array([[np.nan], [1.0]]), [1, -1]),
}


@pytest.mark.parametrize("message", BAD)
def test_bad_input_is_refused(message: str):
    with pytest.raises(InputError, match=message):
        shuffled(*BAD[message], KEY)


def realisable(points: np.ndarray, pattern: np.ndarray) -> bool:
    """Whether some w has w.x of the sign of each non-zero entry of a pattern, by linear programming."""
    decided = pattern != 0
    rows = -(pattern[decided, None] * points[decided])
    bounds = [(None, None)] * points.shape[1]
    return scipy.optimize.linprog(np.zeros(points.shape[1]), rows, -np.ones(len(rows)), bounds=bounds).status == 0


@given(st.integers(2, 7), st.integers(1, 3), st.integers(0, 10**6))
def test_every_dichotomy_is_linear(count: int, dim: int, seed: int):
    rng = np.random.default_rng(seed)
    points = rng.integers(-2, 3, (count, dim)).astype(float)
    assert all(realisable(points, pattern) for pattern in dichotomies(points, rng))


@pytest.mark.parametrize(("count", "dim"), [(9, 1), (9, 2), (9, 3), (7, 4), (5, 7)])
def test_all_dichotomies_in_general_position(count: int, dim: int):
    rng = np.random.default_rng(3)
    found = dichotomies(rng.standard_normal((count, dim)), rng)
    assert 2 * len(found) == sign_patterns(count, dim)


def test_descent_beats_the_start_and_counts_agreement():
    rng = np.random.default_rng(4)
    patterns = dichotomies(rng.standard_normal((20, 2)), rng)
    labels = np.where(np.arange(20) % 2 == 0, 1, -1)
    arranged, agreement = hostile(patterns, labels, rng)
    assert sorted(arranged) == sorted(labels)
    assert agreement == int(np.max((20 + np.abs(patterns @ arranged)) / 2))
    assert agreement <= 20 * (1 - counting_floor(20, 2))
