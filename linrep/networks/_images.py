"""Images as arrays (..., h, w) or (..., h, w, c), and the same cut into square patches."""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp

from linrep._checks import positive_int, require
from linrep.networks._dense import checked_sizes

Shape = tuple[int, int, int]


def checked_shape(shape: Sequence[int], owner: str) -> Shape:
    """(h, w) or (h, w, c) as (h, w, c)."""
    sizes = checked_sizes(shape, owner=owner, name="shape")
    require(
        len(sizes) in (2, 3),
        f"{owner}: shape is {sizes}, but an image has two or three axes; pass (h, w) or (h, w, c).",
    )
    height, width, *channels = sizes
    return height, width, channels[0] if channels else 1


def checked_patch(shape: Shape, patch: int, owner: str) -> tuple[int, int]:
    """How many patches there are, and how many numbers a patch holds."""
    size = positive_int(patch, owner=owner, name="patch")
    height, width, channels = shape
    require(
        height % size == 0 and width % size == 0,
        f"{owner}: patch is {size}, but patches must tile an image of {height} x {width}; pass a divisor of both.",
    )
    return (height // size) * (width // size), size * size * channels


def channelled(views: jax.Array, shape: Shape) -> jax.Array:
    """Views with their last three axes (h, w, c), whatever came in: the last axis of a grey image may be missing.

    Raises:
        InputError: images of another size.
    """
    height, width, channels = shape
    if views.shape[-3:] == shape:
        return views
    require(
        channels == 1 and views.shape[-2:] == (height, width),
        f"networks: the views have shape {views.shape}, but the network was made for images {shape}; "
        "end the shape with these axes.",
    )
    return views[..., None]


def patches(images: jax.Array, size: int) -> jax.Array:
    """(..., h, w, c) to (..., tokens, size·size·c), patches in reading order."""
    *lead, height, width, channels = images.shape
    cut = images.reshape(*lead, height // size, size, width // size, size, channels)
    rows = jnp.moveaxis(cut, -3, -4)  # patch row, patch column, row in the patch, column in the patch, channel
    return rows.reshape(*lead, math.prod(rows.shape[-5:-3]), -1)
