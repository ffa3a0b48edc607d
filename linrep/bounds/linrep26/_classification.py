"""Guarantees for the 0-1 error, through margins or through a sharpened form of Theorem 4.5."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._theorem import Choice, Kind, Source, Step, Theorem, dropped, scaled
from linrep.bounds.linrep26._class_aware import vector_defect
from linrep.symbols import (
    ADMISSIBLE_INDEX,
    AUGMENTED_ERROR,
    BAYES_CLASS_REGRESSION,
    BAYES_DISAGREEMENT,
    BAYES_REGRESSION,
    CLASS_LABELS,
    CLASS_MEAN_RISK,
    CUT_RETAINED,
    EXAMPLE_ONE_DICTATOR,
    HEAD_EIGENVALUE,
    MARGIN,
    MARGIN_MASS_AUGMENTED,
    MARGIN_MASS_MEAN,
    MEAN_ERROR,
    MEAN_RISK,
    POSITIVE_MARGIN,
    SCORE_ENERGY,
    SCORE_INCONSISTENCY,
    SIGN_LABELS,
    SUBOPTIMALITY,
    TAIL_EIGENVALUE,
    TWO_CLUSTERS,
)


def margin(
    mass: Scalar,
    energy: Scalar,
    suboptimality: Scalar,
    head: Scalar,
    cut: Scalar,
    inconsistency: Scalar,
    tail: Scalar,
    threshold: Scalar,
    field: Field,
) -> Scalar:
    """Pr[margin < gamma] + (sqrt(S_h delta_k) + sqrt(V_h / lambda_{k+1}))^2 / gamma^2."""
    lost = energy * vector_defect(suboptimality, head, cut, field)
    return mass + ((field.sqrt(lost) + field.sqrt(inconsistency / tail)) / threshold) ** 2


_MARGIN_TAIL = (
    SCORE_ENERGY,
    SUBOPTIMALITY,
    HEAD_EIGENVALUE,
    CUT_RETAINED,
    SCORE_INCONSISTENCY,
    TAIL_EIGENVALUE,
    MARGIN,
)
_MARGIN_STEPS = (
    Step(r"\min_u\mathbb{E}(u-h)^2", r"\le", "R_h", "T4's argument for the target h, u in the span of f"),
    Step(r"\Pr[|u-h|\ge\gamma]", r"\le", r"R_h/\gamma^2", "Markov"),
    Step(r"\Pr[\bar yu\le0]", r"\le", r"\Pr[\bar yh<\gamma]+\Pr[|u-h|\ge\gamma]", "a margin of gamma must be bridged"),
)

MARGIN_AUGMENTED = Theorem(
    key="linrep26.margin",
    title="margins of a score in the class, one view",
    source=Source("linrep26", "theory, T6"),
    bounds=AUGMENTED_ERROR,
    kind=Kind.UPPER,
    inputs=(MARGIN_MASS_AUGMENTED, *_MARGIN_TAIL),
    formula=margin,
    hypotheses=(SIGN_LABELS, ADMISSIBLE_INDEX, POSITIVE_MARGIN),
    choice=Choice.BEST,
    steps=_MARGIN_STEPS,
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(ADMISSIBLE_INDEX), scaled(Fraction(1, 10))),
)

MARGIN_MEAN = Theorem(
    key="linrep26.margin_mean",
    title="margins of a score in the class, mean readout",
    source=Source("linrep26", "theory, T6, with the R_h of one view"),
    bounds=MEAN_ERROR,
    kind=Kind.UPPER,
    inputs=(MARGIN_MASS_MEAN, *_MARGIN_TAIL),
    formula=margin,
    hypotheses=(SIGN_LABELS, ADMISSIBLE_INDEX, POSITIVE_MARGIN),
    choice=Choice.BEST,
    steps=(
        *_MARGIN_STEPS,
        Step(r"\mathbb{E}(u_A-h_A)^2", r"\le", r"\mathbb{E}(u-h)^2", "Jensen over the views of an input"),
    ),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(ADMISSIBLE_INDEX), scaled(Fraction(1, 10))),
)


def _sharpened(slack: Scalar, tail: Scalar, suboptimality: Scalar, head: Scalar, cut: Scalar, field: Field) -> Scalar:
    return (field.sqrt(2 * slack / tail) + field.sqrt(suboptimality / (head * (head**2 - cut**2)))) ** 2


def sharpened_45(
    disagreement: Scalar,
    regression: Scalar,
    tail: Scalar,
    suboptimality: Scalar,
    head: Scalar,
    cut: Scalar,
    field: Field,
) -> Scalar:
    """(sqrt(2 (2 Delta + sqrt L_reg) / lambda_{k+1}) + sqrt(eps / (kappa_k (kappa_k^2 - kappa_{d+1}^2))))^2."""
    return _sharpened(2 * disagreement + field.sqrt(regression), tail, suboptimality, head, cut, field)


_SHARPENED_INPUTS = (
    BAYES_DISAGREEMENT,
    BAYES_REGRESSION,
    TAIL_EIGENVALUE,
    SUBOPTIMALITY,
    HEAD_EIGENVALUE,
    CUT_RETAINED,
)
_SHARPENED_STEPS = (
    Step(r"\sum_i\kappa_ia_i^2", r"\ge", r"1-2\delta", "Cauchy-Schwarz on the correlation of label and g"),
    Step(
        r"1-\sum_{i\le k}a_i^2",
        r"\le",
        r"2\delta/\lambda_{k+1}",
        "kappa_i <= 1 in the head, kappa_i <= kappa_{k+1} beyond",
    ),
    Step(
        r"\mathrm{dist}(q_u,\mathrm{col})^2",
        r"\le",
        r"\varepsilon/(\kappa_k(\kappa_k^2-\kappa_{d+1}^2))",
        "head bound, then divide by kappa_k",
    ),
)

SHARPENED_45 = Theorem(
    key="linrep26.sharpened_45",
    title="Theorem 4.5 without the factor k and one power of the gap",
    source=Source("linrep26", "theory, T8"),
    bounds=MEAN_RISK,
    kind=Kind.UPPER,
    inputs=_SHARPENED_INPUTS,
    formula=sharpened_45,
    hypotheses=(SIGN_LABELS, ADMISSIBLE_INDEX),
    choice=Choice.BEST,
    steps=_SHARPENED_STEPS,
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(ADMISSIBLE_INDEX), scaled(Fraction(1, 10))),
)


def sharpened_45_classes(
    disagreement: Scalar,
    regression: Scalar,
    tail: Scalar,
    suboptimality: Scalar,
    head: Scalar,
    cut: Scalar,
    field: Field,
) -> Scalar:
    """The same with delta = Delta + sqrt L_reg, for one-hot targets."""
    return _sharpened(disagreement + field.sqrt(regression), tail, suboptimality, head, cut, field)


SHARPENED_45_CLASSES = Theorem(
    key="linrep26.sharpened_45_classes",
    title="the sharpened Theorem 4.5 for many classes",
    source=Source("linrep26", "theory, T8, multi-class"),
    bounds=CLASS_MEAN_RISK,
    kind=Kind.UPPER,
    inputs=(BAYES_DISAGREEMENT, BAYES_CLASS_REGRESSION, *_SHARPENED_INPUTS[2:]),
    formula=sharpened_45_classes,
    hypotheses=(CLASS_LABELS, ADMISSIBLE_INDEX),
    choice=Choice.BEST,
    steps=_SHARPENED_STEPS,
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(dropped(ADMISSIBLE_INDEX), scaled(Fraction(1, 10))),
)
