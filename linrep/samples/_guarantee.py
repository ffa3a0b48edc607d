"""From n samples to downstream risk: the finite-sample guarantee chained with the class-aware ones."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from linrep import symbols as sym
from linrep._checks import InputError, require
from linrep.bounds import FLOAT, Kind, Theorem, linrep26
from linrep.problems import Problem, Sample
from linrep.quantities import Between, Unavailable, index_grid, measure, trivial
from linrep.quantities._samples import deviation, feature_spread, fluctuation, gradient_variance

CHAINED = (linrep26.SUBOPTIMAL_AUGMENTED, linrep26.SUBOPTIMAL_MEAN, linrep26.MARGIN_AUGMENTED, linrep26.MARGIN_MEAN)
"""Class-aware guarantees for representations of a known suboptimality: T4, T5, T6."""

RATES = (linrep26.SAMPLE_EXCESS, linrep26.FAST_SAMPLE_EXCESS, linrep26.SAMPLE_EXCESS_VARIANCE)
"""Bounds on the excess of the empirical minimiser: T12 and its fast rates."""

LARGEST_SIZE = 2**60
"""Largest training set that is considered."""


@dataclass(frozen=True)
class Downstream:
    """One class-aware guarantee at the suboptimality that a training set ensures.

    Attributes:
        theorem: its key.
        value: the bound; None where it has no number.
        index: the head size k that gives it.
        trivial: what is known without it.
        vacuous: whether the bound says no more than that.
        reason: why there is no number, or empty.

    Source: theory T4-T6, T12 (ours).

    >>> Downstream("linrep26.suboptimal_mean", 0.5, 1, 1.0, False, "").vacuous
    False
    """

    theorem: str
    value: float | None
    index: int | None
    trivial: float | None
    vacuous: bool
    reason: str


@dataclass(frozen=True)
class SampleGuarantee:
    """What holds with probability 1 - delta after n samples.

    Attributes:
        sample: n and delta.
        deviation: eta; at 1 or above nothing is guaranteed.
        excess: bound on the suboptimality of the empirical minimiser; None for none.
        through: the key of the theorem that bounds it, the best of three; None for none.
        downstream: the guarantees on risks and errors, all of them at once: they follow from the one on the excess.

    Source: theory T12, chained with T4-T6 (ours).

    >>> SampleGuarantee(Sample(10, 0.5), 2.0, None, None, ()).downstream
    ()
    """

    sample: Sample
    deviation: float
    excess: float | None
    through: str | None
    downstream: tuple[Downstream, ...]

    def value(self, theorem: Theorem) -> float | None:
        """The bound of one of the chained guarantees."""
        return next((row.value for row in self.downstream if row.theorem == theorem.key), None)


def sample_guarantee(
    problem: Problem, size: int, failure: float, theorems: Sequence[Theorem] = CHAINED
) -> SampleGuarantee:
    """n samples give, with probability 1 - delta, this suboptimality and so these downstream risks.

    n independent inputs with two views each; W^ minimises the empirical spectral loss over W of shape (D, d). Then
    L_spec(W^) - min <= 2 d (2 eta s + (2 eta + eta^2) s^2), s = 1/(1 - eta), and with g = 1 - kappa_{d+1}/kappa_d > 0
    also <= 8 d eta^2 (3 + eta)^2 / (g (1 - 2 eta/g)^2) and <= 4 (t + eta^2 sqrt(sum kappa_i^2))^2 / (g (1 -
    2 eta/g)^2), t the deviation of the mean gradient at the minimiser. The best of them, chosen by population numbers
    alone, is put for eps in T4, T5 and T6. Evidence: float64.

    Args:
        problem: process, features, labels and d; its weights are not looked at.
        size: n >= 1.
        failure: delta in (0, 1).
        theorems: guarantees that take a suboptimality.

    Raises:
        InputError: a size or a failure probability out of range.

    Source: theory T12, chained with T4-T6 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=8, relevant=3)
    >>> pb = lr.Problem(p, lr.features.Linear(), lr.labels.Coordinate(0), dim=3)
    >>> found = sample_guarantee(pb, 10**7, 0.05)
    >>> found.through, round(found.excess, 4), round(found.value(lr.bounds.linrep26.SUBOPTIMAL_AUGMENTED), 4)
    ('linrep26.sample_excess_variance', 0.0004, 0.001)
    """
    sample, base = Sample(size, failure), problem if problem.weights is None else problem.with_weights(None)
    eta = deviation(float(feature_spread(base).value), base.solution.spectrum.rank, sample)
    bounds = {t: value for t in RATES if (value := _excess(t, base, eta, sample)) is not None}
    best = min(bounds, key=lambda t: bounds[t], default=None)
    if best is None:
        return SampleGuarantee(sample, eta, None, None, ())
    rows = tuple(downstream(t, base, bounds[best]) for t in theorems)
    return SampleGuarantee(sample, eta, bounds[best], best.key, rows)


def _excess(theorem: Theorem, problem: Problem, eta: float, sample: Sample) -> float | None:
    """One of the bounds on the excess, where its conditions hold beyond the error of the eigenvalues."""
    if theorem == linrep26.SAMPLE_EXCESS:
        return float(theorem.value(problem.dim, eta, field=FLOAT)) if eta < 1 else None
    found = problem.solution.spectrum
    last, cut = found.kappa(problem.dim), max(found.kappa(problem.dim + 1), 0.0)
    if last - cut <= 2 * found.error or 2 * eta >= 1 - cut / last - 8 * found.error / last:
        return None
    if theorem == linrep26.FAST_SAMPLE_EXCESS:
        return float(theorem.value(problem.dim, eta, last, cut, field=FLOAT))
    try:
        noise = fluctuation(*_variance(problem), sample)
    except Unavailable:
        return None
    return float(theorem.value(noise, eta, -problem.solution.loss, last, cut, field=FLOAT))


def _variance(problem: Problem) -> tuple[float, float]:
    """The variance of the gradient, remembered with the problem: it is the same for every n."""
    if "gradient variance" not in problem.memo:
        problem.memo["gradient variance"] = gradient_variance(problem)
    return problem.memo["gradient variance"]


def downstream(theorem: Theorem, problem: Problem, excess: float) -> Downstream:
    """A guarantee for representations of suboptimality eps, at the given bound of eps, at its best index.

    Args:
        theorem: an upper bound that does not decrease with the suboptimality.
        problem: what it is asked about.
        excess: bound of eps, at least 0.

    Raises:
        InputError: a theorem that takes no suboptimality.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=8, relevant=3)
    >>> pb = lr.Problem(p, lr.features.Linear(), lr.labels.Coordinate(0), dim=3)
    >>> round(downstream(lr.bounds.linrep26.SUBOPTIMAL_AUGMENTED, pb, 0.07).value, 12)
    0.16
    """
    require(
        sym.SUBOPTIMALITY in theorem.inputs and theorem.kind is Kind.UPPER,
        f"samples.downstream: {theorem.key} is no upper bound in terms of the suboptimality; take one of T4, T5, T6.",
    )
    known = trivial(theorem.bounds, problem)
    try:
        values, places = _values(theorem, problem, excess)
    except Unavailable as reason:
        return Downstream(theorem.key, None, None, known, True, str(reason))
    if not values.size:
        return Downstream(theorem.key, None, None, known, True, "no index k or no margin is admissible")
    best = np.unravel_index(values.argmin(), values.shape)
    value = float(values[best])
    vacuous = known is not None and value >= known
    return Downstream(theorem.key, value, int(places[best[0], 0]), known, vacuous, "")


def _values(theorem: Theorem, problem: Problem, excess: float) -> tuple[np.ndarray, np.ndarray]:
    """The bound over all indices and margins, and the indices."""
    readout = {sym.MARGIN_MASS_AUGMENTED: "augmented", sym.MARGIN_MASS_MEAN: "mean"}
    margins = next((readout[q] for q in theorem.inputs if q in readout), None)
    grid = index_grid(problem.with_weights(None), margins=margins)
    inputs = []
    for quantity in theorem.inputs:
        found = measure(quantity, problem, grid)
        if isinstance(found, Between):
            raise Unavailable(f"{quantity.name} is known only between two numbers")
        inputs.append(excess if quantity == sym.SUBOPTIMALITY else found.value)
    shape = (grid.k.shape[0], grid.margins.shape[1])
    return np.broadcast_to(theorem.value(*inputs, field=FLOAT), shape), grid.k


def samples_needed(
    problem: Problem, failure: float, theorem: Theorem = linrep26.SUBOPTIMAL_AUGMENTED, *, target: float | None = None
) -> int | None:
    """The least n at which the chained guarantee says something: below what is known without it, or below a target.

    Args:
        problem: process, features, labels and d.
        failure: delta in (0, 1).
        theorem: one of T4, T5, T6.
        target: the risk to be guaranteed; None stands for that of the best constant.

    Returns:
        n, found by bisection (the guarantee improves with n); None where no n up to 2^60 suffices.

    Raises:
        InputError: a failure probability out of range, or nothing known to compare with.

    Source: theory T12, chained with T4-T6 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=8, relevant=3)
    >>> pb = lr.Problem(p, lr.features.Linear(), lr.labels.Coordinate(0), dim=3)
    >>> n = samples_needed(pb, 0.05)
    >>> [sample_guarantee(pb, m, 0.05).value(lr.bounds.linrep26.SUBOPTIMAL_AUGMENTED) < 1 for m in (n - 1, n)]
    [False, True]
    """
    goal = trivial(theorem.bounds, problem) if target is None else target
    if goal is None:
        raise InputError("samples_needed: nothing is known of the risk without labels; pass a target.")
    base = problem.with_weights(None)  # one spectrum serves every n

    def enough(size: int) -> bool:
        value = sample_guarantee(base, size, failure, (theorem,)).value(theorem)
        return value is not None and value < goal

    high = 1
    while not enough(high):
        high *= 2
        if high > LARGEST_SIZE:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
