"""Wang, Zhang, Wang, Yang, Lin (ICLR 2022)."""

from linrep.bounds._controls import OPEN, reversed_inequality
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped
from linrep.symbols import (
    ALIGNMENT,
    CLASS_VARIANCE,
    CONTRASTIVE_LIMIT,
    GIVEN_REPRESENTATION,
    LABEL_CONSISTENT,
    MEAN_CROSS_ENTROPY,
    MEAN_POTENTIAL,
    N_CLASSES,
    NEGATIVES,
    NEGATIVES_ONLY_LOSS,
    NOISY_CLASSES,
    UNIFORM_CLASSES,
    UNIT_NORM,
    UNIT_TEMPERATURE,
    WORST_CLASS_VARIANCE,
)


def chaos(loss: Scalar, classes: Scalar, negatives: Scalar, variance: Scalar, field: Field) -> Scalar:
    """L_NCE + ln(C / m) + sqrt Var + e^2 sinh(1)^2 / m."""
    one = field.ratio(1, 1)
    sampling = field.exp(2 * one) * field.sinh(one) ** 2 / negatives
    return loss + field.log(classes / negatives) + field.sqrt(variance) + sampling


def ladder(loss: Scalar, classes: Scalar, negatives: Scalar, variance: Scalar, worst: Scalar, field: Field) -> Scalar:
    """L_NCE + ln(C / m) - sqrt Var - ((e^2 - 3) / 4) max_c Var_c."""
    curvature = (field.exp(field.ratio(2, 1)) - 3) / 4
    return loss + field.log(classes / negatives) - field.sqrt(variance) - curvature * worst


def above_means(potential: Scalar, alignment: Scalar, variance: Scalar, field: Field) -> Scalar:
    """E ln sum_c exp(f.mu_c) - E s+ + sqrt Var."""
    return potential - alignment + field.sqrt(variance)


def below_means(potential: Scalar, alignment: Scalar, variance: Scalar, field: Field) -> Scalar:
    """E ln sum_c exp(f.mu_c) - E s+ - sqrt Var."""
    return potential - alignment - field.sqrt(variance)


def above_limit(limit: Scalar, classes: Scalar, variance: Scalar, field: Field) -> Scalar:
    """limit + ln C + sqrt Var."""
    return limit + field.log(classes) + field.sqrt(variance)


def below_limit(limit: Scalar, classes: Scalar, variance: Scalar, worst: Scalar, field: Field) -> Scalar:
    """limit + ln C - sqrt Var - ((e^2 - 3) / 4) max_c Var_c."""
    return limit + field.log(classes) - field.sqrt(variance) - (field.exp(field.ratio(2, 1)) - 3) / 4 * worst


_HYPOTHESES = (GIVEN_REPRESENTATION, LABEL_CONSISTENT, UNIFORM_CLASSES, UNIT_NORM, UNIT_TEMPERATURE)
_SOURCE = Source(
    "wang22",
    "the two-sided bound on the cross-entropy of the class means",
    "second hand",
    "the print hides the constant of its term in the number of negatives and was quoted from memory; constants and "
    "proof are ours, the label is that of the input, and the denominator holds the m negatives only",
)
_POSITIVE = "|E f(x).(f(x+) - mu_y)| <= E|f(x+) - mu_y| <= sqrt Var, both views being of one class"

CHAOS = Theorem(
    key="wang22.chaos",
    title="the spread within classes bounds the cross-entropy of their means",
    source=_SOURCE,
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.UPPER,
    inputs=(NEGATIVES_ONLY_LOSS, N_CLASSES, NEGATIVES, CLASS_VARIANCE),
    formula=chaos,
    hypotheses=_HYPOTHESES,
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        ("<=", Term((MEAN_POTENTIAL, ALIGNMENT, CLASS_VARIANCE), above_means), _POSITIVE),
        (
            "<=",
            Term((CONTRASTIVE_LIMIT, N_CLASSES, CLASS_VARIANCE), above_limit),
            "e^{f.mu_c} <= E[e^{s-} | c] (Jensen), and classes are equally likely",
        ),
        (
            "<=",
            Term((NEGATIVES_ONLY_LOSS, N_CLASSES, NEGATIVES, CLASS_VARIANCE), chaos),
            "ln A - E ln A_m <= E (A - A_m)^2 / (A A_m) <= e^2 sinh(1)^2 / m for the mean A_m of m terms in [1/e, e]",
        ),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(
        dropped(UNIT_NORM),
        dropped(UNIFORM_CLASSES, unknown=OPEN),
        dropped(UNIT_TEMPERATURE),
        reversed_inequality(),
    ),
)

CHAOS_LOWER = Theorem(
    key="wang22.chaos_lower",
    title="the spread within classes bounds the cross-entropy of their means from below",
    source=_SOURCE,
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.LOWER,
    inputs=(NEGATIVES_ONLY_LOSS, N_CLASSES, NEGATIVES, CLASS_VARIANCE, WORST_CLASS_VARIANCE),
    formula=ladder,
    hypotheses=_HYPOTHESES,
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (">=", Term((MEAN_POTENTIAL, ALIGNMENT, CLASS_VARIANCE), below_means), _POSITIVE),
        (
            ">=",
            Term((CONTRASTIVE_LIMIT, N_CLASSES, CLASS_VARIANCE, WORST_CLASS_VARIANCE), below_limit),
            "E[e^{s-} | c] <= e^{f.mu_c} (1 + ((e^2 - 3) / 4) Var_c), as e^z <= 1 + z + ((e^2 - 3) / 4) z^2 for "
            "|z| <= 2",
        ),
        (
            ">=",
            Term((NEGATIVES_ONLY_LOSS, N_CLASSES, NEGATIVES, CLASS_VARIANCE, WORST_CLASS_VARIANCE), ladder),
            "E ln A_m <= ln A (Jensen)",
        ),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(
        dropped(UNIT_NORM, unknown=OPEN),
        dropped(UNIFORM_CLASSES),
        dropped(UNIT_TEMPERATURE, unknown=OPEN),
        reversed_inequality(),
    ),
)
