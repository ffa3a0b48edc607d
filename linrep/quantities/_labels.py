"""Labels as signs and classes, the Bayes label of a view, and closed-form problems written out on their support."""

from dataclasses import replace

import numpy as np
import scipy.sparse

from linrep._checks import InputError
from linrep.features import Affine, Linear, OneHot
from linrep.labels import AbstractLabel, Coordinate, Parity, Threshold
from linrep.labels import Linear as LinearLabel
from linrep.moments import Factors, Moments, StructuredMoments
from linrep.problems import Problem
from linrep.processes import Discrete, FiniteProcess, HypercubeFlip, HypercubeScaling
from linrep.quantities._measure import Unavailable

LARGEST_SUPPORT = 14
"""Most coordinates of a hypercube whose inputs are listed."""


def is_sign(problem: Problem) -> bool:
    """Whether every label is -1 or +1."""
    if problem.labels is None:
        return False
    if isinstance(problem.process, FiniteProcess):
        targets = problem.label.targets(problem.process.inputs)
        return targets.ndim == 1 and bool(np.all(np.abs(targets) == 1))
    on_cube = isinstance(problem.process, (HypercubeScaling, HypercubeFlip)) and isinstance(
        problem.label, (Coordinate, Parity)
    )
    return problem.label.kind == "sign" or on_cube


def is_classes(problem: Problem) -> bool:
    """Whether the labels are classes; signs are two classes."""
    return problem.labels is not None and (problem.label.kind == "classes" or is_sign(problem))


def finite_problem(problem: Problem) -> FiniteProcess:
    """The process, if its inputs and views are listed."""
    if not isinstance(problem.process, FiniteProcess):
        raise Unavailable(f"the inputs and views of {type(problem.process).__name__} are not listed; use its finite()")
    return problem.process


def class_targets(problem: Problem) -> np.ndarray:
    """One-hot classes of the inputs of a finite process, (n_bar, r); signs become two classes."""
    targets = problem.label.targets(finite_problem(problem).inputs)
    return np.stack([targets < 0, targets > 0], axis=1).astype(np.float64) if is_sign(problem) else targets


def class_moments(problem: Problem) -> Moments | StructuredMoments:
    """The moments with one-hot targets: of a sign y, the classes are (1 - y) / 2 and (1 + y) / 2."""
    moments = problem.moments
    if not is_sign(problem):
        return moments
    assert moments.cross is not None
    assert moments.label_mean is not None
    cross = np.stack([moments.mean - moments.cross, moments.mean + moments.cross], axis=1) / 2
    label_mean = np.array([1 - float(moments.label_mean), 1 + float(moments.label_mean)]) / 2
    if isinstance(moments, StructuredMoments) or moments.factors is None:
        return replace(moments, cross=cross, label_sq=1.0, label_mean=label_mean)
    targets = np.sqrt(finite_problem(problem).prior)[:, None] * class_targets(problem)
    factors = Factors(moments.factors.views, moments.factors.means, targets)
    return replace(moments, cross=cross, label_sq=1.0, label_mean=label_mean, factors=factors)


def class_mass(problem: Problem) -> np.ndarray:
    """Pr[view, class], (n, r), of a finite process."""
    return np.asarray(finite_problem(problem).joint.T @ class_targets(problem))


def bayes_targets(problem: Problem) -> np.ndarray:
    """The one-hot Bayes label g of each view, (n, r); the first class in a tie."""
    mass = class_mass(problem)
    return np.eye(mass.shape[1])[mass.argmax(axis=1)]


def tabulated(problem: Problem, vectors: np.ndarray, *, mean: bool) -> tuple[Problem, np.ndarray]:
    """A problem on a finite process in which functions x -> vectors.T phi(x) and the label have the same joint law.

    A finite process stands as it is. On a hypercube with linear or affine features only the coordinates in the support
    of
    the label and of `vectors` matter; for the mean readout a random scale may be replaced by its mean.
    Returns the problem and the rows of `vectors` that remain.
    """
    if isinstance(problem.process, FiniteProcess):
        return problem, vectors
    process, features = problem.process, problem.features
    if not isinstance(process, (HypercubeScaling, HypercubeFlip)) or not isinstance(features, (Linear, Affine)):
        raise Unavailable(
            f"the law of a function of {features.name} features under {type(process).__name__} is not listed; use a "
            "finite process"
        )
    first = 1 if isinstance(features, Affine) else 0
    used = set(np.flatnonzero(np.any(vectors[first:] != 0, axis=1)).tolist()) | set(label_support(problem.label))
    chosen = sorted(used) or [0]
    if len(chosen) > LARGEST_SUPPORT:
        raise Unavailable(
            f"the label and the representation use {len(chosen)} coordinates; at most {LARGEST_SUPPORT} are listed"
        )
    small = process.project(chosen)
    if isinstance(small, HypercubeScaling) and small.relevant < small.dim:
        if not mean and not isinstance(small.scale, Discrete):
            raise Unavailable("one view has a continuous scale on a coordinate that is used; use a Discrete law")
        small = replace(small, scale=Discrete([small.scale.moment(1)], [1])) if mean else small
    rows = np.concatenate([np.arange(first), first + np.array(chosen)]).astype(int)
    listed = Problem(small.finite(), features, restricted(problem.label, chosen), dim=problem.dim)
    return listed, vectors[rows]


def label_support(label: AbstractLabel) -> tuple[int, ...]:
    """The coordinates that a label depends on."""
    if isinstance(label, Coordinate):
        return (label.index,)
    if isinstance(label, Parity):
        return label.subset
    if isinstance(label, (LinearLabel, Threshold)):
        return tuple(i for i, w in enumerate(label.weights) if w != 0)
    raise InputError(
        f"labels: {type(label).__name__} does not say which coordinates it depends on; use Coordinate, Parity, Linear "
        "or Threshold."
    )


def restricted(label: AbstractLabel, chosen: list[int]) -> AbstractLabel:
    """The label as a function of the chosen coordinates alone, renumbered."""
    place = {coordinate: i for i, coordinate in enumerate(chosen)}
    if isinstance(label, Coordinate):
        return Coordinate(place[label.index])
    if isinstance(label, Parity):
        return Parity([place[i] for i in label.subset])
    assert isinstance(label, (LinearLabel, Threshold))
    weights = [label.weights[i] if i < len(label.weights) else 0 for i in chosen]
    return LinearLabel(weights) if isinstance(label, LinearLabel) else Threshold(weights, label.offset)


def view_values(problem: Problem, vectors: np.ndarray) -> np.ndarray:
    """vectors.T phi(x) for every view of a finite problem, (n, d)."""
    if isinstance(problem.features, OneHot):
        return vectors
    return problem.features(finite_problem(problem).views) @ vectors


def mean_values(problem: Problem, vectors: np.ndarray) -> np.ndarray:
    """vectors.T E[phi(x) | input] for every input of a finite problem, (n_bar, d)."""
    return np.asarray(finite_problem(problem).channel @ view_values(problem, vectors))


def label_margins(problem: Problem, score: np.ndarray, *, mean: bool) -> tuple[np.ndarray, np.ndarray]:
    """label times score, and the mass of each such value: one view, or the mean over views."""
    listed, vector = tabulated(problem, score, mean=mean)
    process = finite_problem(listed)
    targets = listed.label.targets(process.inputs)
    if mean:
        return targets * mean_values(listed, vector)[:, 0], process.prior
    joint = scipy.sparse.coo_array(process.joint)
    return targets[joint.row] * view_values(listed, vector)[joint.col, 0], joint.data
