"""HaoChen, Ma (ICLR 2023)."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.symbols import (
    BAYES_SPLIT,
    BAYES_TARGET_RISK,
    CLASS_LABELS,
    CUT_EIGENVALUE,
    DIM_IS_CLUSTERS,
    IMPLEMENTABLE_CLUSTERS,
    INVERSE_EXPANSION,
    LARGEST_CLUSTER,
    MINIMISER,
    POSITIVE_EXPANSION,
    SEPARATED_CLUSTERS,
    SMALLEST_CLUSTER,
    TWO_CLUSTERS,
)


def clusters(crossing: Scalar, inverse: Scalar, largest: Scalar, smallest: Scalar, field: Field) -> Scalar:
    """(alpha / beta) P_max / (P_min - alpha)."""
    return crossing * inverse * largest / (smallest - crossing)


def through_the_gap(crossing: Scalar, cut: Scalar, field: Field) -> Scalar:
    """alpha / lambda_{d+1}."""
    return crossing / cut


def smallest_mass(crossing: Scalar, inverse: Scalar, smallest: Scalar, field: Field) -> Scalar:
    """(alpha / beta) P_min / (P_min - alpha / 2)."""
    return crossing * inverse * smallest / (smallest - crossing / 2)


CHAIN = path(
    itself(BAYES_TARGET_RISK),
    (
        "<=",
        Term((BAYES_SPLIT, CUT_EIGENVALUE), through_the_gap),
        "indicators are in the class: what d leaves out of them is at most 1/lambda_{d+1} times the sum of "
        "E(1_S(x) - 1_S(x+))^2 / 2, which is alpha",
    ),
    (
        "<=",
        Term((BAYES_SPLIT, INVERSE_EXPANSION, SMALLEST_CLUSTER), smallest_mass),
        "lambda_{d+1} is at least the least Dirichlet form of a unit function of mean zero in each cluster (min-max); "
        "by expansion that is beta min_i Pr[both in S_i] / P_i, and a cluster loses at most alpha / 2",
    ),
)
"""The squared error of the clusters goes through the spectral gap."""

_HYPOTHESES = (
    MINIMISER,
    CLASS_LABELS,
    DIM_IS_CLUSTERS,
    IMPLEMENTABLE_CLUSTERS,
    SEPARATED_CLUSTERS,
    POSITIVE_EXPANSION,
)

CONTROLS = (
    dropped(MINIMISER),
    dropped(DIM_IS_CLUSTERS),
    dropped(IMPLEMENTABLE_CLUSTERS),
    dropped(SEPARATED_CLUSTERS),
)
"""Without each of these some problem refutes the inequality."""

CLUSTERS = Theorem(
    key="haochenma23.clusters",
    title="implementable clusters are recovered",
    source=Source(
        "haochenma23",
        "Theorem 3.6",
        "second hand",
        "clusters are the parts of the Bayes label of a view; asked of minimisers of the spectral loss, which are "
        "those of the variance-regularised loss at strength 1; every strength above alpha/P_min keeps the same span",
    ),
    bounds=BAYES_TARGET_RISK,
    kind=Kind.UPPER,
    inputs=(BAYES_SPLIT, INVERSE_EXPANSION, LARGEST_CLUSTER, SMALLEST_CLUSTER),
    formula=clusters,
    hypotheses=_HYPOTHESES,
    steps=(
        *CHAIN,
        *path(
            CHAIN[-1].right,
            (
                "<=",
                Term((BAYES_SPLIT, INVERSE_EXPANSION, LARGEST_CLUSTER, SMALLEST_CLUSTER), clusters),
                "P_min <= P_max and alpha / 2 <= alpha",
            ),
        ),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(*CONTROLS, scaled(Fraction(1, 100))),
)
