"""Docstrings of four packages: what four augmentations make of a bag of words, a GRU and a transformer."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import product
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from linrep import datasets, networks
from linrep.datasets import Corpus
from linrep.tables import Table, Value
from linrep.training import Adam, Experiment, identified, in_batch_infonce, logistic_accuracy, unit
from proofs_check.experiments._arms import AbstractArm, trajectories
from proofs_check.experiments._rows import mean_ci
from proofs_check.experiments._words import CUTS, PADDING, Cut, padded, views

OUT, BATCH, TEMPERATURE, RATE = 20, 128, 0.5, 1e-2
WORDS, LENGTH = 2_000, 32
"""The most frequent words, which alone are tokens, and how many of them a document keeps."""
HELD_OUT = 1_024
"""Documents of files for testing on which the loss is measured, a multiple of a batch."""
QUICK, FULL = (25, 50), (50, 100, 200, 400, 800, 1600)
"""Steps with a row."""
READERS: dict[str, Callable[[jax.Array], eqx.Module]] = {
    "transformer": lambda key: networks.Transformer(OUT, vocabulary=WORDS, depth=1, key=key),
    "gru": lambda key: networks.GRU(OUT, vocabulary=WORDS, key=key),
    "bag_of_words": lambda key: networks.BagOfWords(OUT, vocabulary=WORDS, key=key),
}
"""The one that takes longest first."""
WORDS_MEASURED = ("train_loss", "held_out_loss", "logistic_accuracy", "identification")


class DocstringsArm(AbstractArm):
    """A run on docstrings; the augmentation is a `Cut`."""

    @property
    def experiment(self) -> Experiment:
        return docstrings_experiment(self.augmentation, self.encoder)


def docstrings_rows(folder: Path, *, seeds: Sequence[int], quick: bool, tell: Callable[[str], None]) -> Table:
    """The trajectory of every network under every augmentation, with a checkpoint for each in `folder`."""
    documents()  # a corpus that is not cached yet is read once, not by every worker
    records = QUICK if quick else FULL
    runs = [DocstringsArm(cut, name, tuple(seeds), records, folder) for name in READERS for cut in CUTS]
    found = trajectories(runs, tell)
    return replace(found, record={**found.record, "data": "docstrings", "digest": documents().digest})


def docstrings_experiment(cut: Cut, encoder: str) -> Experiment:
    """In-batch InfoNCE on documents of the files for training; which files those are does not depend on the seed."""
    return Experiment(
        f"docstrings {documents().digest[:16]} {cut} {encoder}",
        READERS[encoder],
        drawn,
        partial(pairs, cut=cut),
        partial(in_batch_infonce, temperature=TEMPERATURE),
        partial(measure, cut=cut),
        Adam(RATE),
        BATCH,
    )


def docstrings_summary(trajectory: Table) -> Table:
    """The last step of every network and augmentation: means over the seeds with 95 % intervals, and their order.

    `supervised_accuracy` is that of a logistic probe on the words themselves. `accuracy_rank` and `loss_rank` count
    from 1 for the best mean within an augmentation; as published the bag of words has the first of one and the last of
    the other, `published_accuracy_rank` and `published_loss_rank`.
    """
    last, reference = max(int(step or 0) for step in trajectory.column("step")), words_accuracy()
    rows: list[dict[str, Value]] = []
    for name, encoder in product(*(dict.fromkeys(trajectory.column(key)) for key in ("augmentations", "encoder"))):
        final = trajectory.where(augmentations=name, encoder=encoder, step=last)
        entries = networks.parameter_count(eqx.filter_eval_shape(READERS[str(encoder)], jax.random.key(0)))
        row: dict[str, Value] = {"augmentations": name, "encoder": encoder, "steps": last, "seeds": len(final.rows)}
        row |= {"entries": entries, "supervised_accuracy": reference}
        rows.append({**row, **mean_ci(final, WORDS_MEASURED)})
    ranked = tuple({**row, **_ranks(row, rows)} for row in rows)
    return Table(tuple(ranked[0]), ranked, trajectory.record)


def words_accuracy() -> float:
    """Accuracy of a logistic probe on how often each word occurs in what the networks read: no network, but labels."""
    found = drawn(jax.random.key(0))
    tokens = np.asarray(found["documents"])
    rows, places = np.nonzero(tokens != PADDING)
    counts = np.zeros((len(tokens), WORDS))
    np.add.at(counts, (rows, tokens[rows, places]), 1.0)
    return _probed(np.sqrt(counts), found)


@cache
def documents() -> Corpus:
    """The corpus, read once in a process."""
    return datasets.docstrings()


def drawn(_: jax.Array) -> dict[str, jax.Array]:
    """All documents that have a token, those of files for testing last, with their labels and how many those are.

    The first ones of either part stand at random: files follow one another in the corpus.
    """
    corpus = documents()
    tokens = padded(corpus, words=WORDS, length=LENGTH)
    rng = np.random.default_rng(0)
    mixed = rng.permutation(np.flatnonzero(tokens[:, 0] != PADDING))
    order = mixed[np.argsort(corpus.test[mixed], kind="stable")]
    return {
        "documents": jnp.asarray(tokens[order]),
        "labels": jnp.asarray(corpus.labels[order], jnp.int32),
        "cut": jnp.int32(np.sum(~corpus.test[order])),
    }


def pairs(data: dict[str, jax.Array], key: jax.Array, size: int, *, cut: Cut) -> tuple[jax.Array, jax.Array]:
    """Two views of each of some documents for training, drawn with replacement."""
    keys = jax.random.split(key, 3)
    chosen = data["documents"][jax.random.randint(keys[0], (size,), 0, data["cut"])]
    return views(chosen, keys[1], cut), views(chosen, keys[2], cut)


@eqx.filter_jit
def _held_out(network: Any, data: dict[str, jax.Array], cut: Cut) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Two views of held-out documents, represented, and their losses by batches."""
    chosen, keys = data["documents"][-HELD_OUT:], jax.random.split(jax.random.key(0))
    first, second = (unit(network(views(chosen, key, cut))) for key in keys)
    batches = first.reshape(-1, BATCH, OUT), second.reshape(-1, BATCH, OUT)
    return first, second, jax.vmap(lambda a, b: in_batch_infonce(a, b, TEMPERATURE))(*batches)


