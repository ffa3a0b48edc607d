"""An indistinguishable pair on a given process: inputs on two arcs, then the same points dealt out anew."""

from fractions import Fraction
from typing import Any

import jax
import numpy as np

from linrep._checks import require
from linrep._types import is_sparse
from linrep.labels import as_label
from linrep.processes import FiniteProcess
from linrep.witnesses import shuffled


def pair_of_equal_loss(process: FiniteProcess, labels: Any, key: jax.Array) -> tuple[np.ndarray, np.ndarray, Any]:
    """Rational points (n, 2), a relabelling of them of the same exact loss that errs more, and the labels.

    The points of the two classes lie on opposite arcs of the unit circle, so that one linear readout separates them;
    the second representation gives the inputs each other's points.

    Args:
        process: exact and disjoint, with a uniform prior over an even number of inputs.
        labels: balanced signs.
        key: of the search for a bad permutation.

    Raises:
        InputError: another kind of process or of labels.

    Source: ours, after Saunshi et al. (2022), Lemma 4.1.

    >>> p = FiniteProcess([1] * 4, np.eye(4, dtype=int))
    >>> first, second, signs = pair_of_equal_loss(p, [1, 1, -1, -1], jax.random.key(0))
    >>> first.shape, sorted(map(str, first[:, 0])) == sorted(map(str, second[:, 0]))
    ((4, 2), True)
    """
    require(
        process.disjoint and process.weights is not None,
        "certify: a pair needs a disjoint process of exact weights, where no view belongs to two inputs; pass one.",
    )
    signs = as_label(labels, process).targets(process.inputs).ravel()
    points = arcs(signs)
    owner = _owners(process)
    return points[owner], shuffled(process, points[owner], labels, key).values, signs.astype(int)


def arcs(signs: np.ndarray) -> np.ndarray:
    """Rational points of the circle, (N, 2): those of sign +1 around (1, 0), those of sign -1 around (-1, 0).

    Source: ours.

    >>> arcs(np.array([1, -1]))[:, 0].tolist()
    [Fraction(1, 1), Fraction(-1, 1)]
    """
    rank = {sign: iter(range(len(signs))) for sign in (-1, 1)}
    half, rows = max(len(signs) // 2, 1), []
    for sign in signs.astype(int).tolist():
        t = Fraction(2 * next(rank[sign]) - (half - 1), 2 * half)  # slopes within (-1/2, 1/2), both signs
        x, y = (1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)
        rows.append([sign * x, sign * y])
    return np.array(rows, dtype=object)


def _owners(process: FiniteProcess) -> np.ndarray:
    """The one input of each view."""
    table = process.channel.toarray() if is_sparse(process.channel) else np.asarray(process.channel)
    return table.argmax(axis=0)
