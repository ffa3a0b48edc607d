"""Labels listed input by input, and the step from what a caller passes to a label object."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from linrep._checks import finite_array, require
from linrep._types import ArrayLike
from linrep.labels._abstract import AbstractLabel, Kind, is_exact
from linrep.processes import AbstractData, AbstractProcess, AbstractTabulated, FiniteProcess

LARGEST_ONE_HOT = 2**27
"""Most indicators of classes that are formed: one gigabyte of float64."""


@dataclass(frozen=True, init=False, eq=False)
class Table(AbstractLabel):
    """Labels listed input by input.

    Args:
        values: (n_bar,) signs, real numbers or class numbers, or (n_bar, r) real targets.
        kind: "sign", "real" or "classes"; by default labels that are all -1 or 1 are signs (so are constant ones),
            other integers >= 0 class numbers, and anything else real; booleans are the classes 0 and 1.

    Raises:
        InputError: non-finite values, or values that do not fit the kind.

    Source: ours.

    >>> Table([0, 2, 1]).targets(None).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    """

    values: np.ndarray
    _kind: Kind
    _exact: bool = field(repr=False)

    def __init__(self, values: ArrayLike, kind: Kind | None = None) -> None:
        array = np.asarray(values)
        array = array.astype(np.int64) if array.dtype == bool else array
        floats = finite_array(array, owner="Table", name="labels")
        require(floats.shape[0] >= 1, "Table: there are no labels, but an input needs one; pass one label an input.")
        exact = is_exact(array)
        object.__setattr__(self, "_kind", _checked_kind(floats, exact, kind))
        object.__setattr__(self, "values", array.astype(object) if exact else floats)
        object.__setattr__(self, "_exact", exact or self.kind != "real")

    @property
    def kind(self) -> Kind:
        return self._kind

    @property
    def n_outputs(self) -> int:
        """Number r of outputs: classes, columns, or 1."""
        if self.kind == "classes":
            return int(max(self.values)) + 1
        return 1 if self.values.ndim == 1 else self.values.shape[1]

    def exact(self, inputs: Any) -> np.ndarray | None:
        if not self._exact:
            return None
        if self.kind == "classes":
            return one_hot(self.values.astype(np.int64), self.n_outputs, "Table").astype(np.int64).astype(object)
        return self.values if self.values.dtype == object else np.array([int(v) for v in self.values], dtype=object)

    def targets(self, inputs: Any) -> np.ndarray:
        if self.kind == "classes":
            return one_hot(self.values.astype(np.int64), self.n_outputs, "Table")
        exact = self.exact(inputs)
        return self.values if exact is None else exact.astype(np.float64)


def one_hot(numbers: np.ndarray, classes: int, owner: str) -> np.ndarray:
    """The indicators of class numbers below `classes`, float64 (n, classes)."""
    require(
        numbers.size * classes <= LARGEST_ONE_HOT,
        f"{owner}: {numbers.size} labels with classes numbered up to {classes - 1} need {numbers.size * classes} "
        f"indicators, but at most {LARGEST_ONE_HOT} are formed; number the classes 0, 1, 2, … without gaps, or take "
        "fewer labels.",
    )
    table = np.zeros((numbers.size, classes))
    table[np.arange(numbers.size), numbers] = 1.0
    return table


def as_label(labels: Any, process: AbstractProcess) -> AbstractLabel:
    """The labels as a label object: label objects pass through, arrays become a `Table` over the inputs of the process.

    An array may be as long as the prior that was passed to `FiniteProcess`: labels of dropped inputs are dropped too.

    Raises:
        InputError: an array for a process without a finite list of inputs, or of the wrong length.

    Source: ours.

    >>> from linrep.processes import FiniteProcess
    >>> as_label([1, -1], FiniteProcess([1, 1], [[1, 0], [0, 1]])).kind
    'sign'
    """
    if isinstance(labels, AbstractLabel) and not isinstance(labels, Table):
        return labels
    listed = process.finite() if isinstance(process, AbstractTabulated) else process
    require(
        isinstance(listed, (FiniteProcess, AbstractData)),
        f"labels: an array was given for {type(process).__name__}, whose inputs are not listed; "
        "use Coordinate, Linear, Threshold or Parity, or the process's finite().",
    )
    assert isinstance(listed, (FiniteProcess, AbstractData))
    table = labels if isinstance(labels, Table) else Table(labels)
    dropped = listed.dropped_inputs if isinstance(listed, FiniteProcess) else ()
    given = listed.n_inputs + len(dropped)
    if len(table.values) == listed.n_inputs:
        return table
    require(
        len(table.values) == given,
        f"labels: {len(table.values)} labels were given for {listed.n_inputs} inputs; pass one label an input.",
    )
    return Table(np.delete(table.values, list(dropped), axis=0), table.kind)


def _checked_kind(values: np.ndarray, exact: bool, kind: Kind | None) -> Kind:
    signs = values.ndim == 1 and bool(np.all(np.abs(values) == 1))
    classes = values.ndim == 1 and bool(np.all(values >= 0)) and bool(np.all(values == np.round(values)))
    if kind is None:
        return "sign" if signs else "classes" if exact and classes else "real"
    require(
        kind in ("sign", "real", "classes"),
        f"Table: kind is {kind!r}, but it must be 'sign', 'real' or 'classes'; choose one of them.",
    )
    if kind == "sign":
        require(
            signs,
            f"Table: a label is {_odd_one(values, np.abs(values) != 1)}, but signs must be -1 or +1; correct it, or "
            "use kind='real'.",
        )
    if kind == "classes":
        require(
            classes,
            f"Table: a label is {_odd_one(values, (values < 0) | (values != np.round(values)))}, but classes are "
            "numbered 0, 1, 2, …; renumber them.",
        )
    return kind


def _odd_one(values: np.ndarray, odd: np.ndarray) -> Any:
    """The first offending label, to be shown; nothing where there is none."""
    return f"an array of shape {values.shape}" if values.ndim != 1 else next(iter(values[odd].tolist()), None)
