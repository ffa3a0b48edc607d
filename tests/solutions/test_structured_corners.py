"""Corners of the structured solver that a mutation test found unwatched."""

import numpy as np

import linrep as lr
from tests.tolerances import rounding


def test_tiny_eigenvalues_are_no_tie():
    """1, 1e-12, 1e-24, 1e-36: errors of products are relative, however small the products are."""
    solution = lr.solve(lr.processes.GaussianNoise(1, 1e-6), dim=3)
    assert solution.tie is None
    assert [multiplicity for _, multiplicity in solution.distinct] == [1] * len(solution.distinct)
    assert solution.eigenvalues[2] < 1e-23


def test_what_one_view_sees_of_an_arc_is_the_sum_over_its_waves():
    """Sixty waves at noise 0.3: those left out see less than exp(-81) of the label."""
    solution = lr.solve(lr.processes.Circle(0.3), dim=61, labels=lr.labels.Threshold([1.0, 2.0], 0.3))
    assert abs(float(solution.best_augmented_risk) - (1 - float(np.sum(solution.cross() ** 2)))) <= rounding(128)


def test_the_means_of_gaussian_inputs_tell_a_halfspace():
    label = lr.labels.Threshold([1.0, 2.0, 0.0], 0.3)
    assert lr.solve(lr.processes.GaussianNoise(3, 0.8), dim=4, labels=label).best_mean_risk == 0
