"""From moments to a transfer curve."""

from typing import NamedTuple

import jax
import numpy as np
from jaxtyping import Float

from linrep._checks import finite_array, generator, positive_int, require
from linrep._types import ArrayLike, Readout
from linrep.moments._types import AnyMoments
from linrep.risks import regression
from linrep.solutions import Spectrum, minimisers, spectrum
from linrep.transfer._curve import Ranked, TransferCurve, ceiling
from linrep.transfer._dual import dual, growths
from linrep.transfer._end import left_end
from linrep.transfer._frontier import search
from linrep.transfer._reduced import Reduced, reduce
from linrep.transfer._spans import Space, intercepts, space_of, weights_of
from linrep.transfer._threshold import threshold

LEVELS = 33
"""Losses of the default grid."""

SHIFTS = 9
"""Witnesses whose intercepts are tried in the dual, where the class lacks the constant."""


class Shown(NamedTuple):
    """Largest risks found at some losses, NaN where there is no witness; Sigma^{1/2} W in the eigenbasis of K; and
    intercepts of some of the witnesses, (t, r), which are good ones to fix in the dual."""

    risks: np.ndarray
    weights: list[np.ndarray]
    shifts: np.ndarray


def curve(
    moments: AnyMoments,
    *,
    dim: int,
    losses: ArrayLike | None = None,
    intercept: bool = True,
    readout: Readout = "augmented",
    starts: int = 8,
    key: jax.Array | None = None,
) -> TransferCurve:
    """The sharp transfer function T(loss) = sup {risk(f) : f = W.T phi, L_spec(f) <= loss} between two curves.

    No analysis that sees only the class, the loss and d can promise less than T. Upper curves come from duality: with
    g(kappa) = kappa^2 (theory V7) and others, the label's energy that is captured is at least
    max_s s H_g(loss) - sum_{i<=d} eig_i(s g(K) - c c.T)_+. The lower curve is made of representations.

    Args:
        moments: with labels.
        dim: d >= 1.
        losses: where, (L,); default 33 from the least loss to l_vac.
        intercept: whether the readout fits a constant.
        readout: "augmented" (predict from one view) or "mean" (from the mean over views).
        starts: random starts of the search for witnesses, besides the systematic ones.
        key: random key of those; default a fixed one.

    Raises:
        InputError: moments without labels, d or starts below 1, losses below the least one of the class, an unknown
            readout.

    Source: theory V7; docs/transfer.md (ours).

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1] * 4, np.eye(4, dtype=int))
    >>> m = lr.moments.population(p, lr.features.OneHot(), [1, 1, -1, -1])
    >>> found = curve(m, dim=2)
    >>> bool(found.vacuous - found.minimum <= found.loss_slack), float(found.lower[0].round(9))
    (True, 1.0)
    """
    dim = positive_int(dim, owner="transfer.curve", name="dim")
    count = positive_int(starts, owner="transfer.curve", name="starts")
    rng = np.random.default_rng(0) if key is None else generator(key)
    found = spectrum(moments)
    problems = reduce(found, moments, dim=dim, intercept=intercept, readout=readout)
    # d squares of eigenvalues in [0, 1], each off by twice their error, in the loss and in the least loss.
    slack = 4.0 * dim * found.error
    limit = threshold(moments, dim=dim, intercept=intercept)
    minimum = problems[0].least_loss
    vacuous = max(limit.loss, minimum)
    at = _losses(losses, minimum, vacuous, slack)
    shown = [_exhibited(problem, at + slack, count, rng) for problem in problems]
    ranks = tuple(_ranked(part[0], part[1].shifts, at + slack) for part in zip(problems, shown, strict=True))
    plain = tuple(ranked._replace(duals=ranked.duals[: ranked.plain]) for ranked in ranks)
    end = None
    if problems[0].centre is not None and readout == "augmented":
        end = left_end(found, moments, dim=dim, total=problems[0].total)
    upper, sharp = ceiling(plain, at + slack, vacuous), ceiling(ranks, at + slack, vacuous, end)
    lower, witnesses = _best(found, moments, shown, dim)
    weights = minimisers(found, dim=dim).weights if end is None else end.weights
    for level, risk, these in (
        (-np.inf, regression(moments, weights, readout=readout, intercept=intercept), weights),
        (vacuous, problems[0].total, limit.witness),
    ):
        chosen = (at + slack >= level) & ~(lower >= risk)
        lower, witnesses[chosen] = np.where(chosen, risk, lower), these
    return TransferCurve(
        at, lower, upper, sharp, witnesses, minimum, vacuous, problems[0].floor, problems[0].total, readout, slack,
        _risk_slack(found, problems[0]), ranks, end,
    )  # fmt: skip


