"""Networks on vectors: values against plain NumPy, and how many entries they have."""

import numpy as np
import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep import networks
from linrep._checks import InputError


def test_the_linear_class_is_additive_and_counts_its_matrix():
    network = networks.Dense(5, 3, bias=False, key=jax.random.key(0))
    views = jnp.arange(10, dtype=jnp.float32).reshape(2, 5)
    assert np.array_equal(network(2 * views), 2 * network(views))  # doubling is exact in binary
    assert networks.parameter_count(network) == 5 * 3


def test_the_affine_class_has_a_constant():
    network = networks.Dense(5, 3, bias=True, key=jax.random.key(0))
    assert network.bias is not None
    assert np.array_equal(network(jnp.zeros((1, 5), jnp.float32))[0], network.bias)
    assert networks.parameter_count(network) == 5 * 3 + 3


def test_a_perceptron_is_its_formula_on_whole_numbers():
    network = networks.MLP(3, 2, hidden=(4,), key=jax.random.key(0))
    whole = jax.tree.map(lambda leaf: jnp.round(10 * leaf), network)
    first, second = whole.layers
    assert first.bias is not None
    assert second.bias is not None
    views = np.array([[1.0, -2.0, 3.0], [-4.0, 0.0, 5.0]])
    hidden = np.maximum(views @ np.asarray(first.weight) + np.asarray(first.bias), 0)
    assert (hidden == 0).any()
    expected = hidden @ np.asarray(second.weight) + np.asarray(second.bias)
    assert np.array_equal(whole(jnp.asarray(views, jnp.float32)), expected)  # sums of small whole numbers are exact
    assert networks.parameter_count(network) == 3 * 4 + 4 + 4 * 2 + 2


def test_a_head_follows_the_encoder():
    keys = jax.random.split(jax.random.key(0))
    encoder = networks.Dense(4, 3, bias=False, key=keys[0])
    network = networks.Projected(encoder, networks.Dense(3, 2, bias=False, key=keys[1]))
    views = jnp.eye(4, dtype=jnp.float32)
    assert np.array_equal(network(views), network.head(encoder(views)))  # pyright: ignore[reportCallIssue]
    assert networks.parameter_count(network) == 4 * 3 + 3 * 2
    silent = eqx.tree_at(lambda n: n.head.weight, network, jnp.zeros((3, 2), jnp.float32))
    assert not np.any(silent(views))


def test_no_dimension_below_one():
    with pytest.raises(InputError, match="in_dim is 0"):
        networks.Dense(0, 3, bias=False, key=jax.random.key(0))


def test_hidden_layers_are_a_sequence():
    with pytest.raises(InputError, match="hidden is 100"):
        networks.MLP(3, 2, hidden=100, key=jax.random.key(0))  # pyright: ignore[reportArgumentType]


def test_views_of_another_dimension_are_refused():
    network = networks.Dense(5, 3, bias=False, key=jax.random.key(0))
    with pytest.raises(InputError, match=r"the views have shape \(2, 4\), but the network reads 5"):
        network(jnp.ones((2, 4), jnp.float32))
