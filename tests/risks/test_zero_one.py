"""The 0-1 error against linear programs over all labelings, in several arithmetics, and on hard sign patterns."""

import itertools
from fractions import Fraction

import jax
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from linrep._checks import InputError
from linrep.processes import FiniteProcess
from linrep.risks import zero_one, zero_one_augmented
from linrep.risks._configuration import snapped
from tests.tolerances import EPS


def inputs_only(masses):
    """A process with the given input weights and a single view."""
    return FiniteProcess(masses, np.ones((len(masses), 1), dtype=int))


def by_labelings(points, positive, negative) -> int:
    """Least cost over all sign patterns that some w attains strictly: a linear program for each of the 2^n patterns."""
    points = np.asarray(points, dtype=float)
    zero = ~points.any(axis=1)
    lost = int((positive + negative)[zero].sum())
    points, positive, negative = points[~zero], positive[~zero], negative[~zero]
    best = None
    for signs in itertools.product([1, -1], repeat=len(points)):
        side = np.array(signs)
        cost = int(np.where(side > 0, negative, positive).sum())
        if best is not None and cost >= best:
            continue
        d = points.shape[1]
        found = linprog(
            np.zeros(d), A_ub=-side[:, None] * points, b_ub=-np.ones(len(points)), bounds=[(None, None)] * d
        )
        if len(points) == 0 or found.status == 0:
            best = cost
    return lost + (best or 0)


@st.composite
def configurations(draw, largest_rank=4, most=6, entry=2):
    d, n = draw(st.integers(1, largest_rank)), draw(st.integers(1, most))
    row = st.lists(st.integers(-entry, entry), min_size=d, max_size=d)
    points = np.array(draw(st.lists(row, min_size=n, max_size=n)), dtype=np.int64)
    masses = np.array(draw(st.lists(st.integers(1, 4), min_size=n, max_size=n)), dtype=np.int64)
    labels = np.array(draw(st.lists(st.sampled_from([-1, 1]), min_size=n, max_size=n)))
    return points, masses, labels


def sides(masses, labels):
    return np.where(labels > 0, masses, 0), np.where(labels > 0, 0, masses)


@given(configurations())
@settings(max_examples=60)
def test_equals_the_best_attainable_labeling(problem):
    points, masses, labels = problem
    bracket = zero_one(inputs_only(masses), points, labels)
    expected = Fraction(by_labelings(points, *sides(masses, labels)), int(masses.sum()))
    assert bracket.exact
    assert bracket.lower == bracket.upper == expected


@given(configurations(largest_rank=3, most=9))
def test_rational_and_large_integer_values_agree(problem):
    points, masses, labels = problem
    process = inputs_only(masses)
    plain = zero_one(process, points, labels)
    fractions = np.array([[Fraction(int(v), 3) for v in row] for row in points], dtype=object)
    large = points.astype(object) * 10**30
    # An invertible change of features, and any positive length of a point, leave the error alone.
    sheared = points.astype(object) @ (
        np.eye(points.shape[1], dtype=object) + 10**9 * np.eye(points.shape[1], k=1, dtype=int).astype(object)
    )
    lengths = np.arange(1, len(points) + 1)[:, None]
    for values in (fractions, large, sheared, points * lengths):
        assert zero_one(process, values, labels) == plain


@given(configurations(largest_rank=3, most=8), st.integers(0, 2**32 - 1))
def test_float_bracket_holds_every_configuration_within_the_margin(problem, seed):
    points, masses, labels = problem
    rng = np.random.default_rng(seed)
    margin = 2.0**-20
    process = inputs_only(masses)
    size = np.linalg.norm(points, axis=1).max(initial=0.0)
    bracket = zero_one(process, points.astype(float), labels, margin=margin, snap=False)
    noise = rng.uniform(-1, 1, points.shape) * margin * size / (2 * np.sqrt(points.shape[1]))
    distinct, which = np.unique(points, axis=0, return_inverse=True)
    moved = points + noise[which.ravel()] * (np.abs(points).sum(axis=1, keepdims=True) > 0)
    assume(
        len(distinct) == len(points) and _lines_distinct(distinct)
    )  # coinciding lines are read as one, by definition
    exact = zero_one(process, np.array([[Fraction(float(v)) for v in row] for row in moved], dtype=object), labels)
    assert exact.exact
    assert bracket.lower <= float(exact.lower) <= bracket.upper


