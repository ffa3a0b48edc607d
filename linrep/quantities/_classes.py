"""What the law of the class and the number of negatives determine, in exact rational arithmetic."""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.quantities._labels import class_targets, finite_problem, is_classes
from linrep.quantities._measure import Grid, Measured, Unavailable
from linrep.symbols import Quantity

MOST_SUBSETS = 4096
"""Most distinct masses of sets of classes that an inclusion-exclusion goes through."""
MOST_NEGATIVES = 2048
"""Most negatives for which the law of a count is summed exactly."""

ClassLaw = tuple[Fraction, ...]


def class_law(problem: Problem) -> ClassLaw:
    """The positive masses rho of the classes; of a process in floats, the floats as fractions, divided by their sum.

    Raises:
        Unavailable: labels that are not classes, or inputs that are not listed.
    """
    if not is_classes(problem):
        raise Unavailable("the labels are not classes")
    process = finite_problem(problem)
    if "class law" not in problem.memo:
        problem.memo["class law"] = _class_law(process, class_targets(problem))
    return problem.memo["class law"]


def _class_law(process: FiniteProcess, targets: np.ndarray) -> ClassLaw:
    prior = process.prior if process.weights is None else process.weights.prior
    masses = [sum((Fraction(p) for p, t in zip(prior, column, strict=True) if t), Fraction(0)) for column in targets.T]
    total = sum(masses, Fraction(0))
    return tuple(m / total for m in masses if m)


def binomial(draws: int, chance: Fraction) -> list[Fraction]:
    """The probabilities of 0, ..., m successes.

    Raises:
        Unavailable: more draws than are summed exactly.
    """
    if draws > MOST_NEGATIVES:
        raise Unavailable(f"the law of a count is summed exactly for at most {MOST_NEGATIVES} negatives")
    p, q, n = chance.numerator, chance.denominator - chance.numerator, chance.denominator**draws
    return [Fraction(math.comb(draws, k) * p**k * q ** (draws - k), n) for k in range(draws + 1)]


def collision(law: ClassLaw, negatives: int) -> Fraction:
    """tau_m = 1 - sum_c rho(c) (1 - rho(c))^m; tau = sum rho^2 at m = 1."""
    return 1 - sum((p * (1 - p) ** negatives for p in law), Fraction(0))


def coverage(law: ClassLaw, draws: int) -> Fraction:
    """Probability that so many draws show every class, by inclusion and exclusion of the classes that are missed.

    Sets of classes of one mass are taken together, so that equal classes cost no more than their number.

    Raises:
        Unavailable: sets of too many different masses.
    """
    signed = {Fraction(1): 1}  # what is left after missing a set: its mass, and the signed number of such sets
    for p in law:
        missed = {left - p: -count for left, count in signed.items()}
        signed = {left: signed.get(left, 0) + missed.get(left, 0) for left in {*signed, *missed}}
        if len(signed) > MOST_SUBSETS:
            raise Unavailable(f"{len(law)} classes of different mass have too many sets to go through")
    return sum((count * left**draws for left, count in signed.items()), Fraction(0))


def present_share(law: ClassLaw, negatives: int) -> Fraction:
    """w_m = E[J / ((C - 1) (1 + Col))] for C equally likely classes.

    Given k collisions each other class is among the remaining m - k negatives with probability
    1 - (1 - 1/(C-1))^(m-k).
    """
    others = len(law) - 1
    if others == 0:
        return Fraction(0)
    chances = binomial(negatives, Fraction(1, len(law)))
    missed = Fraction(others - 1, others)
    return sum((p * (1 - missed ** (negatives - k)) / (1 + k) for k, p in enumerate(chances)), Fraction(0))


def harmonic(law: ClassLaw, negatives: int) -> Fraction:
    """H_{C-1}."""
    return sum((Fraction(1, i) for i in range(1, len(law))), Fraction(0))


def count_law(law: ClassLaw, negatives: int) -> list[Fraction]:
    """Probabilities of Col = 0, ..., m, the anchor's class drawn from rho."""
    parts = [[p * chance for chance in binomial(negatives, p)] for p in law]
    return [sum(column, Fraction(0)) for column in zip(*parts, strict=True)]


RATIONAL: dict[Quantity, Callable[[ClassLaw, int], Fraction]] = {
    sym.N_CLASSES: lambda law, m: Fraction(len(law)),
    sym.CLASS_COLLISION: lambda law, m: collision(law, 1),
    sym.NEGATIVE_COLLISION: collision,
    sym.NO_COLLISION: lambda law, m: 1 - collision(law, m),
    sym.COVERAGE: lambda law, m: coverage(law, m + 1),
    sym.PRESENT_SHARE: present_share,
    sym.HARMONIC: harmonic,
    sym.LARGEST_CLASS: lambda law, m: max(law),
}
"""Quantities that are rational functions of the class law."""


def rational(quantity: Quantity, problem: Problem) -> Fraction:
    """One of the `RATIONAL` quantities of a problem."""
    return RATIONAL[quantity](class_law(problem), problem.negatives)


def _measured(quantity: Quantity) -> Callable[[Problem, Grid], Measured]:
    def evaluate(problem: Problem, grid: Grid) -> Measured:
        value = float(rational(quantity, problem))
        return Measured(value, _error(problem) * value)

    return evaluate


def _error(problem: Problem) -> float:
    """Relative error: one rounding, and for a process in floats that of its class masses, to the power of m + 1.

    Every quantity is a sum of products of masses rho and 1 - rho, and 1 - rho is the sum of the other masses: with
    positive terms alone, relative errors add up along a product.
    """
    process = finite_problem(problem)
    return EPS if process.exact else (process.n_inputs + 2) * (problem.negatives + 2) * EPS


def log_collisions(problem: Problem, grid: Grid) -> Measured:
    """E ln(1 + Col)."""
    chances = count_law(class_law(problem), problem.negatives)
    value = sum(float(p) * math.log1p(k) for k, p in enumerate(chances))
    size = math.log1p(problem.negatives)
    return Measured(value, (len(chances) + 2) * EPS * size + _error(problem) * size)


def class_entropy(problem: Problem, grid: Grid) -> Measured:
    """H(pi) in nats."""
    law = class_law(problem)
    value = -sum(float(p) * math.log(p) for p in law)
    return Measured(value, (len(law) + 2) * _error(problem) * (1 + value))


EVALUATORS: dict[Quantity, Callable[[Problem, Grid], Measured]] = {
    **{quantity: _measured(quantity) for quantity in RATIONAL},
    sym.NEGATIVES: lambda problem, grid: Measured(float(problem.negatives)),
    sym.LOG_COLLISIONS: log_collisions,
    sym.CLASS_ENTROPY: class_entropy,
}
