"""A proof on one problem: its steps with their sides, and where it breaks or stops saying anything."""

from collections.abc import Iterator
from dataclasses import dataclass

from linrep.bounds import Relation, Step
from linrep.evaluate import Status
from linrep.tables import Table
from proofs_check.verdict import Enclosure, Evidence, nearest

COLUMNS = (
    "step", "on_path", "left", "relation", "right", "left_value", "right_value", "slack", "slack_lower", "slack_upper",
    "status", "vacuous", "reason", "note",
)  # fmt: skip
"""Columns of a chain: the sides in LaTeX and as numbers, the reason of the step, why there is no number."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """One step of a proof on one problem.

    Attributes:
        step: left, relation, right and the reason, as terms.
        on_path: whether it belongs to the path from the bounded quantity to the formula; else it is a side result.
        status: HOLDS, FAILS, UNDECIDED, INAPPLICABLE or UNAVAILABLE.
        left, right: the sides; None without numbers.
        slack: right less left, for ">=" left less right: at least 0 where the step holds, 0 for an equality.
        vacuous: whether the right side says no more of the bounded quantity than is known without a theorem; None
            off the path, without numbers and where it is not settled.
        note: why there are no numbers, or empty.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> Link(step=linrep26.HYPERCUBE.steps[0], on_path=True, status=Status.UNAVAILABLE).relation.value
    '='
    """

    step: Step
    on_path: bool
    status: Status
    left: Enclosure | None = None
    right: Enclosure | None = None
    slack: Enclosure | None = None
    vacuous: bool | None = None
    note: str = ""

    @property
    def relation(self) -> Relation:
        """How the sides compare."""
        return self.step.relation

    @property
    def reason(self) -> str:
        """Why the step is true; its name in reports."""
        return self.step.reason

    @property
    def left_latex(self) -> str:
        """The left side in LaTeX."""
        return self.step.left.latex()

    @property
    def right_latex(self) -> str:
        """The right side in LaTeX."""
        return self.step.right.latex()


@dataclass(frozen=True, kw_only=True)
class Chain:
    """The proof of a theorem on a problem: a sequence of its links.

    Attributes:
        theorem: its key.
        evidence: where the numbers come from.
        links: the steps, in order.
        index, margin: where the theorem's own bound is best; None for theorems without an index or margin.
        trivial: what is known of the bounded quantity without a theorem; None where nothing is.
        reason: why nothing was evaluated, or empty.

    Source: ours.

    >>> list(Chain(theorem="t", evidence=Evidence.FLOAT, links=()))
    []
    """

    theorem: str
    evidence: Evidence
    links: tuple[Link, ...]
    index: int | None = None
    trivial: Enclosure | None = None
    reason: str = ""

    def __iter__(self) -> Iterator[Link]:
        return iter(self.links)

    def __len__(self) -> int:
        return len(self.links)

    def __getitem__(self, position: int) -> Link:
        return self.links[position]

    @property
    def path(self) -> tuple[Link, ...]:
        """The links that lead from the bounded quantity to the formula."""
        return tuple(link for link in self.links if link.on_path)

    @property
    def broken(self) -> tuple[Link, ...]:
        """The steps that are false on this problem, each named by its reason."""
        return tuple(link for link in self.links if link.status is Status.FAILS)

    @property
    def vacuous_from(self) -> Link | None:
        """The step with which the bound stops saying anything; None if the whole path says something."""
        return next((link for link in self.path if link.vacuous), None)

    def table(self) -> Table:
        """A row for each step."""
        rows = tuple(
            {
                "step": number,
                "on_path": link.on_path,
                "left": link.left_latex,
                "relation": link.relation.value,
                "right": link.right_latex,
                "left_value": _float(link.left),
                "right_value": _float(link.right),
                "slack": _float(link.slack),
                "slack_lower": None if link.slack is None else nearest(link.slack.lower),
                "slack_upper": None if link.slack is None else nearest(link.slack.upper),
                "status": link.status.value,
                "vacuous": link.vacuous,
                "reason": link.reason,
                "note": link.note,
            }
            for number, link in enumerate(self.links, 1)
        )
        how = {"theorem": self.theorem, "index": self.index, "trivial": _float(self.trivial)}
        return Table(COLUMNS, rows, {**how, "evidence": self.evidence.name, "reason": self.reason})


def _float(value: Enclosure | None) -> float | None:
    return None if value is None else float(value)
