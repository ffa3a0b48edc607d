"""The page itself: tables and pictures of a folder, put into the template."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from linrep._checks import InputError, require
from linrep.bounds import CATALOGUE
from linrep.evaluate import Status
from linrep.tables import Table, Value, write_atomically
from proofs_check import controls, store
from proofs_check.certificates import checker, verify_certificate
from proofs_check.report import _explorer
from proofs_check.report._svg import inline
from proofs_check.report._theorems import section
from proofs_check.verify import counts, digest

NAME = "report.html"
"""What the page is called in its folder."""
OPTIONAL = ("chains", "controls", "search")
"""Tables that the page uses where they are there."""
LONGEST = 200
"""Most rows of the table behind a picture that are shown; all are in its file."""
TITLES = {
    "example1": "Example 1: bound against actual along a path of representations",
    "capacity": "Capacity: the guarantee goes vacuous as the class grows",
    "families": "Families: where bounds that see only the augmentation say nothing",
    "negatives": "Negative samples: what the loss bounds say as their number grows",
    "chain": "Two proofs, step by step, on the task of Table 1",
}
"""What the pictures of the main job show."""


def page(place: Path) -> str:
    """The report on a folder of results as one HTML page that needs no network.

    Args:
        place: a folder that `linrep verify` wrote; pictures (SVG) with their tables are shown too.

    Raises:
        InputError: a folder without the table of the main job.

    Source: ours.

    >>> page(Path("nowhere"))
    Traceback (most recent call last):
    linrep._checks.InputError: report: nowhere has no verify.jsonl, but the report is about it; run `linrep verify \
--out nowhere` first.
    """
    require(
        (place / "verify.jsonl").is_file(),
        f"report: {place} has no verify.jsonl, but the report is about it; run `linrep verify --out {place}` first.",
    )
    tables = {"verify": store.read(place, "verify")}
    tables |= {name: store.read(place, name) for name in OPTIONAL if (place / f"{name}.jsonl").is_file()}
    return _environment().get_template("report.html.jinja").render(_content(place, tables))


def write(place: Path) -> Path:
    """Write the report into its folder, whole or not at all; returns its path.

    Raises:
        InputError: as `page`.

    Source: ours.

    >>> write(Path("nowhere"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    linrep._checks.InputError: report: nowhere has no verify.jsonl, ...
    """
    write_atomically(place / NAME, page(place))
    return place / NAME


def _environment() -> Environment:
    found = Environment(
        loader=PackageLoader("proofs_check.report"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["number"] = number
    return found


def number(value: Value) -> str:
    """A cell as it is read: four digits, words for what is no number.

    Source: ours.

    >>> number(0.123456), number(None), number(True), number(3)
    ('0.1235', '–', 'yes', '3')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _content(place: Path, tables: Mapping[str, Table]) -> dict[str, Any]:
    table = tables["verify"]
    rows = {str(row["theorem"]): row for row in digest(table).rows}
    theorems = [section(t, rows[t.key], tables) for t in CATALOGUE if t.key in rows]
    applied = [row for row in table.rows if row["status"] == Status.HOLDS.value]
    return {
        "summary": {
            "counts": counts(table),
            "theorems": len(rows),
            "problems": len(set(table.column("problem"))),
            "holding": len(applied),
            "vacuous": sum(bool(row["vacuous"]) for row in applied),
            "never": sum(1 for row in rows.values() if row["vacuous"] and row["vacuous"] == _numbers_of(row)),
            "tight": sum(1 for row in rows.values() if row["tightest"] == 1),
            "controls": controls.summary(tables["controls"]) if "controls" in tables else None,
            "open": [dict(row) for row in table.where(status=Status.UNDECIDED.value).rows],
            "fails": [dict(row) for row in table.where(status=Status.FAILS.value).rows],
        },
        **_explorer.content(),
        "theorems": theorems,
        "pictures": [_picture(path) for path in _files(place, "*.svg") if path.with_suffix(".jsonl").is_file()],
        "certificates": [_certificate(path) for path in _files(place, "certificates/*.json")],
        "checker": _data(Path(checker.__file__).read_bytes(), "text/x-python"),
        "records": {name: dict(found.record) for name, found in tables.items()},
    }


def _numbers_of(row: Mapping[str, Value]) -> int:
    """On how many problems the theorem gave a number that holds."""
    return int(row[Status.HOLDS.value] or 0)


def _picture(path: Path) -> dict[str, Any]:
    """A picture with the table that it was drawn from; a picture without one is not ours, and is not shown."""
    name = path.stem
    title = TITLES.get(name, name.replace("_", " "))
    behind = store.read(path.parent, name)
    return {
        "name": name,
        "title": title,
        "svg": inline(_bytes(path).decode("utf-8", errors="replace"), name, title),
        "columns": behind.columns,
        "rows": behind.rows[:LONGEST],
        "total": len(behind.rows),
        "data": _data(behind.to_csv().encode(), "text/csv"),
    }


def _certificate(path: Path) -> dict[str, str]:
    content = _bytes(path)
    return {
        "name": path.stem,
        "file": path.name,
        "sentence": _ruling(content),
        "data": _data(content, "application/json"),
    }


def _ruling(content: bytes) -> str:
    """What the stand-alone checker says of it, a rejection too."""
    try:
        found = verify_certificate(json.loads(content[: checker.LARGEST_FILE], object_pairs_hook=checker.unique))
    except (checker.RejectedError, ValueError, RecursionError) as error:
        return f"rejected: {error}"
    return found.reason if found.status is Status.HOLDS else f"rejected: {found.reason}"


def _files(place: Path, pattern: str) -> list[Path]:
    return [path for path in sorted(place.glob(pattern)) if path.is_file()]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"report: {path} cannot be read ({error.strerror}); remove it.") from error


def _data(content: bytes, kind: str) -> str:
    """A file as an address that a link can download, without a network."""
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
