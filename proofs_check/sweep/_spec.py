"""What a sweep is asked to do, read from a TOML file."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linrep._checks import InputError, require
from linrep.bounds import CATALOGUE
from proofs_check import explain
from proofs_check.check import named_evidence
from proofs_check.names import chosen
from proofs_check.problem_files import check_names, load
from proofs_check.sweep._ranges import LARGEST, swept, values
from proofs_check.sweep._tasks import Task, grid

RECORDED = (
    "status", "bound", "bound_upper", "actual", "actual_upper", "slack", "slack_upper", "trivial", "vacuous", "index",
    "fails", "reason",
)  # fmt: skip
"""What may be recorded of a theorem on a problem; all of it is in the journal."""
DEFAULT = ("status", "bound", "actual", "actual_upper", "slack", "trivial", "vacuous", "index")
"""What is recorded unless the spec says otherwise."""
ENTRIES = ("problem", "problems", "sweep", "seeds", "theorems", "evidence", "record")
"""Entries of a spec."""
DRAWN = {"process": "RandomProcess", "features": "RandomFourier"}
"""Parts of a problem that a seed draws, and their types."""


@dataclass(frozen=True)
class Spec:
    """A sweep: its tasks in order, the theorems asked about, the evidence, and what is recorded.

    Attributes:
        tasks: one for each problem.
        theorems: their keys, in the order of the rows.
        evidence: "float", "enclosed" or "exact".
        record: columns of the table beside those that say which row it is.
        swept: the paths of the swept entries, in order.
        said: the content of the file.

    Source: ours.

    >>> Spec((), (), "float", DEFAULT, (), {}).evidence
    'float'
    """

    tasks: tuple[Task, ...]
    theorems: tuple[str, ...]
    evidence: str
    record: tuple[str, ...]
    swept: tuple[str, ...]
    said: Mapping[str, Any]


def read(path: Path) -> Spec:
    """The sweep that a TOML file describes.

    Raises:
        InputError: a file that cannot be read, or that does not say what is needed; the sentence names the file.

    Source: ours.

    >>> import tempfile
    >>> lines = ["theorems = ['linrep26.risk_gap_mean']", "[sweep]", "dim = [1, 2]", "[problem.features]"]
    >>> lines += ["type = 'OneHot'", "[problem.process]", "type = 'RandomProcess'", "n_inputs = 3", "n_views = 4"]
    >>> with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
    ...     _ = file.write("\\n".join(lines)), file.flush()
    ...     len(read(Path(file.name)).tasks)
    2
    """
    said = load(path)
    try:
        return understood(said)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def understood(said: Mapping[str, Any]) -> Spec:
    """The sweep that a table describes: `problem` or `problems`, `sweep`, `seeds`, `theorems`, `evidence`, `record`.

    Raises:
        InputError: entries that are missing, unknown or of a wrong type.

    Source: ours.

    >>> drawn = {"type": "RandomProcess", "n_inputs": 3, "n_views": 4}
    >>> base = {"dim": 1, "process": drawn, "features": {"type": "OneHot"}}
    >>> len(understood({"problem": base, "seeds": {"from": 0, "to": 1999}}).tasks)
    2000
    """
    for entry in said:
        chosen(entry, ENTRIES, owner="sweep", what="entry")
    evidence = named_evidence(said.get("evidence", "float"), owner="sweep").value
    theorems = _theorems(said.get("theorems", "all"))
    recorded = _listed(said.get("record", list(DEFAULT)), "record")
    record = tuple(chosen(name, RECORDED, owner="sweep: record", what="column") for name in recorded)
    bases, part = _bases(said), said.get("sweep", {})
    require(isinstance(part, dict), f"sweep: sweep is {part!r}, but it must be a table; write [sweep].")
    paths = {**swept(part), **_seeds(said, bases)}
    count = len(bases) * math.prod(map(len, paths.values()))
    require(count <= LARGEST, f"sweep: {count} problems are asked for, but at most {LARGEST} are possible; take fewer.")
    tasks = grid(bases, paths, theorems, evidence)
    for task in tasks:
        check_names(task.problem)
    return Spec(tasks, theorems, evidence, record, tuple(paths), said)


def _bases(said: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The problems that are varied."""
    require(
        ("problem" in said) != ("problems" in said),
        "sweep: either [problem] or [[problems]] is needed, and not both; write one of them.",
    )
    found = said.get("problems", [said.get("problem")])
    fine = isinstance(found, list) and bool(found) and all(isinstance(base, dict) for base in found)
    require(fine, "sweep: a problem must be a table with process, features and dim; write [problem] or [[problems]].")
    return found


def _seeds(said: Mapping[str, Any], bases: list[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """The seeds, as the swept entry of the first part that every problem draws."""
    if "seeds" not in said:
        return {}
    for part, drawn in DRAWN.items():
        if all(isinstance(base.get(part), dict) and base[part].get("type") == drawn for base in bases):
            return {f"{part}.seed": values(said["seeds"], "seeds")}
    known = " or ".join(f"a {part} of type {drawn}" for part, drawn in DRAWN.items())
    raise InputError(f"sweep: seeds are given, but not every problem has {known}; add it, or remove seeds.")


def _theorems(said: Any) -> tuple[str, ...]:
    """Keys in the order of the catalogue."""
    if said == "all":
        return tuple(theorem.key for theorem in CATALOGUE)
    wanted = {explain.named(name, owner="sweep: theorems").key for name in _listed(said, "theorems")}
    return tuple(theorem.key for theorem in CATALOGUE if theorem.key in wanted)


def _listed(said: Any, name: str) -> list[str]:
    fine = isinstance(said, list) and bool(said) and all(isinstance(v, str) for v in said)
    require(fine, f"sweep: {name} is {said!r}, but it must be a list of names; write one.")
    return said
