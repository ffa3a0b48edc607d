"""Exact values of quantities inside proofs that are sums over a process."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from linrep import symbols as sym
from linrep.quantities import Unavailable
from linrep.quantities._labels import is_classes
from linrep.witnesses._counting import LARGEST_EXACT
from linrep.witnesses._counting import union_bound as counted_union
from proofs_check.enclosures._exact import ExactProblem
from proofs_check.enclosures._process import n_inputs
from proofs_check.enclosures._risk import as_fractions
from proofs_check.enclosures._spectral import Place, squares
from proofs_check.enclosures._spectral import loss as loss_of
from proofs_check.verdict import Enclosure, exactly


def bayes_split(exact: ExactProblem, place: Place) -> Enclosure:
    """Pr[g(x) != g(x+)] = 1 - E|E[e_g(x) | input]|^2."""
    if exact.problem.process.disjoint and is_classes(exact.problem):
        return exactly(0)
    weights = exact.listed.weights
    assert weights is not None
    means = weights.channel_fractions() @ exact.bayes
    return exactly(1 - Fraction(np.dot(weights.prior_fractions(), np.sum(means * means, axis=1))))


def unrestricted_defect(exact: ExactProblem, place: Place) -> Enclosure:
    """sum_{i<=N} lambda_i = N - tr M.T M, M[i, x] = Pr[i, x] / sqrt(prior(i) Pr[x])."""
    joint = exact.joint
    prior, marginal = joint.sum(axis=1), joint.sum(axis=0)
    traced = sum((v * v / (prior[i] * marginal[x]) for (i, x), v in np.ndenumerate(joint) if v), Fraction(0))
    return exactly(exact.listed.n_inputs - traced)


def loss(exact: ExactProblem, place: Place) -> Enclosure:
    """L(f)."""
    return exactly(0) - squares(exact) if exact.weights is None else exactly(loss_of(exact))


def averaged(exact: ExactProblem) -> np.ndarray:
    """f_A of each input of a disjoint process, (n_bar, d) Fractions."""
    if exact.weights is None:
        raise Unavailable("the average of a minimiser is taken in floats; ask for evidence='float', or pass weights")
    if not exact.listed.disjoint:
        raise Unavailable("views name their input only in a disjoint process")
    weights = exact.listed.weights
    assert weights is not None
    return weights.channel_fractions() @ (exact.views @ as_fractions(exact.weights))


def averaged_loss(exact: ExactProblem, place: Place) -> Enclosure:
    """L(f^), over the inputs."""
    means = averaged(exact)
    second = means.T @ (exact.joint.sum(axis=1)[:, None] * means)
    return exactly(Fraction(np.sum(second * second) - 2 * np.trace(second)))


def relabelled_loss(exact: ExactProblem, place: Place) -> Enclosure:
    """L(f^ moved on by one input), over the views."""
    means, joint = np.roll(averaged(exact), 1, axis=0), exact.joint
    owners = [next(i for i, mass in enumerate(column) if mass) for column in joint.T]
    values = means[owners]
    second = values.T @ (joint.sum(axis=0)[:, None] * values)
    prior = joint.sum(axis=1)
    seen = (joint / prior[:, None]) @ values
    return exactly(Fraction(np.sum(second * second) - 2 * np.sum(prior[:, None] * seen * seen)))


def union_bound(exact: ExactProblem, place: Place) -> Enclosure:
    """C(N, d) max_m Pr[2H + N/2 - m > t]."""
    count = int(n_inputs(exact, place).lower)
    if count > LARGEST_EXACT or count % 2:
        raise Unavailable(f"sign patterns are counted exactly for even N up to {LARGEST_EXACT}")
    return exactly(counted_union(count, exact.problem.dim))


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.BAYES_SPLIT: bayes_split,
    sym.UNRESTRICTED_DEFECT: unrestricted_defect,
    sym.LOSS: loss,
    sym.AVERAGED_LOSS: averaged_loss,
    sym.RELABELLED_LOSS: relabelled_loss,
    sym.UNION_BOUND: union_bound,
}
