"""Rational matrices, through FLINT's `fmpq_mat`."""

from collections.abc import Sequence
from fractions import Fraction

import flint
import numpy as np


def matrix(values: np.ndarray) -> flint.fmpq_mat:
    """An object array of ints and Fractions as a FLINT matrix; a vector becomes a column.

    Source: ours.

    >>> matrix(np.array([1, Fraction(1, 2)], dtype=object)).ncols()
    1
    """
    table = values.reshape(values.shape[0], -1)
    found = flint.fmpq_mat(*table.shape)
    for i, j in np.argwhere(table != 0).tolist():
        value = Fraction(table[i, j])
        found[i, j] = flint.fmpq(value.numerator, value.denominator)
    return found


def rows_and_columns(
    values: flint.fmpq_mat, rows: Sequence[int] | None, columns: Sequence[int] | None
) -> flint.fmpq_mat:
    """The block of the given rows and columns; None stands for all of them.

    Source: ours.

    >>> rows_and_columns(flint.fmpq_mat([[1, 2], [3, 4]]), [1], None).tolist()
    [[3, 4]]
    """
    rows = range(values.nrows()) if rows is None else rows
    columns = range(values.ncols()) if columns is None else columns
    return flint.fmpq_mat(len(rows), len(columns), [values[i, j] for i in rows for j in columns])


def independent(values: flint.fmpq_mat) -> list[int]:
    """Indices of the first maximal set of independent columns.

    Source: ours.

    >>> independent(flint.fmpq_mat([[1, 2, 0], [2, 4, 1]]))
    [0, 2]
    """
    if not values.nrows() or not values.ncols():
        return []
    reduced, rank = values.rref()
    pivots, column = [], 0
    for row in range(rank):
        while reduced[row, column] == 0:
            column += 1
        pivots.append(column)
    return pivots


def null_space(values: flint.fmpq_mat) -> flint.fmpq_mat:
    """A basis of {x : values x = 0} as columns.

    Source: ours.

    >>> null_space(flint.fmpq_mat([[1, 2]])).tolist()
    [[-2], [1]]
    """
    reduced, _ = values.rref()
    pivots = independent(values)
    free = [j for j in range(values.ncols()) if j not in set(pivots)]
    basis = flint.fmpq_mat(values.ncols(), len(free))
    for place, column in enumerate(free):
        basis[column, place] = 1
        for row, pivot in enumerate(pivots):
            basis[pivot, place] = -reduced[row, column]
    return basis


def trace(values: flint.fmpq_mat) -> Fraction:
    """The sum of the diagonal.

    Source: ours.

    >>> trace(flint.fmpq_mat([[1, 5], [0, 2]]))
    Fraction(3, 1)
    """
    return sum((Fraction(int(v.p), int(v.q)) for v in (values[i, i] for i in range(values.nrows()))), Fraction(0))
