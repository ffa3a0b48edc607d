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
WIDE = 120
"""Columns from which on a table has one line for a row; with fewer, what belongs together is stacked, to fit 80."""
ROUNDING = 1e-9
"""Width of a float bracket that is shown as one number, and what is shown as 0; files and JSON keep the ends."""


def comparison_grid(table: Table, *, title: str = "", width: int = WIDE) -> Grid:
    """Theorem by theorem: hypotheses, truth, bound, trivial level, status; the problem too where the table names it.

    Args:
        table: rows of `linrep.evaluate.compare` or of `verify.run`.
        title: stands above the grid.
        width: columns of the terminal.

    Source: ours.

    >>> from linrep.evaluate import COLUMNS
    >>> comparison_grid(Table(COLUMNS, ())).row_count
    0
    """
    grid = _empty(title, width)
    with_problem = "problem" in table.columns
    if width < WIDE:
        return _stacked(grid, table, with_problem=with_problem)
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


def digest_grid(digest: Table, *, width: int = WIDE) -> Grid:
    """Theorem by theorem: on how many problems it applies, what came out, and where it is tightest.

    Args:
        digest: rows of `verify.digest`.
        width: columns of the terminal.

    Source: ours.

    >>> from proofs_check.verify import DIGEST
    >>> digest_grid(Table(DIGEST, ())).row_count
    0
    """
    grid, narrow = _empty("Theorems over all problems", width), width < WIDE
    grid.add_column("theorem, tightest on" if narrow else "theorem", overflow="fold")
    for name in ("applies", "holds", "fails", "undecided", "no number", "vacuous", "tightest"):
        short = {"undecided": "un-\ndecided", "no number": "no\nnumber"}.get(name, name)
        grid.add_column(short if narrow else name, justify="right", no_wrap=True)
    if not narrow:
        grid.add_column("on", overflow="fold")
    for row in digest.rows:
        cells = [Text(str(row["applies"]))]
        for status in (Status.HOLDS, Status.FAILS, Status.UNDECIDED, Status.UNAVAILABLE):
            count = row[status.value]
            cells.append(Text(str(count), style=COLOURS[status.value] if count else "dim"))
        tightest = Text(_number(row["tightest"]), style="bold" if row["tightest"] == 1 else "")
        name, place = str(row["theorem"]), str(row["tightest_on"] or "")
        stacked = Text.assemble(name, (f"\n  {place}" if place else "", "dim"))
        edge = () if narrow else (Text(place),)
        grid.add_row(stacked if narrow else Text(name), *cells, Text(str(row["vacuous"])), tightest, *edge)
    return grid


def table_grid(table: Table, *, title: str = "", width: int = WIDE) -> Grid:
    """Any table as it is, numbers to six digits; nothing is cut off, long cells go on in the next line.

    Source: ours.

    >>> table_grid(Table(("theorem", "tightness"), ({"theorem": "t", "tightness": 0.5},))).row_count
    1
    """
    grid = _empty(title, width)
    for name in table.columns:
        numbers = all(isinstance(value, int | float | None) for value in table.column(name))
        grid.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in table.rows:
        values = (row[name] for name in table.columns)
        grid.add_row(*(Text(_number(v, 6) if isinstance(v, float) else "" if v is None else str(v)) for v in values))
    return grid


def band_grid(found: Table) -> Grid:
    """Class by class on one process: D, the least loss, eps_vac, the risk at the optimum, and where half of it is lost.

    Args:
        found: the rows of one process in a table of `studies.summary`.

    Source: ours.

    >>> from proofs_check import studies
    >>> band_grid(studies.summary(studies.bands_of(studies.scenes()[:1], points=3))).row_count
    5
    """
    title = f"{found.rows[0]['process']} (risk of the best constant {_number(found.rows[0]['trivial'])})"
    grid = Grid(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1))
    grid.add_column("class", overflow="fold")
    for name in ("D", "best loss", "eps_vac", "its risk", "eps at half"):
        grid.add_column(name, justify="right", no_wrap=True)
    for row in found.rows:
        numbers = [float(row[name] or 0.0) for name in ("best_loss", "epsilon_vac", "best_risk", "half")]
        cells = [_number(0.0 if abs(number) < ROUNDING else number) for number in numbers]
        grid.add_row(Text(str(row["class"]).replace("random ", "")), _number(row["features"], 6), *cells)
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


