"""What no guarantee can say: thresholds of the loss beyond which it carries no information on a label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from linrep._checks import positive_int, require
from linrep.moments._types import AnyMoments
from linrep.solutions import Spectrum, spectrum
from linrep.solutions._compression import compress, compressed_values, label_directions


@dataclass(frozen=True, eq=False)
class VacuityThreshold:
    """The loss from which on a representation of the class may carry no linear information on the label.

    Attributes:
        loss: l_vac.
        budget: eps_vac = l_vac - min loss, at least 0.
        witness: W, (D, d), of loss l_vac, with W.T E[phi (label - E label)] = 0.

    Source: theory V5 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> m = lr.moments.population(p, lr.features.Linear(), lr.labels.Coordinate(0))
    >>> threshold(m, dim=10).budget
    0.4375
    """

    loss: float
    budget: float
    witness: Float[np.ndarray, "D d"]


def threshold(moments: AnyMoments, *, dim: int, intercept: bool = True) -> VacuityThreshold:
    """Smallest loss at which some f = W.T phi has the regression risk of the best constant, for either readout.

    With c_0 = Sigma^{-1/2} E[phi (label - E label)]: l_vac = -sum_{i<=d} kappa_i(K on the complement of c_0)^2. Every
    guarantee
    on the squared error that does not decrease with the loss is vacuous from suboptimality eps_vac on. With
    intercept=False the raw c takes the place of c_0 and the risk is E label^2.

    Args:
        moments: with labels.
        dim: d >= 1.
        intercept: whether the readout fits a constant.

    Raises:
        InputError: moments without labels, or d below 1.

    Source: theory V5 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1] * 4, np.eye(4, dtype=int))
    >>> m = lr.moments.population(p, lr.features.OneHot(), [1, 1, -1, -1])
    >>> round(threshold(m, dim=2).budget, 12)
    0.0
    """
    dim = positive_int(dim, owner="transfer.threshold", name="dim")
    found = spectrum(moments)
    blind = compress(found, label_directions(found, moments, intercept=intercept), dim)
    head = np.concatenate([found.values[:dim], np.zeros(max(dim - found.rank, 0))])
    budget = float(np.sum(head**2 - blind.values**2))
    witness = np.asarray(found.basis @ (blind.vectors * np.sqrt(blind.values)))
    # Interlacing makes every term non-negative; rounding of d terms of size at most one is all that can go below.
    return VacuityThreshold(-float(np.sum(blind.values**2)), max(budget, 0.0), witness)


def budgets(
    moments: AnyMoments, *, dims: Sequence[int], intercept: bool = True, found: Spectrum | None = None
) -> Float[np.ndarray, " n"]:
    """eps_vac of `threshold` at many dimensions, from one spectrum and without a witness.

    Args:
        moments: with labels.
        dims: dimensions d >= 1.
        intercept: whether the readout fits a constant.
        found: the complete spectrum of these moments, where it is known already.

    Raises:
        InputError: moments without labels, a dimension below 1, or a partial spectrum.

    Source: theory V5 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> m = lr.moments.population(p, lr.features.Affine(), lr.labels.Coordinate(0))
    >>> budgets(m, dims=[10, 11]).tolist()
    [0.0, 0.4375]
    """
    wanted = np.array(
        [positive_int(d, owner="transfer.budgets", name="an entry of dims") for d in dims], dtype=np.int64
    )
    found = spectrum(moments) if found is None else found
    require(
        found.complete, "transfer.budgets: the spectrum is partial, but all eigenvalues are needed; leave out `count`."
    )
    blind = compressed_values(found, label_directions(found, moments, intercept=intercept))
    lost = found.values**2 - np.concatenate([blind, np.zeros(found.rank - blind.size)]) ** 2
    # Every term is non-negative by interlacing, up to rounding; summing terms keeps the digits that a difference of
    # sums loses.
    total = np.concatenate([[0.0], np.cumsum(np.maximum(lost, 0.0))])
    return total[np.minimum(wanted, found.rank)]
