"""Parts of networks against plain NumPy in double precision, every entry random: norms and biases too."""

from typing import Any

import numpy as np
import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')

import equinox as eqx
import jax
import jax.numpy as jnp

from linrep._checks import InputError
from linrep.networks._layers import Attention, Block, Feedforward, LayerNorm
from linrep.networks._mixer import MixerLayer
from linrep.networks._resnet import Convolution, GroupNorm, Residual
from tests import tolerances
from tests.networks.filled import filled

KEY = jax.random.key(0)
BUDGET = tolerances.single_precision(200, 50.0)


def rows_of(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).integers(-4, 5, shape) / 2


def found(layer: Any, rows: np.ndarray) -> np.ndarray:
    return np.asarray(eqx.filter_jit(layer)(jnp.asarray(rows, jnp.float32)))


def mapped(dense: Any, rows: np.ndarray) -> np.ndarray:
    product = rows @ np.asarray(dense.weight, np.float64)
    return product if dense.bias is None else product + np.asarray(dense.bias)


def normed(norm: LayerNorm, rows: np.ndarray) -> np.ndarray:
    spread = np.sqrt(rows.var(axis=-1, keepdims=True) + 1e-6)
    return (rows - rows.mean(axis=-1, keepdims=True)) / spread * np.asarray(norm.scale) + np.asarray(norm.shift)


def fed(layer: Feedforward, rows: np.ndarray) -> np.ndarray:
    x = mapped(layer.inner, rows)
    return mapped(layer.outer, x / 2 * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3))))


def attended(layer: Attention, rows: np.ndarray) -> np.ndarray:
    width, size = rows.shape[-1], rows.shape[-1] // layer.heads
    mixed, read = mapped(layer.mixed, rows), []
    for begin in range(0, width, size):
        query, keyed, value = (mixed[:, i * width + begin : i * width + begin + size] for i in range(3))
        weights = np.exp(query @ keyed.T / np.sqrt(size))
        read.append(weights / weights.sum(axis=1, keepdims=True) @ value)
    return mapped(layer.outer, np.concatenate(read, axis=1))


def convolved(layer: Convolution, image: np.ndarray) -> np.ndarray:
    (height, width, narrow), step = image.shape, layer.stride
    kernel = np.asarray(layer.dense.weight, np.float64).reshape(3, 3, narrow, -1)
    padded = np.pad(image, ((1, 1), (1, 1), (0, 0)))
    expected = np.zeros((-(-height // step), -(-width // step), kernel.shape[-1]))
    for i, j, a, b in np.ndindex(*expected.shape[:2], 3, 3):
        expected[i, j] += padded[step * i + a, step * j + b] @ kernel[a, b]
    return expected


def grouped(norm: GroupNorm, image: np.ndarray) -> np.ndarray:
    parts = np.split(image, norm.groups, axis=-1)
    expected = np.concatenate([(part - part.mean()) / np.sqrt(part.var() + 1e-6) for part in parts], axis=-1)
    return expected * np.asarray(norm.scale) + np.asarray(norm.shift)


@pytest.mark.parametrize("stride", [1, 2])
def test_a_convolution_is_the_sum_over_neighbours(stride: int):
    layer, view = filled(lambda: Convolution(2, 3, stride, key=KEY)), rows_of(4, 4, 2)
    assert np.array_equal(found(layer, view), convolved(layer, view))  # sums of quarters of small numbers are exact


def test_group_norm_is_its_formula():
    norm, view = filled(lambda: GroupNorm(4, 2)), rows_of(3, 3, 4)
    assert np.allclose(found(norm, view), grouped(norm, view), rtol=0, atol=BUDGET)


@pytest.mark.parametrize(("narrow", "stride"), [(4, 1), (2, 2)])
def test_a_residual_block_is_its_formula(narrow: int, stride: int):
    layer = filled(lambda: Residual(narrow, 4, stride, 2, key=KEY))
    view = rows_of(4, 4, narrow)
    inner = np.maximum(grouped(layer.norms[0], convolved(layer.convolutions[0], view)), 0)
    kept = view if narrow == 4 else mapped(layer.shortcut, view[::stride, ::stride])
    expected = np.maximum(kept + grouped(layer.norms[1], convolved(layer.convolutions[1], inner)), 0)
    assert (expected == 0).any()
    assert np.allclose(found(layer, view), expected, rtol=0, atol=BUDGET)


def test_a_constant_row_is_normalised_to_its_shift():
    norm = filled(lambda: LayerNorm(3))
    assert np.array_equal(found(norm, np.full((2, 3), 5.0)), np.asarray(norm.shift)[None].repeat(2, axis=0))


def test_a_two_layer_map_has_a_gelu_between():
    layer, rows = filled(lambda: Feedforward(4, 5, key=KEY)), rows_of(3, 4)
    budget = tolerances.single_precision(40, 10.0)  # the exact gelu is off by up to 5e-4
    assert np.allclose(found(layer, rows), fed(layer, rows), rtol=0, atol=budget)


def test_attention_is_its_formula_and_leaves_absent_tokens_out():
    layer, rows = filled(lambda: Attention(4, 2, key=KEY)), rows_of(3, 4)
    assert np.allclose(found(layer, rows), attended(layer, rows), rtol=0, atol=BUDGET)
    tokens, present = jnp.asarray(rows, jnp.float32), jnp.array([True, False, True])
    seen = eqx.filter_jit(layer)(tokens, present)
    assert np.allclose(seen[np.array([0, 2])], attended(layer, rows[[0, 2]]), rtol=0, atol=BUDGET)


def test_a_transformer_block_adds_attention_and_then_a_two_layer_map():
    layer, rows = filled(lambda: Block(4, 2, 5, key=KEY)), rows_of(3, 4)
    middle = rows + attended(layer.attention, normed(layer.norms[0], rows))
    expected = middle + fed(layer.feedforward, normed(layer.norms[1], middle))
    assert np.allclose(found(layer, rows), expected, rtol=0, atol=BUDGET)


def test_a_mixer_layer_mixes_places_and_then_channels():
    layer, rows = filled(lambda: MixerLayer(3, 4, (2, 5), key=KEY)), rows_of(3, 4)
    middle = rows + fed(layer.places, normed(layer.norms[0], rows).T).T
    expected = middle + fed(layer.channels, normed(layer.norms[1], middle))
    assert np.allclose(found(layer, rows), expected, rtol=0, atol=BUDGET)


@pytest.mark.parametrize("heads", [0, 3, 2.0])
def test_heads_divide_the_width(heads: Any):
    with pytest.raises(InputError, match=f"heads (is )?{heads}"):
        Attention(4, heads, key=KEY)
