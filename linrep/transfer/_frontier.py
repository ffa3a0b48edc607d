"""Lower curves: witnesses of large risk at every loss, by eigenvectors, geodesics and ascent along level sets."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from linrep.transfer._dual import LARGE, Growth
from linrep.transfer._spans import Space, between, blind, heads, improved, measure, pull

TILTS = np.logspace(-3.0, 9.0, 24)
"""Multipliers, in units of the label's energy, of the eigenvalue problems that start the search."""

SWEEPS = 3
"""Fixed-point steps Q <- top eigenvectors of 2 s K Q Q.T K - C C.T from each start."""

BRIDGES = np.array([0.2, 0.4, 0.6, 0.8])
"""Where the geodesic between two neighbours of the frontier is tried."""

ROUNDS, STEPS, HALVINGS = 2, 60, 25
"""Rounds of bridges, steps of ascent on level sets, halvings of the last geodesic."""

LAST = 15
"""Steps at the end that only lead back to the level set."""

PLANES, ANGLES = 6, np.linspace(0.0, np.pi / 2, 9)[1:]
"""How many kept and how many lost eigenvectors are paired, and how far a pair is turned."""

WIDTH, NARROW = 48, 12
"""About how many witnesses of a frontier are bridged, with few coordinates and with many."""


class Pool(NamedTuple):
    """Witnesses: spans (n, m, k), losses (n,) and risks (n,)."""

    spans: np.ndarray
    losses: np.ndarray
    risks: np.ndarray


def pool_of(space: Space, spans: Float[np.ndarray, "n m k"]) -> Pool:
    """Spans with their measured losses and risks."""
    return Pool(spans, *measure(space, spans))


def frontier(pool: Pool) -> Pool:
    """The witnesses that no other one beats in both loss and risk, by ascending loss."""
    order = np.lexsort((-pool.risks, pool.losses))
    before = np.concatenate([[-np.inf], np.maximum.accumulate(pool.risks[order])[:-1]])
    kept = order[pool.risks[order] > before]
    return Pool(*(part[kept] for part in pool))


def thinned(pool: Pool) -> Pool:
    """Of a frontier, the last witness of each of equally wide intervals of risk."""
    width = NARROW if pool.spans.shape[1] > LARGE else WIDTH
    place = np.floor(width * (pool.risks - pool.risks[0]) / max(float(np.ptp(pool.risks)), np.finfo(float).tiny))
    kept = np.unique(np.concatenate([[0], np.flatnonzero(np.diff(place) > 0), [pool.risks.size - 1]]))
    return Pool(*(part[kept] for part in pool))


def merged(*pools: Pool) -> Pool:
    """The frontier of several pools together."""
    return frontier(Pool(*(np.concatenate(parts) for parts in zip(*pools, strict=True))))


def starts(space: Space, growths: list[Growth], count: int, rng: np.random.Generator) -> Pool:
    """The worst minimisers, the blind representation, the eigenvectors of the dual, fixed points, `count` random ones.

    A large multiplier picks, among tied minimisers, the one that sees least of the label.
    """
    energy = space.cross @ space.cross.T
    tilts = float(np.trace(energy)) * TILTS
    first = [heads(tilts[:, None, None] * np.diag(growth.of(space.kappa)) - energy, space.size) for growth in growths]
    first.append(blind(space, space.cross[None]))
    first.append(blind(space, space.cross * np.exp(2.0 * rng.standard_normal((count, *space.cross.shape)))))
    first.append(blind(space, planes(space)))
    found = [np.concatenate(first)]
    if space.readout == "augmented":
        current = found[0][: tilts.size]
        for _ in range(SWEEPS):
            image = space.kappa[:, None] * current
            current = heads(2 * tilts[:, None, None] * (image @ np.swapaxes(image, 1, 2)) - energy, space.size)
            found.append(current)
    everything = np.concatenate(found)
    return merged(pool_of(space, everything), pool_of(space, improved(space, everything)))


