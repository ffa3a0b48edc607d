"""Downstream accuracy against contrastive loss along training, one curve for each class of functions."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from linrep.tables import Table
from proofs_check.plots._style import panels, titled

COLOURS = ("#000000", "#D55E00", "#0072B2", "#009E73")
MARKED = (1_000, 4_000, 40_000)
"""Steps that get their number beside the curve."""


def trajectory(table: Table) -> Figure:
    """Means over the seeds: accuracy over steps on the left, accuracy against held-out loss on the right.

    Args:
        table: columns row, step, seed, held_out_loss, logistic_accuracy.

    Source: ours.

    >>> row = {"row": "mlp", "step": 1, "seed": 0, "held_out_loss": 5.0, "logistic_accuracy": 0.9}
    >>> len(trajectory(Table(tuple(row), (row,))).axes)
    2
    """
    figure, (left, right) = panels(2, title="What a probe makes of a representation while its loss falls")
    for name, colour in _coloured(table):
        steps, losses, accuracies = _along(table.where(row=name))
        left.plot(steps, accuracies, "-", color=colour, marker=".")
        end = (steps[-1], accuracies[-1])
        said = {"textcoords": "offset points", "va": "center", "fontsize": 8.5, "color": colour}
        left.annotate(name.replace("_", " "), end, (6, 0), annotation_clip=False, **said)
        right.plot(losses, accuracies, "-", color=colour, marker=".")
        if name != "linear":
            marked = [point for point in zip(steps, losses, accuracies, strict=True) if point[0] in MARKED]
            _numbered(right, marked, colour, left=name.endswith("decay"))
    left.set(xlabel="step", ylabel="held-out accuracy of a logistic probe", xscale="log")
    right.set(xlabel="held-out contrastive loss (falls to the right)")
    right.invert_xaxis()
    titled(left, "along training")
    titled(right, "against the loss")
    return figure


def brittleness(table: Table) -> Figure:
    """The loss over steps, and under it the accuracy: every seed thin, the mean over the seeds thick.

    Args:
        table: as for `trajectory`; the linear row is left out.

    Source: ours.

    >>> row = {"row": "mlp", "step": 1, "seed": 0, "held_out_loss": 5.0, "logistic_accuracy": 0.9}
    >>> len(brittleness(Table(tuple(row), (row,))).axes)
    2
    """
    figure, panes = panels(2, title="The loss falls; the accuracy rises, and then falls with it")
    for name, colour in _coloured(table):
        if name == "linear":
            continue
        part = table.where(row=name)
        steps, *means = _along(part)
        for axes, column, mean in zip(panes, ("held_out_loss", "logistic_accuracy"), means, strict=True):
            for seed in dict.fromkeys(part.column("seed")):
                one = part.where(seed=seed)
                axes.plot(one.column("step"), one.column(column), color=colour, alpha=0.25, linewidth=0.8)  # pyright: ignore[reportArgumentType]
            axes.plot(steps, mean, color=colour, linewidth=2.0, label=name)
    for axes in panes:
        axes.set(xlabel="step", xscale="log")
        axes.legend(frameon=False, title="mean over seeds")
    titled(panes[0], "held-out contrastive loss")
    titled(panes[1], "held-out accuracy of a logistic probe")
    return figure


def _coloured(table: Table) -> list[tuple[str, str]]:
    return list(zip(map(str, dict.fromkeys(table.column("row"))), COLOURS, strict=False))


def _along(table: Table) -> tuple[list[int], list[float], list[float]]:
    """Steps, and at each the means over the seeds of loss and accuracy."""
    steps = sorted({int(step or 0) for step in table.column("step")})
    means = [
        [float(np.mean(np.array(table.where(step=step).column(name), float))) for step in steps]
        for name in ("held_out_loss", "logistic_accuracy")
    ]
    return steps, means[0], means[1]


def _numbered(axes: Axes, points: list[tuple[int, float, float]], colour: str, *, left: bool) -> None:
    """Steps beside their points: two curves that run close together get theirs on different sides."""
    offset, side = ((-6, -6), "right") if left else ((6, 2), "left")
    for step, loss, accuracy in points:
        text = f"{step // 1000}k"
        axes.annotate(text, (loss, accuracy), offset, textcoords="offset points", fontsize=7.5, color=colour, ha=side)
