"""The vocabulary of theorems: tokens for quantities, hypotheses and worked examples. Tokens know no data."""

from dataclasses import dataclass
from enum import Enum


class Shape(Enum):
    """What a quantity is on one problem: a number, or a number for every index k = 1, 2, …

    Source: ours.

    >>> TAIL_EIGENVALUE.shape is Shape.INDEXED
    True
    """

    SCALAR = "scalar"
    INDEXED = "indexed"


@dataclass(frozen=True)
class Quantity:
    """A named scalar, or family of scalars, of a problem.

    Attributes:
        name: the code name, unique in the catalogue.
        symbol: how it is written, in LaTeX.
        definition: what it is, in one sentence.
        lower, upper: the range it always lies in (None: unbounded).
        shape: a number, or one for each index k.

    Source: the notation table of the theory (ours).

    >>> BEST_MEAN_RISK.symbol
    '\\\\bar R_{\\\\min}'
    """

    name: str
    symbol: str
    definition: str
    lower: float | None = 0.0
    upper: float | None = None
    shape: Shape = Shape.SCALAR


@dataclass(frozen=True)
class Hypothesis:
    """A condition that a theorem needs and that is computed on the problem, never declared.

    Source: ours.

    >>> MINIMISER.name
    'minimiser'
    """

    name: str
    statement: str


@dataclass(frozen=True)
class Example:
    """A token for a worked problem, resolved to a `Problem` by `linrep.gallery`.

    Source: ours.

    >>> Example("hypercube_linear", "Example 1 at D = 50").name
    'hypercube_linear'
    """

    name: str
    statement: str


def _scalar(name: str, symbol: str, definition: str, upper: float | None = None, lower: float | None = 0.0) -> Quantity:
    return Quantity(name, symbol, definition, lower, upper)


def _indexed(
    name: str, symbol: str, definition: str, upper: float | None = None, lower: float | None = 0.0
) -> Quantity:
    return Quantity(name, symbol, definition, lower, upper, Shape.INDEXED)


# Downstream risks of a representation -------------------------------------------------------------------------------
MEAN_RISK = _scalar("mean_risk", r"L_{\mathrm{reg}}^{\mathrm{mean}}(f)", "least squared error from the mean over views")
AUGMENTED_RISK = _scalar("augmented_risk", r"L_{\mathrm{reg}}^{\mathrm{aug}}(f)", "least squared error from one view")
MEAN_ERROR = _scalar(
    "mean_error", r"L_{\mathrm{clf}}^{\mathrm{mean}}(f)", "0-1 error of the best w on the mean over views", 1
)
AUGMENTED_ERROR = _scalar(
    "augmented_error", r"L_{\mathrm{clf}}^{\mathrm{aug}}(f)", "0-1 error of the best w on one view", 1
)
ARGMAX_AUGMENTED_ERROR = _scalar(
    "argmax_augmented_error", r"\min_B \Pr[\arg\max B^\top f(x) \neq y]", "argmax error from one view", 1
)
ARGMAX_MEAN_ERROR = _scalar(
    "argmax_mean_error",
    r"\min_B \Pr[\arg\max B^\top f_A(\bar x) \neq y]",
    "argmax error from the mean over views",
    1,
)
VOTE_ERROR = _scalar(
    "vote_error", r"\min_B \Pr[\mathrm{vote}_B(\bar x) \neq y]", "error of the majority vote over views", 1
)
BAYES_TARGET_RISK = _scalar(
    "bayes_target_risk",
    r"\min_B \mathbb{E}\|e_{g(x)} - B f(x)\|^2",
    "squared error for the Bayes label of a view, one-hot",
)
CLASS_MEAN_RISK = _scalar(
    "class_mean_risk",
    r"\min_B \mathbb{E}\|e_y - B f_A(\bar x)\|^2",
    "squared error for the class, one-hot, from the mean over views",
)
HEAD_NORM_AUGMENTED = _scalar(
    "head_norm_augmented", r"\|B^{\mathrm{aug}}\|_F", "norm of the least-squares head on one view, minimal norm"
)
HEAD_NORM_MEAN = _scalar(
    "head_norm_mean", r"\|B^{\mathrm{mean}}\|_F", "norm of the least-squares head on the mean over views"
)
WORST_INDISTINGUISHABLE_ERROR = _scalar(
    "worst_indistinguishable_error",
    r"\max_{\hat f:\,L(\hat f) \le L(f)} L_{\mathrm{clf}}(\hat f)",
    "largest 0-1 error of a representation with no larger loss",
    1,
)
TRANSFER_VALUE = _scalar(
    "transfer_value",
    r"T(\Gamma, L(f), d)",
    "value at f of a guarantee that sees the process, the loss and d only and does not decrease with the loss",
    1,
)
HEAD_DEFECT = _indexed(
    "head_defect",
    r"\sum_{i\le k}\|(I-P)v_i\|^2",
    "part of the top-k eigenvectors of K that lies outside the representation",
)

