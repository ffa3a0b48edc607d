"""Exact roots of integer polynomials with only real roots, all in [0, 1]: the characteristic polynomials of K.

A polynomial is a tuple of Python integers, highest power first. Where all roots are real, Descartes' rule of signs
counts them exactly, so bisection isolates them with certainty.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from sympy import ZZ, Poly, Symbol, nextprime

X = Symbol("x")
Coefficients = tuple[int, ...]

FLOAT_BITS = 60
"""Isolating intervals are refined to this relative width, 2^-60: finer than a float64 in [0, 1] can tell."""

FIRST_PRIME = 100
"""Where the search for a prime for lifting starts: small enough to try every residue, large enough to divide little."""


@dataclass(frozen=True)
class Root:
    """A root in [lower, upper], the only one of `polynomial` there; lower == upper where it is rational."""

    polynomial: Coefficients
    lower: Fraction
    upper: Fraction
    multiplicity: int

    @property
    def rational(self) -> bool:
        """Whether the root is known as a fraction."""
        return self.lower == self.upper

    def halved(self) -> "Root":
        """The half of the interval that holds the root; a rational root as it is."""
        if self.rational:
            return self
        middle = (self.lower + self.upper) / 2
        above = value_at(self.polynomial, middle) * value_at(self.polynomial, self.upper) < 0
        return replace(self, lower=middle) if above else replace(self, upper=middle)


def distinct_roots(polynomials: Sequence[Coefficients]) -> list[Root]:
    """The distinct roots of the product, descending, in disjoint intervals of relative width 2^-60."""
    rational: Counter[Fraction] = Counter()
    parts: Counter[Coefficients] = Counter()
    copies = Counter(polynomials).items()
    for factor, multiplicity in ((f, m * times) for p, times in copies for f, m in _square_free(p)):
        fractions = rational_roots(factor)
        rational.update(dict.fromkeys(fractions, multiplicity))
        parts[_divided(factor, fractions)] += multiplicity
    roots = [Root((r.denominator, -r.numerator), r, r, m) for r, m in rational.items()]
    for factor, multiplicity in coprime_base(parts.items()):
        roots += [Root(factor, *interval, multiplicity) for interval in isolate(factor)]
    return _apart([_narrow(root) for root in roots])


def value_at(polynomial: Coefficients, point: Fraction) -> int:
    """The value times a positive number: denominator^degree, which leaves an integer of the same sign."""
    numerator, denominator, value, power = point.numerator, point.denominator, 0, 1
    for c in polynomial:
        value, power = value * numerator + c * power, power * denominator
    return value


def roots_above(polynomial: Coefficients, point: Fraction) -> int:
    """Number of roots > point with multiplicity: the sign changes in p(point + y), all roots being real."""
    shift, scale, work = point.numerator, 1, []
    for c in polynomial:
        work.append(c * scale)
        scale *= point.denominator
    for stop in range(len(work), 1, -1):
        for i in range(1, stop):
            work[i] += shift * work[i - 1]
    signs = [c > 0 for c in work if c]
    return sum(a != b for a, b in pairwise(signs))


def isolate(polynomial: Coefficients) -> Iterator[tuple[Fraction, Fraction]]:
    """Intervals in [0, 1] with one root each, for distinct irrational roots: no bisection point is ever a root."""
    stack = [(Fraction(0), Fraction(1), len(polynomial) - 1, 0)]
    while stack:
        lower, upper, above_lower, above_upper = stack.pop()
        if above_lower - above_upper == 1:
            yield lower, upper
        elif above_lower > above_upper:
            middle = (lower + upper) / 2
            above = roots_above(polynomial, middle)
            stack += [(lower, middle, above_lower, above), (middle, upper, above, above_upper)]


def rational_roots(polynomial: Coefficients) -> list[Fraction]:
    """The rational roots of a square-free polynomial, each found.

    A root in [0, 1] is m / c with c the leading coefficient and an integer m <= c. Modulo a prime at which all roots
    are simple each lifts uniquely (Hensel), so lifting past c shows m.
    """
    degree, leading = len(polynomial) - 1, polynomial[0]
    if degree <= 1:
        return [Fraction(-polynomial[1], leading)] if degree else []
    derivative = tuple(c * (degree - i) for i, c in enumerate(polynomial[:-1]))
    found = []
    for root, modulus in _simple_roots(polynomial, derivative):
        while modulus <= leading:
            modulus *= modulus
            slope = pow(_modular(derivative, root, modulus), -1, modulus)
            root = (root - _modular(polynomial, root, modulus) * slope) % modulus
        candidate = Fraction(leading * root % modulus, leading)
        if value_at(polynomial, candidate) == 0:
            found.append(candidate)
    return found


def coprime_base(parts: Iterable[tuple[Coefficients, int]]) -> list[tuple[Coefficients, int]]:
    """Pairwise coprime factors, with powers, of a product of powers of square-free ones; a shared factor adds up."""
    base: list[tuple[Poly, int]] = []
    for polynomial, multiplicity in parts:
        new, split = _poly(polynomial), []
        for old, power in base:
            common = old.gcd(new)
            new = new.exquo(common)
            split += [(old.exquo(common), power), (common, power + multiplicity)]
        base = [(p, m) for p, m in [*split, (new, multiplicity)] if p.degree() > 0]
    return [(_coefficients(p), m) for p, m in base]


def _simple_roots(polynomial: Coefficients, derivative: Coefficients) -> list[tuple[int, int]]:
    """(root, prime) for the roots modulo the first prime at which they are simple and the degree does not drop."""
    prime = FIRST_PRIME
    while True:
        prime = int(nextprime(prime))
        roots = [r for r in range(prime) if _modular(polynomial, r, prime) == 0]
        if polynomial[0] % prime and all(_modular(derivative, r, prime) for r in roots):
            return [(r, prime) for r in roots]


def _modular(polynomial: Coefficients, point: int, modulus: int) -> int:
    value = 0
    for c in polynomial:
        value = (value * point + c) % modulus
    return value


def _square_free(polynomial: Coefficients) -> list[tuple[Coefficients, int]]:
    return [(_coefficients(p), int(m)) for p, m in _poly(polynomial).sqf_list()[1]]


def _divided(polynomial: Coefficients, roots: Sequence[Fraction]) -> Coefficients:
    quotient = _poly(polynomial)
    for root in roots:
        quotient = quotient.exquo(_poly((root.denominator, -root.numerator)))
    return _coefficients(quotient)


def _poly(polynomial: Coefficients) -> Poly:
    return Poly.from_list([ZZ(c) for c in polynomial], X, domain=ZZ)


def _coefficients(polynomial: Poly) -> Coefficients:
    """Coefficients with their common factor removed, the leading one positive."""
    primitive = polynomial.primitive()[1]
    sign = -1 if primitive.LC() < 0 else 1
    return tuple(sign * int(c) for c in primitive.rep.to_list())


def _narrow(root: Root) -> Root:
    while (root.upper - root.lower) * 2**FLOAT_BITS > root.lower:
        root = root.halved()
    return root


def _apart(roots: list[Root]) -> list[Root]:
    """Roots, descending, in intervals that do not even touch: neighbours that do are halved until they stop."""
    roots = sorted(roots, key=lambda root: root.upper, reverse=True)
    while touching := {j for i, (a, b) in enumerate(pairwise(roots)) if a.lower <= b.upper for j in (i, i + 1)}:
        halved = [root.halved() if i in touching else root for i, root in enumerate(roots)]
        roots = sorted(halved, key=lambda root: root.upper, reverse=True)
    return roots
