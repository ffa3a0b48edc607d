"""What every representation of the class guarantees, by its suboptimality."""

from linrep.bounds._controls import reversed_inequality, shifted
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Choice, Kind, Source, Theorem, dropped
from linrep.bounds.linrep26._minimisers import TIGHTEN, added, two_parts
from linrep.symbols import (
    ADMISSIBLE_INDEX,
    AUGMENTED_RISK,
    BEST_AUGMENTED_RISK,
    BEST_MEAN_RISK,
    COMPRESSION_GAP,
    CUT_RETAINED,
    EXAMPLE_ONE,
    EXAMPLE_ONE_DICTATOR,
    EXAMPLE_ONE_SWAP,
    HEAD_DEFECT,
    HEAD_EIGENVALUE,
    HEAD_ENERGY,
    HEAD_LOSS,
    HEAD_MEAN_LOSS,
    HEAD_SOLVED_LOSS,
    INCONSISTENCY,
    LOST_ENERGY,
    LOST_MEAN_ENERGY,
    MEAN_ENERGY,
    MEAN_RISK,
    NEXT_CUT_RETAINED,
    NEXT_TAIL_EIGENVALUE,
    PREDICTED_ENERGY,
    PROJECTION_GAP,
    RISK_GAP,
    SUBOPTIMALITY,
    TAIL_EIGENVALUE,
    TAIL_ENERGY,
    TAIL_MEAN_ENERGY,
)


def head_bound(suboptimality: Scalar, head: Scalar, cut: Scalar, field: Field) -> Scalar:
    """eps / (kappa_k^2 - kappa_{d+1}^2)."""
    return suboptimality / (head**2 - cut**2)


def vector_defect(suboptimality: Scalar, head: Scalar, cut: Scalar, field: Field) -> Scalar:
    """delta_k = min(1, eps / (kappa_k^2 - kappa_{d+1}^2)): what one unit vector of the top-k span can lose."""
    return field.minimum(field.ratio(1, 1), head_bound(suboptimality, head, cut, field))


_T3 = (SUBOPTIMALITY, HEAD_EIGENVALUE, CUT_RETAINED)

