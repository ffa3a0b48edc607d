"""The formulas that only steps of proofs use, at numbers small enough to do by hand."""

import itertools
import math
from collections.abc import Callable
from fractions import Fraction

import pytest

from linrep.bounds import (
    CATALOGUE,
    FLOAT,
    FRACTION,
    Relation,
    balestriero22,
    bao22,
    haochenma23,
    itself,
    nozawa21,
    path,
    saunshi22,
    wang22,
)
from linrep.bounds.linrep26 import _chaos as chaos
from linrep.bounds.linrep26 import _class_aware as aware
from linrep.bounds.linrep26 import _classification as classified
from linrep.bounds.linrep26 import _graph as graph
from linrep.bounds.linrep26 import _minimisers as minimisers
from linrep.bounds.linrep26 import _negatives as negatives
from linrep.bounds.linrep26 import _vacuity as vacuity
from linrep.symbols import AUGMENTED_RISK, BEST_AUGMENTED_RISK, MEAN_ERROR, MEAN_RISK
from tests.tolerances import rounding

WORKED = [
    (itself(MEAN_RISK).formula, "3/8", "3/8"),
    (minimisers.added, "1/10 3/10", "2/5"),
    # 1/10 + (2 + 3)^2
    (minimisers.two_parts, "1/10 4 9", "251/10"),
    # delta = (1/8) / (1/2): 1/10 + (sqrt(16 / 4) + sqrt 9)^2, and delta = 1 where the quotient is 2
    (aware.head_bounded, "1/10 16 1/8 3/4 1/4 9", "251/10"),
    (aware.head_bounded, "1/10 4 1 3/4 1/4 9", "251/10"),
    # 1/10 + (sqrt 4 + sqrt(3 (1/4) (4/3)))^2
    (aware.mean_head_bounded, "1/10 4 3 1/8 3/4 1/4", "91/10"),
    # eps / (1 - kappa^2): (1/8) / (15/16)
    (aware.one_vector, "1/8 1/4", "2/15"),
    # 1/10 + (3/4) 9
    (classified.markov, "1/10 3/4 1/3", "137/20"),
    # 1/10 + ((2 + 3) 3)^2
    (classified.bridged, "1/10 4 9 1/3", "2251/10"),
    # the last square root is sqrt((3/32) / (3/8)): 1/10 + (2 + 1/2)^2
    (classified.unclipped, "1/10 1/2 1/8 3/32 3/4 1/4", "127/20"),
    # (sqrt(9/4 + 4) + 1/2)^2
    (classified.inside, "9/4 1/2 1/8 3/32 3/4 1/4", "9"),
    # (sqrt(9/4) + 1/2)^2
    (classified.over_tail, "3/8 1/6 3/32 3/4 1/4", "4"),
    # 4 (1/4 + 1/2) 2 + 2 (3/32) / (3/8)
    (saunshi22.split, "1/8 1/4 1/2 3/32 3/4 1/4", "13/2"),
    # 4 (1/4 + 1/2) 2 + 2 (3/8) / ((3/4) (1/4))
    (saunshi22.without_size, "1/8 1/4 1/2 3/8 1/4 3/4", "10"),
    # 2 (3) (1/8) 9
    (saunshi22.at_relevant, "3 1/8 1/3", "27/4"),
    (saunshi22.one, "", "1"),
    (graph.over_cut, "1/8 1/4", "1/2"),
    # 2 (3/8) + 1/16
    (graph.through_bayes, "3/8 1/16", "13/16"),
    # 2 (1/8) 4 + 1/16
    (graph.through_split, "1/8 1/4 1/16", "17/16"),
    (graph.twice, "3/8", "3/4"),
    # 2 (1/10 + (1/5) 4)
    (graph.twice_gap, "1/10 3/10 1/4", "9/5"),
    (graph.voted_bayes, "3/8 1/16", "13/8"),
    (graph.voted_split, "1/8 1/4 1/16", "17/8"),
    (graph.root, "9/4", "3/2"),
    (graph.root_over, "9/4 3/8", "4"),
    (graph.one, "", "1"),
    # defect / (N - d)
    (vacuity.average, "3 10 4", "1/2"),
    (vacuity.difference, "3/4 1/4", "1/2"),
    (vacuity.squares_apart, "3/8", "55/64"),
    # 2 (7/16) / (3/4)
    (vacuity.twice_squared, "1/4 1 4", "7/6"),
    (haochenma23.through_the_gap, "1/8 1/4", "1/2"),
    (balestriero22.shifted_loss, "3 1/8", "25/8"),
    (nozawa21.plain, "3/4 1/8", "6"),
    # 3/8 - 1/8 + 1/16
    (bao22.gibbs, "1/8 3/8 1/16", "5/16"),
    # 5/8 - 1/8 + 1/3 and - 1/3
    (wang22.above_means, "5/8 1/8 1/9", "5/6"),
    (wang22.below_means, "5/8 1/8 1/9", "1/6"),
    # 3/8 - 1/8 + 1/5 + 2/5
    (negatives.corner_of_means, "1/8 3/8 1/5 2/5", "17/20"),
]
"""Formula, inputs in order, value."""

