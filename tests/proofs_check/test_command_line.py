"""What all commands have in common: help with an example that parses, --json, plain text in a pipe, 80 columns."""

import io
import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

import linrep as lr
from linrep.bounds import CATALOGUE
from linrep.evaluate import COLUMNS, Status
from linrep.tables import Table
from proofs_check import chain, cli
from proofs_check import console as shown
from proofs_check.cli._app import app
from proofs_check.embedded import embedded
from proofs_check.verify import DIGEST
from tests.repo.sources import ROOT

NARROW = 80
COMMANDS = [name for name in app if not name.startswith("-")]
ESCAPE, CUT = "\x1b", "…"
BEGIN = 15
"""So much of a long name stands in one line of a column, at least."""
LONG_KEY = max((theorem.key for theorem in CATALOGUE), key=len)


@pytest.fixture(autouse=True)
def narrow_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(NARROW))
    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)


def output(arguments: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    assert cli.run(arguments) == code
    out, err = capsys.readouterr()
    assert ESCAPE not in out + err
    return out


def on_screen(grid: object) -> str:
    """The text of a grid on a screen of 80 columns, of which no line is longer and no cell is cut off."""
    text = io.StringIO()
    Console(file=text, width=NARROW).print(grid)
    assert max(map(cell_len, text.getvalue().splitlines())) <= NARROW
    assert CUT not in text.getvalue()
    return "".join(text.getvalue().split())


def test_all_modules_of_commands_are_registered():
    assert len(COMMANDS) >= 12
    assert set(COMMANDS) >= {"verify", "compare", "explain", "chain", "search", "sources", "certify", "report", "sweep"}


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str, capsys: pytest.CaptureFixture[str]):
    out = output([command, "--help"], capsys)
    assert max(map(len, out.splitlines())) <= NARROW
    assert "--json" in out
    examples = [line.removeprefix("Example: ") for line in out.splitlines() if line.startswith("Example: ")]
    assert len(examples) == 1
    program, *arguments = shlex.split(examples[0])
    assert program == "linrep"
    assert arguments[0] == command
    app.parse_args(arguments, exit_on_error=False, print_error=False)  # raises where the example is not valid


def test_an_example_that_is_not_valid_would_be_noticed():
    with pytest.raises(Exception, match="no-such-flag"):
        app.parse_args(["explain", "--no-such-flag"], exit_on_error=False, print_error=False)


def test_help_of_the_program(capsys: pytest.CaptureFixture[str]):
    out = output(["--help"], capsys)
    assert max(map(len, out.splitlines())) <= NARROW
    for command in (*COMMANDS, "--install-completion"):
        assert command in out


def test_documentation_names_all_commands_and_exit_codes():
    text = (ROOT / "docs" / "command_line.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"linrep {command} " in text, command
    for code in (0, 1, 2, 3, 130, 141):
        assert f"\n| {code} | " in text


def test_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]):
    assert output(["--version"], capsys).strip()[0].isdigit()


@pytest.mark.parametrize("arguments", [["explain", LONG_KEY], ["explain"], ["sources"], ["sources", "--markdown"]])
def test_no_escapes_in_a_pipe(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    assert LONG_KEY in output(arguments, capsys)


def test_refusal_has_no_escapes_in_a_pipe(capsys: pytest.CaptureFixture[str]):
    assert output(["explain", "no.such_theorem"], capsys, code=2) == ""


@pytest.mark.parametrize(
    "arguments", [["explain"], ["explain", LONG_KEY], ["sources"], ["sources", "--theorem", LONG_KEY]]
)
def test_json_is_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    out = output([*arguments, "--json"], capsys)
    assert out.count("\n") == 1
    assert json.loads(out)


@pytest.mark.parametrize("with_problem", [True, False])
def test_comparison_fits(with_problem: bool):
    said = {"theorem": LONG_KEY, "fails": "the least eigenvalue is 0.2 and has to be above 0.5", "reason": ""}
    numbers = {"actual": -1.23456e-5, "actual_upper": -1.1111e-5, "bound": -1.2345e-5, "trivial": -1.23456e-5}
    row = dict.fromkeys(COLUMNS) | said | numbers | {"status": Status.INAPPLICABLE.value, "vacuous": True}
    if with_problem:
        row["problem"] = max((problem.name for problem in embedded(0, 2)), key=len)
    text = on_screen(shown.comparison_grid(Table(tuple(row), (row,)), width=NARROW))
    for piece in (LONG_KEY[:BEGIN], "INAPPLICABLE", "vacuous", "-1.235e-05", "to-1.111e-05", "0.2andhastobeabove0.5"):
        assert piece in text
    assert str(row.get("problem", ""))[:BEGIN] in text


def test_digest_fits():
    row = dict.fromkeys(DIGEST, 1000) | {"theorem": LONG_KEY, "tightest": 0.98765, "tightest_on": "a_problem"}
    text = on_screen(shown.digest_grid(Table(tuple(row), (row,)), width=NARROW))
    for piece in ("0.9877", "1000", "a_problem", "tightest"):
        assert piece in text


def test_chain_fits():
    process = lr.processes.HypercubeScaling(dim=20, relevant=5)
    problem = lr.Problem(process, lr.features.Linear(), lr.labels.Threshold([1, 2, 3, 4, 5]), dim=5)
    found = chain(lr.bounds.saunshi22.LINEAR_CLASS, problem)
    assert on_screen(shown.chain_grid(found, width=NARROW)).count("HOLDS") == len(found.links)


def test_any_table_fits():
    row = {f"column {i}": 0.123456789 for i in range(7)} | {"theorem": LONG_KEY}
    text = on_screen(shown.table_grid(Table(tuple(row), (row,)), width=NARROW))
    assert text.count("0.12") == 7


def test_a_grid_that_is_too_wide_would_be_noticed():
    row = dict.fromkeys(DIGEST, 1000) | {"theorem": LONG_KEY, "tightest": 0.98765, "tightest_on": "a_problem"}
    text = io.StringIO()
    Console(file=text, width=NARROW).print(shown.digest_grid(Table(tuple(row), (row,))))
    assert LONG_KEY[:BEGIN] not in text.getvalue()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion(shell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("HOME", str(tmp_path))
    script = tmp_path / "completion"
    output(["--install-completion", "--shell", shell, "--output", str(script)], capsys)
    text = script.read_text(encoding="utf-8")
    for name in ("check-certificate", "pictures"):
        assert name in text


def test_completion_of_bash_is_valid_shell():
    made = app.generate_completion(shell="bash")
    checked = subprocess.run(["bash", "-n"], input=made, text=True, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_interruption_has_an_exit_code_of_its_own(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["proofs_check.cli._sources"].sources, "table", stopped)
    assert output(["sources"], capsys, code=130) == ""
