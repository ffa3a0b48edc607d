"""Guarantees for m negatives with our constants: coefficients and gaps that are smaller than the published ones."""

from fractions import Fraction

from linrep.bounds._controls import OPEN, reversed_inequality, shifted
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.bounds.arora19 import SETTING, over_share
from linrep.bounds.bao22 import DROP_POSITIVE, gibbs
from linrep.bounds.wangisola20 import tilts
from linrep.symbols import (
    ALIGNMENT,
    CLASS_ENTROPY,
    CLASS_JENSEN_GAP,
    COLD_CLASSES,
    CONDITIONALLY_INDEPENDENT,
    CONTRASTIVE_LIMIT,
    CONTRASTIVE_LOSS,
    GIVEN_REPRESENTATION,
    INPUT_SPREAD,
    LABEL_CONSISTENT,
    LIMIT_GAP,
    LOG_COLLISIONS,
    MEAN_CROSS_ENTROPY,
    N_CLASSES,
    NEGATIVE_COLLISION,
    NEGATIVE_JENSEN_GAP,
    NEGATIVE_TILT,
    NEGATIVES,
    NEGATIVES_ONLY_LOSS,
    NOISY_CLASSES,
    NONZERO_REPRESENTATION,
    POSITIVE_TILT,
    PRESENT_SHARE,
    REPULSION,
    SQUARED_NORM,
    UNIFORM_CLASSES,
)


def reverse_jensen(norm: Scalar, field: Field) -> Scalar:
    """J(B) = ln(sinh B / B) + B coth B - 1, the largest ln E e^a - E a over a in [-B, B]."""
    sinh = field.sinh(norm)
    return field.log(sinh / norm) + norm * field.cosh(norm) / sinh - 1


def surrogate_gap(loss: Scalar, classes: Scalar, negatives: Scalar, norm: Scalar, field: Field) -> Scalar:
    """L_cont + ln(C / m) + J(b^2)."""
    return loss + field.log(classes / negatives) + reverse_jensen(norm, field)


def gap_of_means(alignment: Scalar, repulsion: Scalar, classes: Scalar, norm: Scalar, field: Field) -> Scalar:
    """E s- - E s+ + ln C + J(b^2)."""
    return repulsion - alignment + field.log(classes) + reverse_jensen(norm, field)


def corner_gap(loss: Scalar, spread: Scalar, gap: Scalar, negatives: Scalar, field: Field) -> Scalar:
    """L_cont - ln m + E|f_A - mu_y|^2 + G_pi(b^2)."""
    return loss - field.log(negatives) + spread + gap


def corner_of_means(alignment: Scalar, repulsion: Scalar, spread: Scalar, gap: Scalar, field: Field) -> Scalar:
    """E s- - E s+ + E|f_A - mu_y|^2 + G_pi(b^2)."""
    return repulsion - alignment + spread + gap


def corner_lower(loss: Scalar, entropy: Scalar, gap: Scalar, field: Field) -> Scalar:
    """L_cont + H(pi) - G_m(b^2)."""
    return loss + entropy - gap


def over_presence(loss: Scalar, collision: Scalar, field: Field) -> Scalar:
    """L_cont / tau_m."""
    return loss / collision


_NEGATIVES = "the logarithm of a mean over negatives is at least the mean of their scores"
_MEANS = "E f.mu_y = E s+ by independence, and scores of means lie in [-b^2, b^2]; "
_JENSEN = "negatives stand for the means of their classes (Jensen, in x+ and in each x-, both independent of x given c)"
OF_INPUTS = "E s+ - E f.mu_y = E|f_A|^2 - E|mu_y|^2 = E|f_A - mu_y|^2, as the class is a function of the input"
_CONTROLS = (dropped(CONDITIONALLY_INDEPENDENT), reversed_inequality())

PRESENT_CLASSES = Theorem(
    key="linrep26.present_classes",
    title="m negatives, through the classes that are present",
    source=Source("linrep26", "G9, sharper than arora19.many_negatives and nozawa21.coverage at small m"),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.UPPER,
    inputs=(CONTRASTIVE_LOSS, NEGATIVE_COLLISION),
    formula=over_presence,
    hypotheses=(*SETTING, UNIFORM_CLASSES),
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (
            "<=",
            Term((CONTRASTIVE_LOSS, NEGATIVE_COLLISION), over_presence),
            f"{_JENSEN}; ln(1 + sum of a set of classes) is submodular, so with each other class present with "
            "probability tau_m its mean is at least tau_m times its value for all classes",
        ),
    ),
    not_vacuous_on=(COLD_CLASSES,),
    controls=(*_CONTROLS, dropped(UNIFORM_CLASSES), scaled(Fraction(1, 4))),
)

