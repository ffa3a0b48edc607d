"""Names for the types that recur in signatures."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Literal, TypeAlias, TypeGuard

import numpy as np
import scipy.sparse

Matrix: TypeAlias = np.ndarray | scipy.sparse.csr_array
"""A dense matrix or a sparse one in CSR form."""

ArrayLike: TypeAlias = np.ndarray | Sequence[Any]
"""What NumPy turns into an array."""

Rational: TypeAlias = Fraction | float
"""A number that carries its trust: a Fraction is exact, a float is not."""

Readout: TypeAlias = Literal["augmented", "mean"]
"""Which representation a linear predictor reads: of one view, or the mean over views."""


def is_sparse(matrix: Any) -> TypeGuard[scipy.sparse.csr_array]:
    """Whether a matrix is sparse."""
    return scipy.sparse.issparse(matrix)


def dense(matrix: Matrix) -> np.ndarray:
    """The matrix written out."""
    return matrix.toarray() if is_sparse(matrix) else np.asarray(matrix)
