"""How results look in a terminal; the text is made from saved tables and plain values."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.table import Table as Grid
from rich.text import Text

from linrep.bounds import Term
from linrep.evaluate import Status
from linrep.tables import Table, Value
from proofs_check.chain import Chain
from proofs_check.explain import UNICODE, one_line
from proofs_check.verdict import Enclosure

COLOURS = {"HOLDS": "green", "FAILS": "bold red", "UNDECIDED": "yellow", "INAPPLICABLE": "dim", "UNAVAILABLE": "dim"}

TERM_WIDTH = 36
"""Least width of the terms of a chain."""
ROUNDING = 1e-9
"""Width of a float bracket that is shown as one number, and what is shown as 0; files and JSON keep the ends."""


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


def chain_grid(found: Chain) -> Grid:
    """A chain step by step: the terms, their values, what each step loses, whether it holds, and its reason.

    Source: ours.

    >>> from proofs_check.verdict import Evidence
    >>> chain_grid(Chain(theorem="t", evidence=Evidence.FLOAT, links=())).row_count
    0
    """
    grid = Grid(title=_chain_title(found), title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False)
    grid.add_column("step", justify="right")
    grid.add_column("term, and why", overflow="fold", min_width=TERM_WIDTH)
    for name in ("value", "slack"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("status", no_wrap=True)
    reached: Term | None = None
    for number, link in enumerate(found, 1):
        if link.step.left != reached:
            grid.add_row("", Text(one_line(link.step.left)), _centred(link.left), "", "")
        reached = link.step.right
        words = link.reason + (f" [{link.note}]" if link.note else "")
        words += "  (vacuous from here on)" if link is found.vacuous_from else ""
        term = Text.assemble(f"{UNICODE[link.relation]} {one_line(link.step.right)}", ("\n  " + words, "dim"))
        grid.add_row(str(number), term, _centred(link.right), _centred(link.slack), _status(link.status.value))
    return grid


def _chain_title(found: Chain) -> str:
    index = "" if found.index is None else f", k = {found.index}"
    known = "" if found.trivial is None else f", trivial level {float(found.trivial):.4g}"
    return f"{found.theorem}{index}{known} ({found.evidence.value})"


def _centred(value: Enclosure | None) -> str:
    """A number, or its middle and how far it may be off where that is more than rounding."""
    if value is None:
        return ""
    middle, radius = float(value), float(value.upper - value.lower) / 2
    if radius < ROUNDING:
        return _number(0.0 if abs(middle) < ROUNDING else middle)
    return f"{_number(middle)} ± {radius:.1g}"


def _section(name: str, lines: Iterable[str]) -> Text:
    return Text.assemble("\n", (name, "bold"), *(f"\n    {line}" for line in lines), no_wrap=True, overflow="ignore")


def _examples(examples: Iterable[Mapping[str, str]]) -> list[str]:
    return [f"{e['name']}: {e['statement']}" for e in examples]


def _status(name: str) -> Text:
    return Text(name, style=COLOURS.get(name, ""))


def _vacuous(row: Mapping[str, Value]) -> Text:
    words = {True: "vacuous", False: "no", None: "?"}
    if row["bound"] is None:
        return Text("")
    return Text("-" if row["trivial"] is None else words[row["vacuous"]])  # pyright: ignore[reportArgumentType]


def _between(row: Mapping[str, Value]) -> str:
    low, high = _number(row["actual"]), _number(row["actual_upper"])
    return low if low == high else f"{low} to {high}"


def _number(value: Value) -> str:
    return "" if value is None else f"{float(value):.4g}"
