"""Wang, Isola (ICML 2020)."""

from linrep.bounds._controls import reversed_inequality
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped
from linrep.symbols import (
    GIVEN_REPRESENTATION,
    LIMIT_GAP,
    NEGATIVE_TILT,
    NEGATIVES,
    NOISY_CLASSES,
    POSITIVE_TILT,
    SQUARED_NORM,
    UNIT_NORM,
)


def rate(norm: Scalar, negatives: Scalar, field: Field) -> Scalar:
    """e^{2/t} max(1, sinh(1/t)^2) / m, with 1/t = b^2."""
    return field.exp(2 * norm) * field.maximum(field.ratio(1, 1), field.sinh(norm) ** 2) / negatives


def tilts(positive: Scalar, negative: Scalar, norm: Scalar, negatives: Scalar, field: Field) -> Scalar:
    """max(E[e^{s+} / A], e^{b^2} E[Var(e^{s-}) / A]) / m, with A(x) = E e^{s-}."""
    return field.maximum(positive, field.exp(norm) * negative) / negatives


LIMIT = Theorem(
    key="wangisola20.limit",
    title="InfoNCE is its limit up to 1/m",
    source=Source(
        "wangisola20",
        "Theorem 1",
        "second hand",
        "the print states the limit with a rate O(m^{-1/2}) and a hidden constant; the explicit rate 1/m is ours",
    ),
    bounds=LIMIT_GAP,
    kind=Kind.UPPER,
    inputs=(SQUARED_NORM, NEGATIVES),
    formula=rate,
    hypotheses=(GIVEN_REPRESENTATION, UNIT_NORM),
    steps=path(
        itself(LIMIT_GAP),
        (
            "<=",
            Term((POSITIVE_TILT, NEGATIVE_TILT, SQUARED_NORM, NEGATIVES), tilts),
            "from above: E ln(A_m + e^{s+} / m) <= ln A + e^{s+} / (m A) (Jensen); from below: ln A - E ln A_m <= "
            "E (A - A_m)^2 / (A A_m) and A_m >= e^{-b^2}",
        ),
        (
            "<=",
            Term((SQUARED_NORM, NEGATIVES), rate),
            "scores lie in [-b^2, b^2]: e^{s+} / A <= e^{2 b^2}, and Var(e^{s-}) <= sinh(b^2)^2 (Popoviciu)",
        ),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(
        dropped(UNIT_NORM, unknown="the rate holds for every norm when 1/t is replaced by b^2, as it is here"),
        reversed_inequality(),
    ),
)
