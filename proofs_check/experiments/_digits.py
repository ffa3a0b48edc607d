"""Handwritten digits: what four sets of augmentations make of a linear map and of three small networks."""

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from linrep import datasets, networks
from linrep.tables import Table, Value
from linrep.training import Adam, Experiment, identified, in_batch_infonce, logistic_accuracy, unit
from proofs_check.experiments._arms import AbstractArm, trajectories
from proofs_check.experiments._augmentation import AUGMENTATIONS, SIDE, Augmentation, hashes, marked, views
from proofs_check.experiments._rows import mean_ci

OUT, BATCH, TEMPERATURE, RATE = 20, 128, 0.5, 1e-3
HELD_OUT = 512
QUICK, FULL = (25, 50), (25, 50, 100, 200, 400)
"""Steps with a row."""
ENCODERS: dict[str, Callable[[jax.Array], eqx.Module]] = {
    "resnet": lambda key: networks.ResNet(OUT, key=key),
    "vit": lambda key: networks.ViT(OUT, key=key),
    "mixer": lambda key: networks.Mixer(OUT, key=key),
    "linear": lambda key: Flat(networks.Dense(SIDE * SIDE, OUT, bias=False, key=key)),
}
COMPARED = tuple(ENCODERS)
MEASURED = ("train_loss", "held_out_loss", "logistic_accuracy", "identification")


class Flat(eqx.Module):
    """A network on vectors that reads images as rows of pixels."""

    network: Any

    def __call__(self, views: jax.Array) -> jax.Array:
        return self.network(views.reshape(*views.shape[:-2], -1))


class DigitsArm(AbstractArm):
    """A run on digits; the augmentation is an `Augmentation`."""

    @property
    def experiment(self) -> Experiment:
        return digits_experiment(self.augmentation, self.encoder)


def digits_rows(folder: Path, *, seeds: Sequence[int], quick: bool, tell: Callable[[str], None]) -> Table:
    """The trajectory of every network under every set of augmentations, with a checkpoint for each in `folder`."""
    return trajectories(arms(AUGMENTATIONS, COMPARED, folder, seeds=seeds, quick=quick), tell)


def arms(
    augmentations: Iterable[Augmentation], encoders: Iterable[str], folder: Path, *, seeds: Sequence[int], quick: bool
) -> list[DigitsArm]:
    """Every network under every set, the networks that take longest first."""
    records, sets = QUICK if quick else FULL, tuple(augmentations)
    return [DigitsArm(one, name, tuple(seeds), records, folder) for name in encoders for one in sets]


def digits_experiment(augmentation: Augmentation, encoder: str) -> Experiment:
    """In-batch InfoNCE on the digits; a seed draws which images are held out."""
    return Experiment(
        f"digits {augmentation} {encoder}",
        ENCODERS[encoder],
        drawn,
        partial(pairs, augmentation=augmentation),
        partial(in_batch_infonce, temperature=TEMPERATURE),
        partial(measure, augmentation=augmentation),
        Adam(RATE),
        BATCH,
    )


def digits_summary(trajectory: Table) -> Table:
    """The last step of every network and set: means over the seeds with 95 % intervals, and the least loss there is."""
    rows, sizes = [], {encoder: _entries(str(encoder)) for encoder in dict.fromkeys(trajectory.column("encoder"))}
    for name, encoder in dict.fromkeys((row["augmentations"], row["encoder"]) for row in trajectory.rows):
        final = last(trajectory.where(augmentations=name, encoder=encoder))
        row: dict[str, Value] = {"augmentations": name, "encoder": encoder, "steps": final.rows[0]["step"]}
        row |= {"seeds": len(final.rows), "entries": sizes[encoder]}
        rows.append(row | {"population_floor": loss_floor(BATCH, TEMPERATURE)} | mean_ci(final, MEASURED))
    return Table(tuple(rows[0]), tuple(rows), trajectory.record)


def _entries(encoder: str) -> int:
    return networks.parameter_count(ENCODERS[encoder](jax.random.key(0)))


