"""Every tolerance of the test suite, by name, each with the line that derives it.

EPS is the unit roundoff of float64 doubled (machine epsilon); budgets are absolute unless said.
"""

import numpy as np

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
