"""Enclosures against float64, against the exact spectrum, and against closed forms; ties; refusals."""

import sys
import time
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep import symbols as sym
from linrep._checks import InputError
from linrep.quantities import EVALUATORS, Between, Grid, Measured, Unavailable, measure
from linrep.solutions._exact import exact_spectrum, inertia_above
from proofs_check.enclosures import ENCLOSURES, Place, admissible, enclose, exact_array, exact_problem, margins
from proofs_check.enclosures._errors import head_error
from proofs_check.verdict import Enclosure
from tests.proofs_check.checker_problems import exact_problems, nearly_tied, sixty_views, twenty_ones
from tests.strategies import KINDS
from tests.tolerances import rounding

COMPARED = [
    q
    for q in ENCLOSURES
    if q.shape is sym.Shape.SCALAR and q not in (sym.WORST_INDISTINGUISHABLE_ERROR, sym.TRANSFER_VALUE)
]

ONE_OF_MANY = (sym.BAYES_TARGET_RISK, sym.CLASS_MEAN_RISK)
"""Floats look at one minimiser, enclosures at the worst of them."""


def overlap(around: Enclosure, found: Measured | Between) -> bool:
    """Whether a float, or the floats around a number, meet the certified ball within the error they state."""
    low, high = (found.lower, found.upper) if isinstance(found, Between) else (float(found.value),) * 2
    slack = Fraction(float(found.error))
    return Fraction(float(low)) - slack <= around.upper and around.lower <= Fraction(float(high)) + slack


def seen_in_floats(quantity, problem, grid):
    """The float64 measurement, or None where there is no number."""
    try:
        return measure(quantity, problem, grid)
    except Unavailable:
        return None


def seen_exactly(quantity, problem, place):
    """The enclosure, or None where there is no number."""
    try:
        return enclose(quantity, problem, place)
    except Unavailable:
        return None


def disagreements(problem) -> list[str]:
    """The scalar quantities whose float64 value misses the certified ball."""
    grid, found = Grid(np.array([[problem.dim]]), np.ones((1, 1))), []
    for quantity in COMPARED:
        around = seen_exactly(quantity, problem, Place(problem.dim))
        value = None if around is None else seen_in_floats(quantity, problem, grid)
        if around is None or value is None:
            continue
        if quantity in ONE_OF_MANY and problem.weights is None:
            around = Enclosure(min(Fraction(0), around.lower), around.upper)
        if not overlap(around, value):
            found.append(quantity.name)
    return found


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15)
@given(data=st.data())
def test_floats_lie_in_the_certified_balls(kind, data):
    assert disagreements(data.draw(exact_problems(kind))) == []


def test_a_wrong_float_is_noticed(monkeypatch):
    problem = nearly_tied()
    assert disagreements(problem) == []
    monkeypatch.setitem(EVALUATORS, sym.CUT_EIGENVALUE, lambda problem, grid: Measured(0.5, 0.0))
    assert disagreements(nearly_tied()) == ["cut_eigenvalue"]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_the_spectrum_is_that_of_the_other_exact_route(kind, data):
    """Sturm-like isolation in integers, by the library, against Arb's roots: values and multiplicities."""
    problem = data.draw(exact_problems(kind))
    exact = exact_problem(problem)
    reference = exact_spectrum(exact.moments).eigenvalues
    levels = exact.spectrum.levels
    assert [v.multiplicity for v in levels] == [v.multiplicity for v in reference]
    for level, other in zip(levels, reference, strict=True):
        assert level.value.lower <= other.upper
        assert other.lower <= level.value.upper


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=25)
@given(data=st.data())
def test_energies_sum_to_the_exact_moments(kind, data):
    """sum c_i^2 = S and sum a_i^2 = E y^2 - R̄_min, both known exactly by solving; sum of pi_i = rank of the span."""
    problem = data.draw(exact_problems(kind))
    place, everything = Place(problem.dim), Place(problem.moments.dim)
    exact = exact_problem(problem)
    energy = sum(exact.label_energies, start=enclose(sym.DIM, problem) - enclose(sym.DIM, problem))
    whole = enclose(sym.PREDICTED_ENERGY, problem, place).lower
    assert energy.lower <= whole <= energy.upper
    means = enclose(sym.MEAN_ENERGY, problem, everything)
    captured = exact.label_sq - enclose(sym.BEST_MEAN_RISK, problem).lower
    assert means.lower <= captured <= means.upper
    if problem.weights is not None:
        defect = enclose(sym.HEAD_DEFECT, problem, Place(exact.spectrum.rank))
        rank = exact.spectrum.rank - exact.span()[1].nrows()
        assert defect.lower <= rank <= defect.upper


