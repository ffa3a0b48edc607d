"""Certified spectra: the roots of an exact characteristic polynomial, and the energy of vectors in each eigenspace.

No eigenvector is computed. A vector with c = Sigma^{-1/2} b has the rational moments mu_k = b.T (Sigma^+ Sigma_bar)^k
Sigma^+ b = sum_i kappa_i^k c_i^2, and with q the square-free characteristic polynomial the energy in the eigenspace of
kappa is q_kappa(mu) / q'(kappa), q_kappa = q / (x - kappa) read with mu_k in place of x^k (Lagrange). Ties are exact.
"""

import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint

from proofs_check.arithmetic import (
    ball,
    enclosure,
    independent,
    precision,
    rows_and_columns,
    trace,
)
from proofs_check.verdict import Enclosure, exactly

ACCURACY = 256
"""Bits to which eigenvalues and energies are enclosed, relative to their natural size."""
LARGEST_DENOMINATOR = 2**100
"""Rational eigenvalues are recognised, by an exact zero of the polynomial, up to this denominator."""
MOST_DOUBLINGS = 8
"""How often the working precision is doubled before a wide enclosure is accepted."""


@dataclass(frozen=True)
class Level:
    """One distinct eigenvalue, how often it occurs, and its place among the roots in ascending order.

    Source: ours.

    >>> Level(exactly(1), 20, 0).multiplicity
    20
    """

    value: Enclosure
    multiplicity: int
    place: int


@dataclass(frozen=True, eq=False)
class CertifiedSpectrum:
    """All eigenvalues of K on the range of Sigma, with exact multiplicities.

    Attributes:
        kept: indices of a maximal set of independent features.
        operator: Sigma^{-1} Sigma_bar on them.
        inverse: Sigma^{-1} on them.
        polynomial: the square-free polynomial q with integer coefficients whose roots are the distinct eigenvalues.
        levels: the distinct eigenvalues, descending.

    Source: ours.

    >>> spectrum(flint.fmpq_mat([[2, 0], [0, 2]]), flint.fmpq_mat([[1, 0], [0, 1]])).kappa(2).lower
    Fraction(1, 2)
    """

    kept: tuple[int, ...]
    sigma: flint.fmpq_mat
    sigma_bar: flint.fmpq_mat
    polynomial: flint.fmpz_poly
    levels: tuple[Level, ...]

    @property
    def rank(self) -> int:
        """Rank of Sigma."""
        return len(self.kept)

    def group(self, index: int) -> int | None:
        """Which level eigenvalue number `index` belongs to, counted from 1; None beyond the rank."""
        place = 0
        for number, level in enumerate(self.levels):
            place += level.multiplicity
            if index <= place:
                return number
        return None

    def above(self, group: int) -> int:
        """How many eigenvalues are larger than those of a level."""
        return sum(level.multiplicity for level in self.levels[:group])

    def kappa(self, index: int) -> Enclosure:
        """Eigenvalue number `index`, counted from 1; 0 beyond the rank."""
        group = self.group(index)
        return exactly(0) if group is None else self.levels[group].value

    @functools.cached_property
    def operator(self) -> flint.fmpq_mat:
        """Sigma^{-1} Sigma_bar on the kept features."""
        return self.sigma.solve(self.sigma_bar)

    def energies(self, seen: flint.fmpq_mat, metric: flint.fmpq_mat | None = None) -> list[Enclosure]:
        """For each level the squared part of Sigma^{-1/2} seen in its eigenspace, columns summed.

        Args:
            seen: (rank, r), cross moments with the kept features.
            metric: (r, r), columns are weighed by tr(metric . ); None stands for the identity.
        """
        column, moments = self.sigma.solve(seen), []
        for _ in self.levels:
            overlap = seen.transpose() * column
            moments.append(trace(overlap if metric is None else metric * overlap))
            column = self.operator * column
        size = moments[0] if moments else Fraction(0)
        if size == 0:
            return [exactly(0) for _ in self.levels]
        return [mass.within(Fraction(0), size) for mass in _measured(self, moments, size)]

    def parts(self, left: flint.fmpq_mat, seen: flint.fmpq_mat) -> list[list[Enclosure]]:
        """For each column of `left` (rank, m) the parts, level by level, of left . Sigma^{-1} seen, seen (rank, 1)."""
        column, moments = self.sigma.solve(seen), []
        for _ in self.levels:
            overlap = left.transpose() * column
            moments.append([Fraction(int(v.p), int(v.q)) for v in overlap.entries()])
            column = self.operator * column
        return [_measured(self, one, Fraction(1)) for one in zip(*moments, strict=True)]


