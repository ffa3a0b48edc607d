"""Picture (a): Example 1 along a path of ever worse representations."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from linrep.tables import Table
from proofs_check.plots._style import curve, draw, level_of, note, panels, titled, trivial_level

X = "suboptimality"


def example_one(table: Table) -> Figure:
    """Actual risks and bounds against the suboptimality, for the squared error (left) and the 0-1 error (right).

    Args:
        table: of `studies.example_one`, or the same reloaded.

    Source: ours.

    >>> from proofs_check import studies
    >>> [axes.get_xlabel()[:13] for axes in example_one(studies.example_one(3)).axes]
    ['suboptimality', 'suboptimality']
    """
    figure, (left, right) = panels(
        2, title="Example 1 (D = 50, k = d = 10): what a loss within ε of the minimum guarantees"
    )
    _squared(left, table.where(quantity="squared error"))
    _zero_one(right, table.where(quantity="0-1 error"))
    for axes in (left, right):
        axes.set_xscale("log")
        axes.set_xlim(1e-4, 0.4375)
        axes.set_xlabel("suboptimality ε = loss − smallest loss of the linear class")
    return figure


def _squared(axes: Axes, table: Table) -> None:
    axes.set(yscale="log", ylim=(1e-4, 4), ylabel="squared error")
    titled(axes, "Squared error")
    level = level_of(table)
    trivial_level(axes, level, 4, "vacuous: no better than the best constant", x=1.2e-4)
    draw(axes, curve(table, X, name="linrep26.suboptimal_augmented"), "class-aware")
    draw(axes, curve(table, X, name="linrep26.sharpened_45"), "class-aware")
    draw(axes, curve(table, X, name="actual, one view"), "actual")
    draw(axes, curve(table, X, name="actual, mean over views"), "actual", dashes="--")
    draw(axes, curve(table, X, name="linrep26.near_disjoint_ceiling"), "class-agnostic", width=2.4)
    disjoint = r"every class-agnostic guarantee (V6: views are disjoint, $\varepsilon_{\mathrm{vac}}$ = 0)"
    note(axes, disjoint, (1.2e-4, level * 0.9), "class-agnostic", va="top")
    note(axes, "linear class, four times\nthe same line:\nT4, T5, T8, (16/7) ε", (1.3e-4, 1.2e-2), "class-aware")
    note(axes, "actual, one view (solid)\nand mean over views (dashed)", (6.5e-3, 6.5e-3), "actual", va="top")


def _zero_one(axes: Axes, table: Table) -> None:
    axes.set(ylim=(-0.09, 0.72), ylabel="0-1 error of the best linear readout")
    titled(axes, "0-1 error, mean over views")
    level = level_of(table)
    floor = level_of(table, ["saunshi22.vacuous_transfer"])
    trivial_level(axes, level, 0.72, "vacuous: no better than\nthe best constant", x=3.2e-3)
    draw(axes, curve(table, X, name="linrep26.suboptimal_mean"), "class-aware")
    draw(axes, curve(table, X, name="saunshi22.linear_class"), "class-aware", dashes="-.")
    draw(axes, curve(table, X, name="actual, mean over views"), "actual")
    draw(axes, curve(table, X, name="saunshi22.vacuous_transfer"), "class-agnostic", width=2.4)
    note(axes, f"class-agnostic floor (V3): {floor:.3f}", (3.2e-3, level - 0.015), "class-agnostic", va="top")
    note(axes, "T7 = T9 = 32 k ε\n(published)", (9e-4, 0.16), "class-aware")
    note(axes, "T5, T8, (16/7) ε\n(ours)", (7.5e-2, 0.22), "class-aware", ha="right")
    note(axes, "actual: 0 until the spurious coordinate outweighs the label's", (1.2e-4, -0.025), "actual", va="top")
