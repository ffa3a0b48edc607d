"""Spectra by certified frames and by blocks, against known eigenvalues and against the characteristic polynomial."""

from fractions import Fraction

import flint
import numpy as np
import pytest

import linrep as lr
from proofs_check.arithmetic import blocks, captured, direct_sum, independent_rows, matrix, touched
from proofs_check.enclosures import _spectrum, exact_problem, spectrum
from proofs_check.enclosures._frame import frame
from proofs_check.enclosures._spectrum import shared_levels


def pencil(values: list[Fraction]) -> tuple[flint.fmpq_mat, flint.fmpq_mat]:
    """Sigma = M.T M and Sigma_bar = M.T diag(values) M for a random integer matrix M: the eigenvalues are given."""
    rng = np.random.default_rng(len(values))
    table = matrix(rng.integers(-3, 4, (len(values), len(values))).astype(object) + 9 * np.eye(len(values), dtype=int))
    diagonal = flint.fmpq_mat(len(values), len(values))
    for i, value in enumerate(values):
        diagonal[i, i] = flint.fmpq(value.numerator, value.denominator)
    return table.transpose() * table, table.transpose() * diagonal * table


def process(order: int) -> lr.Problem:
    """A random connected process of all functions of a view."""
    rng = np.random.default_rng(order)
    found = lr.processes.FiniteProcess(rng.integers(1, 6, order - 2), rng.integers(0, 5, (order - 2, order)))
    return lr.Problem(found, lr.features.OneHot(), rng.choice([-1, 1], order - 2), dim=3)


TINY = Fraction(1, 10**12)
KNOWN = [Fraction(1)] * 20 + [Fraction(1, 2) + TINY, Fraction(1, 2), Fraction(1, 3), Fraction(1, 3), Fraction(0)]


def test_ties_and_near_ties_of_a_dense_pencil_are_ruled_exactly():
    found = spectrum(*pencil(KNOWN))
    assert found.frame is not None
    assert [(v.value.lower, v.value.upper, v.multiplicity) for v in found.levels] == [
        (1, 1, 20),
        (Fraction(1, 2) + TINY, Fraction(1, 2) + TINY, 1),
        (Fraction(1, 2), Fraction(1, 2), 1),
        (Fraction(1, 3), Fraction(1, 3), 2),
        (0, 0, 1),
    ]


def test_what_a_frame_cannot_tell_apart_the_polynomial_decides():
    """Two eigenvalues closer than the frame's digits: taken for no tie, by exact arithmetic."""
    close = Fraction(1, 10**125)
    known = [Fraction(1, 2) + close, Fraction(1, 2), *(Fraction(1, k) for k in range(3, 19))]
    sigma, sigma_bar = pencil(known)
    guess = frame(sigma, sigma_bar)
    assert guess is not None
    assert [len(group) for group in guess.groups()] == [2] + [1] * 16
    found = spectrum(sigma, sigma_bar)
    assert found.frame is None
    assert [v.multiplicity for v in found.levels] == [1] * 18
    assert found.levels[0].value.lower > found.levels[1].value.upper


def test_the_frame_s_balls_hold_the_true_eigenvalues():
    values = [Fraction(k, 21) for k in range(21, 0, -1)]
    found = frame(*pencil(values))
    assert found is not None
    assert all(abs(v - w) <= found.radius for v, w in zip(found.values, values, strict=True))
    # The planted violation: a radius a hundred orders smaller would be a false claim.
    assert not all(abs(v - w) <= found.radius / 10**100 for v, w in zip(found.values, values, strict=True))


@pytest.mark.parametrize("order", [18, 20])
def test_frames_and_polynomials_agree(order: int, monkeypatch: pytest.MonkeyPatch):
    by_frame, by_root = exact_problem(process(order)), exact_problem(process(order))
    assert by_frame.spectrum.frame is not None
    monkeypatch.setattr(_spectrum, "LARGEST_BLOCK", order)
    assert by_root.spectrum.frame is None
    pairs = list(zip(by_frame.spectrum.levels, by_root.spectrum.levels, strict=True))
    assert all(a.multiplicity == b.multiplicity for a, b in pairs)
    columns = [
        [*(level.value for level in one.spectrum.levels), *one.label_energies, *part]
        for one in (by_frame, by_root)
        for part in [[x for column in one.spectrum.parts(one.sigma, one.cross) for x in column]]
    ]
    for mine, theirs in zip(*columns, strict=True):
        assert mine.lower <= theirs.upper
        assert theirs.lower <= mine.upper
        assert mine.upper - mine.lower <= Fraction(1, 2**256)


def test_energies_of_a_frame_sum_to_the_exact_moment():
    exact = exact_problem(process(19))
    low = sum((e.lower for e in exact.label_energies), Fraction(0))
    high = sum((e.upper for e in exact.label_energies), Fraction(0))
    assert low <= captured(exact.sigma, exact.cross) <= high


def test_blocks_of_a_sum_are_those_of_its_parts():
    first, second = pencil([Fraction(1), Fraction(1, 2)]), pencil([Fraction(1, 2), Fraction(1, 4), Fraction(0)])
    whole = [direct_sum(a, b) for a, b in zip(first, second, strict=True)]
    parts = blocks(*whole)
    assert parts == ((0, 1), (2, 3, 4))
    assert independent_rows(whole[1], parts) == [0, 1, 2, 3]
    assert touched(parts, flint.fmpq_mat([[0], [0], [0], [1], [0]])) == [2, 3, 4]
    found = spectrum(*whole)
    assert [(v.value.lower, v.multiplicity) for v in found.levels] == [
        (1, 1),
        (Fraction(1, 2), 2),
        (Fraction(1, 4), 1),
        (0, 1),
    ]
    assert shared_levels(found, spectrum(*second)) == [(1, 0), (2, 1), (3, 2)]


def test_many_equal_blocks_cost_no_large_polynomial():
    """Degree two polynomials of fifty coordinates: 1,276 features, three eigenvalues."""
    process = lr.processes.HypercubeFlip(dim=50, keep=Fraction(9, 10))
    problem = lr.Problem(process, lr.features.Polynomial(2), lr.labels.Coordinate(0), dim=51)
    found = exact_problem(problem).spectrum
    assert [(v.value.lower, v.multiplicity) for v in found.levels] == [
        (1, 1),
        (Fraction(16, 25), 50),
        (Fraction(16, 25) ** 2, 1225),
    ]
