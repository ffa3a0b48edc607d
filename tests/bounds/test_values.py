"""Every formula at numbers small enough to do by hand: what it should give, worked out from the printed statement."""

import dataclasses
import math
from fractions import Fraction

import numpy as np
import pytest

from linrep import InputError
from linrep.bounds import (
    CATALOGUE,
    FLOAT,
    FRACTION,
    JAX,
    Choice,
    Kind,
    Theorem,
    dropped,
    reversed_inequality,
    scaled,
    shifted,
    theorem,
)
from linrep.symbols import DIM, N_INPUTS, NEXT_UNRESTRICTED_CUT_EIGENVALUE, UNRESTRICTED_CUT_EIGENVALUE
from tests.tolerances import rounding

WORKED = [
    # R̄ + (R - R̄) / lambda: 1/10 + (1/5) 4
    ("linrep26.risk_gap_mean", "1/10 3/10 1/4", "9/10"),
    # R + V / lambda: 1/10 + (3/20) 4
    ("linrep26.risk_gap_augmented", "1/10 3/20 1/4", "7/10"),
    # eps / (kappa_k^2 - kappa_{d+1}^2): (1/8) / (9/16 - 1/16)
    ("linrep26.head_bound", "1/8 3/4 1/4", "1/4"),
    # R + (sqrt(delta S) + sqrt(V / lambda))^2, delta as above: 1/10 + (sqrt 1 + sqrt 4)^2
    ("linrep26.suboptimal_augmented", "1/10 4 1/8 3/4 1/4 1/2 1/8", "91/10"),
    # delta is at most 1, here 2 otherwise: 1/10 + (sqrt 4 + sqrt 4)^2
    ("linrep26.suboptimal_augmented", "1/10 4 1 3/4 1/4 1/2 1/8", "161/10"),
    # R̄ + (sqrt(gap / lambda) + sqrt(S̄ delta / kappa_k))^2: 1/10 + (sqrt 4 + sqrt(3 (1/4) (4/3)))^2
    ("linrep26.suboptimal_mean", "1/10 1/2 1/8 3 1/8 3/4 1/4", "91/10"),
    ("linrep26.suboptimal_mean", "1/10 1/2 1/8 3 1 3/4 1/4", "161/10"),
    # mass + (sqrt(S delta) + sqrt(V / lambda))^2 / gamma^2: 1/10 + 9/4
    ("linrep26.margin", "1/10 4 1/8 3/4 1/4 1/2 1/8 2", "47/20"),
    ("linrep26.margin_mean", "1/10 4 1/8 3/4 1/4 1/2 1/8 2", "47/20"),
    # 4 (2 Delta + sqrt L) / lambda_{k+1} + 2 k eps / ((1 - lambda_k) (lambda_{d+1} - lambda_k)^2): 6 + (3/4) / (3/16)
    ("saunshi22.linear_class", "1/8 1/4 1/2 3 1/8 1/4 3/4", "10"),
    # (sqrt(2 (2 Delta + sqrt L) / lambda) + sqrt(eps / (kappa_k (kappa_k^2 - kappa_{d+1}^2))))^2:
    # (sqrt 4 + sqrt(1/4))^2
    ("linrep26.sharpened_45", "1/8 1/4 3/8 3/32 3/4 1/4", "25/4"),
    # the same with Delta in place of 2 Delta
    ("linrep26.sharpened_45_classes", "1/4 1/4 3/8 3/32 3/4 1/4", "25/4"),
    # 32 k eps
    ("saunshi22.hypercube", "3 1/8", "12"),
    # (16/7) eps
    ("linrep26.hypercube", "7/8", "2"),
    # 4 alpha / lambda + 8 alpha
    ("haochen21.eigenvalue", "1/8 1/4", "3"),
    # 2 alpha / lambda
    ("linrep26.haochen_regression", "1/8 1/4", "1"),
    ("linrep26.haochen_class_mean", "1/8 1/4", "1"),
    # 4 alpha / lambda + alpha
    ("linrep26.haochen_single_view", "1/8 1/4", "17/8"),
    # 4 alpha / lambda
    ("linrep26.haochen_mean", "1/8 1/4", "2"),
    # 8 alpha / lambda + 2 alpha
    ("linrep26.haochen_vote", "1/8 1/4", "17/4"),
    # 1 / sqrt kappa_d, 1 / kappa_d
    ("linrep26.head_norm_augmented", "1/4", "2"),
    ("linrep26.head_norm_mean", "1/4", "4"),
    # e(N, d) itself
    ("saunshi22.lower_bound", "3/8", "3/8"),
    ("saunshi22.vacuous_transfer", "3/8", "3/8"),
    # 2 tau / (1 - d / N): (1/4) / (3/4)
    ("saunshi22.near_disjoint", "1/8 1 4", "1/3"),
    # (1 - theta) / (1 - d / N): (3/8) / (3/4)
    ("linrep26.near_disjoint_collision", "5/8 1 4", "1/2"),
    # (1 - (1 - tau)^2) / (1 - d / N): (7/16) / (3/4)
    ("linrep26.near_disjoint_squared", "1/4 1 4", "7/12"),
    # the interlacing sum itself
    ("linrep26.vacuity_threshold", "3/7", "3/7"),
    # 2 lambda
    ("linrep26.near_disjoint_ceiling", "1/8", "1/4"),
    # 4 tau / (1 - d / N)
    ("linrep26.near_disjoint_identification", "1/8 1 4", "2/3"),
    # e(N, d) itself
    ("saunshi22.constrained_lower_bound", "3/8", "3/8"),
    # (L - tau) / (1 - tau): (1/2) / (3/4)
    ("arora19.mean_classifier", "3/4 1/4", "2/3"),
    ("arora19.mean_classifier_logistic", "3/4 1/4", "2/3"),
    # (L - Col) / ((1 - tau_m) v): (1/2) / ((2/3) (3/8))
    ("arora19.many_negatives", "3/4 1/4 2/3 3/8", "2"),
    # (2 L - Col) / v: (5/4) / (1/8)
    ("nozawa21.coverage", "3/4 1/4 1/8", "10"),
    # 2 max(1, 2 (C - 1) H / m) / (1 - tau_m) (L - Col): 2 (11/5) (3/2) (1/2)
    ("ash22.coupons", "3/4 1/4 2/3 4 11/6 5", "33/10"),
    # many negatives, 2 (C - 1) H / m = 1/2: 2 (3/2) (1/2)
    ("ash22.coupons", "3/4 1/4 2/3 4 11/6 22", "3/2"),
    # L / tau_m, (L - Col) / w_m
    ("linrep26.present_classes", "3/4 1/8", "6"),
    ("linrep26.shared_classes", "3/4 1/4 1/8", "4"),
    # L + H - G: 1/10 + 3/10 - 1/8
    ("linrep26.corner_lower", "1/10 3/10 1/8", "11/40"),
    # 1 / (2 lambda)
    ("johnson23.minimax", "1/8", "4"),
    ("johnson23.minimax_lower", "1/8", "4"),
    # (alpha / beta) P_max / (P_min - alpha): (1/8) 3 (2/3) / (1/8)
    ("haochenma23.clusters", "1/8 3 2/3 1/4", "2"),
    # (alpha / beta) P_min / (P_min - alpha / 2): (1/4) 3 (5/8) / (1/2)
    ("linrep26.sharpened_clusters", "1/4 3 5/8", "15/16"),
    # (sqrt eps_X + sqrt eps_Z)^2: (1/2 + 1/3)^2
    ("tosh21.redundancy", "1/4 1/9", "25/36"),
    # E[Y^2] times the error
    ("tosh21.spectral", "3/4 1/8", "3/32"),
    # E[Y^2] (1 + g)^4 eps: (3/4) 81 / 9
    ("tosh21.direct", "3/4 2 1/9", "27/4"),
    # 1 - sigma + R: 1/8 + 1/4
    ("huang23.augmented_distance", "7/8 1/4", "3/8"),
    # d - sum kappa^2
    ("balestriero22.vicreg", "3 5/4", "7/4"),
    # 2 d (2 eta s + (2 eta + eta^2) s^2), s = 4/3: 6 (2/3 + (9/16) (16/9))
    ("linrep26.sample_excess", "3 1/4", "10"),
    # 8 d eta^2 (3 + eta)^2 g / (g - 2 eta)^2, g = 2/3: (24/64) (625/64) (2/3) / (25/144)
    ("linrep26.sample_excess_fast", "3 1/8 3/4 1/4", "225/16"),
    # 4 (t + eta^2 sqrt S)^2 g / (g - 2 eta)^2, g = 3/4: 4 (7/32)^2 (3/4) / (1/16)
    ("linrep26.sample_excess_variance", "1/8 1/4 9/4 3/4 3/16", "147/64"),
]
"""Key, inputs in order, value."""


