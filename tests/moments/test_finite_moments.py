"""Moments of finite processes: sums written out by hand, in Fractions and in floats."""

from fractions import Fraction

import jax
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from linrep import InputError, features, moments
from linrep.processes import FiniteProcess, LatentClasses, PixelNoise, random_process
from tests.tolerances import sum_budget

FIELDS = ("sigma", "sigma_bar", "cross", "label_sq", "mean", "label_mean")
KINDS = st.sampled_from(["generic", "disjoint", "class_conditional"])


def by_hand(process: FiniteProcess, phi: np.ndarray, targets: np.ndarray) -> dict[str, np.ndarray]:
    """Sums over input, view and positive view, as the definitions say; targets (n_bar, r)."""
    prior, channel = process.weights.prior_fractions(), process.weights.channel_fractions()
    zero = Fraction(0)
    sums = dict.fromkeys(FIELDS, zero)
    for weight, row, y in zip(prior, channel, targets, strict=True):
        sums["label_sq"] += weight * sum(y * y)
        sums["label_mean"] = sums["label_mean"] + weight * y
        for p, x in zip(row, phi, strict=True):
            sums["sigma"] = sums["sigma"] + weight * p * np.outer(x, x)
            sums["cross"] = sums["cross"] + weight * p * np.outer(x, y)
            sums["mean"] = sums["mean"] + weight * p * x
            for q, other in zip(row, phi, strict=True):
                sums["sigma_bar"] = sums["sigma_bar"] + weight * p * q * np.outer(x, other)
    return sums


@given(st.integers(0, 10**6), KINDS, st.booleans())
def test_sums_agree_with_the_definitions(seed, kind, one_hot):
    p = random_process(jax.random.key(seed), 3, 4, kind)
    rng = np.random.default_rng(seed)
    table = rng.integers(-2, 3, size=(4, 3))
    phi = features.OneHot() if one_hot else features.Custom(lambda v: table[v], 3)
    targets = rng.integers(-2, 3, size=(3, 2))
    expected = by_hand(p, phi.exact(p.views), targets.astype(object))
    exact, rounded = moments.rational(p, phi, targets), moments.population(p, phi, targets)
    for name in FIELDS:
        assert np.array_equal(getattr(exact, name), expected[name])
        budget = sum_budget(3 * 4 * 4, 4.0)  # terms of modulus at most 4
        assert np.max(np.abs(getattr(rounded, name) - np.asarray(expected[name]).astype(float))) <= budget
    factors = rounded.factors
    assert np.array_equal(factors.views.T @ factors.views, rounded.sigma)
    assert np.array_equal(factors.means.T @ factors.means, rounded.sigma_bar)


def test_one_output_gives_a_vector():
    p = FiniteProcess([1, 1], [[1, 0], [0, 1]], views=[-1, 1])
    exact = moments.rational(p, features.Linear(), [1, -1])
    assert exact.cross.tolist() == [-1]
    assert (exact.label_sq, exact.label_mean) == (1, 0)
    assert moments.population(p, features.Linear(), [1, -1]).cross.shape == (1,)
    assert moments.population(p, features.Linear(), [0, 1]).cross.shape == (1, 2)  # classes are one-hot
    bare = moments.population(p, features.Linear())
    assert (bare.cross, bare.label_sq, bare.label_mean) == (None, None, None)


def test_sparse_channels_and_named_tables_give_the_same_moments():
    weights, rows = [1, 2], np.array([[1, 1, 0], [0, 1, 3]])
    dense = moments.rational(FiniteProcess(weights, rows), features.Affine(), [1, -1])
    for other in (FiniteProcess(weights, scipy.sparse.csr_array(rows)), LatentClasses(weights, rows)):
        found = moments.rational(other, features.Affine(), [1, -1])
        assert all(np.array_equal(getattr(found, name), getattr(dense, name)) for name in FIELDS)
        assert np.array_equal(
            moments.population(other, features.Affine()).sigma,
            moments.population(FiniteProcess(weights, rows), features.Affine()).sigma,
        )


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: moments.rational(FiniteProcess([0.5, 0.5], [[1], [1]]), features.Linear()), "float probabilities"),
        (lambda: moments.rational(FiniteProcess([1], [[1]], views=[0.5]), features.Linear()), "no exact values"),
        (lambda: moments.rational(FiniteProcess([1], [[1]]), features.Linear(), [0.5]), "the labels are floats"),
        (lambda: moments.population(FiniteProcess([1], [[1]]), features.Linear(), [1, 2]), "2 labels"),
        (lambda: moments.population(3, features.OneHot()), "process is 3"),
        (lambda: moments.population(FiniteProcess([1], [[1]]), features.OneHot), "features is <class"),
        (lambda: moments.rational(FiniteProcess([1], [[1]]), "OneHot"), "features is 'OneHot'"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_arrays_of_moments_refuse_to_be_written_to():
    process, labels = FiniteProcess([1, 1], [[2, 1, 0], [0, 1, 2]]), [1, -1]
    found = moments.population(process, features.Affine(), labels)
    exact = moments.rational(process, features.Affine(), labels)
    for array in (found.sigma, found.cross, found.mean, found.factors.means, exact.sigma_bar, exact.rounded().sigma):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


@pytest.mark.parametrize("process", [FiniteProcess([1, 1], [[1, 0], [0, 1]]), PixelNoise([[1.0], [2.0]], 1)])
def test_labels_whose_squares_overflow_are_refused(process):
    with pytest.raises(InputError, match="rescale the labels"), np.errstate(over="ignore"):
        moments.population(process, features.Linear(), [1e200, 1.0])
