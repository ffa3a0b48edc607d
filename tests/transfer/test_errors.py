"""The bracket of the 0-1 error's transfer function: closed values, random representations, witnesses recounted."""

from fractions import Fraction

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep.witnesses import shuffled
from tests.tolerances import root_budget, rounding

READOUTS = ("mean", "augmented")


def measured(process, values, labels, readout: str) -> lr.risks.Bracket:
    if readout == "augmented":
        return lr.risks.zero_one_augmented(process, values, labels)
    return lr.risks.zero_one(process, process.channel @ values, labels)


@st.composite
def labelled(draw):
    """A small process with labels of both signs, and a class of functions on its views."""
    count, views = draw(st.integers(2, 5)), draw(st.integers(2, 6))
    rows = st.lists(st.integers(0, 4), min_size=views, max_size=views).filter(any)
    process = lr.processes.FiniteProcess(
        draw(st.lists(st.integers(1, 3), min_size=count, max_size=count)),
        np.array(draw(st.lists(rows, min_size=count, max_size=count))),
    )
    labels = draw(st.lists(st.sampled_from([-1, 1]), min_size=count, max_size=count).filter(lambda y: len(set(y)) > 1))
    table = np.random.default_rng(draw(st.integers(0, 2**16))).integers(-2, 3, (process.n_views, 3))
    table[0, 0] = 1
    chosen = draw(st.sampled_from([lr.features.OneHot(), lr.features.Custom(lambda x: table, 3)]))
    return process, chosen, labels


@settings(max_examples=25, deadline=None)
@given(labelled(), st.integers(1, 3), st.sampled_from(READOUTS), st.integers(0, 2**16))
def test_no_representation_errs_more_than_the_upper_curve(problem, dim: int, readout, seed: int):
    process, features, labels = problem
    moments = lr.moments.population(process, features, lr.labels.Table(labels, kind="sign"))
    rng, best = np.random.default_rng(seed), lr.solve(moments, dim=dim).weights
    drawn = [best, *(best + s * rng.integers(-3, 4, best.shape) for s in (0.01, 0.1, 1.0))]
    losses = np.array([lr.losses.spectral(moments, w) for w in drawn])
    error = lr.solutions.spectrum(moments).error
    found = lr.transfer.zero_one(
        process, features, labels, dim=dim, losses=losses + 8 * dim * error, readout=readout, time_limit=1.0
    )
    values = features(process.views)
    for weights, upper in zip(drawn, found.upper, strict=True):
        # a risk of the curve is known to the root of the eigenvalues' error
        assert measured(process, values @ weights, labels, readout).lower <= upper + 8 * np.sqrt(dim * error)
    assert np.all(found.lower <= found.upper + 8 * np.sqrt(dim * error))
    np.testing.assert_array_equal(found.upper, np.minimum(found.by_regression, found.by_margin))


def test_margins_settle_what_the_squared_error_cannot():
    """h = E[label | x] is +-1/2, wrong with probability 1/4; the squared error of the whole class is 3/4."""
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    found = lr.transfer.zero_one(process, lr.features.OneHot(), [1, -1], dim=2, losses=[-17 / 16], readout="augmented")
    assert found.lower[0] == 0.25
    assert abs(found.upper[0] - 0.25) <= root_budget(10**5)
    assert abs(found.by_regression[0] - 0.75) <= root_budget(10**5)


@pytest.mark.parametrize("readout", READOUTS)
def test_functions_that_live_on_few_inputs_err_on_all_others(readout):
    """On a disjoint process they are minimisers, and a margin of zero is an error: 1 - d/N, proved by counting."""
    process = lr.processes.FiniteProcess([1] * 8, np.eye(8, dtype=int))
    labels = [1, -1] * 4
    for dim in (1, 3):
        narrow = np.eye(8, dim) * np.sqrt(8)
        found = lr.transfer.zero_one(
            process, lr.features.OneHot(), labels, dim=dim, losses=[-dim], readout=readout, representations=[narrow]
        )
        assert found.lower[0] == 1 - dim / 8
        assert measured(process, narrow, labels, readout).lower == Fraction(8 - dim, 8)
        assert found.upper[0] >= found.lower[0]


def test_a_permutation_raises_the_lower_curve():
    process = lr.processes.FiniteProcess([1] * 16, np.eye(16, dtype=int))
    labels = [1, 1, -1, -1] * 4
    perfect = np.stack([labels, [1, -1] * 8], axis=1)
    bad = shuffled(process, perfect, labels, jax.random.key(0))
    plain, helped = (
        lr.transfer.zero_one(
            process, lr.features.OneHot(), labels, dim=2, losses=[-2.0], representations=given_weights, time_limit=1.0
        ).lower[0]
        for given_weights in ([perfect], [perfect, np.asarray(bad.values, dtype=float)])
    )
    assert helped == max(plain, float(bad.error.lower))
    assert helped >= lr.witnesses.counting_floor(16, 2)


def test_representations_of_larger_loss_do_not_count():
    process = lr.processes.FiniteProcess([1] * 4, np.eye(4, dtype=int))
    far = np.array([[1.0], [0.0], [0.0], [0.0]])
    losses = [-1.0, lr.losses.spectral_values(process, far) + rounding(10)]
    found = lr.transfer.zero_one(
        process, lr.features.Custom(lambda x: np.eye(4), 4), [1, 1, 1, -1], dim=1, losses=losses, representations=[far]
    )
    assert found.lower[1] == 0.75
    assert found.lower[0] <= found.lower[1]


def test_refusals():
    process = lr.processes.FiniteProcess([1, 1], np.eye(2, dtype=int))
    with pytest.raises(lr.InputError, match="other than -1 and"):
        lr.transfer.zero_one(process, lr.features.OneHot(), lr.labels.Table([0, 2], "real"), dim=1)
    with pytest.raises(lr.InputError, match="no representation has a loss below"):
        lr.transfer.zero_one(process, lr.features.OneHot(), [1, -1], dim=1, losses=[-3.0])