@pytest.mark.parametrize(("key", "inputs", "value"), WORKED)
def test_value_by_hand(key: str, inputs: str, value: str):
    numbers = [Fraction(x) for x in inputs.split()]
    assert theorem(key).value(*numbers, field=FRACTION) == Fraction(value)


@pytest.mark.parametrize(("key", "inputs", "value"), WORKED)
def test_value_by_hand_in_floats_and_on_arrays(key: str, inputs: str, value: str):
    columns = [np.array([float(Fraction(x))] * 2) for x in inputs.split()]
    found, expected = theorem(key).value(*columns, field=FLOAT), float(Fraction(value))
    assert np.max(np.abs(found - expected)) <= rounding(32, expected)


TWO, FOUR = math.log(2), math.log(4)
"""Their hyperbolic functions are rational: sinh ln 2 = 3/4, cosh ln 2 = 5/4, sinh ln 4 = 15/8, cosh ln 4 = 17/8."""

J = math.log(3 / (4 * TWO)) + 5 * TWO / 3 - 1
"""ln(sinh B / B) + B coth B - 1 at B = ln 2."""

LOGARITHMS = [
    # L + tau / (1 - tau) s / sqrt 2: 1/8 + 1 / sqrt 2
    ("arora19.collision", (1 / 8, 1 / 4, 3), 1 / 8 + math.sqrt(1 / 2)),
    ("arora19.collision_logistic", (1 / 8, 1 / 4, 3), 1 / 8 + math.sqrt(1 / 2) / TWO),
    # L + ln(pi C^2 / m) + 2 ln cosh B
    ("bao22.upper", (1 / 10, 1 / 3, 5, TWO, 4), 1 / 10 + math.log(25 / 12 * 25 / 16)),
    # L + H + ln(m / (1 + m)^2) - 2 ln cosh B
    ("bao22.lower", (1 / 10, 3 / 10, 4, TWO), 2 / 5 + math.log(4 / 25 * 16 / 25)),
    # L + ln(C / m) + sqrt Var + (e sinh 1)^2 / m, and e sinh 1 = (e^2 - 1) / 2
    ("wang22.chaos", (1 / 10, 5, 4, 1 / 9), 13 / 30 + math.log(5 / 4) + (math.e**2 - 1) ** 2 / 16),
    ("wang22.chaos_lower", (1 / 10, 5, 4, 1 / 9, 1 / 8), math.log(5 / 4) - 7 / 30 - (math.e**2 - 3) / 32),
    # e^{2B} max(1, sinh^2 B) / m: 4 (1) / 5 and 16 (225/64) / 5
    ("wangisola20.limit", (TWO, 5), 4 / 5),
    ("wangisola20.limit", (FOUR, 5), 45 / 4),
    # max(P, e^B N) / m
    ("linrep26.limit_rate", (7 / 2, 3, TWO, 5), 6 / 5),
    ("linrep26.limit_rate", (7, 3, TWO, 5), 7 / 5),
    # L + ln(C / m) + J(B)
    ("linrep26.surrogate_gap", (1 / 10, 5, 4, TWO), 1 / 10 + math.log(5 / 4) + J),
    # L - ln m + spread + gap
    ("linrep26.corner_gap", (1 / 10, 1 / 5, 2 / 5, 4), 7 / 10 - FOUR),
    # L + ln(C / m) + spread + e^B tilt / m: 3/10 + 2 (3) / 4
    ("linrep26.chaos", (1 / 10, 5, 4, 1 / 5, 3, TWO), 9 / 5 + math.log(5 / 4)),
    # L + ln(C / m) - ((e^2 - 3) / 4) worst
    ("linrep26.chaos_lower", (1 / 10, 5, 4, 1 / 8), 1 / 10 + math.log(5 / 4) - (math.e**2 - 3) / 32),
]
"""Key, inputs in order, value."""


