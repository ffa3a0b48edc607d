"""Networks on images: shapes, entries counted by hand, what permuting patches does, values against plain NumPy."""

import functools

import numpy as np
import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep import networks
from linrep._checks import InputError
from linrep.networks._images import patches
from tests import tolerances
from tests.networks.filled import filled, read

KEY = jax.random.key(0)
SMALL = {
    "ResNet": functools.partial(networks.ResNet, shape=(4, 4), widths=(4,), groups=2),
    "ViT": functools.partial(networks.ViT, shape=(4, 4), width=4, heads=2, depth=1, hidden=4),
    "Mixer": functools.partial(networks.Mixer, shape=(4, 4), width=4, depth=1, hidden=(3, 5)),
}


@functools.cache
def small(name: str, **settings: bool):
    return filled(lambda: SMALL[name](2, key=KEY, **settings))


def images(count: int = 3) -> jax.Array:
    return jax.random.normal(jax.random.key(1), (count, 4, 4), jnp.float32)


def swapped(views: jax.Array) -> jax.Array:
    """The upper and the lower half exchanged: patches 0, 1, 2, 3 become 2, 3, 0, 1."""
    return jnp.roll(views, 2, axis=-2)


@pytest.mark.parametrize("name", SMALL)
def test_a_view_is_represented_alone_as_in_a_stack(name: str):
    network, views = small(name), images()
    together = read(network, views)
    assert together.shape == (3, 2)
    assert together.dtype == jnp.float32
    assert len(np.unique(together[:, 0])) == 3
    alone = eqx.filter_jit(eqx.filter_vmap(network))(views[..., None])
    assert np.allclose(together, alone, rtol=0, atol=tolerances.single_precision(200, 10.0))


@pytest.mark.parametrize("name", SMALL)
def test_a_key_draws_the_entries(name: str):
    first, again, other = (jax.tree.leaves(SMALL[name](2, key=key)) for key in (KEY, KEY, jax.random.key(2)))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    drawn = [(a, b) for a, b in zip(first, other, strict=True) if a.size > 1 and len(np.unique(a)) > 1]
    assert drawn
    assert not any(np.array_equal(a, b) for a, b in drawn)


def test_entries_are_those_of_the_formulas():
    made = {name: eqx.filter_eval_shape(functools.partial(getattr(networks, name), 20), key=KEY) for name in SMALL}
    count = {name: networks.parameter_count(network) for name, network in made.items()}
    first, second = 2 * 9 * 16 * 16 + 4 * 16, 9 * 16 * 32 + 9 * 32 * 32 + 4 * 32 + 16 * 32
    assert count["ResNet"] == 9 * 16 + 2 * 16 + first + second + 33 * 20 == 19_972
    block = 4 * 32 * 32 + 4 * 32 + 2 * 32 * 64 + 64 + 32 + 4 * 32
    assert count["ViT"] == 5 * 32 + 16 * 32 + 2 * block + 2 * 32 + 33 * 20 == 18_484
    layer = 2 * 16 * 32 + 32 + 16 + 2 * 32 * 64 + 64 + 32 + 4 * 32
    assert count["Mixer"] == 5 * 32 + 3 * layer + 2 * 32 + 33 * 20 == 17_060
    assert max(count.values()) < 1.5 * min(count.values())


def test_patches_are_cut_in_reading_order():
    views = jnp.arange(4 * 6 * 2).reshape(1, 4, 6, 2)
    found = np.asarray(patches(views, 2))
    corners = [(i, j) for i in (0, 2) for j in (0, 2, 4)]
    expected = [np.asarray(views)[0, i : i + 2, j : j + 2].ravel() for i, j in corners]
    assert np.array_equal(found, np.array(expected)[None])


def test_without_positions_a_transformer_does_not_see_where_a_patch_is():
    network, views, order = small("ViT", positions=False), images(), [2, 3, 0, 1]
    tokens, moved = (eqx.filter_jit(network.tokens)(side) for side in (views, swapped(views)))
    budget = tolerances.single_precision(200, 10.0)
    assert np.allclose(moved, tokens[:, order], rtol=0, atol=budget)
    assert np.allclose(read(network, swapped(views)), read(network, views), rtol=0, atol=budget)


@pytest.mark.parametrize("name", SMALL)
def test_as_built_every_network_sees_where_a_patch_is(name: str):
    network = small(name)
    moved = np.abs(np.asarray(read(network, swapped(images())) - read(network, images())))
    assert moved.max() > tolerances.single_precision(200, 10.0)


@pytest.mark.parametrize("name", ["ViT", "Mixer"])
def test_with_silent_blocks_the_patches_are_embedded_normalised_averaged_and_read(name: str):
    network = small(name)
    silent = eqx.tree_at(lambda n: jax.tree.leaves(n.blocks), network, replace_fn=jnp.zeros_like)
    cut = np.asarray(patches(images()[..., None], 2), np.float64)
    rows = cut @ np.asarray(network.embedding.weight, np.float64) + np.asarray(network.embedding.bias)
    rows = rows + (np.asarray(network.positions) if name == "ViT" else 0.0)
    centred = rows - rows.mean(axis=-1, keepdims=True)
    normed = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-6)
    normed = normed * np.asarray(network.norm.scale) + np.asarray(network.norm.shift)
    expected = normed.mean(axis=1) @ np.asarray(network.out.weight, np.float64) + np.asarray(network.out.bias)
    assert np.allclose(read(silent, images()), expected, rtol=0, atol=tolerances.single_precision(100, 10.0))


def test_a_head_follows_an_encoder_of_images():
    keys = jax.random.split(KEY)
    encoder = SMALL["Mixer"](3, key=keys[0])
    network = networks.Projected(encoder, networks.Dense(3, 2, bias=False, key=keys[1]))
    assert np.allclose(
        read(network, images()),
        read(network.head, read(encoder, images())),
        rtol=0,
        atol=tolerances.single_precision(50),
    )


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: networks.ResNet(2, shape=(4,), key=KEY), "shape is"),
        (lambda: networks.ResNet(2, shape=4, key=KEY), "shape is 4"),  # pyright: ignore[reportArgumentType]
        (lambda: networks.ResNet(2, widths=16, key=KEY), "widths is 16"),  # pyright: ignore[reportArgumentType]
        (lambda: networks.Mixer(2, hidden=4, key=KEY), "hidden is 4"),  # pyright: ignore[reportArgumentType]
        (lambda: networks.Mixer(2, hidden=(4,), key=KEY), "two sizes"),  # pyright: ignore[reportArgumentType]
        (lambda: networks.ResNet(2, groups=3, key=KEY), "groups 3"),
        (lambda: networks.ResNet(2, widths=(), key=KEY), "there must be a stage"),
        (lambda: networks.ViT(2, patch=3, key=KEY), "patch is 3"),
        (lambda: networks.ViT(2, heads=5, key=KEY), "heads 5"),
        (lambda: networks.Mixer(2, depth=0, key=KEY), "depth is 0"),
        (lambda: small("Mixer")(jnp.zeros((3, 5, 4))), "the views have shape"),
    ],
)
def test_what_cannot_be_built_or_read_is_refused(make, said: str):
    with pytest.raises(InputError, match=said):
        make()
