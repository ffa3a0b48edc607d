"""Mutation test: change the formulas one by one, and see whether the fast tests notice."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from tests.mutation.mutants import Mutant, mutants

Record = dict[str, Any]
Say = Callable[[str], None]
COPIED = ("*.py", "*.toml", "*.bib", "*.json", "*.typed")
"""Files that a run takes along; what is edited meanwhile does not disturb it."""

UNNOTICED = ("survived",)
"""Outcomes that are no kill. A mutant that hangs or cannot be imported is noticed by anybody."""


@dataclass(frozen=True)
class Suite:
    """Which tests judge the mutants of which files.

    Attributes:
        files: a glob under the root.
        tests: test files or single tests, those most likely to notice first.
        limit: seconds of the processor after which a mutant counts as hung.
    """

    files: str
    tests: tuple[str, ...]
    limit: int = 40


def planted(root: Path, suites: Iterable[Suite]) -> list[tuple[Mutant, Suite]]:
    """Every mutant, with the first suite whose glob finds its file."""
    found, seen = [], set()
    for suite in suites:
        for path in sorted(root.glob(suite.files)):
            if path not in seen:
                seen.add(path)
                name = path.relative_to(root).as_posix()
                found += [(mutant, suite) for mutant in mutants(name, path.read_text(encoding="utf-8"))]
    return found


def sampled(found: Sequence[tuple[Mutant, Suite]], count: int | None, seed: int) -> list[tuple[Mutant, Suite]]:
    """All of them, or that many drawn with the seed: a draw for each key, so that an edit moves only its own places."""
    if count is None or count >= len(found):
        return list(found)
    return sorted(found, key=lambda place: hashlib.sha256(f"{seed} {place[0].key}".encode()).digest())[:count]


def judge_all(
    root: Path, chosen: Sequence[tuple[Mutant, Suite]], results: Path, *, workers: int, say: Say
) -> list[Record]:
    """A record for every chosen mutant; those with the same text and tests in the file of results are not run again."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place) / "tree"
        _copied(root, copy)
        known = {_identity(r): r for r in read(results)}
        wanted = [(mutant, suite, _tests_digest(copy, suite)) for mutant, suite in chosen]
        todo = [w for w in wanted if (w[0].key, w[0].digest, w[2]) not in known]
        say(f"{len(chosen)} mutants, {len(chosen) - len(todo)} judged before")
        _demand_green(copy, todo)
        results.parent.mkdir(parents=True, exist_ok=True)
        _work(copy, todo, results, workers, say)
    known = {_identity(r): r for r in read(results)}
    return [known[(mutant.key, mutant.digest, digest)] for mutant, _, digest in wanted]


def read(results: Path) -> list[Record]:
    """The records written so far; a last line that was cut off is left out."""
    if not results.exists():
        return []
    return [json.loads(line) for line in results.read_text(encoding="utf-8").splitlines(True) if line.endswith("}\n")]


def excused(page: Path) -> dict[str, str]:
    """The survivors that are known, each with its reason: lines `- KEY` followed by indented text."""
    text = page.read_text(encoding="utf-8") if page.exists() else ""
    entries = re.findall(r"^- (.+)\n((?:  .+\n?)+)", text, flags=re.MULTILINE)
    return {key.strip(): " ".join(reason.split()) for key, reason in entries}


def report(records: Sequence[Record], known: Mapping[str, str], say: Say) -> bool:
    """Say how many were noticed, file by file, and who was not; whether every survivor is excused."""
    say(f"{'file':44} mutants  noticed")
    for path in sorted({r["path"] for r in records}):
        say(_row(path, [r for r in records if r["path"] == path]))
    say(_row("all", records))
    survivors = [r for r in records if r["outcome"] in UNNOTICED]
    for record in survivors:
        reason = known.get(record["key"])
        say(f"survivor, line {record['line']}: {record['key']}\n    {reason or 'NOT EXPLAINED'}")
    return all(record["key"] in known for record in survivors)


