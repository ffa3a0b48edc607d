"""A theorem that hides a constant shows what it is made of."""

import linrep as lr
from linrep.bounds import haochen21, linrep26, saunshi22
from linrep.evaluate import comparison, evaluate, ingredients
from tests.tolerances import rounding


def two_blocks(dim: int = 4) -> lr.Problem:
    process = lr.processes.Clusters(sizes=(2, 2), within=9, between=1)
    return lr.Problem(process, lr.features.OneHot(), lr.labels.Table(process.labels, "classes"), dim=dim)


def test_numbers_of_a_hidden_constant_by_hand():
    """Every view mixes 9 : 9 : 1 : 1: a tenth is of the other block, two views differ with 2 (1/10)(9/10)."""
    found = ingredients(haochen21.PARTITION, two_blocks())
    assert abs(found["label_noise"] - 0.1) <= rounding(64)
    assert abs(found["partition_conductance"] - 0.18) <= rounding(64)
    row = comparison(haochen21.PARTITION, two_blocks())
    assert row["status"] == "UNAVAILABLE"
    assert "partition_conductance = 0.18" in row["reason"]


def test_a_failed_hypothesis_needs_no_ingredients():
    row = comparison(haochen21.PARTITION, two_blocks(dim=3))
    assert (row["status"], row["reason"]) == ("INAPPLICABLE", "")


def test_ingredients_are_the_terms_where_there_is_a_number():
    problem = two_blocks(dim=2)
    assert ingredients(linrep26.RISK_GAP_MEAN, problem) == evaluate(linrep26.RISK_GAP_MEAN, problem).terms


def test_a_reason_stands_for_a_missing_number():
    process = lr.processes.GaussianNoise(dim=1, rho=0.5)
    problem = lr.Problem(process, lr.features.Linear(), dim=1)
    found = ingredients(haochen21.PARTITION, problem)
    assert all(isinstance(value, str) for value in found.values())
    assert set(ingredients(saunshi22.RESTATED_HAOCHEN, two_blocks(2))) == {
        q.name for q in saunshi22.RESTATED_HAOCHEN.inputs
    }
