"""The handwritten digits that ship with scikit-learn."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from linrep._checks import InputError


@dataclass(frozen=True, eq=False)
class Digits:
    """Images of handwritten digits.

    Attributes:
        images: grey levels in [0, 1], sixteenths, (n, 8, 8).
        labels: the digit, (n,).

    Source: E. Alpaydin and C. Kaynak, Optical recognition of handwritten digits, UCI (1998).

    >>> Digits(np.zeros((2, 8, 8)), np.array([3, 5])).labels.tolist()
    [3, 5]
    """

    images: Float[np.ndarray, "n 8 8"]
    labels: Int[np.ndarray, " n"]


def digits() -> Digits:
    """The 1,797 digits of 8 x 8 pixels inside scikit-learn (extra `experiments`).

    Raises:
        InputError: scikit-learn is not installed.

    Source: E. Alpaydin and C. Kaynak, Optical recognition of handwritten digits, UCI (1998).

    >>> digits().images.shape
    (1797, 8, 8)
    """
    try:
        from sklearn.datasets import load_digits
    except ImportError as error:
        raise InputError(
            "datasets.digits: scikit-learn is missing, but the digits are part of it; "
            'pip install "linrep[experiments]".'
        ) from error
    found = load_digits()
    return Digits(np.asarray(found.images, dtype=np.float64) / 16.0, np.asarray(found.target, dtype=np.int64))
