"""One process of a distributed run, as a program: `python stream_process.py JSON` accumulates and saves the sums."""

import json
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import jax
import numpy as np

from linrep import InputError, moments

SIZES = (9000, 20000, 1, 17500, 0, 8000, 4000)
"""Pairs in each shard: more than a block, one, none."""


def shards() -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The stream of every run: Gaussian pairs of four features, two labels each."""
    rng = np.random.default_rng(5)
    for count in SIZES:
        first, noise = rng.standard_normal((2, count, 4))
        yield first, first + noise, np.stack([np.sign(first[:, 0]), noise[:, 1]], axis=1)


def dying(stop: int) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """The stream, with `kill -9` in the place of one shard."""
    for index, shard in enumerate(shards()):
        if index == stop:
            os.kill(os.getpid(), signal.SIGKILL)
        yield shard


def save(path: str, found: moments.StreamMoments, **texts: str) -> None:
    """Everything that a caller sees, in one file."""
    about = {"count": found.count, "devices": found.devices, "folds": found.folds, "shards": found.shards}
    np.savez(path, about=json.dumps(about), rounding=found.rounding, **found.sums, **texts)


def refusals(given: dict[str, Any], mesh: jax.sharding.Mesh) -> dict[str, str]:
    """What is said to wrong calls; every process makes each of them."""
    elsewhere = [device for device in jax.devices() if device.process_index != given["rank"]]
    wrong: dict[str, dict[str, Any]] = {
        "other_shards": {"shards": list(shards())[given["rank"] :], "mesh": mesh},
        "checkpoint_of_one": {"shards": shards(), "mesh": mesh, "checkpoint": given["alone"]},
        "elsewhere": {"shards": shards(), "mesh": jax.sharding.Mesh(np.array(elsewhere), ("pairs",))},
    }
    said = dict.fromkeys(wrong, "accepted")
    for name, options in wrong.items():
        try:
            moments.accumulate(options.pop("shards"), **options)
        except InputError as error:
            said[name] = str(error)
    return said


def main(given: dict[str, Any]) -> None:
    """Join the other processes, if there are any, and accumulate."""
    jax.config.update("jax_enable_x64", True)
    if given["ranks"] > 1:
        jax.config.update("jax_cpu_collectives_implementation", "gloo")
        jax.distributed.initialize(given["address"], given["ranks"], given["rank"], initialization_timeout=240)
    mesh = jax.sharding.Mesh(np.array(jax.devices()), ("pairs",))
    found = moments.accumulate(dying(given["stop"]), mesh=mesh, checkpoint=given["checkpoint"], checkpoint_seconds=0.0)
    save(given["out"], found, **(refusals(given, mesh) if given["alone"] else {}))


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
