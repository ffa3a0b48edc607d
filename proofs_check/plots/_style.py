"""How pictures look: one colour a role, labels at the curves, a grey field where bounds say nothing."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from linrep.tables import Table

# Okabe and Ito's palette: these stay apart for every common colour blindness, and in grey.
COLOURS = {"actual": "#000000", "class-aware": "#0072B2", "class-agnostic": "#D55E00", "trivial": "#6E6E6E"}
VACUOUS = "#ECECEC"
STYLE = mpl.rc_params_from_file(Path(__file__).with_name("linrep.mplstyle"), use_default_template=False)
"""The style file, which `plt.style.use("proofs_check.plots.linrep")` loads too."""
Format = Literal["png", "svg"]


def stacked(heights: Sequence[float], *, width: float, title: str) -> tuple[Figure, list[Axes]]:
    """A figure with one panel under the other, of the given heights and one width, outside of pyplot's global list.

    Source: ours.

    >>> len(stacked([1, 2], width=5, title="two")[1])
    2
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width, sum(heights)))
        FigureCanvasAgg(figure)
        axes = figure.subplots(len(heights), 1, squeeze=False, height_ratios=list(heights))[:, 0]
        figure.suptitle(title, x=0.01, ha="left")
    return figure, list(axes)


def panels(count: int, *, width: float = 5.4, height: float = 4.1, title: str) -> tuple[Figure, list[Axes]]:
    """A figure with `count` panels side by side, outside of pyplot's global list of figures.

    Source: ours.

    >>> figure, axes = panels(2, title="two")
    >>> len(axes)
    2
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width * count, height))
        FigureCanvasAgg(figure)
        axes = figure.subplots(1, count, squeeze=False)[0]
        figure.suptitle(title, x=0.01, ha="left")
    return figure, list(axes)


def grid(count: int, *, width: float, height: float, title: str) -> tuple[Figure, list[Axes]]:
    """A figure with `count` panels, two in a row.

    Source: ours.

    >>> len(grid(3, width=5, height=3, title="three")[1])
    3
    """
    across, down = min(count, 2), -(-count // 2)
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width * across, height * down))
        FigureCanvasAgg(figure)
        axes = [figure.add_subplot(down, across, i + 1) for i in range(count)]
        figure.suptitle(title, x=0.01, ha="left")
    return figure, axes


def columns_of_two(
    count: int, *, width: float, heights: tuple[float, float], title: str
) -> tuple[Figure, list[tuple[Axes, Axes]]]:
    """A figure of `count` columns, in each two panels one over the other that share their horizontal axis.

    Source: ours.

    >>> len(columns_of_two(2, width=5, heights=(3, 1), title="four")[1])
    2
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(width * count, sum(heights)))
        FigureCanvasAgg(figure)
        axes = figure.subplots(2, count, squeeze=False, sharex="col", height_ratios=list(heights))
        figure.suptitle(title, x=0.01, ha="left")
    return figure, list(zip(axes[0], axes[1], strict=True))


def encoded(figure: Figure, kind: Format) -> bytes:
    """The picture as a file's content; the same figure gives the same bytes.

    Source: ours.

    >>> encoded(panels(1, title="one")[0], "png")[1:4]
    b'PNG'
    """
    out = io.BytesIO()
    stamp = {"Date": None} if kind == "svg" else {"Software": None}
    with mpl.rc_context(STYLE):
        figure.savefig(out, format=kind, metadata=stamp)
    return out.getvalue()


def curve(table: Table, x: str, *, name: str, y: str = "value") -> tuple[list[float], list[float]]:
    """The points of one curve of a long table, by increasing x; cells without a number are left out.

    Source: ours.

    >>> curve(Table(("curve", "t", "value"), ({"curve": "a", "t": 1.0, "value": 2.0},)), "t", name="a")
    ([1.0], [2.0])
    """
    found = [(row[x], row[y]) for row in table.where(curve=name).rows if row[y] is not None]
    points = sorted((float(a), float(b)) for a, b in found if a is not None and b is not None)
    return [a for a, _ in points], [b for _, b in points]


def titled(axes: Axes, text: str):
    """The title of a panel, flush with its left edge."""
    axes.set_title(text, loc="left", fontsize=STYLE["axes.titlesize"])


def draw(
    axes: Axes, points: tuple[Sequence[float], Sequence[float]], role: str, *, dashes: str = "-", width: float = 1.8
):
    """A curve in the colour of its role."""
    axes.plot(*points, color=COLOURS[role], linestyle=dashes, linewidth=width, solid_capstyle="round")


def note(axes: Axes, text: str, at: tuple[float, float], role: str, *, ha="left", va="center"):
    """A label beside a curve, in the curve's colour, at data coordinates."""
    axes.text(*at, text, color=COLOURS[role], ha=ha, va=va, fontsize=8.5, linespacing=1.25)


def trivial_level(axes: Axes, level: float, top: float, text: str, *, x: float, va="bottom"):
    """The level of the best constant, and the field above it where a bound says nothing."""
    axes.axhspan(level, top, color=VACUOUS, zorder=0, linewidth=0)
    axes.axhline(level, color=COLOURS["trivial"], linestyle="--", linewidth=1.2, gid="trivial", zorder=5)
    above = 2 if va == "bottom" else -2
    look = {"color": COLOURS["trivial"], "va": va, "ha": "left", "fontsize": 8.5}
    axes.annotate(text, (x, level), (0, above), textcoords="offset points", **look)


def level_of(table: Table, curves: Iterable[str] = ("best constant",)) -> float:
    """The highest value of the trivial curves."""
    return max(
        float(row["value"]) for name in curves for row in table.where(curve=name).rows if row["value"] is not None
    )
