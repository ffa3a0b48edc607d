"""The mutation test on planted modules: weak tests let mutants live, strong ones do not, endless loops end."""

import ast
import json
from pathlib import Path

import pytest

from tests.mutation.__main__ import ROOT, SUITES, SURVIVORS
from tests.mutation.mutants import mutants
from tests.mutation.run import Suite, excused, judge_all, planted, read, report, sampled

AREA = "def area(width, height):\n    return width * height\n"
LOOP = "def countdown(n):\n    while n > 0:\n        n = n - 1\n    return n\n"
TESTS = {
    "test_weak.py": "from toy.area import area\n\ndef test_area():\n    assert area(1, 1) == 1\n",
    "test_strong.py": "from toy.area import area\n\ndef test_area():\n    assert area(2, 3) == 6\n",
    "test_loop.py": "from toy.loop import countdown\n\ndef test_countdown():\n    assert countdown(3) == 0\n",
    "test_wrong.py": "from toy.area import area\n\ndef test_area():\n    assert area(2, 3) == 7\n",
}
WEAK, STRONG = Suite("toy/area.py", ("test_weak.py",)), Suite("toy/area.py", ("test_strong.py",))


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    """A project of two modules with a test each, and a weak and a wrong one."""
    root = tmp_path / "project"
    (root / "toy").mkdir(parents=True)
    for name, text in {"toy/__init__.py": "", "toy/area.py": AREA, "toy/loop.py": LOOP, **TESTS}.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


def outcomes(root: Path, suite: Suite, said: list[str] | None = None) -> dict[str, str]:
    """The outcome of every mutant, by what was changed."""
    heard: list[str] = [] if said is None else said
    records = judge_all(root, planted(root, [suite]), root / "out.jsonl", workers=1, say=heard.append)
    return {record["key"].partition(": ")[2]: record["outcome"] for record in records}


def test_a_weak_test_lets_mutants_live_and_a_strong_one_kills_them(toy: Path):
    changes = ("operator: `width * height` -> `width / height`", "term dropped: `width * height` -> `width`")
    assert outcomes(toy, WEAK) == dict.fromkeys(changes, "survived")
    assert outcomes(toy, STRONG) == dict.fromkeys(changes, "killed")
    assert (toy / "toy" / "area.py").read_text(encoding="utf-8") == AREA
    assert {r["by"] for r in read(toy / "out.jsonl")} == {"", "test_strong.py::test_area"}


def test_a_run_resumes_and_explained_survivors_pass(toy: Path):
    said: list[str] = []
    outcomes(toy, WEAK)
    outcomes(toy, WEAK, said)
    assert said == ["2 mutants, 2 judged before"]
    records = read(toy / "out.jsonl")
    assert not report(records, {records[0]["key"]: "reason"}, said.append)
    assert report(records, {record["key"]: "reason" for record in records}, said.append)
    assert sum("NOT EXPLAINED" in line for line in said) == 1


def test_a_loop_without_end_is_noticed(toy: Path):
    found = outcomes(toy, Suite("toy/loop.py", ("test_loop.py",), limit=2))
    assert found["operator: `n - 1` -> `n + 1`"] == "hung"
    assert "survived" not in found.values()


def test_tests_that_fail_anyway_are_refused(toy: Path):
    with pytest.raises(SystemExit, match=r"without any mutant, test_wrong.py: killed by test_wrong.py::test_area"):
        outcomes(toy, Suite("toy/area.py", ("test_wrong.py",)))
    with pytest.raises(RuntimeError, match="did not run"):
        outcomes(toy, Suite("toy/area.py", ("toy/loop.py",)))  # a file without tests


SOURCE = '''
RATE = 3 * 2

def f(x: int = 0, *, name: "float | None" = None) -> "x + 1":
    """Adds 1 + 1."""
    if x < 3 and not x == 1:
        return max(-x, 2)
    raise ValueError(f"{x + 1} is too large")
'''


def test_changes_stay_inside_functions_and_leave_texts_alone():
    keys = [mutant.key.partition(": ")[2] for mutant in mutants("f.py", SOURCE)]
    assert sorted(keys) == sorted(
        [
            "constant: `0` -> `1`",
            "connective: `x < 3 and (not x == 1)` -> `x < 3 or not x == 1`",
            "comparison: `x < 3` -> `x <= 3`",
            "comparison: `x < 3` -> `x >= 3`",
            "constant: `x < 3` -> `x < 4`",
            "negation removed: `not x == 1` -> `x == 1`",
            "comparison: `x == 1` -> `x != 1`",
            "constant: `x == 1` -> `x == 2`",
            "opposite: `max(-x, 2)` -> `min(-x, 2)`",
            "negation removed: `-x` -> `x`",
            "constant: `max(-x, 2)` -> `max(-x, 3)`",
        ]
    )


def test_slices_and_indices_are_shifted():
    keys = [m.key for m in mutants("g.py", "def g(x, i):\n    return x[:, :i] + x[i:]\n")]
    assert any("`x[:, :i]` -> `x[:, :i + 1]`" in key for key in keys)
    assert any("`x[i:]` -> `x[i + 1:]`" in key for key in keys)


def test_every_mutant_of_the_library_is_another_module_with_a_key_of_its_own():
    found = planted(ROOT, [suite for suite in SUITES if "_variance" in suite.files or "bounds" in suite.files])
    assert {Path(mutant.path).parts[1] for mutant, _ in found} == {"bounds", "solutions"}
    assert len({mutant.key for mutant, _ in found}) == len(found) > 200
    unchanged = {m.path: ast.unparse(ast.parse((ROOT / m.path).read_text(encoding="utf-8"))) for m, _ in found}
    assert all(mutant.source != unchanged[mutant.path] for mutant, _ in sampled(found, 100, 0))


def test_the_page_of_survivors_names_mutants_that_there_are():
    assert set(excused(SURVIVORS)) <= {mutant.key for mutant, _ in planted(ROOT, SUITES)}


def test_every_test_that_judges_exists_and_every_file_has_a_judge():
    files = {path for name in ("bounds", "solutions") for path in (ROOT / "linrep" / name).rglob("*.py")}
    assert files == {path for suite in SUITES for path in ROOT.glob(suite.files)}
    assert all((ROOT / name.partition("::")[0]).exists() for suite in SUITES for name in suite.tests)


def test_a_sample_is_drawn_with_its_seed(toy: Path):
    found = planted(toy, [WEAK, Suite("toy/loop.py", ("test_loop.py",))])
    assert sampled(found, 3, 0) == sampled(found, 3, 0)
    assert len({m.key for m, _ in sampled(found, 3, 1)}) == 3
    assert sampled(found, None, 0) == sampled(found, 10**6, 0) == found


def test_a_line_that_was_cut_off_is_not_a_record(tmp_path: Path):
    results = tmp_path / "results.jsonl"
    results.write_text(json.dumps({"key": "a"}) + "\n" + '{"key": "b', encoding="utf-8")
    assert read(results) == [{"key": "a"}]
    assert read(tmp_path / "none.jsonl") == []


def test_the_page_of_survivors_is_read(tmp_path: Path):
    page = tmp_path / "survivors.md"
    page.write_text("# Survivors\n\n- a.py f: operator: `x` -> `y`\n  The same\n  number.\n- b\n\n", encoding="utf-8")
    assert excused(page) == {"a.py f: operator: `x` -> `y`": "The same number."}
    assert excused(tmp_path / "none.md") == {}
