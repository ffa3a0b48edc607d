"""The least squared error by moments, against least squares on the table of all inputs and views."""

import numpy as np
import pytest

import linrep as lr
from tests.tolerances import rounding


def by_table(process, values: np.ndarray, labels: np.ndarray, readout: str, *, intercept: bool) -> float:
    """Weighted least squares over pairs (input, view), or over inputs with the mean of their views."""
    if readout == "mean":
        mass, rows, targets = process.prior, process.channel @ values, labels
    else:
        joint = process.prior[:, None] * process.channel
        mass, rows = joint.ravel(), np.tile(values, (process.n_inputs, 1))
        targets = np.repeat(labels, process.n_views)
    rows = np.column_stack([rows, np.ones(len(rows))]) if intercept else rows
    root = np.sqrt(mass)
    fit = rows @ np.linalg.lstsq(rows * root[:, None], targets * root, rcond=None)[0]
    return float(mass @ (targets - fit) ** 2)


@pytest.mark.parametrize("intercept", [False, True])
@pytest.mark.parametrize("readout", ["augmented", "mean"])
@pytest.mark.parametrize("seed", range(8))
def test_moments_and_table_agree(seed: int, readout, intercept: bool):
    rng = np.random.default_rng(seed)
    process = lr.processes.FiniteProcess(rng.integers(1, 4, 6), rng.integers(0, 4, (6, 7)) + np.eye(6, 7, dtype=int))
    table, weights = rng.integers(-3, 4, (7, 4)), rng.integers(-2, 3, (4, 2)).astype(float)
    labels = np.array([1.0, -1, 2, 0, -2, 3])
    moments = lr.moments.population(
        process, lr.features.Custom(lambda x: table, 4), lr.labels.Table(labels.tolist(), "real")
    )
    values = table @ weights
    centred = np.cov((process.channel @ values).T, aweights=process.prior, ddof=0)
    condition = np.linalg.cond(centred) * (1 + np.abs(values).max() ** 2)
    found = lr.risks.regression(moments, weights, readout=readout, intercept=intercept)
    expected = by_table(process, values, labels, readout, intercept=intercept)
    assert abs(found - expected) <= rounding(1000, 9 * condition)


@pytest.mark.parametrize("size", [3e-9, 1e-8, 3e-8])
def test_the_rounding_of_a_constant_captures_nothing(size: float):
    """f = 1 + size * label: its variance is below the rounding of E f^2, so nothing can be read from these moments."""
    process = lr.processes.FiniteProcess([1, 1], np.eye(2, dtype=int))
    table = np.array([[1.0 + size], [1.0 - size]])
    moments = lr.moments.population(process, lr.features.Custom(lambda x: table, 1), [1, -1])
    for readout in ("augmented", "mean"):
        assert abs(lr.risks.regression(moments, [[1.0]], readout=readout, intercept=True) - 1) <= rounding(10)
    wide = lr.moments.population(process, lr.features.Custom(lambda x: 1 + np.array([[0.5], [-0.5]]), 1), [1, -1])
    assert abs(lr.risks.regression(wide, [[1.0]], readout="augmented", intercept=True)) <= rounding(100)
