"""Enclosures of quantities of clusters of views."""

from collections.abc import Callable, Iterator
from fractions import Fraction

import flint
import numpy as np

from linrep import symbols as sym
from linrep.processes import FiniteProcess
from linrep.quantities import Unavailable
from linrep.witnesses import sparsest_partition
from proofs_check.arithmetic import independent, matrix, rows_and_columns
from proofs_check.enclosures._exact import ExactProblem
from proofs_check.enclosures._ratios import largest_ratio
from proofs_check.enclosures._spectral import Place
from proofs_check.verdict import Enclosure, exactly

MOST_VIEWS = 16
"""Most views of a sparsest partition."""


def clusters(exact: ExactProblem) -> np.ndarray:
    """Indicators of the non-empty parts of the Bayes label, (n, r)."""
    return exact.bayes[:, [bool(column.any()) for column in exact.bayes.T]]


def cluster_masses(exact: ExactProblem) -> list[Fraction]:
    """Mass of each cluster; where a view names its input the clusters are the classes."""
    if isinstance(exact.problem.process, FiniteProcess):
        return [Fraction(v) for v in exact.joint.sum(axis=0) @ clusters(exact)]
    if not exact.problem.process.disjoint:
        raise Unavailable("the Bayes label of a view is listed for finite or disjoint processes only")
    mean = exact.label_mean
    masses = [(1 - mean[0]) / 2, (1 + mean[0]) / 2] if len(mean) == 1 else mean
    return [mass for mass in masses if mass > 0]


def crossing(exact: ExactProblem) -> Fraction:
    """Pr[S(x) != S(x+)]."""
    if exact.problem.process.disjoint:
        return Fraction(0)
    weights = exact.listed.weights
    assert weights is not None
    inside = weights.channel_fractions() @ clusters(exact)
    return 1 - sum((weights.prior_fractions()[:, None] * inside**2).ravel().tolist(), Fraction(0))


def inverse_expansion(exact: ExactProblem) -> Enclosure | None:
    """1 / beta; None where beta = 0."""
    found = [largest_ratio(spread, moved) for spread, moved in _pencils(exact)]
    if any(ratio is None for ratio in found):
        return None
    known = [ratio for ratio in found if ratio is not None]
    return Enclosure(max(r.lower for r in known), max(r.upper for r in known))


def _pencils(exact: ExactProblem) -> Iterator[tuple[flint.fmpq_mat, flint.fmpq_mat]]:
    """For each cluster, on independent features: Var(h | cluster) and half E[(h(x) - h(x+))^2 | both in it]."""
    weights = exact.listed.weights
    assert weights is not None
    channel, prior, mass = weights.channel_fractions(), weights.prior_fractions(), exact.joint.sum(axis=0)
    for part in clusters(exact).T.astype(bool):
        rows, own = channel[:, part], mass[part] / mass[part].sum()
        law = rows.T @ (prior[:, None] * rows)
        moved = (np.diag(law.sum(axis=1)) - law) / law.sum()
        features = matrix(exact.views[part])
        basis = rows_and_columns(features, None, independent(features))
        spread = np.diag(own) - np.outer(own, own)
        yield tuple(basis.transpose() * matrix(m) * basis for m in (spread, moved))  # pyright: ignore[reportReturnType]


def expansion(exact: ExactProblem, place: Place) -> Enclosure:
    """1 / beta as a quantity."""
    found = inverse_expansion(exact)
    if found is None:
        raise Unavailable("beta = 0: some function of the class varies inside a cluster without being moved")
    return found


def conductance(exact: ExactProblem, place: Place) -> Enclosure:
    """rho_m at m = floor(d / 2)."""
    process, parts = exact.listed, exact.problem.dim // 2
    if not 1 <= parts <= process.n_views <= MOST_VIEWS:
        raise Unavailable(f"sparsest partitions are sought of at most {MOST_VIEWS} views, into at least one part")
    return exactly(Fraction(sparsest_partition(process, parts).conductance))


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.INVERSE_EXPANSION: expansion,
    sym.LARGEST_CLUSTER: lambda exact, place: exactly(max(cluster_masses(exact))),
    sym.SMALLEST_CLUSTER: lambda exact, place: exactly(min(cluster_masses(exact))),
    sym.PARTITION_CONDUCTANCE: conductance,
}
