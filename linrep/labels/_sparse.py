"""Labels that are sparse: polynomials of few terms, and tables over few factors of a product."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from linrep._checks import finite_array, require
from linrep._types import ArrayLike
from linrep.labels._abstract import AbstractLabel, Kind, is_exact
from linrep.labels._closed import Parity
from linrep.processes._laws import number


@dataclass(frozen=True, init=False)
class Multilinear(AbstractLabel):
    """A polynomial of few terms, each a coefficient times a product of different coordinates.

    Args:
        terms: from a tuple of coordinates (numbered from 0) to its coefficient; ints and Fractions are kept exactly.

    Raises:
        InputError: repeated coordinates in a term, a term given twice in another order, a coefficient that is not
            finite.

    Source: ours.

    >>> Multilinear({(): 1, (0, 2): -2}).targets([[1, 1, -1]]).tolist()
    [3.0]
    """

    terms: tuple[tuple[tuple[int, ...], Fraction | float], ...]

    def __init__(self, terms: Mapping[tuple[int, ...], Any]) -> None:
        require(
            isinstance(terms, Mapping) and all(isinstance(subset, tuple) for subset in terms),
            f"Multilinear: terms is {terms!r}, but tuples of coordinates with their coefficients are needed; pass "
            "{(0, 2): 1.5}, say.",
        )
        named = {
            Parity(subset).subset: number(value, owner="Multilinear", name="a coefficient")
            for subset, value in terms.items()
        }
        require(
            len(named) == len(terms),
            f"Multilinear: {len(terms)} terms name {len(named)} different sets of coordinates; add up equal ones.",
        )
        object.__setattr__(self, "terms", tuple(sorted(named.items())))

    @property
    def kind(self) -> Kind:
        return "real"

    def exact(self, inputs: np.ndarray) -> np.ndarray | None:
        if not is_exact(np.asarray(inputs)) or any(isinstance(v, float) for _, v in self.terms):
            return None
        total = np.array([Fraction(0)] * len(np.asarray(inputs)), dtype=object)
        for subset, value in self.terms:
            total = total + np.asarray(Parity(subset).exact(inputs)) * value
        return total

    def targets(self, inputs: np.ndarray) -> np.ndarray:
        columns = [float(v) * Parity(subset).targets(inputs) for subset, v in self.terms]
        return np.sum(columns, axis=0) if columns else np.zeros(len(np.asarray(inputs)))


@dataclass(frozen=True, init=False, eq=False)
class FactorTable(AbstractLabel):
    """A label of a product process that depends on few of its factors: a table over their inputs.

    Args:
        factors: the numbers of the factors, from 0, all different.
        values: one axis for each of them, listing the label by the factors' inputs.

    Raises:
        InputError: a table whose axes do not fit, or values that are not finite.

    Source: ours.

    >>> FactorTable([3], [1, -1]).values.tolist()
    [1.0, -1.0]
    """

    factors: tuple[int, ...]
    values: np.ndarray

    def __init__(self, factors: ArrayLike, values: ArrayLike) -> None:
        numbers = tuple(np.atleast_1d(factors).tolist())
        require(
            all(isinstance(f, int) and f >= 0 for f in numbers),
            f"FactorTable: factors are {factors!r}, but factors are numbered 0, 1, 2, …; list such numbers.",
        )
        axes = (len(numbers),)
        object.__setattr__(self, "factors", numbers)
        object.__setattr__(self, "values", finite_array(values, owner="FactorTable", name="values", ndim=axes))
        require(
            len(set(numbers)) == len(numbers),
            f"FactorTable: factors are {numbers}, but they must be different; name each once.",
        )

    @property
    def kind(self) -> Kind:
        return "sign" if bool(np.all(np.abs(self.values) == 1)) else "real"

    def exact(self, inputs: np.ndarray) -> np.ndarray | None:
        return None

    def targets(self, inputs: np.ndarray) -> np.ndarray:
        """The label of inputs given as the numbers of the factors' inputs, (n, factors)."""
        numbers = np.asarray(inputs)
        last = max(self.factors, default=-1)
        require(
            numbers.ndim == 2 and numbers.shape[1] > last,
            f"FactorTable: inputs have shape {numbers.shape}, but the numbers of the inputs of {last + 1} factors are "
            "needed, one row an input; use it on a ProductProcess.",
        )
        return self.values[tuple(numbers[:, f].astype(np.int64) for f in self.factors)]
