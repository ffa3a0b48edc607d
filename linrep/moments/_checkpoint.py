"""Checkpoints of a running sum: one file, written whole or not at all, that says what has been counted."""

import glob
import io
import json
import os
import re
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from linrep._checks import InputError, require

RECORD = "record"
"""Name of the array that holds the record, JSON as bytes."""


def write(path: Path, arrays: Mapping[str, np.ndarray], record: Mapping[str, Any]) -> None:
    """Write arrays and record to a neighbour, flush it to the disk, and rename it over the old file."""
    text = np.frombuffer(json.dumps(record).encode(), dtype=np.uint8)
    neighbour = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with neighbour.open("xb") as out:
            np.savez(out, **{RECORD: text}, **arrays)  # pyright: ignore[reportArgumentType]
            out.flush()
            os.fsync(out.fileno())
        os.replace(neighbour, path)
    except OSError as error:
        raise InputError(
            f"moments.accumulate: checkpoint {path} cannot be written ({error.strerror}); name a file in a folder that "
            "exists and has room."
        ) from error
    finally:
        neighbour.unlink(missing_ok=True)


def read(path: Path) -> tuple[dict[str, np.ndarray], dict[str, Any]] | None:
    """The arrays and the record of a checkpoint; None where there is none."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(path, error) from error
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files if name != RECORD}
            return arrays, json.loads(stored[RECORD].tobytes())
    except (ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InputError:
    return InputError(
        f"moments.accumulate: {path} is not a checkpoint of this function ({error}); name another file, or remove it "
        "to start afresh."
    )


def place(path: str | os.PathLike[str], process: int, processes: int) -> Path:
    """The file of one process: `path` itself if there is only one. Refuses files that another number of processes left,
    which would otherwise be passed over in silence."""
    base = Path(path)
    for found in sorted(base.parent.glob(f"{glob.escape(base.name)}*")):
        count = _processes(found.name.removeprefix(base.name))
        require(
            count in (None, processes),
            f"moments.accumulate: the checkpoint {found} was made by {count} process{'' if count == 1 else 'es'}, but "
            f"this run has {processes}; run as many as then, or name another checkpoint.",
        )
    return base if processes == 1 else base.with_name(f"{base.name}.{process}-of-{processes}")


def _processes(suffix: str) -> int | None:
    """How many processes write files of that suffix; None if it is no checkpoint's."""
    numbers = re.fullmatch(r"\.\d+-of-(\d+)", suffix)
    return int(numbers[1]) if numbers else (None if suffix else 1)
