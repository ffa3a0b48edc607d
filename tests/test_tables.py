"""Tables: round trips, full precision, atomic writes, refusals."""

import json
import math

import pytest

import linrep as lr
from linrep.tables import Table, concatenate, load, write_atomically

ROWS = ({"name": "a|b", "x": 0.1 + 0.2, "ok": True}, {"name": None, "x": math.inf, "ok": False})
TABLE = Table(("name", "x", "ok"), ROWS, {"seed": 3})


def test_a_saved_table_comes_back_as_it_was(tmp_path):
    csv_path, json_path = TABLE.save(tmp_path / "t")
    back = load(json_path)
    assert [dict(r) for r in back.rows] == [dict(r) for r in ROWS]
    assert back.record == {"seed": 3}
    assert repr(0.1 + 0.2) in csv_path.read_text()


def test_json_is_one_document():
    document = json.loads(TABLE.to_json())
    assert document["record"] == {"seed": 3}
    assert [row["name"] for row in document["rows"]] == ["a|b", None]


def test_markdown_escapes_bars():
    assert "a\\|b" in TABLE.to_markdown()


def test_columns_and_selection():
    assert TABLE.column("ok") == [True, False]
    assert len(TABLE.where(ok=True).rows) == 1
    assert len(concatenate([TABLE, TABLE], {}).rows) == 4


def test_refusals(tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text("not json")
    for call, words in [
        (lambda: Table(("a",), ({"b": 1},)), "row 0"),
        (lambda: TABLE.column("y"), "no column"),
        (lambda: load(broken), "not a saved table"),
        (lambda: load(tmp_path / "missing.jsonl"), "not a saved table"),
        (lambda: TABLE.save(tmp_path / "no" / "folder" / "t"), "cannot be written"),
        (lambda: concatenate([TABLE, Table(("a",), ())], {}), "different columns"),
    ]:
        with pytest.raises(lr.InputError, match=words):
            call()


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path):
    path = tmp_path / "kept.txt"
    path.write_text("old")
    with pytest.raises(TypeError):
        write_atomically(path, 3)  # not text: fails while writing
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]
