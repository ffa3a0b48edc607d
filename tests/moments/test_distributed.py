"""Streaming moments over several devices and several processes: the sums of one process, before and after `kill -9`."""

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import jax
import numpy as np
import pytest

from linrep import InputError, features, moments
from tests.moments import stream_process

SECONDS = 300
"""Longest life of a process: a hundred times what it needs on an idle machine."""

pytestmark = pytest.mark.timeout(4 * SECONDS)

STOP = 3
"""The shard in whose place processes are killed."""

MATRICES = ("s", "t", "quartic", "mixed")


def free_address() -> str:
    """A port of this machine that nobody listens on."""
    try:
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            return f"127.0.0.1:{listening.getsockname()[1]}"
    except OSError as error:
        pytest.skip(f"no port can be opened on 127.0.0.1: {error}")


def start(folder: Path, name: str, ranks: int, devices: int, **options) -> list[subprocess.Popen]:
    """`ranks` processes of `devices` forced devices each; rank i saves to folder/name.i.npz."""
    address = free_address() if ranks > 1 else ""
    environment = os.environ | {"XLA_FLAGS": f"--xla_force_host_platform_device_count={devices}"}
    plain = {"address": address, "ranks": ranks, "checkpoint": None, "stop": -1, "alone": ""} | options
    started = []
    for rank in range(ranks):
        stop = plain["stop"] if rank == ranks - 1 else -1
        given = plain | {"rank": rank, "out": str(folder / f"{name}.{rank}.npz"), "stop": stop}
        command = [sys.executable, stream_process.__file__, json.dumps(given)]
        started.append(subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True))
    return started


def ended(processes: list[subprocess.Popen]) -> list[tuple[int, str]]:
    """(exit status, standard error) of each. The last one is waited for first: where it dies, the others may wait for
    it in vain, and are killed."""
    try:
        said = processes[-1].communicate(timeout=SECONDS)[1]
        if processes[-1].returncode == 0:
            for process in processes[:-1]:
                process.wait(timeout=SECONDS)
    finally:
        for process in processes:
            process.kill()
        others = [process.communicate()[1] for process in processes[:-1]]
        processes[-1].wait()
    return [(process.returncode, text) for process, text in zip(processes, [*others, said], strict=True)]


def finish(processes: list[subprocess.Popen]) -> None:
    """Wait for all of them; none outlives the test."""
    for status, said in ended(processes):
        assert status == 0, said


def die(processes: list[subprocess.Popen]) -> None:
    """The last one kills itself; so do the others, or they are killed."""
    status, said = ended(processes)[-1]
    assert status == -signal.SIGKILL, said


def loaded(path: Path) -> dict[str, np.ndarray]:
    with np.load(path) as stored:
        return {name: stored[name] for name in stored.files}


def natural_sizes(sums) -> dict[str, np.ndarray]:
    """What rounding is relative to, by Cauchy and Schwarz: sum |x y| <= sqrt(sum x^2 sum y^2), every entry."""
    count = json.loads(str(sums["about"]))["count"]
    squares = np.diagonal(sums["s"])
    sizes = {name: np.sqrt(np.outer(np.diagonal(sums[name]), np.diagonal(sums[name]))) for name in MATRICES}
    sizes |= {"sum": np.sqrt(count * squares), "label": np.sqrt(count * sums["label_sq"])}
    return sizes | {
        "cross": np.sqrt(np.outer(squares, sums["label_sq"])),
        "cross_sq": sums["cross_sq"],
        "label_sq": sums["label_sq"],
    }


def farthest(found, wanted) -> float:
    """The largest distance of two sets of sums, in units of what rounding can have made of both."""
    allowed = float(found["rounding"] + wanted["rounding"])
    sizes = natural_sizes(wanted)
    assert sizes.keys() == found.keys() - {"rounding"} - texts(found)
    return max(float(np.max(np.abs(found[name] - wanted[name]) / (allowed * size))) for name, size in sizes.items())


