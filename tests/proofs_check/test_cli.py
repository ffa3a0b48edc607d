"""The command line: what it prints, what it writes, how it refuses."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from linrep.bounds import CATALOGUE
from linrep.tables import load
from proofs_check import cli
from tests.repo.sources import ROOT

PROBLEM = [
    "--process",
    "HypercubeScaling dim=50, relevant=10",
    "--features",
    "Linear",
    "--labels",
    "Coordinate index=0",
    "--dim",
    "10",
]
FILE = """
dim = 2
[process]
type = "FiniteProcess"
prior = [1, 1, 1]
channel = [[4, 1, 0], [1, 4, 0], [0, 1, 4]]
[features]
type = "OneHot"
[labels]
values = [1, -1, 1]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "problem.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def text_of_full_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some test runners announce a terminal of 80 columns to their workers; output goes to a file here."""
    monkeypatch.delenv("COLUMNS", raising=False)


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence on stderr of a command that ends with exit code 2 and prints nothing else."""
    assert cli.run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("linrep: ")
    assert "Traceback" not in err
    assert err.count("\n") == 1
    return err


def test_compare_flags(capsys: pytest.CaptureFixture[str]):
    assert cli.run(["compare", *PROBLEM]) == 0
    out = capsys.readouterr().out
    for theorem in CATALOGUE:
        assert theorem.key in out
    assert "HOLDS" in out
    assert "FAILS" not in out


def test_compare_json(capsys: pytest.CaptureFixture[str], file: Path):
    assert cli.run(["compare", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [row["theorem"] for row in found["rows"]] == [t.key for t in CATALOGUE]
    assert found["notes"] == []


def test_flags_replace_entries_of_the_file(capsys: pytest.CaptureFixture[str], file: Path):
    key = "linrep26.vacuity_threshold"
    bounds = []
    for extra in ([], ["--dim", "1"], ["--labels", "[1, 1, 1]"]):
        assert cli.run(["compare", str(file), *extra, "--theorem", key, "--json"]) == 0
        bounds.append(json.loads(capsys.readouterr().out)["rows"][0]["bound"])
    assert len(set(bounds)) == 3


def test_compare_writes_its_table(capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path):
    assert cli.run(["compare", str(file), "--out", str(tmp_path / "new"), "--theorem", "saunshi22.lower_bound"]) == 0
    out = capsys.readouterr().out
    assert out.count("wrote ") == 2
    table = load(tmp_path / "new" / "compare.jsonl")
    assert table.column("theorem") == ["saunshi22.lower_bound"]
    assert table.record["parameters"]["problem"]["dim"] == 2


def test_compare_tells_of_a_tie(capsys: pytest.CaptureFixture[str]):
    assert cli.run(["compare", *PROBLEM[:3], "Affine", *PROBLEM[4:], "--theorem", "linrep26.head_bound"]) == 0
    assert "note: 11 eigenfunctions of eigenvalue 1 compete for 10 places" in capsys.readouterr().out


def test_compare_fails_with_a_false_theorem(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    broken = next(c for c in CATALOGUE[1].controls if c.name.startswith("scaled")).theorem(CATALOGUE[1])
    monkeypatch.setattr("proofs_check.cli._compare.CATALOGUE", (broken,))
    flip = "HypercubeFlip dim=3, keep=['19/20', '9/10', '3/4']"
    arguments = ["--process", flip, "--features", "Linear", "--labels", "Coordinate index=2", "--dim", "2"]
    assert cli.run(["compare", *arguments]) == 1
    assert "FAILS" in capsys.readouterr().out


def test_explain_lists_and_explains(capsys: pytest.CaptureFixture[str]):
    assert cli.run(["explain"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(CATALOGUE)
    assert cli.run(["explain", "linrep26.hypercube"]) == 0
    out = capsys.readouterr().out
    for part in (
        "16⋅ε",
        r"\frac{16 \varepsilon}{7}",
        "hypotheses",
        "example_one",
        "source",
        "scaled by 9/10",
        "example_one_swap",
    ):
        assert part in out
    assert cli.run(["explain", "--json"]) == 0
    assert list(json.loads(capsys.readouterr().out)) == [t.key for t in CATALOGUE]


def test_verify_prints_writes_and_reports(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    arguments = ["verify", "--out", str(tmp_path), "--family", "latent classes", "--no-pictures", "--no-controls"]
    assert cli.run(arguments) == 0
    out = capsys.readouterr().out
    assert f"{len(CATALOGUE)} theorems on 4 problems" in out
    assert "FAILS 0" in out
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "certificates",
        "chains.csv",
        "chains.jsonl",
        "report.html",
        "verify.csv",
        "verify.jsonl",
    ]
    assert cli.run([*arguments, "--json"]) == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["problems"] == 4
    assert sum(summary["counts"].values()) == 4 * len(CATALOGUE)
    assert cli.run([*arguments, "--full"]) == 0
    assert capsys.readouterr().out.count("latent_uniform_d2") >= len(CATALOGUE)


def test_bad_input_is_one_sentence(capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path):
    assert "did you mean linrep26.risk_gap_mean" in refused(["explain", "risk_gap_men"], capsys)
    nothing_like_it = refused(["search", "nope"], capsys)
    assert "search: there is no theorem 'nope'" in nothing_like_it
    assert f"one of {len(CATALOGUE) - 12} more" in nothing_like_it
    assert "no problem was given" in refused(["compare"], capsys)
    assert "cannot be read" in refused(["compare", str(tmp_path / "none.toml")], capsys)
    assert "--dim: 0 is given" in refused(["compare", str(file), "--dim", "0"], capsys)
    assert "no theorem 'x'" in refused(["compare", str(file), "--theorem", "x"], capsys)
    assert "signs must be" in refused(["compare", str(file), "--labels", "Table values=[1, 2, 1], kind='sign'"], capsys)
    assert "no family" in refused(["verify", "--family", "flips", "--out", str(tmp_path)], capsys)
    assert "whole number from 0" in refused(["verify", "--seed", "-1", "--out", str(tmp_path)], capsys)
    assert "random is -1" in refused(["verify", "--random", "-1", "--out", str(tmp_path)], capsys)
    assert "cannot be made a folder" in refused(["verify", "--out", str(file)], capsys)
    assert "--sed" in refused(["verify", "--sed", "3"], capsys)
    assert "seed" in refused(["verify", "--seed", "three"], capsys)
    assert "frobnicate" in refused(["frobnicate"], capsys)


def test_refused_problem_writes_nothing(capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path):
    place = tmp_path / "out"
    refused(["compare", str(file), "--labels", "[1, -1]", "--out", str(place)], capsys)
    assert not place.exists()


def test_command_sets_its_own_precision_and_needs_no_terminal(file: Path):
    """A fresh process without the environment of the tests: float64 is switched on by the command itself."""
    kept = {k: v for k, v in os.environ.items() if k not in ("JAX_ENABLE_X64", "NPROC")}
    command = [sys.executable, "-m", "proofs_check", "compare", str(file), "--json"]
    environment = {**kept, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(json.loads(done.stdout)["rows"]) == len(CATALOGUE)
    wrong = subprocess.run(
        [*command, "--dim", "x"], env=environment, capture_output=True, text=True, timeout=90, check=False
    )
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert len(wrong.stderr.splitlines()) == 1


def test_a_dimension_beyond_the_rank_is_refused(capsys: pytest.CaptureFixture[str]):
    process = "FiniteProcess prior=[1, 1], channel=[[1, 0], [0, 1]]"
    arguments = ["compare", "--process", process, "--features", "OneHot", "--labels", "[1, -1]", "--dim"]
    assert cli.run([*arguments, "3"]) == 2
    assert capsys.readouterr().err.startswith("linrep: compare: dim is 3, but the features have rank 2")
    assert cli.run([*arguments, "2"]) == 0
