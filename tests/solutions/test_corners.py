"""Corners of the solver that a mutation test found unwatched: the gap, blocks, scales, partial spectra, strengths."""

from fractions import Fraction

import jax.numpy as jnp
import numpy as np
import pytest
import scipy.linalg

import linrep as lr
from linrep._linalg import spectral_error
from linrep.solutions._compression import compress, compressed_values
from linrep.solutions._exact import congruent_diagonal, connected_groups
from linrep.solutions._real_roots import distinct_roots
from linrep.solutions._solution import minimisers
from linrep.solutions._spectrum import block_spectrum, gram_spectrum, within_unit_interval
from tests.tolerances import EPS, eigenvalue_budget, rounding


def moments_of(sigma: np.ndarray, sigma_bar: np.ndarray) -> lr.moments.Moments:
    """Moments without labels."""
    return lr.moments.Moments(sigma, sigma_bar, None, None, np.zeros(len(sigma)), None)


def turned(values: list[float], seed: int = 0) -> lr.moments.Moments:
    """Sigma = I and Sigma_bar with the given eigenvalues, dense."""
    turn = np.linalg.qr(np.random.default_rng(seed).standard_normal((len(values), len(values))))[0]
    return moments_of(np.eye(len(values)), (turn * np.array(values)) @ turn.T)


@pytest.mark.parametrize(("dim", "gap"), [(1, 1 / 4), (2, 3 / 8), (3, 0.0), (4, 1 / 4), (5, 1 / 8), (6, 0.0)])
def test_the_gap_is_the_difference_at_the_cut(dim: int, gap: float):
    """In a tie it is zero; beyond the last eigenvalue there are zeros."""
    assert abs(lr.solve(turned([1.0, 3 / 4, 3 / 8, 3 / 8, 1 / 8]), dim=dim).gap - gap) <= eigenvalue_budget(5)


def test_blocks_of_several_features_beside_single_ones_give_the_spectrum_of_the_whole():
    rng = np.random.default_rng(1)
    sizes = (3, 1, 2, 4, 1)
    parts = []
    for size in sizes:
        mix, noise = rng.standard_normal((size, size)), rng.standard_normal((size, size))
        parts.append((mix @ mix.T, mix @ mix.T + noise @ noise.T))
    order = rng.permutation(sum(sizes))
    sigma_bar, sigma = (scipy.linalg.block_diag(*part)[np.ix_(order, order)] for part in zip(*parts, strict=True))
    blocks, whole = (
        block_spectrum(moments_of(sigma, sigma_bar), sigma, sigma_bar),
        gram_spectrum(moments_of(sigma, sigma_bar)),
    )
    assert np.max(np.abs(blocks.values - whole.values)) <= blocks.error + whole.error
    basis = np.asarray(blocks.basis.todense())
    budget = eigenvalue_budget(len(sigma), condition=float(np.linalg.cond(sigma)))
    assert np.max(np.abs(basis.T @ sigma @ basis - np.eye(len(sigma)))) <= budget
    assert np.max(np.abs(basis.T @ sigma_bar @ basis - np.diag(blocks.values))) <= budget


def test_the_error_grows_with_eigenvalues_above_one():
    """Weight decay makes them as large as rho / smallest variance, and their rounding with them."""
    moments = moments_of(np.diag([1.0, 1e-6]) + 0.0, np.diag([0.5, 1e-7]))
    found = gram_spectrum(moments, shift=0.5)
    assert found.values.min() < -1e5
    assert found.error >= EPS * np.abs(found.values).max()


def test_a_partial_spectrum_that_ends_in_zeros_is_no_tie():
    """Number two of eigenvalues 1, 0, 0, 0 is zero: a minimiser has nothing there, so nothing is cut through."""
    solution = lr.solve(turned([1.0, 0.0, 0.0, 0.0]), dim=2, count=3)
    assert solution.tie is None
    assert abs(solution.loss + 1) <= eigenvalue_budget(4)


