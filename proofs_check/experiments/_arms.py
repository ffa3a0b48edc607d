"""One network trained under one augmentation, and the rows of many such runs, side by side."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from linrep.tables import Table, concatenate
from linrep.training import Experiment, Run, train
from proofs_check.experiments._pool import side_by_side


@dataclass(frozen=True)
class AbstractArm(ABC):
    """One run: an augmentation, which has a name, and a network, with seeds and the steps that get a row."""

    augmentation: Any
    encoder: str
    seeds: Sequence[int]
    records: Sequence[int]
    folder: Path

    @property
    @abstractmethod
    def experiment(self) -> Experiment:
        """What is trained."""

    @property
    def checkpoint(self) -> Path:
        return self.folder / f"{self.augmentation.name}.{self.encoder}.{len(self.seeds)}x{self.records[-1]}.npz"


def run(arm: AbstractArm, tell: Callable[[str], None]) -> Run:
    """Train one network under one augmentation."""
    return train(
        arm.experiment,
        seeds=arm.seeds,
        records=arm.records,
        checkpoint=arm.checkpoint,
        progress=lambda _, step, steps: tell(f"{arm.augmentation.name}, {arm.encoder}: {step} of {steps}"),
    )


def trajectories(arms: Sequence[AbstractArm], tell: Callable[[str], None]) -> Table:
    """The rows of all runs in one table, the runs that take longest first."""
    found = side_by_side(_trajectory, arms, tell)
    named = [_named(arm, table) for arm, table in zip(arms, found, strict=True)]
    spent = {name: sum(table.record[name] for table in found) for name in ("seconds", "processor_seconds")}
    return concatenate(named, {"evidence": "trained", **spent})


def _trajectory(arm: AbstractArm, said: Any) -> Table:
    return run(arm, said.put).trajectory


def _named(arm: AbstractArm, table: Table) -> Table:
    named = {"augmentations": arm.augmentation.name, "encoder": arm.encoder}
    return Table((*named, *table.columns), tuple({**named, **row} for row in table.rows))
