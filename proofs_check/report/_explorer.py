"""The explorer: a section of the page where a reader moves the numbers of Example 1."""

from typing import Any, NamedTuple

from markupsafe import Markup

from proofs_check.report._example_one import javascript


class Slider(NamedTuple):
    """A number that the reader chooses; with a base, the slider moves its exponent.

    Source: ours.

    >>> Slider("D", "coordinates D", 2, 60, 1, 50).base
    0
    """

    name: str
    text: str
    low: float
    high: float
    step: float
    start: float
    base: int = 0


class Reading(NamedTuple):
    """A number that the page shows, and the level of the best constant where it is an error.

    Source: ours.

    >>> Reading("t4", "T4", "1").trivial
    '1'
    """

    name: str
    text: str
    trivial: str = ""


SLIDERS = (
    Slider("D", "coordinates D", 2, 60, 1, 50),
    Slider("k", "kept coordinates k", 1, 60, 1, 10),
    Slider("degree", "functions", 0, 4, 1, 0),
    Slider("dim", "dimension d", 1, 200, 1, 10),
    Slider("low", "law of τ", 0, 0.95, 0.05, 0),
    Slider("suboptimality", "suboptimality ε", -4, 0, 0.05, -1.5, 10),
    Slider("N", "inputs N of the class-agnostic floor", 8, 40, 1, 20, 2),
)
"""What the reader chooses."""
READINGS = (
    Reading("augmented_risk", "actual squared error, one view", "1"),
    Reading("t4", "T4, one view", "1"),
    Reading("ours", "(16/7) ε, one view", "1"),
    Reading("mean_risk", "actual squared error, mean over views", "1"),
    Reading("t5", "T5, mean over views", "1"),
    Reading("t8", "T8, mean over views", "1"),
    Reading("t7", "T7 (Theorem 4.5), 0-1 error", "0.5"),
    Reading("published", "32 k ε (Corollary 4.2), 0-1 error", "0.5"),
    Reading("floor", "V3: any class-agnostic guarantee on the 0-1 error is at least"),
    Reading("budget", "V5: ε at which the class guarantees nothing on the squared error"),
    Reading("agnostic_budget", "V6: the same for any class-agnostic guarantee"),
    Reading("cut_retained", "κ at d + 1"),
    Reading("tail_eigenvalue", "λ after the functions left alone"),
)
"""What the page says of it."""


def content() -> dict[str, Any]:
    """What the template of the section needs; the formulas as a script that is part of the page.

    Source: ours.

    >>> sorted(content())
    ['formulas', 'readings', 'sliders']
    """
    return {"sliders": SLIDERS, "readings": READINGS, "formulas": Markup(javascript())}
