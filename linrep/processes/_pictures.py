"""What an image process holds: pixels, moves of pixels, and steps on each pixel."""

import itertools
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import numpy as np
import scipy.stats

from linrep._types import Rational
from linrep.processes._given import Dropout, Step

Boundary = Literal["cyclic", "zero"]


@dataclass(frozen=True, eq=False)
class Pictures:
    """Images, and what happens to them: one of several equally likely moves, then steps on each pixel.

    Attributes:
        values: (N, m) pixels, integers or floats, as given.
        grid: (h, w) where it is known.
        moves: (K, m) where each pixel comes from; m stands for a black one from outside.
        steps: dropout and noise, in order.
        prior: the law of the image, and as it was given.
    """

    values: np.ndarray
    grid: tuple[int, int] | None
    moves: np.ndarray
    steps: tuple[Step, ...]
    prior: tuple[np.ndarray, np.ndarray]


def pixel_atoms(value: Any, steps: tuple[Step, ...], levels: int) -> list[tuple[Any, Rational]]:
    """Values of one pixel after the steps and their probabilities."""
    law: dict[Any, Rational] = {value: Fraction(1)}
    for step in steps:
        after: dict[Any, Rational] = {}
        for old, mass in law.items():
            if isinstance(step, Dropout):
                moved = [(0 * old, 1 - step.keep), (old / step.keep, step.keep)]
            else:
                points = scipy.stats.norm.ppf((2 * np.arange(levels) + 1) / (2 * levels)).tolist()
                moved = [(float(old) + step.sigma * z, Fraction(1, levels)) for z in points]
            for new, share in moved:
                after[new] = after.get(new, Fraction(0)) + mass * share
        law = after
    return list(law.items())


def with_step(base: Pictures, step: Step | None) -> Pictures:
    """The same images with one more step, if there is one."""
    return base if step is None else replace(base, steps=(*base.steps, step))


def shifts(grid: tuple[int, int], radius: int, boundary: Boundary) -> np.ndarray:
    """Where each pixel comes from, one row a shift; h w stands for a black pixel from outside."""
    height, width = grid
    rows, columns = np.divmod(np.arange(height * width), width)
    moves = []
    for dy, dx in itertools.product(range(-radius, radius + 1), repeat=2):
        y, x = rows - dy, columns - dx
        inside = (y >= 0) & (y < height) & (x >= 0) & (x < width)
        source = (y % height) * width + x % width
        moves.append(source if boundary == "cyclic" else np.where(inside, source, height * width))
    return np.array(moves)


def combined(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Every first move followed by every second one."""
    outside = np.full((first.shape[0], 1), first.shape[1])
    return np.concatenate([np.concatenate([first, outside], axis=1)[:, move] for move in second])
