"""The sharp transfer function of the 0-1 error, between what the squared error proves and what representations show."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import jax
import numpy as np
from jaxtyping import Float

from linrep._checks import finite_array, require
from linrep._types import ArrayLike, Readout
from linrep.features import AbstractFeatures
from linrep.labels import AbstractLabel, Table, as_label
from linrep.losses import spectral
from linrep.moments import Moments, population
from linrep.processes import FiniteProcess
from linrep.risks import zero_one as zero_one_mean
from linrep.risks import zero_one_augmented
from linrep.solutions import spectrum
from linrep.transfer._build import curve, proved


@dataclass(frozen=True, eq=False)
class ErrorCurve:
    """sup {least 0-1 error of a linear readout of f : f = W.T phi, L_spec(f) <= loss}, bracketed.

    Attributes:
        loss: losses, (L,).
        lower: largest 0-1 error, proved from below, of a witness of at most that loss, (L,).
        upper: what no representation of that loss exceeds, (L,): the smaller of the two below.
        by_regression: the squared error's upper curve without an intercept, at most 1, (L,).
        by_margin: Pr[label h < g] + R_h(loss) / g^2 for the least-squares score h and the best threshold g, (L,).
        readout: "mean" or "augmented".

    Source: theory V7, T6 (ours).

    >>> ErrorCurve(np.zeros(1), np.zeros(1), np.ones(1), np.ones(1), np.ones(1), "mean").upper.tolist()
    [1.0]
    """

    loss: Float[np.ndarray, " L"]
    lower: Float[np.ndarray, " L"]
    upper: Float[np.ndarray, " L"]
    by_regression: Float[np.ndarray, " L"]
    by_margin: Float[np.ndarray, " L"]
    readout: Readout


def zero_one(
    process: FiniteProcess,
    features: AbstractFeatures,
    labels: ArrayLike | AbstractLabel,
    *,
    dim: int,
    losses: ArrayLike | None = None,
    readout: Readout = "mean",
    representations: Sequence[np.ndarray] = (),
    time_limit: float = 5.0,
    key: jax.Array | None = None,
) -> ErrorCurve:
    """A bracket of the sharp transfer function of the 0-1 error.

    From above: the 0-1 error is at most the squared error without an intercept; and at most Pr[label h < g] +
    R_h(loss) / g^2 for any score h = v.phi and g > 0, R_h the squared error's transfer function with h for a label
    (theory T6, whose R_h is never smaller). From below: the witnesses of the squared error's curve, tied minimisers
    among them, and representations that are handed in (`witnesses.shuffled` makes some), with their exact or bracketed
    0-1 errors.

    Args:
        process: finite.
        features: the class.
        labels: -1 and +1 over the inputs, or a label object with such values.
        dim: d >= 1.
        losses: where, (L,); default 33 from the least loss to l_vac.
        readout: "mean" or "augmented".
        representations: further W, (D, d) each.
        time_limit: seconds for each 0-1 error (see `risks.zero_one`).
        key: random key of the searches; default a fixed one.

    Raises:
        InputError: labels other than -1 and +1, losses below the least one of the class, d below 1.

    Source: theory V7, T6; docs/transfer.md (ours).

    >>> import linrep as lr
    >>> p = FiniteProcess([1] * 4, np.eye(4, dtype=int))
    >>> narrow = np.array([[2.0], [0.0], [0.0], [0.0]])  # a minimiser that is zero on three of four inputs
    >>> found = zero_one(
    ...     p, lr.features.OneHot(), [1, 1, -1, -1], dim=1, losses=[-1.0], representations=[narrow]
    ... )
    >>> float(found.lower[0]), float(found.upper[0].round(9))
    (0.75, 1.0)
    """
    label = as_label(labels if isinstance(labels, AbstractLabel) else Table(labels, kind="sign"), process)
    signs = label.targets(process.inputs)
    require(
        signs.ndim == 1 and bool(np.all(np.abs(signs) == 1)),
        "transfer.zero_one: labels have a value other than -1 and +1, but a 0-1 error needs these two; recode them.",
    )
    moments = population(process, features, label)
    assert isinstance(moments, Moments)  # a finite process gives dense ones
    found = curve(moments, dim=dim, losses=losses, intercept=False, readout=readout, key=key)
    regression = np.minimum(found.sharp, 1.0)
    margin = _by_margin(process, features, signs, moments, found.loss, dim=dim, readout=readout)
    weights = [
        *found.witnesses,
        *(finite_array(w, owner="transfer.zero_one", name="representations") for w in representations),
    ]
    values = features(process.views)
    seen = np.array([spectral(moments, w) for w in weights])
    errors = np.array([_error(process, values @ w, signs, readout, time_limit) for w in weights])
    allowed = seen[None, :] <= found.loss[:, None] + found.loss_slack
    lower = np.max(np.where(allowed, errors, 0.0), axis=1)
    return ErrorCurve(found.loss, lower, np.minimum(regression, margin), regression, margin, readout)


def _error(process: FiniteProcess, values: np.ndarray, signs: np.ndarray, readout: Readout, time_limit: float) -> float:
    if readout == "augmented":
        return float(zero_one_augmented(process, values, signs, time_limit=time_limit).lower)
    return float(zero_one_mean(process, np.asarray(process.channel @ values), signs, time_limit=time_limit).lower)


def _by_margin(
    process: FiniteProcess,
    features: AbstractFeatures,
    signs: np.ndarray,
    moments: Moments,
    losses: np.ndarray,
    *,
    dim: int,
    readout: Readout,
) -> Float[np.ndarray, " L"]:
    """min over g of Pr[label h < g] + R_h / g^2 for the least-squares score; 1 where that says nothing.

    R_h is the augmented readout's for both: the mean over views of a predictor of h is one of the mean of h (Jensen).
    """
    score = np.linalg.lstsq(moments.sigma, np.asarray(moments.cross, dtype=np.float64), rcond=None)[0]
    square, mean = float(score @ moments.sigma @ score), float(moments.mean @ score)
    target = replace(moments, cross=moments.sigma @ score, label_sq=square, label_mean=mean, factors=None)
    found = spectrum(moments)
    found = replace(found, cross=np.reshape(found.basis.T @ target.cross, (found.rank, -1)), label_sq=square)
    missed = proved(found, target, losses, dim=dim)
    values = features(process.views) @ score
    if readout == "mean":
        margins, mass = signs * np.asarray(process.channel @ values), process.prior
    else:
        joint = np.asarray(process.channel * process.prior[:, None])
        margins, mass = (signs[:, None] * values[None, :]).ravel(), joint.ravel()
    order = np.argsort(margins)
    margins, below = margins[order], np.cumsum(mass[order]) - mass[order]
    usable = margins > 0
    if not usable.any():
        return np.ones(losses.size)
    bounds = below[usable] + missed[:, None] / margins[usable] ** 2
    return np.minimum(bounds.min(axis=1), 1.0)
