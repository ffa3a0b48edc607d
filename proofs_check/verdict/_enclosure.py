"""A number between two rational ends: the form in which proved numbers travel."""

import math
import operator
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from linrep._checks import InputError
from proofs_check.verdict._form import Form

GRID_BITS = 320
"""Ends of an enclosure that is not a single number are moved outwards to multiples of 2^-GRID_BITS."""


@dataclass(frozen=True)
class Enclosure:
    """A real number known to lie in [lower, upper]; where the ends are equal it is known exactly.

    Sums, differences and products enclose those of any numbers inside; exact ones stay exact. A quotient needs a
    divisor that is certainly not zero. A number that was named, and all that is made of it, remember how: what cancels
    is exact again.

    Raises:
        InputError: lower > upper.

    Source: ours.

    >>> (exactly(1) / exactly(3) + exactly(1)).lower
    Fraction(4, 3)
    >>> Enclosure(Fraction(0), Fraction(1)) - Enclosure(Fraction(0), Fraction(1))
    Enclosure(lower=Fraction(-1, 1), upper=Fraction(1, 1))
    """

    lower: Fraction
    upper: Fraction
    form: Form | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.lower > self.upper:  # most numbers are fine, and those beyond float64 have no short text
            raise InputError(
                f"Enclosure: lower exceeds upper by {self.lower - self.upper}, but lower must not exceed upper; "
                "exchange them."
            )

    @property
    def exact(self) -> bool:
        """Whether the number itself is known."""
        return self.lower == self.upper

    def __float__(self) -> float:
        """The middle, rounded; infinite beyond float64."""
        return nearest((self.lower + self.upper) / 2)

    def __add__(self, other: "Enclosure") -> "Enclosure":
        return _outward(self.lower + other.lower, self.upper + other.upper, _made(operator.add, self, other))

    def __sub__(self, other: "Enclosure") -> "Enclosure":
        return _outward(self.lower - other.upper, self.upper - other.lower, _made(operator.sub, self, other))

    def __mul__(self, other: "Enclosure") -> "Enclosure":
        ends = [x * y for x in (self.lower, self.upper) for y in (other.lower, other.upper)]
        return _outward(min(ends), max(ends), _made(operator.mul, self, other))

    def __truediv__(self, other: "Enclosure") -> "Enclosure":
        if other.lower <= 0 <= other.upper:
            raise ZeroDivisionError("an enclosure that may be zero is no divisor")
        inverse = Enclosure(1 / other.upper, 1 / other.lower)
        return replace(self * inverse, form=None).as_form(_made(operator.truediv, self, other))

    def named(self) -> "Enclosure":
        """The same number as an unknown of its own, unless it is known exactly."""
        return self if self.exact else replace(self, form=Form.unknown())

    def as_form(self, form: Form | None) -> "Enclosure":
        """The same number, known to be the value of a form; exact where this is a rational number."""
        if self.exact or form is None:
            return self
        value = form.constant
        return replace(self, form=form) if value is None else exactly(value)

    def within(self, lower: Fraction | None, upper: Fraction | None) -> "Enclosure":
        """The part of the enclosure in a range in which the number is known to lie.

        Raises:
            InputError: no part of it lies there, so that one of the two is wrong.
        """
        low = self.lower if lower is None else max(self.lower, lower)
        return Enclosure(low, self.upper if upper is None else min(self.upper, upper), self.form)


def exactly(value: Fraction | int) -> Enclosure:
    """A rational number as an enclosure.

    Source: ours.

    >>> exactly(2).exact
    True
    """
    return Enclosure(Fraction(value), Fraction(value))


def nearest(value: Fraction) -> float:
    """The nearest float; infinite beyond float64.

    Source: ours.

    >>> nearest(Fraction(-(10**400)))
    -inf
    """
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def form_of(value: Enclosure) -> Form | None:
    """How the number was made, where that is known; a rational number is made of nothing.

    Source: ours.

    >>> form_of(exactly(2)).constant
    Fraction(2, 1)
    """
    return Form.of(value.lower) if value.exact else value.form


def _made(combine: Callable[[Form, Form], Form], one: Enclosure, two: Enclosure) -> Form | None:
    if one.form is two.form is None:
        return None
    first, second = form_of(one), form_of(two)
    if first is None or second is None:
        return None
    try:
        return combine(first, second)
    except ArithmeticError:
        return None


def _outward(lower: Fraction, upper: Fraction, form: Form | None) -> Enclosure:
    if lower == upper:
        return Enclosure(lower, upper)
    scale = 1 << GRID_BITS
    return Enclosure(
        Fraction((lower.numerator * scale) // lower.denominator, scale),
        Fraction(-((-upper.numerator * scale) // upper.denominator), scale),
    ).as_form(form)
