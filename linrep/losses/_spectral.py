"""The spectral contrastive loss and its relatives, from moments or from the values of a representation."""

import numpy as np

from linrep._checks import finite_array, require
from linrep.moments._types import AnyMoments, pencil, representation_matrix
from linrep.processes import AbstractProcess
from linrep.processes._tabulated import listed


def spectral(moments: AnyMoments, weights: np.ndarray) -> float:
    """L_spec(W.T phi) = -2 tr(W.T Sigma_bar W) + |W.T Sigma W|_F^2.

    Args:
        moments: Sigma and Sigma_bar, (D, D).
        weights: W, (D, d).

    Raises:
        InputError: W with a wrong number of rows or a non-finite entry.

    Source: HaoChen et al. (2021), section 3.2: -2 E f(x).f(x+) + E (f(x).f(x-))^2.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=1, scale=lr.processes.Uniform(0, 1))
    >>> spectral(lr.moments.population(p, lr.features.Linear()), [[1.0], [0.0], [0.0]])
    -1.0
    """
    matrix = representation_matrix(moments, weights, "losses.spectral")
    sigma, sigma_bar = pencil(moments)
    return float(-2 * np.sum(matrix * (sigma_bar @ matrix)) + np.sum((matrix.T @ (sigma @ matrix)) ** 2))


def spectral_values(process: AbstractProcess, view_values: np.ndarray) -> float:
    """The spectral loss of a representation given by its values on the views of a finite process.

    Args:
        process: a finite process with n views.
        view_values: f(x), (n, d).

    Raises:
        InputError: a wrong number of rows or a non-finite value.

    Source: HaoChen et al. (2021), section 3.2.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[1, 0], [0, 1]])
    >>> round(spectral_values(p, [[2**0.5, 0.0], [0.0, 2**0.5]]), 12)
    -2.0
    """
    process = listed(process, "losses.spectral_values")
    array = finite_array(view_values, owner="losses.spectral_values", name="view_values")
    values = array.reshape(array.shape[0], -1)
    require(
        values.shape[0] == process.n_views,
        f"losses.spectral_values: view_values has {values.shape[0]} rows, but the process has "
        f"{process.n_views} views; pass one row a view.",
    )
    means = np.asarray(process.channel @ values)
    second = values.T @ (process.marginal[:, None] * values)
    return float(-2 * np.sum(process.prior[:, None] * means**2) + np.sum(second**2))


def variance_regularised(moments: AnyMoments, weights: np.ndarray, *, strength: float) -> float:
    """E|f(x) - f(x+)|^2 + mu |E f f^T - I|_F^2 for f = W.T phi, from the moments.

    Args:
        moments: Sigma and Sigma_bar, (D, D).
        weights: W, (D, d).
        strength: mu > 0.

    Raises:
        InputError: W with a wrong number of rows, or mu not positive.

    Source: HaoChen and Ma (2023), the training loss.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=2, relevant=1, scale=lr.processes.Uniform(0, 1))
    >>> variance_regularised(lr.moments.population(p, lr.features.Linear()), [[1.0], [0.0]], strength=3.0)
    0.0
    """
    require(
        0 < strength < np.inf,
        f"losses.variance_regularised: strength is {strength!r}, but it must be a positive number; pass one.",
    )
    matrix = representation_matrix(moments, weights, "losses.variance_regularised")
    sigma, sigma_bar = pencil(moments)
    second = matrix.T @ (sigma @ matrix)
    alignment = 2 * float(np.trace(second) - np.sum(matrix * (sigma_bar @ matrix)))
    return alignment + strength * float(np.sum((second - np.eye(matrix.shape[1])) ** 2))
