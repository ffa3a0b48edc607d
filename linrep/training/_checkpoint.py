"""The state of a run on disk: arrays and JSON text in one .npz, written whole or not at all, read without pickle."""

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from linrep._checks import InputError, require
from linrep.tables import write_atomically


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


def read(path: Path, like: Any, name: str) -> Saved | None:
    """The state saved at `path`, or None where there is none; another run's file is refused."""
    if not path.exists():
        return None
    leaves, tree = jax.tree.flatten(like)
    try:
        with np.load(path, allow_pickle=False) as archive:
            head = {"spent": (0.0, 0.0), **json.loads(str(archive["head"]))}
            arrays = [archive[f"leaf{i}"] for i in range(len(leaves))]
    except (OSError, ValueError, KeyError) as error:
        raise InputError(f"train: {path} is not a checkpoint ({error}); remove it or name another file.") from error
    require(
        head["name"] == name and [a.shape for a in arrays] == [leaf.shape for leaf in leaves],
        f"train: {path} belongs to the run {head['name']!r}, but {name!r} is asked for; name another file.",
    )
    state = jax.tree.unflatten(tree, [jnp.asarray(a) for a in arrays])
    wall, processor = head["spent"]
    return Saved(state, int(head["step"]), tuple(head["rows"]), (float(wall), float(processor)))
