"""Classes of functions side by side: the band of risk over excess loss, and how much excess loss each can bear."""

import math
import statistics
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from linrep.tables import Table, Value
from proofs_check.plots._style import COLOURS, VACUOUS, columns_of_two, titled

# Okabe and Ito's palette again, a colour a family of classes; dashes tell members of a family apart.
FAMILIES = (
    ("linear", "#0072B2"), ("affine", "#56B4E9"), ("polynomial 2", "#009E73"), ("polynomial 3", "#E69F00"),
    ("random Fourier", "#CC79A7"), ("unrestricted", "#D55E00"), ("", "#000000"),
)  # fmt: skip
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1.2)), (0, (5, 1.5, 1.5, 1.5)))
WIDEST, NARROWING, THINNEST = 5.0, 0.72, 1.3
"""A class is drawn over the one before it, narrower by this factor: curves that coincide are still seen."""
THIN, WIDE = 1.4, 0.03
"""The width of the edges of a band that is wider than this share of the trivial level."""
SPREAD = 10.0
"""A logarithmic axis where the largest budget is over the median by more than this factor."""
LOW = 0.35
"""The axis of risks begins at zero where a band goes below this share of the trivial level."""
LETTERS = 38
"""Letters in a line of the title of a panel."""
PLATE = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 1.0}
SEVERAL = "Same process, same label, same d: the class of functions decides what the contrastive loss can promise"
ONE = "What the contrastive loss can promise of the downstream risk"
LEFT = 30.0
"""Where a logarithmic axis begins: this factor left of the least budget."""
FINE = 400
"""Points of a drawn curve: straight between the points of the table, which a logarithmic axis bends."""
HEAD = 1.09
"""Top of the axis of risks, over the trivial level."""


@dataclass(frozen=True)
class Band:
    """One class: its name, number of features, curve, budget and looks."""

    name: str
    features: int | None
    epsilon: list[float]
    lower: list[float]
    sharp: list[float]
    budget: float
    trivial: float
    colour: str
    dashes: object
    width: float


def transfer_band(table: Table, points: Table | None = None) -> Figure:
    """For each process a column: above the band [lower, sharp] of each class over excess loss; below its eps_vac.

    Every guarantee for a class that sees only loss and d lies on or above its band; right of eps_vac it is vacuous.

    Args:
        table: of `studies.bands_of`, or the same reloaded.
        points: measured points of `studies.on_bands` or `studies.on_curve`; those outside are crossed out.

    Source: ours.

    >>> from proofs_check import studies
    >>> one = studies.bands_of(studies.scenes()[:1], points=3)
    >>> [axes.get_ylabel()[:15] for axes in transfer_band(one).axes]
    ['largest risk T ', '']
    """
    processes = list(dict.fromkeys(table.column("process")))
    found = [bands(table.where(process=name)) for name in processes]
    most = max(map(len, found))
    title = SEVERAL if most > 1 else ONE
    title = title if len(found) > 1 or most == 1 else title.replace(": ", ":\n")
    figure, pairs = columns_of_two(
        len(found), width=5.5 if len(found) > 1 else 8.0, heights=(3.3, 0.5 + 0.25 * most), title=title
    )
    for (above, below), name, part in zip(pairs, processes, found, strict=True):
        left, right = _limits(above, part)
        _curves(above, part, left, right)
        _budgets(below, part, left, right)
        titled(above, textwrap.fill(str(name), LETTERS))
        if points is not None:
            _points(above, points.where(process=name), left, right)
    return figure


def bands(table: Table) -> list[Band]:
    """The classes of one process in the order of the table, the ones drawn first the widest.

    Source: ours.

    >>> from proofs_check import studies
    >>> [band.colour for band in bands(studies.bands_of(studies.scenes()[:1], points=3))][:2]
    ['#0072B2', '#56B4E9']
    """
    names = [str(name) for name in dict.fromkeys(table.column("class"))]
    seen: dict[str, int] = {}
    found = []
    for i, name in enumerate(names):
        rows = sorted(table.where(**{"class": name}).rows, key=lambda row: _number(row["epsilon"]))
        family, colour = next(pair for pair in FAMILIES if name.lower().startswith(pair[0].lower()))
        dashes = DASHES[seen.setdefault(family, 0) % len(DASHES)]
        seen[family] += 1
        found.append(_band(name, rows, colour, dashes, max(WIDEST * NARROWING**i, THINNEST)))
    return found


def _band(name: str, rows: Sequence[Mapping[str, Value]], colour: str, dashes: object, width: float) -> Band:
    features = rows[0]["features"]
    epsilon, lower, sharp = ([_number(row[column]) for row in rows] for column in ("epsilon", "lower", "sharp"))
    budget, trivial = (_number(rows[0][column]) for column in ("epsilon_vac", "trivial"))
    size = None if features is None else int(features)
    return Band(name, size, epsilon, lower, sharp, budget, trivial, colour, dashes, width)


def _limits(axes: Axes, found: Sequence[Band]) -> tuple[float, float]:
    """The ends of the axis of excess losses, logarithmic where budgets are of different sizes."""
    positive = [band.budget for band in found if band.budget > 0]
    right = 1.12 * max(positive, default=1.0)
    logarithmic = bool(positive) and max(positive) > SPREAD * statistics.median_low(positive)
    left = min(positive) / LEFT if logarithmic else 0.0
    if logarithmic:
        axes.set_xscale("log")
        right *= 1.6
    axes.set_xlim(left, right)
    return left, right


