"""`linrep train`: what it writes and prints, how it refuses; a run of a few steps, and in the long lane a real one."""

import importlib
import json

import numpy as np
import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("optax", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("sklearn", reason='needs the extra: pip install "linrep[experiments]"')

from linrep.tables import Table, load
from proofs_check import cli, experiments
from proofs_check.experiments import _table1 as table1

table1_codes = experiments.code_rows
COLUMNS = ("held_out_loss", "logistic_accuracy", "least_squares_accuracy", "identification")


def made_up(folder, *, seeds, quick, tell):
    """What training would return, without it."""
    tell("made up")
    found = {}
    for arm in experiments.ARMS:
        rows = [
            {"step": step, "seed": seed, **dict.fromkeys(COLUMNS, 1.0 / step)}
            for step in (500, 1_000)
            for seed in range(seeds)
        ]
        found[arm.name] = Table(tuple(rows[0]), tuple(rows), {"seconds": 3.0, "processor_seconds": 2.0})
    return found


def made_up_beginning(*, seeds, folder, progress):
    """Two rows of the perceptrons, before those above."""
    progress("made up", 1, 1)
    found = made_up(folder, seeds=len(seeds), quick=True, tell=str)
    earlier = {500: 100, 1_000: 300}
    return {
        name: Table(table.columns, tuple({**row, "step": earlier[row["step"]]} for row in table.rows))
        for name, table in found.items()
        if name != "linear"
    }


def few_codes(dims, **settings):
    return table1_codes(dims, **{**settings, "size": 512})


@pytest.fixture(autouse=True)
def text_of_full_width(monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)


def test_table1_is_written_with_the_published_and_the_exact_numbers(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(experiments, "trained", made_up)
    monkeypatch.setattr(experiments, "code_rows", few_codes)
    assert cli.run(["train", "table1", "--quick", "--out", str(tmp_path)]) == 0
    table = load(tmp_path / "table1.jsonl")
    assert table.column("row") == ["linear", "mlp", "mlp_decay"]
    assert table.column("published_loss") == [5.134, 5.039, 5.04]
    assert table.column("seeds") == [2, 2, 2]
    assert table.column("population_loss")[1:] == [None, None]
    assert table.record["processor_seconds"] == 6.0
    codes = load(tmp_path / "codes.jsonl")
    assert {row["dim"] for row in codes.rows} == {20, 1024}
    assert (tmp_path / "table1.png").read_bytes()[1:4] == b"PNG"
    assert "published_accuracy" in capsys.readouterr().out


def test_brittleness_has_its_own_picture_and_prints_json(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(experiments, "trained", made_up)
    monkeypatch.setattr(experiments, "beginning", made_up_beginning)
    assert cli.run(["train", "brittleness", "--quick", "--seeds", "1", "--json", "--out", str(tmp_path)]) == 0
    rows = json.loads(capsys.readouterr().out)["brittleness"]
    assert [row["step"] for row in rows] == [100, 300, 1_000] * 2
    assert rows[1]["accuracy_moved"] == 1 / 1_000 - 1 / 500
    assert load(tmp_path / "early.jsonl").column("step") == [100, 300] * 2
    assert (tmp_path / "brittleness.png").exists()


def test_an_unknown_experiment_is_refused(tmp_path, capsys):
    assert cli.run(["train", "table9", "--out", str(tmp_path)]) == 2
    assert "table1" in capsys.readouterr().err


def test_a_missing_extra_is_named(tmp_path, monkeypatch, capsys):
    def missing(name):
        raise ModuleNotFoundError("No module named 'equinox'", name="equinox")

    monkeypatch.setattr(importlib, "import_module", missing)
    assert cli.run(["train", "table1", "--out", str(tmp_path)]) == 2
    assert "linrep[experiments]" in capsys.readouterr().err


def test_a_few_steps_of_a_row(tmp_path, monkeypatch):
    """The same data, views, loss and probes as in the table, on a small set and for two steps."""
    monkeypatch.setattr(table1, "TRAIN", 600)
    monkeypatch.setattr(table1, "HELD_OUT", 512)
    monkeypatch.setattr(table1, "EARLY", (1, 2))
    run = table1.hypercube_arm(experiments.ARMS[0], seeds=[0], quick=True, folder=tmp_path)
    assert run.trajectory.column("step") == [1, 2]
    assert (tmp_path / "linear.1x2.npz").exists()
    (last,) = run.trajectory.where(step=2).rows
    assert last["identification"] > 0.5  # a random projection of fifty signs often names one of 512 inputs
    uniform = np.log(1023)  # a representation that is constant
    assert experiments.code_loss(10, 0.5, 1022) < last["held_out_loss"] < uniform


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_quick_table1_comes_near_the_published_rows(tmp_path):
    assert cli.run(["train", "table1", "--quick", "--out", str(tmp_path)]) == 0
    linear, mlp, _ = load(tmp_path / "table1.jsonl").rows
    assert abs(linear["trained_held_out_loss"] - linear["population_loss"]) < linear["published_loss_ci95"]
    assert linear["trained_logistic_accuracy"] > 0.99
    assert mlp["trained_held_out_loss"] < linear["trained_held_out_loss"]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_quick_spectral_and_bias(tmp_path):
    assert cli.run(["train", "spectral", "--quick", "--out", str(tmp_path)]) == 0
    (row,) = load(tmp_path / "spectral.jsonl").rows
    assert 0 < row["sample_gap"] < row["trained_gap"]
    assert cli.run(["train", "bias", "--quick", "--out", str(tmp_path)]) == 0
    assert all(load(tmp_path / "trained.jsonl").column("inside"))
    assert (tmp_path / "bias.png").exists()
