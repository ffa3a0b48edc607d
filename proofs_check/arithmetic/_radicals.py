"""Rational combinations of square roots of rational numbers, in lowest terms and without factorising anything.

Roots of positive rational numbers none of whose quotients has a rational root are linearly independent over the
rationals (Besicovitch, 1940), so a combination is zero exactly where all its coefficients are. Whether sqrt(r / s) is
rational is asked of integer roots alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from linrep.bounds import FRACTION

ONE = Fraction(1)


@dataclass(frozen=True)
class Radicals:
    """sum of coefficient * sqrt(radicand), no two radicands with a quotient whose root is rational.

    Source: ours.

    >>> two = RADICALS.sqrt(Fraction(2))
    >>> ((two + 1) * (two - 1)).rational, RADICALS.sqrt(Fraction(1, 2)) - two / 2 == 0
    (Fraction(1, 1), True)
    """

    parts: Mapping[Fraction, Fraction]

    @classmethod
    def of(cls, x: "Radicals | Fraction | int") -> "Radicals":
        """The number itself, or a rational number as such a sum."""
        if isinstance(x, Radicals):
            return x
        return cls({ONE: Fraction(x)} if x else {})

    @property
    def rational(self) -> Fraction | None:
        """The number itself where it is rational."""
        return self.parts.get(ONE, Fraction(0)) if set(self.parts) <= {ONE} else None

    def __add__(self, other: Any) -> "Radicals":
        return _collected([*self.parts.items(), *Radicals.of(other).parts.items()])

    def __mul__(self, other: Any) -> "Radicals":
        pairs = ((r, s) for r in self.parts.items() for s in Radicals.of(other).parts.items())
        return _collected([(r * s, a * b) for (r, a), (s, b) in pairs])

    def __neg__(self) -> "Radicals":
        return self * -1

    def __sub__(self, other: Any) -> "Radicals":
        return self + -Radicals.of(other)

    def __rsub__(self, other: Any) -> "Radicals":
        return Radicals.of(other) - self

    def __truediv__(self, other: Any) -> "Radicals":
        divisor = Radicals.of(other)
        if not divisor.parts:
            raise ZeroDivisionError("a combination of roots that is zero is no divisor")
        if len(divisor.parts) > 1:
            raise ArithmeticError("a quotient by a sum of different roots is not taken; evaluate over another field.")
        ((radicand, coefficient),) = divisor.parts.items()
        return self * Radicals({radicand: 1 / (coefficient * radicand)})

    def __rtruediv__(self, other: Any) -> "Radicals":
        return Radicals.of(other) / self

    def __pow__(self, exponent: int) -> "Radicals":
        if not isinstance(exponent, int) or exponent < 0:
            raise ArithmeticError(f"a power {exponent} of a sum of roots is not taken; evaluate over another field.")
        result = Radicals.of(1)
        for _ in range(exponent):
            result = result * self
        return result

    __radd__, __rmul__ = __add__, __mul__

    def __eq__(self, other: object) -> bool:
        return isinstance(other, (Radicals, Fraction, int)) and not (self - other).parts

    def __hash__(self) -> int:
        # Equal numbers may be written with different radicands; the rational part is the same in each.
        return hash(self.parts.get(ONE, Fraction(0)))


@dataclass(frozen=True)
class RadicalField:
    """Rational numbers and roots of rational numbers, exactly; whatever leaves them is refused.

    Source: ours.

    >>> root = RadicalField().sqrt(Fraction(8)) / RadicalField().sqrt(Fraction(2))
    >>> root.rational
    Fraction(2, 1)
    """

    name: str = "radical"

    def sqrt(self, x: Any) -> Radicals:
        value = _rational(x, "sqrt")
        if value < 0:
            raise ArithmeticError(f"sqrt: {value} is negative, but roots are of numbers >= 0; look upstream.")
        return _collected([(value, ONE)])

    def minimum(self, x: Any, y: Any) -> Radicals:
        return Radicals.of(min(_rational(x, "minimum"), _rational(y, "minimum")))

    def maximum(self, x: Any, y: Any) -> Radicals:
        return Radicals.of(max(_rational(x, "maximum"), _rational(y, "maximum")))

    def exp(self, x: Any) -> Radicals:
        return Radicals.of(FRACTION.exp(_rational(x, "exp")))

    def log(self, x: Any) -> Radicals:
        return Radicals.of(FRACTION.log(_rational(x, "log")))

    def sinh(self, x: Any) -> Radicals:
        return Radicals.of(FRACTION.sinh(_rational(x, "sinh")))

    def cosh(self, x: Any) -> Radicals:
        return Radicals.of(FRACTION.cosh(_rational(x, "cosh")))

    def ratio(self, numerator: int, denominator: int) -> Radicals:
        return Radicals.of(Fraction(numerator, denominator))


RADICALS = RadicalField()


def _rational(x: Any, name: str) -> Fraction:
    value = Radicals.of(x).rational
    if value is None:
        raise ArithmeticError(f"{name} of an irrational number is not taken; evaluate over another field.")
    return value


def _root(value: Fraction) -> Fraction | None:
    """The square root where it is rational."""
    try:
        return FRACTION.sqrt(value)
    except ArithmeticError:
        return None


def _collected(terms: list[tuple[Fraction, Fraction]]) -> Radicals:
    """Terms with commensurable roots taken together; 1 stands for all rational roots."""
    found: dict[Fraction, Fraction] = {}
    for radicand, coefficient in terms:
        if not radicand:
            continue
        for known in (ONE, *found):
            if (factor := _root(radicand / known)) is not None:
                radicand, coefficient = known, coefficient * factor
                break
        found[radicand] = found.get(radicand, Fraction(0)) + coefficient
    return Radicals({radicand: coefficient for radicand, coefficient in found.items() if coefficient})
