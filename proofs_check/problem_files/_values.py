"""Values of a problem file: what TOML gives, with fractions written as text, and one-sentence refusals."""

import re
import tomllib
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from linrep._checks import InputError, require
from proofs_check.names import chosen

_FRACTION = re.compile(r"\s*([+-]?\d+)\s*/\s*(\d+)\s*", re.ASCII)
DEEPEST = 32
"""Most lists inside one another."""


def load(path: Path) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        InputError: a file that cannot be read, or that is not TOML.

    Source: ours.

    >>> load(Path("nowhere.toml"))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    linrep._checks.InputError: problem file: nowhere.toml cannot be read (No such file or directory); name a ...
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"problem file: {path} cannot be read ({error.strerror}); name a readable TOML file."
        ) from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"problem file: {path} is not TOML ({_first_line(error)}); correct it there.") from error


def inline(text: str, *, owner: str) -> Any:
    """A value written in one argument: a list of labels, or a name followed by TOML entries.

    Raises:
        InputError: text that is neither.

    Source: ours.

    >>> inline("HypercubeScaling dim=50, scale={law='Uniform', low=0, high=1}", owner="--process")["scale"]["law"]
    'Uniform'
    >>> inline("[1, -1]", owner="--labels")
    {'values': [1, -1]}
    """
    bare = text.strip()
    if bare.startswith("["):
        return {"values": _toml(f"values = {bare}", text, owner)["values"]}
    name, _, rest = bare.partition(" ")
    require(
        re.fullmatch(r"\w+", name) is not None,
        f"{owner}: {text!r} does not begin with a name; write a type and its entries, as in 'Clusters sizes=[2, 2]'.",
    )
    return {"type": name, **_toml(f"x = {{{rest.strip()}}}", text, owner)["x"]}


def exact(value: Any, depth: int = 0) -> Any:
    """The value with texts like "1/3" turned into Fractions, lists inside lists included.

    Raises:
        InputError: a zero denominator, or lists nested beyond any use.

    Source: ours.

    >>> exact([["1/3", 2]])
    [[Fraction(1, 3), 2]]
    """
    require(depth <= DEEPEST, f"problem file: lists are nested more than {DEEPEST} deep; pass a vector or a matrix.")
    if isinstance(value, list):
        return [exact(v, depth + 1) for v in value]
    found = _FRACTION.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    require(int(found.group(2)) > 0, f"problem file: the fraction {value!r} has the denominator 0; correct it.")
    return Fraction(int(found.group(1)), int(found.group(2)))


def array(value: Any, *, owner: str) -> np.ndarray:
    """A rectangular array of numbers, objects where there are Fractions.

    Raises:
        InputError: anything else.

    Source: ours.

    >>> array([[1, 2], [3, 4]], owner="weights").shape
    (2, 2)
    """
    values = exact(value)
    try:
        found = np.asarray(values)
    except ValueError as error:
        raise InputError(
            f"{owner}: the rows differ in length, but an array is needed; pass rows of equal length."
        ) from error
    fine = found.dtype.kind in "iuf" or (found.dtype == object and all(_is_number(v) for v in found.ravel()))
    require(fine and found.ndim >= 1, f"{owner}: {_shown(value)} was given, but a list of numbers is needed; pass one.")
    return found


def section(spec: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A required table of the file.

    Raises:
        InputError: it is missing, or no table.

    Source: ours.

    >>> section({"features": {"type": "Linear"}}, "features")
    {'type': 'Linear'}
    """
    require(name in spec, f"problem file: [{name}] is missing; add it, with a type.")
    part = spec[name]
    require(
        isinstance(part, dict),
        f"problem file: {name} is {_shown(part)}, but it must be a table; write [{name}] and a type.",
    )
    return dict(part)


def arguments(
    part: Mapping[str, Any], *, owner: str, needed: tuple[str, ...], optional: tuple[str, ...]
) -> dict[str, Any]:
    """The entries of a table besides its type, as keyword arguments.

    Raises:
        InputError: an entry that is missing or unknown.

    Source: ours.

    >>> arguments({"type": "Circle", "noise": 0.1}, owner="Circle", needed=("noise",), optional=())
    {'noise': 0.1}
    """
    given = {key: exact(value) for key, value in part.items() if key != "type"}
    for key in given:
        if needed or optional:
            chosen(key, (*needed, *optional), owner=f"problem file: {owner}", what="entry")
        require(
            key in (*needed, *optional), f"problem file: {owner} takes no entries, but {key!r} was given; remove it."
        )
    missing = [key for key in needed if key not in given]
    require(
        not missing,
        f"problem file: {owner} has no {' and no '.join(missing)}, which it needs; add it.",
    )
    return given


def built(make: Callable[..., Any], given: Mapping[str, Any], *, owner: str) -> Any:
    """The object, or one sentence on why it cannot be made.

    Raises:
        InputError: whatever is wrong with the arguments.

    Source: ours.

    >>> built(dict, {"a": 1}, owner="dict")
    {'a': 1}
    """
    try:
        return make(**given)
    except InputError:
        raise
    except (TypeError, ValueError, OverflowError, ArithmeticError, IndexError) as error:
        raise InputError(
            f"problem file: {owner} cannot be made ({_first_line(error)}); check the types of its entries."
        ) from error


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Fraction)) and not isinstance(value, bool)


def _toml(text: str, original: str, owner: str) -> dict[str, Any]:
    try:
        require("\n" not in text, "a line ends")
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        why = f"{owner}: {original!r} is not a type with TOML entries ({_first_line(error)})"
        raise InputError(
            f"{why}; write them as in 'Linear' or 'Clusters sizes=[2, 2], within=9, between=1'."
        ) from error


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
