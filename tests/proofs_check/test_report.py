"""The report says what its tables say, needs no network, escapes everything, and is one sentence where it cannot be."""

import base64
import html
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from linrep._checks import InputError
from linrep.bounds import CATALOGUE, linrep26
from linrep.tables import Table
from proofs_check import plots, report, store, studies, verify
from proofs_check.certificates import CERTIFIED
from proofs_check.cli import run
from proofs_check.embedded import embedded
from proofs_check.explain import explanation
from proofs_check.report._maths import mathml
from proofs_check.report._svg import inline
from proofs_check.report._theorems import rulings, waterfall


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small run: a few problems, one picture."""
    place = tmp_path_factory.mktemp("out")
    verify.run(embedded(0, 3)[:12], CATALOGUE, place, seed=0, pictures=["families"])
    return place


def test_every_formula_of_the_catalogue_is_typeset():
    for theorem in CATALOGUE:
        told = explanation(theorem)
        sides = [step[side] for step in told["steps"] for side in ("left", "right")]
        for latex in (told["statement"]["latex"], *(s["symbol"] for s in told["symbols"]), *sides):
            root = ET.fromstring(mathml(latex))
            assert "\\" not in "".join(root.itertext()), latex


def test_page_says_what_the_table_says(folder: Path):
    text = report.page(folder)
    table = store.read(folder, "verify")
    for row in verify.digest(table).rows:
        cells = re.search(rf"<code>{re.escape(str(row['theorem']))}</code></a><br>.*?</tr>", text, re.DOTALL)
        assert cells is not None
        numbers = [int(n) for n in re.findall(r'<td class="n">(\d+)</td>', cells.group())]
        assert numbers == [row["applies"], row["HOLDS"], row["vacuous"]]


def test_page_stands_alone(folder: Path):
    text = report.page(folder)
    assert not re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', text)
    assert "@import" not in text
    assert "url(http" not in text
    assert len(re.findall(r"<h1\b", text)) == 1
    identifiers = re.findall(r'\bid="([^"]+)"', text)
    assert len(identifiers) == len(set(identifiers))
    assert all(f'id="{target}"' in text for target in re.findall(r'href="#(t-[^"]+)"', text))


def test_what_comes_from_a_table_is_escaped(folder: Path, tmp_path: Path):
    evil = '<script>alert("x")</script>'
    table = store.read(folder, "verify")
    rows = tuple({**row, "statement": evil} if row["status"] == "HOLDS" else row for row in table.rows)
    Table(table.columns, rows, table.record).save(tmp_path / "verify")
    text = report.page(tmp_path)
    assert evil not in text
    assert html.escape(evil, quote=True).replace("&quot;", "&#34;") in text


def test_files_of_others_are_left_alone_and_broken_pictures_refused(folder: Path, tmp_path: Path):
    store.read(folder, "verify").save(tmp_path / "verify")
    (tmp_path / "theirs.svg").write_bytes(b"\xff<not svg")
    (tmp_path / "folder.svg").mkdir()
    (tmp_path / "certificates" / "a.json").mkdir(parents=True)
    assert "theirs" not in report.page(tmp_path)
    store.read(folder, "families").save(tmp_path / "families")
    for content in (b"\xff<not svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'):
        (tmp_path / "families.svg").write_bytes(content)
        with pytest.raises(InputError, match=r"^report: the picture families\.svg"):
            report.page(tmp_path)


def test_tables_that_are_not_there_are_left_out(folder: Path, tmp_path: Path):
    store.read(folder, "verify").save(tmp_path / "verify")
    text = report.page(tmp_path)
    assert "step by step" not in text
    assert 'id="pictures"' not in text


def test_a_folder_without_results_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match="run `linrep verify"):
        report.page(tmp_path)
    assert run(["report", str(tmp_path)]) == 2


def test_command_writes_the_page(folder: Path, capsys: pytest.CaptureFixture[str]):
    assert run(["report", str(folder)]) == 0
    assert capsys.readouterr().out == f"wrote {folder / report.NAME}\n"
    assert (folder / report.NAME).read_text(encoding="utf-8") == report.page(folder)


def test_rulings_count_each_hypothesis():
    said = [{"name": "a", "statement": "A"}, {"name": "b", "statement": "B"}]
    rows = [{"fails": ""}, {"fails": "a (one)"}, {"fails": "a (one); b (two)"}, {"fails": None}]
    assert [(h["holds"], h["not"], h["seen"]) for h in rulings(said, rows)] == [(2, 2, "one"), (3, 1, "two")]


def test_waterfall_ends_where_the_chain_ends():
    table = studies.chains([linrep26.HYPERCUBE])
    drawn = waterfall(table.rows)
    assert drawn is not None
    assert drawn["bars"][-1]["value"] == table.rows[-1]["right_value"]
    assert drawn["level"] == table.rows[0]["trivial"]


def test_identifiers_of_two_pictures_do_not_meet():
    content = plots.encoded(plots.families(studies.families(3)), "svg").decode()
    first, second = (set(re.findall(r'\bid="([^"]+)"', inline(content, name, name))) for name in ("a", "b"))
    assert first
    assert not first & second
    uses = re.findall(r'(?:href="#|url\(#)([^")]+)', inline(content, "a", "a"))
    assert uses
    assert set(uses) <= first


def test_certificates_of_the_page_are_accepted_by_the_checker_alone(folder: Path, tmp_path: Path):
    text = report.page(folder)
    links = dict(re.findall(r'href="data:[a-z/-]+;base64,([^"]+)" download="([^"]+)"', text))
    files = {name: base64.b64decode(data) for data, name in links.items()}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    made = [name for name in files if name.endswith(".json")]
    assert sorted(made) == sorted(f"{theorem.key}.json" for theorem in CERTIFIED)
    for name in made:
        command = [sys.executable, "-I", str(tmp_path / "checker.py"), str(tmp_path / name)]
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0, name


def test_a_certificate_that_was_changed_is_shown_as_rejected(folder: Path, tmp_path: Path):
    store.read(folder, "verify").save(tmp_path / "verify")
    name = "saunshi22.lower_bound.json"
    (tmp_path / "certificates").mkdir()
    content = (folder / "certificates" / name).read_text(encoding="utf-8")
    (tmp_path / "certificates" / name).write_text(content.replace('"dim":"4"', '"dim":"5"'), encoding="utf-8")
    assert "rejected: " in report.page(tmp_path)
    assert "rejected: " not in report.page(folder)
