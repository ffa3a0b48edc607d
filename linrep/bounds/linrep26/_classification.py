"""Guarantees for the 0-1 error, through margins or through a sharpened form of Theorem 4.5."""

from fractions import Fraction

from linrep.bounds._controls import reversed_inequality, shifted
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Choice, Kind, Source, Theorem, scaled
from linrep.bounds.linrep26._class_aware import SUBOPTIMAL_MEAN, suboptimal_mean, vector_defect
from linrep.bounds.linrep26._minimisers import two_parts
from linrep.symbols import (
    ADMISSIBLE_INDEX,
    AUGMENTED_ERROR,
    BAYES_CLASS_REGRESSION,
    BAYES_DISAGREEMENT,
    BAYES_REGRESSION,
    BEST_AUGMENTED_RISK,
    BEST_MEAN_RISK,
    CLASS_BEST_AUGMENTED_RISK,
    CLASS_BEST_MEAN_RISK,
    CLASS_LABELS,
    CLASS_MEAN_ENERGY,
    CLASS_MEAN_RISK,
    CLASS_RISK_GAP,
    CUT_RETAINED,
    EXAMPLE_ONE_DICTATOR,
    HEAD_EIGENVALUE,
    MARGIN,
    MARGIN_MASS_AUGMENTED,
    MARGIN_MASS_MEAN,
    MEAN_ERROR,
    MEAN_RISK,
    NEXT_CUT_RETAINED,
    NEXT_TAIL_EIGENVALUE,
    POSITIVE_MARGIN,
    RISK_GAP,
    SCORE_ENERGY,
    SCORE_HEAD_LOSS,
    SCORE_INCONSISTENCY,
    SCORE_LOSS,
    SCORE_MEAN_LOSS,
    SCORE_TAIL_ENERGY,
    SIGN_LABELS,
    SUBOPTIMALITY,
    TAIL_EIGENVALUE,
    TWO_CLUSTERS,
    Quantity,
)

