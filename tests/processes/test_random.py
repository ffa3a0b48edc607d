"""The generator of random exact processes keeps its promises."""

from fractions import Fraction

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linrep import InputError
from linrep.processes import random_process

SIZES = st.tuples(st.integers(1, 7), st.integers(0, 6)).map(lambda t: (t[0], t[0] + t[1]))
SEEDS = st.integers(0, 2**32 - 1)


@given(SEEDS, SIZES, st.sampled_from(["generic", "disjoint", "class_conditional"]))
def test_kinds(seed, sizes, kind):
    p = random_process(jax.random.key(seed), *sizes, kind, largest_weight=5)
    assert p.exact
    assert (p.n_inputs, p.n_views) == sizes
    assert max(p.weights.prior) <= 5
    if kind == "disjoint":
        assert p.disjoint
        assert p.identification_error == 0
    if kind == "class_conditional":
        rows = p.weights.channel_fractions()
        for i in range(p.n_inputs):
            for j in range(i):
                assert p.inputs[i] != p.inputs[j] or list(rows[i]) == list(rows[j])
        assert set(p.inputs.tolist()) == set(range(max(p.inputs) + 1))


@given(SEEDS, SIZES, st.integers(0, 60))
def test_nearly_disjoint_has_exactly_the_asked_identification_error(seed, sizes, hundredths):
    n_inputs, n_views = sizes[0] + 1, sizes[1] + 1
    key, tau = jax.random.key(seed), Fraction(hundredths, 100)
    highest = 1 - max(random_process(key, n_inputs, n_views, "disjoint").weights.prior_fractions())
    tau = min(tau, highest)
    p = random_process(key, n_inputs, n_views, "near_disjoint", tau=tau)
    assert p.identification_error == tau
    assert p.disjoint == (tau == 0)
    assert p.n_views == n_views


def test_the_key_decides():
    first, second, other = (random_process(jax.random.key(k), 3, 4) for k in (0, 0, 1))
    assert np.array_equal(first.channel, second.channel)
    assert not np.array_equal(first.channel, other.channel)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"kind": "odd"}, "kind is 'odd'"),
        ({"kind": "disjoint", "n_views": 2}, "at least 3 views"),
        ({"kind": "near_disjoint"}, "tau is None"),
        ({"kind": "generic", "tau": Fraction(1, 2)}, "tau is 1/2"),
        ({"kind": "near_disjoint", "tau": Fraction(1)}, "tau is 1"),
        ({"kind": "near_disjoint", "tau": 0.1}, "a Fraction"),
        ({"kind": "generic", "n_inputs": 0}, "n_inputs is 0"),
        ({"kind": "generic", "largest_weight": 0}, "largest_weight is 0"),
    ],
)
def test_refusals(options, words):
    with pytest.raises(InputError, match=words):
        random_process(jax.random.key(0), **({"n_inputs": 3, "n_views": 4} | options))