def _lines_distinct(points) -> bool:
    pairs = itertools.combinations(points.tolist(), 2)
    return all(np.linalg.matrix_rank(np.array(pair)) == 2 for pair in pairs) and len(points) > 1


@given(configurations(largest_rank=4, most=9))
def test_floats_of_a_rational_configuration_are_decided_like_it(problem):
    points, masses, labels = problem
    rotation = np.linalg.qr(np.random.default_rng(len(points)).standard_normal((points.shape[1],) * 2))[0]
    process = inputs_only(masses)
    exact, rotated = zero_one(process, points, labels), zero_one(process, points @ rotation, labels)
    assert rotated.exact
    assert rotated.upper == float(exact.upper)
    assert [type(rotated.upper), type(exact.upper)] == [float, Fraction]


def test_general_position_is_not_read_as_rational():
    values = np.random.default_rng(0).standard_normal((6, 3))
    assert snapped(values, 64 * EPS) is None
    assert snapped(np.round(values * 8) / 8, 64 * EPS) is not None


def test_zero_representation_errs_everywhere_and_ties_are_errors():
    process = inputs_only([1, 1, 2])
    assert zero_one(process, np.zeros((3, 2), dtype=int), [1, -1, 1]).lower == 1
    assert zero_one(process, np.zeros((3, 2)), [1, -1, 1]).lower == 1.0
    # With ties counted as right, w = 0 would score 0 and opposite labels at one point would cost nothing.
    assert zero_one(process, [[1], [1], [1]], [1, -1, 1]).upper == Fraction(1, 4)
    assert zero_one(process, [[1], [0], [1]], [1, 1, 1]).upper == Fraction(1, 4)


def test_a_bracket_with_ties_counted_as_right_would_be_caught():
    # XOR: any labels are attained weakly by w = 0, strictly only three of the four points.
    points = np.array([[1, 1, 1], [1, -1, -1], [1, 1, -1], [1, -1, 1]])
    labels = np.array([1, 1, -1, -1])
    weak = min(np.mean(labels * (points @ w) < 0) for w in np.zeros((1, 3)))
    strict = zero_one(inputs_only([1, 1, 1, 1]), points, labels)
    assert (weak, strict.upper) == (0, Fraction(1, 4))
    assert by_labelings(points, *sides(np.ones(4, int), labels)) == 1


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=20)
def test_sixteen_inputs_in_the_plane(seed):
    rng = np.random.default_rng(seed)
    values, labels = rng.standard_normal((16, 2)), rng.permutation(np.repeat([-1, 1], 8))
    bracket = zero_one(inputs_only(np.ones(16, dtype=int)), values, labels)
    angles = np.sort(np.mod(np.arctan2(values[:, 1], values[:, 0]) + np.pi / 2, np.pi))
    middles = (angles + np.append(angles[1:], angles[0] + np.pi)) / 2
    directions = np.column_stack([np.cos(middles), np.sin(middles)])
    errors = [np.mean(labels * (values @ w) <= 0) for w in np.concatenate([directions, -directions])]
    assert bracket.exact
    assert bracket.upper == min(errors)


