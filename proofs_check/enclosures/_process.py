"""Exact quantities of the augmentation process alone."""

import math
from collections.abc import Callable
from fractions import Fraction

from linrep import symbols as sym
from linrep._checks import InputError
from linrep.features import OneHot
from linrep.problems import Problem
from linrep.processes import HypercubeScaling
from linrep.quantities import Unavailable
from linrep.witnesses import counting_floor
from proofs_check.enclosures._exact import ExactProblem, exact_problem
from proofs_check.enclosures._spectral import Place
from proofs_check.verdict import Enclosure, exactly


def n_inputs(exact: ExactProblem, place: Place) -> Enclosure:
    """N."""
    count = exact.problem.process.n_inputs
    if not math.isfinite(count):
        raise Unavailable("the inputs are a continuum")
    return exactly(int(count))


def relevant(exact: ExactProblem, place: Place) -> Enclosure:
    """k of the scaled hypercube."""
    if not isinstance(exact.problem.process, HypercubeScaling):
        raise Unavailable("only the scaled hypercube has relevant coordinates")
    return exactly(exact.problem.process.relevant)


def identification_error(exact: ExactProblem, place: Place) -> Enclosure:
    """tau."""
    return _known(exact.problem.process.identification_error, "identification error")


def posterior_collision(exact: ExactProblem, place: Place) -> Enclosure:
    """theta."""
    return _known(exact.problem.process.posterior_collision, "posterior collision")


def _known(value: Fraction | float, name: str) -> Enclosure:
    if not isinstance(value, (Fraction, int)):
        raise Unavailable(f"the {name} of this process is known as a float only")
    return exactly(value)


def unrestricted_eigenvalue(offset: int) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of lambda_{d + offset} of the class of all functions."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        everything = Problem(exact.listed, OneHot(), dim=exact.problem.dim)
        whole = exact if exact.problem.unrestricted else exact_problem(everything)
        return exactly(1) - whole.spectrum.kappa(exact.problem.dim + offset)

    return enclose


def counted_floor(exact: ExactProblem, place: Place) -> Enclosure:
    """e(N, d)."""
    try:
        return _known(counting_floor(int(n_inputs(exact, place).lower), exact.problem.dim), "counting floor")
    except InputError as refusal:
        raise Unavailable(str(refusal)) from refusal


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.N_INPUTS: n_inputs,
    sym.DIM: lambda exact, place: exactly(exact.problem.dim),
    sym.RELEVANT: relevant,
    sym.IDENTIFICATION_ERROR: identification_error,
    sym.POSTERIOR_COLLISION: posterior_collision,
    sym.UNRESTRICTED_CUT_EIGENVALUE: unrestricted_eigenvalue(1),
    sym.NEXT_UNRESTRICTED_CUT_EIGENVALUE: unrestricted_eigenvalue(2),
    sym.COUNTING_FLOOR: counted_floor,
}
