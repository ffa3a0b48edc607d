"""Every tolerance of the test suite, by name, each with the line that derives it.

EPS is the unit roundoff of float64 doubled (machine epsilon); budgets are absolute unless said.
"""

import numpy as np
import scipy.special

EPS = float(np.finfo(np.float64).eps)


def sum_budget(terms: int, size: float = 1.0) -> float:
    """A sum of `terms` products, each of magnitude at most `size`: (terms + 2) eps size * terms^0.5 is typical,
    (terms + 2) eps * terms * size the worst case; we take the worst case (Higham, 2002, section 3.1)."""
    return (terms + 2) * terms * EPS * size


def eigenvalue_budget(order: int, norm: float = 1.0, condition: float = 1.0) -> float:
    """Backward error of a symmetric eigensolver, 10 n eps ||A|| (LAPACK guide 4.7), times the whitening's condition."""
    return 10 * order * EPS * norm * condition


def squared_norm_budget(rows: int, columns: int, size: np.ndarray | float) -> np.ndarray | float:
    """Two computations of |M r|^2, M of shape (rows, columns), `size` = |(|M| |r|)|^2: a product is off by
    columns eps/2, its square by twice that and a rounding, the sum by rows eps/2 (Higham, 2002, 3.1); two of them,
    doubled again to cover second order."""
    return 2 * (2 * columns + 1 + rows) * EPS * size


def spectral_budget(problem) -> float:
    """Two computations of a spectral quantity of size one on a small problem. The library states the error of its
    eigenvalues (40 n eps cond); the other route whitens Sigma itself, whose condition is the square of the factor's,
    and cuts its spectrum at a relative 1e-7: n eps / 1e-7 times a hundred covers integer features of up to thirteen
    views."""
    return problem.solution.spectrum.error + 100 * (problem.moments.dim + 1) * EPS / 1e-7


def rounding_budget(operations: int, size: float = 1.0) -> float:
    """A value of magnitude at most `size` after that many rounded operations, by two routes: eps/2 each, eps for
    both."""
    return operations * EPS * size


def standard_errors(values: int, confidence: float = 1 - 1e-9) -> float:
    """How many standard errors `values` means stay within, all of them, with that probability: the normal quantile at
    1 - (1 - confidence) / (2 values), the union bound over both tails of each. 6.1 for one value, 7.4 for 5,000."""
    return float(-scipy.special.ndtri((1 - confidence) / (2 * values)))


def frequency_budget(law: np.ndarray, draws: int, confidence: float = 1 - 1e-9) -> np.ndarray:
    """Distance of observed frequencies from their probabilities, Bernstein's inequality at level (1 - confidence) /
    cells:
    x = sqrt(2 p (1 - p) u / n) + 2 u / (3 n) with u = log(2 cells / (1 - confidence))."""
    level = np.log(2 * law.size / (1 - confidence))
    return np.sqrt(2 * law * (1 - law) * level / draws) + 2 * level / (3 * draws)


def root_budget(terms: int) -> float:
    """A square root of a number that is zero up to `terms` roundings of numbers of size one: sqrt(terms eps)."""
    return float(np.sqrt(terms * EPS))


def rounding(operations: int, size: float = 1.0) -> float:
    """A chain of at most `operations` float64 operations on numbers of magnitude at most `size`: one eps each."""
    return operations * EPS * size


def single_precision(operations: int, size: float = 1.0) -> float:
    """The same number by two routes in float32, each a chain of at most `operations` on numbers of magnitude at most
    `size`: eps32/2 an operation and route."""
    return float(operations * np.finfo(np.float32).eps * size)


def single_precision_steps(steps: int, batch: int, size: float = 10.0) -> float:
    """The same training steps by two compiled programs in float32: each step sums 2 batch terms of magnitude at most
    `size`, off by 2 batch eps32 size, and steps of small learning rate at most double what the earlier ones brought."""
    return float(2**steps * 2 * batch * np.finfo(np.float32).eps * size)


def quadrature_budget(value: float) -> float:
    """An adaptive quadrature that stops at an estimated error of 1e-12, absolute or relative, and as much again for
    what lies beyond its limits and for rounding, each a few eps of the value."""
    return 2e-12 * max(1.0, abs(value))


def integration_budget(steps: int) -> float:
    """Steps of an integrator that keeps each within 1e-10 of the value, of size at most ten, where errors do not grow:
    a stable flow; growth from a small start is made up for by the attraction of the end."""
    return 1e-10 * 10 * steps


RESOLVED = 1e-9
"""Singular values at or below this share of the largest are zero. Those of the tests' matrices (integers or products of
integers with eigenvectors, at most 13 rows) are zero up to n eps = 3e-15 or above 1e-6: any share between will do."""

CLEAR = 1e-3
"""A gap that multiplies the error of an eigenvector by at most a thousand (Davis and Kahan)."""

PAGE = 1e-9
"""The numbers of the report's explorer in JavaScript and in Python: both in float64, each at most a hundred operations
with factors of at most 1e4 (1 / lambda, binomials are exact), so off by 1e2 x 1e4 x eps = 2e-10."""
