"""The entry points: population moments by closed form or by sums, and exact ones."""

from typing import Any

from linrep._checks import InputError, require
from linrep.features import AbstractFeatures, RandomFourier
from linrep.labels import AbstractLabel, Threshold, as_label
from linrep.moments._blocks import LabelSide, expand, float_moments, rational_moments
from linrep.moments._circle import circle_moments
from linrep.moments._data import data_moments
from linrep.moments._fourier import fourier_moments, no_closed_form
from linrep.moments._hermite import threshold_side
from linrep.moments._kernels import AbstractKernel, GaussianKernel, kernel_of
from linrep.moments._monomials import monomials
from linrep.moments._population import finite_moments, finite_rational
from linrep.moments._types import Moments, RationalMoments, StructuredMoments
from linrep.moments._walsh import multilinear, walsh
from linrep.processes import (
    AbstractData,
    AbstractProcess,
    Circle,
    FiniteProcess,
    GaussianNoise,
    HypercubeFlip,
    HypercubeScaling,
)


def population(process: AbstractProcess, features: AbstractFeatures, labels: Any = None) -> Moments | StructuredMoments:
    """The exact moments of a process seen through features, in float64.

    Closed forms where there are any (hypercube, Gaussian and circle processes with linear, affine and polynomial
    features; random Fourier features on `HypercubeFlip` and `GaussianNoise`; all of these features on documents and
    images, summed over the data set), else sums over a finite process. More than 512 features in closed form give
    sparse `StructuredMoments`, without ever forming D^2 numbers, except on documents and images, which are dense.

    Args:
        process: any process.
        features: any feature map.
        labels: an array over the inputs of a finite process or a data set, or a label object; None for moments without
            labels.

    Raises:
        InputError: no closed form and no finite support, or labels that do not fit.

    Source: theory P1-P4, P7 and P8 for the closed forms (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> m = population(p, lr.features.Linear(), lr.labels.Coordinate(0))
    >>> float(m.sigma[49, 49]) == 1 / 3, float(m.sigma_bar[49, 49]), float(m.cross[0])
    (True, 0.25, 1.0)
    """
    _check(process, features, "moments.population")
    if isinstance(process, FiniteProcess):
        return finite_moments(process, features, labels)
    label = None if labels is None else as_label(labels, process)
    kernel = _kernel(process, features)
    if kernel is not None:
        return float_moments(kernel, _side(kernel, label))
    if isinstance(features, RandomFourier) and isinstance(process, (HypercubeFlip, GaussianNoise)):
        return fourier_moments(process, features, label)
    if isinstance(process, AbstractData) and (summed := data_moments(process, features, label)) is not None:
        return summed
    if isinstance(process, Circle) and (found := circle_moments(process, features, label)) is not None:
        return found
    return finite_moments(_tabulated(process, features, "moments.population"), features, label)


def rational(process: AbstractProcess, features: AbstractFeatures, labels: Any = None) -> RationalMoments:
    """The moments in rational arithmetic, for processes, features and labels that are exactly known.

    Raises:
        InputError: floats in the process, the features or the labels; more than 2048 features in closed form.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=3, relevant=1, scale=lr.processes.Uniform(0, 1))
    >>> rational(p, lr.features.Linear()).sigma[2, 2]
    Fraction(1, 3)
    """
    _check(process, features, "moments.rational")
    if isinstance(process, FiniteProcess):
        return finite_rational(process, features, labels)
    label = None if labels is None else as_label(labels, process)
    kernel = _kernel(process, features)
    if kernel is not None:
        return rational_moments(kernel, _side(kernel, label))
    return finite_rational(_tabulated(process, features, "moments.rational"), features, label)


def _check(process: Any, features: Any, owner: str) -> None:
    """Refuse what is no process, or no feature map, a class in place of its instance say."""
    require(
        isinstance(process, AbstractProcess),
        f"{owner}: process is {process!r}, but an augmentation process is needed; pass one of linrep.processes.",
    )
    require(
        isinstance(features, AbstractFeatures),
        f"{owner}: features is {features!r}, but a feature map is needed; pass linrep.features.OneHot(), say.",
    )


def _kernel(process: AbstractProcess, features: AbstractFeatures) -> AbstractKernel | None:
    if not isinstance(process, (HypercubeScaling, HypercubeFlip, GaussianNoise)):
        return None
    names = monomials(features, process.dim)
    return None if names is None else kernel_of(process, names)


def _side(kernel: AbstractKernel, label: AbstractLabel | None) -> LabelSide | None:
    if label is None or not isinstance(kernel, GaussianKernel):
        return None if label is None else expand(kernel, walsh(label, kernel.names.dim))
    if isinstance(label, Threshold):
        return threshold_side(kernel, label)
    written = multilinear(label, kernel.names.dim)
    if written is None:
        raise no_closed_form(label, "GaussianNoise")
    return expand(kernel, written)


def _tabulated(process: AbstractProcess, features: AbstractFeatures, owner: str) -> FiniteProcess:
    if not process.has_finite_support:
        raise InputError(
            f"{owner}: {type(process).__name__} with {features.name} features has no closed form; use the moments of "
            "process.finite(levels), or moments.empirical of sampled pairs."
        )
    return process.finite()