def _row(name: str, records: Sequence[Record]) -> str:
    noticed = sum(r["outcome"] not in UNNOTICED for r in records)
    return f"{name:44} {len(records):7}  {noticed:7}  {noticed / max(len(records), 1):7.1%}"


def _identity(record: Record) -> tuple[str, str, str]:
    return record["key"], record["digest"], record["tests"]


def _copied(root: Path, copy: Path) -> None:
    """The source files of the project, as they are now."""
    for pattern in COPIED:
        for path in root.rglob(pattern):
            parts = path.relative_to(root).parts
            if not any(part.startswith(".") or part in ("out", "venv", "build") for part in parts):
                target = copy.joinpath(*parts)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)


def _tests_digest(root: Path, suite: Suite) -> str:
    names = [root / name.partition("::")[0] for name in suite.tests]
    files = [path for name in names for path in sorted(name.rglob("*.py")) or [name]]
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:16]


def _demand_green(root: Path, todo: Sequence[tuple[Mutant, Suite, str]]) -> None:
    """The unchanged module, judged in the same way, has to survive: tests that fail anyway notice nothing."""
    with nursery(root) as ask:
        for suite in dict.fromkeys(suite for _, suite, _ in todo):
            path = next(mutant.path for mutant, other, _ in todo if other == suite)
            found = ask(path, (root / path).read_text(encoding="utf-8"), suite)
            if found["outcome"] != "survived":
                raise SystemExit(f"without any mutant, {', '.join(suite.tests)}: {found['outcome']} by {found['by']}")


def _work(root: Path, todo: Sequence[tuple[Mutant, Suite, str]], results: Path, workers: int, say: Say) -> None:
    """Threads that feed a nursery each; a finished record is one line, written at once."""
    queue: SimpleQueue[tuple[int, tuple[Mutant, Suite, str]]] = SimpleQueue()
    for item in enumerate(todo, start=1):
        queue.put(item)
    lock, broken = threading.Lock(), []

    def serve() -> None:
        try:
            for number, record in _served(root, queue):
                with lock, results.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(record) + "\n")
                    say(f"{number}/{len(todo)} {record['outcome']} {record['seconds']} s {record['key']}")
        except Exception as error:
            broken.append(error)

    threads = [threading.Thread(target=serve) for _ in range(min(workers, len(todo)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if broken:
        raise broken[0]


def _served(root: Path, queue: SimpleQueue) -> Iterator[tuple[int, Record]]:
    with nursery(root) as ask:
        while not queue.empty():
            try:
                number, (mutant, suite, digest) = queue.get_nowait()
            except Empty:
                return
            about = {"path": mutant.path, "line": mutant.line, "key": mutant.key}
            found = ask(mutant.path, mutant.source, suite)
            yield number, {**about, "digest": mutant.digest, "tests": digest, **found}


@contextmanager
def nursery(root: Path) -> Iterator[Callable[[str, str, Suite], Record]]:
    """A function that has one file, in a given form, judged by a suite in a process of its own."""
    command = [sys.executable, str(Path(__file__).with_name("nursery.py"))]
    fixed = {"NPROC": "4", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    environment = {**os.environ, **fixed, "HYPOTHESIS_PROFILE": "mutation", "PYTEST_ADDOPTS": ""}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=root, env=environment, **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask(path: str, source: str, suite: Suite) -> Record:
            job = {"module": _module(path), "path": str(root / path), "source": source}
            process.stdin.write(json.dumps({**job, "tests": suite.tests, "limit": suite.limit}) + "\n")
            process.stdin.flush()
            found = json.loads(process.stdout.readline())
            if found["outcome"] == "no judgement":
                raise RuntimeError(f"pytest did not run {', '.join(suite.tests)}; do these files exist?")
            return found

        yield ask
        process.stdin.close()


def _module(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
