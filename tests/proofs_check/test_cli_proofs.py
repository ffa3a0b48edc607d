"""The commands that prove: verify on other evidence, certify, check-certificate."""

import json
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

import linrep as lr
from linrep.bounds import linrep26, scaled
from linrep.gallery import flip_dictator
from linrep.tables import Table, load
from proofs_check import cli, verify
from proofs_check.certificates import checker
from proofs_check.cli._verify import _unsettled, why_open
from proofs_check.embedded import Embedded
from proofs_check.rows import PROVED, in_rationals, verdict_row
from proofs_check.verdict import Evidence
from tests.proofs_check.test_cli import refused
from tests.tolerances import sum_budget

EXAMPLE = """
dim = 1
[process]
type = "HypercubeScaling"
dim = 3
relevant = 1
scale = {law = "Discrete", values = [1, "1/3"], weights = [1, 3]}
[features]
type = "Linear"
[labels]
type = "Coordinate"
index = 0
"""
PAIRS = [
    "--process",
    f"FiniteProcess prior={[1] * 16}, channel={np.eye(16, dtype=int).tolist()}",
    "--features",
    "OneHot",
    "--labels",
    str([1, -1] * 8),
    "--dim",
    "2",
]
T4 = "linrep26.suboptimal_augmented"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "problem.toml"
    path.write_text(EXAMPLE, encoding="utf-8")
    return path


def floating() -> lr.Problem:
    """A process of floats, which no proof can speak of."""
    process = lr.processes.FiniteProcess([0.5, 0.5], [[0.75, 0.25], [0.25, 0.75]])
    return lr.Problem(process, lr.features.OneHot(), [1, -1], dim=1)


FLIP = Embedded("flip", "flip noise", "attains T1", flip_dictator)
FLOATS = Embedded("floats", "floats", "of unknown origin", floating)


def test_verify_proves_and_names_what_it_leaves_out(tmp_path: Path):
    outcome = verify.run([FLIP, FLOATS], [linrep26.RISK_GAP_MEAN], tmp_path, seed=0, evidence="enclosed", pictures=[])
    (row,) = outcome.table.rows
    assert (row["status"], row["evidence"], row["slack"], row["slack_upper"]) == ("HOLDS", "ENCLOSED", 0.0, 0.0)
    assert row["actual"] == row["actual_upper"] == row["bound"] == row["bound_upper"]
    assert list(outcome.left_out) == ["floats"]
    saved = load(tmp_path / "verify.jsonl")
    assert (saved.record["evidence"], saved.record["left_out"]) == ("ENCLOSED", dict(outcome.left_out))


@pytest.mark.parametrize("evidence", ["enclosed", "exact"])
def test_planted_violation_fails_with_a_proof(evidence: str):
    false = scaled(Fraction(9, 10)).theorem(linrep26.RISK_GAP_MEAN)
    assert verify.rows(FLIP, [false], evidence)[0]["status"] == "FAILS"


def test_floats_of_a_representation_are_the_rationals_that_they_are():
    problem = in_rationals(flip_dictator().with_weights(np.array([[0.1, 0], [0, 1], [0, 0]])))
    assert problem.weights is not None
    assert problem.weights[0, 0] == Fraction(0.1) != Fraction(1, 10)
    row = verdict_row(linrep26.SUBOPTIMAL_AUGMENTED, problem, Evidence.ENCLOSED)
    assert row["status"] == "HOLDS"
    assert 0 < float(row["slack"] or 0) <= float(row["slack_upper"] or 0)
    # ends are rounded outwards, so the float interval holds the exact difference of the others
    assert float(row["bound_upper"] or 0) - float(row["actual"] or 0) + sum_budget(4) >= float(row["slack"] or 0)


