"""Population moments of finite processes, as exact sums: in float64 and in rational arithmetic."""

from fractions import Fraction
from typing import Any

import numpy as np

from linrep._checks import InputError, require
from linrep._types import dense
from linrep.features import AbstractFeatures, OneHot
from linrep.labels import as_label
from linrep.moments._types import Factors, Moments, RationalMoments, finite_or_refused
from linrep.processes import FiniteProcess

LARGEST_ONE_HOT = 8192
"""Most views whose one-hot moments are formed: a few dense tables of half a gigabyte each."""


def finite_moments(process: FiniteProcess, features: AbstractFeatures, labels: Any = None) -> Moments:
    """Moments of a finite process by summing over its inputs and views; they carry their square-root factors.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1], [[1, 1]], views=[-1, 1])
    >>> finite_moments(p, lr.features.Affine()).sigma_bar.tolist()
    [[1.0, 0.0], [0.0, 0.0]]
    """
    _check_size(process, features)
    factors = finite_factors(process, features, labels)
    root_p, root_prior = np.sqrt(process.marginal), np.sqrt(process.prior)
    cross, label_sq, label_mean = None, None, None
    if labels is not None:
        targets = factors.targets
        one = as_label(labels, process).targets(process.inputs).ndim == 1
        cross, label_sq = factors.means.T @ targets, float(np.sum(targets**2))
        label_mean = root_prior @ targets
        cross, label_mean = (cross[:, 0], float(label_mean[0])) if one else (cross, label_mean)
    sigma, sigma_bar = factors.views.T @ factors.views, factors.means.T @ factors.means
    found = Moments(sigma, sigma_bar, cross, label_sq, factors.views.T @ root_p, label_mean, factors)
    return finite_or_refused(found, f"moments.population of {features.name} features")


def _check_size(process: FiniteProcess, features: AbstractFeatures) -> None:
    """One-hot features of very many views would be dense n x n tables."""
    require(
        not isinstance(features, OneHot) or process.n_views <= LARGEST_ONE_HOT,
        f"moments.population: one-hot features of {process.n_views} views need dense {process.n_views} x "
        f"{process.n_views} tables, but at most {LARGEST_ONE_HOT} views are written out; "
        "use process.spectrum, or fewer views.",
    )


def finite_factors(process: FiniteProcess, features: AbstractFeatures, labels: Any = None) -> Factors:
    """The square roots of the moments of a finite process."""
    root_p, root_prior = np.sqrt(process.marginal), np.sqrt(process.prior)
    if isinstance(features, OneHot):
        table = dense(process.channel)
        views, means = np.diag(root_p), root_prior[:, None] * table
    else:
        phi = features(process.views)
        views, means = root_p[:, None] * phi, root_prior[:, None] * np.asarray(process.channel @ phi)
    if labels is None:
        return Factors(views, means, np.zeros((process.n_inputs, 0)))
    targets = as_label(labels, process).targets(process.inputs)
    return Factors(views, means, root_prior[:, None] * targets.reshape(process.n_inputs, -1))


def finite_rational(process: FiniteProcess, features: AbstractFeatures, labels: Any = None) -> RationalMoments:
    """Moments of an exact finite process in rational arithmetic."""
    phi = features.exact(process.views)
    if process.weights is None or phi is None:
        what = (
            "the process has float probabilities"
            if process.weights is None
            else f"{features.name} has no exact values on these views"
        )
        raise InputError(
            f"moments.rational: {what}, but exact moments need integers or Fractions throughout; pass integer weights "
            "and views."
        )
    prior, channel = process.weights.prior_fractions(), process.weights.channel_fractions()
    marginal = prior @ channel
    one_hot = isinstance(features, OneHot)
    means, mean = (channel, marginal) if one_hot else (channel @ phi, marginal @ phi)
    cross, label_sq, label_mean = None, None, None
    if labels is not None:
        targets = as_label(labels, process).exact(process.inputs)
        require(
            targets is not None,
            "moments.rational: the labels are floats, but exact moments need integers or Fractions; pass such labels.",
        )
        assert targets is not None
        weighted = prior * targets if targets.ndim == 1 else prior[:, None] * targets
        cross, label_mean = _fractions(means.T @ weighted), _total(weighted)
        label_sq = Fraction((weighted * targets).sum())
    return RationalMoments(_gram(phi, marginal), _gram(means, prior), cross, label_sq, _fractions(mean), label_mean)


def _gram(rows: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """sum_i w_i r_i r_i.T in Fractions, row by row over the entries that are not zero."""
    total = np.full((rows.shape[1],) * 2, Fraction(0), dtype=object)
    for row, weight in zip(rows, weights, strict=True):
        support = np.flatnonzero(row != 0)
        total[np.ix_(support, support)] += np.multiply.outer(weight * row[support], row[support])
    return total


def _fractions(array: np.ndarray) -> np.ndarray:
    flat = [Fraction(v) for v in np.asarray(array, dtype=object).ravel()]
    out = np.empty(len(flat), dtype=object)
    out[:] = flat
    return out.reshape(np.shape(array))


def _total(weighted: np.ndarray) -> Fraction | np.ndarray:
    return Fraction(weighted.sum()) if weighted.ndim == 1 else _fractions(weighted.sum(axis=0))
