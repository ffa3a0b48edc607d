"""The mean of word vectors."""

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep.networks._dense import Dense
from linrep.networks._tokens import Embedding, mean_present


class BagOfWords(eqx.Module):
    """A linear map of the mean of the tokens' vectors: M·(1/k) Σ v(id) + b over the k tokens that are not padding.

    Views: integer ids (..., length), negative where there is padding; representations: (..., d). The order of the
    tokens has no influence. V·w + (w + 1)d entries for V ids and width w: 64,660 with V = 2,000 and d = 20 by default
    (`GRU` 70,996, `Transformer` 81,812).

    Args:
        out_dim: the dimension d.
        vocabulary: V; ids are below it, and others give NaN.
        width: of a token's vector.
        key: a JAX random key; vectors start standard normal.

    Raises:
        InputError: a size below one, ids that are not integers, or views without places.

    Source: Iyyer et al. 2015, Section 2, without hidden layers.

    >>> network = BagOfWords(2, vocabulary=5, width=4, key=jax.random.key(0))
    >>> network(jnp.array([[3, 1, -1], [4, 4, 0]])).shape
    (2, 2)
    """

    embedding: Embedding
    out: Dense

    def __init__(self, out_dim: int, *, vocabulary: int, width: int = 32, key: jax.Array):
        keys = jax.random.split(key)
        self.embedding = Embedding(vocabulary, width, owner="BagOfWords", key=keys[0])
        self.out = Dense(width, out_dim, bias=True, key=keys[1])

    def __call__(self, views: jax.Array) -> jax.Array:
        return self.out(mean_present(*self.embedding(jnp.asarray(views))))