HEAD_BOUND = Theorem(
    key="linrep26.head_bound",
    title="a small loss keeps the leading eigenvectors",
    source=Source("linrep26", "theory, T3"),
    bounds=HEAD_DEFECT,
    kind=Kind.UPPER,
    inputs=_T3,
    formula=head_bound,
    hypotheses=(ADMISSIBLE_INDEX,),
    choice=Choice.EVERY,
    steps=path(
        itself(HEAD_DEFECT),
        (
            "<=",
            Term((PROJECTION_GAP, HEAD_EIGENVALUE, CUT_RETAINED), head_bound),
            "exchange: what is lost of the top k can at best be made up at kappa_{d+1}, since tr P <= d",
        ),
        ("<=", Term((COMPRESSION_GAP, HEAD_EIGENVALUE, CUT_RETAINED), head_bound), "|PKP|_F^2 = tr PKPK <= tr K^2 P"),
        ("<=", Term(_T3, head_bound), "no representation with this span has a loss below -|PKP|_F^2"),
    ),
    attained_on=(EXAMPLE_ONE_SWAP,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(TIGHTEN, reversed_inequality(), shifted(CUT_RETAINED, NEXT_CUT_RETAINED)),
)


def head_bounded(
    best: Scalar, energy: Scalar, suboptimality: Scalar, head: Scalar, cut: Scalar, beyond: Scalar, field: Field
) -> Scalar:
    """best + (sqrt(delta_k energy) + sqrt(beyond))^2."""
    return two_parts(best, vector_defect(suboptimality, head, cut, field) * energy, beyond, field)


def suboptimal_augmented(
    best: Scalar,
    energy: Scalar,
    suboptimality: Scalar,
    head: Scalar,
    cut: Scalar,
    inconsistency: Scalar,
    tail: Scalar,
    field: Field,
) -> Scalar:
    """R_min + (sqrt(delta_k S) + sqrt(V / lambda_{k+1}))^2."""
    return head_bounded(best, energy, suboptimality, head, cut, inconsistency / tail, field)


_T4 = (
    BEST_AUGMENTED_RISK,
    PREDICTED_ENERGY,
    SUBOPTIMALITY,
    HEAD_EIGENVALUE,
    CUT_RETAINED,
    INCONSISTENCY,
    TAIL_EIGENVALUE,
)

SUBOPTIMAL_AUGMENTED = Theorem(
    key="linrep26.suboptimal_augmented",
    title="any representation, one view",
    source=Source("linrep26", "theory, T4"),
    bounds=AUGMENTED_RISK,
    kind=Kind.UPPER,
    inputs=_T4,
    formula=suboptimal_augmented,
    hypotheses=(ADMISSIBLE_INDEX,),
    choice=Choice.BEST,
    steps=path(
        itself(AUGMENTED_RISK),
        ("=", Term((BEST_AUGMENTED_RISK, LOST_ENERGY), added), "the error in the class, and what f loses (I3)"),
        (
            "<=",
            Term((BEST_AUGMENTED_RISK, HEAD_LOSS, TAIL_ENERGY), two_parts),
            "triangle inequality, and all of the tail may be lost",
        ),
        (
            "<=",
            Term((BEST_AUGMENTED_RISK, HEAD_ENERGY, *_T3, TAIL_ENERGY), head_bounded),
            "head bound for the vector c_{<=k}",
        ),
        (
            "<=",
            Term((BEST_AUGMENTED_RISK, HEAD_ENERGY, *_T3, INCONSISTENCY, TAIL_EIGENVALUE), suboptimal_augmented),
            "lambda_i >= lambda_{k+1} beyond k, and V = sum lambda_i c_i^2",
        ),
        ("<=", Term(_T4, suboptimal_augmented), "S = |c|^2 has the terms beyond k too"),
    ),
    attained_on=(EXAMPLE_ONE_SWAP,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(
        TIGHTEN,
        reversed_inequality(),
        shifted(TAIL_EIGENVALUE, NEXT_TAIL_EIGENVALUE),
        shifted(CUT_RETAINED, NEXT_CUT_RETAINED),
    ),
)


def mean_head_bounded(
    best: Scalar, beyond: Scalar, energy: Scalar, suboptimality: Scalar, head: Scalar, cut: Scalar, field: Field
) -> Scalar:
    """best + (sqrt(beyond) + sqrt(energy delta_k / kappa_k))^2."""
    return two_parts(best, beyond, energy * vector_defect(suboptimality, head, cut, field) / head, field)


def suboptimal_mean(
    best: Scalar,
    gap: Scalar,
    tail: Scalar,
    energy: Scalar,
    suboptimality: Scalar,
    head: Scalar,
    cut: Scalar,
    field: Field,
) -> Scalar:
    """R̄_min + (sqrt((R_min - R̄_min) / lambda_{k+1}) + sqrt(S̄_k delta_k / kappa_k))^2."""
    return mean_head_bounded(best, gap / tail, energy, suboptimality, head, cut, field)


_T5 = (BEST_MEAN_RISK, RISK_GAP, TAIL_EIGENVALUE, MEAN_ENERGY, SUBOPTIMALITY, HEAD_EIGENVALUE, CUT_RETAINED)

SUBOPTIMAL_MEAN = Theorem(
    key="linrep26.suboptimal_mean",
    title="any representation, mean readout",
    source=Source("linrep26", "theory, T5"),
    bounds=MEAN_RISK,
    kind=Kind.UPPER,
    inputs=_T5,
    formula=suboptimal_mean,
    hypotheses=(ADMISSIBLE_INDEX,),
    choice=Choice.BEST,
    steps=path(
        itself(MEAN_RISK),
        ("=", Term((BEST_MEAN_RISK, LOST_MEAN_ENERGY), added), "the error in the class, and what f loses (I3)"),
        (
            "<=",
            Term((BEST_MEAN_RISK, TAIL_MEAN_ENERGY, HEAD_MEAN_LOSS), two_parts),
            "triangle inequality, and all of the tail may be lost",
        ),
        (
            "<=",
            Term((BEST_MEAN_RISK, TAIL_MEAN_ENERGY, HEAD_SOLVED_LOSS), two_parts),
            "a_{<=k} = K^{1/2} w has K^{1/2} P w within reach, and |K^{1/2}| <= 1",
        ),
        (
            "<=",
            Term((BEST_MEAN_RISK, TAIL_MEAN_ENERGY, MEAN_ENERGY, *_T3), mean_head_bounded),
            "head bound for w = K^{-1/2} a_{<=k}, whose square is at most |a_{<=k}|^2 / kappa_k",
        ),
        (
            "<=",
            Term(_T5, suboptimal_mean),
            "lambda_i >= lambda_{k+1} beyond k, and R_min - R̄_min = sum lambda_i a_i^2",
        ),
    ),
    attained_on=(EXAMPLE_ONE_SWAP,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(
        TIGHTEN,
        reversed_inequality(),
        shifted(TAIL_EIGENVALUE, NEXT_TAIL_EIGENVALUE),
        shifted(CUT_RETAINED, NEXT_CUT_RETAINED),
    ),
)


def hypercube(suboptimality: Scalar, field: Field) -> Scalar:
    """(16 / 7) eps."""
    return field.ratio(16, 7) * suboptimality


def one_vector(suboptimality: Scalar, cut: Scalar, field: Field) -> Scalar:
    """eps / (1 - kappa_{d+1}^2)."""
    return suboptimality / (1 - cut**2)


HYPERCUBE = Theorem(
    key="linrep26.hypercube",
    title="Example 1, label one coordinate, best constant",
    source=Source("linrep26", "theory, T9"),
    bounds=AUGMENTED_RISK,
    kind=Kind.UPPER,
    inputs=(SUBOPTIMALITY,),
    formula=hypercube,
    hypotheses=(EXAMPLE_ONE,),
    steps=path(
        itself(AUGMENTED_RISK),
        ("=", itself(LOST_ENERGY), "the label is a coordinate that the augmentation leaves alone: R_min = 0"),
        ("<=", Term((SUBOPTIMALITY, CUT_RETAINED), one_vector), "head bound for c, of norm 1 and kappa = 1"),
        ("<=", Term((SUBOPTIMALITY,), hypercube), "kappa_{d+1} <= (E tau)^2 / E tau^2 = 3/4 from d = k on"),
    ),
    attained_on=(EXAMPLE_ONE_SWAP,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(EXAMPLE_ONE), TIGHTEN, reversed_inequality()),
)
