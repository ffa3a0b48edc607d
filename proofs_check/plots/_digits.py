"""Digits: accuracy against contrastive loss along training, and trained representations in their band."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from linrep.tables import Table
from proofs_check.plots._style import panels, titled

LOOKS = {
    "resnet": ("#0072B2", "o"),
    "vit": ("#D55E00", "s"),
    "mixer": ("#009E73", "^"),
    "linear": ("#000000", "v"),
    "transformer": ("#D55E00", "s"),
    "gru": ("#009E73", "^"),
    "bag_of_words": ("#000000", "v"),
}
NAMES = {
    "resnet": "ResNet", "vit": "ViT", "mixer": "Mixer", "linear": "linear",
    "transformer": "Transformer", "gru": "GRU", "bag_of_words": "bag of words",
}  # fmt: skip
SETS = {
    "all": "shifts, turns, dropout, noise",
    "no_shifts": "without shifts",
    "noise": "noise alone",
    "hash": "all, and the hash in 16 pixels",
    "hash_ink_0.1": "all, and the hash in ink of 0.1",
    "drop": "drop 30 % of the tokens",
    "drop_permute": "drop 30 %, permute",
    "split": "first or second half",
    "split_full": "a half, or the whole",
}
MARKS = {"Adam, spectral loss": ("#009E73", "o"), "Adam, InfoNCE": ("#CC79A7", "^")}


TITLES = {
    "digits": ("augmentations", "Digits: what a probe makes of a representation while its loss falls"),
    "digits-hash": ("augmentations", "Hash pixels: the loss falls, and with it the accuracy"),
    "label-orthogonal": ("training", "The usual loss, and the one without the means of the classes"),
}


def digits(name: str, saved: Mapping[str, Table]) -> Figure:
    """The picture of a study on digits from its saved tables.

    Source: ours.

    >>> row = {"augmentations": "all", "encoder": "vit", "step": 1, "held_out_loss": 4.5, "logistic_accuracy": 0.9}
    >>> len(digits("digits", {"digits-along": Table(tuple(row), (row,))}).axes)
    1
    """
    if name == "digits-band":
        return placed_in_band(saved[f"{name}-points"], saved[f"{name}-limits"])
    if name == "identification":
        return naming(saved[name])
    by, title = TITLES[name]
    along = saved[f"{name}-along"]
    return against_loss(_with_removed(along) if name == "label-orthogonal" else along, by, title=title)


def _with_removed(table: Table) -> Table:
    """A third training: the second one's representations without the class means, where they were measured."""
    moved = [
        {
            **row,
            "training": "label-orthogonal, means removed",
            "held_out_loss": row["removed_loss"],
            "logistic_accuracy": row["removed_accuracy"],
        }
        for row in table.rows
        if row["removed_loss"] is not None
    ]
    return Table(table.columns, (*table.rows, *moved), table.record)


def against_loss(table: Table, by: str, *, title: str) -> Figure:
    """Accuracy against held-out loss along training, means over the seeds: a curve for each network, a panel for each
    value of one column; the last step is the large mark.

    Args:
        table: columns encoder, step, held_out_loss, logistic_accuracy and the one named `by`.
        by: the column that has a panel for each of its values.
        title: of the figure.

    Source: ours.

    >>> row = {"augmentations": "all", "encoder": "vit", "step": 1, "held_out_loss": 4.5, "logistic_accuracy": 0.9}
    >>> len(against_loss(Table(tuple(row), (row,)), "augmentations", title="one").axes)
    1
    """
    values = list(map(str, dict.fromkeys(table.column(by))))
    figure, panes = panels(len(values), width=3.6, height=3.9, title=title)
    for axes, value in zip(panes, values, strict=True):
        part = table.where(**{by: value})
        for encoder in (name for name in LOOKS if name in part.column("encoder")):
            _path(axes, part.where(encoder=encoder), encoder)
        axes.invert_xaxis()
        axes.set(xlabel="held-out loss (falls to the right)")
        titled(axes, SETS.get(value, value))
    _one_scale(panes, losses=by == "training")
    panes[0].set(ylabel="held-out accuracy of a logistic probe")
    panes[-1].legend(frameon=False, loc="best")
    return figure


def _path(axes: Axes, part: Table, encoder: str) -> None:
    colour, mark = LOOKS[encoder]
    steps = sorted({int(step or 0) for step in part.column("step")})
    losses, accuracies = (
        [float(np.mean(np.array(part.where(step=step).column(name), float))) for step in steps]
        for name in ("held_out_loss", "logistic_accuracy")
    )
    axes.plot(losses, accuracies, "-", color=colour, marker=mark, markersize=3, linewidth=1.4, label=NAMES[encoder])
    axes.plot(losses[-1:], accuracies[-1:], mark, color=colour, markersize=7)


