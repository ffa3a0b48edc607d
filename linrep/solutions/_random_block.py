"""What a random vector shows of the largest eigenvalue of a Gram operator, and what it excludes."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.linalg

from linrep._linalg import BACKWARD, EPS
from linrep.solutions._lanczos import Operator


def ritz_values(operator: Operator, off: Operator, start: np.ndarray) -> Iterator[float]:
    """The largest Ritz value after each Lanczos step from one vector, (order, 1), until nothing new comes.

    `off` keeps every vector orthogonal to the eigenvectors that are known, in place.

    Only two vectors are kept: without reorthogonalisation values may appear twice, but none that is not there. One
    vector for many steps excludes more than a block for as many products: its polynomials are of higher degree.
    """
    nothing = BACKWARD * math.sqrt(start.size) * EPS
    least = nothing * float(np.linalg.norm(start))
    previous, vector = np.zeros_like(start), off(start)
    diagonal, beside = np.zeros(0), np.zeros(0)
    while (fresh := float(np.linalg.norm(vector))) > least:
        vector /= fresh
        image = operator(vector)
        if diagonal.size:
            beside = np.append(beside, fresh)
            image -= fresh * previous
        diagonal = np.append(diagonal, np.vdot(vector, image))
        image -= diagonal[-1] * vector
        yield _largest(diagonal, beside)
        previous, vector, least = vector, off(image), nothing  # the operator has norm 1


def _largest(diagonal: np.ndarray, beside: np.ndarray) -> float:
    """The largest eigenvalue of a tridiagonal matrix."""
    place = (beside.size, beside.size)
    options: dict[str, Any] = {"select": "i", "select_range": place, "check_finite": False}
    return float(scipy.linalg.eigvalsh_tridiagonal(diagonal, beside, **options)[0])


def random_start_bound(ritz: float, order: int, steps: int, failure: float) -> float:
    """Upper bound of the largest eigenvalue of a semidefinite matrix from the Ritz value after some Lanczos steps.

    From one random vector, P(ritz < (1 - e) largest) <= 1.648 sqrt(order) exp(-sqrt(e) (2 steps - 1)).

    Source: Kuczynski and Wozniakowski (1992), theorem 4.2.
    """
    share = (math.log(1.648 * math.sqrt(order) / failure) / (2 * steps - 1)) ** 2
    return ritz / (1 - share) if share < 1 else math.inf
