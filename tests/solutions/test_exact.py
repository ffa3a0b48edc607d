"""Exact spectra against a float eigensolver, against inertia, and where only integers can decide."""

import dataclasses
from fractions import Fraction

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given
from hypothesis import strategies as st
from sympy import Poly, Symbol

from linrep._checks import InputError
from linrep.features import Custom, OneHot
from linrep.moments import RationalMoments
from linrep.moments._population import finite_rational
from linrep.processes import FiniteProcess
from linrep.solutions._exact import ExactSpectrum, exact_spectrum, inertia_above
from linrep.solutions._real_roots import coprime_base, distinct_roots, rational_roots, roots_above
from tests.tolerances import eigenvalue_budget


@st.composite
def processes(draw, largest: int = 6) -> FiniteProcess:
    """Integer weights: non-uniform prior, sparse channel, every input with a view of its own choice."""
    inputs, views = draw(st.integers(1, largest)), draw(st.integers(1, largest))
    channel = np.array(
        draw(st.lists(st.lists(st.integers(0, 4), min_size=views, max_size=views), min_size=inputs, max_size=inputs))
    )
    channel[np.arange(inputs), draw(st.lists(st.integers(0, views - 1), min_size=inputs, max_size=inputs))] += 1
    return FiniteProcess(draw(st.lists(st.integers(1, 9), min_size=inputs, max_size=inputs)), channel)


def integer_features(seed: int, dim: int) -> Custom:
    """Small random integer features; the last repeats the sum of the first two, so Sigma is singular."""

    def table(views: np.ndarray) -> np.ndarray:
        values = np.random.default_rng(seed).integers(-3, 4, (len(views), dim))
        values[:, -1] = values[:, 0] + values[:, 1]
        return values

    return Custom(table, dim)


def float_eigenvalues(moments: RationalMoments) -> tuple[np.ndarray, float]:
    """Eigenvalues of K by whitening with eigh, descending, and the condition number on the range of Sigma."""
    sigma, sigma_bar = moments.sigma.astype(float), moments.sigma_bar.astype(float)
    values, vectors = np.linalg.eigh(sigma)
    kept = values > eigenvalue_budget(len(values), 2 * float(values[-1]))
    whitening = vectors[:, kept] / np.sqrt(values[kept])
    condition = float(values[-1] / values[kept][0]) if kept.any() else 1.0
    return np.linalg.eigvalsh(whitening.T @ sigma_bar @ whitening)[::-1], condition


def pencil(*eigenvalues: Fraction, seed: int = 0) -> RationalMoments:
    """Dense moments with the given spectrum: Sigma = B.T B, Sigma_bar = B.T diag(eigenvalues) B, B random, regular."""
    order = len(eigenvalues)
    basis = np.random.default_rng(seed).integers(-3, 4, (order, order)) + 9 * np.eye(order, dtype=int)
    basis = np.vectorize(Fraction, otypes=[object])(basis.astype(object))
    sigma_bar = basis.T @ (np.array(eigenvalues, dtype=object)[:, None] * basis)
    return RationalMoments(basis.T @ basis, sigma_bar, None, None, basis[0], None)


def blocks(*parts: RationalMoments) -> RationalMoments:
    """Unconnected groups of features side by side."""
    order = sum(part.dim for part in parts)
    sigma, sigma_bar = (np.full((order, order), Fraction(0), dtype=object) for _ in range(2))
    start = 0
    for part in parts:
        place = slice(start, start + part.dim)
        sigma[place, place], sigma_bar[place, place] = part.sigma, part.sigma_bar
        start += part.dim
    return RationalMoments(sigma, sigma_bar, None, None, np.full(order, Fraction(0)), None)


def listed(spectrum: ExactSpectrum) -> list[tuple[Fraction, int]]:
    """Rational eigenvalues with multiplicities; fails on an irrational one."""
    assert all(value.lower == value.upper for value in spectrum.eigenvalues)
    return [(value.lower, value.multiplicity) for value in spectrum.eigenvalues]


@given(processes(), st.integers(0, 10**6), st.integers(2, 5), st.booleans())
def test_agrees_with_a_float_eigensolver(process: FiniteProcess, seed: int, dim: int, one_hot: bool):
    moments = finite_rational(process, OneHot() if one_hot else integer_features(seed, dim))
    spectrum, (reference, condition) = exact_spectrum(moments), float_eigenvalues(moments)
    assert spectrum.rank == reference.size
    budget = eigenvalue_budget(moments.dim, 4.0, condition)
    np.testing.assert_allclose(spectrum.floats(), reference, rtol=0, atol=budget)


