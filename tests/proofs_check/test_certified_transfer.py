"""Certified points of a transfer curve: they bracket it, on singular classes too, and other claims are rejected."""

from fractions import Fraction

import numpy as np
import pytest

import linrep as lr
from linrep._checks import InputError
from proofs_check.certificates import certify_transfer, checker
from proofs_check.certificates._transfer import BACK
from tests.proofs_check.test_certificates import example_one, irrational, unrestricted
from tests.tolerances import spectral_budget


def singular() -> lr.Problem:
    """Three features of rank two, one the sum of the others."""
    table = np.array([[1, 2, 3], [1, 0, 1], [0, 1, 1], [2, 1, 3]])
    process = lr.processes.FiniteProcess([1, 2, 1], [[3, 1, 0, 1], [1, 2, 2, 0], [0, 1, 5, 1]])
    return lr.Problem(process, lr.features.Custom(lambda x: table, 3), [1, -1, 1], dim=1)


PROBLEMS = {"irrational": irrational, "linear": lambda: example_one(3, 1), "singular": singular}
BITS = 20
"""Certificates are rounded to multiples of 2^-BITS."""


def cost_of_columns(made: dict, moments: lr.moments.Moments, loss: Fraction) -> float:
    """What rounding costs an upper point. Entries of V are off by u = 2^-BITS / 2, so Z = Sigma V V.T Sigma by at most
    e = 2 |Sigma| |Sigma V| u sqrt(d D) + (|Sigma| u)^2 d D; the level makes up for e / lambda_min(Sigma), in powers of
    two, so at most twice that and a unit, d times; tr(Sigma^+ Z) moves by at most e D / lambda_min. The multiplier is
    off by u, at an excess loss of at most |loss| + d."""
    unit, columns = 2.0**-BITS / 2, np.array([[float(Fraction(v)) for v in row] for row in made["excess_columns"]])
    d, order = columns.shape
    scale = np.linalg.eigvalsh(moments.sigma)
    least, most = scale[scale > scale[-1] * order * np.finfo(float).eps].min(), scale[-1]
    drawn = most * unit * np.sqrt(d * order)
    moved = 2 * np.linalg.norm(columns @ moments.sigma, 2) * drawn + drawn**2
    return float(d * (2 * moved / least + 2 * unit) + moved * order / least + unit * (abs(float(loss)) + d))


def cost_of_weights(made: dict, moments: lr.moments.Moments, slope: float, total: float) -> float:
    """What rounding costs a lower point. It aims up to max(BACK) units below the loss, which costs that times the slope
    of the curve; entries of W off by u turn its span by |Sigma^{1/2} dW| over its least singular value, and the risk by
    at most twice that of the total."""
    unit, weights = 2.0**-BITS / 2, np.array([[float(Fraction(v)) for v in row] for row in made["weights"]])
    values = np.linalg.eigvalsh(weights.T @ moments.sigma @ weights)
    least = np.sqrt(values[values > values[-1] * weights.shape[0] * np.finfo(float).eps].min())
    turned = np.sqrt(np.linalg.norm(moments.sigma, 2) * weights.size) * unit / least
    return float(2 * max(BACK) * unit * slope + 2 * turned * total)


def between(problem: lr.Problem, share: Fraction) -> Fraction:
    """A loss between the least one and l_vac."""
    limit = lr.transfer.threshold(problem.moments, dim=problem.dim)
    return Fraction(limit.loss - (1 - float(share)) * limit.budget).limit_denominator(10_000)


