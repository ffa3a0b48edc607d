"""New finite processes from old ones: relabelling, splitting a view, products and mixtures. Exact stays exact."""

from fractions import Fraction
from typing import Any

import numpy as np
import scipy.sparse

from linrep._checks import probability, require
from linrep._types import Matrix, Rational
from linrep.processes._finite import FiniteProcess


def relabel(process: FiniteProcess, *, inputs: Any = None, views: Any = None) -> FiniteProcess:
    """The same process with its inputs and views listed in another order.

    Args:
        process: a finite process.
        inputs, views: permutations of range(n_bar), range(n); default the identity.

    Raises:
        InputError: if one of them is not a permutation.

    Source: ours (a metamorphic law: no quantity may change).

    >>> p = relabel(FiniteProcess([1, 3], [[1, 0], [0, 1]]), inputs=[1, 0])
    >>> p.prior.tolist(), p.inputs.tolist()
    ([0.75, 0.25], [1, 0])
    """
    rows = _permutation(inputs, process.n_inputs, "inputs")
    columns = _permutation(views, process.n_views, "views")
    prior, channel = _tables(process)
    return FiniteProcess(prior[rows], channel[rows][:, columns], process.views[columns], process.inputs[rows])


def split_view(process: FiniteProcess, view: int, *, share: Rational = Fraction(1, 2)) -> FiniteProcess:
    """Replace one view by two copies of equal value, which get the shares `share` and `1 - share` of its mass.

    Raises:
        InputError: unknown view, or a share outside (0, 1).

    Source: ours (a metamorphic law: the non-zero spectrum may not change).

    >>> split_view(FiniteProcess([1], [[1, 1]]), 0).marginal.tolist()
    [0.25, 0.5, 0.25]
    """
    require(0 <= view < process.n_views, f"split_view: view is {view}, but the process has views 0 to {process.n_views - 1}; name one of them.")
    require(0 < share < 1, f"split_view: share is {share}, but it must lie strictly between 0 and 1; pass such a number.")
    prior, channel = _tables(process)
    table = channel.toarray() if scipy.sparse.issparse(channel) else channel
    copy = table[:, view] * (1 - share)
    first = table.copy()
    first[:, view] = table[:, view] * share
    views = np.concatenate([process.views, process.views[view : view + 1]])
    return FiniteProcess(prior, np.concatenate([first, copy[:, None]], axis=1), views, process.inputs)


def product(first: FiniteProcess, second: FiniteProcess) -> FiniteProcess:
    """Two processes side by side, independent: inputs and views are pairs, and K is the Kronecker product.

    Values of inputs and views are concatenated, one row a pair.

    Source: ours (the spectrum of a product is the set of products of the eigenvalues).

    >>> flip = FiniteProcess([1, 1], [[9, 1], [1, 9]])
    >>> product(flip, flip).spectrum(4).round(4).tolist()
    [1.0, 0.64, 0.64, 0.4096]
    """
    (prior_a, channel_a), (prior_b, channel_b) = _tables(first), _tables(second)
    exact = first.exact and second.exact
    if scipy.sparse.issparse(channel_a) or scipy.sparse.issparse(channel_b):
        channel: Matrix = scipy.sparse.csr_array(scipy.sparse.kron(first.channel, second.channel))
        prior = np.kron(first.prior, second.prior)
    else:
        kind = object if exact else np.float64
        channel = np.kron(channel_a.astype(kind), channel_b.astype(kind))
        prior = np.kron(prior_a.astype(kind), prior_b.astype(kind))
    return FiniteProcess(prior, channel, _pairs(first.views, second.views), _pairs(first.inputs, second.inputs))


def mixture(first: FiniteProcess, second: FiniteProcess, *, weight: Rational) -> FiniteProcess:
    """With probability `weight` an input of the first process, else one of the second; views keep to their own process.

    Inputs and views are listed one process after the other; their values are concatenated. To let the processes share
    views, build one channel.

    Raises:
        InputError: a weight outside [0, 1].

    Source: ours.

    >>> p = mixture(FiniteProcess([1], [[1, 1]]), FiniteProcess([1, 1], [[1, 0], [0, 1]]), weight=Fraction(1, 3))
    >>> p.prior.round(4).tolist(), p.n_components
    ([0.3333, 0.3333, 0.3333], 3)
    """
    probability(weight, owner="mixture", name="weight")
    (prior_a, channel_a), (prior_b, channel_b) = _tables(first), _tables(second)
    prior = np.concatenate([prior_a * weight, prior_b * (1 - weight)])
    if scipy.sparse.issparse(channel_a) or scipy.sparse.issparse(channel_b):
        channel: Matrix = scipy.sparse.csr_array(scipy.sparse.block_diag([first.channel, second.channel]))
    else:
        exact = first.exact and second.exact
        channel = np.full((first.n_inputs + second.n_inputs, first.n_views + second.n_views), Fraction(0) if exact else 0.0, dtype=object if exact else np.float64)
        channel[: first.n_inputs, : first.n_views] = channel_a
        channel[first.n_inputs :, first.n_views :] = channel_b
    views, inputs = np.concatenate([first.views, second.views]), np.concatenate([first.inputs, second.inputs])
    return FiniteProcess(prior, channel, views, inputs)


def _tables(process: FiniteProcess) -> tuple[np.ndarray, Matrix]:
    """Prior and channel as Fractions where they are exact and dense, else as floats."""
    if process.weights is None or scipy.sparse.issparse(process.channel):
        return process.prior, process.channel
    return process.weights.prior_fractions(), process.weights.channel_fractions()


def _permutation(order: Any, count: int, name: str) -> np.ndarray:
    if order is None:
        return np.arange(count)
    array = np.asarray(order)
    require(sorted(array.tolist()) == list(range(count)), f"relabel: {name} is not a permutation of 0 to {count - 1}; list each index once.")
    return array


def _pairs(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    left = first.reshape(first.shape[0], -1).repeat(second.shape[0], axis=0)
    right = np.tile(second.reshape(second.shape[0], -1), (first.shape[0], 1))
    return np.concatenate([left, right], axis=1)
