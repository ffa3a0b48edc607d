"""The verdict itself, which refuses to be a truth value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import NoReturn

from linrep.evaluate import Status
from proofs_check.verdict._enclosure import Enclosure


class Evidence(Enum):
    """Where the numbers behind a verdict come from; only the first two make it a proof.

    Source: ours.

    >>> [e.proof for e in Evidence]
    [True, True, False, False]
    """

    EXACT = "exact"
    ENCLOSED = "enclosed"
    FLOAT = "float"
    SAMPLED = "sampled"

    @property
    def proof(self) -> bool:
        """Whether a verdict on this evidence is a proof."""
        return self in (Evidence.EXACT, Evidence.ENCLOSED)


_ADVICE = {
    Status.HOLDS: "The inequality is true of this problem.",
    Status.FAILS: "The inequality is false of this problem although every hypothesis holds: the theorem, or its code, "
    "is wrong.",
    Status.UNDECIDED: "The two sides, or a hypothesis, cannot be told apart on this evidence: an equality between "
    "irrational numbers stays undecided at any precision; look at the slack.",
    Status.INAPPLICABLE: "A hypothesis of the theorem fails on this problem, so that it says nothing here.",
    Status.UNAVAILABLE: "There is no number to compare here; the reason is recorded.",
}


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check says of one theorem on one problem. It is no truth value: there are more than two answers.

    Attributes:
        theorem: its key.
        status: HOLDS, FAILS, UNDECIDED, INAPPLICABLE or UNAVAILABLE.
        evidence: where the numbers come from.
        slack: how far the inequality is from equality, at least 0 where it holds; None without numbers.
        bound: value of the formula; None without a number.
        actual: the bounded quantity; None without a number.
        index: the index k that gives the bound; None for theorems without one.
        vacuous: whether the bound says no more than is known without the theorem; None where that is not settled.
        hypotheses: whether each holds, by name (None: not settled).
        seen: what was seen of each hypothesis.
        reason: why there is no number, or empty.

    Source: ours.

    >>> bool(Verdict(theorem="t", status=Status.HOLDS, evidence=Evidence.EXACT))
    Traceback (most recent call last):
    TypeError: a Verdict is not a truth value; compare its status, or ask is_proof.
    """

    theorem: str
    status: Status
    evidence: Evidence
    slack: Enclosure | None = None
    bound: Enclosure | None = None
    actual: Enclosure | None = None
    index: int | None = None
    vacuous: bool | None = None
    hypotheses: Mapping[str, bool | None] = field(default_factory=dict)
    seen: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    @property
    def advice(self) -> str:
        """A sentence on what the status means and what to do."""
        return _ADVICE[self.status] + (f" Reason: {self.reason}." if self.reason else "")

    @property
    def is_proof(self) -> bool:
        """Whether HOLDS or FAILS is proved."""
        return self.evidence.proof and self.status in (Status.HOLDS, Status.FAILS)

    def __bool__(self) -> NoReturn:
        raise TypeError("a Verdict is not a truth value; compare its status, or ask is_proof.")
