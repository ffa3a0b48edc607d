"""Huang, Yi, Zhao, Jiang (ICLR 2023)."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.symbols import (
    CLASS_LABELS,
    CONSTANT_NORM,
    MAIN_SHARE,
    NEAREST_MEAN_ERROR,
    SELF_VIEWS,
    SEPARATE_CLASSES,
    SEPARATED_GROUPS,
    SEPARATED_MEANS,
    UNALIGNED_SHARE,
)


def augmented_distance(share: Scalar, unaligned: Scalar, field: Field) -> Scalar:
    """(1 - sigma) + R_epsilon."""
    return (1 - share) + unaligned


AUGMENTED_DISTANCE = Theorem(
    key="huang23.augmented_distance",
    title="concentrated augmentations let the nearest mean classify",
    source=Source(
        "huang23",
        "Theorem 1",
        "paper",
        "the free epsilon and delta are the best of those observed; distances are Euclidean between view values; "
        "beyond 18 inputs of a class the main part is found greedily, which is valid and may be lighter",
    ),
    bounds=NEAREST_MEAN_ERROR,
    kind=Kind.UPPER,
    inputs=(MAIN_SHARE, UNALIGNED_SHARE),
    formula=augmented_distance,
    hypotheses=(CLASS_LABELS, SELF_VIEWS, SEPARATE_CLASSES, CONSTANT_NORM, SEPARATED_MEANS),
    steps=path(
        itself(NEAREST_MEAN_ERROR),
        (
            "<=",
            Term((MAIN_SHARE, UNALIGNED_SHARE), augmented_distance),
            "an aligned input of a main part lies within r^2 rho_max of its class mean in inner product, nearer than "
            "to any other mean by the condition; the rest has at most this mass",
        ),
    ),
    attained_on=(SEPARATED_GROUPS,),
    not_vacuous_on=(SEPARATED_GROUPS,),
    controls=(
        dropped(SEPARATE_CLASSES, unknown="the argument does not use it: no counterexample is known"),
        scaled(Fraction(9, 10)),
    ),
)
