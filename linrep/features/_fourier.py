"""Random Fourier features of a Gaussian kernel."""

import numbers
from dataclasses import dataclass

import jax
import numpy as np
from jaxtyping import Float

from linrep._checks import generator, positive_int, require
from linrep.features._abstract import AbstractFeatures, view_matrix


@dataclass(frozen=True, eq=False)
class RandomFourier(AbstractFeatures):
    """phi_j(x) = sqrt(2 / D) cos(omega_j . x + u_j), omega_j ~ N(0, I / bandwidth^2), u_j ~ U[0, 2 pi).

    Args:
        count: D, the number of features.
        bandwidth: length scale of the Gaussian kernel, positive, in units of the views.
        key: a JAX random key; the same key gives the same features.

    Raises:
        InputError: count below 1 or a bandwidth that is not positive.

    Source: Rahimi and Recht (2007); here as a function class (ours).

    >>> import jax
    >>> RandomFourier(4, 1.0, jax.random.key(0))([[0.0], [1.0]]).shape
    (2, 4)
    """

    count: int
    bandwidth: float
    key: jax.Array

    def __post_init__(self) -> None:
        positive_int(self.count, owner="RandomFourier", name="count")
        require(
            isinstance(self.bandwidth, numbers.Real) and 0 < self.bandwidth < np.inf,
            f"RandomFourier: bandwidth is {self.bandwidth!r}, but it must be a positive number; pass a length scale.",
        )

    @property
    def name(self) -> str:
        return f"RandomFourier({self.count}, {self.bandwidth:g})"

    def frequencies(self, coordinates: int) -> tuple[Float[np.ndarray, "D m"], Float[np.ndarray, " D"]]:
        """The frequencies omega, (D, m), and phases u, (D,), for views of `coordinates` numbers."""
        rng = generator(self.key)
        omega = rng.standard_normal((self.count, coordinates)) / self.bandwidth
        return omega, rng.uniform(0.0, 2 * np.pi, self.count)

    def __call__(self, views: np.ndarray) -> Float[np.ndarray, "n D"]:
        values = view_matrix(views, "RandomFourier")
        omega, phase = self.frequencies(values.shape[1])
        return np.sqrt(2.0 / self.count) * np.cos(values @ omega.T + phase)

    def exact(self, views: np.ndarray) -> None:
        return None