def proved(
    found: Spectrum, moments: AnyMoments, losses: Float[np.ndarray, " L"], *, dim: int
) -> Float[np.ndarray, " L"]:
    """The `sharp` bound alone, without an intercept and for one view, from a spectrum whose `cross` is the label's.

    The label may be any function of a view: nothing here asks that inputs decide it.
    """
    problems = reduce(found, moments, dim=dim, intercept=False, readout="augmented")
    at = losses + 4.0 * dim * found.error
    return ceiling([_ranked(problem, np.zeros((1, problem.cross.shape[1])), at) for problem in problems], at, np.inf)


def _ranked(problem: Reduced, shifts: np.ndarray, losses: np.ndarray) -> Ranked:
    if problem.dim == problem.rank:  # as good as the class
        return Ranked(problem, (), 0)
    duals = [dual(problem, growth, losses, shift) for growth in growths(problem) for shift in shifts]
    return Ranked(problem, tuple(duals), len(shifts))


def _best(
    found: Spectrum, moments: AnyMoments, shown: list[Shown], dim: int
) -> tuple[Float[np.ndarray, " L"], Float[np.ndarray, "L D d"]]:
    """Of all ranks the witness of the largest risk at each loss; risk NaN where there is none."""
    risks = np.stack([np.where(np.isnan(part.risks), -np.inf, part.risks) for part in shown])
    chosen = np.argmax(risks, axis=0)
    witnesses = np.zeros((risks.shape[1], moments.dim, dim))
    for level, rank in enumerate(chosen):
        inner = shown[rank].weights[level]
        witnesses[level, :, : inner.shape[1]] = found.basis @ inner
    best = risks.max(axis=0)
    return np.where(np.isfinite(best), best, np.nan), witnesses


def _losses(losses: ArrayLike | None, minimum: float, vacuous: float, slack: float) -> Float[np.ndarray, " L"]:
    if losses is None:
        return np.linspace(minimum, vacuous, LEVELS)
    at = finite_array(losses, owner="transfer.curve", name="losses", ndim=(1,))
    least = float(at.min(initial=np.inf))
    require(
        least >= minimum - slack,
        f"transfer.curve: losses contains {least!r}, but no representation has a loss below {minimum!r}; leave it out.",
    )
    return at


def _exhibited(problem: Reduced, losses: np.ndarray, count: int, rng: np.random.Generator) -> Shown:
    space, shifts = space_of(problem), np.zeros((1, problem.cross.shape[1]))
    if not space.size or problem.dim == problem.rank:
        blind = [_with_constant(problem, space, np.zeros((0, 0)))] * losses.size
        reached = (space.fixed_loss <= losses) & (problem.dim == 0)
        return Shown(np.where(reached, space.total, np.nan), blind, shifts)
    pool = search(space, growths(problem), losses, count=count, rng=rng)
    if problem.centre is not None:
        picks = np.unique(np.linspace(0, losses.size - 1, SHIFTS).astype(int))
        shifts = np.concatenate([shifts, intercepts(space, pool.spans[picks])])
    weights = [_with_constant(problem, space, span) for span in pool.spans]
    return Shown(np.where(pool.losses <= losses, pool.risks, np.nan), weights, shifts)


def _with_constant(problem: Reduced, space: Space, span: np.ndarray) -> np.ndarray:
    weights = weights_of(space, span) if span.shape[1] else np.zeros((space.frame.shape[0], 0))
    return weights if problem.constant is None else np.column_stack([problem.constant, weights])


def _risk_slack(found: Spectrum, problem: Reduced) -> float:
    """Rounding of a risk that was measured through the Gram matrix G of f: with z the readout, G off by E changes what
    is captured by z.T E z, at most n eps cond(G) of the total (docs/transfer.md). A root leaves half of the digits."""
    return 2.0 * float(np.sqrt(found.error)) * max(problem.total, 1.0)
