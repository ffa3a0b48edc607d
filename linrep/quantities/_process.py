"""Quantities of the augmentation process alone."""

import math

import jax

from linrep import symbols as sym
from linrep._checks import InputError
from linrep._linalg import EPS
from linrep.problems import Problem
from linrep.processes import FiniteProcess, HypercubeScaling
from linrep.quantities._labels import finite_problem, view_values
from linrep.quantities._measure import Between, Grid, Measured, Unavailable
from linrep.witnesses import counting_floor, shuffled

LARGEST_WITNESS = 64
"""Most inputs for which a bad relabelling is searched for."""

SECONDS_FOR_SEARCH = 5.0
"""Longest time that the search for a bad relabelling may take."""


def _finite_number(problem: Problem) -> int:
    count = problem.process.n_inputs
    if not math.isfinite(count):
        raise Unavailable("the inputs are a continuum")
    return int(count)


def n_inputs(problem: Problem, grid: Grid) -> Measured:
    """N."""
    return Measured(float(_finite_number(problem)))


def dim(problem: Problem, grid: Grid) -> Measured:
    """d."""
    return Measured(float(problem.dim))


def relevant(problem: Problem, grid: Grid) -> Measured:
    """k of the scaled hypercube."""
    if not isinstance(problem.process, HypercubeScaling):
        raise Unavailable("only the scaled hypercube has relevant coordinates")
    return Measured(float(problem.process.relevant))


def identification_error(problem: Problem, grid: Grid) -> Measured:
    """tau."""
    return Measured(float(problem.process.identification_error), _size(problem) * EPS)


def posterior_collision(problem: Problem, grid: Grid) -> Measured:
    """theta."""
    return Measured(float(problem.process.posterior_collision), _size(problem) * EPS)


def unrestricted_eigenvalue(offset: int):
    """An evaluator of lambda_{d + offset} of the class of all functions."""

    def evaluate(problem: Problem, grid: Grid) -> Measured:
        kappa = problem.process.spectrum(problem.dim + offset)[-1]
        return Measured(float(1 - kappa), 40 * _size(problem) * EPS)

    return evaluate


def _size(problem: Problem) -> int:
    """Number of terms in the sums over a process; closed forms are a handful of operations."""
    process = problem.process
    return process.n_inputs + process.n_views if isinstance(process, FiniteProcess) else 8


def counted_floor(problem: Problem, grid: Grid) -> Measured:
    """e(N, d)."""
    try:
        return Measured(float(counting_floor(_finite_number(problem), problem.dim)), EPS)
    except InputError as refusal:
        raise Unavailable(str(refusal)) from refusal


def worst_indistinguishable(problem: Problem, grid: Grid) -> Between:
    """At least the error of a bad relabelling that was found; at most 1."""
    process = finite_problem(problem)
    if process.n_inputs > LARGEST_WITNESS:
        raise Unavailable(f"a bad relabelling is searched for up to {LARGEST_WITNESS} inputs")
    values = view_values(problem, problem.representation)
    targets = problem.label.targets(process.inputs)
    try:
        found = shuffled(process, values, targets.astype(int), jax.random.key(0), time_limit=SECONDS_FOR_SEARCH)
    except InputError as refusal:  # a prior or labels that the search is not about
        raise Unavailable(str(refusal)) from refusal
    return Between(float(found.error.lower), 1.0, process.n_inputs * EPS)


EVALUATORS = {
    sym.N_INPUTS: n_inputs,
    sym.DIM: dim,
    sym.RELEVANT: relevant,
    sym.IDENTIFICATION_ERROR: identification_error,
    sym.POSTERIOR_COLLISION: posterior_collision,
    sym.UNRESTRICTED_CUT_EIGENVALUE: unrestricted_eigenvalue(1),
    sym.NEXT_UNRESTRICTED_CUT_EIGENVALUE: unrestricted_eigenvalue(2),
    sym.COUNTING_FLOOR: counted_floor,
    sym.WORST_INDISTINGUISHABLE_ERROR: worst_indistinguishable,
    sym.TRANSFER_VALUE: worst_indistinguishable,
}
