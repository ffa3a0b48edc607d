"""Each kind of certificate is accepted by the checker alone in an empty folder, and says what linrep computes."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep._checks import InputError
from linrep.evaluate import Status
from linrep.gallery import disjoint_pairs
from linrep.witnesses import counting_floor
from proofs_check.certificates import (
    certify,
    certify_counting,
    certify_pair,
    certify_risk,
    certify_transfer,
    certify_vacuity,
    checker,
    save_certificate,
    verify_certificate,
)
from tests.tolerances import sum_budget

T4 = lr.bounds.linrep26.SUBOPTIMAL_AUGMENTED
Certificate = dict[str, Any]


def example_one(dim: int = 8, relevant: int = 3, noise: float = 0.01) -> lr.Problem:
    """Example 1 with tau = 1 or 1/3 in place of uniform: again kappa = 3/4, and W near the optimum."""
    law = lr.processes.Discrete([Fraction(1), Fraction(1, 3)], [1, 3])
    process = lr.processes.HypercubeScaling(dim=dim, relevant=relevant, scale=law)
    weights = np.eye(dim)[:, :relevant] + noise * np.random.default_rng(0).normal(size=(dim, relevant))
    return lr.Problem(process, lr.features.Linear(), lr.labels.Coordinate(0), dim=relevant, weights=weights)


def swapped(dim: int = 4, relevant: int = 1) -> lr.Problem:
    """The label's coordinate swapped for a spurious one, at its best length 3/2: T4 is an equality."""
    weights = np.eye(dim)[:, 1 : relevant + 1].copy()
    weights[:, -1] = 1.5 * np.eye(dim)[relevant]
    return example_one(dim, relevant).with_weights(weights)


def unrestricted(dim: int = 8, relevant: int = 3) -> lr.Problem:
    """The same process, all functions of a view."""
    base = example_one(dim, relevant)
    return lr.Problem(base.process, lr.features.OneHot(), base.labels, dim=relevant)


def irrational() -> lr.Problem:
    """A process whose eigenvalues are irrational, so that they are bracketed."""
    process = lr.processes.FiniteProcess([1, 2, 1], [[3, 1, 0], [1, 2, 2], [0, 1, 5]])
    return lr.Problem(process, lr.features.OneHot(), [1, -1, 1], dim=2, weights=[[1, 1], [1, 0], [1, -1]])


