"""Networks on token ids: shapes, entries counted by hand, order, padding, values against plain NumPy."""

import functools

import numpy as np
import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep import networks
from linrep._checks import InputError
from linrep.networks._transformer import waves
from tests import tolerances
from tests.networks.filled import filled, read

KEY = jax.random.key(0)
SMALL = {
    "BagOfWords": functools.partial(networks.BagOfWords, vocabulary=7, width=4),
    "GRU": functools.partial(networks.GRU, vocabulary=7, width=4),
    "Transformer": functools.partial(networks.Transformer, vocabulary=7, width=4, heads=2, depth=1, hidden=4),
}
IDS = jnp.array([[3, 1, 6], [0, 2, 2], [5, 4, 1]])
BUDGET = tolerances.single_precision(200, 10.0)


@functools.cache
def small(name: str, **settings: bool):
    return filled(lambda: SMALL[name](2, key=KEY, **settings))


@pytest.mark.parametrize("name", SMALL)
def test_a_view_is_represented_alone_as_in_a_stack(name: str):
    network = small(name)
    together = read(network, IDS)
    assert together.shape == (3, 2)
    assert together.dtype == jnp.float32
    assert np.allclose(together, eqx.filter_jit(eqx.filter_vmap(network))(IDS), rtol=0, atol=BUDGET)


@pytest.mark.parametrize("name", SMALL)
def test_padding_has_no_influence(name: str):
    network = small(name)
    padded = jnp.pad(IDS, ((0, 0), (0, 2)), constant_values=-1)
    assert np.allclose(read(network, padded), read(network, IDS), rtol=0, atol=BUDGET)
    other = jnp.where(padded < 0, -9, padded)
    assert np.array_equal(read(network, other), read(network, padded))
    assert not np.allclose(read(network, jnp.maximum(padded, 0)), read(network, IDS), rtol=0, atol=BUDGET)


@pytest.mark.parametrize("name", SMALL)
def test_a_document_of_padding_alone_has_finite_slopes(name: str):
    network = small(name)
    empty = jnp.full((1, 3), -1)
    slopes = eqx.filter_jit(eqx.filter_grad(lambda n: jnp.sum(n(empty) ** 2)))(network)
    assert all(bool(jnp.isfinite(leaf).all()) for leaf in jax.tree.leaves(slopes))


def test_the_order_matters_to_all_but_the_bag():
    order = IDS[:, ::-1]
    moved = {name: np.abs(np.asarray(read(small(name), order) - read(small(name), IDS))).max() for name in SMALL}
    assert moved["BagOfWords"] <= BUDGET
    assert moved["GRU"] > BUDGET
    assert moved["Transformer"] > BUDGET
    unplaced = small("Transformer", positions=False)
    assert np.allclose(read(unplaced, order), read(unplaced, IDS), rtol=0, atol=BUDGET)


@pytest.mark.parametrize("name", SMALL)
def test_a_key_draws_the_entries(name: str):
    first, again, other = (jax.tree.leaves(SMALL[name](2, key=key)) for key in (KEY, KEY, jax.random.key(2)))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    drawn = [(a, b) for a, b in zip(first, other, strict=True) if a.size > 1 and len(np.unique(a)) > 1]
    assert drawn
    assert not any(np.array_equal(a, b) for a, b in drawn)


def test_entries_are_those_of_the_formulas():
    makers = {name: functools.partial(getattr(networks, name), 20, vocabulary=2_000) for name in SMALL}
    count = {name: networks.parameter_count(eqx.filter_eval_shape(make, key=KEY)) for name, make in makers.items()}
    assert count["BagOfWords"] == 2_000 * 32 + 33 * 20 == 64_660
    assert count["GRU"] == 2_000 * 32 + 6 * 32 * 32 + 6 * 32 + 33 * 20 == 70_996
    block = 4 * 32 * 32 + 4 * 32 + 2 * 32 * 64 + 64 + 32 + 4 * 32
    assert count["Transformer"] == 2_000 * 32 + 2 * block + 2 * 32 + 33 * 20 == 81_812
    assert max(count.values()) < 1.5 * min(count.values())


def test_a_bag_is_the_mean_of_its_vectors():
    network = small("BagOfWords")
    table = np.asarray(network.embedding.table, np.float64)
    expected = np.array([table[[3, 1]].mean(axis=0), table[[2, 2]].mean(axis=0)])
    expected = expected @ np.asarray(network.out.weight, np.float64) + np.asarray(network.out.bias)
    found = network(jnp.array([[3, -1, 1], [2, 2, -1]]))
    assert np.allclose(found, expected, rtol=0, atol=BUDGET)


def test_a_recurrent_unit_is_its_formula():
    network = small("GRU")
    reads, recalls = (np.asarray(part.weight, np.float64) for part in (network.reads, network.recalls))
    state = np.zeros(4)
    for token in (3, 1, 6):
        new = np.asarray(network.embedding.table)[token] @ reads + np.asarray(network.reads.bias)
        old = state @ recalls + np.asarray(network.recalls.bias)
        keep, reset = (1 / (1 + np.exp(-new[i : i + 4] - old[i : i + 4])) for i in (0, 4))
        state = (1 - keep) * np.tanh(new[8:] + reset * old[8:]) + keep * state
    expected = state @ np.asarray(network.out.weight, np.float64) + np.asarray(network.out.bias)
    assert np.allclose(read(network, jnp.array([3, 1, 6])), expected, rtol=0, atol=BUDGET)


def test_places_are_waves():
    found = waves(3, 4)
    expected = [[np.sin(p), np.cos(p), np.sin(p / 100), np.cos(p / 100)] for p in range(3)]
    assert np.allclose(found, expected, rtol=0, atol=tolerances.single_precision(4))


def test_an_id_outside_the_vocabulary_shows_as_nan():
    assert np.isnan(small("BagOfWords")(jnp.array([[7, 1]]))).all()


def test_numbers_that_are_no_ids_are_refused():
    with pytest.raises(InputError, match="the ids are float32"):
        small("BagOfWords")(jnp.zeros((2, 3), jnp.float32))


@pytest.mark.parametrize("name", SMALL)
def test_a_view_without_places_is_refused(name: str):
    with pytest.raises(InputError, match=r"the ids have shape \(2, 0\)"):
        small(name)(jnp.zeros((2, 0), jnp.int32))
