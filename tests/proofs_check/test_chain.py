"""Chains: every step of every proof on generated problems, in three arithmetics, and broken steps by name."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import linrep as lr
import proofs_check as pc
from linrep import symbols as sym
from linrep.bounds import CATALOGUE, Relation, Step, Term, haochen21, itself, linrep26, path, saunshi22
from linrep.evaluate import Status, evaluate
from linrep.gallery import EXAMPLES
from proofs_check.cli import run
from proofs_check.embedded import embedded
from proofs_check.enclosures import ENCLOSURES
from proofs_check.verdict import exactly
from tests.proofs_check.checker_problems import exact_problems, exactified, nearly_tied, twenty_ones
from tests.strategies import KINDS, problems

SEARCHED = (saunshi22.LOWER_BOUND, saunshi22.VACUOUS_TRANSFER)
"""Their bounded quantity is searched for, which takes seconds; the worked example asks for it once."""
CHEAP = tuple(t for t in CATALOGUE if t not in SEARCHED)
EXACT = tuple(t for t in CHEAP if {t.bounds, *t.inputs} <= set(ENCLOSURES))


def terms(theorem):
    return [side for step in theorem.steps for side in (step.left, step.right)]


def on_path(theorem):
    """The steps that continue the first one."""
    found = list(theorem.steps[:1])
    for before, step in zip(theorem.steps, theorem.steps[1:], strict=False):
        if before is not found[-1] or step.left != before.right:
            break
        found.append(step)
    return found


@pytest.mark.parametrize("theorem", [t for t in CATALOGUE if t.unavailable is None], ids=lambda t: t.key)
def test_a_path_leads_from_the_bounded_quantity_to_the_formula(theorem):
    steps = on_path(theorem)
    assert steps[0].left == itself(theorem.bounds)
    assert steps[-1].right == theorem.term
    against = Relation.AT_LEAST if theorem.kind.value == "upper" else Relation.AT_MOST
    assert all(step.relation is not against for step in steps)
    assert all(step.reason for step in theorem.steps)


@pytest.mark.parametrize("theorem", CATALOGUE, ids=lambda t: t.key)
def test_every_quantity_of_a_proof_can_be_evaluated(theorem):
    assert {q for term in terms(theorem) for q in term.inputs} <= set(lr.quantities.EVALUATORS)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=10, deadline=None)
@given(data=st.data())
def test_no_step_is_broken_in_floats(kind, data):
    problem = data.draw(problems(kind))
    for theorem in CHEAP:
        found = pc.chain(theorem, problem)
        assert not found.broken, [(theorem.key, link.reason, link.slack) for link in found.broken]
        for link in found:
            if link.relation is Relation.EQUAL and link.status is Status.HOLDS:
                assert link.slack.lower <= 0 <= link.slack.upper


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_no_step_is_broken_in_enclosures_and_floats_agree(kind, data):
    problem = data.draw(exact_problems(kind))
    for theorem in EXACT:
        found, floats = pc.chain(theorem, problem, "enclosed"), pc.chain(theorem, problem)
        assert not found.broken, [(theorem.key, link.reason, link.slack) for link in found.broken]
        for link, other in zip(found, floats, strict=True):
            assert {link.status, other.status} != {Status.HOLDS, Status.FAILS}
            if link.relation is Relation.EQUAL and link.slack is not None:
                assert link.slack.lower <= 0 <= link.slack.upper


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=5, deadline=None)
@given(data=st.data())
def test_exact_chains_agree_with_enclosed_ones(kind, data):
    problem = data.draw(exact_problems(kind))
    for theorem in EXACT:
        for link, other in zip(
            pc.chain(theorem, problem, "exact"), pc.chain(theorem, problem, "enclosed"), strict=True
        ):
            if link.status in (Status.HOLDS, Status.FAILS):
                assert (link.status, link.slack) == (other.status, other.slack)


@pytest.mark.parametrize("token", EXAMPLES, ids=lambda token: token.name)
def test_worked_problems_break_no_step(token):
    problem = EXAMPLES[token]()
    for theorem in CATALOGUE:
        assert not pc.chain(theorem, problem).broken


@pytest.mark.parametrize("theorem", [t for t in EXACT if t.attained_on], ids=lambda t: t.key)
def test_where_a_theorem_is_an_equality_so_is_every_step(theorem):
    problem = EXAMPLES[theorem.attained_on[0]]()
    links = pc.chain(theorem, problem).path
    if evaluate(theorem, problem).value is None:
        assert {link.status for link in links} == {Status.UNAVAILABLE}
        return
    assert all(link.slack.lower <= 0 <= link.slack.upper for link in links if link.status is not Status.UNAVAILABLE)


def two_views(**options) -> lr.Problem:
    process = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    return lr.Problem(process, lr.features.OneHot(), [1, -1], **{"dim": 1, **options})


@pytest.mark.parametrize("evidence", ["float", "enclosed", "exact"])
def test_a_reversed_step_is_reported_with_its_reason(evidence):
    process = lr.processes.FiniteProcess([1, 1, 1, 1], [[8, 1, 0, 0], [1, 8, 0, 0], [0, 0, 5, 4], [0, 0, 4, 5]])
    problem = lr.Problem(process, lr.features.OneHot(), [1, -1, 1, -1], dim=2)
    steps = list(linrep26.RISK_GAP_MEAN.steps)
    assert not pc.chain(linrep26.RISK_GAP_MEAN, problem, evidence).broken
    steps[1] = replace(steps[1], relation=Relation.AT_LEAST, reason="planted")
    broken = pc.chain(replace(linrep26.RISK_GAP_MEAN, steps=tuple(steps)), problem, evidence).broken
    assert [link.reason for link in broken] == ["planted"]
    assert broken[0].slack.upper < 0


@pytest.mark.parametrize("evidence", ["float", "enclosed", "exact"])
@pytest.mark.parametrize("factor", [Fraction(99, 100), Fraction(101, 100)])
def test_an_equality_that_is_none_is_reported_in_both_directions(evidence, factor):
    off = Term(
        (sym.BEST_MEAN_RISK, sym.LOST_MEAN_ENERGY),
        lambda best, lost, field: (best + lost) * field.ratio(factor.numerator, factor.denominator),
    )
    planted = Step(itself(sym.MEAN_RISK), Relation.EQUAL, off, "planted")
    found = pc.chain(replace(linrep26.RISK_GAP_MEAN, steps=(planted,)), two_views(), evidence)
    assert [(link.reason, link.status) for link in found] == [("planted", Status.FAILS)]


def test_the_step_that_makes_the_published_bound_vacuous():
    """Table 1's task: squared error 1 - |c|^2 is below the minority mass 1/2, divided by lambda = 1/4 it is above."""
    (task,) = (e for e in embedded(0) if e.name == "example1_table1_d10")
    problem = task.build()
    published, ours = pc.chain(saunshi22.LINEAR_CLASS, problem), pc.chain(linrep26.SUBOPTIMAL_MEAN, problem)
    assert published.vacuous_from is published.path[4]
    assert "divided" in published.vacuous_from.reason
    assert float(published.path[4].right) == 4 * float(published.path[4].left)
    assert ours.vacuous_from is None
    for theorem, found in ((saunshi22.LINEAR_CLASS, published), (linrep26.SUBOPTIMAL_MEAN, ours)):
        bound = evaluate(theorem, problem)
        assert (float(found.path[-1].right), found.index) == (bound.value, bound.index)


