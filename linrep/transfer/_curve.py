"""The sharp transfer function of a class, between an upper curve that is proved and a lower one that is exhibited."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Int

from linrep._checks import finite_array, require
from linrep._types import ArrayLike, Readout
from linrep.transfer._dual import Dual, captured
from linrep.transfer._end import End
from linrep.transfer._reduced import Reduced


class Ranked(NamedTuple):
    """The problem at one rank, with its duals; theory V7's come first, `plain` of them."""

    problem: Reduced
    duals: tuple[Dual, ...]
    plain: int


def ceiling(
    ranks: Sequence[Ranked], losses: Float[np.ndarray, " L"], vacuous: float, end: End | None = None
) -> Float[np.ndarray, " L"]:
    """The least upper bound of T that these duals give: the largest over the ranks that a representation may have.

    From l_vac on T is the trivial risk.
    """
    problem = ranks[0].problem
    risks = np.full(losses.size, problem.floor)
    for ranked in ranks:
        energy = captured(ranked.problem, ranked.duals, losses)
        here = np.clip(problem.total - energy, problem.floor, problem.total)
        possible = (losses >= ranked.problem.least_loss) & (ranked.problem.dim < ranked.problem.rank)
        risks = np.where(possible, np.maximum(risks, here), risks)
    if end is not None:
        risks = np.minimum(risks, end.below(losses))
    return np.where(losses >= vacuous, problem.total, risks)


@dataclass(frozen=True, eq=False)
class TransferCurve:
    """T(loss) = the largest downstream risk of a representation of at most that loss, bracketed at some losses.

    Attributes:
        loss: losses, (L,), from the least one of the class up.
        lower: risk of a witness of at most that loss, (L,): T is at least this.
        upper: theory V7's dual bound, (L,), concave in the loss: T is at most this.
        sharp: the best of V7's and of the other growth functions, (L,), at most `upper`: T is at most this.
        witnesses: W for each loss, (L, D, d), of the risk `lower`.
        minimum: the least loss of the class.
        vacuous: l_vac, from which on T is `trivial`.
        floor: risk of the best predictor of the class, which no representation beats.
        trivial: risk of the best constant (of zero without an intercept).
        readout: "augmented" or "mean".
        loss_slack: what rounding may have done to a loss.
        risk_slack: what rounding may have done to a risk.

    Source: theory V7; `sharp` and the mean readout are derived in docs/transfer.md (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> m = lr.moments.population(p, lr.features.Linear(), lr.labels.Coordinate(0))
    >>> found = lr.transfer.curve(m, dim=10, losses=[-10, -9.75])
    >>> (found.upper.round(3) + 0.0).tolist(), (found.lower.round(3) + 0.0).tolist()
    ([0.0, 0.571], [0.0, 0.536])
    """

    loss: Float[np.ndarray, " L"]
    lower: Float[np.ndarray, " L"]
    upper: Float[np.ndarray, " L"]
    sharp: Float[np.ndarray, " L"]
    witnesses: Float[np.ndarray, "L D d"]
    minimum: float
    vacuous: float
    floor: float
    trivial: float
    readout: Readout
    loss_slack: float
    risk_slack: float
    _ranks: tuple[Ranked, ...] = field(repr=False)
    _end: End | None = field(repr=False)

    def ceiling(self, losses: ArrayLike) -> Float[np.ndarray, " L"]:
        """The sharpest upper bound of T at any losses, from the multipliers of this curve.

        Args:
            losses: any finite losses; below the least one the floor is returned.

        Raises:
            InputError: losses that are not a vector of finite numbers.

        Source: theory V7 and docs/transfer.md (ours).

        >>> import linrep as lr
        >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
        >>> m = lr.moments.population(p, lr.features.Linear(), lr.labels.Coordinate(0))
        >>> lr.transfer.curve(m, dim=10).ceiling([-9.75]).round(3).tolist()
        [0.536]
        """
        at = finite_array(losses, owner="TransferCurve.ceiling", name="losses", ndim=(1,))
        return ceiling(self._ranks, at, self.vacuous, self._end)

    def contains(self, losses: ArrayLike, risks: ArrayLike) -> Bool[np.ndarray, " n"]:
        """Whether points (loss, risk) of representations lie where the theory allows them, up to rounding.

        A representation has at least the least loss, at least the risk `floor`, and at most the risk T(loss). A point
        outside is an error of the program that produced it or of this one.

        Args:
            losses: (n,) spectral losses, or one number.
            risks: as many squared errors, with the readout and the intercept of this curve.

        Raises:
            InputError: points that are not finite or do not pair up.

        Source: theory V7 (ours).

        >>> import linrep as lr
        >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
        >>> m = lr.moments.population(p, lr.features.Linear(), lr.labels.Coordinate(0))
        >>> lr.transfer.curve(m, dim=10).contains([-9.75, -9.75, -10.1], [0.2, 0.6, 0.0]).tolist()
        [True, False, False]
        """
        at, seen = (
            np.atleast_1d(finite_array(part, owner="TransferCurve.contains", name=name, ndim=(0, 1)))
            for part, name in ((losses, "losses"), (risks, "risks"))
        )
        require(
            at.shape == seen.shape,
            f"TransferCurve.contains: there are {at.size} losses and {seen.size} risks, but each point needs both; "
            "pass as many of one as of the other.",
        )
        possible = (at >= self.minimum - self.loss_slack) & (seen >= self.floor - self.risk_slack)
        return possible & (seen <= self.ceiling(at + self.loss_slack) + self.risk_slack)

    def outside(self, losses: ArrayLike, risks: ArrayLike) -> Int[np.ndarray, " k"]:
        """Positions of the points that `contains` refuses: each calls for attention.

        Args:
            losses, risks: as for `contains`.

        Raises:
            InputError: as `contains`.

        Source: theory V7 (ours).

        >>> import linrep as lr
        >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
        >>> m = lr.moments.population(p, lr.features.Linear(), lr.labels.Coordinate(0))
        >>> lr.transfer.curve(m, dim=10).outside([-9.75, -9.75], [0.2, 0.6]).tolist()
        [1]
        """
        return np.flatnonzero(~self.contains(losses, risks))
