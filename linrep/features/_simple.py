"""One-hot, linear, affine and user-given feature maps."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from linrep._checks import positive_int, require
from linrep.features._abstract import AbstractFeatures, exact_view_matrix, number_matrix, view_matrix


@dataclass(frozen=True)
class OneHot(AbstractFeatures):
    """phi(x) = the indicator of the view x: the unrestricted class, D = n.

    It is called with the values of all views of a process, in order; every view is its own coordinate, whatever its
    value.

    Source: HaoChen et al. (2021), the class of all functions.

    >>> OneHot()([10, 20]).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    def __call__(self, views: np.ndarray) -> Float[np.ndarray, "n n"]:
        return np.eye(len(views))

    def exact(self, views: np.ndarray) -> np.ndarray:
        return np.eye(len(views), dtype=int).astype(object)


@dataclass(frozen=True)
class Linear(AbstractFeatures):
    """phi(x) = x, the view's value as a vector (a number counts as a vector of length one).

    Source: Saunshi et al. (2022), Example 1.

    >>> Linear()([[1, 2], [3, 4]]).tolist()
    [[1.0, 2.0], [3.0, 4.0]]
    """

    def __call__(self, views: np.ndarray) -> Float[np.ndarray, "n D"]:
        return view_matrix(views, "Linear")

    def exact(self, views: np.ndarray) -> np.ndarray | None:
        return exact_view_matrix(views)


@dataclass(frozen=True)
class Affine(AbstractFeatures):
    """phi(x) = (1, x): linear with a constant feature first.

    Source: ours.

    >>> Affine()([[2, 5]]).tolist()
    [[1.0, 2.0, 5.0]]
    """

    def __call__(self, views: np.ndarray) -> Float[np.ndarray, "n D"]:
        values = view_matrix(views, "Affine")
        return np.concatenate([np.ones((values.shape[0], 1)), values], axis=1)

    def exact(self, views: np.ndarray) -> np.ndarray | None:
        values = exact_view_matrix(views)
        if values is None:
            return None
        return np.concatenate([np.ones((values.shape[0], 1), dtype=object), values], axis=1)


@dataclass(frozen=True)
class Custom(AbstractFeatures):
    """phi = fn, a function of the array of view values that returns an (n, dim) array.

    It is exact where `fn` returns integers or Fractions. Integer views come as they are: int64 arithmetic inside `fn`
    wraps beyond 2^63 as NumPy's does; take `views.astype(object)` there.

    Args:
        fn: maps view values (n, ...) to features (n, dim).
        dim: D, at least 1.

    Raises:
        InputError: when called, if `fn` returns another shape or a non-finite number.

    Source: ours.

    >>> import numpy as np
    >>> Custom(lambda v: np.stack([v, v**2], axis=1), 2)(np.array([1, 3])).tolist()
    [[1.0, 1.0], [3.0, 9.0]]
    """

    fn: Callable[[np.ndarray], np.ndarray]
    dim: int

    def __post_init__(self) -> None:
        positive_int(self.dim, owner="Custom", name="dim")
        require(callable(self.fn), f"Custom: fn is {self.fn!r}, but a function of view values is needed; pass one.")

    def __call__(self, views: np.ndarray) -> Float[np.ndarray, "n D"]:
        values = np.asarray(views)
        found = self._values(values.astype(np.float64) if values.dtype == object else values)
        return number_matrix(found, "Custom: the values of fn", "correct `fn`")

    def exact(self, views: np.ndarray) -> np.ndarray | None:
        return exact_view_matrix(self._values(views))

    def _values(self, views: np.ndarray) -> np.ndarray:
        values = np.asarray(self.fn(np.asarray(views)))
        expected = (len(views), self.dim)
        require(
            values.shape == expected,
            f"Custom: fn returned an array of shape {values.shape} for {len(views)} views, but {expected} is needed; "
            "return one row a view, or correct `dim`.",
        )
        return values