_CONTROLS = (
    scaled(Fraction(9, 10)),
    reversed_inequality(),
    shifted(TAIL_EIGENVALUE, NEXT_TAIL_EIGENVALUE),
    shifted(CUT_RETAINED, NEXT_CUT_RETAINED),
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


def markov(mass: Scalar, loss: Scalar, threshold: Scalar, field: Field) -> Scalar:
    """mass + loss / gamma^2."""
    return mass + loss / threshold**2


def bridged(mass: Scalar, head_loss: Scalar, beyond: Scalar, threshold: Scalar, field: Field) -> Scalar:
    """mass + (sqrt(head_loss) + sqrt(beyond))^2 / gamma^2."""
    return mass + ((field.sqrt(head_loss) + field.sqrt(beyond)) / threshold) ** 2


def _from_the_score(mass: Quantity) -> tuple[tuple[str, Term, str], ...]:
    """How a margin proof ends, once it speaks of u = Ph."""
    return (
        (
            "<=",
            Term((mass, SCORE_HEAD_LOSS, SCORE_TAIL_ENERGY, MARGIN), bridged),
            "triangle inequality, and all of the tail may be lost",
        ),
        ("<=", Term((mass, *_MARGIN_TAIL), margin), "head bound, and lambda_i >= lambda_{k+1} beyond k"),
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
    steps=path(
        itself(AUGMENTED_ERROR),
        (
            "<=",
            Term((MARGIN_MASS_AUGMENTED, SCORE_LOSS, MARGIN), markov),
            "u = Ph errs where h has a margin below gamma or |u - h| >= gamma; Markov",
        ),
        *_from_the_score(MARGIN_MASS_AUGMENTED),
    ),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=_CONTROLS,
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
    steps=path(
        itself(MEAN_ERROR),
        (
            "<=",
            Term((MARGIN_MASS_MEAN, SCORE_MEAN_LOSS, MARGIN), markov),
            "u_A errs where h_A has a margin below gamma or |u_A - h_A| >= gamma; Markov",
        ),
        ("<=", Term((MARGIN_MASS_MEAN, SCORE_LOSS, MARGIN), markov), "Jensen over the views of an input"),
        *_from_the_score(MARGIN_MASS_MEAN),
    ),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=_CONTROLS,
)


def label_slack(disagreement: Scalar, regression: Scalar, field: Field) -> Scalar:
    """delta = 2 Delta + sqrt L_reg."""
    return 2 * disagreement + field.sqrt(regression)


def lost_head(suboptimality: Scalar, head: Scalar, cut: Scalar) -> Scalar:
    """eps / (kappa_k (kappa_k^2 - kappa_{d+1}^2)): what the mean of a unit vector of the top-k span can lose."""
    return suboptimality / (head * (head**2 - cut**2))


def _sharpened(slack: Scalar, tail: Scalar, suboptimality: Scalar, head: Scalar, cut: Scalar, field: Field) -> Scalar:
    return (field.sqrt(2 * slack / tail) + field.sqrt(lost_head(suboptimality, head, cut))) ** 2


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
    return _sharpened(label_slack(disagreement, regression, field), tail, suboptimality, head, cut, field)


_SHARPENED_INPUTS = (
    BAYES_DISAGREEMENT,
    BAYES_REGRESSION,
    TAIL_EIGENVALUE,
    SUBOPTIMALITY,
    HEAD_EIGENVALUE,
    CUT_RETAINED,
)


def unclipped(
    best: Scalar, gap: Scalar, tail: Scalar, suboptimality: Scalar, head: Scalar, cut: Scalar, field: Field
) -> Scalar:
    """R̄_min + (sqrt((R_min - R̄_min) / lambda_{k+1}) + sqrt(eps / (kappa_k (kappa_k^2 - kappa_{d+1}^2))))^2."""
    return two_parts(best, gap / tail, lost_head(suboptimality, head, cut), field)


def inside(
    best: Scalar, gap: Scalar, tail: Scalar, suboptimality: Scalar, head: Scalar, cut: Scalar, field: Field
) -> Scalar:
    """The same with R̄_min under the first root."""
    return (field.sqrt(best + gap / tail) + field.sqrt(lost_head(suboptimality, head, cut))) ** 2


def over_tail(best: Scalar, tail: Scalar, suboptimality: Scalar, head: Scalar, cut: Scalar, field: Field) -> Scalar:
    """(sqrt(R_min / lambda_{k+1}) + sqrt(eps / (kappa_k (kappa_k^2 - kappa_{d+1}^2))))^2."""
    return (field.sqrt(best / tail) + field.sqrt(lost_head(suboptimality, head, cut))) ** 2


_TAIL = (TAIL_EIGENVALUE, SUBOPTIMALITY, HEAD_EIGENVALUE, CUT_RETAINED)


def sharpened_path(
    best_mean: Quantity, gap: Quantity, best: Quantity, end: Term, correlation: str
) -> tuple[tuple[str, Term, str], ...]:
    """From T5's bound to T8's, for labels of square 1: quantities of the target, T8's term, why R_min <= 2 delta."""
    return (
        ("<=", Term((best_mean, gap, *_TAIL), unclipped), "the label's energy is at most 1, delta_k unclipped"),
        ("<=", Term((best_mean, gap, *_TAIL), inside), "the error in the class moves under the root"),
        ("<=", Term((best, *_TAIL), over_tail), "lambda_{k+1} <= 1: the error in the class is divided by it too"),
        ("<=", end, correlation),
    )


SIGN_PATH = sharpened_path(
    BEST_MEAN_RISK,
    RISK_GAP,
    BEST_AUGMENTED_RISK,
    Term(_SHARPENED_INPUTS, sharpened_45),
    "Cauchy-Schwarz: |c| >= E yg - sqrt L_reg = 1 - delta, so R_min = 1 - |c|^2 <= 2 delta",
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
    steps=path(
        itself(MEAN_RISK),
        ("<=", SUBOPTIMAL_MEAN.term, "T5"),
        *SIGN_PATH,
    ),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=_CONTROLS,
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


_CLASS_INPUTS = (BAYES_DISAGREEMENT, BAYES_CLASS_REGRESSION, *_SHARPENED_INPUTS[2:])
_CLASS_T5 = (CLASS_BEST_MEAN_RISK, CLASS_RISK_GAP, TAIL_EIGENVALUE, CLASS_MEAN_ENERGY, *_TAIL[1:])

SHARPENED_45_CLASSES = Theorem(
    key="linrep26.sharpened_45_classes",
    title="the sharpened Theorem 4.5 for many classes",
    source=Source("linrep26", "theory, T8, multi-class"),
    bounds=CLASS_MEAN_RISK,
    kind=Kind.UPPER,
    inputs=_CLASS_INPUTS,
    formula=sharpened_45_classes,
    hypotheses=(CLASS_LABELS, ADMISSIBLE_INDEX),
    choice=Choice.BEST,
    steps=path(
        itself(CLASS_MEAN_RISK),
        ("<=", Term(_CLASS_T5, suboptimal_mean), "T5 for the target e_y"),
        *sharpened_path(
            CLASS_BEST_MEAN_RISK,
            CLASS_RISK_GAP,
            CLASS_BEST_AUGMENTED_RISK,
            Term(_CLASS_INPUTS, sharpened_45_classes),
            "Cauchy-Schwarz: |c| >= E e_y.e_g - sqrt L_reg = 1 - delta, so R_min = 1 - |c|^2 <= 2 delta",
        ),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=_CONTROLS,
)
