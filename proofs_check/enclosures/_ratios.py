"""The largest ratio of two rational quadratic forms, enclosed through a certified spectrum."""

import flint

from proofs_check.arithmetic import independent, null_space, rows_and_columns, trace
from proofs_check.enclosures._spectrum import spectrum
from proofs_check.verdict import Enclosure, exactly


def largest_ratio(top: flint.fmpq_mat, bottom: flint.fmpq_mat) -> Enclosure | None:
    """sup of h.top h / h.bottom h over h, both positive semidefinite and 0/0 left out; None where it is infinite.

    A coordinate subspace on which `bottom` is regular serves as a complement of its kernel. The trace of
    bottom^{-1} top bounds the ratio and brings the spectrum into [0, 1].

    Source: ours.

    >>> largest_ratio(flint.fmpq_mat([[2, 0], [0, 0]]), flint.fmpq_mat([[1, 0], [0, 0]])).lower
    Fraction(2, 1)
    >>> largest_ratio(flint.fmpq_mat([[1]]), flint.fmpq_mat([[0]])) is None
    True
    """
    kernel = null_space(bottom)
    if trace(kernel.transpose() * top * kernel) != 0:
        return None
    kept = independent(bottom)
    if not kept:
        return exactly(0)
    first, second = (rows_and_columns(m, kept, kept) for m in (top, bottom))
    scale = trace(second.solve(first))
    if scale == 0:
        return exactly(0)
    factor = flint.fmpq(scale.numerator, scale.denominator)
    return exactly(scale) * spectrum(second * factor, first).kappa(1)
