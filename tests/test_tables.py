"""Tables: round trips, full precision, atomic writes, refusals."""

import json
import math

import numpy as np
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


def test_names_with_dots_keep_them(tmp_path):
    one, two = Table(("d",), ({"d": 1},)), Table(("d",), ({"d": 2},))
    _, first = one.save(tmp_path / "eps0.5")
    _, second = two.save(tmp_path / "eps0.7")  # once cut at the dot, this overwrote the first
    assert [load(first).column("d"), load(second).column("d")] == [[1], [2]]
    assert two.save(tmp_path / "t.csv") == two.save(tmp_path / "t.jsonl") == two.save(tmp_path / "t")


def test_floats_of_numpy_are_written_as_numbers(tmp_path):
    table = Table(("x",), ({"x": np.float64(0.1)},))
    assert table.to_csv() == "x\n0.1\n"
    assert load(table.save(tmp_path / "t")[1]).column("x") == [0.1]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Table(("a", "a"), ()), "once"),
        (lambda: Table(("a",), ({"a": np.int64(1)},)), "int64"),
        (lambda: TABLE.where(colour="red"), "no column 'colour'"),
        (lambda: TABLE.save(""), "names no file"),
        (lambda: concatenate([], {}), "no tables"),
    ],
)
def test_what_cannot_be_written_or_found_is_refused(make, words):
    with pytest.raises(lr.InputError, match=words):
        make()
