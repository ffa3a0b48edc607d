"""The anatomy of a theorem: source, hypotheses, inputs, formula, the quantity it bounds, its proof and its broken
variants."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction

import sympy

from linrep._checks import require
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Formula, Step, Term
from linrep.symbols import Example, Hypothesis, Quantity, Shape


class Kind(Enum):
    """Whether the formula is above or below the bounded quantity. Source: ours.

    >>> Kind.UPPER.value
    'upper'
    """

    UPPER = "upper"
    LOWER = "lower"


class Choice(Enum):
    """What a free index means: the theorem holds for every index, and one reports the best bound, or the tightest
    member.

    Source: ours.

    >>> Choice.BEST.value
    'best'
    """

    NONE = "none"
    BEST = "best"
    EVERY = "every"


@dataclass(frozen=True)
class Source:
    """Where a theorem is from.

    Attributes:
        key: the entry in references.bib.
        place: theorem and number as printed, or the place in our theory.
        provenance: "paper", "second hand" (read in careful notes and re-derived) or "ours".
        differs: how the entry differs from the print; empty if it does not.

    Source: ours.

    >>> Source("haochen21", "Theorem 3.7", "paper").key
    'haochen21'
    """

    key: str
    place: str
    provenance: str = "ours"
    differs: str = ""

    def __post_init__(self) -> None:
        require(
            self.provenance in ("paper", "second hand", "ours"),
            f"Source: provenance is {self.provenance!r}, but it must be 'paper', 'second hand' "
            "or 'ours'; choose one of them.",
        )


@dataclass(frozen=True)
class Control:
    """A broken variant of a theorem, which a search for counterexamples must refute.

    Attributes:
        name: what was broken.
        theorem: applied to a theorem, gives the broken one.
        unknown: why nobody can refute it, although it was not proved either; empty where the search must refute it.

    Source: ours.

    >>> scaled(Fraction(9, 10)).name
    'scaled by 9/10'
    """

    name: str
    theorem: Callable[["Theorem"], "Theorem"]
    unknown: str = ""


@dataclass(frozen=True, kw_only=True)
class Theorem:
    """An inequality between a quantity and a formula in other quantities, under hypotheses.

    Attributes:
        key: "paper.name", unique in the catalogue.
        title: one line.
        source: where it is from.
        bounds: the quantity that is bounded.
        kind: UPPER (quantity <= formula) or LOWER.
        inputs: the quantities that the formula takes, in order.
        formula: takes the inputs and a field.
        hypotheses: what it needs; computed on the problem.
        choice: what a free index means.
        steps: its proof, a path from the quantity to the formula, and side results.
        attained_on: worked examples on which it is an equality.
        not_vacuous_on: worked examples on which it says something.
        controls: broken variants.
        unavailable: why there is no number (a hidden constant), or None.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> print(linrep26.RISK_GAP_MEAN.statement())
    L_{\\mathrm{reg}}^{\\mathrm{mean}}(f) \\le \\bar R_{\\min} + \\frac{R_{\\min} - \\bar R_{\\min}}{\\lambda_{d+1}}
    """

    key: str
    title: str
    source: Source
    bounds: Quantity
    kind: Kind
    inputs: tuple[Quantity, ...]
    formula: Formula
    hypotheses: tuple[Hypothesis, ...]
    choice: Choice = Choice.NONE
    steps: tuple[Step, ...] = ()
    attained_on: tuple[Example, ...] = ()
    not_vacuous_on: tuple[Example, ...] = ()
    controls: tuple[Control, ...] = ()
    unavailable: str | None = None

    def __post_init__(self) -> None:
        indexed = any(q.shape is Shape.INDEXED for q in (*self.inputs, self.bounds))
        require(
            indexed == (self.choice is not Choice.NONE),
            f"Theorem {self.key}: choice is {self.choice.value!r}, but it must be 'none' exactly where no "
            "input is indexed; declare it.",
        )

    @property
    def term(self) -> Term:
        """The formula with its inputs."""
        return Term(self.inputs, self.formula)

    def value(self, *arguments: Scalar, field: Field) -> Scalar:
        """The formula at the given inputs, over a field."""
        return self.formula(*arguments, field)

    def expression(self) -> sympy.Expr:
        """The formula over SymPy symbols named by the inputs."""
        return self.term.expression()

    def statement(self) -> str:
        """The inequality in LaTeX, from the formula itself."""
        relation = r"\le" if self.kind is Kind.UPPER else r"\ge"
        return f"{self.bounds.symbol} {relation} {self.term.latex()}"


def hidden(*arguments: Scalar) -> Scalar:
    """The formula of a theorem whose paper hides a constant: it is never evaluated.

    Raises:
        ArithmeticError: always.

    Source: ours.

    >>> try:
    ...     hidden()
    ... except ArithmeticError as error:
    ...     print(error)
    the paper hides a constant: there is no number to compute, see the theorem's `unavailable`.
    """
    raise ArithmeticError("the paper hides a constant: there is no number to compute, see the theorem's `unavailable`.")


def dropped(hypothesis: Hypothesis, *, unknown: str = "") -> Control:
    """The theorem without one of its hypotheses; `unknown` says why nobody can refute that. Source: ours.

    >>> from linrep.symbols import MINIMISER
    >>> dropped(MINIMISER).name
    'without minimiser'
    """

    def broken(theorem: Theorem) -> Theorem:
        require(
            hypothesis in theorem.hypotheses,
            f"dropped: {theorem.key} has no hypothesis {hypothesis.name}; name one of its own.",
        )
        rest = tuple(h for h in theorem.hypotheses if h != hypothesis)
        return replace(theorem, key=f"{theorem.key}~without_{hypothesis.name}", hypotheses=rest, controls=())

    return Control(f"without {hypothesis.name}", broken, unknown)


def scaled(factor: Fraction) -> Control:
    """The theorem with its bound multiplied by a factor. Source: ours.

    >>> scaled(Fraction(1, 2)).name
    'scaled by 1/2'
    """

    def broken(theorem: Theorem) -> Theorem:
        def formula(*arguments: Scalar) -> Scalar:
            field: Field = arguments[-1]
            return theorem.formula(*arguments) * field.ratio(factor.numerator, factor.denominator)

        return replace(theorem, key=f"{theorem.key}~scaled", formula=formula, controls=())

    return Control(f"scaled by {factor}", broken)
