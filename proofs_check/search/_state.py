"""What a search remembers between two runs: the best instance, how far it came, what drew it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jax

from linrep._checks import InputError, key_words, require
from linrep.tables import write_atomically


@dataclass(frozen=True)
class State:
    """How far a search has come.

    Attributes:
        theorem: its key.
        key: the words of the random key.
        tried: problems looked at so far.
        rounds: rounds completed, by engine.
        best: the best instance in plain values, or {"listed": name}; None before there is one.
        engine: which engine found it.

    Source: ours.

    >>> State("t", (0, 1)).tried
    0
    """

    theorem: str
    key: tuple[int, ...]
    tried: int = 0
    rounds: Mapping[str, int] = None  # pyright: ignore[reportAssignmentType]
    best: Mapping[str, Any] | None = None
    engine: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "rounds", dict(self.rounds or {}))

    def done(self, engine: str) -> int:
        """Rounds that an engine has completed."""
        return self.rounds.get(engine, 0)

    def after(self, worked: str, **changes: Any) -> "State":
        """The state after one more round of an engine."""
        return replace(self, rounds={**self.rounds, worked: self.done(worked) + 1}, **changes)


def words(key: jax.Array) -> tuple[int, ...]:
    """A random key as whole numbers.

    Source: ours.

    >>> words(jax.random.key(1))
    (0, 1)
    """
    return key_words(key)


def save(state: State, path: Path) -> None:
    """Write the state as JSON, whole or not at all.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(State("t", (0, 1)), Path(folder, "s.json"))
    ...     load(Path(folder, "s.json"), "t", (0, 1)).key
    (0, 1)
    """
    write_atomically(path, json.dumps(vars(state)) + "\n")


def load(path: Path, theorem: str, key: tuple[int, ...]) -> State:
    """The state saved at a path; a fresh one if there is none.

    Raises:
        InputError: a file that is no such state, or one of another theorem or key.

    Source: ours.

    >>> load(Path("nowhere.json"), "t", (0, 1)).tried
    0
    """
    if not path.exists():
        return State(theorem, key)
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        state = State(**{**plain, "key": tuple(plain["key"])})
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"search: {path} is not the state of a search ({error}); name another file.") from error
    require(
        (state.theorem, state.key) == (theorem, key),
        f"search: {path} belongs to {state.theorem} with the key {list(state.key)}, but {theorem} with "
        f"{list(key)} was asked for; name another file.",
    )
    return state
