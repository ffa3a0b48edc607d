"""The loop: many compiled steps a call, seed after seed inside one program, with checkpoints and a trajectory."""

import itertools
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import optax

from linrep._checks import positive_int, require
from linrep.tables import Table, Value
from linrep.training._checkpoint import Saved, read, write
from linrep.training._experiment import Experiment

Progress = Callable[[str, int, int], None]
"""Told the name of the run, the steps done and the steps in all."""


@dataclass(frozen=True)
class Run:
    """The end of a training run.

    Args:
        networks: the trained networks, their arrays stacked over the seeds.
        data: the data of each seed, stacked likewise.
        trajectory: a row for each seed and recorded step: step, seed, train_loss (the mean over the steps since the
            last row) and what `Experiment.measure` returned.

    Source: ours.

    >>> Run((), (), Table(("step",), ())).trajectory.columns
    ('step',)
    """

    networks: Any
    data: Any
    trajectory: Table


def train(
    experiment: Experiment,
    *,
    seeds: Sequence[int],
    records: Sequence[int],
    checkpoint: Path | None = None,
    progress: Progress | None = None,
) -> Run:
    """Train every seed up to the last recorded step; a run that finds its checkpoint goes on from there, bit for bit.

    Args:
        experiment: what is trained.
        seeds: whole numbers; a seed fixes data, start and batches, and its run does not depend on the other seeds.
        records: steps at which the trajectory gets a row, ascending.
        checkpoint: a file (.npz) for the state after each chunk of steps; its folder must exist.
        progress: told after each chunk.

    Raises:
        InputError: no seeds, steps that do not ascend, a damaged checkpoint, one of another experiment, or one whose
            rows are those of other steps than `records` has up to there.

    Source: ours.

    >>> from linrep import networks
    >>> from linrep.training import Adam, in_batch_spectral
    >>> noise = lambda data, key, size: tuple(jax.random.normal(key, (2, size, 3), jnp.float32))
    >>> tiny = Experiment(
    ...     "noise", lambda key: networks.Dense(3, 2, bias=False, key=key), lambda key: (), noise, in_batch_spectral,
    ...     measure=lambda network, data: {}, adam=Adam(1e-3), batch=8,
    ... )
    >>> train(tiny, seeds=[0, 1], records=[2, 4]).trajectory.column("step")
    [2, 2, 4, 4]
    """
    steps = _checked(seeds, records)
    keys = jnp.stack([jax.random.key_data(jax.random.key(seed)) for seed in seeds])
    data = jax.vmap(lambda words: experiment.data(_key(words, 0)))(keys)
    start, static = _start(experiment, keys)
    name = f"{experiment.name}; seeds {list(seeds)}; batch {experiment.batch}; {experiment.adam}"
    saved = read(checkpoint, start, name, steps) if checkpoint is not None else None
    saved = saved or Saved(start, 0, ())
    advance, clock = _advance(experiment, static), _clock(saved.spent)
    chunk = math.gcd(saved.step, *steps)
    while saved.step < steps[-1]:
        length = min(chunk, MAX_CHUNK)
        length = length if chunk % length == 0 else chunk
        state, losses = advance(saved.state, data, keys, jnp.int32(saved.step), length)
        rows, step = saved.rows, saved.step + length
        rows = (*rows, {"step": step, "losses": losses.tolist()})
        if step in steps:
            rows = _recorded(experiment, eqx.combine(state[0], static), data, seeds, rows)
        saved = Saved(state, step, rows, clock())
        if checkpoint is not None:
            write(checkpoint, saved, name)
        if progress is not None:
            progress(experiment.name, step, steps[-1])
    return Run(eqx.combine(saved.state[0], static), data, _table(saved, name))


MAX_CHUNK = 500
"""Steps in one compiled call, where the recorded steps allow: the time between two checkpoints."""


def select(stacked: Any, index: int) -> Any:
    """One seed of arrays stacked over the seeds.

    Source: ours.

    >>> select((jnp.arange(3), "kept"), 2)
    (Array(2, dtype=int64), 'kept')
    """
    return jax.tree.map(lambda leaf: leaf[index] if eqx.is_array(leaf) else leaf, stacked)


def _checked(seeds: Sequence[int], records: Sequence[int]) -> tuple[int, ...]:
    require(len(seeds) > 0, "train: seeds is empty, but at least one is needed; pass seeds=[0], say.")
    steps = tuple(positive_int(step, owner="train", name="records") for step in records)
    ascending = bool(steps) and all(a < b for a, b in itertools.pairwise(steps))
    require(ascending, f"train: records is {steps}, but it must hold ascending steps; pass such a list.")
    return steps


def _key(words: jax.Array, purpose: int) -> jax.Array:
    """Independent keys of one seed: 0 for its data, 1 for its start, 2 for its batches."""
    return jax.random.fold_in(jax.random.wrap_key_data(words), purpose)


def _start(experiment: Experiment, keys: jax.Array) -> tuple[Any, Any]:
    networks = eqx.filter_vmap(lambda words: experiment.encoder(_key(words, 1)))(keys)
    parameters, static = eqx.partition(networks, eqx.is_inexact_array)
    return (parameters, jax.vmap(experiment.adam.transform().init)(parameters)), static


def _advance(experiment: Experiment, static: Any):
    """Seed after seed, so that the matrix of similarities stays in the cache: quicker here than all seeds abreast."""
    transform = experiment.adam.transform()

    def loss(parameters, data, key):
        network = eqx.combine(parameters, static)
        first, second = experiment.pairs(data, key, experiment.batch)
        both = network(jnp.concatenate([first, second]))
        return experiment.loss(both[: len(first)], both[len(first) :])

    def one_seed(state, data, words, begin, length):
        def step(carry, index):
            parameters, memory = carry
            value, slope = jax.value_and_grad(loss)(parameters, data, jax.random.fold_in(_key(words, 2), index))
            change, memory = transform.update(slope, memory, parameters)
            return (optax.apply_updates(parameters, change), memory), value

        state, losses = jax.lax.scan(step, state, begin + jnp.arange(length, dtype=jnp.int32))
        return state, losses.mean()

    def all_seeds(state, data, keys, begin, length):
        return jax.lax.map(lambda a: one_seed(a[0], a[1], a[2], begin, length), (state, data, keys))

    return jax.jit(all_seeds, static_argnums=4)


def _recorded(experiment: Experiment, networks: Any, data: Any, seeds: Sequence[int], rows: tuple) -> tuple:
    """The losses since the last row become one mean; a row for each seed is added."""
    fresh = [row for row in rows if "losses" in row]
    kept = tuple(row for row in rows if "losses" not in row)
    means = [sum(row["losses"][i] for row in fresh) / len(fresh) for i in range(len(seeds))]
    found: list[dict[str, Value]] = []
    for i, seed in enumerate(seeds):
        measured = experiment.measure(select(networks, i), select(data, i))
        found.append({"step": fresh[-1]["step"], "seed": int(seed), "train_loss": float(means[i]), **measured})
    return (*kept, *found)


def _clock(spent: tuple[float, float]) -> Callable[[], tuple[float, float]]:
    """Seconds on the clock and of the processor since now, on top of those of earlier sittings."""
    wall, processor = time.perf_counter(), time.process_time()
    return lambda: (spent[0] + time.perf_counter() - wall, spent[1] + time.process_time() - processor)


def _table(saved: Saved, name: str) -> Table:
    seconds, processor = (round(value, 3) for value in saved.spent)
    how = {"experiment": name, "evidence": "trained", "seconds": seconds, "processor_seconds": processor}
    return Table(tuple(saved.rows[0]), saved.rows, how)
