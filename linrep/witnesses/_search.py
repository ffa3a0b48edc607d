"""The permutation of the inputs that serves the labels worst: swaps from random starts, then measured errors."""

import jax
import numpy as np
from jaxtyping import Int

from linrep._checks import finite_array, generator, positive_int, require
from linrep._types import ArrayLike
from linrep.labels import AbstractLabel, Table, as_label
from linrep.processes import FiniteProcess
from linrep.risks import Bracket, zero_one
from linrep.witnesses._counting import counting_floor
from linrep.witnesses._dichotomies import dichotomies, hostile


def worst_permutation(
    process: FiniteProcess,
    means: np.ndarray,
    signs: np.ndarray,
    key: jax.Array,
    *,
    restarts: int,
    time_limit: float,
    owner: str,
) -> tuple[Int[np.ndarray, " n_bar"], Bracket]:
    """pi and the 0-1 error of means[pi]: the first found that attains the counting floor, else the worst."""
    rng = generator(key)
    patterns = dichotomies(means.astype(np.float64), rng)
    found = [hostile(patterns, signs, rng) for _ in range(positive_int(restarts, owner=owner, name="restarts"))]
    candidates = [_permutation(signs, arranged) for arranged, _ in sorted(found, key=lambda pair: pair[1])]
    floor, best = counting_floor(process.n_inputs, means.shape[1]), None
    for permutation in candidates:
        error = zero_one(process, means[permutation], signs, time_limit=time_limit, key=key)
        if best is None or error.lower > best[1].lower:
            best = permutation, error
        if error.lower >= floor or not error.exact:
            break
    assert best is not None
    return best


def checked_labels(process: FiniteProcess, labels: ArrayLike | AbstractLabel, owner: str) -> Int[np.ndarray, " n_bar"]:
    """Balanced signs over the inputs of a disjoint, uniform process."""
    require(
        process.disjoint,
        f"{owner}: some view belongs to two inputs, but exchanging inputs needs a disjoint process; pass one.",
    )
    require(
        process.uniform,
        f"{owner}: the prior is not uniform, but only equally likely inputs can exchange their values; "
        "pass a process with a uniform prior.",
    )
    label = labels if isinstance(labels, AbstractLabel) else Table(labels, kind="sign")
    signs = as_label(label, process).targets(process.inputs)
    require(
        signs.ndim == 1 and bool(np.all(np.abs(signs) == 1)),
        f"{owner}: labels have a value other than -1 and +1, but 0-1 error needs these two; recode them.",
    )
    require(
        signs.sum() == 0,
        f"{owner}: {int((signs > 0).sum())} of {signs.size} labels are +1, but the counting needs "
        "balanced labels; leave out inputs until half of them are +1.",
    )
    return signs.astype(int)


def checked_values(process: FiniteProcess, view_values: ArrayLike, owner: str) -> np.ndarray:
    """f on the views, (n, d), as it is given."""
    array = np.asarray(view_values)
    finite_array(array, owner=owner, name="view_values")
    require(
        len(array) == process.n_views,
        f"{owner}: view_values has {len(array)} rows, but the process has {process.n_views} views; "
        "pass one row a view.",
    )
    return array.reshape(len(array), -1)


def input_means(process: FiniteProcess, values: np.ndarray) -> np.ndarray:
    """f_A = A f, (n_bar, d): exactly where both are exact."""
    if process.weights is not None and values.dtype.kind in "iO":
        return process.weights.channel_fractions() @ values.astype(object)
    return np.asarray(process.channel @ values.astype(np.float64))


def _permutation(labels: np.ndarray, arranged: np.ndarray) -> Int[np.ndarray, " n_bar"]:
    """A permutation pi with arranged[pi(i)] = labels[i]."""
    permutation = np.empty(len(labels), dtype=int)
    for sign in (-1, 1):
        permutation[labels == sign] = np.flatnonzero(arranged == sign)
    return permutation
