"""One multiplier of the dual: its certificate, what lies below its line, and the best one by a generic optimiser."""

import numpy as np
import pytest
import scipy.linalg
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from tests.strategies import KINDS, problems
from tests.tolerances import eigenvalue_budget, root_budget, rounding, spectral_budget


def centred(moments) -> np.ndarray:
    cross = np.reshape(moments.cross, (moments.dim, -1))
    return cross - np.outer(moments.mean, np.atleast_1d(moments.label_mean))


def slack_matrices(moments, point) -> tuple[np.ndarray, np.ndarray]:
    """Z and tau Sigma + Z - (s Sigma_bar Sigma^+ Sigma_bar - b b.T): a line is proved if both are semidefinite."""
    sigma, sigma_bar = moments.sigma, moments.sigma_bar
    energy = point.multiplier * sigma_bar @ scipy.linalg.pinvh(sigma) @ sigma_bar - point.cross @ point.cross.T
    return point.excess, point.level * sigma + point.excess - energy


@settings(max_examples=60, deadline=None)
@given(st.data(), st.sampled_from([0.0, 0.1, 1.0, 16.0]))
def test_the_certificate_holds_and_every_representation_is_below_the_line(data, multiplier):
    problem = data.draw(problems(data.draw(st.sampled_from(KINDS)))).with_weights(None)
    moments = problem.moments
    point = lr.transfer.dual_point(moments, multiplier, dim=problem.dim)
    np.testing.assert_allclose(point.cross, centred(moments), rtol=0, atol=rounding(10))
    budget = spectral_budget(problem) * (1 + multiplier + float(moments.label_sq))
    for matrix in slack_matrices(moments, point):
        assert np.linalg.eigvalsh(matrix)[0] >= -budget
    variance = moments.label_sq - float(np.sum(np.square(moments.label_mean)))
    trace = float(np.trace(scipy.linalg.pinvh(moments.sigma) @ point.excess))
    assert abs(point.intercept_value - (variance + problem.dim * point.level + trace)) <= problem.dim * budget
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    for noise in rng.standard_normal((6, moments.dim, problem.dim)):
        weights = lr.solve(moments, dim=problem.dim).weights + noise * 10.0 ** rng.uniform(-3, 0.5)
        loss = lr.losses.spectral(moments, weights)
        risk = lr.risks.regression(moments, weights, readout="augmented", intercept=True)
        # a measured risk keeps half of its digits
        assert risk <= point.at(loss) + np.sqrt(budget) * (1 + multiplier)


def random_moments(seed: int, order: int) -> lr.moments.Moments:
    rng = np.random.default_rng(seed)
    kappa = np.sort(rng.uniform(0.05, 1, order))
    cross = 0.4 * rng.standard_normal(order) * np.sqrt(kappa)
    label_sq = 0.25 + float(np.sum(cross**2 / kappa))
    return lr.moments.Moments(np.eye(order), np.diag(kappa), cross, label_sq, np.zeros(order), 0.0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("dim", [1, 3])
def test_the_best_line_by_a_generic_optimiser_is_the_upper_curve(seed: int, dim: int):
    moments = random_moments(seed, 5)
    found = lr.transfer.curve(moments, dim=dim)
    for loss, upper in list(zip(found.loss, found.upper, strict=True))[1:-1:4]:
        best = scipy.optimize.minimize_scalar(
            lambda s, at=loss: lr.transfer.dual_point(moments, float(np.exp(s)), dim=dim).at(at),
            bounds=(-32, 16),
            method="bounded",
            options={"xatol": rounding(1)},
        )
        # The optimiser places log s to sqrt(eps) of its size, at most 32; around a kink the line then moves by s d.
        assert best.fun - upper <= root_budget(32**2) * (1 + dim * float(np.exp(best.x)))
        assert upper - best.fun <= found.trivial * SEARCH


SEARCH = (np.log(10) / 8 / 2**6) ** 2 / 8
"""What a multiplier that is off costs, relative to the risk: the grid has eight of them a decade, six rounds of cuts
halve the interval each, and a convex function of curvature one in log s is off by an eighth of its square."""


def test_the_relaxed_primal_meets_the_dual():
    """The other side: diag P = p for a label in one eigenvector only, a linear program over 0 <= p <= 1, sum p <= d."""
    kappa, dim = np.array([0.9, 0.6, 0.5, 0.2]), 2
    moments = lr.moments.Moments(np.eye(4), np.diag(kappa), np.array([0.5, 0, 0, 0]), 1.0, np.zeros(4), 0.0)
    found = lr.transfer.curve(moments, dim=dim)
    for loss, upper in zip(found.loss[1:-1], found.upper[1:-1], strict=True):
        kept = scipy.optimize.linprog([0.25, 0, 0, 0], [-(kappa**2), np.ones(4)], [loss, dim], bounds=[(0, 1)] * 4)
        assert kept.status == 0
        # HiGHS is feasible to 1e-7 (its default) in each row; multipliers here are below ten
        assert abs(upper - (1.0 - kept.fun)) <= 10 * HIGHS


HIGHS = 1e-7
"""Primal and dual feasibility tolerances of HiGHS, by default."""


def test_example_one_is_one_line():
    process = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    moments = lr.moments.population(process, lr.features.Linear(), lr.labels.Coordinate(3))
    point = lr.transfer.dual_point(moments, 16 / 7, dim=10)
    budget = eigenvalue_budget(50, 16)
    for share in (0.0, 0.25, 1.0):
        assert abs(point.at(-10 + share * 7 / 16) - share) <= budget


def test_planted_a_lower_level_is_no_certificate():
    moments = random_moments(0, 5)
    point = lr.transfer.dual_point(moments, 4.0, dim=2)
    lowered = lr.transfer.DualPoint(4.0, point.level / 2, point.excess, point.cross, point.intercept_value)
    assert np.linalg.eigvalsh(slack_matrices(moments, point)[1])[0] >= -eigenvalue_budget(5, 10)
    assert np.linalg.eigvalsh(slack_matrices(moments, lowered)[1])[0] < -eigenvalue_budget(5, 10)


def test_refusals():
    moments = random_moments(0, 3)
    for wrong in (-1.0, np.inf, np.nan):
        with pytest.raises(lr.InputError, match="multiplier"):
            lr.transfer.dual_point(moments, wrong, dim=1)
    with pytest.raises(lr.InputError, match="labels"):
        lr.transfer.dual_point(lr.moments.Moments(np.eye(2), np.eye(2), None, None, np.zeros(2), None), 1.0, dim=1)
