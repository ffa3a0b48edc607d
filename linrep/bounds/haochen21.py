"""HaoChen, Wei, Gaidon, Ma (NeurIPS 2021)."""

from fractions import Fraction

from linrep.bounds._controls import reversed_inequality, shifted
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Relation, Step, Term, itself
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, hidden, scaled
from linrep.bounds.linrep26._graph import HAOCHEN_REGRESSION, HAOCHEN_VOTE
from linrep.symbols import (
    CLASS_LABELS,
    CUT_EIGENVALUE,
    LABEL_NOISE,
    MINIMISER,
    NEXT_CUT_EIGENVALUE,
    NOISY_LABELS,
    PARTITION_CONDUCTANCE,
    POSITIVE_CUT_EIGENVALUE,
    TWICE_CLASSES,
    TWO_CLUSTERS,
    UNRESTRICTED,
    VOTE_ERROR,
)


def eigenvalue(noise: Scalar, cut: Scalar, field: Field) -> Scalar:
    """4 alpha / lambda_{d+1} + 8 alpha."""
    return 4 * noise / cut + 8 * noise


EIGENVALUE = Theorem(
    key="haochen21.eigenvalue",
    title="label noise over the spectral gap",
    source=Source("haochen21", "eigenvalue form of Theorem 3.7, as later papers state it", "second hand"),
    bounds=VOTE_ERROR,
    kind=Kind.UPPER,
    inputs=(LABEL_NOISE, CUT_EIGENVALUE),
    formula=eigenvalue,
    hypotheses=(UNRESTRICTED, MINIMISER, CLASS_LABELS, POSITIVE_CUT_EIGENVALUE),
    steps=(
        Step(
            itself(VOTE_ERROR),
            Relation.AT_MOST,
            Term((LABEL_NOISE, CUT_EIGENVALUE), eigenvalue),
            "as published; its steps were not read, and ours lead to 8 alpha / lambda_{d+1} + 2 alpha",
        ),
        Step(itself(VOTE_ERROR), Relation.AT_MOST, HAOCHEN_VOTE.term, "linrep26.haochen_vote, proved step by step"),
        *HAOCHEN_REGRESSION.steps,
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(
        dropped(UNRESTRICTED),
        dropped(MINIMISER),
        scaled(Fraction(2, 5)),
        reversed_inequality(),
        shifted(CUT_EIGENVALUE, NEXT_CUT_EIGENVALUE),
    ),
)


PARTITION = Theorem(
    key="haochen21.partition",
    title="label noise over the sparsest partition",
    source=Source("haochen21", "Theorem 3.7", "paper"),
    bounds=VOTE_ERROR,
    kind=Kind.UPPER,
    inputs=(LABEL_NOISE, PARTITION_CONDUCTANCE),
    formula=hidden,
    hypotheses=(UNRESTRICTED, MINIMISER, CLASS_LABELS, NOISY_LABELS, TWICE_CLASSES),
    unavailable="the paper hides universal constants and a log d in O~(alpha / rho_{floor(d/2)}^2), and the constant "
    "of lambda_{d+1} >= c rho^2 / log d is not explicit; haochen21.eigenvalue goes through lambda_{d+1} itself",
)
