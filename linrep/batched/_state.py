"""What all quantities of a batch share: the spectra, and labels in the eigenbasis. The batch is the last axis."""

from dataclasses import dataclass, field
from typing import NamedTuple

import jax
import jax.numpy as jnp

from linrep._linalg import spectral_error
from linrep.batched._orthogonal import largest, orthonormal, product, right_vectors, transposed


class Arrays(NamedTuple):
    """A batch as the compiled program takes it.

    `prior` (N, B), `channel` (N, n, B), `features` (n, D, B) or (n, D, 1) where shared, None for all functions of a
    view, `targets` (N, r, B) one-hot for classes, `weights` (D, d, B) or None for the minimisers.
    """

    prior: jax.Array
    channel: jax.Array
    features: jax.Array | None
    targets: jax.Array
    weights: jax.Array | None


class Form(NamedTuple):
    """What the compiled program knows beforehand: the dimension d, and whether labels are names of classes."""

    dim: int
    classes: bool


class Seen(NamedTuple):
    """Targets of the inputs as the class sees them: `weighted` (N, r, B), times the root of the prior; `cross`
    (C, r, B), c in the eigenbasis; `missed` (B,), the squared distance of `weighted` from the span of the means."""

    weighted: jax.Array
    cross: jax.Array
    missed: jax.Array


@jax.tree_util.register_dataclass
@dataclass(frozen=True)
class State:
    """A batch with its spectra, theory section 1; kappa beyond the rank is 0.

    Attributes:
        arrays, form: what was passed.
        joint: law of (input, view), (N, n, B); `marginal` (n, B) of the view.
        normalised: joint / sqrt(prior x marginal), (N, n, B).
        mass: Pr[view, class], (n, c, B), signs as two classes.
        disjoint: whether every view belongs to one input only, (B,).
        views: an orthonormal basis of the class in the space of views, (n, D, B), zero columns for dependent features.
        means: normalised views, (N, D, B): K = means.T means.
        turned: (N, C, B), means in the eigenbasis of K, C = min(N, D).
        rotation: the eigenbasis, (D, C, B).
        kappa: (C, B), descending, exact zeros below the error; `error` (B,) of each.
        change: K in its eigenbasis less its value there, (C, C, B): zeros that carry the derivative; None without one.
        start, stop: the half-open range of positions tied with number d; both d without a tie.
        tied: whether there is a tie at the cut.
        label, classes: what was passed, and its one-hot classes.
        bayes: sqrt(marginal) times the one-hot Bayes label of each view, (n, c, B), the first class in a tie;
            `bayes_seen` (D, c, B), in the basis of the class.
    """

    arrays: Arrays
    form: Form = field(metadata={"static": True})
    joint: jax.Array
    marginal: jax.Array
    normalised: jax.Array
    mass: jax.Array
    disjoint: jax.Array
    views: jax.Array
    means: jax.Array
    turned: jax.Array
    rotation: jax.Array
    kappa: jax.Array
    error: jax.Array
    change: jax.Array | None
    start: jax.Array
    stop: jax.Array
    tied: jax.Array
    label: Seen
    classes: Seen
    bayes: jax.Array
    bayes_seen: jax.Array


def state(arrays: Arrays, form: Form, *, slopes: bool = False) -> State:
    """The spectra of a batch, once, with `slopes` to be differentiated.

    Eigenvectors are frozen: K is written in the eigenbasis of its value, and everything beyond is first-order
    perturbation of diagonal plus `change`, so that derivatives are finite through ties.
    """
    joint = arrays.prior[:, None] * arrays.channel
    marginal = jnp.sum(joint, axis=0)
    size = arrays.prior[:, None] * marginal[None]
    normalised = jnp.where(size > 0, joint / jnp.sqrt(jnp.where(size > 0, size, 1.0)), 0.0)
    views, condition = _class_basis(arrays, marginal)
    means = product(normalised, views) if arrays.features is not None else normalised
    inner = _reduced(means)
    short = means if inner is None else product(means, inner)
    frozen = jax.lax.stop_gradient(right_vectors(jax.lax.stop_gradient(short)))
    turned = product(short, frozen)
    raw = jnp.sum(turned**2, axis=0)
    error = spectral_error(max(arrays.channel.shape[1], means.shape[1]), 1.0) * condition
    kappa = jnp.where(raw <= error, 0.0, jnp.minimum(raw, 1.0))
    change = _change(turned) if slopes else None
    rotation = frozen if inner is None else product(inner, frozen)
    tie = _tie(jax.lax.stop_gradient(kappa), error, form.dim)
    classes = _classes(arrays.targets, form)
    mass = product(transposed(joint), classes)
    bayes = root(marginal)[:, None] * _first_largest(mass)
    laws = joint, marginal, normalised, mass, _disjoint(joint)
    span = turned * jnp.where(kappa > 0, 1 / jnp.sqrt(jnp.where(kappa > 0, kappa, 1.0)), 0.0)[None]
    weight = root(arrays.prior)[:, None]
    label, named = _seen(weight * arrays.targets, turned, span), _seen(weight * classes, turned, span)
    seen = label, named, bayes, product(transposed(views), bayes)
    return State(arrays, form, *laws, views, means, turned, rotation, kappa, error, change, *tie, *seen)


