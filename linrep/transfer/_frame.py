"""Coordinates in which a label is short: eigenspaces and bins of eigenvalues, each with the span of the label only."""

from typing import NamedTuple

import numpy as np
import scipy.linalg
import scipy.sparse

from linrep._linalg import orthonormal_columns
from linrep._types import Readout

LARGEST_SINGLE, LARGEST_BINNED, FEWEST_BINS = 64, 32, 4
"""About how many coordinates carry the label: in leading eigenspaces, which are kept apart, and in all bins of
neighbouring eigenvalues together; and how many bins there are at least."""


class _Piece(NamedTuple):
    """Some coordinates: members of a bin (g,), orthonormal columns on them (g, k), their rounded and inner values."""

    members: np.ndarray
    basis: np.ndarray
    kappa: float
    inner: np.ndarray


def gather(
    values: np.ndarray, seen: np.ndarray, dim: int, readout: Readout, error: float
) -> tuple[scipy.sparse.csc_array, np.ndarray, np.ndarray]:
    """Frame, rounded and inner eigenvalues: in each bin the span of the label, besides `dim` blind directions.

    A representation needs no more: directions without a part of the label are worth their eigenvalue only.
    """
    pieces: list[_Piece] = []
    wanted = dim
    for members in _bins(values, dim, seen.shape[1], error):
        found, blind = _split(values, seen, members, wanted, readout=readout, error=error)
        pieces += found
        for piece in blind:
            taken = min(wanted, piece.basis.shape[1])
            pieces.append(piece._replace(basis=piece.basis[:, :taken], inner=piece.inner[:taken]))
            wanted -= taken
    sizes = [piece.basis.shape[1] for piece in pieces]
    starts = np.cumsum([0, *sizes])
    frame = scipy.sparse.lil_array((values.size, int(starts[-1])))
    for start, piece in zip(starts, pieces, strict=False):
        for column in range(piece.basis.shape[1]):
            frame[piece.members, start + column] = piece.basis[:, column]
    kappa = np.repeat([piece.kappa for piece in pieces], sizes) if pieces else np.zeros(0)
    inner = np.concatenate([np.zeros(0), *(piece.inner for piece in pieces)])
    return scipy.sparse.csc_array(frame), kappa, inner


def _bins(values: np.ndarray, dim: int, outputs: int, error: float) -> list[np.ndarray]:
    """Positions of the (descending) eigenvalues, by groups of equal ones; if too many groups, the later ones binned.

    A group needs a coordinate for each of its eigenvectors, at most one an output. The leading dim + outputs
    eigenvalues stay apart: what is rounded up among them is missed at the least loss, where the band has to close.
    """
    if not values.size:
        return []
    groups = np.split(np.arange(values.size), np.flatnonzero(-np.diff(values) > 2 * error) + 1)
    needed = np.cumsum([min(group.size, outputs) for group in groups])
    if needed[-1] <= LARGEST_SINGLE + LARGEST_BINNED:
        return groups
    leading = np.searchsorted(np.cumsum([group.size for group in groups]), dim + outputs) + 1
    singly = max(int(np.searchsorted(needed, LARGEST_SINGLE, side="right")), int(leading))
    if singly >= len(groups):
        return groups
    rest, count = np.concatenate(groups[singly:]), max(LARGEST_BINNED // max(outputs, 1), FEWEST_BINS)
    place = np.floor(values[rest] / max(values[rest[0]], error) * count * (1 - error))
    return groups[:singly] + np.split(rest, np.flatnonzero(np.diff(place)) + 1)


def _split(
    values: np.ndarray, seen: np.ndarray, members: np.ndarray, wanted: int, *, readout: Readout, error: float
) -> tuple[list[_Piece], list[_Piece]]:
    """The span of the label in a bin, and directions that are blind to it (of single eigenvectors at most `wanted`).

    Where the eigenvalues of the bin differ, directions blind to the label mix them; they count for dual bounds with the
    largest of them and are of no use to a witness (inner value 0).
    """
    active = members[np.any(seen[members] != 0, axis=1)]
    pure = np.setdiff1d(members, active)[:wanted]
    blind = [_Piece(pure[[i]], np.ones((1, 1)), float(values[pure[i]]), values[pure[[i]]]) for i in range(pure.size)]
    if not active.size:
        return [], blind
    largest = float(values[active].max())
    basis = orthonormal_columns(seen[active])
    inside = _beside(basis, wanted)
    tied = float(np.ptp(values[active])) <= 2 * error * active.size
    mixed = np.full(inside.shape[1], largest if tied else 0.0)
    blind.append(_Piece(active, inside if tied else 0.0 * inside, largest, mixed))
    basis, inner = _diagonal(basis, values[active], readout)
    blind.sort(key=lambda piece: -piece.kappa)
    return [_Piece(active, basis, largest, np.minimum(inner, largest))], blind


def _beside(basis: np.ndarray, wanted: int) -> np.ndarray:
    """At most `wanted` orthonormal columns orthogonal to the basis, (g, k), from k + rank coordinate vectors."""
    count = min(wanted, basis.shape[0] - basis.shape[1])
    some = np.eye(basis.shape[0], count + basis.shape[1]) - basis @ basis[: count + basis.shape[1]].T
    return scipy.linalg.svd(some, full_matrices=False)[0][:, :count]


def _diagonal(basis: np.ndarray, values: np.ndarray, readout: Readout) -> tuple[np.ndarray, np.ndarray]:
    """Turn the basis so that K (or, for the mean readout, its inverse) is diagonal on it; the values of K there."""
    if basis.shape[1] == values.size:  # the whole bin: its eigenvectors themselves
        return np.eye(values.size), values.copy()
    positive = np.where(values > 0, values, 1.0)
    weight = values if readout == "augmented" else np.where(values > 0, 1.0 / positive, 0.0)
    inner, turn = scipy.linalg.eigh((basis.T * weight) @ basis)
    return basis @ turn, inner if readout == "augmented" else 1.0 / inner
