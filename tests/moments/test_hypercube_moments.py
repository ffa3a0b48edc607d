"""Hypercube moments in closed form against sums over the enumerated process: equal as Fractions."""

import itertools
from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse

from linrep import InputError, features, labels, moments
from linrep.processes import Beta, Discrete, HypercubeFlip, HypercubeScaling, Uniform

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)
PLAIN, ATOM = Discrete([THIRD, 2], [1, 2]), Discrete([0, HALF, 1], [1, 2, 1])
PROCESSES = [
    HypercubeScaling(3, 1, PLAIN),
    HypercubeScaling(3, 0, ATOM),
    HypercubeScaling(3, 1, ATOM, shared=False),
    HypercubeScaling(3, 3, PLAIN, shared=False),
    HypercubeFlip(3, Fraction(9, 10)),
    HypercubeFlip(3, (Fraction(9, 10), HALF, Fraction(1, 5))),
]
FEATURES = [
    features.Linear(),
    features.Affine(),
    features.Polynomial(2),
    features.Polynomial(3),
    features.Polynomial(2, "full"),
    features.Polynomial(4, "full"),
]
LABELS = [
    labels.Coordinate(2),
    labels.Linear([1, 0, HALF]),
    labels.Parity([0, 2]),
    labels.Parity([]),
    labels.Threshold([1, 1, 1]),
    labels.Threshold([1, -1]),
    labels.Threshold([3, -1, HALF], HALF),
    labels.Threshold([0, 0, 0], -1),
]
FIELDS = ("sigma", "sigma_bar", "cross", "label_sq", "mean", "label_mean")


def assert_equal(left, right):
    for name in FIELDS:
        assert np.array_equal(getattr(left, name), getattr(right, name)), name


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("phi", FEATURES)
def test_closed_forms_equal_exact_sums(process, phi):
    table = process.finite()
    for label in LABELS:
        assert_equal(moments.rational(process, phi, label), moments.rational(table, phi, label))


@pytest.mark.parametrize("phi", [features.Linear(), features.Polynomial(2), features.Polynomial(2, "full")])
@pytest.mark.parametrize("shared", [True, False])
def test_closed_forms_equal_exact_sums_in_six_dimensions(phi, shared):
    process = HypercubeScaling(6, 3, Discrete([HALF, 1], [1, 1]), shared)
    label = labels.Threshold([3, 2, 1, 1, 0, 2])
    table = process.finite()
    assert_equal(moments.rational(process, phi, label), moments.rational(table, phi, label))


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("phi", FEATURES)
def test_floats_are_the_fractions_rounded_once(process, phi):
    exact = moments.rational(process, phi, LABELS[-2])
    assert_equal(moments.population(process, phi, LABELS[-2]), exact.rounded())


def test_example_1():
    m = moments.population(HypercubeScaling(50, 10, Uniform(0, 1)), features.Linear(), labels.Coordinate(0))
    assert np.array_equal(m.sigma, np.diag([1.0] * 10 + [1 / 3] * 40))
    assert np.array_equal(m.sigma_bar, np.diag([1.0] * 10 + [0.25] * 40))
    assert m.cross.tolist() == [1.0] + [0.0] * 49
    assert (m.label_sq, m.label_mean) == (1.0, 0.0)
    assert not m.mean.any()


@pytest.mark.parametrize("shared", [True, False])
def test_multilinear_eigenvalues_of_example_1(shared):
    # theory P1: kappa_S = (2j+1)/(j+1)^2 for a shared scale, (3/4)^j for independent ones, j = spurious factors of S
    process = HypercubeScaling(7, 3, Uniform(0, 1), shared)
    m = moments.rational(process, features.Polynomial(4))
    for place, name in enumerate(features.Polynomial(4).monomials(7)):
        j = sum(i >= 3 for i in name)
        expected = Fraction(2 * j + 1, (j + 1) ** 2) if shared else Fraction(3, 4) ** j
        assert m.sigma_bar[place, place] / m.sigma[place, place] == expected


