"""Pictures are pure functions of saved tables, with named axes and the trivial level."""

from pathlib import Path

import matplotlib
import matplotlib.style
import pytest
from matplotlib.figure import Figure

from linrep.evaluate import COLUMNS
from linrep.tables import Table, load
from proofs_check import plots, studies

STUDIES = {
    "bound_versus_actual": lambda: studies.example_one(9),
    "phase_diagram": lambda: studies.capacity((1,), (9, 10, 11, 12, 50)),
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
    if name != "phase_diagram":
        assert all(axes.get_ylabel() for axes in panels)


@pytest.mark.parametrize("name", ["bound_versus_actual", "families", "negatives"])
def test_trivial_level_is_drawn(name: str, tables: dict[str, Table]):
    for axes in drawn(name, tables[name]).axes:
        assert "trivial" in [line.get_gid() for line in axes.get_lines()]


def test_trivial_level_is_where_the_table_says(tables: dict[str, Table]):
    levels = []
    for axes in drawn("bound_versus_actual", tables["bound_versus_actual"]).axes:
        levels += [line.get_ydata()[0] for line in axes.get_lines() if line.get_gid() == "trivial"]
    assert levels == [1.0, 0.5]


def test_every_tie_has_a_dot(tables: dict[str, Table]):
    table = tables["phase_diagram"]
    dots = [
        line for axes in drawn("phase_diagram", table).axes for line in axes.get_lines() if line.get_gid() == "ties"
    ]
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


def test_coinciding_bounds_are_one_line_with_all_their_names(tables: dict[str, Table]):
    squared, _ = drawn("bound_versus_actual", tables["bound_versus_actual"]).axes
    assert "T4, T5, T8, T9 (ours)" in [text.get_text() for text in squared.texts]


def test_a_value_that_is_only_bracketed_is_a_band():
    rows = [
        {"curve": "a", "role": "actual", "t": t, "value": 0.2, "upper": 0.2 + gap} for t, gap in ((1, 0.0), (2, 0.1))
    ]
    bracketed, settled = (
        Table(tuple(rows[0]), tuple(part)) for part in (rows, [{**row, "upper": 0.2} for row in rows])
    )
    found = [
        [c.get_gid() for c in plots.bound_versus_actual(table).axes[0].collections] for table in (bracketed, settled)
    ]
    assert found == [["undecided"], []]


def test_a_comparison_marks_what_is_vacuous_undecided_or_false():
    row = dict.fromkeys(COLUMNS) | {
        "theorem": "linrep26.risk_gap_mean",
        "actual": 0.1,
        "actual_upper": 0.2,
        "trivial": 1.0,
    }
    says = [("HOLDS", False), ("HOLDS", True), ("UNDECIDED", False), ("FAILS", False)]
    rows = [{**row, "bound": 0.5, "status": status, "vacuous": gone} for status, gone in says]
    axes = plots.bound_versus_actual(Table(COLUMNS, tuple(rows))).axes[0]
    marks = [(line.get_marker(), line.get_fillstyle()) for line in axes.lines if line.get_gid() == "bound"]
    assert marks == [("o", "full"), ("o", "none"), ("D", "none"), ("X", "full")]


def test_every_named_picture_is_there_and_the_style_file_is_used():
    for name in ("bound_versus_actual", "transfer_band", "phase_diagram", "chain", "trajectory"):
        assert callable(getattr(plots, name))
    with matplotlib.style.context("proofs_check.plots.linrep"):
        assert matplotlib.rcParams["svg.hashsalt"] == "linrep"
