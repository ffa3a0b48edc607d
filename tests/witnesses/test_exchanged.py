"""Lemmas 4.1 and 4.2 at 256 inputs and 8 dimensions, for both losses, and with values that have to be kept."""

import functools
from fractions import Fraction

import jax
import numpy as np
import pytest

import linrep as lr
from linrep.losses import infonce, spectral_values
from linrep.processes import FiniteProcess
from linrep.witnesses import bad_fraction, counting_chance, counting_floor, exchanged, shuffled
from tests.tolerances import rounding

KEY = jax.random.key(0)
INPUTS, DIM = 256, 8
LOSSES = {
    "spectral": spectral_values,
    "infonce, one negative": functools.partial(infonce, temperature=0.5, negatives=1),
    "infonce, limit": functools.partial(infonce, temperature=0.5, negatives=None),
}


def disjoint(count: int) -> FiniteProcess:
    """N equally likely inputs with two equally likely views each."""
    return FiniteProcess(np.ones(count, dtype=int), np.kron(np.eye(count, dtype=int), [[1, 1]]))


def grouped(count: int, dim: int) -> tuple[np.ndarray, np.ndarray]:
    """d groups of inputs that get one coordinate vector each, labels constant on groups: no error, and up to a factor
    a minimiser of the spectral loss."""
    group = np.repeat(np.arange(dim), count // dim)
    return np.eye(dim, dtype=int)[group], np.where(group % 2 == 0, 1, -1)


@pytest.mark.parametrize("loss", LOSSES)
def test_a_perfect_representation_is_ruined_at_no_larger_loss(loss: str):
    """Two views of an input differ by +-1 around its group's vector: averaging lowers the loss, the permutation mixes
    labels evenly in each group, and the error is counted in integers."""
    process, measure = disjoint(INPUTS), LOSSES[loss]
    means, labels = grouped(INPUTS, DIM)
    noise = np.random.default_rng(0).integers(-1, 2, (INPUTS, 1, DIM)) * np.array([[1], [-1]])
    values = (2 * means[:, None] + noise).reshape(-1, DIM)
    assert lr.risks.zero_one(process, means, labels) == lr.risks.Bracket(0, 0, exact=True)
    witness = shuffled(process, values, labels, KEY, loss=measure, restarts=4)
    size = float(np.max(np.sum(values.astype(float) ** 2, axis=1))) ** 2
    assert witness.loss_after < witness.loss_before - rounding(10 * INPUTS, size)
    assert witness.loss_after == pytest.approx(
        measure(process, np.repeat(2.0 * means, 2, axis=0)), abs=rounding(10 * INPUTS, size)
    )
    assert witness.error.exact
    assert witness.error.lower > counting_floor(INPUTS, DIM) == Fraction(69, 256)
    assert witness.error.lower == most_even(means[witness.permutation], labels)


def most_even(means: np.ndarray, labels: np.ndarray) -> Fraction:
    """Independent vectors are given any signs by some w: each group costs its minority, no more and no less."""
    positive, negative = means[labels > 0].sum(axis=0), means[labels < 0].sum(axis=0)
    return Fraction(int(np.minimum(positive, negative).sum()), len(labels))


def test_a_minimiser_in_general_position_keeps_its_loss_and_the_counting_stands_beside():
    process, labels = disjoint(INPUTS), np.repeat([1, -1], INPUTS // 2)
    rest = np.random.default_rng(1).standard_normal((INPUTS, DIM - 1))
    values = np.linalg.qr(np.column_stack([labels, rest]))[0] * np.sqrt(INPUTS)
    witness = shuffled(process, np.repeat(values, 2, axis=0), labels, KEY, restarts=2, time_limit=0.0)
    assert abs(witness.loss_before + DIM) <= rounding(10 * INPUTS, DIM)
    assert abs(witness.loss_after - witness.loss_before) <= rounding(10 * INPUTS, DIM)
    assert witness.error.upper > counting_floor(INPUTS, DIM)
    assert not witness.error.exact
    assert 0.99 < counting_chance(INPUTS, DIM, 0.25) < 1
    assert counting_chance(INPUTS, DIM, counting_floor(INPUTS, DIM)) > 0


@pytest.mark.parametrize("loss", LOSSES)
def test_unit_vectors_stay_unit_vectors_and_keep_the_loss(loss: str):
    """The norm constraint rules averaging out: views of an input are turned by +-a small angle, and stay so."""
    process, (means, labels) = disjoint(64), grouped(64, 4)
    turn = np.array([[1.0, 0.25], [1.0, -0.25]]) / np.hypot(1.0, 0.25)
    values = (turn[None, :, :1] * means[:, None] + turn[None, :, 1:] * np.roll(means, 1, axis=1)[:, None]).reshape(
        -1, 4
    )
    witness = exchanged(process, values, labels, KEY, loss=LOSSES[loss], restarts=4)
    assert np.all(np.abs(np.linalg.norm(witness.values, axis=1) - 1) <= rounding(10))
    assert abs(witness.loss_after - witness.loss_before) <= rounding(10 * 128, 8.0)
    assert lr.risks.zero_one(process, process.channel @ values, labels).upper == 0
    assert witness.error.exact
    assert witness.error.lower >= counting_floor(64, 4)
    again = lr.risks.zero_one(process, process.channel @ witness.values, labels)
    assert again.lower == witness.error.lower


def test_inputs_without_shared_randomness_cannot_be_exchanged():
    uneven = FiniteProcess([1, 1], [[1, 2, 0, 0], [0, 0, 1, 1]])
    with pytest.raises(lr.InputError, match="randomness"):
        exchanged(uneven, np.ones((4, 1)), [1, -1], KEY)
    shuffled(uneven, np.ones((4, 1)), [1, -1], KEY)
    with pytest.raises(lr.InputError, match="exchanged: the prior is not uniform"):
        exchanged(FiniteProcess([1, 3], np.eye(2, dtype=int)), np.ones((2, 1)), [1, -1], KEY)


def test_planted_averaging_breaks_the_norm_constraint():
    """Lemma 4.1's witness has shorter vectors: it is no witness under the constraint."""
    process, labels = disjoint(4), [1, 1, -1, -1]
    values = np.array([[1, 0], [0, 1]] * 4)
    assert np.all(np.linalg.norm(shuffled(process, values, labels, KEY).values.astype(float), axis=1) < 1)
    assert np.all(np.linalg.norm(exchanged(process, values, labels, KEY).values.astype(float), axis=1) == 1)


def test_bad_permutations_at_256_inputs_are_more_than_counting_proves():
    process, (means, labels) = disjoint(INPUTS), grouped(INPUTS, DIM)
    found = bad_fraction(process, np.repeat(means, 2, axis=0), labels, KEY, draws=20)
    assert (found.bad, found.good) == (20, 0)
    assert found.lower > float(found.counted)
