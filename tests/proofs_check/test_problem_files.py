"""Problem files: every kind of process, class and label, and one sentence for each way to be wrong."""

import tomllib
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import linrep as lr
from linrep import InputError
from proofs_check.problem_files import FEATURES, LABELS, LAWS, PROCESSES, inline, notes, problem, read
from tests.repo.sources import ROOT

FLIP = {"type": "HypercubeFlip", "dim": 3, "keep": "9/10"}
PAIR = {"type": "FiniteProcess", "prior": [1, 1], "channel": [[3, 1], [1, 3]]}
SIGNS = {"values": [1, -1]}
SCALING = {"type": "HypercubeScaling", "dim": 4, "relevant": 2}
ONEHOT, LINEAR = {"type": "OneHot"}, {"type": "Linear"}


def spec(**changed: Any) -> dict[str, Any]:
    """A small problem with some entries replaced; None removes one."""
    whole = {"process": PAIR, "features": ONEHOT, "labels": SIGNS, "dim": 1, **changed}
    return {name: value for name, value in whole.items() if value is not None}


PROCESS_FILES = [
    PAIR,
    {**PAIR, "views": [[0, 1], [1, 0]], "inputs": [5, 6]},
    {"type": "FiniteProcess", "prior": ["1/3", "2/3"], "channel": [[0.5, 0.5], [0.25, 0.75]]},
    {"type": "HypercubeScaling", "dim": 4, "relevant": 2},
    {
        "type": "HypercubeScaling",
        "dim": 4,
        "relevant": 2,
        "shared": False,
        "scale": {"law": "Uniform", "low": 0, "high": 1},
    },
    {
        "type": "HypercubeScaling",
        "dim": 3,
        "relevant": 1,
        "scale": {"law": "Discrete", "values": [0, 1], "weights": [1, 3]},
    },
    {"type": "HypercubeScaling", "dim": 3, "relevant": 1, "scale": {"law": "Beta", "alpha": 1, "beta": 2}, "levels": 3},
    FLIP,
    {"type": "HypercubeFlip", "dim": 2, "keep": ["9/10", 0.75]},
    {"type": "GaussianNoise", "dim": 2, "rho": 0.5},
    {"type": "Circle", "noise": 0.3, "levels": 8},
    {"type": "LatentClasses", "weights": [1, 1], "conditionals": [[3, 1, 0], [0, 1, 3]], "levels": 1},
    {"type": "Clusters", "sizes": [2, 2], "within": 9, "between": "1/2", "levels": 1},
    {"type": "RandomProcess", "n_inputs": 3, "n_views": 5, "kind": "near_disjoint", "tau": "1/50", "seed": 4},
]


@pytest.mark.parametrize("process", PROCESS_FILES, ids=lambda p: p["type"])
def test_every_process_can_be_written_down(process: dict[str, Any]):
    built = problem({"process": process, "features": {"type": "Linear"}, "dim": 1})
    assert 0 <= -built.solution.loss <= 1 + built.solution.spectrum.error * 2


def test_every_process_and_law_is_among_them():
    assert {p["type"] for p in PROCESS_FILES} == set(PROCESSES)
    assert {p["scale"]["law"] for p in PROCESS_FILES if "scale" in p} == set(LAWS)


@pytest.mark.parametrize(
    ("features", "size"),
    [
        (LINEAR, 3),
        ({"type": "Affine"}, 4),
        ({"type": "Polynomial", "degree": 2}, 7),
        ({"type": "Polynomial", "degree": 2, "kind": "full"}, 10),
        ({"type": "RandomFourier", "count": 5, "bandwidth": 2.0, "seed": 1}, 5),
    ],
    ids=lambda f: f["type"] if isinstance(f, dict) else str(f),
)
def test_every_class_can_be_written_down(features: dict[str, Any], size: int):
    assert problem({"process": FLIP, "features": features, "dim": 2}).moments.dim == size
    assert features["type"] in FEATURES


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        ({"type": "Coordinate", "index": 0}, "real"),
        ({"type": "Linear", "weights": [1, "1/2"]}, "real"),
        ({"type": "Threshold", "weights": [2, 1], "offset": "1/2"}, "sign"),
        ({"type": "Parity", "subset": [0, 1]}, "real"),
    ],
    ids=lambda f: f["type"] if isinstance(f, dict) else str(f),
)
def test_every_label_can_be_written_down(labels: dict[str, Any], kind: str):
    assert problem({"process": FLIP, "features": LINEAR, "labels": labels, "dim": 2}).label.kind == kind
    assert labels["type"] in LABELS


