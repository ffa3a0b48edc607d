"""Lists and ranges of a sweep: what the values of a swept entry are."""

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from linrep._checks import InputError, require
from proofs_check.names import chosen
from proofs_check.problem_files import exact

ENTRIES = ("from", "to", "step", "points", "scale")
"""Entries of a range."""
LARGEST = 10**6
"""Most values of one entry, and most tasks of a sweep."""


def swept(part: Mapping[str, Any], path: str = "") -> dict[str, list[Any]]:
    """The values of each swept entry, by dotted path.

    Raises:
        InputError: something that is neither a list, nor a range, nor a table of these.

    Source: ours.

    >>> swept({"process": {"seed": {"from": 0, "to": 2}}, "dim": [1, 2]})
    {'process.seed': [0, 1, 2], 'dim': [1, 2]}
    """
    found: dict[str, list[Any]] = {}
    for name, value in part.items():
        here = f"{path}.{name}" if path else name
        if isinstance(value, dict) and "from" not in value:
            require(value, f"sweep: [sweep] {here} is an empty table; write a list or {{from = 0, to = 9}}.")
            found |= swept(value, here)
        else:
            found[here] = values(value, here)
    return found


def values(said: Any, name: str) -> list[Any]:
    """The values of a list or of a range: `from` and `to`, both included, with a `step` (default 1) or `points`.

    Whole numbers and fractions as text stay exact; `scale = "log"` spaces points by a factor, in floats.

    Raises:
        InputError: anything else.

    Source: ours.

    >>> values({"from": "1/10", "to": "1/2", "points": 3}, "tau")
    ['1/10', '3/10', '1/2']
    >>> values({"from": 0.01, "to": 1, "points": 3, "scale": "log"}, "tau")
    [0.01, 0.1, 1.0]
    """
    if isinstance(said, list):
        require(said, f"sweep: {name} is an empty list, but a value is needed; write one or leave {name} out.")
        return said
    require(
        isinstance(said, dict) and "from" in said and "to" in said,
        f"sweep: {name} is {said!r}, but it must be a list or a range; write [1, 2] or {{from = 1, to = 2}}.",
    )
    for entry in said:
        chosen(entry, ENTRIES, owner=f"sweep: {name}", what="entry")
    first, last = _number(said["from"], name), _number(said["to"], name)
    if "points" in said:
        require("step" not in said, f"sweep: {name} has a step and points, but one of them is needed; remove one.")
        return _points(first, last, said, name)
    require("scale" not in said, f"sweep: {name} has a scale, which needs points; add points = 5, say.")
    step = _number(said.get("step", 1), name)
    require(
        step > 0 and last >= first,
        f"sweep: {name} goes from {said['from']} to {said['to']} by {said.get('step', 1)}, "
        "but it must go upwards; correct it.",
    )
    steps = (last - first) / step
    _few(math.floor(steps) + 1 if steps < LARGEST else math.inf, name)
    count = math.floor(steps) + 1
    return [_written(first + i * step) for i in range(count)]


def _points(first: Any, last: Any, said: Mapping[str, Any], name: str) -> list[Any]:
    points, scale = said["points"], said.get("scale", "linear")
    whole = isinstance(points, int) and not isinstance(points, bool) and points >= 2
    require(whole, f"sweep: {name} has points = {points!r}, but a whole number of at least 2 is needed; write one.")
    _few(points, name)
    chosen(scale, ("linear", "log"), owner=f"sweep: {name}", what="scale")
    if scale == "linear":
        return [_written(first + (last - first) * Fraction(i, points - 1)) for i in range(points)]
    require(
        first > 0 and last > 0,
        f"sweep: {name} goes through {said['from']}, but a log scale needs positive ends; use them.",
    )
    inner = [float(first) * (float(last) / float(first)) ** (i / (points - 1)) for i in range(1, points - 1)]
    return [float(first), *inner, float(last)]


def _few(count: float, name: str) -> None:
    require(count <= LARGEST, f"sweep: {name} has {count} values, but at most {LARGEST} are possible; take fewer.")


def _number(value: Any, name: str) -> Any:
    """A Fraction where the value is exact, else a float."""
    found = exact(value)
    fine = isinstance(found, (int, float, Fraction)) and not isinstance(found, bool) and math.isfinite(found)
    if not fine:
        raise InputError(f"sweep: {name} has {value!r} in its range, but a finite number is needed; write one.")
    return found if isinstance(found, float) else Fraction(found)


def _written(value: Any) -> Any:
    """As a problem file says it: a whole number, a fraction as text, or a float."""
    if isinstance(value, float):
        return value
    return value.numerator if value.denominator == 1 else str(value)
