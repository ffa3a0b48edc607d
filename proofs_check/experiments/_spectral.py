"""The spectral loss: trained by Adam from fixed pairs, next to its closed form from the same pairs."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np

from linrep import networks
from linrep.features import Linear
from linrep.losses import spectral
from linrep.moments import empirical, population
from linrep.samples import empirical_minimiser
from linrep.solutions import solve
from linrep.tables import Table
from linrep.training import Adam, Experiment, in_batch_spectral, select, train
from linrep.training._loop import Progress
from proofs_check.experiments._settings import DIM, PROCESS, RATE
from proofs_check.experiments._table1 import views

PAIRS, BATCH, EPOCHS = 65_536, 256, 100
DIMS = (10, 15, 20)
REPEATS = 5


def spectral_rows(*, dims: Sequence[int], epochs: int, pairs: int = PAIRS, progress: Progress | None = None) -> Table:
    """For each dimension of the representation: how far above the least loss three routes end, and how long they take.

    The routes: closed form from the population's moments; closed form from the moments of fixed pairs, their
    accumulation included; Adam on batches of the same pairs. Every gap is evaluated with the population's moments.
    Seconds are those of the processor; for Adam compilation is included.
    """
    moments = population(PROCESS, Linear())
    rows = []
    for dim in dims:
        steps = max(1, epochs * pairs // BATCH)
        run = train(_experiment(dim, pairs), seeds=[0], records=[steps], progress=progress)
        first, second = (np.asarray(side, np.float64) for side in select(run.data, 0))
        exact, known = _timed(lambda dim=dim: solve(moments, dim=dim))
        fitted, sampled = _timed(lambda dim=dim, a=first, b=second: _fitted(a, b, dim))
        weights = np.asarray(run.networks.weight[0], np.float64)
        trained = float(run.trajectory.record["processor_seconds"])
        rows.append(
            {
                "dim": dim,
                "steps": steps,
                "population_optimum": exact.loss,
                "population_seconds": known,
                "sample_gap": spectral(moments, fitted) - exact.loss,
                "sample_seconds": sampled,
                "trained_gap": spectral(moments, weights) - exact.loss,
                "trained_seconds": trained,
                "trained_over_sample_seconds": trained / sampled,
                "trained_over_population_seconds": trained / known,
            }
        )
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "trained beside sample and population"})


def spectral_experiment(
    name: str, dim: int, data: Callable[[jax.Array], Any], pairs: Callable[[Any, jax.Array, int], Any]
) -> Experiment:
    """A linear class of representations, trained with the spectral loss."""
    return Experiment(
        name,
        encoder=lambda key: networks.Dense(DIM, dim, bias=False, key=key),
        data=data,
        pairs=pairs,
        loss=in_batch_spectral,
        measure=lambda network, data: {},
        adam=Adam(RATE),
        batch=BATCH,
    )


def _experiment(dim: int, pairs: int) -> Experiment:
    return spectral_experiment(f"spectral {dim}", dim, lambda key: fixed_pairs(key, pairs), _batch)


def fixed_pairs(key: jax.Array, count: int) -> tuple[jax.Array, jax.Array]:
    """Two views of each of `count` inputs."""
    keys = jax.random.split(key, 3)
    inputs = jax.random.rademacher(keys[0], (count, DIM), jax.numpy.int8)
    return views(inputs, keys[1]), views(inputs, keys[2])


def _fitted(first: np.ndarray, second: np.ndarray, dim: int) -> np.ndarray:
    moments = empirical(first, second, Linear())
    return empirical_minimiser(moments.sigma, moments.sigma_bar, dim)


def _batch(data: tuple[jax.Array, jax.Array], key: jax.Array, size: int) -> tuple[jax.Array, jax.Array]:
    chosen = jax.random.randint(key, (size,), 0, len(data[0]), dtype=jax.numpy.int32)
    return data[0][chosen], data[1][chosen]


def _timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """The result, and the least of some processor times: the first call may load and compile."""
    times, found = [], None
    for _ in range(REPEATS):
        begin = time.process_time()
        found = work()
        times.append(time.process_time() - begin)
    return found, min(times)
