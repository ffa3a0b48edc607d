"""A number between two rational ends: the form in which proved numbers travel."""

from dataclasses import dataclass
from fractions import Fraction

from linrep._checks import require

GRID_BITS = 320
"""Ends of an enclosure that is not a single number are moved outwards to multiples of 2^-GRID_BITS."""


@dataclass(frozen=True)
class Enclosure:
    """A real number known to lie in [lower, upper]; where the ends are equal it is known exactly.

    Sums, differences and products enclose those of any numbers inside; exact ones stay exact. A quotient needs a
    divisor that is certainly not zero.

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

    def __post_init__(self) -> None:
        require(
            self.lower <= self.upper,
            f"Enclosure: lower is {float(self.lower)!r} and upper is {float(self.upper)!r}, but lower must not exceed "
            "upper; exchange them.",
        )

    @property
    def exact(self) -> bool:
        """Whether the number itself is known."""
        return self.lower == self.upper

    def __float__(self) -> float:
        """The middle, rounded."""
        return float((self.lower + self.upper) / 2)

    def __add__(self, other: "Enclosure") -> "Enclosure":
        return _outward(self.lower + other.lower, self.upper + other.upper)

    def __sub__(self, other: "Enclosure") -> "Enclosure":
        return _outward(self.lower - other.upper, self.upper - other.lower)

    def __mul__(self, other: "Enclosure") -> "Enclosure":
        ends = [x * y for x in (self.lower, self.upper) for y in (other.lower, other.upper)]
        return _outward(min(ends), max(ends))

    def __truediv__(self, other: "Enclosure") -> "Enclosure":
        if other.lower <= 0 <= other.upper:
            raise ZeroDivisionError("an enclosure that may be zero is no divisor")
        return self * Enclosure(1 / other.upper, 1 / other.lower)

    def within(self, lower: Fraction | None, upper: Fraction | None) -> "Enclosure":
        """The part of the enclosure in a range in which the number is known to lie.

        Raises:
            InputError: no part of it lies there, so that one of the two is wrong.
        """
        low = self.lower if lower is None else max(self.lower, lower)
        return Enclosure(low, self.upper if upper is None else min(self.upper, upper))


def exactly(value: Fraction | int) -> Enclosure:
    """A rational number as an enclosure.

    Source: ours.

    >>> exactly(2).exact
    True
    """
    return Enclosure(Fraction(value), Fraction(value))


def _outward(lower: Fraction, upper: Fraction) -> Enclosure:
    if lower == upper:
        return Enclosure(lower, upper)
    scale = 1 << GRID_BITS
    return Enclosure(
        Fraction((lower.numerator * scale) // lower.denominator, scale),
        Fraction(-((-upper.numerator * scale) // upper.denominator), scale),
    )
