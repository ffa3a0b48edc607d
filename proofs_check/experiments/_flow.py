"""Closed paths through the linear class: weight decay, and gradient flow on the spectral loss."""

from collections.abc import Sequence

import numpy as np
from scipy.integrate import solve_ivp

from linrep._checks import require
from linrep.losses import spectral
from linrep.moments import Moments
from linrep.risks import regression
from linrep.solutions import solve
from linrep.tables import Table, Value


def decay_rows(moments: Moments, *, dim: int, strengths: Sequence[float], relevant: int) -> Table:
    """The minimiser of L_spec(W) + 2 rho |W|² for each strength rho, in closed form.

    Args:
        moments: with labels.
        dim: d.
        strengths: rho.
        relevant: the first coordinates that views show unchanged.
    """
    rows = []
    for strength in strengths:
        weights = solve(moments, dim=dim, weight_decay=strength).weights
        rows.append({"weight_decay": strength, **described(moments, weights, relevant)})
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "closed form"})


def flow_rows(moments: Moments, start: np.ndarray, *, times: Sequence[float], relevant: int) -> Table:
    """Gradient flow from `start`, stopped at some times."""
    path = flow(moments, start, times=times)
    rows = [
        {"time": float(at), **described(moments, weights, relevant)} for at, weights in zip(times, path, strict=True)
    ]
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "differential equation"})


def flow(moments: Moments, start: np.ndarray, *, times: Sequence[float]) -> np.ndarray:
    """W(t) of dW/dt = Sigma_bar W − Sigma W Wᵀ Sigma W, a quarter of minus the gradient of the spectral loss.

    Where Sigma, Sigma_bar and W Wᵀ share their eigenvectors each squared mode is a logistic curve; elsewhere an
    integrator of order eight takes over, at the precision of float64.

    Raises:
        InputError: times that the integrator does not reach.
    """
    sigma, sigma_bar = np.asarray(moments.sigma), np.asarray(moments.sigma_bar)

    def slope(_, flat):
        weights = flat.reshape(start.shape)
        seen = sigma @ weights
        return (sigma_bar @ weights - seen @ (weights.T @ seen)).ravel()

    precise = {"method": "DOP853", "rtol": 1e-10, "atol": 1e-12}
    found = solve_ivp(slope, (0.0, float(times[-1])), start.ravel(), t_eval=np.asarray(times, float), **precise)
    require(found.success, f"flow: the integrator stopped at time {found.t[-1:]} ({found.message}); end earlier.")
    return found.y.T.reshape(len(times), *start.shape)


def described(moments: Moments, weights: np.ndarray, relevant: int) -> dict[str, Value]:
    """Population loss and risk, and the parts of E|f|² that the relevant and the other coordinates bring.

    The parts are those of a diagonal Sigma.
    """
    sizes = np.diagonal(np.asarray(moments.sigma)) * np.sum(np.asarray(weights, float) ** 2, axis=1)
    return {
        "population_loss": spectral(moments, weights),
        "population_risk": regression(moments, weights, readout="mean"),
        "relevant_size": float(sizes[:relevant].sum()),
        "spurious_size": float(sizes[relevant:].sum()),
    }


def best_length(moments: Moments, weights: np.ndarray) -> np.ndarray:
    """The multiple of W with the least spectral loss: a loss on the sphere leaves the length open."""
    matrix = np.asarray(weights, float)
    shared = float(np.sum(matrix * (np.asarray(moments.sigma_bar) @ matrix)))
    squares = float(np.sum((matrix.T @ (np.asarray(moments.sigma) @ matrix)) ** 2))
    return matrix * np.sqrt(shared / squares)
