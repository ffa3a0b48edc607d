"""Images as vectors of pixels; a view is a shifted, thinned or noisy image."""

import itertools
import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import jax
import numpy as np

from linrep._checks import InputError, finite_array, generator, positive_int, require
from linrep._types import Rational
from linrep.processes._data import AbstractData, Atoms, check_listing, checked_keep, checked_prior, tabulate
from linrep.processes._finite import FiniteProcess
from linrep.processes._given import Dropout, IndependentPixels, Noise
from linrep.processes._laws import number
from linrep.processes._pictures import Boundary, Pictures, combined, pixel_atoms, shifts, with_step


class AbstractImages(AbstractData):
    """What shifts, dropout and noise share. They compose: pass an image process in place of images.

    Source: theory P8 (ours).

    >>> import linrep as lr
    >>> shifted = lr.processes.ImageShifts([[[0, 1], [0, 0]]], radius=1)
    >>> lr.processes.PixelNoise(lr.processes.PixelDropout(shifted, keep=0.8), sigma=0.1).n_branches
    9
    """

    pictures: Pictures

    @property
    def prior(self) -> np.ndarray:
        return self.pictures.prior[0]

    @property
    def inputs(self) -> np.ndarray:
        """The images as rows of pixels, (N, m)."""
        return self.pictures.values

    @property
    def n_branches(self) -> int:
        return self.pictures.moves.shape[0]

    @property
    def has_finite_support(self) -> bool:
        """Whether there is no Gaussian noise."""
        return not any(isinstance(step, Noise) for step in self.pictures.steps)

    @property
    def disjoint(self) -> bool:
        """Whether different images have no view in common: dropout may leave any image black, noise reaches all."""
        if self.pictures.steps:
            return self.n_inputs == 1
        return self._table.disjoint

    @property
    def n_components(self) -> int:
        """1 with dropout or noise, else those of the graph of images and their shifts."""
        return 1 if self.pictures.steps else self._table.n_components

    def given(self, rows: slice, branch: int) -> IndependentPixels:
        """Laws of views of the images among `rows` after one move."""
        values = self._moved(self.pictures.values[rows].astype(np.float64), branch)
        return IndependentPixels(values, self.pictures.steps)

    def support_size(self) -> int:
        """Views of each image after each move, one atom for each noisy pixel."""
        return self._listing(1)

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent triples: images and two views, each (n, m)."""
        rng, n = generator(key), positive_int(n, owner=f"{type(self).__name__}.sample_pairs", name="n")
        images = self.inputs[rng.choice(self.n_inputs, size=n, p=self.prior)]
        first, second = (self._view(rng, images.astype(np.float64)) for _ in range(2))
        return images, first, second

    def finite(self, levels: int = 8) -> FiniteProcess:
        """The process as tables, exact for whole-number pixels and exact parameters without noise; noise is replaced
        by `levels` equally likely values in each pixel, its midpoint quantiles.

        Raises:
            InputError: more than 2^20 pairs of an image and a view.
        """
        levels = positive_int(levels, owner=f"{type(self).__name__}.finite", name="levels")
        check_listing(self._listing(levels), type(self).__name__)
        atoms = [self._atoms(i, levels) for i in range(self.n_inputs)]
        return tabulate(self.pictures.prior[1], atoms, self.inputs)

    def _moved(self, values: np.ndarray, branch: int) -> np.ndarray:
        black = np.zeros((values.shape[0], 1), dtype=values.dtype)
        return np.concatenate([values, black], axis=1)[:, self.pictures.moves[branch]]

    def _view(self, rng: np.random.Generator, images: np.ndarray) -> np.ndarray:
        branch = rng.integers(self.n_branches, size=images.shape[0])
        padded = np.concatenate([images, np.zeros((images.shape[0], 1))], axis=1)
        view = np.take_along_axis(padded, self.pictures.moves[branch], axis=1)
        for step in self.pictures.steps:
            if isinstance(step, Dropout):
                view = np.where(rng.random(view.shape) < step.rate, view / step.rate, 0.0)
            else:
                view = view + step.sigma * rng.standard_normal(view.shape)
        return view

    def _listing(self, levels: int) -> int:
        """Views of each image after each move; a black pixel has fewer values than a lit one."""
        black, lit = (len(pixel_atoms(v, self.pictures.steps, levels)) for v in (0, 1))
        bright = [np.count_nonzero(self._moved(self.inputs, k), axis=1).tolist() for k in range(self.n_branches)]
        return sum(lit**count * black ** (self.dim - count) for counts in bright for count in counts)

    def _atoms(self, i: int, levels: int) -> Atoms:
        share, found = Fraction(1, self.n_branches), []
        row = self.inputs[[i]]
        exact = np.issubdtype(row.dtype, np.integer)
        for branch in range(self.n_branches):
            pixels = [Fraction(v) if exact else v for v in self._moved(row, branch)[0].tolist()]
            lists = [pixel_atoms(v, self.pictures.steps, levels) for v in pixels]
            for choice in itertools.product(*lists):
                found.append((tuple(v for v, _ in choice), share * math.prod(p for _, p in choice)))
        return found


@dataclass(frozen=True, init=False, eq=False)
class ImageShifts(AbstractImages):
    """A view is the image moved by (dy, dx), uniform on {-radius, …, radius}^2.

    Args:
        images: (N, h, w), or an `ImageShifts` to be moved further.
        radius: at least 0 and below the height and the width.
        boundary: "cyclic" (what leaves on one side enters on the other) or "zero" (black pixels enter).
        prior: (N,) law of the image, uniform by default; integers are weights.

    Raises:
        InputError: images without height and width, a radius that does not fit, an unknown boundary, a process that
            has dropout or noise already (shift first).

    Source: theory P8 (ours).

    >>> process = ImageShifts([[[1, 0], [0, 0]], [[1, 1], [1, 1]]], radius=1)
    >>> process.n_components, process.disjoint
    (2, True)
    """

    pictures: Pictures

    def __init__(self, images: Any, radius: int = 1, boundary: Boundary = "cyclic", prior: Any = None) -> None:
        base = pictures_of(images, prior, "ImageShifts")
        if base.grid is None or base.steps:
            raise InputError(
                f"ImageShifts: images {'carry dropout or noise' if base.steps else f'have shape {base.values.shape}'}, "
                "but plain ones with height and width are moved; pass (N, h, w), and shift before dropout and noise."
            )
        whole = isinstance(radius, (int, np.integer)) and not isinstance(radius, bool)
        require(
            whole and 0 <= radius < min(base.grid),
            f"ImageShifts: radius is {radius!r}, but it must be a whole number from 0 to {min(base.grid) - 1}, below "
            "the height and the width; pass such a number.",
        )
        require(
            boundary in ("cyclic", "zero"),
            f"ImageShifts: boundary is {boundary!r}, but it must be 'cyclic' or 'zero'; choose one of them.",
        )
        moves = combined(base.moves, shifts(base.grid, int(radius), boundary))
        object.__setattr__(self, "pictures", Pictures(base.values, base.grid, moves, (), base.prior))


@dataclass(frozen=True, init=False, eq=False)
class PixelDropout(AbstractImages):
    """A view keeps each pixel independently with probability `keep` and divides it by `keep`; other pixels are 0.

    Given an image x, a view has mean x and covariance ((1 - keep) / keep) diag(x^2).

    Args:
        images: (N, h, w), (N, m), or an image process whose views are thinned.
        keep: rho in (0, 1]; 1 means no dropout; an int or a Fraction keeps tables exact.
        prior: (N,) law of the image, uniform by default; integers are weights.

    Raises:
        InputError: `keep` outside (0, 1], images or a prior that do not fit.

    Source: theory P8 (ours).

    >>> PixelDropout([[1, 0], [1, 1]], keep=Fraction(1, 2)).identification_error
    Fraction(1, 4)
    """

    pictures: Pictures

    def __init__(self, images: Any, keep: Rational, prior: Any = None) -> None:
        rate = checked_keep(keep, "PixelDropout")
        step = Dropout(rate) if rate < 1 else None
        object.__setattr__(self, "pictures", with_step(pictures_of(images, prior, "PixelDropout"), step))


@dataclass(frozen=True, init=False, eq=False)
class PixelNoise(AbstractImages):
    """A view is the image with independent noise N(0, sigma^2) in each pixel: mean x, covariance sigma^2 I.

    Args:
        images: (N, h, w), (N, m), or an image process whose views are made noisy.
        sigma: at least 0; 0 means no noise.
        prior: (N,) law of the image, uniform by default; integers are weights.

    Raises:
        InputError: a negative sigma, images or a prior that do not fit.

    Source: theory P8 (ours).

    >>> PixelNoise([[1.0, 0.0], [0.0, 2.0]], sigma=0.5).has_finite_support
    False
    """

    pictures: Pictures

    def __init__(self, images: Any, sigma: float, prior: Any = None) -> None:
        size = float(number(sigma, owner="PixelNoise", name="sigma"))
        require(
            size >= 0, f"PixelNoise: sigma is {sigma!r}, but a standard deviation is at least 0; pass such a number."
        )
        step = Noise(size) if size > 0 else None
        object.__setattr__(self, "pictures", with_step(pictures_of(images, prior, "PixelNoise"), step))


def pictures_of(images: Any, prior: Any, owner: str) -> Pictures:
    """Images as given by a caller: arrays, checked, or those of an image process."""
    if isinstance(images, AbstractImages):
        require(prior is None, f"{owner}: prior is given with an image process, but that has its own; leave it out.")
        return images.pictures
    floats = finite_array(images, owner=owner, name="images", ndim=(2, 3))
    require(floats.size > 0, f"{owner}: images have shape {floats.shape}, but a pixel is needed; pass some images.")
    array = np.asarray(images)
    values = array.astype(np.int64) if array.dtype.kind in "iub" else floats
    flat = values.reshape(values.shape[0], -1).copy()
    flat.setflags(write=False)
    grid = (floats.shape[1], floats.shape[2]) if floats.ndim == 3 else None
    return Pictures(flat, grid, np.arange(flat.shape[1])[None], (), checked_prior(prior, flat.shape[0], owner))
