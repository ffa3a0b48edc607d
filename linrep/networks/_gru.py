"""A recurrent network with gates."""

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep.networks._dense import Dense
from linrep.networks._tokens import Embedding


class GRU(eqx.Module):
    """A gated recurrent unit read from left to right, and a linear map of its last state.

    h ← (1 − z)·n + z·h with z = σ(A_z x + U_z h), r = σ(A_r x + U_r h), n = tanh(A_n x + r·(U_n h)), each with a bias,
    from h = 0; padding leaves h as it is, wherever it stands.

    Views: integer ids (..., length), negative where there is padding; representations: (..., d). V·w + 6w² + 6w +
    (w + 1)d entries for V ids and width w, also of the state: 70,996 with V = 2,000 and d = 20 by default
    (`BagOfWords` 64,660, `Transformer` 81,812).

    Args:
        out_dim: the dimension d.
        vocabulary: V; ids are below it, and others give NaN.
        width: of a token's vector and of the state.
        key: a JAX random key.

    Raises:
        InputError: a size below one, ids that are not integers, or views without places.

    Source: Cho et al. 2014, Section 2.3, with the reset gate after the product.

    >>> network = GRU(2, vocabulary=5, width=4, key=jax.random.key(0))
    >>> network(jnp.array([[3, 1, -1], [4, 4, 0]])).shape
    (2, 2)
    """

    embedding: Embedding
    reads: Dense
    recalls: Dense
    out: Dense

    def __init__(self, out_dim: int, *, vocabulary: int, width: int = 32, key: jax.Array):
        keys = jax.random.split(key, 4)
        self.embedding = Embedding(vocabulary, width, owner="GRU", key=keys[0])
        self.reads = Dense(width, 3 * width, bias=True, key=keys[1])
        self.recalls = Dense(width, 3 * width, bias=True, key=keys[2])
        self.out = Dense(width, out_dim, bias=True, key=keys[3])

    def __call__(self, views: jax.Array) -> jax.Array:
        rows, present = self.embedding(jnp.asarray(views))
        inputs = jnp.moveaxis(self.reads(rows), -2, 0), jnp.moveaxis(present, -1, 0)
        start = jnp.zeros_like(rows[..., 0, :])
        state, _ = jax.lax.scan(lambda h, token: (self._step(h, *token), None), start, inputs)
        return self.out(state)

    def _step(self, state: jax.Array, read: jax.Array, present: jax.Array) -> jax.Array:
        new = jnp.split(read, 3, axis=-1)
        old = jnp.split(self.recalls(state), 3, axis=-1)
        keep, reset = jax.nn.sigmoid(new[0] + old[0]), jax.nn.sigmoid(new[1] + old[1])
        moved = (1 - keep) * jnp.tanh(new[2] + reset * old[2]) + keep * state
        return jnp.where(present[..., None], moved, state)
