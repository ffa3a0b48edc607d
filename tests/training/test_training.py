"""Losses against their formulas, resumed against unbroken runs, seeds together against seeds alone."""

import math
from functools import partial

import numpy as np
import pytest

from tests import tolerances

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("optax", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("sklearn", reason='needs the extra: pip install "linrep[experiments]"')

import jax
import jax.numpy as jnp

from linrep import networks
from linrep._checks import InputError
from linrep.training import Adam, Experiment, in_batch_infonce, in_batch_spectral, train


def pairs(data, key, size):
    inputs, noise = jax.random.split(key)
    centre = jax.random.normal(inputs, (size, 3), jnp.float32)
    return tuple(centre + 0.3 * jax.random.normal(noise, (2, size, 3), jnp.float32))


def tiny(loss=in_batch_spectral):
    return Experiment(
        "tiny", lambda key: networks.MLP(3, 2, hidden=(4,), key=key), lambda key: (), pairs, loss,
        measure=lambda network, data: {}, adam=Adam(1e-2, weight_decay=1e-3), batch=8,
    )  # fmt: skip


def brute_infonce(first, second, temperature):
    views = np.concatenate([first, second])
    views = views / np.linalg.norm(views, axis=1, keepdims=True)
    total, count = 0.0, len(views)
    for i in range(count):
        scores = [views[i] @ views[j] / temperature for j in range(count) if j != i]
        total += math.log(sum(map(math.exp, scores))) - views[i] @ views[(i + count // 2) % count] / temperature
    return total / count


def close(value, expected, size):
    """Float64 sums of `size` terms, by two orders of summation."""
    scale = max(1.0, float(np.max(np.abs(expected))))
    return float(np.max(np.abs(np.asarray(value) - expected))) <= 16 * size**2 * np.finfo(np.float64).eps * scale


def test_infonce_is_its_formula():
    first, second = np.random.default_rng(0).standard_normal((2, 6, 3))
    assert close(in_batch_infonce(jnp.asarray(first), jnp.asarray(second), 0.5), brute_infonce(first, second, 0.5), 12)


def test_infonce_with_the_view_itself_among_the_negatives_is_seen():
    first, second = np.random.default_rng(0).standard_normal((2, 6, 3))
    views = np.concatenate([first, second]) / np.linalg.norm(np.concatenate([first, second]), axis=1, keepdims=True)
    scores = views @ views.T / 0.5
    wrong = np.mean(np.log(np.exp(scores).sum(axis=1)) - np.diagonal(np.roll(scores, 6, axis=1)))
    assert not close(in_batch_infonce(jnp.asarray(first), jnp.asarray(second), 0.5), wrong, 12)


def plain_infonce(first, second, temperature):
    """The formula with its maximum subtracted, differentiated by JAX."""
    views = jnp.concatenate([first, second])
    views = views / jnp.linalg.norm(views, axis=1, keepdims=True)
    scores = jnp.where(jnp.eye(len(views), dtype=bool), -jnp.inf, views @ views.T / temperature)
    positive = jnp.sum(views * jnp.roll(views, len(first), axis=0), axis=1) / temperature
    return jnp.mean(jax.nn.logsumexp(scores, axis=1) - positive)


def loss_and_slopes(loss, temperature, first, second):
    value, slopes = jax.jit(jax.value_and_grad(partial(loss, temperature=temperature), argnums=(0, 1)))(first, second)
    return value, jnp.stack(slopes)


def test_infonce_gradient_is_that_of_the_plain_formula():
    first, second = jnp.asarray(np.random.default_rng(1).standard_normal((2, 5, 3)))
    ours, expected = (loss_and_slopes(loss, 0.5, first, second)[1] for loss in (in_batch_infonce, plain_infonce))
    assert close(ours, np.asarray(expected), 10)


@pytest.mark.parametrize("temperature", [0.5, 0.05, 0.025])
def test_infonce_in_single_precision_keeps_small_temperatures(temperature):
    """A view's own term, e^(1/t), is up to e^40 times the others: subtracted from their sum, it leaves nothing."""
    pairs, noise = np.random.default_rng(3).standard_normal((2, 8, 4))
    sides = (pairs.astype(np.float32), (pairs + 0.3 * noise).astype(np.float32))
    loss, slopes = loss_and_slopes(in_batch_infonce, temperature, *map(jnp.asarray, sides))
    exact, exact_slopes = loss_and_slopes(
        plain_infonce, temperature, *(jnp.asarray(side, jnp.float64) for side in sides)
    )
    operations = 2 * (4 + 4) + 16  # two unit vectors, their product, and a sum over 16 views
    shortest = min(float(np.linalg.norm(row)) for side in sides for row in side)  # the slope of z/|z| is 1/|z|
    assert loss.dtype == jnp.float32
    assert abs(float(loss - exact)) <= tolerances.single_precision(operations, 2 / temperature)
    worst = tolerances.single_precision(operations, (2 / temperature) ** 2 / shortest)
    assert float(np.max(np.abs(slopes - exact_slopes))) <= worst


def test_spectral_loss_is_its_double_sum():
    first, second = np.random.default_rng(2).standard_normal((2, 5, 3))
    squares = [(first[i] @ second[j]) ** 2 for i in range(5) for j in range(5) if i != j]
    expected = -2 * np.mean([first[i] @ second[i] for i in range(5)]) + np.mean(squares)
    assert close(in_batch_spectral(jnp.asarray(first), jnp.asarray(second)), expected, 25)


@pytest.fixture(scope="module")
def whole():
    return train(tiny(), seeds=[0, 1], records=[4, 200])


@pytest.fixture(scope="module")
def resumed(tmp_path_factory):
    """The same run, cut off after its first row and taken up again; and its checkpoint."""
    file = tmp_path_factory.mktemp("run") / "run.npz"
    train(tiny(), seeds=[0, 1], records=[4], checkpoint=file)
    return train(tiny(), seeds=[0, 1], records=[4, 200], checkpoint=file), file


def test_a_resumed_run_is_the_unbroken_one_bit_for_bit(whole, resumed):
    found, _ = resumed
    assert found.trajectory.rows == whole.trajectory.rows
    for a, b in zip(jax.tree.leaves(found.networks), jax.tree.leaves(whole.networks), strict=True):
        assert np.array_equal(a, b)
        assert a.dtype == np.float32


def test_the_record_has_the_time_of_both_parts(whole, resumed):
    for run in (whole, resumed[0]):
        assert run.trajectory.record["processor_seconds"] > 0
        assert run.trajectory.record["seconds"] > 0
    again = train(tiny(), seeds=[0, 1], records=[4, 200], checkpoint=resumed[1])  # nothing is left to do
    assert again.trajectory.record["seconds"] == resumed[0].trajectory.record["seconds"]


def test_a_checkpoint_of_another_run_is_refused(resumed):
    with pytest.raises(InputError, match="belongs to the run"):
        train(tiny(), seeds=[1, 0], records=[4], checkpoint=resumed[1])


def test_a_file_that_is_no_checkpoint_is_refused(tmp_path):
    (tmp_path / "run.npz").write_text("no archive")
    with pytest.raises(InputError, match="not a checkpoint"):
        train(tiny(), seeds=[0, 1], records=[4], checkpoint=tmp_path / "run.npz")


def test_a_seed_does_not_depend_on_the_others(whole):
    alone = train(tiny(), seeds=[1], records=[4]).trajectory.column("train_loss")[0]
    together = whole.trajectory.where(seed=1, step=4).column("train_loss")[0]
    assert abs(together - alone) <= tolerances.single_precision_steps(4, 8)


def test_training_lowers_the_loss(whole):
    losses = whole.trajectory.where(seed=0).column("train_loss")
    assert losses[1] < losses[0]
