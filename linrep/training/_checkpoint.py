"""The state of a run on disk: arrays and JSON text in one .npz, written whole or not at all, read without pickle."""

import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from linrep._checks import InputError, require
from linrep.tables import write_atomically

DAMAGED = (OSError, EOFError, ValueError, TypeError, KeyError, zipfile.BadZipFile, zlib.error)
"""What NumPy and JSON raise for a file that is empty, cut off, altered, or of another kind."""


@dataclass(frozen=True)
class Saved:
    """Parameters and optimiser memory (stacked over the seeds), the steps done, the rows so far, and what they took:
    seconds on the clock and of the processor, over all sittings."""

    state: Any
    step: int
    rows: tuple[Any, ...]
    spent: tuple[float, float] = (0.0, 0.0)


def write(path: Path, saved: Saved, name: str) -> None:
    """Write the state of the run called `name`."""
    arrays = {f"leaf{i}": np.asarray(leaf) for i, leaf in enumerate(jax.tree.leaves(saved.state))}
    head = json.dumps({"name": name, "step": saved.step, "rows": saved.rows, "spent": saved.spent})
    out = io.BytesIO()
    np.savez(out, **{"head": np.asarray(head), **arrays})  # pyright: ignore[reportArgumentType]
    write_atomically(path, out.getvalue())


def read(path: Path, like: Any, name: str, steps: tuple[int, ...]) -> Saved | None:
    """The state saved at `path`, or None where there is none; the file of another run, or one with rows of other
    steps than those of `steps` that it has passed, is refused."""
    if not path.exists():
        return None
    leaves, tree = jax.tree.flatten(like)
    try:
        whose, step, rows, spent, arrays = _contents(path, len(leaves))
    except DAMAGED as error:
        raise InputError(f"train: {path} is not a checkpoint ({error}); remove it or name another file.") from error
    require(
        whose == name and [(a.shape, a.dtype) for a in arrays] == [(leaf.shape, leaf.dtype) for leaf in leaves],
        f"train: {path} belongs to the run {whose!r}, but {name!r} is asked for; name another file.",
    )
    recorded = sorted({row["step"] for row in rows if "losses" not in row})
    require(
        recorded == [wanted for wanted in steps if wanted <= step],
        f"train: {path} has done {step} steps and has rows for {recorded}, but records is {list(steps)}; ask for the "
        "same steps up to there, or name another file.",
    )
    return Saved(jax.tree.unflatten(tree, [jnp.asarray(a) for a in arrays]), step, rows, spent)


def _contents(path: Path, leaves: int) -> tuple[str, int, tuple[Any, ...], tuple[float, float], list[np.ndarray]]:
    """Name, steps done, rows, seconds and arrays, as they are in the file."""
    with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
        head = {"spent": (0.0, 0.0), **json.loads(str(archive["head"]))}
        arrays = [archive[f"leaf{i}"] for i in range(leaves)]
    wall, processor = head["spent"]
    return (
        str(head["name"]),
        int(head["step"]),
        tuple(dict(r) for r in head["rows"]),
        (float(wall), float(processor)),
        arrays,
    )
