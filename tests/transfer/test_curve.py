"""Transfer curves: closed values, the ends, brute force, random representations, degenerate problems, many features."""

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from tests.strategies import KINDS, problems
from tests.tolerances import root_budget, rounding, spectral_budget

READOUTS = ("augmented", "mean")


def example_one(dim: int = 50) -> lr.moments.Moments:
    process = lr.processes.HypercubeScaling(dim=dim, relevant=10, scale=lr.processes.Uniform(0, 1))
    return lr.moments.population(process, lr.features.Linear(), lr.labels.Coordinate(0))


def small_moments(kappa, cross) -> lr.moments.Moments:
    """Orthonormal features with given eigenvalues and label coefficients; no constant, labels of mean zero."""
    order = len(kappa)
    cross = np.asarray(cross, dtype=float)
    label_sq = 0.25 + float(
        np.sum(cross**2 / np.reshape(kappa, (-1, *[1] * (cross.ndim - 1))))
    )  # a_i^2 is at most all of it
    mean = 0.0 if cross.ndim == 1 else np.zeros(cross.shape[1])
    return lr.moments.Moments(np.eye(order), np.diag(kappa), cross, label_sq, np.zeros(order), mean)


def checked(moments, found, *, intercept: bool = True) -> None:
    """The curves are ordered and monotone, and each witness has the loss and the risk that are claimed."""
    budget = root_budget(100 * moments.dim) * (1 + found.trivial)
    assert np.all(found.lower <= found.sharp + budget)
    assert np.all(found.sharp <= found.upper + budget)
    for curve in (found.lower, found.sharp, found.upper):
        assert np.all(np.diff(curve) >= -budget)
    for loss, risk, weights in zip(found.loss, found.lower, found.witnesses, strict=True):
        assert lr.losses.spectral(moments, weights) <= loss + found.loss_slack + rounding(100 * moments.dim)
        measured = lr.risks.regression(moments, weights, readout=found.readout, intercept=intercept)
        allowed = budget + readout_budget(moments, weights, found, intercept=intercept)
        assert abs(measured - risk) <= allowed


def readout_budget(moments, weights, found, *, intercept: bool = True) -> float:
    """What G, a Gram matrix of f, loses in forming it: n eps |G| |z|^2, and the readout z has |z|^2 <= total / least
    kept eigenvalue of G (here: of its centred part), so n eps cond(G) of the total."""
    moment = moments.sigma if found.readout == "augmented" else moments.sigma_bar
    gram, mean = weights.T @ moment @ weights, weights.T @ moments.mean * intercept
    size = float(np.linalg.eigvalsh(gram)[-1])
    values = np.linalg.eigvalsh(gram - np.outer(mean, mean))
    kept = values[values > rounding(40 * moments.dim, size)]
    return rounding(100 * moments.dim, found.trivial * size / float(kept.min(initial=max(size, 1.0))))


def test_example_one_is_a_straight_line_for_mixtures_and_a_parabola_for_representations():
    moments = example_one()
    found = lr.transfer.curve(moments, dim=10)
    excess = found.loss + 10
    assert found.vacuous - found.minimum == 7 / 16
    budget = rounding(10**5)
    np.testing.assert_allclose(found.upper, np.minimum(16 / 7 * excess, 1), rtol=0, atol=budget)
    np.testing.assert_allclose(found.sharp, 4 * (1 - np.sqrt(1 - excess)), rtol=0, atol=budget)
    np.testing.assert_allclose(found.lower, found.sharp, rtol=0, atol=budget)
    checked(moments, found)


