"""Function classes on vectors: linear, affine, and a perceptron with one or more hidden layers."""

from collections.abc import Iterable, Sequence

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep._checks import positive_int, require


class Dense(eqx.Module):
    """`x @ weight + bias`, on single views or on stacks of them; without a bias it is the linear class.

    Args:
        in_dim, out_dim: dimensions D and d.
        bias: whether a constant is added.
        key: a JAX random key; entries are uniform on ±1/√D.

    Raises:
        InputError: a dimension below one, or views of another dimension.

    Source: ours.

    >>> Dense(50, 20, bias=False, key=jax.random.key(0))(jnp.ones((3, 50))).shape
    (3, 20)
    """

    weight: jax.Array
    bias: jax.Array | None

    def __init__(self, in_dim: int, out_dim: int, *, bias: bool, key: jax.Array):
        rows = positive_int(in_dim, owner="Dense", name="in_dim")
        columns = positive_int(out_dim, owner="Dense", name="out_dim")
        limit, keys = rows**-0.5, jax.random.split(key)
        self.weight = jax.random.uniform(keys[0], (rows, columns), jnp.float32, -limit, limit)
        self.bias = jax.random.uniform(keys[1], (columns,), jnp.float32, -limit, limit) if bias else None

    def __call__(self, views: jax.Array) -> jax.Array:
        rows = self.weight.shape[0]
        require(
            views.ndim > 0 and views.shape[-1] == rows,
            f"Dense: the views have shape {views.shape}, but the network reads {rows} numbers; pass (..., {rows}).",
        )
        product = views @ self.weight
        return product if self.bias is None else product + self.bias


class MLP(eqx.Module):
    """Dense layers with a ReLU between any two.

    Args:
        in_dim, out_dim: dimensions D and d.
        hidden: widths of the hidden layers.
        key: a JAX random key.

    Raises:
        InputError: a dimension below one, or `hidden` that is no sequence.

    Source: ours.

    >>> MLP(50, 20, hidden=(100,), key=jax.random.key(0))(jnp.ones((3, 50))).shape
    (3, 20)
    """

    layers: tuple[Dense, ...]

    def __init__(self, in_dim: int, out_dim: int, *, hidden: Sequence[int], key: jax.Array):
        widths = (in_dim, *checked_sizes(hidden, owner="MLP", name="hidden"), out_dim)
        keys = jax.random.split(key, len(widths) - 1)
        pairs = zip(widths[:-1], widths[1:], keys, strict=True)
        self.layers = tuple(Dense(a, b, bias=True, key=k) for a, b, k in pairs)

    def __call__(self, views: jax.Array) -> jax.Array:
        for layer in self.layers[:-1]:
            views = jax.nn.relu(layer(views))
        return self.layers[-1](views)


class Projected(eqx.Module):
    """An encoder followed by a projection head: a probe reads the head's output, as published, or `encoder` alone.

    Args:
        encoder: views to representations.
        head: representations to what the loss sees.

    Source: ours.

    >>> keys = jax.random.split(jax.random.key(0))
    >>> encoder = Dense(8, 6, bias=False, key=keys[0])
    >>> Projected(encoder, Dense(6, 2, bias=False, key=keys[1]))(jnp.ones((3, 8))).shape
    (3, 2)
    """

    encoder: eqx.Module
    head: eqx.Module

    def __call__(self, views: jax.Array) -> jax.Array:
        return self.head(self.encoder(views))  # pyright: ignore[reportCallIssue]


def checked_sizes(sizes: Sequence[int], *, owner: str, name: str) -> tuple[int, ...]:
    """A sequence of whole numbers of at least one."""
    require(
        isinstance(sizes, Iterable) and not isinstance(sizes, str),
        f"{owner}: {name} is {sizes!r}, but it must be a sequence of sizes; pass a tuple, such as (16,).",
    )
    return tuple(positive_int(size, owner=owner, name=name) for size in sizes)


def parameter_count(network: eqx.Module) -> int:
    """The number of trainable entries, also of a network of shapes alone (`equinox.filter_eval_shape`).

    Source: ours.

    >>> parameter_count(MLP(50, 20, hidden=(100,), key=jax.random.key(0)))
    7120
    """
    entries = (leaf for leaf in jax.tree.leaves(network) if hasattr(leaf, "dtype"))
    return sum(leaf.size for leaf in entries if jnp.issubdtype(leaf.dtype, jnp.inexact))
