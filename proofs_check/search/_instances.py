"""Problems in exact numbers as plain values and back, so that the best instance of a search survives it."""

import functools
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import numpy as np

from linrep._types import dense
from linrep.features import AbstractFeatures, Custom, Linear, OneHot
from linrep.labels import Coordinate, Table
from linrep.problems import Problem, Sample
from linrep.processes import FiniteProcess, HypercubeFlip, HypercubeScaling, Uniform

BITS = 20
"""Floats are rounded to multiples of 2^-BITS where a problem is made exact."""


def tabled(table: np.ndarray) -> Custom:
    """Features given row by row for the views 0, 1, 2, …

    Source: ours.

    >>> tabled(np.array([[1], [5]]))(np.array([1])).tolist()
    [[5.0]]
    """
    return Custom(functools.partial(_rows, table), table.shape[1])


def _rows(table: np.ndarray, views: np.ndarray) -> np.ndarray:
    return table[np.asarray(views).astype(int)]


def example_one(dim: int, relevant: int) -> HypercubeScaling:
    """Example 1 with a uniform scale.

    Source: Saunshi et al. (2022), Example 1.

    >>> example_one(3, 1).relevant
    1
    """
    return HypercubeScaling(dim=dim, relevant=relevant, scale=Uniform(0, 1))


def fractions(values: Any, bits: int = BITS) -> np.ndarray:
    """Numbers as Fractions: floats are rounded to multiples of 2^-bits, exact ones stay.

    Source: ours.

    >>> fractions([0.5, 1]).tolist()
    [Fraction(1, 2), Fraction(1, 1)]
    """
    array = np.asarray(values)
    flat = [
        Fraction(v) if isinstance(v, (int, Fraction)) else Fraction(round(float(v) * 2**bits), 2**bits)
        for v in array.ravel().tolist()
    ]
    out = np.empty(len(flat), dtype=object)
    out[:] = flat
    return out.reshape(array.shape)


def exactified(problem: Problem, bits: int = BITS) -> Problem:
    """The problem with its representation rounded to exact numbers; everything else stays as it is.

    Source: ours.

    >>> from linrep.gallery import example_one_swap
    >>> exactified(example_one_swap()).weights[10, 0]
    Fraction(3, 2)
    """
    return problem if problem.weights is None else problem.with_weights(fractions(problem.weights, bits))


def encoded(problem: Problem) -> dict[str, Any]:
    """A generated problem as plain values.

    Source: ours.

    >>> p = FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> encoded(Problem(p, OneHot(), [1, -1], dim=1))["channel"]
    [['3', '1'], ['1', '3']]
    """
    plain: dict[str, Any] = {"dim": problem.dim}
    for name in ("weights", "score"):
        if (given := getattr(problem, name)) is not None:
            plain[name] = _texts(fractions(given))
    if (problem.negatives, problem.temperature) != (1, 1):
        plain |= {"negatives": problem.negatives, "temperature": str(Fraction(problem.temperature))}
    if problem.sample is not None:
        plain["sample"] = [problem.sample.size, str(Fraction(problem.sample.failure))]
    if isinstance(problem.process, FiniteProcess):
        return {**_listed(problem, problem.process), **plain}
    assert isinstance(problem.labels, Coordinate)
    if isinstance(problem.process, HypercubeScaling):
        return {"example_one": [problem.process.dim, problem.process.relevant, problem.labels.index], **plain}
    assert isinstance(problem.process, HypercubeFlip)
    return {"flips": _texts(np.array(problem.process.keeps, dtype=object)), "index": problem.labels.index, **plain}


def _listed(problem: Problem, process: FiniteProcess) -> dict[str, Any]:
    """A finite process, its features at the views, and its labels; values that are more than numbers are kept too."""
    assert process.weights is not None
    label = problem.label
    assert isinstance(label, Table)
    plain = {
        "prior": _texts(process.weights.prior),
        "channel": _texts(dense(process.weights.channel)),
        "features": None if problem.unrestricted else _texts(problem.features.exact(process.views)),
        "labels": _texts(label.values),
        "kind": label.kind,
    }
    values = {name: np.asarray(getattr(process, name)) for name in ("views", "inputs")}
    placed = {name: _texts(v) for name, v in values.items() if not np.array_equal(v, np.arange(len(v)))}
    return {**plain, **(placed if problem.unrestricted else {})}


def decoded(plain: Mapping[str, Any]) -> Problem:
    """The problem that plain values stand for.

    Source: ours.

    >>> p = FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> decoded(encoded(Problem(p, OneHot(), [1, -1], dim=1))).process.weights.prior.tolist()
    [1, 1]
    """
    extra: dict[str, Any] = {name: _numbers(plain[name]) for name in ("weights", "score") if name in plain}
    if "negatives" in plain:
        extra |= {"negatives": plain["negatives"], "temperature": Fraction(plain["temperature"])}
    if "sample" in plain:
        extra["sample"] = Sample(plain["sample"][0], Fraction(plain["sample"][1]))
    if "example_one" in plain:
        dim, relevant, index = plain["example_one"]
        return Problem(example_one(dim, relevant), Linear(), Coordinate(index), dim=plain["dim"], **extra)
    if "flips" in plain:
        keep = tuple(_numbers(plain["flips"]).tolist())
        flip = HypercubeFlip(dim=len(keep), keep=keep)
        return Problem(flip, Linear(), Coordinate(plain["index"]), dim=plain["dim"], **extra)
    values = {name: _numbers(plain[name]).astype(np.float64) for name in ("views", "inputs") if name in plain}
    process = FiniteProcess(_integers(plain["prior"]), _integers(plain["channel"]), **values)
    features: AbstractFeatures = OneHot() if plain["features"] is None else tabled(_numbers(plain["features"]))
    labels = Table(_integers(plain["labels"]) if plain["kind"] != "real" else _numbers(plain["labels"]), plain["kind"])
    return Problem(process, features, labels, dim=plain["dim"], **extra)


def _texts(values: Any) -> Any:
    return [_texts(v) for v in values] if isinstance(values, (list, np.ndarray)) else str(Fraction(values))


def _numbers(texts: Any) -> np.ndarray:
    table = np.array(texts)
    out = np.empty(table.size, dtype=object)
    out[:] = [Fraction(t) for t in table.ravel().tolist()]
    return out.reshape(table.shape)


def _integers(texts: Any) -> np.ndarray:
    numbers = _numbers(texts)
    return np.array([int(v) for v in numbers.ravel()], dtype=object).reshape(numbers.shape)
