"""Saunshi, Ash, Goel, Misra, Zhang, Arora, Kakade, Krishnamurthy (ICML 2022)."""

from fractions import Fraction

from linrep.bounds._constrained import CONSTRAINED_LOWER_BOUND as CONSTRAINED_LOWER_BOUND
from linrep.bounds._constrained import COUNTING_CONTROLS
from linrep.bounds._controls import reversed_inequality, shifted
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Relation, Step, Term, itself, path
from linrep.bounds._theorem import Choice, Kind, Source, Theorem, dropped, hidden, scaled
from linrep.bounds.linrep26._class_aware import SUBOPTIMAL_MEAN, one_vector
from linrep.bounds.linrep26._classification import SIGN_PATH, label_slack, lost_head
from linrep.bounds.linrep26._vacuity import GAP_CONTROLS, NEAR_DISJOINT_COLLISION, NEAR_DISJOINT_SQUARED, average
from linrep.symbols import (
    ADMISSIBLE_INDEX,
    AVERAGED_LOSS,
    BALANCED_LABELS,
    BAYES_DISAGREEMENT,
    BAYES_REGRESSION,
    COUNTING_FLOOR,
    CUT_EIGENVALUE,
    CUT_RETAINED,
    DIM,
    DIM_BELOW_INPUTS,
    DISJOINT,
    DISJOINT_PAIRS,
    EXAMPLE_ONE,
    EXAMPLE_ONE_DICTATOR,
    HEAD_EIGENVALUE,
    HEAD_LAMBDA,
    HEAD_SIZE,
    IDENTIFICATION_ERROR,
    LOSS,
    MEAN_ERROR,
    MEAN_RISK,
    N_INPUTS,
    NEARLY_DISJOINT,
    NEXT_CUT_EIGENVALUE,
    NEXT_TAIL_EIGENVALUE,
    RELABELLED_LOSS,
    RELEVANT,
    SIGN_LABELS,
    SUBOPTIMALITY,
    TAIL_EIGENVALUE,
    TRANSFER_VALUE,
    UNIFORM_PRIOR,
    UNION_BOUND,
    UNRESTRICTED,
    UNRESTRICTED_CUT_EIGENVALUE,
    UNRESTRICTED_DEFECT,
    WORST_INDISTINGUISHABLE_ERROR,
)


def _approximation(disagreement: Scalar, regression: Scalar, tail: Scalar, field: Field) -> Scalar:
    return 4 * label_slack(disagreement, regression, field) / tail


def linear_class(
    disagreement: Scalar,
    regression: Scalar,
    tail: Scalar,
    size: Scalar,
    suboptimality: Scalar,
    head: Scalar,
    cut: Scalar,
    field: Field,
) -> Scalar:
    """4 (2 Delta + sqrt L_reg) / lambda_{k+1} + 2 k eps / ((1 - lambda_k) (lambda_{d+1} - lambda_k)^2)."""
    return without_size(disagreement, regression, tail, size * suboptimality, head, cut, field)


def split(
    disagreement: Scalar,
    regression: Scalar,
    tail: Scalar,
    suboptimality: Scalar,
    head: Scalar,
    cut: Scalar,
    field: Field,
) -> Scalar:
    """4 (2 Delta + sqrt L_reg) / lambda_{k+1} + 2 eps / (kappa_k (kappa_k^2 - kappa_{d+1}^2))."""
    return _approximation(disagreement, regression, tail, field) + 2 * lost_head(suboptimality, head, cut)


def without_size(
    disagreement: Scalar,
    regression: Scalar,
    tail: Scalar,
    suboptimality: Scalar,
    head: Scalar,
    cut: Scalar,
    field: Field,
) -> Scalar:
    """The bound with the factor k left out."""
    lost = 2 * suboptimality / ((1 - head) * (cut - head) ** 2)
    return _approximation(disagreement, regression, tail, field) + lost


_APPROXIMATION = (BAYES_DISAGREEMENT, BAYES_REGRESSION, TAIL_EIGENVALUE)
_LINEAR_CLASS = (*_APPROXIMATION, HEAD_SIZE, SUBOPTIMALITY, HEAD_LAMBDA, CUT_EIGENVALUE)

