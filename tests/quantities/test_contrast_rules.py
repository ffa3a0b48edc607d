"""Conditions of theorems about negative samples, each told from its opposite, and dependence counted pair by pair."""

import numpy as np
import pytest
from hypothesis import given, settings

import linrep as lr
from linrep import symbols as sym
from linrep.quantities import RULES, Grid, rule
from proofs_check.embedded._contrast import clear_classes, many_faces, three_classes
from tests.contrast_problems import Tuples, sampled

few = settings(max_examples=40, deadline=None)
ANY = Grid(np.array([[1]]), np.ones((1, 1)))


@few
@given(sampled())
def test_dependence_by_enumeration(problem):
    tuples = Tuples(problem)
    law = {}
    for _, x, y, p in tuples.pairs:
        law[x, y] = law.get((x, y), 0) + p
    product = {
        (x, y): sum(tuples.rho[c] * tuples.given[c][x] * tuples.given[c][y] for c in tuples.names)
        for x in tuples.views
        for y in tuples.views
    }
    distance = sum(abs(law.get(key, 0) - q) for key, q in product.items()) / 2
    found = rule(sym.CONDITIONALLY_INDEPENDENT, problem, ANY)
    assert found.holds == (distance == 0)
    assert f"{float(distance):.6g}" in found.seen


def test_disjoint_inputs_are_one_minus_classes_over_inputs_from_independence():
    faces = many_faces(3, 1)
    assert "0.5" in rule(sym.CONDITIONALLY_INDEPENDENT, faces, ANY).seen
    cube = lr.processes.HypercubeScaling(dim=3, relevant=1, scale=lr.processes.Uniform(0, 1))
    open_form = lr.Problem(cube, lr.features.Linear(), lr.labels.Coordinate(0), dim=1)
    found = rule(sym.CONDITIONALLY_INDEPENDENT, open_form, ANY)
    assert (found.holds, "0.75" in found.seen) == (False, True)
    listed = lr.Problem(cube.finite(), lr.features.Linear(), lr.labels.Coordinate(0), dim=1)
    assert "0.75, exactly" in rule(sym.CONDITIONALLY_INDEPENDENT, listed, ANY).seen


def test_more_eigenvalues_than_classes_rule_independence_out():
    flip = lr.processes.HypercubeFlip(dim=3, keep=0.9)
    problem = lr.Problem(flip, lr.features.Linear(), lr.labels.Coordinate(0), dim=1)
    found = rule(sym.CONDITIONALLY_INDEPENDENT, problem, ANY)
    assert found.holds is False
    assert "eigenvalue 3" in found.seen


RULED = {
    sym.GIVEN_REPRESENTATION: (three_classes(), three_classes().with_weights(None)),
    sym.LABEL_CONSISTENT: (three_classes(), lr.Problem(three_classes().process, lr.features.OneHot(), [0.5, 1, 2])),
    sym.SEVERAL_CLASSES: (three_classes(), clear_classes((1,), 1, 1)),
    sym.UNIFORM_CLASSES: (three_classes(), three_classes((3, 2, 1))),
    sym.UNIT_NORM: (three_classes(), clear_classes((1, 1), 2, 1)),
    sym.UNIT_TEMPERATURE: (three_classes(), three_classes(temperature=2)),
    sym.NONZERO_REPRESENTATION: (three_classes(), clear_classes((1, 1), 0, 1)),
    sym.ENOUGH_NEGATIVES: (three_classes(negatives=2), three_classes(negatives=1)),
    sym.CONDITIONALLY_INDEPENDENT: (three_classes(), many_faces(2, 1)),
}


@pytest.mark.parametrize("hypothesis", RULED, ids=lambda h: h.name)
def test_each_hypothesis_is_told_from_its_opposite(hypothesis):
    right, wrong = RULED[hypothesis]
    assert RULES[hypothesis](right, ANY).holds is True
    assert RULES[hypothesis](wrong, ANY).holds is False
