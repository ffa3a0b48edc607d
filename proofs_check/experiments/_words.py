"""Views of documents: some of the tokens, shuffled perhaps, or a half; padding stands at the end."""

from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from linrep.datasets import Corpus

PADDING = -1


@dataclass(frozen=True)
class Cut:
    """How a view of a document is drawn: a part of it, thinned, and shuffled.

    Args:
        name: of the augmentation.
        parts: each view is one of them with equal probability: `whole`, `first` half, `second` half.
        kept: probability that a token is kept.
        shuffled: whether the tokens left are put into random order.
    """

    name: str
    parts: tuple[str, ...] = ("whole",)
    kept: float = 1.0
    shuffled: bool = False


CUTS = (
    Cut("drop", kept=0.7),
    Cut("drop_permute", kept=0.7, shuffled=True),
    Cut("split", ("first", "second")),
    Cut("split_full", ("first", "second", "whole")),
)
PARTS = {"whole": (0, 2), "first": (0, 1), "second": (1, 2)}
"""Where a part begins and ends, in halves of the document; the middle token of an odd number is in the second."""


def padded(corpus: Corpus, *, words: int, length: int) -> np.ndarray:
    """The first `length` tokens of each document that are among the `words` most frequent ones, (n, length).

    Source: ours.

    >>> ids = np.array([2, 0, 1, 0])
    >>> corpus = Corpus(ids, np.array([0, 3, 4]), ("a", "b", "c"), ids[:2], ("k",), ids[:2], ("f",), "")
    >>> padded(corpus, words=2, length=3).tolist()
    [[0, 1, -1], [0, -1, -1]]
    """
    found = np.full((corpus.n_documents, length), PADDING, np.int32)
    for i in range(corpus.n_documents):
        known = corpus.document(i)
        known = known[known < words][:length]
        found[i, : known.size] = known
    return found


def views(documents: jax.Array, key: jax.Array, cut: Cut) -> jax.Array:
    """One view of each document (n, length), of the same shape."""
    keys = jax.random.split(key, 3)
    place, sizes = jnp.arange(documents.shape[1]), (documents != PADDING).sum(axis=1, keepdims=True)
    parts = jnp.array([PARTS[part] for part in cut.parts])
    begin, end = (parts[jax.random.randint(keys[0], (len(documents), 1), 0, len(parts))] * sizes[..., None] // 2).T
    kept = (place >= begin.T) & (place < end.T)
    if cut.kept < 1:
        kept &= jax.random.uniform(keys[1], documents.shape, jnp.float32) < cut.kept
    rank = jax.random.uniform(keys[2], documents.shape, jnp.float32) if cut.shuffled else place / len(place)
    order = jnp.argsort(jnp.where(kept, rank, 2.0), axis=1)
    return jnp.take_along_axis(jnp.where(kept, documents, PADDING), order, axis=1)
