"""Where guarantees that see only the augmentations, the loss and d can say nothing."""

from fractions import Fraction

from linrep.bounds._controls import reversed_inequality, shifted
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.symbols import (
    BLIND_SQUARES,
    CUT_EIGENVALUE,
    CUT_RETAINED,
    DIM,
    DIM_BELOW_INPUTS,
    DISJOINT_PAIRS,
    HEAD_SQUARES,
    IDENTIFICATION_ERROR,
    INTERLACING_BUDGET,
    LAST_EIGENVALUE,
    N_INPUTS,
    NEARLY_DISJOINT,
    NEXT_UNRESTRICTED_CUT_EIGENVALUE,
    ONE_OUTPUT,
    POSTERIOR_COLLISION,
    SHORT_INTERLACING_BUDGET,
    UNIFORM_PRIOR,
    UNRESTRICTED,
    UNRESTRICTED_CUT_EIGENVALUE,
    UNRESTRICTED_DEFECT,
    VACUITY_BUDGET,
)

_IDENTIFICATION = (IDENTIFICATION_ERROR, DIM, N_INPUTS)
_COLLISION = (POSTERIOR_COLLISION, DIM, N_INPUTS)

GAP_CONTROLS = (
    dropped(UNIFORM_PRIOR),
    dropped(DIM_BELOW_INPUTS),
    scaled(Fraction(9, 10)),
    reversed_inequality(),
    shifted(UNRESTRICTED_CUT_EIGENVALUE, NEXT_UNRESTRICTED_CUT_EIGENVALUE),
)


def vacuity_threshold(interlacing: Scalar, field: Field) -> Scalar:
    """sum_{i<=d} (kappa_i^2 - kappa_{i+q}^2)."""
    return interlacing


def difference(first: Scalar, second: Scalar, field: Field) -> Scalar:
    """What is left of the first number."""
    return first - second


VACUITY_THRESHOLD = Theorem(
    key="linrep26.vacuity_threshold",
    title="the budget at which squared-error guarantees become vacuous",
    source=Source("linrep26", "theory, V5"),
    bounds=VACUITY_BUDGET,
    kind=Kind.UPPER,
    inputs=(INTERLACING_BUDGET,),
    formula=vacuity_threshold,
    hypotheses=(),
    steps=path(
        itself(VACUITY_BUDGET),
        (
            "=",
            Term((HEAD_SQUARES, BLIND_SQUARES), difference),
            "no linear information is M.T c_0 = 0; Eckart–Young in the complement of c_0",
        ),
        (
            "<=",
            Term((INTERLACING_BUDGET,), vacuity_threshold),
            "Cauchy interlacing: kappa_i(K on c_0-perp) >= kappa_{i+q}",
        ),
    ),
    attained_on=(DISJOINT_PAIRS,),
    not_vacuous_on=(DISJOINT_PAIRS,),
    controls=(scaled(Fraction(9, 10)), reversed_inequality(), shifted(INTERLACING_BUDGET, SHORT_INTERLACING_BUDGET)),
)


def near_disjoint_ceiling(cut: Scalar, field: Field) -> Scalar:
    """2 lambda_{d+1}."""
    return 2 * cut


def squares_apart(retained: Scalar, field: Field) -> Scalar:
    """1 - kappa_{d+1}^2."""
    return 1 - retained**2


NEAR_DISJOINT_CEILING = Theorem(
    key="linrep26.near_disjoint_ceiling",
    title="a small spectral gap makes every class-agnostic guarantee vacuous",
    source=Source("linrep26", "theory, V6, first inequality"),
    bounds=VACUITY_BUDGET,
    kind=Kind.UPPER,
    inputs=(CUT_EIGENVALUE,),
    formula=near_disjoint_ceiling,
    hypotheses=(UNRESTRICTED, UNIFORM_PRIOR, ONE_OUTPUT, DIM_BELOW_INPUTS),
    steps=path(
        itself(VACUITY_BUDGET),
        ("<=", itself(INTERLACING_BUDGET), "V5"),
        ("<=", Term((CUT_RETAINED,), squares_apart), "one output: q <= 1, the sum telescopes, and kappa_1 = 1"),
        ("<=", Term((CUT_EIGENVALUE,), near_disjoint_ceiling), "1 - kappa^2 = (1 - kappa)(1 + kappa)"),
    ),
    not_vacuous_on=(NEARLY_DISJOINT,),
    controls=(
        dropped(ONE_OUTPUT),
        dropped(UNRESTRICTED, unknown="kappa_1 <= 1 in every class, and nothing else is used"),
        dropped(UNIFORM_PRIOR, unknown="the proof does not use it"),
        dropped(DIM_BELOW_INPUTS, unknown="beyond d = N the bound is 2, and the budget at most 1"),
        scaled(Fraction(9, 10)),
        reversed_inequality(),
        shifted(CUT_EIGENVALUE, LAST_EIGENVALUE),
    ),
)


