"""The strategies generate what their names say, in whole numbers, of every kind, and shrink to something small."""

from collections import Counter
from fractions import Fraction

import hypothesis
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep.bounds import CATALOGUE, linrep26, saunshi22
from proofs_check.enclosures import exact_problem
from tests.proofs_check import contract_problems as made
from tests.proofs_check.checker_problems import exact_problems
from tests.strategies import KINDS, features, label_arrays, problems, processes

DRAWN = 150


def drawn(strategy, count: int = DRAWN) -> list:
    """That many examples, always the same."""
    found: list = []

    @settings(max_examples=count, phases=[Phase.generate], deadline=None)
    @given(value=strategy)
    def collect(value):
        found.append(value)

    collect()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_processes_are_exact_and_of_the_stated_size(kind: str):
    found = drawn(processes(kind))
    assert all(p.exact for p in found)
    assert all(p.n_inputs <= 9 and p.n_views <= 13 for p in found)
    assert max(p.n_inputs for p in found) >= 6
    assert {p.uniform for p in found} == {True, False}
    assert all(p.uniform for p in drawn(processes(kind, uniform=True), 20))


def test_disjoint_processes_are_disjoint():
    assert all(p.disjoint for p in drawn(processes("disjoint")))


def test_nearly_disjoint_processes_are_nearly_disjoint_and_not_all_disjoint():
    errors = [p.identification_error for p in drawn(processes("nearly disjoint"))]
    assert sum(e > 0 for e in errors) >= DRAWN / 2
    assert sum(0 < e < Fraction(1, 1000) for e in errors) >= DRAWN / 10


def test_tied_processes_have_inputs_that_cannot_be_told_apart():
    for process in drawn(processes("tied")):
        if process.n_inputs > 2:
            assert len(np.unique(process.channel, axis=0)) < process.n_inputs


def test_generic_processes_are_rarely_disjoint():
    assert sum(p.disjoint for p in drawn(processes("generic"))) <= DRAWN / 3


@pytest.mark.parametrize("kind", KINDS)
def test_problems_ask_of_minimisers_and_of_others_with_labels_of_all_kinds(kind: str):
    found = drawn(problems(kind))
    kinds = Counter(p.label.kind for p in found)
    assert min(kinds[k] for k in ("sign", "classes", "real")) >= DRAWN / 20
    assert DRAWN / 10 <= sum(p.weights is None for p in found) <= DRAWN * 3 / 4
    assert DRAWN / 10 <= sum(p.unrestricted for p in found) <= DRAWN * 9 / 10
    assert {p.dim for p in found} == {1, 2, 3, 4}


def test_problems_meet_every_position_of_the_cut():
    found = [p.solution for kind in KINDS for p in drawn(problems(kind), 40)]
    assert sum(s.tie is not None for s in found) >= 20
    assert sum(s.dim > s.rank for s in found) >= 10
    assert sum(s.tie is None and s.dim < s.rank and s.gap > 0 for s in found) >= 20


def test_features_are_sometimes_dependent():
    process = lr.processes.FiniteProcess([1, 1], [[2, 1, 1], [1, 1, 3]])
    found = drawn(features(process))
    ranks = [np.linalg.matrix_rank(phi(process.views)) for phi in found]
    columns = [phi(process.views).shape[1] for phi in found]
    assert any(rank < count for rank, count in zip(ranks, columns, strict=True))
    assert {min(rank, 3) for rank in ranks} == {1, 2, 3}


def test_labels_are_sometimes_constant():
    found = drawn(label_arrays(3))
    assert any(len(set(np.ravel(label.values).tolist())) == 1 for label in found)
    assert all(set(np.ravel(label.values).tolist()) <= {-1, 1} for label in drawn(label_arrays(4, "sign")))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_generated_shrinks_to_something_small(kind: str):
    quick = settings(max_examples=200, database=None, derandomize=True)
    simple = hypothesis.find(processes(kind), lambda process: process.n_inputs >= 2, settings=quick)
    assert simple.n_inputs == 2
    assert simple.n_views <= 3
    assert max(simple.weights.prior) <= 3


@pytest.mark.parametrize("kind", KINDS)
def test_exact_problems_pass_as_exact(kind: str):
    for problem in drawn(exact_problems(kind), 30):
        assert exact_problem(problem).label_sq >= 0


def test_problems_made_for_hypotheses_meet_them():
    assert all(p.process.disjoint and p.process.uniform for p in drawn(made.meeting(saunshi22.LOWER_BOUND), 30))
    assert all(p.weights is None for p in drawn(made.meeting(linrep26.RISK_GAP_MEAN), 30))
    assert all(p.label.kind == "sign" for p in drawn(made.meeting(linrep26.SHARPENED_45), 30))
    assert all(p.unrestricted for p in drawn(made.meeting(linrep26.NEAR_DISJOINT_CEILING), 30))
    assert {type(p.process) for p in drawn(made.meeting(linrep26.HYPERCUBE), 30)} == {lr.processes.HypercubeScaling}


@pytest.mark.parametrize("theorem", CATALOGUE, ids=lambda t: t.key)
def test_problems_made_for_a_theorem_are_exact(theorem):
    for problem in drawn(made.meeting(theorem), 5):
        assert exact_problem(problem).label_sq >= 0


@settings(max_examples=50)
@given(data=st.data())
def test_the_inverse_of_a_change_of_features_undoes_it(data):
    change = data.draw(made.unimodular(data.draw(st.integers(1, 5))))
    assert np.array_equal(made.inverse(change) @ change, np.eye(len(change), dtype=int))
