"""Empirical minimisers, one or many at a time, and their true suboptimality."""

import jax
import numpy as np
from jaxtyping import Float

from linrep._checks import InputError, generator, positive_int, require
from linrep.features import OneHot
from linrep.moments import empirical
from linrep.moments._types import pencil
from linrep.problems import Problem
from linrep.processes import FiniteProcess


def empirical_minimiser(
    sigma: Float[np.ndarray, "*n D D"], sigma_bar: Float[np.ndarray, "*n D D"], dim: int
) -> Float[np.ndarray, "*n D d"]:
    """W^ of empirical moments: the top-d eigenpairs of Sigma^{-1/2} Sigma_bar Sigma^{-1/2}, negative ones as 0.

    Args:
        sigma, sigma_bar: one pair of moments, or a stack of them; sigma regular.
        dim: d >= 1.

    Raises:
        InputError: d outside 1..D, or a singular sigma.

    Source: theory T12 (ours).

    >>> empirical_minimiser(np.eye(2), np.diag([0.25, -0.5]), 2).tolist()
    [[0.5, 0.0], [0.0, 0.0]]
    """
    dim, order = positive_int(dim, owner="empirical_minimiser", name="dim"), sigma.shape[-1]
    require(dim <= order, f"empirical_minimiser: dim is {dim}, but there are {order} features; ask for at most these.")
    try:
        lower = np.linalg.cholesky(sigma)
    except np.linalg.LinAlgError as singular:
        raise InputError("empirical_minimiser: sigma is singular; draw a larger sample.") from singular
    half = np.linalg.solve(lower, sigma_bar)
    values, vectors = np.linalg.eigh(np.linalg.solve(lower, np.swapaxes(half, -1, -2)))
    head, columns = np.maximum(values[..., ::-1][..., :dim], 0.0), vectors[..., ::-1][..., :dim]
    return np.linalg.solve(np.swapaxes(lower, -1, -2), columns * np.sqrt(head)[..., None, :]) + 0.0


def excess_of(problem: Problem, weights: Float[np.ndarray, "*n D d"]) -> Float[np.ndarray, "*n"]:
    """Population suboptimality of one representation, or of a stack of them.

    Source: theory I1 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=1)
    >>> excess_of(lr.Problem(p, lr.features.Linear(), dim=1), np.eye(3)[:, :1]).item()
    0.0
    """
    sigma, sigma_bar = pencil(problem.moments)
    transposed = np.swapaxes(weights, -1, -2)
    gram, overlap = transposed @ (sigma @ weights), transposed @ (sigma_bar @ weights)
    loss = np.sum(gram**2, axis=(-1, -2)) - 2 * np.trace(overlap, axis1=-2, axis2=-1)
    return loss - problem.solution.loss


def simulated_excess(problem: Problem, size: int, repeats: int, key: jax.Array) -> Float[np.ndarray, " repeats"]:
    """Population suboptimality of the empirical minimiser on independent training sets: sampled evidence.

    Args:
        problem: process, features and d.
        size: n >= 2.
        repeats: number of training sets.
        key: random key.

    Raises:
        InputError: a sample whose Sigma is singular.

    Source: theory T12 (ours).

    >>> import jax, linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=1)
    >>> bool(np.all(simulated_excess(lr.Problem(p, lr.features.Linear(), dim=1), 100, 5, jax.random.key(0)) >= 0))
    True
    """
    count, base = positive_int(repeats, owner="simulated_excess", name="repeats"), problem.with_weights(None)
    drawn = [_moments(base, size, k) for k in jax.random.split(key, count)]
    weights = empirical_minimiser(np.stack([s for s, _ in drawn]), np.stack([b for _, b in drawn]), base.dim)
    return excess_of(base, weights)


def _moments(problem: Problem, size: int, key: jax.Array) -> tuple[np.ndarray, np.ndarray]:
    """Sigma and Sigma_bar of one training set."""
    if not isinstance(problem.process, FiniteProcess):
        _, first, second = problem.process.sample_pairs(key, size)
        found = empirical(first, second, problem.features)
        return found.sigma, found.sigma_bar
    counts = _pair_counts(problem.process, size, key)
    phi = (
        np.eye(problem.process.n_views)
        if isinstance(problem.features, OneHot)
        else problem.features(problem.process.views)
    )
    pairs = (counts + counts.T) / (2 * size)
    return phi.T @ (pairs.sum(axis=1)[:, None] * phi), phi.T @ pairs @ phi


def _pair_counts(process: FiniteProcess, size: int, key: jax.Array) -> np.ndarray:
    """How often each ordered pair of views occurs among n positive pairs, (n, n): a multinomial draw."""
    law = process.pair_law
    return generator(key).multinomial(size, law.ravel() / law.sum()).reshape(law.shape).astype(np.float64)
