"""An MLP-Mixer for small images."""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep._checks import positive_int, require
from linrep.networks._dense import Dense, checked_sizes
from linrep.networks._images import checked_patch, checked_shape
from linrep.networks._layers import Feedforward, LayerNorm
from linrep.networks._patched import AbstractPatched


class Mixer(AbstractPatched):
    """Patches mapped linearly, layers that mix places and then channels, the mean over patches, a linear map.

    A layer on the matrix X (patches, width) is X + (A(norm(X)ᵀ))ᵀ, then X + B(norm(X)), with A and B two-layer maps:
    A reads places by number, so that the network sees where a patch is without positions.

    Views: (..., h, w) or (..., h, w, c); representations: (..., d). With t patches of q numbers, width w and hidden
    layers of a and b: (q + 1)w + depth·(2ta + a + t + 2wb + b + w + 4w) + 2w + (w + 1)d entries; 17,060 by default with
    d = 20 (`ResNet` 19,972, `ViT` 18,484).

    Args:
        out_dim: the dimension d.
        shape: (h, w) or (h, w, c) of a view.
        patch: side of a patch; divides h and w.
        width, depth: of a token, and of the stack of layers.
        hidden: sizes a and b of the hidden layers over places and over channels.
        key: a JAX random key.

    Raises:
        InputError: a size below one, patches that do not tile the image, or `hidden` that is no pair.

    Source: Tolstikhin et al. 2021, equation (1).

    >>> network = Mixer(2, shape=(4, 4), width=4, depth=1, hidden=(3, 5), key=jax.random.key(0))
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
        depth: int = 3,
        hidden: tuple[int, int] = (32, 64),
        key: jax.Array,
    ):
        full = checked_shape(shape, "Mixer")
        count, size = checked_patch(full, patch, "Mixer")
        keys = jax.random.split(key, 2 + positive_int(depth, owner="Mixer", name="depth"))
        super().__init__(
            embedding=Dense(size, width, bias=True, key=keys[0]),
            positions=None,
            blocks=tuple(MixerLayer(count, width, hidden, key=k) for k in keys[2:]),
            norm=LayerNorm(width),
            out=Dense(width, out_dim, bias=True, key=keys[1]),
            shape=full,
            patch=patch,
        )


class MixerLayer(eqx.Module):
    """A two-layer map over places, then one over channels, each after a norm and added to what it read."""

    places: Feedforward
    channels: Feedforward
    norms: tuple[LayerNorm, LayerNorm]

    def __init__(self, count: int, width: int, hidden: tuple[int, int], *, key: jax.Array):
        sizes, keys = checked_sizes(hidden, owner="Mixer", name="hidden"), jax.random.split(key)
        require(
            len(sizes) == 2,
            f"Mixer: hidden is {sizes}, but it holds two sizes, over places and over channels; pass such a pair.",
        )
        self.places = Feedforward(count, sizes[0], key=keys[0])
        self.channels = Feedforward(width, sizes[1], key=keys[1])
        self.norms = LayerNorm(width), LayerNorm(width)

    def __call__(self, tokens: jax.Array) -> jax.Array:
        mixed = self.places(jnp.swapaxes(self.norms[0](tokens), -1, -2))
        tokens = tokens + jnp.swapaxes(mixed, -1, -2)
        return tokens + self.channels(self.norms[1](tokens))
