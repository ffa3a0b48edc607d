"""Quantities of a batch, keyed by symbol: (B,) each, or (d, B) for the indices k = 1, …, d, or (1, J, B) for margins.

With (kappa_i, v_i) the eigenpairs of K, c_i = v_i . (means.T targets) is the label seen through one view and
a_i = c_i / sqrt(kappa_i) through the mean over views.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from linrep.batched._orthogonal import largest, orthonormal, product, transposed
from linrep.batched._state import (
    Seen,
    State,
    energy,
    kept,
    places,
    quadratic,
    remainder,
    root,
)

Evaluator = Callable[[State], jax.Array]
Numbered = Callable[[int], jax.Array]


def squares(of: State) -> jax.Array:
    """E |label|^2, (B,)."""
    return jnp.sum(of.label.weighted**2, axis=(0, 1))


def label_mean(of: State) -> jax.Array:
    """E label, (r, B)."""
    return jnp.sum(of.arrays.prior[:, None] * of.arrays.targets, axis=0)


def is_sign(of: State) -> jax.Array:
    """Whether every label of an input that occurs is -1 or +1, (B,)."""
    targets = of.arrays.targets
    if of.form.classes or targets.shape[1] != 1:
        return jnp.zeros(targets.shape[2], bool)
    return jnp.all((jnp.abs(targets[:, 0]) == 1) | (of.arrays.prior == 0), axis=0)


def representation(of: State) -> jax.Array:
    """Sigma^{1/2} W in the basis of the class, (D, d, B)."""
    weights, scale = of.arrays.weights, root(of.marginal)[:, None]
    assert weights is not None
    values = weights if of.arrays.features is None else product(of.arrays.features, weights)
    return product(transposed(of.views), scale * values)


def span(of: State, *, mean: bool) -> jax.Array:
    """An orthonormal basis of what the given representation spans, in the class (D, d, B) or over inputs (N, d, B)."""
    matrix = representation(of)
    if not mean:
        return orthonormal(matrix).columns
    size = jnp.sqrt(jnp.max(jnp.sum(matrix**2, axis=0), axis=0))
    return orthonormal(product(of.means, matrix), tolerance=of.error * size).columns


def _everything(of: State) -> jax.Array:
    return jnp.ones_like(of.kappa)


def best_mean_risk(of: State) -> jax.Array:
    """R̄_min."""
    return of.label.missed


def risk_gap(of: State) -> jax.Array:
    """R_min - R̄_min = sum lambda_i a_i^2."""
    seen, every = of.label.cross, _everything(of)
    return jnp.maximum(energy(of, seen, every, -1) - energy(of, seen, every, 0), 0.0)


def best_augmented_risk(of: State) -> jax.Array:
    """R_min."""
    return best_mean_risk(of) + risk_gap(of)


def mean_risk(of: State) -> jax.Array:
    """The regression risk on mean features of W, or the highest over all minimisers."""
    return _mean_risk(of, of.label)


def _mean_risk(of: State, label: Seen) -> jax.Array:
    if of.arrays.weights is not None:
        return remainder(span(of, mean=True), label.weighted)
    lost = energy(of, label.cross, _everything(of), -1) - kept(of, label.cross, -1)[0]
    return label.missed + jnp.maximum(lost, 0.0)


def augmented_risk(of: State) -> jax.Array:
    """The regression risk on one view of W, or the highest over all minimisers."""
    if of.arrays.weights is not None:
        wanted = product(transposed(of.means), of.label.weighted)
        return squares(of) - jnp.sum(product(transposed(span(of, mean=False)), wanted) ** 2, axis=(0, 1))
    lost = energy(of, of.label.cross, _everything(of), 0) - kept(of, of.label.cross, 0)[0]
    return best_augmented_risk(of) + jnp.maximum(lost, 0.0)


def predicted_energy(of: State) -> jax.Array:
    """S = sum c_i^2."""
    return jnp.sum(of.label.cross**2, axis=(0, 1))


def inconsistency(of: State) -> jax.Array:
    """V = sum lambda_i c_i^2."""
    return quadratic(of, of.label.cross)


def _each(of: State, number: Callable[[int], jax.Array]) -> jax.Array:
    return jnp.stack([number(k) for k in range(1, of.form.dim + 1)])


def mean_energy(of: State) -> jax.Array:
    """sum_{i<=k} a_i^2 for each k."""
    seen = of.label.cross
    return _each(of, lambda k: energy(of, seen, (places(of) < k).astype(seen.dtype) * _everything(of), -1))


def suboptimality(of: State) -> jax.Array:
    """eps = |M.T M|^2 - 2 |means M|^2 + sum_{i<=d} kappa_i^2; 0 for the minimisers."""
    if of.arrays.weights is None:
        return jnp.zeros_like(of.error)
    value, error = loss_parts(of)
    return jnp.where(value >= -error, jnp.maximum(value, 0.0), value)


def loss_parts(of: State) -> tuple[jax.Array, jax.Array]:
    """The suboptimality of the given representation before rounding is cut off, and its rounding error."""
    matrix = representation(of)
    quartic = jnp.sum(product(transposed(matrix), matrix) ** 2, axis=(0, 1))
    overlap = jnp.sum(product(of.means, matrix) ** 2, axis=(0, 1))
    best = head_squares(of)
    return quartic - 2 * overlap + best, of.error * (quartic + 2 * overlap + best)


def head_squares(of: State) -> jax.Array:
    """sum_{i<=d} kappa_i^2, minus the least loss."""
    return jnp.sum(of.kappa[: of.form.dim] ** 2, axis=0)


def head_defect(of: State) -> jax.Array:
    """sum_{i<=k} |(I - P) v_i|^2 for each k; 0 for the minimisers."""
    if of.arrays.weights is None:
        return jnp.zeros((of.form.dim, of.error.shape[0]))
    inside = jnp.sum(product(transposed(of.rotation), span(of, mean=False)) ** 2, axis=1)
    lost = jnp.cumsum(1 - inside, axis=0)
    return _each(of, lambda k: lost[min(k, lost.shape[0]) - 1])


def _label_normals(of: State) -> jax.Array:
    """An orthonormal basis of c_0 = Sigma^{-1/2} E[phi (label - E label)], in the basis of the class, (D, r, B)."""
    centred = of.label.weighted - root(of.arrays.prior)[:, None] * label_mean(of)[None]
    directions = product(transposed(of.means), centred)
    return orthonormal(directions, tolerance=of.error * root(squares(of))).columns


def vacuity_budget(of: State) -> jax.Array:
    """eps_vac of the label, with intercept: what the head of K loses on the complement of c_0."""
    normals = _label_normals(of)
    blind = of.means - product(product(of.means, normals), transposed(normals))
    wide = blind.shape[1] > blind.shape[0]
    gram = product(blind, transposed(blind)) if wide else product(transposed(blind), blind)
    head = largest(gram, tuple(range(of.form.dim)))
    head = jnp.where(head <= of.error, 0.0, head)
    return jnp.maximum(head_squares(of) - jnp.sum(head**2, axis=0), 0.0)


def interlacing_budget(of: State) -> jax.Array:
    """sum_{i<=d} (kappa_i^2 - kappa_{i+q}^2), q the rank of the centred cross moment."""
    removed = jnp.sum(jnp.sum(_label_normals(of) ** 2, axis=0) > 0.5, axis=0)
    position = places(of)
    late = (position >= removed) & (position < of.form.dim + removed)
    return head_squares(of) - jnp.sum(jnp.where(late, of.kappa, 0.0) ** 2, axis=0)


def unrestricted_cut_eigenvalue(of: State) -> jax.Array:
    """lambda_{d+1} of the class of all functions."""
    table = of.normalised
    wide = table.shape[1] > table.shape[0]
    gram = product(table, transposed(table)) if wide else product(transposed(table), table)
    return 1 - jnp.minimum(largest(gram, (of.form.dim,))[0], 1.0)


def n_inputs(of: State) -> jax.Array:
    """N, inputs that occur."""
    return jnp.sum(of.arrays.prior > 0, axis=0).astype(of.arrays.prior.dtype)


def posterior_collision(of: State) -> jax.Array:
    """theta = sum joint^2 / marginal."""
    return jnp.sum(of.joint**2 / jnp.where(of.marginal > 0, of.marginal, 1.0)[None], axis=(0, 1))


def identification_error(of: State) -> jax.Array:
    """tau, exactly 0 where every view names its input."""
    found = jnp.maximum(1 - jnp.sum(jnp.max(of.joint, axis=0), axis=0), 0.0)
    return jnp.where(of.disjoint, 0.0, found)


def label_noise(of: State) -> jax.Array:
    """alpha, exactly 0 where every view names its input."""
    found = jnp.maximum(1 - jnp.sum(jnp.max(of.mass, axis=1), axis=0), 0.0)
    return jnp.where(of.disjoint, 0.0, found)


def bayes_regression(of: State) -> jax.Array:
    """min_w E(w . phi - g)^2 for the Bayes label g as a sign."""
    missed = _bayes_missed(of)
    return jnp.sum((missed[:, 1:] - missed[:, :1]) ** 2, axis=(0, 1))


def bayes_class_regression(of: State) -> jax.Array:
    """The same for g one-hot, classes summed."""
    return jnp.sum(_bayes_missed(of) ** 2, axis=(0, 1))


def _bayes_missed(of: State) -> jax.Array:
    return of.bayes - product(of.views, of.bayes_seen)


def bayes_target_risk(of: State) -> jax.Array:
    """min_B E|e_g - B f|^2 of W, or the highest over all minimisers."""
    if of.arrays.weights is not None:
        return 1 - jnp.sum(product(transposed(span(of, mean=False)), of.bayes_seen) ** 2, axis=(0, 1))
    return 1 - kept(of, product(transposed(of.rotation), of.bayes_seen), 0)[0]


def class_mean_risk(of: State) -> jax.Array:
    """min_B E|e_y - B f_A|^2 of W, or the highest over all minimisers."""
    return _mean_risk(of, of.classes)


def head_norm(*, mean: bool) -> Evaluator:
    """The largest norm of the least-squares head for one-hot targets over all minimisers; NaN for a given W."""

    def evaluate(of: State) -> jax.Array:
        if of.arrays.weights is not None:
            return jnp.full_like(of.error, jnp.nan)
        return root(kept(of, of.classes.cross, -3 if mean else -1)[1])

    return evaluate
