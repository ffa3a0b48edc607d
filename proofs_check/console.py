"""How results look in a terminal; the text is made from saved tables and plain values."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from linrep.evaluate import Status
from linrep.tables import Table, Value

COLOURS = {"HOLDS": "green", "FAILS": "bold red", "UNDECIDED": "yellow", "INAPPLICABLE": "dim", "UNAVAILABLE": "dim"}


def comparison_grid(table: Table, *, title: str = "") -> Grid:
    """Theorem by theorem: hypotheses, truth, bound, trivial level, status; the problem too where the table names it.

    Source: ours.

    >>> from linrep.evaluate import COLUMNS
    >>> comparison_grid(Table(COLUMNS, ())).row_count
    0
    """
    grid = Grid(title=title or None, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    with_problem = "problem" in table.columns
    for name in ("theorem", *(("problem",) if with_problem else ())):
        grid.add_column(name, overflow="fold")
    grid.add_column("hypotheses", overflow="fold", min_width=16)
    for name in ("actual", "bound", "trivial"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("vacuous", no_wrap=True)
    grid.add_column("status", no_wrap=True)
    for row in table.rows:
        names = [str(row["theorem"]), *([str(row["problem"])] if with_problem else [])]
        cells = [*names, hypotheses(row), _between(row), _number(row["bound"]), _number(row["trivial"])]
        grid.add_row(*map(Text, cells), _vacuous(row), _status(str(row["status"])))
    return grid


def digest_grid(digest: Table) -> Grid:
    """Theorem by theorem: on how many problems it applies, what came out, and where it is tightest.

    Source: ours.

    >>> from proofs_check.verify import DIGEST
    >>> digest_grid(Table(DIGEST, ())).row_count
    0
    """
    title = "Theorems over all problems"
    grid = Grid(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    grid.add_column("theorem", overflow="fold")
    for name in ("applies", "holds", "fails", "undecided", "no number", "vacuous", "tightest"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("on", overflow="fold")
    for row in digest.rows:
        cells = [Text(str(row["applies"]))]
        for status in (Status.HOLDS, Status.FAILS, Status.UNDECIDED, Status.UNAVAILABLE):
            count = row[status.value]
            cells.append(Text(str(count), style=COLOURS[status.value] if count else "dim"))
        tightest = Text(_number(row["tightest"]), style="bold" if row["tightest"] == 1 else "")
        grid.add_row(
            Text(str(row["theorem"])), *cells, Text(str(row["vacuous"])), tightest, Text(str(row["tightest_on"]))
        )
    return grid


def hypotheses(row: Mapping[str, Value]) -> str:
    """Which hypotheses fail or are not settled and what was seen; else that all hold, and why there may be no number.

    Source: ours.

    >>> hypotheses({"fails": "", "reason": "", "index": 3})
    'hold (k = 3)'
    """
    if row["fails"]:
        return f"{'not settled' if row.get('status') == Status.UNDECIDED.value else 'not met'}: {row['fails']}"
    index = "" if row["index"] is None else f" (k = {row['index']})"
    return f"hold{index}; {row['reason']}" if row["reason"] else f"hold{index}"


def tally(counts: Mapping[str, int]) -> Text:
    """One line of coloured counts.

    Source: ours.

    >>> tally({"HOLDS": 2, "FAILS": 0}).plain
    'HOLDS 2   FAILS 0'
    """
    parts = [Text(f"{name} {count}", style=COLOURS[name] if count else "dim") for name, count in counts.items()]
    return Text("   ").join(parts)


def explained(found: Mapping[str, Any]) -> RenderableType:
    """An explanation as text, section by section.

    Source: ours.

    >>> from proofs_check.explain import explanation, named
    >>> type(explained(explanation(named("linrep26.hypercube")))).__name__
    'Group'
    """
    statement, source = found["statement"], found["source"]
    differs = f"; differs from the print: {source['differs']}" if source["differs"] else ""
    sections = [
        (
            "statement",
            [*statement["unicode"].splitlines(), *([f"({statement['index']})"] if statement["index"] else [])],
        ),
        ("LaTeX", [statement["latex"]]),
        ("symbols", [f"{s['unicode']}   {s['definition']}; in {s['range']}" for s in found["symbols"]]),
        ("hypotheses", [f"{h['name']}: {h['statement']}" for h in found["hypotheses"]] or ["none"]),
        (
            "proof",
            [f"{i}. {s['unicode']}   ({s['reason']})" for i, s in enumerate(found["steps"], 1)] or ["not recorded"],
        ),
        ("source", [f"{source['key']}, {source['place']} ({source['provenance']}){differs}"]),
        ("no number", [found["unavailable"]] if found["unavailable"] else []),
        ("equality on", _examples(found["attained_on"])),
        ("says something on", _examples(found["not_vacuous_on"])),
        ("controls, broken variants to be refuted", found["controls"]),
    ]
    heading = Text.assemble((found["key"], "bold"), f"   {found['title']}")
    return Group(heading, *(_section(name, lines) for name, lines in sections if lines))


def _section(name: str, lines: Iterable[str]) -> Text:
    return Text.assemble("\n", (name, "bold"), *(f"\n    {line}" for line in lines), no_wrap=True, overflow="ignore")


def _examples(examples: Iterable[Mapping[str, str]]) -> list[str]:
    return [f"{e['name']}: {e['statement']}" for e in examples]


def _status(name: str) -> Text:
    return Text(name, style=COLOURS.get(name, ""))


def _vacuous(row: Mapping[str, Value]) -> Text:
    return Text("" if row["bound"] is None else "vacuous" if row["vacuous"] else "no")


def _between(row: Mapping[str, Value]) -> str:
    low, high = _number(row["actual"]), _number(row["actual_upper"])
    return low if low == high else f"{low} to {high}"


def _number(value: Value) -> str:
    return "" if value is None else f"{float(value):.4g}"