def _one_scale(panes: Sequence[Axes], *, losses: bool) -> None:
    """The same accuracies in each panel, and the same losses where they are of one process."""
    left, right = max(axes.get_xlim()[0] for axes in panes), min(axes.get_xlim()[1] for axes in panes)
    bottom, top = (found(axes.get_ylim()[i] for axes in panes) for i, found in enumerate((min, max)))
    for axes in panes:
        axes.set_ylim(bottom, min(top, 1.01))
        if losses:
            axes.set_xlim(left, right)


def placed_in_band(points: Table, bands: Table) -> Figure:
    """The exact band of loss and risk of each process, and the trained representations in it; crosses lie outside.

    Args:
        points: columns process, algorithm, population_loss, population_risk, inside.
        bands: columns process, loss, sharp, floor, trivial.

    Source: ours.

    >>> point = {"process": "p", "algorithm": "Adam, InfoNCE", "population_loss": -1.0, "population_risk": 0.5}
    >>> band = {"process": "p", "loss": -1.0, "sharp": 0.6, "floor": 0.4, "trivial": 0.9}
    >>> tables = [Table(tuple(row), (row,)) for row in ({**point, "inside": True}, band)]
    >>> len(placed_in_band(*tables).axes)
    1
    """
    names = list(map(str, dict.fromkeys(points.column("process"))))
    figure, panes = panels(len(names), width=5.6, height=4.5, title="Linear representations in their exact band")
    for axes, name in zip(panes, names, strict=True):
        part = points.where(process=name)
        _band(axes, bands.where(process=name), float(np.max(np.array(part.column("population_loss"), float))))
        for algorithm, (colour, mark) in MARKS.items():
            found = part.where(algorithm=algorithm)
            axes.plot(*_places(found), mark, color=colour, markersize=4, label=algorithm, linestyle="none")
        outside = part.where(inside=False)
        axes.plot(*_places(outside), "X", color="#D55E00", markersize=10, linestyle="none", gid="outside")
        axes.set(xlabel="spectral loss, population", ylabel="squared error of the label, population")
        titled(axes, name)
    figure.legend(*panes[0].get_legend_handles_labels(), frameon=False, loc="outside lower center", ncols=3)
    return figure


def _band(axes: Axes, band: Table, end: float) -> None:
    """From the least loss to the largest of a point: beyond the last loss of the table any risk is possible."""
    loss, sharp, floor, trivial = (np.array(band.column(name), float) for name in ("loss", "sharp", "floor", "trivial"))
    if end > loss[-1]:
        loss, sharp = np.append(loss, end), np.append(sharp, trivial[0])
    axes.fill_between(loss, floor[0], sharp, color="#E4E4E4", linewidth=0)
    axes.plot(loss, sharp, color="#6E6E6E", linewidth=1.0, label="edges of the band")
    axes.plot(loss, np.full(loss.size, floor[0]), color="#6E6E6E", linewidth=1.0)


def _places(points: Table) -> tuple[np.ndarray, np.ndarray]:
    return np.array(points.column("population_loss"), float), np.array(points.column("population_risk"), float)


def naming(table: Table) -> Figure:
    """How often views do not name their input: published, trained, and the Bayes error or its upper bound.

    Args:
        table: of `experiments.naming_summary`.

    Source: ours.

    >>> row = dict.fromkeys(("published_accuracy", "trained_accuracy", "population_bayes"), 0.5)
    >>> row |= {"process": "p", "population_bayes_at_least": 0.5}
    >>> len(naming(Table(tuple(row), (row,))).axes)
    1
    """
    figure, (axes,) = panels(1, width=8.0, height=1.6 + 0.42 * len(table.rows), title="Naming the input of a view")
    looks = {
        "published_accuracy": ("published (CIFAR-10)", "#0072B2", "D"),
        "trained_accuracy": ("trained, on drawn views", "#D55E00", "o"),
        "population_bayes": ("Bayes, exact", "#000000", "|"),
        "population_bayes_at_least": ("Bayes is at least", "#6E6E6E", ">"),
    }
    for column, (label, colour, mark) in looks.items():
        found = [(i, row[column]) for i, row in enumerate(table.rows) if row[column] is not None]
        if column == "population_bayes_at_least":
            found = [(i, value) for i, value in found if table.rows[i]["population_bayes"] is None]
        places, values = [i for i, _ in found], [float(value or 0) for _, value in found]
        size = 14 if mark == "|" else 6
        axes.plot(values, places, mark, color=colour, markersize=size, label=label, linestyle="none", clip_on=False)
    axes.set_yticks(range(len(table.rows)), [str(row["process"]) for row in table.rows])
    axes.set(ylim=(len(table.rows) - 0.5, -0.5), xlabel="accuracy")
    axes.grid(axis="y", color="#E4E4E4", linewidth=0.7)
    axes.legend(frameon=False, loc="upper left", bbox_to_anchor=(1.01, 1.0))
    return figure
