"""Every theorem explains itself, in LaTeX and in plain Unicode."""

import json

import pytest
import sympy

from linrep import InputError
from linrep.bounds import CATALOGUE, SYMBOLIC, Theorem
from proofs_check.console import explained
from proofs_check.explain import explanation, keys, named, plain, statement

BY_KEY = pytest.mark.parametrize("theorem", CATALOGUE, ids=lambda t: t.key)


@BY_KEY
def test_explanation_is_complete_and_plain(theorem: Theorem):
    found = explanation(theorem)
    assert json.loads(json.dumps(found)) == found
    assert all((found["title"], found["statement"]["latex"], found["source"]["place"]))
    assert [s["name"] for s in found["symbols"]] == [theorem.bounds.name, *(q.name for q in theorem.inputs)]
    assert all(s["definition"] for s in found["symbols"])
    assert [h["name"] for h in found["hypotheses"]] == [h.name for h in theorem.hypotheses]
    assert len(found["steps"]) == len(theorem.steps)


@BY_KEY
def test_unicode_has_no_latex_left(theorem: Theorem):
    found = explanation(theorem)
    texts = [found["statement"]["unicode"], *(s["unicode"] for s in [*found["symbols"], *found["steps"]])]
    assert not any("\\" in text or "\ue000" <= max(text) <= "\uf8ff" for text in texts)
    assert all(text.count("{") == text.count("}") for text in texts)


@BY_KEY
def test_statement_names_every_symbol_of_the_formula(theorem: Theorem):
    if theorem.unavailable is not None:
        assert theorem.unavailable in statement(theorem)
        return
    text = statement(theorem)
    names = [sympy.Symbol(plain(q.symbol)) for q in theorem.inputs]
    used = theorem.value(*names, field=SYMBOLIC).free_symbols
    assert used
    assert all(symbol.name in text for symbol in used)
    assert plain(theorem.bounds.symbol) in text
    assert ("≤" if theorem.kind.value == "upper" else "≥") in text


@BY_KEY
def test_it_can_be_shown(theorem: Theorem):
    sections = explained(explanation(theorem)).renderables  # pyright: ignore[reportAttributeAccessIssue]
    text = "\n".join(part.plain for part in sections)
    assert theorem.key in text
    assert "source" in text


def test_two_statements_as_written():
    assert statement(named("linrep26.hypercube")).splitlines() == [
        "               16⋅ε",
        "L_reg^aug(f) ≤ ────",
        "                7",
    ]
    assert statement(named("saunshi22.hypercube")) == "L_clf^mean(f) ≤ 32⋅k⋅ε"


@pytest.mark.parametrize(
    ("latex", "text"),
    [
        (r"\kappa_{d+1}^2", "κ_{d+1}²"),
        (r"\bar R_{\min}", "R̄_min"),
        (r"L_{\mathrm{reg}}^{\mathrm{aug}}(f)", "L_reg^aug(f)"),
        (r"\|Q^\top KQ\|_F^2", "‖QᵀKQ‖_F²"),
        (r"\sqrt{\kappa_i}", "√(κᵢ)"),
        (r"\kappa^{-1/2}", "κ^{-1/2}"),
    ],
)
def test_plain(latex: str, text: str):
    assert plain(latex) == text


def test_unknown_key_lists_the_near_ones():
    with pytest.raises(InputError, match=r"did you mean linrep26\.risk_gap_mean"):
        named("risk_gap_men")


def test_keys_are_the_catalogue():
    assert list(keys()) == [t.key for t in CATALOGUE]
