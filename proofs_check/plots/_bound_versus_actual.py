"""Bounds beside what they bound: curves along a family of problems, or a row for each theorem on one problem."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from linrep.tables import Table, Value
from proofs_check.plots._compared import compared
from proofs_check.plots._names import called
from proofs_check.plots._style import COLOURS, VACUOUS, panels, titled

PANEL = ("quantity", "setting")
"""Columns that part the curves into panels, where a table has one of them."""
KNOWN = ("curve", "role", "value", "upper", *PANEL)
ALIKE = 1e-6
"""Curves nearer than this, relatively, are one line with several names."""
DECADES = 30.0
"""An axis is logarithmic where its values are positive and span more than this factor."""
LINE = 0.062
"""Height of a line of a label, in parts of the axes."""
POINTS = 12
"""The same in points."""
HALF = 0.6
"""A curve that leaves the picture left of this part of it has its names on its right."""
OURS = " (ours)"
TEXT: dict[str, Any] = {"fontsize": 8.5, "va": "center"}
PLATE = {"facecolor": VACUOUS, "edgecolor": "none", "pad": 1.0}
DASHES = ("-", (0, (5, 2)), (0, (1.5, 1.2)), (0, (5, 1.5, 1.5, 1.5)))
AXES = {"suboptimality": "suboptimality ε: loss above the smallest loss of the class"}


@dataclass(frozen=True)
class Curve:
    """One line of the picture: its names, role and points, with the upper ends where a value is only bracketed."""

    names: tuple[str, ...]
    role: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    upper: tuple[float, ...]


def bound_versus_actual(table: Table) -> Figure:
    """Bounds and actual values in one picture; grey where a bound says no more than the best constant.

    A table with curves (of `studies.example_one`) gets a panel for each quantity, every curve named at its end;
    curves that coincide are one line with all their names, and a value that is only bracketed is a shaded band. A
    comparison (of `linrep.compare`) gets a row for each theorem that gives a number: hollow marks are vacuous or
    undecided.

    Args:
        table: with columns curve, role, value and one more, the axis; or of `linrep.compare`; or one reloaded.

    Source: ours.

    >>> from proofs_check import studies
    >>> [axes.get_ylabel() for axes in bound_versus_actual(studies.example_one(3)).axes]
    ['squared error', '0-1 error']
    >>> import linrep as lr
    >>> len(bound_versus_actual(lr.compare(lr.gallery.example_one_dictator())).axes)
    1
    """
    return _along(table) if "curve" in table.columns else compared(table)


def _along(table: Table) -> Figure:
    along = next(name for name in table.columns if name not in KNOWN)
    part = next((name for name in PANEL if name in table.columns), None)
    names = list(dict.fromkeys(table.column(part))) if part else [None]
    told = [str(table.record["process"])] if "process" in table.record else []
    told += [f"d = {table.record['dim']}"] if "dim" in table.record else []
    title = ": ".join(["Bound against actual", ", ".join(told)] if told else ["Bound against actual"])
    figure, axes = panels(len(names), width=6.4, height=4.4, title=title)
    for place, name in zip(axes, names, strict=True):
        found = curves(table.where(**{part: name}) if part else table, along)
        _panel(place, found)
        place.set(xlabel=AXES.get(along, along), ylabel=str(name or "value"))
        titled(place, str(name or "").capitalize())
    return figure


def curves(table: Table, along: str) -> list[Curve]:
    """The curves of a table by increasing x, those of one role that coincide joined.

    Source: ours.

    >>> rows = [{"curve": c, "role": "actual", "t": 1.0, "value": 2.0, "upper": None} for c in "ab"]
    >>> [curve.names for curve in curves(Table(tuple(rows[0]), tuple(rows)), "t")]
    [('a', 'b')]
    """
    found: list[Curve] = []
    for name in dict.fromkeys(str(name) for name in table.column("curve")):
        rows = [row for row in table.where(curve=name).rows if row["value"] is not None]
        points = sorted((_number(r[along]), _number(r["value"]), _upper(r)) for r in rows)
        if points:
            new = Curve((called(name),), str(rows[0]["role"]), *(tuple(column) for column in zip(*points, strict=True)))
            twin = next((i for i, old in enumerate(found) if _coincide(old, new)), None)
            if twin is None:
                found.append(new)
            else:
                found[twin] = replace(found[twin], names=(*found[twin].names, *new.names))
    return found


def _coincide(one: Curve, other: Curve) -> bool:
    alike = all(math.isclose(a, b, rel_tol=ALIKE) for a, b in zip(one.y, other.y, strict=False))
    return one.role == other.role and one.x == other.x and alike


def _panel(axes: Axes, found: Sequence[Curve]) -> None:
    level = max((y for c in found if c.role == "trivial" for y in c.y), default=math.inf)
    drawn = [c for c in found if c.role != "trivial"]
    x, y = [v for c in drawn for v in c.x], [v for c in drawn for v in c.y]
    logarithmic = _decades(y)
    top = (3 if logarithmic else 1.45) * level if math.isfinite(level) else 1.1 * max(y)
    axes.set(
        xlim=(min(x), max(x)), xscale="log" if _decades(x) else "linear", yscale="log" if logarithmic else "linear"
    )
    axes.set_ylim(min(y) if logarithmic else -0.06 * top, top)
    if math.isfinite(level):
        axes.axhspan(level, top, color=VACUOUS, zorder=0, linewidth=0)
        axes.axhline(level, color=COLOURS["trivial"], linestyle="--", linewidth=1.2, gid="trivial", zorder=1)
        words = f"vacuous: no better than the best constant, {level:g}"
        at = (0.015, _share(axes, level) + 0.035)
        axes.text(*at, words, transform=axes.transAxes, color=COLOURS["trivial"], zorder=6, bbox=PLATE, **TEXT)
    seen: dict[str, int] = {}
    for c in drawn:
        dashes = DASHES[seen.setdefault(c.role, 0) % len(DASHES)]
        seen[c.role] += 1
        axes.plot(c.x, c.y, color=COLOURS[c.role], linestyle=dashes, zorder=4 if c.role == "actual" else 3)
        if any(b > a for a, b in zip(c.y, c.upper, strict=True)):
            axes.fill_between(c.x, c.y, c.upper, color=COLOURS[c.role], alpha=0.25, linewidth=0, gid="undecided")
    _labels(axes, drawn, top)


def _labels(axes: Axes, drawn: Iterable[Curve], top: float) -> None:
    """Each curve's names: beside its end at the right edge, or under the top edge where it leaves."""
    inside = [c for c in drawn if c.y[-1] <= top]
    high = 1.05
    for c in sorted(inside, key=lambda c: (_share(axes, c.y[-1]), sum(c.y)), reverse=True):
        half = LINE * _said(c).count("\n") / 2 + LINE / 2
        middle = min(_share(axes, c.y[-1]), high - half)
        high = middle - half
        axes.text(1.015, middle, _said(c), transform=axes.transAxes, color=COLOURS[c.role], **TEXT)
    lines = 0
    for c in drawn:
        if c not in inside:
            at = max((x for x, y in zip(c.x, c.y, strict=True) if y <= top), default=c.x[0])
            shift, side = (6, "left") if _across(axes, at) < HALF else (-12, "right")
            said = {"textcoords": "offset points", "ha": side, "color": COLOURS[c.role], **TEXT, "va": "top"}
            axes.annotate("\n".join(c.names), (at, top), (shift, -3 - POINTS * lines), **said)
            lines += len(c.names)


