"""A problem: what a theorem is asked about."""

import functools
import math
import numbers
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

import numpy as np
from jaxtyping import Float

from linrep._checks import InputError, positive_int, require
from linrep.features import AbstractFeatures, OneHot
from linrep.labels import AbstractLabel, as_label
from linrep.moments import Moments, StructuredMoments, population
from linrep.moments._types import representation_matrix
from linrep.processes import AbstractProcess
from linrep.processes._tabulated import AbstractTabulated
from linrep.solutions import Solution, solve


@dataclass(frozen=True)
class Sample:
    """A training set that is still to be drawn: n independent inputs with two views each.

    Args:
        size: n >= 1.
        failure: delta in (0, 1), the probability with which a guarantee may fail.

    Raises:
        InputError: a size below 1, or a failure probability outside (0, 1).

    Source: theory T12 (ours).

    >>> Sample(1000, 0.05).size
    1000
    """

    size: int
    failure: Fraction | float

    def __post_init__(self) -> None:
        positive_int(self.size, owner="Sample", name="size")
        real = isinstance(self.failure, numbers.Real) and not isinstance(self.failure, bool)
        require(
            real and 0 < self.failure < 1,
            f"Sample: failure is {self.failure!r}, but it is a probability strictly between 0 and 1; pass 0.05, say.",
        )


@dataclass(frozen=True, eq=False)
class Problem:
    """A process, a function class, a label and a dimension; perhaps a representation of the class.

    Args:
        process: an augmentation process.
        features: the feature map, which is the function class.
        labels: an array over the inputs of a finite process, a label object, or None where no theorem about labels is
            asked. In an array, -1 and +1 are signs, other whole numbers of at least 0 are names of classes, and the
            rest are real targets; counts as targets are floats, or `labels.Table(values, "real")`.
        dim: d, the dimension of the representation.
        weights: W, (D, d); None stands for the minimisers of the spectral loss.
        score: v, (D,), a score h = v . phi for margin theorems; None stands for the least-squares score Sigma^+ b.
        negatives: m, how many negative samples stand beside a positive one in the contrastive loss.
        sample: size and failure probability of a training set, for guarantees on the empirical minimiser; or None.
        temperature: t > 0, by which scores f(x).f(x') are divided in it; a Fraction or an integer is kept exactly.

    Raises:
        InputError: d or m below 1, t not positive, weights or a score of a wrong shape, labels that do not fit.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> lr.Problem(p, lr.features.Linear(), lr.labels.Coordinate(0), dim=10).solution.loss
    -10.0
    """

    process: AbstractProcess
    features: AbstractFeatures
    labels: Any = None
    dim: int = 1
    weights: np.ndarray | None = None
    score: np.ndarray | None = None
    negatives: int = field(default=1, kw_only=True)
    temperature: Fraction | float | int = field(default=1, kw_only=True)
    sample: Sample | None = field(default=None, kw_only=True)

    def __post_init__(self) -> None:
        for name, kind in (("process", AbstractProcess), ("features", AbstractFeatures), ("sample", Sample | None)):
            value = getattr(self, name)
            require(
                isinstance(value, kind),
                f"Problem: {name} is {value!r}, but the problem's {name} must be one of linrep's; pass such an object.",
            )
        positive_int(self.dim, owner="Problem", name="dim")
        positive_int(self.negatives, owner="Problem", name="negatives")
        _positive_temperature(self.temperature)
        if isinstance(self.process, AbstractTabulated):  # given by a table: asked about as that table
            object.__setattr__(self, "process", self.process.finite())
        for name in ("labels", "weights", "score"):  # later changes to the caller's arrays must not reach the problem
            if isinstance(getattr(self, name), (np.ndarray, list)):
                object.__setattr__(self, name, np.array(getattr(self, name)))
        if self.labels is not None:
            as_label(self.labels, self.process)
        if self.weights is not None:
            matrix = representation_matrix(self.moments, self.weights, "Problem")
            require(
                matrix.shape[1] == self.dim,
                f"Problem: weights have {matrix.shape[1]} columns, but dim is {self.dim}; pass W of shape (D, dim).",
            )
        if self.score is not None:
            require(
                representation_matrix(self.moments, self.score, "Problem").shape[1] == 1,
                "Problem: score must be one vector v of length D; pass one.",
            )

    @functools.cached_property
    def label(self) -> AbstractLabel:
        """The labels as a label object, or a refusal if there are none."""
        if self.labels is None:
            raise InputError("Problem: there are no labels, but this quantity is about a label; pass `labels`.")
        return as_label(self.labels, self.process)

    @functools.cached_property
    def moments(self) -> Moments | StructuredMoments:
        """Population moments of process, features and labels."""
        return population(self.process, self.features, self.labels)

    @functools.cached_property
    def solution(self) -> Solution:
        """All minimisers of the spectral loss at dimension d."""
        return solve(self.moments, dim=self.dim)

    @property
    def unrestricted(self) -> bool:
        """Whether the class is all functions of a view."""
        return isinstance(self.features, OneHot)

    @functools.cached_property
    def representation(self) -> Float[np.ndarray, "D d"]:
        """The weights W, or one minimiser where none were given."""
        if self.weights is None:
            return self.solution.weights
        return representation_matrix(self.moments, self.weights, "Problem")

    @functools.cached_property
    def memo(self) -> dict[Any, Any]:
        """Quantities already computed on this problem; they are pure functions of it."""
        return {}

    def with_weights(self, weights: np.ndarray | None) -> "Problem":
        """The same problem asked about another representation."""
        return replace(self, weights=weights)


def _positive_temperature(value: Any) -> None:
    real = isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))
    try:
        size = float(value) if real else 0.0
    except OverflowError:  # a whole number or a Fraction beyond float64
        size = math.inf
    require(
        0 < size < math.inf,
        f"Problem: temperature is {value!r}, but it must be a positive number; pass 1, or Fraction(1, 2), say.",
    )
