"""Ash, Goel, Krishnamurthy, Misra (AISTATS 2022)."""

from fractions import Fraction

from linrep.bounds._controls import OPEN, reversed_inequality
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.bounds.arora19 import SETTING, SHARED
from linrep.symbols import (
    COLD_CLASSES,
    CONDITIONALLY_INDEPENDENT,
    CONTRASTIVE_LOSS,
    HARMONIC,
    LOG_COLLISIONS,
    MEAN_CROSS_ENTROPY,
    N_CLASSES,
    NEGATIVES,
    NO_COLLISION,
    UNIFORM_CLASSES,
)


def coupons(
    loss: Scalar,
    collisions: Scalar,
    clear: Scalar,
    classes: Scalar,
    harmonic: Scalar,
    negatives: Scalar,
    field: Field,
) -> Scalar:
    """2 max(1, 2 (C - 1) H_{C-1} / m) / (1 - tau_m) (L_cont - E ln(1 + Col))."""
    wait = field.maximum(field.ratio(1, 1), 2 * (classes - 1) * harmonic / negatives)
    return 2 * wait / clear * (loss - collisions)


_INPUTS = (CONTRASTIVE_LOSS, LOG_COLLISIONS, NO_COLLISION, N_CLASSES, HARMONIC, NEGATIVES)

COUPONS = Theorem(
    key="ash22.coupons",
    title="m negatives, few or many",
    source=Source(
        "ash22",
        "the bound on the supervised loss with collisions",
        "second hand",
        "coefficient as evaluated in the code of Bao et al. (2022), with H_{C-1} in place of ln C + 0.577; the text of "
        "the theorem was not seen",
    ),
    bounds=MEAN_CROSS_ENTROPY,
    kind=Kind.UPPER,
    inputs=_INPUTS,
    formula=coupons,
    hypotheses=(*SETTING, UNIFORM_CLASSES),
    steps=path(
        itself(MEAN_CROSS_ENTROPY),
        SHARED,
        (
            "<=",
            Term(_INPUTS, coupons),
            "w_m >= (1 - tau_m) (1 - (1 - 1/(C-1))^m), and 1 - e^{-u} >= min(1/2, u / 4) with u = m / (C - 1)",
        ),
    ),
    not_vacuous_on=(COLD_CLASSES,),
    controls=(
        dropped(CONDITIONALLY_INDEPENDENT),
        dropped(UNIFORM_CLASSES, unknown=OPEN),
        scaled(Fraction(1, 5)),
        reversed_inequality(),
    ),
)
