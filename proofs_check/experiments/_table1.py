"""Table 1: a linear map and a perceptron trained by SimCLR on Example 1, and what a probe makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from linrep import networks
from linrep.tables import Table, Value
from linrep.training import Adam, Experiment, Run, identified, in_batch_infonce, probe, train, unit
from linrep.training._loop import Progress
from proofs_check.experiments._rows import mean_ci
from proofs_check.experiments._settings import BATCH, DIM, HIDDEN, NEGATIVES, OUT, RATE, RELEVANT, TEMPERATURE
from proofs_check.experiments._theory import code_loss, code_loss_of_means

TRAIN, HELD_OUT = 50_000, 12_500
EARLY, FULL = (500, 1_000, 2_000, 3_000, 4_000), (6_000, 8_000, 10_000, 12_000, 16_000, 20_000, 25_000, 30_000, 40_000)
"""Steps with a row; a quick run ends with the early ones."""
BEGINNING = (10, 20, 50, 100, 200, 300)
"""Steps before those, at which the perceptrons' accuracy still rises."""


@dataclass(frozen=True)
class Arm:
    """What is trained: a linear class or one hidden layer, and with which settings."""

    name: str
    linear: bool
    weight_decay: float = 0.0
    temperature: float = TEMPERATURE
    out: int = OUT
    hidden: int = HIDDEN
    batch: int = BATCH


ARMS = (Arm("linear", True), Arm("mlp", False), Arm("mlp_decay", False, 1e-3))
"""The trained rows of Table 1."""
PUBLISHED = {
    "linear": (5.134, 0.002, 0.995, 0.001),
    "mlp": (5.039, 0.001, 0.741, 0.043),
    "mlp_decay": (5.040, 0.002, 0.895, 0.049),
}
"""Loss and accuracy of each row of the published table, each with its 95 % interval over 10 seeds."""


def hypercube_arm(
    arm: Arm, *, seeds: Sequence[int], quick: bool, folder: Path, progress: Progress | None = None
) -> Run:
    """Train one row, with its checkpoint in `folder`; the linear class converges within the early steps."""
    records = EARLY if quick or arm.linear else EARLY + FULL
    file = folder / f"{arm.name}.{len(seeds)}x{records[-1]}.npz"
    return train(experiment("table1", arm), seeds=seeds, records=records, checkpoint=file, progress=progress)


def beginning(*, seeds: Sequence[int], folder: Path, progress: Progress | None = None) -> dict[str, Table]:
    """The first steps of the perceptrons, told more closely: a seed fixes the run, so these are those of the rows."""
    found = {}
    for arm in (arm for arm in ARMS if not arm.linear):
        file = folder / f"{arm.name}.{len(seeds)}x{BEGINNING[-1]}.npz"
        run = train(experiment("table1", arm), seeds=seeds, records=BEGINNING, checkpoint=file, progress=progress)
        found[arm.name] = run.trajectory
    return found


def experiment(study: str, arm: Arm) -> Experiment:
    """Training on Example 1 with the settings of an arm."""
    return Experiment(
        f"{study} {arm.name}",
        _encoder(arm),
        drawn,
        pairs,
        partial(in_batch_infonce, temperature=arm.temperature),
        partial(_measure, temperature=arm.temperature),
        Adam(RATE, arm.weight_decay),
        arm.batch,
    )


def summary(trajectories: dict[str, Table]) -> Table:
    """The last step of every row, by its name, beside the published one: mean over the seeds, with a 95 % interval of
    Student's t; and the exact loss of the linear class at its optimum, by its definition and with the mean inside the
    logarithm."""
    rows = []
    for name, table in trajectories.items():
        exact = (code_loss, code_loss_of_means) if name == "linear" else ()
        known = [loss(RELEVANT, TEMPERATURE, NEGATIVES) for loss in exact] or [None, None]
        rows.append(
            {**_last(name, table), **dict(zip(("population_loss", "population_loss_of_means"), known, strict=True))}
        )
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "trained"})


def along(trajectories: dict[str, Table], steps: Sequence[int]) -> Table:
    """Loss and accuracy at some steps: means over the seeds, and by how much each moved since the step before."""
    rows = []
    for name, table in trajectories.items():
        kept = sorted({int(step or 0) for step in table.column("step")} & set(steps))
        means = [_mean(table.where(step=step), ("held_out_loss", "logistic_accuracy")) for step in kept]
        for step, now, before in zip(kept, means, [None, *means], strict=False):
            moved = [None, None] if before is None else [b - a for a, b in zip(before, now, strict=True)]
            rows.append(
                {"row": name, "step": step, "trained_held_out_loss": now[0], "trained_logistic_accuracy": now[1]}
                | {"loss_moved": moved[0], "accuracy_moved": moved[1]}
            )
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "trained"})


