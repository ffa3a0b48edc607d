"""The spread of inputs within their class and the cross-entropy of the class means, after Wang et al. (2022)."""

from linrep.bounds._controls import OPEN, reversed_inequality, shifted
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped
from linrep.bounds.linrep26._negatives import OF_INPUTS
from linrep.symbols import (
    CONTRASTIVE_LIMIT,
    GIVEN_REPRESENTATION,
    INPUT_SPREAD,
    LABEL_CONSISTENT,
    MEAN_CROSS_ENTROPY,
    N_CLASSES,
    NEGATIVE_TILT,
    NEGATIVES,
    NEGATIVES_ONLY_LOSS,
    NOISY_CLASSES,
    REPULSION,
    SQUARED_NORM,
    UNIFORM_CLASSES,
    UNIT_NORM,
    UNIT_TEMPERATURE,
    WORST_CLASS_VARIANCE,
)


def spread_of_inputs(
    loss: Scalar,
    classes: Scalar,
    negatives: Scalar,
    spread: Scalar,
    tilt: Scalar,
    norm: Scalar,
    field: Field,
) -> Scalar:
    """L_NCE + ln(C / m) + E|f_A - mu_y|^2 + e^{b^2} E[Var(e^{s-}) / A] / m."""
    return loss + field.log(classes / negatives) + spread + field.exp(norm) * tilt / negatives


def spread_at_limit(limit: Scalar, classes: Scalar, spread: Scalar, field: Field) -> Scalar:
    """limit + ln C + E|f_A - mu_y|^2."""
    return limit + field.log(classes) + spread


def rootless(loss: Scalar, classes: Scalar, negatives: Scalar, worst: Scalar, field: Field) -> Scalar:
    """L_NCE + ln(C / m) - ((e^2 - 3) / 4) max_c Var_c."""
    return loss + field.log(classes / negatives) - (field.exp(field.ratio(2, 1)) - 3) / 4 * worst


def rootless_limit(limit: Scalar, classes: Scalar, worst: Scalar, field: Field) -> Scalar:
    """limit + ln C - ((e^2 - 3) / 4) max_c Var_c."""
    return limit + field.log(classes) - (field.exp(field.ratio(2, 1)) - 3) / 4 * worst


CHAOS = Theorem(
    key="linrep26.chaos",
    title="the spread of inputs within classes bounds the cross-entropy of the class means, any norm",
    source=Source("linrep26", "G7, sharper than wang22.chaos"),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.UPPER,
    inputs=(NEGATIVES_ONLY_LOSS, N_CLASSES, NEGATIVES, INPUT_SPREAD, NEGATIVE_TILT, SQUARED_NORM),
    formula=spread_of_inputs,
    hypotheses=(GIVEN_REPRESENTATION, LABEL_CONSISTENT, UNIFORM_CLASSES),
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (
            "<=",
            Term((CONTRASTIVE_LIMIT, N_CLASSES, INPUT_SPREAD), spread_at_limit),
            f"{OF_INPUTS}; e^{{f.mu_c}} <= E[e^{{s-}} | c] (Jensen), and classes are equally likely",
        ),
        (
            "<=",
            Term(
                (NEGATIVES_ONLY_LOSS, N_CLASSES, NEGATIVES, INPUT_SPREAD, NEGATIVE_TILT, SQUARED_NORM), spread_of_inputs
            ),
            "ln A - E ln A_m <= E (A - A_m)^2 / (A A_m), and A_m >= e^{-b^2}",
        ),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(
        dropped(UNIFORM_CLASSES),
        shifted(INPUT_SPREAD, REPULSION),
        reversed_inequality(),
    ),
)

CHAOS_LOWER = Theorem(
    key="linrep26.chaos_lower",
    title="the spread within classes bounds the cross-entropy of their means from below, without its root",
    source=Source("linrep26", "G7, sharper than wang22.chaos_lower"),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.LOWER,
    inputs=(NEGATIVES_ONLY_LOSS, N_CLASSES, NEGATIVES, WORST_CLASS_VARIANCE),
    formula=rootless,
    hypotheses=(GIVEN_REPRESENTATION, LABEL_CONSISTENT, UNIFORM_CLASSES, UNIT_NORM, UNIT_TEMPERATURE),
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (
            ">=",
            Term((CONTRASTIVE_LIMIT, N_CLASSES, WORST_CLASS_VARIANCE), rootless_limit),
            f"{OF_INPUTS}, which is not negative; E[e^{{s-}} | c] <= e^{{f.mu_c}} (1 + ((e^2 - 3) / 4) Var_c)",
        ),
        (
            ">=",
            Term((NEGATIVES_ONLY_LOSS, N_CLASSES, NEGATIVES, WORST_CLASS_VARIANCE), rootless),
            "E ln A_m <= ln A (Jensen)",
        ),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(
        dropped(UNIT_NORM),
        dropped(UNIFORM_CLASSES),
        dropped(UNIT_TEMPERATURE, unknown=OPEN),
        reversed_inequality(),
    ),
)
