"""What algorithms prefer: modes under weight decay and along gradient flow, and paths in the exact band."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from linrep.tables import Table
from proofs_check.plots._style import panels, titled

FIELD = "#E4E4E4"
RELEVANT, SPURIOUS = "#0072B2", "#D55E00"
PATHS = {
    "weight decay": ("#000000", "-"),
    "flow, small start": (RELEVANT, "-"),
    "flow, spurious start": (SPURIOUS, "-"),
}
MARKS = {"Adam, spectral loss": ("#009E73", "o"), "Adam, InfoNCE": ("#CC79A7", "^")}


def bias(paths: Table, band: Table, trained: Table, *, wide: int, narrow: int) -> Figure:
    """Three panels: weight decay and gradient flow at `wide` dimensions, and the band of loss and risk at `narrow`.

    Args:
        paths: columns algorithm, dim, parameter, population_loss, population_risk, relevant_size, spurious_size.
        band: columns population_loss, floor, ceiling.
        trained: columns algorithm, population_loss, population_risk.

    Source: ours.

    >>> sizes = {"relevant_size": 1.0, "spurious_size": 0.5}
    >>> point = {"algorithm": "weight decay", "population_loss": -1.0, "population_risk": 0.5}
    >>> path = {**point, **sizes, "dim": 2, "parameter": 0.0}
    >>> limits = {"population_loss": -1.0, "floor": 0.0, "ceiling": 1.0}
    >>> tables = [Table(tuple(row), (row,)) for row in (path, limits, {**point, "algorithm": "Adam, InfoNCE"})]
    >>> len(bias(*tables, wide=2, narrow=2).axes)
    3
    """
    figure, (left, middle, right) = panels(3, width=4.6, title="What weight decay, early stopping and the start prefer")
    _sizes(left, paths.where(dim=wide, algorithm="weight decay"))
    left.set(xlabel="weight decay ρ", ylabel="part of E|f|²")
    titled(left, f"minimiser under weight decay, d = {wide}")
    _sizes(middle, paths.where(dim=wide, algorithm="flow, small start"))
    middle.set(xlabel="time")
    titled(middle, f"gradient flow from a small start, d = {wide}")
    _band(right, band)
    for name, (colour, dashes) in PATHS.items():
        part = paths.where(dim=narrow, algorithm=name)
        right.plot(*_points(part), dashes, color=colour, linewidth=1.5, label=name)
    for name, (colour, mark) in MARKS.items():
        part = trained.where(algorithm=name)
        right.plot(*_points(part), mark, color=colour, markersize=4, alpha=0.8, label=name, linestyle="none")
    right.set(xlabel="spectral loss, population", ylabel="squared error of the label, population")
    right.legend(frameon=False, fontsize=7.5, loc="upper right", bbox_to_anchor=(0.97, 0.96))
    titled(right, f"paths in the exact band, d = {narrow}")
    return figure


def _sizes(axes: Axes, table: Table) -> None:
    at = np.array(table.column("parameter"), float)
    for name, colour in (("relevant", RELEVANT), ("spurious", SPURIOUS)):
        axes.plot(at, np.array(table.column(f"{name}_size"), float), color=colour, linewidth=1.8, label=name)
    axes.legend(frameon=False, title="coordinates")


def _band(axes: Axes, band: Table) -> None:
    loss, floor, ceiling = (np.array(band.column(name), float) for name in ("population_loss", "floor", "ceiling"))
    axes.fill_between(loss, floor, ceiling, color=FIELD, linewidth=0, label="all representations")
    axes.plot(loss, ceiling, color="#6E6E6E", linewidth=1.0)
    axes.plot(loss, floor, color="#6E6E6E", linewidth=1.0)


def _points(table: Table) -> tuple[np.ndarray, np.ndarray]:
    return np.array(table.column("population_loss"), float), np.array(table.column("population_risk"), float)
