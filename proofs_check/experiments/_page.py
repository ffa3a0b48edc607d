"""The tables of a page of text, each between two marks and from the saved table of its name: no number is typed."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from linrep._checks import require
from linrep.tables import load

NAMES = {"linear": "linear", "mlp": "perceptron", "mlp_decay": "perceptron, weight decay"}
CUT_NAMES = {"drop": "drop", "drop_permute": "drop, permute", "split": "split", "split_full": "split, full"}
Row = Mapping[str, Any]
Cells = Callable[[Row], Sequence[str]]


def filled(text: str, folder: Path) -> str:
    """The text with the rows under each known mark, `<!-- name -->` to `<!-- end -->`, drawn from `folder`.

    The first two lines of a table, its head, stay as they are.

    Raises:
        InputError: a mark without an end.

    Source: ours.

    >>> filled("no marks", Path())
    'no marks'
    """
    for mark, (name, cells) in TABLES.items():
        begin = f"<!-- {mark} -->\n"
        if begin not in text:
            continue
        before, rest = text.split(begin, 1)
        require("<!-- end -->" in rest, f"page: mark {mark} has no end, but <!-- end --> must follow; add it.")
        table, after = rest.split("<!-- end -->", 1)
        head = table.splitlines()[:2]
        lines = [f"| {' | '.join(cells(row))} |" for row in load(folder / f"{name}.jsonl").rows]
        text = before + begin + "\n".join([*head, *lines]) + "\n<!-- end -->" + after
    return text


def fill(page: Path, folder: Path) -> None:
    """Write the page again with its tables filled."""
    page.write_text(filled(page.read_text(encoding="utf-8"), folder), encoding="utf-8")


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _percent(value: float | None) -> str:
    return _number(None if value is None else 100 * value, 1)


def _table1(row: Row) -> list[str]:
    interval = _number(row["held_out_loss_ci95"], 4), _percent(row["logistic_accuracy_ci95"])
    return [
        NAMES[row["row"]],
        f"{row['steps']:,}",
        f"{row['published_loss']:.3f} ± {row['published_loss_ci95']:.3f}",
        f"{row['trained_held_out_loss']:.4f} ± {interval[0]}",
        _number(row["population_loss"], 4),
        _number(row["population_loss_of_means"], 4),
        f"{_percent(row['published_accuracy'])} ± {_percent(row['published_accuracy_ci95'])}",
        f"{_percent(row['trained_logistic_accuracy'])} ± {interval[1]}",
    ]


def _codes(row: Row) -> list[str]:
    losses = [_number(row[name], 5) for name in ("population_loss", "population_loss_of_means", "sampled_loss")]
    accuracies = [_percent(row[name]) for name in ("published_accuracy", "sampled_accuracy")]
    return [row["code"], f"{row['dim']:,}", _number(row["published_loss"], 3), *losses, *accuracies]


def _brittle(row: Row) -> list[str]:
    measured = [_number(row["trained_held_out_loss"], 4), _percent(row["trained_logistic_accuracy"])]
    moved = [_number(row["loss_moved"], 4), _percent(row["accuracy_moved"])]
    return [NAMES[row["row"]], f"{row['step']:,}", *measured, *moved]


def _spectral(row: Row) -> list[str]:
    known = [f"{row['population_optimum']:g}", "0", _number(row["population_seconds"], 4)]
    sampled = [_number(row["sample_gap"], 4), _number(row["sample_seconds"], 2)]
    trained = [_number(row["trained_gap"], 4), _number(row["trained_seconds"], 1)]
    return [str(row["dim"]), *known, *sampled, *trained, _number(row["trained_over_sample_seconds"], 0)]


def _bias(row: Row) -> list[str]:
    heat = "" if row["temperature"] is None else str(row["temperature"])
    values = [_number(row["population_loss"], 3), _number(row["population_risk"], 4)]
    sizes = [_number(row["relevant_size"], 3), _number(row["spurious_size"], 3)]
    return [row["algorithm"], heat, *values, *sizes, str(row["points"]), str(row["inside"])]


def _widths(row: Row) -> list[str]:
    measured = [_number(row["trained_held_out_loss"], 4), _percent(row["trained_logistic_accuracy"])]
    return [str(row["width"]), str(row["seeds"]), *measured]


def _with_interval(row: Row, name: str, write: Callable[[float | None], str]) -> str:
    """A mean over the seeds, and half its interval where there are several."""
    mean, half = write(row[f"trained_{name}"]), row[f"{name}_ci95"]
    return mean if half is None else f"{mean} ± {write(half)}"


def _loss(value: float | None) -> str:
    return _number(value, 3)


def _digits(row: Row) -> list[str]:
    sizes = [f"{row['entries']:,}", _number(row["population_floor"], 2)]
    accuracies = [_with_interval(row, name, _percent) for name in ("logistic_accuracy", "identification")]
    return [row["augmentations"], row["encoder"], *sizes, _with_interval(row, "held_out_loss", _loss), *accuracies]


def _hash(row: Row) -> list[str]:
    losses = [_loss(row[f"trained_loss{name}"]) for name in ("", "_resnet")]
    accuracies = [_percent(row[f"trained_accuracy{name}"]) for name in ("_without", "", "_lost", "_lost_resnet")]
    return [row["augmentations"], row["encoder"], *losses, *accuracies, "yes" if row["as_published"] else "no"]


def _orthogonal(row: Row) -> list[str]:
    losses = [_loss(row[f"{name}_loss"]) for name in ("usual_held_out", "trained_held_out", "trained_removed")]
    names = ("usual_logistic", "trained_logistic", "trained_removed")
    accuracies = [_percent(row[f"{name}_accuracy"]) for name in names]
    found = ["yes" if row[f"{name}_as_published"] else "no" for name in ("network", "removed")]
    return [row["encoder"], *losses, *accuracies, *found]


def _identification(row: Row) -> list[str]:
    names = ("published_accuracy", "trained_accuracy", "trained_population_accuracy", "population_bayes")
    accuracies = ["" if row[name] is None else f"{100 * row[name]:.2f}" for name in names]
    bound: Any = None if row["population_bayes"] is not None else row["population_bayes_at_least"]
    least = "" if bound is None else f"{math.floor(1e6 * bound) / 1e4:.4f}"  # rounded down: it is a lower bound
    return [row["process"], f"{row['entries']:,}", *accuracies, least]


def _band(row: Row) -> list[str]:
    losses = [_loss(row[name]) for name in ("population_least_loss", "trained_loss")]
    risks = [_loss(row[name]) for name in ("population_risk_there", "trained_risk")]
    return [row["process"], row["algorithm"], *losses, *risks, str(row["points"]), str(row["inside"])]


def _docstrings(row: Row) -> list[str]:
    accuracies = [_with_interval(row, name, _percent) for name in ("logistic_accuracy", "identification")]
    names = (f"{who}{what}_rank" for what in ("loss", "accuracy") for who in ("published_", ""))
    ranks = ["" if row[name] is None else str(row[name]) for name in names]
    found = [CUT_NAMES[row["augmentations"]], row["encoder"].replace("_", " "), f"{row['entries']:,}"]
    return [*found, _with_interval(row, "held_out_loss", _loss), *accuracies, *ranks]


TABLES: dict[str, tuple[str, Cells]] = {
    "table1": ("table1", _table1),
    "codes": ("codes", _codes),
    "brittle": ("brittleness", _brittle),
    "spectral": ("spectral", _spectral),
    "bias": ("bias", _bias),
    "widths": ("bias_widths", _widths),
    "digits": ("digits", _digits),
    "digits-hash": ("digits-hash", _hash),
    "identification": ("identification", _identification),
    "label-orthogonal": ("label-orthogonal", _orthogonal),
    "digits-band": ("digits-band", _band),
    "docstrings": ("docstrings", _docstrings),
    "docstrings-band": ("docstrings-band", _band),
}
"""The mark, the saved table, and the cells of one of its rows."""