@given(processes(), st.integers(0, 10**6), st.integers(2, 5), st.fractions(0, 1, max_denominator=50))
def test_agrees_with_inertia(process: FiniteProcess, seed: int, dim: int, threshold: Fraction):
    moments = finite_rational(process, integer_features(seed, dim))
    values = exact_spectrum(moments).eigenvalues
    inside = [v for v in values if v.lower < threshold <= v.upper]
    assert inside == []  # a rational threshold inside so narrow an interval would need a huge denominator
    assert inertia_above(moments, threshold) == sum(v.multiplicity for v in values if v.lower > threshold)
    for value in values:
        here = inertia_above(moments, value.lower) - inertia_above(moments, value.upper)
        at_least = value.multiplicity if value.lower < value.upper else 0
        assert here == at_least


@given(processes())
def test_eigenvalue_one_counts_the_components(process: FiniteProcess):
    top = exact_spectrum(finite_rational(process, OneHot())).eigenvalues[0]
    assert (top.lower, top.upper, top.multiplicity) == (1, 1, process.n_components)


@given(processes(largest=5))
def test_trace_is_exact(process: FiniteProcess):
    moments = finite_rational(process, OneHot())
    trace = sum(bar / full for bar, full in zip(np.diag(moments.sigma_bar), np.diag(moments.sigma), strict=True))
    values = exact_spectrum(moments).eigenvalues
    assert sum(v.lower * v.multiplicity for v in values) <= trace <= sum(v.upper * v.multiplicity for v in values)


def test_disjoint_process_ties_twenty_fold():
    process = FiniteProcess(np.arange(1, 21), np.kron(np.eye(20, dtype=int), [[1, 3]]))
    spectrum = exact_spectrum(finite_rational(process, OneHot()))
    assert listed(spectrum) == [(1, 20), (0, 20)]
    assert spectrum.tie(7) == (20, 7)
    assert spectrum.tie(20) is None
    assert spectrum.tie(25) is None  # eigenvalue 0: the minimiser is unique
    assert spectrum.group(25) == (20, 40)
    assert spectrum.group(41) == (41, 41)


def test_dense_tie_is_found_without_blocks():
    half, third = Fraction(1, 2), Fraction(1, 3)
    spectrum = exact_spectrum(pencil(half, half, half, third, Fraction(0)))
    assert listed(spectrum) == [(half, 3), (third, 1), (0, 1)]
    assert [spectrum.tie(dim) for dim in range(1, 6)] == [(3, 1), (3, 2), None, None, None]


@pytest.mark.parametrize("distance", [Fraction(1, 10**12), Fraction(1, 10**40)])
def test_near_tie_is_no_tie(distance: Fraction):
    half = Fraction(1, 2)
    spectrum = exact_spectrum(pencil(half, half - distance, Fraction(1, 5)))
    assert listed(spectrum) == [(half, 1), (half - distance, 1), (Fraction(1, 5), 1)]
    assert spectrum.tie(1) is None
    assert exact_spectrum(pencil(half, half, Fraction(1, 5))).tie(1) == (2, 1)


def test_process_with_eigenvalues_a_trillionth_apart():
    weight = 10**12
    near = [FiniteProcess([1, 1], [[a, b], [b, a]]) for a, b in ((3 * weight, weight), (3 * weight + 1, weight - 1))]
    moments = blocks(*(finite_rational(process, OneHot()) for process in near))
    spectrum = exact_spectrum(moments)
    assert listed(spectrum)[0] == (1, 2)
    assert [v.multiplicity for v in spectrum.eigenvalues] == [2, 1, 1]
    assert spectrum.tie(3) is None


def test_irrational_eigenvalues_shared_by_groups_tie():
    # [[2, 1], [1, 1]] / 4 has the eigenvalues (3 ± sqrt 5) / 8; the second group has them too, in another basis.
    quarter = Fraction(1, 4)
    first = RationalMoments(
        *(
            np.array(m, dtype=object)
            for m in (
                [[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]],
                [[2 * quarter, quarter], [quarter, quarter]],
            )
        ),
        None,
        None,
        np.zeros(2),
        None,
    )
    change = np.array([[Fraction(1), Fraction(2)], [Fraction(1), Fraction(5)]], dtype=object)
    second = RationalMoments(
        change.T @ first.sigma @ change, change.T @ first.sigma_bar @ change, None, None, np.zeros(2), None
    )
    spectrum = exact_spectrum(blocks(first, second, pencil(Fraction(1, 10))))
    assert [v.multiplicity for v in spectrum.eigenvalues] == [2, 1, 2]
    expected = np.array([(3 + 5**0.5) / 8] * 2 + [0.1] + [(3 - 5**0.5) / 8] * 2)
    np.testing.assert_allclose(spectrum.floats(), expected, rtol=0, atol=eigenvalue_budget(1))
    top = spectrum.eigenvalues[0]
    assert top.lower < top.upper
    assert spectrum.tie(1) == (2, 1)