def _mean(table: Table, columns: Sequence[str]) -> list[float]:
    return [float(np.mean(np.array(table.column(name), dtype=np.float64))) for name in columns]


def _last(name: str, table: Table) -> dict[str, Value]:
    last = max(int(step or 0) for step in table.column("step"))
    final = table.where(step=last)
    row: dict[str, Value] = {"row": name, "steps": last, "seeds": len(final.rows)}
    row |= dict(zip(("published_loss", "published_loss_ci95"), PUBLISHED[name][:2], strict=True))
    row |= dict(zip(("published_accuracy", "published_accuracy_ci95"), PUBLISHED[name][2:], strict=True))
    row |= mean_ci(final, ("held_out_loss", "logistic_accuracy", "least_squares_accuracy", "identification"))
    return row | {name: table.record.get(name) for name in ("seconds", "processor_seconds")}


def _encoder(arm: Arm):
    if arm.linear:
        return lambda key: networks.Dense(DIM, arm.out, bias=False, key=key)
    return lambda key: networks.MLP(DIM, arm.out, hidden=(arm.hidden,), key=key)


def drawn(key: jax.Array) -> dict[str, jax.Array]:
    """Inputs, and labels by the sign of a Gaussian direction in the relevant coordinates."""
    keys = jax.random.split(key, 3)
    inputs = jax.random.rademacher(keys[0], (TRAIN + HELD_OUT, DIM), jnp.int8)
    direction = jax.random.normal(keys[1], (RELEVANT,), jnp.float32)
    labels = jnp.where(inputs[:, :RELEVANT].astype(jnp.float32) @ direction > 0, 1, -1).astype(jnp.int8)
    return {"inputs": inputs, "labels": labels, "words": jax.random.key_data(keys[2])}


def views(inputs: jax.Array, key: jax.Array) -> jax.Array:
    """One scale in (0, 1] for all irrelevant coordinates of a view."""
    scale = 1 - jax.random.uniform(key, (len(inputs), 1), jnp.float32)
    signs = inputs.astype(jnp.float32)
    return jnp.concatenate([signs[:, :RELEVANT], signs[:, RELEVANT:] * scale], axis=1)


def pairs(data: dict[str, jax.Array], key: jax.Array, size: int) -> tuple[jax.Array, jax.Array]:
    """Two views of each of some training inputs, drawn with replacement."""
    keys = jax.random.split(key, 3)
    inputs = data["inputs"][jax.random.randint(keys[0], (size,), 0, TRAIN, dtype=jnp.int32)]
    return views(inputs, keys[1]), views(inputs, keys[2])


@jax.jit
def _held_out(network: Any, data: dict[str, jax.Array], temperature: float) -> tuple[jax.Array, jax.Array, jax.Array]:
    """Mean loss over batches of held-out pairs, and the first batch's representations."""
    batches = HELD_OUT // BATCH
    inputs = data["inputs"][TRAIN : TRAIN + batches * BATCH].reshape(batches, BATCH, DIM)

    def one(index):
        keys = jax.random.split(jax.random.fold_in(jax.random.wrap_key_data(data["words"]), index))
        return unit(network(views(inputs[index], keys[0]))), unit(network(views(inputs[index], keys[1])))

    def loss(index):
        first, second = one(index)
        return in_batch_infonce(first, second, temperature)

    first, second = one(0)
    return jax.lax.map(loss, jnp.arange(batches)).mean(), first, second


@jax.jit
def _represented(network: Any, inputs: jax.Array) -> jax.Array:
    return unit(network(inputs.astype(jnp.float32)))


def _measure(network: Any, data: dict[str, jax.Array], temperature: float) -> dict[str, float]:
    loss, first, second = _held_out(network, data, jnp.float32(temperature))
    rows = np.asarray(_represented(network, data["inputs"]))
    labels = np.asarray(data["labels"])
    found = probe(rows[:TRAIN], labels[:TRAIN], rows[TRAIN:], labels[TRAIN:])
    return {
        "held_out_loss": float(loss),
        "logistic_accuracy": found.logistic,
        "least_squares_accuracy": found.least_squares,
        "regression_risk": found.regression_risk,
        "identification": identified(np.asarray(first), np.asarray(second)),
    }
