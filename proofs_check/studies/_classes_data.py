"""Classes of functions on real data with exact moments: handwritten digits and the docstrings of four packages."""

from collections.abc import Iterable

import jax
import numpy as np
from jaxtyping import Float

from linrep.datasets import Corpus, Digits
from linrep.features import AbstractFeatures, Affine, Linear, Polynomial, RandomFourier
from linrep.processes import AbstractData, ImageShifts, PixelDropout, PixelNoise, TokenSampling
from linrep.processes._given import IndependentPixels, Noise
from proofs_check.studies._bands import Scene

SIGMA = 0.25
"""Noise of a pixel, whose grey levels go from 0 to 1."""
KEEP = 0.8
"""Share of the pixels that dropout keeps."""
LENGTH = 20
"""Tokens of a view, as many as the shortest document has words."""
Classes = tuple[tuple[str, AbstractData, AbstractFeatures], ...]
"""Name, process whose views the features see, features."""


class ReducedNoise(PixelNoise):
    """Views of shifted and noisy images, averaged over blocks of two by two pixels.

    A reduced view is a linear image of the view, so a function of it is a function of the view; the average of four
    independent errors is independent again, of half the standard deviation.

    Source: ours.

    >>> found = ReducedNoise(ImageShifts([[[4.0, 0.0], [0.0, 0.0]]], radius=0), sigma=1.0)
    >>> found.inputs.tolist(), found.given(slice(None), 0).steps[0].sigma
    ([[1.0]], 0.5)
    """

    @property
    def inputs(self) -> np.ndarray:
        return self._reduced(self.pictures.values)

    def given(self, rows: slice, branch: int) -> IndependentPixels:
        """Laws of reduced views of the images among `rows` after one move."""
        law = super().given(rows, branch)
        steps = tuple(Noise(step.sigma / 2) for step in law.steps if isinstance(step, Noise))
        return IndependentPixels(self._reduced(law.values), steps)

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent triples: reduced images and reduced views, (n, m / 4) each."""
        images, first, second = PixelNoise(self, 0.0).sample_pairs(key, n)
        return self._reduced(images), self._reduced(first), self._reduced(second)

    def _reduced(self, rows: np.ndarray) -> np.ndarray:
        assert self.pictures.grid is not None
        return reduced(rows.reshape(-1, *self.pictures.grid)).reshape(rows.shape[0], -1)


def reduced(images: Float[np.ndarray, "n h w"]) -> Float[np.ndarray, "n h/2 w/2"]:
    """Averages over blocks of two by two pixels.

    Source: ours.

    >>> reduced(np.arange(16.0).reshape(1, 4, 4)).tolist()
    [[[2.5, 4.5], [10.5, 12.5]]]
    """
    n, height, width = images.shape
    return images.reshape(n, height // 2, 2, width // 2, 2).mean(axis=(2, 4))


def digit_scenes(data: Digits, key: jax.Array | None = None, *, count: int = 256) -> tuple[Scene, ...]:
    """Shifts by a pixel and noise, with ten classes and with even against odd; and dropout on reduced pixels.

    Args:
        data: the digits.
        key: draws random Fourier features; default a fixed one.
        count: of those features; a quarter of it on reduced pixels with dropout.

    Source: ours.

    >>> few = Digits(np.zeros((2, 8, 8)), np.array([0, 1]))
    >>> [scene.dim for scene in digit_scenes(few)]
    [10, 10, 10]
    """
    moved = ImageShifts(data.images, radius=1, boundary="zero")
    process, small = PixelNoise(moved, SIGMA), ReducedNoise(moved, SIGMA)
    thinned = PixelNoise(PixelDropout(reduced(data.images), KEEP), SIGMA / 2)
    square = Polynomial(2, kind="full")
    # the polynomials of full-size views see the averages of 2 x 2 blocks: 153 monomials in place of 2,145
    classes = (*_straight(process), ("polynomial 2, 4 x 4 pixels", small, square))
    fourier = _fourier(process, (4, 2, 1), count, key)
    parity = np.where(data.labels % 2 == 0, 1, -1)
    record = {"data": "digits", "images": len(data.labels), "sigma": SIGMA, "keep": KEEP}
    dropped = (
        *_straight(thinned),
        ("polynomial 2", thinned, square),
        *_fourier(thinned, (2, 1), max(count // 4, 1), key),
    )
    return (
        Scene("Digits: shifts and noise, ten classes, d = 10", data.labels, 10, (*classes, *fourier), record),
        Scene("Digits: shifts and noise, even or odd, d = 10", parity, 10, (*classes, *fourier), record),
        Scene("Digits, 4 x 4 pixels: dropout and noise, ten classes, d = 10", data.labels, 10, dropped, record),
    )


def docstring_scenes(
    corpus: Corpus, key: jax.Array | None = None, *, words: int = 1000, count: int = 64
) -> tuple[Scene, ...]:
    """Views of a few tokens drawn from a document, the label its package.

    Args:
        corpus: the documents.
        key: draws random Fourier features; default a fixed one.
        words: the most frequent words, which are the coordinates of a view; a document without them is left out.
        count: of random Fourier features.

    Source: ours.

    >>> from linrep.datasets import Corpus
    >>> ids = np.arange(2)
    >>> corpus = Corpus(ids, np.arange(3), ("a", "b"), ids, ("k", "l"), ids, ("f", "g"), "")
    >>> [name for name, *_ in docstring_scenes(corpus, words=2)[0].classes]
    ['linear', 'random Fourier, width 1', 'random Fourier, width 0.3']
    """
    counts = corpus.counts(words)
    kept = np.flatnonzero(np.asarray(counts.sum(axis=1)).ravel())
    process = TokenSampling(counts[kept], length=LENGTH)
    bag: Classes = (("linear", process, Linear()),)  # relative counts add up to the constant
    classes = (*bag, *_fourier(process, (1, 0.3), count, key))
    name = f"Docstrings: {LENGTH} tokens of {words:,} words, {len(corpus.classes)} packages, d = 8"
    record = {"data": "docstrings", "documents": corpus.n_documents, "digest": corpus.digest, "length": LENGTH}
    return (Scene(name, corpus.labels[kept], 8, classes, record),)


def _straight(process: AbstractData) -> Classes:
    return ("linear", process, Linear()), ("affine", process, Affine())


def _fourier(process: AbstractData, widths: Iterable[float], count: int, key: jax.Array | None) -> Classes:
    drawn = jax.random.key(0) if key is None else key
    return tuple((f"random Fourier, width {b:g}", process, RandomFourier(count, b, drawn)) for b in widths)
