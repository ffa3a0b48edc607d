"""Guarantees that use the function class: every minimiser, every suboptimal representation."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._theorem import Choice, Kind, Source, Step, Theorem, dropped, scaled
from linrep.symbols import (
    ADMISSIBLE_INDEX,
    AUGMENTED_RISK,
    BEST_AUGMENTED_RISK,
    BEST_MEAN_RISK,
    CUT_EIGENVALUE,
    CUT_RETAINED,
    EXAMPLE_ONE,
    EXAMPLE_ONE_DICTATOR,
    EXAMPLE_ONE_SWAP,
    FLIP_DICTATOR,
    HEAD_DEFECT,
    HEAD_EIGENVALUE,
    INCONSISTENCY,
    MEAN_ENERGY,
    MEAN_RISK,
    MINIMISER,
    POSITIVE_CUT_EIGENVALUE,
    PREDICTED_ENERGY,
    RISK_GAP,
    SUBOPTIMALITY,
    TAIL_EIGENVALUE,
)

_TIGHTEN = scaled(Fraction(9, 10))


def risk_gap_mean(best_mean: Scalar, best_augmented: Scalar, cut_gap: Scalar, field: Field) -> Scalar:
    """R̄_min + (R_min - R̄_min) / lambda_{d+1}."""
    return best_mean + (best_augmented - best_mean) / cut_gap


RISK_GAP_MEAN = Theorem(
    key="linrep26.risk_gap_mean",
    title="the price of augmentation, mean readout",
    source=Source("linrep26", "theory, T1"),
    bounds=MEAN_RISK,
    kind=Kind.UPPER,
    inputs=(BEST_MEAN_RISK, BEST_AUGMENTED_RISK, CUT_EIGENVALUE),
    formula=risk_gap_mean,
    hypotheses=(MINIMISER, POSITIVE_CUT_EIGENVALUE),
    steps=(
        Step(r"L_{\mathrm{reg}}^{\mathrm{mean}}-\bar R_{\min}", "=", r"\sum_{i>d}a_i^2", "a minimiser spans the top d"),
        Step(
            r"\sum_{i>d}a_i^2", r"\le", r"\sum_{i>d}\lambda_ia_i^2/\lambda_{d+1}", "lambda_i >= lambda_{d+1} beyond d"
        ),
        Step(r"\sum_{i>d}\lambda_ia_i^2", r"\le", r"\sum_i\lambda_ia_i^2", "add non-negative terms"),
        Step(r"\sum_i\lambda_ia_i^2", "=", r"R_{\min}-\bar R_{\min}", "kappa_i a_i^2 = c_i^2"),
    ),
    attained_on=(FLIP_DICTATOR,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(MINIMISER), _TIGHTEN),
)


def risk_gap_augmented(best: Scalar, inconsistency: Scalar, cut_gap: Scalar, field: Field) -> Scalar:
    """R_min + V / lambda_{d+1}."""
    return best + inconsistency / cut_gap


RISK_GAP_AUGMENTED = Theorem(
    key="linrep26.risk_gap_augmented",
    title="the price of augmentation, one view",
    source=Source("linrep26", "theory, T2"),
    bounds=AUGMENTED_RISK,
    kind=Kind.UPPER,
    inputs=(BEST_AUGMENTED_RISK, INCONSISTENCY, CUT_EIGENVALUE),
    formula=risk_gap_augmented,
    hypotheses=(MINIMISER, POSITIVE_CUT_EIGENVALUE),
    steps=(
        Step(r"L_{\mathrm{reg}}^{\mathrm{aug}}-R_{\min}", "=", r"\sum_{i>d}c_i^2", "a minimiser spans the top d"),
        Step(r"\sum_{i>d}c_i^2", r"\le", r"\sum_i\lambda_ic_i^2/\lambda_{d+1}", "lambda_i >= lambda_{d+1} beyond d"),
        Step(
            r"\sum_i\lambda_ic_i^2", "=", "V", "w_LS has coordinates c and E Var(h | input) = w.(Sigma - Sigma_bar) w"
        ),
    ),
    attained_on=(FLIP_DICTATOR,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(MINIMISER), _TIGHTEN),
)


def head_bound(suboptimality: Scalar, head: Scalar, cut: Scalar, field: Field) -> Scalar:
    """eps / (kappa_k^2 - kappa_{d+1}^2)."""
    return suboptimality / (head**2 - cut**2)


def vector_defect(suboptimality: Scalar, head: Scalar, cut: Scalar, field: Field) -> Scalar:
    """delta_k = min(1, eps / (kappa_k^2 - kappa_{d+1}^2)): what one unit vector of the top-k span can lose."""
    return field.minimum(field.ratio(1, 1), head_bound(suboptimality, head, cut, field))


HEAD_BOUND = Theorem(
    key="linrep26.head_bound",
    title="a small loss keeps the leading eigenvectors",
    source=Source("linrep26", "theory, T3"),
    bounds=HEAD_DEFECT,
    kind=Kind.UPPER,
    inputs=(SUBOPTIMALITY, HEAD_EIGENVALUE, CUT_RETAINED),
    formula=head_bound,
    hypotheses=(ADMISSIBLE_INDEX,),
    choice=Choice.EVERY,
    steps=(
        Step(r"L_{\mathrm{spec}}(f)", r"\ge", r"-\|Q^\top KQ\|_F^2", "best loss on a given column space"),
        Step(r"\|Q^\top KQ\|_F^2", r"\le", r"\sum_i\kappa_i^2\pi_i", "pi_i = v_i.P v_i"),
        Step(
            r"\sum_{i\le d}\kappa_i^2-\sum_i\kappa_i^2\pi_i",
            r"\ge",
            r"(\kappa_k^2-\kappa_{d+1}^2)\sum_{i\le k}(1-\pi_i)",
            "exchange",
        ),
    ),
    attained_on=(EXAMPLE_ONE_SWAP,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(ADMISSIBLE_INDEX), _TIGHTEN),
)


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
    lost = vector_defect(suboptimality, head, cut, field) * energy
    return best + (field.sqrt(lost) + field.sqrt(inconsistency / tail)) ** 2


SUBOPTIMAL_AUGMENTED = Theorem(
    key="linrep26.suboptimal_augmented",
    title="any representation, one view",
    source=Source("linrep26", "theory, T4"),
    bounds=AUGMENTED_RISK,
    kind=Kind.UPPER,
    inputs=(
        BEST_AUGMENTED_RISK,
        PREDICTED_ENERGY,
        SUBOPTIMALITY,
        HEAD_EIGENVALUE,
        CUT_RETAINED,
        INCONSISTENCY,
        TAIL_EIGENVALUE,
    ),
    formula=suboptimal_augmented,
    hypotheses=(ADMISSIBLE_INDEX,),
    choice=Choice.BEST,
    steps=(
        Step(r"L_{\mathrm{reg}}^{\mathrm{aug}}(f)-R_{\min}", "=", r"\|(I-P)c\|^2", "I3"),
        Step(r"\|(I-P)c\|", r"\le", r"\|(I-P)c_{\le k}\|+\|c_{>k}\|", "triangle inequality"),
        Step(r"\|(I-P)c_{\le k}\|^2", r"\le", r"\delta_kS", "head bound"),
        Step(r"\|c_{>k}\|^2", r"\le", r"V/\lambda_{k+1}", "as in T2"),
    ),
    attained_on=(EXAMPLE_ONE_SWAP,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(ADMISSIBLE_INDEX), _TIGHTEN),
)


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
    lost = energy * vector_defect(suboptimality, head, cut, field) / head
    return best + (field.sqrt(gap / tail) + field.sqrt(lost)) ** 2


SUBOPTIMAL_MEAN = Theorem(
    key="linrep26.suboptimal_mean",
    title="any representation, mean readout",
    source=Source("linrep26", "theory, T5"),
    bounds=MEAN_RISK,
    kind=Kind.UPPER,
    inputs=(
        BEST_MEAN_RISK,
        RISK_GAP,
        TAIL_EIGENVALUE,
        MEAN_ENERGY,
        SUBOPTIMALITY,
        HEAD_EIGENVALUE,
        CUT_RETAINED,
    ),
    formula=suboptimal_mean,
    hypotheses=(ADMISSIBLE_INDEX,),
    choice=Choice.BEST,
    steps=(
        Step(
            r"L_{\mathrm{reg}}^{\mathrm{mean}}(f)-\bar R_{\min}",
            r"\le",
            r"\|\sum_ia_i\sqrt{\kappa_i}(\ldots)\|^2",
            "residual in the mean features",
        ),
        Step(r"\|a_{>k}\|^2", r"\le", r"(R_{\min}-\bar R_{\min})/\lambda_{k+1}", "as in T1"),
        Step(
            r"\mathrm{dist}(q_u,\mathrm{col})^2", r"\le", r"\|(I-P)u\|^2/\kappa_k", "left singular vectors of the top k"
        ),
    ),
    attained_on=(EXAMPLE_ONE_SWAP,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(ADMISSIBLE_INDEX), _TIGHTEN),
)


def hypercube(suboptimality: Scalar, field: Field) -> Scalar:
    """(16 / 7) eps."""
    return field.ratio(16, 7) * suboptimality


HYPERCUBE = Theorem(
    key="linrep26.hypercube",
    title="Example 1, label one coordinate, best constant",
    source=Source("linrep26", "theory, T9"),
    bounds=AUGMENTED_RISK,
    kind=Kind.UPPER,
    inputs=(SUBOPTIMALITY,),
    formula=hypercube,
    hypotheses=(EXAMPLE_ONE,),
    steps=(
        Step(
            r"\text{T4 at } k",
            r"\le",
            r"\varepsilon/(1-(3/4)^2)",
            "R_min = V = 0, S = 1, kappa_k = 1, kappa_{d+1} <= 3/4",
        ),
    ),
    attained_on=(EXAMPLE_ONE_SWAP,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(EXAMPLE_ONE), _TIGHTEN),
)
