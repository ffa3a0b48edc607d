"""HaoChen, Wei, Gaidon, Ma (NeurIPS 2021)."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._theorem import Kind, Source, Step, Theorem, dropped, scaled
from linrep.symbols import (
    CLASS_LABELS,
    CUT_EIGENVALUE,
    LABEL_NOISE,
    MINIMISER,
    POSITIVE_CUT_EIGENVALUE,
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
            r"\min_B\mathbb{E}\|e_{g(x)}-Bf(x)\|^2",
            r"\le",
            r"\Pr[g(x)\neq g(x^+)]/\lambda_{d+1}",
            "energy beyond the cut",
        ),
        Step(r"\Pr[g(x)\neq g(x^+)]", r"\le", r"2\alpha", "both views must agree with the label"),
        Step(r"\Pr[\text{argmax}\neq g]", r"\le", r"2\,\mathbb{E}\|e_g-Bf\|^2", "a wrong argmax costs at least 1/2"),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(dropped(MINIMISER), scaled(Fraction(1, 50))),
)