def planes(space: Space) -> Float[np.ndarray, "n m 1"]:
    """Directions to give up in the planes of a kept and a lost eigenvector, the richest in label of each first."""
    energy, order = np.sum(space.cross**2, axis=1), np.argsort(-space.kappa, kind="stable")
    kept, lost = (part[np.argsort(-energy[part], kind="stable")[:PLANES]] for part in np.split(order, [space.size]))
    pairs = np.array(np.meshgrid(kept, lost)).reshape(2, -1).T
    signs = np.where(np.sum(space.cross[pairs[:, 0]] * space.cross[pairs[:, 1]], axis=1) < 0, -1.0, 1.0)
    normals = np.zeros((len(pairs), ANGLES.size, space.kappa.size))
    rows = np.arange(len(pairs))
    normals[rows, :, pairs[:, 0]] = np.sin(ANGLES)
    normals[rows, :, pairs[:, 1]] += signs[:, None] * np.cos(ANGLES)
    return normals.reshape(-1, space.kappa.size, 1)


def bridged(space: Space, pool: Pool) -> Pool:
    """The frontier with points on the geodesics between its neighbours, as they are and improved."""
    coarse = thinned(pool)
    steps = coarse.losses.size - 1
    if steps < 1:
        return pool
    left, right = (np.repeat(side, BRIDGES.size, axis=0) for side in (coarse.spans[:-1], coarse.spans[1:]))
    spans = between(left, right, np.tile(BRIDGES, steps))
    return merged(pool, pool_of(space, spans), pool_of(space, improved(space, spans)))


def ascended(space: Space, pool: Pool, losses: Float[np.ndarray, " L"]) -> Pool:
    """Ascent of the risk along the sets of constant loss, from the neighbours of each loss on the frontier."""
    place = np.searchsorted(pool.losses, losses, side="right")
    picks = np.concatenate([np.maximum(place - 1, 0), np.minimum(place, pool.losses.size - 1)])
    target = np.tile(space.fixed_loss - losses, 2)
    spans, seen = pool.spans[picks], [pool]
    for step in range(STEPS):
        gain, slope, energy = pull(space, spans)
        size = np.sum(slope**2, axis=(1, 2))
        size = np.where(size > space.error, size, np.inf)
        along = energy - (np.sum(energy * slope, axis=(1, 2)) / size)[:, None, None] * slope
        move = ((target - gain) / size)[:, None, None] * slope
        if step < STEPS - LAST:
            move = move - along / (2.0 * np.sum(space.cross**2))
        length = np.sqrt(np.sum(move**2, axis=(1, 2)))
        reach = 0.3 / (1.0 + step / 5)  # shorter steps settle where the level sets are strongly curved
        spans = np.linalg.qr(spans + move * (reach / np.maximum(length, reach))[:, None, None])[0]
        if step % 15 == 14:
            seen += [pool_of(space, spans), pool_of(space, improved(space, spans))]
    return merged(*seen)


def reached(space: Space, pool: Pool, losses: Float[np.ndarray, " L"]) -> Pool:
    """For each loss the best witness that does not exceed it, moved towards the next one of the frontier as far as
    the loss allows."""
    place = np.searchsorted(pool.losses, losses, side="right") - 1
    place, after = np.maximum(place, 0), np.minimum(np.maximum(place, 0) + 1, pool.losses.size - 1)
    best = Pool(*(part[place].copy() for part in pool))
    low, high = np.zeros(losses.size), np.ones(losses.size)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        tried = pool_of(space, between(pool.spans[place], pool.spans[after], middle))
        allowed = tried.losses <= losses
        low, high = np.where(allowed, middle, low), np.where(allowed, high, middle)
        better = allowed & (tried.risks > best.risks)
        for kept, new in zip(best, tried, strict=True):
            kept[better] = new[better]
    return best


def search(
    space: Space, growths: list[Growth], losses: Float[np.ndarray, " L"], *, count: int, rng: np.random.Generator
) -> Pool:
    """For each loss the witness of the largest risk found; the least loss must be among what the space allows."""
    pool = starts(space, growths, count, rng)
    if not np.any(space.cross):  # nothing to lose: all risks are the same
        return reached(space, pool, losses)
    for _ in range(ROUNDS):
        pool = bridged(space, pool)
    pool = bridged(space, ascended(space, pool, losses))
    return reached(space, pool, losses)