def number(certificate: dict, name: str) -> Fraction:
    return Fraction(certificate[name])


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("share", [Fraction(1, 10), Fraction(1, 2)])
def test_certified_points_bracket_the_sharp_function(name: str, share: Fraction):
    problem = PROBLEMS[name]()
    loss = between(problem, share)
    above, below = (certify_transfer(problem, loss, side=side) for side in ("upper", "lower"))
    found = lr.transfer.curve(problem.moments, dim=problem.dim, losses=[float(loss)])
    budget = spectral_budget(problem)
    assert number(below, "loss") <= loss
    assert number(below, "actual") <= number(above, "ceiling")
    # T falls below the loss no faster than the band does over one unit of the aims: measured on a chord
    step = max(BACK) * 2.0**-BITS
    earlier = lr.transfer.curve(problem.moments, dim=problem.dim, losses=[float(loss) - step])
    slope = max(float(found.lower[0] - earlier.lower[0]), 0.0) / step
    near = cost_of_weights(below, problem.moments, slope, found.trivial) + budget
    assert found.lower[0] - near <= float(number(below, "actual")) <= found.sharp[0] + budget
    assert float(number(above, "ceiling")) >= found.lower[0] - budget
    # The float dual of V7 is the best line; the one in rationals costs what rounding does.
    best = min(
        lr.transfer.dual_point(problem.moments, s, dim=problem.dim).at(float(loss)) for s in np.logspace(-3, 2, 400)
    )
    assert float(number(above, "ceiling")) <= best + cost_of_columns(above, problem.moments, loss) + budget


@pytest.mark.parametrize("name", PROBLEMS)
def test_no_representation_lies_above_a_certified_point(name: str):
    problem, rng = PROBLEMS[name](), np.random.default_rng(0)
    moments, budget = problem.moments, spectral_budget(problem)
    certificate = certify_transfer(problem, between(problem, Fraction(1, 3)), side="upper")
    shape = (40, moments.dim, problem.dim)
    for noise in rng.standard_normal(shape) * 10.0 ** rng.uniform(-3, 0.5, (40, 1, 1)):
        weights = lr.solve(moments, dim=problem.dim).weights + noise
        excess = lr.losses.spectral(moments, weights) - float(number(certificate, "limit"))
        line = float(number(certificate, "ceiling")) + float(number(certificate, "multiplier")) * excess
        risk = lr.risks.regression(moments, weights, readout="augmented", intercept=True)
        assert risk <= line + np.sqrt(budget)  # a measured risk keeps half of its digits


def test_the_risk_of_a_lower_point_by_sums():
    problem = irrational()
    certificate = certify_transfer(problem, Fraction(-1191, 1000), side="lower")
    weights = np.array([[Fraction(v) for v in row] for row in certificate["weights"]])
    *readout, constant = map(Fraction, certificate["predictor"])
    total = Fraction(0)
    channel = [[Fraction(int(v), sum(row)) for v in row] for row in ([3, 1, 0], [1, 2, 2], [0, 1, 5])]
    for prior, row, label in zip((1, 2, 1), channel, (1, -1, 1), strict=True):
        errors = [(weights[x] @ np.array(readout) + constant - label) ** 2 for x in range(3)]
        total += Fraction(prior, 4) * sum(p * e for p, e in zip(row, errors, strict=True))
    assert total == number(certificate, "actual")


def test_planted_a_smaller_level_or_ceiling_is_rejected():
    made = certify_transfer(example_one(3, 1), Fraction(-4, 5), side="upper")
    lower = number(made, "level") / 2
    cheaper = number(made, "ceiling") - (number(made, "level") - lower)
    changed = made | {"level": str(lower), "ceiling": str(cheaper)}
    for planted in (changed, made | {"ceiling": str(number(made, "ceiling") - 1)}):
        with pytest.raises(checker.RejectedError):
            checker.check(planted | {"sha256": checker.seal(planted)})


def test_a_witness_of_vacuity_is_a_lower_point_of_the_whole_variance():
    problem = unrestricted(3, 2)
    loss = Fraction(lr.transfer.threshold(problem.moments, dim=2).loss).limit_denominator(100) + Fraction(1, 100)
    made = certify_transfer(problem, loss, side="lower")
    assert 1 - number(made, "actual") <= cost_of_weights(made, problem.moments, 0.0, 1.0)  # the curve is flat there


@pytest.mark.parametrize(
    ("side", "loss", "words"),
    [
        ("lower", -2, "loss is -2"),
        ("upper", -2, "loss is -2"),
        ("middle", -1, "side"),
        ("lower", Fraction(-1191, 1), "loss"),
    ],
)
def test_refusals(side: str, loss: Fraction, words: str):
    with pytest.raises(InputError, match=words):
        certify_transfer(irrational(), loss, side=side)  # pyright: ignore[reportArgumentType]
