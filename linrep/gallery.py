"""Worked problems, by the tokens that theorems name: where they are attained, where they say something."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from linrep import symbols as sym
from linrep.features import Linear, OneHot
from linrep.labels import Coordinate, Table
from linrep.problems import Problem
from linrep.processes import Clusters, FiniteProcess, HypercubeFlip, HypercubeScaling, Uniform
from linrep.symbols import Example


def example_one_dictator() -> Problem:
    """Example 1 at D = 50, k = 10, linear features, d = 10, label one relevant coordinate.

    Source: Saunshi et al. (2022), Example 1 and Corollary 4.2.

    >>> example_one_dictator().solution.loss
    -10.0
    """
    process = HypercubeScaling(dim=50, relevant=10, scale=Uniform(0, 1))
    return Problem(process, Linear(), Coordinate(0), dim=10)


def example_one_swap(angle: float = np.pi / 2) -> Problem:
    """Example 1 at D = 50, k = d = 10 with the label's coordinate turned towards a spurious one.

    At the angle pi / 2 it is swapped: eps = 1 - (3/4)^2 = 7/16 and the risk is 1, so (16/7) eps is attained.

    Source: ours.

    >>> import linrep as lr
    >>> swap = example_one_swap()
    >>> round(lr.losses.spectral(swap.moments, swap.weights), 12)
    -9.5625
    >>> lr.risks.regression(swap.moments, swap.weights, readout="mean")
    1.0
    """
    base = example_one_dictator()
    weights = np.zeros((50, 10))
    weights[np.arange(1, 10), np.arange(1, 10)] = 1.0
    # In the whitened space the first column is (cos e_1 + sin e_11) times the root of its own kappa, the best length.
    length = np.sqrt(np.cos(angle) ** 2 + 0.75 * np.sin(angle) ** 2)
    weights[0, 0], weights[10, 0] = length * np.cos(angle), length * np.sin(angle) * np.sqrt(3.0)
    return base.with_weights(weights)


def flip_dictator() -> Problem:
    """A flipped cube whose least reliable coordinate is the label and is what d leaves out: T1 and T2 are equalities.

    Source: ours.

    >>> flip_dictator().solution.tie is None
    True
    """
    keep = (Fraction(19, 20), Fraction(9, 10), Fraction(3, 4))
    return Problem(HypercubeFlip(dim=3, keep=keep), Linear(), Coordinate(2), dim=2)


def disjoint_pairs(n_inputs: int = 16) -> Problem:
    """Inputs with two views of their own each, all functions of a view, d = 2, balanced signs: the label is lost in a
    tie.

    Source: Saunshi et al. (2022), Lemma 4.1, the setting.

    >>> disjoint_pairs().solution.tie[:2]
    (16, 2)
    """
    channel = np.kron(np.eye(n_inputs, dtype=int), np.ones((1, 2), dtype=int))
    labels = np.where(np.arange(n_inputs) < n_inputs // 2, 1, -1)
    return Problem(FiniteProcess([1] * n_inputs, channel), OneHot(), labels, dim=2)


def nearly_disjoint(noise: Fraction = Fraction(1, 20), n_inputs: int = 8) -> Problem:
    """Every input shows its own view, or with a little noise any view: lambda_2 = … = lambda_N, so (1 - theta)/(1 -
    d/N) at
    d = 1 is an equality.

    Source: ours.

    >>> nearly_disjoint().process.identification_error
    Fraction(7, 160)
    """
    stay = noise.denominator - noise.numerator
    channel = np.full((n_inputs, n_inputs), noise.numerator) + np.eye(n_inputs, dtype=int) * n_inputs * stay
    labels = np.where(np.arange(n_inputs) < n_inputs // 2, 1, -1)
    return Problem(FiniteProcess([1] * n_inputs, channel), OneHot(), labels, dim=1)


def two_clusters() -> Problem:
    """Two clusters of views that mix a little, all functions of a view, d = 2, the label is the cluster.

    Source: ours, after the stochastic block picture of HaoChen et al. (2021).

    >>> two_clusters().label.kind
    'classes'
    """
    process = Clusters(sizes=(4, 4), within=199, between=1)
    return Problem(process, OneHot(), Table(process.labels, "classes"), dim=2)


EXAMPLES: dict[Example, Callable[[], Problem]] = {
    sym.EXAMPLE_ONE_DICTATOR: example_one_dictator,
    sym.EXAMPLE_ONE_SWAP: example_one_swap,
    sym.FLIP_DICTATOR: flip_dictator,
    sym.DISJOINT_PAIRS: disjoint_pairs,
    sym.NEARLY_DISJOINT: nearly_disjoint,
    sym.TWO_CLUSTERS: two_clusters,
}
"""The problem behind each example token."""