def pair() -> Certificate:
    """Sixteen inputs on two arcs, which one linear readout separates; then dealt out so that none does."""
    problem = disjoint_pairs(16)
    slopes = [Fraction(i % 8 - 4, 5) + Fraction(1, 10) for i in range(16)]
    arcs = [[(1 - t * t) / (1 + t * t), 2 * t / (1 + t * t)] for t in slopes]
    first = [[sign * v for v in arc] for sign, arc in zip(problem.labels, arcs, strict=True)]
    order = [(i // 2) + 8 * (i % 2) for i in range(16)]  # each label gets both signs of its points
    points = [[first[i] for i in numbers for _ in range(2)] for numbers in (range(16), order)]
    return certify_pair(problem.process, problem.labels, *(np.array(v, dtype=object) for v in points))


SMALL: dict[str, Callable[[], Certificate]] = {
    "bound_holds": lambda: certify(T4, example_one(3, 1)),
    "bound_holds, brackets": lambda: certify(T4, irrational()),
    "bound_holds, one view": lambda: certify(lr.bounds.linrep26.RISK_GAP_AUGMENTED, example_one(3, 1, noise=0)),
    "bound_holds, mean": lambda: certify(lr.bounds.linrep26.RISK_GAP_MEAN, example_one(3, 1, noise=0)),
    "bound_at_most": lambda: certify(T4, example_one(3, 1), limit=Fraction(1, 2)),
    "variant_refuted": lambda: certify(T4, swapped(3), factor=Fraction(9, 10)),
    "actual_at_most": lambda: certify_risk(example_one(3, 1), readout="augmented", limit=Fraction(1, 10)),
    "actual_at_least": lambda: certify_risk(example_one(3, 1), readout="mean", limit=Fraction(1, 10**6), at_least=True),
    "vacuity_witness": lambda: certify_vacuity(unrestricted(3, 2)),
    "transfer_lower": lambda: certify_transfer(irrational(), Fraction(-1191, 1000), side="lower"),
    "transfer_upper": lambda: certify_transfer(irrational(), Fraction(-1191, 1000), side="upper"),
    "indistinguishable_pair": pair,
    "counting_floor": lambda: certify_counting(16, 2),
}


def alone(folder: Path, certificate: Certificate | bytes) -> tuple[int, str, str]:
    """Exit status and output of the checker, copied into a folder with nothing but the certificate."""
    shutil.copy(checker.__file__, folder / "checker.py")
    if isinstance(certificate, bytes):
        (folder / "file.json").write_bytes(certificate)
    else:
        save_certificate(certificate, folder / "file.json")
    command = [sys.executable, "-I", "checker.py", "file.json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize("name", SMALL)
def test_accepted_alone(name: str, tmp_path: Path):
    code, out, err = alone(tmp_path, SMALL[name]())
    assert (code, err) == (0, "")
    assert out.startswith(f"ACCEPTED {name.split(',')[0]}: ")
    assert out.count("\n") == 1


@pytest.mark.parametrize(
    "make", [lambda: certify(T4, example_one()), lambda: certify_vacuity(unrestricted())], ids=["linear", "vacuous"]
)
def test_example_one_at_eight_coordinates(make: Callable[[], Certificate], tmp_path: Path):
    certificate = make()
    code, out, _ = alone(tmp_path, certificate)
    assert code == 0, out
    assert (tmp_path / "file.json").stat().st_size < 100_000
    assert verify_certificate(certificate).is_proof


def test_linear_guarantee_is_sixteen_sevenths():
    certificate = certify(T4, example_one())
    lower, upper = map(Fraction, certificate["bound"])
    excess = Fraction(certificate["suboptimality"][0])
    assert lower == upper == Fraction(16, 7) * excess > Fraction(certificate["actual"]) > 0
    assert certificate["eigenvalues"] == [["1", "1"]] * 3 + [["3/4", "3/4"]]


def test_pair_errs_by_a_quarter():
    errors = [Fraction(v) for v in pair()["errors"]]
    assert errors[0] == 0
    assert errors[1] >= counting_floor(16, 2) == Fraction(1, 4)


@pytest.mark.parametrize("make", [irrational, lambda: example_one(4, 2), swapped])
def test_numbers_agree_with_the_library(make: Callable[[], lr.Problem]):
    problem = make()
    certificate = certify(T4, problem)
    weights = np.array([[float(Fraction(v)) for v in row] for row in certificate["weights"]])
    finite = lr.Problem(problem.process.finite(), problem.features, problem.labels, problem.dim)
    moments, budget = finite.moments, sum_budget(10_000)
    expected = {
        "loss": lr.losses.spectral(moments, weights),
        "actual": lr.risks.regression(moments, weights, readout="augmented"),
        "best_augmented": lr.risks.regression(moments, np.eye(moments.dim), readout="augmented"),
        "best_mean": lr.risks.regression(moments, np.eye(moments.dim), readout="mean"),
    }
    for name, value in expected.items():
        assert abs(float(Fraction(certificate[name])) - value) <= budget, name
    kappa = [*finite.solution.eigenvalues, 0.0]
    for (low, high), value in zip(certificate["eigenvalues"], kappa, strict=False):
        assert float(Fraction(low)) - budget <= value <= float(Fraction(high)) + budget
    bound = lr.evaluate(T4, finite.with_weights(weights)).value
    assert bound is not None
    assert abs(float(Fraction(certificate["bound"][0])) - bound) <= 1000 * budget


@given(half=st.integers(1, 40), dim=st.integers(1, 80))
@settings(max_examples=40, deadline=None)
def test_counting_over_all_splits(half: int, dim: int):
    dim = min(dim, 2 * half)
    assert certify_counting(2 * half, dim)["floor"] == str(counting_floor(2 * half, dim))


signs = st.lists(st.sampled_from([-1, 1]), min_size=6, max_size=6)
points = st.lists(st.tuples(st.integers(-2, 2), st.integers(-2, 2)), min_size=6, max_size=6)


@given(labels=signs, values=points)
@settings(max_examples=60, deadline=None)
def test_least_error_is_the_library_s(labels: list[int], values: list[tuple[int, int]]):
    process = lr.processes.FiniteProcess([1] * 6, np.eye(6, dtype=int))
    exact = [[Fraction(v) for v in point] for point in values]
    channel, law = [{i: Fraction(1)} for i in range(6)], [Fraction(1, 6)] * 6
    problem = checker.Problem(law, channel, law, [Fraction(v) for v in labels], None)
    expected = lr.risks.zero_one(process, np.array(values), np.array(labels))
    assert expected.exact
    assert problem.least_error(exact) == expected.lower


entries = st.lists(st.integers(-2, 2), min_size=16, max_size=16)


@given(entries=entries)
@settings(max_examples=60, deadline=None)
def test_inertia_counts_eigenvalues(entries: list[int]):
    table = np.array(entries).reshape(4, 4)
    table = table + table.T
    values = np.linalg.eigvalsh(table.astype(float))
    far = sum_budget(10_000)
    expected = int((values > far).sum()), int((values < -far).sum())
    assert checker.inertia([[Fraction(int(v)) for v in row] for row in table]) == expected


def test_zero_diagonal_has_inertia():
    assert checker.inertia([[Fraction(0), Fraction(1)], [Fraction(1), Fraction(0)]]) == (1, 1)


@pytest.mark.parametrize(
    "claim",
    [
        lambda: certify(T4, example_one(4, 2), limit=Fraction(1, 10**6)),
        lambda: certify(T4, swapped(), factor=Fraction(1)),
        lambda: certify(lr.bounds.linrep26.RISK_GAP_MEAN, example_one(4, 2)),
        lambda: certify(lr.bounds.linrep26.HEAD_BOUND, example_one(4, 2)),
        lambda: certify(T4, example_one(4, 2), index=3),
        lambda: certify_risk(swapped(), readout="mean", limit=Fraction(9, 10)),
        lambda: certify_vacuity(unrestricted(3, 2), limit=-3),
        lambda: certify_pair(disjoint_pairs(4).process, [1, 1, -1, -1], np.ones((8, 2), int), np.ones((8, 2), int)),
        lambda: certify_counting(15, 2),
        lambda: certify(
            T4, lr.Problem(lr.processes.HypercubeScaling(3, 1), lr.features.Linear(), lr.labels.Coordinate(0))
        ),
        lambda: certify(
            T4, lr.Problem(lr.processes.FiniteProcess([0.5, 0.5], np.eye(2)), lr.features.OneHot(), [1, -1])
        ),
    ],
)
def test_false_claims_are_refused(claim: Callable[[], Certificate]):
    with pytest.raises(InputError):
        claim()


def test_verdict_of_a_certificate():
    certificate = certify_counting(16, 2)
    assert verify_certificate(certificate).status is Status.HOLDS
    assert verify_certificate(certificate | {"floor": "1/2"}).status is Status.UNAVAILABLE
    for nonsense in (None, [], {1: 2}, {"kind": ["a"]}, certificate | {"dim": object()}):
        assert verify_certificate(nonsense).status is Status.UNAVAILABLE


def test_schema_names_the_fields():
    schema = json.loads(Path(checker.__file__).with_name("schema.json").read_text())
    made = [make() for make in SMALL.values()]
    assert set(schema["properties"]) == set().union(*made)
    assert set(schema["properties"]["kind"]["enum"]) == set(checker.RULES) == {c["kind"] for c in made}
    assert set(schema["$defs"]["problem"]["properties"]) == set(made[0]["problem"])
