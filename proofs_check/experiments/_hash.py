"""Hash pixels, bright and faint: which networks read them instead of the image."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from linrep.tables import Table, Value
from proofs_check.experiments._augmentation import AUGMENTATIONS
from proofs_check.experiments._digits import COMPARED, DigitsArm, arms, digits_summary, trajectories

PLAIN, HASHED = AUGMENTATIONS[0], AUGMENTATIONS[3]
FAINT = replace(HASHED, name="hash_ink_0.1", ink=0.1)
"""A bit that is one is as dark as the standard deviation of a pixel's noise."""
POINTS = 0.20
"""Accuracy that the published finding asks an architecture to lose."""
PUBLISHED = "to near chance; ResNet still transfers"
RIVAL = "resnet"
Row = Mapping[str, Any]


def hash_rows(folder: Path, *, seeds: Sequence[int], quick: bool, tell: Callable[[str], None]) -> Table:
    """Trajectories without hash and with each kind of it; those of `digits_rows` come from their checkpoints."""
    return trajectories(hash_arms(folder, seeds=seeds, quick=quick), tell)


def hash_arms(folder: Path, *, seeds: Sequence[int], quick: bool) -> list[DigitsArm]:
    """All runs of this study."""
    return arms((PLAIN, HASHED, FAINT), COMPARED, folder, seeds=seeds, quick=quick)


def hash_summary(trajectory: Table) -> Table:
    """Each class and kind of hash at the last step, beside its own accuracy without and beside ResNet.

    `as_published`: a loss at or below that of ResNet, an accuracy at least 20 points below the class's own without
    hash, and a ResNet that does not lose as many.
    """
    means = {(row["augmentations"], row["encoder"]): row for row in digits_summary(trajectory).rows}
    rows = [
        _beside(row, means[kind, RIVAL], means)
        for (kind, encoder), row in means.items()
        if kind != PLAIN.name and encoder != RIVAL
    ]
    return Table(tuple(rows[0]), tuple(rows), trajectory.record)


def _beside(row: Row, rival: Row, means: Mapping[Any, Row]) -> dict[str, Value]:
    """A class beside ResNet, both with hash pixels."""
    without = means[PLAIN.name, row["encoder"]]["trained_logistic_accuracy"]
    lost, rival_lost = (
        means[PLAIN.name, one["encoder"]]["trained_logistic_accuracy"] - one["trained_logistic_accuracy"]
        for one in (row, rival)
    )
    below = row["trained_held_out_loss"] <= rival["trained_held_out_loss"]
    return {
        **{name: row[name] for name in ("augmentations", "encoder", "steps", "seeds", "population_floor")},
        "trained_loss": row["trained_held_out_loss"],
        "trained_loss_resnet": rival["trained_held_out_loss"],
        "trained_accuracy_without": without,
        "trained_accuracy": row["trained_logistic_accuracy"],
        "trained_accuracy_lost": lost,
        "trained_accuracy_lost_resnet": rival_lost,
        "published_accuracy_lost": PUBLISHED,
        "as_published": bool(below and lost >= POINTS > rival_lost),
    }
