"""What is measured of a trained representation: linear probes, and whether a view names its own input."""

import warnings
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from linrep._checks import finite_array, require


@dataclass(frozen=True)
class Probed:
    """Held-out accuracies of a converged logistic probe and of least squares, and the latter's squared error.

    Source: ours.

    >>> Probed(1.0, 0.75, 0.5).logistic
    1.0
    """

    logistic: float
    least_squares: float
    regression_risk: float


def probe(train: np.ndarray, train_labels: np.ndarray, test: np.ndarray, test_labels: np.ndarray) -> Probed:
    """Fit both probes, each with an intercept, and score them on held-out rows.

    Args:
        train, test: (n, d) and (m, d) representations.
        train_labels, test_labels: ±1.

    Raises:
        InputError: an entry that is not finite, or training labels of one class.

    Source: ours.

    >>> probe(np.array([[-1.0], [1.0]]), np.array([-1, 1]), np.array([[2.0]]), np.array([1])).logistic
    1.0
    """
    left, right = _scaled(train, test)
    ones = [np.column_stack([side, np.ones(len(side))]) for side in (left, right)]
    scores = ones[1] @ np.linalg.lstsq(ones[0], train_labels.astype(np.float64), rcond=None)[0]
    return Probed(
        _logistic(left, train_labels, right, test_labels),
        float(np.mean(np.where(scores > 0, 1, -1) == test_labels)),
        float(np.mean((scores - test_labels) ** 2)),
    )


def logistic_accuracy(train: np.ndarray, train_labels: np.ndarray, test: np.ndarray, test_labels: np.ndarray) -> float:
    """Held-out accuracy of a converged logistic probe with an intercept, for labels of any number of classes.

    Args:
        train, test: (n, d) and (m, d) representations.
        train_labels, test_labels: the class of each row.

    Raises:
        InputError: an entry that is not finite, or training labels of one class.

    Source: ours.

    >>> rows = np.array([[-1.0], [0.0], [1.0]])
    >>> logistic_accuracy(rows, np.array([0, 1, 2]), rows, np.array([0, 1, 0])) < 0.7
    True
    """
    left, right = _scaled(train, test)
    return _logistic(left, train_labels, right, test_labels)


def _scaled(train: np.ndarray, test: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both sides with the training columns' mean 0 and spread 1: Newton's cousins like round level sets."""
    left = finite_array(train, owner="probe", name="train", ndim=(2,))
    right = finite_array(test, owner="probe", name="test", ndim=(2,))
    scaler = StandardScaler().fit(left)
    return np.asarray(scaler.transform(left)), np.asarray(scaler.transform(right))


def _logistic(train: np.ndarray, train_labels: np.ndarray, test: np.ndarray, test_labels: np.ndarray) -> float:
    classes = np.unique(train_labels)
    require(
        len(classes) > 1,
        f"probe: train_labels has {classes.tolist()} alone, but a probe tells classes apart; pass at least two.",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        fitted = LogisticRegression(C=100.0, max_iter=5000).fit(train, train_labels)
    return float(np.mean(fitted.predict(test) == test_labels))


def identified(first: np.ndarray, second: np.ndarray) -> float:
    """The fraction of rows of `first` that are nearest in angle to the row of `second` from the same input.

    Args:
        first, second: (B, d) representations of unit length of the two views of each input.

    Source: ours.

    >>> identified(np.eye(2), np.eye(2))
    1.0
    """
    return float(np.mean(np.argmax(np.asarray(first) @ np.asarray(second).T, axis=1) == jnp.arange(len(first))))
