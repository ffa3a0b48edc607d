"""Arora, Khandeparkar, Khodak, Plevrakis, Saunshi (ICML 2019)."""

from fractions import Fraction

from linrep.bounds._controls import OPEN, reversed_inequality
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.symbols import (
    APART_HINGE,
    APART_LOGISTIC,
    CLASS_COLLISION,
    CLASS_SPREAD,
    COLD_CLASSES,
    CONDITIONALLY_INDEPENDENT,
    CONTRASTIVE_LOSS,
    COVERAGE,
    ENOUGH_NEGATIVES,
    GIVEN_REPRESENTATION,
    LABEL_CONSISTENT,
    LOG_COLLISIONS,
    MEAN_CROSS_ENTROPY,
    MEAN_HINGE,
    MEAN_LOGISTIC,
    NO_COLLISION,
    NOISY_CLASSES,
    PAIR_HINGE,
    PAIR_LOGISTIC,
    PRESENT_SHARE,
    SEVERAL_CLASSES,
    UNIFORM_CLASSES,
)

SETTING = (CONDITIONALLY_INDEPENDENT, LABEL_CONSISTENT, SEVERAL_CLASSES, GIVEN_REPRESENTATION)
"""A representation and classes given which the two views of a pair are independent."""


def mean_classifier(loss: Scalar, collision: Scalar, field: Field) -> Scalar:
    """(L_un - tau) / (1 - tau)."""
    return (loss - collision) / (1 - collision)


def collision_hinge(apart: Scalar, collision: Scalar, spread: Scalar, field: Field) -> Scalar:
    """L_un^{!=} + (1 / sqrt 2) tau / (1 - tau) s(f)."""
    return apart + collision / (1 - collision) * spread / field.sqrt(field.ratio(2, 1))


def collision_logistic(apart: Scalar, collision: Scalar, spread: Scalar, field: Field) -> Scalar:
    """L_un^{!=} + (1 / (sqrt 2 ln 2)) tau / (1 - tau) s(f)."""
    two = field.ratio(2, 1)
    return apart + collision / (1 - collision) * spread / (field.sqrt(two) * field.log(two))


def covered(loss: Scalar, collisions: Scalar, clear: Scalar, coverage: Scalar, field: Field) -> Scalar:
    """(L_cont - E ln(1 + Col)) / ((1 - tau_m) v_{m+1})."""
    return (loss - collisions) / (clear * coverage)


def over_share(loss: Scalar, collisions: Scalar, share: Scalar, field: Field) -> Scalar:
    """(L_cont - E ln(1 + Col)) / w_m."""
    return (loss - collisions) / share


SHARED = (
    "<=",
    Term((CONTRASTIVE_LOSS, LOG_COLLISIONS, PRESENT_SHARE), over_share),
    "negatives stand for the means of their classes (Jensen), and ln(1 + Col + S) >= ln(1 + Col) + "
    "ln(1 + S) / (1 + Col) with a share J / (C - 1) of the other classes present on average",
)
"""The step with which the proofs about m negatives and their collisions begin."""

_JENSEN = "x- of another class stands for its mean: the loss is convex (Jensen), and x+ is independent of x given c"
_SPLIT = "L_un = tau L_un^{=} + (1 - tau) L_un^{!=}, and L_un^{=} >= loss(0) = 1 since its score has mean 0"
_LEMMA = Source("arora19", "Lemma 4.3", "second hand", "scores are divided by the temperature, 1 in the print")
_CONSTANT = "the print hides c'; 1/sqrt 2 (hinge) and 1/(sqrt 2 ln 2) (base-2 logistic) are ours"

MEAN_CLASSIFIER = Theorem(
    key="arora19.mean_classifier",
    title="the class means classify, hinge loss",
    source=_LEMMA,
    bounds=MEAN_HINGE,
    kind=Kind.UPPER,
    inputs=(PAIR_HINGE, CLASS_COLLISION),
    formula=mean_classifier,
    hypotheses=SETTING,
    steps=path(
        itself(MEAN_HINGE),
        ("<=", itself(APART_HINGE), _JENSEN),
        ("<=", Term((PAIR_HINGE, CLASS_COLLISION), mean_classifier), _SPLIT),
    ),
    attained_on=(NOISY_CLASSES,),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(dropped(CONDITIONALLY_INDEPENDENT), scaled(Fraction(9, 10)), reversed_inequality()),
)

