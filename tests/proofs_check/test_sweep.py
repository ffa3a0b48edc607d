"""Sweeps: what a spec means, the journal, and that no number of workers, no engine and no death changes the table."""

import importlib
import json
import os
import signal
from concurrent.futures import Executor, Future
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path

import pytest

from linrep._checks import InputError
from linrep.bounds import linrep26
from linrep.evaluate import comparison
from proofs_check import cli, problem_files, sweep
from proofs_check.sweep import Journal, _engines, _run, _worker
from proofs_check.sweep._journal import COLUMNS
from tests.proofs_check.sweep_files import written

DRAWN = {"type": "RandomProcess", "n_inputs": 4, "n_views": 6}
BASE = {"dim": 1, "process": DRAWN, "features": {"type": "OneHot"}, "labels": {"values": [1, -1, 1, -1]}}
KEY = linrep26.RISK_GAP_MEAN.key


def spec(**changes: object) -> sweep.Spec:
    return sweep.understood({"problem": BASE, "seeds": [0, 1, 2, 3], "theorems": [KEY], **changes})


class Here(Executor):
    """Runs a batch when it is handed over, and counts what it ran."""

    def __init__(self) -> None:
        self.ran: list[str] = []

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[override]
        future: Future = Future()
        try:
            self.ran += [key for key, _ in args[0].problems]
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def here(executor: Executor) -> _engines.Engine:
    @contextmanager
    def opened(_: int):
        yield executor

    return _engines.Engine(2, opened)


def swept(asked: sweep.Spec, path: Path, executor: Executor, **options: bool) -> sweep.Swept:
    with Journal(path) as journal:
        return sweep.sweep(asked, journal, here(executor), **options)


def test_tasks_are_the_product_with_the_last_entry_fastest():
    asked = spec(sweep={"dim": [1, 2]}, seeds={"from": 5, "to": 6})
    assert [dict(task.swept) for task in asked.tasks] == [
        {"dim": 1, "process.seed": 5}, {"dim": 1, "process.seed": 6},
        {"dim": 2, "process.seed": 5}, {"dim": 2, "process.seed": 6},
    ]  # fmt: skip
    assert asked.tasks[3].problem["process"] == {**DRAWN, "seed": 6}
    assert "seed" not in BASE["process"]


def test_keys_depend_on_what_is_asked_and_on_nothing_else():
    first, again = spec(), spec(seeds=[3, 2, 1, 0], record=["status"])
    assert {t.key for t in first.tasks} == {t.key for t in again.tasks}
    assert len({t.key for t in first.tasks}) == 4
    for changed in (spec(evidence="enclosed"), spec(theorems=[linrep26.SUBOPTIMAL_MEAN.key]), spec(sweep={"dim": [2]})):
        assert {t.key for t in first.tasks}.isdisjoint(t.key for t in changed.tasks)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"sweeps": {}}, "no entry 'sweeps'"),
        ({"evidence": "sampled"}, "evidence is 'sampled'"),
        ({"theorems": ["linrep26.risk_gap_men"]}, "risk_gap_mean"),
        ({"theorems": "some"}, "theorems is 'some'"),
        ({"record": ["slak"]}, "no column 'slak'"),
        ({"problems": [BASE]}, "and not both"),
        ({"sweep": {"dim": 3}}, "dim is 3"),
        ({"sweep": {"dim": []}}, "dim is an empty list"),
        ({"sweep": {"dim": [1, 1]}}, "listed twice"),
        ({"sweep": {"dim.x": {"from": 3}}}, "dim.x"),
        ({"sweep": {"dim": {"from": 3, "to": 1}}}, "upwards"),
        ({"sweep": {"dim": {"from": 1, "to": 3, "points": 1}}}, "points = 1"),
        ({"sweep": {"dim": {"from": 1, "to": 3, "steps": 1}}}, "no entry 'steps'"),
        ({"sweep": {"dim": {"from": 0, "to": 10**9}}}, "values, but at most"),
        ({"sweep": {"dim": {"from": -1e308, "to": 1.7e308}}}, "values, but at most"),
        ({"sweep": {"dim": {"from": 0.0, "to": 1.0, "step": 1e-320}}}, "values, but at most"),
        ({"sweep": {"process": {"tua": [1, 2]}}}, "no entry 'tua'"),
        ({"sweep": {"dim": {"x": [1]}}}, "no table"),
        ({"problem": {**BASE, "process": {"type": "Circle", "noise": 0.1}}}, "seeds are given"),
    ],
)
def test_a_bad_spec_is_refused_in_one_sentence(said: dict, words: str):
    with pytest.raises(InputError, match=r"^(sweep|problem file)") as refusal:
        spec(**said)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_rows_are_those_of_the_library(tmp_path: Path):
    asked = spec(record=["status", "bound", "actual", "slack"])
    found = swept(asked, tmp_path / "j", Here()).table.rows
    for row, task in zip(found, asked.tasks, strict=True):
        direct = comparison(linrep26.RISK_GAP_MEAN, problem_files.problem(task.problem))
        assert [row[name] for name in ("status", "bound", "actual")] == [
            direct[n] for n in ("status", "bound", "actual")
        ]
        assert row["slack"] == direct["bound"] - direct["actual_upper"]


