"""The left end of a curve where an intercept is fitted that the class lacks: the worst minimiser, in closed form."""

from typing import NamedTuple

import numpy as np
import scipy.linalg
from jaxtyping import Float

from linrep.moments._types import AnyMoments
from linrep.solutions import Spectrum

ANGLE = 3.0
"""|P - P*| <= ANGLE (alpha + beta): docs/transfer.md."""


class End(NamedTuple):
    """T(loss) <= risk + rate sqrt(loss - least), as long as loss - least <= reach; weights of that risk, (D, d)."""

    risk: float
    least: float
    rate: float
    reach: float
    weights: np.ndarray

    def below(self, losses: Float[np.ndarray, " L"]) -> Float[np.ndarray, " L"]:
        """The bound at losses, infinite where it says nothing."""
        excess = np.maximum(losses - self.least, 0.0)
        return np.where(excess <= self.reach, self.risk + self.rate * np.sqrt(excess), np.inf)


def left_end(found: Spectrum, moments: AnyMoments, *, dim: int, total: float) -> End | None:
    """The largest risk with intercept among all minimisers, and how fast T may rise from there (augmented readout).

    A minimiser keeps S, the eigenvectors above the cut, and r = d - |S| directions b of the tied ones T. With u =
    Sigma^{-1/2} E phi, G = I - u u.T and c_0 the centred label it captures c_0.T B (B.T G B)^{-1} B.T c_0, B its
    columns: after a Schur complement for S, the r least eigenvalues of G_T^{-1/2} c_T c_T.T G_T^{-1/2} are the worst.

    None where the cut is not clear, or where T is so large that it has r directions blind to c_0 and u.
    """
    mean = np.asarray(found.basis.T @ np.asarray(moments.mean, dtype=np.float64))
    cross = found.cross - np.outer(mean, np.atleast_1d(np.asarray(moments.label_mean, dtype=np.float64)))
    if dim >= found.rank:
        return None
    window, cut = 4 * found.error, float(found.values[dim - 1])
    above, tied = (np.flatnonzero(part) for part in _parts(found.values, cut, window))
    wanted, left = dim - above.size, 1.0 - float(mean @ mean)
    if cut <= window or left <= np.sqrt(found.error) or tied.size > wanted + cross.shape[1] + 1:
        return None
    energy, inside = _worst(cross, mean, above, tied, wanted)
    chosen = np.zeros((found.rank, dim))
    chosen[above, np.arange(above.size)] = 1.0
    chosen[tied, above.size :] = inside
    weights = np.asarray(found.basis @ (chosen * np.sqrt(np.sum(chosen**2 * found.values[:, None], axis=0))))
    gaps = _gaps(found.values, cut, window)
    slowest = sum(1.0 / np.sqrt(gap) for gap in gaps)
    rate = ANGLE * slowest * total * (1.0 + 1.0 / left) ** 2
    # The tie is one up to the window: that much of each square counts as excess.
    least = -float(np.sum(found.values[:dim] ** 2)) - 2 * dim * window
    return End(total - energy, least, rate, min(cut**2 / 2, slowest**-2 / 4 if slowest else np.inf), weights)


def _parts(values: np.ndarray, cut: float, window: float) -> tuple[np.ndarray, np.ndarray]:
    return values > cut + window, np.abs(values - cut) <= window


def _gaps(values: np.ndarray, cut: float, window: float) -> list[float]:
    """Distances of the squares above and below the cut from it."""
    above, tied = _parts(values, cut, window)
    below = values[~(above | tied)]
    gaps = [float(values[above].min()) ** 2 - cut**2] if above.any() else []
    return gaps + ([cut**2 - float(below.max()) ** 2] if below.size else [])


def _worst(
    cross: np.ndarray, mean: np.ndarray, above: np.ndarray, tied: np.ndarray, wanted: int
) -> tuple[float, np.ndarray]:
    """The least energy that a minimiser captures, and orthonormal columns in the tied space that do, (m, r)."""
    order = np.concatenate([above, tied])
    gram, seen = np.eye(order.size) - np.outer(mean[order], mean[order]), cross[order]
    size = above.size
    solved = np.linalg.solve(gram[:size, :size], np.column_stack([gram[:size, size:], seen[:size]]))
    rest = gram[size:, size:] - gram[size:, :size] @ solved[:, : tied.size]
    beside = seen[size:] - gram[size:, :size] @ solved[:, tied.size :]
    root = scipy.linalg.cholesky(rest, lower=True)
    white = scipy.linalg.solve_triangular(root, beside, lower=True)
    values, vectors = np.linalg.eigh(white @ white.T)
    energy = float(np.sum(seen[:size] * solved[:, tied.size :])) + float(np.sum(np.maximum(values[:wanted], 0.0)))
    inside = scipy.linalg.solve_triangular(root, vectors[:, :wanted], lower=True, trans=1)
    return energy, scipy.linalg.qr(inside, mode="economic")[0]
