"""Views that are independent given a latent class."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from linrep.processes._finite import FiniteProcess
from linrep.processes._tabulated import AbstractTabulated


@dataclass(frozen=True, init=False, eq=False)
class LatentClasses(AbstractTabulated):
    """A positive pair is two independent views of one latent class c ~ weights, view ~ conditionals[c].

    The classes are the inputs, so P_plus = sum_c rho(c) D_c D_c^T.

    Args:
        weights: (r,) law rho of the class; integers are weights.
        conditionals: (r, n) rows D_c, the law of a view given the class; integers are weights.
        views: values of the views, default 0, 1, …

    Raises:
        InputError: as `FiniteProcess`.

    Source: Arora et al. (2019), section 2.

    >>> LatentClasses([1, 1], [[3, 1, 0], [0, 1, 3]]).posterior_collision
    Fraction(7, 8)
    """

    _table: FiniteProcess

    def __init__(self, weights: Any, conditionals: Any, views: Any = None) -> None:
        object.__setattr__(self, "_table", FiniteProcess(weights, conditionals, views=views))

    @property
    def table(self) -> FiniteProcess:
        """Prior rho and channel D, both exact if they were given so."""
        return self._table

    @property
    def classes(self) -> np.ndarray:
        """Numbers of the classes of positive probability, in the order of the inputs; they are also the labels."""
        return self.table.inputs
