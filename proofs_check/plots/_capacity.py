"""Picture (b): the capacity phase diagram."""

import itertools

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

from linrep.tables import Table
from proofs_check.plots._style import panels, titled

SHORTEST_RUN, LONG_RUN = 2, 8
"""Cells that a written value needs, and a written sentence."""


def capacity(table: Table) -> Figure:
    """The vacuity budget over class (rows) and dimension of the representation (columns), a panel for each label.

    Cells with a dot have a tie at the cut. A cell of budget 0 says: some minimiser knows nothing of the label.

    Args:
        table: of `studies.capacity`, or the same reloaded.

    Source: ours.

    >>> from proofs_check import studies
    >>> [axes.get_xlabel() for axes in capacity(studies.capacity((1,), (9, 10, 11))).axes][0][:25]
    'dimension d of the repres'
    """
    labels = list(dict.fromkeys(table.column("label")))
    title = (
        "Capacity phase diagram (Example 1, D = 50, k = 10): the excess loss at which nothing is left of a guarantee"
    )
    figure, axes = panels(len(labels), width=6.6, height=4.3, title=title)
    mesh = None
    for place, label in zip(axes, labels, strict=True):
        mesh = _panel(place, table.where(label=label), named=place is axes[0])
        titled(place, f"label: {label}")
    assert mesh is not None
    bar = figure.colorbar(mesh, ax=axes, pad=0.012, aspect=28)
    bar.set_label(r"$\varepsilon_{\mathrm{vac}}$, squared error")
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
    return figure


def _panel(axes: Axes, table: Table, *, named: bool) -> QuadMesh:
    classes = list(dict.fromkeys((row["features"], row["features_dim"]) for row in table.rows))
    dims = list(dict.fromkeys(row["dim"] for row in table.rows))
    grid, tied = np.zeros((len(classes), len(dims))), []
    for row in table.rows:
        i, j = classes.index((row["features"], row["features_dim"])), dims.index(row["dim"])
        grid[i, j] = float(row["budget"] or 0.0)
        tied += [(j, i - 0.2)] if row["tie_size"] else []
    mesh = axes.pcolormesh(
        grid, cmap=mpl.colormaps["cividis"], vmin=0, vmax=1, edgecolors=(1, 1, 1, 0.25), linewidth=0.4
    )
    axes.plot([j + 0.5 for j, _ in tied], [i + 0.5 for _, i in tied], "o", color="white", markersize=3.4, gid="ties")
    for i, budgets in enumerate(grid):
        _write_runs(axes, i, budgets)
    axes.set_yticks(
        np.arange(len(classes)) + 0.5, [f"{name}\n(D = {size:,})" if named else "" for name, size in classes]
    )
    axes.set_xticks(np.arange(len(dims)) + 0.5, [str(d) for d in dims], rotation=90, fontsize=7.5)
    axes.set_xlabel("dimension d of the representation   (white dot: tie at the cut)")
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
    return mesh


def _write_runs(axes: Axes, row: int, budgets: np.ndarray) -> None:
    """The value of each run of two or more equal cells, in its middle."""
    ends = np.flatnonzero(np.concatenate([[True], np.diff(budgets) != 0, [True]]))
    for start, stop in itertools.pairwise(ends):
        if stop - start >= SHORTEST_RUN:
            value = budgets[start]
            text = "0: vacuous at any loss" if value == 0 and stop - start > LONG_RUN else f"{value:.4g}"
            ink = "black" if value > 0.7 else "white"
            axes.text((start + stop) / 2, row + 0.66, text, ha="center", va="center", color=ink, fontsize=8)
