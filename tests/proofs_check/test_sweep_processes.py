"""Sweeps in processes of their own: killed half-way and resumed, and on two Dask workers, the table is the same."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from linrep.tables import load
from proofs_check import cli
from tests.proofs_check.sweep_files import written
from tests.repo.sources import ROOT


def command(file: Path, out: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "proofs_check", "sweep", str(file), "--out", str(out), *more]


def killed_half_way(file: Path, out: Path, lines: int) -> int:
    """Start a sweep, kill its whole process group once the journal has so many lines; returns how many it has."""
    run = subprocess.Popen(command(file, out, "--workers", "2"), cwd=ROOT, start_new_session=True)
    journal, end = out / "journal.jsonl", time.monotonic() + 600
    while time.monotonic() < end and run.poll() is None:
        if journal.exists() and journal.read_bytes().count(b"\n") > lines:
            break
        time.sleep(0.005)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    return journal.read_bytes().count(b"\n") - 1


def keys(out: Path) -> list[str]:
    return [json.loads(line)["key"] for line in (out / "journal.jsonl").read_text("utf-8").splitlines()[1:]]


def check_killed_resumed_and_dask(folder: Path, last: int) -> None:
    """Killed and resumed equals a run on two Dask workers, line by line, and every task is done once."""
    distributed = pytest.importorskip("distributed")
    file, tasks = written(folder, last), 2 * (last + 1)
    before = killed_half_way(file, folder / "killed", tasks // 2)
    assert tasks // 2 <= before < tasks
    assert cli.run(["sweep", str(file), "--out", str(folder / "killed"), "--workers", "1"]) == 0
    assert len(keys(folder / "killed")) == len(set(keys(folder / "killed"))) == tasks
    with distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        assert cli.run(["sweep", str(file), "--out", str(folder / "dask"), "--scheduler", address]) == 0
    local, remote = (load(folder / name / "sweep.jsonl") for name in ("killed", "dask"))
    assert local.rows == remote.rows
    assert len(local.rows) == tasks
    csv = [(folder / name / "sweep.csv").read_text("utf-8") for name in ("killed", "dask")]
    assert csv[0] == csv[1]


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.filterwarnings("default")  # Dask's own
def test_two_thousand_problems_killed_resumed_and_on_dask(tmp_path: Path):
    check_killed_resumed_and_dask(tmp_path, 999)


@pytest.mark.timeout(400)  # seven processes start, which takes long on a busy machine
@pytest.mark.filterwarnings("default")
def test_sixty_problems_killed_resumed_and_on_dask(tmp_path: Path):
    check_killed_resumed_and_dask(tmp_path, 29)
