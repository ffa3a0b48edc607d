"""Enclosures of quantities of the spectrum, the loss and the representation."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import NamedTuple

from linrep import symbols as sym
from proofs_check.arithmetic import trace
from proofs_check.enclosures._exact import ExactProblem
from proofs_check.enclosures._spectrum import CertifiedSpectrum, shared_levels
from proofs_check.verdict import Enclosure, exactly


class Place(NamedTuple):
    """Where an indexed quantity is asked for: the index k, and the margin of margin theorems.

    Source: ours.

    >>> Place(1).margin
    Fraction(1, 1)
    """

    k: int
    margin: Fraction = Fraction(1)


def total(values: Sequence[Enclosure]) -> Enclosure:
    """The sum; 0 of nothing. Source: ours.

    >>> total([]).lower
    Fraction(0, 1)
    """
    return sum(values, start=exactly(0))


def admissible(exact: ExactProblem) -> list[int]:
    """The k <= d with kappa_k > kappa_{d+1} and lambda_{k+1} > 0, decided by exact multiplicities."""
    found, dim = exact.spectrum, exact.problem.dim
    cut = found.group(dim + 1)
    chosen = []
    for k in range(1, min(dim, found.rank) + 1):
        group = found.group(k)
        assert group is not None
        # Beyond the rank kappa is 0. Eigenvalues 0 and 1 are recognised exactly, all others are neither.
        apart = found.levels[group].value != exactly(0) if cut is None else group < cut
        if apart and found.kappa(k + 1) != exactly(1):
            chosen.append(k)
    return chosen


def loss(exact: ExactProblem) -> Fraction:
    """L_spec of a rational W: tr((W.T Sigma W)^2) - 2 tr(W.T Sigma_bar W)."""
    assert exact.weights is not None
    overlap = exact.weights.transpose() * exact.sigma_bar * exact.weights
    return trace(exact.gram * exact.gram) - 2 * trace(overlap)


def suboptimality(exact: ExactProblem, place: Place) -> Enclosure:
    """eps: the exact loss less its enclosed minimum."""
    if exact.weights is None:
        return exactly(0)
    return (exactly(loss(exact)) + squares(exact)).within(Fraction(0), None)


def squares(exact: ExactProblem) -> Enclosure:
    """sum_{i<=d} kappa_i^2, minus the least loss."""
    return total([_square(exact.spectrum.kappa(i)) for i in range(1, exact.problem.dim + 1)])


def _square(value: Enclosure) -> Enclosure:
    return value * value


def eigenvalue(quantity: sym.Quantity) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of kappa or lambda = 1 - kappa at index k + offset, or d + offset."""
    (offset, of_defect), at_cut = sym.EIGENVALUES[quantity], quantity.shape is sym.Shape.SCALAR

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        index = (exact.problem.dim if at_cut else place.k) + offset
        kappa = exact.spectrum.kappa(index) if index else exactly(1)
        return exactly(1) - kappa if of_defect else kappa

    return enclose


def first(exact: ExactProblem, k: int, parts: Sequence[Enclosure]) -> Enclosure:
    """The sum over the first k eigenvectors of non-negative parts given level by level.

    Where k falls inside a level the eigenvectors may be chosen, and what the first of them carry lies between nothing
    and the whole of the level.
    """
    found, before, place = exact.spectrum, exactly(0), 0
    for level, part in zip(found.levels, parts, strict=True):
        if place + level.multiplicity <= k:
            before, place = before + part, place + level.multiplicity
            continue
        return before + Enclosure(Fraction(0), part.upper) if place < k else before
    return before


def head_defect(exact: ExactProblem, place: Place) -> Enclosure:
    """sum_{i<=k} |(I - P) v_i|^2; the head of a minimiser is whole."""
    if exact.weights is None:
        return exactly(0)
    seen, metric = exact.span()
    if not metric.nrows():
        return exactly(place.k)
    inside = exact.spectrum.energies(seen, metric)
    outside = [
        (exactly(level.multiplicity) - part).within(Fraction(0), None)
        for level, part in zip(exact.spectrum.levels, inside, strict=True)
    ]
    return first(exact, place.k, outside).within(Fraction(0), Fraction(place.k))


def vacuity_budget(exact: ExactProblem, place: Place) -> Enclosure:
    """eps_vac = sum_{i<=d} (kappa_i^2 - kappa_i(K on the complement of c_0)^2)."""
    (blind, _), dim = exact.blind, exact.problem.dim
    first, second = _head_counts(exact.spectrum, dim), _head_counts(blind, dim)
    for mine, theirs in shared_levels(exact.spectrum, blind):  # equal eigenvalues cancel before they are squared
        both = min(first[mine], second[theirs])
        first[mine], second[theirs] = first[mine] - both, second[theirs] - both
    sides = [
        total([exactly(count) * _square(level.value) for level, count in zip(found.levels, counts, strict=True)])
        for found, counts in ((exact.spectrum, first), (blind, second))
    ]
    return (sides[0] - sides[1]).within(Fraction(0), None)


def _head_counts(found: CertifiedSpectrum, dim: int) -> list[int]:
    """How many of the first d eigenvalues each level holds."""
    return [max(0, min(v.multiplicity, dim - found.above(i))) for i, v in enumerate(found.levels)]


def interlacing_budget(*, short: int = 0) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of sum_{i<=d} (kappa_i^2 - kappa_{i+q}^2), q the rank of the label less `short`."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        removed = max(exact.blind[1] - short, 0)
        kappa = exact.spectrum.kappa
        # Written without the terms that occur on both sides.
        dim, shift = exact.problem.dim, min(removed, exact.problem.dim)
        kept = total([_square(kappa(i)) for i in range(1, shift + 1)])
        left = total([_square(kappa(i)) for i in range(dim + removed - shift + 1, dim + removed + 1)])
        return (kept - left).within(Fraction(0), None)

    return enclose


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.SUBOPTIMALITY: suboptimality,
    sym.HEAD_DEFECT: head_defect,
    sym.HEAD_SIZE: lambda exact, place: exactly(place.k),
    **{quantity: eigenvalue(quantity) for quantity in sym.EIGENVALUES},
    sym.VACUITY_BUDGET: vacuity_budget,
    sym.INTERLACING_BUDGET: interlacing_budget(),
    sym.SHORT_INTERLACING_BUDGET: interlacing_budget(short=1),
}