@pytest.mark.parametrize(("key", "inputs", "value"), LOGARITHMS)
def test_value_with_logarithms_by_hand(key: str, inputs: tuple[float, ...], value: float):
    assert abs(theorem(key).value(*inputs, field=FLOAT) - value) <= rounding(32, 8.0)


def test_every_theorem_with_a_number_is_worked_by_hand():
    worked = {key for key, _, _ in (*WORKED, *LOGARITHMS)}
    assert worked == {t.key for t in CATALOGUE if t.unavailable is None}


@pytest.mark.parametrize("entry", [t for t in CATALOGUE if t.unavailable], ids=lambda t: t.key)
def test_a_form_with_a_hidden_constant_is_never_evaluated(entry: Theorem):
    with pytest.raises(ArithmeticError, match="no number to compute"):
        entry.value(*(0.5 for _ in entry.inputs), field=FLOAT)


def test_a_statement_is_printed_as_it_is_written():
    """SymPy would multiply the 4 out on its own."""
    assert r"4 \left(2" in theorem("saunshi22.linear_class").statement()


STATEMENTS = {
    "linrep26.head_norm_augmented": r"\|B^{\mathrm{aug}}\|_F \le \frac{1}{\sqrt{\kappa_d}}",
    "linrep26.corner_lower": r"L_{\mathrm{CE}}^{\mu}(f) \ge \left(L_{\mathrm{cont}}(f) + H(\pi)\right) - G_m(b^2)",
}


