"""Structured solutions beside dense ones on small processes, and counts at 2^50 beside combinatorics."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.integrate
import scipy.stats

import linrep as lr
from linrep._checks import InputError
from linrep.processes._grouping import grouping
from linrep.solutions._levels import coprime_base, leading_levels
from tests.tolerances import eigenvalue_budget, root_budget, rounding

Flip, Circle, ProductProcess = lr.processes.HypercubeFlip, lr.processes.Circle, lr.processes.ProductProcess
labels = lr.labels

KEEPS = {
    "alike": Fraction(3, 4),
    "mixed": (Fraction(9, 10), Fraction(7, 10), Fraction(9, 10), Fraction(1, 2), Fraction(3, 4)),
    "floats": (0.9, 0.8, 0.7, 0.95, 0.85),
    "coincident": (Fraction(7, 10), Fraction(9, 10), Fraction(3, 4), Fraction(13, 20), Fraction(29, 50)),
}
LABELS = {
    "coordinate": lr.labels.Coordinate(2),
    "parity": lr.labels.Parity([0, 1]),
    "majority": lr.labels.Threshold([1, 1, -1, 0, 1]),
    "threshold": lr.labels.Threshold([3, 1, -2, 0, 1], Fraction(1, 2)),
    "polynomial": lr.labels.Multilinear({(): 1, (0, 2): Fraction(1, 3), (1,): -2}),
}


def agree(ours, dense) -> None:
    """Every number of a structured solution is that of the dense one."""
    order = dense.spectrum.rank
    energy = 1 + dense.spectrum.label_sq
    budget = eigenvalue_budget(order, energy) * order
    assert (ours.tie is None) == (dense.tie is None)
    if dense.tie is not None:
        assert ours.tie[:2] == dense.tie[:2]
    assert abs(float(ours.loss) - dense.loss) <= budget
    assert abs(float(ours.gap) - dense.gap) <= budget
    assert abs(float(ours.best_mean_risk) - dense.spectrum.best_mean) <= budget
    best = dense.spectrum.label_sq - float(np.sum(dense.spectrum.cross**2))
    assert abs(float(ours.best_augmented_risk) - best) <= budget
    for readout in ("augmented", "mean"):
        pairs = zip(ours.risk_range(readout), dense.risk_range(readout), strict=True)
        assert max(abs(float(a) - b) for a, b in pairs) <= budget


@pytest.mark.parametrize("keep", KEEPS)
@pytest.mark.parametrize("label", LABELS)
def test_flips_against_dense(keep: str, label: str):
    process = lr.processes.HypercubeFlip(5, KEEPS[keep])
    table = process.finite()
    moments = lr.moments.population(table, lr.features.OneHot(), LABELS[label].targets(table.inputs))
    for dim in (1, 2, 3, 6, 11, 20, 40):
        agree(lr.solve(process, dim=dim, labels=LABELS[label]), lr.solve(moments, dim=dim))


def test_products_of_tables_against_dense():
    rng = np.random.default_rng(1)
    tables = [rng.integers(0, 4, (3, 3)) + np.eye(3, dtype=int) for _ in range(3)]
    factors = [lr.processes.FiniteProcess(rng.integers(1, 4, 3), table) for table in tables]
    factors = [*factors, factors[0], lr.processes.FiniteProcess([1, 2], [[3, 1], [1, 1]])]
    label = lr.labels.FactorTable([1, 4], rng.integers(-3, 4, (3, 2)))
    process = lr.processes.ProductProcess(factors)
    numbers = np.array(list(itertools.product(*(range(f.n_inputs) for f in factors))))
    dense = lr.solve(lr.moments.population(process.finite(), lr.features.OneHot(), label.targets(numbers)), dim=1)
    for dim in (1, 4, 30, 100):
        ours = lr.solutions.structured(process, dim=dim, labels=label)
        agree(ours, lr.solutions.minimisers(dense.spectrum, dim=dim))
        means = ours.means(10**6)
        total = float(sum(ours._energies))
        assert abs(float(np.sum(means**2)) - total) <= eigenvalue_budget(162, 10.0)


def test_multi_indices_are_the_largest_products():
    rhos = tuple(Fraction(int(k), 100) for k in np.random.default_rng(2).integers(55, 99, 12))
    process = lr.processes.HypercubeFlip(12, rhos)
    ours = lr.solve(process, dim=700)
    rows, squares = ours.multi_indices(), [r * r for r in process.rhos]
    values = [math.prod((s for s, k in zip(squares, row, strict=True) if k), start=Fraction(1)) for row in rows]
    every = sorted(
        (math.prod(c, start=Fraction(1)) for k in range(13) for c in itertools.combinations(squares, k)), reverse=True
    )
    assert len({tuple(row) for row in rows.tolist()}) == 700
    assert values == every[:700]
    assert [float(v) for v in every[: len(ours.eigenvalues)]] == pytest.approx(ours.eigenvalues, rel=rounding(24))


def test_coefficients_are_correlations():
    process, label = lr.processes.HypercubeFlip(5, KEEPS["mixed"]), LABELS["threshold"]
    ours = lr.solve(process, dim=20, labels=label)
    inputs = process.finite().inputs
    parities = np.array([np.prod(np.where(row, inputs, 1), axis=1) for row in ours.multi_indices()])
    expected = parities @ label.targets(inputs) / len(inputs)
    assert np.abs(ours.means() - expected).max() <= rounding(64)
    kappa = np.array(
        [float(math.prod(r * r for r, k in zip(process.rhos, row, strict=True) if k)) for row in ours.multi_indices()]
    )
    assert np.abs(ours.cross() - np.sqrt(kappa) * expected).max() <= rounding(64)


def test_two_to_the_fifty():
    process = lr.processes.HypercubeFlip(50, Fraction(9, 10))
    ours = lr.solve(process, dim=2**40)
    below = list(itertools.accumulate(math.comb(50, j) for j in range(51)))
    order = next(j for j, total in enumerate(below) if total >= 2**40)
    assert ours.tie == (math.comb(50, order), 2**40 - below[order - 1], Fraction(16, 25) ** order)
    expected = sum(math.comb(50, j) * Fraction(16, 25) ** (2 * j) for j in range(order))
    assert ours.loss == -expected - ours.tie.kept * ours.tie.value**2
    assert ours.rank == 2**50


def test_the_majority_of_fifty_coordinates():
    """Its noise stability by the other route: the law of two correlated sums of signs."""
    process, rho = lr.processes.HypercubeFlip(50, Fraction(9, 10)), Fraction(16, 25)
    ours = lr.solve(process, dim=52, labels=lr.labels.Threshold([1] * 50))
    stability = Fraction(0)
    agree_probability = (1 + rho) / 2
    for plus in range(51):
        sign = 1 if 2 * plus - 50 >= 0 else -1
        for kept, turned in itertools.product(range(plus + 1), range(51 - plus)):
            other = 1 if 2 * (kept + turned) - 50 >= 0 else -1
            ways = math.comb(50, plus) * math.comb(plus, kept) * math.comb(50 - plus, turned)
            same = kept + 50 - plus - turned
            stability += sign * other * ways * agree_probability**same * (1 - agree_probability) ** (50 - same)
    assert ours.best_augmented_risk == 1 - stability / 2**50
    assert ours.best_mean_risk == 0
    lowest, average, highest = ours.risk_range("mean")
    assert lowest < average < highest <= 1


def test_symmetric_and_enumerated_thresholds_agree():
    """Equal weights by counting, the same label with a negligible difference of weights by listing patterns."""
    process = lr.processes.HypercubeFlip(12, tuple(Fraction(k, 20) for k in range(11, 20)) + (Fraction(4, 5),) * 3)
    weights = [1, 1, 1, 0, 1, -1, 1, 1, 0, 1, 1, 1]
    nearly = [w * (1 + Fraction(k + 1, 10**6)) for k, w in enumerate(weights)]
    for dim in (1, 30, 200):
        counted, listed = (
            lr.solve(process, dim=dim, labels=lr.labels.Threshold(w, Fraction(1, 2))) for w in (weights, nearly)
        )
        assert counted.risk_range("augmented") == listed.risk_range("augmented")
        assert counted.best_augmented_risk == listed.best_augmented_risk
        assert np.abs(counted.means() - listed.means()).max() <= rounding(4)


def test_gaussian_halfspaces_by_quadrature():
    process, weights, offset = lr.processes.GaussianNoise(3, 0.8), np.array([1.0, 2.0, 0.0]), 0.3
    label = lr.labels.Threshold(weights, offset)
    ours = lr.solve(process, dim=20, labels=label)
    cut = -offset / np.linalg.norm(weights)
    for degree in range(4):
        polynomial = np.polynomial.hermite_e.HermiteE.basis(degree)
        above = scipy.integrate.quad(lambda z, p=polynomial: p(z) * scipy.stats.norm.pdf(z), cut, np.inf)[0]
        energy = (2 * above - (degree == 0)) ** 2 / math.factorial(degree)
        assert abs(energy - ours._energies[degree]) <= root_budget(1)
    means, indices = ours.means(), ours.multi_indices()
    by_degree = np.bincount(indices.sum(axis=1), means**2)
    assert np.abs(by_degree[:4] - np.array(ours._energies[:4])).max() <= rounding(64)
    deep = lr.solve(process, dim=10**7, labels=label)
    seen = sum(e * 0.64**m for m, e in enumerate(deep._energies))
    left = 0.64 ** len(deep._energies)
    assert 0 <= 1 - seen - deep.best_augmented_risk <= left


def test_arcs_of_the_circle_by_quadrature():
    label = lr.labels.Threshold([1.0, 2.0], 0.3)
    ours = lr.solve(lr.processes.Circle(0.3), dim=5, labels=label)
    angles = 2 * np.pi * (np.arange(200_000) + 0.5) / 200_000
    values = label.targets(np.stack([np.cos(angles), np.sin(angles)], axis=1))
    waves = [np.ones_like(angles)] + [f(m * angles) * np.sqrt(2) for m in (1, 2) for f in (np.cos, np.sin)]
    expected = np.array([np.mean(values * wave) for wave in waves])
    # The midpoint rule misplaces each of two jumps of size 2 by half a step at most; waves are at most sqrt 2.
    assert np.abs(ours.means() - expected).max() <= 2 * np.sqrt(2) * 2 / 200_000
    assert ours.best_mean_risk == 0
    assert 0 < ours.best_augmented_risk < ours.risk_range("augmented").lowest


def test_close_values_are_told_apart_exactly():
    """49/100 squared against values next to it in the 17th digit, and a coincidence of different coordinates."""
    big = 10**20
    keeps = (Fraction(3, 4), Fraction(3, 4) + Fraction(1, big), Fraction(5, 8), Fraction(3, 4))
    ours = lr.solve(lr.processes.HypercubeFlip(4, keeps), dim=3)
    assert ours.exact
    squares = [(2 * k - 1) ** 2 for k in keeps]
    every = sorted(math.prod(c, start=Fraction(1)) for n in range(5) for c in itertools.combinations(squares, n))[::-1]
    distinct = sorted(set(every), reverse=True)
    assert [v for v, _ in ours.distinct] == distinct[: len(ours.distinct)]
    assert [m for _, m in ours.distinct] == [every.count(v) for v in distinct[: len(ours.distinct)]]
    assert ours.tie == (2, 1, Fraction(1, 4))


def test_a_coincidence_across_groups_is_one_level():
    """(1/2)^2 twice is (1/4)^2 once: the tie has members of different orders."""
    keeps = (Fraction(3, 4), Fraction(3, 4), Fraction(5, 8))
    levels = leading_levels(grouping(lr.processes.HypercubeFlip(3, keeps)), 8)
    assert levels.multiplicities == [1, 2, 2, 2, 1]


def test_coprime_base():
    base = coprime_base([Fraction(12, 25), Fraction(18), Fraction(35, 8), Fraction(1)])
    assert base == [2, 3, 5, 7]
    assert all(math.gcd(a, b) == 1 for a, b in itertools.combinations(coprime_base([Fraction(36), Fraction(6)]), 2))


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda: lr.solve(Flip(3, 0.9), dim=2, labels=labels.Coordinate(3)), "coordinate"),
        (lambda: lr.solve(Flip(3, 0.9), dim=2).risk_range("mean"), "labels"),
        (lambda: lr.solve(Flip(3, 0.9), dim=2, labels=labels.Parity([0])).risk_range("best"), "readout"),
        (lambda: lr.solve(Flip(50, 0.9), dim=2**40).eigenvalues, "written out"),
        (lambda: lr.solve(Flip(40, 0.9), dim=2, labels=labels.Threshold(range(1, 31))), "unequal"),
        (lambda: lr.solve(Flip(3, 0.9), dim=2, weight_decay=1.0), "moments"),
        (lambda: lr.solve(Circle(1e-6), dim=2, labels=labels.Threshold([1, 0])).best_augmented_risk, "noise"),
        (lambda: lr.solve(ProductProcess([Circle(0.3)] * 2), dim=2), "circles"),
        (
            lambda: lr.solutions.structured(
                ProductProcess([Flip(3, 0.9)]), dim=2, labels=labels.FactorTable([0], [1, 2])
            ),
            "FactorTable",
        ),
    ],
)
def test_refusals(call, word: str):
    with pytest.raises(InputError, match=word):
        call()
