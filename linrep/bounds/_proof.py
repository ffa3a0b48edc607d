"""A proof as a chain: terms in quantities of a problem, joined by relations that can be evaluated."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import sympy

from linrep.bounds._field import SYMBOLIC, Field, Scalar
from linrep.symbols import Quantity

Formula = Callable[..., Scalar]
"""Takes scalars in order and then a field; returns a scalar of that field."""


class Relation(Enum):
    """How the sides of a step compare. Source: ours.

    >>> Relation.AT_MOST.value
    '<='
    """

    EQUAL = "="
    AT_MOST = "<="
    AT_LEAST = ">="


@dataclass(frozen=True)
class Term:
    """One side of a step: quantities of a problem and the formula that joins them.

    Attributes:
        inputs: the quantities, in the order of the formula.
        formula: takes them and a field.

    Source: ours.

    >>> from linrep.symbols import BEST_MEAN_RISK, RISK_GAP
    >>> print(Term((BEST_MEAN_RISK, RISK_GAP), lambda best, gap, field: best + gap).latex())
    \\bar R_{\\min} + (R_{\\min}-\\bar R_{\\min})
    """

    inputs: tuple[Quantity, ...]
    formula: Formula

    def value(self, *arguments: Scalar, field: Field) -> Scalar:
        """The formula at the given inputs, over a field."""
        return self.formula(*arguments, field)

    def expression(self) -> sympy.Expr:
        """The formula over SymPy symbols named by the inputs."""
        symbols = [sympy.Symbol(q.symbol, nonnegative=True) for q in self.inputs]
        return self.formula(*symbols, SYMBOLIC)

    def latex(self) -> str:
        """The formula in LaTeX, as it is written, not simplified."""
        names = {sympy.Symbol(q.symbol, nonnegative=True): q.symbol for q in self.inputs}
        with sympy.evaluate(False):
            return str(sympy.latex(self.expression(), symbol_names=names, order="none", root_notation=True))


def itself(quantity: Quantity) -> Term:
    """The term that is one quantity. Source: ours.

    >>> from linrep.symbols import SUBOPTIMALITY
    >>> itself(SUBOPTIMALITY).inputs[0].name
    'suboptimality'
    """
    return Term((quantity,), _identity)


def _identity(value: Scalar, field: Field) -> Scalar:
    return value


@dataclass(frozen=True)
class Step:
    """One link of a proof: left relation right, and why. Source: ours.

    >>> from linrep.symbols import MEAN_RISK, MEAN_ERROR
    >>> Step(itself(MEAN_ERROR), Relation.AT_MOST, itself(MEAN_RISK), "a wrong sign costs at least 1").relation.value
    '<='
    """

    left: Term
    relation: Relation
    right: Term
    reason: str


def path(start: Term, *links: tuple[str, Term, str]) -> tuple[Step, ...]:
    """The steps that lead from one term through others, each compared with the one before it.

    Args:
        start: usually the bounded quantity.
        links: relation ("=", "<=" or ">="), the next term, the reason.

    Source: ours.

    >>> from linrep.symbols import AUGMENTED_RISK, BEST_AUGMENTED_RISK
    >>> len(path(itself(AUGMENTED_RISK), (">=", itself(BEST_AUGMENTED_RISK), "the representation is in the class")))
    1
    """
    lefts = (start, *(term for _, term, _ in links[:-1]))
    return tuple(
        Step(left, Relation(relation), right, reason)
        for left, (relation, right, reason) in zip(lefts, links, strict=True)
    )