def test_the_unrestricted_class_on_a_disjoint_process_is_vacuous_at_its_minimum():
    process = lr.processes.FiniteProcess([1] * 8, np.kron(np.eye(8, dtype=int), [[1, 2]]))
    moments = lr.moments.population(process, lr.features.OneHot(), [1, 1, -1, 1, -1, -1, 1, -1])
    for dim in (1, 3, 6):
        found = lr.transfer.curve(moments, dim=dim, losses=[-dim])
        assert found.vacuous - found.minimum <= found.loss_slack
        assert found.lower[0] == found.upper[0] == found.trivial


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize(
    ("kappa", "cross"),
    [((0.9, 0.4, 0.1), (0.5, -0.3, 0.2)), ((0.8, 0.8, 0.3), (0.6, 0.1, 0.0)), ((0.7, 0.5, 0.4), (0.1, 0.6, 0.2))],
)
@pytest.mark.parametrize("dim", [1, 2])
def test_brute_force_over_directions(readout, kappa, cross, dim: int):
    """One output in three dimensions: what is lost is one direction, so a fine grid of the sphere is all of T."""
    found = lr.transfer.curve(small_moments(kappa, cross), dim=dim, readout=readout)
    steps = np.linspace(0, np.pi, 181)
    grid = np.stack(
        [
            np.outer(np.sin(steps), np.cos(steps)),
            np.outer(np.sin(steps), np.sin(steps)),
            np.outer(np.cos(steps), np.ones(181)),
        ],
        axis=-1,
    ).reshape(-1, 3)
    kappa, seen = np.array(kappa), np.array(cross)
    outside = np.eye(3) - grid[:, :, None] * grid[:, None, :]
    if readout == "augmented":
        values = np.linalg.eigvalsh(outside @ np.diag(kappa) @ outside)[:, ::-1][:, :dim]
    else:  # pick the subspace orthogonal to the direction on which K^{-1} is least
        seen = seen / np.sqrt(kappa)
        lifted = outside @ np.diag(1 / kappa) @ outside + 1e6 * grid[:, :, None] * grid[:, None, :]
        values = 1 / np.linalg.eigvalsh(lifted)[:, :dim]
    losses, risks = -np.sum(values**2, axis=1), found.trivial - float(seen @ seen) + (grid @ seen) ** 2
    reached = np.array([risks[losses <= loss + rounding(1000)].max(initial=found.floor) for loss in found.loss])
    assert np.all(reached <= found.sharp + root_budget(100))
    # the grid is one degree wide, and a risk changes at most twice as fast as an angle near the best direction
    assert np.all(reached <= found.lower + np.deg2rad(1.0) ** 2 * 2 + root_budget(100))


@settings(max_examples=25, deadline=None)
@given(st.data(), st.sampled_from(READOUTS))
def test_no_representation_lies_above_the_curve(data, readout):
    problem = data.draw(problems(data.draw(st.sampled_from(KINDS))))
    moments = problem.moments
    found = lr.transfer.curve(moments, dim=problem.dim, losses=lr_levels(moments, problem.dim), readout=readout)
    checked(moments, found)
    rng = np.random.default_rng(data.draw(st.integers(0, 2**16)))
    drawn = [problem.representation, *rng.standard_normal((8, moments.dim, problem.dim))]
    losses = [lr.losses.spectral(moments, weights) for weights in drawn]
    risks = [lr.risks.regression(moments, weights, readout=readout, intercept=True) for weights in drawn]
    shift = spectral_budget(problem) + rounding(1000, float(np.abs(losses).max()))
    # a risk divides by the smallest kept variance of f: its error is a root
    assert np.all(np.array(risks) <= found.ceiling(np.array(losses) + shift) + np.sqrt(shift) * (1 + found.trivial))


def lr_levels(moments, dim: int) -> np.ndarray:
    limit = lr.transfer.threshold(moments, dim=dim)
    return np.linspace(limit.loss - limit.budget, limit.loss, 4)


def test_the_band_meets_at_both_ends():
    found = lr.transfer.curve(small_moments((0.9, 0.5, 0.3, 0.1), (0.5, 0.4, 0.1, 0.3)), dim=2)
    # at the least loss an excess of rounding size moves the risk by its root
    assert found.sharp[0] - found.lower[0] <= root_budget(10**5)
    assert found.lower[0] == pytest.approx(found.trivial - 0.41, abs=root_budget(10**5))
    assert found.lower[-1] == found.sharp[-1] == found.trivial


def test_tied_minimisers_start_at_the_worst_of_them():
    moments = small_moments((0.6, 0.6, 0.6, 0.2), (0.3, 0.4, 0.0, 0.1))
    found = lr.transfer.curve(moments, dim=2, intercept=False)
    worst = lr.solve(moments, dim=2).risk_range("augmented").highest
    assert found.lower[0] == pytest.approx(worst, abs=root_budget(10**5))
    assert found.sharp[0] == pytest.approx(worst, abs=root_budget(10**5))


def test_several_outputs_and_dimensions_beyond_the_rank():
    cross = np.array([[0.5, 0.1], [-0.2, 0.4], [0.1, 0.2]])
    moments = small_moments((0.9, 0.5, 0.2), cross)
    for dim in (1, 2, 3, 5):
        found = lr.transfer.curve(moments, dim=dim)
        checked(moments, found)
    assert found.lower[0] == pytest.approx(found.floor, abs=rounding(1000))


