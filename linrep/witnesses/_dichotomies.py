"""Linear dichotomies of points, and labellings that all of them serve badly."""

import itertools
import math

import numpy as np

from linrep._linalg import orthonormal_columns, rank_tolerance

LARGEST_POOL = 2048
"""Most dichotomies kept at a time: all of them for few points, a random selection otherwise."""

PROPOSALS = 32
"""Swaps tried together."""

PATIENCE = 4
"""Rounds of swaps without progress after which a descent ends."""


def dichotomies(points: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Sign vectors of linear functions on the points, (P, N) with entries -1, 0, 1; one of each pair h, -h.

    Every maximal one borders on a hyperplane through r - 1 independent points, r the rank: such a hyperplane is tilted
    so that the points on it get each choice of signs. Points that remain on it, as the zero vector does, get 0.
    """
    coordinates = orthonormal_columns(points.T)
    spread = points @ coordinates
    rank = spread.shape[1]
    if rank == 0:
        return np.zeros((1, len(points)))
    subsets, tilts = _borders(len(points), rank - 1, rng)
    chosen = spread[subsets]  # (P, r - 1, r)
    normals = np.linalg.svd(chosen, full_matrices=True)[2][:, -1] if rank > 1 else np.ones((1, 1))
    directions = np.einsum("prk,pk->pr", np.linalg.pinv(chosen), tilts) if rank > 1 else np.ones((1, 1))
    signs = _signs(normals @ spread.T, np.linalg.norm(spread, axis=1))
    tilted = _signs(directions @ spread.T, np.linalg.norm(directions, axis=1)[:, None] * np.linalg.norm(spread, axis=1))
    patterns = np.where(signs == 0, tilted, signs)
    leading = patterns[np.arange(len(patterns)), np.argmax(patterns != 0, axis=1)]
    return np.unique(patterns * np.where(leading < 0, -1.0, 1.0)[:, None], axis=0)


def hostile(patterns: np.ndarray, labels: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """A rearrangement of the labels with which no pattern agrees much, and the largest agreement.

    Descent from a random one: each step exchanges a positive and a negative label so as to lower
    sum_h exp(agreement of h), a smooth stand-in for the largest.
    """
    current = rng.permutation(labels)
    inner, decided = patterns @ current, np.abs(patterns).sum(axis=1)
    cost, idle = _cost(inner, decided, len(labels)), 0
    while idle < PATIENCE:
        ups = rng.choice(np.flatnonzero(current > 0), PROPOSALS)
        downs = rng.choice(np.flatnonzero(current < 0), PROPOSALS)
        proposed = inner + 2 * (patterns[:, downs] - patterns[:, ups]).T
        costs = _cost(proposed, decided, len(labels))
        best = int(np.argmin(costs))
        if not costs[best] < cost:
            idle += 1
            continue
        inner, cost, idle = proposed[best], costs[best], 0
        current[ups[best]], current[downs[best]] = -1, 1
    return current, round(float(np.max(decided + np.abs(inner))) / 2)


def _cost(inner: np.ndarray, decided: np.ndarray, count: int) -> np.ndarray:
    """Sum of exp(agreements - N): h and -h together agree at best in (|decided points| + |h . labels|) / 2 places."""
    return np.exp((decided + np.abs(inner)) / 2 - count).sum(axis=-1)


def _borders(count: int, size: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Subsets of `size` points with signs for each: all of them if they fit the pool, else a random selection."""
    if math.comb(count, size) * 2**size <= LARGEST_POOL:
        subsets = np.array(list(itertools.combinations(range(count), size)), dtype=int)
        tilts = np.array(list(itertools.product((-1.0, 1.0), repeat=size)))
        return np.repeat(subsets, len(tilts), axis=0), np.tile(tilts, (len(subsets), 1))
    subsets = np.argsort(rng.random((LARGEST_POOL, count)), axis=1)[:, :size]
    return subsets, rng.choice([-1.0, 1.0], size=(LARGEST_POOL, size))


def _signs(products: np.ndarray, scale: np.ndarray) -> np.ndarray:
    """Signs of inner products, 0 within their rounding: `scale` bounds each of them."""
    return np.where(np.abs(products) <= rank_tolerance(products.shape, 1.0) * scale, 0.0, np.sign(products))
