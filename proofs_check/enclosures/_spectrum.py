"""Certified spectra: the roots of an exact characteristic polynomial, and the energy of vectors in each eigenspace.

No eigenvector is computed. A vector with c = Sigma^{-1/2} b has the rational moments mu_k = b.T (Sigma^+ Sigma_bar)^k
Sigma^+ b = sum_i kappa_i^k c_i^2, and with q the square-free characteristic polynomial the energy in the eigenspace of
kappa is q_kappa(mu) / q'(kappa), q_kappa = q / (x - kappa) read with mu_k in place of x^k (Lagrange). Ties are exact.
Pencils that fall into blocks are taken block by block; where a block is large, a frame of approximate eigenvectors
takes the place of the polynomial, if it can tell all eigenvalues apart or recognise them as rational.
"""

import functools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint

from proofs_check.arithmetic import (
    Blocks,
    ball,
    blocks,
    independent_rows,
    precision,
    principal,
    rows_and_columns,
    touched,
    trace,
)
from proofs_check.enclosures._frame import Frame, frame
from proofs_check.enclosures._roots import ACCURACY as ACCURACY
from proofs_check.enclosures._roots import (
    LARGEST_DENOMINATOR,
    characteristic,
    isolated,
    mass,
    recognised,
    squarefree_product,
)
from proofs_check.verdict import Enclosure, exactly

