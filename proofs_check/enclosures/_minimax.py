"""Enclosures of worst-case approximation, of the variance-regularised loss and of the worst relabelling."""

from collections.abc import Callable
from fractions import Fraction

import jax
import numpy as np

from linrep import symbols as sym
from linrep._checks import InputError
from linrep.quantities import Unavailable
from linrep.quantities._labels import is_sign
from linrep.quantities._minimax import INFINITE
from linrep.quantities._process import LARGEST_WITNESS, SECONDS_FOR_SEARCH
from linrep.witnesses import shuffled
from proofs_check.arithmetic import trace
from proofs_check.enclosures._exact import ExactProblem
from proofs_check.enclosures._ratios import largest_ratio
from proofs_check.enclosures._risk import as_fractions
from proofs_check.enclosures._spectral import Place, squares
from proofs_check.verdict import Enclosure, exactly


def worst_approximation(exact: ExactProblem, place: Place) -> Enclosure:
    """sup of E(h - its best approximation)^2 over h with E(h(x) - h(x+))^2 <= 1."""
    if exact.weights is None:
        return _of_minimisers(exact)
    seen, metric = exact.span()
    sigma, sigma_bar = exact.spectrum.sigma, exact.spectrum.sigma_bar
    outside = sigma - seen * metric * seen.transpose() if metric.nrows() else sigma
    found = largest_ratio(outside, 2 * (sigma - sigma_bar))
    if found is None:
        raise Unavailable(INFINITE)
    return found


def _of_minimisers(exact: ExactProblem) -> Enclosure:
    """1 / (2 lambda) for the largest eigenvalue that a minimiser leaves out, beyond d or equal to 0."""
    left = [exact.spectrum.kappa(exact.problem.dim + 1)] if exact.problem.dim < exact.spectrum.rank else []
    left += [level.value for level in exact.spectrum.levels if level.value == exactly(0)]
    if not left:
        return exactly(0)
    if left[0] == exactly(1):
        raise Unavailable(INFINITE)
    return exactly(1) / (exactly(2) * (exactly(1) - left[0]))


def variance_loss(exact: ExactProblem, place: Place) -> Enclosure:
    """2 tr W.T (Sigma - Sigma_bar) W + |W.T Sigma W - I|_F^2, exactly; for minimisers d less the kept squares."""
    dim = exact.problem.dim
    if exact.weights is None:
        return (exactly(dim) - squares(exact)).within(Fraction(0), None)
    moved = exact.weights.transpose() * (exact.sigma - exact.sigma_bar) * exact.weights
    return exactly(2 * trace(moved) + trace(exact.gram * exact.gram) - 2 * trace(exact.gram) + dim)


def worst_relabelled(exact: ExactProblem, place: Place) -> Enclosure:
    """At least the error of a relabelling that was found, counted exactly; at most 1.

    Without W, in the class of all functions: indicators of d inputs are a minimiser, and zero margins are errors.
    """
    process = exact.listed
    if not is_sign(exact.problem) or not process.disjoint:
        raise Unavailable("inputs exchange their values where views are disjoint and labels are signs")
    if exact.weights is None:
        if not exact.problem.unrestricted:
            raise Unavailable("the relabelled minimiser is known in the class of all functions only")
        return Enclosure(max(1 - Fraction(exact.problem.dim, process.n_inputs), Fraction(0)), Fraction(1))
    if process.n_inputs > LARGEST_WITNESS:
        raise Unavailable(f"a bad relabelling is searched for up to {LARGEST_WITNESS} inputs")
    targets = exact.problem.label.targets(process.inputs).astype(int)
    values = exact.views @ as_fractions(exact.weights)
    try:
        found = shuffled(process, values, targets, jax.random.key(0), time_limit=SECONDS_FOR_SEARCH)
    except InputError as refusal:  # a prior or labels that the search is not about
        raise Unavailable(str(refusal)) from refusal
    lower = found.error.lower
    if not isinstance(lower, (Fraction, int, np.integer)):
        raise Unavailable("the error of the relabelling was bracketed in floats only")
    return Enclosure(Fraction(lower), Fraction(1))


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.WORST_APPROXIMATION: worst_approximation,
    sym.VARIANCE_LOSS: variance_loss,
    sym.WORST_RELABELLED_ERROR: worst_relabelled,
}
