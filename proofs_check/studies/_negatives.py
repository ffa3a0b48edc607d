"""Guarantees against the number of negatives, on classes given which the views are independent."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from linrep import symbols as sym
from linrep.bounds import Theorem, arora19, ash22, bao22, linrep26, nozawa21
from linrep.evaluate import actual, evaluate
from linrep.gallery import noisy_classes
from linrep.problems import Problem
from linrep.quantities import trivial
from linrep.tables import Table, Value

COLUMNS = ("setting", "curve", "role", "negatives", "value")
SETTINGS: tuple[tuple[str, Fraction, int], ...] = (
    ("unit vectors, t = 1", Fraction(1), 199),
    ("unit vectors, t = 1/8, hardly any noise", Fraction(1, 8), 9999),
)
"""Name, temperature, and how much oftener a class shows its own view than the next one's."""
BOUNDS: tuple[tuple[Theorem, str], ...] = (
    (arora19.MANY_NEGATIVES, "published"),
    (nozawa21.COUPON, "published"),
    (ash22.COUPONS, "published"),
    (bao22.UPPER, "published"),
    (bao22.LOWER, "published"),
    (linrep26.PRESENT_CLASSES, "ours"),
    (linrep26.SHARED_CLASSES, "ours"),
    (linrep26.CORNER_GAP, "ours"),
    (linrep26.CORNER_LOWER, "ours"),
)
NEGATIVES = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512)


def negatives(counts: Sequence[int] = NEGATIVES) -> Table:
    """Bounds on the cross-entropy of the class means, and its value, for eight classes and m = 1, 2, … negatives.

    Args:
        counts: numbers of negatives.

    Returns:
        A row for each curve and m: role is "actual", "published", "ours" or "trivial"; no value where a bound does not
        apply, as where fewer draws than classes are made.

    Source: ours, after the comparison of bounds in Bao et al. (2022).

    >>> table = negatives((8,))
    >>> sorted(set(table.column("role")))
    ['actual', 'ours', 'published', 'trivial']
    """
    rows = [
        row
        for name, temperature, own in SETTINGS
        for m in counts
        for row in _at(name, replace(noisy_classes(own, temperature), negatives=m))
    ]
    return Table(COLUMNS, tuple(rows), {"process": "eight classes, a view each", "classes": 8})


def _at(setting: str, problem: Problem) -> list[dict[str, Value]]:
    def row(curve: str, role: str, value: float | None) -> dict[str, Value]:
        return dict(zip(COLUMNS, (setting, curve, role, problem.negatives, value), strict=True))

    return [
        row("actual", "actual", actual(bao22.UPPER, problem).upper),
        row("f = 0", "trivial", trivial(sym.MEAN_CROSS_ENTROPY, problem)),
        *(row(theorem.key, role, evaluate(theorem, problem).value) for theorem, role in BOUNDS),
    ]
