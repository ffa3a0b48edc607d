"""Saunshi et al.'s lower bounds, executed: shuffle what the inputs are mapped to, keep the loss, ruin the labels."""

from collections.abc import Callable
from dataclasses import dataclass

import jax
import numpy as np
import scipy.sparse
from jaxtyping import Int

from linrep._types import ArrayLike
from linrep.labels import AbstractLabel
from linrep.losses._spectral import spectral_values
from linrep.processes import FiniteProcess
from linrep.risks import Bracket
from linrep.witnesses._search import checked_labels, checked_values, input_means, worst_permutation
from linrep.witnesses._transported import transported


@dataclass(frozen=True, eq=False)
class Witness:
    """A representation of low loss and large 0-1 error.

    Attributes:
        permutation: pi, (n_bar,): input i gets the mean value of input pi(i).
        loss_before: loss of the representation that was given.
        loss_after: loss of the shuffled one, at most `loss_before` up to rounding.
        error: least 0-1 error of a linear readout of the shuffled one's means, exact or bracketed.
        values: the shuffled representation on the views, (n, d).

    Source: Saunshi et al. (2022), Lemmas 4.1 and 4.2.

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
    loss: Callable[[FiniteProcess, np.ndarray], float] = spectral_values,
    restarts: int = 16,
    time_limit: float = 10.0,
) -> Witness:
    """A representation with at most the given loss on which the labels are hard to read: Lemma 4.1, executed.

    First f becomes its mean over the views of each input, which does not raise the loss when views are disjoint
    (Jensen, once for each independent view); then equally likely inputs exchange their values, which leaves the loss
    as it is. The permutation is sought by swaps that lower the agreement of the labels with linear dichotomies of
    the points, from `restarts` random ones. The errors of the results are measured, the most promising first, until one
    is at least `counting_floor(N, d)`, which some permutation attains, or is too hard to measure exactly; the worst is
    returned. Where f takes few values, up to multiples, the error is counted exactly however many inputs there are; for
    hundreds of points in general position the measured lower end is weak, and what is proved is
    `counting_chance`: how likely a random permutation is bad.

    Args:
        process: disjoint, with a uniform prior over an even number N of inputs.
        view_values: f, (n, d); integers and Fractions are averaged exactly if the process is exact.
        labels: balanced labels -1 and +1, (N,), or a label object with such values.
        key: random key of the search.
        loss: of a process and of values on its views; the spectral loss, or InfoNCE at some temperature.
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
    signs = checked_labels(process, labels, "shuffled")
    values = checked_values(process, view_values, "shuffled")
    means = input_means(process, values)
    permutation, error = worst_permutation(
        process, means, signs, key, restarts=restarts, time_limit=time_limit, owner="shuffled"
    )
    spread = means[permutation][_owners(process)]
    before, after = (loss(process, v.astype(np.float64)) for v in (values, spread))
    return Witness(permutation, before, after, error, spread)


def exchanged(
    process: FiniteProcess,
    view_values: ArrayLike,
    labels: ArrayLike | AbstractLabel,
    key: jax.Array,
    *,
    loss: Callable[[FiniteProcess, np.ndarray], float] = spectral_values,
    restarts: int = 16,
    time_limit: float = 10.0,
) -> Witness:
    """The same values at the same loss, with labels that are hard to read: Lemma 4.2, executed.

    Where views come from a randomness that all inputs share, x = T(input, omega), nothing need be averaged: T(input,
    omega) gets the value of T(pi(input), omega). Every value occurs as often as before, so constraints on single
    values, such as unit norm, are kept, and so is every loss of the law of pairs. pi is sought as by `shuffled`.

    Args:
        process: disjoint, with shared randomness and a uniform prior over an even number N of inputs.
        view_values, labels, key, loss, restarts, time_limit: as for `shuffled`.

    Raises:
        InputError: as `shuffled`, and views that come from no shared randomness.

    Source: Saunshi et al. (2022), Lemma 4.2; theory V2.

    >>> import jax
    >>> p = FiniteProcess([1, 1], [[1, 2, 0, 0], [0, 0, 1, 2]])
    >>> w = exchanged(p, [[1], [2], [-2], [-1]], [1, -1], jax.random.key(0))
    >>> sorted(w.values.ravel().tolist()), round(w.loss_after - w.loss_before, 12)
    ([-2, -1, 1, 2], 0.0)
    """
    signs = checked_labels(process, labels, "exchanged")
    values = checked_values(process, view_values, "exchanged")
    transported(process, values, np.arange(process.n_inputs))  # refuses processes without shared randomness
    permutation, error = worst_permutation(
        process, input_means(process, values), signs, key, restarts=restarts, time_limit=time_limit, owner="exchanged"
    )
    moved = transported(process, values, permutation)
    before, after = (loss(process, v.astype(np.float64)) for v in (values, moved))
    return Witness(permutation, before, after, error, moved)


def _owners(process: FiniteProcess) -> Int[np.ndarray, " n"]:
    """The one input of each view of a disjoint process, (n,)."""
    entries = scipy.sparse.coo_array(process.channel)
    present = entries.data > 0
    owners = np.empty(process.n_views, dtype=int)
    owners[entries.col[present]] = entries.row[present]
    return owners
