"""New processes from old ones: what may not change, does not; exact stays exact, sparse stays sparse."""

from fractions import Fraction

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from linrep import InputError
from linrep.processes import FiniteProcess, mixture, product, relabel, split_view
from tests.tolerances import eigenvalue_budget

SCALARS = ("identification_error", "posterior_collision", "disjoint", "n_components")


@st.composite
def processes(draw, *, sparse: bool | None = None) -> FiniteProcess:
    """Small exact processes, dense or sparse."""
    n_inputs, n_views = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    prior = draw(st.lists(st.integers(1, 5), min_size=n_inputs, max_size=n_inputs))
    row = st.lists(st.integers(0, 5), min_size=n_views, max_size=n_views).filter(any)
    channel = np.array([draw(row) for _ in range(n_inputs)])
    use_sparse = draw(st.booleans()) if sparse is None else sparse
    return FiniteProcess(prior, scipy.sparse.csr_array(channel) if use_sparse else channel)


@given(processes(), st.randoms())
def test_relabelling_changes_no_quantity(p, random):
    inputs, views = list(range(p.n_inputs)), list(range(p.n_views))
    random.shuffle(inputs)
    random.shuffle(views)
    q = relabel(p, inputs=inputs, views=views)
    assert q.exact
    assert scipy.sparse.issparse(q.channel) == scipy.sparse.issparse(p.channel)
    assert q.views.tolist() == p.views[views].tolist()
    assert q.weights.channel_fractions().tolist() == p.weights.channel_fractions()[inputs][:, views].tolist()
    assert [getattr(q, name) for name in SCALARS] == [getattr(p, name) for name in SCALARS]
    assert np.max(np.abs(q.spectrum(4) - p.spectrum(4))) <= eigenvalue_budget(4)


@given(processes(), st.integers(1, 9), st.data())
def test_splitting_a_view_keeps_the_spectrum(p, tenths, data):
    view = data.draw(st.integers(0, p.n_views - 1))
    q = split_view(p, view, share=Fraction(tenths, 10))
    assert q.exact
    assert q.views.tolist() == [*p.views.tolist(), p.views[view]]
    parts = q.weights.channel_fractions()[:, [view, -1]]
    assert (parts.sum(axis=1) == p.weights.channel_fractions()[:, view]).all()
    assert (parts[:, 0] * (10 - tenths) == parts[:, 1] * tenths).all()
    assert [getattr(q, name) for name in SCALARS] == [getattr(p, name) for name in SCALARS]
    assert np.max(np.abs(q.spectrum(6) - p.spectrum(6))) <= eigenvalue_budget(6)
    assert not split_view(p, view, share=0.25).exact


@given(processes(), processes())
def test_products_multiply(p, q):
    both = product(p, q)
    assert both.exact
    assert both.n_components == p.n_components * q.n_components
    assert 1 - both.identification_error == (1 - p.identification_error) * (1 - q.identification_error)
    assert both.posterior_collision == p.posterior_collision * q.posterior_collision
    expected = np.kron(p.weights.channel_fractions(), q.weights.channel_fractions())
    assert np.array_equal(both.weights.channel_fractions(), expected)
    values = np.sort(np.outer(p.spectrum(4), q.spectrum(4)).ravel())[::-1]
    assert np.max(np.abs(both.spectrum(16) - values)) <= eigenvalue_budget(16)
    assert both.views.shape == (both.n_views, 2)


@given(processes(), processes(), st.integers(1, 9))
def test_mixtures_add(p, q, tenths):
    weight = Fraction(tenths, 10)
    both = mixture(p, q, weight=weight)
    assert both.exact
    assert both.n_components == p.n_components + q.n_components
    for name in ("identification_error", "posterior_collision"):
        assert getattr(both, name) == weight * getattr(p, name) + (1 - weight) * getattr(q, name)
    values = np.sort(np.concatenate([p.spectrum(4), q.spectrum(4)]))[::-1]
    assert np.max(np.abs(both.spectrum(8) - values)) <= eigenvalue_budget(8)
    assert not mixture(p, q, weight=0.5).exact


def test_a_mixture_of_weight_one_drops_the_other_process():
    p, q = FiniteProcess([1, 1], [[1, 0], [1, 1]]), FiniteProcess([1], [[1]])
    both = mixture(p, q, weight=Fraction(1))
    assert both.dropped_inputs == (2,)
    assert both.weights.channel_fractions().tolist() == p.weights.channel_fractions().tolist()


def test_products_beyond_int64_are_exact():
    big = scipy.sparse.csr_array(np.array([[2**40, 1]]))
    both = product(FiniteProcess([1], big), FiniteProcess([1], big))
    assert both.weights.channel_fractions()[0, 0] == Fraction(2**80, (2**40 + 1) ** 2)


@pytest.mark.parametrize("floats", [False, True])
def test_floats_and_exact_processes_mix_as_floats(floats):
    p = FiniteProcess([0.5, 0.5], [[0.25, 0.75], [1.0, 0.0]])
    q = FiniteProcess([1, 1], scipy.sparse.csr_array(np.array([[1, 1], [0, 1]])))
    assert not product(p, q).exact
    assert not mixture(q, p, weight=Fraction(1, 2)).exact
    assert not relabel(p, views=[1, 0]).exact
    assert not split_view(p, 0, share=0.5 if floats else Fraction(1, 2)).exact


SMALL = FiniteProcess([1, 1], [[1, 0], [0, 1]])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: relabel(SMALL, inputs=[0, 0]), "inputs is not a permutation"),
        (lambda: relabel(SMALL, views=[0]), "views is not a permutation"),
        (lambda: split_view(SMALL, 2), "view is 2"),
        (lambda: split_view(SMALL, 0, share=1), "share is 1"),
        (lambda: mixture(SMALL, SMALL, weight=2), "weight is 2"),
        (lambda: relabel(SMALL, inputs=[1.0, 0.0]), "not a permutation"),
        (lambda: relabel(SMALL, inputs=[True, False]), "not a permutation"),
        (lambda: relabel(SMALL, inputs=1), "not a permutation"),
        (lambda: split_view(SMALL, 0.5), "view is 0.5"),
        (lambda: split_view(SMALL, 0, share="half"), "share is 'half'"),
        (lambda: mixture(SMALL, FiniteProcess([1], [[1]], views=[[1, 2]]), weight=Fraction(1, 2)), "one shape"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
