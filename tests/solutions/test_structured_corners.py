"""Corners of the structured solver that a mutation test found unwatched."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

import linrep as lr
from linrep.solutions._energies import Enumerated
from tests.tolerances import rounding


def test_tiny_eigenvalues_are_no_tie():
    """1, 1e-12, 1e-24, 1e-36: errors of products are relative, however small the products are."""
    solution = lr.solve(lr.processes.GaussianNoise(1, 1e-6), dim=3)
    assert solution.tie is None
    assert [multiplicity for _, multiplicity in solution.distinct] == [1] * len(solution.distinct)
    assert 0 < solution.eigenvalues[2] < solution.eigenvalues[1] / 10**6


def test_what_one_view_sees_of_an_arc_is_the_sum_over_its_waves():
    """Sixty waves at noise 0.3: those left out see less than exp(-81) of the label."""
    solution = lr.solve(lr.processes.Circle(0.3), dim=61, labels=lr.labels.Threshold([1.0, 2.0], 0.3))
    assert abs(float(solution.best_augmented_risk) - (1 - float(np.sum(solution.cross() ** 2)))) <= rounding(128)


def test_the_means_of_gaussian_inputs_tell_a_halfspace():
    label = lr.labels.Threshold([1.0, 2.0, 0.0], 0.3)
    assert lr.solve(lr.processes.GaussianNoise(3, 0.8), dim=4, labels=label).best_mean_risk == 0


def test_multiplicities_beyond_float64_are_exact():
    """Sixty coins of each of two kinds: (16/25)^i (4/25)^j has binom(60, i) binom(60, j) eigenfunctions."""
    process = lr.processes.HypercubeFlip(120, (Fraction(9, 10),) * 60 + (Fraction(7, 10),) * 60)
    expected = {
        Fraction(16, 25) ** i * Fraction(4, 25) ** j: math.comb(60, i) * math.comb(60, j)
        for i in range(61)
        for j in range(61)
    }
    found = lr.solve(process, dim=2**60).distinct
    assert sum(multiplicity for _, multiplicity in found) >= 2**60
    assert all(expected[value] == multiplicity for value, multiplicity in found)


def test_the_eigenvalue_of_a_subset_is_the_product_over_its_coordinates():
    """The last coordinate is the lowest bit."""
    energy = Enumerated((0, 1, 2), (Fraction(1, 2), Fraction(1, 3), Fraction(1, 5)), np.zeros(8, dtype=np.int64))
    assert [energy._value(subset) for subset in (0, 1, 2, 5, 7)] == [1, *(Fraction(1, k) for k in (5, 3, 10, 30))]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_close_eigenvalues_are_ranked_exactly_in_any_order(order: tuple[int, ...]):
    """Three next to 1/4, beyond what floats tell, come in descending order."""
    keeps = [Fraction(3, 4) + Fraction(k, 10**20) for k in range(3)]
    found = lr.solve(lr.processes.HypercubeFlip(3, tuple(keeps[k] for k in order)), dim=3).distinct
    assert [value for value, _ in found[:4]] == [1, *((2 * keep - 1) ** 2 for keep in keeps[::-1])]
