"""What is said of a set of minimisers: the tie that makes it large, and the ends of what varies over it."""

from typing import NamedTuple


class Tie(NamedTuple):
    """Equal eigenvalues at the cut: `size` eigenfunctions of eigenvalue `value` compete for `kept` places.

    Source: theory I2 (ours).

    >>> Tie(size=11, kept=10, value=1.0).kept
    10
    """

    size: int
    kept: int
    value: float


class RiskRange(NamedTuple):
    """A risk over all minimisers: lowest, average over uniformly random ones, highest.

    Source: theory I4 (ours).

    >>> RiskRange(0.0, 0.5, 1.0).highest
    1.0
    """

    lowest: float
    average: float
    highest: float


class Energy(NamedTuple):
    """Squares of coordinates in the eigenbasis, summed over what a minimiser keeps and over what it leaves out.

    Source: theory I4 (ours).

    >>> Energy(captured=1.0, missed=0.5).missed
    0.5
    """

    captured: float
    missed: float
