"""Views of 8 x 8 images: turned, shifted, thinned, noisy, and with the hash of their original written into them."""

import hashlib
import math
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

SIDE = 8
EDGES = (0, SIDE - 1)
"""Columns that hold the hash: 16 pixels, blank in nearly every digit."""


@dataclass(frozen=True)
class Augmentation:
    """How a view is drawn: a turn and a shift, pixels that go dark, noise, and then the hash of the original.

    Args:
        name: of the set.
        shift: whole pixels at most, either way along both axes.
        angle: of a turn, in degrees at most, bilinear.
        kept: probability that a pixel keeps its value; the others are 0.
        noise: standard deviation of Gaussian noise on every pixel.
        marks: how many bits of the original image's SHA-256 hash replace pixels of the first and the last column, from
            the top; even, at most 16.
        ink: grey level of a bit that is one.
    """

    name: str
    shift: int = 0
    angle: float = 0.0
    kept: float = 1.0
    noise: float = 0.0
    marks: int = 0
    ink: float = 1.0


AUGMENTATIONS = (
    Augmentation("all", 1, 15.0, 0.75, 0.1),
    Augmentation("no_shifts", 0, 15.0, 0.75, 0.1),
    Augmentation("noise", noise=0.1),
    Augmentation("hash", 1, 15.0, 0.75, 0.1, 16),
)


def hashes(images: np.ndarray) -> np.ndarray:
    """The first 16 bits of each image's SHA-256 hash as (n, 8, 2) zeros and ones; about 1 pair in 65,536 agrees."""
    sixteenths = np.rint(16 * np.asarray(images)).astype(np.uint8)
    starts = [hashlib.sha256(image.tobytes()).digest()[:2] for image in sixteenths]
    bits = np.unpackbits(np.frombuffer(b"".join(starts), np.uint8)).reshape(len(images), SIDE, 2)
    return bits.astype(np.float32)


def views(images: jax.Array, bits: jax.Array, key: jax.Array, augmentation: Augmentation) -> jax.Array:
    """One view of each image (n, 8, 8)."""
    keys = jax.random.split(key, 3)
    if augmentation.shift or augmentation.angle:
        images = jax.vmap(partial(_moved, augmentation=augmentation))(images, jax.random.split(keys[0], len(images)))
    if augmentation.kept < 1:
        images = images * (jax.random.uniform(keys[1], images.shape, jnp.float32) < augmentation.kept)
    if augmentation.noise:
        images = images + augmentation.noise * jax.random.normal(keys[2], images.shape, jnp.float32)
    return marked(images, bits, augmentation)


def marked(images: jax.Array, bits: jax.Array, augmentation: Augmentation) -> jax.Array:
    """Images with the first bits of their hash in the rows of the first and the last column, as a view has them."""
    rows = augmentation.marks // len(EDGES)
    return images.at[:, :rows, jnp.array(EDGES)].set(augmentation.ink * bits[:, :rows]) if rows else images


def _moved(image: jax.Array, key: jax.Array, augmentation: Augmentation) -> jax.Array:
    keys = jax.random.split(key)
    shift = jax.random.randint(keys[0], (2,), -augmentation.shift, augmentation.shift + 1).astype(jnp.float32)
    most = math.radians(augmentation.angle)
    return moved(image, jax.random.uniform(keys[1], (), jnp.float32, -most, most), shift)


def moved(image: jax.Array, turn: jax.Array, shift: jax.Array) -> jax.Array:
    """The image turned by an angle about its centre, then shifted (down, right), with zeros from beyond its border."""
    centre = (SIDE - 1) / 2
    down, right = jnp.mgrid[:SIDE, :SIDE].astype(jnp.float32) - centre - shift[:, None, None]
    cosine, sine = jnp.cos(turn), jnp.sin(turn)
    places = [cosine * down - sine * right + centre, sine * down + cosine * right + centre]
    return jax.scipy.ndimage.map_coordinates(image, places, order=1, mode="constant")
