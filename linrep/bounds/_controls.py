"""More ways to break a theorem: the inequality the other way round, an index moved by one.

A control is there to be refuted. Where its own entry says why nobody can refute it, it counts as unknown.
"""

from dataclasses import replace

from linrep._checks import require
from linrep.bounds._theorem import Control, Kind, Theorem
from linrep.symbols import (
    ADMISSIBLE_INDEX,
    CLASS_LABELS,
    CONSTANT_NORM,
    ENOUGH_NEGATIVES,
    GIVEN_REPRESENTATION,
    LABEL_CONSISTENT,
    NONZERO_REPRESENTATION,
    POSITIVE_CUT_EIGENVALUE,
    POSITIVE_EXPANSION,
    POSITIVE_LAST_RETAINED,
    POSITIVE_MARGIN,
    POSITIVE_PRODUCTS,
    SAMPLE_GIVEN,
    SELF_VIEWS,
    SEPARATED_MEANS,
    SEVERAL_CLASSES,
    SIGN_LABELS,
    Hypothesis,
    Quantity,
)

NEEDED_TO_STATE: frozenset[Hypothesis] = frozenset(
    (
        ADMISSIBLE_INDEX,
        CLASS_LABELS,
        SEVERAL_CLASSES,
        NONZERO_REPRESENTATION,
        LABEL_CONSISTENT,
        GIVEN_REPRESENTATION,
        ENOUGH_NEGATIVES,
        POSITIVE_CUT_EIGENVALUE,
        POSITIVE_LAST_RETAINED,
        POSITIVE_MARGIN,
        SIGN_LABELS,
        CONSTANT_NORM,
        POSITIVE_EXPANSION,
        POSITIVE_PRODUCTS,
        SAMPLE_GIVEN,
        SELF_VIEWS,
        SEPARATED_MEANS,
    )
)
"""Hypotheses without which a formula divides by zero or a quantity is not defined: there is nothing to refute."""


OPEN = "open: the proof uses it, but no problem generated without it breaks the inequality"
"""The reason of a dropped hypothesis that may not be needed."""


def reversed_inequality() -> Control:
    """The theorem with its inequality the other way round: the quantity would equal the formula everywhere.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> reversed_inequality().theorem(linrep26.RISK_GAP_MEAN).kind.value
    'lower'
    """

    def broken(theorem: Theorem) -> Theorem:
        kind = Kind.LOWER if theorem.kind is Kind.UPPER else Kind.UPPER
        return replace(theorem, key=f"{theorem.key}~reversed", kind=kind, controls=())

    return Control("reversed", broken)


def shifted(quantity: Quantity, replacement: Quantity, *, unknown: str = "") -> Control:
    """The theorem with one of its quantities replaced by a neighbour, such as lambda_{d+2} for lambda_{d+1}.

    Args:
        quantity: an input, or the bounded quantity.
        replacement: of the same shape.
        unknown: why nobody can refute it; empty where the search must.

    Raises:
        InputError: when applied to a theorem that does not speak of the quantity.

    Source: ours.

    >>> from linrep.symbols import CUT_EIGENVALUE, NEXT_CUT_EIGENVALUE
    >>> shifted(CUT_EIGENVALUE, NEXT_CUT_EIGENVALUE).name
    'next_cut_eigenvalue for cut_eigenvalue'
    """

    def broken(theorem: Theorem) -> Theorem:
        require(
            quantity in (*theorem.inputs, theorem.bounds),
            f"shifted: {theorem.key} does not speak of {quantity.name}; name one of its own quantities.",
        )
        inputs = tuple(replacement if q == quantity else q for q in theorem.inputs)
        bounds = replacement if theorem.bounds == quantity else theorem.bounds
        key = f"{theorem.key}~{replacement.name}"
        return replace(theorem, key=key, inputs=inputs, bounds=bounds, controls=())

    return Control(f"{replacement.name} for {quantity.name}", broken, unknown)