def test_verify_command_on_enclosed_evidence(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    arguments = ["verify", "--out", str(tmp_path), "--family", "latent classes", "--no-pictures", "--no-controls"]
    assert cli.run([*arguments, "--evidence", "enclosed"]) == 0
    out = capsys.readouterr().out
    assert "evidence ENCLOSED" in out
    assert "left out, as not exact or not finite: 0 problems" in out
    table = load(tmp_path / "verify.jsonl")
    unsettled = [row for row in table.rows if row["status"] == "UNDECIDED"]
    assert f"undecided: {len(unsettled)}" in out
    for row in unsettled:
        assert f"{row['theorem']} on {row['problem']}: {why_open(row)}" in out
    assert "must be 'float', 'enclosed' or 'exact'" in refused([*arguments, "--evidence", "certain"], capsys)


def test_what_remains_undecided_is_named_with_its_reason(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    """ln 2 - ln 2 as two sides is an equality that no precision proves; a worst error is only bracketed."""
    blank = dict.fromkeys(verify.ROW + PROVED)
    rows = [
        {"theorem": "t1", "problem": "a", "slack": -1e-96, "slack_upper": 2e-96, "fails": ""},
        {"theorem": "t2", "problem": "b", "slack": -0.25, "slack_upper": 0.5, "fails": ""},
        {"theorem": "t3", "problem": "c", "slack": 0.0, "slack_upper": 0.5, "fails": "unit_norm (unknown)"},
        {"theorem": "t4", "problem": "d", "fails": "", "reason": "no finite value"},
        {"theorem": "t5", "problem": "e", "slack": 0.0, "slack_upper": 0.0, "fails": "", "status": "HOLDS"},
    ]
    table = Table((*verify.ROW, *PROVED), tuple({**blank, "status": "UNDECIDED", **row} for row in rows))
    assert _unsettled(verify.Outcome(table, Table((), ()), ())) == [
        "left out, as not exact or not finite: 0 problems",
        "undecided: 4",
        "  t1 on a: equality up to 2.0e-96",
        "  t2 on b: a side is bracketed: slack between -2.5e-01 and 5.0e-01",
        "  t3 on c: not settled: unit_norm (unknown)",
        "  t4 on d: no finite value",
    ]


CLAIMS: dict[str, Callable[[str], list[str]]] = {
    "bound_holds": lambda file: [T4, file],
    "bound_at_most": lambda file: [T4, file, "--limit", "1/2"],
    "actual_at_most": lambda file: ["risk", file, "--limit", "0.25"],
    "actual_at_least": lambda file: ["risk", file, "--readout", "mean", "--limit", "0", "--at-least"],
    "vacuity_witness": lambda file: ["vacuity", file, "--features", "OneHot"],
    "transfer_upper": lambda file: ["transfer", file, "--loss=-3/4"],
    "transfer_lower": lambda file: ["transfer", file, "--loss=-3/4", "--at-least"],
    "indistinguishable_pair": lambda file: ["pair", *PAIRS],
    "counting_floor": lambda file: ["counting", "--inputs", "16", "--dim", "2"],
}


@pytest.mark.parametrize("kind", CLAIMS)
def test_certify_writes_what_the_checker_accepts(kind: str, capsys: pytest.CaptureFixture[str], file: Path):
    out = file.with_name("proof.json")
    assert cli.run(["certify", *CLAIMS[kind](str(file)), "--out", str(out)]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"{kind}: ")
    assert printed.endswith(f"wrote {out}\n")
    assert checker.main(str(out)) == 0
    capsys.readouterr()
    assert cli.run(["check-certificate", str(out)]) == 0
    assert capsys.readouterr().out.startswith(f"ACCEPTED {kind}: ")
    made = json.loads(out.read_text())
    if kind == "indistinguishable_pair":
        assert Fraction(made["errors"][0]) == 0
        assert Fraction(made["errors"][1]) >= Fraction(1, 4)
    out.write_text(json.dumps(made | {"sha256": "0" * 64}))
    assert cli.run(["check-certificate", str(out), "--json"]) == 1
    assert json.loads(capsys.readouterr().out) == {"accepted": False, "sentence": "the seal does not fit"}


def test_a_scaled_variant_is_refuted_where_the_theorem_is_attained(
    capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path
):
    """The label's coordinate swapped for a spurious one, at its best length 3/2: T4 is an equality."""
    file.write_text("weights = [[0], [1.5], [0]]\n" + EXAMPLE, encoding="utf-8")
    out = tmp_path / "refuted.json"
    assert cli.run(["certify", T4, str(file), "--factor", "9/10", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(out.read_text())
    assert json.loads(out.read_text())["kind"] == "variant_refuted"
    assert "cannot be certified" in refused(["certify", T4, str(file), "--factor", "1", "--out", str(out)], capsys)


def test_bad_claims_are_one_sentence_and_write_nothing(capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path):
    out = tmp_path / "none.json"
    given, tail = str(file), ["--out", str(out)]
    assert "certify: there is no theorem or claim 'nope'" in refused(["certify", "nope", given, *tail], capsys)
    assert "limit is 'x'" in refused(["certify", T4, given, "--limit", "x", *tail], capsys)
    assert "cannot be certified" in refused(["certify", T4, given, "--limit", "-1", *tail], capsys)
    assert "pass --limit" in refused(["certify", "risk", given, *tail], capsys)
    assert "pass --loss" in refused(["certify", "transfer", given, *tail], capsys)
    at = ["certify", "transfer", given, "--loss=-1"]
    assert "leave --readout" in refused([*at, "--readout", "mean", *tail], capsys)
    assert "leave --readout" in refused([*at, "--limit", "1", *tail], capsys)
    for huge in ("1e400", "-1e5000", "1e99999999", "1e-99999999", "inf", "nan", "1/0"):
        assert "of ordinary size" in refused(["certify", "transfer", given, f"--loss={huge}", *tail], capsys)
    assert "is a folder" in refused(["certify", "counting", "--inputs", "8", "--dim", "1", "--out", "."], capsys)
    assert "--dim: 0" in refused(["certify", "risk", given, "--limit", "1", "--dim", "0", *tail], capsys)
    assert "pass --inputs and --dim" in refused(["certify", "counting", "--dim", "2", *tail], capsys)
    assert "bits is 0" in refused(["certify", T4, given, "--bits", "0", *tail], capsys)
    shared = ["FiniteProcess prior=[1, 1], channel=[[1, 1], [1, 1]]", "--features", "OneHot", "--labels", "[1, -1]"]
    assert "disjoint" in refused(["certify", "pair", given, "--process", *shared, *tail], capsys)
    assert "no problem was given" in refused(["certify", T4, *tail], capsys)
    assert "cannot be written" in refused(["certify", T4, given, "--out", str(tmp_path / "no" / "a.json")], capsys)
    assert "cannot be read" in refused(["check-certificate", str(out)], capsys)
    assert not out.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"kind": "a", "kind": "b"}', "[" * 100_000])
def test_malformed_certificates_are_rejected(content: str, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    path = tmp_path / "file.json"
    path.write_text(content, encoding="utf-8")
    assert cli.run(["check-certificate", str(path)]) == 1
    out, err = capsys.readouterr()
    assert out.startswith("REJECTED ")
    assert (out.count("\n"), err) == (1, "")


def test_entry_point_checks_a_certificate(tmp_path: Path):
    path = tmp_path / "floor.json"
    assert cli.run(["certify", "counting", "--inputs", "8", "--dim", "1", "--out", str(path), "--json"]) == 0
    command = [sys.executable, "-m", "proofs_check", "check-certificate", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=False)
    assert (done.returncode, done.stdout[:8], done.stderr) == (0, "ACCEPTED", "")