def test_fractions_stay_exact():
    built = problem(
        spec(process={"type": "FiniteProcess", "prior": ["1/3", "2/3"], "channel": [["1/2", "1/2"], [0, 1]]})
    )
    assert isinstance(built.process, lr.processes.FiniteProcess)
    assert built.process.exact
    assert built.process.identification_error == Fraction(1, 6)


def test_representation_and_score():
    built = problem(spec(weights=[[1.0], ["1/2"]], score=[1, 0]))
    assert built.weights is not None
    assert built.weights.tolist() == [[1.0], [0.5]]
    assert built.score is not None
    assert built.score.tolist() == [1.0, 0.0]


def test_file_is_read(tmp_path: Path):
    path = tmp_path / "p.toml"
    path.write_text(
        'dim = 10\n[process]\ntype = "HypercubeScaling"\ndim = 50\nrelevant = 10\n'
        'scale = {law = "Uniform", low = 0, high = 1}\n[features]\ntype = "Linear"\n'
        '[labels]\ntype = "Coordinate"\nindex = 0\n',
        encoding="utf-8",
    )
    assert read(path).solution.loss == -10.0


def test_notes_tell_of_dropped_views_rank_and_ties():
    built = problem(spec(process={"type": "FiniteProcess", "prior": [1, 1], "channel": [[1, 0, 0], [0, 1, 0]]}, dim=3))
    assert notes(built) == [
        "1 views of probability zero were dropped: 2.",
        "d = 3 is beyond the rank 2 of Sigma: 1 columns of a minimiser are zero.",
    ]
    assert (
        "2 eigenfunctions of eigenvalue 1 compete for 1 places"
        in notes(problem(spec(process={**PAIR, "channel": [[1, 0], [0, 1]]})))[0]
    )


WRONG: list[tuple[dict[str, Any], str]] = [
    (spec(process={**PAIR, "channel": [[0.5, 0.4], [0.5, 0.5]]}), "channel row 0 sums to 0.9"),
    (spec(process={**PAIR, "channel": [["1/2", "1/3"], [0, 1]]}), "channel row 0 sums to 5/6"),
    (spec(process={**PAIR, "channel": [[3, -1], [1, 3]]}), "negative entry -1"),
    (spec(process={**PAIR, "channel": [[float("nan"), 0.5], [0.5, 0.5]]}), "non-finite entry at index"),
    (spec(process={**PAIR, "channel": [[float("inf"), 0.5], [0.5, 0.5]]}), "non-finite entry at index"),
    (spec(process={**PAIR, "prior": [1, 1, 1]}), r"prior has shape \(3,\)"),
    (spec(process={**PAIR, "prior": [0.5, 0.6]}), "prior sums to 1.1"),
    (spec(process={**PAIR, "channel": [[1, 2], [3]]}), "rectangular|differ in length"),
    (spec(process={**PAIR, "channel": "x"}), "shape"),
    (spec(process={**PAIR, "channel": [["a", "b"], ["c", "d"]]}), "not an array of numbers"),
    (spec(process={**PAIR, "channel": [["1/0", 1], [1, 1]]}), "denominator 0"),
    (spec(process={"type": "FiniteProcess", "prior": [1, 1]}), "has no channel"),
    (spec(process={**PAIR, "chanel": 1}), "did you mean channel"),
    (spec(process={"type": "FinitProcess"}), "did you mean FiniteProcess"),
    (spec(process={"prior": [1]}), "has no type"),
    (spec(process=[1]), "must be a table"),
    (spec(process=None), r"\[process\] is missing"),
    (spec(features=None), r"\[features\] is missing"),
    (spec(features={"type": "Linear", "degree": 2}), "takes no entries"),
    (spec(features={"type": "Polynomial", "degree": 0}), "degree is 0"),
    (spec(features={"type": "Polynomial", "degree": "two"}), "degree is 'two'"),
    (spec(features={"type": 3}), "no type 3"),
    (spec(labels={"values": [1, 0], "kind": "sign"}), "signs must be -1 or \\+1"),
    (spec(labels={"values": [1, -1, 1]}), "3 labels were given for 2 inputs"),
    (spec(labels={"values": [1, "x"]}), "a list of numbers is needed"),
    (spec(labels={"values": 3}), "a list of numbers is needed"),
    (spec(labels={"values": [[1, 2], [3]]}), "rows differ in length"),
    (spec(labels={"values": [0.5, 1.0], "kind": "classes"}), "classes are numbered"),
    (spec(labels={"values": [1, -1], "kind": "sing"}), "kind is 'sing'"),
    (spec(labels={"type": "Coordinat", "index": 0}), "did you mean Coordinate"),
    (spec(process=FLIP, features=LINEAR, labels={"type": "Coordinate", "index": 7}), "coordinate"),
    (spec(process=FLIP, features=LINEAR, labels={"type": "Coordinate", "index": -1}), "a coordinate is -1"),
    (spec(process=FLIP, features=LINEAR, labels={"type": "Coordinate", "index": "a"}), "a coordinate is 'a'"),
    (spec(dim=0), "dim is 0"),
    (spec(dim=1.5), "dim is 1.5"),
    (spec(dim=True), "dim is True"),
    (spec(dim=None), "dimension of the representation, is missing"),
    (spec(weights=[[1.0]]), "weights have 1 rows"),
    (spec(weights=[[1, 2], [3, 4]]), "2 columns, but dim is 1"),
    (spec(weights=[[1], [2, 3]]), "rows differ in length"),
    (spec(score=[1, 2, 3]), "3 rows"),
    (spec(extra=1), "no entry 'extra'"),
    (spec(process={"type": "HypercubeScaling", "dim": 4, "relevant": 5}), "relevant is 5"),
    (spec(process={"type": "HypercubeScaling", "dim": "4", "relevant": 2}), "dim is '4'"),
    (spec(process={"type": "HypercubeScaling", "dim": 4, "relevant": 2, "shared": 1}), "must be true or false"),
    (spec(process={"type": "HypercubeScaling", "dim": 4, "relevant": 2, "scale": "Uniform"}), "must be a table"),
    (spec(process={**SCALING, "scale": {"law": "Normal"}}), "no law 'Normal'"),
    (spec(process={**SCALING, "scale": {"law": "Uniform", "low": 1}}), "has no high"),
    (spec(process={"type": "HypercubeFlip", "dim": 2, "keep": 1.5}), "must lie in"),
    (spec(process={"type": "HypercubeFlip", "dim": 2, "keep": [0.5]}), "1 probabilities"),
    (spec(process={"type": "GaussianNoise", "dim": 2, "rho": 2}), "rho"),
    (spec(process={"type": "Circle", "noise": -1}), "noise"),
    (spec(process={"type": "Circle", "noise": 0.1, "levels": 0}), "levels is 0"),
    (spec(process={"type": "Clusters", "sizes": [], "within": 1, "between": 1}), "sizes is empty"),
    (spec(process={"type": "Clusters", "sizes": 3, "within": 1, "between": 1}), "Clusters"),
    (spec(process={"type": "RandomProcess", "n_inputs": 2, "n_views": 2, "seed": -1}), "seed"),
    (spec(process={"type": "RandomProcess", "n_inputs": 2, "n_views": 2, "kind": "x"}), "kind is 'x'"),
]  # fmt: skip


