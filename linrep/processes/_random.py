"""Random exact finite processes for tests and searches: integer weights, non-uniform priors."""

from fractions import Fraction
from typing import Literal

import jax
import numpy as np

from linrep._checks import generator, positive_int, require
from linrep.processes._finite import FiniteProcess
from linrep.processes._laws import number

RandomKind = Literal["generic", "disjoint", "near_disjoint", "class_conditional"]
KINDS = ("generic", "disjoint", "near_disjoint", "class_conditional")


def random_process(
    key: jax.Array,
    n_inputs: int,
    n_views: int,
    kind: RandomKind = "generic",
    *,
    tau: Fraction | None = None,
    largest_weight: int = 9,
) -> FiniteProcess:
    """A random process with exact weights and a non-uniform prior; every view has positive probability.

    Args:
        key: a JAX random key; the same key gives the same process.
        n_inputs, n_views: sizes; disjoint kinds need n_views >= n_inputs.
        kind: "generic": each entry of the channel zero or a weight up to `largest_weight`; "disjoint": every view
            belongs to one input; "near_disjoint": a disjoint process mixed with a generic one so that its
            identification error is exactly `tau`; "class_conditional": inputs of one class have the same channel, and
            `inputs` holds the class numbers.
        tau: the identification error, for "near_disjoint" only; at most 1 - max prior.
        largest_weight: integer weights are drawn from 1 to this.

    Raises:
        InputError: an unknown kind, sizes that do not fit, a missing or unreachable tau.

    Source: ours.

    >>> p = random_process(jax.random.key(0), 3, 5, "near_disjoint", tau=Fraction(1, 100))
    >>> p.identification_error, p.n_views
    (Fraction(1, 100), 5)
    """
    n_inputs = positive_int(n_inputs, owner="random_process", name="n_inputs")
    n_views = positive_int(n_views, owner="random_process", name="n_views")
    top = positive_int(largest_weight, owner="random_process", name="largest_weight")
    require(
        kind in KINDS,
        f"random_process: kind is {kind!r}, but it must be one of {', '.join(KINDS)}; choose one of them.",
    )
    require(
        (tau is None) == (kind != "near_disjoint"),
        f"random_process: tau is {tau} for the kind {kind!r}, but near_disjoint needs it and no other kind has it; "
        "correct it.",
    )
    rng = generator(key)
    prior = rng.integers(1, top + 1, size=n_inputs)
    if kind == "generic":
        return FiniteProcess(prior, _generic(rng, n_inputs, n_views, top))
    if kind == "class_conditional":
        return _class_conditional(rng, prior, n_views, top)
    disjoint = _disjoint(rng, n_inputs, n_views, top)
    if tau is None:
        return FiniteProcess(prior, disjoint)
    return _near_disjoint(prior, disjoint, _generic(rng, n_inputs, n_views, top), tau)


def _generic(rng: np.random.Generator, rows: int, columns: int, top: int) -> np.ndarray:
    """Weights that are zero with probability 0.4; every row and column gets a positive one."""
    table = rng.integers(1, top + 1, size=(rows, columns)) * (rng.random((rows, columns)) < 0.6)
    for row in np.flatnonzero(table.sum(axis=1) == 0):
        table[row, rng.integers(columns)] = rng.integers(1, top + 1)
    for column in np.flatnonzero(table.sum(axis=0) == 0):
        table[rng.integers(rows), column] = rng.integers(1, top + 1)
    return table


def _disjoint(rng: np.random.Generator, rows: int, columns: int, top: int) -> np.ndarray:
    require(
        columns >= rows,
        f"random_process: {columns} views cannot be disjoint for {rows} inputs; pass at least {rows} views.",
    )
    owners = rng.permutation(np.concatenate([np.arange(rows), rng.integers(rows, size=columns - rows)]))
    table = np.zeros((rows, columns), dtype=np.int64)
    table[owners, np.arange(columns)] = rng.integers(1, top + 1, size=columns)
    return table


def _class_conditional(rng: np.random.Generator, prior: np.ndarray, n_views: int, top: int) -> FiniteProcess:
    count = int(rng.integers(1, max(2, prior.size // 2 + 1)))
    classes = rng.permutation(np.concatenate([np.arange(count), rng.integers(count, size=prior.size - count)]))
    return FiniteProcess(prior, _generic(rng, count, n_views, top)[classes], inputs=classes)


def _near_disjoint(prior: np.ndarray, disjoint: np.ndarray, other: np.ndarray, tau: Fraction) -> FiniteProcess:
    """(1 - t) disjoint + t other with the t in [0, 1] at which the identification error is `tau`, found exactly."""
    target = number(tau, owner="random_process", name="tau")
    law = _normalized(prior[None, :])[0]
    first, second = (law[:, None] * _normalized(table) for table in (disjoint, other))
    if _error(second) < target:  # then only views that tell nothing can reach it
        second = law[:, None] * np.broadcast_to(first.sum(axis=0), first.shape)
    require(
        isinstance(target, Fraction) and 0 <= target <= _error(second),
        f"random_process: tau is {tau}, but with this prior a Fraction from 0 to {_error(second)} is needed; pass "
        "such a one.",
    )
    joint = first
    step = Fraction(0)
    while (missing := target - _error(joint)) > 0:
        # The error is concave and piecewise linear in t: a tangent step never passes the target, and pieces are few.
        step += missing / _slope(joint, second - first)
        joint = first + step * (second - first)
    return FiniteProcess(law, joint / law[:, None])


def _normalized(table: np.ndarray) -> np.ndarray:
    return np.array([[Fraction(int(v), int(row.sum())) for v in row] for row in table], dtype=object)


def _error(joint: np.ndarray) -> Fraction:
    return 1 - sum(joint.max(axis=0), Fraction(0))


def _slope(joint: np.ndarray, change: np.ndarray) -> Fraction:
    """How fast the identification error grows when the joint law moves along `change`: ties go to the steepest."""
    ties = joint == joint.max(axis=0)
    return -sum((max(change[ties[:, x], x]) for x in range(joint.shape[1])), Fraction(0))
