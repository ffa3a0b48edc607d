"""What random vectors show of the largest eigenvalue of a Gram operator, and what they exclude."""

import math
from collections.abc import Iterator

import numpy as np
import scipy.linalg

from linrep._linalg import BACKWARD, EPS
from linrep.solutions._lanczos import SUSPICIOUS, Operator


def ritz_values(operator: Operator, off: Operator, block: np.ndarray) -> Iterator[float]:
    """The largest Ritz value after each block Lanczos step, until the block has nothing new.

    `off` keeps every block orthogonal to the eigenvectors that are known.

    Only two blocks are kept: without reorthogonalisation values may appear twice, but none that is not there.
    """
    previous, coupling = block[:, :0], np.zeros((block.shape[1], 0))
    block = _orthonormal(off(block), off)[0]
    projected = np.zeros((0, 0))
    while block.shape[1]:
        image = operator(block)
        image -= previous @ coupling.T
        inner = block.T @ image
        image -= block @ inner
        size, width = projected.shape[0], block.shape[1]
        projected = np.pad(projected, (0, width))
        projected[size:, size:] = (inner + inner.T) / 2
        projected[size:, size - coupling.shape[1] : size] = coupling
        projected[size - coupling.shape[1] : size, size:] = coupling.T
        yield float(np.linalg.eigvalsh(projected)[-1])
        previous, block = block, off(image)
        del image
        block, coupling = _orthonormal(block, off)


def _orthonormal(block: np.ndarray, off: Operator) -> tuple[np.ndarray, np.ndarray]:
    """Q and R of a block, by Cholesky factors of its Gram matrix, twice.

    Columns that depend on each other are replaced by fewer that do not.
    """
    fresh, coupling = block, np.eye(block.shape[1])
    for _ in range(2):
        try:
            factor = scipy.linalg.cholesky(fresh.T @ fresh, check_finite=False)
        except np.linalg.LinAlgError:
            factor = np.zeros((1, 1))
        diagonal = np.diag(factor)
        if diagonal.min() <= max(np.sqrt(SUSPICIOUS) * diagonal.max(), np.sqrt(SUSPICIOUS * EPS)):
            return _fewer(block, off)
        fresh = fresh @ np.linalg.inv(factor)
        coupling = factor @ coupling
    return fresh, coupling


def _fewer(block: np.ndarray, off: Operator) -> tuple[np.ndarray, np.ndarray]:
    """The directions of a block that are more than rounding of an operator of norm 1, and the block in them."""
    left, sizes, _ = scipy.linalg.svd(block, full_matrices=False, check_finite=False)
    left = left[:, sizes > BACKWARD * np.sqrt(block.shape[0]) * EPS]
    for _ in range(2):  # what was divided by little is orthogonal to the rest no more
        left = scipy.linalg.qr(off(left), mode="economic")[0]
    return left, left.T @ block


def random_start_bound(ritz: float, order: int, steps: int, width: int, failure: float) -> float:
    """Upper bound of the largest eigenvalue of a semidefinite matrix from the Ritz value after some Lanczos steps.

    From one random vector, P(ritz < (1 - e) largest) <= 1.648 sqrt(order) exp(-sqrt(e) (2 steps - 1)); `width`
    independent ones all fail with the power of it.

    Source: Kuczynski and Wozniakowski (1992), theorem 4.2.
    """
    exponent = math.log(1.648 * math.sqrt(order)) - math.log(failure) / width
    share = (exponent / (2 * steps - 1)) ** 2
    return ritz / (1 - share) if share < 1 else math.inf
