"""Labels: numbers, signs or classes attached to the natural inputs."""

import abc
import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

import numpy as np

from linrep._checks import InputError, finite_array, require
from linrep._types import ArrayLike
from linrep.processes import AbstractProcess, FiniteProcess

Kind = Literal["sign", "real", "classes"]


class AbstractLabel(abc.ABC):
    """A function of the natural input.

    Source: ours.

    >>> Coordinate(0).targets([[1.0, -1.0], [-1.0, 1.0]]).tolist()
    [1.0, -1.0]
    """

    @property
    @abc.abstractmethod
    def kind(self) -> Kind:
        """"sign" (values -1 and +1), "real", or "classes" (one-hot targets)."""

    @abc.abstractmethod
    def exact(self, inputs: np.ndarray) -> np.ndarray | None:
        """The targets as ints or Fractions (object array), or None where they are not exactly known."""

    @abc.abstractmethod
    def targets(self, inputs: np.ndarray) -> np.ndarray:
        """What a regression predicts: (n_bar,) numbers, or (n_bar, r) for several outputs or r classes (one-hot)."""


@dataclass(frozen=True)
class Coordinate(AbstractLabel):
    """The value of one coordinate of the input, numbered from 0.

    Source: Saunshi et al. (2022), Corollary 4.2.

    >>> Coordinate(1).kind
    'real'
    """

    index: int

    @property
    def kind(self) -> Kind:
        return "real"

    def exact(self, inputs: np.ndarray) -> np.ndarray | None:
        array = np.asarray(inputs)
        return _vectors(array, self.index + 1, "Coordinate")[:, self.index].astype(object) if _is_exact(array) else None

    def targets(self, inputs: np.ndarray) -> np.ndarray:
        return _vectors(inputs, self.index + 1, "Coordinate")[:, self.index].astype(np.float64)


@dataclass(frozen=True, init=False)
class Linear(AbstractLabel):
    """w . input.

    Source: ours.

    >>> Linear([1, -2]).targets([[1, 1], [1, -1]]).tolist()
    [-1.0, 3.0]
    """

    weights: tuple[float | Fraction, ...]

    def __init__(self, weights: ArrayLike) -> None:
        object.__setattr__(self, "weights", _weight_tuple(weights, "Linear"))

    @property
    def kind(self) -> Kind:
        return "real"

    def exact(self, inputs: np.ndarray) -> np.ndarray | None:
        return _exact_score(inputs, self.weights, "Linear")

    def targets(self, inputs: np.ndarray) -> np.ndarray:
        return _score(inputs, self.weights, "Linear")


@dataclass(frozen=True, init=False)
class Threshold(AbstractLabel):
    """+1 where w . input + offset >= 0, else -1.

    Source: Saunshi et al. (2022), Example 1.

    >>> Threshold([1, 1]).targets([[1, -1], [-1, -1]]).tolist()
    [1.0, -1.0]
    """

    weights: tuple[float | Fraction, ...]
    offset: float | Fraction = 0

    def __init__(self, weights: ArrayLike, offset: float | Fraction = 0) -> None:
        object.__setattr__(self, "weights", _weight_tuple(weights, "Threshold"))
        object.__setattr__(self, "offset", offset)

    @property
    def kind(self) -> Kind:
        return "sign"

    def exact(self, inputs: np.ndarray) -> np.ndarray | None:
        score = _exact_score(inputs, self.weights, "Threshold")
        return None if score is None else np.array([1 if s + self.offset >= 0 else -1 for s in score], dtype=object)

    def targets(self, inputs: np.ndarray) -> np.ndarray:
        exact = self.exact(inputs)
        if exact is not None:
            return exact.astype(np.float64)
        return np.where(_score(inputs, self.weights, "Threshold") + float(self.offset) >= 0, 1.0, -1.0)


@dataclass(frozen=True, init=False)
class Parity(AbstractLabel):
    """The product of the coordinates in `subset` (numbered from 0); the empty product is the constant 1.

    Source: ours.

    >>> Parity([0, 2]).targets([[1, 1, -1]]).tolist()
    [-1.0]
    """

    subset: tuple[int, ...]

    def __init__(self, subset: ArrayLike) -> None:
        members = tuple(sorted(int(i) for i in subset))
        require(len(set(members)) == len(members) and all(i >= 0 for i in members), f"Parity: subset is {members}, but it must list different "
                "coordinates, numbered from 0; remove repetitions.")
        object.__setattr__(self, "subset", members)

    @property
    def kind(self) -> Kind:
        return "real"

    def exact(self, inputs: np.ndarray) -> np.ndarray | None:
        array = np.asarray(inputs)
        if not _is_exact(array):
            return None
        columns = _vectors(array, max(self.subset, default=-1) + 1, "Parity")[:, list(self.subset)]
        return columns.astype(object).prod(axis=1) if self.subset else np.ones(len(array), dtype=int).astype(object)

    def targets(self, inputs: np.ndarray) -> np.ndarray:
        columns = _vectors(inputs, max(self.subset, default=-1) + 1, "Parity")[:, list(self.subset)]
        return columns.astype(np.float64).prod(axis=1)


