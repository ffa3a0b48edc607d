"""InfoNCE against sums over all tuples, against its limit, and the Monte Carlo interval against the exact value."""

import itertools
import math

import jax
import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from linrep._checks import InputError
from linrep.losses import infonce, infonce_interval
from linrep.losses._infonce import _bernstein, _score_range
from linrep.processes import FiniteProcess
from tests.tolerances import sum_budget


def by_tuples(process, values, temperature, negatives) -> float:
    """The definition, summed over every positive pair and every ordered tuple of negatives."""
    pairs = process.channel.T @ (process.prior[:, None] * process.channel)
    total = 0.0
    for (a, b), picks in itertools.product(
        np.argwhere(pairs > 0), itertools.product(range(len(values)), repeat=negatives)
    ):
        top = math.exp(values[a] @ values[b] / temperature)
        rest = sum(math.exp(values[a] @ values[j] / temperature) for j in picks)
        total -= pairs[a, b] * math.prod(process.marginal[j] for j in picks) * math.log(top / (top + rest))
    return total


@st.composite
def problems(draw, unit=False):
    n_bar, n, d = draw(st.integers(1, 4)), draw(st.integers(1, 4)), draw(st.integers(1, 3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    channel = rng.integers(0, 3, (n_bar, n)) + np.eye(n_bar, n, dtype=int)
    channel[:, 0] += channel.sum(axis=1) == 0
    process = FiniteProcess(rng.integers(1, 4, n_bar), channel)
    values = rng.integers(-2, 3, (process.n_views, d)) / 2.0  # equal values happen, and are merged
    if unit:
        values = rng.standard_normal((process.n_views, d))
        values = values / np.linalg.norm(values, axis=1, keepdims=True)
    return process, values


def budget(process, values, temperature, terms):
    """Sums of `terms` products; a score of size s/t enters an exponential and so costs s/t roundings."""
    size = float((values**2).sum(axis=1).max(initial=0.0)) / temperature
    return sum_budget(terms + process.n_inputs * process.n_views, (1 + size) ** 2)


@given(problems(), st.integers(1, 3), st.sampled_from([0.3, 1.0, 2.5]))
@settings(max_examples=60)
def test_equals_the_sum_over_tuples(problem, negatives, temperature):
    process, values = problem
    found = infonce(process, values, temperature=temperature, negatives=negatives)
    expected = by_tuples(process, values, temperature, negatives)
    assert abs(found - expected) <= budget(process, values, temperature, process.n_views**negatives)


@given(problems(unit=True), st.sampled_from([1, 2, 5, 12]), st.sampled_from([0.5, 1.0]))
def test_the_limit_is_approached_at_the_stated_rate_from_below(problem, negatives, temperature):
    process, values = problem
    limit = infonce(process, values, temperature=temperature)
    gap = infonce(process, values, temperature=temperature, negatives=negatives) - math.log(negatives) - limit
    rate = math.exp(2 / temperature) * max(1.0, math.sinh(1 / temperature) ** 2) / negatives
    slack = budget(process, values, temperature, 1000)
    assert abs(gap) <= rate + slack
    # Jensen, with the positive among the terms: E log <= log E, so the loss is at most the log of the mean.
    ceiling = _log_mean(process, values, temperature, negatives)
    assert infonce(process, values, temperature=temperature, negatives=negatives) <= ceiling + slack
    assert ceiling - math.log(negatives) >= limit - slack


def _log_mean(process, values, temperature, negatives):
    scores = values @ values.T / temperature
    pairs = process.channel.T @ (process.prior[:, None] * process.channel)
    mean = np.exp(scores) @ process.marginal
    return float((pairs * np.log(1 + negatives * mean[:, None] * np.exp(-scores))).sum())


def test_the_limit_in_closed_form():
    process = FiniteProcess([1, 1], [[1, 0], [0, 1]])
    found = infonce(process, [1.0, -1.0], temperature=0.5)
    assert abs(found - (math.log(math.cosh(2.0)) - 2.0)) <= sum_budget(4, 4.0)


def test_large_scores_do_not_overflow():
    process = FiniteProcess([1, 1], [[1, 0], [0, 1]])
    values = [[100.0], [-100.0]]
    # Each of two negatives equals the anchor with probability 1/2; scores are +-10^6, and only their rounding is left.
    expected = 0.5 * math.log(2) + 0.25 * math.log(3)
    assert abs(infonce(process, values, temperature=0.01, negatives=2) - expected) <= sum_budget(4, 1e6)
    assert abs(infonce(process, values, temperature=0.01) + math.log(2)) <= sum_budget(4, 1e6)


@given(problems(), st.integers(0, 2**32 - 1))
@settings(max_examples=40)
def test_relabelling_splitting_and_sparsity_change_nothing(problem, seed):
    process, values = problem
    order = np.random.default_rng(seed).permutation(process.n_views)
    weights = process.channel * 1.0
    split = np.concatenate([weights[:, :1] / 2, weights[:, :1] / 2, weights[:, 1:]], axis=1)
    variants = [
        (FiniteProcess(process.prior, weights[:, order]), values[order]),
        (FiniteProcess(process.prior, sp.csr_array(weights)), values),
        (FiniteProcess(process.prior, split), np.concatenate([values[:1], values])),
    ]
    for negatives in (None, 1, 4):
        base = infonce(process, values, temperature=1.0, negatives=negatives)
        for other, moved in variants:
            found = infonce(other, moved, temperature=1.0, negatives=negatives)
            assert abs(found - base) <= budget(process, values, 1.0, 500)


@pytest.mark.parametrize("negatives", [1, 4])
@pytest.mark.parametrize("sparse", [False, True])
def test_the_interval_holds_the_exact_value(negatives, sparse):
    rng = np.random.default_rng(negatives)
    channel = rng.integers(0, 3, (5, 6)) + 1
    process = FiniteProcess(rng.integers(1, 5, 5), sp.csr_array(channel) if sparse else channel)
    values = rng.standard_normal((6, 2))
    exact = infonce(process, values, temperature=0.7, negatives=negatives)
    hits = 0
    for seed in range(50):
        found = infonce_interval(
            process, values, temperature=0.7, negatives=negatives, key=jax.random.key(seed), samples=400, confidence=0.9
        )
        assert found.lower <= found.estimate <= found.upper
        hits += found.lower <= exact <= found.upper
    assert (
        hits >= 45
    )  # at confidence 0.9 the bound is conservative: fewer has probability below 0.45 even if it were tight


def test_the_interval_shrinks_and_would_miss_another_loss():
    process = FiniteProcess([1, 1, 1], [[2, 1, 0], [0, 2, 1], [1, 0, 2]])
    values = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.5]])
    options = {"temperature": 1.0, "key": jax.random.key(0), "samples": 100_000}
    found = infonce_interval(process, values, negatives=3, **options)
    assert found.upper - found.lower < 0.05
    assert found.lower <= infonce(process, values, temperature=1.0, negatives=3) <= found.upper
    for wrong in (2, 4):  # a planted error in the number of negatives falls outside
        assert not found.lower <= infonce(process, values, temperature=1.0, negatives=wrong) <= found.upper


