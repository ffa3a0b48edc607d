"""Squared error of the best linear predictor that reads a representation."""

import numpy as np
import scipy.linalg

from linrep._checks import InputError, require
from linrep._linalg import gram_rank_tolerance, rank_tolerance
from linrep._types import Readout
from linrep.moments import Moments
from linrep.moments._types import AnyMoments, labelled, pencil, representation_matrix


def regression(moments: AnyMoments, weights: np.ndarray, *, readout: Readout, intercept: bool = False) -> float:
    """Least squared error of predicting the label from f = W.T phi.

    augmented: min_w E(w . f(x) - label)^2 = E label^2 - b.T W (W.T Sigma W)^+ W.T b, one view x;
    mean: the same with Sigma_bar, f_A(input) = E[f(x) | input]. Several outputs: the errors are summed.

    Args:
        moments: with labels.
        weights: W, (D, d).
        readout: "augmented" or "mean".
        intercept: whether a constant is fitted too.

    Raises:
        InputError: moments without labels, W of a wrong shape, an unknown readout.

    Source: Saunshi et al. (2022), section 2; theory I3.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=1, scale=lr.processes.Uniform(0, 1))
    >>> m = lr.moments.population(p, lr.features.Linear(), lr.labels.Coordinate(0))
    >>> regression(m, [[1.0], [0.0], [0.0]], readout="augmented")
    0.0
    """
    require(
        readout in ("augmented", "mean"),
        f"risks.regression: readout is {readout!r}, but it must be 'augmented' or 'mean'; choose one of them.",
    )
    matrix = representation_matrix(moments, weights, "risks.regression")
    cross = labelled(moments, "risks.regression")
    if intercept:
        return _with_intercept(moments, matrix, cross, readout)
    if isinstance(moments, Moments) and moments.factors is not None:
        return _from_factor(moments, matrix, cross, readout)
    sigma, sigma_bar = pencil(moments)
    gram = matrix.T @ ((sigma if readout == "augmented" else sigma_bar) @ matrix)
    return _label_sq(moments) - _captured(gram, matrix.T @ cross, gram_rank_tolerance(gram.shape[0], _norm(gram)))


def _label_sq(moments: AnyMoments) -> float:
    if moments.label_sq is None:
        raise InputError("risks.regression: the moments have no E label^2; pass `labels` to moments.population.")
    return float(moments.label_sq)


def _norm(gram: np.ndarray) -> float:
    return float(scipy.linalg.eigvalsh(gram)[-1])


def _captured(gram: np.ndarray, seen: np.ndarray, tolerance: float) -> float:
    """seen.T gram^+ seen, summed over outputs, on the range of the Gram matrix: eigenvalues above its error."""
    values, vectors = scipy.linalg.eigh(gram)
    kept = values > tolerance
    return float(np.sum((vectors[:, kept].T @ seen) ** 2 / values[kept][:, None]))


def _from_factor(moments: Moments, matrix: np.ndarray, cross: np.ndarray, readout: Readout) -> float:
    """The same from square roots: the mean readout is a residual, so that small risks keep their digits."""
    factors = moments.factors
    assert factors is not None
    root = (factors.views if readout == "augmented" else factors.means) @ matrix
    left, values, right = scipy.linalg.svd(root, full_matrices=False, check_finite=False)
    kept = values > rank_tolerance(root.shape, float(values[0]) if values.size else 0.0)
    if readout == "mean":
        return float(np.sum((factors.targets - left[:, kept] @ (left[:, kept].T @ factors.targets)) ** 2))
    return _label_sq(moments) - float(np.sum((right[kept] @ (matrix.T @ cross) / values[kept][:, None]) ** 2))


def _with_intercept(moments: AnyMoments, matrix: np.ndarray, cross: np.ndarray, readout: Readout) -> float:
    """Centre everything: Var label - captured covariance."""
    mean = matrix.T @ np.asarray(moments.mean, dtype=np.float64)
    label_mean = np.atleast_1d(np.asarray(moments.label_mean, dtype=np.float64))
    sigma, sigma_bar = pencil(moments)
    gram = matrix.T @ ((sigma if readout == "augmented" else sigma_bar) @ matrix)
    # Where f is nearly constant the subtraction cancels: what is left has the rounding of what was there before.
    tolerance = gram_rank_tolerance(matrix.shape[0], _norm(gram))
    captured = _captured(gram - np.outer(mean, mean), matrix.T @ cross - np.outer(mean, label_mean), tolerance)
    return _label_sq(moments) - float(label_mean @ label_mean) - captured