def test_a_finished_task_is_not_run_again_and_new_ones_are_added(tmp_path: Path):
    first, second = Here(), Here()
    swept(spec(seeds=[0, 1]), tmp_path / "j", first)
    found = swept(spec(seeds=[1, 2]), tmp_path / "j", second)
    assert len(first.ran) == 2
    assert second.ran == [spec(seeds=[2]).tasks[0].key]
    assert (found.reused, found.foreign, len(found.table.rows)) == (1, 1, 2)


def test_a_failure_has_its_sentence_stays_and_is_run_again_on_request(tmp_path: Path):
    asked = spec(sweep={"process": {"n_inputs": [4, 0]}}, seeds=[0])
    found = swept(asked, tmp_path / "j", Here())
    assert [row["status"] for row in found.table.rows] == ["HOLDS", "ERROR"]
    (sentence,) = found.failures.values()
    assert sentence == "random_process: n_inputs is 0, but it must be a whole number of at least 1; pass such a number."
    assert found.table.rows[1]["error"] == sentence
    quiet, again = Here(), Here()
    swept(asked, tmp_path / "j", quiet)
    swept(asked, tmp_path / "j", again, again=True)
    assert quiet.ran == []
    assert again.ran == [asked.tasks[1].key]


def test_every_place_where_the_last_line_may_be_torn(tmp_path: Path):
    path, asked = tmp_path / "j", spec(seeds=[0, 1])
    whole = swept(asked, path, Here())
    content = path.read_bytes()
    start = content.rfind(b"\n", 0, -1) + 1
    for cut in (start, start + 1, start + 10, (start + len(content)) // 2, len(content) - 1):
        path.write_bytes(content[:cut])
        executor = Here()
        assert swept(asked, path, executor).table.rows == whole.table.rows
        assert len(executor.ran) == 1
        assert len(path.read_text("utf-8").splitlines()) == 3
    path.write_bytes(content[:5])
    assert swept(asked, path, Here()).table.rows == whole.table.rows


def test_damage_inside_the_journal_is_refused_by_line(tmp_path: Path):
    path = tmp_path / "j"
    swept(spec(seeds=[0, 1]), path, Here())
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join([lines[0], lines[1][:-3], lines[2]]) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        Journal(path)


@pytest.mark.parametrize(
    "change",
    [
        {"rows": [["a"] * 3]},
        {"rows": [["a"] * len(COLUMNS)]},
        {"rows": [[[]] * len(COLUMNS)]},
        {"error": 3},
        {"seconds": "a"},
        {"key": None},
    ],
)
def test_a_line_that_no_sweep_wrote_is_refused_by_its_number(change: dict, tmp_path: Path):
    path = tmp_path / "j"
    swept(spec(seeds=[0]), path, Here())
    head, line = path.read_text("utf-8").splitlines()[:2]
    path.write_text(f"{head}\n{json.dumps(json.loads(line) | change)}\n", encoding="utf-8")
    with pytest.raises(InputError, match="line 2"):
        Journal(path)
    path.write_text(json.dumps(json.loads(head) | {"versions": 3}) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match="not a journal"):
        Journal(path)


def test_other_versions_and_a_second_writer_are_refused(tmp_path: Path):
    path = tmp_path / "j"
    with Journal(path), pytest.raises(InputError, match="another run"):
        Journal(path)
    head = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**head, "versions": {**head["versions"], "numpy": "1.0"}}) + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"begun with numpy 1\.0"):
        Journal(path)


