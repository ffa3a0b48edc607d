"""Spectral quantities and risks as differentiable functions of a model, keyed by symbol.

With (kappa_i, q_i) the eigenpairs of the transfer matrix, a_i = q_i . targets and c_i = sqrt(kappa_i) a_i.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from linrep import symbols as sym
from linrep.symbols import Quantity
from proofs_check.search._models import Model
from proofs_check.search._spectra import eigenvalues, head_operator

Evaluator = Callable[[Model], jax.Array]
"""A number of a model, or one for each k = 1, …, d."""


def kappa(of: Model, index: int) -> jax.Array:
    """Eigenvalue number `index` of K, counted from 1; 0 beyond the rank.

    Source: ours.

    >>> from proofs_check.search._models import Size, tabulated
    >>> half = jnp.array([0.5, 0.5])
    >>> pair = tabulated(Size(2, 2, 2, 1), half, jnp.eye(2), jnp.eye(2), jnp.array([1.0, -1.0]), None)
    >>> round(kappa(pair, 2).item(), 12)
    1.0
    """
    return eigenvalues(of.transfer)[index - 1] if index <= _rank(of) else jnp.zeros(())


def _rank(of: Model) -> int:
    return min(of.size.inputs, of.size.features)


def _form(operator: jax.Array, vectors: jax.Array) -> jax.Array:
    """The quadratic form, columns summed."""
    return jnp.sum(vectors * (operator @ vectors))


def _energy(of: Model, head: int, seen: jax.Array) -> jax.Array:
    """sum_{i<=head} |q_i . seen|^2."""
    return _form(head_operator(of.transfer, min(head, _rank(of)), 0), seen)


def _seen(of: Model, head: int, seen: jax.Array) -> jax.Array:
    """sum_{i<=head} kappa_i |q_i . seen|^2."""
    return _form(head_operator(of.transfer, min(head, _rank(of)), 1), seen)


def _each(of: Model, at: Callable[[int], jax.Array]) -> jax.Array:
    return jnp.stack([at(k) for k in range(1, of.size.dim + 1)])


def _captured(of: Model, root: jax.Array, seen: jax.Array) -> jax.Array:
    """seen.T W (W.T root.T root W)^{-1} W.T seen."""
    assert of.weights is not None
    image, wanted = root @ of.weights, of.weights.T @ seen
    return jnp.sum(wanted * jnp.linalg.solve(image.T @ image, wanted))


def risk(*, mean: bool) -> Evaluator:
    """An evaluator of the regression risk of W or of the minimiser.

    Source: theory I3.

    >>> callable(risk(mean=True))
    True
    """

    def evaluate(of: Model) -> jax.Array:
        whole = jnp.sum(of.targets**2)
        if of.weights is None:
            return whole - (_energy if mean else _seen)(of, of.size.dim, of.targets)
        return whole - _captured(of, of.means if mean else of.views, of.means.T @ of.targets)

    return evaluate


def best_mean_risk(of: Model) -> jax.Array:
    """R̄_min, 0 where the mean features span all functions of the input. Source: theory, section 1.

    >>> best_mean_risk.__name__
    'best_mean_risk'
    """
    if _rank(of) == of.size.inputs:
        return jnp.zeros(())
    return jnp.sum(of.targets**2) - _energy(of, _rank(of), of.targets)


def best_augmented_risk(of: Model) -> jax.Array:
    """R_min. Source: theory, section 1.

    >>> best_augmented_risk.__name__
    'best_augmented_risk'
    """
    return jnp.sum(of.targets**2) - _form(of.transfer, of.targets)


def inconsistency(of: Model) -> jax.Array:
    """V = sum lambda_i c_i^2. Source: theory T2.

    >>> inconsistency.__name__
    'inconsistency'
    """
    once = of.transfer @ of.targets
    return jnp.sum(of.targets * once) - jnp.sum(once**2)


def suboptimality(of: Model) -> jax.Array:
    """eps. Source: theory I1, I2.

    >>> suboptimality.__name__
    'suboptimality'
    """
    if of.weights is None:
        return jnp.zeros(())
    view, mean = of.views @ of.weights, of.means @ of.weights
    kept = eigenvalues(of.transfer)[: min(of.size.dim, _rank(of))]
    return jnp.sum((view.T @ view) ** 2) - 2 * jnp.sum(mean**2) + jnp.sum(kept**2)


def head_defect(of: Model) -> jax.Array:
    """sum_{i<=k} |(I - P) v_i|^2 for each k. Source: theory T3.

    >>> head_defect.__name__
    'head_defect'
    """
    if of.weights is None:
        return jnp.zeros(of.size.dim)
    view, mean = of.views @ of.weights, of.means @ of.weights
    inside = mean @ jnp.linalg.solve(view.T @ view, mean.T)
    return _each(of, lambda k: k - jnp.trace(head_operator(of.transfer, k, -1) @ inside))


def vacuity_budget(of: Model) -> jax.Array:
    """eps_vac, with intercept: K on the complement of c_0, seen from the inputs through its square root.

    Source: theory V5.

    >>> vacuity_budget.__name__
    'vacuity_budget'
    """
    root = jnp.sqrt(of.joint.sum(axis=1))
    centred = of.targets - root[:, None] * of.label_mean
    # K = A.T A with A = means S, S.T Sigma S = I; its compression has the spectrum of A (I - c c.T / |c|^2) A.T.
    once = of.transfer @ centred
    removed = once @ once.T / jnp.sum(centred * once)
    kept = eigenvalues(of.transfer)[: min(of.size.dim, _rank(of))]
    blind = eigenvalues(of.transfer - removed)[: min(of.size.dim, _rank(of))]
    return jnp.sum(kept**2) - jnp.sum(blind**2)


def interlacing_budget(of: Model) -> jax.Array:
    """kappa_1^2 - kappa_{d+1}^2 for one output. Source: theory V5.

    >>> interlacing_budget.__name__
    'interlacing_budget'
    """
    return kappa(of, 1) ** 2 - kappa(of, of.size.dim + 1) ** 2


def posterior_collision(of: Model) -> jax.Array:
    """theta. Source: theory I8.

    >>> posterior_collision.__name__
    'posterior_collision'
    """
    return jnp.sum(of.joint**2 / of.joint.sum(axis=0))


def identification_error(of: Model) -> jax.Array:
    """tau. Source: theory, section 5.

    >>> identification_error.__name__
    'identification_error'
    """
    return 1 - jnp.sum(of.joint.max(axis=0))


def _class_mass(of: Model) -> jax.Array:
    return of.joint.T @ (of.classes > 0)


def label_noise(of: Model) -> jax.Array:
    """alpha. Source: theory, section 4.

    >>> label_noise.__name__
    'label_noise'
    """
    return 1 - jnp.sum(_class_mass(of).max(axis=1))


def _bayes(of: Model) -> jax.Array:
    """The one-hot Bayes label of a view times the root of its mass, (n, 2)."""
    best = jax.nn.one_hot(_class_mass(of).argmax(axis=1), 2)
    return jnp.sqrt(of.joint.sum(axis=0))[:, None] * best


def bayes_regression(*, one_hot: bool) -> Evaluator:
    """An evaluator of min_w E(w . phi - g)^2 for the Bayes label as a sign, or one-hot.

    Source: theory T7.

    >>> callable(bayes_regression(one_hot=True))
    True
    """

    def evaluate(of: Model) -> jax.Array:
        wanted = _bayes(of)
        wanted = wanted if one_hot else wanted[:, 1:] - wanted[:, :1]
        inner = of.views.T @ wanted
        return jnp.maximum(jnp.sum(wanted**2) - jnp.sum(inner * jnp.linalg.solve(of.views.T @ of.views, inner)), 0.0)

    return evaluate


def bayes_target_risk(of: Model) -> jax.Array:
    """min_B E|e_g - B f|^2. Source: theory G1.

    >>> bayes_target_risk.__name__
    'bayes_target_risk'
    """
    inner = of.views.T @ _bayes(of)
    if of.weights is not None:
        return 1 - _captured(of, of.views, inner)
    # v_i = S.T means.T q_i / sqrt kappa_i, S S.T = Sigma^{-1}: the part of e_g along v_i, i <= d.
    seen = of.means @ jnp.linalg.solve(of.views.T @ of.views, inner)
    return 1 - _form(head_operator(of.transfer, of.size.dim, -1), seen)


def class_mean_risk(of: Model) -> jax.Array:
    """min_B E|e_y - B f_A|^2. Source: theory G1.

    >>> class_mean_risk.__name__
    'class_mean_risk'
    """
    if of.weights is None:
        return 1 - _energy(of, of.size.dim, of.classes)
    return 1 - _captured(of, of.means, of.means.T @ of.classes)


EVALUATORS: dict[Quantity, Evaluator] = {
    sym.MEAN_RISK: risk(mean=True),
    sym.AUGMENTED_RISK: risk(mean=False),
    sym.BEST_MEAN_RISK: best_mean_risk,
    sym.BEST_AUGMENTED_RISK: best_augmented_risk,
    sym.RISK_GAP: lambda of: best_augmented_risk(of) - best_mean_risk(of),
    sym.PREDICTED_ENERGY: lambda of: _form(of.transfer, of.targets),
    sym.INCONSISTENCY: inconsistency,
    sym.MEAN_ENERGY: lambda of: _each(of, lambda k: _energy(of, k, of.targets)),
    sym.SUBOPTIMALITY: suboptimality,
    sym.HEAD_DEFECT: head_defect,
    sym.HEAD_EIGENVALUE: lambda of: _each(of, lambda k: kappa(of, k)),
    sym.HEAD_LAMBDA: lambda of: _each(of, lambda k: 1 - kappa(of, k)),
    sym.TAIL_EIGENVALUE: lambda of: _each(of, lambda k: 1 - kappa(of, k + 1)),
    sym.HEAD_SIZE: lambda of: jnp.arange(1, of.size.dim + 1),
    sym.CUT_EIGENVALUE: lambda of: 1 - kappa(of, of.size.dim + 1),
    sym.CUT_RETAINED: lambda of: kappa(of, of.size.dim + 1),
    sym.LAST_RETAINED: lambda of: kappa(of, of.size.dim),
    sym.NEXT_CUT_EIGENVALUE: lambda of: 1 - kappa(of, of.size.dim + 2),
    sym.NEXT_CUT_RETAINED: lambda of: kappa(of, of.size.dim + 2),
    sym.NEXT_TAIL_EIGENVALUE: lambda of: _each(of, lambda k: 1 - kappa(of, k + 2)),
    sym.LAST_EIGENVALUE: lambda of: 1 - kappa(of, of.size.dim),
    sym.UNRESTRICTED_CUT_EIGENVALUE: lambda of: 1 - kappa(of, of.size.dim + 1),
    sym.VACUITY_BUDGET: vacuity_budget,
    sym.INTERLACING_BUDGET: interlacing_budget,
    sym.POSTERIOR_COLLISION: posterior_collision,
    sym.IDENTIFICATION_ERROR: identification_error,
    sym.LABEL_NOISE: label_noise,
    sym.BAYES_DISAGREEMENT: label_noise,
    sym.BAYES_REGRESSION: bayes_regression(one_hot=False),
    sym.BAYES_CLASS_REGRESSION: bayes_regression(one_hot=True),
    sym.BAYES_TARGET_RISK: bayes_target_risk,
    sym.CLASS_MEAN_RISK: class_mean_risk,
    sym.N_INPUTS: lambda of: jnp.asarray(float(of.size.inputs)),
    sym.DIM: lambda of: jnp.asarray(float(of.size.dim)),
}
"""How each quantity is computed on a model; theorems in other quantities are left to the exact engine."""
