"""A theorem in words: statement, symbols, hypotheses, proof, source, and what is known of its sharpness."""

from typing import Any

import sympy
from sympy.printing.pretty.pretty import PrettyPrinter
from sympy.printing.pretty.stringpict import prettyForm

from linrep.bounds import CATALOGUE, SYMBOLIC, Choice, Kind, Step, Theorem
from linrep.bounds import theorem as lookup
from linrep.symbols import Quantity
from proofs_check.explain._terms import LATEX as LATEX
from proofs_check.explain._terms import UNICODE as UNICODE
from proofs_check.explain._terms import one_line as one_line
from proofs_check.explain._terms import step_line as step_line
from proofs_check.explain._unicode import plain as plain
from proofs_check.names import chosen

CHOICES = {
    Choice.NONE: "",
    Choice.BEST: "for every index k (and threshold) that the hypotheses admit; the best one is reported",
    Choice.EVERY: "for every index k that the hypotheses admit",
}
"""What a free index means, in words."""


def keys() -> dict[str, str]:
    """Key and title of every theorem, in the order of the theory.

    Source: ours.

    >>> keys()["linrep26.risk_gap_mean"]
    'the price of augmentation, mean readout'
    """
    return {t.key: t.title for t in CATALOGUE}


def named(key: str, *, owner: str = "explain") -> Theorem:
    """The theorem of the catalogue with this key.

    Args:
        key: as in linrep26.risk_gap_mean.
        owner: the command that asks, named in a refusal.

    Raises:
        InputError: no such key; the sentence lists the near ones.

    Source: ours.

    >>> named("saunshi22.lower_bound").kind.value
    'lower'
    """
    return lookup(chosen(key, keys(), owner=owner, what="theorem"))


def explanation(theorem: Theorem) -> dict[str, Any]:
    """All that is known of a theorem, as plain values.

    Source: ours.

    >>> explanation(named("linrep26.hypercube"))["statement"]["latex"]
    'L_{\\\\mathrm{reg}}^{\\\\mathrm{aug}}(f) \\\\le \\\\frac{16 \\\\varepsilon}{7}'
    """
    source = theorem.source
    return {
        "key": theorem.key,
        "title": theorem.title,
        "statement": {"latex": _latex(theorem), "unicode": statement(theorem), "index": CHOICES[theorem.choice]},
        "symbols": [_symbol(q) for q in (theorem.bounds, *theorem.inputs)],
        "hypotheses": [{"name": h.name, "statement": h.statement} for h in theorem.hypotheses],
        "steps": [_step(s) for s in theorem.steps],
        "source": {
            "key": source.key,
            "place": source.place,
            "provenance": source.provenance,
            "differs": source.differs,
        },
        "unavailable": theorem.unavailable,
        "controls": [c.name for c in theorem.controls],
        "attained_on": [{"name": e.name, "statement": e.statement} for e in theorem.attained_on],
        "not_vacuous_on": [{"name": e.name, "statement": e.statement} for e in theorem.not_vacuous_on],
    }


def statement(theorem: Theorem) -> str:
    """The inequality in Unicode, over several lines, from the formula itself.

    Source: ours.

    >>> print(statement(named("linrep26.risk_gap_augmented")))
                             V
    L_reg^aug(f) ≤ R_min + ───────
                           λ_{d+1}
    """
    if theorem.unavailable is not None:
        return f"{plain(theorem.bounds.symbol)} {_relation(theorem, unicode=True)} ?   ({theorem.unavailable})"
    names = [sympy.Symbol(plain(q.symbol), nonnegative=True) for q in theorem.inputs]
    relation = sympy.Le if theorem.kind is Kind.UPPER else sympy.Ge
    with sympy.evaluate(False):
        whole = relation(sympy.Symbol(plain(theorem.bounds.symbol)), theorem.value(*names, field=SYMBOLIC))
    settings = {"use_unicode": True, "order": "none", "wrap_line": False, "num_columns": None}
    return "\n".join(line.rstrip() for line in _Printer(settings).doprint(whole).splitlines())


class _Printer(PrettyPrinter):
    """Symbols as they are named, and the smaller of two numbers as a function of both."""

    def _print_Symbol(self, expr: sympy.Symbol, **_: Any) -> prettyForm:
        return prettyForm(expr.name)

    def _print_Min(self, expr: sympy.Min) -> prettyForm:
        inside = self._print_seq(sorted(expr.args, key=sympy.default_sort_key), delimiter=", ").parens()
        return prettyForm(*prettyForm("min").right(prettyForm(*inside)))


def _latex(theorem: Theorem) -> str:
    if theorem.unavailable is not None:
        return rf"{theorem.bounds.symbol} {_relation(theorem, unicode=False)} \text{{?}}"
    return theorem.statement()


def _relation(theorem: Theorem, *, unicode: bool) -> str:
    upper = theorem.kind is Kind.UPPER
    return ("≤" if upper else "≥") if unicode else (r"\le" if upper else r"\ge")


def _step(step: Step) -> dict[str, Any]:
    sides = {"left": step.left.latex(), "relation": LATEX[step.relation], "right": step.right.latex()}
    return {**sides, "reason": step.reason, "unicode": step_line(step)}


def _symbol(quantity: Quantity) -> dict[str, Any]:
    ends = (
        "-∞" if quantity.lower is None else f"{quantity.lower:g}",
        "∞" if quantity.upper is None else f"{quantity.upper:g}",
    )
    return {
        "name": quantity.name,
        "symbol": quantity.symbol,
        "unicode": plain(quantity.symbol),
        "definition": quantity.definition,
        "range": f"[{ends[0]}, {ends[1]}{')' if quantity.upper is None else ']'}",
        "shape": quantity.shape.value,
    }
