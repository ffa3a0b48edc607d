"""Column spaces of representations: what they lose, what they capture, and ways from one to another."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse
from jaxtyping import Float

from linrep._types import Readout
from linrep.transfer._reduced import Reduced


@dataclass(frozen=True, eq=False)
class Space:
    """Where witnesses live: coordinates with K = diag(kappa), (m,), the label C, (m, r), and `size` columns.

    A witness is an orthonormal B, (m, size), with captured energy |B.T C|^2. For the augmented readout B spans
    Sigma^{1/2} W itself; for the mean readout it spans K^{1/2} Sigma^{1/2} W.
    """

    kappa: Float[np.ndarray, " m"]
    cross: Float[np.ndarray, "m r"]
    centre: Float[np.ndarray, " m"] | None
    frame: scipy.sparse.csc_array
    size: int
    readout: Readout
    fixed_loss: float
    total: float
    error: float


def space_of(problem: Reduced) -> Space:
    """The usable coordinates of a reduced problem."""
    usable = problem.usable
    return Space(
        problem.inner[usable],
        problem.cross[usable],
        None if problem.centre is None else problem.centre[usable],
        problem.frame[:, np.flatnonzero(usable)],
        min(problem.dim, int(usable.sum())),
        problem.readout,
        problem.fixed_loss,
        problem.total,
        problem.error,
    )


def compression(space: Space, spans: Float[np.ndarray, "n m k"]) -> tuple[np.ndarray, np.ndarray]:
    """Eigenvalues x of K compressed to Sigma^{1/2} W, (n, k), ascending, and the turns of B that go with them."""
    if space.readout == "augmented":
        values, turns = np.linalg.eigh(_t(spans) @ (space.kappa[:, None] * spans))
        return np.maximum(values, 0.0), turns
    values, turns = np.linalg.eigh(_t(spans) @ (spans / space.kappa[:, None]))
    return 1.0 / values[:, ::-1], turns[:, :, ::-1]


def measure(space: Space, spans: Float[np.ndarray, "n m k"]) -> tuple[np.ndarray, np.ndarray]:
    """(loss, risk) of the best representations with these spans, (n,) each; columns of value 0 do not count."""
    values, turns = compression(space, spans)
    turned = np.where((values > space.error)[:, None, :], spans @ turns, 0.0)
    shift = intercepts(space, turned)
    energy = np.sum((_t(turned) @ labels(space, shift)) ** 2, axis=(1, 2)) - np.sum(shift**2, axis=1)
    return space.fixed_loss - np.sum(values**2, axis=1), np.maximum(space.total - energy, 0.0)


def intercepts(space: Space, spans: Float[np.ndarray, "n m k"]) -> Float[np.ndarray, "n r"]:
    """The intercepts t that capture most, |B.T (C + u t.T)|^2 - |t|^2; zero where the span has the constant or needs
    none."""
    if space.centre is None:
        return np.zeros((spans.shape[0], space.cross.shape[1]))
    beside = _t(spans) @ space.centre
    left = 1.0 - np.sum(beside**2, axis=1)
    usable = left > space.error
    seen = np.einsum("nk,nkr->nr", beside, _t(spans) @ space.cross)
    return np.where(usable, 1.0 / np.where(usable, left, 1.0), 0.0)[:, None] * seen


def labels(space: Space, shift: Float[np.ndarray, "n r"]) -> Float[np.ndarray, "n m r"]:
    """C + u t.T for each intercept."""
    if space.centre is None:
        return np.broadcast_to(space.cross, (shift.shape[0], *space.cross.shape))
    return space.cross + space.centre[:, None] * shift[:, None, :]


def pull(space: Space, spans: Float[np.ndarray, "n m k"]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """sum x^2, (n,), with its gradient and that of the captured energy along the Grassmannian, (n, m, k)."""
    if space.readout == "augmented":
        image = space.kappa[:, None] * spans
        inner = _t(spans) @ image
        gain, slope = np.sum(inner**2, axis=(1, 2)), 4 * image @ inner
    else:
        image = spans / space.kappa[:, None]
        inverse = np.linalg.inv(_t(spans) @ image)
        gain, slope = np.sum(inverse**2, axis=(1, 2)), -4 * image @ (inverse @ inverse @ inverse)
    seen = labels(space, intercepts(space, spans))
    energy = 2 * seen @ (_t(seen) @ spans)
    slope, energy = (part - spans @ (_t(spans) @ part) for part in (slope, energy))
    return gain, slope, energy


def heads(matrices: Float[np.ndarray, "n m m"], size: int) -> Float[np.ndarray, "n m k"]:
    """Eigenvectors of the `size` largest eigenvalues."""
    return np.linalg.eigh(matrices)[1][:, :, ::-1][:, :, :size]


def blind(space: Space, normals: Float[np.ndarray, "n m q"]) -> Float[np.ndarray, "n m k"]:
    """The spans of least loss among those orthogonal to the columns `normals`."""
    left, sizes, _ = np.linalg.svd(normals, full_matrices=False)
    used = np.where((sizes > np.sqrt(space.error) * (sizes[:, :1] + space.error))[:, None, :], left, 0.0)
    image = space.kappa[:, None] * used
    if space.readout == "augmented":
        mixed = image @ _t(used)
        least = np.diag(space.kappa) - mixed - _t(mixed) + used @ (_t(used) @ image) @ _t(used)
    else:  # the inverse of K^{-1} compressed to the complement is a Schur complement
        least = np.diag(space.kappa) - image @ np.linalg.pinv(_t(used) @ image, hermitian=True) @ _t(image)
    return heads(least - used @ _t(used), space.size)


def improved(space: Space, spans: Float[np.ndarray, "n m k"]) -> Float[np.ndarray, "n m k"]:
    """Spans that miss at least as much of the label at no larger loss: orthogonal to what was missed, else the best."""
    seen = labels(space, intercepts(space, spans))
    return blind(space, seen - spans @ (_t(spans) @ seen))


def between(
    first: Float[np.ndarray, "n m k"], second: Float[np.ndarray, "n m k"], shares: Float[np.ndarray, " n"]
) -> Float[np.ndarray, "n m k"]:
    """Points on the geodesics from the first spans to the second ones, by principal angles."""
    left, cosines, right = np.linalg.svd(_t(first) @ second)
    start, end = first @ left, second @ _t(right)
    rest = end - start * cosines[:, None, :]
    sines = np.linalg.norm(rest, axis=1)
    angles = np.arctan2(sines, cosines) * shares[:, None]
    away = rest / np.where(sines > 0, sines, 1.0)[:, None, :]
    return np.linalg.qr(start * np.cos(angles)[:, None, :] + away * np.sin(angles)[:, None, :])[0]


def weights_of(space: Space, span: Float[np.ndarray, "m k"]) -> Float[np.ndarray, "R k"]:
    """Sigma^{1/2} W in the eigenbasis of K: the best representation of a span."""
    values, turns = compression(space, span[None])
    turned = span @ turns[0]
    if space.readout == "augmented":
        return np.asarray(space.frame @ (turned * np.sqrt(values[0])))
    return np.asarray(space.frame @ ((turned * values[0]) / np.sqrt(space.kappa)[:, None]))


def _t(stack: np.ndarray) -> np.ndarray:
    return np.swapaxes(stack, -1, -2)