def test_twenty_equal_eigenvalues_are_one_exact_tie():
    problem = twenty_ones()
    (level,) = exact_problem(problem).spectrum.levels
    assert (level.value.lower, level.value.upper, level.multiplicity) == (1, 1, 20)
    assert admissible(exact_problem(problem)) == []
    # The label lies in the tie, so the unluckiest minimiser misses all of it but what no choice can miss.
    assert enclose(sym.AUGMENTED_RISK, problem).lower == 1
    problem = lr.Problem(problem.process, problem.features, problem.labels, dim=20)
    assert enclose(sym.AUGMENTED_RISK, problem).upper == 0


def test_eigenvalues_that_differ_by_a_millionth_of_a_millionth_are_no_tie():
    problem = nearly_tied()
    found = exact_problem(problem).spectrum
    assert [level.multiplicity for level in found.levels] == [1, 1]
    larger, smaller = (level.value for level in found.levels)
    assert (larger.exact, smaller.lower) == (True, Fraction(1, 4))
    assert 0 < larger.lower - smaller.upper == Fraction(1, 10**12) + Fraction(1, 10**24)
    middle = (larger.lower + smaller.upper) / 2
    assert inertia_above(exact_problem(problem).moments, middle) == 1
    assert admissible(exact_problem(problem)) == [1]


def test_example_one_has_its_closed_form():
    process = lr.processes.HypercubeScaling(dim=6, relevant=2, scale=lr.processes.Uniform(0, 1))
    weights = np.zeros((6, 2), dtype=int)
    weights[1, 0] = 1  # e_2 and nothing else: misses the label and one unit of the loss
    problem = lr.Problem(process, lr.features.Linear(), lr.labels.Coordinate(0), dim=2, weights=weights)
    assert enclose(sym.CUT_EIGENVALUE, problem).lower == Fraction(1, 4)
    assert enclose(sym.SUBOPTIMALITY, problem) == Enclosure(Fraction(1), Fraction(1))
    assert enclose(sym.AUGMENTED_RISK, problem).upper == 1
    assert enclose(sym.HEAD_DEFECT, problem, Place(2)) == Enclosure(Fraction(1), Fraction(1))


def test_a_minimiser_that_separates_the_label_has_error_zero():
    """K = diag(1, 1/4), d = 2: the least-squares readout of the whole space is right on every input."""
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    both = lr.Problem(process, lr.features.OneHot(), [1, -1], dim=2)
    assert enclose(sym.MEAN_ERROR, both).upper == 0
    assert enclose(sym.AUGMENTED_ERROR, both).upper == Fraction(1, 4)
    one = lr.Problem(process, lr.features.OneHot(), [1, -1], dim=1)  # the constant: every margin is zero or wrong
    assert enclose(sym.MEAN_ERROR, one).upper == 1


def test_what_lies_in_the_kernel_of_the_operator_is_missed():
    """K = diag(1, 1/2, 0), d = 3: the Bayes label of a view has energy 1/8 at the eigenvalue 0."""
    process = lr.processes.FiniteProcess([1, 1], [[0, 1, 1], [1, 0, 1]])
    problem = lr.Problem(process, lr.features.OneHot(), [-1, 1], dim=3)
    assert enclose(sym.BAYES_TARGET_RISK, problem) == Enclosure(Fraction(1, 8), Fraction(1, 8))


