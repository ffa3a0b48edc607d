"""Moments of monomials from their blocks: dense where small, sparse where large, rational on request."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.sparse

from linrep._checks import InputError, require
from linrep._types import Rational
from linrep.moments._coded import Coded
from linrep.moments._kernels import AbstractKernel
from linrep.moments._types import Moments, RationalMoments, StructuredMoments
from linrep.moments._walsh import Coefficients

LARGEST_DENSE_CLOSED = 512
"""Largest D for which closed-form moments are dense; beyond, they are sparse."""

LARGEST_RATIONAL = 2048
"""Largest D for which moments are written out as D^2 Fractions."""

LARGEST_BLOCK_ENTRIES = 2**26
"""Most non-zero entries of sparse moments that are formed."""


@dataclass(frozen=True, eq=False)
class LabelSide:
    """What labels add to moments: the cross moment (object or float array (D,)), E label^2 and E label."""

    cross: np.ndarray
    square: Rational
    mean: Rational


def expand(kernel: AbstractKernel, label: Coefficients | None) -> LabelSide | None:
    """The label side of monomials: E[x^e y] = m(e) times the coefficient of y on the odd coordinates of e."""
    if label is None:
        return None
    names, first = kernel.names, kernel.first
    by_set = [label.of(members) for members in names.odd_sets]
    cross = np.full(names.count, Fraction(0), dtype=object)
    reached = np.array([value != 0 for value in by_set])[names.odd]
    for place in np.flatnonzero(reached):
        cross[place] = first.table[first.codes[place]] * by_set[names.odd[place]]
    return LabelSide(cross, label.square, label.of(()))


def means(kernel: AbstractKernel) -> np.ndarray:
    """E phi, an object array (D,)."""
    mean = np.full(kernel.names.count, Fraction(0), dtype=object)
    even = np.flatnonzero(np.array([not members for members in kernel.names.odd_sets])[kernel.names.odd])
    mean[even] = kernel.first[even].exact()
    return mean


def float_moments(kernel: AbstractKernel, side: LabelSide | None) -> Moments | StructuredMoments:
    """The moments in float64, every entry rounded once; never more than the non-zero entries are formed."""
    sigma = _sparse(kernel, bar=False)
    sigma_bar = _sparse(kernel, bar=True)
    cross = None if side is None else side.cross.astype(np.float64)
    square, label_mean = (None, None) if side is None else (float(side.square), float(side.mean))
    mean = means(kernel).astype(np.float64)
    if kernel.names.count <= LARGEST_DENSE_CLOSED:
        return Moments(sigma.toarray(), sigma_bar.toarray(), cross, square, mean, label_mean)
    return StructuredMoments(sigma, sigma_bar, cross, square, mean, label_mean)


def rational_moments(kernel: AbstractKernel, side: LabelSide | None) -> RationalMoments:
    """The moments as Fractions, dense.

    Raises:
        InputError: more than 2048 features, or something that is known as a float only.
    """
    size = kernel.names.count
    require(
        size <= LARGEST_RATIONAL,
        f"moments.rational: {size} features would need {size * size} Fractions, but at most {LARGEST_RATIONAL} "
        "features "
        "are written out; lower the degree, or use moments.population.",
    )
    matrices = []
    for bar in (False, True):
        matrix = np.full((size, size), Fraction(0), dtype=object)
        for rows, columns, values in _entries(kernel, bar=bar):
            matrix[rows, columns] = values.exact().ravel()
        matrices.append(matrix)
    cross, square, label_mean = (None, None, None) if side is None else (side.cross, side.square, side.mean)
    given = [*(m.ravel() for m in matrices), *([] if cross is None else [cross, [square, label_mean]])]
    if not all(isinstance(v, Fraction) for values in given for v in values):
        raise InputError(
            "moments.rational: the process or the labels hold floats, but exact moments need integers or Fractions "
            "throughout; pass such parameters, or use moments.population."
        )
    return RationalMoments(matrices[0], matrices[1], cross, square, means(kernel), label_mean)  # pyright: ignore[reportArgumentType]


def _entries(kernel: AbstractKernel, *, bar: bool) -> list[tuple[np.ndarray, np.ndarray, Coded]]:
    """Rows, columns and values of the blocks; the one-by-one blocks come first, together."""
    alone, groups = kernel.names.grouped
    diagonal, block = (kernel.bar_diagonal, kernel.bar_block) if bar else (kernel.sigma_diagonal, kernel.sigma_block)
    entries = sum(group.size**2 for group in groups)
    require(
        entries <= LARGEST_BLOCK_ENTRIES,
        f"moments: the blocks of these features have {entries} entries, but at most {LARGEST_BLOCK_ENTRIES} are "
        "formed; "
        "lower the degree, or use multilinear features.",
    )
    found = [(alone, alone, diagonal(alone))]
    for group in groups:
        found.append((np.repeat(group, group.size), np.tile(group, group.size), block(group)))
    return found


def _sparse(kernel: AbstractKernel, *, bar: bool) -> scipy.sparse.csr_array:
    rows, columns, values = zip(*_entries(kernel, bar=bar), strict=True)
    data = np.concatenate([coded.floats().ravel() for coded in values])
    shape = (kernel.names.count, kernel.names.count)
    matrix = scipy.sparse.csr_array(
        scipy.sparse.coo_array((data, (np.concatenate(rows), np.concatenate(columns))), shape=shape)
    )
    matrix.eliminate_zeros()
    return matrix