def test_side_results_are_off_the_path():
    found = pc.chain(haochen21.EIGENVALUE, EXAMPLES[sym.TWO_CLUSTERS]())
    assert [link.on_path for link in found] == [True, *([False] * (len(found.links) - 1))]
    assert all(link.vacuous is None for link in found if not link.on_path)


def test_ties_are_followed_in_exact_arithmetic():
    tied = pc.chain(linrep26.RISK_GAP_MEAN, twenty_ones(), "enclosed")
    assert {link.status for link in tied} == {Status.INAPPLICABLE}
    assert "lambda_{d+1} = 0" in tied.reason
    apart = pc.chain(linrep26.SUBOPTIMAL_AUGMENTED, nearly_tied(), "enclosed")
    assert apart.index == 1
    assert not apart.broken


def test_a_hypothesis_that_floats_cannot_settle_leaves_the_steps_undecided():
    problem = two_views()
    given_minimiser = problem.with_weights(problem.solution.weights)
    found = pc.chain(linrep26.RISK_GAP_MEAN, given_minimiser)
    assert {link.status for link in found} == {Status.UNDECIDED}
    assert "minimiser" in found.reason
    assert not pc.chain(linrep26.SUBOPTIMAL_MEAN, exactified(given_minimiser), "enclosed").broken


