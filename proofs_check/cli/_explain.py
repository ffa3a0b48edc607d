"""`linrep explain`: a theorem in words."""

from typing import Annotated

from cyclopts import Parameter

from proofs_check import console as shown
from proofs_check import explain
from proofs_check.cli._app import app, console, write_json


@app.command(name="explain")
def explain_command(key: str | None = None, *, as_json: Annotated[bool, Parameter(name="--json")] = False) -> int:
    """A theorem in words and formulas; without a key, the list of keys.

    Example: linrep explain linrep26.risk_gap_mean

    Args:
        key: the theorem, as in linrep26.risk_gap_mean.
        as_json: print it as JSON.
    """
    if key is None:
        listed = explain.keys()
        if as_json:
            write_json(listed)
        else:
            width = max(map(len, listed))
            console().print(
                *(f"{k:<{width}}  {title}" for k, title in listed.items()), sep="\n", highlight=False, markup=False
            )
        return 0
    found = explain.explanation(explain.named(key))
    if as_json:
        write_json(found)
    else:
        console().print(shown.explained(found), highlight=False, markup=False, soft_wrap=True)
    return 0