MEAN_CLASSIFIER_LOGISTIC = Theorem(
    key="arora19.mean_classifier_logistic",
    title="the class means classify, base-2 logistic loss",
    source=_LEMMA,
    bounds=MEAN_LOGISTIC,
    kind=Kind.UPPER,
    inputs=(PAIR_LOGISTIC, CLASS_COLLISION),
    formula=mean_classifier,
    hypotheses=SETTING,
    steps=path(
        itself(MEAN_LOGISTIC),
        ("<=", itself(APART_LOGISTIC), _JENSEN),
        ("<=", Term((PAIR_LOGISTIC, CLASS_COLLISION), mean_classifier), _SPLIT),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(dropped(CONDITIONALLY_INDEPENDENT), scaled(Fraction(9, 10)), reversed_inequality()),
)

_SYMMETRIC = (
    "given a collision z = f(x).(f(x+) - f(x-)) is symmetric and E z^2 <= 2 |Cov_c f| |f(x)|^2, so loss(z) exceeds "
    "loss(0) by c' E sqrt|Cov_c f| |f(x)| at most"
)

COLLISION = Theorem(
    key="arora19.collision",
    title="what collisions cost, hinge loss",
    source=Source("arora19", "Theorem 4.5", "second hand", _CONSTANT),
    bounds=MEAN_HINGE,
    kind=Kind.UPPER,
    inputs=(APART_HINGE, CLASS_COLLISION, CLASS_SPREAD),
    formula=collision_hinge,
    hypotheses=SETTING,
    steps=path(
        itself(MEAN_HINGE),
        ("<=", Term((PAIR_HINGE, CLASS_COLLISION), mean_classifier), "Lemma 4.3"),
        ("<=", Term((APART_HINGE, CLASS_COLLISION, CLASS_SPREAD), collision_hinge), _SYMMETRIC),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(dropped(CONDITIONALLY_INDEPENDENT), scaled(Fraction(9, 10)), reversed_inequality()),
)

COLLISION_LOGISTIC = Theorem(
    key="arora19.collision_logistic",
    title="what collisions cost, base-2 logistic loss",
    source=Source("arora19", "Theorem 4.5", "second hand", _CONSTANT),
    bounds=MEAN_LOGISTIC,
    kind=Kind.UPPER,
    inputs=(APART_LOGISTIC, CLASS_COLLISION, CLASS_SPREAD),
    formula=collision_logistic,
    hypotheses=SETTING,
    steps=path(
        itself(MEAN_LOGISTIC),
        ("<=", Term((PAIR_LOGISTIC, CLASS_COLLISION), mean_classifier), "Lemma 4.3"),
        ("<=", Term((APART_LOGISTIC, CLASS_COLLISION, CLASS_SPREAD), collision_logistic), _SYMMETRIC),
    ),
    not_vacuous_on=(NOISY_CLASSES,),
    controls=(dropped(CONDITIONALLY_INDEPENDENT), scaled(Fraction(9, 10)), reversed_inequality()),
)

MANY_NEGATIVES = Theorem(
    key="arora19.many_negatives",
    title="m negatives, through the event of no collision",
    source=Source(
        "arora19",
        "section 6.1, m negatives",
        "second hand",
        "the form in which Bao et al. (2022) evaluate it: uniform classes, all of them shown by anchor and negatives; "
        "the weights of the printed Theorem B.1 were not seen",
    ),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.UPPER,
    inputs=(CONTRASTIVE_LOSS, LOG_COLLISIONS, NO_COLLISION, COVERAGE),
    formula=covered,
    hypotheses=(*SETTING, UNIFORM_CLASSES, ENOUGH_NEGATIVES),
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        SHARED,
        (
            "<=",
            Term((CONTRASTIVE_LOSS, LOG_COLLISIONS, NO_COLLISION, COVERAGE), covered),
            "w_m counts more than the event that no negative collides and every class is shown; fewer collisions "
            "leave more room for the other classes, so its probability is at least (1 - tau_m) v_{m+1}",
        ),
    ),
    not_vacuous_on=(COLD_CLASSES,),
    controls=(
        dropped(CONDITIONALLY_INDEPENDENT),
        dropped(UNIFORM_CLASSES, unknown=OPEN),
        scaled(Fraction(2, 5)),
        reversed_inequality(),
    ),
)
