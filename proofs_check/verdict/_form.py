"""How a number was made of others that have no short name: a quotient of polynomials in unknowns.

An irrational eigenvalue is known to any precision and never exactly, but whatever it is, it is one number. Two results
that are the same quotient of polynomials in such numbers are equal, which no precision could tell.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from linrep.bounds import FRACTION

Monomial = frozenset[tuple[object, int]]
"""Unknowns and their exponents, at least 1."""
Polynomial = Mapping[Monomial, Fraction]
"""Coefficients, none of them 0."""
CONSTANT: Monomial = frozenset()
ONE: Polynomial = {CONSTANT: Fraction(1)}
MOST_TERMS = 200
"""Longer polynomials are given up."""


@dataclass(frozen=True, eq=False)
class Form:
    """top / bottom, bottom not the zero polynomial.

    Source: ours.

    >>> x = Form.unknown()
    >>> (1 / (1 - x) - x / (1 - x)).constant
    Fraction(1, 1)
    """

    top: Polynomial
    bottom: Polynomial

    @classmethod
    def unknown(cls) -> "Form":
        """A number like no other."""
        return cls({frozenset({(object(), 1)}): Fraction(1)}, ONE)

    @classmethod
    def of(cls, x: "Form | Fraction | int") -> "Form":
        """The form itself, or a rational number as one."""
        if isinstance(x, Form):
            return x
        return cls({CONSTANT: Fraction(x)} if x else {}, ONE)

    @property
    def constant(self) -> Fraction | None:
        """The rational number that the form is, whatever its unknowns are; None where it is none of these."""
        if not self.top:
            return Fraction(0)
        monomial = next(iter(self.bottom))
        share = self.top.get(monomial, Fraction(0)) / self.bottom[monomial]
        return None if _sum(self.top, self.bottom, -share) else share

    def __add__(self, other: Any) -> "Form":
        that = Form.of(other)
        if self.bottom == that.bottom:
            return _kept(_sum(self.top, that.top), self.bottom)
        crossed = _sum(_product(self.top, that.bottom), _product(that.top, self.bottom))
        return _kept(crossed, _product(self.bottom, that.bottom))

    def __mul__(self, other: Any) -> "Form":
        that = Form.of(other)
        return _kept(_product(self.top, that.top), _product(self.bottom, that.bottom))

    def __neg__(self) -> "Form":
        return self * -1

    def __sub__(self, other: Any) -> "Form":
        return self + -Form.of(other)

    def __rsub__(self, other: Any) -> "Form":
        return Form.of(other) - self

    def __truediv__(self, other: Any) -> "Form":
        that = Form.of(other)
        if not that.top:
            raise ZeroDivisionError("a form that is zero is no divisor")
        return self * Form(that.bottom, that.top)

    def __rtruediv__(self, other: Any) -> "Form":
        return Form.of(other) / self

    def __pow__(self, exponent: int) -> "Form":
        if not isinstance(exponent, int) or exponent < 0:
            raise ArithmeticError(f"a power {exponent} of a form is not taken; evaluate over another field.")
        result = Form.of(1)
        for _ in range(exponent):
            result = result * self
        return result

    __radd__, __rmul__ = __add__, __mul__


@dataclass(frozen=True)
class FormField:
    """Formulas of `linrep.bounds` over forms: roots, minima and the rest only of rational numbers.

    Source: ours.

    >>> FormField().minimum(Form.of(1), Form.of(2)).constant
    Fraction(1, 1)
    """

    name: str = "form"

    def sqrt(self, x: Any) -> Form:
        return Form.of(FRACTION.sqrt(_rational(x)))

    def minimum(self, x: Any, y: Any) -> Form:
        return Form.of(min(_rational(x), _rational(y)))

    def maximum(self, x: Any, y: Any) -> Form:
        return Form.of(max(_rational(x), _rational(y)))

    def exp(self, x: Any) -> Form:
        return Form.of(FRACTION.exp(_rational(x)))

    def log(self, x: Any) -> Form:
        return Form.of(FRACTION.log(_rational(x)))

    def sinh(self, x: Any) -> Form:
        return Form.of(FRACTION.sinh(_rational(x)))

    def cosh(self, x: Any) -> Form:
        return Form.of(FRACTION.cosh(_rational(x)))

    def ratio(self, numerator: int, denominator: int) -> Form:
        return Form.of(Fraction(numerator, denominator))


FORMS = FormField()
"""Quotients of polynomials in unknowns, with rational coefficients."""


def _rational(x: Any) -> Fraction:
    value = Form.of(x).constant
    if value is None:
        raise ArithmeticError("this function of a form is no form; evaluate over another field.")
    return value


def _kept(top: Polynomial, bottom: Polynomial) -> Form:
    if len(top) + len(bottom) > MOST_TERMS:
        raise ArithmeticError(f"a form of more than {MOST_TERMS} terms is given up.")
    return Form(top, bottom)


def _sum(one: Polynomial, two: Polynomial, factor: Fraction | int = 1) -> Polynomial:
    """one + factor two."""
    whole = dict(one)
    for monomial, coefficient in two.items():
        whole[monomial] = whole.get(monomial, Fraction(0)) + factor * coefficient
    return {monomial: coefficient for monomial, coefficient in whole.items() if coefficient}


def _product(one: Polynomial, two: Polynomial) -> Polynomial:
    whole: dict[Monomial, Fraction] = {}
    for left, a in one.items():
        for right, b in two.items():
            exponents = dict(left)
            for unknown, exponent in right:
                exponents[unknown] = exponents.get(unknown, 0) + exponent
            monomial = frozenset(exponents.items())
            whole[monomial] = whole.get(monomial, Fraction(0)) + a * b
    return {monomial: coefficient for monomial, coefficient in whole.items() if coefficient}