LINEAR_CLASS = Theorem(
    key="saunshi22.linear_class",
    title="linear representations transfer",
    source=Source(
        "saunshi22",
        "Theorem 4.5",
        "second hand",
        "evaluated at the Bayes label g of a view, an upper bound of the printed minimum over g",
    ),
    bounds=MEAN_ERROR,
    kind=Kind.UPPER,
    inputs=_LINEAR_CLASS,
    formula=linear_class,
    hypotheses=(SIGN_LABELS, ADMISSIBLE_INDEX),
    choice=Choice.BEST,
    steps=path(
        itself(MEAN_ERROR),
        ("<=", itself(MEAN_RISK), "a wrong sign costs at least 1"),
        ("<=", SUBOPTIMAL_MEAN.term, "T5"),
        *SIGN_PATH,
        (
            "<=",
            Term((*_APPROXIMATION, SUBOPTIMALITY, HEAD_EIGENVALUE, CUT_RETAINED), split),
            "(x + y)^2 <= 2 x^2 + 2 y^2",
        ),
        (
            "<=",
            Term((*_APPROXIMATION, SUBOPTIMALITY, HEAD_LAMBDA, CUT_EIGENVALUE), without_size),
            "kappa_k + kappa_{d+1} >= kappa_k - kappa_{d+1} = lambda_{d+1} - lambda_k",
        ),
        ("<=", Term(_LINEAR_CLASS, linear_class), "the head bound summed over k vectors, k >= 1"),
    ),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(
        scaled(Fraction(1, 3)),
        reversed_inequality(),
        shifted(TAIL_EIGENVALUE, NEXT_TAIL_EIGENVALUE),
        shifted(CUT_EIGENVALUE, NEXT_CUT_EIGENVALUE),
    ),
)


def hypercube(relevant: Scalar, suboptimality: Scalar, field: Field) -> Scalar:
    """32 k eps."""
    return 32 * relevant * suboptimality


def at_relevant(relevant: Scalar, suboptimality: Scalar, cut: Scalar, field: Field) -> Scalar:
    """2 k eps / lambda_{d+1}^2, Theorem 4.5 with lambda_k = 0 and no first term."""
    return 2 * relevant * suboptimality / cut**2


HYPERCUBE = Theorem(
    key="saunshi22.hypercube",
    title="Example 1, label one coordinate",
    source=Source("saunshi22", "Corollary 4.2", "second hand"),
    bounds=MEAN_ERROR,
    kind=Kind.UPPER,
    inputs=(RELEVANT, SUBOPTIMALITY),
    formula=hypercube,
    hypotheses=(EXAMPLE_ONE,),
    steps=path(
        itself(MEAN_ERROR),
        ("<=", itself(MEAN_RISK), "a wrong sign costs at least 1"),
        ("<=", Term((SUBOPTIMALITY, CUT_RETAINED), one_vector), "T5 at the k kept coordinates: R_min = 0, kappa_k = 1"),
        (
            "<=",
            Term((RELEVANT, SUBOPTIMALITY, CUT_EIGENVALUE), at_relevant),
            "1 + kappa_{d+1} >= 1 - kappa_{d+1} = lambda_{d+1}, and 1 <= 2 k: Theorem 4.5 at k",
        ),
        ("<=", Term((RELEVANT, SUBOPTIMALITY), hypercube), "lambda_{d+1} >= 1/4 from d = k on"),
    ),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(EXAMPLE_ONE), scaled(Fraction(1, 30)), reversed_inequality()),
)


def counted(floor: Scalar, field: Field) -> Scalar:
    """e(N, d)."""
    return floor


def one(field: Field) -> Scalar:
    """1."""
    return field.ratio(1, 1)


LOWER_BOUND = Theorem(
    key="saunshi22.lower_bound",
    title="some representation of no larger loss classifies badly",
    source=Source(
        "saunshi22", "Lemma 4.1", "second hand", "the print hides the constant; e(N,d) is ours, by exact counting"
    ),
    bounds=WORST_INDISTINGUISHABLE_ERROR,
    kind=Kind.LOWER,
    inputs=(COUNTING_FLOOR,),
    formula=counted,
    hypotheses=(UNIFORM_PRIOR, DISJOINT, SIGN_LABELS, BALANCED_LABELS),
    steps=(
        Step(
            itself(WORST_INDISTINGUISHABLE_ERROR),
            Relation.AT_LEAST,
            Term((COUNTING_FLOOR,), counted),
            "some permutation of the averaged representation is bad for these labels, by counting",
        ),
        Step(itself(AVERAGED_LOSS), Relation.AT_MOST, itself(LOSS), "averaging over the views of an input (Jensen)"),
        Step(itself(RELABELLED_LOSS), Relation.EQUAL, itself(AVERAGED_LOSS), "permuting equally likely inputs"),
        Step(
            itself(UNION_BOUND),
            Relation.AT_MOST,
            Term((), one),
            "choice of t: fewer than one of Cover's sign patterns is expected to agree in more than t places",
        ),
    ),
    not_vacuous_on=(DISJOINT_PAIRS,),
    controls=COUNTING_CONTROLS,
)

