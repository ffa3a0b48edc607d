"""Exact characteristic polynomials of rational pencils, and their roots in balls."""

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import flint

from proofs_check.arithmetic import ball, enclosure, precision
from proofs_check.verdict import Enclosure, exactly

ACCURACY = 256
"""Bits to which eigenvalues and energies are enclosed, relative to their natural size."""
LARGEST_DENOMINATOR = 2**100
"""Rational eigenvalues are recognised, by an exact zero of the polynomial, up to this denominator."""


def characteristic(sigma: flint.fmpq_mat, sigma_bar: flint.fmpq_mat) -> flint.fmpz_poly:
    """det(x Sigma - Sigma_bar) with integer coefficients, up to a constant factor.

    The factor x^(order - rank Sigma_bar) is divided out before interpolation, which saves its nodes.

    Source: ours.

    >>> characteristic(flint.fmpq_mat([[2]]), flint.fmpq_mat([[1]])).coeffs()
    [-1, 2]
    """
    common = math.lcm(*(int(m.numer_denom()[1]) for m in (sigma, sigma_bar)))
    first, second = ((m * common).numer_denom()[0] for m in (sigma, sigma_bar))
    order, degree = first.nrows(), second.rank()
    values = [(first * x - second).det() // flint.fmpz(x) ** (order - degree) for x in range(1, degree + 2)]
    for level in range(1, degree + 1):
        for i in range(degree, level - 1, -1):
            values[i] -= values[i - 1]
    result = flint.fmpq_poly([values[degree]])
    for k in range(degree - 1, -1, -1):
        result = result * flint.fmpq_poly([-1 - k, 1]) / (k + 1) + values[k]
    return result.numer() * flint.fmpz_poly([0] * (order - degree) + [1])


def isolated(polynomial: flint.fmpz_poly, bits: int) -> list[flint.arb]:
    """Disjoint balls around the roots of a square-free polynomial, all real, ascending.

    Raises:
        ArithmeticError: a root that is not real, which no pencil of a process has.

    Source: Arb's certified isolation.

    >>> [float(r) for r in isolated(flint.fmpz_poly([2, -3, 1]), 64)]
    [1.0, 2.0]
    """
    with precision(bits):
        pairs: Any = polynomial.complex_roots()  # (root, exponent), whatever the stub says
        found = [root for root, _ in pairs]
        if any(root.imag != 0 for root in found):
            raise ArithmeticError("spectrum: a root is not real, so the moments are not those of a process.")
        return sorted((root.real for root in found), key=lambda root: root.mid())


def recognised(polynomial: flint.fmpz_poly, root: flint.arb) -> Enclosure:
    """The root as a rational number if it is one of small denominator, else its ball; eigenvalues lie in [0, 1].

    Source: ours: the candidate is accepted only as an exact zero inside the isolating ball.

    >>> recognised(flint.fmpz_poly([-1, 3]), isolated(flint.fmpz_poly([-1, 3]), 64)[0]).lower
    Fraction(1, 3)
    """
    around = enclosure(root)
    guess = ((around.lower + around.upper) / 2).limit_denominator(LARGEST_DENOMINATOR)
    inside = around.lower <= guess <= around.upper
    if inside and polynomial(flint.fmpq(guess.numerator, guess.denominator)) == 0:
        return exactly(guess)
    return around.within(Fraction(0), Fraction(1))


def squarefree_product(factors: Sequence[flint.fmpz_poly]) -> flint.fmpz_poly:
    """The square-free polynomial with all the roots of some square-free ones.

    Source: ours.

    >>> squarefree_product([flint.fmpz_poly([0, 1]), flint.fmpz_poly([0, -1, 1])]).degree()
    2
    """
    whole = flint.fmpz_poly([1])
    for factor in factors:
        whole *= factor // whole.gcd(factor)
    return whole


def mass(
    polynomial: flint.fmpz_poly, moments: Sequence[Fraction], value: Enclosure, root: flint.arb, bits: int
) -> Enclosure | None:
    """q_kappa(mu) / q'(kappa), exactly for a rational kappa; None where the working precision says nothing.

    The mass at kappa of a signed measure on the roots of q, of which the moments mu_k are given.

    Args:
        polynomial: q, square-free.
        moments: mu_0, mu_1, ...
        value: kappa.
        root: a ball around it.
        bits: working precision.

    Source: Lagrange.

    >>> mass(flint.fmpz_poly([0, -1, 1]), [Fraction(3), Fraction(1)], exactly(1), flint.arb(1), 64).lower
    Fraction(1, 1)
    """
    coefficients = [int(c) for c in polynomial.coeffs()]
    slopes = [k * c for k, c in enumerate(coefficients)][1:]
    if value.exact:
        kappa = value.lower
        quotient, slope = Fraction(0), Fraction(0)
        numerator = Fraction(0)
        for k in range(len(coefficients) - 1, 0, -1):
            quotient = quotient * kappa + coefficients[k]
            slope = slope * kappa + slopes[k - 1]
            numerator += quotient * moments[k - 1]
        return exactly(numerator / slope)
    with precision(bits):
        quotient, slope, numerator = flint.arb(0), flint.arb(0), flint.arb(0)
        for k in range(len(coefficients) - 1, 0, -1):
            quotient = quotient * root + coefficients[k]
            slope = slope * root + slopes[k - 1]
            numerator += quotient * ball(moments[k - 1])
        found = numerator / slope
        return enclosure(found) if found.is_finite() else None