def spectrum(sigma: flint.fmpq_mat, sigma_bar: flint.fmpq_mat) -> CertifiedSpectrum:
    """The spectrum of the pencil (Sigma_bar, Sigma), 0 <= Sigma_bar <= Sigma, both rational.

    Source: ours; roots are isolated by Arb (arb_fmpz_poly_complex_roots).

    >>> half = flint.fmpq_mat([[2, 1], [1, 2]])
    >>> [level.multiplicity for level in spectrum(half, half).levels]
    [2]
    """
    kept = independent(sigma)
    first, second = (rows_and_columns(m, kept, kept) for m in (sigma, sigma_bar))
    if not kept:
        return CertifiedSpectrum((), first, second, flint.fmpz_poly([1]), ())
    whole = characteristic(first, second)
    factors = whole.factor_squarefree()[1]
    free = flint.fmpz_poly([1])
    for factor, _ in factors:
        free *= factor
    roots = isolated(free, ACCURACY)
    multiplicities = _multiplicities(factors, roots)
    levels = [
        Level(recognised(free, root), multiplicity, place)
        for place, (root, multiplicity) in enumerate(zip(roots, multiplicities, strict=True))
    ]
    return CertifiedSpectrum(tuple(kept), first, second, free, tuple(reversed(levels)))


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


def shared_levels(first: CertifiedSpectrum, second: CertifiedSpectrum) -> list[tuple[int, int]]:
    """Pairs of levels of two spectra that are the same number: the roots of the polynomials' common divisor.

    Source: ours.

    >>> one, two = flint.fmpq_mat([[1]]), flint.fmpq_mat([[1, 0], [0, 1]])
    >>> shared_levels(spectrum(one, one), spectrum(two, two))
    [(0, 0)]
    """
    common = first.polynomial.gcd(second.polynomial)
    pairs = []
    for root in isolated(common, ACCURACY) if common.degree() > 0 else []:
        owners = [[i for i, v in enumerate(s.levels) if ball_of(v).overlaps(root)] for s in (first, second)]
        if all(len(owner) == 1 for owner in owners):  # the root is a root of both, and lies nowhere else
            pairs.append((owners[0][0], owners[1][0]))
    return pairs


def ball_of(level: Level) -> flint.arb:
    """A ball around the eigenvalue of a level, wide enough to hold it. Source: ours.

    >>> float(ball_of(Level(exactly(1), 1, 0)))
    1.0
    """
    with precision(ACCURACY):
        return ball(level.value)


def _multiplicities(factors: Sequence[tuple[flint.fmpz_poly, int]], roots: Sequence[flint.arb]) -> list[int]:
    """The exponent of the square-free factor that each isolated root belongs to."""
    owned = [(isolated(factor, ACCURACY), exponent) for factor, exponent in factors]
    found = []
    for root in roots:
        (exponent,) = [e for own, e in owned if any(root.overlaps(other) for other in own)]
        found.append(exponent)
    return found


def _measured(found: CertifiedSpectrum, moments: Sequence[Fraction], size: Fraction) -> list[Enclosure]:
    """The masses of a signed measure on the eigenvalues, level by level, from its moments, to ACCURACY times `size`.

    Raises:
        ArithmeticError: the moments cancel beyond the largest working precision.
    """
    bits, result = ACCURACY + found.polynomial.height_bits(), []
    for _ in range(MOST_DOUBLINGS):
        roots = isolated(found.polynomial, bits)
        result = [_mass(found.polynomial, moments, level, roots[level.place], bits) for level in found.levels]
        known = [mass for mass in result if mass is not None]
        if len(known) == len(result) and all((m.upper - m.lower) * 2**ACCURACY <= size for m in known):
            return known
        bits *= 2
    raise ArithmeticError("spectrum: the energies of a vector cancel beyond the largest working precision.")


def _mass(
    polynomial: flint.fmpz_poly, moments: Sequence[Fraction], level: Level, root: flint.arb, bits: int
) -> Enclosure | None:
    """q_kappa(mu) / q'(kappa), exactly for a rational kappa; None where the working precision says nothing."""
    coefficients = [int(c) for c in polynomial.coeffs()]
    slopes = [k * c for k, c in enumerate(coefficients)][1:]
    if level.value.exact:
        kappa = level.value.lower
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
        value = numerator / slope
        return enclosure(value) if value.is_finite() else None
