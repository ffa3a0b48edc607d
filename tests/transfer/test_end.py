"""The worst minimiser where an intercept is fitted that the class lacks: against a grid, and next to it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep.transfer._end import left_end
from tests.tolerances import root_budget, rounding


def tied_moments(kappa, seed: int, outputs: int = 2) -> lr.moments.Moments:
    """Orthonormal features of non-zero mean, several outputs; labels are large enough to be possible."""
    rng, kappa = np.random.default_rng(seed), np.array(kappa)
    mean = rng.uniform(-0.5, 0.5, kappa.size) * np.sqrt(kappa)
    mean *= 0.8 / max(1.0, float(np.linalg.norm(mean / np.sqrt(kappa))))
    cross, centre = 0.3 * rng.standard_normal((kappa.size, outputs)) * kappa[:, None], rng.uniform(0, 0.3, outputs)
    label_sq = 0.5 + float(np.sum(cross**2 / kappa[:, None])) + 4 * float(centre @ centre)
    return lr.moments.Moments(np.eye(kappa.size), np.diag(kappa), cross, label_sq, mean, centre)


def end_of(moments, dim: int):
    total = float(moments.label_sq) - float(moments.label_mean @ moments.label_mean)
    found = left_end(lr.solutions.spectrum(moments), moments, dim=dim, total=total)
    assert found is not None
    return found


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("kappa", "dim"), [((0.7, 0.7, 0.2), 1), ((0.9, 0.6, 0.6, 0.3), 2)])
def test_a_grid_over_tied_minimisers_finds_the_same_worst_one(kappa, dim: int, seed: int):
    moments = tied_moments(kappa, seed)
    end, angles = end_of(moments, dim), np.linspace(0, np.pi, 721)
    weights = np.zeros((angles.size, len(kappa), dim))
    for column in range(dim - 1):
        weights[:, column, column] = np.sqrt(kappa[column])
    weights[:, dim - 1, -1], weights[:, dim, -1] = np.cos(angles), np.sin(angles)
    weights[:, :, -1] *= np.sqrt(kappa[dim])
    risks = [lr.risks.regression(moments, w, readout="augmented", intercept=True) for w in weights]
    assert max(risks) <= end.risk + rounding(10**3)
    # the grid misses the best angle by half a step; a risk is smooth, of curvature at most 2 total / (1 - |u|^2)
    left = 1 - float(moments.mean @ moments.mean)
    assert end.risk <= max(risks) + (np.pi / 1440) ** 2 * 2 * float(moments.label_sq) / left
    shown = lr.risks.regression(moments, end.weights, readout="augmented", intercept=True)
    assert abs(shown - end.risk) <= rounding(10**3)
    assert abs(lr.losses.spectral(moments, end.weights) - lr.solve(moments, dim=dim).loss) <= rounding(10**3)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**16), st.integers(1, 4), st.integers(1, 3))
def test_nearby_representations_stay_below_the_root(seed: int, dim: int, outputs: int):
    moments = tied_moments((0.9, 0.9, 0.9, 0.5, 0.5), seed, outputs)
    total = float(moments.label_sq) - float(moments.label_mean @ moments.label_mean)
    end = left_end(lr.solutions.spectrum(moments), moments, dim=dim, total=total)
    if end is None:
        return
    rng, best = np.random.default_rng(seed), end.weights
    turns = np.linalg.qr(rng.standard_normal((30, 3, 3)))[0]
    for turn in turns:
        tied = best.copy()
        tied[:3] = turn @ best[:3]
        weights = tied + 10.0 ** rng.uniform(-4, -0.5) * rng.standard_normal(best.shape)
        loss = lr.losses.spectral(moments, weights)
        risk = lr.risks.regression(moments, weights, readout="augmented", intercept=True)
        assert risk <= end.below(np.array([loss]))[0] + rounding(10**3)


def test_the_curve_starts_there_and_minimisers_stay_under_it():
    moments = tied_moments((0.7, 0.7, 0.2), 1)
    end = end_of(moments, 1)
    found = lr.transfer.curve(moments, dim=1)
    # rounding of the loss enters under a root
    assert end.risk - rounding(10**3) <= found.lower[0] <= found.sharp[0] <= end.risk + root_budget(10**6)
    assert found.ceiling([found.minimum])[0] <= end.risk + root_budget(10**6)


def test_nothing_is_claimed_without_a_clear_cut():
    moments = tied_moments((0.7, 0.7, 0.2), 0)
    found = lr.solutions.spectrum(moments)
    assert left_end(found, moments, dim=3, total=1.0) is None
    many = tied_moments((0.7,) * 7, 0)
    assert left_end(lr.solutions.spectrum(many), many, dim=1, total=1.0) is None
