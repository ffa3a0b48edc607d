"""Labels that are formulas of the input's coordinates: one coordinate, a linear form, a half-space, a parity."""

import math
import numbers
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from linrep._checks import InputError, finite_array, require
from linrep._types import ArrayLike
from linrep.labels._abstract import AbstractLabel, Kind, is_exact


@dataclass(frozen=True)
class Coordinate(AbstractLabel):
    """The value of one coordinate of the input, numbered from 0.

    Raises:
        InputError: an index that is no whole number of at least 0.

    Source: Saunshi et al. (2022), Corollary 4.2.

    >>> Coordinate(1).kind
    'real'
    """

    index: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", _place(self.index, "Coordinate"))

    @property
    def kind(self) -> Kind:
        return "real"

    def exact(self, inputs: np.ndarray) -> np.ndarray | None:
        array = np.asarray(inputs)
        return _vectors(array, self.index + 1, "Coordinate")[:, self.index].astype(object) if is_exact(array) else None

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
        object.__setattr__(self, "offset", _weight_tuple([offset], "Threshold", "offset")[0])

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
        return np.where(_score(inputs, self.weights, "Threshold", float(self.offset)) >= 0, 1.0, -1.0)


@dataclass(frozen=True, init=False)
class Parity(AbstractLabel):
    """The product of the coordinates in `subset` (numbered from 0); the empty product is the constant 1.

    Source: ours.

    >>> Parity([0, 2]).targets([[1, 1, -1]]).tolist()
    [-1.0]
    """

    subset: tuple[int, ...]

    def __init__(self, subset: ArrayLike) -> None:
        require(
            isinstance(subset, Iterable),
            f"Parity: subset is {subset!r}, but a list of coordinates is needed; pass [0, 2], say.",
        )
        members = tuple(sorted(_place(i, "Parity") for i in subset))
        require(
            len(set(members)) == len(members),
            f"Parity: subset is {members}, but it must list different "
            "coordinates, numbered from 0; remove repetitions.",
        )
        object.__setattr__(self, "subset", members)

    @property
    def kind(self) -> Kind:
        return "real"

    def exact(self, inputs: np.ndarray) -> np.ndarray | None:
        array = np.asarray(inputs)
        if not is_exact(array):
            return None
        columns = _vectors(array, max(self.subset, default=-1) + 1, "Parity")[:, list(self.subset)]
        return columns.astype(object).prod(axis=1) if self.subset else np.ones(len(array), dtype=int).astype(object)

    def targets(self, inputs: np.ndarray) -> np.ndarray:
        columns = _vectors(inputs, max(self.subset, default=-1) + 1, "Parity")[:, list(self.subset)]
        return columns.astype(np.float64).prod(axis=1)


def _weight_tuple(weights: ArrayLike, owner: str, name: str = "weights") -> tuple[float | Fraction, ...]:
    finite_array(weights, owner=owner, name=name, ndim=(1,))
    return tuple(v if isinstance(v, (int, Fraction)) else v.item() if hasattr(v, "item") else float(v) for v in weights)


def _vectors(inputs: Any, least: int, owner: str) -> np.ndarray:
    array = np.asarray(inputs)
    vectors = array.reshape(array.shape[0], -1)
    if vectors.shape[1] < least:
        raise InputError(
            f"{owner}: inputs have {vectors.shape[1]} coordinates, but coordinate {least - 1} is needed; name a "
            "smaller one."
        )
    return vectors


def _score(inputs: Any, weights: tuple[float | Fraction, ...], owner: str, offset: float = 0.0) -> np.ndarray:
    """w . input + offset; the sum is rounded once, so that its sign is right where the products are exact."""
    vectors = _vectors(inputs, len(weights), owner)[:, : len(weights)].astype(np.float64)
    return np.array([math.fsum([*row, offset]) for row in vectors * np.array([float(w) for w in weights])])


def _exact_score(inputs: Any, weights: tuple[float | Fraction, ...], owner: str) -> np.ndarray | None:
    array = np.asarray(inputs)
    if not is_exact(array) or not all(isinstance(w, (int, Fraction)) for w in weights):
        return None
    return _vectors(array, len(weights), owner)[:, : len(weights)].astype(object) @ np.array(weights, dtype=object)


def _place(value: Any, owner: str) -> int:
    """The number of a coordinate as an int, at least 0; booleans and other numbers are refused."""
    whole = isinstance(value, numbers.Integral) and not isinstance(value, (bool, np.bool_))
    if not whole or int(value) < 0:
        raise InputError(
            f"{owner}: a coordinate is {value!r}, but coordinates are numbered 0, 1, 2, …; name one of them."
        )
    return int(value)
