"""Rows of transfer bands: what one class, process and label allow, one row for each point of the curve."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

import jax
import numpy as np

from linrep._linalg import EPS, sum_error
from linrep._types import Readout
from linrep.features import AbstractFeatures, OneHot
from linrep.moments import population
from linrep.moments._types import AnyMoments
from linrep.processes import AbstractProcess, HypercubeScaling
from linrep.tables import Table, Value
from linrep.transfer import TransferCurve, curve, threshold

COLUMNS = (
    "process", "class", "features", "dim", "epsilon", "loss", "lower", "sharp", "upper", "epsilon_vac", "best_loss",
    "best_risk", "trivial", "floor", "loss_slack", "risk_slack", "note",
)  # fmt: skip
SUMMARY = ("process", "class", "features", "dim", "best_loss", "epsilon_vac", "best_risk", "half", "trivial")
POINTS = 25
"""Points of a curve."""
BEYOND = 1.1
"""The last excess loss over the vacuity budget: a little of the vacuous field shows."""
AT_ANY_LOSS = "vacuous at any loss: some minimiser has the risk of the best constant"


class Scene(NamedTuple):
    """A label, the dimension d, and classes of functions by name, each with the process whose views it sees.

    All classes of one scene see views of the same process, or a fixed function of them. `record` says what a reader
    needs to make the data again.

    Source: ours.

    >>> Scene("one image", (0,), 1, ()).dim
    1
    """

    name: str
    label: Any
    dim: int
    classes: tuple[tuple[str, AbstractProcess, AbstractFeatures], ...]
    record: Mapping[str, Any] = {}


def bands_of(
    scenes: Iterable[Scene],
    *,
    key: jax.Array | None = None,
    points: int = POINTS,
    tick: Callable[[str], object] = lambda _: None,
) -> Table:
    """The transfer band of each class of each scene, in rows of `COLUMNS`, with a readout that fits a constant.

    Args:
        scenes: what is asked.
        key: draws starts of the search; default a fixed one.
        points: of each curve.
        tick: told the name of each class as it begins.

    Source: theory V5 and V7 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> scene = Scene("Example 1", lr.labels.Coordinate(0), 10, (("linear", p, lr.features.Linear()),))
    >>> bands_of([scene], points=3).column("epsilon_vac")
    [0.4375, 0.4375, 0.4375]
    """
    rows: list[dict[str, Value]] = []
    record: dict[str, Any] = {}
    for scene in scenes:
        record |= scene.record
        for name, process, features in scene.classes:
            tick(f"{scene.name.partition(':')[0]}, {name}")
            if isinstance(process, HypercubeScaling) and isinstance(features, OneHot):
                rows += _all_functions(scene, name, process)
            else:
                moments = population(process, features, scene.label)
                rows += band_rows(scene.name, name, moments, dim=scene.dim, points=points, key=key)
    return Table(COLUMNS, tuple(rows), {**record, "readout": "augmented", "intercept": True})


def _all_functions(scene: Scene, name: str, process: HypercubeScaling) -> list[dict[str, Value]]:
    """All functions of a view that is not listed, where more than d eigenvalues are 1: every term of eps_vac is zero.

    Interlacing: eps_vac <= sum_{i<=d} kappa_i^2 - kappa_{i+1}^2 = 1 - kappa_{d+1}^2 (theory V5, one output).
    """
    if process.spectrum(scene.dim + 1)[-1] < 1.0:
        return []
    note = f"theory V5: kappa_1 = ... = kappa_(d+1) = 1, so eps_vac <= 1 - kappa_(d+1)^2 = 0 (2^{process.dim} inputs)"
    loss = -float(scene.dim)
    # A sign has variance one.
    return [
        known_vacuous(scene.name, name, features=process.n_inputs, dim=scene.dim, loss=loss, trivial=1.0, note=note)
    ]


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
    is the largest risk of a minimiser, `features` is D and `dim` is d; `floor` and the slacks of rounding are those of
    the curve, for points that are laid beside it.

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
    judged = (found.floor, found.loss_slack, found.risk_slack)
    ends = (budget, found.minimum, float(found.lower[0]), found.trivial, *judged, said)
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
    # No class is better than no error; d squares of size one are summed, and a measured risk keeps half of its digits.
    judged = (0.0, sum_error(dim, float(dim)), 2.0 * float(np.sqrt(EPS)) * trivial)
    point = (0.0, loss, trivial, trivial, trivial, 0.0, loss, trivial, trivial)
    return dict(zip(COLUMNS, (process, name, features, dim, *point, *judged, note), strict=True))
