"""Contrastive quantities against sums over listed tuples, and both arithmetics against each other."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep import symbols as sym
from linrep.losses._laplace import WIDEST, mean_log_error, mean_log_sums
from linrep.quantities import Grid, Unavailable, measure
from linrep.quantities._classes import coverage
from linrep.symbols import _contrast
from proofs_check.embedded._contrast import three_classes
from proofs_check.enclosures import enclose
from tests.contrast_problems import Tuples, sampled
from tests.tolerances import EPS, rounding, sum_budget

few = settings(max_examples=40, deadline=None)
ANY = Grid(np.array([[1]]), np.ones((1, 1)))
QUANTITIES = [q for q in vars(_contrast).values() if isinstance(q, sym.Quantity)]


def agrees(quantity, problem, expected, terms=4000):
    """The float value within its stated error of another route, whose own sum has `terms` rounded terms."""
    found = measure(quantity, problem, ANY)
    size = 1 + abs(float(expected))
    assert abs(float(found.value) - float(expected)) <= found.error + terms * EPS * size, quantity.name
    assert found.error <= sum_budget(10**4, size * 10**3)  # and the stated error means something


def hinge(z):
    return max(1 - z, Fraction(0))


def logistic(z):
    return Fraction(math.log2(1 + math.exp(-z)))


@few
@given(sampled())
def test_losses_with_one_negative(problem):
    tuples = Tuples(problem)
    for loss, names in ((hinge, ("PAIR_HINGE", "APART_HINGE", "MEAN_HINGE")),
                        (logistic, ("PAIR_LOGISTIC", "APART_LOGISTIC", "MEAN_LOGISTIC"))):  # fmt: skip
        pair, apart, mean = (getattr(sym, name) for name in names)
        agrees(pair, problem, tuples.one_negative(loss, apart=False))
        agrees(apart, problem, tuples.one_negative(loss, apart=True))
        agrees(mean, problem, tuples.of_means(loss))


@few
@given(sampled())
def test_losses_with_m_negatives(problem):
    tuples = Tuples(problem)
    loss, only = tuples.many(positive=True), tuples.many(positive=False)
    agrees(sym.CONTRASTIVE_LOSS, problem, loss)
    agrees(sym.NEGATIVES_ONLY_LOSS, problem, only)
    values, t = np.asarray(problem.weights, dtype=float), float(problem.temperature)
    agrees(sym.CONTRASTIVE_LOSS, problem, lr.losses.infonce(problem.process, values, temperature=t, negatives=tuples.m))
    limit = sum(float(p) * (math.log(tuples.partition(x)) - float(tuples.score(x, y))) for _, x, y, p in tuples.pairs)
    agrees(sym.CONTRASTIVE_LIMIT, problem, limit)
    agrees(sym.LIMIT_GAP, problem, abs(loss - math.log(tuples.m) - limit))


@few
@given(sampled())
def test_means_scores_and_spreads(problem):
    tuples = Tuples(problem)
    names, views = tuples.names, tuples.views

    def partition(x):
        return math.log(sum(math.exp(tuples.to_mean(x, c)) for c in names))

    agrees(sym.MEAN_POTENTIAL, problem, tuples.mean_over_classes(lambda c, x: partition(x)))
    entropy = tuples.mean_over_classes(lambda c, x: partition(x) - float(tuples.to_mean(x, c)))
    agrees(sym.MEAN_CROSS_ENTROPY, problem, entropy)
    agrees(sym.ALIGNMENT, problem, sum(p * tuples.score(x, y) for _, x, y, p in tuples.pairs))
    agrees(
        sym.REPULSION, problem, sum(tuples.law[x] * tuples.law[y] * tuples.score(x, y) for x in views for y in views)
    )
    agrees(sym.SQUARED_NORM, problem, max(tuples.score(x, x) for x in views))
    agrees(sym.CLASS_VARIANCE, problem, sum(tuples.rho[c] * tuples.variance(c) for c in names))
    agrees(sym.WORST_CLASS_VARIANCE, problem, max(tuples.variance(c) for c in names))
    process, f = problem.process, np.asarray(problem.weights, dtype=float)
    means = process.channel @ f
    of_class = np.array([[float(v) for v in tuples.mean[int(c)]] for c in problem.label.values])
    agrees(sym.INPUT_SPREAD, problem, process.prior @ np.sum((means - of_class) ** 2, axis=1) / float(tuples.t))


@few
@given(sampled())
def test_tilts(problem):
    tuples = Tuples(problem)
    weight = sum(float(p) * math.exp(tuples.score(x, y)) / tuples.partition(x) for _, x, y, p in tuples.pairs)
    agrees(sym.POSITIVE_TILT, problem, weight)
    spread = 0.0
    for x, p in enumerate(tuples.law):
        second = sum(float(q) * math.exp(2 * tuples.score(x, z)) for z, q in enumerate(tuples.law))
        spread += float(p) * (second - tuples.partition(x) ** 2) / tuples.partition(x)
    largest = math.exp(3 * max(tuples.score(x, x) for x in tuples.views))  # a difference of squares cancels
    agrees(sym.NEGATIVE_TILT, problem, spread, terms=4000 * (1 + largest))


@few
@given(sampled())
def test_class_spread_from_covariances(problem):
    tuples = Tuples(problem)
    f = np.array([[float(v) for v in row] for row in tuples.f])
    total = sum(p * p for p in tuples.rho.values())
    expected = 0.0
    for c in tuples.names:
        law = np.array([float(p) for p in tuples.given[c]])
        centred = (f - law @ f) * np.sqrt(law)[:, None]
        largest = np.linalg.svd(centred, compute_uv=False)[0]  # the root of the largest eigenvalue of Cov
        expected += float(tuples.rho[c] ** 2 / total) * largest * float(law @ np.linalg.norm(f, axis=1))
    found = enclose(sym.CLASS_SPREAD, problem)
    assert abs(float(found) - expected / float(tuples.t)) <= sum_budget(100, 1 + expected)
    value = measure(sym.CLASS_SPREAD, problem, ANY)
    assert abs(value.value - float(found)) <= value.error


@few
@given(sampled(negatives=4))
def test_what_the_class_law_determines(problem):
    tuples = Tuples(problem)
    law, m = tuples.rho, tuples.m
    found = tuples.colliding()
    exact = {
        sym.N_CLASSES: len(law),
        sym.NEGATIVES: m,
        sym.CLASS_COLLISION: sum(p * p for p in law.values()),
        sym.NEGATIVE_COLLISION: sum(p for (k, _), p in found.items() if k),
        sym.NO_COLLISION: sum(p for (k, _), p in found.items() if not k),
        sym.COVERAGE: sum(p for (_, j), p in found.items() if j == len(law) - 1),
        sym.HARMONIC: sum(Fraction(1, i) for i in range(1, len(law))),
        sym.LARGEST_CLASS: max(law.values()),
    }
    for quantity, expected in exact.items():
        assert enclose(quantity, problem).lower == enclose(quantity, problem).upper == expected, quantity.name
        agrees(quantity, problem, expected)
    agrees(sym.LOG_COLLISIONS, problem, sum(float(p) * math.log(1 + k) for (k, _), p in found.items()))
    agrees(sym.CLASS_ENTROPY, problem, -sum(float(p) * math.log(p) for p in law.values()))


@few
@given(sampled(uniform=True, negatives=4))
def test_share_of_classes_that_are_present(problem):
    tuples = Tuples(problem)
    others = len(tuples.names) - 1
    expected = sum(p * Fraction(j, others * (1 + k)) for (k, j), p in tuples.colliding().items())
    assert enclose(sym.PRESENT_SHARE, problem).lower == expected


@few
@given(sampled(negatives=4), st.data())
def test_jensen_gaps_are_the_largest_over_all_corners(problem, data):
    tuples = Tuples(problem)
    bound = float(max(tuples.score(x, x) for x in tuples.views))
    law = [float(p) for p in tuples.rho.values()]

    def gap(a, weights):
        return math.log(sum(map(math.exp, a))) - sum(w * x for w, x in zip(weights, a, strict=True))

    for quantity, weights in (
        (sym.CLASS_JENSEN_GAP, law),
        (sym.NEGATIVE_JENSEN_GAP, [0.0] + [1 / tuples.m] * tuples.m),
    ):
        corners = itertools.product((-bound, bound), repeat=len(weights))
        agrees(quantity, problem, max(gap(a, weights) for a in corners))
        inside = data.draw(st.lists(st.floats(-1, 1), min_size=len(weights), max_size=len(weights)))
        found = measure(quantity, problem, ANY)
        assert gap([bound * a for a in inside], weights) <= found.value + found.error + rounding(20, 1 + 2 * bound)


@few
@given(sampled())
def test_the_float_lies_in_the_enclosure(problem):
    for quantity in QUANTITIES:
        found, ball = measure(quantity, problem, ANY), enclose(quantity, problem)
        assert found.value - found.error <= ball.upper, quantity.name
        assert found.value + found.error >= ball.lower, quantity.name


@few
@given(sampled())
def test_a_temperature_is_a_shorter_vector(problem):
    """f at temperature 4 is f / 2 at temperature 1."""
    doubled = lr.Problem(
        problem.process, problem.features, problem.labels, dim=problem.dim, weights=2 * np.asarray(problem.weights),
        negatives=problem.negatives, temperature=4 * Fraction(problem.temperature),
    )  # fmt: skip
    for quantity in QUANTITIES:
        first, second = enclose(quantity, problem), enclose(quantity, doubled)
        assert first.lower <= second.upper, quantity.name
        assert second.lower <= first.upper, quantity.name


def test_many_negatives_by_a_law_of_counts():
    """Two scores, so that the number of negatives of the first kind is binomial, for m up to 300."""
    scores, chance = np.array([[1.5, -0.25]]), 0.3
    for m in (1, 10, 300):
        logs = [math.lgamma(m + 1) - math.lgamma(k + 1) - math.lgamma(m - k + 1) for k in range(m + 1)]
        chances = [math.exp(w + k * math.log(chance) + (m - k) * math.log1p(-chance)) for k, w in enumerate(logs)]
        sums = [math.log(math.exp(0.5) + k * math.exp(1.5) + (m - k) * math.exp(-0.25)) for k in range(m + 1)]
        found = mean_log_sums(scores, np.array([chance, 1 - chance]), m, np.array([[0.5]]))[0, 0]
        # a probability is the exponential of a sum of logarithms of size m ln m
        budget = sum_budget(m + 1, math.log(3 * m + 3)) * (1 + m * math.log(m + 1)) + mean_log_error(2, 1.75, m)
        assert abs(found - math.fsum(c * s for c, s in zip(chances, sums, strict=True))) <= budget


def test_coverage_of_many_equal_classes_is_surjections_over_all_maps():
    law = tuple(Fraction(1, 30) for _ in range(30))
    surjections = math.factorial(30)  # onto thirty from thirty
    assert coverage(law, 30) == Fraction(surjections, 30**30)
    assert coverage(law, 29) == 0


def test_what_is_not_there_is_refused_with_a_reason():
    problem = three_classes()
    with pytest.raises(Unavailable, match="given representation"):
        measure(sym.CONTRASTIVE_LOSS, problem.with_weights(None), ANY)
    real = lr.Problem(problem.process, problem.features, [0.5, 1, 2], dim=2, weights=problem.weights)
    with pytest.raises(Unavailable, match="not classes"):
        measure(sym.MEAN_CROSS_ENTROPY, real, ANY)
    assert measure(sym.CONTRASTIVE_LOSS, real, ANY).value > 0  # no class is needed for it
    for field, value in (("negatives", 0), ("temperature", 0), ("temperature", float("nan")), ("temperature", True)):
        with pytest.raises(ValueError, match=field):
            lr.Problem(problem.process, problem.features, dim=2, weights=problem.weights, **{field: value})


def test_a_float_temperature_proves_nothing():
    with pytest.raises(ValueError, match="float of unknown origin"):
        enclose(sym.ALIGNMENT, three_classes(temperature=0.5))  # pyright: ignore[reportArgumentType]


def stretched(size: int) -> lr.Problem:
    """Two views at `size` and minus that: scores lie size^2 on either side of 0."""
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    labels = lr.labels.Table([0, 1], "classes")
    return lr.Problem(process, lr.features.OneHot(), labels, dim=1, weights=[[size], [-size]], negatives=3)


@pytest.mark.parametrize("quantity", [sym.CONTRASTIVE_LOSS, sym.NEGATIVES_ONLY_LOSS, sym.LIMIT_GAP])
def test_scores_may_spread_as_far_as_exponentials_are_floats(quantity):
    assert 2 * 18**2 < WIDEST < 2 * 19**2
    within = measure(quantity, stretched(18), ANY)
    around = enclose(quantity, stretched(18))
    assert around.lower - Fraction(within.error) <= Fraction(within.value) <= around.upper + Fraction(within.error)
    with pytest.raises(Unavailable, match="beyond float64"):
        measure(quantity, stretched(19), ANY)
    assert enclose(quantity, stretched(19)).lower >= 0  # balls have no such end


def test_wider_scores_are_refused_where_they_are_summed():
    for scores, first in (([[0.0, WIDEST + 1]], None), ([[0.0, 0.0]], np.array([[-WIDEST - 1]]))):
        with pytest.raises(ValueError, match="spread"):
            mean_log_sums(np.array(scores), np.array([0.5, 0.5]), 2, first)
    assert np.isfinite(mean_log_sums(np.array([[0.0, WIDEST]]), np.array([0.5, 0.5]), 2)).all()
