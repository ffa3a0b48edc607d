"""The gradient engine: many restarts of gradient ascent on the tightness at once, in float64, on small problems.

Prior and channel are softmaxes, features, labels and weights are free; the winners are rounded to exact weights.
"""

import functools
from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np

from linrep._checks import require_x64
from linrep._linalg import EPS, spectral_error
from linrep.bounds import JAX, NEEDED_TO_STATE, Choice, Kind, Theorem
from linrep.features import OneHot
from linrep.labels import Table
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.symbols import (
    CUT_RETAINED,
    DIM_BELOW_INPUTS,
    HEAD_EIGENVALUE,
    MINIMISER,
    ONE_OUTPUT,
    TAIL_EIGENVALUE,
    UNIFORM_PRIOR,
    UNRESTRICTED,
)
from proofs_check.search._evaluators import EVALUATORS
from proofs_check.search._instances import fractions, tabled
from proofs_check.search._models import Model, Parameters, Shape, Size, model, shape_of, start

SIZES = (Size(4, 5, 3, 2), Size(3, 4, 3, 1), Size(5, 6, 4, 2), Size(4, 4, 2, 1))
"""The sizes that the rounds take in turn."""
RESTARTS = 2048
"""Most restarts of one round, all climbing at once: eight times as many take about twice as long."""
STEPS = 300
RATE, FIRST, SECOND = 0.05, 0.9, 0.999
"""Step size and decays of Adam."""
WINNERS = 4
"""How many of the best restarts are rounded."""
MET = NEEDED_TO_STATE | {MINIMISER, UNIFORM_PRIOR, UNRESTRICTED, ONE_OUTPUT, DIM_BELOW_INPUTS}
"""Hypotheses that a model meets by its shape, or almost surely."""
TOTALS = (20, 1000, 10**6)
"""Totals of the rounded weights, coarse ones first."""


def covers(theorem: Theorem) -> bool:
    """Whether every quantity of the theorem has a differentiable evaluator, and a model can meet its hypotheses.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> covers(linrep26.RISK_GAP_MEAN), covers(linrep26.MARGIN_MEAN)
    (True, False)
    """
    known = all(q in EVALUATORS for q in (*theorem.inputs, theorem.bounds))
    return theorem.unavailable is None and known and MET.issuperset(theorem.hypotheses)


def tightness(theorem: Theorem, of: Model) -> jax.Array:
    """actual / bound of an upper bound (bound / actual of a lower one), at the index that the theorem would report.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> shape = shape_of(linrep26.RISK_GAP_MEAN, SIZES[0])
    >>> bool(tightness(linrep26.RISK_GAP_MEAN, model(shape, start(shape, jax.random.key(0)))) <= 1)
    True
    """
    bound = theorem.value(*(EVALUATORS[q](of) for q in theorem.inputs), field=JAX)
    actual = EVALUATORS[theorem.bounds](of)
    upper = theorem.kind is Kind.UPPER
    if theorem.choice is Choice.NONE:
        return _quotient(actual, bound) if upper else _quotient(bound, actual)
    usable = _admissible(of) & jnp.isfinite(bound)
    if theorem.choice is Choice.EVERY:
        ratios = _quotient(actual, bound) if upper else _quotient(bound, actual)
        return jnp.max(jnp.where(usable, ratios, 0.0))
    worst = jnp.inf if upper else -jnp.inf
    chosen = (jnp.min if upper else jnp.max)(jnp.where(usable, bound, worst))
    return _quotient(actual, chosen) if upper else _quotient(chosen, actual)


def _quotient(small: jax.Array, large: jax.Array) -> jax.Array:
    """The ratio; two sides within sqrt(eps) of 0 say nothing, for their ratio would be one of rounding errors."""
    return jnp.where(large > np.sqrt(EPS), small / large, 0.0)


def _admissible(of: Model) -> jax.Array:
    """The k <= d with kappa_k > kappa_{d+1} and lambda_{k+1} > 0, beyond the error of the eigenvalues."""
    error = 2 * spectral_error(of.size.inputs, 1.0)
    head, cut, tail = (EVALUATORS[q](of) for q in (HEAD_EIGENVALUE, CUT_RETAINED, TAIL_EIGENVALUE))
    return (head - cut > error) & (tail > error)


