"""Nozawa, Sato (NeurIPS 2021)."""

from fractions import Fraction

from linrep.bounds._controls import OPEN, reversed_inequality
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.bounds.arora19 import SETTING
from linrep.symbols import (
    COLD_CLASSES,
    CONDITIONALLY_INDEPENDENT,
    CONTRASTIVE_LOSS,
    COVERAGE,
    ENOUGH_NEGATIVES,
    LOG_COLLISIONS,
    MEAN_CROSS_ENTROPY,
    UNIFORM_CLASSES,
)


def coverage(loss: Scalar, collisions: Scalar, covered: Scalar, field: Field) -> Scalar:
    """(2 L_cont - E ln(1 + Col)) / v_{m+1}."""
    return (2 * loss - collisions) / covered


def plain(loss: Scalar, covered: Scalar, field: Field) -> Scalar:
    """L_cont / v_{m+1}."""
    return loss / covered


COUPON = Theorem(
    key="nozawa21.coverage",
    title="m negatives that show every class",
    source=Source(
        "nozawa21",
        "the lower bound of L_Info, solved for the supervised loss",
        "second hand",
        "without the term of the classes that are present when some are missed, which is at least 0; positives are "
        "independent given the class, so that the term d(f) vanishes; coefficients as in the authors' code",
    ),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.UPPER,
    inputs=(CONTRASTIVE_LOSS, LOG_COLLISIONS, COVERAGE),
    formula=coverage,
    hypotheses=(*SETTING, UNIFORM_CLASSES, ENOUGH_NEGATIVES),
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        (
            "<=",
            Term((CONTRASTIVE_LOSS, COVERAGE), plain),
            "negatives stand for the means of their classes (Jensen); where every class is shown the loss of the "
            "means is at most ln(1 + Col + S)",
        ),
        (
            "<=",
            Term((CONTRASTIVE_LOSS, LOG_COLLISIONS, COVERAGE), coverage),
            "L_cont >= E ln(1 + Col): the collisions alone cost that much",
        ),
    ),
    not_vacuous_on=(COLD_CLASSES,),
    controls=(
        dropped(CONDITIONALLY_INDEPENDENT),
        dropped(UNIFORM_CLASSES, unknown=OPEN),
        scaled(Fraction(1, 4)),
        reversed_inequality(),
    ),
)