def texts(stored) -> set[str]:
    """Names of what is no number."""
    return {name for name, value in stored.items() if value.dtype.kind == "U"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("distributed")


@pytest.fixture(scope="module")
def alone(folder):
    """One process, through BLAS; its checkpoint stays."""
    stream_process.save(folder / "alone.npz", moments.accumulate(stream_process.shards(), checkpoint=folder / "alone"))
    return loaded(folder / "alone.npz")


@pytest.fixture(scope="module")
def pair(folder, alone):
    """What both of two processes return; their checkpoints stay."""
    finish(start(folder, "pair", 2, 1, checkpoint=str(folder / "pair"), alone=str(folder / "alone")))
    return [loaded(folder / f"pair.{rank}.npz") for rank in range(2)]


@pytest.fixture(scope="module")
def four(folder):
    """One process on four forced devices."""
    finish(start(folder, "four", 1, 4))
    return loaded(folder / "four.0.npz")


def test_two_processes_have_the_sums_of_one(pair, alone):
    for name in (pair[0].keys() - texts(pair[0])) | {"about"}:
        assert np.array_equal(pair[0][name], pair[1][name]), name
    assert farthest(pair[0], alone) <= 1
    found, wanted = (json.loads(str(stored["about"])) for stored in (pair[0], alone))
    assert (found["count"], found["shards"]) == (wanted["count"], wanted["shards"])
    assert (found["devices"], wanted["devices"]) == (2, 1)


def test_four_devices_have_the_sums_of_the_host(four, alone):
    assert farthest(four, alone) <= 1
    assert json.loads(str(four["about"]))["devices"] == 4
    assert all(np.array_equal(four[name], four[name].T) for name in MATRICES)


def test_one_missing_pair_is_noticed(folder, pair):
    kept = [shard for shard in stream_process.shards() if len(shard[0]) != 1]
    stream_process.save(folder / "short.npz", moments.accumulate(kept))
    assert farthest(pair[0], loaded(folder / "short.npz")) > 1


@pytest.mark.parametrize(
    ("call", "match"),
    [
        ("other_shards", "were given different shards"),
        ("checkpoint_of_one", "was made by 1 process, but this run has 2"),
        ("elsewhere", "but none of process"),
    ],
)
def test_every_process_says_what_is_wrong(pair, call, match):
    assert all(match in str(stored[call]) for stored in pair)


def test_another_number_of_processes_is_refused(pair, folder):
    with pytest.raises(InputError, match="was made by 2 processes, but this run has 1"):
        moments.accumulate(stream_process.shards(), checkpoint=folder / "pair")


def test_two_killed_processes_resume_with_the_same_bits(pair, folder):
    die(start(folder, "again", 2, 1, checkpoint=str(folder / "killed"), stop=STOP))
    assert not (folder / "again.1.npz").exists()
    assert (folder / "killed.1-of-2").exists()
    finish(start(folder, "again", 2, 1, checkpoint=str(folder / "killed")))
    for rank in range(2):
        again = loaded(folder / f"again.{rank}.npz")
        assert all(np.array_equal(again[name], pair[rank][name]) for name in again)


def test_a_killed_mesh_resumes_with_the_same_bits(four, folder):
    die(start(folder, "mesh", 1, 4, checkpoint=str(folder / "mesh"), stop=STOP))
    assert (folder / "mesh").exists()
    finish(start(folder, "mesh", 1, 4, checkpoint=str(folder / "mesh")))
    again = loaded(folder / "mesh.0.npz")
    assert again.keys() == four.keys()
    assert all(np.array_equal(again[name], four[name]) for name in four)


def test_a_feature_map_of_the_same_type_and_dimension_is_told_apart(tmp_path):
    pieces = [shard[:2] for shard in stream_process.shards()]
    moments.accumulate(pieces, features.Custom(np.tanh, 4), checkpoint=tmp_path / "c")
    resumed = moments.accumulate(pieces, features.Custom(np.tanh, 4), checkpoint=tmp_path / "c")
    assert resumed.count == sum(stream_process.SIZES)
    with pytest.raises(InputError, match="maps the first rows of shard 0 to other vectors"):
        moments.accumulate(pieces, features.Custom(np.arctan, 4), checkpoint=tmp_path / "c")


def test_several_devices_need_one_axis():
    mesh = jax.sharding.Mesh(np.array(jax.devices()[:1]).reshape(1, 1), ("a", "b"))
    with pytest.raises(InputError, match="one axis"):
        moments.accumulate(stream_process.shards(), mesh=mesh)