def test_what_has_no_number_says_why():
    hidden = pc.chain(saunshi22.RESTATED_HAOCHEN, two_views())
    assert (hidden.links, "constants" in hidden.reason) == ((), True)
    process = lr.processes.HypercubeScaling(dim=50, relevant=10)
    problem = lr.Problem(process, lr.features.Linear(), lr.labels.Coordinate(0), dim=10)
    notes = [link.note for link in pc.chain(saunshi22.NEAR_DISJOINT, problem) if link.status is Status.UNAVAILABLE]
    assert notes
    assert all("eigenvalues" in note for note in notes)


def test_unknown_evidence_and_floats_of_unknown_origin_are_refused():
    with pytest.raises(lr.InputError, match="chain: evidence"):
        pc.chain(linrep26.RISK_GAP_MEAN, two_views(), "proof")
    with pytest.raises(lr.InputError, match="origin"):
        pc.chain(linrep26.SUBOPTIMAL_MEAN, two_views(weights=np.array([[0.5], [0.25]])), "enclosed")


def test_the_table_has_every_step_and_the_record():
    found = pc.chain(linrep26.RISK_GAP_MEAN, two_views(), "exact")
    table = found.table()
    assert table.column("reason") == [link.reason for link in found]
    assert table.column("status") == ["HOLDS"] * 4
    assert (table.record["theorem"], table.record["evidence"]) == ("linrep26.risk_gap_mean", "EXACT")
    assert [link.slack for link in found] == [exactly(0)] * 4


def test_a_chain_is_a_sequence_of_its_links():
    found = pc.chain(linrep26.RISK_GAP_MEAN, two_views(), "exact")
    assert len(found) == len(found.links) == 4
    assert (found[0], found[-1]) == (found.links[0], found.links[-1])


def test_a_path_compares_neighbours():
    first, second, third = (itself(q) for q in (sym.MEAN_ERROR, sym.MEAN_RISK, sym.AUGMENTED_RISK))
    steps = path(first, ("<=", second, "a"), ("<=", third, "b"))
    assert [(s.left, s.right) for s in steps] == [(first, second), (second, third)]


FLAGS = ["--process", "HypercubeScaling dim=6, relevant=3", "--features", "Linear", "--labels", "Coordinate index=0"]


def test_the_command_prints_the_steps(capsys):
    assert run(["chain", "saunshi22.linear_class", *FLAGS, "--dim", "3"]) == 0
    text = capsys.readouterr().out
    assert "L_reg^mean(f)" in text
    assert "HOLDS" in text


def test_the_command_writes_json(capsys, tmp_path):
    assert run(["chain", "linrep26.suboptimal_mean", *FLAGS, "--dim", "3", "--json", "--out", str(tmp_path)]) == 0
    assert '"theorem": "linrep26.suboptimal_mean"' in capsys.readouterr().out
    assert len(lr.tables.load(tmp_path / "chain.jsonl").rows) == len(linrep26.SUBOPTIMAL_MEAN.steps)


def test_the_command_refuses_an_unknown_theorem(capsys):
    assert run(["chain", "linrep26.risk_gap_men", *FLAGS, "--dim", "3"]) == 2
    assert "did you mean linrep26.risk_gap_mean" in capsys.readouterr().err.replace("\n", " ")
