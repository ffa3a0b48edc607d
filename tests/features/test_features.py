"""Feature maps: values, exactness, refusals."""

import itertools
import math
from fractions import Fraction

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linrep import InputError
from linrep.features import Affine, Custom, Linear, OneHot, Polynomial, RandomFourier
from tests.tolerances import rounding_budget, standard_errors

VIEWS = np.array([[1, 2, 3], [-1, 0, 5]])
SQUARE = Custom(lambda v: np.asarray(v) ** 2, 3)


@pytest.mark.parametrize("phi", [Linear(), Affine(), Polynomial(3), Polynomial(2, "full"), SQUARE, OneHot()])
def test_exact_and_float_values_agree(phi):
    exact = phi.exact(VIEWS)
    assert exact.dtype == object
    assert np.array_equal(phi(VIEWS), exact.astype(float))
    assert phi(VIEWS).dtype == np.float64


@pytest.mark.parametrize("phi", [Linear(), Affine(), Polynomial(3), SQUARE, RandomFourier(3, 1.0, jax.random.key(0))])
def test_floats_have_no_exact_values(phi):
    assert phi.exact(VIEWS.astype(float)) is None


def test_fractions_stay_fractions():
    views = np.array([[Fraction(1, 3), 2]], dtype=object)
    assert Polynomial(2).exact(views)[0].tolist() == [1, Fraction(1, 3), 2, Fraction(2, 3)]
    assert Affine().exact(views)[0].tolist() == [1, Fraction(1, 3), 2]


def test_numbers_count_as_vectors_of_length_one():
    assert Linear()([3, 4]).tolist() == [[3.0], [4.0]]
    assert Polynomial(2, "full")([3]).tolist() == [[1.0, 3.0, 9.0]]


@given(st.integers(1, 5), st.integers(1, 4), st.sampled_from(["multilinear", "full"]))
def test_monomials_are_all_products_in_order(coordinates, degree, kind):
    phi = Polynomial(degree, kind)
    names = phi.monomials(coordinates)
    every = itertools.product(range(degree + 1), repeat=coordinates)
    powers = {p for p in every if sum(p) <= degree and (kind == "full" or max(p) <= 1)}
    assert {tuple(name.count(i) for i in range(coordinates)) for name in names} == powers
    assert len(names) == phi.dim(coordinates) == len(powers)
    assert names == sorted(names, key=lambda name: (len(name), name))
    point = np.arange(2, 2 + coordinates)[None, :]
    assert phi.exact(point)[0].tolist() == [math.prod(int(point[0, i]) for i in name) for name in names]


def test_fourier_features_approximate_the_gaussian_kernel():
    phi = RandomFourier(4000, 1.5, jax.random.key(3))
    left, right = phi(np.array([[0.3, -1.0]]))[0], phi(np.array([[1.0, 0.5]]))[0]
    terms = left * right * 4000
    kernel = math.exp(-((0.7**2 + 1.5**2) / (2 * 1.5**2)))
    assert abs(terms.mean() - kernel) <= standard_errors(1) * terms.std(ddof=1) / math.sqrt(4000)


def test_fourier_features_follow_their_key():
    first, again, other = (RandomFourier(4, 1.0, jax.random.key(k))(VIEWS) for k in (0, 0, 1))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    omega, phase = RandomFourier(4, 1.0, jax.random.key(0)).frequencies(3)
    assert np.max(np.abs(first - np.sqrt(0.5) * np.cos(VIEWS @ omega.T + phase))) <= rounding_budget(16)


def test_names():
    assert [phi.name for phi in (OneHot(), Linear(), Polynomial(2))] == [
        "OneHot",
        "Linear",
        "Polynomial(2, multilinear)",
    ]
    assert RandomFourier(4, 0.5, jax.random.key(0)).name == "RandomFourier(4, 0.5)"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Polynomial(0), "degree is 0"),
        (lambda: Polynomial(True), "degree is True"),
        (lambda: Polynomial(1, "odd"), "kind is 'odd'"),
        (lambda: Polynomial(9)(np.ones((10**6, 30))), "lower the degree"),
        (lambda: Linear()(["a"]), "are not real numbers"),
        (lambda: Linear()([math.nan]), "not finite"),
        (lambda: Custom(lambda v: v, 0), "dim is 0"),
        (lambda: Custom(lambda v: np.ones((1, 1)), 1)(VIEWS), "shape \\(1, 1\\)"),
        (lambda: Custom(lambda v: np.full((2, 1), np.nan), 1)(VIEWS), "not finite"),
        (lambda: RandomFourier(0, 1.0, jax.random.key(0)), "count is 0"),
        (lambda: RandomFourier(1, 0.0, jax.random.key(0)), "bandwidth is 0.0"),
        (lambda: RandomFourier(1, math.inf, jax.random.key(0)), "bandwidth is inf"),
        (lambda: Linear()(np.array([1j, 2])), "complex128"),
        (lambda: Linear()(["1", "2"]), "are not real numbers"),
        (lambda: Linear()(5), "an array of them"),
        (lambda: Linear()([[1], [1, 2]]), "inhomogeneous"),
        (lambda: Custom(3, 2), "fn is 3"),
        (lambda: RandomFourier(1, "1", jax.random.key(0)), "bandwidth is '1'"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_floats_in_an_object_array_are_not_exact():
    views = np.array([0.5, Fraction(1, 2)], dtype=object)
    for phi in (Linear(), Affine(), Polynomial(2)):
        assert phi.exact(views) is None
        assert phi.exact(views[1:]) is not None
