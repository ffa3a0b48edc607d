"""How well a view can name its image: the best any classifier can do, exactly or from below."""

import math
from fractions import Fraction

import numpy as np

from linrep.datasets import Digits
from linrep.processes import ImageShifts
from proofs_check.experiments._augmentation import Augmentation, hashes

Known = tuple[float | None, float | None]
"""The Bayes accuracy 1 − τ where it is exact, and a lower bound of it; None where there is neither."""


def bayes(data: Digits, augmentation: Augmentation) -> Known:
    """1 − τ among the images of a class, the mean over all images: what no classifier exceeds.

    Exact for whole-pixel shifts, whose views are listed. A hash names all images but those that share it with another
    one of their class. A turn is one of a continuum: nothing is known. Noise and dark pixels have the bound of
    `overlap`.
    """
    classes = [np.flatnonzero(data.labels == digit) for digit in np.unique(data.labels)]
    if augmentation.marks:
        bits = hashes(data.images).reshape(len(data.labels), -1)[:, : augmentation.marks]
        least = sum(len(np.unique(bits[rows], axis=0)) for rows in classes) / len(bits)
        return (1.0 if least == 1 else None), least
    if augmentation.angle or (augmentation.shift and (augmentation.kept < 1 or augmentation.noise)):
        return None, None
    shares = [len(rows) / len(data.labels) for rows in classes]
    if augmentation.shift:
        grey = np.rint(16 * data.images).astype(np.int64)
        errors = [ImageShifts(grey[rows], augmentation.shift, "zero").identification_error for rows in classes]
        found = float(
            1 - sum(Fraction(len(rows), len(grey)) * error for rows, error in zip(classes, errors, strict=True))
        )
        return found, found
    flat = data.images.reshape(len(data.labels), -1)
    return None, 1 - math.fsum(
        share * overlap(flat[rows], augmentation) for share, rows in zip(shares, classes, strict=True)
    )


def overlap(images: np.ndarray, augmentation: Augmentation) -> float:
    """An upper bound of τ for images (N, m) whose pixels go dark or noisy independently of each other.

    τ ≤ (1/N) Σ_{i<j} Σ_v min(A_i(v), A_j(v)) ≤ (1/N) Σ_{i<j} Σ_v √(A_i(v) A_j(v)), and the last sum is a product over
    the pixels.

    Source: ours.

    >>> overlap(np.array([[0.0], [1.0]]), Augmentation("dark", kept=0.75))
    0.25
    """
    levels, places = np.unique(images, return_inverse=True)
    alike, places = shared(levels, augmentation.kept, augmentation.noise), places.reshape(images.shape)
    with np.errstate(divide="ignore"):  # pixels that have nothing in common
        total = sum(np.log(alike[np.ix_(column, column)]) for column in places.T)
    return float(np.exp(total)[np.triu_indices(len(images), 1)].sum() / len(images))


def shared(levels: np.ndarray, kept: float, noise: float) -> np.ndarray:
    """An upper bound of Σ √(p q) for the laws p, q of a pixel of two grey levels, (L, L); at most 1.

    A pixel has a lit part, at its level, and a dark part at 0, which is all of a dark pixel. The root of a sum is at
    most the sum of the roots; normal laws with means a, b have the coefficient exp(−(a − b)²/(8σ²)).

    Source: ours.

    >>> shared(np.array([0.0, 1.0]), 0.75, 0.0).round(9).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    """
    places = (levels, np.zeros_like(levels))
    lit = np.where(levels > 0, kept, 0.0)
    shares = (np.sqrt(lit), np.sqrt(1 - lit))
    parts = [
        np.outer(a, b) * _close(x[:, None] - y, noise)
        for a, x in zip(shares, places, strict=True)
        for b, y in zip(shares, places, strict=True)
    ]
    return np.minimum(sum(parts), 1.0)


def _close(distance: np.ndarray, noise: float) -> np.ndarray:
    return np.exp(-(distance**2) / (8 * noise**2)) if noise else (distance == 0).astype(float)