@pytest.mark.parametrize("dim", [1, 2])
def test_the_compiled_closed_form_on_one_direction_seen_six_times(dim: int):
    """Sigma of rank one: the rank is counted against the largest eigenvalue, the second is rounding."""
    rng = np.random.default_rng(0)
    seen, copies = rng.standard_normal(40), rng.standard_normal(6)
    sigma = np.outer(seen, copies).T @ np.outer(seen, copies)
    copies = copies * np.linalg.norm(seen)
    out = lr.solutions.closed_form(jnp.asarray(sigma), jnp.asarray(sigma / 4), jnp.asarray(copies / 2), 1.0, dim=dim)
    budget = eigenvalue_budget(6)
    assert np.max(np.abs(np.asarray(out.eigenvalues) - [0.25, 0, 0, 0, 0, 0])) <= budget
    # c = 1/2 and kappa = 1/4: risks 1 - c^2 and 1 - c^2 / kappa
    assert abs(float(out.loss) + 1 / 16) <= budget
    assert abs(float(out.augmented_risk) - 3 / 4) <= budget
    assert abs(float(out.mean_risk) - 0) <= 4 * budget


def test_the_compiled_closed_form_beyond_the_order_pads_with_zeros():
    out = lr.solutions.closed_form(jnp.eye(2), jnp.eye(2) / 4, jnp.array([0.5, 0.0]), 1.0, dim=4)
    assert out.weights.shape == (2, 4)
    assert not np.asarray(out.weights)[:, 2:].any()
    assert abs(float(out.loss) + 1 / 8) <= rounding(8)


@pytest.mark.parametrize("strength", [0.0, -1.0, np.inf, np.nan])
def test_strengths_that_are_not_positive_numbers_are_refused(strength: float):
    with pytest.raises(lr.InputError, match="strength"):
        lr.solutions.solve_variance_regularised(turned([1.0, 0.5]), dim=1, strength=strength)


def listed(values: list[float], error: float) -> lr.solutions.Spectrum:
    """A spectrum that is known, with a given error and two outputs of a label."""
    order = len(values)
    seen = np.arange(1.0, 2 * order + 1).reshape(order, 2)
    return lr.solutions.Spectrum(np.array(values), np.eye(order), seen, seen, 0.0, 1.0, error)


def test_eigenvalues_tie_within_the_errors_of_both_and_no_further():
    error = 2.0**-20
    assert minimisers(listed([0.5, 0.5 - 2 * error], error), dim=1).tie is not None
    assert minimisers(listed([0.5, 0.5 - 2.5 * error], error), dim=1).tie is None


@pytest.mark.parametrize("values", [[0.5, 0.5, 0.5, 0.25], [0.5, 0.4, 0.3, 0.25]])
def test_what_is_captured_and_what_is_missed_make_up_the_whole(values: list[float]):
    solution = minimisers(listed(values, 2.0**-20), dim=2)
    seen = solution.spectrum.cross
    whole = float(np.sum(seen**2))
    most, average, least = solution.kept_energy(seen)
    assert all(abs(e.captured + e.missed - whole) <= rounding(32, whole) for e in (most, average, least))
    if solution.tie is None:
        assert abs(most.captured - float(np.sum(seen[:2] ** 2))) <= rounding(32, whole)
    else:  # two of the three directions in which a group of two outputs has all its energy, or one of them and none
        inside = np.linalg.eigvalsh(seen[:3].T @ seen[:3])
        ends = (inside.sum(), inside.sum() * 2 / 3, inside.min())
        assert np.max(np.abs(np.array([most.captured, average.captured, least.captured]) - ends)) <= rounding(64, whole)


def test_moments_without_variance_have_rank_zero():
    found = gram_spectrum(moments_of(np.zeros((3, 3)), np.zeros((3, 3))))
    assert (found.rank, found.columns(2).shape) == (0, (3, 0))
    assert lr.solve(moments_of(np.zeros((3, 3)), np.zeros((3, 3))), dim=2).loss == 0


