"""Pictures are pure functions of saved tables, with named axes and the trivial level."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure

from linrep.tables import Table, load
from proofs_check import plots, studies

STUDIES = {
    "example_one": lambda: studies.example_one(3),
    "capacity": lambda: studies.capacity((1,), (9, 10, 11, 12, 50)),
    "families": lambda: studies.families(3),
    "chain": studies.chain,
    "negatives": lambda: studies.negatives((1, 8, 64, 512)),
}


@pytest.fixture(scope="module")
def tables() -> dict[str, Table]:
    return {name: study() for name, study in STUDIES.items()}


def drawn(name: str, table: Table) -> Figure:
    return getattr(plots, name)(table)


@pytest.mark.parametrize("name", STUDIES)
def test_picture_of_the_reloaded_table_is_the_same(name: str, tables: dict[str, Table], tmp_path: Path):
    table = tables[name]
    table.save(tmp_path / "t")
    again = load(tmp_path / "t.jsonl")
    assert plots.encoded(drawn(name, table), "svg") == plots.encoded(drawn(name, again), "svg")


@pytest.mark.parametrize("name", STUDIES)
def test_axes_are_named(name: str, tables: dict[str, Table]):
    panels = [axes for axes in drawn(name, tables[name]).axes if axes.get_label() != "<colorbar>"]
    assert all(axes.get_xlabel() and axes.get_title(loc="left") for axes in panels)
    if name != "capacity":
        assert all(axes.get_ylabel() for axes in panels)


@pytest.mark.parametrize("name", ["example_one", "families", "negatives"])
def test_trivial_level_is_drawn(name: str, tables: dict[str, Table]):
    for axes in drawn(name, tables[name]).axes:
        assert "trivial" in [line.get_gid() for line in axes.get_lines()]


def test_trivial_level_is_where_the_table_says(tables: dict[str, Table]):
    levels = []
    for axes in drawn("example_one", tables["example_one"]).axes:
        levels += [line.get_ydata()[0] for line in axes.get_lines() if line.get_gid() == "trivial"]
    assert levels == [1.0, 0.5]


def test_every_tie_has_a_dot(tables: dict[str, Table]):
    table = tables["capacity"]
    dots = [line for axes in drawn("capacity", table).axes for line in axes.get_lines() if line.get_gid() == "ties"]
    assert sum(len(line.get_xdata()) for line in dots) == sum(bool(row["tie_size"]) for row in table.rows)


@pytest.mark.parametrize("name", STUDIES)
def test_written_text_stays_inside_the_picture_and_apart(name: str, tables: dict[str, Table]):
    figure = drawn(name, tables[name])
    figure.canvas.draw()
    edge = figure.bbox
    for axes in figure.axes:
        boxes = [text.get_window_extent() for text in axes.texts if text.get_text()]
        assert all(edge.x0 <= box.x0 and box.x1 <= edge.x1 for box in boxes)
        for i, box in enumerate(boxes):
            assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_png_and_svg(tables: dict[str, Table]):
    figure = drawn("families", tables["families"])
    assert plots.encoded(figure, "png").startswith(b"\x89PNG")
    assert b"<svg" in plots.encoded(figure, "svg")[:1000]


def test_the_crossing_step_of_the_waterfall_is_marked_once(tables: dict[str, Table]):
    table = tables["chain"]
    published, ours = drawn("chain", table).axes
    marked = [text for text in published.texts if "vacuous from this step on" in text.get_text()]
    first = next(row for row in table.rows if row["vacuous"])
    assert [text.get_position()[1] for text in marked] == [first["step"]]
    assert not any("this step" in text.get_text() for text in ours.texts)
    levels = [line.get_xdata()[0] for axes in (published, ours) for line in axes.get_lines() if line.get_gid()]
    assert levels == [0.5, 1.0]
