"""The tables of a page of text, each between two marks and from the saved table of its name: no number is typed."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from linrep._checks import require
from linrep.tables import load

NAMES = {"linear": "linear", "mlp": "perceptron", "mlp_decay": "perceptron, weight decay"}
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


TABLES: dict[str, tuple[str, Cells]] = {
    "table1": ("table1", _table1),
    "codes": ("codes", _codes),
    "brittle": ("brittleness", _brittle),
    "spectral": ("spectral", _spectral),
    "bias": ("bias", _bias),
    "widths": ("bias_widths", _widths),
}
"""The mark, the saved table, and the cells of one of its rows."""
