"""Bao, Nagano, Nozawa (ICML 2022)."""

from linrep.bounds._controls import reversed_inequality, shifted
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped
from linrep.bounds.arora19 import SETTING
from linrep.symbols import (
    ALIGNMENT,
    CLASS_ENTROPY,
    CONDITIONALLY_INDEPENDENT,
    CONTRASTIVE_LOSS,
    LARGEST_CLASS,
    MEAN_CROSS_ENTROPY,
    N_CLASSES,
    NEGATIVES,
    NEGATIVES_ONLY_LOSS,
    REPULSION,
    SQUARED_NORM,
    WARM_CLASSES,
)


def upper(loss: Scalar, largest: Scalar, classes: Scalar, norm: Scalar, negatives: Scalar, field: Field) -> Scalar:
    """L_cont + ln(pi_max C^2 cosh(b^2)^2 / m)."""
    return loss + field.log(largest * classes**2 / negatives) + 2 * field.log(field.cosh(norm))


def without_negatives(
    alignment: Scalar, repulsion: Scalar, largest: Scalar, classes: Scalar, norm: Scalar, field: Field
) -> Scalar:
    """E s- - E s+ + ln(pi_max C^2 cosh(b^2)^2)."""
    return repulsion - alignment + field.log(largest * classes**2) + 2 * field.log(field.cosh(norm))


def lower(loss: Scalar, entropy: Scalar, negatives: Scalar, norm: Scalar, field: Field) -> Scalar:
    """L_cont + H(pi) + ln m - 2 ln(1 + m) - 2 ln cosh(b^2)."""
    return loss + entropy + field.log(negatives / (1 + negatives) ** 2) - 2 * field.log(field.cosh(norm))


def gibbs(alignment: Scalar, repulsion: Scalar, entropy: Scalar, field: Field) -> Scalar:
    """E s- - E s+ + H(pi)."""
    return repulsion - alignment + entropy


DROP_POSITIVE = "the positive is dropped from the denominator"
_WHERE = "constants read off the authors' code; scores are divided by the temperature"

UPPER = Theorem(
    key="bao22.upper",
    title="the surrogate gap from above",
    source=Source("bao22", "the upper surrogate gap", "second hand", _WHERE),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.UPPER,
    inputs=(CONTRASTIVE_LOSS, LARGEST_CLASS, N_CLASSES, SQUARED_NORM, NEGATIVES),
    formula=upper,
    hypotheses=SETTING,
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (
            "<=",
            Term((ALIGNMENT, REPULSION, LARGEST_CLASS, N_CLASSES, SQUARED_NORM), without_negatives),
            "E f.mu_y = E s+ by independence; sum e^a sum pi e^{-a} <= pi_max C^2 cosh(B)^2 (Kantorovich), and "
            "sum pi e^{-a} >= e^{-sum pi a}",
        ),
        (
            "<=",
            Term((NEGATIVES_ONLY_LOSS, LARGEST_CLASS, N_CLASSES, SQUARED_NORM, NEGATIVES), upper),
            "the logarithm of a mean over negatives is at least the mean of their scores",
        ),
        ("<=", Term((CONTRASTIVE_LOSS, LARGEST_CLASS, N_CLASSES, SQUARED_NORM, NEGATIVES), upper), DROP_POSITIVE),
    ),
    not_vacuous_on=(WARM_CLASSES,),
    controls=(
        dropped(CONDITIONALLY_INDEPENDENT),
        shifted(CONTRASTIVE_LOSS, REPULSION),
        reversed_inequality(),
    ),
)

LOWER = Theorem(
    key="bao22.lower",
    title="the surrogate gap from below",
    source=Source("bao22", "the lower surrogate gap", "second hand", _WHERE),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.LOWER,
    inputs=(CONTRASTIVE_LOSS, CLASS_ENTROPY, NEGATIVES, SQUARED_NORM),
    formula=lower,
    hypotheses=SETTING,
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (
            ">=",
            Term((ALIGNMENT, REPULSION, CLASS_ENTROPY), gibbs),
            "E f.mu_y = E s+ by independence; ln sum e^a >= sum pi a + H(pi) (Gibbs)",
        ),
        (
            ">=",
            Term((CONTRASTIVE_LOSS, CLASS_ENTROPY, NEGATIVES, SQUARED_NORM), lower),
            "the same reverse Jensen inequality for one positive of weight 0 and m negatives of weight 1/m",
        ),
    ),
    not_vacuous_on=(WARM_CLASSES,),
    controls=(
        dropped(
            CONDITIONALLY_INDEPENDENT, unknown="the lower side is true without it: E f.mu_y <= E s+ on any process"
        ),
        reversed_inequality(),
    ),
)
