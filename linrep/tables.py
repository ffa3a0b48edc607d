"""Tables of results: rows of plain values with a record of how they came about, written atomically."""

import csv
import io
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from linrep._checks import InputError, require

Value = str | float | int | bool | None
"""What a cell holds."""


@dataclass(frozen=True)
class Table:
    """Rows with named columns, and the record (versions, seed, parameters, evidence) that explains them.

    Args:
        columns: names, in order.
        rows: one mapping a row, with exactly these names.
        record: how the rows came about; plain values.

    Raises:
        InputError: a row with other columns.

    Source: ours.

    >>> print(Table(("d", "loss"), ({"d": 1, "loss": -1.0},)).to_markdown())
    | d | loss |
    |---|---|
    | 1 | -1 |
    """

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Value], ...]
    record: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        require(
            len(set(self.columns)) == len(self.columns),
            f"Table: columns are {self.columns}, but each name may occur once; rename one.",
        )
        for i, row in enumerate(self.rows):
            require(
                set(row) == set(self.columns),
                f"Table: row {i} has the columns {sorted(row)}, but the table has {sorted(self.columns)}; fill every "
                "column.",
            )
            for name, value in row.items():
                require(
                    value is None or isinstance(value, (str, int, float)),
                    f"Table: {name} of row {i} is {value!r}, of type {type(value).__name__}, but a cell holds text, an "
                    "int, a float, a bool or None; convert it.",
                )

    def column(self, name: str) -> list[Value]:
        """One column, row by row."""
        require(name in self.columns, f"Table: there is no column {name!r}; the columns are {', '.join(self.columns)}.")
        return [row[name] for row in self.rows]

    def where(self, **wanted: Value) -> "Table":
        """The rows whose columns have the given values."""
        for name in wanted:
            self.column(name)  # refuses a name that is no column
        kept = tuple(row for row in self.rows if all(row[name] == value for name, value in wanted.items()))
        return Table(self.columns, kept, self.record)

    def to_csv(self) -> str:
        """Comma-separated text with a header; floats in full precision, missing values empty."""
        out = io.StringIO()
        writer = csv.DictWriter(out, self.columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(
            {name: "" if row[name] is None else _full(row[name]) for name in self.columns} for row in self.rows
        )
        return out.getvalue()

    def to_json(self) -> str:
        """One JSON object with the record, the columns and the rows."""
        rows = [{name: _plain(row[name]) for name in self.columns} for row in self.rows]
        return json.dumps({"record": dict(self.record), "columns": list(self.columns), "rows": rows})

    def to_json_lines(self) -> str:
        """JSON lines: first the record and the columns, then one object a row; what `save` writes and `load` reads."""
        lines = [json.dumps({"record": dict(self.record), "columns": list(self.columns)})]
        return (
            "\n".join(lines + [json.dumps({name: _plain(row[name]) for name in self.columns}) for row in self.rows])
            + "\n"
        )

    def to_markdown(self) -> str:
        """A Markdown table; numbers to six digits."""
        lines = ["| " + " | ".join(self.columns) + " |", "|" + "---|" * len(self.columns)]
        for row in self.rows:
            lines.append("| " + " | ".join(_short(row[name]).replace("|", "\\|") for name in self.columns) + " |")
        return "\n".join(lines)

    def save(self, path: str | os.PathLike[str]) -> tuple[Path, Path]:
        """Write `path`.csv and `path`.jsonl, each whole or not at all; returns both paths.

        A path that ends in .csv or .jsonl already names both; any other dot belongs to the name.
        """
        base = Path(path)
        base = base.with_suffix("") if base.suffix in (".csv", ".jsonl") else base
        require(base.name, f"save: {str(path)!r} names no file; name one.")
        csv_path, json_path = (base.with_name(base.name + suffix) for suffix in (".csv", ".jsonl"))
        write_atomically(csv_path, self.to_csv())
        write_atomically(json_path, self.to_json_lines())
        return csv_path, json_path


def load(path: str | os.PathLike[str]) -> Table:
    """The table saved as JSON lines at `path`.

    Raises:
        InputError: a file that cannot be read or is not such a table.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Table(("d",), ({"d": 1},), {"seed": 0}).save(folder + "/t")
    ...     load(folder + "/t.jsonl").record
    {'seed': 0}
    """
    try:
        first, *rest = Path(path).read_text(encoding="utf-8").splitlines()
        head = json.loads(first)
        return Table(tuple(head["columns"]), tuple(_numbers(json.loads(line)) for line in rest), head["record"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(
            f"tables.load: {path} is not a saved table ({error}); pass the .jsonl file that `save` wrote."
        ) from error


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file whole or not at all: to a neighbour first, then renamed over the old one.

    Raises:
        InputError: a folder that does not exist or cannot be written.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder) / "a.txt", "whole")
    ...     (Path(folder) / "a.txt").read_text()
    'whole'
    """
    require(path.name and not path.is_dir(), f"save: {path} is a folder, but a file is written; name a file in it.")
    data = content.encode("utf-8") if isinstance(content, str) else content
    # The neighbour is opened and not made by `tempfile`, so that the file gets the permissions that the user wants.
    neighbour = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        out = neighbour.open("xb")
    except OSError as error:
        raise InputError(
            f"save: {path.parent} cannot be written ({error.strerror}); name a folder that exists."
        ) from error
    try:
        with out:
            out.write(data)
        os.replace(neighbour, path)
    except OSError as error:
        neighbour.unlink(missing_ok=True)
        raise InputError(f"save: {path} cannot be written ({error.strerror}); name another file.") from error
    except BaseException:
        neighbour.unlink(missing_ok=True)
        raise


def concatenate(tables: Iterable[Table], record: Mapping[str, Any]) -> Table:
    """The rows of several tables of equal columns, under one record.

    Raises:
        InputError: tables with different columns.

    Source: ours.

    >>> len(concatenate([Table(("d",), ({"d": 1},)), Table(("d",), ({"d": 2},))], {}).rows)
    2
    """
    found = list(tables)
    require(found, "concatenate: there are no tables, but at least one is needed; pass some.")
    require(
        len({t.columns for t in found}) == 1,
        "concatenate: the tables have different columns, but one set of columns is needed; align them.",
    )
    return Table(found[0].columns, tuple(row for t in found for row in t.rows), record)


def _full(value: Value) -> Value:
    # NumPy writes the type into the text of its own floats
    return repr(float(value)) if isinstance(value, float) else value


def _plain(value: Value) -> Value:
    """JSON has no infinities or NaN: they are written as text."""
    return (
        str(value) if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))) else value
    )


def _numbers(row: dict[str, Value]) -> dict[str, Value]:
    return {name: float(value) if value in ("inf", "-inf", "nan") else value for name, value in row.items()}


def _short(value: Value) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: ""}[value]
    return f"{value:.6g}" if isinstance(value, float) else str(value)
