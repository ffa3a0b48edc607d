"""Exchanging values view by view: the loss and every value stay, only the labels are ruined."""

from fractions import Fraction

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep.bounds import saunshi22
from linrep.evaluate import Status, actual, evaluate, judge
from linrep.gallery import disjoint_pairs
from linrep.losses import infonce
from linrep.witnesses import counting_floor, shares_randomness, shuffled, transported
from tests.tolerances import rounding


@st.composite
def shared(draw):
    """Inputs with the same probabilities over views of their own, listed in any order."""
    count, weights = draw(st.integers(2, 6)), draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
    table = np.zeros((count, count * len(weights)), dtype=int)
    order = draw(st.permutations(range(count * len(weights))))
    for i in range(count):
        own = draw(st.permutations(weights))
        table[i, [order[i * len(weights) + j] for j in range(len(weights))]] = np.array(own) * draw(st.integers(1, 3))
    return lr.processes.FiniteProcess([1] * count, table)


@settings(max_examples=150, deadline=None)
@given(process=shared(), data=st.data())
def test_losses_and_values_stay_exactly(process, data):
    assert shares_randomness(process)
    flat = data.draw(st.lists(st.integers(-3, 3), min_size=2 * process.n_views, max_size=2 * process.n_views))
    values = np.array([Fraction(v) for v in flat], dtype=object).reshape(-1, 2)
    permutation = np.array(data.draw(st.permutations(range(process.n_inputs))))
    moved = transported(process, values, permutation)
    assert sorted(map(tuple, moved)) == sorted(map(tuple, values))
    exact = process.weights
    prior, channel = exact.prior_fractions(), exact.channel_fractions()
    mass, law = prior @ channel, channel.T @ (prior[:, None] * channel)

    def loss(f):
        products = f @ f.T
        return -2 * np.sum(law * products) + np.sum(np.outer(mass, mass) * products**2)

    assert loss(moved) == loss(values)
    assert np.all(channel @ moved == (channel @ values)[permutation])
    before, after = (infonce(process, f.astype(float), temperature=2.0, negatives=None) for f in (values, moved))
    assert abs(before - after) <= rounding(1000, 1 + abs(before))


def test_unequal_probabilities_or_shared_views_are_no_shared_randomness():
    uneven = lr.processes.FiniteProcess([1, 1], [[1, 2, 0, 0], [0, 0, 1, 1]])
    assert not shares_randomness(uneven)
    with pytest.raises(ValueError, match="randomness"):
        transported(uneven, np.ones((4, 1)), np.array([1, 0]))
    meeting = lr.processes.FiniteProcess([1, 1], [[1, 1], [1, 1]])
    assert shares_randomness(meeting)
    with pytest.raises(ValueError, match="disjoint"):
        transported(meeting, np.ones((2, 1)), np.array([1, 0]))


def test_a_unit_norm_representation_is_ruined_at_equal_loss():
    """Sixteen inputs on the circle: the search finds a permutation, the values stay on the circle, labels are lost."""
    base = disjoint_pairs()
    angles = np.repeat(np.arange(16), 2) * np.pi / 8
    unit = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    labels = base.label.targets(base.process.inputs).astype(int)
    witness = shuffled(base.process, unit, labels, jax.random.key(0))
    moved = transported(base.process, unit, witness.permutation)
    assert np.all(np.abs(np.linalg.norm(moved, axis=1) - 1.0) <= rounding(8))
    before, after = (lr.losses.spectral(base.moments, f) for f in (unit, moved))
    assert abs(before - after) <= rounding(2000)
    assert lr.risks.zero_one(base.process, base.process.channel @ moved, labels).lower >= counting_floor(16, 2)


def test_the_theorem_holds_on_pairs_and_needs_shared_randomness():
    theorem, problem = saunshi22.CONSTRAINED_LOWER_BOUND, disjoint_pairs()
    bound = evaluate(theorem, problem)
    assert judge(theorem, bound, actual(theorem, problem)) is Status.HOLDS
    assert bound.value == 0.25
    table = np.kron(np.eye(16, dtype=int), np.ones((1, 2), dtype=int))
    table[0, 0] = 2
    uneven = lr.Problem(lr.processes.FiniteProcess([1] * 16, table), problem.features, problem.labels, dim=2)
    assert evaluate(theorem, uneven).hypotheses["shared_randomness"] is False
