"""The embedded problems are what they say."""

import math
from fractions import Fraction

import numpy as np
import pytest

import linrep as lr
from linrep.gallery import example_one_dictator
from proofs_check.embedded import embedded, family_member, rotated, share_for, suboptimality_of
from tests.tolerances import eigenvalue_budget, sum_budget

PROBLEMS = {e.name: e for e in embedded(0, random_count=0)}


def test_names_are_unique_and_random_problems_depend_on_the_seed():
    first, again, other = (embedded(seed, 12) for seed in (0, 0, 1))
    assert len({e.name for e in first}) == len(first)
    losses = [[e.build().solution.loss for e in some if e.family == "random"] for some in (first, again, other)]
    assert losses[0] == losses[1] != losses[2]


@pytest.mark.parametrize("share", [0.0, 0.25, 0.8, 1.0])
def test_rotation_has_the_loss_of_its_formula(share: float):
    turned = rotated(example_one_dictator(), share, out=0, towards=10)
    expected = 1 - ((1 - share) + share * 0.75) ** 2
    loss = lr.losses.spectral(turned.moments, turned.weights) + 10
    assert abs(loss - expected) <= eigenvalue_budget(50, 10)
    assert abs(suboptimality_of(turned) - expected) <= eigenvalue_budget(50, 10)


@pytest.mark.parametrize("wanted", [1e-3, 0.1, 0.4])
def test_share_gives_the_suboptimality(wanted: float):
    base = example_one_dictator()
    found = suboptimality_of(rotated(base, share_for(base, wanted, out=0, towards=10), out=0, towards=10))
    assert abs(found - wanted) <= eigenvalue_budget(50, 10)


def test_rotation_outside_the_spectrum_is_refused():
    with pytest.raises(lr.InputError, match="one below d = 10"):
        rotated(example_one_dictator(), 0.5, out=10, towards=11)
    with pytest.raises(lr.InputError, match="share is 2"):
        rotated(example_one_dictator(), 2, out=0, towards=10)


@pytest.mark.parametrize("erasure", [Fraction(1, 4), Fraction(1, 64)])
def test_family_member_by_hand(erasure: Fraction):
    """All functions: constant, first sign, and 14 erased ones; the identification error is a product."""
    process, kept = family_member(erasure), 1 - erasure / 40
    assert process.identification_error == 1 - kept * (1 - erasure * Fraction(7, 8))
    sign = (2 * kept - 1) ** 2
    expected = sorted([1, sign, *[1 - erasure] * 7, *[sign * (1 - erasure)] * 7], reverse=True)
    spectrum = process.spectrum(16)
    budget = eigenvalue_budget(process.n_views)
    np.testing.assert_allclose(spectrum, [float(x) for x in expected], rtol=0, atol=budget)


def test_affine_gap_stays_where_the_gap_of_all_functions_goes():
    gaps = {}
    for name in ("affine", "onehot"):
        kappa = [PROBLEMS[f"family_{name}_1/{n}"].build().solution.spectrum.kappa(3) for n in (64, 1024)]
        gaps[name] = [1 - k for k in kappa]
    assert min(gaps["affine"]) > 0.2
    assert gaps["onehot"][1] < 1 / 500


def test_good_pairs_are_a_minimiser_that_knows_the_label():
    problem = PROBLEMS["pairs_16_d2_good"].build()
    loss = lr.losses.spectral(problem.moments, problem.weights)
    assert abs(loss - problem.solution.loss) <= eigenvalue_budget(32, 2)
    assert lr.risks.regression(problem.moments, problem.weights, readout="mean") <= sum_budget(32)


def test_table_one_label_has_the_score_of_its_direction():
    problem = PROBLEMS["example1_table1_d10"].build()
    assert problem.score is not None
    assert np.count_nonzero(problem.score) == 10
    assert problem.label.kind == "sign"
    assert math.isclose(problem.solution.loss, -10, rel_tol=eigenvalue_budget(50))
