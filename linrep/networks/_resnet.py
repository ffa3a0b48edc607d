"""A residual convolutional network for small images."""

from collections.abc import Sequence

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep._checks import positive_int, require
from linrep.networks._dense import Dense, checked_sizes
from linrep.networks._images import Shape, channelled, checked_shape
from linrep.networks._layers import standardised


class ResNet(eqx.Module):
    """A 3x3 convolution, stages of residual blocks, the mean over pixels, and a linear map to the representation.

    A block is relu(x + g(conv(relu(g(conv(x)))))) with g a group norm; its first convolution halves the image at the
    start of every stage but the first, where a 1x1 convolution brings x to the new shape. Group norm stands in for the
    batch norm of the source, so that the representation of a view does not depend on the rest of its batch.

    Views: (..., h, w) or (..., h, w, c); representations: (..., d). With s = 9, an input of c channels and widths
    w₁, w₂, …, one block a stage: s·c·w₁ + 2w₁ + Σ over stages (s·w·(v + w) + 4w + [v ≠ w or halved] v·w) + w·d + d
    entries, v the width before; 19,972 by default with d = 20 (`ViT` 18,484, `Mixer` 17,060).

    Args:
        out_dim: the dimension d.
        shape: (h, w) or (h, w, c) of a view.
        widths: channels of each stage.
        blocks: residual blocks in a stage.
        groups: of channels that are normalised together; divides every width.
        key: a JAX random key; every map starts uniform on ±1/√(number of its inputs).

    Raises:
        InputError: a size below one, a shape of other than two or three axes, or groups that do not divide a width.

    Source: He et al. 2016, Section 3; group norm: Wu and He 2018.

    >>> network = ResNet(2, shape=(4, 4), widths=(4,), groups=2, key=jax.random.key(0))
    >>> network(jnp.ones((3, 4, 4))).shape
    (3, 2)
    """

    stem: "Convolution"
    norm: "GroupNorm"
    stages: tuple["Residual", ...]
    out: Dense
    shape: Shape = eqx.field(static=True)

    def __init__(
        self,
        out_dim: int,
        *,
        shape: Sequence[int] = (8, 8),
        widths: Sequence[int] = (16, 32),
        blocks: int = 1,
        groups: int = 4,
        key: jax.Array,
    ):
        self.shape = checked_shape(shape, "ResNet")
        many = positive_int(blocks, owner="ResNet", name="blocks")
        sizes = _checked_widths(widths, positive_int(groups, owner="ResNet", name="groups"))
        plan = [(width, 2 if stage and not i else 1) for stage, width in enumerate(sizes) for i in range(many)]
        keys = jax.random.split(key, len(plan) + 2)
        before = (sizes[0], *(width for width, _ in plan[:-1]))
        self.stem = Convolution(self.shape[2], sizes[0], 1, key=keys[0])
        self.norm = GroupNorm(sizes[0], groups)
        self.stages = tuple(
            Residual(narrow, wide, stride, groups, key=k)
            for narrow, (wide, stride), k in zip(before, plan, keys[2:], strict=True)
        )
        self.out = Dense(sizes[-1], out_dim, bias=True, key=keys[1])

    def __call__(self, views: jax.Array) -> jax.Array:
        images = jax.nn.relu(self.norm(self.stem(channelled(views, self.shape))))
        for block in self.stages:
            images = block(images)
        return self.out(images.mean(axis=(-3, -2)))


class Convolution(eqx.Module):
    """A 3x3 convolution without bias, zeros beyond the border: a product with the nine shifted images side by side."""

    dense: Dense
    stride: int = eqx.field(static=True)

    def __init__(self, narrow: int, wide: int, stride: int, *, key: jax.Array):
        self.dense = Dense(9 * narrow, wide, bias=False, key=key)
        self.stride = stride

    def __call__(self, images: jax.Array) -> jax.Array:
        *lead, height, width, _ = images.shape
        padded = jnp.pad(images, [(0, 0)] * len(lead) + [(1, 1), (1, 1), (0, 0)])
        step = self.stride
        shifted = [padded[..., i : i + height : step, j : j + width : step, :] for i in range(3) for j in range(3)]
        return self.dense(jnp.concatenate(shifted, axis=-1))


class GroupNorm(eqx.Module):
    """Mean 0 and variance 1 over all pixels and the channels of a group, then a scale and a shift for each channel."""

    scale: jax.Array
    shift: jax.Array
    groups: int = eqx.field(static=True)

    def __init__(self, width: int, groups: int):
        self.scale, self.shift = jnp.ones(width, jnp.float32), jnp.zeros(width, jnp.float32)
        self.groups = groups

    def __call__(self, images: jax.Array) -> jax.Array:
        grouped = images.reshape(*images.shape[:-1], self.groups, -1)
        return standardised(grouped, (-4, -3, -1)).reshape(images.shape) * self.scale + self.shift


class Residual(eqx.Module):
    """relu(x + norm(conv(relu(norm(conv(x)))))), x brought to the new shape where that changes."""

    convolutions: tuple[Convolution, Convolution]
    norms: tuple[GroupNorm, GroupNorm]
    shortcut: Dense | None

    def __init__(self, narrow: int, wide: int, stride: int, groups: int, *, key: jax.Array):
        keys = jax.random.split(key, 3)
        self.convolutions = Convolution(narrow, wide, stride, key=keys[0]), Convolution(wide, wide, 1, key=keys[1])
        self.norms = GroupNorm(wide, groups), GroupNorm(wide, groups)
        changed = stride > 1 or narrow != wide
        self.shortcut = Dense(narrow, wide, bias=False, key=keys[2]) if changed else None

    def __call__(self, images: jax.Array) -> jax.Array:
        first, second = self.convolutions
        inner = self.norms[1](second(jax.nn.relu(self.norms[0](first(images)))))
        step = first.stride
        kept = images if self.shortcut is None else self.shortcut(images[..., ::step, ::step, :])
        return jax.nn.relu(kept + inner)


def _checked_widths(widths: Sequence[int], groups: int) -> tuple[int, ...]:
    sizes = checked_sizes(widths, owner="ResNet", name="widths")
    require(
        len(sizes) > 0 and all(size % groups == 0 for size in sizes),
        f"ResNet: widths is {sizes} and groups {groups}, but there must be a stage and groups must divide every width; "
        "pass multiples of groups.",
    )
    return sizes
