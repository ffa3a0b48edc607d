"""The main job on a few problems, and a planted violation that it has to see."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from linrep.bounds import CATALOGUE, linrep26, saunshi22, scaled
from linrep.gallery import example_one_dictator, flip_dictator
from linrep.tables import Table, load
from proofs_check import cli, verify
from proofs_check.embedded import Embedded, embedded
from tests.tolerances import eigenvalue_budget, sum_budget

FEW = tuple(e for e in embedded(0, 6) if e.family in ("worked examples", "latent classes", "random"))
FALSE = scaled(Fraction(9, 10)).theorem(linrep26.RISK_GAP_MEAN)


@pytest.fixture(scope="module")
def table() -> Table:
    return verify.judged(FEW, CATALOGUE)


def test_nothing_fails(table: Table):
    assert len(table.rows) == len(FEW) * len(CATALOGUE)
    assert [(r["problem"], r["theorem"]) for r in table.rows if r["status"] == "FAILS"] == []


def test_every_theorem_with_a_number_applies_somewhere(table: Table):
    idle = {row["theorem"] for row in verify.digest(table).rows if not row["HOLDS"]}
    assert idle == {t.key for t in CATALOGUE if t.unavailable}


def test_planted_violation_fails():
    """The flipped cube attains the risk gap bound, so nine tenths of it are too little."""
    problem = Embedded("flip", "flip noise", "attains T1", flip_dictator)
    statuses = {row["theorem"]: row["status"] for row in verify.rows(problem, [linrep26.RISK_GAP_MEAN, FALSE])}
    assert statuses == {"linrep26.risk_gap_mean": "HOLDS", "linrep26.risk_gap_mean~scaled": "FAILS"}


def test_planted_violation_leaves_with_exit_code_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr("proofs_check.cli._verify.CATALOGUE", (FALSE,))
    arguments = [
        "verify",
        "--out",
        str(tmp_path),
        "--family",
        "worked examples",
        "--no-pictures",
        "--no-controls",
        "--json",
    ]
    assert cli.run(arguments) == 1
    summary = json.loads(capsys.readouterr().out)
    assert summary["counts"]["FAILS"] >= 1
    assert "flip_dictator" in {row["problem"] for row in summary["fails"]}


def test_digest_counts_every_row_once(table: Table):
    for row in verify.digest(table).rows:
        assert sum(int(row[s] or 0) for s in ("HOLDS", "FAILS", "UNDECIDED", "INAPPLICABLE", "UNAVAILABLE")) == len(FEW)
        assert int(row["applies"] or 0) == len(FEW) - int(row["INAPPLICABLE"] or 0)


def test_digest_finds_where_a_bound_is_attained(table: Table):
    found = {row["theorem"]: row for row in verify.digest(table).rows}
    tightest = found["linrep26.risk_gap_mean"]["tightest"]
    assert isinstance(tightest, float)
    assert 1 - tightest <= eigenvalue_budget(3)
    published = found["saunshi22.hypercube"]["tightest"]
    assert isinstance(published, float)
    assert abs(published - 0.5 / 140) <= sum_budget(10)


def test_digest_of_a_lower_bound_is_at_most_one(table: Table):
    for row in verify.digest(table).rows:
        assert row["tightest"] is None or 0 <= float(row["tightest"]) <= 1


def test_run_writes_what_it_returns(tmp_path: Path):
    ticks: list[str] = []
    outcome = verify.run(FEW[:2], CATALOGUE, tmp_path, seed=5, pictures=[], tick=ticks.append)
    assert ticks == [e.name for e in FEW[:2]]
    saved = load(tmp_path / "verify.jsonl")
    assert [dict(r) for r in saved.rows] == [dict(r) for r in outcome.table.rows]
    assert (saved.record["seed"], saved.record["evidence"]) == (5, "FLOAT")
    assert saved.record["parameters"] == {"problems": 2, "theorems": len(CATALOGUE)}
    assert len((tmp_path / "verify.csv").read_text(encoding="utf-8").splitlines()) == 1 + len(saved.rows)


def test_same_seed_same_rows():
    rows = [verify.judged(embedded(3, 6)[-6:], CATALOGUE).rows for _ in range(2)]
    assert rows[0] == rows[1]


def test_labels_of_table_one_published_bound_is_vacuous_and_margins_are_not():
    named = {e.name: e for e in embedded(0, 0)}
    theorems = [saunshi22.LINEAR_CLASS, linrep26.MARGIN_AUGMENTED, linrep26.MARGIN_MEAN]
    rows = {r["theorem"]: r for r in verify.rows(named["example1_table1_d10"], theorems)}
    assert 9 < float(rows["saunshi22.linear_class"]["bound"] or 0) < 10
    assert rows["saunshi22.linear_class"]["vacuous"] is True
    assert rows["linrep26.margin"]["vacuous"] is False
    assert rows["linrep26.margin_mean"]["vacuous"] is False


def test_problem_of_the_minimisers_is_settled():
    row = verify.rows(Embedded("dictator", "", "", example_one_dictator), [linrep26.HYPERCUBE])[0]
    assert (row["status"], row["bound"], row["actual"]) == ("HOLDS", 0.0, 0.0)
