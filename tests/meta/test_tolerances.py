"""The budgets of `tests/tolerances.py`: rounding stays within them, and errors worth seeing do not."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import tolerances
from tests.strategies import KINDS, problems

RUNS = 400


def within(errors: np.ndarray, budget: float, slack: float) -> bool:
    """No error beyond the budget, and the largest at least the budget over `slack`: neither too tight nor too loose."""
    return bool(budget / slack <= np.max(errors) <= budget)


def test_sums():
    """A sum of equal signs, term by term, against the correctly rounded one: worst case, so loose by about `terms`."""
    rng = np.random.default_rng(0)
    values = rng.random((RUNS, 100))
    errors = np.array([abs(sum(row.tolist()) - math.fsum(row)) for row in values])
    assert within(errors, tolerances.sum_budget(100), 1000)


def test_eigenvalues():
    rng, order = np.random.default_rng(0), 12
    errors = []
    for _ in range(RUNS):
        turn = np.linalg.qr(rng.standard_normal((order, order)))[0]
        known = np.sort(rng.random(order))
        errors.append(np.abs(np.linalg.eigvalsh((turn * known) @ turn.T) - known).max())
    assert within(np.array(errors), tolerances.eigenvalue_budget(order), 100)


def test_squared_norms():
    rng, errors = np.random.default_rng(0), []
    for _ in range(RUNS):
        matrix, vector = rng.standard_normal((5, 20)), rng.standard_normal(20)
        exact = sum(math.fsum(row * vector) ** 2 for row in matrix)
        size = float(np.sum((np.abs(matrix) @ np.abs(vector)) ** 2))
        errors.append(abs(float(np.sum((matrix @ vector) ** 2)) - exact) / size)
    assert within(np.array(errors), float(tolerances.squared_norm_budget(5, 20, 1.0)), 1000)


@pytest.mark.parametrize("budget", [tolerances.rounding, tolerances.rounding_budget])
def test_chains_of_roundings(budget):
    """0.1 added ten times is off by one unit in the last place of 1."""
    error = abs(sum([0.1] * 10) - 1.0)
    assert within(np.array([error]), budget(10), 50)


def test_roots():
    """A number that is zero up to ten roundings, such as 1 less ten tenths, has a root as large as sqrt(10 eps)."""
    error = math.sqrt(abs(1.0 - sum([0.1] * 10)))
    assert within(np.array([error]), tolerances.root_budget(10), 10)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_spectral_budgets_see_an_error_of_a_thousandth(kind, data):
    assert tolerances.spectral_budget(data.draw(problems(kind))) < 1 / 1000


def test_standard_errors_are_exceeded_as_often_as_said():
    """At the level 0.9 for twenty means of normal numbers: in one run of ten at most, and not in one of a hundred."""
    rng = np.random.default_rng(0)
    worst = np.abs(rng.standard_normal((RUNS * 10, 20))).max(axis=1)
    share = float(np.mean(worst > tolerances.standard_errors(20, 0.9)))
    assert 1 / 100 < share <= 1 / 10 + 3 * math.sqrt(0.09 / (RUNS * 10))


def test_frequencies_stay_within_their_budget_and_a_wrong_law_does_not():
    rng, law, draws = np.random.default_rng(0), np.array([0.5, 0.3, 0.15, 0.05]), 4000
    seen = rng.multinomial(draws, law, size=RUNS) / draws
    budget = tolerances.frequency_budget(law, draws, 0.9)
    share = float(np.mean(np.any(np.abs(seen - law) > budget, axis=1)))
    assert share <= 1 / 10
    strict = tolerances.frequency_budget(law, draws)
    assert not np.any(np.abs(seen - law) > strict)
    wrong = law + np.array([3, -3, 0, 0]) * strict
    assert np.all(np.any(np.abs(rng.multinomial(draws, wrong, size=RUNS) / draws - law) > strict, axis=1))
