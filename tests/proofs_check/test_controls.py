"""Controls: every broken variant is refuted by an exact counterexample, or its file says why it cannot be."""

import json
from dataclasses import replace
from fractions import Fraction

import jax
import pytest

import proofs_check as pc
from linrep import symbols as sym
from linrep.bounds import CATALOGUE, NEEDED_TO_STATE, Control, dropped, linrep26, reversed_inequality, scaled, shifted
from linrep.bounds import theorem as named
from linrep.evaluate import Status
from proofs_check import controls, store
from proofs_check.cli import run
from proofs_check.search import decoded

KEY = jax.random.key(0)
WITH_CONTROLS = [t for t in CATALOGUE if t.unavailable is None]


def test_a_control_that_breaks_nothing_survives_and_is_named():
    harmless = Control("left as it is", lambda theorem: theorem)
    record = controls.refute(linrep26.HYPERCUBE, harmless, key=KEY, budget=50)
    assert record.status == controls.SURVIVES
    table = controls.Table(controls.COLUMNS, (record.row,))
    assert "1 survive (linrep26.hypercube left as it is)" in controls.summary(table)


def test_a_control_with_a_reason_is_unknown():
    idle = Control("left as it is", lambda theorem: theorem, unknown="it is true")
    record = controls.refute(linrep26.HYPERCUBE, idle, key=KEY)
    assert (record.status, record.reason) == (controls.UNKNOWN, "it is true")


@pytest.mark.parametrize(
    "control",
    [
        dropped(sym.MINIMISER),
        scaled(Fraction(9, 10)),
        reversed_inequality(),
        shifted(sym.CUT_EIGENVALUE, sym.NEXT_CUT_EIGENVALUE),
    ],
    ids=lambda c: c.name,
)
def test_broken_variants_are_refuted_and_the_witness_can_be_judged_again(control):
    theorem = linrep26.RISK_GAP_MEAN
    record = controls.refute(theorem, control, key=KEY)
    assert record.status == controls.REFUTED
    assert record.found.verdict.is_proof
    witness = record.row["problem"]
    problem = record.found.problem if record.found.name else decoded(json.loads(witness))
    assert pc.check(control.theorem(theorem), problem, "enclosed").status is Status.FAILS
    assert pc.check(theorem, problem, "enclosed").status is not Status.FAILS


def test_variants_that_are_judged_together_are_all_counted():
    theorem = replace(linrep26.RISK_GAP_MEAN, controls=linrep26.RISK_GAP_MEAN.controls[:2])
    table = controls.judged([theorem, linrep26.HYPERCUBE], key=KEY)
    assert set(table.column("status")) == {controls.REFUTED}
    assert [row["controls"] for row in controls.kill_rate(table).rows] == [2, 3]
    assert controls.summary(table) == "controls: 5 of 5 refuted, 0 unknown with a reason, 0 survive"


def test_theorems_without_a_number_have_nothing_to_refute():
    assert controls.judged([named("saunshi22.restated_haochen")], key=KEY).rows == ()


@pytest.mark.parametrize("theorem", WITH_CONTROLS, ids=lambda t: t.key)
def test_every_control_makes_another_theorem(theorem):
    broken = [c.theorem(theorem) for c in theorem.controls]
    assert broken
    assert all((b.hypotheses, b.inputs, b.bounds, b.kind, b.formula) != _parts(theorem) for b in broken)


def _parts(theorem):
    return theorem.hypotheses, theorem.inputs, theorem.bounds, theorem.kind, theorem.formula


@pytest.mark.parametrize("theorem", CATALOGUE[:12], ids=lambda t: t.key)
def test_every_hypothesis_is_dropped_somewhere_or_is_needed_to_state_the_theorem(theorem):
    names = {c.name for c in theorem.controls}
    for hypothesis in theorem.hypotheses:
        assert hypothesis in NEEDED_TO_STATE or f"without {hypothesis.name}" in names


def test_at_most_fifteen_percent_are_marked_unknown():
    every = [c for t in WITH_CONTROLS for c in t.controls]
    assert sum(bool(c.unknown) for c in every) <= 0.15 * len(every)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_kill_rate_is_complete():
    table = controls.judged(CATALOGUE, key=KEY)
    assert controls.SURVIVES not in table.column("status")


def test_verify_prints_the_kill_rate_and_saves_the_table(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("proofs_check.cli._verify.CATALOGUE", (linrep26.HYPERCUBE,))
    arguments = ["verify", "--out", str(tmp_path), "--family", "worked examples", "--no-pictures", "--full"]
    assert run(arguments) == 0
    out = capsys.readouterr().out
    assert "controls: 3 of 3 refuted, 0 unknown with a reason, 0 survive" in out
    assert ["linrep26.hypercube", "3", "3", "0", "0"] in [line.split() for line in out.splitlines()]
    saved = store.read(tmp_path, "controls")
    assert saved.record["evidence"] == "ENCLOSED"
    assert saved.column("status") == [controls.REFUTED] * 3


def test_search_on_the_command_line(tmp_path, monkeypatch, capsys):
    state = tmp_path / "state.json"
    arguments = ["search", "linrep26.hypercube", "--budget", "1", "--resume", str(state), "--json"]
    assert run(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["name"], found["refuted"], state.exists()) == ("example_one_swap", False, True)
    monkeypatch.setattr("proofs_check.cli._search.CATALOGUE", (linrep26.HYPERCUBE,))
    assert run(["search", "--all", "--budget", "1", "--out", str(tmp_path)]) == 0
    assert "wrote" in capsys.readouterr().out
    assert store.read(tmp_path, "tightness").rows[0]["tightness"] > 0.999999
    assert run(["search", "--budget", "1"]) == 2
    assert "name one theorem" in capsys.readouterr().err
