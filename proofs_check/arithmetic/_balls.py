"""The ball field: formulas of `linrep.bounds` over Arb's real balls, each result certain to contain the true number."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction

import flint

from linrep.bounds import FRACTION
from linrep.bounds._field import Scalar
from proofs_check.verdict import Enclosure

PRECISION = 384
"""Bits in which formulas are evaluated."""


@contextmanager
def precision(bits: int) -> Iterator[None]:
    """Work with so many bits inside the block; FLINT's own setting is put back behind it.

    Source: ours.

    >>> with precision(100):
    ...     flint.ctx.prec
    100
    """
    with flint.ctx.workprec(bits):
        yield


def ball(value: Enclosure | Fraction | int) -> flint.arb:
    """A ball around an enclosure or a rational number, of the working precision.

    Source: ours.

    >>> ball(Fraction(1, 3)).contains(flint.fmpq(1, 3))
    True
    """
    if not isinstance(value, Enclosure):
        fraction = Fraction(value)
        return flint.arb(flint.fmpq(fraction.numerator, fraction.denominator))
    return ball(value.lower) if value.exact else ball(value.lower).union(ball(value.upper))


def enclosure(value: flint.arb) -> Enclosure:
    """The ends of a ball as rational numbers.

    Raises:
        ArithmeticError: a ball that is not finite.

    Source: ours.

    >>> enclosure(flint.arb(2)).exact
    True
    """
    _finite(value, "the enclosure")
    # Midpoint and radius are read exactly; lower() and upper() would round to the working precision.
    middle, radius = _dyadic(value.mid()), _dyadic(value.rad())
    return Enclosure(middle - radius, middle + radius)


def _dyadic(value: flint.arb) -> Fraction:
    """A ball of radius zero as a Fraction."""
    mantissa, exponent = value.man_exp()
    return Fraction(int(mantissa)) * Fraction(2) ** int(exponent)


def _finite(value: flint.arb, what: str) -> None:
    if not value.is_finite():
        raise ArithmeticError(f"{what} is not finite, so nothing is known of it; raise the precision.")


def root(value: Enclosure) -> Enclosure:
    """The square root of a non-negative number, end by end: a root is monotone, and a rational one is exact.

    Source: ours.

    >>> root(Enclosure(Fraction(0), Fraction(9, 4))).upper
    Fraction(3, 2)
    """
    with precision(PRECISION):
        low, high = (_root_of(max(end, Fraction(0))) for end in (value.lower, value.upper))
    return Enclosure(low.lower, high.upper)


def _root_of(value: Fraction) -> Enclosure:
    try:
        known = FRACTION.sqrt(value)
    except ArithmeticError:
        return enclosure(BALLS.sqrt(ball(value))).within(Fraction(0), None)
    return Enclosure(known, known)


@dataclass(frozen=True)
class BallField:
    """Real balls; a root, a logarithm or a minimum that could be anything is refused, never NaN.

    Source: ours; the arithmetic is Arb's (Johansson).

    >>> bool(BallField().sqrt(ball(2)) ** 2 - 2 < ball(Fraction(1, 10**9)))
    True
    """

    name: str = "ball"

    def sqrt(self, x: Scalar) -> flint.arb:
        """The root of the non-negative part: what is rooted is never negative, a ball around it may reach below."""
        value = _as_ball(x)
        _finite(value, "what is rooted")
        if value < 0:
            raise ArithmeticError(f"sqrt: {value} is certainly negative, but roots are of numbers >= 0; look upstream.")
        root = value.nonnegative_part().sqrt().nonnegative_part()
        _finite(root, "a square root")
        return root

    def minimum(self, x: Scalar, y: Scalar) -> flint.arb:
        first, second = _as_ball(x), _as_ball(y)
        _finite(first, "an argument of a minimum")
        _finite(second, "an argument of a minimum")
        return first.min(second)

    def maximum(self, x: Scalar, y: Scalar) -> flint.arb:
        return -self.minimum(-x, -y)

    def exp(self, x: Scalar) -> flint.arb:
        return _checked(_as_ball(x).exp(), "an exponential")

    def log(self, x: Scalar) -> flint.arb:
        """The logarithm of what is certainly positive."""
        value = _as_ball(x)
        if not value > 0:
            raise ArithmeticError(
                f"log: {value} is not certainly positive, so its logarithm is unknown; look upstream."
            )
        return _checked(value.log(), "a logarithm")

    def sinh(self, x: Scalar) -> flint.arb:
        return _checked(_as_ball(x).sinh(), "a hyperbolic sine")

    def cosh(self, x: Scalar) -> flint.arb:
        return _checked(_as_ball(x).cosh(), "a hyperbolic cosine")

    def ratio(self, numerator: int, denominator: int) -> flint.arb:
        return ball(Fraction(numerator, denominator))


def _checked(value: flint.arb, what: str) -> flint.arb:
    _finite(value, what)
    return value


def _as_ball(x: Scalar) -> flint.arb:
    return x if isinstance(x, flint.arb) else ball(x)


BALLS = BallField()