@pytest.mark.parametrize("shared", [True, False])
def test_full_polynomials_at_dimension_50_agree_with_their_projections(shared):
    process, phi = HypercubeScaling(50, 10, Uniform(0, 1), shared), features.Polynomial(3, "full")
    m = moments.population(process, phi, labels.Threshold([1, 0, 2, 1], -1))
    assert isinstance(m, moments.StructuredMoments)
    assert m.dim == 23426
    assert m.sigma_sparse.nnz < 10 * m.dim
    chosen = [0, 2, 3, 9, 30, 44]
    small = moments.rational(process.project(chosen), phi, labels.Threshold([1, 2, 1], -1)).rounded()
    place = {name: i for i, name in enumerate(phi.monomials(50))}
    picked = [place[tuple(chosen[i] for i in name)] for name in phi.monomials(len(chosen))]
    assert np.array_equal(m.sigma_sparse[picked][:, picked].toarray(), small.sigma)
    assert np.array_equal(m.sigma_bar_sparse[picked][:, picked].toarray(), small.sigma_bar)
    assert np.array_equal(m.cross[picked], small.cross)
    assert np.array_equal(m.mean[picked], small.mean)


def test_multilinear_moments_at_dimension_50_are_diagonal():
    process = HypercubeFlip(50, Fraction(9, 10))
    m = moments.population(process, features.Polynomial(3), labels.Threshold([1] * 50))
    assert scipy.sparse.issparse(m.sigma_sparse)
    assert m.sigma_sparse.nnz == m.sigma_bar_sparse.nnz == m.dim == 20876
    sizes = np.array([len(name) for name in features.Polynomial(3).monomials(50)])
    assert np.array_equal(m.sigma_bar_sparse.diagonal(), [float(Fraction(16, 25) ** int(k)) for k in sizes])


def test_laws_known_as_floats_give_float_moments_only():
    process = HypercubeScaling(3, 1, Beta(2.5, 1.0))
    m = moments.population(process, features.Linear())
    assert m.sigma[2, 2] == process.scale.moment(2)
    with pytest.raises(InputError, match="hold floats"):
        moments.rational(process, features.Linear())
    with pytest.raises(InputError, match="hold floats"):
        moments.rational(HypercubeFlip(3, HALF), features.Linear(), labels.Linear([0.5]))


def test_other_features_are_summed_where_the_support_is_finite():
    phi = features.OneHot()
    process = HypercubeFlip(3, Fraction(9, 10))
    assert_equal(moments.rational(process, phi, LABELS[4]), moments.rational(process.finite(), phi, LABELS[4]))
    m = moments.population(HypercubeScaling(3, 1, ATOM), phi)
    assert m.dim == HypercubeScaling(3, 1, ATOM).finite().n_views


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: moments.population(HypercubeScaling(3, 1), features.OneHot()), "no closed form; use the moments of"),
        (lambda: moments.rational(HypercubeScaling(3, 1), features.OneHot()), "no closed form"),
        (lambda: moments.population(PROCESSES[0], features.Linear(), [1, -1]), "inputs are not listed"),
        (lambda: moments.population(PROCESSES[0], features.Linear(), labels.Coordinate(3)), "3 coordinates"),
        (lambda: moments.population(PROCESSES[0], features.Linear(), labels.Threshold([1] * 4)), "3 coordinates"),
        (lambda: moments.population(PROCESSES[0], features.Linear(), labels.Parity([7])), "coordinate 7 is needed"),
        (lambda: moments.population(HypercubeFlip(99, HALF), features.Polynomial(9)), "lower the degree"),
        (lambda: moments.rational(HypercubeFlip(50, HALF), features.Polynomial(3)), "lower the degree"),
        (lambda: moments.population(HypercubeFlip(20, HALF), features.OneHot()), "would list"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_a_wrong_moment_is_seen():
    # the planted violation: independent scales are not a shared one, from degree 2 in the rescaled coordinates on
    shared, independent = (HypercubeScaling(3, 1, PLAIN, s) for s in (True, False))
    phi = features.Polynomial(2)
    with pytest.raises(AssertionError, match="sigma"):
        assert_equal(moments.rational(independent, phi, LABELS[0]), moments.rational(shared.finite(), phi, LABELS[0]))
    linear = features.Linear()
    assert_equal(moments.rational(independent, linear, LABELS[0]), moments.rational(shared.finite(), linear, LABELS[0]))


def test_monomials_follow_the_order_of_the_features():
    point = np.array([[2, 3, 5]])
    for phi in (features.Polynomial(3), features.Polynomial(3, "full")):
        values = [int(np.prod([point[0, i] for i in name])) for name in phi.monomials(3)]
        assert phi(point)[0].tolist() == values
        assert len(set(itertools.chain(values))) == phi.dim(3)