def chain_grid(found: Chain, *, width: int = WIDE) -> Grid:
    """A chain step by step: the terms, their values, what each step loses, whether it holds, and its reason.

    Args:
        found: what `proofs_check.chain` found.
        width: columns of the terminal.

    Source: ours.

    >>> from proofs_check.verdict import Evidence
    >>> chain_grid(Chain(theorem="t", evidence=Evidence.FLOAT, links=())).row_count
    0
    """
    grid, between = _empty(_chain_title(found), width), "\n" if width < WIDE else " "
    grid.add_column("step", justify="right")
    grid.add_column("term, and why", overflow="fold", min_width=TERM_WIDTH)
    for name in ("value", "slack"):
        grid.add_column(name, justify="right", no_wrap=True)
    grid.add_column("status", no_wrap=True)
    reached: Term | None = None
    for number, link in enumerate(found, 1):
        if link.step.left != reached:
            grid.add_row("", Text(one_line(link.step.left)), _centred(link.left, between), "", "")
        reached = link.step.right
        words = link.reason + (f" [{link.note}]" if link.note else "")
        words += "  (vacuous from here on)" if link is found.vacuous_from else ""
        term = Text.assemble(f"{UNICODE[link.relation]} {one_line(link.step.right)}", ("\n  " + words, "dim"))
        numbers = (_centred(link.right, between), _centred(link.slack, between))
        grid.add_row(str(number), term, *numbers, _status(link.status.value))
    return grid


def _empty(title: str, width: int) -> Grid:
    """A grid without columns; with little room these stand nearer."""
    padding = (0, 1) if width >= WIDE else (0, 1, 0, 0)
    return Grid(
        title=title or None,
        title_justify="left",
        title_style="bold",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=padding,
    )


def _stacked(grid: Grid, table: Table, *, with_problem: bool) -> Grid:
    """A comparison for few columns: problem and hypotheses below the theorem, "vacuous" below the status."""
    grid.add_column("theorem, its hypotheses", overflow="fold")
    for name in ("actual", "bound", "trivial", "status"):
        grid.add_column(name, justify="left" if name == "status" else "right", no_wrap=True)
    for row in table.rows:
        below = [str(row["problem"])] if with_problem else []
        name = Text.assemble(str(row["theorem"]), *((f"\n  {line}", "dim") for line in (*below, hypotheses(row))))
        cells = (_between(row).replace(" to ", "\nto "), _number(row["bound"]), _number(row["trivial"]))
        vacuous = ("\nvacuous", "") if row["vacuous"] else ""
        grid.add_row(name, *map(Text, cells), Text.assemble(_status(str(row["status"])), vacuous))
    return grid


def _chain_title(found: Chain) -> str:
    index = "" if found.index is None else f", k = {found.index}"
    known = "" if found.trivial is None else f", trivial level {float(found.trivial):.4g}"
    return f"{found.theorem}{index}{known} ({found.evidence.value})"


def _centred(value: Enclosure | None, between: str = " ") -> str:
    """A number, or its middle and how far it may be off where that is more than rounding."""
    if value is None:
        return ""
    middle, radius = float(value), float(value.upper - value.lower) / 2
    if radius < ROUNDING:
        return _number(0.0 if abs(middle) < ROUNDING else middle)
    return f"{_number(middle)}{between}± {radius:.1g}"


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


def _number(value: Value, digits: int = 4) -> str:
    return "" if value is None else f"{float(value):.{digits}g}"