LARGEST_BLOCK = 16
"""Order of the largest block whose characteristic polynomial is taken without need."""
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
        sigma: Sigma on them.
        sigma_bar: Sigma_bar on them.
        blocks: the blocks into which both fall.
        levels: the distinct eigenvalues, descending.
        frame: approximate eigenvectors, where these were used.

    Source: ours.

    >>> spectrum(flint.fmpq_mat([[2, 0], [0, 2]]), flint.fmpq_mat([[1, 0], [0, 1]])).kappa(2).lower
    Fraction(1, 2)
    """

    kept: tuple[int, ...]
    sigma: flint.fmpq_mat
    sigma_bar: flint.fmpq_mat
    blocks: Blocks
    levels: tuple[Level, ...]
    frame: Frame | None = None

    @functools.cached_property
    def polynomial(self) -> flint.fmpz_poly:
        """The square-free polynomial q with integer coefficients whose roots are the distinct eigenvalues."""
        return squarefree_product([f for f, _ in _factors(self.sigma, self.sigma_bar, self.blocks)])

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

    def solve(self, right: flint.fmpq_mat) -> flint.fmpq_mat:
        """Sigma^{-1} right, (rank, r); only blocks in which `right` is not zero are looked at."""
        rows = touched(self.blocks, right)
        found = flint.fmpq_mat(right.nrows(), right.ncols())
        if rows:
            solved = principal(self.sigma, rows).solve(rows_and_columns(right, rows, None))
            for place, row in enumerate(rows):
                for j in range(right.ncols()):
                    found[row, j] = solved[place, j]
        return found

    def _powers(self, left: flint.fmpq_mat, right: flint.fmpq_mat) -> list[flint.fmpq_mat]:
        """left.T (Sigma^{-1} Sigma_bar)^k Sigma^{-1} right, one for each level."""
        rows = touched(self.blocks, right)
        first, second = principal(self.sigma, rows), principal(self.sigma_bar, rows)
        left, right = rows_and_columns(left, rows, None).transpose(), rows_and_columns(right, rows, None)
        if not rows:
            return [left * right for _ in self.levels]
        operator, column, found = first.solve(second), first.solve(right), []
        for _ in self.levels:
            found.append(left * column)
            column = operator * column
        return found

    def energies(self, seen: flint.fmpq_mat, metric: flint.fmpq_mat | None = None) -> list[Enclosure]:
        """For each level the squared part of Sigma^{-1/2} seen in its eigenspace, columns summed.

        Args:
            seen: (rank, r), cross moments with the kept features.
            metric: (r, r), columns are weighed by tr(metric . ); None stands for the identity.
        """
        if self.frame is not None:
            return self.frame.energies(seen, metric)
        moments = [trace(m if metric is None else metric * m) for m in self._powers(seen, seen)]
        size = moments[0] if moments else Fraction(0)
        if size == 0:
            return [exactly(0) for _ in self.levels]
        return [part.within(Fraction(0), size) for part in _measured(self, moments, size)]

    def parts(self, left: flint.fmpq_mat, seen: flint.fmpq_mat) -> list[list[Enclosure]]:
        """For each column of `left` (rank, m) the parts, level by level, of left . Sigma^{-1} seen, seen (rank, 1)."""
        if self.frame is not None:
            return self.frame.products(left, seen)
        moments = [[Fraction(int(v.p), int(v.q)) for v in m.entries()] for m in self._powers(left, seen)]
        return [_measured(self, one, Fraction(1)) for one in zip(*moments, strict=True)]


def spectrum(sigma: flint.fmpq_mat, sigma_bar: flint.fmpq_mat) -> CertifiedSpectrum:
    """The spectrum of the pencil (Sigma_bar, Sigma), 0 <= Sigma_bar <= Sigma, both rational.

    Source: ours; roots are isolated by Arb (arb_fmpz_poly_complex_roots).

    >>> half = flint.fmpq_mat([[2, 1], [1, 2]])
    >>> [level.multiplicity for level in spectrum(half, half).levels]
    [2]
    """
    kept = independent_rows(sigma, blocks(sigma, sigma_bar))
    first, second = (principal(m, kept) for m in (sigma, sigma_bar))
    parts = blocks(first, second) if kept else ()
    whole = frame(first, second) if max(map(len, parts), default=0) > LARGEST_BLOCK else None
    if whole is not None and (known := _told_apart(whole, first, second)) is not None:
        return CertifiedSpectrum(tuple(kept), first, second, parts, known, whole)
    return CertifiedSpectrum(tuple(kept), first, second, parts, _from_polynomial(first, second, parts))


def _from_polynomial(sigma: flint.fmpq_mat, sigma_bar: flint.fmpq_mat, parts: Blocks) -> tuple[Level, ...]:
    """The distinct roots of the characteristic polynomial, descending, with their multiplicities."""
    factors = _factors(sigma, sigma_bar, parts)
    free = squarefree_product([factor for factor, _ in factors])
    roots = isolated(free, ACCURACY)
    levels = [
        Level(recognised(free, root).named(), multiplicity, place)
        for place, (root, multiplicity) in enumerate(zip(roots, _multiplicities(factors, roots), strict=True))
    ]
    return tuple(reversed(levels))


def _told_apart(found: Frame, sigma: flint.fmpq_mat, sigma_bar: flint.fmpq_mat) -> tuple[Level, ...] | None:
    """The levels, if each group of a frame is one eigenvalue: alone, or rational with the multiplicity of the group."""
    groups, levels = found.groups(), []
    for number, members in enumerate(groups):
        around = found.around(members)
        guess = ((around.lower + around.upper) / 2).limit_denominator(LARGEST_DENOMINATOR)
        if around.lower <= guess <= around.upper:
            left_over = sigma_bar - flint.fmpq(guess.numerator, guess.denominator) * sigma
            if sigma.nrows() - left_over.numer_denom()[0].rank() != len(members):
                return None
            value = exactly(guess)
        elif len(members) > 1:
            return None
        else:
            value = around.within(Fraction(0), Fraction(1)).named()
        levels.append(Level(value, len(members), len(groups) - 1 - number))
    return tuple(levels)


def _factors(sigma: flint.fmpq_mat, sigma_bar: flint.fmpq_mat, parts: Blocks) -> list[tuple[flint.fmpz_poly, int]]:
    """Square-free factors of the characteristic polynomial and their exponents, over all blocks."""
    whole: Counter[tuple[int, ...]] = Counter()
    for part in parts:
        found = characteristic(*(principal(m, part) for m in (sigma, sigma_bar)))
        sign = 1 if found[found.degree()] > 0 else -1
        whole[tuple(int(c) * sign for c in (found // found.content()).coeffs())] += 1
    exponents: Counter[tuple[int, ...]] = Counter()
    for coefficients, times in whole.items():
        for factor, exponent in flint.fmpz_poly(list(coefficients)).factor_squarefree()[1]:
            exponents[tuple(map(int, factor.coeffs()))] += exponent * times
    return [(flint.fmpz_poly(list(coefficients)), exponent) for coefficients, exponent in exponents.items()]


def shared_levels(first: CertifiedSpectrum, second: CertifiedSpectrum) -> list[tuple[int, int]]:
    """Pairs of levels of two spectra that are the same number: the roots of the polynomials' common divisor.

    Source: ours.

    >>> one, two = flint.fmpq_mat([[1]]), flint.fmpq_mat([[1, 0], [0, 1]])
    >>> shared_levels(spectrum(one, one), spectrum(two, two))
    [(0, 0)]
    """
    pairs = [
        (i, j)
        for i, mine in enumerate(first.levels)
        for j, theirs in enumerate(second.levels)
        if ball_of(mine).overlaps(ball_of(theirs))
    ]
    if all(first.levels[i].value.exact and second.levels[j].value.exact for i, j in pairs):
        return pairs  # all others are certainly different
    common, pairs = first.polynomial.gcd(second.polynomial), []
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
    """How often each isolated root occurs, counted over all factors that have it."""
    found = [0] * len(roots)
    for factor, exponent in factors:
        for own in isolated(factor, ACCURACY):
            (place,) = [i for i, root in enumerate(roots) if root.overlaps(own)]
            found[place] += exponent
    return found


def _measured(found: CertifiedSpectrum, moments: Sequence[Fraction], size: Fraction) -> list[Enclosure]:
    """The masses of a signed measure on the eigenvalues, level by level, from its moments, to ACCURACY times `size`.

    Raises:
        ArithmeticError: the moments cancel beyond the largest working precision.
    """
    bits, result = ACCURACY + found.polynomial.height_bits(), []
    for _ in range(MOST_DOUBLINGS):
        roots = isolated(found.polynomial, bits)
        result = [mass(found.polynomial, moments, level.value, roots[level.place], bits) for level in found.levels]
        known = [part for part in result if part is not None]
        if len(known) == len(result) and all((m.upper - m.lower) * 2**ACCURACY <= size for m in known):
            return known
        bits *= 2
    raise ArithmeticError("spectrum: the energies of a vector cancel beyond the largest working precision.")
