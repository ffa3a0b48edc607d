"""A transformer encoder for token sequences."""

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from linrep._checks import positive_int
from linrep.networks._dense import Dense
from linrep.networks._layers import Block, LayerNorm
from linrep.networks._tokens import Embedding, mean_present


class Transformer(eqx.Module):
    """Word vectors with fixed waves for their places, pre-norm transformer blocks, the mean over tokens, a linear map.

    Column 2i of place p is sin(p/10000^(2i/w)) and column 2i + 1 its cosine, so that any length will do. Tokens do not
    read padding, and the mean leaves it out; places count it.

    Views: integer ids (..., length), negative where there is padding; representations: (..., d). With V ids, width w
    and hidden layers of m: V·w + depth·(4w² + 4w + 2wm + m + w + 4w) + 2w + (w + 1)d entries; 81,812 with V = 2,000 and
    d = 20 by default (`BagOfWords` 64,660, `GRU` 70,996).

    Args:
        out_dim: the dimension d.
        vocabulary: V; ids are below it, and others give NaN.
        width, heads, depth, hidden: of a token, of an attention, of the stack of blocks, and of their hidden layers.
        positions: whether the waves are added; without them the order has no influence.
        key: a JAX random key.

    Raises:
        InputError: a size below one, heads that do not divide the width, ids that are not integers, or views without
            places.

    Source: Vaswani et al. 2017, Section 3; norms before the maps: Xiong et al. 2020.

    >>> network = Transformer(2, vocabulary=5, width=4, heads=2, depth=1, hidden=4, key=jax.random.key(0))
    >>> network(jnp.array([[3, 1, -1], [4, 4, 0]])).shape
    (2, 2)
    """

    embedding: Embedding
    blocks: tuple[Block, ...]
    norm: LayerNorm
    out: Dense
    positions: bool = eqx.field(static=True)

    def __init__(
        self,
        out_dim: int,
        *,
        vocabulary: int,
        width: int = 32,
        heads: int = 4,
        depth: int = 2,
        hidden: int = 64,
        positions: bool = True,
        key: jax.Array,
    ):
        keys = jax.random.split(key, 2 + positive_int(depth, owner="Transformer", name="depth"))
        self.embedding = Embedding(vocabulary, width, owner="Transformer", key=keys[0])
        self.blocks = tuple(Block(width, heads, hidden, key=k) for k in keys[2:])
        self.norm = LayerNorm(width)
        self.out = Dense(width, out_dim, bias=True, key=keys[1])
        self.positions = positions

    def __call__(self, views: jax.Array) -> jax.Array:
        rows, present = self.embedding(jnp.asarray(views))
        if self.positions:
            rows = rows + waves(*rows.shape[-2:])
        for block in self.blocks:
            rows = block(rows, present)
        return self.out(mean_present(self.norm(rows), present))


def waves(length: int, width: int) -> np.ndarray:
    """(length, width): sines in the even columns, cosines in the odd ones."""
    columns = np.arange(width)
    angles = np.arange(length)[:, None] / 10_000.0 ** (2 * (columns // 2) / width)
    return np.where(columns % 2 == 0, np.sin(angles), np.cos(angles)).astype(np.float32)
