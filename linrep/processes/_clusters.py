"""Block graphs: views that are joined more often within a cluster than between clusters."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from linrep._checks import positive_int, require
from linrep._types import Rational
from linrep.processes._finite import FiniteProcess
from linrep.processes._laws import number
from linrep.processes._signs import check_support, integer_weights
from linrep.processes._tabulated import AbstractTabulated


@dataclass(frozen=True)
class Clusters(AbstractTabulated):
    """A block graph: Pr[input, view] is proportional to `within` in one cluster and to `between` across clusters.

    There are as many inputs as views, `sizes[a]` of each in cluster a. With w_aa = within, w_ab = between for a != b,
    and d_a = sum_b sizes[b] w_ab, the law of the cluster of an input is proportional to sizes[a] d_a, and K (the
    unrestricted class) has the squared eigenvalues of the r x r matrix w_ab sqrt(sizes[a] sizes[b] / (d_a d_b)), and
    zeros. For r clusters of equal size: 1 and, r - 1 times, ((within - between) / (within + (r - 1) between))^2.

    Args:
        sizes: number of views of each cluster, whole numbers >= 1.
        within, between: weights >= 0, within > 0; exact for integers and Fractions. between = 0 gives r components.

    Raises:
        InputError: no cluster, sizes below 1, weights out of range, more than 1024 views.

    Source: ours (the block graph of HaoChen et al. 2021, section 3).

    >>> p = Clusters(sizes=(2, 2), within=9, between=1)
    >>> p.spectrum(3).round(4).tolist(), p.labels.tolist()
    ([1.0, 0.64, 0.0], [0, 0, 1, 1])
    """

    sizes: tuple[int, ...]
    within: Rational
    between: Rational

    def __post_init__(self) -> None:
        require(
            isinstance(self.sizes, (Sequence, np.ndarray)),
            f"Clusters: sizes is {self.sizes!r}, but one size for each cluster is needed; pass (2, 2), say.",
        )
        sizes: Sequence[int] = self.sizes
        object.__setattr__(self, "sizes", tuple(positive_int(s, owner="Clusters", name="a size") for s in sizes))
        require(self.sizes, "Clusters: sizes is empty, but at least one cluster is needed; pass a size for each.")
        for name in ("within", "between"):
            value = number(getattr(self, name), owner="Clusters", name=name)
            require(value >= 0, f"Clusters: {name} is {value}, but weights are at least 0; pass such a number.")
            object.__setattr__(self, name, value)
        require(
            self.within > 0, "Clusters: within is 0, but views of one cluster must be joined; pass a positive weight."
        )
        check_support(sum(self.sizes) ** 2, "Clusters")

    @functools.cached_property
    def labels(self) -> np.ndarray:
        """Cluster number of each input, and of each view, (n,)."""
        return np.repeat(np.arange(len(self.sizes)), self.sizes)

    @functools.cached_property
    def table(self) -> FiniteProcess:
        """Prior and channel; the values of inputs and views are their numbers."""
        if len(self.sizes) == 1:
            return FiniteProcess(np.ones(self.sizes[0], dtype=int), np.ones((self.sizes[0],) * 2, dtype=int))
        across = self.labels[:, None] != self.labels[None, :]
        joint = integer_weights([self.within, self.between])[across.astype(int)]
        totals = joint.sum(axis=1)
        if joint.dtype == object:  # whole numbers: weights as they are
            return FiniteProcess(totals, joint)
        return FiniteProcess(totals / totals.sum(), joint / totals[:, None])

    def spectrum(self, count: int) -> Float[np.ndarray, " count"]:
        """The `count` largest eigenvalues of K, from the r x r matrix above."""
        count = positive_int(count, owner="Clusters.spectrum", name="count")
        sizes, within, between = np.array(self.sizes, dtype=np.float64), float(self.within), float(self.between)
        joint = np.full((sizes.size, sizes.size), between) + np.diag(np.full(sizes.size, within - between))
        scale = np.sqrt(sizes / (joint @ sizes))
        values = np.sort(np.linalg.eigvalsh(scale[:, None] * joint * scale[None, :]) ** 2)[::-1][:count]
        values[: min(count, self.n_components)] = 1.0  # known exactly
        return np.concatenate([np.minimum(values, 1.0), np.zeros(count - values.size)])