def test_rank_deficient_features():
    table = np.array([[1.0, 2.0, 3.0], [0.0, 1.0, 1.0], [2.0, 0.0, 2.0], [1.0, 1.0, 2.0]])
    process = lr.processes.FiniteProcess([1, 2, 1], [[2, 1, 0, 1], [0, 1, 3, 0], [1, 0, 1, 2]])
    moments = lr.moments.population(process, lr.features.Custom(lambda views: table, 3), [1, -1, 1])
    for readout in READOUTS:
        checked(moments, lr.transfer.curve(moments, dim=1, readout=readout))


def test_suboptimality_bounds_are_never_below_the_curve():
    """T4 holds for all representations of a loss, so it cannot promise less than T; in Example 1 it is (16/7) eps."""
    found = lr.transfer.curve(example_one(), dim=10)
    assert np.all(found.sharp <= 16 / 7 * (found.loss + 10) + rounding(10**4))


def test_points_off_the_band_are_reported():
    found = lr.transfer.curve(example_one(), dim=10)
    losses, risks = [-9.75, -9.75, -10.1, -9.0, -9.8], [0.2, 0.6, 0.5, 1.0, -0.1]
    assert found.contains(losses, risks).tolist() == [True, False, False, True, False]
    assert found.outside(losses, risks).tolist() == [1, 2, 4]
    with pytest.raises(lr.InputError, match="2 losses and 1 risks"):
        found.contains([-9.0, -9.0], [0.1])


def test_many_features_take_the_same_curve():
    moments = lr.moments.population(
        lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1)),
        lr.features.Polynomial(degree=3),
        lr.labels.Coordinate(0),
    )
    found = lr.transfer.curve(moments, dim=12, losses=[-12.0])
    assert moments.dim > 20_000
    assert found.lower[0] == found.upper[0] == 1.0


def test_gathered_eigenvalues_keep_the_bounds_valid():
    """Three hundred distinct eigenvalues: only some are treated one by one; witnesses and minimisers stay inside."""
    rng = np.random.default_rng(0)
    kappa = np.sort(rng.uniform(0, 1, 300))[::-1]
    moments = small_moments(kappa, rng.standard_normal(300) / 40)
    for readout in READOUTS:
        found = lr.transfer.curve(moments, dim=5, losses=lr_levels(moments, 5), readout=readout)
        checked(moments, found)
        weights = lr.solve(moments, dim=5).weights
        assert found.contains(
            lr.losses.spectral(moments, weights), lr.risks.regression(moments, weights, readout=readout)
        ).all()


@pytest.mark.parametrize("outputs", [1, 3, 10])
def test_the_band_closes_at_the_least_loss_with_many_eigenvalues_and_outputs(outputs: int):
    """More distinct eigenvalues than are treated one by one: none of those about the cut may be rounded up."""
    rng, dim = np.random.default_rng(0), 12
    kappa = np.linspace(0.99, 0.01, 150)
    moments = small_moments(kappa, rng.standard_normal((150, outputs)) / 60)
    captured = float(np.sum(moments.cross[:dim] ** 2))
    found = lr.transfer.curve(moments, dim=dim, losses=[-float(np.sum(kappa[:dim] ** 2))])
    assert found.lower[0] == pytest.approx(found.trivial - captured, abs=root_budget(10**5))
    # an excess e of rounding size turns a minimiser by at most 3 (sqrt(e / gap) + sqrt(e / gap)): docs/transfer.md
    gap = min(kappa[dim - 2] ** 2 - kappa[dim - 1] ** 2, kappa[dim - 1] ** 2 - kappa[dim] ** 2)
    turned = 6 * float(np.sqrt(2 * found.loss_slack / gap))
    assert found.sharp[0] - found.lower[0] <= turned * float(np.sum(moments.cross**2))


def test_the_key_decides_the_random_starts():
    moments = small_moments((0.9, 0.5, 0.3), (0.5, 0.4, 0.1))
    first, again = (lr.transfer.curve(moments, dim=1, key=jax.random.key(3)) for _ in range(2))
    np.testing.assert_array_equal(first.lower, again.lower)


def test_refusals():
    moments = small_moments((0.9, 0.5), (0.5, 0.4))
    with pytest.raises(lr.InputError, match="no representation has a loss below"):
        lr.transfer.curve(moments, dim=1, losses=[-2.0])
    with pytest.raises(lr.InputError, match="readout"):
        lr.transfer.curve(moments, dim=1, readout="both")
    with pytest.raises(lr.InputError, match="without labels"):
        lr.transfer.curve(lr.moments.Moments(np.eye(2), np.eye(2), None, None, np.zeros(2), None), dim=1)
