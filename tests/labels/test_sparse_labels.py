"""Sparse labels beside their definitions."""

from fractions import Fraction

import numpy as np
import pytest

import linrep as lr
from linrep._checks import InputError
from tests.tolerances import rounding

SIGNS = 1 - 2 * ((np.arange(8)[:, None] >> np.arange(3)) & 1)


def test_polynomials_are_sums_of_parities():
    label = lr.labels.Multilinear({(): 1, (2, 0): Fraction(1, 3), (1,): -2})
    expected = [1 + Fraction(int(x[0] * x[2]), 3) - 2 * int(x[1]) for x in SIGNS]
    assert label.exact(SIGNS).tolist() == expected
    assert np.abs(label.targets(SIGNS) - np.array(expected, dtype=float)).max() <= rounding(4, 4.0)
    assert lr.labels.Multilinear({(0,): 0.5}).exact(SIGNS) is None


def test_a_polynomial_in_the_moments():
    process = lr.processes.HypercubeFlip(3, Fraction(3, 4))
    label = lr.labels.Multilinear({(): 1, (0, 2): Fraction(1, 3), (1,): -2})
    closed = lr.moments.rational(process, lr.features.Affine(), label)
    summed = lr.moments.rational(process.finite(), lr.features.Affine(), label)
    assert (closed.cross == summed.cross).all()
    assert closed.label_sq == summed.label_sq


def test_a_table_reads_its_factors():
    values = np.arange(6.0).reshape(2, 3)
    label = lr.labels.FactorTable([2, 0], values)
    assert label.targets([[1, 9, 0], [2, 9, 1]]).tolist() == [1.0, 5.0]
    assert label.kind == "real"
    assert lr.labels.FactorTable([0], [1, -1]).kind == "sign"


@pytest.mark.parametrize(
    "make",
    [
        lambda: lr.labels.Multilinear({(0, 1): 1, (1, 0): 2}),
        lambda: lr.labels.Multilinear({(0, 0): 1}),
        lambda: lr.labels.Multilinear({(0,): float("nan")}),
        lambda: lr.labels.FactorTable([0, 0], [[1, 2], [3, 4]]),
        lambda: lr.labels.FactorTable([0, 1], [1, 2]),
        lambda: lr.labels.FactorTable([-1], [1, 2]),
    ],
)
def test_what_does_not_fit_is_refused(make):
    with pytest.raises(InputError):
        make()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: lr.labels.Multilinear([1, 2]), "terms is \\[1, 2\\]"),
        (lambda: lr.labels.Multilinear({0: 1}), "tuples of coordinates"),
        (lambda: lr.labels.Multilinear({(0,): "1"}), "a coefficient is '1'"),
        (lambda: lr.labels.FactorTable("a", [1, -1]), "factors are 'a'"),
        (lambda: lr.labels.FactorTable([0.5], [1, -1]), "factors are \\[0.5\\]"),
        (lambda: lr.labels.FactorTable([1], [1, -1]).targets([0, 1]), "shape \\(2,\\)"),
    ],
)
def test_refusals_name_what_was_passed(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_numpy_integers_are_exact_coefficients():
    assert lr.labels.Multilinear({(0,): np.int64(2)}).terms == (((0,), Fraction(2)),)