@pytest.mark.parametrize(("wrong", "words"), WRONG, ids=lambda x: x if isinstance(x, str) else "")
def test_one_sentence_for_each_mistake(wrong: dict[str, Any], words: str):
    with pytest.raises(InputError, match=words) as caught:
        problem(wrong).solution  # noqa: B018 (the solution is where moments are made)
    assert "\n" not in str(caught.value)
    assert str(caught.value).rstrip().endswith((".", "?"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"dim = [", "is not TOML"),
        (b"\xff\xfe", "is not TOML"),
        (b"dim = 1\ndim = 2", "is not TOML"),
        (b"x = " + b"[" * 9999, "is not TOML"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, content: bytes, words: str):
    path = tmp_path / "p.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words):
        read(path)


def test_missing_file_and_folder_are_refused(tmp_path: Path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(InputError, match="cannot be read"):
            read(path)


def test_deep_lists_are_refused():
    deep: Any = 1
    for _ in range(40):
        deep = [deep]
    with pytest.raises(InputError, match="nested"):
        problem(spec(weights=deep))


@pytest.mark.parametrize("text", ["", "=3", "Linear x", "Linear x=", "Linear x=1}\ny={", "[1, 2"])
def test_broken_flags_are_refused(text: str):
    with pytest.raises(InputError, match="--x"):
        inline(text, owner="--x")


def test_the_file_of_the_documentation_is_example_one():
    text = (ROOT / "docs" / "command_line.md").read_text(encoding="utf-8")
    written = text.partition("```toml\n")[2].partition("```")[0]
    assert problem(tomllib.loads(written)).solution.loss == -10.0
    for name in (*PROCESSES, *LAWS, *FEATURES, *(n for n in LABELS if n != "Table")):
        assert f"`{name}`" in text
