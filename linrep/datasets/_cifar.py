"""CIFAR-10 from a local folder."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Bool, Int, UInt8

from linrep._checks import InputError, require
from linrep.datasets._restricted import read_pickle

BATCHES = (*(f"data_batch_{i}" for i in range(1, 6)), "test_batch")
"""The files of the python version; the last is for testing."""

PIXELS = 3 * 32 * 32
CLASSES = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")


@dataclass(frozen=True, eq=False)
class Cifar:
    """Small colour photographs.

    Attributes:
        images: red, green and blue from 0 to 255, (n, 32, 32, 3).
        labels: place of the class in `classes`, (n,).
        test: whether an image is from the test batch, (n,).
        classes: their names.

    Source: A. Krizhevsky, Learning multiple layers of features from tiny images (2009).

    >>> Cifar(np.zeros((1, 32, 32, 3), np.uint8), np.array([6]), np.array([True])).classes[6]
    'frog'
    """

    images: UInt8[np.ndarray, "n 32 32 3"]
    labels: Int[np.ndarray, " n"]
    test: Bool[np.ndarray, " n"]
    classes: tuple[str, ...] = CLASSES


def cifar10(folder: str | os.PathLike[str]) -> Cifar:
    """CIFAR-10 from a folder with the six files of its python version, `data_batch_1` to `_5` and `test_batch`.

    These files are pickles, which can hold programs: only arrays of numbers, bytes, lists and dictionaries are read,
    and a file that asks for anything else is refused before it runs.

    Args:
        folder: usually named cifar-10-batches-py.

    Raises:
        InputError: a missing or damaged file, one that asks for more than data, images or labels that do not fit.

    Source: A. Krizhevsky, Learning multiple layers of features from tiny images (2009).

    >>> cifar10("nowhere")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    linrep._checks.InputError: datasets.cifar10: nowhere/data_batch_1 cannot be read (...); name the folder ...
    """
    read = [_batch(Path(folder) / name) for name in BATCHES]
    images = np.concatenate([images for images, _ in read])
    sizes = [labels.size for _, labels in read]
    labels = np.concatenate([labels for _, labels in read])
    test = np.arange(labels.size) >= sum(sizes[:-1])
    return Cifar(images.reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), labels, test)


def _batch(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Rows of pixels and labels of one file."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(
            f"datasets.cifar10: {path} cannot be read ({error.strerror}); name the folder with the six files of the "
            "python version."
        ) from error
    held = read_pickle(data, str(path))
    images, labels = _entry(held, "data"), _entry(held, "labels")
    fits = (
        isinstance(images, np.ndarray) and images.dtype == np.uint8 and images.ndim == 2 and images.shape[1] == PIXELS
    )
    require(fits, f"datasets.cifar10: data in {path} is not bytes of shape (n, {PIXELS}); name the python version.")
    numbered = isinstance(labels, list) and all(isinstance(k, int) and 0 <= k < len(CLASSES) for k in labels)
    require(
        numbered and len(labels) == len(images),
        f"datasets.cifar10: labels in {path} are not one number from 0 to 9 for each of its {len(images)} images; name "
        "the python version.",
    )
    return images, np.array(labels, dtype=np.int64)


def _entry(held: Any, name: str) -> Any:
    """An entry of a dictionary whose keys are bytes or text."""
    return held.get(name.encode(), held.get(name)) if isinstance(held, dict) else None