@pytest.mark.parametrize("key", STATEMENTS)
def test_a_statement_in_full(key: str):
    assert theorem(key).statement() == STATEMENTS[key]


def test_the_symbols_of_an_expression_are_non_negative():
    """So that a closed form may take sqrt(x^2) to be x."""
    for key in ("linrep26.suboptimal_mean", "bao22.upper"):
        assert all(symbol.is_nonnegative for symbol in theorem(key).expression().free_symbols)


def test_an_unknown_key_names_those_of_its_paper_or_else_the_papers():
    with pytest.raises(InputError, match=r"no theorem 'bao22.uper'; known here: bao22\.upper, bao22\.lower\.$"):
        theorem("bao22.uper")
    papers = ", ".join(sorted({t.key.split(".")[0] for t in CATALOGUE}))
    for key in ("nobody99.upper", "upper"):
        with pytest.raises(InputError, match=f"no theorem '{key}'; known here: {papers}.$"):
            theorem(key)


@pytest.mark.parametrize(("function", "place", "value"), [("exp", 0, 1), ("log", 1, 0), ("sinh", 0, 0), ("cosh", 0, 1)])
def test_elementary_functions_are_rational_at_one_place_only(function: str, place: int, value: int):
    assert getattr(FRACTION, function)(Fraction(place)) == value
    with pytest.raises(ArithmeticError, match=rf"{function}\(1/2\) is not rational"):
        getattr(FRACTION, function)(Fraction(1, 2))


def test_the_smaller_and_the_larger_of_two_numbers_over_every_field():
    for field in (FLOAT, JAX, FRACTION):
        quarter, half = field.ratio(1, 4), field.ratio(1, 2)
        assert (field.minimum(quarter, half), field.maximum(quarter, half)) == (quarter, half) == (1 / 4, 1 / 2)


def test_a_scaled_control_multiplies_the_bound():
    broken = scaled(Fraction(3, 4)).theorem(theorem("linrep26.haochen_mean"))
    assert broken.value(Fraction(1, 8), Fraction(1, 4), field=FRACTION) == Fraction(3, 2)


def test_a_shifted_control_replaces_one_quantity_where_it_is():
    ceiling = theorem("linrep26.near_disjoint_collision")
    moved = shifted(UNRESTRICTED_CUT_EIGENVALUE, NEXT_UNRESTRICTED_CUT_EIGENVALUE).theorem(ceiling)
    assert (moved.bounds, moved.inputs) == (NEXT_UNRESTRICTED_CUT_EIGENVALUE, ceiling.inputs)
    other = shifted(DIM, N_INPUTS).theorem(ceiling)
    assert (other.bounds, other.inputs[1:]) == (ceiling.bounds, (N_INPUTS, N_INPUTS))


def test_controls_turn_and_drop_what_they_say():
    lower, upper = theorem("bao22.lower"), theorem("bao22.upper")
    assert reversed_inequality().theorem(lower).kind is Kind.UPPER
    assert reversed_inequality().theorem(upper).kind is Kind.LOWER
    rest = dropped(upper.hypotheses[1]).theorem(upper).hypotheses
    assert rest == (upper.hypotheses[0], *upper.hypotheses[2:])


def test_an_index_asks_for_a_choice_and_a_choice_for_an_index():
    for key, choice in (("linrep26.head_bound", Choice.NONE), ("bao22.upper", Choice.BEST)):
        with pytest.raises(InputError, match="choice is"):
            dataclasses.replace(theorem(key), choice=choice)