def _disjoint(joint: jax.Array) -> jax.Array:
    # Counted in floats: numbers of one width run along the batch together.
    return jnp.all(jnp.sum(jnp.where(joint > 0, 1.0, 0.0), axis=0) <= 1, axis=0)


def _first_largest(mass: jax.Array) -> jax.Array:
    """One-hot along the second axis."""
    return (jnp.argmax(mass, axis=1)[:, None] == jnp.arange(mass.shape[1])[None, :, None]).astype(mass.dtype)


def _seen(wanted: jax.Array, turned: jax.Array, span: jax.Array) -> Seen:
    return Seen(wanted, product(transposed(turned), wanted), remainder(span, wanted))


def remainder(basis: jax.Array, wanted: jax.Array) -> jax.Array:
    """The squared distance of columns from a span, columns summed."""
    return jnp.sum((wanted - product(basis, product(transposed(basis), wanted))) ** 2, axis=(0, 1))


def _classes(targets: jax.Array, form: Form) -> jax.Array:
    if form.classes or targets.shape[1] != 1:
        return targets
    return jnp.concatenate([targets < 0, targets > 0], axis=1).astype(targets.dtype)


def _change(turned: jax.Array) -> jax.Array:
    gram = product(transposed(turned), turned)
    return gram - jax.lax.stop_gradient(gram)


def _class_basis(arrays: Arrays, marginal: jax.Array) -> tuple[jax.Array, jax.Array]:
    """An orthonormal basis of the class in the space of views, and the condition of the features."""
    if arrays.features is None:
        seen = (marginal > 0).astype(marginal.dtype)
        return jnp.eye(marginal.shape[0])[..., None] * seen[None], jnp.ones(marginal.shape[1])
    found = orthonormal(root(marginal)[:, None] * arrays.features)
    return found.columns, jax.lax.stop_gradient(found.condition)


def _reduced(means: jax.Array) -> jax.Array | None:
    """With more features than inputs, an orthonormal basis of the directions that the means see, (D, N, B)."""
    inputs, order = means.shape[:2]
    return orthonormal(transposed(means)).columns if order > inputs else None