def last(table: Table) -> Table:
    """The rows of the last step."""
    return table.where(step=max(int(step or 0) for step in table.column("step")))


def loss_floor(pairs: int, temperature: float) -> float:
    """No representation has a smaller in-batch loss on any batch: log(1 + m exp(−(1 + 2/m)/t)), m = 2(B − 1).

    The loss is convex in the scores, positive ones are at most 1, and all scores of 2B unit vectors, their own
    included, sum to at least 0: so negatives have a mean of at least −2/m where positives are 1.

    Source: ours.

    >>> round(loss_floor(128, 0.5), 3)
    3.551
    """
    negatives = 2 * (pairs - 1)
    return math.log1p(negatives * math.exp(-(1 + 2 / negatives) / temperature))


def drawn(key: jax.Array) -> dict[str, jax.Array]:
    """All digits in an order of the key's, the last 512 of which are held out, with their labels and hashes."""
    found, keys = datasets.digits(), jax.random.split(key)
    order = jax.random.permutation(keys[0], len(found.labels))
    return {
        "images": jnp.asarray(found.images, jnp.float32)[order],
        "labels": jnp.asarray(found.labels, jnp.int32)[order],
        "bits": jnp.asarray(hashes(found.images))[order],
        "words": jax.random.key_data(keys[1]),
    }


def pairs(
    data: dict[str, jax.Array], key: jax.Array, size: int, *, augmentation: Augmentation
) -> tuple[jax.Array, jax.Array]:
    """Two views of each of some training images, drawn with replacement."""
    first, second, _ = drawn_pairs(data, key, size, augmentation)
    return first, second


def drawn_pairs(
    data: dict[str, jax.Array], key: jax.Array, size: int, augmentation: Augmentation
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The same, and the labels of the images."""
    keys = jax.random.split(key, 3)
    chosen = jax.random.randint(keys[0], (size,), 0, len(data["images"]) - HELD_OUT, dtype=jnp.int32)
    images, bits = data["images"][chosen], data["bits"][chosen]
    first, second = (views(images, bits, one, augmentation) for one in keys[1:])
    return first, second, data["labels"][chosen]


@eqx.filter_jit
def held_out(network: Any, data: dict[str, jax.Array], augmentation: Augmentation) -> tuple[jax.Array, jax.Array]:
    """The representations of two views of each held-out image."""
    images, bits = data["images"][-HELD_OUT:], data["bits"][-HELD_OUT:]
    keys = jax.random.split(jax.random.wrap_key_data(data["words"]))
    first, second = (unit(network(views(images, bits, key, augmentation))) for key in keys)
    return first, second


@eqx.filter_jit
def represented(network: Any, data: dict[str, jax.Array], augmentation: Augmentation) -> jax.Array:
    """The representations of all images as they are, with their hash where views have it."""
    return unit(network(marked(data["images"], data["bits"], augmentation)))


def batch_losses(first: jax.Array, second: jax.Array) -> float:
    """Mean loss over batches of pairs."""
    batches = first.reshape(-1, BATCH, OUT), second.reshape(-1, BATCH, OUT)
    return float(jax.vmap(lambda a, b: in_batch_infonce(a, b, TEMPERATURE))(*batches).mean())


def probed(rows: np.ndarray, labels: np.ndarray) -> float:
    """Held-out accuracy of a probe on the representations of images."""
    cut = len(rows) - HELD_OUT
    return logistic_accuracy(rows[:cut], labels[:cut], rows[cut:], labels[cut:])


def measure(network: Any, data: dict[str, jax.Array], augmentation: Augmentation) -> dict[str, float]:
    """Held-out loss, accuracy of a probe, and how often a view is nearest to the other view of its image."""
    first, second = held_out(network, data, augmentation)
    return {
        "held_out_loss": batch_losses(first, second),
        "logistic_accuracy": probed(np.asarray(represented(network, data, augmentation)), np.asarray(data["labels"])),
        "identification": identified(np.asarray(first), np.asarray(second)),
    }
