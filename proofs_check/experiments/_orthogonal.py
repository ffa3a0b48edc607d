"""Training without the label: the mean of each class is taken out of a batch's representations before the loss."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from linrep.tables import Table, Value
from linrep.training import Adam, Experiment, in_batch_infonce, train, unit
from proofs_check.experiments._arms import trajectories
from proofs_check.experiments._augmentation import AUGMENTATIONS, Augmentation
from proofs_check.experiments._digits import (
    BATCH,
    COMPARED,
    ENCODERS,
    HELD_OUT,
    MEASURED,
    RATE,
    TEMPERATURE,
    DigitsArm,
    arms,
    batch_losses,
    drawn,
    drawn_pairs,
    held_out,
    last,
    measure,
    probed,
    represented,
)
from proofs_check.experiments._pool import side_by_side
from proofs_check.experiments._rows import mean_ci

FULL_SET, CLASSES = AUGMENTATIONS[0], 10
LOSS_WITHIN, POINTS = 0.05, 0.20
PUBLISHED = "loss within 5 %, accuracy lower by 20 points or more"
REMOVED = ("removed_loss", "removed_accuracy")


class Noted(eqx.Module):
    """A network on views with one more row of pixels: a note, such as the label, that goes past it to the loss."""

    network: Any

    def __call__(self, views: jax.Array) -> jax.Array:
        """(n, d + 1): representations, and the note."""
        return jnp.concatenate([self.network(views[:, :-1]), views[:, -1, :1]], axis=1)


def noted(views: jax.Array, notes: jax.Array) -> jax.Array:
    """Views with a note each, (n, 9, 8)."""
    row = jnp.broadcast_to(notes[:, None, None].astype(views.dtype), (len(views), 1, views.shape[-1]))
    return jnp.concatenate([views, row], axis=1)


def read(rows: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Representations and notes of what `Noted` returned."""
    return rows[:, :-1], jnp.rint(rows[:, -1]).astype(jnp.int32)


def without_means(rows: jax.Array, labels: jax.Array) -> jax.Array:
    """Rows less the mean of the rows of their class."""
    return rows - class_means(rows, labels)[labels]


def class_means(rows: jax.Array, labels: jax.Array) -> jax.Array:
    """The mean of the rows of each class, (10, d); zero for a class without rows."""
    members = (labels[:, None] == jnp.arange(CLASSES)).astype(rows.dtype)
    return (members.T @ rows) / jnp.maximum(members.sum(axis=0), 1)[:, None]


def orthogonal_infonce(first: jax.Array, second: jax.Array, temperature: float) -> jax.Array:
    """The in-batch loss of what is left of unit-norm representations without the means of the classes in the batch."""
    rows, labels = read(jnp.concatenate([first, second]))
    left = without_means(unit(rows), labels)
    return in_batch_infonce(left[: len(first)], left[len(first) :], temperature)


def orthogonal_experiment(augmentation: Augmentation, encoder: str) -> Experiment:
    """As `digits_experiment`, but for the loss."""
    return Experiment(
        f"label-orthogonal {augmentation} {encoder}",
        lambda key: Noted(ENCODERS[encoder](key)),
        drawn,
        partial(_pairs, augmentation=augmentation),
        partial(orthogonal_infonce, temperature=TEMPERATURE),
        partial(_measure, augmentation=augmentation),
        Adam(RATE),
        BATCH,
    )


def _pairs(data: dict[str, jax.Array], key: jax.Array, size: int, *, augmentation: Augmentation):
    first, second, labels = drawn_pairs(data, key, size, augmentation)
    return noted(first, labels), noted(second, labels)


def _measure(noting: Noted, data: dict[str, jax.Array], augmentation: Augmentation) -> dict[str, float]:
    """Of the network as it is, and of its representation without the class means of the training images.

    The latter is a function of the view and of the label, which the view nearly determines.
    """
    sides = held_out(noting.network, data, augmentation)
    still, labels = represented(noting.network, data, augmentation), data["labels"]
    classes = class_means(still[:-HELD_OUT], labels[:-HELD_OUT])
    first, second = (unit(side - classes[labels[-HELD_OUT:]]) for side in sides)
    return {
        **measure(noting.network, data, augmentation),
        "removed_loss": batch_losses(first, second),
        "removed_accuracy": probed(np.asarray(unit(still - classes[labels])), np.asarray(labels)),
    }


def orthogonal_run(arm: DigitsArm, said: Any) -> Table:
    """Train one network, as the usual run does."""
    return train(
        orthogonal_experiment(arm.augmentation, arm.encoder),
        seeds=arm.seeds,
        records=arm.records,
        checkpoint=arm.checkpoint.with_name(f"orthogonal.{arm.checkpoint.name}"),
        progress=lambda _, step, steps: said.put(f"label-orthogonal, {arm.encoder}: {step} of {steps}"),
    ).trajectory


def orthogonal_rows(folder: Path, *, seeds: Sequence[int], quick: bool, tell: Callable[[str], None]) -> Table:
    """The trajectory of every network with the usual loss (from its checkpoint, if `folder` has one) and with this."""
    runs = arms([FULL_SET], COMPARED, folder, seeds=seeds, quick=quick)
    usual = trajectories(runs, tell)
    found = side_by_side(orthogonal_run, runs, tell)
    rows = [{"training": "usual", "encoder": row["encoder"], **_measured(row)} for row in usual.rows]
    for run, table in zip(runs, found, strict=True):
        rows += [{"training": "label-orthogonal", "encoder": run.encoder, **_measured(row)} for row in table.rows]
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "trained"})


def _measured(row: Mapping[str, Value]) -> dict[str, Value]:
    return {name: row[name] for name in ("step", "seed", *MEASURED)} | {name: row.get(name) for name in REMOVED}


def orthogonal_summary(trajectory: Table) -> Table:
    """The last step of each network: the usual training, the other, and what is published of the difference."""
    rows = []
    for encoder in dict.fromkeys(trajectory.column("encoder")):
        usual, other = (
            last(trajectory.where(encoder=encoder, training=name)) for name in ("usual", "label-orthogonal")
        )
        row: dict[str, Value] = {"encoder": encoder, "steps": usual.rows[0]["step"], "seeds": len(usual.rows)}
        plain = mean_ci(usual, ("held_out_loss", "logistic_accuracy"))
        row |= {f"usual_{name.removeprefix('trained_')}": value for name, value in plain.items()}
        row |= mean_ci(other, ("held_out_loss", "logistic_accuracy", *REMOVED))
        rows.append(row | _compared(row) | {"published": PUBLISHED})
    return Table(tuple(rows[0]), tuple(rows), trajectory.record)


def _compared(row: dict[str, Any]) -> dict[str, Value]:
    """How much larger the loss is than the usual one, and how many points of accuracy are lost: as the network is, and
    without the means."""
    found: dict[str, Value] = {}
    for name, kind in (("network", ("held_out_loss", "logistic_accuracy")), ("removed", REMOVED)):
        loss, accuracy = (row[f"trained_{column}"] for column in kind)
        lost = row["usual_logistic_accuracy"] - accuracy
        ratio = loss / row["usual_held_out_loss"] - 1
        found |= {f"{name}_loss_excess": ratio, f"{name}_accuracy_lost": lost}
        found[f"{name}_as_published"] = bool(ratio <= LOSS_WITHIN and lost >= POINTS)
    return found