def collision(posterior_collision: Scalar, dim: Scalar, inputs: Scalar, field: Field) -> Scalar:
    """(1 - theta) / (1 - d / N)."""
    return (1 - posterior_collision) / (1 - dim / inputs)


def average(defect: Scalar, inputs: Scalar, dim: Scalar, field: Field) -> Scalar:
    """The sum of the lambda_i spread over the last N - d."""
    return defect / (inputs - dim)


NEAR_DISJOINT_COLLISION = Theorem(
    key="linrep26.near_disjoint_collision",
    title="Lemma 4.4 with the posterior collision",
    source=Source("linrep26", "theory, V4, first inequality"),
    bounds=UNRESTRICTED_CUT_EIGENVALUE,
    kind=Kind.UPPER,
    inputs=_COLLISION,
    formula=collision,
    hypotheses=(UNIFORM_PRIOR, DIM_BELOW_INPUTS),
    steps=path(
        itself(UNRESTRICTED_CUT_EIGENVALUE),
        (
            "<=",
            Term((UNRESTRICTED_DEFECT, N_INPUTS, DIM), average),
            "the last N - d of the first N terms are at least lambda_{d+1}",
        ),
        ("=", Term(_COLLISION, collision), "tr M.T M = N theta for a uniform prior"),
    ),
    attained_on=(NEARLY_DISJOINT,),
    not_vacuous_on=(NEARLY_DISJOINT,),
    controls=GAP_CONTROLS,
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
    inputs=_IDENTIFICATION,
    formula=squared_identification,
    hypotheses=(UNIFORM_PRIOR, DIM_BELOW_INPUTS),
    steps=path(
        itself(UNRESTRICTED_CUT_EIGENVALUE),
        ("<=", Term(_COLLISION, collision), "V4, first inequality"),
        (
            "<=",
            Term(_IDENTIFICATION, squared_identification),
            "a sum of squared posteriors is at least the square of the largest; Jensen",
        ),
    ),
    not_vacuous_on=(NEARLY_DISJOINT,),
    controls=GAP_CONTROLS,
)


def near_disjoint_identification(identification: Scalar, dim: Scalar, inputs: Scalar, field: Field) -> Scalar:
    """4 tau / (1 - d / N)."""
    return 4 * identification / (1 - dim / inputs)


def twice_squared(identification: Scalar, dim: Scalar, inputs: Scalar, field: Field) -> Scalar:
    """2 (1 - (1 - tau)^2) / (1 - d / N)."""
    return 2 * squared_identification(identification, dim, inputs, field)


NEAR_DISJOINT_IDENTIFICATION = Theorem(
    key="linrep26.near_disjoint_identification",
    title="nearly disjoint views make every class-agnostic guarantee vacuous",
    source=Source("linrep26", "theory, V6, second inequality"),
    bounds=VACUITY_BUDGET,
    kind=Kind.UPPER,
    inputs=_IDENTIFICATION,
    formula=near_disjoint_identification,
    hypotheses=(UNRESTRICTED, UNIFORM_PRIOR, ONE_OUTPUT, DIM_BELOW_INPUTS),
    steps=path(
        itself(VACUITY_BUDGET),
        ("<=", Term((CUT_EIGENVALUE,), near_disjoint_ceiling), "V6, first inequality"),
        ("<=", Term(_IDENTIFICATION, twice_squared), "V4, second inequality"),
        ("<=", Term(_IDENTIFICATION, near_disjoint_identification), "1 - (1 - tau)^2 <= 2 tau"),
    ),
    not_vacuous_on=(NEARLY_DISJOINT,),
    controls=(
        dropped(UNRESTRICTED),
        dropped(UNIFORM_PRIOR),
        dropped(ONE_OUTPUT),
        dropped(DIM_BELOW_INPUTS),
        scaled(Fraction(9, 10)),
        reversed_inequality(),
    ),
)
