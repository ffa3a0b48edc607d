"""Moments of a sample of positive pairs, with their standard errors: a type of their own, not population moments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from linrep._checks import InputError, finite_array, require
from linrep.features import AbstractFeatures, OneHot
from linrep.labels import Table
from linrep.moments._types import finite_or_refused, read_only

CHUNK_ENTRIES = 2**22
"""Entries of a feature table that is held at a time."""

LabelSums = tuple[float, np.ndarray]
"""Sum of |label|^2, and of the labels."""


@dataclass(frozen=True, eq=False)
class SampleMoments:
    """Moments of n independent positive pairs.

    Attributes:
        sigma: mean of (phi phi^T + phi+ phi+^T) / 2, (D, D).
        sigma_bar: mean of (phi phi+^T + phi+ phi^T) / 2, (D, D); it may have negative eigenvalues.
        cross: mean of (phi + phi+) label / 2, (D,) or (D, r); None without labels.
        label_sq: mean of |label|^2; None without labels.
        mean: mean of (phi + phi+) / 2, (D,).
        label_mean: mean label, a float or (r,); None without labels.
        count: n.
        sigma_error, sigma_bar_error, cross_error, mean_error: standard errors of the entries, from the sample variance
            of the n independent terms; None for the first two where a stream was summed without them.

    Source: theory T12 (ours).

    >>> import jax, linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=2)
    >>> m = empirical(*p.sample_pairs(jax.random.key(0), 100)[1:], lr.features.Linear())
    >>> m.count, m.sigma[0, 0].item(), m.sigma_error[0, 0].item()
    (100, 1.0, 0.0)
    """

    sigma: Float[np.ndarray, "D D"]
    sigma_bar: Float[np.ndarray, "D D"]
    cross: np.ndarray | None
    label_sq: float | None
    mean: Float[np.ndarray, " D"]
    label_mean: float | np.ndarray | None
    count: int
    sigma_error: Float[np.ndarray, "D D"] | None
    sigma_bar_error: Float[np.ndarray, "D D"] | None
    cross_error: np.ndarray | None
    mean_error: Float[np.ndarray, " D"]

    def __post_init__(self) -> None:
        read_only(self)

    @property
    def dim(self) -> int:
        """D, the number of features."""
        return self.sigma.shape[0]


def empirical(views: Any, positives: Any, features: AbstractFeatures, labels: Any = None) -> SampleMoments:
    """The moments of a sample, symmetrised over the two views of each pair, accumulated in chunks.

    Args:
        views, positives: values of the two views of each pair, (n, ...) both.
        features: a feature map of values (not OneHot, which needs the list of all views).
        labels: (n,) signs, real or class numbers of the inputs, (n, r) real targets, or None.

    Raises:
        InputError: fewer than two pairs, lengths that disagree, OneHot features.

    Source: theory T12 (ours).

    >>> import jax, linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=2)
    >>> inputs, views, positives = p.sample_pairs(jax.random.key(0), 1000)
    >>> m = empirical(views, positives, lr.features.Linear(), inputs[:, 0])
    >>> bool(abs(m.sigma_bar[2, 2] - 0.25) < 5 * m.sigma_bar_error[2, 2])
    True
    """
    first, second = np.asarray(views), np.asarray(positives)
    require(
        first.ndim >= 1 and first.shape == second.shape and first.shape[0] >= 2,
        f"moments.empirical: views have shape {first.shape} and positives {second.shape}, but at least two pairs of "
        "equal "
        "shape are needed; pass (n, ...) arrays.",
    )
    if not isinstance(features, AbstractFeatures):
        raise InputError(
            f"moments.empirical: features is {features!r}, but a feature map is needed; pass linrep.features.Linear(), "
            "say."
        )
    if isinstance(features, OneHot):
        raise InputError(
            "moments.empirical: OneHot numbers the views of a finite process, but a sample does not list them; use "
            "another "
            "feature map, or moments.population of a FiniteProcess."
        )
    targets = None if labels is None else _targets(labels, first.shape[0])
    sums = _accumulate(first, second, features, targets)
    return finite_or_refused(finish(sums, first.shape[0], _label_sums(targets)), "moments.empirical")


def _targets(labels: Any, count: int) -> np.ndarray:
    targets = finite_array(Table(labels).targets(None), owner="moments.empirical", name="labels")
    require(
        targets.shape[0] == count,
        f"moments.empirical: {targets.shape[0]} labels were given for {count} pairs; pass one label a pair.",
    )
    return targets


def _accumulate(
    first: np.ndarray, second: np.ndarray, features: AbstractFeatures, targets: np.ndarray | None
) -> dict[str, np.ndarray]:
    """Sums, and sums of squares, of the terms of every moment over all pairs, chunk by chunk."""
    dim = features(first[:1]).shape[1]
    step = max(1, CHUNK_ENTRIES // dim)
    sums: dict[str, np.ndarray] = {}
    for start in range(0, first.shape[0], step):
        part = slice(start, start + step)
        terms = _chunk(features(first[part]), features(second[part]), None if targets is None else targets[part])
        for name, value in terms.items():
            sums[name] = sums[name] + value if name in sums else value
    return sums


def _chunk(phi: np.ndarray, psi: np.ndarray, targets: np.ndarray | None) -> dict[str, np.ndarray]:
    """The sums of one chunk: a squared term (a + b)^2 / 4 of entry (j, k) expands into products of squares."""
    both, plain = phi * psi, phi.T @ psi
    squares = phi**2
    others = psi**2
    cross_squares = both.T @ both
    sums = {
        "sigma": (phi.T @ phi + psi.T @ psi) / 2,
        "sigma_sq": (squares.T @ squares + others.T @ others + 2 * cross_squares) / 4,
        "bar": (plain + plain.T) / 2,
        "bar_sq": (squares.T @ others + others.T @ squares + 2 * cross_squares) / 4,
        "mean": (phi + psi).sum(axis=0) / 2,
        "mean_sq": ((phi + psi) ** 2).sum(axis=0) / 4,
    }
    if targets is None:
        return sums
    columns = targets.reshape(targets.shape[0], -1)
    middle = (phi + psi) / 2
    return sums | {"cross": middle.T @ columns, "cross_sq": (middle**2).T @ columns**2}


def _label_sums(targets: np.ndarray | None) -> LabelSums | None:
    return None if targets is None else (float(np.sum(targets**2)), targets.sum(axis=0))


def finish(sums: Mapping[str, np.ndarray], count: int, labels: LabelSums | None) -> SampleMoments:
    """Moments and standard errors from the sums of the terms and of their squares; `labels` are the sums of |label|^2
    and of the labels."""
    means = {name: value / count for name, value in sums.items()}
    # rounding can leave a variance of zero slightly negative; a standard error is its root, so it is cut off at zero
    errors = {
        name: np.sqrt(np.maximum(means[f"{name}_sq"] - means[name] ** 2, 0.0) / (count - 1))
        for name in ("sigma", "bar", "mean", "cross")
        if f"{name}_sq" in means
    }
    cross, cross_error, label_sq, label_mean = None, None, None, None
    if labels is not None:
        label_sq, label_mean = labels[0] / count, labels[1] / count
        shape = (means["mean"].size, *np.shape(label_mean))
        cross, cross_error = means["cross"].reshape(shape), errors["cross"].reshape(shape)
        label_mean = float(label_mean) if np.ndim(label_mean) == 0 else label_mean
    return SampleMoments(
        sigma=means["sigma"],
        sigma_bar=means["bar"],
        cross=cross,
        label_sq=label_sq,
        mean=means["mean"],
        label_mean=label_mean,
        count=count,
        sigma_error=errors.get("sigma"),
        sigma_bar_error=errors.get("bar"),
        cross_error=cross_error,
        mean_error=errors["mean"],
    )
