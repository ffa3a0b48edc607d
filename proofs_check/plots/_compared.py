"""One problem, a row for each theorem: the bound beside what it bounds."""

from collections.abc import Mapping
from typing import Any

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from linrep.bounds import CATALOGUE, Kind
from linrep.symbols import UNRESTRICTED
from linrep.tables import Table, Value
from proofs_check.plots._style import COLOURS, VACUOUS, panels, titled

NEAR = 1e-3
"""The axis is linear below this, so that an error of 0 has a place, and logarithmic beyond."""
FAR = 1e3
"""Larger bounds are drawn here, and say their value."""
ROW = 0.24
"""Height of a row, in inches."""
_AGNOSTIC = {t.key for t in CATALOGUE if UNRESTRICTED in t.hypotheses}
_LOWER = {t.key for t in CATALOGUE if t.kind is Kind.LOWER}
_ROLES = {"class-aware": "bound that sees the class", "class-agnostic": "bound that sees no class"}


def compared(table: Table) -> Figure:
    """A row for each theorem with a number: actual in black, the bound in its colour, grey from the best constant on.

    A filled mark is a bound that says something, a hollow circle one that is vacuous, a diamond one that is undecided,
    a cross one that fails.

    Args:
        table: of `linrep.compare`, or the same reloaded.

    Source: ours.

    >>> import linrep as lr
    >>> table = lr.compare(lr.gallery.example_one_dictator(), [lr.bounds.linrep26.RISK_GAP_MEAN])
    >>> [tick.get_text() for tick in compared(table).axes[0].get_yticklabels()]
    ['linrep26.risk_gap_mean']
    """
    rows = [row for row in table.rows if row["bound"] is not None and row["actual"] is not None]
    figure, (axes,) = panels(1, width=8.0, height=1.5 + ROW * len(rows), title="Bound against actual")
    axes.set_xscale("symlog", linthresh=NEAR)
    values = [_number(row[name]) for row in rows for name in ("bound", "actual")]
    axes.set_xlim(min([0.0, *values]) * 1.2 - NEAR / 5, min(max([1.0, *values]), FAR) * 1.6)
    for i, row in enumerate(rows):
        _row(axes, i, row)
    axes.set(ylim=(len(rows) - 0.4, -0.6), xlabel="value (linear below 0.001, logarithmic beyond)", ylabel="theorem")
    axes.set_yticks(range(len(rows)), [str(row["theorem"]) for row in rows], fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", color="#ECECEC", linewidth=0.6)
    titled(axes, f"class: {table.record.get('features', '?')}, d = {table.record.get('dim', '?')}")
    figure.legend(handles=_legend(), loc="outside lower left", ncols=4, frameon=False, fontsize=8.5)
    return figure


def _row(axes: Any, i: int, row: Mapping[str, Value]) -> None:
    colour = COLOURS["class-agnostic" if row["theorem"] in _AGNOSTIC else "class-aware"]
    low, high = _number(row["actual"]), _number(row["actual_upper"])
    bound = _number(row["bound"])
    at = min(bound, FAR)
    axes.plot([low, at], [i, i], color=colour, linewidth=1.0, alpha=0.5, zorder=2)
    axes.plot([low, high], [i, i], color=COLOURS["actual"], linewidth=3, zorder=3)
    axes.plot([low], [i], "|", color=COLOURS["actual"], markersize=10, markeredgewidth=2, zorder=5)
    if row["trivial"] is not None:
        if row["theorem"] not in _LOWER:
            right = axes.get_xlim()[1]
            axes.barh(i, right - _number(row["trivial"]), 0.8, left=_number(row["trivial"]), color=VACUOUS, zorder=0)
        axes.plot([_number(row["trivial"])], [i], "|", color=COLOURS["trivial"], markersize=9, gid="trivial", zorder=1)
    axes.plot([at], [i], _mark(row), color=colour, markersize=6, fillstyle=_fill(row), gid="bound", zorder=4)
    if bound > FAR:
        axes.annotate(f"{bound:.2g}", (at, i), (7, 0), textcoords="offset points", va="center", color=colour)


def _mark(row: Mapping[str, Value]) -> str:
    return {"FAILS": "X", "UNDECIDED": "D"}.get(str(row["status"]), "o")


def _fill(row: Mapping[str, Value]) -> Any:
    return "none" if row["vacuous"] or row["status"] == "UNDECIDED" else "full"


def _legend() -> list[Line2D]:
    plain: dict[str, Any] = {"linestyle": "none", "markersize": 6}
    tall = {**plain, "markersize": 10, "marker": "|"}
    grey = COLOURS["trivial"]
    return [
        Line2D([], [], color=COLOURS["actual"], markeredgewidth=2, label="actual", **tall),
        *(Line2D([], [], color=COLOURS[role], marker="o", label=text, **plain) for role, text in _ROLES.items()),
        Line2D([], [], color=grey, label="best constant; grey: vacuous", **tall),
        Line2D([], [], color=grey, marker="o", fillstyle="none", label="vacuous bound", **plain),
        Line2D([], [], color=grey, marker="D", fillstyle="none", label="undecided", **plain),
        Line2D([], [], color=grey, marker="X", label="fails", **plain),
    ]


def _number(value: Value) -> float:
    assert value is not None
    return float(value)
