"""Losses of a batch of positive pairs, in the precision of the representations."""

import jax
import jax.numpy as jnp

from linrep._checks import require


def unit(rows: jax.Array) -> jax.Array:
    """Rows divided by their length.

    Source: ours.

    >>> [round(float(v), 6) for v in unit(jnp.asarray([[3.0, 4.0]]))[0]]
    [0.6, 0.8]
    """
    return rows * jax.lax.rsqrt(jnp.sum(rows * rows, axis=-1, keepdims=True))


def in_batch_infonce(first: jax.Array, second: jax.Array, temperature: float) -> jax.Array:
    """The loss of SimCLR: every one of the 2B views against its positive and the 2(B−1) views of other inputs.

    mean over views of log Σ_{j≠i} exp(z_i·z_j/t) − z_i·z_{i+}/t, with z the views' representations on the unit sphere.

    Args:
        first, second: (B, d) representations of the two views of each input, of any length but zero.
        temperature: t, at least 0.023 in single precision, where exp(−2/t) is still a normal number.

    Source: Chen et al. 2020, equation (1).

    >>> z = jnp.eye(2)
    >>> round(float(in_batch_infonce(z, z, 1.0)), 6)  # log(e + 2) - 1
    0.551445
    """
    return _infonce(unit(jnp.concatenate([first, second])), temperature)


@jax.custom_vjp
def _infonce(views: jax.Array, temperature: float) -> jax.Array:
    return _infonce_forward(views, temperature)[0]


def _infonce_forward(views: jax.Array, temperature: float):
    """Exponents are at most 0; a view's own term is left out before the sum: subtracted from it, it would cancel."""
    own = jnp.eye(len(views), dtype=bool)
    weights = jnp.where(own, 0, jnp.exp((views @ views.T - 1) / temperature))
    totals = weights.sum(axis=1)
    other = jnp.roll(views, len(views) // 2, axis=0)
    loss = jnp.mean(jnp.log(totals) + (1 - jnp.sum(views * other, axis=1)) / temperature)
    return loss, (views, temperature, weights, 1 / totals)


def _infonce_backward(kept, slope):
    """The weights are symmetric: one product with the views and with the scaled views, and no second large array."""
    views, temperature, weights, inverse = kept
    both = weights @ jnp.concatenate([views, views * inverse[:, None]], axis=1)
    plain, turned = jnp.split(both, 2, axis=1)
    other = jnp.roll(views, len(views) // 2, axis=0)
    return slope * (inverse[:, None] * plain + turned - 2 * other) / (temperature * len(views)), None


_infonce.defvjp(_infonce_forward, _infonce_backward)


def in_batch_spectral(first: jax.Array, second: jax.Array) -> jax.Array:
    """An unbiased estimate of the spectral loss −2 E f(a)·f(a⁺) + E (f(a)·f(b))² from B pairs.

    Negatives are the pairs of views of two different inputs of the batch, one from each side.

    Args:
        first, second: (B, d) representations of the two views of each input; B at least 2.

    Raises:
        InputError: a single pair, which has no negatives.

    Source: haochen21, Section 3.2.

    >>> z = jnp.eye(2)
    >>> float(in_batch_spectral(z, z))
    -2.0
    """
    count = len(first)
    require(count > 1, f"in_batch_spectral: first has {count} row, but a negative needs two; pass a larger batch.")
    products = first @ second.T
    squares = jnp.sum(products * products) - jnp.sum(jnp.diagonal(products) ** 2)
    return -2 * jnp.mean(jnp.diagonal(products)) + squares / (count * (count - 1))
