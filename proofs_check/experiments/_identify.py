"""Augmentation classification: a network that names the image a view came from, beside the best there can be."""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import optax

from linrep import datasets, networks
from linrep._linalg import sum_error
from linrep.processes import Discrete, FiniteProcess, HypercubeFlip, HypercubeScaling
from linrep.tables import Table, Value, concatenate
from linrep.training import Adam, Experiment, train
from proofs_check.experiments._augmentation import AUGMENTATIONS, SIDE, Augmentation, hashes, moved, views
from proofs_check.experiments._bayes import Known, bayes
from proofs_check.experiments._digits import BATCH, Flat, last
from proofs_check.experiments._orthogonal import Noted, noted, read
from proofs_check.experiments._pool import side_by_side
from proofs_check.experiments._rows import mean_ci

SETS = (*AUGMENTATIONS, Augmentation("shifts", 1), Augmentation("dropout", kept=0.75))
PUBLISHED = {"all": 0.9962, "no_shifts": 0.9998, "noise": 0.9997, "hash": 0.9994}
"""ResNet-18 on CIFAR-10 with one output for each of the 5,000 images of a class: SimCLR's augmentations, without crops,
without crops and flips, with hash pixels."""
QUICK, FULL, RATE = (25, 50), (200, 1_000, 4_000), 3e-3
KEY, DRAWS, DRAWN = jax.random.key(0), 4, 4_096
"""A network is measured on so many fresh views of each image, or on so many views of a listed process."""
VIEWS = 2**20
"""No process here has more views."""
TABLES: dict[str, Callable[[], FiniteProcess]] = {
    "hypercube, flips": HypercubeFlip(6, Fraction(9, 10)).finite,
    "hypercube, half of the views lose 4 of 6 signs": HypercubeScaling(6, 2, Discrete([0, 1], [1, 1])).finite,
}


@dataclass(frozen=True)
class NamingArm:
    """One run: a process by its name, with seeds and the steps that get a row."""

    process: str
    seeds: Sequence[int]
    records: Sequence[int]
    folder: Path


def naming_rows(folder: Path, *, seeds: Sequence[int], quick: bool, tell: Callable[[str], None]) -> Table:
    """The trajectory of a classifier of views for each process."""
    names = [*(one.name for one in SETS), *TABLES]
    runs = [NamingArm(name, tuple(seeds), QUICK if quick else FULL, folder) for name in names]
    found = side_by_side(_trajectory, runs, tell)
    named = [
        Table(("process", *table.columns), tuple({"process": run.process, **row} for row in table.rows))
        for run, table in zip(runs, found, strict=True)
    ]
    return concatenate(named, {"evidence": "trained"})


def naming_summary(trajectory: Table) -> Table:
    """The last step for each process: published, trained and exact accuracies.

    `trained_accuracy` is that on drawn views, `trained_population_accuracy` the one over all views with their
    probabilities, where they can be listed; `possible` says whether each of the latter is at most the Bayes accuracy.
    """
    rows = []
    for name in dict.fromkeys(map(str, trajectory.column("process"))):
        final = last(trajectory.where(process=name))
        exact, least = known(name)
        row: dict[str, Value] = {"process": name, "entries": networks.parameter_count(_encoder(name)(KEY))}
        row |= {"steps": final.rows[0]["step"], "seeds": len(final.rows)}
        row |= {"published_accuracy": PUBLISHED.get(name), **mean_ci(final, ("accuracy",))}
        exactly = [value for value in final.column("population_accuracy") if value is not None]
        row["trained_population_accuracy"] = float(np.mean(np.array(exactly, float))) if exactly else None
        row |= {"population_bayes": exact, "population_bayes_at_least": least}
        rows.append(row | {"possible": possible(exactly, exact)})
    return Table(tuple(rows[0]), tuple(rows), trajectory.record)


def possible(accuracies: Sequence[Any], bayes_accuracy: float | None) -> bool | None:
    """Whether no classifier is better than Bayes, up to the rounding of a sum over views; None where nothing is known.

    Source: ours.

    >>> possible([0.5], 0.75), possible([0.8], 0.75), possible([], 0.75)
    (True, False, None)
    """
    if bayes_accuracy is None or not accuracies:
        return None
    return bool(max(accuracies) <= bayes_accuracy + sum_error(VIEWS, 1.0))


def known(name: str) -> Known:
    """1 − τ of a process, exact or from below."""
    if name in TABLES:
        found = float(1 - TABLES[name]().identification_error)
        return found, found
    return bayes(datasets.digits(), _set(name))


def naming_experiment(name: str) -> Experiment:
    """A classifier with an output for each input, trained on views; on digits it is told the class of the image."""
    if name in TABLES:
        process = TABLES[name]()
        data, pairs, measure = _table(process), _table_pairs, _table_accuracy
        labels = jnp.zeros(process.n_inputs, jnp.int32)
    else:
        found, augmentation = datasets.digits(), _set(name)
        data, labels = _digits(found), jnp.asarray(found.labels)
        pairs = partial(_digit_pairs, augmentation=augmentation)
        measure = partial(_digit_accuracy, augmentation=augmentation)
    loss = partial(naming_loss, labels=labels)
    encoder, adam = _encoder(name), Adam(RATE)
    return Experiment(f"identification {name}", encoder, lambda key: data, pairs, loss, measure, adam, BATCH)