@given(configurations(largest_rank=3, most=5), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_augmented_error_counts_joint_masses(problem, seed):
    points, masses, labels = problem
    channel = np.random.default_rng(seed).integers(1, 4, (len(masses), len(points)))
    bracket = zero_one_augmented(FiniteProcess(masses, channel), points, labels)
    joint = [[Fraction(int(m) * int(c), int(row.sum())) for c in row] for m, row in zip(masses, channel, strict=True)]
    common = np.lcm.reduce(channel.sum(axis=1))
    weight = np.array([[int(v * int(common)) for v in row] for row in joint])
    expected = by_labelings(points, weight[labels > 0].sum(axis=0), weight[labels < 0].sum(axis=0))
    assert bracket.upper == Fraction(expected, int(common) * int(masses.sum()))


def test_float_probabilities_and_sparse_channels():
    channel = np.array([[3, 1, 0], [0, 1, 3]])
    values, labels = [[1], [2], [-1]], [1, -1]
    exact = zero_one_augmented(FiniteProcess([1, 2], channel), values, labels)
    sparse = zero_one_augmented(FiniteProcess([1, 2], sp.csr_array(channel)), values, labels)
    floats = zero_one_augmented(FiniteProcess([1 / 3, 2 / 3], channel / 4), values, labels)
    assert exact.upper == sparse.upper == Fraction(1, 6)
    assert floats.exact
    assert abs(floats.upper - float(exact.upper)) <= 8 * EPS


def sign_patterns(k: int):
    """All x in {-1, 1}^k, label 'sum >= 0', and (1, x) without its component along (0, 1, ..., 1), times k."""
    signs = np.array(list(itertools.product([-1, 1], repeat=k)))
    labels = np.where(signs.sum(axis=1) >= 0, 1, -1)
    centred = k * signs - signs.sum(axis=1, keepdims=True)
    return inputs_only(np.ones(len(signs), dtype=int)), np.column_stack([np.full(len(signs), k), centred]), labels


@pytest.mark.parametrize("k", [4, 6])
def test_sign_patterns_are_solved_to_optimality(k):
    process, values, labels = sign_patterns(k)
    rotation = np.linalg.qr(np.random.default_rng(k).standard_normal((k + 1, k)))[0]
    for bracket in (
        zero_one(process, v, labels, time_limit=300) for v in (values, values / k @ _onto(k) @ rotation[:k])
    ):
        assert bracket.exact
        assert bracket.upper == Fraction(1, 4)


def _onto(k: int) -> np.ndarray:
    """Orthonormal coordinates (k + 1, k) of the complement of (0, 1, ..., 1)."""
    normal = np.concatenate([[0.0], np.ones(k)])[None, :]
    return np.linalg.svd(normal)[2][1:].T


def test_ten_coordinates_are_classified_better_than_by_least_squares():
    process, values, labels = sign_patterns(10)
    floats = values / 10 @ _onto(10)
    squares = np.linalg.lstsq(floats, labels.astype(float), rcond=None)[0]
    assert np.mean(labels * (floats @ squares) <= 0) == 386 / 1024
    for given_values in (values, floats):
        bracket = zero_one(process, given_values, labels, time_limit=2)
        assert 0 < bracket.lower <= bracket.upper <= 0.25
        assert not bracket.exact


def test_a_separable_problem_needs_no_solver():
    rng = np.random.default_rng(3)
    values = rng.standard_normal((300, 20))
    labels = np.where(values @ rng.standard_normal(20) > 0, 1, -1)
    bracket = zero_one(inputs_only(np.ones(300, dtype=int)), values, labels, time_limit=0)
    assert bracket.exact
    assert bracket.upper == 0


def test_the_key_makes_the_search_reproducible():
    process, values, labels = sign_patterns(7)
    brackets = [zero_one(process, values, labels, time_limit=0, key=jax.random.key(1)) for _ in range(2)]
    assert brackets[0] == brackets[1]
    assert brackets[0].lower < brackets[0].upper


@pytest.mark.parametrize(
    ("values", "labels", "options", "words"),
    [
        ([[1], [2]], [1, -1, 1], {}, "labels"),
        ([[1], [2]], [1, 0], {}, "-1 and \\+1"),
        ([[1], [2]], [[1], [1]], {}, "axes"),
        ([[1], [2], [3]], [1, -1], {}, "2 inputs"),
        ([[1.0], [float("nan")]], [1, -1], {}, "non-finite"),
        (np.zeros((2, 0)), [1, -1], {}, "no columns"),
        ([[1], [2]], [1, -1], {"time_limit": -1.0}, "time_limit"),
        ([[1], [2]], [1, -1], {"margin": float("nan")}, "margin"),
        ([["a"], ["b"]], [1, -1], {}, "not an array of numbers"),
    ],
)
def test_bad_input_is_told_in_one_sentence(values, labels, options, words):
    for error in (zero_one, zero_one_augmented):
        process = FiniteProcess([1, 1], [[1, 0], [0, 1]])
        sentence = words.replace("inputs", "(inputs|views)")
        with pytest.raises(InputError, match=sentence):
            error(process, values, labels, **options)
