"""Judging an inequality between enclosed numbers, from the safe side."""

from fractions import Fraction

import sympy

from linrep.bounds import FRACTION, SYMBOLIC, Kind, Theorem
from linrep.evaluate import Status
from proofs_check.arithmetic import BALLS, PRECISION, ball, enclosure, precision
from proofs_check.verdict import Enclosure, exactly


def valued(theorem: Theorem, inputs: list[Enclosure]) -> Enclosure | None:
    """The formula at enclosed inputs: exactly where all are rational and no root is irrational, else in balls.

    None where the inputs do not determine a finite number, such as a quotient by what may be zero.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> valued(linrep26.RISK_GAP_MEAN, [exactly(0), exactly(1), exactly(1) / exactly(4)]).lower
    Fraction(4, 1)
    """
    if all(x.exact for x in inputs):
        try:
            return exactly(theorem.value(*(x.lower for x in inputs), field=FRACTION))
        except ZeroDivisionError:
            return None
        except ArithmeticError:
            if (found := _through_roots(theorem, inputs)) is not None:
                return found
    with precision(PRECISION):
        try:
            return enclosure(theorem.value(*(ball(x) for x in inputs), field=BALLS))
        except ArithmeticError:
            return None


def _through_roots(theorem: Theorem, inputs: list[Enclosure]) -> Enclosure | None:
    """The formula at rational inputs where its irrational roots leave a rational number, as (0 + sqrt 2)^2 does."""
    numbers = [sympy.Rational(x.lower.numerator, x.lower.denominator) for x in inputs]
    value = sympy.expand(theorem.value(*numbers, field=SYMBOLIC))
    return exactly(Fraction(int(value.p), int(value.q))) if isinstance(value, sympy.Rational) else None


def slack(kind: Kind, bound: Enclosure, actual: Enclosure) -> Enclosure:
    """How far the inequality is from equality, at least 0 where it holds.

    Source: ours.

    >>> slack(Kind.UPPER, exactly(2), exactly(1)).lower
    Fraction(1, 1)
    """
    return bound - actual if kind is Kind.UPPER else actual - bound


def ruled(distance: Enclosure) -> Status:
    """HOLDS or FAILS where the slack is certain, else UNDECIDED.

    Source: ours.

    >>> either = Enclosure(exactly(-1).lower, exactly(1).lower)
    >>> [ruled(x).value for x in (exactly(0), exactly(-1), either)]
    ['HOLDS', 'FAILS', 'UNDECIDED']
    """
    return Status.HOLDS if distance.lower >= 0 else Status.FAILS if distance.upper < 0 else Status.UNDECIDED


def vacuous(kind: Kind, bound: Enclosure, known: Enclosure | None) -> bool | None:
    """Whether the bound says no more than what is known without it; None where that is not settled.

    Source: ours.

    >>> vacuous(Kind.UPPER, exactly(1), exactly(1)), vacuous(Kind.UPPER, exactly(0), exactly(1))
    (True, False)
    """
    if known is None:
        return False
    gain = -1 if kind is Kind.UPPER else 1
    distance = (bound - known) * exactly(gain)
    return False if distance.lower > 0 else True if distance.upper <= 0 else None
