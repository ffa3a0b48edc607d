"""Picture (c): families of processes that become disjoint."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from linrep.tables import Table
from proofs_check.plots._style import COLOURS, curve, draw, level_of, note, panels, titled, trivial_level

X = "identification"
BOTTOM = 5e-3
"""Lower end of the axis of the second panel."""


def families(table: Table) -> Figure:
    """Bounds and truth against tau: exact minimisers, suboptimal representations, and the budget that is left.

    Args:
        table: of `studies.families`, or the same reloaded.

    Source: ours.

    >>> from proofs_check import studies
    >>> len(families(studies.families(3)).axes)
    3
    """
    figure, (first, second, third) = panels(
        3, width=4.7, title="Nearly disjoint views (N = 16, d = 2): all functions of a view against affine functions"
    )
    epsilon = float(table.record.get("suboptimality", np.nan))
    _minimisers(first, table.where(setting="minimiser"))
    _suboptimal(second, table, epsilon)
    _budgets(third, table.where(setting="budget"), epsilon)
    taus = [float(t) for t in table.column(X) if t is not None]
    for axes in (first, second, third):
        axes.set(xscale="log", yscale="log", xlim=(min(taus), max(taus)))
        axes.set_xlabel("τ = error of naming the input from a view")
    return figure


def _role(table: Table, role: str) -> Table:
    return table.where(role=role)


def _minimisers(axes: Axes, table: Table) -> None:
    axes.set(ylim=(1e-6, 3), ylabel="error")
    titled(axes, "Exact minimisers, one view")
    trivial_level(axes, level_of(table), 3, "vacuous", x=1.7e-5)
    draw(axes, curve(_role(table, "class-agnostic"), X, name="linrep26.risk_gap_augmented"), "class-agnostic")
    draw(axes, curve(table, X, name="haochen21.eigenvalue"), "class-agnostic", dashes="-.")
    draw(axes, curve(_role(table, "class-aware"), X, name="linrep26.risk_gap_augmented"), "class-aware")
    draw(axes, curve(table, X, name="actual, class-agnostic"), "actual")
    draw(axes, curve(table, X, name="actual, class-aware"), "actual", dashes="--")
    note(
        axes,
        "all functions: T2 (solid) and HaoChen's\neigenvalue bound of the 0-1 error (dashed)",
        (1.7e-5, 0.07),
        "class-agnostic",
        va="top",
    )
    note(axes, "affine: T2", (6e-4, 1.1e-3), "class-aware", ha="right", va="bottom")
    note(axes, "actual squared error,\nboth classes", (2e-3, 1.2e-4), "actual", va="top")


def _suboptimal(axes: Axes, table: Table, epsilon: float) -> None:
    part = table.where(setting="suboptimal")
    axes.set(ylim=(BOTTOM, 3), ylabel="squared error, mean over views")
    titled(axes, f"Representations up to ε = {epsilon:g} from a minimiser")
    trivial_level(axes, level_of(part), 3, "vacuous", x=1.7e-5)
    for role in ("class-agnostic", "class-aware"):
        draw(axes, curve(_role(part, role), X, name="linrep26.sharpened_45"), role, dashes="-.")
        draw(axes, curve(_role(part, role), X, name="linrep26.suboptimal_mean"), role)
        draw(axes, curve(part, X, name=f"actual, {role}"), "actual", dashes="-" if role == "class-agnostic" else "--")
    end = _crossing(*curve(table.where(setting="budget"), X, name="linrep26.near_disjoint_identification"), epsilon)
    if end is not None:
        axes.plot([end, end], [BOTTOM, level_of(part)], color=COLOURS["class-agnostic"], linewidth=0.9, linestyle=":")
        note(
            axes,
            f"left of τ = {end:.2g}: every\nclass-agnostic guarantee\nis vacuous at ε = {epsilon:g} (V6)",
            (end * 0.85, 0.42),
            "class-agnostic",
            ha="right",
        )
    note(axes, "all functions: T5 (solid), T8 (dashed)", (2e-4, 1.95), "class-agnostic", va="bottom")
    note(axes, "affine: T5, T8", (1.7e-5, 0.056), "class-aware", va="bottom")
    note(axes, "actual, affine (dashed)", (1.7e-5, 0.029), "actual", va="top")
    note(axes, "actual,\nall functions", (4.2e-2, 0.165), "actual", ha="right")


def _budgets(axes: Axes, table: Table, epsilon: float) -> None:
    axes.set(ylim=(1e-5, 3), ylabel=r"$\varepsilon_{\mathrm{vac}}$, excess loss at which nothing is left")
    titled(axes, "The budget of any guarantee on the squared error")
    draw(axes, curve(table, X, name="linrep26.near_disjoint_identification"), "class-agnostic", dashes="-.")
    draw(axes, curve(table, X, name="vacuity_budget, class-agnostic"), "class-agnostic")
    draw(axes, curve(table, X, name="vacuity_budget, class-aware"), "class-aware")
    axes.axhline(epsilon, color=COLOURS["trivial"], linestyle=":", linewidth=1.0, gid="trivial")
    axes.text(0.25, epsilon * 0.9, f"ε = {epsilon:g}", color=COLOURS["trivial"], ha="right", va="top", fontsize=8.5)
    note(axes, r"$\varepsilon_{\mathrm{vac}}$, affine functions", (1.7e-5, 0.52), "class-aware", va="bottom")
    note(axes, "V6: 4τ/(1 − d/N)", (1.2e-3, 8e-3), "class-agnostic", ha="right", va="bottom")
    note(axes, r"$\varepsilon_{\mathrm{vac}}$, all functions", (4e-4, 4.5e-4), "class-agnostic", va="top")


def _crossing(x: list[float], y: list[float], level: float) -> float | None:
    """Where an increasing curve reaches a level, by interpolation on log axes; None if it does not."""
    if not x or not y[0] < level < y[-1]:
        return None
    return float(np.exp(np.interp(np.log(level), np.log(y), np.log(x))))
