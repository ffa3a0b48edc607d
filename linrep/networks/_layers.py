"""Parts that several architectures share: normalisation, a two-layer map, self-attention, the pre-norm block."""

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep._checks import positive_int, require
from linrep.networks._dense import Dense

STABILISER = 1e-6
"""Added to a variance before its root is taken: below the rounding of a variance near one, in single precision."""


class LayerNorm(eqx.Module):
    """`scale · (x − mean) / √(variance + 1e-6) + shift` over the last axis of (..., width): 2·width entries."""

    scale: jax.Array
    shift: jax.Array

    def __init__(self, width: int):
        self.scale, self.shift = jnp.ones(width, jnp.float32), jnp.zeros(width, jnp.float32)

    def __call__(self, rows: jax.Array) -> jax.Array:
        return standardised(rows, (-1,)) * self.scale + self.shift


class Feedforward(eqx.Module):
    """Dense, GELU, Dense on the last axis of (..., width): 2·width·hidden + hidden + width entries."""

    inner: Dense
    outer: Dense

    def __init__(self, width: int, hidden: int, *, key: jax.Array):
        keys = jax.random.split(key)
        self.inner = Dense(width, hidden, bias=True, key=keys[0])
        self.outer = Dense(hidden, width, bias=True, key=keys[1])

    def __call__(self, rows: jax.Array) -> jax.Array:
        return self.outer(jax.nn.gelu(self.inner(rows)))


class Attention(eqx.Module):
    """Self-attention softmax(Q Kᵀ/√(width/heads)) V on (..., tokens, width): 4·width² + 4·width entries."""

    mixed: Dense
    outer: Dense
    heads: int = eqx.field(static=True)

    def __init__(self, width: int, heads: int, *, key: jax.Array):
        require(
            width % positive_int(heads, owner="Attention", name="heads") == 0,
            f"Attention: width is {width!r} and heads {heads!r}, but every head needs the same number of columns; "
            "pass heads that divide the width.",
        )
        keys = jax.random.split(key)
        self.mixed = Dense(width, 3 * width, bias=True, key=keys[0])
        self.outer = Dense(width, width, bias=True, key=keys[1])
        self.heads = heads

    def __call__(self, tokens: jax.Array, present: jax.Array | None = None) -> jax.Array:
        split = self.mixed(tokens).reshape(*tokens.shape[:-1], 3, self.heads, -1)
        query, keyed, value = (split[..., i, :, :] for i in range(3))
        scores = jnp.einsum("...ihk,...jhk->...hij", query, keyed) * query.shape[-1] ** -0.5
        if present is not None:
            scores = jnp.where(present[..., None, None, :], scores, jnp.finfo(scores.dtype).min)
        read = jnp.einsum("...hij,...jhk->...ihk", jax.nn.softmax(scores), value)
        return self.outer(read.reshape(tokens.shape))


class Block(eqx.Module):
    """x + attention(norm(x)), then x + feedforward(norm(x)), on (..., tokens, width); absent tokens are not read."""

    attention: Attention
    feedforward: Feedforward
    norms: tuple[LayerNorm, LayerNorm]

    def __init__(self, width: int, heads: int, hidden: int, *, key: jax.Array):
        keys = jax.random.split(key)
        self.attention = Attention(width, heads, key=keys[0])
        self.feedforward = Feedforward(width, hidden, key=keys[1])
        self.norms = LayerNorm(width), LayerNorm(width)

    def __call__(self, tokens: jax.Array, present: jax.Array | None = None) -> jax.Array:
        tokens = tokens + self.attention(self.norms[0](tokens), present)
        return tokens + self.feedforward(self.norms[1](tokens))


def standardised(values: jax.Array, axes: tuple[int, ...]) -> jax.Array:
    """Mean 0 and variance 1 over some axes."""
    centred = values - values.mean(axis=axes, keepdims=True)
    return centred * jax.lax.rsqrt(jnp.mean(centred * centred, axis=axes, keepdims=True) + STABILISER)