def test_more_eigenpairs_than_there_are_is_all_of_them():
    moments = turned([1.0, 0.5, 0.25])
    assert np.array_equal(gram_spectrum(moments, count=9).values, gram_spectrum(moments).values)
    assert gram_spectrum(moments, count=3).complete
    assert not gram_spectrum(moments, count=2).complete


@pytest.mark.parametrize(("values", "named"), [([0.5, -0.25], "-0.25"), ([1.5, 0.5], "1.5"), ([1.5, -0.25], "-0.25")])
def test_the_eigenvalue_that_is_refused_is_named(values: list[float], named: str):
    with pytest.raises(lr.InputError, match=f"eigenvalue {named},"):
        within_unit_interval(np.array(values), 2.0**-20)


def test_the_error_of_eigenvalues_below_one_is_that_of_the_solver():
    assert gram_spectrum(turned([1.0, 0.5, 0.25])).error == spectral_error(3, 1.0)


def test_an_eigenvalue_of_the_size_of_its_error_is_zero_and_one_as_far_outside_is_moved():
    error = 2.0**-20
    found = within_unit_interval(np.array([1 + error, 0.5, 2 * error, error, -error]), error)
    assert found.tolist() == [1.0, 0.5, 2 * error, 0.0, 0.0]
    with pytest.raises(lr.InputError, match=r"eigenvalue 1\.5,"):
        within_unit_interval(np.array([1.5, -error]), error)


def test_the_group_of_the_last_eigenvalue_is_known_too():
    """Nothing is cut, so that there is no tie; the positions of the equal eigenvalues are there all the same."""
    for dim, tied in ((1, (0, 1)), (2, (1, 3)), (3, (1, 3)), (4, (4, 4))):
        assert minimisers(listed([0.5, 0.25, 0.25], 2.0**-20), dim=dim).tied == tied


def test_the_compiled_closed_form_keeps_eigenvalues_in_the_unit_interval():
    """Sigma_bar = Sigma: each eigenvalue is 1, and rounding would push some beyond."""
    mix = np.random.default_rng(2).standard_normal((9, 9))
    sigma = jnp.asarray(mix @ mix.T)
    values = np.asarray(lr.solutions.closed_form(sigma, sigma, jnp.zeros(9), 1.0, dim=2).eigenvalues)
    assert values.max() <= 1
    assert np.abs(values - 1).max() <= eigenvalue_budget(9, condition=float(np.linalg.cond(mix @ mix.T)))


def test_columns_beyond_the_rank_have_no_variance():
    """One feature, three columns: the first keeps 1 - lambda / mu = 3/4, the others cost mu each."""
    found = lr.solutions.solve_variance_regularised(moments_of(np.eye(1), np.eye(1) / 2), dim=3, strength=2.0)
    assert found.scales.tolist() == [3 / 4, 0.0, 0.0]
    assert np.abs(np.abs(found.weights) - [[np.sqrt(3) / 2, 0.0, 0.0]]).max() <= rounding(4)
    assert abs(found.loss - (1 - 1 / 8 + 2 + 2)) <= rounding(8)


def test_a_direction_of_negative_eigenvalue_explains_nothing():
    """Weight decay 1/5: eigenvalues 3/10 and -1/10, and minimisers leave out the second."""
    moments = lr.moments.Moments(np.eye(2), np.diag([1 / 2, 1 / 10]), np.array([0.5, 0.25]), 1.0, np.zeros(2), 0.0)
    risks = lr.solve(moments, dim=2, weight_decay=1 / 5).risk_range("augmented")
    assert all(abs(risk - 3 / 4) <= eigenvalue_budget(2) for risk in risks)