# Risks of the class and of the label --------------------------------------------------------------------------------
BEST_AUGMENTED_RISK = _scalar("best_augmented_risk", r"R_{\min}", "least squared error in the class from one view")
BEST_MEAN_RISK = _scalar(
    "best_mean_risk", r"\bar R_{\min}", "least squared error in the class from the mean over views"
)
RISK_GAP = _scalar(
    "risk_gap", r"(R_{\min}-\bar R_{\min})", "what one view costs the best predictor, sum of lambda_i a_i^2"
)
PREDICTED_ENERGY = _scalar("predicted_energy", "S", "second moment of the best predictor in the class, E(w_LS.phi)^2")
INCONSISTENCY = _scalar("inconsistency", "V", "E Var(w_LS.phi(x) | input), the best predictor's spread over views")
MEAN_ENERGY = _indexed(
    "mean_energy", r"\bar S_k", "label energy in the top-k eigenvectors, through mean features: sum of a_i^2, i <= k"
)
SCORE_ENERGY = _scalar("score_energy", "S_h", "second moment of the score h")
SCORE_INCONSISTENCY = _scalar("score_inconsistency", "V_h", "E Var(h(x) | input) of the score h")
MARGIN = _indexed("margin", r"\gamma", "a positive threshold for the margin of the score")
MARGIN_MASS_AUGMENTED = _indexed(
    "margin_mass_augmented", r"\Pr[\bar y\,h(x)<\gamma]", "mass of margins below the threshold, one view", 1
)
MARGIN_MASS_MEAN = _indexed(
    "margin_mass_mean", r"\Pr[\bar y\,h_A(\bar x)<\gamma]", "mass of margins below the threshold, mean over views", 1
)
BAYES_DISAGREEMENT = _scalar("bayes_disagreement", r"\Delta(g)", "Pr[g(x) != label] for the Bayes label g of a view", 1)
BAYES_REGRESSION = _scalar(
    "bayes_regression", r"L_{\mathrm{reg}}(\varphi; g)", "least squared error in the class for the Bayes label g"
)
BAYES_CLASS_REGRESSION = _scalar(
    "bayes_class_regression",
    r"L_{\mathrm{reg}}(\varphi; e_g)",
    "least squared error in the class for the one-hot Bayes label g, summed over classes",
)
LABEL_NOISE = _scalar("label_noise", r"\alpha", "Bayes error of the label from one view", 1)

# Spectrum, loss -----------------------------------------------------------------------------------------------------
CUT_EIGENVALUE = _scalar("cut_eigenvalue", r"\lambda_{d+1}", "first eigenvalue of I - K that d leaves out", 1)
CUT_RETAINED = _scalar("cut_retained", r"\kappa_{d+1}", "first eigenvalue of K that d leaves out", 1)
LAST_RETAINED = _scalar("last_retained", r"\kappa_d", "last eigenvalue of K that d keeps", 1)
UNRESTRICTED_CUT_EIGENVALUE = _scalar(
    "unrestricted_cut_eigenvalue", r"\lambda_{d+1}^{\mathrm{all}}", "lambda_{d+1} for the class of all functions", 1
)
TAIL_EIGENVALUE = _indexed("tail_eigenvalue", r"\lambda_{k+1}", "eigenvalue k+1 of I - K", 1)
HEAD_EIGENVALUE = _indexed("head_eigenvalue", r"\kappa_k", "eigenvalue k of K", 1)
HEAD_LAMBDA = _indexed("head_lambda", r"\lambda_k", "eigenvalue k of I - K", 1)
HEAD_SIZE = _indexed("head_size", "k", "the index itself", None, 1)
SUBOPTIMALITY = _scalar("suboptimality", r"\varepsilon", "spectral loss minus its minimum over the class")
VACUITY_BUDGET = _scalar(
    "vacuity_budget",
    r"\varepsilon_{\mathrm{vac}}",
    "suboptimality at which a representation can carry no linear information on the label",
)
INTERLACING_BUDGET = _scalar(
    "interlacing_budget",
    r"\sum_{i\le d}(\kappa_i^2-\kappa_{i+q}^2)",
    "what interlacing allows for the vacuity budget, q the rank of the label's cross moment",
)

