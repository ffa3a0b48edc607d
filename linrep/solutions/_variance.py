"""The variance-regularised objective: alignment plus a penalty on the distance of E f f^T from the identity."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from linrep._checks import positive_int, require
from linrep.moments._types import AnyMoments
from linrep.solutions._solution import spectrum


@dataclass(frozen=True, eq=False)
class VarianceSolution:
    """A minimiser of the variance-regularised objective.

    Attributes:
        weights: W, (D, d).
        loss: the minimum.
        scales: max(0, 1 - lambda_i / mu), (d,), the variance that each column keeps.

    Source: HaoChen and Ma (2023), the objective; theory I10 (ours) for the closed form.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=1, scale=lr.processes.Uniform(0, 1))
    >>> m = lr.moments.population(p, lr.features.Linear())
    >>> lr.solutions.solve_variance_regularised(m, dim=2, strength=1).scales.tolist()
    [1.0, 0.75]
    """

    weights: Float[np.ndarray, "D d"]
    loss: float
    scales: Float[np.ndarray, " d"]


def solve_variance_regularised(moments: AnyMoments, *, dim: int, strength: float) -> VarianceSolution:
    """Minimise E|f(x) - f(x+)|^2 + mu |E f f^T - I|_F^2 over f = W.T phi, W of shape (D, dim).

    With lambda_i = 1 - kappa_i the minimiser is W = Sigma^{-1/2} V_d diag(sqrt(max(0, 1 - lambda_i / mu))) and each
    column adds
    2 lambda_i - lambda_i^2 / mu to the minimum, or mu where lambda_i >= mu or the rank of Sigma is used up.

    Args:
        moments: Sigma and Sigma_bar.
        dim: d >= 1.
        strength: mu > 0.

    Raises:
        InputError: d below 1 or mu not positive.

    Source: HaoChen and Ma (2023); theory I10 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=1, scale=lr.processes.Uniform(0, 1))
    >>> solve_variance_regularised(lr.moments.population(p, lr.features.Linear()), dim=2, strength=1).loss
    0.4375
    """
    dim = positive_int(dim, owner="solve_variance_regularised", name="dim")
    require(
        0 < strength < np.inf,
        f"solve_variance_regularised: strength is {strength!r}, but it must be a positive number; pass one.",
    )
    found = spectrum(moments)
    head = min(dim, found.rank)
    defect = 1 - found.values[:head]
    scales = np.zeros(dim)
    scales[:head] = np.maximum(0.0, 1 - defect / strength)
    weights = np.zeros((found.basis.shape[0], dim))
    weights[:, :head] = found.columns(head) * np.sqrt(scales[:head])
    cost = np.full(dim, float(strength))
    cost[:head] = np.where(defect < strength, 2 * defect - defect**2 / strength, strength)
    return VarianceSolution(weights, float(cost.sum()), scales)
