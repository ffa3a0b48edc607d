"""What a vision transformer and a mixer share: patches as tokens, before and after their blocks."""

from collections.abc import Callable

import equinox as eqx
import jax

from linrep.networks._dense import Dense
from linrep.networks._images import Shape, channelled, patches
from linrep.networks._layers import LayerNorm


class AbstractPatched(eqx.Module):
    """Patches mapped linearly, positions added if there are any, blocks, a norm, the mean over patches, a linear map.

    Source: ours.

    >>> AbstractPatched.tokens.__name__
    'tokens'
    """

    embedding: Dense
    positions: jax.Array | None
    blocks: tuple[Callable[[jax.Array], jax.Array], ...]
    norm: LayerNorm
    out: Dense
    shape: Shape = eqx.field(static=True)
    patch: int = eqx.field(static=True)

    def tokens(self, views: jax.Array) -> jax.Array:
        """(..., t, width): the patches after the last block and its norm, before the mean."""
        rows = self.embedding(patches(channelled(views, self.shape), self.patch))
        rows = rows if self.positions is None else rows + self.positions
        for block in self.blocks:
            rows = block(rows)
        return self.norm(rows)

    def __call__(self, views: jax.Array) -> jax.Array:
        return self.out(self.tokens(views).mean(axis=-2))