def test_the_bernstein_width_in_closed_form():
    width = _bernstein(np.array([0.0, 1.0] * 50), 1.0, 0.99)
    log_term = math.log(4 / 0.01)
    expected = math.sqrt(2 * (25 / 99) * log_term / 100) + 7 * log_term / (3 * 99)
    assert abs(width - expected) <= sum_budget(100)


def test_the_score_range_holds_all_scores_also_when_it_is_not_scanned():
    values = np.random.default_rng(0).standard_normal((5000, 3))
    low, high = _score_range(values)
    few = values[:50] @ values.T
    assert low <= few.min() <= few.max() <= high
    low, high = _score_range(values[:50])
    square = values[:50] @ values[:50].T
    assert (low, high) == (square.min(), square.max())


def test_many_views_need_no_square_table():
    n = 20_000
    process = FiniteProcess(np.ones(n, dtype=int), sp.eye_array(n, dtype=int, format="csr"))
    values = np.column_stack([np.cos(np.arange(n)), np.sin(np.arange(n))])
    found = infonce_interval(process, values, temperature=1.0, negatives=64, key=jax.random.key(2), samples=2000)
    # A random angle: the mean of log sums is near log(64 I_0(1) + e) - 1, I_0 the modified Bessel function.
    assert found.lower < math.log(64 * np.i0(1.0) + math.e) - 1 < found.upper


@pytest.mark.parametrize(
    ("values", "options", "words"),
    [
        ([1.0, 2.0], {"temperature": 0.0}, "temperature"),
        ([1.0, 2.0], {"temperature": -1.0}, "temperature"),
        ([1.0, 2.0], {"temperature": float("nan")}, "temperature"),
        ([1.0, 2.0, 3.0], {"temperature": 1.0}, "2 views"),
        ([1.0, float("nan")], {"temperature": 1.0}, "non-finite"),
        ([1.0, 2.0], {"temperature": 1.0, "negatives": 0}, "negatives"),
        ([1.0, 2.0], {"temperature": 1.0, "negatives": 1.5}, "negatives"),
        ([[[1.0]], [[2.0]]], {"temperature": 1.0}, "axes"),
    ],
)
def test_bad_input_is_told_in_one_sentence(values, options, words):
    process = FiniteProcess([1, 1], [[1, 0], [0, 1]])
    with pytest.raises(InputError, match=words):
        infonce(process, values, **options)
    with pytest.raises(InputError, match=words):
        infonce_interval(process, values, key=jax.random.key(0), **{"negatives": 1, **options})


def test_bad_monte_carlo_options_and_long_sums():
    process = FiniteProcess(np.ones(30, dtype=int), np.eye(30, dtype=int))
    values = np.arange(30.0)
    with pytest.raises(InputError, match="infonce_interval"):
        infonce(process, values, temperature=1.0, negatives=20)
    for samples, confidence, words in ((1, 0.9, "samples"), (9, 1.0, "confidence"), (9, 0.0, "confidence")):
        with pytest.raises(InputError, match=words):
            infonce_interval(
                process,
                values,
                temperature=1.0,
                negatives=2,
                key=jax.random.key(0),
                samples=samples,
                confidence=confidence,
            )
