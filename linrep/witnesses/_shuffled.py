"""Saunshi et al.'s lower bound, executed: shuffle what the inputs are mapped to, keep the loss, ruin the labels."""

from dataclasses import dataclass

import jax
import numpy as np
import scipy.sparse
from jaxtyping import Float, Int

from linrep._checks import finite_array, generator, positive_int, require
from linrep._types import ArrayLike
from linrep.labels import AbstractLabel, Table, as_label
from linrep.losses._spectral import spectral_values
from linrep.processes import FiniteProcess
from linrep.risks import Bracket, zero_one
from linrep.witnesses._counting import counting_floor
from linrep.witnesses._dichotomies import dichotomies, hostile


@dataclass(frozen=True, eq=False)
class Witness:
    """A representation of low loss and large 0-1 error.

    Attributes:
        permutation: pi, (n_bar,): input i gets the mean value of input pi(i).
        loss_before: spectral loss of the representation that was given.
        loss_after: spectral loss of the shuffled one, at most `loss_before` up to rounding.
        error: least 0-1 error of a linear readout of the shuffled one, exact or bracketed.
        values: the shuffled representation on the views, (n, d), constant on the views of each input.

    Source: Saunshi et al. (2022), Lemma 4.1.

    >>> import jax
    >>> p = FiniteProcess([1, 1], [[1, 0], [0, 1]])
    >>> shuffled(p, [[1], [-1]], [1, -1], jax.random.key(0)).values.shape
    (2, 1)
    """

    permutation: Int[np.ndarray, " n_bar"]
    loss_before: float
    loss_after: float
    error: Bracket
    values: np.ndarray


def shuffled(
    process: FiniteProcess,
    view_values: ArrayLike,
    labels: ArrayLike | AbstractLabel,
    key: jax.Array,
    *,
    restarts: int = 16,
    time_limit: float = 10.0,
) -> Witness:
    """A representation with at most the given spectral loss on which the labels are hard to read: Lemma 4.1, executed.

    First f becomes its mean over the views of each input, which does not raise the loss when views are disjoint
    (Jensen, once for each independent view); then equally likely inputs exchange their values, which leaves the loss
    as it is. The permutation is sought by swaps that lower the agreement of the labels with the linear dichotomies of
    the points, from `restarts` random ones. The errors of the results are measured, the most promising first, until one
    is at least `counting_floor(N, d)`, which some permutation attains, or is too hard to measure exactly; the worst is
    returned.

    Args:
        process: disjoint, with a uniform prior over an even number N of inputs.
        view_values: f, (n, d); integers and Fractions are averaged exactly if the process is exact.
        labels: balanced labels -1 and +1, (N,), or a label object with such values.
        key: random key of the search.
        restarts: number of random permutations from which the search starts.
        time_limit: seconds for a measurement of the 0-1 error (see `risks.zero_one`).

    Raises:
        InputError: a process that is not disjoint or not uniform, labels that are not balanced signs, a wrong number
            of rows.

    Source: Saunshi et al. (2022), Lemma 4.1; theory I5, I6, V1.

    >>> import jax
    >>> p = FiniteProcess([1, 1, 1, 1], [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    >>> w = shuffled(p, [[1], [1], [-1], [-1]], [1, 1, -1, -1], jax.random.key(0))
    >>> w.loss_after == w.loss_before, w.error.lower
    (True, Fraction(1, 2))
    """
    signs = _checked_labels(process, labels)
    values = _checked_values(process, view_values)
    means, rng = _means(process, values), generator(key)
    points = means.astype(np.float64)
    patterns = dichotomies(points, rng)
    found = [hostile(patterns, signs, rng) for _ in range(positive_int(restarts, owner="shuffled", name="restarts"))]
    candidates = [_permutation(signs, arranged) for arranged, _ in sorted(found, key=lambda pair: pair[1])]
    floor, best = counting_floor(process.n_inputs, means.shape[1]), None
    for permutation in candidates:
        error = zero_one(process, means[permutation], signs, time_limit=time_limit, key=key)
        if best is None or error.lower > best[1].lower:
            best = permutation, error
        if error.lower >= floor or not error.exact:
            break
    assert best is not None
    spread = means[best[0]][_owners(process)]
    before, after = (spectral_values(process, v.astype(np.float64)) for v in (values, spread))
    return Witness(best[0], before, after, best[1], spread)


def _checked_labels(process: FiniteProcess, labels: ArrayLike | AbstractLabel) -> Int[np.ndarray, " n_bar"]:
    require(
        process.disjoint,
        "shuffled: some view belongs to two inputs, but averaging over views needs a disjoint process; pass one.",
    )
    require(
        process.uniform,
        "shuffled: the prior is not uniform, but only equally likely inputs can exchange their values; "
        "pass a process with a uniform prior.",
    )
    label = labels if isinstance(labels, AbstractLabel) else Table(labels, kind="sign")
    signs = as_label(label, process).targets(process.inputs)
    require(
        signs.ndim == 1 and bool(np.all(np.abs(signs) == 1)),
        "shuffled: labels have a value other than -1 and +1, but 0-1 error needs these two; recode them.",
    )
    require(
        signs.sum() == 0,
        f"shuffled: {int((signs > 0).sum())} of {signs.size} labels are +1, but the counting needs "
        "balanced labels; leave out inputs until half of them are +1.",
    )
    return signs.astype(int)


def _checked_values(process: FiniteProcess, view_values: ArrayLike) -> Float[np.ndarray, "n d"]:
    array = np.asarray(view_values)
    finite_array(array, owner="shuffled", name="view_values")
    require(
        len(array) == process.n_views,
        f"shuffled: view_values has {len(array)} rows, but the process has {process.n_views} views; "
        "pass one row a view.",
    )
    return array.reshape(len(array), -1)


def _means(process: FiniteProcess, values: np.ndarray) -> np.ndarray:
    """f_A = A f, (n_bar, d): exactly where both are exact."""
    if process.weights is not None and values.dtype.kind in "iO":
        return process.weights.channel_fractions() @ values.astype(object)
    return np.asarray(process.channel @ values.astype(np.float64))


def _owners(process: FiniteProcess) -> Int[np.ndarray, " n"]:
    """The one input of each view of a disjoint process, (n,)."""
    entries = scipy.sparse.coo_array(process.channel)
    present = entries.data > 0
    owners = np.empty(process.n_views, dtype=int)
    owners[entries.col[present]] = entries.row[present]
    return owners


def _permutation(labels: np.ndarray, arranged: np.ndarray) -> Int[np.ndarray, " n_bar"]:
    """A permutation pi with arranged[pi(i)] = labels[i]."""
    permutation = np.empty(len(labels), dtype=int)
    for sign in (-1, 1):
        permutation[labels == sign] = np.flatnonzero(arranged == sign)
    return permutation
