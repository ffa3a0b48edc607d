"""The rows of Table 1 side by side, the longest first."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from linrep.tables import Table, load
from proofs_check.experiments._pool import side_by_side
from proofs_check.experiments._table1 import ARMS, Arm, hypercube_arm


def trained(folder: Path, *, seeds: int, quick: bool, tell: Callable[[str], None]) -> dict[str, Table]:
    """The trajectory of every row, saved in `folder` with its checkpoints; a run that was cut off goes on.

    Raises:
        InputError: what a worker refuses, or a worker that was ended from outside.
    """
    longest_first = sorted(ARMS, key=lambda arm: arm.linear)
    side_by_side(partial(_work, folder=folder, seeds=seeds, quick=quick), longest_first, tell)
    return {arm.name: load(folder / f"{arm.name}.jsonl") for arm in ARMS}


def _work(arm: Arm, said: Any, *, folder: Path, seeds: int, quick: bool) -> None:
    run = hypercube_arm(arm, seeds=range(seeds), quick=quick, folder=folder, progress=partial(_tell, said))
    run.trajectory.save(folder / arm.name)


def _tell(said: Any, name: str, step: int, steps: int) -> None:
    said.put(f"{name}: {step} of {steps}")
