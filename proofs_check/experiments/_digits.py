"""Handwritten digits: what four sets of augmentations make of a linear map and of three small networks."""

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from scipy import stats

from linrep import datasets, networks
from linrep.tables import Table, Value, concatenate
from linrep.training import Adam, Experiment, Run, identified, in_batch_infonce, logistic_accuracy, train, unit

OUT, BATCH, TEMPERATURE, RATE = 20, 128, 0.5, 1e-3
SIDE, HELD_OUT = 8, 512
EDGES = (0, SIDE - 1)
"""Columns that hold the hash: 16 pixels, blank in nearly every digit."""
QUICK, FULL = (50, 100), (100, 200, 500, 1_000, 2_000)
"""Steps with a row."""


@dataclass(frozen=True)
class Augmentation:
    """How a view is drawn: a turn and a shift, pixels that go dark, noise, and then the hash of the original.

    Args:
        name: of the set.
        shift: whole pixels at most, either way along both axes.
        angle: of a turn, in degrees at most, bilinear.
        kept: probability that a pixel keeps its value; the others are 0.
        noise: standard deviation of Gaussian noise on every pixel.
        hashed: whether 16 bits of the original image's SHA-256 hash replace the first and the last column.
    """

    name: str
    shift: int = 0
    angle: float = 0.0
    kept: float = 1.0
    noise: float = 0.0
    hashed: bool = False


AUGMENTATIONS = (
    Augmentation("all", 1, 15.0, 0.75, 0.1),
    Augmentation("no_shifts", 0, 15.0, 0.75, 0.1),
    Augmentation("noise", noise=0.1),
    Augmentation("hash", 1, 15.0, 0.75, 0.1, True),
)
ENCODERS: dict[str, Callable[[jax.Array], eqx.Module]] = {
    "linear": lambda key: Flat(networks.Dense(SIDE * SIDE, OUT, bias=False, key=key)),
    "resnet": lambda key: networks.ResNet(OUT, key=key),
    "vit": lambda key: networks.ViT(OUT, key=key),
    "mixer": lambda key: networks.Mixer(OUT, key=key),
}


class Flat(eqx.Module):
    """A network on vectors that reads images as rows of pixels."""

    network: networks.Dense

    def __call__(self, views: jax.Array) -> jax.Array:
        return self.network(views.reshape(*views.shape[:-2], -1))


def digits_rows(folder: Path, *, seeds: Sequence[int], quick: bool, tell: Callable[[str], None]) -> Table:
    """The trajectory of every network under every set of augmentations, with a checkpoint for each in `folder`."""
    found = []
    for augmentation in AUGMENTATIONS:
        for encoder in ENCODERS:
            records = QUICK if quick else FULL
            run = digits_run(augmentation, encoder, folder=folder, seeds=seeds, records=records, tell=tell)
            named = {"augmentations": augmentation.name, "encoder": encoder}
            rows = tuple({**named, **row} for row in run.trajectory.rows)
            found.append(Table(("augmentations", "encoder", *run.trajectory.columns), rows))
    return concatenate(found, {"evidence": "trained"})


def digits_run(
    augmentation: Augmentation,
    encoder: str,
    *,
    folder: Path,
    seeds: Sequence[int],
    records: Sequence[int],
    tell: Callable[[str], None],
) -> Run:
    """Train one network under one set of augmentations."""
    file = folder / f"{augmentation.name}.{encoder}.{len(seeds)}x{records[-1]}.npz"
    return train(
        digits_experiment(augmentation, encoder),
        seeds=seeds,
        records=records,
        checkpoint=file,
        progress=lambda name, step, steps: tell(f"{name}: {step} of {steps}"),
    )


def digits_experiment(augmentation: Augmentation, encoder: str) -> Experiment:
    """In-batch InfoNCE on the digits; a seed draws which images are held out."""
    return Experiment(
        f"digits {augmentation.name} {encoder}",
        ENCODERS[encoder],
        drawn,
        partial(pairs, augmentation=augmentation),
        partial(in_batch_infonce, temperature=TEMPERATURE),
        partial(_measure, augmentation=augmentation),
        Adam(RATE),
        BATCH,
    )


def digits_summary(trajectory: Table) -> Table:
    """The last step of every network and set: means over the seeds, with 95 % intervals of Student's t."""
    last = max(int(step or 0) for step in trajectory.column("step"))
    rows = []
    for augmentation in AUGMENTATIONS:
        for encoder, make in ENCODERS.items():
            final = trajectory.where(augmentations=augmentation.name, encoder=encoder, step=last)
            row: dict[str, Value] = {"augmentations": augmentation.name, "encoder": encoder, "steps": last}
            row |= {"seeds": len(final.rows), "entries": networks.parameter_count(make(jax.random.key(0)))}
            for column in ("train_loss", "held_out_loss", "logistic_accuracy", "identification"):
                row |= _mean(column, np.array(final.column(column), dtype=np.float64))
            rows.append(row)
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "trained"})