@eqx.filter_jit
def _represented(network: Any, tokens: jax.Array) -> jax.Array:
    return unit(network(tokens))


def measure(network: Any, data: dict[str, jax.Array], cut: Cut) -> dict[str, float]:
    """Held-out loss, accuracy of a probe by files, and how often a view is nearest to the other of its document."""
    first, second, losses = _held_out(network, data, cut)
    return {
        "held_out_loss": float(losses.mean()),
        "logistic_accuracy": _probed(np.asarray(_represented(network, data["documents"])), data),
        "identification": identified(np.asarray(first), np.asarray(second)),
    }


def _probed(rows: np.ndarray, data: dict[str, jax.Array]) -> float:
    cut, labels = int(data["cut"]), np.asarray(data["labels"])
    return logistic_accuracy(rows[:cut], labels[:cut], rows[cut:], labels[cut:])


def _ranks(row: dict[str, Value], rows: Sequence[dict[str, Value]]) -> dict[str, Value]:
    """How many networks under the same augmentation are better, plus one; and what was published of the bag."""
    others = [one for one in rows if one["augmentations"] == row["augmentations"]]
    accuracy, loss = "trained_logistic_accuracy", "trained_held_out_loss"
    best = [float(one[accuracy] or 0) > float(row[accuracy] or 0) for one in others]
    lower = [float(one[loss] or 0) < float(row[loss] or 0) for one in others]
    bag = row["encoder"] == "bag_of_words"
    published = {"published_accuracy_rank": 1 if bag else None, "published_loss_rank": len(others) if bag else None}
    return {"accuracy_rank": 1 + sum(best), "loss_rank": 1 + sum(lower), **published}
