"""Linear representations, trained, as points of the exact transfer band of their process; here those of digits."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np

from linrep import datasets, networks
from linrep.losses import spectral
from linrep.moments import Moments, population
from linrep.processes._given import Dropout
from linrep.processes._images import AbstractImages
from linrep.risks import regression
from linrep.tables import Table, Value, concatenate
from linrep.training import Adam, Experiment, in_batch_infonce, in_batch_spectral, train
from proofs_check.experiments._bias import placed
from proofs_check.experiments._digits import TEMPERATURE
from proofs_check.experiments._flow import best_length
from proofs_check.studies import Scene, band, digit_scenes, rows_of

BATCH, RATE = 256, 3e-3
QUICK, FULL = (20, 50, 100), (20, 50, 100, 200, 500, 1_000)
LOSSES: dict[str, Callable[[jax.Array, jax.Array], jax.Array]] = {
    "Adam, spectral loss": in_batch_spectral,
    "Adam, InfoNCE": partial(in_batch_infonce, temperature=TEMPERATURE),
}
Tell = Callable[[str], None]
Linearly = Callable[[Scene, str, Moments], Experiment]


def linear_scenes() -> list[Scene]:
    """The scenes on digits with ten classes, and of each the linear class of functions alone."""
    scenes = [scene for scene in digit_scenes(datasets.digits(), count=1) if "ten classes" in scene.name]
    return [scene._replace(classes=tuple(one for one in scene.classes if one[0] == "linear")) for scene in scenes]


def placed_digits(*, seeds: Sequence[int], quick: bool, tell: Tell) -> dict[str, Table]:
    """Linear representations of digits in the bands of two processes."""
    records = QUICK if quick else FULL
    return placed_scenes(linear_scenes(), linear_experiment, seeds=seeds, records=records, tell=tell)


def placed_scenes(
    scenes: Iterable[Scene], experiment: Linearly, *, seeds: Sequence[int], records: Sequence[int], tell: Tell
) -> dict[str, Table]:
    """Trained representations, by the exact population loss and risk of their weights, and the bands they belong to.

    InfoNCE leaves the length of a representation open: the one that is best for the spectral loss is taken.

    Args:
        scenes: with one class each, a linear one.
        experiment: (scene, name of a loss, moments of its views) -> what trains the class with that loss.
        seeds, records, tell: as for `train`.
    """
    points, bands = [], []
    for scene in scenes:
        ((_, process, features),) = scene.classes
        moments = cast(Moments, population(process, features, scene.label))
        found = band(moments, dim=scene.dim)
        bands += rows_of(found, scene.name, "linear", features=moments.dim, dim=scene.dim)
        rows: list[dict[str, Value]] = []
        for name in LOSSES:
            tell(f"{scene.name}: {name}")
            run = train(experiment(scene, name, moments), seeds=seeds, records=records)
            rows += [{"process": scene.name, "algorithm": name, **row} for row in run.trajectory.rows]
        points.append(placed(Table(tuple(rows[0]), tuple(rows)), found))
    return {
        "placed": concatenate(points, {"evidence": "trained; exact values of what was trained"}),
        "bands": Table(tuple(bands[0]), tuple(bands), {"evidence": "exact moments"}),
    }


def linear_experiment(scene: Scene, loss: str, moments: Moments) -> Experiment:
    """The linear class on views of the process of a scene, drawn afresh at every step."""
    ((_, process, _),) = scene.classes
    assert isinstance(process, AbstractImages)
    return Experiment(
        f"{scene.name} {loss}",
        lambda key: networks.Dense(moments.dim, scene.dim, bias=False, key=key),
        lambda key: drawable(process),
        partial(drawn_views, process=process),
        LOSSES[loss],
        exactly(moments, loss),
        Adam(RATE),
        BATCH,
    )


def exactly(moments: Moments, loss: str) -> Callable[[Any, Any], dict[str, float]]:
    """What measures a linear network by the exact loss and risk of its weights."""
    return partial(_exactly, moments=moments, rescaled=loss != "Adam, spectral loss")


def _exactly(network: Any, _: Any, moments: Moments, rescaled: bool) -> dict[str, float]:
    weights = np.asarray(network.weight, np.float64)
    weights = best_length(moments, weights) if rescaled else weights
    return {
        "population_loss": spectral(moments, weights),
        "population_risk": regression(moments, weights, readout="augmented", intercept=True),
    }


def drawable(process: AbstractImages) -> tuple[jax.Array, jax.Array]:
    """Images with one more pixel that is black, and where the pixels of a moved image come from."""
    assert process.uniform
    padded = np.pad(process.inputs.astype(np.float32), ((0, 0), (0, 1)))
    return jnp.asarray(padded), jnp.asarray(process.pictures.moves)


def drawn_views(
    data: tuple[jax.Array, jax.Array], key: jax.Array, size: int, *, process: AbstractImages
) -> tuple[jax.Array, jax.Array]:
    """Two views of each of some images, by the law of an image process: a move, then steps on every pixel."""
    images, moves = data
    keys = jax.random.split(key, 3)
    chosen = images[jax.random.randint(keys[0], (size,), 0, len(images), dtype=jnp.int32)]
    first, second = (_view(chosen, moves, one, process) for one in keys[1:])
    return first, second


def _view(images: jax.Array, moves: jax.Array, key: jax.Array, process: AbstractImages) -> jax.Array:
    keys = jax.random.split(key, 1 + len(process.pictures.steps))
    move = moves[jax.random.randint(keys[0], (len(images),), 0, len(moves), dtype=jnp.int32)]
    view = jnp.take_along_axis(images, move, axis=1)
    for step, one in zip(process.pictures.steps, keys[1:], strict=True):
        if isinstance(step, Dropout):
            kept = jax.random.uniform(one, view.shape, jnp.float32) < step.rate
            view = jnp.where(kept, view / step.rate, 0)
        else:
            view = view + step.sigma * jax.random.normal(one, view.shape, jnp.float32)
    return view


def placed_summary(points: Table, bands: Table) -> Table:
    """For each process and loss: where training ended, the least loss of the class and the band at the end's loss."""
    rows = []
    for process, algorithm in dict.fromkeys((row["process"], row["algorithm"]) for row in points.rows):
        every = points.where(process=process, algorithm=algorithm)
        end = every.where(step=max(int(step or 0) for step in every.column("step")))
        limits = bands.where(process=process)
        row: dict[str, Value] = {"process": process, "algorithm": algorithm, "steps": end.rows[0]["step"]}
        row |= {"seeds": len(end.rows)}
        for name in ("loss", "risk"):
            row[f"trained_{name}"] = float(np.mean(np.array(end.column(f"population_{name}"), float)))
        best = limits.rows[0]
        row |= {"population_least_loss": best["best_loss"], "population_risk_there": best["best_risk"]}
        row |= {"points": len(every.rows), "inside": sum(bool(here) for here in every.column("inside"))}
        rows.append(row)
    return Table(tuple(rows[0]), tuple(rows), points.record)