@pytest.mark.parametrize("removed", [[0], [0, 1], [1, 3]])
def test_a_compression_to_the_complement_of_eigenvectors_keeps_the_others(removed: list[int]):
    spectrum, normals = listed([0.75, 0.5, 0.25, 0.125], 2.0**-20), np.eye(4)[:, removed]
    left = [k for k in range(4) if k not in removed]
    assert compressed_values(spectrum, normals).tolist() == [spectrum.values[k] for k in left]
    found = compress(spectrum, normals, 4)
    assert (found.values.tolist(), found.removed) == ([*spectrum.values[left], *np.zeros(len(removed))], len(removed))
    assert np.abs(np.abs(found.vectors[:, : len(left)]) - np.eye(4)[:, left]).max() <= rounding(8)
    assert not found.vectors[:, len(left) :].any()


def test_a_fraction_is_parted_from_an_irrational_root_next_to_it():
    """(x - 1/2)^2 = 2^-159 beside x = 1/2: the narrow intervals of the three roots do not even touch."""
    high, middle, low = distinct_roots([(2**159, -(2**159), 2**157 - 1), (2, -1)])
    assert (middle.lower, middle.upper) == (1 / 2, 1 / 2)
    assert high.upper > high.lower > middle.upper
    assert low.lower < low.upper < middle.lower


def test_what_vanishes_has_a_zero_for_each_direction():
    matrix = np.full((4, 4), Fraction(0), dtype=object)
    matrix[0, 1] = matrix[1, 0] = Fraction(3)
    assert sorted(congruent_diagonal(matrix)) == [Fraction(-3, 2), 0, 0, Fraction(6)]


def test_features_are_connected_through_either_moment():
    sigma = np.array([[2, 1, 0, 0], [1, 2, 0, 0], [0, 0, 3, 0], [0, 0, 0, 3]], dtype=object)
    sigma_bar = np.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 1, 1]], dtype=object)
    found = connected_groups(lr.moments.RationalMoments(sigma, sigma_bar, None, None, np.zeros(4), None))
    assert [group.tolist() for group in found] == [[0, 1], [2, 3]]


def test_the_best_mean_risk_is_known_where_there_are_labels():
    """Two inputs of opposite labels with the same views: nothing tells them apart."""
    process = lr.processes.FiniteProcess([1, 1], [[1, 2], [1, 2]])
    labelled, bare = (lr.moments.population(process, lr.features.OneHot(), y) for y in ([1, -1], None))
    assert abs(lr.solutions.spectrum(labelled).best_mean - 1) <= eigenvalue_budget(2)
    assert lr.solutions.spectrum(bare).best_mean is None


def test_what_floats_call_a_tie_is_none_for_rational_moments():
    """Eigenvalues 1/4 and 1/4 + 10^-30, to first order."""
    tiny, quarter = Fraction(1, 10**30), Fraction(1, 4)
    blocks = [[[3 * quarter + t, quarter - t], [quarter - t, 3 * quarter + t]] for t in (0, tiny)]
    channel = [[*row, 0, 0] for row in blocks[0]] + [[0, 0, *row] for row in blocks[1]]
    exact = lr.moments.rational(lr.processes.FiniteProcess([1] * 4, channel), lr.features.OneHot())
    assert lr.solve(exact, dim=3).tie is None
    assert minimisers(lr.solve(exact, dim=3).spectrum, dim=3).tie is not None


def test_moments_of_a_sample_and_other_things_are_refused_in_a_sentence():
    sample = lr.moments.empirical(np.eye(3), np.eye(3), lr.features.Linear())
    with pytest.raises(lr.InputError, match=r"type SampleMoments, .* samples\.empirical_minimiser"):
        lr.solve(sample, dim=1)  # pyright: ignore[reportArgumentType, reportCallIssue]
    with pytest.raises(lr.InputError, match="type str"):
        lr.solve("moments", dim=1)  # pyright: ignore[reportArgumentType, reportCallIssue]