SHARED_CLASSES = Theorem(
    key="linrep26.shared_classes",
    title="m negatives, through the classes that are present, collisions taken off",
    source=Source("linrep26", "G9, sharper than arora19.many_negatives and ash22.coupons"),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.UPPER,
    inputs=(CONTRASTIVE_LOSS, LOG_COLLISIONS, PRESENT_SHARE),
    formula=over_share,
    hypotheses=(*SETTING, UNIFORM_CLASSES),
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (
            "<=",
            Term((CONTRASTIVE_LOSS, LOG_COLLISIONS, PRESENT_SHARE), over_share),
            f"{_JENSEN}; ln(1 + Col + S) >= ln(1 + Col) + ln(1 + S) / (1 + Col) by concavity, and given Col every set "
            "of J other classes is equally likely to be present, which leaves a share J / (C - 1) (submodularity)",
        ),
    ),
    not_vacuous_on=(COLD_CLASSES,),
    controls=(*_CONTROLS, dropped(UNIFORM_CLASSES), scaled(Fraction(2, 5))),
)

SURROGATE_GAP = Theorem(
    key="linrep26.surrogate_gap",
    title="the surrogate gap from above, uniform classes",
    source=Source("linrep26", "G9, sharper than bao22.upper"),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.UPPER,
    inputs=(CONTRASTIVE_LOSS, N_CLASSES, NEGATIVES, SQUARED_NORM),
    formula=surrogate_gap,
    hypotheses=(*SETTING, UNIFORM_CLASSES, NONZERO_REPRESENTATION),
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (
            "<=",
            Term((ALIGNMENT, REPULSION, N_CLASSES, SQUARED_NORM), gap_of_means),
            f"{_MEANS}ln E e^a - E a is convex in the law of a, so largest for two points, over whose weights J is the "
            "maximum",
        ),
        ("<=", Term((NEGATIVES_ONLY_LOSS, N_CLASSES, NEGATIVES, SQUARED_NORM), surrogate_gap), _NEGATIVES),
        ("<=", Term((CONTRASTIVE_LOSS, N_CLASSES, NEGATIVES, SQUARED_NORM), surrogate_gap), DROP_POSITIVE),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(*_CONTROLS, dropped(UNIFORM_CLASSES, unknown=OPEN)),
)

CORNER_GAP = Theorem(
    key="linrep26.corner_gap",
    title="the surrogate gap from above, any classes, any process",
    source=Source("linrep26", "G9, sharper than linrep26.surrogate_gap and bao22.upper, without their independence"),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.UPPER,
    inputs=(CONTRASTIVE_LOSS, INPUT_SPREAD, CLASS_JENSEN_GAP, NEGATIVES),
    formula=corner_gap,
    hypotheses=(LABEL_CONSISTENT, GIVEN_REPRESENTATION),
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (
            "<=",
            Term((ALIGNMENT, REPULSION, INPUT_SPREAD, CLASS_JENSEN_GAP), corner_of_means),
            f"{OF_INPUTS}; ln sum e^a - sum pi a is convex in a, so largest at a corner of the cube in which scores of "
            "means lie",
        ),
        ("<=", Term((NEGATIVES_ONLY_LOSS, INPUT_SPREAD, CLASS_JENSEN_GAP, NEGATIVES), corner_gap), _NEGATIVES),
        ("<=", Term((CONTRASTIVE_LOSS, INPUT_SPREAD, CLASS_JENSEN_GAP, NEGATIVES), corner_gap), DROP_POSITIVE),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(shifted(INPUT_SPREAD, REPULSION), shifted(CONTRASTIVE_LOSS, CONTRASTIVE_LIMIT), reversed_inequality()),
)

CORNER_LOWER = Theorem(
    key="linrep26.corner_lower",
    title="the surrogate gap from below, any classes, any process",
    source=Source("linrep26", "G9, sharper than bao22.lower, without its independence"),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.LOWER,
    inputs=(CONTRASTIVE_LOSS, CLASS_ENTROPY, NEGATIVE_JENSEN_GAP),
    formula=corner_lower,
    hypotheses=(LABEL_CONSISTENT, GIVEN_REPRESENTATION),
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (
            ">=",
            Term((ALIGNMENT, REPULSION, CLASS_ENTROPY), gibbs),
            f"{OF_INPUTS}, which is not negative; ln sum e^a >= sum pi a + H(pi) (Gibbs)",
        ),
        (
            ">=",
            Term((CONTRASTIVE_LOSS, CLASS_ENTROPY, NEGATIVE_JENSEN_GAP), corner_lower),
            "ln sum e^a minus the mean over the negatives is convex in the scores, so largest at a corner of the cube",
        ),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(reversed_inequality(),),
)

LIMIT_RATE = Theorem(
    key="linrep26.limit_rate",
    title="InfoNCE is its limit up to 1/m, any norm",
    source=Source("linrep26", "G10, sharper than wangisola20.limit"),
    bounds=LIMIT_GAP,
    kind=Kind.UPPER,
    inputs=(POSITIVE_TILT, NEGATIVE_TILT, SQUARED_NORM, NEGATIVES),
    formula=tilts,
    hypotheses=(GIVEN_REPRESENTATION,),
    steps=path(
        itself(LIMIT_GAP),
        (
            "<=",
            Term((POSITIVE_TILT, NEGATIVE_TILT, SQUARED_NORM, NEGATIVES), tilts),
            "from above: E ln(A_m + e^{s+} / m) <= ln A + e^{s+} / (m A) (Jensen); from below: ln A - E ln A_m <= "
            "E (A - A_m)^2 / (A A_m) and A_m >= e^{-b^2}",
        ),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(scaled(Fraction(1, 3)), reversed_inequality()),
)
