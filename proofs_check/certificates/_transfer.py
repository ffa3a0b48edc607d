"""Points of a transfer curve in rationals: a witness below it, multipliers above it."""

from fractions import Fraction
from typing import Any, Literal

import numpy as np
import scipy.optimize

from linrep import transfer
from linrep._checks import InputError, require
from linrep.moments import Moments
from linrep.problems import Problem
from linrep.solutions import spectrum
from proofs_check.certificates import checker
from proofs_check.certificates._exact import exact_problem, finished, rounded, solved, texts

Side = Literal["upper", "lower"]
BACK = (0, 1, 4, 16, 64, 256)
"""By how many units of the last place a witness aims below the loss: rounding may raise what it reaches."""

SLOPES = (-20.0, 14.0)
"""Logarithms of the multipliers that are searched; the line of any multiplier is valid."""


def certify_transfer(problem: Problem, loss: Fraction | int, *, side: Side, bits: int = 20) -> dict[str, Any]:
    """A certificate of one point of the sharp transfer function T (augmented readout with an intercept).

    "upper": no representation of the problem's dimension whose spectral loss is at most `loss` has a larger risk than
    `ceiling`, by multipliers of theory V7's dual that a semidefinite matrix proves feasible. "lower": a rational
    representation of at most that loss, with its exact risk `actual`, so that T(loss) is at least this.

    Args:
        problem: exact, as for `certify`; its representation is not looked at.
        loss: an exact number.
        side: "upper" or "lower".
        bits: how finely multipliers and representations are rounded, to multiples of 2^-bits.

    Raises:
        InputError: a loss that no representation reaches, another side, or a problem that is not exact.

    Source: theory V7; docs/transfer.md (ours).

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1)
    >>> above, below = (certify_transfer(pb, Fraction(-1), side=s) for s in ("upper", "lower"))
    >>> float(Fraction(above["ceiling"])), float(Fraction(below["actual"]))
    (1.0, 1.0)
    """
    require(side in ("upper", "lower"), f"certify_transfer: side is {side!r}; pass 'upper' or 'lower'.")
    given, limit = exact_problem(problem), Fraction(loss)
    exact, fields = checker.read_problem(given), {"problem": given, "limit": str(limit)}
    _reached(exact, limit, problem.dim)
    make = multipliers if side == "upper" else witness
    return finished(f"transfer_{side}", fields | make(exact, limit, problem.dim, bits))


def _reached(exact: checker.Problem, limit: Fraction, dim: int) -> None:
    """A bound at a loss below the least one, beyond its rounding, would be about nothing."""
    moments = float_moments(exact)
    found = transfer.threshold(moments, dim=dim)
    least, rounding = found.loss - found.budget, 4 * dim * spectrum(moments).error
    require(
        float(limit) >= least - rounding,
        f"certify_transfer: loss is {float(limit):.6g}, but no representation has a loss below {least:.6g}; pass a "
        "larger one.",
    )


def multipliers(exact: checker.Problem, limit: Fraction, dim: int, bits: int) -> dict[str, Any]:
    """The best multipliers of V7's dual, rounded, and the level raised until they are feasible."""
    moments = float_moments(exact)

    def line(multiplier: float) -> float:
        return transfer.dual_point(moments, multiplier, dim=dim).at(float(limit))

    found = scipy.optimize.minimize_scalar(lambda log: line(float(np.exp(log))), bounds=SLOPES, method="bounded")
    slope = min(Fraction(0), Fraction(round(np.exp(found.x) * 2**bits), 2**bits), key=lambda s: line(float(s)))
    point = transfer.dual_point(moments, float(slope), dim=dim)
    fields = {"dim": str(dim), "limit": str(limit), "multiplier": str(slope)}
    fields["excess_columns"] = texts(rounded(columns_of(point.excess, moments.sigma, dim), bits))
    least = round(point.level * 2**bits)
    for raised in (0, *(2**i for i in range(2 * bits))):
        try:
            exact.ceiling(fields := fields | {"level": str(Fraction(least + raised, 2**bits))})
        except checker.RejectedError:
            continue
        return fields
    raise InputError("certify_transfer: rounding lost more than the level makes up for; pass more bits.")


def witness(exact: checker.Problem, limit: Fraction, dim: int, bits: int) -> dict[str, Any]:
    """The rounded representation of largest exact risk among those of at most that loss."""
    moments = float_moments(exact)
    least = transfer.threshold(moments, dim=dim)
    aims = np.array([float(limit - Fraction(back, 2**bits)) for back in BACK])
    found = transfer.curve(moments, dim=dim, losses=aims[(aims >= least.loss - least.budget) | (aims == aims[0])])
    best: tuple[Fraction, dict[str, Any]] | None = None
    for weights in (frame for w in found.witnesses for frame in frames(w, moments)):
        fields = candidate(exact, texts(rounded(weights, bits))) | {"limit": str(limit)}
        facts = exact.example(fields | {"kind": "transfer_lower"})
        if facts["margin"] >= 0 and (best is None or facts["actual"] > best[0]):
            best = facts["actual"], fields
    if best is None:
        raise InputError(
            f"certify_transfer: no rounded representation has a loss of at most {float(limit):.6g}; pass a larger loss "
            "or more bits."
        )
    return best[1]


def candidate(exact: checker.Problem, weights: Any) -> dict[str, Any]:
    """A representation and its best predictor, of which the last entry is the intercept."""
    second, _, seen, _ = exact.moments([[*row, Fraction(1)] for row in exact.representation(weights)])
    return {"weights": weights, "predictor": texts(solved(second, seen))}


def frames(weights: np.ndarray, moments: Moments) -> list[np.ndarray]:
    """Two rotations of the columns, which change neither loss nor risk: uncorrelated ones, without and with the mean
    put into one of them. Columns that vanish or are constant are so once rounded too, where a mixture would not be."""
    turn = np.linalg.qr(np.column_stack([weights.T @ moments.mean, np.eye(weights.shape[1])]))[0]
    first, rest = weights @ turn[:, :1], weights @ turn[:, 1:]
    plain, others = (w @ np.linalg.eigh(w.T @ moments.sigma @ w)[1] for w in (weights, rest))
    return [plain, np.column_stack([first, others])]


def columns_of(excess: np.ndarray, sigma: np.ndarray, dim: int) -> np.ndarray:
    """V.T, (d, D), with Z = Sigma V V.T Sigma: as many rows as eigenvalues may lie above the level."""
    values, vectors = np.linalg.eigh(excess)
    columns = np.linalg.pinv(sigma, hermitian=True) @ vectors * np.sqrt(np.maximum(values, 0.0))
    padded = np.zeros((dim, len(values)))
    kept = min(dim, len(values))
    padded[:kept] = columns.T[::-1][:kept]
    return padded


def float_moments(exact: checker.Problem) -> Moments:
    """The moments of the class, with the centred label, as floats."""
    average = checker.dot(exact.prior, exact.labels)
    plain = exact._replace(labels=[y - average for y in exact.labels])
    variance = checker.dot(exact.prior, [y * y for y in plain.labels])
    sigma, sigma_bar, b, _ = (np.array(part, dtype=np.float64) for part in plain.moments())
    phi = exact.features
    mean = exact.marginal if phi is None else [checker.dot(exact.marginal, list(c)) for c in zip(*phi, strict=True)]
    return Moments(sigma, sigma_bar, b, float(variance), np.array(mean, dtype=np.float64), 0.0)
