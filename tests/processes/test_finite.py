"""Finite processes: exactness, dropping, derived tables, refusals."""

import math
from fractions import Fraction

import jax
import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from linrep import InputError
from linrep.processes import FiniteProcess
from tests.tolerances import eigenvalue_budget, frequency_budget, rounding_budget, sum_budget

HALF, THIRD = Fraction(1, 2), Fraction(1, 3)


@st.composite
def weights(draw) -> tuple[list[int], list[list[int]]]:
    """Integer weights of a prior and a channel; no input without views, some of both without probability."""
    n_inputs, n_views = draw(st.integers(1, 5)), draw(st.integers(1, 6))
    prior = draw(st.lists(st.integers(0, 4), min_size=n_inputs, max_size=n_inputs).filter(any))
    row = st.lists(st.integers(0, 4), min_size=n_views, max_size=n_views).filter(any)
    return prior, [draw(row) for _ in range(n_inputs)]


def exact_joint(prior: list[int], channel: list[list[int]]) -> list[list[Fraction]]:
    """The joint law by hand."""
    total = sum(prior)
    return [[Fraction(w * v, total * sum(row)) for v in row] for w, row in zip(prior, channel, strict=True)]


@given(weights())
def test_tables_agree_with_fractions(given_weights):
    prior, channel = given_weights
    p, joint = FiniteProcess(prior, channel), np.array(exact_joint(prior, channel), dtype=object)
    rows = [i for i in range(len(prior)) if prior[i]]
    columns = [j for j in range(joint.shape[1]) if any(joint[:, j])]
    assert p.exact
    assert p.inputs.tolist() == rows
    assert p.views.tolist() == columns
    assert p.dropped_inputs == tuple(i for i in range(len(prior)) if i not in rows)
    assert p.dropped_views == tuple(j for j in range(joint.shape[1]) if j not in columns)
    kept = joint[rows][:, columns]
    assert np.array_equal(p.prior, np.array([float(sum(row)) for row in kept]))  # one rounding each
    fractions = p.weights.prior_fractions()[:, None] * p.weights.channel_fractions()
    assert np.array_equal(fractions, kept)
    assert np.max(np.abs(p.joint - kept.astype(float))) <= rounding_budget(4)
    assert np.max(np.abs(p.marginal - kept.sum(axis=0).astype(float))) <= sum_budget(len(rows))
    posterior = (kept / kept.sum(axis=0)).astype(float)
    assert np.max(np.abs(p.posterior - posterior)) <= sum_budget(len(rows) + 2)
    pair = (kept.T @ (kept / kept.sum(axis=1)[:, None])).astype(float)
    assert np.max(np.abs(p.pair_law - pair)) <= sum_budget(len(rows) + 2)


@given(weights())
def test_scalars_agree_with_fractions(given_weights):
    p = FiniteProcess(*given_weights)
    joint = p.weights.prior_fractions()[:, None] * p.weights.channel_fractions()
    marginal = joint.sum(axis=0)
    assert p.identification_error == 1 - sum(joint.max(axis=0))
    assert p.posterior_collision == sum((joint * joint / marginal).ravel())
    assert p.disjoint == bool(((joint > 0).sum(axis=0) == 1).all())
    assert p.uniform == (len(set(p.weights.prior_fractions())) == 1)
    assert p.disjoint == (p.identification_error == 0)


@given(weights())
def test_sparse_and_dense_are_the_same_process(given_weights):
    prior, channel = given_weights
    dense, sparse = FiniteProcess(prior, channel), FiniteProcess(prior, scipy.sparse.csr_array(np.array(channel)))
    assert scipy.sparse.issparse(sparse.channel)
    assert sparse.exact
    assert np.array_equal(sparse.channel.toarray(), dense.channel)
    assert np.max(np.abs(sparse.marginal - dense.marginal)) <= sum_budget(dense.n_inputs)
    for name in ("identification_error", "posterior_collision", "disjoint", "uniform", "n_components", "dropped_views"):
        assert getattr(sparse, name) == getattr(dense, name)
    budget = eigenvalue_budget(max(dense.n_views, dense.n_inputs))
    assert np.max(np.abs(sparse.spectrum(7) - dense.spectrum(7))) <= budget
    assert np.max(np.abs(sparse.pair_law - dense.pair_law)) <= sum_budget(dense.n_inputs + 2)
    assert np.max(np.abs(sparse.posterior.toarray() - dense.posterior)) <= sum_budget(dense.n_inputs + 2)