def _curves(axes: Axes, found: Sequence[Band], left: float, right: float) -> None:
    level = max(band.trivial for band in found)
    least = min(min(band.lower) for band in found)
    bottom = 0.0 if least < LOW * level else least - (level - least) / 8
    top = level + (HEAD - 1) * (level - bottom)
    axes.set(ylim=(bottom, top), ylabel="largest risk T (squared error)")
    axes.tick_params(labelbottom=False)
    axes.axhspan(level, top, color=VACUOUS, zorder=0, linewidth=0)
    axes.axhline(level, color=COLOURS["trivial"], linestyle="--", linewidth=1.2, gid="trivial", zorder=1)
    axes.text(
        0.01, (level + top) / 2, "risk of the best constant: nothing is promised", color=COLOURS["trivial"],
        fontsize=8.5, va="center", transform=axes.get_yaxis_transform(),
    )  # fmt: skip
    vacuous = [band for band in found if band.budget == 0]
    for i, band in enumerate(vacuous):  # dashes one behind the other: all of them are seen
        taking_turns = (i * 7.0, (7.0, 7.0 * (len(vacuous) - 1))) if len(vacuous) > 1 else "-"
        axes.plot(
            [left, right],
            [band.trivial] * 2,
            color=band.colour,
            linestyle=taking_turns,
            linewidth=3.2,
            dash_capstyle="butt",
            zorder=4,
        )
    for band in found:
        if band.budget > 0:
            _curve(axes, band, left, right)


def _curve(axes: Axes, band: Band, left: float, right: float) -> None:
    x = np.geomspace(left, right, FINE) if left > 0 else np.linspace(left, right, FINE)
    x = np.union1d(x, [e for e in (*band.epsilon, band.budget) if left <= e <= right])
    lower, sharp = (np.interp(x, band.epsilon, y, right=band.trivial) for y in (band.lower, band.sharp))
    axes.fill_between(x, lower, sharp, color=band.colour, alpha=0.25, linewidth=0, zorder=2)
    narrow = bool(np.max(sharp - lower) < WIDE * band.trivial)
    for y in (lower, sharp):
        width = band.width if narrow else min(band.width, THIN)
        axes.plot(x, y, color=band.colour, linestyle=band.dashes, linewidth=width, zorder=3)
    axes.plot([band.budget], [band.trivial], "o", color=band.colour, markersize=5, zorder=6, gid="budget")
    axes.plot(
        [band.budget] * 2, [axes.get_ylim()[0], band.trivial], color=band.colour, linewidth=0.7, linestyle=":", zorder=1
    )


def _points(axes: Axes, points: Table, left: float, right: float) -> None:
    """Dots where points can be, crosses with a name where they cannot; what is off the axes is drawn at their edge."""
    bottom, top = axes.get_ylim()
    for row in points.rows:
        at = (min(max(_number(row["epsilon"]), left), right), min(max(_number(row["risk"]), bottom), top))
        look = (
            {"marker": "X", "color": "#D55E00", "markersize": 9}
            if row["outside"]
            else {"marker": "o", "color": "black", "markersize": 4}
        )
        axes.plot(*([value] for value in at), linestyle="none", clip_on=False, zorder=8, gid="point", **look)
        if row["outside"]:
            axes.annotate(
                f"{row['name']}: outside", at, (8, 0), textcoords="offset points", va="center", fontsize=8.5, bbox=PLATE
            )


def _budgets(axes: Axes, found: Sequence[Band], left: float, right: float) -> None:
    """A row for each class: coloured where the loss still says something, grey where nothing can."""
    axes.set(ylim=(len(found) - 0.4, -0.6), xlabel=r"excess loss $\varepsilon$ over the least of the class")
    for i, band in enumerate(found):
        start = max(band.budget, left)
        axes.barh(i, right - start, left=start, height=0.62, color=VACUOUS, linewidth=0)
        axes.barh(i, start - left, left=left, height=0.62, color=band.colour, alpha=0.55, linewidth=0)
        axes.plot([start], [i], "o", color=band.colour, markersize=5, clip_on=False, zorder=6)
        _value(axes, band, i, left, right)
    names = [_named(band) for band in found]
    axes.set_yticks(range(len(found)), names, fontsize=8.5)
    for tick, band in zip(axes.get_yticklabels(), found, strict=True):
        tick.set_color(band.colour)
        tick.set_fontweight("bold")
    axes.tick_params(axis="y", length=0)
    titled(axes, r"$\varepsilon_{\mathrm{vac}}$: beyond it (grey) no guarantee is left")


def _value(axes: Axes, band: Band, row: int, left: float, right: float) -> None:
    """The budget beside its mark, inside of the bar on the side where there is room."""
    text = "0: vacuous at any loss" if band.budget == 0 else f"{band.budget:.4g}"
    share = _share(max(band.budget, left), left, right)
    ha, shift = ("left", 7) if share < 0.6 else ("right", -7)
    axes.annotate(
        text, (max(band.budget, left), row), (shift, 0), textcoords="offset points", ha=ha, va="center", fontsize=8.5
    )


def _share(value: float, left: float, right: float) -> float:
    return math.log(value / left) / math.log(right / left) if left > 0 else value / right


def _named(band: Band) -> str:
    short = band.name.replace("random Fourier", "Fourier")
    return short if band.features is None else f"{short} (D = {_size(band.features)})"


def _size(features: int) -> str:
    power = features.bit_length() - 1
    return rf"$2^{{{power}}}$" if features == 2**power and power > 20 else f"{features:,}"


def _number(value: Value) -> float:
    return math.nan if value is None else float(value)