TWO = math.log(2)
"""sinh ln 2 = 3/4 and cosh ln 2 = 5/4."""

CURVATURE = (math.e**2 - 3) / 4

LOGARITHMS = [
    # 3/8 - 1/8 + ln(25/3) + 2 ln(5/4)
    (bao22.without_negatives, (1 / 8, 3 / 8, 1 / 3, 5, TWO), 1 / 4 + math.log(25 / 3 * 25 / 16)),
    (wang22.above_limit, (1 / 10, 5, 1 / 9), 13 / 30 + math.log(5)),
    (wang22.below_limit, (1 / 10, 5, 1 / 9, 1 / 8), math.log(5) - 7 / 30 - CURVATURE / 8),
    # J = ln(sinh B / B) + B coth B - 1
    (negatives.reverse_jensen, (TWO,), math.log(3 / (4 * TWO)) + 5 * TWO / 3 - 1),
    (
        negatives.gap_of_means,
        (1 / 8, 3 / 8, 5, TWO),
        1 / 4 + math.log(15 / (4 * TWO)) + 5 * TWO / 3 - 1,
    ),
    (chaos.spread_at_limit, (1 / 10, 5, 1 / 5), 3 / 10 + math.log(5)),
    (chaos.rootless_limit, (1 / 10, 5, 1 / 8), 1 / 10 + math.log(5) - CURVATURE / 8),
]
"""Formula, inputs in order, value."""


def name(formula: Callable) -> str:
    return f"{formula.__module__}.{formula.__qualname__}"


@pytest.mark.parametrize(("formula", "inputs", "value"), WORKED)
def test_step_by_hand(formula: Callable, inputs: str, value: str):
    assert formula(*map(Fraction, inputs.split()), FRACTION) == Fraction(value)


@pytest.mark.parametrize(("formula", "inputs", "value"), LOGARITHMS)
def test_step_with_logarithms_by_hand(formula: Callable, inputs: tuple[float, ...], value: float):
    assert abs(formula(*inputs, FLOAT) - value) <= rounding(32, 8.0)


def test_every_formula_of_a_step_is_worked_by_hand():
    used = {term.formula for t in CATALOGUE for step in t.steps for term in (step.left, step.right)}
    worked = {formula for formula, _, _ in (*WORKED, *LOGARITHMS)} | {t.formula for t in CATALOGUE}
    assert {name(f) for f in used - worked} == set()


def test_a_path_joins_every_term_to_the_one_before():
    """Of three links, so that the first, the last and one between are told apart."""
    terms = [itself(q) for q in (MEAN_ERROR, MEAN_RISK, AUGMENTED_RISK, BEST_AUGMENTED_RISK)]
    steps = path(terms[0], ("<=", terms[1], "first"), ("=", terms[2], "second"), (">=", terms[3], "third"))
    assert [(s.left, s.right) for s in steps] == list(itertools.pairwise(terms))
    assert [(s.relation, s.reason) for s in steps] == [
        (Relation.AT_MOST, "first"),
        (Relation.EQUAL, "second"),
        (Relation.AT_LEAST, "third"),
    ]


def test_a_path_of_no_links_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        path(itself(MEAN_ERROR))