@given(weights())
def test_floats_give_the_same_numbers_but_are_marked(given_weights):
    exact = FiniteProcess(*given_weights)
    for channel in (exact.channel, scipy.sparse.csr_array(exact.channel)):
        p = FiniteProcess(exact.prior, channel)
        assert not p.exact
        assert isinstance(p.identification_error, float)
        assert abs(p.identification_error - exact.identification_error) <= sum_budget(exact.n_views + 2)
        assert abs(p.posterior_collision - exact.posterior_collision) <= sum_budget(exact.n_views * exact.n_inputs + 2)


@given(weights())
def test_spectrum_is_that_of_the_normalised_pair_law(given_weights):
    p = FiniteProcess(*given_weights)
    scale = 1 / np.sqrt(p.marginal)
    values = np.linalg.eigvalsh(scale[:, None] * p.pair_law * scale[None, :])[::-1]
    expected = np.zeros(p.n_views + 2)
    expected[: values.size] = values
    assert np.max(np.abs(p.spectrum(p.n_views + 2) - expected)) <= eigenvalue_budget(p.n_views + 2, condition=4.0)
    assert p.spectrum(p.n_components).tolist() == [1.0] * p.n_components
    trace = sum((p.posterior**2 / p.prior[:, None]) @ p.marginal)  # identity I8
    assert abs(p.spectrum(p.n_views).sum() - trace) <= sum_budget(8 * p.n_views, trace)


def test_components():
    p = FiniteProcess([1, 1, 1], [[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 2, 1]])
    inputs, views = p.components
    assert inputs.tolist() == [0, 0, 1]
    assert views.tolist() == [0, 0, 1, 1]
    assert p.n_components == 2
    explicit = scipy.sparse.csr_array((np.array([1, 0, 1]), np.array([0, 1, 1]), np.array([0, 2, 3])), shape=(2, 2))
    assert FiniteProcess([1, 1], explicit).n_components == 2  # a stored zero joins nothing


def test_fractions_are_probabilities_and_integers_weights():
    p = FiniteProcess([HALF, HALF], [[1, 2], [3, 1]])
    assert p.weights.channel_fractions()[0].tolist() == [THIRD, Fraction(2, 3)]
    mixed = FiniteProcess([1, 2], [[0.5, 0.5], [1.0, 0.0]])
    assert not mixed.exact
    assert mixed.prior.tolist() == [1 / 3, 2 / 3]
    other = FiniteProcess([0.5, 0.5], [[1, 3], [1, 0]])
    assert other.channel.tolist() == [[0.25, 0.75], [1.0, 0.0]]


def test_huge_weights_stay_exact():
    big = 10**40
    p = FiniteProcess([big, 1], [[1, big], [1, 1]])
    assert p.identification_error == 1 - Fraction(big * big, (big + 1) ** 2) - Fraction(big, (big + 1) ** 2)


def test_values_of_views_and_inputs_follow_the_dropping():
    p = FiniteProcess([1, 0], [[1, 0, 2], [1, 1, 1]], views=[[1, 2], [3, 4], [5, 6]], inputs=["a", "b"])
    assert p.views.tolist() == [[1, 2], [5, 6]]
    assert p.inputs.tolist() == ["a"]
    assert p.dropped_views == (1,)
    assert p.dropped_inputs == (1,)
    assert p.finite() is p
    assert p.has_finite_support


@pytest.mark.parametrize("sparse", [False, True])
def test_samples_follow_the_tables(sparse):
    channel = np.array([[1, 3, 0], [0, 2, 2], [5, 0, 0]])
    p = FiniteProcess([1, 2, 1], scipy.sparse.csr_array(channel) if sparse else channel, inputs=[7, 8, 9])
    n = 40_000
    inputs, views, positives = p.sample_pairs(jax.random.key(0), n)
    joint, pairs = np.zeros((3, 3)), np.zeros((3, 3))
    np.add.at(joint, (inputs - 7, views), 1)
    np.add.at(pairs, (views, positives), 1)
    law = p.joint.toarray() if sparse else p.joint
    assert np.all(np.abs(joint / n - law) <= frequency_budget(law, n))
    assert np.all(np.abs(pairs / n - p.pair_law) <= frequency_budget(p.pair_law, n))
    assert np.all(joint[law == 0] == 0)


