"""Judging an inequality between enclosed numbers, from the safe side."""

from linrep.bounds import FRACTION, Kind, Term, Theorem
from linrep.evaluate import Status
from proofs_check.arithmetic import BALLS, PRECISION, RADICALS, Radicals, ball, enclosure, precision
from proofs_check.verdict import FORMS, Enclosure, Form, exactly, form_of


def valued(theorem: Theorem | Term, inputs: list[Enclosure]) -> Enclosure | None:
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
            found = enclosure(theorem.value(*(ball(x) for x in inputs), field=BALLS))
        except ArithmeticError:
            return None
    return found.as_form(_as_form(theorem, inputs))


def _as_form(theorem: Theorem | Term, inputs: list[Enclosure]) -> Form | None:
    """How the value is made of the numbers that the inputs are made of, where the formula has no function of them."""
    forms = [form_of(x) for x in inputs]
    if None in forms or all(x.exact for x in inputs):
        return None
    try:
        return Form.of(theorem.value(*forms, field=FORMS))
    except ArithmeticError:
        return None


def _through_roots(theorem: Theorem | Term, inputs: list[Enclosure]) -> Enclosure | None:
    """The formula at rational inputs where its irrational roots leave a rational number, as (0 + sqrt 2)^2 does."""
    try:
        value = theorem.value(*(Radicals.of(x.lower) for x in inputs), field=RADICALS)
    except ArithmeticError:
        return None
    known = Radicals.of(value).rational
    return None if known is None else exactly(known)


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


def equal(left: Enclosure, right: Enclosure) -> Status:
    """Whether two numbers are the same: known only of exact ones; different ones may be told apart.

    Source: ours.

    >>> [equal(exactly(0), x).value for x in (exactly(0), exactly(1), Enclosure(exactly(0).lower, exactly(1).lower))]
    ['HOLDS', 'FAILS', 'UNDECIDED']
    """
    distance = right - left
    if distance.exact and distance.lower == 0:
        return Status.HOLDS
    return Status.UNDECIDED if distance.lower <= 0 <= distance.upper else Status.FAILS


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
