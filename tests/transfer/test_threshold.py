"""Vacuity thresholds: the witness, its optimality by another route, closed values."""

import jax
import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep import gallery
from linrep.witnesses import counting_floor
from tests.strategies import KINDS, problems
from tests.tolerances import EPS, rounding, spectral_budget


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_the_witness_knows_nothing_of_the_label_at_the_stated_loss(data):
    problem = data.draw(problems(data.draw(st.sampled_from(KINDS)))).with_weights(None)
    moments = problem.moments
    found = lr.transfer.threshold(moments, dim=problem.dim)
    centred = np.reshape(moments.cross, (moments.dim, -1)) - np.outer(moments.mean, np.atleast_1d(moments.label_mean))
    budget = spectral_budget(problem) * (1 + moments.label_sq)
    assert np.max(np.abs(found.witness.T @ centred)) <= budget
    assert abs(lr.losses.spectral(moments, found.witness) - found.loss) <= budget
    assert abs(found.loss - problem.solution.loss - found.budget) <= budget
    variance = moments.label_sq - float(np.sum(np.square(moments.label_mean)))
    for readout in ("augmented", "mean"):
        # the risk with intercept is quadratic in the cross moment and divides by the smallest kept variance
        assert lr.risks.regression(moments, found.witness, readout=readout, intercept=True) >= variance - np.sqrt(
            budget
        )


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_the_threshold_is_the_least_loss_under_the_constraint(data):
    """The other route: eliminate the constraint W.T b_0 = 0 in feature space, then the ordinary closed form."""
    problem = data.draw(problems(data.draw(st.sampled_from(KINDS)))).with_weights(None)
    moments = problem.moments
    centred = np.reshape(moments.cross, (moments.dim, -1)) - np.outer(moments.mean, np.atleast_1d(moments.label_mean))
    free = (
        scipy.linalg.null_space(centred.T, rcond=1e-9) if np.abs(centred).max() > rounding(100) else np.eye(moments.dim)
    )
    blind = 0.0
    if free.shape[1]:
        small, small_bar = (free.T @ m @ free for m in (moments.sigma, moments.sigma_bar))
        # What is left of a feature that is zero on every view is rounding: no variance to divide by.
        shown = np.diagonal(small) > rounding(100, float(np.abs(moments.sigma).max()))
        small, small_bar = (m * np.outer(shown, shown) for m in (small, small_bar))
        rest = lr.moments.Moments(small, small_bar, None, None, free.T @ moments.mean, None)
        blind = lr.solve(rest, dim=problem.dim).loss
    assert abs(lr.transfer.threshold(moments, dim=problem.dim).loss - blind) <= problem.dim * spectral_budget(problem)


def test_example_one_budget_is_seven_sixteenths_exactly():
    process = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    moments = lr.moments.population(process, lr.features.Linear(), lr.labels.Coordinate(3))
    assert lr.transfer.threshold(moments, dim=10).budget == 7 / 16


def test_the_unrestricted_class_on_a_disjoint_process_has_budget_zero_below_n():
    process = lr.processes.FiniteProcess([1] * 8, np.kron(np.eye(8, dtype=int), [[1, 2]]))
    moments = lr.moments.population(process, lr.features.OneHot(), [1, 1, -1, 1, -1, -1, 1, -1])
    error = lr.solutions.spectrum(moments).error
    for dim in range(1, 8):
        assert lr.transfer.threshold(moments, dim=dim).budget <= 2 * dim * error
    assert lr.transfer.threshold(moments, dim=8).budget == pytest.approx(1.0, abs=rounding(16, error / EPS))


def test_raising_the_degree_at_fixed_d_makes_the_guarantee_vacuous():
    process = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    budgets = [
        lr.transfer.threshold(lr.moments.population(process, features, lr.labels.Coordinate(0)), dim=10).budget
        for features in (lr.features.Linear(), lr.features.Polynomial(degree=1), lr.features.Polynomial(degree=2))
    ]
    assert budgets == [7 / 16, 0.0, 0.0]


def test_thresholds_need_labels():
    process = lr.processes.HypercubeScaling(dim=5, relevant=2, scale=lr.processes.Uniform(0, 1))
    with pytest.raises(lr.InputError, match="labels"):
        lr.transfer.threshold(lr.moments.population(process, lr.features.Linear()), dim=1)


def test_a_disjoint_minimiser_of_the_same_loss_classifies_badly():
    """N = 16, d = 2: a perfect and a spurious minimiser of the unrestricted class, exact errors 0 and at least e(16,
    2)."""
    problem = gallery.disjoint_pairs(16)
    process, labels = problem.process, problem.labels
    perfect = np.stack([labels, _second_direction(labels)], axis=1).astype(float)
    owner = (process.channel > 0).argmax(axis=0)
    values = perfect[owner]
    assert lr.losses.spectral_values(process, values) == pytest.approx(problem.solution.loss, abs=rounding(100))
    assert lr.risks.zero_one(process, perfect.astype(int), labels) == lr.risks.Bracket(0, 0, exact=True)
    bad = lr.witnesses.shuffled(process, values, labels, jax.random.key(0))
    assert abs(bad.loss_after - bad.loss_before) <= rounding(100)
    assert bad.error.exact
    assert bad.error.lower >= counting_floor(16, 2) == 0.25


def _second_direction(labels):
    """A sign vector orthogonal to balanced labels."""
    return np.where(np.arange(labels.size) % 2 == 0, 1, -1)
