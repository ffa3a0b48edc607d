"""Clusters of views by counting; sparsest partitions by going through all set partitions."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep import symbols as sym
from linrep.quantities import Grid, Unavailable, measure
from linrep.quantities._clusters import crossing, least_expansion
from linrep.witnesses import cheeger_bracket, sparsest_partition
from proofs_check.enclosures import enclose
from tests.proofs_check.checker_problems import exactified
from tests.strategies import KINDS, problems, processes
from tests.tolerances import EPS, rounding, spectral_budget

few = settings(max_examples=50, deadline=None)
ANY = Grid(np.array([[1]]), np.ones((1, 1)))


def drawn(data):
    return data.draw(
        problems(data.draw(st.sampled_from(KINDS)), labels=data.draw(st.sampled_from(["sign", "classes"])))
    )


def bayes_parts(problem: lr.Problem) -> list[np.ndarray]:
    """Views by their commonest label, each mass counted in whole numbers."""
    exact = problem.process.weights
    joint = exact.prior_fractions()[:, None] * exact.channel_fractions()
    names = problem.label.values.astype(int)
    classes = sorted(set(names)) if problem.label.kind == "sign" else range(max(names) + 1)
    mass = [[sum(joint[names == c, x], Fraction(0)) for c in classes] for x in range(problem.process.n_views)]
    best = np.array([row.index(max(row)) for row in mass])
    return [best == c for c in range(len(classes)) if (best == c).any()]


@few
@given(st.data())
def test_masses_crossing_and_expansion_by_counting(data):
    problem = drawn(data)
    process, parts = problem.process, bayes_parts(problem)
    law, budget = process.pair_law, rounding(process.n_views**2 + 4)
    masses = [process.marginal[part].sum() for part in parts]
    assert abs(measure(sym.LARGEST_CLUSTER, problem, ANY).value - max(masses)) <= budget
    assert abs(measure(sym.SMALLEST_CLUSTER, problem, ANY).value - min(masses)) <= budget
    leaving = 1 - sum(law[np.ix_(part, part)].sum() for part in parts)
    assert abs(crossing(problem) - leaving) <= budget
    value, error = least_expansion(problem)
    rng, phi = np.random.default_rng(0), problem.features(process.views)
    for part in parts:
        own = process.marginal[part] / process.marginal[part].sum()
        inside = law[np.ix_(part, part)] / law[np.ix_(part, part)].sum()
        for _ in range(20):
            h = phi[part] @ rng.normal(size=phi.shape[1])
            spread = float(own @ h**2 - (own @ h) ** 2)
            moved = float(np.sum(inside * (h[:, None] - h[None, :]) ** 2)) / 2
            if np.isfinite(value) and spread > EPS:
                assert moved >= (value - error) * spread - spectral_budget(problem) * float(own @ h**2)


@few
@given(st.data())
def test_floats_lie_in_the_enclosures(data):
    problem = drawn(data)
    for quantity in (sym.INVERSE_EXPANSION, sym.LARGEST_CLUSTER, sym.SMALLEST_CLUSTER):
        try:
            found, exact = measure(quantity, problem, ANY), enclose(quantity, exactified(problem))
        except Unavailable:
            continue
        assert float(exact.lower) - found.error <= found.value <= float(exact.upper) + found.error


def partitions(items: list[int], parts: int) -> Iterator[list[list[int]]]:
    """All partitions of a list into non-empty parts."""
    if not items:
        if parts == 0:
            yield []
        return
    first, rest = items[0], items[1:]
    for smaller in partitions(rest, parts - 1):
        yield [[first], *smaller]
    for smaller in partitions(rest, parts):
        for i in range(len(smaller)):
            yield [*smaller[:i], [first, *smaller[i]], *smaller[i + 1 :]]


def leak(law: np.ndarray, part: list[int]) -> Fraction:
    inside = sum((law[i, j] for i in part for j in part), Fraction(0))
    return 1 - inside / sum((law[i].sum() for i in part), Fraction(0))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_sparsest_partition_by_going_through_all(data):
    process = data.draw(processes(data.draw(st.sampled_from(KINDS)), inputs=(2, 5), views=(2, 8)))
    count = process.n_views
    if count > 8:
        return
    parts = data.draw(st.integers(1, min(count, 5)))
    exact = process.weights
    channel = exact.channel_fractions()
    law = channel.T @ (exact.prior_fractions()[:, None] * channel)
    found = sparsest_partition(process, parts)
    expected = min(max(leak(law, part) for part in split) for split in partitions(list(range(count)), parts))
    assert found.conductance == expected
    assert sorted(i for part in found.parts for i in part) == list(range(count))
    assert len(found.parts) == parts
    assert max(leak(law, list(part)) for part in found.parts) == expected


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_cheeger_holds_on_both_sides(data):
    process = data.draw(processes(data.draw(st.sampled_from(KINDS)), inputs=(2, 6), views=(2, 9)))
    lower, upper = cheeger_bracket(process)
    if not 2 <= process.n_views <= 9:
        return
    found = float(sparsest_partition(process, 2).conductance)
    # lambda_2 is off by its rounding e, its root by at most sqrt e
    assert lower - rounding(400) <= found <= upper + np.sqrt(rounding(4000))


def test_sixteen_views_are_within_reach_and_seventeen_are_refused():
    blocks = np.kron(np.eye(4, dtype=int), np.ones((4, 4), dtype=int)) * 20 + 1
    process = lr.processes.FiniteProcess([1] * 16, blocks)
    found = sparsest_partition(process, 4)
    assert {frozenset(p) for p in found.parts} == {frozenset(range(4 * i, 4 * i + 4)) for i in range(4)}
    with pytest.raises(ValueError, match="16"):
        sparsest_partition(lr.processes.FiniteProcess([1] * 17, np.eye(17, dtype=int)), 2)
    with pytest.raises(ValueError, match="fewer"):
        sparsest_partition(lr.processes.FiniteProcess([1], [[1, 1]]), 3)


def test_the_conductance_of_a_problem_and_why_there_may_be_none():
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    problem = lr.Problem(process, lr.features.OneHot(), [1, -1], dim=4)
    assert measure(sym.PARTITION_CONDUCTANCE, problem, ANY).value == 3 / 8
    assert enclose(sym.PARTITION_CONDUCTANCE, problem).lower == Fraction(3, 8)
    with pytest.raises(Unavailable, match="partition"):
        measure(sym.PARTITION_CONDUCTANCE, lr.Problem(process, lr.features.OneHot(), [1, -1], dim=1), ANY)
