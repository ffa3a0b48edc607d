"""The problem of a transfer curve in the eigenbasis of K, freed of the constant and of eigenvectors without a label."""

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import scipy.linalg
import scipy.sparse
from jaxtyping import Bool, Float, Int

from linrep._checks import InputError, require
from linrep._linalg import orthonormal_columns, sum_error
from linrep._types import Readout
from linrep.moments._types import AnyMoments
from linrep.solutions import Spectrum
from linrep.transfer._frame import gather

WATCHED = 4
"""Most leading eigenvalues whose shares of the excess loss are told apart."""


@dataclass(frozen=True, eq=False)
class Reduced:
    """All that a transfer curve depends on: min tr(P C C.T) over projectors P of rank `dim`, given the loss.

    Attributes:
        kappa: eigenvalues, (m,); those of a bin are rounded up to its largest, which keeps dual bounds valid.
        inner: the eigenvalues of K on the frame, (m,), at most `kappa`: what a witness made of the frame has.
        cross: the label in these coordinates, C, (m, r): c_0, or a_0 for the mean readout.
        centre: Sigma^{-1/2} E phi in the coordinates of `cross`, (m,), where the intercept reads it; else None.
        frame: orthonormal columns in the eigenbasis of K, (R, m), on which K is diag(inner).
        constant: the constant function in the eigenbasis, (R,), where the class has it and the intercept is fitted:
            it is kept apart, for some worst representation contains it; else None.
        top: the largest eigenvalues, unrounded, without the constant's, (m + dim + r,), padded with zeros.
        dim: rank of the representations, at most d, less one where the constant is kept apart.
        rank: rank of the class in these coordinates, without the constant.
        outputs: how many directions may have to be given up to lose the label: rank of C and the centre, at most
            rank - dim.
        full: whether the rank is exactly `dim`; else at most.
        watched: positions among the leading eigenvalues whose shares of the excess loss are told apart, (w,).
        total: the risk of the best constant: Var label, or E label^2 without an intercept.
        floor: the risk of the best predictor of the class.
        readout: whose captured energy |P C|^2 is.
        error: absolute error of the eigenvalues.
    """

    kappa: Float[np.ndarray, " m"]
    inner: Float[np.ndarray, " m"]
    cross: Float[np.ndarray, "m r"]
    centre: Float[np.ndarray, " m"] | None
    frame: scipy.sparse.csc_array
    constant: Float[np.ndarray, " R"] | None
    top: Float[np.ndarray, " k"]
    dim: int
    rank: int
    outputs: int
    full: bool
    watched: Int[np.ndarray, " w"]
    total: float
    floor: float
    readout: Readout
    error: float

    def shifted(self, shift: Float[np.ndarray, " r"]) -> Float[np.ndarray, "m r"]:
        """The label where the intercept is off by `shift`."""
        return self.cross if self.centre is None else self.cross + np.outer(self.centre, shift)

    @property
    def usable(self) -> Bool[np.ndarray, " m"]:
        """The coordinates a witness is made of; K^{-1/2} must keep half of its digits for the mean readout."""
        spanned = np.asarray(self.frame.multiply(self.frame).sum(axis=0)).ravel() > 0
        return spanned & (self.inner > np.sqrt(self.error)) if self.readout == "mean" else spanned

    @property
    def fixed_loss(self) -> float:
        """What the constant kept apart contributes to the loss."""
        return 0.0 if self.constant is None else -1.0

    @property
    def least_loss(self) -> float:
        """min L_spec over representations of rank `dim` (and the constant)."""
        return self.fixed_loss - float(np.sum(self.top[: self.dim] ** 2))


class _Label(NamedTuple):
    """The label in the eigenbasis: cross moment (R, r), E phi (R,) where it matters, the constant, risk of nothing."""

    cross: np.ndarray
    centre: np.ndarray | None
    constant: np.ndarray | None
    total: float


def reduce(found: Spectrum, moments: AnyMoments, *, dim: int, intercept: bool, readout: Readout) -> list[Reduced]:
    """The problem at each rank that a representation may have: T is the largest of theirs (docs/transfer.md).

    Ranks below rank(K) - rank(C) add nothing, for a blind representation of the larger rank exists.
    """
    _check(readout)
    label = _label(found, moments, intercept)
    values, turn = found.values, scipy.sparse.eye_array(found.rank, format="csc")
    if label.constant is not None:
        # K is the identity on the eigenspace of the constant, so a turn inside it leaves K diagonal.
        turn = _complement(label.constant)
        values = np.asarray(turn.multiply(turn).T @ found.values)
        dim -= 1
    order = np.argsort(-values, kind="stable")
    values, turn = values[order], turn[:, order]
    seen = np.asarray(turn.T @ label.cross)
    beside = None if label.centre is None else np.asarray(turn.T @ label.centre)
    if readout == "mean":
        seen, beside = (None if part is None else _through_means(part, values, found.error) for part in (seen, beside))
    assert seen is not None
    together = seen if beside is None else np.column_stack([seen, beside])
    rank = int(np.sum(values > found.error)) if readout == "mean" else values.size
    frame, kappa, inner = gather(values, together, min(dim, rank), readout, found.error)
    outputs = orthonormal_columns(together).shape[1]
    base = Reduced(
        kappa=kappa,
        inner=inner,
        cross=np.asarray(frame.T @ seen),
        centre=None if beside is None else np.asarray(frame.T @ beside),
        frame=scipy.sparse.csc_array(turn @ frame),
        constant=label.constant,
        top=np.concatenate([values, np.zeros(dim + outputs)]),
        dim=min(dim, rank),
        rank=rank,
        outputs=outputs,
        full=False,
        watched=np.zeros(0, dtype=int),
        total=label.total,
        floor=_floor(label.total, seen, beside, found.error),
        readout=readout,
        error=found.error,
    )
    least = min(base.dim, max(rank - outputs, 0))
    return [_at_rank(base, size, size > least, seen) for size in range(base.dim, least - 1, -1)]


