"""Rescaled hypercube: every property in closed form against the enumerated process."""

from fractions import Fraction

import jax
import numpy as np
import pytest

from linrep import InputError
from linrep.processes import Beta, Discrete, HypercubeScaling, Uniform
from tests.tolerances import eigenvalue_budget, frequency_budget

THIRD = Fraction(1, 3)
PLAIN = Discrete([THIRD, 1], [1, 2])
ATOM = Discrete([0, Fraction(1, 2), 1], [1, 2, 1])
PROCESSES = [
    HypercubeScaling(dim, relevant, law, shared)
    for dim, relevant in [(1, 0), (2, 1), (3, 1), (3, 3), (4, 2)]
    for law in (PLAIN, ATOM, Discrete([0], [1]))
    for shared in (True, False)
]


@pytest.mark.parametrize("p", PROCESSES)
@pytest.mark.parametrize(
    "name", ["n_inputs", "disjoint", "uniform", "identification_error", "posterior_collision", "n_components"]
)
def test_properties_agree_exactly_with_the_table(p, name):
    assert getattr(p, name) == getattr(p.finite(), name)


@pytest.mark.parametrize("p", PROCESSES)
def test_spectrum_agrees_with_the_singular_values_of_the_table(p):
    count = p.n_inputs + 3
    assert np.max(np.abs(p.spectrum(count) - p.finite().spectrum(count))) <= eigenvalue_budget(p.finite().n_views)


def test_spectrum_at_dimension_50():
    disjoint = HypercubeScaling(50, 10)
    assert disjoint.spectrum(40).tolist() == [1.0] * 40
    assert (disjoint.n_inputs, disjoint.n_components, disjoint.identification_error) == (2**50, 2**50, 0)
    erased = HypercubeScaling(50, 2, Discrete([0, 1], [1, 3]))
    assert erased.spectrum(6).tolist() == [1.0] * 4 + [0.75] * 2
    assert HypercubeScaling(3, 1, Discrete([0, 1], [1, 3]), shared=False).spectrum(9).tolist() == [
        *[1.0] * 2, *[0.75] * 4, *[0.75**2] * 2, 0.0
    ]  # fmt: skip


@pytest.mark.parametrize("p", PROCESSES)
def test_table_is_exact_and_its_views_are_the_scaled_inputs(p):
    table = p.finite()
    assert table.exact
    assert table.dropped_views == ()
    assert table.inputs.tolist() == np.array(table.inputs).astype(int).tolist()
    channel = table.weights.channel_fractions()
    for i, x in enumerate(table.inputs):
        for j in np.flatnonzero(channel[i]):
            view = table.views[j]
            assert list(view[: p.relevant]) == list(x[: p.relevant])
            scales = [v * s for v, s in zip(view[p.relevant :], x[p.relevant :], strict=True)]
            law = dict(zip(p.scale.values, p.scale.weights, strict=True))
            expected = law[scales[0]] if p.shared and scales else np.prod([law[s] for s in scales] or [Fraction(1)])
            assert len(set(scales)) <= 1 or not p.shared
            assert channel[i, j] == expected


def test_a_scale_of_zero_makes_one_view_of_many_inputs():
    table = HypercubeScaling(3, 1, ATOM).finite()
    zeros = [j for j, v in enumerate(table.views) if list(v[1:]) == [0, 0]]
    assert len(zeros) == 2
    assert ((np.asarray(table.channel)[:, zeros] > 0).sum(axis=0) == 4).all()


def test_continuous_laws_are_discretised():
    exact = HypercubeScaling(3, 1, Uniform(0, 1)).finite(levels=4)
    assert exact.exact
    assert {abs(v) for v in exact.views[:, 2]} == {Fraction(2 * i + 1, 8) for i in range(4)}
    rounded = HypercubeScaling(3, 1, Beta(2, 2)).finite(levels=3)
    assert rounded.views.dtype == np.float64
    assert rounded.disjoint
    assert not HypercubeScaling(3, 1).has_finite_support
    assert HypercubeScaling(3, 1, PLAIN).has_finite_support


def test_large_tables_are_sparse_and_equal_the_dense_ones():
    large = HypercubeScaling(9, 4, Uniform(0, 1)).finite(levels=3)
    assert large.n_views == 3 * 2**9
    assert (large.disjoint, large.identification_error, large.n_components) == (True, 0, 2**9)
    assert type(large.channel).__name__ == "csr_array"


def test_too_large_a_table_is_refused_with_its_size():
    with pytest.raises(InputError, match=f"would list {8 * 2**50} pairs"):
        HypercubeScaling(50, 10).finite()
    with pytest.raises(InputError, match=f"would list {8**6 * 2**6} pairs"):
        HypercubeScaling(6, 0, shared=False).finite()


def test_projection_keeps_the_law_of_the_chosen_coordinates():
    p = HypercubeScaling(5, 2, ATOM).project([4, 0, 3])
    assert (p.dim, p.relevant, p.scale, p.shared) == (3, 1, ATOM, True)
    whole, part = HypercubeScaling(4, 2, ATOM).finite(), HypercubeScaling(4, 2, ATOM).project([0, 2, 3]).finite()
    merged = {}
    for x, row in zip(whole.inputs, whole.weights.channel_fractions(), strict=True):
        for view, mass in zip(whole.views, row, strict=True):
            key = (tuple(x[[0, 2, 3]]), tuple(view[[0, 2, 3]]))
            merged[key] = merged.get(key, 0) + mass / 2
    for x, row in zip(part.inputs, part.weights.channel_fractions(), strict=True):
        for view, mass in zip(part.views, row, strict=True):
            assert merged[(tuple(x), tuple(view))] == mass


@pytest.mark.parametrize("shared", [True, False])
def test_sampled_pairs_follow_the_table(shared):
    p, n = HypercubeScaling(3, 1, ATOM, shared), 40_000
    table = p.finite()
    inputs, views, positives = p.sample_pairs(jax.random.key(3), n)
    assert inputs.shape == views.shape == positives.shape == (n, 3)
    place = {tuple(float(c) for c in v): j for j, v in enumerate(table.views)}
    law = np.einsum("i,ij,ik->jk", table.prior, np.asarray(table.channel), np.asarray(table.channel))
    counts = np.zeros_like(law)
    np.add.at(counts, ([place[tuple(v)] for v in views], [place[tuple(v)] for v in positives]), 1)
    assert np.all(np.abs(counts / n - law) <= frequency_budget(law, n))
    assert np.array_equal(np.sign(views[:, 0]), inputs[:, 0])


def test_same_key_same_sample():
    p = HypercubeScaling(4, 2)
    first, second, other = (p.sample_pairs(jax.random.key(k), 5) for k in (0, 0, 1))
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert not np.array_equal(first[1], other[1])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: HypercubeScaling(0, 0), "dim is 0"),
        (lambda: HypercubeScaling(3, 4), "at most 3"),
        (lambda: HypercubeScaling(3, -1), "relevant is -1"),
        (lambda: HypercubeScaling(3, 1, 0.5), "must be a law"),
        (lambda: HypercubeScaling(3, 1).project([]), "different numbers"),
        (lambda: HypercubeScaling(3, 1).project([0, 0]), "different numbers"),
        (lambda: HypercubeScaling(3, 1).project([3]), "from 0 to 2"),
        (lambda: HypercubeScaling(3, 1).spectrum(0), "count is 0"),
        (lambda: HypercubeScaling(3, 0.0), "relevant is 0.0"),
        (lambda: HypercubeScaling(3, False), "relevant is False"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
