"""Flip noise: closed forms against the enumerated process and brute force over subsets."""

import itertools
import math
from fractions import Fraction

import jax
import numpy as np
import pytest

from linrep import InputError
from linrep.processes import HypercubeFlip
from linrep.processes._signs import largest_products
from tests.tolerances import eigenvalue_budget, frequency_budget, rounding_budget

NINE = Fraction(9, 10)
PROCESSES = [
    HypercubeFlip(1, NINE),
    HypercubeFlip(3, Fraction(1, 4)),
    HypercubeFlip(4, (NINE, Fraction(1, 2), 1, 0)),
    HypercubeFlip(2, (1, 0)),
    HypercubeFlip(3, (Fraction(1, 3), Fraction(1, 5), Fraction(1, 7))),
]
NAMES = ["n_inputs", "disjoint", "uniform", "identification_error", "posterior_collision", "n_components"]


@pytest.mark.parametrize("p", PROCESSES)
@pytest.mark.parametrize("name", NAMES)
def test_properties_agree_exactly_with_the_table(p, name):
    assert getattr(p, name) == getattr(p.finite(), name)


@pytest.mark.parametrize("p", PROCESSES)
def test_spectrum_agrees_with_the_table_and_with_all_parities(p):
    count = p.n_inputs + 2
    subsets = itertools.chain.from_iterable(itertools.combinations(p.rhos, j) for j in range(p.dim + 1))
    products = sorted((float(math.prod(s, start=Fraction(1)) ** 2) for s in subsets), reverse=True)
    brute = [*products, 0.0, 0.0]
    assert np.max(np.abs(p.spectrum(count) - np.array(brute))) <= rounding_budget(2 * p.dim)
    assert np.max(np.abs(p.spectrum(count) - p.finite().spectrum(count))) <= eigenvalue_budget(p.n_inputs)


def test_top_of_the_spectrum_at_dimension_50():
    p = HypercubeFlip(50, NINE)
    values = p.spectrum(1 + 50 + 50 * 49 // 2)
    expected = np.array([1.0, *[0.64] * 50, *[0.64**2] * (50 * 49 // 2)])
    assert np.max(np.abs(values - expected)) <= rounding_budget(8)


@pytest.mark.parametrize("seed", range(5))
def test_largest_products_agree_with_all_subsets(seed):
    factors = np.random.default_rng(seed).integers(0, 5, size=8) / 4
    products = sorted(
        (math.prod(s) for j in range(9) for s in itertools.combinations(factors.tolist(), j)), reverse=True
    )
    for count in (1, 7, 256, 300):
        expected = (products + [0.0] * 300)[:count]
        assert largest_products(factors.tolist(), count).tolist() == expected  # quarters multiply exactly


def test_no_factor_leaves_the_empty_product():
    assert largest_products([], 3).tolist() == [1.0, 0.0, 0.0]


def test_rho_has_the_shape_of_keep():
    assert HypercubeFlip(3, NINE).rho == Fraction(4, 5)
    assert HypercubeFlip(2, [NINE, 1]).rho == (Fraction(4, 5), 1)
    assert HypercubeFlip(2, 0.75).rhos == (0.5, 0.5)


def test_projection_keeps_the_chosen_coordinates():
    p = HypercubeFlip(3, (NINE, Fraction(1, 2), 1))
    assert p.project([2, 0]) == HypercubeFlip(2, (NINE, 1))
    assert HypercubeFlip(9, NINE).project([5]) == HypercubeFlip(1, NINE)


def test_sampled_pairs_follow_the_table():
    p, n = HypercubeFlip(2, (NINE, Fraction(1, 3))), 40_000
    table = p.finite()
    inputs, views, _ = p.sample_pairs(jax.random.key(0), n)
    place = {tuple(v): j for j, v in enumerate(table.views.tolist())}
    counts = np.zeros((4, 4))
    np.add.at(counts, ([place[tuple(v)] for v in inputs.tolist()], [place[tuple(v)] for v in views.tolist()]), 1)
    assert np.all(np.abs(counts / n - table.joint) <= frequency_budget(table.joint, n))


def test_two_views_of_one_input_are_independent_given_it():
    p, n = HypercubeFlip(1, Fraction(3, 4)), 40_000
    inputs, views, positives = (a.ravel() for a in p.sample_pairs(jax.random.key(1), n))
    joint = np.array([[np.mean((views == a * inputs) & (positives == b * inputs)) for b in (1, -1)] for a in (1, -1)])
    law = np.outer([0.75, 0.25], [0.75, 0.25])
    assert np.all(np.abs(joint - law) <= frequency_budget(law, n))


def test_floats_are_accepted_and_marked_inexact():
    p = HypercubeFlip(3, 0.9)
    assert not p.finite().exact
    assert isinstance(p.identification_error, float)
    assert abs(p.identification_error - (1 - 0.9**3)) <= rounding_budget(4)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: HypercubeFlip(3, 1.5), "keep is 1.5"),
        (lambda: HypercubeFlip(3, -1), "keep is -1"),
        (lambda: HypercubeFlip(3, (1, 1)), "2 probabilities were given for 3"),
        (lambda: HypercubeFlip(3, float("nan")), "finite"),
        (lambda: HypercubeFlip(-1, 1), "dim is -1"),
        (lambda: HypercubeFlip(11, NINE).finite(), f"would list {4**11} pairs"),
        (lambda: HypercubeFlip(20000, 0.9).finite(), "about 10\\^12041 pairs"),
        (lambda: HypercubeFlip(5, 0.9).project([1.7]), "different numbers"),
        (lambda: HypercubeFlip(2, [[0.9], [0.8, 0.7]]), "finite number"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
