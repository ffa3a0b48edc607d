"""Bases and eigenvalues along a batch against NumPy, one matrix at a time: dependent columns, ties, zeros, grades."""

import jax.numpy as jnp
import numpy as np
import pytest

from linrep.batched._orthogonal import LARGEST_ROTATED, largest, orthonormal, right_vectors
from tests.tolerances import eigenvalue_budget

ROWS = 10


def matrices(order: int) -> np.ndarray:
    """(count, ROWS, order): generic, with a repeated and a zero column, with tied singular values, graded, zero."""
    generator = np.random.default_rng(order)
    generic = generator.standard_normal((ROWS, order))
    deficient = generic.copy()
    deficient[:, 1], deficient[:, 2] = 2 * generic[:, 0], 0.0
    left = np.linalg.qr(generic)[0]
    right = np.linalg.qr(generator.standard_normal((order, order)))[0]
    tied = left * np.repeat([1.0, 0.5], [order - 2, 2]) @ right
    graded = left * 10.0 ** -np.arange(order) @ right
    return np.stack([generic, deficient, left, tied, graded, np.zeros((ROWS, order))])


def along(table: np.ndarray) -> jnp.ndarray:
    return jnp.asarray(np.moveaxis(table, 0, -1))


@pytest.mark.parametrize("order", [3, 6, LARGEST_ROTATED, LARGEST_ROTATED + 1])
def test_right_vectors_diagonalise_in_descending_order(order: int):
    table = matrices(order)
    found = np.moveaxis(np.asarray(right_vectors(along(table))), -1, 0)
    for matrix, vectors in zip(table, found, strict=True):
        gram = matrix.T @ matrix
        budget = eigenvalue_budget(order + ROWS, max(float(np.trace(gram)), 1.0))
        values = np.linalg.eigvalsh(gram)[::-1]
        assert np.all(np.abs(vectors.T @ vectors - np.eye(order)) <= budget)
        assert np.all(np.abs(vectors.T @ gram @ vectors - np.diag(values)) <= budget)


@pytest.mark.parametrize("order", [3, 6, LARGEST_ROTATED + 1])
def test_orthonormal_bases_span_the_columns_and_no_more(order: int):
    table = matrices(order)
    found = orthonormal(along(table))
    for i, matrix in enumerate(table):
        basis, condition = np.asarray(found.columns[..., i]), float(found.condition[i])
        budget = eigenvalue_budget(order + ROWS, max(float(np.abs(matrix).max()), 1.0)) * condition
        kept = np.linalg.norm(basis, axis=0) > 0
        assert kept.sum() == np.linalg.matrix_rank(matrix)
        assert np.all(np.abs(basis.T @ basis - np.diag(kept)) <= budget)
        assert np.all(np.abs(matrix - basis @ (basis.T @ matrix)) <= budget)
        if kept.all():
            scaled = matrix / np.linalg.norm(matrix, axis=0)
            assert np.linalg.cond(scaled) <= condition * (1 + budget)


@pytest.mark.parametrize("order", [1, 2, 6, 8])
def test_largest_eigenvalues_are_those_of_lapack_and_zero_beyond_the_order(order: int):
    generator = np.random.default_rng(order)
    table = generator.standard_normal((5, order, order))
    table[1] = np.eye(order)
    table[2, :, 0] = 0.0
    gram = table.swapaxes(1, 2) @ table
    places = tuple(range(order + 1))
    found = np.asarray(largest(along(gram), places)).T
    for matrix, values in zip(gram, found, strict=True):
        wanted = np.append(np.linalg.eigvalsh(matrix)[::-1], 0.0)
        assert np.all(np.abs(values - wanted) <= eigenvalue_budget(order, max(float(np.trace(matrix)), 1.0)))