def _check(readout: str) -> None:
    require(
        readout in ("augmented", "mean"),
        f"transfer.curve: readout is {readout!r}, but it must be 'augmented' or 'mean'; choose one of them.",
    )


def _at_rank(base: Reduced, size: int, full: bool, seen: np.ndarray) -> Reduced:
    everything = np.arange(size)
    richest = np.sort(np.argsort(-np.linalg.norm(seen[:size], axis=1), kind="stable")[: WATCHED - 1])
    return replace(
        base,
        dim=size,
        full=full,
        outputs=min(base.outputs, base.rank - size),
        watched=everything if size <= WATCHED else richest,
    )


def _floor(total: float, seen: np.ndarray, beside: np.ndarray | None, error: float) -> float:
    """The risk of the whole class: what it captures of the label, with the gain of the intercept."""
    energy = float(np.sum(seen**2))
    left = 0.0 if beside is None else 1.0 - float(beside @ beside)
    if beside is not None and left > error:
        energy += float(np.sum((beside @ seen) ** 2)) / left
    return max(total - energy, 0.0)


def _label(found: Spectrum, moments: AnyMoments, intercept: bool) -> _Label:
    if moments.label_mean is None or moments.label_sq is None:
        raise InputError(
            "transfer.curve: the moments were computed without labels, but a curve is about a label; pass `labels` "
            "to moments.population."
        )
    cross, total = found.cross, float(moments.label_sq)
    if not intercept:
        return _Label(_cleaned(cross, found.error * np.sqrt(total)), None, None, total)
    label_mean = np.atleast_1d(np.asarray(moments.label_mean, dtype=np.float64))
    centre = np.asarray(found.basis.T @ np.asarray(moments.mean, dtype=np.float64))
    # Entries are sums of products of whitened features and labels: their error is the whitening's.
    cross = _cleaned(cross - np.outer(centre, label_mean), found.error * np.sqrt(total))
    total = max(total - float(label_mean @ label_mean), 0.0)
    constant = _constant(found, centre)
    if constant is not None or np.linalg.norm(centre) <= found.error:
        return _Label(cross, None, constant, total)
    return _Label(cross, centre, None, total)


def _cleaned(cross: np.ndarray, rounding: float) -> np.ndarray:
    """Rows below their own rounding error are zero."""
    return np.where(np.linalg.norm(cross, axis=1, keepdims=True) > rounding, cross, 0.0)


def _constant(found: Spectrum, centre: np.ndarray) -> np.ndarray | None:
    """The constant function in the eigenbasis, if the class has it, which is when |Sigma^{-1/2} E phi| = 1."""
    if abs(float(centre @ centre) - 1.0) > 4 * found.error + sum_error(found.rank, 1.0):
        return None
    alone = np.where((found.values >= 1.0 - 4 * found.error) & (np.abs(centre) > found.error), centre, 0.0)
    return alone / np.linalg.norm(alone)


def _complement(unit: np.ndarray) -> scipy.sparse.csc_array:
    """An orthonormal basis of the complement of a unit vector, (R, R - 1), the identity off its support."""
    support = np.flatnonzero(unit)
    rest = np.setdiff1d(np.arange(unit.size), support)
    inside = scipy.linalg.null_space(unit[support][None, :])
    rows = np.concatenate([np.repeat(support, inside.shape[1]), rest])
    columns = np.concatenate(
        [np.tile(np.arange(inside.shape[1]), support.size), inside.shape[1] + np.arange(rest.size)]
    )
    entries = np.concatenate([inside.ravel(), np.ones(rest.size)])
    return scipy.sparse.csc_array((entries, (rows, columns)), shape=(unit.size, unit.size - 1))


def _through_means(part: np.ndarray, values: np.ndarray, error: float) -> np.ndarray:
    """K^{-1/2} of a cross moment, zero where kappa is."""
    scale = np.where(values > error, 1.0 / np.sqrt(np.where(values > error, values, 1.0)), 0.0)
    return part * (scale[:, None] if part.ndim == 2 else scale)
