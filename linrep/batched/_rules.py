"""Hypotheses of a batch, and what is known of a quantity without any theorem."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from linrep import symbols as sym
from linrep._linalg import EPS
from linrep.batched._quantities import (
    head_squares,
    is_sign,
    label_mean,
    loss_parts,
    n_inputs,
    squares,
)
from linrep.batched._state import State, at
from linrep.batched._table import EVALUATORS, margin_grid
from linrep.symbols import Hypothesis, Quantity, Shape

YES, NO, OPEN = 1, 0, -1
"""A hypothesis holds, fails, or is not settled in float64."""

Rule = Callable[[State], jax.Array]

ERRORS = (sym.MEAN_ERROR, sym.AUGMENTED_ERROR, sym.ARGMAX_MEAN_ERROR, sym.ARGMAX_AUGMENTED_ERROR, sym.VOTE_ERROR)


def admissible(of: State) -> jax.Array:
    """The k <= d with kappa_k > kappa_{d+1} and lambda_{k+1} > 0, each beyond the error of the eigenvalues, (d, B)."""
    head, cut, tail = (EVALUATORS[q](of) for q in (sym.HEAD_EIGENVALUE, sym.CUT_RETAINED, sym.TAIL_EIGENVALUE))
    return (head - cut > 2 * of.error) & (tail > 2 * of.error)


def is_classes(of: State) -> jax.Array:
    """Whether labels are classes; signs are two classes."""
    return is_sign(of) | of.form.classes


def _minimiser(of: State) -> jax.Array:
    if of.arrays.weights is None:
        return jnp.ones(of.error.shape, bool)
    value, error = loss_parts(of)
    return jnp.where(value > error, NO, OPEN)


def _uniform(of: State) -> jax.Array:
    prior = of.arrays.prior
    return jnp.all((prior == jnp.max(prior, axis=0)) | (prior == 0), axis=0)


def _one_output(of: State) -> jax.Array:
    targets = of.arrays.targets
    if not of.form.classes:
        return jnp.full(of.error.shape, targets.shape[1] == 1)
    return jnp.all((targets[:, 1:] == 0) | (of.arrays.prior[:, None] == 0), axis=(0, 1))


def _positive_margin(of: State) -> jax.Array:
    return jnp.any(margin_grid(of, mean=False)[1], axis=0) & is_sign(of)


RULES: dict[Hypothesis, Rule] = {
    sym.MINIMISER: _minimiser,
    sym.POSITIVE_CUT_EIGENVALUE: lambda of: 1 - at(of.kappa, of.form.dim + 1) > 2 * of.error,
    sym.POSITIVE_LAST_RETAINED: lambda of: at(of.kappa, of.form.dim) > 2 * of.error,
    sym.ADMISSIBLE_INDEX: lambda of: jnp.any(admissible(of), axis=0),
    sym.POSITIVE_MARGIN: _positive_margin,
    sym.SIGN_LABELS: is_sign,
    sym.CLASS_LABELS: is_classes,
    sym.ONE_OUTPUT: _one_output,
    sym.BALANCED_LABELS: lambda of: (
        is_sign(of) & (jnp.abs(jnp.sum(label_mean(of), axis=0)) <= of.arrays.prior.shape[0] * EPS)
    ),
    sym.UNIFORM_PRIOR: _uniform,
    sym.DISJOINT: lambda of: of.disjoint,
    sym.UNRESTRICTED: lambda of: jnp.full(of.error.shape, of.arrays.features is None),
    sym.DIM_BELOW_INPUTS: lambda of: of.form.dim < n_inputs(of),
}
"""How each hypothesis is ruled on."""


def trivial(quantity: Quantity, of: State) -> jax.Array:
    """What is known without any theorem, (B,): the best constant's risk or error, or the end of the range; NaN where
    nothing is known."""
    nothing = jnp.full_like(of.error, jnp.nan)
    if quantity in (sym.MEAN_RISK, sym.AUGMENTED_RISK):
        return jnp.maximum(squares(of) - jnp.sum(label_mean(of) ** 2, axis=0), 0.0)
    if quantity == sym.BAYES_TARGET_RISK:
        guess = jnp.sum(of.bayes**2, axis=0)
        return jnp.where(is_classes(of), 1 - jnp.sum(guess**2, axis=0), nothing)
    if quantity == sym.CLASS_MEAN_RISK or quantity in ERRORS:
        mass = jnp.sum(of.mass, axis=0)
        best = jnp.sum(mass**2, axis=0) if quantity == sym.CLASS_MEAN_RISK else jnp.max(mass, axis=0)
        return jnp.where(is_classes(of), 1 - best, nothing)
    if quantity == sym.HEAD_DEFECT:
        return jnp.full_like(of.error, of.form.dim)
    if quantity == sym.VACUITY_BUDGET:
        return head_squares(of)
    return nothing if quantity.upper is None else jnp.full_like(of.error, quantity.upper)


def indexed(quantity: Quantity) -> bool:
    """Whether a quantity has a number for every index k."""
    return quantity.shape is Shape.INDEXED
