"""The folder of results: whole files, with a record that comes back."""

import json
import os
import stat
from pathlib import Path

import pytest

from linrep import InputError, Table
from proofs_check import store

TABLE = Table(("d", "loss", "tie"), ({"d": 1, "loss": -1.5, "tie": None}, {"d": 2, "loss": float("inf"), "tie": True}))


def test_table_and_record_come_back(tmp_path: Path):
    how = store.record(evidence="FLOAT", parameters={"dim": 3}, seed=7, seconds=0.5)
    saved = store.save(TABLE, tmp_path, "t", how)
    found = store.read(tmp_path, "t")
    assert (found.columns, list(found.rows), found.record) == (TABLE.columns, list(TABLE.rows), saved.record)
    assert found.record["seed"] == 7
    assert found.record["evidence"] == "FLOAT"
    assert found.record["parameters"] == {"dim": 3}


def test_record_names_every_package_that_computes():
    versions = store.record(evidence="EXACT", parameters={})["versions"]
    assert {"python", "numpy", "scipy", "jax", "sympy", "linrep"} == set(versions)
    assert all(versions[name] != "not installed" for name in ("numpy", "scipy", "jax", "sympy"))


def test_csv_has_every_row(tmp_path: Path):
    store.save(TABLE, tmp_path, "t", {})
    assert (tmp_path / "t.csv").read_text(encoding="utf-8").splitlines() == ["d,loss,tie", "1,-1.5,", "2,inf,True"]


def test_json_lines_are_strict_json(tmp_path: Path):
    store.save(TABLE, tmp_path, "t", {})

    def refuse(name: str):
        raise AssertionError(f"{name} is no JSON")

    for line in (tmp_path / "t.jsonl").read_text(encoding="utf-8").splitlines():
        json.loads(line, parse_constant=refuse)


def test_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    store.save_picture(b"old", tmp_path, "a.png")

    def broken(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(InputError, match="No space left"):
        store.save_picture(b"new", tmp_path, "a.png")
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]
    assert (tmp_path / "a.png").read_bytes() == b"old"


def test_files_have_the_permissions_of_other_files(tmp_path: Path):
    (tmp_path / "ordinary").write_text("x", encoding="utf-8")
    store.save_picture(b"x", tmp_path, "saved")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("ordinary", "saved")]
    assert modes[0] == modes[1]


def test_folder_is_made_with_its_parents(tmp_path: Path):
    assert store.folder(tmp_path / "a" / "b").is_dir()


def test_file_in_place_of_a_folder_is_refused(tmp_path: Path):
    (tmp_path / "taken").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="taken cannot be made a folder"):
        store.folder(tmp_path / "taken")


def test_other_content_is_refused(tmp_path: Path):
    (tmp_path / "t.jsonl").write_text("not a table", encoding="utf-8")
    with pytest.raises(InputError, match="not a saved table"):
        store.read(tmp_path, "t")
