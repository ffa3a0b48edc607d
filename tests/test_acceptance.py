"""The worked numbers that a reader of the paper will look for first."""

from fractions import Fraction

import jax
import numpy as np
import pytest

import linrep as lr
from tests.tolerances import rounding


def sign_patterns(k: int) -> np.ndarray:
    return 1 - 2 * ((np.arange(2**k)[:, None] >> np.arange(k)) & 1)


def least_squares_accuracy(values: np.ndarray, labels: np.ndarray) -> float:
    """Accuracy of the least-squares fit thresholded as the label is: +1 where it is at least zero, up to rounding."""
    fitted = values @ np.linalg.lstsq(values, labels, rcond=None)[0]
    return float(np.mean(labels == np.where(fitted >= -rounding(values.shape[0]), 1, -1)))


def affine_minimiser(dropped: np.ndarray) -> np.ndarray:
    """Columns spanning the complement of one direction of the eleven tied functions (1, x_1, …, x_10)."""
    return np.linalg.svd(dropped[None, :])[2][1:].T


def test_affine_features_hide_a_tie_of_eleven_functions_for_ten_places():
    process = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    moments = lr.moments.population(process, lr.features.Affine(), lr.labels.Threshold([1] * 10))
    solution = lr.solve(moments, dim=10)
    assert solution.tie == (11, 10, 1.0)
    low, average, high = solution.risk_range("mean")
    # all tied label energy captured, ten elevenths of it on average, everything but the energy's one direction kept
    energy = float(np.sum(np.asarray(moments.cross)[:11] ** 2))
    assert [low, average, high] == pytest.approx([1 - energy, 1 - energy * 10 / 11, 1.0], abs=rounding(100))


def test_least_squares_accuracy_over_the_minimisers_spans_62_to_100_percent():
    """Every choice has loss -10; the sum's direction dropped: 62.3 %; one coordinate: 87.7 %; the constant: 100 %."""
    x = sign_patterns(10)
    labels = np.where(x.sum(axis=1) >= 0, 1, -1)
    tied = np.concatenate([np.ones((1024, 1)), x], axis=1)
    process = lr.processes.HypercubeScaling(dim=10, relevant=10, scale=lr.processes.Uniform(0, 1))
    moments = lr.moments.population(process, lr.features.Affine(), lr.labels.Threshold([1] * 10))
    directions = {
        "label": np.asarray(moments.cross),
        "sum": np.concatenate([[0.0], np.ones(10)]),
        "coordinate": np.eye(11)[1],
        "constant": np.eye(11)[0],
    }
    accuracy = {}
    for name, direction in directions.items():
        columns = affine_minimiser(direction / np.linalg.norm(direction))
        assert abs(lr.losses.spectral(moments, columns) + 10) <= rounding(1000)
        accuracy[name] = least_squares_accuracy(tied @ columns, labels)
    assert accuracy["sum"] == 638 / 1024  # 62.3 %
    assert accuracy["coordinate"] == 898 / 1024  # 87.7 %
    assert accuracy["constant"] == 1.0


def test_the_exact_error_on_the_worst_span_is_at_most_a_quarter():
    """Least squares says 37.7 % error where an exact search finds at most 25 %."""
    x = sign_patterns(10)
    labels = np.where(x.sum(axis=1) >= 0, 1, -1)
    values = np.concatenate([10 * np.ones((1024, 1), dtype=int), 10 * x - x.sum(axis=1, keepdims=True)], axis=1)
    process = lr.processes.HypercubeScaling(dim=10, relevant=10, scale=lr.processes.Uniform(0, 1)).finite()
    assert np.array_equal(np.asarray(process.inputs, dtype=int)[np.lexsort(process.inputs.T)], x[np.lexsort(x.T)])
    order, mine = np.lexsort(process.inputs.T), np.lexsort(x.T)
    arranged = np.empty_like(values)
    arranged[order] = values[mine]
    targets = np.empty_like(labels)
    targets[order] = labels[mine]
    bracket = lr.risks.zero_one(process, arranged, targets, time_limit=20.0)
    assert bracket.lower <= bracket.upper <= Fraction(1, 4)


@pytest.mark.parametrize("k", [4, 6])
def test_the_same_construction_is_solved_to_optimality_at_four_and_six_coordinates(k):
    x = sign_patterns(k)
    labels = np.where(x.sum(axis=1) >= 0, 1, -1)
    values = np.concatenate([k * np.ones((2**k, 1), dtype=int), k * x - x.sum(axis=1, keepdims=True)], axis=1)
    process = lr.processes.FiniteProcess([1] * 2**k, np.eye(2**k, dtype=int))
    bracket = lr.risks.zero_one(process, values, labels)
    assert bracket.exact
    assert bracket.lower == bracket.upper > 0


@pytest.mark.parametrize("key", [0, 1])
def test_sample_moments_of_a_million_pairs_agree_with_the_closed_form(key):
    process = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    _, views, positives = process.sample_pairs(jax.random.key(key), 10**6)
    sample = lr.moments.empirical(views, positives, lr.features.Linear())
    exact = lr.moments.population(process, lr.features.Linear())
    # 2 * 1275 different entries; six standard errors leave a union probability below 1e-5
    for name, error in (("sigma", sample.sigma_error), ("sigma_bar", sample.sigma_bar_error)):
        assert np.all(np.abs(getattr(sample, name) - getattr(exact, name)) <= 6 * error + rounding(100))
