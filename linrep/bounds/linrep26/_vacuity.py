"""Where guarantees that see only the augmentations, the loss and d can say nothing."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._theorem import Kind, Source, Step, Theorem, dropped, scaled
from linrep.symbols import (
    CUT_EIGENVALUE,
    DIM,
    DIM_BELOW_INPUTS,
    DISJOINT_PAIRS,
    IDENTIFICATION_ERROR,
    INTERLACING_BUDGET,
    N_INPUTS,
    NEARLY_DISJOINT,
    ONE_OUTPUT,
    POSTERIOR_COLLISION,
    UNIFORM_PRIOR,
    UNRESTRICTED,
    UNRESTRICTED_CUT_EIGENVALUE,
    VACUITY_BUDGET,
)

_WEAKEN = scaled(Fraction(1, 3))


def vacuity_threshold(interlacing: Scalar, field: Field) -> Scalar:
    """sum_{i<=d} (kappa_i^2 - kappa_{i+q}^2)."""
    return interlacing


VACUITY_THRESHOLD = Theorem(
    key="linrep26.vacuity_threshold",
    title="the budget at which squared-error guarantees become vacuous",
    source=Source("linrep26", "theory, V5"),
    bounds=VACUITY_BUDGET,
    kind=Kind.UPPER,
    inputs=(INTERLACING_BUDGET,),
    formula=vacuity_threshold,
    hypotheses=(),
    steps=(
        Step(r"\text{no information}", r"\Leftrightarrow", r"M_W^\top c_0=0", "cross moment with the centred label"),
        Step(
            r"\min_{M^\top c_0=0}L",
            "=",
            r"-\sum_{i\le d}\kappa_i(K|_{c_0^\perp})^2",
            "Eckart–Young in the complement of c_0",
        ),
        Step(r"\kappa_i(K|_{c_0^\perp})", r"\ge", r"\kappa_{i+q}", "Cauchy interlacing"),
    ),
    attained_on=(DISJOINT_PAIRS,),
    not_vacuous_on=(DISJOINT_PAIRS,),
    controls=(_WEAKEN,),
)


def near_disjoint_ceiling(cut: Scalar, field: Field) -> Scalar:
    """2 lambda_{d+1}."""
    return 2 * cut


NEAR_DISJOINT_CEILING = Theorem(
    key="linrep26.near_disjoint_ceiling",
    title="a small spectral gap makes every class-agnostic guarantee vacuous",
    source=Source("linrep26", "theory, V6, first inequality"),
    bounds=VACUITY_BUDGET,
    kind=Kind.UPPER,
    inputs=(CUT_EIGENVALUE,),
    formula=near_disjoint_ceiling,
    hypotheses=(UNRESTRICTED, UNIFORM_PRIOR, ONE_OUTPUT, DIM_BELOW_INPUTS),
    steps=(
        Step(r"\varepsilon_{\mathrm{vac}}", r"\le", r"1-\kappa_{d+1}^2", "interlacing, one output, kappa_1 = 1"),
        Step(r"1-\kappa_{d+1}^2", r"\le", r"2\lambda_{d+1}", "factor the difference of squares"),
    ),
    not_vacuous_on=(NEARLY_DISJOINT,),
    controls=(dropped(ONE_OUTPUT), _WEAKEN),
)


def near_disjoint_identification(identification: Scalar, dim: Scalar, inputs: Scalar, field: Field) -> Scalar:
    """4 tau / (1 - d / N)."""
    return 4 * identification / (1 - dim / inputs)


NEAR_DISJOINT_IDENTIFICATION = Theorem(
    key="linrep26.near_disjoint_identification",
    title="nearly disjoint views make every class-agnostic guarantee vacuous",
    source=Source("linrep26", "theory, V6, second inequality"),
    bounds=VACUITY_BUDGET,
    kind=Kind.UPPER,
    inputs=(IDENTIFICATION_ERROR, DIM, N_INPUTS),
    formula=near_disjoint_identification,
    hypotheses=(UNRESTRICTED, UNIFORM_PRIOR, ONE_OUTPUT, DIM_BELOW_INPUTS),
    steps=(Step(r"2\lambda_{d+1}", r"\le", r"4\tau/(1-d/N)", "Lemma 4.4"),),
    not_vacuous_on=(NEARLY_DISJOINT,),
    controls=(dropped(ONE_OUTPUT), _WEAKEN),
)


def collision(posterior_collision: Scalar, dim: Scalar, inputs: Scalar, field: Field) -> Scalar:
    """(1 - theta) / (1 - d / N)."""
    return (1 - posterior_collision) / (1 - dim / inputs)


NEAR_DISJOINT_COLLISION = Theorem(
    key="linrep26.near_disjoint_collision",
    title="Lemma 4.4 with the posterior collision",
    source=Source("linrep26", "theory, V4, first inequality"),
    bounds=UNRESTRICTED_CUT_EIGENVALUE,
    kind=Kind.UPPER,
    inputs=(POSTERIOR_COLLISION, DIM, N_INPUTS),
    formula=collision,
    hypotheses=(UNIFORM_PRIOR, DIM_BELOW_INPUTS),
    steps=(Step(r"(N-d)\lambda_{d+1}", r"\le", r"\sum_{i\le N}\lambda_i=N(1-\theta)", "trace"),),
    attained_on=(NEARLY_DISJOINT,),
    not_vacuous_on=(NEARLY_DISJOINT,),
    controls=(dropped(UNIFORM_PRIOR), scaled(Fraction(9, 10))),
)


def squared_identification(identification: Scalar, dim: Scalar, inputs: Scalar, field: Field) -> Scalar:
    """(1 - (1 - tau)^2) / (1 - d / N)."""
    return (1 - (1 - identification) ** 2) / (1 - dim / inputs)


NEAR_DISJOINT_SQUARED = Theorem(
    key="linrep26.near_disjoint_squared",
    title="Lemma 4.4 before the square is expanded",
    source=Source("linrep26", "theory, V4, second inequality"),
    bounds=UNRESTRICTED_CUT_EIGENVALUE,
    kind=Kind.UPPER,
    inputs=(IDENTIFICATION_ERROR, DIM, N_INPUTS),
    formula=squared_identification,
    hypotheses=(UNIFORM_PRIOR, DIM_BELOW_INPUTS),
    steps=(Step(r"\theta", r"\ge", r"(1-\tau)^2", "largest posterior, then Jensen"),),
    not_vacuous_on=(NEARLY_DISJOINT,),
    controls=(dropped(UNIFORM_PRIOR), _WEAKEN),
)
