"""The tables behind the pictures against closed forms."""

import itertools
import math

import numpy as np
import pytest

from linrep.tables import Table
from proofs_check import studies
from tests.tolerances import EPS, eigenvalue_budget, sum_budget


@pytest.fixture(scope="module")
def example_one() -> Table:
    return studies.example_one(9)


def column(table: Table, **wanted) -> np.ndarray:
    rows = sorted(table.where(**wanted).rows, key=lambda row: float(row["suboptimality"] or 0))
    return np.array([[float(row["suboptimality"] or 0), float(row["value"] or 0)] for row in rows])


@pytest.mark.parametrize("name", ["suboptimal_augmented", "suboptimal_mean", "sharpened_45", "hypercube"])
def test_ours_is_sixteen_sevenths(example_one: Table, name: str):
    points = column(example_one, curve=f"linrep26.{name}", quantity="squared error")
    np.testing.assert_allclose(points[:, 1], 16 / 7 * points[:, 0], rtol=0, atol=eigenvalue_budget(50, 10))


@pytest.mark.parametrize("name", ["linear_class", "hypercube"])
def test_published_is_32_k(example_one: Table, name: str):
    points = column(example_one, curve=f"saunshi22.{name}")
    np.testing.assert_allclose(points[:, 1], 320 * points[:, 0], rtol=0, atol=eigenvalue_budget(50, 320))


def test_actual_risks_are_those_of_the_turned_column(example_one: Table):
    """With share s: eps = 1 - (1 - s/4)^2, risk of one view s, of the mean 1 - (1 - s) / (1 - s/4)."""
    one, mean = (
        column(example_one, curve=f"actual, {r}", quantity="squared error") for r in ("one view", "mean over views")
    )
    share = 4 * (1 - np.sqrt(1 - one[:, 0]))
    np.testing.assert_allclose(one[:, 1], share, rtol=0, atol=eigenvalue_budget(50, 10))
    np.testing.assert_allclose(mean[:, 1], 1 - (1 - share) / (1 - share / 4), rtol=0, atol=eigenvalue_budget(50, 10))


def test_actual_error_jumps_where_the_spurious_coordinate_outweighs_the_label(example_one: Table):
    """cos^2 = (3/4) sin^2 at s = 4/7, eps = 13/49; then a majority of three is best; at the swap nothing is."""
    points = column(example_one, curve="actual, mean over views", quantity="0-1 error")
    before, between = points[:, 0] < 13 / 49, (points[:, 0] > 13 / 49) & (points[:, 0] < 7 / 16 - math.sqrt(EPS))
    assert set(points[before, 1]) == {0.0}
    assert set(points[between, 1]) <= {0.25}
    assert points[-1, 1] == 0.5


def test_class_agnostic_guarantees_say_nothing(example_one: Table):
    squared, zero_one = (
        column(example_one, role="class-agnostic", quantity=q)[:, 1] for q in ("squared error", "0-1 error")
    )
    assert set(squared) == {1.0}
    assert min(zero_one) > 0.499


def test_capacity_has_the_predicted_phases():
    """Below the number of eigenvalues 1 nothing is left; from there on 1 - (3/4)^2 for a label of degree one."""
    dims = (9, 10, 11, 12, 55, 56, 57)
    table = studies.capacity((1, 2), dims).where(label="one kept coordinate")
    ones = {"linear, no constant": 10, "degree 1": 11, "degree 2": 56}
    for name, first in ones.items():
        rows = {int(row["dim"] or 0): row for row in table.where(features=name).rows}
        for d in dims:
            expected = 0.0 if d < first else 7 / 16 if d < int(rows[d]["features_dim"] or 0) else 1.0
            assert abs(float(rows[d]["budget"] or 0) - expected) <= eigenvalue_budget(1276, 2)
            tied = d < first or first < d < int(rows[d]["features_dim"] or 0)
            assert bool(rows[d]["tie_size"]) == tied


def test_capacity_of_a_product_needs_degree_two():
    table = studies.capacity((1, 2), (56,)).where(label="product of two kept coordinates")
    assert [float(row["budget"] or 0) for row in table.rows][:2] == [0.0, 0.0]
    assert abs(float(table.rows[2]["budget"] or 0) - 7 / 16) <= eigenvalue_budget(1276, 2)


def test_families_budgets_obey_their_ceiling_and_their_closed_form():
    table = studies.families(5).where(setting="budget")
    taus = sorted({float(row["identification"] or 0) for row in table.rows})
    for tau in taus:
        rows = {row["curve"]: float(row["value"] or 0) for row in table.where(identification=tau).rows}
        ceiling = rows["linrep26.near_disjoint_identification"]
        assert abs(ceiling - 4 * tau / (1 - 2 / 16)) <= sum_budget(4, ceiling)
        assert rows["vacuity_budget, class-agnostic"] <= ceiling
        assert rows["vacuity_budget, class-aware"] > 0.4


def test_families_class_aware_risk_stays_and_class_agnostic_risk_goes_to_trivial():
    table = studies.families(5).where(setting="suboptimal")
    last = min(float(row["identification"] or 0) for row in table.rows)
    rows = {row["curve"]: float(row["value"] or 0) for row in table.where(identification=last).rows}
    assert rows["actual, class-agnostic"] > 0.99
    assert rows["actual, class-aware"] < 0.04


def test_the_chains_end_at_the_bounds_and_begin_at_the_truth():
    """At a minimiser of Table 1's task T7 is 4 sqrt(R_min) / (1/4) and T5 is R_min, since a view tells its label."""
    table = studies.chain()
    published, ours = (table.where(theorem=key).rows for key in dict.fromkeys(table.column("theorem")))
    risk = float(ours[0]["value"] or 0)
    assert abs(float(published[-1]["value"] or 0) - 16 * risk**0.5) <= sum_budget(64, 10)
    assert all(abs(float(row["value"] or 0) - risk) <= sum_budget(64) for row in ours)
    assert [row["trivial"] for row in (published[0], ours[0])] == [0.5, 1.0]
    values = [float(row["value"] or 0) for row in published]
    assert all(later >= earlier - sum_budget(64, later) for earlier, later in itertools.pairwise(values))
