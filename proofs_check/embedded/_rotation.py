"""Suboptimal representations: one leading eigenvector of K turned towards a later one."""

import numpy as np

from linrep._checks import require
from linrep.problems import Problem
from linrep.quantities import Measured, index_grid, measure
from linrep.symbols import SUBOPTIMALITY


def rotated(problem: Problem, share: float, *, out: int, towards: int) -> Problem:
    """The problem asked about a minimiser whose eigenvector `out` has the part `share` of its square turned `towards`.

    In the eigenbasis of K the column is (sqrt(1 - share) v_out + sqrt(share) v_towards) times the root of its own
    Rayleigh quotient, the best length; so eps = kappa_out^2 - ((1 - share) kappa_out + share kappa_towards)^2.

    Args:
        problem: of which one minimiser is turned.
        share: in [0, 1]; 1 swaps the two eigenvectors.
        out: position, from 0, of an eigenvector that is kept, below d.
        towards: position of one that is left out, at least d and below the rank.

    Raises:
        InputError: positions or a share out of range.

    Source: ours.

    >>> from linrep.gallery import example_one_dictator
    >>> swapped = rotated(example_one_dictator(), 1.0, out=0, towards=10)
    >>> float(abs(swapped.weights[10, 0]).round(12))
    1.5
    """
    found, dim = problem.solution.spectrum, problem.dim
    require(0 <= share <= 1, f"rotated: share is {share}, but a part of a square lies in [0, 1]; pass such a number.")
    require(
        0 <= out < dim <= towards < found.rank,
        f"rotated: positions {out} and {towards} were named, but one below d = {dim} and one from there below the rank "
        f"{found.rank} are needed; name such positions.",
    )
    matrix = np.zeros((found.rank, dim))
    matrix[np.arange(dim), np.arange(dim)] = np.sqrt(found.values[:dim])
    length = np.sqrt((1 - share) * found.values[out] + share * found.values[towards])
    matrix[out, out], matrix[towards, out] = length * np.sqrt(1 - share), length * np.sqrt(share)
    return problem.with_weights(np.asarray(found.basis @ matrix))


def share_for(problem: Problem, suboptimality: float, *, out: int, towards: int) -> float:
    """The share at which `rotated` has the given suboptimality, or 1 where even the swap costs less.

    Source: ours.

    >>> from linrep.gallery import example_one_dictator
    >>> share_for(example_one_dictator(), 7 / 16, out=0, towards=10)
    1.0
    """
    kappa = problem.solution.spectrum.values
    kept, left = float(kappa[out]), float(kappa[towards])
    if kept**2 - left**2 <= suboptimality:
        return 1.0
    return (kept - np.sqrt(kept**2 - suboptimality)) / (kept - left)


def suboptimality_of(problem: Problem) -> float:
    """eps of the problem's representation, as theorems see it.

    Source: ours.

    >>> from linrep.gallery import example_one_swap
    >>> round(suboptimality_of(example_one_swap()), 12)
    0.4375
    """
    found = measure(SUBOPTIMALITY, problem, index_grid(problem))
    assert isinstance(found, Measured)
    return float(found.value)