def test_infinities_survive_the_journal(tmp_path: Path):
    row = ("t", "HOLDS", float("inf"), *[None] * (len(_worker.COLUMNS) - 4), "inf")
    with Journal(tmp_path / "j") as journal:
        journal.append(_worker.Done("k", 0.0, (row,)))
    with Journal(tmp_path / "j") as journal:
        assert journal.done["k"].rows == (row,)


def test_a_worker_of_other_versions_is_refused():
    with pytest.raises(InputError, match=r"numpy .* and not 1\.0"):
        _worker.run(_worker.Batch((), (), "float", {"numpy": "1.0"}))


def deadly(batch: _worker.Batch) -> list[_worker.Done]:
    """Ends its process on the seed 2."""
    if any(said["process"]["seed"] == 2 for _, said in batch.problems):
        os.kill(os.getpid(), signal.SIGKILL)
    return [_worker.Done(key, 0.001) for key, _ in batch.problems]


class Mortal(Executor):
    """Breaks for good on the seed 2, and takes with it whatever was handed over since."""

    def __init__(self) -> None:
        self.flying: list[tuple[Future, _worker.Batch]] = []
        self.broken = False

    def submit(self, fn, /, *args, **kwargs):  # type: ignore[override]
        if self.broken:
            raise BrokenProcessPool
        batch, future = args[0], Future()
        self.flying.append((future, batch))
        deaths = [i for i, (_, b) in enumerate(self.flying) if any(p["process"]["seed"] == 2 for _, p in b.problems)]
        if not deaths:
            future.set_result([_worker.Done(key, 0.001) for key, _ in batch.problems])
        elif len(self.flying) > deaths[0] + 1 or len(batch.problems) == 1:
            self.broken = True
            for lost, _ in self.flying[deaths[0] :]:
                lost.set_exception(BrokenProcessPool())
        return future


def blamed(engine: _engines.Engine) -> None:
    """Of twenty problems only the third is a failure, and all the others come back once."""
    asked = spec(seeds={"from": 0, "to": 19})
    found = list(_run.finished(asked, asked.tasks, engine))
    assert sorted(done.key for done in found) == sorted(task.key for task in asked.tasks)
    assert {done.key: done.error for done in found if done.error} == {asked.tasks[2].key: _run.DIED}


def test_only_the_problem_that_kills_its_worker_is_recorded():
    @contextmanager
    def opened(_: int):
        yield Mortal()

    blamed(_engines.Engine(2, opened))


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_only_the_problem_that_kills_its_process_is_recorded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(_run, "run", deadly)
    blamed(sweep.pool(2))


def test_command_says_json_counts_and_exit_codes(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file = written(tmp_path, 1)
    text = file.read_text("utf-8").replace("dim = [1, 2]", "dim = [1, 99999]").replace("n_inputs = 4", "n_inputs = 0")
    file.write_text(text, encoding="utf-8")
    assert cli.run(["sweep", str(file), "--out", str(tmp_path / "out"), "--workers", "1", "--json"]) == 3
    said = json.loads(capsys.readouterr().out)
    assert (said["problems"], said["reused"], len(said["failures"])) == (4, 0, 4)
    assert cli.run(["sweep", str(file), "--workers", "1", "--scheduler", "tcp://x:1"]) == 2
    assert cli.run(["sweep", str(tmp_path / "nowhere.toml")]) == 2
    assert "nowhere.toml cannot be read" in capsys.readouterr().err


def test_dask_missing_is_one_sentence(monkeypatch: pytest.MonkeyPatch):
    def missing(name: str):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(InputError, match=r"linrep\[distributed\]"), sweep.dask("tcp://127.0.0.1:1"):
        pass
