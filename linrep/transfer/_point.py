"""One multiplier of theory V7's dual, in the form in which it can be checked without eigenvectors."""

from dataclasses import dataclass

import numpy as np
import scipy.linalg
from jaxtyping import Float

from linrep._checks import InputError, positive_int, require
from linrep.moments._types import AnyMoments, labelled, pencil
from linrep.solutions import spectrum


@dataclass(frozen=True, eq=False)
class DualPoint:
    """A line above the sharp transfer function: T(loss) <= total + s * loss + dim * level + tr(Sigma^+ excess).

    It holds whenever excess is positive semidefinite and level * Sigma + excess - (s * Sigma_bar Sigma^+
    Sigma_bar - b b.T) is, on the range of Sigma: then tr((s K^2 - c c.T) P) <= d level + tr(Z) for 0 <= P <= I of trace
    at most d. With rational numbers both are exact LDL.T factorisations.

    Attributes:
        multiplier: s >= 0, the slope of the line.
        level: tau >= 0.
        excess: (D, D), positive semidefinite.
        cross: b (centred where an intercept is fitted), (D, r).
        intercept_value: the line at loss 0.

    Source: theory V7; docs/transfer.md (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=1, scale=lr.processes.Uniform(0, 1))
    >>> m = lr.moments.population(p, lr.features.Linear(), lr.labels.Coordinate(0))
    >>> point = dual_point(m, 16 / 7, dim=1)
    >>> round(point.at(-1.0), 12) + 0.0, round(point.at(-9 / 16), 12)
    (0.0, 1.0)
    """

    multiplier: float
    level: float
    excess: Float[np.ndarray, "D D"]
    cross: Float[np.ndarray, "D r"]
    intercept_value: float

    def at(self, loss: float) -> float:
        """The line at a loss: no representation of at most that loss has a larger risk (augmented readout).

        Args:
            loss: any number.

        Source: theory V7.

        >>> DualPoint(2.0, 0.0, np.zeros((1, 1)), np.zeros((1, 1)), 3.0).at(-1.0)
        1.0
        """
        return self.intercept_value + self.multiplier * loss


def dual_point(moments: AnyMoments, multiplier: float, *, dim: int, intercept: bool = True) -> DualPoint:
    """The line that a multiplier of theory V7's dual gives, with the matrices that prove it.

    level is eigenvalue number d + 1 of s K^2 - c c.T where positive, excess what the larger ones exceed it by.

    Args:
        moments: with labels.
        multiplier: s >= 0.
        dim: d >= 1.
        intercept: whether the readout fits a constant: then b is E[phi (label - E label)] and the total Var label.

    Raises:
        InputError: moments without labels, d below 1, a multiplier that is negative or not finite.

    Source: theory V7; docs/transfer.md (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=1, scale=lr.processes.Uniform(0, 1))
    >>> m = lr.moments.population(p, lr.features.Linear(), lr.labels.Coordinate(0))
    >>> round(dual_point(m, 16 / 7, dim=1).level, 12)
    1.285714285714
    """
    dim = positive_int(dim, owner="transfer.dual_point", name="dim")
    require(
        np.isfinite(multiplier) and multiplier >= 0,
        f"transfer.dual_point: multiplier is {multiplier!r}, but it must be finite and not negative; pass one.",
    )
    cross, total = labelled(moments, "transfer.dual_point"), moments.label_sq
    if total is None or moments.label_mean is None:
        raise InputError("transfer.dual_point: the moments have no E label^2; pass `labels` to moments.population.")
    total = float(total)
    if intercept:
        mean = np.atleast_1d(np.asarray(moments.label_mean, dtype=np.float64))
        cross, total = cross - np.outer(np.asarray(moments.mean, dtype=np.float64), mean), total - float(mean @ mean)
    found = spectrum(moments)
    seen = np.asarray(found.basis.T @ cross)
    values, vectors = scipy.linalg.eigh(multiplier * np.diag(found.values**2) - seen @ seen.T)
    values, vectors = values[::-1], vectors[:, ::-1]
    level = max(float(values[dim]), 0.0) if dim < values.size else 0.0
    above = np.maximum(values - level, 0.0)
    half = (pencil(moments)[0] @ np.asarray(found.basis @ vectors)) * np.sqrt(above)
    return DualPoint(float(multiplier), level, half @ half.T, cross, total + dim * level + float(above.sum()))
