"""Labels: exact and float targets, kinds, the step from arrays, refusals."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linrep import InputError
from linrep.labels import Coordinate, Linear, Parity, Table, Threshold, as_label
from linrep.processes import FiniteProcess, HypercubeFlip, LatentClasses

INPUTS = np.array([[1, -1, 1], [-1, -1, 1], [2, 0, 3]])
HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("label", "expected", "kind"),
    [
        (Coordinate(2), [1, 1, 3], "real"),
        (Linear([1, HALF]), [HALF, -3 * HALF, 2], "real"),
        (Threshold([1, 1]), [1, -1, 1], "sign"),
        (Threshold([1, 1], -2), [-1, -1, 1], "sign"),
        (Parity([0, 2]), [1, -1, 6], "real"),
        (Parity([]), [1, 1, 1], "real"),
    ],
)
def test_formulas(label, expected, kind):
    assert list(label.exact(INPUTS)) == expected
    assert label.targets(INPUTS).tolist() == [float(v) for v in expected]
    assert label.targets(INPUTS.astype(float)).tolist() == [float(v) for v in expected]
    assert label.exact(INPUTS.astype(float)) is None
    assert label.kind == kind


@given(st.lists(st.integers(-5, 5), min_size=3, max_size=3), st.integers(-5, 5))
def test_exact_thresholds_decide_ties_upwards(weights, offset):
    signs = Threshold(weights, offset).exact(INPUTS)
    scores = INPUTS @ np.array(weights) + offset
    assert list(signs) == [1 if s >= 0 else -1 for s in scores]


def test_float_scores_are_summed_without_cancellation():
    label = Threshold([1e16, 1.0, -1e16])
    assert label.targets(np.array([[1.0, -1.0, 1.0]])).tolist() == [-1.0]
    assert label.exact(np.array([[1, -1, 1]])) is None


def test_scalars_count_as_vectors_of_length_one():
    assert Coordinate(0).targets(np.array([3, 4])).tolist() == [3.0, 4.0]


@pytest.mark.parametrize(
    ("values", "kind", "exact"),
    [
        ([1, -1, 1], "sign", True),
        ([1, 1], "sign", True),
        ([-1.0, 1.0], "sign", True),
        ([0, 2, 1], "classes", True),
        ([0, 1], "classes", True),
        ([0, -2], "real", True),
        ([0.5, 1.0], "real", False),
        ([0.0, 1.0], "real", False),
        ([HALF, 1], "real", True),
        ([[1, -1], [0, 2]], "real", True),
    ],
)
def test_kinds_of_tables(values, kind, exact):
    table = Table(values)
    assert table.kind == kind
    assert (table.exact(None) is not None) == exact
    plain = np.array(values, dtype=float)
    expected = np.eye(int(plain.max()) + 1)[plain.astype(int)] if kind == "classes" else plain
    assert np.array_equal(table.targets(None), expected)
    if exact:
        assert np.array_equal(table.exact(None).astype(float), expected)


def test_a_kind_can_be_asked_for():
    assert Table([1, 1], "classes").targets(None).tolist() == [[0.0, 1.0], [0.0, 1.0]]
    assert Table([0, 1], "real").targets(None).tolist() == [0.0, 1.0]
    assert Table([0.0, 1.0], "classes").n_outputs == 2
    assert Table([1.0, -1.0], "sign").exact(None).tolist() == [1, -1]
    assert (Table([1, -1]).n_outputs, Table([[1.0, 2.0]]).n_outputs) == (1, 2)


def test_arrays_become_tables_and_lose_the_dropped_inputs():
    p = FiniteProcess([1, 0, 1], [[1], [1], [1]])
    assert as_label([1, -1, -1], p).targets(None).tolist() == [1.0, -1.0]
    assert as_label([1, -1], p).targets(None).tolist() == [1.0, -1.0]
    assert as_label(Table([2, 0, 1]), p).kind == "classes"
    assert as_label(Parity([0]), p) == Parity([0])
    assert as_label([1, -1], LatentClasses([1, 1], [[1], [1]])).kind == "sign"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Table([1, math.nan]), "non-finite"),
        (lambda: Table(["a"]), "not an array of numbers"),
        (lambda: Table([[[1]]]), "shape"),
        (lambda: Table([1, 0], "sign"), "a label is 0.0, but signs must be"),
        (lambda: Table([1, -1], "classes"), "a label is -1.0, but classes are"),
        (lambda: Table([0.5], "classes"), "a label is 0.5"),
        (lambda: Table([1], "odd"), "kind is 'odd'"),
        (lambda: Parity([1, 1]), "different coordinates"),
        (lambda: Parity([-1]), "a coordinate is -1"),
        (lambda: Parity([0.5]), "a coordinate is 0.5"),
        (lambda: Coordinate(-1), "a coordinate is -1"),
        (lambda: Coordinate(True), "a coordinate is True"),
        (lambda: Linear([math.inf]), "non-finite"),
        (lambda: Threshold([[1]]), "shape"),
        (lambda: Coordinate(3).targets(INPUTS), "coordinate 3 is needed"),
        (lambda: Linear([1] * 4).exact(INPUTS), "coordinate 3 is needed"),
        (lambda: as_label([1, 2, 3], FiniteProcess([1, 1], [[1], [1]])), "3 labels were given for 2 inputs"),
        (lambda: as_label([1, 2], HypercubeFlip(1, HALF)), "not listed"),
        (lambda: Threshold([1], math.nan), "offset has a non-finite entry"),
        (lambda: Threshold([1], "0"), "offset is not an array of numbers"),
        (lambda: Parity(3), "subset is 3"),
        (lambda: Table([]), "no labels"),
        (lambda: Table(["1", "-1"]), "not an array of numbers"),
        (lambda: Table([10**400, 1]), "not an array of numbers"),
        (lambda: Table([10**9, 0]).targets(None), "without gaps"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_the_sign_of_a_float_threshold_is_that_of_the_exact_sum():
    weights, offset = [1.0, 2.0**-60], -1.0  # 1 - 2^-60 rounds to 1, so that adding the offset last would give 0
    label = Threshold(weights, offset)
    patterns = np.array([[1, -1], [1, 1], [-1, 1]])
    exact = [
        sum(Fraction(w) * int(x) for w, x in zip(weights, row, strict=True)) + Fraction(offset) for row in patterns
    ]
    assert label.targets(patterns).tolist() == [1.0 if s >= 0 else -1.0 for s in exact]


def test_many_classes_need_no_square_table():
    numbers = np.array([70_000, 0, 3])
    table = Table(numbers).targets(None)
    assert table.shape == (3, 70_001)
    assert np.array_equal(np.argmax(table, axis=1), numbers)
    assert np.array_equal(table.sum(axis=1), np.ones(3))
    assert np.array_equal(Table([2, 0]).exact(None), np.array([[0, 0, 1], [1, 0, 0]]))
