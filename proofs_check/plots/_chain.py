"""Picture (d): two proofs as waterfalls, and the step that makes one of them vacuous."""

import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from linrep.tables import Table, Value
from proofs_check.plots._style import COLOURS, VACUOUS, stacked, titled

LEFT, RIGHT = 0.1, 30.0
SMALLEST = 1e-9
"""What is below is written as 0: an error of 0 is measured up to rounding."""
TEXT: dict[str, Any] = {"va": "center", "fontsize": 8.5, "zorder": 5}
WRITTEN = {
    "lambda": "λ", "kappa": "κ", "delta": "δ", "sqrt ": "√", "<=": "≤", ">=": "≥", "^2": "²",
}  # fmt: skip
"""Signs for the words of reasons."""
"""Ends of the value axis, which is logarithmic; what is below the left end is drawn at it."""
LABEL_WIDTH = 66
"""Characters of a line of a step's reason."""
RAISED = re.compile(r"([_^])\{?([A-Za-z0-9+/≤-]+)\}?")
"""A subscript or a superscript, in braces or not."""
NAMES = {"saunshi22.linear_class": "T7", "linrep26.suboptimal_mean": "T5"}
CLEAR = 1.02
"""A step loses something if it raises the value by more than this factor, in the picture."""


def chain(table: Table) -> Figure:
    """A waterfall for each proof: what every step adds to the bound, the trivial level, and where it is crossed.

    Args:
        table: of `studies.chain`, or the same reloaded.

    Source: ours.

    >>> from proofs_check import studies
    >>> [axes.get_xlabel()[:5] for axes in chain(studies.chain()).axes]
    ['value', 'value']
    """
    keys = list(dict.fromkeys(str(key) for key in table.column("theorem")))
    parts = [table.where(theorem=key).rows for key in keys]
    figure, axes = stacked(
        [0.42 * len(rows) + 0.9 for rows in parts],
        width=10.2,
        title="Proofs step by step, minimisers on Table 1's task (Example 1, D = 50, k = d = 10, a linear sign label)",
    )
    for place, key, rows in zip(axes, keys, parts, strict=True):
        _waterfall(place, key, rows)
    figure.align_ylabels(axes)
    return figure


def _waterfall(axes: Axes, key: str, rows: Sequence[Mapping[str, Value]]) -> None:
    values = [_number(row["value"]) for row in rows]
    last = len(rows) - 1
    axes.set(xscale="log", xlim=(LEFT, RIGHT), ylim=(last + 0.7, -0.7), xlabel="value (log scale)")
    axes.set_yticks(range(len(rows)), [_label(row) for row in rows], fontsize=8)
    axes.tick_params(axis="y", length=0)
    axes.set_ylabel("step of the proof")
    titled(axes, f"{NAMES.get(key, key)}: {rows[0]['title']} ({rows[0]['place']})")
    crossed = next((number for number, row in enumerate(rows) if row["vacuous"]), None)
    _trivial(axes, rows[0]["trivial"])
    for number, value in enumerate(values):
        before = values[max(number - 1, 0)]
        _bar(axes, number, before, value, said=number == crossed)
        if number < last:
            axes.plot([_drawn(value)] * 2, [number, number + 1], color=COLOURS["trivial"], linewidth=0.6, zorder=2)


def _trivial(axes: Axes, level: Value) -> None:
    """The level of the best constant, from which on a bound says nothing."""
    if level is None:
        return
    at = float(level)
    axes.axvspan(at, RIGHT, color=VACUOUS, zorder=0, linewidth=0)
    axes.axvline(at, color=COLOURS["trivial"], linestyle="--", linewidth=1.2, gid="trivial", zorder=1)
    axes.text(RIGHT * 0.95, -0.3, f"vacuous from {at:.3g} on", color=COLOURS["trivial"], ha="right", fontsize=8.5)


def _bar(axes: Axes, number: int, before: float, value: float, *, said: bool) -> None:
    """What a step adds: from the value before to the value after it; a tick where it adds nothing."""
    colour = COLOURS["class-agnostic" if said else "actual" if number == 0 else "class-aware"]
    start, end = _drawn(before), _drawn(value)
    axes.barh(number, end - start, left=start, height=0.5, color=colour, zorder=3)
    axes.plot([end, end], [number - 0.25, number + 0.25], color=colour, linewidth=2.2, zorder=4)
    said_value = f"{value:.3g}" if value > SMALLEST else "0"
    if number and value <= before * CLEAR:
        axes.text(end * 0.94, number, f"no loss   {said_value}", ha="right", color=colour, **TEXT)
        return
    words = f"{said_value}   vacuous from this step on" if said else said_value
    axes.text(end * 1.06, number, words, ha="left", color=colour, fontweight="bold" if said else "normal", **TEXT)


def _label(row: Mapping[str, Value]) -> str:
    step = f"{row['step']}. " if row["step"] else "bounded: "
    text = step + str(row["reason"])
    for word, sign in WRITTEN.items():
        text = text.replace(word, sign)
    return "\n".join(RAISED.sub(r"$\1{\\mathrm{\2}}$", line) for line in textwrap.wrap(text, LABEL_WIDTH))


def _drawn(value: float) -> float:
    return min(max(value, LEFT), RIGHT)


def _number(value: Value) -> float:
    assert value is not None
    return float(value)
