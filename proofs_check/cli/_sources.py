"""`linrep sources`: where every theorem is from."""

from collections.abc import Mapping
from typing import Annotated

from cyclopts import Parameter

from linrep.bounds import CATALOGUE
from linrep.tables import Value
from proofs_check import explain, sources
from proofs_check.cli._app import app, console, write_json


@app.command(name="sources")
def sources_command(
    *,
    theorem: list[str] | None = None,
    as_markdown: Annotated[bool, Parameter(name="--markdown")] = False,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Every theorem with its paper, its place there, how it was read, and what differs from the print.

    Example: linrep sources --theorem saunshi22.linear_class

    Args:
        theorem: only these theorems.
        as_markdown: print a Markdown table.
        as_json: print the table as JSON.
    """
    wanted = CATALOGUE if theorem is None else [explain.named(key, owner="sources") for key in theorem]
    table = sources.table(wanted)
    if as_json:
        write_json([dict(row) for row in table.rows])
    elif as_markdown:
        console().print(table.to_markdown(), highlight=False, markup=False, soft_wrap=True)
    else:
        lines = [line for row in table.rows for line in _lines(row)]
        console().print(*lines, sources.summary(wanted), sep="\n", highlight=False, markup=False, soft_wrap=True)
    return 0


def _lines(row: Mapping[str, Value]) -> list[str]:
    """One theorem: where it is from, and below it what is special about it."""
    found = [f"{row['theorem']}: {row['paper']}, {row['place']} ({row['provenance']})"]
    found += [f"    differs: {row['differs']}"] if row["differs"] else []
    return found + ([f"    no number: {row['unavailable']}"] if row["unavailable"] else [])