@dataclass(frozen=True, init=False, eq=False)
class Table(AbstractLabel):
    """Labels listed input by input.

    Args:
        values: (n_bar,) signs, real numbers or class numbers, or (n_bar, r) real targets.
        kind: "sign", "real" or "classes"; by default integers in {-1, 1} are signs, other integers >= 0 class numbers, and
            anything else real. A float array of -1 and +1 is taken as signs too.

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
        floats = finite_array(array, owner="Table", name="labels")
        exact = _is_exact(array)
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
            return np.eye(self.n_outputs, dtype=int)[self.values.astype(int)].astype(object)
        return self.values if self.values.dtype == object else np.array([int(v) for v in self.values], dtype=object)

    def targets(self, inputs: Any) -> np.ndarray:
        exact = self.exact(inputs)
        return self.values if exact is None else exact.astype(np.float64)


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
    require(isinstance(process, FiniteProcess), f"labels: an array was given for {type(process).__name__}, whose inputs are not listed; "
            "use Coordinate, Linear, Threshold or Parity, or the process's finite().")
    assert isinstance(process, FiniteProcess)
    table = labels if isinstance(labels, Table) else Table(labels)
    given = process.n_inputs + len(process.dropped_inputs)
    if len(table.values) == process.n_inputs:
        return table
    require(len(table.values) == given, f"labels: {len(table.values)} labels were given for {process.n_inputs} inputs; pass one label an input.")
    return Table(np.delete(table.values, list(process.dropped_inputs), axis=0), table.kind)


def _checked_kind(values: np.ndarray, exact: bool, kind: Kind | None) -> Kind:
    signs = values.ndim == 1 and bool(np.all(np.abs(values) == 1))
    classes = values.ndim == 1 and bool(np.all(values >= 0)) and bool(np.all(values == np.round(values)))
    if kind is None:
        return "sign" if signs and bool(np.any(values < 0)) or (signs and not exact) else "classes" if exact and classes else "real"
    require(kind in ("sign", "real", "classes"), f"Table: kind is {kind!r}, but it must be 'sign', 'real' or 'classes'; choose one of them.")
    if kind == "sign":
        require(signs, f"Table: a label is {_odd_one(values, np.abs(values) != 1)}, but signs must be -1 or +1; correct it, or use kind='real'.")
    if kind == "classes":
        require(classes, f"Table: a label is {_odd_one(values, (values < 0) | (values != np.round(values)))}, but classes are numbered 0, 1, 2, …; renumber them.")
    return kind


def _odd_one(values: np.ndarray, odd: np.ndarray) -> Any:
    return f"an array of shape {values.shape}" if values.ndim != 1 else float(values[odd][0])


def _is_exact(array: np.ndarray) -> bool:
    if array.dtype == object:
        return all(isinstance(v, (int, Fraction)) for v in array.ravel())
    return np.issubdtype(array.dtype, np.integer)


def _weight_tuple(weights: ArrayLike, owner: str) -> tuple[float | Fraction, ...]:
    finite_array(weights, owner=owner, name="weights", ndim=(1,))
    return tuple(v if isinstance(v, (int, Fraction)) else v.item() if hasattr(v, "item") else float(v) for v in weights)


def _vectors(inputs: Any, least: int, owner: str) -> np.ndarray:
    array = np.asarray(inputs)
    vectors = array.reshape(array.shape[0], -1)
    if vectors.shape[1] < least:
        raise InputError(f"{owner}: inputs have {vectors.shape[1]} coordinates, but coordinate {least - 1} is needed; name a smaller one.")
    return vectors


def _score(inputs: Any, weights: tuple[float | Fraction, ...], owner: str) -> np.ndarray:
    vectors = _vectors(inputs, len(weights), owner)[:, : len(weights)].astype(np.float64)
    return np.array([math.fsum(row) for row in vectors * np.array([float(w) for w in weights])])


def _exact_score(inputs: Any, weights: tuple[float | Fraction, ...], owner: str) -> np.ndarray | None:
    array = np.asarray(inputs)
    if not _is_exact(array) or not all(isinstance(w, (int, Fraction)) for w in weights):
        return None
    return _vectors(array, len(weights), owner)[:, : len(weights)].astype(object) @ np.array(weights, dtype=object)
