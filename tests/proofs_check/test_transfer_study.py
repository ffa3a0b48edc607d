"""Classes side by side, phase diagrams, and `linrep transfer`: against closed forms, with planted impossible points."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from matplotlib.collections import LineCollection

import linrep as lr
from linrep.tables import Table, Value, load
from proofs_check import cli, plots, studies
from proofs_check.studies._bands import COLUMNS
from tests.tolerances import eigenvalue_budget

FILE = """
dim = 10
[process]
type = "HypercubeScaling"
dim = 50
relevant = 10
[features]
type = "Linear"
[labels]
type = "Coordinate"
index = 0
"""


@pytest.fixture(scope="module")
def bands() -> Table:
    """Example 1 at full size and in small, polynomials and random Fourier features included."""
    first, small, _ = studies.scenes()
    chosen = [entry for entry in small.classes if entry[0] in ("affine", "polynomial 2", "random Fourier, width 1")]
    return studies.bands_of((first, small._replace(classes=tuple(chosen))), points=9)


@pytest.fixture(scope="module")
def phases() -> Table:
    tried = (("flipped", lr.processes.HypercubeFlip(4, Fraction(9, 10))),)
    return studies.phases(tried=tried, erasures=[Fraction(1, 64)], relevant=(2, 3), dims=tuple(range(1, 12)))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "example.toml"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def eighty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def all_functions(name: str, process: lr.processes.HypercubeScaling, dim: int) -> studies.Scene:
    return studies.Scene(name, lr.labels.Coordinate(0), dim, (("unrestricted", process, lr.features.OneHot()),))


def points(tmp_path: Path, text: str) -> str:
    path = tmp_path / "points.csv"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_band_of_the_linear_class_is_its_closed_form(bands: Table):
    """T = 4 (1 - sqrt(1 - eps)) up to eps_vac = 7/16 (docs/transfer.md)."""
    linear = bands.where(**{"class": "linear"})
    epsilon, sharp = (np.array(linear.column(name), dtype=np.float64) for name in ("epsilon", "sharp"))
    exact = np.where(epsilon < 7 / 16, 4 * (1 - np.sqrt(1 - np.minimum(epsilon, 7 / 16))), 1.0)
    np.testing.assert_allclose(sharp, exact, rtol=0, atol=np.sqrt(eigenvalue_budget(50, 10)))
    assert set(linear.column("epsilon_vac")) == {7 / 16}


def test_larger_classes_promise_nothing(bands: Table):
    full = bands.where(process="Example 1: D = 50, k = 10, d = 10")
    for name in ("affine", "polynomial 2", "polynomial 3", "unrestricted"):
        (row,) = full.where(**{"class": name}).rows
        assert (row["epsilon"], row["epsilon_vac"], row["best_risk"]) == (0.0, 0.0, 1.0)
        assert row["note"]


def test_the_unrestricted_class_agrees_with_a_table_of_the_process():
    process = lr.processes.HypercubeScaling(dim=4, relevant=2)
    (row,) = studies.bands_of([all_functions("four signs", process, 3)]).rows
    moments = lr.moments.population(process.finite(3), lr.features.OneHot(), lr.labels.Coordinate(0))
    limit = lr.transfer.threshold(moments, dim=3)
    assert row["epsilon_vac"] == 0.0
    assert limit.budget <= eigenvalue_budget(48, 3)
    assert abs(limit.loss - number(row["best_loss"])) <= eigenvalue_budget(48, 3)


def test_nothing_is_claimed_of_all_functions_where_d_is_not_below_the_number_of_inputs():
    process = lr.processes.HypercubeScaling(dim=2, relevant=1)
    assert studies.bands_of([all_functions("two signs", process, 4)]).rows == ()


def test_rows_are_a_band(bands: Table):
    slack = np.sqrt(eigenvalue_budget(1276, 10))
    for row in bands.rows:
        assert number(row["lower"]) <= number(row["sharp"]) + slack
        assert number(row["sharp"]) <= number(row["upper"]) + slack
        assert number(row["epsilon"]) < number(row["epsilon_vac"]) or row["sharp"] == row["trivial"]


def test_summary_is_half_way_where_the_closed_form_is(bands: Table):
    """4 (1 - sqrt(1 - eps)) = 1/2 at eps = 1 - (7/8)^2; linear interpolation between nine points of a convex curve."""
    (row,) = [row for row in studies.summary(bands).rows if row["class"] == "linear"]
    step = 1.1 * 7 / 16 / 8
    # f'' <= (1 - eps)^(-3/2) <= (16/9)^(3/2) and f' >= 2: the chord is off by at most step^2 f'' / 8, over f'
    assert 0 <= 1 - (7 / 8) ** 2 - number(row["half"]) <= step**2 * (16 / 9) ** 1.5 / 16


def test_picture_of_bands(bands: Table, tmp_path: Path):
    bands.save(tmp_path / "t")
    figure = plots.transfer_band(bands)
    assert plots.encoded(figure, "svg") == plots.encoded(plots.transfer_band(load(tmp_path / "t.jsonl")), "svg")
    above = figure.axes[0]
    assert [ends(line.get_ydata()) for line in above.get_lines() if line.get_gid() == "trivial"] == [1.0]
    assert [ends(line.get_xdata()) for line in above.get_lines() if line.get_gid() == "budget"] == [7 / 16]
    named = [text.get_text() for text in figure.axes[2].get_yticklabels()]
    assert named[0] == "linear (D = 50)"
    assert len(named) == len(set(bands.where(process="Example 1: D = 50, k = 10, d = 10").column("class")))


def test_phases_against_closed_forms(phases: Table):
    for row in phases.where(diagram="d and k, affine").rows:
        k, d = number(row["row"]), number(row["dim"])
        assert close(row["epsilon_vac"], 0.0 if d <= k else 7 / 16, order=25)
    for row in phases.where(diagram="d and k, polynomial 2").rows:
        k, d = number(row["row"]), number(row["dim"])
        ones = 1 + k + k * (k - 1) / 2
        assert close(row["epsilon_vac"], 0.0 if d < ones else 7 / 16, order=301)


def test_phase_of_flips_is_the_gap_of_parities(phases: Table):
    """rho = 4/5 for each of four signs, kappa = rho^(2 |S|): five places hold the constant and the signs."""
    rows = {row["row"]: row["epsilon_vac"] for row in phases.where(diagram="class and augmentation law").rows}
    rho = 2 * 0.9 - 1
    assert close(rows["affine"], rho**4, order=5)  # there is nothing besides these five
    assert close(rows["polynomial 2"], rho**4 - rho**8, order=16)
    assert close(rows["unrestricted"], rho**4 - rho**8, order=16)


def test_all_functions_lose_their_budget_on_the_family_and_affine_ones_do_not(phases: Table):
    rows = {row["row"]: row for row in phases.where(diagram="class and identification error").rows}
    tau = number(rows["unrestricted"]["x"])
    assert number(rows["unrestricted"]["epsilon_vac"]) <= 4 * tau / (1 - 2 / 16)  # theory V6
    assert number(rows["affine"]["epsilon_vac"]) > 1 / 4


def test_picture_of_phases_parts_where_the_table_does(phases: Table):
    figure = plots.phase_diagram(phases)
    panel = figure.axes[2]
    (line,) = [part for part in panel.collections if isinstance(part, LineCollection)]
    edges = {tuple(map(tuple, edge)) for edge in np.array(line.get_segments()).astype(int).tolist()}
    # affine, k = 2 and 3: the border runs after d = 2 and after d = 3, with a step between the rows
    assert edges == {((2, 0), (2, 1)), ((3, 1), (3, 2)), ((2, 1), (3, 1))}


def test_command_writes_table_points_and_pictures(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    given = points(tmp_path, "loss,risk,name\n-9.75,0.2,inside\n-10,0,best\n")
    assert cli.run(["transfer", str(file), "--points", given, "--out", str(tmp_path / "out")]) == 0
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {f"example.{kind}" for kind in ("csv", "jsonl", "png", "svg")} | {
        "example_points.csv",
        "example_points.jsonl",
    }
    table = load(tmp_path / "out" / "example.jsonl")
    assert table.columns == COLUMNS
    assert table.record["seed"] == 0
    lines = capsys.readouterr().out.splitlines()
    assert "points: 2 of 2 in the band" in lines
    assert all(len(line) <= 80 for line in lines if not line.startswith("wrote"))
    assert any("0.4375" in line for line in lines)


@pytest.mark.parametrize("point", ["-9.75,0.6", "-10.5,0.2", "-9.75,-0.1"])
def test_planted_point_outside_is_refused(point: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    given = points(tmp_path, f"loss,risk,name\n-9.75,0.2,fine\n{point},planted\n")
    assert cli.run(["transfer", str(file), "--points", given, "--json"]) == 1
    out, err = capsys.readouterr()
    assert [row["outside"] for row in json.loads(out)["points"]] == [False, True]
    assert "planted" in err
    assert "fine" not in err


def test_points_beside_a_saved_table(bands: Table):
    at = {"process": "Example 1: D = 50, k = 10, d = 10", "class": "linear"}
    rows = [{**at, "loss": "-9.75", "risk": risk} for risk in ("0.53", "0.7")] + [{**at, "loss": "-11", "risk": "0"}]
    found = studies.on_bands(tuple(rows), bands)
    assert found.column("outside") == [False, True, True]
    (fourier, *_) = bands.where(**{"class": "random Fourier, width 1"}).rows
    below = {"class": "random Fourier, width 1", "loss": str(fourier["best_loss"])}
    under = [{**below, "risk": str(share * number(fourier["floor"]))} for share in (1, 0.9)]
    assert studies.on_bands(tuple(under), bands).column("outside") == [False, True]
    figure = plots.transfer_band(bands, found)
    assert sum(line.get_gid() == "point" for line in figure.axes[0].get_lines()) == 3
    with pytest.raises(ValueError, match="give each point a process and a class"):
        studies.on_bands(({"loss": "-9.75", "risk": "0.2"},), bands)


def test_every_band_contains_its_own_witnesses():
    process = lr.processes.HypercubeFlip(3, (Fraction(19, 20), Fraction(9, 10), Fraction(3, 4)))
    moments = lr.moments.population(process, lr.features.Affine(), lr.labels.Coordinate(0))
    found = studies.band(moments, dim=2, points=5)
    bands = Table(COLUMNS, studies.rows_of(found, "flips", "affine", features=4, dim=2))
    losses = [float(lr.losses.spectral(moments, w)) for w in found.witnesses]
    risks = [float(lr.risks.regression(moments, w, readout="augmented", intercept=True)) for w in found.witnesses]
    assert len(set(losses)) > 1
    rows = tuple({"loss": repr(a), "risk": repr(b)} for a, b in zip(losses, risks, strict=True))
    assert not any(studies.on_curve(rows, found, "flips", "affine").column("outside"))
    assert not any(studies.on_bands(rows, bands).column("outside"))


def test_representation_of_the_file_is_a_point(file: Path, capsys: pytest.CaptureFixture[str]):
    weights = np.eye(50, 10).tolist()
    file.write_text(f"weights = {weights}\n" + FILE, encoding="utf-8")
    assert cli.run(["transfer", str(file), "--json"]) == 0
    (point,) = json.loads(capsys.readouterr().out)["points"]
    assert (point["loss"], point["outside"]) == (-10.0, False)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("loss\n1\n", "loss and risk are needed"),
        ("loss,risk\n1,x\n", "line 2"),
        ("loss,risk\n1,nan\n", "line 2"),
        ("loss,risk,size\n1,1,1\n", "are allowed"),
        ("loss,risk\n", "no points"),
        ("loss,risk,class\n-9.75,0.2,affine\n", "names 0 bands"),
    ],
)
def test_bad_points_are_refused(text: str, said: str, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.run(["transfer", str(file), "--points", points(tmp_path, text)]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_points_of_a_study_are_looked_at_before_it_is_computed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(studies, "bands_of", None)  # whatever calls it fails with a traceback
    assert cli.run(["transfer", "hypercube", "--points", points(tmp_path, "loss,risk\n-9.75,0.2\n")]) == 2
    assert "names 21 bands" in capsys.readouterr().err


def test_a_byte_order_mark_is_read_over(tmp_path: Path):
    assert studies.read_points(Path(points(tmp_path, "\ufeffloss,risk\n-1,0.5\n"))) == ({"loss": "-1", "risk": "0.5"},)


def test_bad_requests_are_refused(file: Path, capsys: pytest.CaptureFixture[str]):
    assert cli.run(["transfer", "hypercube", "--raw"]) == 2
    assert cli.run(["transfer", "nowhere.toml"]) == 2
    file.write_text(FILE.partition("[labels]")[0], encoding="utf-8")
    assert cli.run(["transfer", str(file)]) == 2
    assert capsys.readouterr().err.count("linrep: ") == 3


def ends(data: object) -> float:
    return float(np.asarray(data)[0])


def number(value: Value) -> float:
    assert value is not None
    return float(value)


def close(value: Value, wanted: float, *, order: int) -> bool:
    """Whether a difference of squares of eigenvalues at most one, of a matrix of this order, is what it should be."""
    return abs(number(value) - wanted) <= 4 * eigenvalue_budget(order)