VACUOUS_TRANSFER = Theorem(
    key="saunshi22.vacuous_transfer",
    title="no class-agnostic guarantee can be small",
    source=Source(
        "saunshi22", "Corollary 4.1", "second hand", "with the counted floor e(N,d) in place of the printed order"
    ),
    bounds=TRANSFER_VALUE,
    kind=Kind.LOWER,
    inputs=(COUNTING_FLOOR,),
    formula=counted,
    hypotheses=(UNIFORM_PRIOR, DISJOINT, SIGN_LABELS, BALANCED_LABELS),
    steps=path(
        itself(TRANSFER_VALUE),
        (
            ">=",
            itself(WORST_INDISTINGUISHABLE_ERROR),
            "T does not decrease with the loss, L(f) >= L(f^), and T is a guarantee at f^",
        ),
        (">=", Term((COUNTING_FLOOR,), counted), "Lemma 4.1"),
    ),
    not_vacuous_on=(DISJOINT_PAIRS,),
    controls=COUNTING_CONTROLS,
)


def near_disjoint(identification: Scalar, dim: Scalar, inputs: Scalar, field: Field) -> Scalar:
    """2 tau / (1 - d / N)."""
    return 2 * identification / (1 - dim / inputs)


NEAR_DISJOINT = Theorem(
    key="saunshi22.near_disjoint",
    title="nearly disjoint views leave no spectral gap",
    source=Source(
        "saunshi22", "Lemma 4.4", "second hand", "stated for lambda_{d+1} itself, which bounds every difference"
    ),
    bounds=UNRESTRICTED_CUT_EIGENVALUE,
    kind=Kind.UPPER,
    inputs=(IDENTIFICATION_ERROR, DIM, N_INPUTS),
    formula=near_disjoint,
    hypotheses=(UNIFORM_PRIOR, DIM_BELOW_INPUTS),
    steps=path(
        itself(UNRESTRICTED_CUT_EIGENVALUE),
        (
            "<=",
            Term((UNRESTRICTED_DEFECT, N_INPUTS, DIM), average),
            "the last N - d of the first N terms are at least lambda_{d+1}",
        ),
        ("=", NEAR_DISJOINT_COLLISION.term, "tr M.T M = N theta for a uniform prior"),
        (
            "<=",
            NEAR_DISJOINT_SQUARED.term,
            "a sum of squared posteriors is at least the square of the largest; Jensen",
        ),
        ("<=", Term((IDENTIFICATION_ERROR, DIM, N_INPUTS), near_disjoint), "1 - (1 - tau)^2 <= 2 tau"),
    ),
    not_vacuous_on=(NEARLY_DISJOINT,),
    controls=GAP_CONTROLS,
)


RESTATED_HAOCHEN = Theorem(
    key="saunshi22.restated_haochen",
    title="the class-agnostic guarantee with suboptimality",
    source=Source("saunshi22", "Theorem 4.3", "second hand"),
    bounds=MEAN_ERROR,
    kind=Kind.UPPER,
    inputs=(TAIL_EIGENVALUE, HEAD_SIZE, SUBOPTIMALITY, HEAD_LAMBDA, CUT_EIGENVALUE),
    formula=hidden,
    hypotheses=(SIGN_LABELS, UNRESTRICTED, ADMISSIBLE_INDEX),
    choice=Choice.BEST,
    unavailable="the paper hides the constants c1 and c2 of c1 alpha / lambda_{k+1} + c2 k eps / "
    "(lambda_{d+1} - lambda_k)^2; linrep26.sharpened_45 with one-hot features is an explicit form",
)
