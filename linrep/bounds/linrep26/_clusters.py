"""A sharper form of the guarantee on implementable clusters."""

from fractions import Fraction

from linrep.bounds._theorem import Kind, Source, Theorem, scaled
from linrep.bounds.haochenma23 import CHAIN, CLUSTERS, CONTROLS, smallest_mass
from linrep.symbols import (
    BAYES_SPLIT,
    BAYES_TARGET_RISK,
    INVERSE_EXPANSION,
    SMALLEST_CLUSTER,
    TWO_CLUSTERS,
)

SHARPENED_CLUSTERS = Theorem(
    key="linrep26.sharpened_clusters",
    title="implementable clusters, without the heaviest one",
    source=Source("linrep26", "theory, T11, with a proof", differs="the lightest cluster in place of the heaviest"),
    bounds=BAYES_TARGET_RISK,
    kind=Kind.UPPER,
    inputs=(BAYES_SPLIT, INVERSE_EXPANSION, SMALLEST_CLUSTER),
    formula=smallest_mass,
    hypotheses=CLUSTERS.hypotheses,
    steps=CHAIN,
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(*CONTROLS, scaled(Fraction(1, 50))),
)
