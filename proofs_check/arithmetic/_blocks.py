"""Symmetric matrices that fall into blocks: which rows belong together, and what can be done block by block."""

from collections.abc import Sequence
from fractions import Fraction

import flint
import numpy as np
import scipy.sparse
from scipy.sparse.csgraph import connected_components

from proofs_check.arithmetic._matrices import independent, rows_and_columns, trace

Blocks = tuple[tuple[int, ...], ...]
"""Rows that belong together; every row is in one block."""


def blocks(*matrices: flint.fmpq_mat) -> Blocks:
    """The finest partition of the rows under which all the symmetric matrices are block diagonal.

    Source: ours.

    >>> blocks(flint.fmpq_mat([[1, 0, 2], [0, 1, 0], [2, 0, 5]]))
    ((0, 2), (1,))
    """
    order = matrices[0].nrows()
    pattern = np.zeros((order, order), dtype=bool)
    for values in matrices:
        pattern |= nonzero(values)
    _, owner = connected_components(scipy.sparse.csr_array(pattern), directed=False)
    found: dict[int, list[int]] = {}
    for row, name in enumerate(owner.tolist()):
        found.setdefault(name, []).append(row)
    return tuple(map(tuple, found.values()))


def nonzero(values: flint.fmpq_mat) -> np.ndarray:
    """Where entries differ from 0, as booleans.

    Source: ours.

    >>> nonzero(flint.fmpq_mat([[1, 0]])).tolist()
    [[True, False]]
    """
    flat = np.fromiter(map(bool, values.entries()), dtype=bool, count=values.nrows() * values.ncols())
    return flat.reshape(values.nrows(), values.ncols())


def touched(parts: Blocks, *tables: flint.fmpq_mat) -> list[int]:
    """The rows of all blocks in which some table has an entry that differs from 0, ascending.

    Source: ours.

    >>> touched(((0, 2), (1,)), flint.fmpq_mat([[0], [0], [1]]))
    [0, 2]
    """
    hit = np.zeros(tables[0].nrows(), dtype=bool)
    for table in tables:
        hit |= nonzero(table).any(axis=1)
    return sorted(row for part in parts if hit[list(part)].any() for row in part)


def independent_rows(values: flint.fmpq_mat, parts: Blocks) -> list[int]:
    """Indices of a maximal set of independent columns of a block diagonal matrix.

    Source: ours.

    >>> independent_rows(flint.fmpq_mat([[1, 0, 1], [0, 0, 0], [1, 0, 1]]), ((0, 2), (1,)))
    [0]
    """
    return sorted(part[i] for part in parts for i in independent(rows_and_columns(values, part, part)))


def direct_sum(first: flint.fmpq_mat, second: flint.fmpq_mat) -> flint.fmpq_mat:
    """The block diagonal matrix of two square ones.

    Source: ours.

    >>> direct_sum(flint.fmpq_mat([[1]]), flint.fmpq_mat([[2]])).tolist()
    [[1, 0], [0, 2]]
    """
    shift = first.nrows()
    whole = flint.fmpq_mat(shift + second.nrows(), shift + second.nrows())
    for values, start in ((first, 0), (second, shift)):
        for i, j in np.argwhere(nonzero(values)).tolist():
            whole[start + i, start + j] = values[i, j]
    return whole


def principal(values: flint.fmpq_mat, rows: Sequence[int]) -> flint.fmpq_mat:
    """The given rows and columns, or the matrix itself where these are all.

    Source: ours.

    >>> principal(flint.fmpq_mat([[1, 0], [0, 2]]), [1]).tolist()
    [[2]]
    """
    return values if len(rows) == values.nrows() else rows_and_columns(values, rows, rows)


def captured(gram: flint.fmpq_mat, seen: flint.fmpq_mat) -> Fraction:
    """tr(seen.T gram^+ seen) for a positive semidefinite matrix in whose range the columns of `seen` lie.

    Source: ours: on a maximal set of independent columns the matrix is regular, and the value is the same;
    blocks in which `seen` is zero add nothing.

    >>> captured(flint.fmpq_mat([[1, 1], [1, 1]]), flint.fmpq_mat([[2], [2]]))
    Fraction(4, 1)
    """
    near = touched(blocks(gram), seen)
    kept = [near[i] for i in independent(rows_and_columns(gram, near, near))]
    if not kept:
        return Fraction(0)
    part = rows_and_columns(seen, kept, None)
    return trace(part.transpose() * rows_and_columns(gram, kept, kept).solve(part))