def ascend(theorem: Theorem, shape: Shape, key: jax.Array, restarts: int = RESTARTS) -> tuple[jax.Array, Parameters]:
    """The tightness that each restart reaches, and its parameters.

    Source: ours; Adam (Kingma and Ba, 2015).

    >>> from linrep.bounds import linrep26
    >>> shape = shape_of(linrep26.RISK_GAP_MEAN, Size(2, 2, 1, 1))
    >>> ascend(linrep26.RISK_GAP_MEAN, shape, jax.random.key(0), 3)[0].shape
    (3,)
    """
    require_x64("search")
    return _batch(theorem, shape, jax.random.split(key, restarts))


@functools.partial(jax.jit, static_argnums=(0, 1))
def _batch(theorem: Theorem, shape: Shape, keys: jax.Array) -> tuple[jax.Array, Parameters]:
    return jax.vmap(functools.partial(_climb, theorem, shape))(keys)


def _climb(theorem: Theorem, shape: Shape, key: jax.Array) -> tuple[jax.Array, Parameters]:
    def height(free: Parameters) -> jax.Array:
        return tightness(theorem, model(shape, free))

    def step(carry: tuple, number: jax.Array) -> tuple[tuple, None]:
        free, mean, square, best, kept = carry
        value, slope = jax.value_and_grad(height)(free)
        # A root at 0 has an infinite slope; such a restart stays where it is.
        slope = jax.tree.map(lambda g: jnp.where(jnp.isfinite(g), g, 0.0), slope)
        better = value > best
        kept = jax.tree.map(lambda new, old: jnp.where(better, new, old), free, kept)
        mean = jax.tree.map(lambda m, g: FIRST * m + (1 - FIRST) * g, mean, slope)
        square = jax.tree.map(lambda s, g: SECOND * s + (1 - SECOND) * g**2, square, slope)
        free = jax.tree.map(lambda p, m, s: p + _move(m, s, number), free, mean, square)
        return (free, mean, square, jnp.where(better, value, best), kept), None

    free = start(shape, key)
    nothing = jax.tree.map(jnp.zeros_like, free)
    carry = (free, nothing, nothing, jnp.full((), -jnp.inf), free)
    (_, _, _, best, kept), _ = jax.lax.scan(step, carry, jnp.arange(1, STEPS + 1))
    return best, kept


def _move(mean: jax.Array, square: jax.Array, number: jax.Array) -> jax.Array:
    return RATE * (mean / (1 - FIRST**number)) / (jnp.sqrt(square / (1 - SECOND**number)) + EPS)


def winners(theorem: Theorem, key: jax.Array, number: int, restarts: int = RESTARTS) -> Iterator[Problem]:
    """The best problems of round `number`, rounded to exact weights, coarsely first.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> next(winners(linrep26.RISK_GAP_MEAN, jax.random.key(0), 3, restarts=16)).process.exact
    True
    """
    shape = shape_of(theorem, SIZES[number % len(SIZES)])
    reached, free = ascend(theorem, shape, key, restarts)
    order = np.argsort(-np.asarray(jnp.where(jnp.isfinite(reached), reached, -1.0)), kind="stable")
    for total in TOTALS:
        for place in order[:WINNERS]:
            yield rounded(shape, {name: np.asarray(value[place]) for name, value in free.items()}, total)


def rounded(shape: Shape, free: dict[str, np.ndarray], total: int) -> Problem:
    """The problem with integer weights that sum to about `total` a row, and everything else rounded as finely.

    Source: ours.

    >>> shape = Shape(Size(2, 2, 2, 1), True, True, True, True)
    >>> free = {"channel": np.zeros((2, 2)), "labels": np.array([1.0, -1.0])}
    >>> rounded(shape, free, 20).process.weights.channel.tolist()
    [[10, 10], [10, 10]]
    """
    size, bits = shape.size, total.bit_length()
    prior = [1] * size.inputs if shape.uniform else np.maximum(_shares(free["prior"], total), 1)
    channel = _shares(free["channel"], total)
    shown = channel.any(axis=0)
    process = FiniteProcess(prior, channel[:, shown])
    table = None if shape.one_hot else fractions(free["features"], bits)[shown]
    features = OneHot() if table is None else tabled(table)
    exact = free["labels"].astype(int) if shape.signs else fractions(free["labels"], bits)
    labels = Table(exact, "sign" if shape.signs else "real")
    weights = None if shape.minimiser else fractions(free["weights"], bits)
    if weights is not None and shape.one_hot:
        weights = weights[shown]
    return Problem(process, features, labels, dim=size.dim, weights=weights)


def _shares(logits: np.ndarray, total: int) -> np.ndarray:
    """Softmax rows as whole numbers; the largest of a row is never rounded away."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.rint(total * shifted / shifted.sum(axis=-1, keepdims=True)).astype(int)
