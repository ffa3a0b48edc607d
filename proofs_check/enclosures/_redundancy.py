"""Enclosures of what one view tells beyond the other, and of the fit of f(x).f(z) to the density ratio."""

from collections.abc import Callable
from fractions import Fraction

import flint
import numpy as np

from linrep import symbols as sym
from linrep.quantities import Unavailable
from proofs_check.arithmetic import PRECISION, ball, enclosure, matrix, precision
from proofs_check.enclosures._exact import ExactProblem
from proofs_check.enclosures._risk import as_fractions, risk_of
from proofs_check.enclosures._spectral import Place
from proofs_check.verdict import Enclosure, exactly

MOST_VIEWS = 128
"""Most views whose pairs are listed in exact numbers."""


def _tables(exact: ExactProblem) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Prior, channel and targets of the inputs as Fractions."""
    process = exact.listed
    if process.n_views > MOST_VIEWS:
        raise Unavailable(f"pairs of more than {MOST_VIEWS} views are not listed in exact numbers")
    if exact.problem.labels is None:
        raise Unavailable("the problem has no labels")
    targets = exact.problem.label.exact(process.inputs)
    assert process.weights is not None
    assert targets is not None
    return process.weights.prior_fractions(), process.weights.channel_fractions(), targets.reshape(len(targets), -1)


def _from_one(exact: ExactProblem) -> np.ndarray:
    """E[Y | x], (n, r)."""
    return (exact.joint.T @ _tables(exact)[2]) / exact.joint.sum(axis=0)[:, None]


def relayed(exact: ExactProblem) -> np.ndarray:
    """mu(x) = E[E[Y | z] | x], (n, r)."""
    _, channel, _ = _tables(exact)
    return (exact.joint.T @ (channel @ _from_one(exact))) / exact.joint.sum(axis=0)[:, None]


def constant_relay(exact: ExactProblem) -> Enclosure | None:
    """The squared error of the best constant for mu; None without labels or a list of views."""
    try:
        wanted, mass = relayed(exact), exact.joint.sum(axis=0)
    except Unavailable:
        return None
    centre = mass @ wanted
    return exactly(Fraction(mass @ ((wanted - centre) ** 2).sum(axis=1)))


def _pairs(exact: ExactProblem) -> tuple[np.ndarray, list[np.ndarray]]:
    """The law of two views of one input, (n, n), and E[1{pair} Y] for each output; remembered with the problem."""
    memo = exact.problem.memo
    if "exact pairs" not in memo:
        _, channel, targets = _tables(exact)
        left = matrix(channel.T)
        law, *sums = (
            as_fractions(left * matrix(exact.joint * column[:, None]))
            for column in (np.ones(len(targets), dtype=int).astype(object), *targets.T)
        )
        memo["exact pairs"] = law, sums
    return memo["exact pairs"]


def _pair_error(exact: ExactProblem, guess: np.ndarray, *, second: bool) -> Enclosure:
    """E|guess(one view) - E[Y | both]|^2."""
    (law, sums), total = _pairs(exact), Fraction(0)
    places = np.nonzero(law)
    for seen, own in zip(sums, guess.T, strict=True):
        shown = np.broadcast_to(own[None, :] if second else own[:, None], law.shape)
        # law (guess - seen / law)^2, without a division where a pair never occurs
        terms = (shown[places] * law[places] - seen[places]) ** 2 / law[places]
        total += sum(terms.tolist(), Fraction(0))
    return exactly(total)


def redundancy(*, second: bool) -> Callable[[ExactProblem, Place], Enclosure]:
    """An evaluator of E(E[Y|one view] - E[Y|both])^2."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        return _pair_error(exact, _from_one(exact), second=second)

    return enclose


def relayed_risk(exact: ExactProblem, place: Place) -> Enclosure:
    """min_w E(w . f(x) - mu(x))^2."""
    wanted, mass = relayed(exact), exact.joint.sum(axis=0)
    cross = matrix(exact.views.T @ (mass[:, None] * wanted))
    size = sum((mass[:, None] * wanted**2).ravel().tolist(), Fraction(0))
    return risk_of(exact, cross, size, mean=False)


def products(exact: ExactProblem) -> np.ndarray:
    """f(x).f(z) for all pairs of views, (n, n) Fractions."""
    if exact.weights is None:
        raise Unavailable("f(x).f(z) is known in rational numbers for given weights only")
    if exact.listed.n_views > MOST_VIEWS:
        raise Unavailable(f"pairs of more than {MOST_VIEWS} views are not listed in exact numbers")
    values = exact.views @ as_fractions(exact.weights)
    return values @ values.T


def _ratio(exact: ExactProblem) -> tuple[np.ndarray, np.ndarray]:
    """g* and the law of independent pairs, (n, n) Fractions."""
    weights, mass = exact.listed.weights, exact.joint.sum(axis=0)
    assert weights is not None
    channel = weights.channel_fractions()
    apart = np.outer(mass, mass)
    return channel.T @ (weights.prior_fractions()[:, None] * channel) / apart, apart


def largest_ratio(exact: ExactProblem, place: Place) -> Enclosure:
    """g_max."""
    return exactly(max(Fraction(products(exact).max()), Fraction(_ratio(exact)[0].max())))


def ratio_error(exact: ExactProblem, place: Place) -> Enclosure:
    """E over independent views of (f(x).f(z) - g*(x, z))^2."""
    found, (ratio, apart) = products(exact), _ratio(exact)
    return exactly(sum((apart * (found - ratio) ** 2).ravel().tolist(), Fraction(0)))


def ratio_excess(exact: ExactProblem, place: Place) -> Enclosure:
    """The excess logistic risk, its logarithms in balls; pairs with the right odds contribute nothing."""
    found, (ratio, apart) = products(exact), _ratio(exact)
    if found.min() <= 0:
        raise Unavailable("the odds f(x).f(z) are not all positive")
    with precision(PRECISION):
        total = flint.arb(0)
        for g, best, mass in zip(found.ravel(), ratio.ravel(), apart.ravel(), strict=True):
            if g != best:
                gain = ball(best) * ball(best / g).log() if best else flint.arb(0)
                total += ball(mass / 2) * (gain + ball(1 + best) * ball((1 + g) / (1 + best)).log())
        return enclosure(total).within(Fraction(0), None)


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.FIRST_REDUNDANCY: redundancy(second=False),
    sym.SECOND_REDUNDANCY: redundancy(second=True),
    sym.REDUNDANCY_ERROR: lambda exact, place: _pair_error(exact, relayed(exact), second=False),
    sym.RELAYED_RISK: relayed_risk,
    sym.LABEL_ENERGY: lambda exact, place: exactly(exact.label_sq),
    sym.LARGEST_RATIO: largest_ratio,
    sym.RATIO_EXCESS: ratio_excess,
    sym.RATIO_ERROR: ratio_error,
}
