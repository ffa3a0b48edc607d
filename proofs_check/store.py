"""A folder of results: tables with a record of how they came about, pictures beside them, nothing half-written."""

import datetime
import os
import platform
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from linrep._checks import InputError
from linrep.tables import Table, load, write_atomically

PACKAGES = ("linrep", "jax", "numpy", "scipy", "sympy")
"""The packages whose versions are recorded with a result."""


def versions() -> dict[str, str]:
    """The version of Python and of every package that computes numbers.

    Source: ours.

    >>> sorted(versions())
    ['jax', 'linrep', 'numpy', 'python', 'scipy', 'sympy']
    """
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}


def record(
    *, evidence: str, parameters: Mapping[str, Any], seed: int | None = None, seconds: float | None = None
) -> dict[str, Any]:
    """What a reader needs to trust a table and to make it again.

    Args:
        evidence: "EXACT", "ENCLOSED", "FLOAT" or "SAMPLED".
        parameters: what was asked for; plain values.
        seed: the seed of everything random, None where nothing is.
        seconds: how long it took.

    Source: ours.

    >>> record(evidence="FLOAT", parameters={"dim": 10}, seed=0)["evidence"]
    'FLOAT'
    """
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    return {
        "evidence": evidence,
        "seed": seed,
        "parameters": dict(parameters),
        "written": now,
        "seconds": seconds,
        "versions": versions(),
    }


def folder(path: str | os.PathLike[str]) -> Path:
    """The folder, made if it is not there.

    Raises:
        InputError: something else has that name, or it cannot be made.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     folder(home + "/new").is_dir()
    True
    """
    place = Path(path)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"store: {place} cannot be made a folder ({error.strerror}); name another one.") from error
    return place


def save(table: Table, place: Path, name: str, how: Mapping[str, Any]) -> Table:
    """Write `name`.csv and `name`.jsonl into a folder, each whole or not at all; returns the table with its record.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     _ = save(Table(("d",), ({"d": 1},)), Path(home), "t", record(evidence="FLOAT", parameters={}))
    ...     read(Path(home), "t").rows
    ({'d': 1},)
    """
    stamped = Table(table.columns, table.rows, {**table.record, **how})
    stamped.save(place / name)
    return stamped


def read(place: Path, name: str) -> Table:
    """The table saved under `name` in a folder.

    Raises:
        InputError: a file that cannot be read or is not such a table.

    Source: ours.

    >>> read(Path("nowhere"), "t")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    linrep._checks.InputError: tables.load: nowhere/t.jsonl is not a saved table ...
    """
    return load(place / f"{name}.jsonl")


def save_picture(content: bytes, place: Path, name: str) -> Path:
    """Write an encoded picture, whole or not at all; returns its path.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     save_picture(b"<svg/>", Path(home), "a.svg").name
    'a.svg'
    """
    write_atomically(place / name, content)
    return place / name


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
