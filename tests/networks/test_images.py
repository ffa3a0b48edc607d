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
from linrep.networks._layers import Attention, LayerNorm
from linrep.networks._resnet import Convolution, GroupNorm
from tests import tolerances

KEY = jax.random.key(0)
SMALL = {
    "ResNet": functools.partial(networks.ResNet, shape=(4, 4), widths=(4,), groups=2),
    "ViT": functools.partial(networks.ViT, shape=(4, 4), width=4, heads=2, depth=1, hidden=4),
    "Mixer": functools.partial(networks.Mixer, shape=(4, 4), width=4, depth=1, hidden=(3, 5)),
}


def images(count: int = 3) -> jax.Array:
    return jax.random.normal(jax.random.key(1), (count, 4, 4), jnp.float32)


def swapped(views: jax.Array) -> jax.Array:
    """The upper and the lower half exchanged: patches 0, 1, 2, 3 become 2, 3, 0, 1."""
    return jnp.roll(views, 2, axis=-2)


@pytest.mark.parametrize("name", SMALL)
def test_a_view_is_represented_alone_as_in_a_stack(name: str):
    network = SMALL[name](2, key=KEY)
    views = images()
    together = network(views)
    assert together.shape == (3, 2)
    assert together.dtype == jnp.float32
    assert len(np.unique(together[:, 0])) == 3
    alone = eqx.filter_vmap(network)(views[..., None])
    assert np.allclose(together, alone, rtol=0, atol=tolerances.single_precision(200, 10.0))
    assert np.array_equal(SMALL[name](2, key=KEY)(views), together)
    assert not np.array_equal(SMALL[name](2, key=jax.random.key(2))(views), together)


def test_entries_are_those_of_the_formulas():
    count = {name: networks.parameter_count(getattr(networks, name)(20, key=KEY)) for name in SMALL}
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
    network = SMALL["ViT"](2, positions=False, key=KEY)
    views, order = images(), [2, 3, 0, 1]
    budget = tolerances.single_precision(200, 10.0)
    assert np.allclose(network.tokens(swapped(views)), network.tokens(views)[:, order], rtol=0, atol=budget)
    assert np.allclose(network(swapped(views)), network(views), rtol=0, atol=budget)


@pytest.mark.parametrize("name", SMALL)
def test_as_built_every_network_sees_where_a_patch_is(name: str):
    network = SMALL[name](2, key=KEY)
    moved = np.abs(np.asarray(network(swapped(images())) - network(images())))
    assert moved.max() > tolerances.single_precision(200, 10.0)


def test_a_convolution_is_the_sum_over_neighbours():
    layer = Convolution(2, 3, 2, key=KEY)
    kernel = np.rint(10 * np.asarray(layer.dense.weight)).reshape(3, 3, 2, 3)
    whole = eqx.tree_at(lambda c: c.dense.weight, layer, jnp.asarray(kernel.reshape(18, 3), jnp.float32))
    view = np.arange(4 * 4 * 2, dtype=np.float64).reshape(4, 4, 2)
    padded = np.zeros((6, 6, 2))
    padded[1:5, 1:5] = view
    expected = np.zeros((2, 2, 3))
    for i, j, a, b in np.ndindex(2, 2, 3, 3):
        expected[i, j] += padded[2 * i + a, 2 * j + b] @ kernel[a, b]
    assert np.array_equal(whole(jnp.asarray(view, jnp.float32)), expected)  # sums of whole numbers are exact


def test_group_norm_is_its_formula():
    norm = eqx.tree_at(lambda n: (n.scale, n.shift), GroupNorm(4, 2), (jnp.arange(4.0), jnp.ones(4)))
    view = np.asarray(jax.random.normal(KEY, (3, 3, 4)), np.float64)
    halves = [view[..., :2], view[..., 2:]]
    expected = np.concatenate([(h - h.mean()) / np.sqrt(h.var() + 1e-6) for h in halves], axis=-1)
    assert np.allclose(norm(view), expected * np.arange(4) + 1, rtol=0, atol=tolerances.single_precision(50, 10.0))


def test_attention_is_its_formula():
    layer = Attention(4, 2, key=KEY)
    rows = np.asarray(jax.random.normal(KEY, (3, 4)), np.float64)
    assert layer.mixed.bias is not None
    mixed = rows @ np.asarray(layer.mixed.weight, np.float64) + np.asarray(layer.mixed.bias)
    read = []
    for head in (slice(0, 2), slice(2, 4)):
        query, keyed, value = (mixed[:, 4 * i : 4 * i + 4][:, head] for i in range(3))
        weights = np.exp(query @ keyed.T / np.sqrt(2))
        read.append(weights / weights.sum(axis=1, keepdims=True) @ value)
    expected = np.concatenate(read, axis=1) @ np.asarray(layer.outer.weight, np.float64) + np.asarray(layer.outer.bias)
    found = layer(jnp.asarray(rows, jnp.float32))
    assert np.allclose(found, expected, rtol=0, atol=tolerances.single_precision(100, 10.0))


@pytest.mark.parametrize("name", ["ViT", "Mixer"])
def test_with_silent_blocks_the_patches_are_embedded_normalised_averaged_and_read(name: str):
    network = SMALL[name](2, key=KEY)
    silent = eqx.tree_at(
        lambda n: jax.tree.leaves(getattr(n, "blocks", None) or n.layers), network, replace_fn=jnp.zeros_like
    )
    cut = np.asarray(patches(images()[..., None], 2), np.float64)
    rows = cut @ np.asarray(network.embedding.weight, np.float64) + np.asarray(network.embedding.bias)
    rows = rows + (np.asarray(network.positions) if name == "ViT" else 0.0)
    centred = rows - rows.mean(axis=-1, keepdims=True)
    normed = centred / np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-6)
    expected = normed.mean(axis=1) @ np.asarray(network.out.weight, np.float64) + np.asarray(network.out.bias)
    assert np.allclose(silent(images()), expected, rtol=0, atol=tolerances.single_precision(100, 10.0))


def test_a_constant_row_is_normalised_to_its_shift():
    norm = LayerNorm(3)
    assert np.array_equal(norm(jnp.full((2, 3), 5.0, jnp.float32)), np.zeros((2, 3)))


def test_a_head_follows_an_encoder_of_images():
    keys = jax.random.split(KEY)
    encoder = SMALL["Mixer"](3, key=keys[0])
    network = networks.Projected(encoder, networks.Dense(3, 2, bias=False, key=keys[1]))
    assert np.array_equal(network(images()), network.head(encoder(images())))  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: networks.ResNet(2, shape=(4,), key=KEY), "shape is"),
        (lambda: networks.ResNet(2, groups=3, key=KEY), "groups 3"),
        (lambda: networks.ResNet(2, widths=(), key=KEY), "there must be a stage"),
        (lambda: networks.ViT(2, patch=3, key=KEY), "patch is 3"),
        (lambda: networks.ViT(2, heads=5, key=KEY), "heads 5"),
        (lambda: networks.Mixer(2, depth=0, key=KEY), "depth is 0"),
        (lambda: SMALL["Mixer"](2, key=KEY)(jnp.zeros((3, 5, 4))), "the views have shape"),
    ],
)
def test_what_cannot_be_built_or_read_is_refused(make, said: str):
    with pytest.raises(InputError, match=said):
        make()