REFUSED = [
    (([1, 1], [[1, 0], [0, 0]]), "channel row 1 sums to 0"),
    (([1, 1], [[1, -1], [0, 1]]), "channel row 0 has the negative entry -1"),
    (([1, -1], [[1, 1], [0, 1]]), "prior has the negative entry -1"),
    (([0, 0], [[1, 1], [0, 1]]), "prior sums to 0"),
    (([1], [[1, 1], [0, 1]]), "prior has shape \\(1,\\)"),
    (([1, 1], [1, 1]), "channel has shape \\(2,\\)"),
    (([1, 1], [[1], [1, 2]]), "rectangular"),
    (([HALF, THIRD], [[1], [1]]), "sums to 5/6"),
    (([1, 1], [[HALF, THIRD], [1, 0]]), "channel row 0 sums to 5/6"),
    (([0.5, 0.4], [[1.0], [1.0]]), "prior sums to 0.9"),
    (([0.5, 0.5], [[0.5, 0.4], [1.0, 0.0]]), "channel row 0 sums to 0.9"),
    (([0.5, 0.5], [[1.5, -0.5], [1.0, 0.0]]), "negative entry -0.5"),
    (([0.5, 0.5], [[math.nan, 1.0], [1.0, 0.0]]), "non-finite entry at index \\[0, 0\\]"),
    (([0.5, math.inf], [[1.0], [1.0]]), "non-finite entry"),
    (([1, 1], scipy.sparse.csr_array(np.array([[1, -1], [1, 0]]))), "negative entry"),
    (([1, 1], scipy.sparse.csr_array(np.array([[1, 1], [0, 0]]))), "channel row 1 sums to 0"),
    (([1, 1], scipy.sparse.csr_array(np.array([[0.5, 0.4], [1.0, 0.0]]))), "channel row 0 sums to 0.9"),
    (([1, 1], [["a"], ["b"]]), "channel"),
    (([1, 1], np.zeros((2, 0))), "at least one input"),
]


@pytest.mark.parametrize(("tables", "words"), REFUSED)
def test_refused_tables(tables, words):
    with pytest.raises(InputError, match=words):
        FiniteProcess(*tables)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"views": [1]}, "views has shape \\(1,\\)"),
        ({"inputs": [[1, 2, 3]]}, "inputs has shape"),
        ({"views": 3}, "views has shape \\(\\)"),
        ({"views": [1.0, math.nan]}, "non-finite"),
    ],
)
def test_refused_values(values, words):
    with pytest.raises(InputError, match=words):
        FiniteProcess([1, 1], [[1, 0], [0, 1]], **values)


UNUSABLE = [
    (lambda: FiniteProcess([1, 10**400], [[1, 0], [0, 1]]), "the prior has a positive weight whose share rounds to 0"),
    (
        lambda: FiniteProcess([1, 1], [[1, 10**400], [0, 1]]),
        "the channel has a positive weight whose share rounds to 0",
    ),
    (lambda: FiniteProcess([1 - 1e-310, 1e-310], [[1.0, 0.0], [0.0, 1.0]]), "probability 1e-310"),
    (lambda: FiniteProcess([1.0], [[1 - 1e-310, 1e-310]]), "least probable of the views"),
    (lambda: FiniteProcess([1], scipy.sparse.csr_array(np.full((1, 5), 2**62))), "below 2\\^62"),
    (lambda: FiniteProcess([1], scipy.sparse.csr_array(np.array([[2**63 + 1]], dtype=np.uint64))), "below 2\\^62"),
    (lambda: FiniteProcess(["0.5", "0.5"], [["1", "0"], ["0", "1"]]), "not an array of numbers"),
    (lambda: FiniteProcess([1], [[1, 1]], views=[[1], [1, 2]]), "views are no rectangular array"),
    (lambda: FiniteProcess(np.ones(20000, int), scipy.sparse.eye_array(20000, dtype=int).tocsr()).spectrum(1), "solve"),
]


@pytest.mark.parametrize(("make", "words"), UNUSABLE)
def test_what_float64_or_int64_cannot_hold_is_refused(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_entries_listed_twice_are_added_in_a_wide_type():
    entries = scipy.sparse.coo_array((np.array([100, 100, 1], np.int8), ([0, 0, 0], [0, 0, 1])), shape=(1, 2))
    assert FiniteProcess([1], entries).weights.row_totals.tolist() == [201]
