"""Latent classes and block graphs: processes that are named families of tables."""

from fractions import Fraction

import jax
import numpy as np
import pytest

from linrep import InputError
from linrep.labels import as_label
from linrep.processes import Clusters, FiniteProcess, LatentClasses
from tests.tolerances import eigenvalue_budget, rounding_budget

GRAPHS = [
    Clusters((3, 3), 9, 1),
    Clusters((2, 3, 1), 5, Fraction(1, 3)),
    Clusters((2, 2, 2), 3, 0),
    Clusters((4,), 2, 7),
    Clusters((2, 3), 1, 4),
    Clusters((2, 3), 1.5, 0.25),
]


@pytest.mark.parametrize("p", GRAPHS)
def test_closed_form_spectrum_agrees_with_the_table(p):
    assert np.max(np.abs(p.spectrum(9) - p.finite().spectrum(9))) <= eigenvalue_budget(sum(p.sizes))


@pytest.mark.parametrize("p", GRAPHS)
def test_joint_law_is_the_block_graph(p):
    joint = p.finite().joint
    same = p.labels[:, None] == p.labels[None, :]
    weights = np.where(same, float(p.within), float(p.between))
    assert np.max(np.abs(joint - weights / weights.sum())) <= rounding_budget(8)
    assert p.finite().exact == isinstance(p.within, Fraction)


def test_equal_clusters_have_the_stated_eigenvalue():
    within, between, r = Fraction(7), Fraction(2), 4
    p = Clusters((2,) * r, within, between)
    ratio = float(((within - between) / (within + (r - 1) * between)) ** 2)
    assert np.max(np.abs(p.spectrum(6) - np.array([1, ratio, ratio, ratio, 0, 0]))) <= eigenvalue_budget(8)
    assert p.uniform
    assert p.n_components == 1
    assert Clusters((2,) * r, within, 0).n_components == r


def test_properties_are_those_of_the_table():
    p = Clusters((2, 1), 3, 1)
    # joint weights: rows (3, 3, 1), (3, 3, 1), (1, 1, 3) of total 19
    assert p.identification_error == 1 - Fraction(9, 19)
    assert p.posterior_collision == 2 * Fraction(9 + 9 + 1, 7 * 19) + Fraction(1 + 1 + 9, 5 * 19)
    assert (p.n_inputs, p.disjoint, p.uniform) == (3, False, False)
    assert p.has_finite_support
    inputs, views, _ = p.sample_pairs(jax.random.key(0), 10)
    assert inputs.shape == views.shape == (10,)


def test_positive_pairs_of_latent_classes_are_independent_given_the_class():
    weights, conditionals = [1, 2], [[1, 1, 0], [0, 1, 3]]
    p = LatentClasses(weights, conditionals, views=[5, 6, 7])
    rows = np.array([[0.5, 0.5, 0], [0, 0.25, 0.75]])
    expected = np.einsum("c,cj,ck->jk", np.array([1, 2]) / 3, rows, rows)
    assert np.max(np.abs(p.finite().pair_law - expected)) <= rounding_budget(8)
    assert p.finite().exact
    assert p.finite().views.tolist() == [5, 6, 7]
    assert p.identification_error == 1 - (Fraction(1, 6) + Fraction(1, 6) + Fraction(1, 2))
    assert np.array_equal(p.spectrum(2), p.finite().spectrum(2))


def test_classes_of_probability_zero_are_dropped():
    p = LatentClasses([1, 0, 3], [[1, 1], [0, 1], [1, 0]])
    assert p.classes.tolist() == [0, 2]
    assert p.n_inputs == 2
    assert as_label([0, 1, 2], p).targets(None).tolist() == [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Clusters((), 1, 1), "sizes is empty"),
        (lambda: Clusters((2, 0), 1, 1), "a size is 0"),
        (lambda: Clusters((2, 2), 0, 1), "within is 0"),
        (lambda: Clusters((2, 2), 1, -1), "between is -1"),
        (lambda: Clusters((1000, 1000), 1, 1), f"would list {2000**2} pairs"),
        (lambda: LatentClasses([1], [[1], [1]]), "pass a prior of length 2"),
        (lambda: LatentClasses([0.5, 0.4], [[1], [1]]), "must sum to 1"),
        (lambda: Clusters(3, within=1, between=1), "sizes is 3"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()


def test_tables_are_finite_processes():
    assert all(isinstance(p.finite(), FiniteProcess) for p in GRAPHS)
