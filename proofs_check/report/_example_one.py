"""Example 1 in closed form: its quantities as SymPy expressions, in order, and the theorems' own formulas over them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import sympy
from sympy import Expr, Piecewise, Symbol

from linrep.bounds import SYMBOLIC, Theorem, linrep26, saunshi22
from linrep.symbols import ADMISSIBLE_INDEX, EXAMPLE_ONE, Quantity

MOST = 4
"""The highest polynomial degree."""
D, K, Q, DIM, LOW, EPSILON, N = (Symbol(name) for name in ("D", "k", "degree", "dim", "low", "suboptimality", "N"))
"""What a reader chooses: D, k, degree (0: linear without a constant), d, the law U(low, 1] of tau, eps, inputs N."""
NOTHING = Symbol("NaN")
"""What a bound is where it does not apply; the printer knows no such number, JavaScript has the name."""


class Line(NamedTuple):
    """A named number: its expression in what is chosen and in the numbers before it.

    Source: ours.

    >>> Line("twice", 2 * D).name
    'twice'
    """

    name: str
    expression: Expr


def binomial(n: Expr, i: int) -> Expr:
    """binom(n, i) as a polynomial, which any language can print.

    Source: ours.

    >>> binomial(D, 2)
    D*(D - 1)/2
    """
    return sympy.prod([n - j for j in range(i)]) / sympy.factorial(i)


def moment(order: int) -> Expr:
    """E tau^order for tau uniform on (low, 1]: the mean of low^0, ..., low^order.

    Source: ours.

    >>> moment(1)
    low/2 + 1/2
    """
    return sympy.Add(*[LOW**i for i in range(order + 1)]) / (order + 1)


def spectrum() -> list[Line]:
    """Monomials with j rescaled factors have kappa = (E tau^j)^2 / E tau^(2j), which falls with j; and how many there
    are.

    Source: ours; theory, P1.

    >>> [line.name for line in spectrum()][:3]
    ['size', 'retained_0', 'up_to_0']
    """
    size = sympy.Max(Q, 1)
    lines, before = [Line("size", size)], sympy.Integer(0)
    for j in range(MOST + 1):
        kept = sympy.Add(*[Piecewise((binomial(K, i), i + j <= Symbol("size")), (0, True)) for i in range(MOST + 1)])
        constant = Piecewise((1, Q < 1), (0, True)) if j == 0 else 0
        lines.append(Line(f"retained_{j}", moment(j) ** 2 / moment(2 * j)))
        lines.append(Line(f"up_to_{j}", before + binomial(D - K, j) * kept - constant))
        before = Symbol(f"up_to_{j}")
    return lines


def retained(index: Expr) -> Expr:
    """kappa_index, index from 1; 0 beyond the rank."""
    steps = [(Symbol(f"retained_{j}"), index <= Symbol(f"up_to_{j}")) for j in range(MOST + 1)]
    return Piecewise(*steps, (0, True))


def quantities() -> list[Line]:
    """What the theorems ask for: the label is a kept coordinate, one of the functions with kappa = 1, and k is their
    number.

    Source: ours.

    >>> {line.name for line in quantities()} >= {q.name for q in linrep26.SUBOPTIMAL_MEAN.inputs} - {"suboptimality"}
    True
    """
    zero, one, head = sympy.Integer(0), sympy.Integer(1), Symbol("head_size")
    vanish = ("best_augmented_risk", "best_mean_risk", "inconsistency", "risk_gap", "bayes_disagreement")
    return [
        Line("rank", Symbol(f"up_to_{MOST}")),
        Line("head_size", Symbol("up_to_0")),
        *(Line(name, zero) for name in (*vanish, "bayes_regression", "head_lambda", "no_gap")),
        *(Line(name, one) for name in ("head_eigenvalue", "predicted_energy", "mean_energy")),
        Line("relevant", K),
        Line("tail_eigenvalue", 1 - retained(head + 1)),
        Line("cut_retained", retained(DIM + 1)),
        Line("cut_eigenvalue", 1 - Symbol("cut_retained")),
        Line("interlacing_budget", 1 - Symbol("cut_retained") ** 2),
        Line("counting_floor", _floor()),
    ]


def _floor() -> Expr:
    """e(N, d) from below: max(0, 1/2 - sqrt(ln C / N)) with ln C <= ln 2 + (d-1) ln(e (N-1)/(d-1))."""
    more = (DIM - 1) * (1 + sympy.log((N - 1) / (DIM - 1)))
    patterns = sympy.log(2) + Piecewise((more, DIM > 1), (0, True))
    floor = sympy.Max(0, sympy.Rational(1, 2) - sympy.sqrt(patterns / N))
    return Piecewise((0, 4 * DIM > N), (floor, True))


def actual() -> list[Line]:
    """The label's eigenvector turned towards the first that is left out, at suboptimality eps, at most swapped.

    With the part s of its square turned, eps = 1 - (1 - s (1 - kappa_{d+1}))^2; one view loses s, and the mean over
    views s kappa_{d+1} / (1 - s + s kappa_{d+1}). Beyond the rank nothing is left out, and nothing is lost; where
    kappa_{d+1} = 1 some minimiser has lost all.

    Source: ours.

    >>> [line.name for line in actual()]
    ['share', 'augmented_risk', 'mean_risk']
    """
    share, cut = Symbol("share"), Symbol("cut_retained")
    turned = sympy.Min(1, (1 - sympy.sqrt(1 - sympy.Min(1, EPSILON))) / Symbol("cut_eigenvalue"))
    return [
        Line("share", Piecewise((0, Symbol("rank") <= DIM), (1, Symbol("head_size") > DIM), (turned, True))),
        Line("augmented_risk", share),
        Line("mean_risk", Piecewise((share * cut / (1 - share + share * cut), share > 0), (0, True))),
    ]


THEOREMS: dict[str, Theorem] = {
    "t4": linrep26.SUBOPTIMAL_AUGMENTED,
    "t5": linrep26.SUBOPTIMAL_MEAN,
    "t7": saunshi22.LINEAR_CLASS,
    "t8": linrep26.SHARPENED_45,
    "published": saunshi22.HYPERCUBE,
    "ours": linrep26.HYPERCUBE,
    "budget": linrep26.VACUITY_THRESHOLD,
    "floor": saunshi22.VACUOUS_TRANSFER,
}
"""Theorems whose formulas the page evaluates, by their name in it."""
HYPOTHESES = {
    ADMISSIBLE_INDEX: Symbol("head_size") <= DIM,
    EXAMPLE_ONE: sympy.And(Q < 1, LOW <= 0, DIM >= K),
}
"""When they hold here: some head has a gap to kappa_{d+1}; linear functions, tau in (0, 1] and d >= k."""


def over(theorem: Theorem, names: Mapping[Quantity, str] | None = None) -> Expr:
    """A theorem's own formula over symbols that are called as its quantities; no number where it does not apply.

    Source: ours.

    >>> over(saunshi22.VACUOUS_TRANSFER)
    counting_floor
    """
    called = names or {}
    symbols = [Symbol(called.get(q, q.name), nonnegative=True) for q in theorem.inputs]
    wanted = [HYPOTHESES[h] for h in theorem.hypotheses if h in HYPOTHESES]
    formula = theorem.formula(*symbols, SYMBOLIC)
    return Piecewise((formula, sympy.And(*wanted)), (NOTHING, True)) if wanted else formula


def lines() -> list[Line]:
    """Every number of the page, in an order in which each needs only those before it.

    Source: ours.

    >>> lines()[-1].name
    'agnostic_budget'
    """
    ceiling = linrep26.NEAR_DISJOINT_CEILING
    disjoint = over(ceiling, {ceiling.inputs[0]: "no_gap"})
    bounds = [Line(name, over(theorem)) for name, theorem in THEOREMS.items()]
    return [*spectrum(), *quantities(), *actual(), *bounds, Line("agnostic_budget", disjoint)]


def javascript() -> str:
    """The function `example_one(chosen)` of the page, printed from the expressions.

    Source: ours.

    >>> "const up_to_0 =" in javascript()
    True
    """
    chosen = ", ".join(str(symbol) for symbol in (D, K, Q, DIM, LOW, EPSILON, N))
    found = lines()
    body = [f"  const {line.name} = {' '.join(sympy.jscode(line.expression).split())};" for line in found]
    names = ", ".join(line.name for line in found)
    return "\n".join([f"function example_one({{{chosen}}}) {{", *body, f"  return {{{names}}};", "}"])


def numbers(chosen: Mapping[str, Any]) -> dict[str, float]:
    """The same numbers in Python, one expression after the other.

    Args:
        chosen: D, k, degree, dim, low, suboptimality and N by name.

    Source: ours.

    >>> sliders = {"D": 50, "k": 10, "degree": 0, "dim": 10, "low": 0, "suboptimality": 0.07, "N": 2**20}
    >>> round(numbers(sliders)["t4"], 9)
    0.16
    """
    known = {NOTHING.name: sympy.nan, **{name: sympy.Number(value) for name, value in chosen.items()}}
    for name, expression in lines():
        known[name] = expression.subs({symbol: known[symbol.name] for symbol in expression.free_symbols}).evalf(17)
    return {
        name: float(value) if value.is_real else float("nan") for name, value in known.items() if name != NOTHING.name
    }