def test_norms_of_heads_have_their_closed_form():
    """c = (1, 0) and 1/2 (1, -1) for the two classes: sum c_i^2 / kappa_i over both eigenvalues 1 and 1/4."""
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    problem = lr.Problem(process, lr.features.OneHot(), [1, -1], dim=2)
    energies = exact_problem(problem).energies(exact_problem(problem).class_cross)
    assert [e.lower for e in energies] == [Fraction(1, 2), Fraction(1, 8)]
    norm = enclose(sym.HEAD_NORM_AUGMENTED, problem)
    assert (norm.lower, norm.upper) == (1, 1)


def test_margins_are_exact_values_of_the_score():
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    problem = lr.Problem(process, lr.features.OneHot(), [1, -1], dim=1, score=[Fraction(1), Fraction(-3)])
    assert margins(sym.MARGIN_MASS_AUGMENTED, problem) == [1, 3]
    assert enclose(sym.MARGIN_MASS_AUGMENTED, problem, Place(1, Fraction(3))).lower == Fraction(5, 8)


@pytest.mark.parametrize("weights", [[[0.5], [1.0]], np.ones((2, 1)), [[True], [False]]])
def test_floats_of_unknown_origin_are_refused(weights):
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    problem = lr.Problem(process, lr.features.OneHot(), [1, -1], dim=1)
    object.__setattr__(problem, "weights", weights if isinstance(weights, np.ndarray) else np.array(weights, object))
    with pytest.raises(InputError, match="origin"):
        enclose(sym.SUBOPTIMALITY, problem)


def test_a_float_process_is_refused():
    process = lr.processes.FiniteProcess([0.5, 0.5], [[0.75, 0.25], [0.25, 0.75]])
    with pytest.raises(InputError, match="float"):
        enclose(sym.CUT_EIGENVALUE, lr.Problem(process, lr.features.OneHot(), [1, -1], dim=1))


def test_dyadic_floats_pass_as_fractions():
    assert exact_array([Fraction(0.1)], "weights")[0] == Fraction(0.1)


def test_a_spectrum_of_sixty_views(capsys):
    exact = exact_problem(sixty_views())
    _ = exact.moments, exact.sigma, exact.sigma_bar
    start = time.perf_counter()
    found = exact.spectrum
    seconds = time.perf_counter() - start
    with capsys.disabled():
        sys.stdout.write(f" spectrum of 60 views enclosed in {seconds:.2f} s ")
    assert (found.rank, found.levels[-1].multiplicity) == (60, 20)
    floats = exact.problem.solution.spectrum.values
    middle = [float(found.kappa(i)) for i in range(1, 61)]
    assert np.max(np.abs(np.array(middle) - floats)) <= exact.problem.solution.spectrum.error + rounding(1)


@pytest.mark.parametrize("kind", ["mean", "view", "vote"])
@pytest.mark.parametrize("disjoint", [False, True])
def test_argmax_errors_of_minimisers_are_at_most_those_of_the_least_squares_head(kind, disjoint):
    """Without a tie there is one minimiser up to a change of basis, and its head in float64 errs as often."""
    quantity = {"mean": sym.ARGMAX_MEAN_ERROR, "view": sym.ARGMAX_AUGMENTED_ERROR, "vote": sym.VOTE_ERROR}[kind]
    rng, told = np.random.default_rng(5), 0
    for _ in range(12):
        table = rng.integers(0, 4, (5, 7)) + (20 * np.eye(5, 7, dtype=int) if disjoint else 0)
        table[:, 0] += table.sum(axis=1) == 0
        labels = lr.labels.Table(rng.integers(0, 3, 5), "classes")
        problem = lr.Problem(
            lr.processes.FiniteProcess(rng.integers(1, 4, 5), table), lr.features.OneHot(), labels, dim=2
        )
        assert problem.solution.tie is None
        around, floats = enclose(quantity, problem), measure(quantity, problem, Grid(np.array([[2]]), np.ones((1, 1))))
        budget = Fraction(rounding(64))
        assert around.upper <= Fraction(floats.upper) + budget
        head = head_error(exact_problem(problem), kind)
        assert abs(head - Fraction(floats.upper)) <= budget  # masses of the same wrong choices
        told += head < 2 * ENCLOSURES[sym.CLASS_MEAN_RISK](exact_problem(problem), Place(2)).upper
    assert told
