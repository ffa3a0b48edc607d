"""The compiled programs: spectra, what the formulas take, and the formulas of `linrep.bounds` over JAX arrays."""

import functools
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp

from linrep import symbols as sym
from linrep._linalg import EPS
from linrep.batched._rules import NO, RULES, admissible, trivial
from linrep.batched._state import State, state
from linrep.batched._table import EVALUATORS, margin_grid
from linrep.bounds import JAX, Choice, Kind, Theorem
from linrep.symbols import Hypothesis, Quantity

MASSES = {sym.MARGIN_MASS_AUGMENTED: False, sym.MARGIN_MASS_MEAN: True}


class Measured(NamedTuple):
    """What the formulas take, computed once: quantities, hypotheses, trivial values, margins, admissible indices."""

    values: dict[Quantity, jax.Array]
    rulings: dict[Hypothesis, jax.Array]
    trivial: dict[Quantity, jax.Array]
    grids: dict[bool, tuple[jax.Array, jax.Array, jax.Array]]
    usable: jax.Array
    error: jax.Array
    size: jax.Array


# Three programs, not one: XLA computes a shared intermediate again for every reader that it fuses it into, and the
# spectra have a hundred readers.
spectra = jax.jit(state, static_argnums=1)


def _measured(of: State, floors: jax.Array, theorems: tuple[Theorem, ...]) -> list:
    """The fields of a `Measured` without their keys, which are no JAX keys."""
    wanted, hypotheses, bounded, means = _asked(theorems)
    inputs = EVALUATORS[sym.N_INPUTS](of).astype(int)
    return [
        [floors[inputs] if q == sym.COUNTING_FLOOR else EVALUATORS[q](of) for q in wanted],
        [RULES[h](of).astype(jnp.int8) for h in hypotheses],
        [trivial(q, of) for q in bounded],
        [margin_grid(of, mean=mean) for mean in means],
        admissible(of),
        of.error,
        jnp.sum(of.arrays.prior[:, None] * of.arrays.targets**2, axis=(0, 1)),  # what errors of risks scale with
    ]


measure = jax.jit(_measured, static_argnums=2)


def _asked(theorems: tuple[Theorem, ...]) -> tuple[list, list, list, list]:
    """Quantities, hypotheses, bounded quantities and margins that theorems speak of, each once."""
    known = {*EVALUATORS, sym.COUNTING_FLOOR}
    wanted = dict.fromkeys(q for t in theorems for q in (*t.inputs, t.bounds) if q in known)
    hypotheses = dict.fromkeys(h for t in theorems for h in t.hypotheses)
    bounded = dict.fromkeys(t.bounds for t in theorems)
    means = dict.fromkeys(MASSES[q] for t in theorems for q in t.inputs if q in MASSES)
    return list(wanted), list(hypotheses), list(bounded), list(means)


@functools.partial(jax.jit, static_argnums=1)
def rows(found: list, theorems: tuple[Theorem, ...]) -> tuple[jax.Array, ...]:
    """The fields of all `BatchBound`s, (theorems, B) each."""
    keyed: Any = [dict(zip(k, v, strict=True)) for k, v in zip(_asked(theorems), found[:4], strict=True)]
    of = Measured(*keyed, *found[4:])
    return tuple(jnp.stack(field) for field in zip(*(_row(theorem, of) for theorem in theorems), strict=True))


def _row(theorem: Theorem, of: Measured) -> tuple[jax.Array, ...]:
    """The fields of a `BatchBound`."""
    rulings = [of.rulings[h] for h in theorem.hypotheses]
    applies = jnp.min(jnp.abs(jnp.stack(rulings)), axis=0) if rulings else jnp.ones(of.error.shape, jnp.int8)
    if rulings:
        applies = jnp.where(jnp.any(jnp.stack(rulings) < 0, axis=0) & (applies != NO), -1, applies)
    upper = theorem.kind is Kind.UPPER
    known = (
        of.trivial[theorem.bounds]
        if upper
        else jnp.full_like(of.error, jnp.nan if theorem.bounds.lower is None else theorem.bounds.lower)
    )
    value, actual, index = _best(theorem, of)
    # Rounding of a bound within the errors of its inputs: what equals trivial up to that says nothing.
    slack = (of.error + 8 * len(theorem.inputs) * EPS) * (jnp.abs(value) + jnp.abs(known) + of.size)
    worthless = value + slack >= known if upper else value - slack <= known
    there = applies != NO
    missing = jnp.where(there, value, jnp.nan), jnp.where(there, actual, jnp.nan)
    return *missing, known, ~there | worthless, applies.astype(jnp.int8), jnp.where(there, index, 0).astype(jnp.int8)


def _best(theorem: Theorem, of: Measured) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The bound, the bounded quantity and the index, where the bound is best, or closest to what it bounds."""
    truth = of.values[theorem.bounds] if theorem.bounds in of.values else jnp.full_like(of.error, jnp.nan)
    mean = next((MASSES[q] for q in theorem.inputs if q in MASSES), None)
    grid = None if mean is None else of.grids[mean]
    inputs = [_input(q, of, grid) for q in theorem.inputs]
    values = jnp.asarray(theorem.value(*inputs, field=JAX))
    if theorem.choice is Choice.NONE:
        return values.reshape(-1, *of.error.shape)[0], truth, jnp.zeros(of.error.shape, int)
    usable = of.usable[:, None] & (True if grid is None else grid[1][None])
    shape = usable.shape
    sign = 1.0 if theorem.kind is Kind.UPPER else -1.0
    aim = values - truth[:, None] if theorem.choice is Choice.EVERY else values
    score = jnp.where(usable, sign * jnp.broadcast_to(aim, shape), jnp.inf).reshape(-1, shape[2])
    place = jnp.argmin(score, axis=0)
    value = _picked(jnp.broadcast_to(values, shape).reshape(-1, shape[2]), place)
    row = place // shape[1]
    return value, _picked(truth, row) if truth.ndim == 2 else truth, row + 1


def _picked(values: jax.Array, place: jax.Array) -> jax.Array:
    return jnp.take_along_axis(values, place[None], axis=0)[0]


def _input(quantity: Quantity, of: Measured, grid: tuple | None) -> jax.Array:
    """A quantity that broadcasts over (index, margin, batch)."""
    if quantity in MASSES or quantity == sym.MARGIN:
        assert grid is not None
        return grid[2 if quantity in MASSES else 0][None]
    value = of.values[quantity]
    return value[:, None] if value.ndim == 2 else value
