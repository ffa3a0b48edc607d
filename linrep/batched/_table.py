"""Eigenvalues and margins of a batch, and the table of all its quantities."""

import jax
import jax.numpy as jnp

from linrep import symbols as sym
from linrep.batched import _quantities as found
from linrep.batched._orthogonal import product, transposed
from linrep.batched._quantities import Evaluator
from linrep.batched._state import State, at, quadratic, root
from linrep.symbols import Quantity, Shape


def _each(of: State, number: found.Numbered) -> jax.Array:
    return jnp.stack([number(k) for k in range(1, of.form.dim + 1)])


def eigenvalue(quantity: Quantity) -> Evaluator:
    """An evaluator of kappa or lambda = 1 - kappa at index k + offset, or d + offset."""
    offset, of_defect = sym.EIGENVALUES[quantity]

    def evaluate(of: State) -> jax.Array:
        def number(k: int) -> jax.Array:
            kappa = at(of.kappa, k + offset)
            return 1 - kappa if of_defect else kappa

        return number(of.form.dim) if quantity.shape is Shape.SCALAR else _each(of, number)

    return evaluate


def score(of: State) -> jax.Array:
    """The least-squares score h = v . phi of the first output on every view, (n, B)."""
    seen = product(transposed(of.means), of.label.weighted[:, :1])
    scale = root(of.marginal)
    return product(of.views, seen)[:, 0] / jnp.where(scale > 0, scale, 1.0)


def margins(of: State, *, mean: bool) -> tuple[jax.Array, jax.Array]:
    """Values of label times score and their masses, (J, B): of one view and a sign, or of the mean of an input."""
    value = score(of)
    if mean:
        means = jnp.sum(of.arrays.channel * value[None], axis=1)
        return of.arrays.targets[:, 0] * means, of.arrays.prior
    return jnp.concatenate([-value, value]), jnp.concatenate([of.mass[:, 0], of.mass[:, -1]])


def margin_grid(of: State, *, mean: bool) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Thresholds gamma, whether each is the positive margin of something that occurs, and Pr[margin < gamma], (J, B).

    One view has one positive margin at most, that of the sign of its score.
    """
    values, mass = margins(of, mean=mean)
    gamma, seen = values, mass
    if not mean:
        half = values.shape[0] // 2
        gamma = jnp.maximum(values[:half], values[half:])
        seen = jnp.where(values[:half] > 0, mass[:half], mass[half:])
    # A loop over values, not an array of all pairs: it stays in cache.
    below = jnp.zeros_like(gamma)
    for j in range(values.shape[0]):
        below = below + jnp.where(values[j] < gamma, mass[j], 0.0)
    return gamma, (gamma > 0) & (seen > 0), below


EVALUATORS: dict[Quantity, Evaluator] = {
    sym.SUBOPTIMALITY: found.suboptimality,
    sym.HEAD_DEFECT: found.head_defect,
    sym.HEAD_SIZE: lambda of: _each(of, lambda k: jnp.full_like(of.error, k)),
    **{quantity: eigenvalue(quantity) for quantity in sym.EIGENVALUES},
    sym.VACUITY_BUDGET: found.vacuity_budget,
    sym.INTERLACING_BUDGET: found.interlacing_budget,
    sym.MEAN_RISK: found.mean_risk,
    sym.AUGMENTED_RISK: found.augmented_risk,
    sym.BEST_MEAN_RISK: found.best_mean_risk,
    sym.BEST_AUGMENTED_RISK: found.best_augmented_risk,
    sym.RISK_GAP: found.risk_gap,
    sym.PREDICTED_ENERGY: found.predicted_energy,
    sym.INCONSISTENCY: found.inconsistency,
    sym.MEAN_ENERGY: found.mean_energy,
    sym.SCORE_ENERGY: lambda of: jnp.sum(of.label.cross[:, 0] ** 2, axis=0),
    sym.SCORE_INCONSISTENCY: lambda of: quadratic(of, of.label.cross[:, :1]),
    sym.LABEL_NOISE: found.label_noise,
    sym.BAYES_DISAGREEMENT: found.label_noise,
    sym.BAYES_REGRESSION: found.bayes_regression,
    sym.BAYES_CLASS_REGRESSION: found.bayes_class_regression,
    sym.BAYES_TARGET_RISK: found.bayes_target_risk,
    sym.CLASS_MEAN_RISK: found.class_mean_risk,
    sym.HEAD_NORM_AUGMENTED: found.head_norm(mean=False),
    sym.HEAD_NORM_MEAN: found.head_norm(mean=True),
    sym.N_INPUTS: found.n_inputs,
    sym.DIM: lambda of: jnp.full_like(of.error, of.form.dim),
    sym.IDENTIFICATION_ERROR: found.identification_error,
    sym.POSTERIOR_COLLISION: found.posterior_collision,
    sym.UNRESTRICTED_CUT_EIGENVALUE: found.unrestricted_cut_eigenvalue,
}
"""How each quantity is computed on a batch."""
