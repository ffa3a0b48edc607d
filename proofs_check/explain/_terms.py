"""Terms of proofs on one line of Unicode."""

import sympy
from sympy.printing.str import StrPrinter

from linrep.bounds import SYMBOLIC, Relation, Step, Term
from proofs_check.explain._unicode import plain

LATEX = {Relation.EQUAL: "=", Relation.AT_MOST: r"\le", Relation.AT_LEAST: r"\ge"}
"""Relations in LaTeX."""
UNICODE = {Relation.EQUAL: "=", Relation.AT_MOST: "≤", Relation.AT_LEAST: "≥"}
"""Relations in Unicode."""


def one_line(term: Term) -> str:
    """A term in Unicode, as it is written, on one line.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> one_line(linrep26.SUBOPTIMAL_AUGMENTED.steps[1].right)
    'R_min + (√(‖(I-P)c_{≤k}‖²) + √(‖c_{>k}‖²))²'
    """
    names = [sympy.Symbol(plain(q.symbol), nonnegative=True) for q in term.inputs]
    with sympy.evaluate(False):
        text = _Line({"order": "none"}).doprint(term.value(*names, field=SYMBOLIC))
    return _single(text.replace("**2", "²").replace("*", "·"))


def _single(text: str) -> str:
    """The text without the outer one of two pairs of parentheses around the same."""
    opened: list[int] = []
    partner: dict[int, int] = {}
    for place, sign in enumerate(text):
        if sign == "(":
            opened.append(place)
        elif sign == ")" and opened:
            partner[opened.pop()] = place
    doubled = {i for i, j in partner.items() if partner.get(i + 1) == j - 1}
    dropped = doubled | {partner[i] for i in doubled}
    return "".join(sign for place, sign in enumerate(text) if place not in dropped)


def step_line(step: Step) -> str:
    """A step in Unicode. Source: ours.

    >>> from linrep.bounds import saunshi22
    >>> step_line(saunshi22.LINEAR_CLASS.steps[0])
    'L_clf^mean(f) ≤ L_reg^mean(f)'
    """
    return f"{one_line(step.left)} {UNICODE[step.relation]} {one_line(step.right)}"


class _Line(StrPrinter):
    """Roots with their sign, the smaller of two numbers in small letters, in the order in which they are written."""

    def _print_Pow(self, expr: sympy.Pow, rational: bool = False) -> str:
        if expr.exp == sympy.Rational(1, 2):
            return f"√({self._print(expr.base)})"
        return super()._print_Pow(expr, rational=rational)

    def _print_Min(self, expr: sympy.Min) -> str:
        return f"min({', '.join(self._print(a) for a in sorted(expr.args, key=sympy.default_sort_key))})"
