"""Rows of transfer bands: what one class, process and label allow, one row for each point of the curve."""

import jax
import numpy as np

from linrep._types import Readout
from linrep.moments._types import AnyMoments
from linrep.tables import Value
from linrep.transfer import TransferCurve, curve, threshold

COLUMNS = (
    "process", "class", "features", "dim", "epsilon", "loss", "lower", "sharp", "upper", "epsilon_vac", "best_loss",
    "best_risk", "trivial", "note",
)  # fmt: skip
SUMMARY = ("process", "class", "features", "dim", "best_loss", "epsilon_vac", "best_risk", "half", "trivial")
POINTS = 25
"""Points of a curve."""
BEYOND = 1.1
"""The last excess loss over the vacuity budget: a little of the vacuous field shows."""
AT_ANY_LOSS = "vacuous at any loss: some minimiser has the risk of the best constant"


def band(
    moments: AnyMoments,
    *,
    dim: int,
    points: int = POINTS,
    intercept: bool = True,
    readout: Readout = "augmented",
    key: jax.Array | None = None,
) -> TransferCurve:
    """The transfer curve from the least loss to a little beyond l_vac; one point where the two are one up to rounding.

    Args:
        moments: with labels.
        dim: d >= 1.
        points: of the curve, evenly spaced.
        intercept, readout, key: as for `transfer.curve`.

    Raises:
        InputError: as `transfer.curve`.

    Source: theory V5 and V7 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> affine = lr.moments.population(p, lr.features.Affine(), lr.labels.Coordinate(0))
    >>> band(affine, dim=10).lower.tolist()
    [1.0]
    """
    limit = threshold(moments, dim=dim, intercept=intercept)
    minimum = limit.loss - limit.budget
    losses = np.unique(minimum + np.linspace(0.0, BEYOND, points) * limit.budget)
    found = curve(moments, dim=dim, losses=losses, intercept=intercept, readout=readout, key=key)
    if found.vacuous - found.minimum > found.loss_slack or losses.size == 1:
        return found
    return curve(moments, dim=dim, losses=[minimum], intercept=intercept, readout=readout, key=key)


def band_rows(
    process: str,
    name: str,
    moments: AnyMoments,
    *,
    dim: int,
    points: int = POINTS,
    intercept: bool = True,
    readout: Readout = "augmented",
    note: str = "",
    key: jax.Array | None = None,
) -> tuple[dict[str, Value], ...]:
    """The band of a class as rows of `COLUMNS`.

    `epsilon` is the excess loss, T lies between `lower` and `sharp`, `upper` is theory V7's weaker bound, `best_risk`
    is the largest risk of a minimiser, `features` is D and `dim` is d.

    Args:
        process, name: what the rows say of the process and the class.
        moments: with labels.
        dim: d >= 1.
        points, intercept, readout, key: as for `band`.
        note: what a reader should know of this class.

    Raises:
        InputError: as `transfer.curve`.

    Source: theory V5 and V7 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> linear = lr.moments.population(p, lr.features.Linear(), lr.labels.Coordinate(0))
    >>> rows = band_rows("Example 1", "linear", linear, dim=10, points=3)
    >>> [round(row["sharp"], 3) + 0.0 for row in rows], rows[0]["epsilon_vac"]
    ([0.0, 0.514, 1.0], 0.4375)
    """
    found = band(moments, dim=dim, points=points, intercept=intercept, readout=readout, key=key)
    return rows_of(found, process, name, features=moments.dim, dim=dim, note=note)


def rows_of(
    found: TransferCurve, process: str, name: str, *, features: int, dim: int, note: str = ""
) -> tuple[dict[str, Value], ...]:
    """The points of a curve as rows of `COLUMNS`; its first point has to be the least loss.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1] * 4, np.eye(4, dtype=int))
    >>> found = band(lr.moments.population(p, lr.features.OneHot(), [1, 1, -1, -1]), dim=2)
    >>> [row["note"][:19] for row in rows_of(found, "four inputs", "unrestricted", features=4, dim=2)]
    ['vacuous at any loss']
    """
    budget = found.vacuous - found.minimum
    budget = budget if budget > found.loss_slack else 0.0
    rounded = "" if budget else f"{AT_ANY_LOSS}, up to the rounding of a loss, {found.loss_slack:.1g}"
    said = "; ".join(part for part in (note, rounded) if part)
    ends = (budget, found.minimum, float(found.lower[0]), found.trivial, said)
    excess = np.maximum(found.loss - found.minimum, 0.0)
    points = np.column_stack([excess, found.loss, found.lower, found.sharp, found.upper])
    return tuple(
        dict(zip(COLUMNS, (process, name, features, dim, *map(float, point), *ends), strict=True)) for point in points
    )


def known_vacuous(
    process: str, name: str, *, features: int, dim: int, loss: float, trivial: float, note: str
) -> dict[str, Value]:
    """The row of a class of which theory says that a minimiser knows nothing of the label.

    Args:
        features, dim: D and d.
        loss: the least loss.
        trivial: the risk of the best constant.
        note: the reason.

    Source: ours.

    >>> known_vacuous("p", "all", features=8, dim=2, loss=-2.0, trivial=1.0, note="eight eigenvalues 1")["sharp"]
    1.0
    """
    cells = (process, name, features, dim, 0.0, loss, trivial, trivial, trivial, 0.0, loss, trivial, trivial, note)
    return dict(zip(COLUMNS, cells, strict=True))