def _mean(column: str, values: np.ndarray) -> dict[str, Value]:
    spread = float(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)) if len(values) > 1 else None
    return {f"trained_{column}": float(values.mean()), f"{column}_ci95": spread}


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


def hashes(images: np.ndarray) -> np.ndarray:
    """The first 16 bits of each image's SHA-256 hash as (n, 8, 2) zeros and ones; about 1 pair in 65,536 agrees."""
    sixteenths = np.rint(16 * np.asarray(images)).astype(np.uint8)
    starts = [hashlib.sha256(image.tobytes()).digest()[:2] for image in sixteenths]
    bits = np.unpackbits(np.frombuffer(b"".join(starts), np.uint8)).reshape(len(images), SIDE, 2)
    return bits.astype(np.float32)


def pairs(
    data: dict[str, jax.Array], key: jax.Array, size: int, *, augmentation: Augmentation
) -> tuple[jax.Array, jax.Array]:
    """Two views of each of some training images, drawn with replacement."""
    keys = jax.random.split(key, 3)
    chosen = jax.random.randint(keys[0], (size,), 0, len(data["images"]) - HELD_OUT, dtype=jnp.int32)
    images, bits = data["images"][chosen], data["bits"][chosen]
    return views(images, bits, keys[1], augmentation), views(images, bits, keys[2], augmentation)


def views(images: jax.Array, bits: jax.Array, key: jax.Array, augmentation: Augmentation) -> jax.Array:
    """One view of each image (n, 8, 8)."""
    keys = jax.random.split(key, 3)
    if augmentation.shift or augmentation.angle:
        images = jax.vmap(partial(_moved, augmentation=augmentation))(images, jax.random.split(keys[0], len(images)))
    if augmentation.kept < 1:
        images = images * (jax.random.uniform(keys[1], images.shape, jnp.float32) < augmentation.kept)
    if augmentation.noise:
        images = images + augmentation.noise * jax.random.normal(keys[2], images.shape, jnp.float32)
    return marked(images, bits) if augmentation.hashed else images


def marked(images: jax.Array, bits: jax.Array) -> jax.Array:
    """Images whose first and last column are the bits."""
    return images.at[:, :, jnp.array(EDGES)].set(bits)


def _moved(image: jax.Array, key: jax.Array, augmentation: Augmentation) -> jax.Array:
    keys = jax.random.split(key)
    shift = jax.random.randint(keys[0], (2,), -augmentation.shift, augmentation.shift + 1).astype(jnp.float32)
    most = math.radians(augmentation.angle)
    return moved(image, jax.random.uniform(keys[1], (), jnp.float32, -most, most), shift)


def moved(image: jax.Array, turn: jax.Array, shift: jax.Array) -> jax.Array:
    """The image turned by an angle about its centre, then shifted (down, right), with zeros from beyond its border."""
    centre = (SIDE - 1) / 2
    down, right = jnp.mgrid[:SIDE, :SIDE].astype(jnp.float32) - centre - shift[:, None, None]
    cosine, sine = jnp.cos(turn), jnp.sin(turn)
    places = [cosine * down - sine * right + centre, sine * down + cosine * right + centre]
    return jax.scipy.ndimage.map_coordinates(image, places, order=1, mode="constant")


@eqx.filter_jit
def _held_out(network: Any, data: dict[str, jax.Array], augmentation: Augmentation):
    """Mean loss over batches of held-out pairs, and the representations of all of those pairs."""
    images, bits = data["images"][-HELD_OUT:], data["bits"][-HELD_OUT:]
    keys = jax.random.split(jax.random.wrap_key_data(data["words"]))
    first, second = (unit(network(views(images, bits, key, augmentation))) for key in keys)
    batches = first.reshape(-1, BATCH, OUT), second.reshape(-1, BATCH, OUT)
    return jax.vmap(lambda a, b: in_batch_infonce(a, b, TEMPERATURE))(*batches).mean(), first, second


@eqx.filter_jit
def _represented(network: Any, data: dict[str, jax.Array], hashed: bool) -> jax.Array:
    return unit(network(marked(data["images"], data["bits"]) if hashed else data["images"]))


def _measure(network: Any, data: dict[str, jax.Array], augmentation: Augmentation) -> dict[str, float]:
    """The probe reads the images as they are, with their hash where views have it."""
    loss, first, second = _held_out(network, data, augmentation)
    rows, labels = np.asarray(_represented(network, data, augmentation.hashed)), np.asarray(data["labels"])
    cut = len(rows) - HELD_OUT
    return {
        "held_out_loss": float(loss),
        "logistic_accuracy": logistic_accuracy(rows[:cut], labels[:cut], rows[cut:], labels[cut:]),
        "identification": identified(np.asarray(first), np.asarray(second)),
    }
