"""Moments of a stream of pairs: sums that can be merged, with the error that rounding can have made."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from linrep._checks import require
from linrep.moments._sample import SampleMoments, finish
from linrep.moments._sums import SYMMETRIC, symmetric, total_rounding, two_sum


@dataclass(frozen=True, eq=False)
class StreamMoments:
    """The sums over some shards of a sample; `merge` joins two of them, `moments()` divides by the number of pairs.

    With s = phi + phi+ and t = phi - phi+: Sigma = mean (s s^T + t t^T) / 4, Sigma_bar = mean (s s^T - t t^T) / 4.

    Attributes:
        high, low: the sums and what their additions lost, by name (s, t, quartic, mixed, sum, cross, cross_sq, label,
            label_sq); matrices are symmetric.
        count: number of pairs.
        label_shape: (), (r,), or None without labels.
        shards: identity (name and digest) of every shard counted.
        block: worst relative rounding of the sum of one block.
        folds: number of blocks that were added in compensated arithmetic.
        devices: number of device sums that were added in plain arithmetic.

    Source: ours.

    >>> import linrep as lr
    >>> lr.moments.accumulate([([[1.0], [2.0]], [[1.0], [1.0]])]).moments().sigma_bar.tolist()
    [[1.5]]
    """

    high: Mapping[str, np.ndarray]
    low: Mapping[str, np.ndarray]
    count: int
    label_shape: tuple[int, ...] | None
    shards: tuple[str, ...]
    block: float
    folds: int
    devices: int

    @property
    def dim(self) -> int:
        """D, the number of features."""
        return self.high["sum"].size

    @property
    def rounding(self) -> float:
        """g such that rounding moved no entry of the moments by more than g times a natural size.

        |Sigma_jk - exact| and |Sigma_bar_jk - exact| are at most g sqrt(Sigma_jj Sigma_kk), |mean_j - exact| at most
        g sqrt(Sigma_jj), |cross_j - exact| at most g sqrt(Sigma_jj E label^2) to first order in g: by Cauchy and
        Schwarz the sum of |s_j s_k| over the pairs is at most the geometric mean of the sums of squares, and
        s_j^2 + t_j^2 has mean 4 Sigma_jj. The features themselves are taken as given, the labels too.
        """
        return total_rounding(self.block, self.folds, self.devices)

    @functools.cached_property
    def sums(self) -> dict[str, np.ndarray]:
        """The sums, each rounded once."""
        return {name: value + self.low[name] for name, value in self.high.items()}

    def moments(self) -> SampleMoments:
        """The moments of all pairs; standard errors of matrices are None where they were not asked for.

        Raises:
            InputError: fewer than two pairs, or sums beyond the range of float64.
        """
        require(
            self.count >= 2,
            f"StreamMoments: {self.count} pairs were counted, but at least two are needed; accumulate more shards.",
        )
        sums = self.sums
        require(
            all(bool(np.isfinite(value).all()) for value in sums.values()),
            "StreamMoments: sums of products of features are beyond the range of float64; scale the features down.",
        )
        return finish(_terms(sums), self.count, _label_sums(sums, self.label_shape))


def merge(first: StreamMoments, second: StreamMoments) -> StreamMoments:
    """The sums over the shards of both.

    Raises:
        InputError: other numbers of features or labels, standard errors in one of them only, or a shard in both.

    Source: ours.

    >>> import linrep as lr
    >>> first = lr.moments.accumulate([([[1.0], [2.0]], [[1.0], [1.0]])])
    >>> merge(first, lr.moments.accumulate([([[3.0]], [[3.0]])])).count
    3
    """
    kinds = [({name: value.shape for name, value in m.high.items()}, m.label_shape) for m in (first, second)]
    require(
        kinds[0] == kinds[1],
        f"moments.merge: one side sums arrays of shapes {kinds[0][0]}, labels {kinds[0][1]}, and the other "
        f"{kinds[1][0]}, labels {kinds[1][1]}, but they must agree; accumulate both in the same way.",
    )
    twice = set(first.shards) & set(second.shards)
    require(
        not twice,
        f"moments.merge: {min(twice, default='')} was counted on both sides, but a shard may count once; leave it out "
        "of one of them.",
    )
    high, low = {}, {}
    for name, value in first.high.items():
        high[name], lost = two_sum(value, second.high[name])
        low[name] = first.low[name] + second.low[name] + lost
    return StreamMoments(
        high=high,
        low=low,
        count=first.count + second.count,
        label_shape=first.label_shape,
        shards=first.shards + second.shards,
        block=max(first.block, second.block),
        folds=first.folds + second.folds + 1,
        devices=max(first.devices, second.devices),
    )


def _terms(sums: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The sums of the terms of every moment, and of their squares, from those of s and t."""
    found = {
        "sigma": (sums["s"] + sums["t"]) / 4,
        "bar": (sums["s"] - sums["t"]) / 4,
        "mean": sums["sum"] / 2,
        "mean_sq": np.diagonal(sums["s"]) / 4,
    }
    if "quartic" in sums:
        found["sigma_sq"] = (sums["quartic"] + 2 * sums["mixed"]) / 16
        found["bar_sq"] = (sums["quartic"] - 2 * sums["mixed"]) / 16
    if "cross" in sums:
        found |= {"cross": sums["cross"] / 2, "cross_sq": sums["cross_sq"] / 4}
    return found


def _label_sums(sums: Mapping[str, np.ndarray], shape: tuple[int, ...] | None) -> tuple[float, np.ndarray] | None:
    return None if shape is None else (float(sums["label_sq"].sum()), sums["label"].reshape(shape))


def whole(sums: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The sums with both triangles of every symmetric matrix, in place."""
    both = (*SYMMETRIC, "quartic", "mixed")
    return {name: symmetric(value) if name in both else value for name, value in sums.items()}
