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

KEY = jax.random.key(0)
SMALL = {
    "BagOfWords": functools.partial(networks.BagOfWords, vocabulary=7, width=4),
    "GRU": functools.partial(networks.GRU, vocabulary=7, width=4),
    "Transformer": functools.partial(networks.Transformer, vocabulary=7, width=4, heads=2, depth=1, hidden=4),
}
IDS = jnp.array([[3, 1, 6], [0, 2, 2], [5, 4, 1]])
BUDGET = tolerances.single_precision(200, 10.0)


@pytest.mark.parametrize("name", SMALL)
def test_a_view_is_represented_alone_as_in_a_stack(name: str):
    network = SMALL[name](2, key=KEY)
    together = network(IDS)
    assert together.shape == (3, 2)
    assert together.dtype == jnp.float32
    assert np.allclose(together, eqx.filter_vmap(network)(IDS), rtol=0, atol=BUDGET)
    assert np.array_equal(SMALL[name](2, key=KEY)(IDS), together)
    assert not np.array_equal(SMALL[name](2, key=jax.random.key(2))(IDS), together)


@pytest.mark.parametrize("name", SMALL)
def test_padding_has_no_influence(name: str):
    network = SMALL[name](2, key=KEY)
    padded = jnp.pad(IDS, ((0, 0), (0, 2)), constant_values=-1)
    assert np.allclose(network(padded), network(IDS), rtol=0, atol=BUDGET)
    other = jnp.where(padded < 0, -9, padded)
    assert np.array_equal(network(other), network(padded))
    assert not np.allclose(network(jnp.maximum(padded, 0)), network(IDS), rtol=0, atol=BUDGET)


@pytest.mark.parametrize("name", SMALL)
def test_a_document_of_padding_alone_has_finite_slopes(name: str):
    network = SMALL[name](2, key=KEY)
    empty = jnp.full((1, 3), -1)
    slopes = eqx.filter_grad(lambda n: jnp.sum(n(empty) ** 2))(network)
    assert all(bool(jnp.isfinite(leaf).all()) for leaf in jax.tree.leaves(slopes))


def test_the_order_matters_to_all_but_the_bag():
    order = IDS[:, ::-1]
    moved = {
        name: np.abs(np.asarray(make(2, key=KEY)(order) - make(2, key=KEY)(IDS))).max() for name, make in SMALL.items()
    }
    assert moved["BagOfWords"] <= BUDGET
    assert moved["GRU"] > BUDGET
    assert moved["Transformer"] > BUDGET
    unplaced = SMALL["Transformer"](2, positions=False, key=KEY)
    assert np.allclose(unplaced(order), unplaced(IDS), rtol=0, atol=BUDGET)


def test_entries_are_those_of_the_formulas():
    count = {name: networks.parameter_count(getattr(networks, name)(20, vocabulary=2_000, key=KEY)) for name in SMALL}
    assert count["BagOfWords"] == 2_000 * 32 + 33 * 20 == 64_660
    assert count["GRU"] == 2_000 * 32 + 6 * 32 * 32 + 6 * 32 + 33 * 20 == 70_996
    block = 4 * 32 * 32 + 4 * 32 + 2 * 32 * 64 + 64 + 32 + 4 * 32
    assert count["Transformer"] == 2_000 * 32 + 2 * block + 2 * 32 + 33 * 20 == 81_812
    assert max(count.values()) < 1.5 * min(count.values())


def test_a_bag_is_the_mean_of_its_vectors():
    network = SMALL["BagOfWords"](2, key=KEY)
    table = np.asarray(network.embedding.table, np.float64)
    expected = np.array([table[[3, 1]].mean(axis=0), table[[2, 2]].mean(axis=0)])
    expected = expected @ np.asarray(network.out.weight, np.float64) + np.asarray(network.out.bias)
    found = network(jnp.array([[3, -1, 1], [2, 2, -1]]))
    assert np.allclose(found, expected, rtol=0, atol=BUDGET)


def test_a_recurrent_unit_is_its_formula():
    network = SMALL["GRU"](2, key=KEY)
    reads, recalls = (np.asarray(part.weight, np.float64) for part in (network.reads, network.recalls))
    state = np.zeros(4)
    for token in (3, 1, 6):
        new = np.asarray(network.embedding.table)[token] @ reads + np.asarray(network.reads.bias)
        old = state @ recalls + np.asarray(network.recalls.bias)
        keep, reset = (1 / (1 + np.exp(-new[i : i + 4] - old[i : i + 4])) for i in (0, 4))
        state = (1 - keep) * np.tanh(new[8:] + reset * old[8:]) + keep * state
    expected = state @ np.asarray(network.out.weight, np.float64) + np.asarray(network.out.bias)
    assert np.allclose(network(jnp.array([3, 1, 6])), expected, rtol=0, atol=BUDGET)


def test_places_are_waves():
    found = waves(3, 4)
    expected = [[np.sin(p), np.cos(p), np.sin(p / 100), np.cos(p / 100)] for p in range(3)]
    assert np.allclose(found, expected, rtol=0, atol=tolerances.single_precision(4))


def test_an_id_outside_the_vocabulary_shows_as_nan():
    assert np.isnan(SMALL["BagOfWords"](2, key=KEY)(jnp.array([[7, 1]]))).all()


def test_numbers_that_are_no_ids_are_refused():
    with pytest.raises(InputError, match="the ids are float32"):
        SMALL["BagOfWords"](2, key=KEY)(jnp.zeros((2, 3), jnp.float32))
