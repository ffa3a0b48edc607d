"""Exchanging the values of inputs view by view, where views come from one source of randomness shared by all inputs."""

from fractions import Fraction

import numpy as np
import scipy.sparse

from linrep._checks import require
from linrep._types import Rational
from linrep.processes import FiniteProcess


def shares_randomness(process: FiniteProcess) -> bool:
    """Whether x = T(input, omega) with omega independent of the input and T(input, .) injective.

    On finite supports: the probabilities of the views are the same numbers, repetitions included, for every input; the
    views of two inputs can then be matched by their probabilities. Exact weights are compared exactly, floats as they
    are.

    Source: Saunshi et al. (2022), Lemma 4.2, the hypothesis; the test is ours.

    >>> shares_randomness(FiniteProcess([1, 1], [[1, 2, 0, 0], [0, 0, 4, 2]]))
    True
    """
    _, keys = _views_by_weight(process)
    return len(set(keys)) == 1


def transported(process: FiniteProcess, view_values: np.ndarray, permutation: np.ndarray) -> np.ndarray:
    """f of the exchanged inputs: T(input i, omega) gets the value of T(input pi(i), omega), (n, d).

    For a uniform prior and disjoint views the pair (f(x), f(x+)) keeps its law, so every loss of such pairs, and every
    constraint on single values, is kept exactly.

    Args:
        process: disjoint, with shared randomness.
        view_values: f, (n, d).
        permutation: pi, (n_bar,).

    Raises:
        InputError: views that belong to two inputs, or that come from no shared randomness.

    Source: Saunshi et al. (2022), Lemma 4.2.

    >>> p = FiniteProcess([1, 1], [[1, 2, 0, 0], [0, 0, 4, 2]])
    >>> transported(p, np.array([[1], [2], [3], [4]]), np.array([1, 0])).ravel().tolist()
    [4, 3, 2, 1]
    """
    require(
        process.disjoint and shares_randomness(process),
        "transported: views must be disjoint and come from a randomness that inputs share, but these do not; pass a "
        "process whose inputs have the same probabilities over views of their own.",
    )
    places, _ = _views_by_weight(process)
    values = np.asarray(view_values)
    moved = np.empty_like(values)
    for own, other in zip(places, (places[i] for i in permutation), strict=True):
        moved[own] = values[other]
    return moved


def _views_by_weight(process: FiniteProcess) -> tuple[list[np.ndarray], list[tuple[Rational, ...]]]:
    """For each input its views by ascending probability, and these probabilities."""
    table = scipy.sparse.csr_array(process.channel)
    places, keys = [], []
    for i in range(process.n_inputs):
        views = table.indices[table.indptr[i] : table.indptr[i + 1]]
        shares = [_share(process, i, int(j)) for j in views]
        order = sorted(range(len(shares)), key=shares.__getitem__)
        places.append(views[order])
        keys.append(tuple(shares[j] for j in order))
    return places, keys


def _share(process: FiniteProcess, row: int, view: int) -> Rational:
    """A(view | input), exactly where it is known."""
    if process.weights is None:
        return float(process.channel[row, view])
    return Fraction(int(process.weights.channel[row, view]), int(process.weights.row_totals[row]))
