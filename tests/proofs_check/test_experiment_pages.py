"""Every table of the page on experiments is the saved one; processes start with one thread and pass refusals on."""

import os
from pathlib import Path

import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("optax", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("sklearn", reason='needs the extra: pip install "linrep[experiments]"')

from linrep._checks import InputError
from proofs_check import cli, experiments
from proofs_check.cli import _train
from proofs_check.environment import ONE_THREAD, processes
from proofs_check.experiments._page import TABLES

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_shows_the_saved_tables():
    text = (DOCS / "experiments.md").read_text(encoding="utf-8")
    assert all(f"<!-- {mark} -->" in text for mark in TABLES)
    assert experiments.filled(text, DOCS / "experiments") == text


def test_a_number_changed_by_hand_is_seen():
    text = (DOCS / "experiments.md").read_text(encoding="utf-8")
    assert experiments.filled(text.replace("| linear | 4,000 |", "| linear | 5,000 |"), DOCS / "experiments") == text
    assert "| linear | 4,000 |" in text


def test_a_mark_without_end_is_refused():
    with pytest.raises(InputError, match="table1 has no end"):
        experiments.filled("<!-- table1 -->\n| a |\n", DOCS / "experiments")


def test_a_process_has_one_thread_and_passes_a_refusal_on(tmp_path):
    before = dict(os.environ)
    with processes(1) as executor:
        found = {name: executor.submit(os.getenv, name).result() for name in ONE_THREAD}
        refused = executor.submit(experiments.filled, "<!-- table1 -->\n", tmp_path).exception()
    assert found == ONE_THREAD
    assert isinstance(refused, InputError)
    assert dict(os.environ) == before


def test_a_refusal_in_a_worker_reaches_the_user_as_its_sentence(tmp_path, capsys):
    (tmp_path / "mlp.1x4000.npz").write_bytes(b"")
    assert cli.run(["train", "table1", "--quick", "--seeds", "1", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert "mlp.1x4000.npz is not a checkpoint" in said
    assert "Traceback" not in said


@pytest.mark.parametrize("seeds", ["0", "-1"])
def test_no_seeds_are_refused(tmp_path, capsys, seeds):
    assert cli.run(["train", "table1", f"--seeds={seeds}", "--out", str(tmp_path)]) == 2
    assert f"seeds is {seeds}" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "asked", "quick", "taken"),
    [
        ("table1", None, False, 10),
        ("table1", None, True, 2),
        ("spectral", 5, True, 1),
        ("bias", 10, False, 3),
        ("bias", 2, False, 2),
        ("digits", 5, False, 3),
        ("digits", 5, True, 1),
    ],
)
def test_the_seeds_recorded_are_those_taken(name, asked, quick, taken):
    assert _train._seeds(name, asked, quick) == taken
