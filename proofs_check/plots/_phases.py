"""Phase diagrams: where in the plane of class, augmentation and dimension a contrastive loss promises anything."""

import matplotlib as mpl
import numpy as np
from jaxtyping import Bool, Float
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, QuadMesh
from matplotlib.colors import ListedColormap, LogNorm
from matplotlib.figure import Figure

from linrep.tables import Table
from proofs_check.plots._style import grid, titled

LEAST = 1e-4
"""Budgets below this get the darkest colour."""
NOTHING = 1e-9
"""Budgets below this are zero up to the rounding of eigenvalues."""
CONTOUR = 0.01
"""The excess loss of the vacuous contour."""
WRITTEN = 10
"""Columns up to which each cell gets its number; beyond, each field of equal values gets one."""
FIELD = 0.05
"""The least share of the cells that a field needs for its number."""
LONG_RUN = 20
"""Cells in a row that a written sentence needs."""
PLATE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 2.0}
TITLES = {
    "class and augmentation law": "class against augmentation law (D = 8, k = 4, d = 5)",
    "class and identification error": "class against τ, the error of naming the input (N = 16, d = 2)",
    "d and k, affine": "d against k, affine functions (Example 1, D = 24)",
    "d and k, polynomial 2": "d against k, polynomials of degree 2 (Example 1, D = 24)",
}


def laws(table: Table) -> Figure:
    """Heat maps of eps_vac, a panel for each diagram; a line parts the cells that are vacuous at excess loss 0.01.

    Args:
        table: of `studies.phases`, or the same reloaded.

    Source: ours.

    >>> from proofs_check import studies
    >>> small = studies.phases(tried=(), erasures=(), relevant=(3, 4), dims=(3, 4, 5))
    >>> [axes.get_ylabel() for axes in laws(small).axes][:2]
    ['k, kept coordinates', 'k, kept coordinates']
    """
    diagrams = list(dict.fromkeys(str(name) for name in table.column("diagram")))
    title = "Phase diagrams: the excess loss at which nothing is left of any guarantee on the squared error"
    figure, axes = grid(len(diagrams), width=6.6, height=3.7, title=title)
    meshes = [_panel(place, table.where(diagram=name)) for place, name in zip(axes, diagrams, strict=True)]
    for place, name in zip(axes, diagrams, strict=True):
        titled(place, TITLES.get(name, name))
        place.set_ylabel("k, kept coordinates" if name.startswith("d and k") else "")
        place.set_xlabel(_below(name))
    bar = figure.colorbar(meshes[0], ax=axes, pad=0.012, aspect=36, extend="min")
    bar.set_label(
        r"$\varepsilon_{\mathrm{vac}}$   (hatched: 0, vacuous at any loss;  orange line: $\varepsilon_{\mathrm{vac}}$"
        f" = {CONTOUR:g})"
    )
    bar.outline.set_visible(False)  # pyright: ignore[reportCallIssue]
    return figure


def _below(diagram: str) -> str:
    if diagram.startswith("d and k"):
        return "dimension d of the representation"
    return (
        "τ"
        if diagram.endswith("error")
        else "what happens to the last four coordinates (flips: to the first four, to the last four)"
    )


def _panel(axes: Axes, table: Table) -> QuadMesh:
    rows, columns = (list(dict.fromkeys(str(v) for v in table.column(name))) for name in ("row", "column"))
    if all(row["x"] is not None for row in table.rows):
        places = {str(row["column"]): float(row["x"] or 0.0) for row in table.rows}
        columns = sorted(columns, key=places.__getitem__)
    values = np.full((len(rows), len(columns)), np.nan)
    for row in table.rows:
        values[rows.index(str(row["row"])), columns.index(str(row["column"]))] = float(row["epsilon_vac"] or 0.0)
    known = np.ma.masked_where(~(values > NOTHING), values)
    mesh = axes.pcolormesh(known, cmap=mpl.colormaps["cividis"], norm=LogNorm(LEAST, 1.0))
    axes.set_facecolor("#E4E4E4")
    blind = np.ma.masked_where(values > NOTHING, np.zeros_like(values))
    axes.pcolor(
        blind,
        hatch="////",
        facecolor="#E4E4E4",
        edgecolor="#A0A0A0",
        linewidth=0,
        cmap=ListedColormap(["#E4E4E4"]),
    )
    axes.add_collection(LineCollection(borders(values > CONTOUR), colors="#D55E00", linewidths=2.2, gid="contour"))
    if len(columns) <= WRITTEN:
        _write(axes, values)
    else:
        _write_fields(axes, values)
    _name_ticks(axes, rows, columns)
    return mesh


def borders(inside: Bool[np.ndarray, "m n"]) -> list[Float[np.ndarray, "2 2"]]:
    """The edges between cells of which one is inside and the other not, as segments in units of cells.

    Source: ours.

    >>> [edge.tolist() for edge in borders(np.array([[True, False]]))]
    [[[1, 0], [1, 1]]]
    """
    right = [np.array([[j + 1, i], [j + 1, i + 1]]) for i, j in np.argwhere(inside[:, 1:] != inside[:, :-1])]
    above = [np.array([[j, i + 1], [j + 1, i + 1]]) for i, j in np.argwhere(inside[1:] != inside[:-1])]
    return right + above


def _write(axes: Axes, values: np.ndarray) -> None:
    for (i, j), value in np.ndenumerate(values):
        text, ink = ("0", "#606060") if value <= NOTHING else (_brief(value), "black" if value > 0.05 else "white")
        axes.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=8, color=ink)


def _brief(value: float) -> str:
    return f"{value:.2g}" if value >= 1e-3 else f"{value:.0e}".replace("e-0", "e-")


def _write_fields(axes: Axes, values: np.ndarray) -> None:
    """The number of each field, in the cell of it that is nearest to its middle."""
    rounded = np.round(np.where(values > NOTHING, values, 0.0), 6)
    for value in np.unique(rounded):
        cells = np.argwhere(rounded == value)
        if len(cells) < FIELD * values.size:
            continue
        apart = (cells - cells.mean(axis=0)) / np.array(values.shape)
        i, j = cells[np.argmin((apart**2).sum(axis=1))]
        roomy = np.sum(cells[:, 0] == i) > LONG_RUN
        text = f"{value:.4g}" if value else "0: vacuous at any loss" if roomy else "0"
        axes.text(j + 0.5, i + 0.5, text, ha="center", va="center", fontsize=9, bbox=PLATE)


def _name_ticks(axes: Axes, rows: list[str], columns: list[str]) -> None:
    axes.set_yticks(np.arange(len(rows)) + 0.5, [name.replace("random Fourier", "Fourier") for name in rows])
    step = max(1, len(columns) // 10)
    shown = np.arange(0, len(columns), step)
    axes.set_xticks(shown + 0.5, [columns[j] for j in shown], fontsize=8)
    axes.tick_params(length=0)
    for side in axes.spines.values():
        side.set_visible(False)