def test_dependent_features_leave_the_range():
    process = FiniteProcess([1, 2, 3], [[2, 1, 0], [0, 1, 1], [1, 1, 1]])
    moments = finite_rational(process, integer_features(3, 4))
    spectrum = exact_spectrum(moments)
    assert spectrum.rank == np.linalg.matrix_rank(moments.sigma.astype(float)) < 4
    zero = finite_rational(process, Custom(lambda v: np.zeros((len(v), 2), dtype=int), 2))
    assert exact_spectrum(zero).eigenvalues == ()
    assert exact_spectrum(zero).tie(1) is None


@pytest.mark.parametrize("eigenvalues", [(Fraction(3, 2), Fraction(1, 2)), (Fraction(-1, 9), Fraction(1, 2))])
def test_moments_of_no_process_are_refused(eigenvalues: tuple[Fraction, ...]):
    with pytest.raises(InputError, match="0 <= Sigma_bar <= Sigma"):
        exact_spectrum(pencil(*eigenvalues))


def test_asymmetric_moments_are_refused():
    moments = pencil(Fraction(1, 2), Fraction(1, 3))
    sigma_bar = moments.sigma_bar.copy()
    sigma_bar[0, 1] += Fraction(1, 100)
    with pytest.raises(InputError, match="0 <= Sigma_bar <= Sigma"):
        exact_spectrum(dataclasses.replace(moments, sigma_bar=sigma_bar))


def test_negative_threshold_is_refused():
    with pytest.raises(InputError, match="threshold is -1"):
        inertia_above(pencil(Fraction(1, 2)), Fraction(-1))


def test_inertia_without_diagonal_pivots():
    # Sigma_bar - Sigma / 2 is [[0, 1/4], [1/4, 0]]: its diagonal vanishes, and one eigenvalue is above 1/2.
    sigma = np.array([[Fraction(1), Fraction(0)], [Fraction(0), Fraction(1)]], dtype=object)
    sigma_bar = np.array([[Fraction(1, 2), Fraction(1, 4)], [Fraction(1, 4), Fraction(1, 2)]], dtype=object)
    moments = RationalMoments(sigma, sigma_bar, None, None, np.zeros(2), None)
    assert inertia_above(moments, Fraction(1, 2)) == 1
    assert listed(exact_spectrum(moments)) == [(Fraction(3, 4), 1), (Fraction(1, 4), 1)]


def product(roots: list[Fraction]) -> tuple[int, ...]:
    """The polynomial with the given rational roots."""
    x = Symbol("x")
    poly = Poly(1, x)
    for root in roots:
        poly = poly * Poly([root.denominator, -root.numerator], x)
    return tuple(int(c) for c in poly.all_coeffs())


@given(st.lists(st.fractions(0, 1, max_denominator=10**9), min_size=1, max_size=8))
def test_rational_roots_of_any_size_are_found(roots: list[Fraction]):
    polynomial = product(roots)
    assert [(r.lower, r.multiplicity) for r in distinct_roots([polynomial])] == [
        (root, roots.count(root)) for root in sorted(set(roots), reverse=True)
    ]
    assert sorted(rational_roots(product(sorted(set(roots))))) == sorted(set(roots))
    assert all(roots_above(polynomial, root) == sum(other > root for other in roots) for root in roots)


def test_coprime_base_adds_shared_powers():
    shared, own = (8, 0, -1), (5, 0, -1)
    both = (40, 0, -13, 0, 1)
    assert sorted(coprime_base([(both, 1), (shared, 2)])) == sorted([(shared, 3), (own, 1)])


def test_dense_thirty_features_against_a_generalised_eigensolver():
    rng = np.random.default_rng(5)
    process = FiniteProcess(rng.integers(1, 9, 30), rng.integers(0, 9, (30, 30)) + np.eye(30, dtype=int))
    moments = finite_rational(process, OneHot())
    sigma, sigma_bar = moments.sigma.astype(float), moments.sigma_bar.astype(float)
    reference = scipy.linalg.eigh(sigma_bar, sigma, eigvals_only=True)[::-1]
    budget = eigenvalue_budget(30, 1.0, float(sigma.max() / np.diag(sigma).min()))
    np.testing.assert_allclose(exact_spectrum(moments).floats(), reference, rtol=0, atol=budget)
