"""Linear representations of docstrings, trained, as points of the exact transfer band of token sampling."""

from collections.abc import Sequence
from functools import partial

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import scipy.sparse

from linrep.datasets import Corpus
from linrep.moments import Moments
from linrep.processes import TokenSampling
from linrep.tables import Table
from linrep.training import Adam, Experiment
from proofs_check.experiments._docstrings import documents
from proofs_check.experiments._placed import LOSSES, Tell, exactly, placed_scenes
from proofs_check.studies import Scene, docstring_scenes

BATCH, RATE = 512, 0.1
QUICK, FULL = (20, 100), (20, 50, 100, 200, 500, 1_000, 3_000)


class WordSums(eqx.Module):
    """The linear class Wᵀx on relative counts x of tokens: the mean of the rows of W that a view names.

    Views: ids (..., m); representations: (..., d); W starts standard normal.
    """

    weight: jax.Array

    def __init__(self, words: int, out_dim: int, *, key: jax.Array):
        self.weight = jax.random.normal(key, (words, out_dim), jnp.float32)

    def __call__(self, views: jax.Array) -> jax.Array:
        return self.weight[views].mean(axis=-2)


def placed_docstrings(*, seeds: Sequence[int], quick: bool, tell: Tell) -> dict[str, Table]:
    """Linear representations of docstrings in the band of token sampling."""
    return placed_scenes(
        [bag_scene(documents())], bag_experiment, seeds=seeds, records=QUICK if quick else FULL, tell=tell
    )


def bag_scene(corpus: Corpus, *, words: int = 1000) -> Scene:
    """Token sampling, its label the package, and the linear class of functions alone."""
    (scene,) = docstring_scenes(corpus, words=words, count=1)
    return scene._replace(classes=scene.classes[:1])


def bag_experiment(scene: Scene, loss: str, moments: Moments) -> Experiment:
    """The linear class on views of the process of a scene, drawn afresh at every step."""
    ((_, process, _),) = scene.classes
    assert isinstance(process, TokenSampling)
    return Experiment(
        f"{scene.name} {loss}",
        lambda key: WordSums(moments.dim, scene.dim, key=key),
        lambda key: written_out(process),
        partial(sampled, length=process.length),
        LOSSES[loss],
        exactly(moments, loss),
        Adam(RATE),
        BATCH,
    )


def written_out(process: TokenSampling) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The tokens of all documents, one document after the other; where each begins, and how many it has."""
    counts = scipy.sparse.csr_array(process.counts)
    sizes = np.asarray(process.lengths)
    tokens = np.repeat(counts.indices, counts.data)
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    return tuple(jnp.asarray(part, jnp.int32) for part in (tokens, starts, sizes))  # pyright: ignore[reportReturnType]


def sampled(
    data: tuple[jax.Array, jax.Array, jax.Array], key: jax.Array, size: int, *, length: int
) -> tuple[jax.Array, jax.Array]:
    """Two views of each of some documents: ids of tokens drawn with replacement, (size, length) each."""
    tokens, starts, sizes = data
    keys = jax.random.split(key, 3)
    chosen = jax.random.randint(keys[0], (size, 1), 0, len(starts), dtype=jnp.int32)
    first, second = (
        tokens[starts[chosen] + jax.random.randint(one, (size, length), 0, sizes[chosen], dtype=jnp.int32)]
        for one in keys[1:]
    )
    return first, second