# Augmentation process -----------------------------------------------------------------------------------------------
N_INPUTS = _scalar("n_inputs", "N", "number of natural inputs", None, 1)
DIM = _scalar("dim", "d", "dimension of the representation", None, 1)
RELEVANT = _scalar("relevant", "k", "number of coordinates that the augmentation leaves alone", None, 1)
IDENTIFICATION_ERROR = _scalar("identification_error", r"\tau", "Bayes error of naming the input from one view", 1)
POSTERIOR_COLLISION = _scalar(
    "posterior_collision", r"\theta", "expected sum of the squared posteriors of the input", 1
)
COUNTING_FLOOR = _scalar(
    "counting_floor", "e(N,d)", "0-1 error that some relabelling of the inputs must suffer, by counting", 1
)

# Hypotheses ---------------------------------------------------------------------------------------------------------
MINIMISER = Hypothesis("minimiser", "the representation minimises the spectral loss over its class")
POSITIVE_CUT_EIGENVALUE = Hypothesis("positive_cut_eigenvalue", "lambda_{d+1} > 0")
POSITIVE_LAST_RETAINED = Hypothesis("positive_last_retained", "kappa_d > 0")
ADMISSIBLE_INDEX = Hypothesis("admissible_index", "some k <= d has kappa_k > kappa_{d+1} and lambda_{k+1} > 0")
POSITIVE_MARGIN = Hypothesis("positive_margin", "the score has a positive margin somewhere")
SIGN_LABELS = Hypothesis("sign_labels", "labels are -1 or +1")
CLASS_LABELS = Hypothesis("class_labels", "labels are classes (signs are two classes)")
ONE_OUTPUT = Hypothesis("one_output", "the label has one output")
BALANCED_LABELS = Hypothesis("balanced_labels", "both labels have mass 1/2")
UNIFORM_PRIOR = Hypothesis("uniform_prior", "finitely many inputs, all equally likely")
DISJOINT = Hypothesis("disjoint", "no view belongs to two inputs")
UNRESTRICTED = Hypothesis("unrestricted", "the class is all functions of a view")
DIM_BELOW_INPUTS = Hypothesis("dim_below_inputs", "d < N")
EXAMPLE_ONE = Hypothesis(
    "example_one",
    "scaled hypercube with a U(0,1] scale, linear features, d >= k, and the label is one relevant coordinate",
)

# Worked examples ----------------------------------------------------------------------------------------------------
EXAMPLE_ONE_DICTATOR = Example("example_one_dictator", "Example 1, D = 50, k = 10, d = 10, label one coordinate")
EXAMPLE_ONE_SWAP = Example(
    "example_one_swap",
    "Example 1, D = 50, k = d = 10, label one coordinate, that coordinate swapped for a spurious one",
)
FLIP_DICTATOR = Example("flip_dictator", "flipped hypercube, linear features, label the coordinate that d leaves out")
DISJOINT_PAIRS = Example("disjoint_pairs", "16 inputs with two views of their own each, d = 2, balanced signs")
NEARLY_DISJOINT = Example("nearly_disjoint", "8 inputs, each view of its own input up to a little noise, all functions")
TWO_CLUSTERS = Example("two_clusters", "two clusters of views that mix a little, all functions, label the cluster")
