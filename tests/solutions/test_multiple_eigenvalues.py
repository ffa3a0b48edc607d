"""The top of a spectrum with a multiple eigenvalue: LAPACK's subset routines may return fewer pairs than asked for."""

import numpy as np
import pytest
import scipy.linalg

from linrep._linalg import top_eigenpairs
from linrep.solutions._compression import compress
from linrep.solutions._spectrum import gram_spectrum
from tests.solutions.test_corners import turned
from tests.tolerances import eigenvalue_budget


def nearly_identity(order: int, seed: int) -> np.ndarray:
    """V.T V for orthonormal columns V: the identity, up to rounding."""
    vectors = scipy.linalg.qr(np.random.default_rng(seed).standard_normal((order + 1, order + 1)))[0][:, 1:]
    product = vectors.T @ vectors
    return (product + product.T) / 2


def test_the_trap_is_there():
    """If it ever goes, `top_eigenpairs` may be simplified."""
    found = [scipy.linalg.eigh(nearly_identity(31, seed), subset_by_index=[29, 30])[0].size for seed in range(50)]
    assert min(found) < 2


@pytest.mark.parametrize("order", [1, 5, 31, 64])
@pytest.mark.parametrize("count", [0, 1, 2, 40])
def test_as_many_pairs_as_were_asked_for(order: int, count: int):
    for seed in range(20):
        matrix = nearly_identity(order, seed)
        values, vectors = top_eigenpairs(matrix, count)
        wanted = min(count, order)
        assert (values.shape, vectors.shape) == ((wanted,), (order, wanted))
        assert np.abs(values - 1).max(initial=0) <= eigenvalue_budget(order)
        assert np.abs(vectors.T @ vectors - np.eye(wanted)).max(initial=0) <= eigenvalue_budget(order)
        assert np.abs(matrix @ vectors - vectors).max(initial=0) <= eigenvalue_budget(order)


@pytest.mark.parametrize("count", [1, 3, 12])
def test_a_partial_spectrum_keeps_its_ties(count: int):
    moments = turned([1.0] * 30 + [0.5, 0.25])
    values = gram_spectrum(moments, count=count).values
    assert values.shape == (count,)
    assert np.abs(values - 1).max() <= eigenvalue_budget(32)


def test_a_compression_inside_a_tie_keeps_the_tie():
    found = gram_spectrum(turned([1.0] * 32))
    normal = np.full((32, 1), 32**-0.5)
    assert np.abs(compress(found, normal, 2).values - 1).max() <= eigenvalue_budget(32)
