"""`linrep report`: a folder of results as one page."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from proofs_check import report
from proofs_check.cli._app import app, say_written, write_json


@app.command(name="report")
def report_command(
    folder: Path,
    *,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Write FOLDER/report.html: theorems, proofs and pictures of a finished run as one page that needs no network.

    Example: linrep report out

    Args:
        folder: where `linrep verify --out` wrote its tables.
        as_json: print the path as JSON.
    """
    path = report.write(folder)
    if as_json:
        write_json({"written": [str(path)]})
    else:
        say_written([path])
    return 0
