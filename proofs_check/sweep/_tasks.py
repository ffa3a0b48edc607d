"""The tasks of a sweep: every combination of the swept entries, each with a key that is a hash of what it asks."""

import copy
import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from linrep._checks import InputError, require

KEY_LENGTH = 16
"""Hexadecimal digits of a key: among a million tasks two agree by chance with probability 3e-8."""


@dataclass(frozen=True)
class Task:
    """One problem of a sweep.

    Attributes:
        key: the hash of the problem, the theorems and the evidence.
        number: which of the base problems, from 0.
        swept: the entries that this task sets, by dotted path.
        problem: what a problem file would say.

    Source: ours.

    >>> Task("0123456789abcdef", 0, {"dim": 2}, {"dim": 2}).swept
    {'dim': 2}
    """

    key: str
    number: int
    swept: Mapping[str, Any]
    problem: Mapping[str, Any]


def canonical(value: Any) -> str:
    """One text for one value, whatever the order of its entries.

    Raises:
        InputError: dates and times, which no problem has.

    Source: ours.

    >>> canonical({"b": 1, "a": [0.5]})
    '{"a":[0.5],"b":1}'
    """
    try:
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    except TypeError as error:
        raise InputError(f"sweep: a value cannot be used ({error}); write numbers, texts, lists or tables.") from error


def key_of_task(problem: Mapping[str, Any], theorems: Sequence[str], evidence: str) -> str:
    """The key of a task, which depends on nothing but what it asks.

    Source: ours.

    >>> key_of_task({"dim": 1}, ["a"], "float") == key_of_task({"dim": 2}, ["a"], "float")
    False
    """
    said = canonical({"problem": problem, "theorems": list(theorems), "evidence": evidence})
    return hashlib.sha256(said.encode("ascii")).hexdigest()[:KEY_LENGTH]


def grid(
    bases: Sequence[Mapping[str, Any]], swept: Mapping[str, Sequence[Any]], theorems: Sequence[str], evidence: str
) -> tuple[Task, ...]:
    """Every base problem with every combination of the swept values; the last entry varies fastest.

    Raises:
        InputError: an entry inside something that is no table, or two tasks that ask the same.

    Source: ours.

    >>> [task.problem["dim"] for task in grid([{}], {"dim": [1, 2]}, ["a"], "float")]
    [1, 2]
    """
    found = tuple(_tasks(bases, swept, theorems, evidence))
    seen: dict[str, Task] = {}
    for task in found:
        require(
            task.key not in seen,
            f"sweep: the problem {task.number} with {_told(task)} is listed twice; remove one of the two.",
        )
        seen[task.key] = task
    return found


def _tasks(
    bases: Sequence[Mapping[str, Any]], swept: Mapping[str, Sequence[Any]], theorems: Sequence[str], evidence: str
) -> Iterator[Task]:
    for number, base in enumerate(bases):
        for values in itertools.product(*swept.values()):
            chosen = dict(zip(swept, values, strict=True))
            problem = copy.deepcopy(dict(base))
            for path, value in chosen.items():
                _put(problem, path, value)
            yield Task(key_of_task(problem, theorems, evidence), number, chosen, problem)


def _put(problem: dict[str, Any], path: str, value: Any) -> None:
    *tables, last = path.split(".")
    place = problem
    for name in tables:
        place = place.setdefault(name, {})
        require(isinstance(place, dict), f"sweep: {path} is swept, but {name} is no table in the problem; make it one.")
    place[last] = value


def _told(task: Task) -> str:
    return ", ".join(f"{path} = {value!r}" for path, value in task.swept.items()) or "nothing swept"
