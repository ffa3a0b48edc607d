"""Sequences of token ids (..., length), in which a negative id is padding, as vectors."""

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep._checks import positive_int, require


class Embedding(eqx.Module):
    """A vector for each of the ids 0, …, vocabulary − 1, standard normal at the start: vocabulary·width entries.

    Padding gets zeros, and an id outside the vocabulary NaN, since compiled code cannot refuse it.
    """

    table: jax.Array

    def __init__(self, vocabulary: int, width: int, *, owner: str, key: jax.Array):
        rows = positive_int(vocabulary, owner=owner, name="vocabulary")
        columns = positive_int(width, owner=owner, name="width")
        self.table = jax.random.normal(key, (rows, columns), jnp.float32)

    def __call__(self, ids: jax.Array) -> tuple[jax.Array, jax.Array]:
        """(..., length, width), and where an id is not padding, (..., length)."""
        require(
            jnp.issubdtype(ids.dtype, jnp.integer),
            f"networks: the ids are {ids.dtype}, but a token is a whole number; pass an integer array.",
        )
        require(
            ids.ndim > 0 and ids.shape[-1] > 0,
            f"networks: the ids have shape {ids.shape}, but a view needs a token or padding; pass (..., length).",
        )
        present = ids >= 0
        rows = self.table.at[jnp.maximum(ids, 0)].get(mode="fill", fill_value=jnp.nan)
        return jnp.where(present[..., None], rows, 0), present


def mean_present(rows: jax.Array, present: jax.Array) -> jax.Array:
    """The mean of the rows that are present, (..., length, width) to (..., width); zeros where none is."""
    count = jnp.maximum(present.sum(axis=-1, keepdims=True), 1).astype(rows.dtype)
    return jnp.where(present[..., None], rows, 0).sum(axis=-2) / count