def _tie(kappa: jax.Array, error: jax.Array, dim: int) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Positions whose eigenvalues equal the d-th one within the errors of both."""
    last = at(kappa, dim)
    start = jnp.sum(kappa > last + 2 * error, axis=0)
    stop = jnp.sum(kappa >= last - 2 * error, axis=0)
    tied = (last > error) & (stop > dim)
    return jnp.where(tied, start, dim), jnp.where(tied, stop, dim), tied


def at(kappa: jax.Array, index: int) -> jax.Array:
    """Eigenvalue number `index` from 1; 0 beyond the rank, and 1 for index 0."""
    if index == 0:
        return jnp.ones(kappa.shape[1:])
    return kappa[index - 1] if index <= kappa.shape[0] else jnp.zeros(kappa.shape[1:])


def root(x: jax.Array) -> jax.Array:
    """Square roots of numbers of at least 0, with the derivative 0 at 0."""
    return jnp.where(x > 0, jnp.sqrt(jnp.where(x > 0, x, 1.0)), 0.0)


def positive(of: State) -> jax.Array:
    """1 where kappa is above its error, (C, B)."""
    return (of.kappa > 0).astype(of.kappa.dtype)


def places(of: State) -> jax.Array:
    """Positions of the eigenvalues from 0, (C, 1)."""
    return jnp.arange(of.kappa.shape[0])[:, None]


def energy(of: State, seen: jax.Array, head: jax.Array, power: int) -> jax.Array:
    """sum over the head of kappa_i^power |c_i|^2, with the derivative of a function of the matrix K.

    Off the diagonal the derivative is by divided differences (Daleckii and Krein): f_i - f_j over kappa_i - kappa_j
    across the edge of the head, and those of kappa^power, ties or not, within it. Across a tied edge it is 0: the head
    then turns within the tie, which no direction prefers.

    Args:
        of: the state.
        seen: c, coordinates of something in the eigenbasis, (C, r, B).
        head: 1 or 0 for each eigenvalue, (C, B); only positive eigenvalues count.
        power: 0, -1 or -3.
    """
    inside = head * positive(of)
    safe = jnp.where(inside > 0, of.kappa, 1.0)
    value = jnp.sum(inside * safe**power * jnp.sum(seen**2, axis=1), axis=0)
    if of.change is None:
        return value
    fixed = jax.lax.stop_gradient(safe)
    function = inside * fixed**power
    apart = jax.lax.stop_gradient(of.kappa[:, None] - of.kappa[None])
    distinct = jnp.abs(apart) > 2 * of.error
    across = jnp.where(distinct, (function[:, None] - function[None]) / jnp.where(distinct, apart, 1.0), 0.0)
    both = inside[:, None] * inside[None]
    within = _within(fixed[:, None], fixed[None], power)
    divided = jnp.where(both > 0, within, across)
    return value + _off_diagonal(of.change, jax.lax.stop_gradient(seen), divided)


def _within(x: jax.Array, y: jax.Array, power: int) -> jax.Array:
    """(x^power - y^power) / (x - y), without the division."""
    if power == 0:
        return jnp.zeros_like(x * y)
    return -1 / (x * y) if power == -1 else -(x**2 + x * y + y**2) / (x * y) ** 3


def _off_diagonal(change: jax.Array, seen: jax.Array, divided: jax.Array) -> jax.Array:
    overlap = jnp.sum(seen[:, None] * seen[None], axis=2)
    beside = 1.0 - jnp.eye(seen.shape[0])[..., None]
    return jnp.sum(beside * divided * overlap * change, axis=(0, 1))


def quadratic(of: State, seen: jax.Array) -> jax.Array:
    """sum (1 - kappa_i) |c_i|^2, all eigenvalues."""
    value = jnp.sum((1 - of.kappa) * jnp.sum(seen**2, axis=1), axis=0)
    if of.change is None:
        return value
    return value - _off_diagonal(of.change, jax.lax.stop_gradient(seen), jnp.ones(()))


def kept(of: State, seen: jax.Array, power: int) -> tuple[jax.Array, jax.Array]:
    """The least and the most of sum kappa_i^power |c_i|^2 that a minimiser keeps, theory I4.

    In a tie the kept places go to any subspace of the tied group, whose least and largest energies are sums of
    eigenvalues of the group's second moment of c; of one column there is only one that is not 0.
    """
    position, dim = places(of), of.form.dim
    group = ((position >= of.start) & (position < of.stop)).astype(seen.dtype)
    fixed = energy(of, seen, (position < of.start).astype(seen.dtype), power)
    whole = energy(of, seen, group, power)
    last = at(of.kappa, dim)
    scale = jnp.where(of.tied, jnp.where(of.tied, last, 1.0) ** power, 0.0)
    tops = _partial_sums(jnp.sum(group[:, None, None] * seen[:, :, None] * seen[:, None, :], axis=0))
    taken = jnp.clip(dim - of.start, 0, seen.shape[1])
    left = jnp.clip(of.stop - dim, 0, seen.shape[1])
    pick = jnp.arange(seen.shape[1] + 1)[:, None]
    most = scale * jnp.sum(jnp.where(pick == taken, tops, 0.0), axis=0)
    spared = scale * jnp.sum(jnp.where(pick == left, tops, 0.0), axis=0)
    least = jnp.where(of.tied, jnp.maximum(whole - spared, 0.0), 0.0)
    return fixed + least, fixed + most


def _partial_sums(moment: jax.Array) -> jax.Array:
    """Sums of the largest 0, 1, …, r eigenvalues of (r, r, B) positive semidefinite matrices; of one by itself."""
    order = moment.shape[0]
    none = jnp.zeros((1, moment.shape[2]))
    if order == 1:
        return jnp.concatenate([none, moment[0]])
    values = _moment_values(moment)
    return jnp.concatenate([none, jnp.cumsum(values, axis=0)])


def _moment_values(moment: jax.Array) -> jax.Array:
    order = moment.shape[0]
    if order > 2:
        return largest(moment, tuple(range(order)))
    middle, half = (moment[0, 0] + moment[1, 1]) / 2, (moment[0, 0] - moment[1, 1]) / 2
    radius = root(half**2 + moment[0, 1] ** 2)
    return jnp.stack([middle + radius, jnp.maximum(middle - radius, 0.0)])
