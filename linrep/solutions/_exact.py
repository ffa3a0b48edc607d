"""The spectrum of a rational pencil, exactly: ties at the cut are decided by integers, not by tolerances.

The eigenvalues of K are the roots of det(x Sigma - Sigma_bar) on the range of Sigma. Unconnected groups of features
are treated one by one; within a group a maximal independent set of features has the same spectrum, because
Sigma_bar <= Sigma vanishes wherever Sigma does.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.sparse.csgraph
from jaxtyping import Float
from sympy import ZZ
from sympy.polys.matrices import DomainMatrix

from linrep._checks import positive_int, require
from linrep.moments import RationalMoments
from linrep.solutions._real_roots import Coefficients, distinct_roots

Rows = list[list[int]]


@dataclass(frozen=True)
class ExactEigenvalue:
    """One distinct eigenvalue: the only one in [lower, upper]; lower == upper exactly where it is rational.

    Source: ours.

    >>> float(ExactEigenvalue(Fraction(3, 4), Fraction(3, 4), 2))
    0.75
    """

    lower: Fraction
    upper: Fraction
    multiplicity: int

    def __float__(self) -> float:
        """The eigenvalue as a float, to its last bit but one."""
        return float((self.lower + self.upper) / 2)


@dataclass(frozen=True)
class ExactSpectrum:
    """The distinct eigenvalues of K on the range of Sigma, descending, in disjoint intervals inside [0, 1].

    Source: ours.

    >>> half = ExactEigenvalue(Fraction(1, 2), Fraction(1, 2), 3)
    >>> ExactSpectrum((half,)).tie(1), ExactSpectrum((half,)).tie(3)
    ((3, 1), None)
    """

    eigenvalues: tuple[ExactEigenvalue, ...]

    @property
    def rank(self) -> int:
        """Rank of Sigma: the multiplicities, that of the eigenvalue 0 included, summed."""
        return sum(value.multiplicity for value in self.eigenvalues)

    def at(self, index: int) -> ExactEigenvalue | None:
        """The eigenvalue at place `index`, counted from 1 with multiplicity; None beyond the rank."""
        place = 0
        for value in self.eigenvalues:
            place += value.multiplicity
            if index <= place:
                return value
        return None

    def group(self, dim: int) -> tuple[int, int]:
        """Half-open range of places, from 0, of the eigenvalues equal to number `dim`; (dim, dim) beyond the rank."""
        dim, start = positive_int(dim, owner="ExactSpectrum.group", name="dim"), 0
        for value in self.eigenvalues:
            if dim <= start + value.multiplicity:
                return start, start + value.multiplicity
            start += value.multiplicity
        return dim, dim

    def tie(self, dim: int) -> tuple[int, int] | None:
        """(size, kept): how many eigenvalues equal number `dim` and how many of them the first `dim` places keep.

        None where kappa_d > kappa_{d+1} or kappa_d = 0: then the minimiser is unique.
        """
        start, stop = self.group(dim)
        value = self.at(dim)
        return None if stop <= dim or value is None or value.upper == 0 else (stop - start, dim - start)

    def floats(self) -> Float[np.ndarray, " R"]:
        """All eigenvalues with multiplicity, descending, (R,)."""
        return np.repeat([float(v) for v in self.eigenvalues], [v.multiplicity for v in self.eigenvalues])


def exact_spectrum(moments: RationalMoments) -> ExactSpectrum:
    """The eigenvalues of K = Sigma^{-1/2} Sigma_bar Sigma^{-1/2} on the range of Sigma, with exact multiplicities.

    Args:
        moments: rational Sigma and Sigma_bar, (D, D).

    Raises:
        InputError: unless both are symmetric and 0 <= Sigma_bar <= Sigma, as for every process.

    Source: ours: characteristic polynomial, square-free factors and Descartes' rule of signs.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> found = exact_spectrum(lr.moments.rational(p, lr.features.OneHot()))
    >>> [(str(v.lower), v.multiplicity) for v in found.eigenvalues]
    [('1', 1), ('1/4', 1)]
    """
    polynomials: list[Coefficients] = []
    for group in connected_groups(moments):
        sigma, sigma_bar = integer_pencil(moments, group)
        kept = independent_features(sigma, sigma_bar)
        if kept:
            polynomials.append(pencil_polynomial(_principal(sigma, kept), _principal(sigma_bar, kept)))
    roots = distinct_roots(polynomials)
    return ExactSpectrum(tuple(ExactEigenvalue(r.lower, r.upper, r.multiplicity) for r in roots))


def inertia_above(moments: RationalMoments, threshold: Fraction) -> int:
    """Number of eigenvalues of K above a rational threshold >= 0, by Sylvester's law of inertia.

    On the range of Sigma, Sigma_bar - r Sigma is congruent to K - r, and elsewhere it vanishes; so its positive pivots
    are counted.

    Source: Sylvester's law; theory, section 7.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> inertia_above(lr.moments.rational(p, lr.features.OneHot()), Fraction(1, 2))
    1
    """
    require(
        threshold >= 0,
        f"inertia_above: threshold is {threshold}, but eigenvalues of K are counted from 0 up; pass one of at least 0.",
    )
    return sum(pivot > 0 for pivot in congruent_diagonal(moments.sigma_bar - threshold * moments.sigma))


def connected_groups(moments: RationalMoments) -> list[np.ndarray]:
    """Index sets of the features between which Sigma and Sigma_bar vanish."""
    pattern = (moments.sigma != 0) | (moments.sigma_bar != 0)
    count, names = scipy.sparse.csgraph.connected_components(scipy.sparse.csr_array(pattern), directed=False)
    return [np.flatnonzero(names == name) for name in range(count)]


def integer_pencil(moments: RationalMoments, group: np.ndarray) -> tuple[Rows, Rows]:
    """Sigma and Sigma_bar of a group of features, times one positive number that makes all entries coprime integers."""
    blocks = [matrix[np.ix_(group, group)] for matrix in (moments.sigma, moments.sigma_bar)]
    entries = [Fraction(v) for block in blocks for v in block.ravel()]
    common = math.lcm(*(v.denominator for v in entries))
    shared = math.gcd(*(int(v * common) for v in entries)) or 1
    first, second = ([[int(v * common) // shared for v in row] for row in block] for block in blocks)
    return first, second


def independent_features(sigma: Rows, sigma_bar: Rows) -> list[int]:
    """A maximal set of linearly independent features, after checking exactly that 0 <= Sigma_bar <= Sigma."""
    kept = semidefinite_pivots(sigma)
    difference = [[a - b for a, b in zip(*rows, strict=True)] for rows in zip(sigma, sigma_bar, strict=True)]
    ordered = (
        kept is not None and semidefinite_pivots(sigma_bar) is not None and semidefinite_pivots(difference) is not None
    )
    require(
        ordered,
        "exact_spectrum: the moments do not satisfy 0 <= Sigma_bar <= Sigma, but those of every process do; "
        "compute them with moments.rational.",
    )
    assert kept is not None
    return kept


def semidefinite_pivots(matrix: Rows) -> list[int] | None:
    """Indices of a maximal regular principal block of a positive semidefinite integer matrix; None if it is not one.

    Fraction-free symmetric elimination (Bareiss): every entry that remains is a minor, so each division is exact.
    """
    order, previous, kept = len(matrix), 1, []
    work = [list(row) for row in matrix]
    if any(work[i][j] != work[j][i] for i in range(order) for j in range(i)):
        return None
    for k in range(order):
        row, pivot = work[k], work[k][k]
        if pivot < 0 or (pivot == 0 and any(row[k:])):
            return None
        if pivot == 0:
            continue
        for i in range(k + 1, order):
            other, factor = work[i], row[i]
            for j in range(i, order):
                other[j] = (pivot * other[j] - factor * row[j]) // previous
        kept.append(k)
        previous = pivot
    return kept


def pencil_polynomial(sigma: Rows, sigma_bar: Rows) -> Coefficients:
    """det(x Sigma - Sigma_bar), highest power first, by interpolation of its exact values at x = 0, 1, …, order."""
    order = len(sigma)
    differences = [_determinant(sigma, sigma_bar, point) for point in range(order + 1)]
    for level in range(1, order + 1):
        for i in range(order, level - 1, -1):
            differences[i] -= differences[i - 1]
    # Newton's form, the sum of differences[k] binom(x, k), times order! has integer coefficients: Horner from the top.
    scale, result = math.factorial(order), [differences[order]]
    weight = 1  # order! / k!
    for k in range(order - 1, -1, -1):
        weight *= k + 1
        shifted = [*result, 0]
        for i, c in enumerate(result):
            shifted[i + 1] -= k * c
        shifted[-1] += differences[k] * weight
        result = shifted
    return tuple(c // scale for c in result)


def congruent_diagonal(matrix: np.ndarray) -> list[Fraction]:
    """The diagonal of L.T A L, L regular: symmetric elimination of a rational symmetric matrix, largest pivot first."""
    work, diagonal = matrix.copy(), []
    while work.shape[0]:
        place = int(np.argmax(np.abs(np.diag(work))))
        if work[place, place] == 0:
            rows, columns = np.nonzero(work)
            if not rows.size:
                return diagonal + [Fraction(0)] * work.shape[0]
            place = int(rows[0])
            # A zero diagonal: adding one feature to the other turns an entry beside it into a pivot, by congruence.
            work[place, :] += work[columns[0], :]
            work[:, place] += work[:, columns[0]]
        pivot, rest = Fraction(work[place, place]), np.delete(np.arange(work.shape[0]), place)
        column = work[rest, place]
        work = work[np.ix_(rest, rest)] - np.outer(column, column) / pivot
        diagonal.append(pivot)
    return diagonal


def _determinant(sigma: Rows, sigma_bar: Rows, point: int) -> int:
    rows = [[ZZ(point * a - b) for a, b in zip(*pair, strict=True)] for pair in zip(sigma, sigma_bar, strict=True)]
    return int(DomainMatrix(rows, (len(rows), len(rows)), ZZ).det())


def _principal(matrix: Rows, kept: list[int]) -> Rows:
    return [[matrix[i][j] for j in kept] for i in kept]
