"""A vision transformer for small images."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp

from linrep._checks import positive_int
from linrep.networks._dense import Dense
from linrep.networks._images import checked_patch, checked_shape
from linrep.networks._layers import Block, LayerNorm
from linrep.networks._patched import AbstractPatched


class ViT(AbstractPatched):
    """Patches mapped linearly, learned positions, pre-norm transformer blocks, the mean over patches, a linear map.

    The mean over patches stands in for the class token of the source. Without positions the network does not see where
    a patch is: `tokens` is equivariant under permutations of the patches, and the representation invariant.

    Views: (..., h, w) or (..., h, w, c); representations: (..., d). With t patches of q numbers, width w and
    hidden layers of m: (q + 1)w + t·w + depth·(4w² + 4w + 2wm + m + w + 4w) + 2w + (w + 1)d entries; 18,484 by default
    with d = 20 (`ResNet` 19,972, `Mixer` 17,060).

    Args:
        out_dim: the dimension d.
        shape: (h, w) or (h, w, c) of a view.
        patch: side of a patch; divides h and w.
        width, heads, depth, hidden: of a token, of an attention, of the stack of blocks, and of their hidden layers.
        positions: whether a learned vector is added at each place.
        key: a JAX random key.

    Raises:
        InputError: a size below one, patches that do not tile the image, or heads that do not divide the width.

    Source: Dosovitskiy et al. 2021, Section 3.1; the mean instead of a class token: Beyer, Zhai and Kolesnikov 2022.

    >>> network = ViT(2, shape=(4, 4), width=4, heads=2, depth=1, hidden=4, key=jax.random.key(0))
    >>> network(jnp.ones((3, 4, 4))).shape
    (3, 2)
    """

    def __init__(
        self,
        out_dim: int,
        *,
        shape: Sequence[int] = (8, 8),
        patch: int = 2,
        width: int = 32,
        heads: int = 4,
        depth: int = 2,
        hidden: int = 64,
        positions: bool = True,
        key: jax.Array,
    ):
        full = checked_shape(shape, "ViT")
        count, size = checked_patch(full, patch, "ViT")
        keys = jax.random.split(key, 3 + positive_int(depth, owner="ViT", name="depth"))
        super().__init__(
            embedding=Dense(size, width, bias=True, key=keys[0]),
            positions=START * jax.random.normal(keys[1], (count, width), jnp.float32) if positions else None,
            blocks=tuple(Block(width, heads, hidden, key=k) for k in keys[3:]),
            norm=LayerNorm(width),
            out=Dense(width, out_dim, bias=True, key=keys[2]),
            shape=full,
            patch=patch,
        )


START = 0.02
"""Standard deviation of the positions at the start, as in the source's code."""
