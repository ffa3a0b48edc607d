"""Experiments on Example 1: closed forms by second routes, summaries of made-up trajectories, refusals."""

import math

import numpy as np
import pytest

from tests import tolerances

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("optax", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("sklearn", reason='needs the extra: pip install "linrep[experiments]"')

import jax

import linrep as lr
from linrep.tables import Table
from proofs_check import experiments, plots
from proofs_check.experiments._settings import DIM, NEGATIVES, RELEVANT, TEMPERATURE


def trajectory(losses, accuracies):
    rows = [
        {"step": step, "seed": seed, "held_out_loss": loss + seed, "logistic_accuracy": accuracy}
        | {"least_squares_accuracy": accuracy, "identification": 1.0}
        for step, loss, accuracy in zip((4_000, 8_000), losses, accuracies, strict=True)
        for seed in (0, 1)
    ]
    return Table(tuple(rows[0]), tuple(rows), {"seconds": 2.0, "processor_seconds": 1.0})


def sampled_losses(signs, batches):
    """In-batch losses of unit-norm codes of fair signs, both views of an input alike, over drawn negatives."""
    scores = 2 * np.random.default_rng(0).binomial(signs, 0.5, (batches, NEGATIVES // 2)) / signs - 1
    return np.log1p(2 * np.exp((scores - 1) / TEMPERATURE).sum(axis=1))


@pytest.mark.parametrize("signs", [RELEVANT, 20])
def test_the_loss_of_a_code_is_the_mean_over_drawn_negatives(signs):
    losses = sampled_losses(signs, 4_000)
    allowed = tolerances.standard_errors(1) * losses.std() / math.sqrt(len(losses))
    assert abs(experiments.code_loss(signs, TEMPERATURE, NEGATIVES) - losses.mean()) <= allowed


def test_the_mean_inside_the_logarithm_is_another_number():
    """Jensen: it lies above, by about half the relative variance of the sum."""
    losses = sampled_losses(RELEVANT, 200_000)
    allowed = tolerances.standard_errors(1) * losses.std() / math.sqrt(len(losses))
    exact, above = (
        loss(RELEVANT, TEMPERATURE, NEGATIVES) for loss in (experiments.code_loss, experiments.code_loss_of_means)
    )
    assert abs(exact - losses.mean()) <= allowed < above - losses.mean()


def test_with_two_negatives_the_loss_is_a_sum_over_all_scores():
    """One other input, two views of it: a sum of k + 1 terms."""
    scores = [(RELEVANT - 2 * j) / RELEVANT for j in range(RELEVANT + 1)]
    terms = [math.log1p(2 * math.exp((score - 1) / TEMPERATURE)) for score in scores]
    expected = sum(math.comb(RELEVANT, j) * term for j, term in enumerate(terms)) / 2**RELEVANT
    found = experiments.code_loss(RELEVANT, TEMPERATURE, 2)
    assert abs(found - expected) <= tolerances.quadrature_budget(expected)


def test_the_mean_inside_the_logarithm_is_a_product_of_cosines():
    product = math.cosh(1 / (RELEVANT * TEMPERATURE)) ** RELEVANT
    expected = math.log(math.exp(1 / TEMPERATURE) + NEGATIVES * product) - 1 / TEMPERATURE
    found = experiments.code_loss_of_means(RELEVANT, TEMPERATURE, NEGATIVES)
    assert abs(found - expected) <= tolerances.rounding(4 * RELEVANT, expected)


def test_the_codes_have_one_loss_and_different_accuracies():
    table = experiments.code_rows((20,), key=jax.random.key(0), size=512)
    perfect, spurious = table.rows
    assert perfect["population_loss"] == spurious["population_loss"]
    assert perfect["sampled_accuracy"] == 1.0
    assert abs(spurious["sampled_accuracy"] - 0.5) <= tolerances.standard_errors(1) * 0.5 / math.sqrt(512)


def test_longer_codes_reach_a_lower_loss():
    linear, short, long = (experiments.code_loss(signs, TEMPERATURE, NEGATIVES) for signs in (RELEVANT, 20, 1024))
    assert long < short < linear


def test_the_summary_is_mean_and_interval_of_the_last_step():
    (row,) = experiments.summary({"linear": trajectory((6.0, 5.0), (0.5, 0.75))}).rows
    assert (row["steps"], row["trained_held_out_loss"], row["trained_logistic_accuracy"]) == (8_000, 5.5, 0.75)
    # two values 5 and 6: the standard error is 1/2, and Student's t of one degree of freedom is the tangent
    expected = math.tan(math.pi * (0.975 - 0.5)) / 2
    assert abs(row["held_out_loss_ci95"] - expected) <= tolerances.rounding(1000, expected)
    assert (row["published_loss"], row["processor_seconds"]) == (5.134, 1.0)
    assert row["population_loss"] == experiments.code_loss(RELEVANT, TEMPERATURE, NEGATIVES)


def test_brittleness_is_told_as_differences():
    first, second = experiments.along({"mlp": trajectory((6.0, 5.0), (0.75, 0.5))}, (4_000, 8_000)).rows
    assert (first["loss_moved"], first["accuracy_moved"]) == (None, None)
    assert (second["loss_moved"], second["accuracy_moved"]) == (-1.0, -0.25)


def test_modes_under_weight_decay_are_the_shifted_eigenvalues():
    rows = experiments.decay_rows(experiments.bias_moments(), dim=20, strengths=(0.0, 0.1, 0.25, 0.5), relevant=10).rows
    budget = tolerances.eigenvalue_budget(DIM, norm=1.0, condition=3.0) * DIM
    for row in rows:
        rho = row["weight_decay"]
        assert abs(row["relevant_size"] - 10 * (1 - rho)) <= budget
        assert abs(row["spurious_size"] - 10 * max(0.0, 0.75 - 3 * rho)) <= budget


def test_decoupled_flow_is_logistic():
    """From a diagonal start every squared entry u follows du/dt = 2u(s̄ − s² u)."""
    moments, times = experiments.bias_moments(), [0.0, 1.0, 5.0]
    start = 0.1 * np.eye(DIM)
    path = experiments.flow(moments, start, times=times)
    mean, square = np.diagonal(np.asarray(moments.sigma_bar)), np.diagonal(np.asarray(moments.sigma)) ** 2
    for at, weights in zip(times, path, strict=True):
        limit = mean / square
        expected = limit / (1 + (limit / 0.01 - 1) * np.exp(-2 * mean * at))
        squares = np.diagonal(weights) ** 2
        assert np.max(np.abs(squares - expected)) <= tolerances.integration_budget(steps=1000)
        assert np.count_nonzero(weights - np.diag(np.diagonal(weights))) == 0


def test_the_loss_falls_along_the_flow_and_every_point_is_in_the_band():
    paths = experiments.bias_paths(dim=10, end=5.0, points=6)
    band, _ = experiments.bias_band(dim=10)
    placed = experiments.placed(paths, band)
    assert all(placed.column("inside"))
    for name in ("flow, small start", "flow, spurious start"):
        losses = placed.where(algorithm=name).column("population_loss")
        assert losses == sorted(losses, reverse=True)


def test_a_point_above_the_band_is_seen():
    band, limits = experiments.bias_band(dim=10)
    row = {"population_loss": band.minimum, "population_risk": 0.9}
    assert experiments.placed(Table(tuple(row), (row,)), band).column("inside") == [False]
    assert limits.rows[0]["ceiling"] < 0.9


def test_the_best_length_is_a_minimum():
    moments = experiments.bias_moments()
    weights = experiments.best_length(moments, np.random.default_rng(0).standard_normal((DIM, 3)))
    least = lr.losses.spectral(moments, weights)
    assert all(lr.losses.spectral(moments, scale * weights) > least for scale in (0.5, 0.9, 1.1, 2.0))


def test_the_pictures_have_a_curve_a_row():
    rows = [{"row": name, **row} for name in ("linear", "mlp") for row in trajectory((6.0, 5.0), (0.75, 0.5)).rows]
    table = Table(tuple(rows[0]), tuple(rows))
    assert len(plots.trajectory(table).axes[0].lines) == 2
    assert len(plots.brittleness(table).axes[0].lines) == 3  # two seeds and their mean, without the linear row
