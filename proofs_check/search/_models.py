"""A finite problem as JAX arrays with free parameters, and what all quantities of it share."""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from linrep.bounds import Theorem
from linrep.symbols import (
    CLASS_LABELS,
    MINIMISER,
    SIGN_LABELS,
    UNIFORM_PRIOR,
    UNRESTRICTED,
    UNRESTRICTED_CUT_EIGENVALUE,
)


class Size(NamedTuple):
    """Numbers of inputs, views, features, and the dimension d.

    Source: ours.

    >>> Size(4, 5, 3, 2).dim
    2
    """

    inputs: int
    views: int
    features: int
    dim: int


class Shape(NamedTuple):
    """Which parts of a problem are free, as a theorem allows.

    Source: ours.

    >>> Shape(Size(4, 5, 3, 2), True, True, True, True).minimiser
    True
    """

    size: Size
    uniform: bool
    one_hot: bool
    minimiser: bool
    signs: bool


class Model(NamedTuple):
    """A problem on arrays, and its moments seen from the inputs.

    Attributes:
        size: of the problem.
        joint: law of (input, view), (N, n).
        targets: labels times the roots of the prior, (N, r).
        classes: the same for one-hot classes of sign labels.
        views, means: square roots of Sigma and Sigma_bar, (n, D) and (N, D).
        transfer: means Sigma^{-1} means.T, (N, N): its non-zero eigenvalues are those of K.
        weights: W, (D, d); None for the minimisers.
        label_mean: E label, (r,).

    Source: theory, section 1.

    >>> Model._fields[-1]
    'label_mean'
    """

    size: Size
    joint: jax.Array
    targets: jax.Array
    classes: jax.Array
    views: jax.Array
    means: jax.Array
    transfer: jax.Array
    weights: jax.Array | None
    label_mean: jax.Array


Parameters = dict[str, jax.Array]
"""Logits of prior and channel, features, labels and weights, each where it is free."""


def shape_of(theorem: Theorem, size: Size) -> Shape:
    """What a theorem leaves free.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> shape_of(linrep26.RISK_GAP_MEAN, Size(4, 5, 3, 2)).minimiser
    True
    """
    asked = frozenset(theorem.hypotheses)
    one_hot = UNRESTRICTED in asked or theorem.bounds == UNRESTRICTED_CUT_EIGENVALUE
    size = size._replace(features=size.views) if one_hot else size
    return Shape(size, UNIFORM_PRIOR in asked, one_hot, MINIMISER in asked, bool(asked & {SIGN_LABELS, CLASS_LABELS}))


def start(shape: Shape, key: jax.Array) -> Parameters:
    """Parameters drawn at random; sign labels stay as they are drawn.

    Source: ours.

    >>> sorted(start(Shape(Size(4, 5, 3, 2), True, True, True, True), jax.random.key(0)))
    ['channel', 'labels']
    """
    size, keys = shape.size, jax.random.split(key, 5)
    labels = jax.random.normal(keys[0], (size.inputs,))
    found = {
        "channel": 2.0 * jax.random.normal(keys[1], (size.inputs, size.views)),
        "labels": jnp.where(labels < 0, -1.0, 1.0) if shape.signs else labels,
    }
    if not shape.uniform:
        found["prior"] = jax.random.normal(keys[2], (size.inputs,))
    if not shape.one_hot:
        found["features"] = jax.random.normal(keys[3], (size.views, size.features))
    if not shape.minimiser:
        found["weights"] = jax.random.normal(keys[4], (size.features, size.dim))
    return found


def model(shape: Shape, free: Parameters) -> Model:
    """The problem that parameters stand for.

    Source: ours.

    >>> shape = Shape(Size(4, 5, 3, 2), True, True, True, True)
    >>> model(shape, start(shape, jax.random.key(0))).transfer.shape
    (4, 4)
    """
    size = shape.size
    prior = jnp.full(size.inputs, 1 / size.inputs) if shape.uniform else jax.nn.softmax(free["prior"])
    channel = jax.nn.softmax(free["channel"], axis=1)
    features = jnp.eye(size.views) if shape.one_hot else free["features"]
    labels = jax.lax.stop_gradient(free["labels"]) if shape.signs else free["labels"]
    return tabulated(size, prior, channel, features, labels, free.get("weights"))


def tabulated(
    size: Size,
    prior: jax.Array,
    channel: jax.Array,
    features: jax.Array,
    labels: jax.Array,
    weights: jax.Array | None,
) -> Model:
    """A problem given by its tables; labels are signs or real numbers, (N,).

    Source: ours.

    >>> half = jnp.array([0.5, 0.5])
    >>> tabulated(Size(2, 2, 2, 1), half, jnp.eye(2), jnp.eye(2), jnp.array([1.0, -1.0]), None).transfer.shape
    (2, 2)
    """
    root = jnp.sqrt(prior)
    joint = prior[:, None] * channel
    views = jnp.sqrt(joint.sum(axis=0))[:, None] * features
    means = root[:, None] * (channel @ features)
    transfer = means @ jnp.linalg.solve(views.T @ views, means.T)
    classes = root[:, None] * jnp.stack([labels < 0, labels > 0], axis=1)
    label_mean = jnp.array([prior @ labels])
    symmetric = (transfer + transfer.T) / 2
    return Model(size, joint, (root * labels)[:, None], classes, views, means, symmetric, weights, label_mean)
