"""The catalogue: keys, sources, formulas over every field, controls."""

import re
from fractions import Fraction
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
import sympy

import linrep.bounds as bounds
from linrep import gallery
from linrep import symbols as sym
from linrep.bounds import CATALOGUE, FLOAT, FRACTION, JAX, SYMBOLIC, Choice
from linrep.quantities import EVALUATORS, RULES
from tests.tolerances import EPS

NUMBERED = [t for t in CATALOGUE if t.unavailable is None]
REFERENCES = Path(bounds.__file__).parent / "references.bib"


def key(theorem):
    return theorem.key


def squares(theorem):
    """Rational inputs whose square roots in the formulas are rational: powers of four, ordered so that denominators
    are positive."""
    base = {
        "head_eigenvalue": Fraction(1),
        "cut_retained": Fraction(0),
        "head_lambda": Fraction(0),
        "cut_eigenvalue": Fraction(1, 4),
        "tail_eigenvalue": Fraction(1, 4),
        "bayes_disagreement": Fraction(0),
        "bayes_regression": Fraction(1, 64),
        "bayes_class_regression": Fraction(1, 64),
        "n_inputs": Fraction(16),
        "dim": Fraction(4),
        "margin": Fraction(1, 2),
        "last_retained": Fraction(1, 4),
        "smallest_cluster": Fraction(1, 2),
        "pair_hinge": Fraction(1, 2),
        "pair_logistic": Fraction(1, 2),
        "contrastive_loss": Fraction(1, 2),
    }
    return [base.get(q.name, Fraction(1, 16)) for q in theorem.inputs]


def test_keys_are_unique_and_found():
    assert len({t.key for t in CATALOGUE}) == len(CATALOGUE)
    for theorem in CATALOGUE:
        assert bounds.theorem(theorem.key) is theorem
    with pytest.raises(ValueError, match="no theorem"):
        bounds.theorem("nobody99.nothing")


def test_every_source_is_in_the_bibliography_and_every_entry_is_cited():
    entries = set(re.findall(r"@\w+\{(\w+),", REFERENCES.read_text()))
    assert entries == {t.source.key for t in CATALOGUE}


@pytest.mark.parametrize("theorem", CATALOGUE, ids=key)
def test_every_symbol_can_be_evaluated(theorem):
    assert theorem.bounds in EVALUATORS
    assert set(theorem.inputs) <= set(EVALUATORS)
    assert set(theorem.hypotheses) <= set(RULES)
    assert set(theorem.attained_on) | set(theorem.not_vacuous_on) <= set(gallery.EXAMPLES)


def reference(theorem):
    """The value at `squares` over the Fractions, or to thirty digits where roots and logarithms are irrational."""
    exact = squares(theorem)
    symbolic = theorem.value(*(sympy.Rational(x.numerator, x.denominator) for x in exact), field=SYMBOLIC)
    try:
        rational = theorem.value(*exact, field=FRACTION)
    except ZeroDivisionError:
        raise
    except ArithmeticError:  # refused, rightly: it is not a rational number
        assert not isinstance(sympy.simplify(symbolic), sympy.Rational)
        return float(sympy.N(symbolic, 30))
    assert symbolic == sympy.Rational(rational.numerator, rational.denominator)
    return float(rational)


@pytest.mark.parametrize("theorem", NUMBERED, ids=key)
def test_the_formula_is_one_over_all_fields(theorem):
    wanted = reference(theorem)
    floats = [float(x) for x in squares(theorem)]
    # terms of a sum that cancel are as large as the inputs' logarithms, a few units
    budget = 32 * EPS * (abs(wanted) + 4)
    assert abs(theorem.value(*floats, field=FLOAT) - wanted) <= budget
    assert abs(float(theorem.value(*map(jnp.asarray, floats), field=JAX)) - wanted) <= budget


@pytest.mark.parametrize("theorem", NUMBERED, ids=key)
def test_the_formula_broadcasts_over_arrays(theorem):
    floats = [np.array([float(x)] * 3) for x in squares(theorem)]
    assert np.ptp(theorem.value(*floats, field=FLOAT)) == 0


@pytest.mark.parametrize("theorem", NUMBERED, ids=key)
def test_the_statement_shows_every_input(theorem):
    statement = theorem.statement()
    for quantity in theorem.inputs:
        assert quantity.symbol in statement


@pytest.mark.parametrize("theorem", NUMBERED, ids=key)
def test_every_control_is_another_theorem(theorem):
    assert theorem.controls
    floats = [float(x) for x in squares(theorem)]
    for control in theorem.controls:
        broken = control.theorem(theorem)
        assert broken.key != theorem.key
        spoken = (broken.kind, broken.bounds, broken.inputs) != (theorem.kind, theorem.bounds, theorem.inputs)
        changed = broken.value(*floats, field=FLOAT) != theorem.value(*floats, field=FLOAT)
        assert spoken or changed or len(broken.hypotheses) < len(theorem.hypotheses)


@pytest.mark.parametrize("theorem", CATALOGUE, ids=key)
def test_every_theorem_tells_its_proof_or_why_it_has_no_number(theorem):
    assert theorem.steps or theorem.unavailable
    assert (theorem.choice is Choice.NONE) == all(
        q.shape is sym.Shape.SCALAR for q in (*theorem.inputs, theorem.bounds)
    )


def test_an_irrational_root_is_refused_in_exact_arithmetic():
    with pytest.raises(ArithmeticError, match="not rational"):
        FRACTION.sqrt(Fraction(2))


def test_dropping_an_unknown_hypothesis_is_refused():
    with pytest.raises(ValueError, match="no hypothesis"):
        bounds.dropped(sym.DISJOINT).theorem(bounds.linrep26.RISK_GAP_MEAN)
