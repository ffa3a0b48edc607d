"""New finite processes from old ones: relabelling, splitting a view, products and mixtures. Exact stays exact."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.sparse

from linrep._checks import probability, require
from linrep._types import Matrix, Rational, dense, is_sparse
from linrep.processes._finite import FiniteProcess
from linrep.processes._laws import number


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
    require(
        isinstance(view, (int, np.integer)) and 0 <= view < process.n_views,
        f"split_view: view is {view!r}, but the process has views 0 to {process.n_views - 1}; name one of them.",
    )
    share = number(share, owner="split_view", name="share")
    require(
        0 < share < 1, f"split_view: share is {share}, but it must lie strictly between 0 and 1; pass such a number."
    )
    prior, channel = _tables(process)
    table = dense(channel)
    kept, copied, unit = share, 1 - share, 1
    if process.exact and isinstance(share, Fraction):  # weights stay whole numbers
        kept, copied, unit = share.numerator, share.denominator - share.numerator, share.denominator
    elif process.exact:
        table = dense(process.channel)
    scaled = (table.astype(object) if process.exact else table) * unit
    scaled[:, view] = table[:, view] * kept
    copy = table[:, view] * copied
    views = np.concatenate([process.views, process.views[view : view + 1]])
    return FiniteProcess(prior, np.concatenate([scaled, copy[:, None]], axis=1), views, process.inputs)


def product(first: FiniteProcess, second: FiniteProcess) -> FiniteProcess:
    """Two processes side by side, independent: inputs and views are pairs, and K is the Kronecker product.

    Values of inputs and views are concatenated, one row a pair.

    Source: ours (the spectrum of a product is the set of products of the eigenvalues).

    >>> flip = FiniteProcess([1, 1], [[9, 1], [1, 9]])
    >>> product(flip, flip).spectrum(4).round(4).tolist()
    [1.0, 0.64, 0.64, 0.4096]
    """
    (prior_a, channel_a), (prior_b, channel_b) = _alike(first, second)
    if is_sparse(channel_a):
        channel: Matrix = scipy.sparse.csr_array(scipy.sparse.kron(channel_a, channel_b))
    else:
        channel = np.kron(channel_a, channel_b)
    views, inputs = _pairs(first.views, second.views), _pairs(first.inputs, second.inputs)
    return FiniteProcess(np.kron(prior_a, prior_b), channel, views, inputs)


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
    share = number(weight, owner="mixture", name="weight")
    (prior_a, channel_a), (prior_b, channel_b) = _alike(first, second)
    prior = np.concatenate([prior_a * share, prior_b * (1 - share)])
    if is_sparse(channel_a):
        channel: Matrix = scipy.sparse.csr_array(scipy.sparse.block_diag([channel_a, channel_b]))
    else:
        channel = np.zeros(np.add(channel_a.shape, channel_b.shape), dtype=channel_a.dtype)
        channel[: first.n_inputs, : first.n_views] = channel_a
        channel[first.n_inputs :, first.n_views :] = channel_b
    views = _listed(first.views, second.views, "views")
    return FiniteProcess(prior, channel, views, _listed(first.inputs, second.inputs, "inputs"))


def _tables(process: FiniteProcess) -> tuple[np.ndarray, Matrix]:
    """The prior as Fractions and the channel as whole weights where they are exact, else both as floats."""
    if process.weights is None:
        return process.prior, process.channel
    return process.weights.prior_fractions(), process.weights.channel


def _alike(first: FiniteProcess, second: FiniteProcess) -> list[tuple[np.ndarray, Matrix]]:
    """The tables of two processes in one form: both exact or both floats, both sparse or both dense.

    Sparse weights are int64: a product that could overflow is formed densely, in Python's integers.
    """
    exact = first.exact and second.exact
    tables = [_tables(p) if exact else (p.prior, p.channel) for p in (first, second)]
    channels = [channel for _, channel in tables]
    large = exact and math.prod(int(channel.max()) for channel in channels) >= 2**62
    if any(is_sparse(channel) for channel in channels) and not large:
        kind = np.int64 if exact else np.float64
        return [(prior, scipy.sparse.csr_array(c if is_sparse(c) else c.astype(kind))) for prior, c in tables]
    kind = object if exact else np.float64
    return [(prior, dense(c).astype(kind)) for prior, c in tables]


def _permutation(order: Any, count: int, name: str) -> np.ndarray:
    if order is None:
        return np.arange(count)
    array = np.asarray(order)
    require(
        array.ndim == 1 and array.dtype.kind in "iu" and sorted(array.tolist()) == list(range(count)),
        f"relabel: {name} is not a permutation of 0 to {count - 1}; list each index once.",
    )
    return array


def _listed(first: np.ndarray, second: np.ndarray, name: str) -> np.ndarray:
    require(
        first.shape[1:] == second.shape[1:],
        f"mixture: {name} have values of shape {first.shape[1:]} in one process and {second.shape[1:]} in the other, "
        "but they are listed together; give them one shape.",
    )
    return np.concatenate([first, second])


def _pairs(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    left = first.reshape(first.shape[0], -1).repeat(second.shape[0], axis=0)
    right = np.tile(second.reshape(second.shape[0], -1), (first.shape[0], 1))
    return np.concatenate([left, right], axis=1)
