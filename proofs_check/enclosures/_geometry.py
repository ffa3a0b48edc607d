"""Enclosures for the nearest-mean classifier: all data rational, the condition decided through enclosed roots."""

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from linrep import symbols as sym
from linrep.quantities import Unavailable
from linrep.quantities._geometry import coordinates, heaviest_part, own_view
from proofs_check.arithmetic import root
from proofs_check.enclosures._exact import ExactProblem, exact_array
from proofs_check.enclosures._risk import as_fractions
from proofs_check.enclosures._spectral import Place
from proofs_check.verdict import Enclosure, exactly


class Choice(NamedTuple):
    """One choice of delta and epsilon: 1 - sigma, R_epsilon, and how far the condition is from equality."""

    outside: Fraction
    unaligned: Fraction
    slack: Enclosure


def represented(exact: ExactProblem) -> np.ndarray:
    """f of each view, (n, d) Fractions."""
    if exact.weights is None:
        raise Unavailable("the vectors of views are known in rational numbers for given weights only")
    return exact.views @ as_fractions(exact.weights)


def squared_norms(exact: ExactProblem) -> list[Fraction]:
    """|f(x)|^2 of each view."""
    return [Fraction(v) for v in (represented(exact) ** 2).sum(axis=1)]


def squared_distances(points: np.ndarray) -> np.ndarray:
    """|a - b|^2 for all pairs of rows, as Fractions."""
    return ((points[:, None, :] - points[None, :, :]) ** 2).sum(axis=2)


def _points(exact: ExactProblem) -> np.ndarray:
    found = coordinates(exact.problem)
    if found is None:
        raise Unavailable("views are not points of one space with their inputs")
    return exact_array([[Fraction(float(v)) for v in row] for row in found[1]], "views")


def class_means(exact: ExactProblem) -> tuple[list[Fraction], np.ndarray]:
    """Masses of the classes that occur, and their mean representations, (r, d)."""
    mass = exact.joint.sum(axis=1) @ exact.classes
    means = exact.classes.T @ (exact.joint @ represented(exact))
    kept = [k for k, m in enumerate(mass) if m]
    return [Fraction(mass[k]) for k in kept], np.array([means[k] / mass[k] for k in kept], dtype=object)


def nearest_mean_error(exact: ExactProblem, place: Place) -> Enclosure:
    """Pr[the nearest mean to f(input) is not the input's own]; equal distances are errors."""
    own = own_view(exact.problem)
    if own is None:
        raise Unavailable("the nearest-mean classifier reads the input itself, which is no view of itself here")
    masses, means = class_means(exact)
    present = exact.classes[:, [bool(column.any()) for column in exact.classes.T]]
    wrong = Fraction(0)
    for mass, view, row in zip(exact.joint.sum(axis=1), represented(exact)[own], present, strict=True):
        gaps = [sum((view - mean) ** 2) for mean in means]
        mine = next(k for k in range(len(masses)) if row[k])
        wrong += mass * any(gaps[k] <= gaps[mine] for k in range(len(masses)) if k != mine)
    return exactly(Fraction(wrong))


def choices(exact: ExactProblem) -> list[Choice]:
    """Every observed delta and epsilon; none where the representation jumps between views at one place, or is 0 at the
    view that gives its length."""
    values, points = represented(exact), _points(exact)
    if not squared_norms(exact)[0]:
        return []
    support = [np.flatnonzero(row > 0) for row in exact.joint]
    moved, between = squared_distances(values), squared_distances(points)
    pairs = list(zip(moved.ravel(), between.ravel(), strict=True))
    if any(m and not b for m, b in pairs):
        return []
    steep = max((m / b for m, b in pairs if b), default=Fraction(0))
    spread = [moved[np.ix_(v, v)].max() for v in support]
    apart = np.array([[between[np.ix_(a, b)].min() for b in support] for a in support], dtype=object)
    shares = _main_shares(exact, apart)
    prior = exact.joint.sum(axis=1)
    unaligned = {e: sum((p for p, s in zip(prior, spread, strict=True) if s > e), Fraction(0)) for e in {0, *spread}}
    needed = _condition(exact)
    return [
        Choice(1 - share, lost, needed(share, lost, steep * delta, Fraction(e)))
        for delta, share in shares.items()
        for e, lost in unaligned.items()
    ]


def _main_shares(exact: ExactProblem, apart: np.ndarray) -> dict[Fraction, Fraction]:
    """sigma for each observed squared delta."""
    prior = exact.joint.sum(axis=1)
    groups = [np.flatnonzero(column) for column in exact.classes.T if column.any()]
    deltas = {Fraction(0), *(Fraction(v) for g in groups for v in apart[np.ix_(g, g)].ravel())}
    return {
        d: min(Fraction(heaviest_part(apart[np.ix_(g, g)] <= d, prior[g])) / prior[g].sum() for g in groups)
        for d in deltas
    }


def _condition(exact: ExactProblem) -> Callable[[Fraction, Fraction, Fraction, Fraction], Enclosure]:
    """r^2 (1 - rho - sqrt(2 rho) - Delta_mu / 2) less the largest mu_k.mu_l, from sigma, R, (L delta)^2, epsilon^2."""
    masses, means = class_means(exact)
    length = squared_norms(exact)[0]
    off = 1 - min(Fraction(sum(m**2)) for m in means) / length
    closest = max((Fraction(a @ b) for a, b in itertools.combinations(means, 2)), default=None)

    def slack(share: Fraction, lost: Fraction, reach: Fraction, epsilon: Fraction) -> Enclosure:
        inside = root(exactly(reach / length)) + exactly(2) * root(exactly(epsilon / length))
        rho = exactly(2 * (1 - share) + lost / min(masses)) + exactly(share) * inside
        needed = exactly(length) * (exactly(1 - off / 2) - rho - root(exactly(2) * rho))
        return exactly(1) if closest is None else needed - exactly(closest)

    return slack


def best_choice(exact: ExactProblem) -> Choice:
    """The least bound among the choices that certainly meet the condition."""
    found = [choice for choice in choices(exact) if choice.slack.lower > 0]
    if not found:
        raise Unavailable("the class means are not certainly far enough apart for any epsilon and delta")
    return min(found, key=lambda choice: choice.outside + choice.unaligned)


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.NEAREST_MEAN_ERROR: nearest_mean_error,
    sym.MAIN_SHARE: lambda exact, place: exactly(1 - best_choice(exact).outside),
    sym.UNALIGNED_SHARE: lambda exact, place: exactly(best_choice(exact).unaligned),
}