def naming_loss(first: jax.Array, second: jax.Array, labels: jax.Array) -> jax.Array:
    """Cross-entropy of naming the input of each view among those of its class; the input travels as a note."""
    scores, inputs = read(jnp.concatenate([first, second]))
    return optax.softmax_cross_entropy_with_integer_labels(within(scores, labels, labels[inputs]), inputs).mean()


def within(scores: jax.Array, labels: jax.Array, told: jax.Array) -> jax.Array:
    """Scores of the inputs of the class that is told, and the least number there is for the others."""
    return jnp.where(told[:, None] == labels, scores, jnp.finfo(scores.dtype).min)


def _set(name: str) -> Augmentation:
    (found,) = (one for one in SETS if one.name == name)
    return found


def _encoder(name: str) -> Callable[[jax.Array], eqx.Module]:
    count = TABLES[name]().n_inputs if name in TABLES else len(datasets.digits().labels)
    size, hidden = (6, 64) if name in TABLES else (SIDE * SIDE, 256)
    return lambda key: Noted(Flat(networks.MLP(size, count, hidden=(hidden,), key=key)))


def _trajectory(arm: NamingArm, said: Any) -> Table:
    name = "".join(letter if letter.isalnum() else "_" for letter in arm.process)
    return train(
        naming_experiment(arm.process),
        seeds=arm.seeds,
        records=arm.records,
        checkpoint=arm.folder / f"identification.{name}.{len(arm.seeds)}x{arm.records[-1]}.npz",
        progress=lambda _, step, steps: said.put(f"identification, {arm.process}: {step} of {steps}"),
    ).trajectory


def _digits(found: datasets.Digits) -> dict[str, jax.Array]:
    return {
        "images": jnp.asarray(found.images, jnp.float32),
        "bits": jnp.asarray(hashes(found.images)),
        "labels": jnp.asarray(found.labels, jnp.int32),
    }


def _digit_pairs(data: dict[str, jax.Array], key: jax.Array, size: int, *, augmentation: Augmentation):
    keys = jax.random.split(key, 3)
    chosen = jax.random.randint(keys[0], (size,), 0, len(data["images"]), dtype=jnp.int32)
    first, second = (views(data["images"][chosen], data["bits"][chosen], one, augmentation) for one in keys[1:])
    return noted(first, chosen), noted(second, chosen)


def _digit_accuracy(noting: Noted, data: dict[str, jax.Array], augmentation: Augmentation) -> dict[str, Any]:
    """On fresh views of every image; on all of its views where these are its shifts alone."""
    fresh = [_named(noting.network, data, _view(data, draw, augmentation)) for draw in range(DRAWS)]
    every = None
    if augmentation == Augmentation(augmentation.name, augmentation.shift):
        steps = range(-augmentation.shift, augmentation.shift + 1)
        moves = [jnp.array(move, jnp.float32) for move in itertools.product(steps, repeat=2)]
        shifted = [
            jax.vmap(lambda image, move=move: moved(image, jnp.float32(0), move))(data["images"]) for move in moves
        ]
        every = float(np.mean([_named(noting.network, data, one) for one in shifted]))
    return {"accuracy": float(np.mean(fresh)), "population_accuracy": every}


def _view(data: dict[str, jax.Array], draw: int, augmentation: Augmentation) -> jax.Array:
    return views(data["images"], data["bits"], jax.random.fold_in(KEY, draw), augmentation)


@eqx.filter_jit
def _named(network: Any, data: dict[str, jax.Array], seen: jax.Array) -> jax.Array:
    """The fraction of views, one of each image in order, whose image is named among those of its class."""
    scores = within(network(seen), data["labels"], data["labels"])
    return jnp.mean(jnp.argmax(scores, axis=1) == jnp.arange(len(seen)))


def _table(process: FiniteProcess) -> dict[str, jax.Array]:
    """Views as pictures of one column, and the joint law of inputs and views."""
    joint = np.asarray(process.prior)[:, None] * _dense(process.channel)
    return {
        "views": jnp.asarray(np.asarray(process.views, float), jnp.float32)[:, :, None],
        "joint": jnp.asarray(joint),
    }


def _dense(channel: Any) -> np.ndarray:
    return channel.toarray() if hasattr(channel, "toarray") else np.asarray(channel)


def _table_pairs(data: dict[str, jax.Array], key: jax.Array, size: int):
    """Pairs of an input and a view, twice as many as a batch: a classifier needs no two views of one input."""
    joint = data["joint"]
    chosen = jax.random.choice(key, joint.size, (2, size), p=joint.ravel())
    inputs, seen = chosen // joint.shape[1], chosen % joint.shape[1]
    first, second = (noted(data["views"][v], i) for v, i in zip(seen, inputs, strict=True))
    return first, second


def _table_accuracy(noting: Noted, data: dict[str, jax.Array]) -> dict[str, Any]:
    """The probability that the network names the input, over all views; and its frequency on drawn ones."""
    named = np.argmax(np.asarray(noting.network(data["views"])), axis=1)
    exact = float(np.asarray(data["joint"])[named, np.arange(len(named))].sum())
    seen, _ = _table_pairs(data, KEY, DRAWN)
    inputs = np.asarray(seen[:, -1, 0])
    right = np.argmax(np.asarray(noting.network(seen[:, :-1])), axis=1) == inputs
    return {"accuracy": float(right.mean()), "population_accuracy": exact}
