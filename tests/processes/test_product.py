"""Products that are never written out, beside products that are."""

import math
from fractions import Fraction

import jax
import numpy as np
import pytest

import linrep as lr
from linrep._checks import InputError
from linrep.processes._grouping import grouping
from linrep.processes._merging import merge
from linrep.processes._modes import Alike, Fourier, Hermite
from linrep.processes._signs import largest_products
from tests.tolerances import eigenvalue_budget, frequency_budget, rounding


def three_points(count: int, seed: int = 0) -> list[lr.processes.FiniteProcess]:
    rng = np.random.default_rng(seed)
    tables = rng.integers(0, 4, (count, 3, 3)) + np.eye(3, dtype=int)
    return [lr.processes.FiniteProcess(rng.integers(1, 4, 3), table) for table in tables]


def brute(factors: list[lr.processes.FiniteProcess]) -> np.ndarray:
    """All products of the factors' eigenvalues, descending."""
    found = np.ones(1)
    for factor in factors:
        found = np.multiply.outer(found, factor.spectrum(min(factor.n_inputs, factor.n_views))).ravel()
    return np.sort(found)[::-1]


def test_all_products_of_ten_three_point_channels():
    factors = three_points(10)
    ours, expected = lr.processes.ProductProcess(factors).spectrum(3**10), brute(factors)
    assert np.abs(ours - expected).max() <= eigenvalue_budget(3 * 10)


def test_the_factors_written_out():
    factors = [*three_points(3), lr.processes.HypercubeFlip(2, Fraction(3, 4))]
    process = lr.processes.ProductProcess(factors)
    table = process.finite()
    assert (process.n_inputs, process.n_components) == (table.n_inputs, table.n_components)
    assert (process.disjoint, process.uniform) == (table.disjoint, table.uniform)
    assert process.identification_error == table.identification_error
    assert process.posterior_collision == table.posterior_collision
    rank = min(table.n_inputs, table.n_views)
    assert np.abs(process.spectrum(rank) - table.spectrum(rank)).max() <= eigenvalue_budget(rank)


def test_pairs_follow_the_law_of_the_product():
    factors = three_points(2)
    process = lr.processes.ProductProcess(factors)
    inputs, first, second = process.sample_pairs(jax.random.key(0), 20_000)
    law = np.multiply.outer(factors[0].joint, factors[1].joint).transpose(0, 2, 1, 3).reshape(9, -1)
    for views in (first, second):
        code = (3 * inputs[:, 0] + inputs[:, 1]) * law.shape[1] + factors[1].n_views * views[:, 0] + views[:, 1]
        seen = np.bincount(code.astype(int), minlength=law.size) / len(code)
        assert np.all(np.abs(seen - law.ravel()) <= frequency_budget(law.ravel(), len(code)))


@pytest.mark.parametrize("count", [1, 2, 7, 1000, 20_000])
def test_merging_against_a_heap(count: int):
    squares = np.random.default_rng(1).uniform(0.2, 0.95, 30).tolist()
    cells = merge([Alike((s,), 1, 2) for s in squares], count)
    expected = largest_products(squares, count)
    assert np.abs(cells.values[:count] / expected - 1).max() <= rounding(2 * 30)
    assert cells.counts.sum() > count


@pytest.mark.parametrize(
    "group",
    [
        Alike((Fraction(1, 2), Fraction(1, 2), Fraction(1, 4)), 4, 5),
        Alike((Fraction(1), Fraction(1, 3)), 3, 3),
        Alike((0.9, 0.3), 5, 3),
        Alike((), 3, 2),
    ],
)
def test_levels_of_coordinates_alike(group: Alike):
    """Every multi-index occurs once, in the level whose value is the product of its modes."""
    values = [Fraction(1), *group.modes]
    seen, last = set(), math.inf
    for level in group.levels():
        members = group.members(level.name, 10**6)
        assert level.multiplicity == len(members)
        assert float(level.value) <= last * (1 + rounding(group.width))
        last = float(level.value)
        for row in members:
            expected = math.prod((values[k] for k in row), start=Fraction(1))
            assert abs(float(expected - level.value)) <= rounding(2 * group.width)
            seen.add(tuple(row.tolist()))
    assert len(seen) == group.rank


def test_degrees_of_hermite_polynomials_and_frequencies():
    group = Hermite(Fraction(1, 4), 3)
    for degree, level in zip(range(4), group.levels(), strict=False):
        members = group.members(level.name, 100)
        assert level.multiplicity == len(members) == len({tuple(row) for row in members.tolist()})
        assert (members.sum(axis=1) == degree).all()
        assert group.members(level.name, 1).shape == (1, 3)
    circle = lr.processes.Circle(0.3)
    listed = [
        v
        for level in zip(range(3), Fourier(0.3).levels(), strict=False)
        for v in [level[1].value] * level[1].multiplicity
    ]
    assert np.abs(np.array(listed) - circle.spectrum(5)).max() <= rounding(4)


def test_the_eigenvalue_of_a_two_point_channel_is_rational():
    process = lr.processes.FiniteProcess([1, 2], [[3, 1], [1, 1]])
    [group] = grouping(process).groups
    assert isinstance(group.generators[1], Fraction)
    assert abs(float(group.generators[1]) - process.spectrum(2)[1]) <= eigenvalue_budget(2)


@pytest.mark.parametrize(
    ("process", "word"),
    [
        (lr.processes.GaussianNoise(3, 1), "noise"),
        (lr.processes.Circle(0), "noise"),
        (lr.processes.HypercubeScaling(dim=3, relevant=1, scale=lr.processes.Uniform(0, 1)), "unrestricted"),
    ],
)
def test_processes_without_a_list_are_refused(process, word: str):
    with pytest.raises(InputError, match=word):
        grouping(process)


def test_products_of_nothing_are_refused():
    with pytest.raises(InputError, match="at least one process"):
        lr.processes.ProductProcess([])
    with pytest.raises(InputError, match="pairs"):
        lr.processes.ProductProcess([lr.processes.HypercubeFlip(8, 0.9)] * 2).finite()


def test_factors_that_are_no_list_are_refused():
    with pytest.raises(InputError, match="ProductProcess: factors are FiniteProcess"):
        lr.processes.ProductProcess(lr.processes.FiniteProcess([1], [[1]]))
