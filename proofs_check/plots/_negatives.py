"""Picture: guarantees against the number of negatives."""

from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from linrep.tables import Table
from proofs_check.plots._style import curve, draw, level_of, note, panels, titled, trivial_level

X = "negatives"
ROLES = {"actual": "actual", "published": "class-agnostic", "ours": "class-aware"}
"""Role of a curve in the table, and the role whose colour it has."""
DASHES = {
    "arora19.many_negatives": "-",
    "nozawa21.coverage": "--",
    "ash22.coupons": "-.",
    "bao22.upper": ":",
    "bao22.lower": ":",
    "linrep26.shared_classes": "-.",
    "linrep26.present_classes": "--",
    "linrep26.corner_gap": ":",
    "linrep26.corner_lower": ":",
    "actual": "-",
}


class Panel(NamedTuple):
    """The range of a panel, what its grey field says, and the labels at its curves: text, place, role, alignment.

    Source: ours.

    >>> Panel((1, 2), "", ()).range
    (1, 2)
    """

    range: tuple[float, float]
    vacuous: str
    notes: tuple[tuple[str, tuple[float, float], str, str], ...]


PANELS = (
    Panel(
        (0.12, 300),
        "",
        (
            ("Arora", (8.2, 100), "published", "right"),
            ("Ash", (1.1, 33), "published", "left"),
            ("Nozawa–Sato", (11.2, 13), "published", "right"),
            ("Bao, from above", (1.1, 4.1), "published", "left"),
            ("ours: shared\nclasses", (170, 70), "ours", "right"),
            ("present classes", (480, 3.1), "ours", "right"),
            ("corner gap", (2.1, 1.62), "ours", "left"),
            ("actual", (1.1, 1.1), "actual", "left"),
            ("ours, from below", (60, 0.66), "ours", "left"),
            ("Bao, from below", (60, 0.33), "published", "left"),
        ),
    ),
    Panel(
        (1.5e-3, 300),
        "vacuous: no better than f = 0",
        (
            ("Arora", (60, 35), "published", "right"),
            ("Ash", (1.1, 0.085), "published", "left"),
            ("Nozawa–Sato", (8.5, 60), "published", "left"),
            ("Bao", (1.1, 26), "published", "left"),
            ("corner gap", (1.1, 8.5), "ours", "left"),
            ("present classes", (1.1, 0.42), "ours", "left"),
            ("shared classes", (60, 0.019), "ours", "left"),
            ("actual", (60, 0.0022), "actual", "left"),
        ),
    ),
)


def negatives(table: Table) -> Figure:
    """Bounds on the cross-entropy of the class means, and its value, against m: a panel for each setting.

    Args:
        table: of `studies.negatives`, or the same reloaded.

    Source: ours, after the comparison of bounds in Bao et al. (2022).

    >>> from proofs_check import studies
    >>> len(negatives(studies.negatives((1, 8, 64))).axes)
    2
    """
    settings = list(dict.fromkeys(str(name) for name in table.column("setting")))
    title = "Guarantees against the number of negatives (eight classes; published: orange, ours: blue, truth: black)"
    figure, axes = panels(len(settings), width=6.2, height=4.6, title=title)
    for place, setting, panel in zip(axes, settings, PANELS, strict=True):
        _panel(place, table.where(setting=setting), panel)
        titled(place, setting)
    return figure


def _panel(axes: Axes, table: Table, panel: Panel) -> None:
    counts = [float(m) for m in table.column(X) if m is not None]
    axes.set(xscale="log", yscale="log", xlim=(min(counts), max(counts)), ylim=panel.range)
    axes.set(xlabel="number m of negatives", ylabel="cross-entropy of the class means")
    trivial_level(axes, level_of(table, ("f = 0",)), panel.range[1], panel.vacuous, x=1.1)
    for name, dashes in DASHES.items():
        role = next(str(row["role"]) for row in table.where(curve=name).rows)
        draw(axes, curve(table, X, name=name), ROLES[role], dashes=dashes)
    for text, place, role, side in panel.notes:
        note(axes, text, place, ROLES[role], ha=side)
