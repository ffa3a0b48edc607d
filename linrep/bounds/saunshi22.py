"""Saunshi, Ash, Goel, Misra, Zhang, Arora, Kakade, Krishnamurthy (ICML 2022)."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._theorem import Choice, Kind, Source, Step, Theorem, dropped, scaled
from linrep.symbols import (
    ADMISSIBLE_INDEX,
    BALANCED_LABELS,
    BAYES_DISAGREEMENT,
    BAYES_REGRESSION,
    COUNTING_FLOOR,
    CUT_EIGENVALUE,
    DIM,
    DIM_BELOW_INPUTS,
    DISJOINT,
    DISJOINT_PAIRS,
    EXAMPLE_ONE,
    EXAMPLE_ONE_DICTATOR,
    HEAD_LAMBDA,
    HEAD_SIZE,
    IDENTIFICATION_ERROR,
    MEAN_ERROR,
    N_INPUTS,
    NEARLY_DISJOINT,
    RELEVANT,
    SIGN_LABELS,
    SUBOPTIMALITY,
    TAIL_EIGENVALUE,
    TRANSFER_VALUE,
    UNIFORM_PRIOR,
    UNRESTRICTED,
    UNRESTRICTED_CUT_EIGENVALUE,
    WORST_INDISTINGUISHABLE_ERROR,
)


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
    approximation = 4 * (2 * disagreement + field.sqrt(regression)) / tail
    return approximation + 2 * size * suboptimality / ((1 - head) * (cut - head) ** 2)


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
    inputs=(
        BAYES_DISAGREEMENT,
        BAYES_REGRESSION,
        TAIL_EIGENVALUE,
        HEAD_SIZE,
        SUBOPTIMALITY,
        HEAD_LAMBDA,
        CUT_EIGENVALUE,
    ),
    formula=linear_class,
    hypotheses=(SIGN_LABELS, ADMISSIBLE_INDEX),
    choice=Choice.BEST,
    steps=(
        Step(
            r"L_{\mathrm{clf}}^{\mathrm{mean}}",
            r"\le",
            r"\min_w\mathbb{E}(w\cdot f_A-\bar y)^2",
            "a wrong sign costs at least 1",
        ),
        Step(
            r"\bar y",
            r"=",
            r"(\text{part in the top } k) + (\text{rest})",
            "left singular vectors of the whitened mean features",
        ),
        Step(
            r"\|\text{rest}\|^2",
            r"\le",
            r"2(2\Delta+\sqrt{L_{\mathrm{reg}}})/\lambda_{k+1}",
            "sum of kappa_i a_i^2 >= 1 - 2 delta",
        ),
        Step(
            r"\|\text{part outside the span}\|^2",
            r"\le",
            r"k\varepsilon/((1-\lambda_k)(\lambda_{d+1}-\lambda_k)^2)",
            "head bound, summed",
        ),
        Step(r"(x+y)^2", r"\le", r"2x^2+2y^2", "split the square"),
    ),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(ADMISSIBLE_INDEX), scaled(Fraction(1, 100))),
)


def hypercube(relevant: Scalar, suboptimality: Scalar, field: Field) -> Scalar:
    """32 k eps."""
    return 32 * relevant * suboptimality


HYPERCUBE = Theorem(
    key="saunshi22.hypercube",
    title="Example 1, label one coordinate",
    source=Source("saunshi22", "Corollary 4.2", "second hand"),
    bounds=MEAN_ERROR,
    kind=Kind.UPPER,
    inputs=(RELEVANT, SUBOPTIMALITY),
    formula=hypercube,
    hypotheses=(EXAMPLE_ONE,),
    steps=(
        Step(
            r"\text{Theorem 4.5 at } k",
            r"=",
            r"2k\varepsilon/(1\cdot(1/4)^2)",
            "lambda_k = 0, lambda_{d+1} = 1/4, no first term",
        ),
    ),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(EXAMPLE_ONE),),
)


def counted(floor: Scalar, field: Field) -> Scalar:
    """e(N, d)."""
    return floor


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
        Step(r"L(\hat f)", r"\le", r"L(f)", "averaging over the views of an input (Jensen)"),
        Step(r"L(\hat f\circ\pi)", r"=", r"L(\hat f)", "permuting equally likely inputs"),
        Step(
            r"\Pr_\pi[\text{error} < e(N,d)]",
            r"\le",
            r"C(N,d)\max_m\Pr[2H+N/2-m>t]",
            "union over Cover's sign patterns",
        ),
        Step(r"C(N,d)\max_m\Pr[2H+N/2-m>t]", r"<", "1", "choice of t, so some permutation is bad"),
    ),
    not_vacuous_on=(DISJOINT_PAIRS,),
    controls=(dropped(DISJOINT), scaled(Fraction(3))),
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
    steps=(
        Step(
            r"T(\Gamma,L(f),d)", r"\ge", r"T(\Gamma,L(\hat f),d)", "T does not decrease with the loss and L(f) >= L(f^)"
        ),
        Step(r"T(\Gamma,L(\hat f),d)", r"\ge", r"L_{\mathrm{clf}}(\hat f)", "T is a guarantee"),
        Step(r"L_{\mathrm{clf}}(\hat f)", r"\ge", "e(N,d)", "Lemma 4.1"),
    ),
    not_vacuous_on=(DISJOINT_PAIRS,),
    controls=(dropped(DISJOINT), scaled(Fraction(3))),
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
    steps=(
        Step(r"(N-d)\lambda_{d+1}", r"\le", r"\sum_{i\le N}\lambda_i", "the last N - d terms are the largest"),
        Step(r"\sum_{i\le N}\lambda_i", r"=", r"N(1-\theta)", "trace of M^T M for a uniform prior"),
        Step(
            r"1-\theta", r"\le", r"1-(1-\tau)^2", "a sum of squares is at least the square of the largest, then Jensen"
        ),
        Step(r"1-(1-\tau)^2", r"\le", r"2\tau", "expand"),
    ),
    not_vacuous_on=(NEARLY_DISJOINT,),
    controls=(dropped(UNIFORM_PRIOR), scaled(Fraction(1, 3))),
)


def restated_haochen(*arguments: Scalar) -> Scalar:
    """The published form hides both constants; it is never evaluated."""
    raise ArithmeticError("saunshi22.restated_haochen hides its constants; there is no number to compute.")


RESTATED_HAOCHEN = Theorem(
    key="saunshi22.restated_haochen",
    title="the class-agnostic guarantee with suboptimality",
    source=Source("saunshi22", "Theorem 4.3", "second hand"),
    bounds=MEAN_ERROR,
    kind=Kind.UPPER,
    inputs=(TAIL_EIGENVALUE, HEAD_SIZE, SUBOPTIMALITY, HEAD_LAMBDA, CUT_EIGENVALUE),
    formula=restated_haochen,
    hypotheses=(SIGN_LABELS, UNRESTRICTED, ADMISSIBLE_INDEX),
    choice=Choice.BEST,
    unavailable="the paper hides the constants c1 and c2 of c1 alpha / lambda_{k+1} + c2 k eps / "
    "(lambda_{d+1} - lambda_k)^2; linrep26.sharpened_45 with one-hot features is an explicit form",
)
