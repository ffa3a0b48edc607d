"""The journal of a sweep: a line of JSON for each finished task, appended whole, so that a stopped run can go on."""

import fcntl
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from linrep._checks import InputError, require
from linrep.tables import Value
from proofs_check import store
from proofs_check.sweep._worker import COLUMNS, Done

FORMAT = 1
"""Number of the format, in the first line."""
SYNC_SECONDS = 1.0
"""A line survives the death of the process at once, and the loss of power after this long."""
_INFINITE = {"inf": float("inf"), "-inf": float("-inf"), "nan": float("nan")}
_TEXTS = ("theorem", "status", "fails", "reason")


class Journal:
    """What a sweep has done so far, in one file that only one process writes.

    The first line is the head: the format, the versions, the columns. Each later line is one task: its key, its
    seconds, and its rows or the sentence of its failure. A last line that is not whole, left by a run that was killed
    while it wrote, is dropped.

    Attributes:
        done: by key, what became of each task; of a task that was run again the last.

    Raises:
        InputError: a file that is no journal, was written with other versions, or is being written by another run.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as home:
    ...     with Journal(Path(home, "journal.jsonl")) as journal:
    ...         journal.append(Done("k", 0.1, error="f: no."))
    ...     with Journal(Path(home, "journal.jsonl")) as journal:
    ...         journal.done["k"].error
    'f: no.'
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.done: dict[str, Done] = {}
        self._synced = time.monotonic()
        try:
            self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise InputError(f"sweep: {path} cannot be opened ({error.strerror}); name another folder.") from error
        try:
            self._begin()
        except BaseException:
            os.close(self._file)
            raise

    def __enter__(self) -> "Journal":
        return self

    def __exit__(self, *_: object) -> None:
        os.fsync(self._file)
        os.close(self._file)

    def append(self, done: Done) -> None:
        """Write down what became of one task, in one append."""
        said = {"key": done.key, "seconds": round(done.seconds, 6)}
        said |= (
            {"rows": [[_plain(v) for v in row] for row in done.rows]} if done.error is None else {"error": done.error}
        )
        self._write(said)
        self.done[done.key] = done

    def _begin(self) -> None:
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise InputError(
                f"sweep: {self.path} is being written by another run; wait for it, or name another folder."
            ) from error
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if len(whole) < len(content):
            os.ftruncate(self._file, len(whole))
        if not whole:
            self._write({"journal": FORMAT, "versions": store.versions(), "columns": list(COLUMNS)})
            return
        head, *lines = whole.decode("utf-8", errors="replace").splitlines()
        self._check_head(self._parsed(head, 1))
        for number, line in enumerate(lines, 2):
            found = self._task(self._parsed(line, number), number)
            self.done[found.key] = found

    def _check_head(self, head: Mapping[str, Any]) -> None:
        known = head.get("journal") == FORMAT and head.get("columns") == list(COLUMNS)
        known = known and isinstance(head.get("versions"), dict)
        require(known, f"sweep: {self.path} is not a journal that this version reads; name another folder.")
        theirs, mine = head["versions"], store.versions()
        differ = [
            f"{name} {theirs.get(name)}, now {version}" for name, version in mine.items() if theirs.get(name) != version
        ]
        require(
            not differ,
            f"sweep: {self.path} was begun with {', '.join(differ)}, but one table needs one set of versions; "
            "name another folder.",
        )

    def _parsed(self, line: str, number: int) -> dict[str, Any]:
        try:
            return dict(json.loads(line))
        except (ValueError, TypeError) as error:
            raise InputError(
                f"sweep: line {number} of {self.path} is damaged ({error}); remove that line, or name another folder."
            ) from error

    def _task(self, said: Mapping[str, Any], number: int) -> Done:
        try:
            found = _read(said)
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"sweep: line {number} of {self.path} is not of this sweep ({error!r}); remove it, or name another "
                "folder."
            ) from error
        return found

    def _write(self, said: Mapping[str, Any]) -> None:
        """One line in one write; the system puts it at the end as a whole unless the disk is full."""
        line = (json.dumps(said, ensure_ascii=True, separators=(",", ":"), allow_nan=False) + "\n").encode("ascii")
        try:
            written = os.write(self._file, line)
            require(
                written == len(line), f"sweep: {self.path} took only a part of a line; make room on the disk and go on."
            )
            if time.monotonic() - self._synced > SYNC_SECONDS:
                os.fsync(self._file)
                self._synced = time.monotonic()
        except OSError as error:
            raise InputError(
                f"sweep: {self.path} cannot be written ({error.strerror}); make room and go on."
            ) from error


def _read(said: Mapping[str, Any]) -> Done:
    """A line as what became of a task; whatever is not of the form that is written is an error of its type."""
    key, seconds, error = said["key"], said["seconds"], said.get("error")
    if not (isinstance(key, str) and isinstance(error, str | None) and isinstance(seconds, int | float)):
        raise TypeError("its key, seconds or error")
    rows = [zip(COLUMNS, row, strict=True) for row in (said["rows"] if error is None else ())]
    return Done(key, seconds, tuple(tuple(_number(name, value) for name, value in row) for row in rows), error)


def _plain(value: Value) -> Value:
    """JSON has no infinities."""
    return str(value) if isinstance(value, float) and str(value) in _INFINITE else value


def _number(name: str, value: Value) -> Value:
    if not isinstance(value, str | int | float | None):
        raise TypeError(f"{name} holds {value!r}")
    return _INFINITE[value] if isinstance(value, str) and name not in _TEXTS else value