def _said(c: Curve) -> str:
    return f"{c.role}:\n{joined(c.names)}" if c.role == "class-agnostic" else joined(c.names)


def joined(names: Sequence[str]) -> str:
    """Several names in one line, what they share at the end said once.

    Source: ours.

    >>> joined(["T4 (ours)", "T5 (ours)"]), joined(["T7"])
    ('T4, T5 (ours)', 'T7')
    """
    words = [name.removesuffix(OURS) if name.endswith(OURS) and name != names[-1] else name for name in names]
    return ", ".join(words)


def _across(axes: Axes, x: float) -> float:
    """Where an abscissa stands between the left and the right edge of the axes."""
    return float(axes.transAxes.inverted().transform(axes.transData.transform((x, 1.0)))[0])


def _share(axes: Axes, y: float) -> float:
    """Where a value stands between the bottom and the top of the axes."""
    bottom, top = axes.get_ylim()
    if axes.get_yscale() == "log":
        return math.log(max(y, bottom) / bottom) / math.log(top / bottom)
    return (y - bottom) / (top - bottom)


def _decades(values: Sequence[float]) -> bool:
    return min(values) > 0 and max(values) > DECADES * min(values)


def _upper(row: Mapping[str, Value]) -> float:
    """The upper end of a bracket; the value itself where there is no bracket."""
    return _number(row["value"] if row.get("upper") is None else row["upper"])


def _number(value: object) -> float:
    assert isinstance(value, (int, float))
    return float(value)
