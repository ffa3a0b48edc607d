"""Contrastive sampling: negatives, classes behind positive pairs, losses of scores f(x).f(x') / t, class means.

Scores and norms are those of f / sqrt t, so that every statement about f at temperature 1 is one at temperature t.
"""

from linrep.symbols._tokens import Hypothesis, scalar

# What the classes and the number of negatives determine.
NEGATIVES = scalar("negatives", "m", "number of negatives beside a positive", None, 1)
N_CLASSES = scalar("n_classes", "C", "number of classes of positive mass", None, 1)
CLASS_COLLISION = scalar("class_collision", r"\tau", "probability that two draws of the class agree, sum of rho^2", 1)
NEGATIVE_COLLISION = scalar("negative_collision", r"\tau_m", "Pr[some negative is of the anchor's class]", 1)
NO_COLLISION = scalar("no_collision", r"(1-\tau_m)", "Pr[no negative is of the anchor's class]", 1)
COVERAGE = scalar("coverage", "v_{m+1}", "Pr[m + 1 draws of the class show every class]", 1)
PRESENT_SHARE = scalar(
    "present_share",
    "w_m",
    "E[J / ((C - 1) (1 + Col))] for C equally likely classes, J how many other classes the negatives show",
    1,
)
LOG_COLLISIONS = scalar(
    "log_collisions", r"\mathbb{E}\ln(1+\mathrm{Col})", "Col: how many of the m negatives are of the anchor's class"
)
HARMONIC = scalar("harmonic", "H_{C-1}", "sum of 1/i for i < C")
LARGEST_CLASS = scalar("largest_class", r"\pi_{\max}", "mass of the largest class", 1)
CLASS_ENTROPY = scalar("class_entropy", r"H(\pi)", "entropy of the class, in nats")

# One negative: Arora's losses of the pair (f(x).f(x+), f(x).f(x-)).
PAIR_HINGE = scalar("pair_hinge", r"L_{\mathrm{un}}^{\mathrm{hinge}}", "E (1 - s+ + s-)_+, one negative")
PAIR_LOGISTIC = scalar("pair_logistic", r"L_{\mathrm{un}}^{\log_2}", "E log2(1 + exp(s- - s+)), one negative")
APART_HINGE = scalar(
    "apart_hinge", r"L_{\mathrm{un}}^{\neq,\mathrm{hinge}}", "the same, given that the negative is of another class"
)
APART_LOGISTIC = scalar(
    "apart_logistic", r"L_{\mathrm{un}}^{\neq,\log_2}", "the same, given that the negative is of another class"
)
MEAN_HINGE = scalar(
    "mean_hinge",
    r"L_{\sup}^{\mu,\mathrm{hinge}}(f)",
    "hinge loss of the class means on two different classes drawn from rho, x of the first",
)
MEAN_LOGISTIC = scalar(
    "mean_logistic",
    r"L_{\sup}^{\mu,\log_2}(f)",
    "base-2 logistic loss of the class means on two different classes drawn from rho, x of the first",
)
CLASS_SPREAD = scalar(
    "class_spread", "s(f)", "E over the class, weights rho^2, of sqrt|Cov f| times E|f|, both given the class"
)

# m negatives.
CONTRASTIVE_LOSS = scalar("contrastive_loss", r"L_{\mathrm{cont}}(f)", "InfoNCE loss with m negatives")
NEGATIVES_ONLY_LOSS = scalar(
    "negatives_only_loss", r"L_{\mathrm{NCE}}(f)", "E[ -s+ + ln sum_j exp(s_j) ] over the m negatives", None, None
)
CONTRASTIVE_LIMIT = scalar(
    "contrastive_limit", r"L_{\infty}(f)", "-E s+ + E_x ln E exp(s-): InfoNCE minus ln m as m grows", None, None
)
LIMIT_GAP = scalar(
    "limit_gap", r"|L_{\mathrm{cont}}(f)-\ln m-L_{\infty}(f)|", "how far InfoNCE with m negatives is from its limit"
)
MEAN_CROSS_ENTROPY = scalar(
    "mean_cross_entropy", r"L_{\mathrm{CE}}^{\mu}(f)", "cross-entropy of the class means as a linear classifier"
)
ALIGNMENT = scalar("alignment", r"\mathbb{E}s^+", "mean score of a positive pair")
REPULSION = scalar("repulsion", r"\mathbb{E}s^-", "mean score of two independent views")
MEAN_POTENTIAL = scalar(
    "mean_potential",
    r"\mathbb{E}\ln\textstyle\sum_c e^{f\cdot\mu_c}",
    "mean log-partition of the class means",
    None,
    None,
)
POSITIVE_TILT = scalar(
    "positive_tilt", r"\mathbb{E}[e^{s^+}/\mathbb{E}e^{s^-}]", "weight of a positive among negatives"
)
NEGATIVE_TILT = scalar(
    "negative_tilt", r"\mathbb{E}[\mathrm{Var}(e^{s^-})/\mathbb{E}e^{s^-}]", "spread of the weights of negatives"
)
INPUT_SPREAD = scalar(
    "input_spread",
    r"\mathbb{E}\|f_A-\mu_y\|^2",
    "spread of the mean views of inputs within their class: E s+ - E f.mu_y, 0 where views are independent given it",
)
CLASS_VARIANCE = scalar("class_variance", r"\mathrm{Var}(f\,|\,y)", "E|f - mu_y|^2")
WORST_CLASS_VARIANCE = scalar(
    "worst_class_variance", r"\max_c\mathrm{Var}_c(f)", "the largest E[|f - mu_c|^2 | c] of a class"
)
SQUARED_NORM = scalar("squared_norm", "b^2", "the largest |f(x)|^2 / t of a view")
CLASS_JENSEN_GAP = scalar(
    "class_jensen_gap",
    r"G_{\pi}(b^2)",
    "largest ln sum_c exp(a_c) - sum_c pi_c a_c over a in [-b^2, b^2]^C; it is attained at a corner",
)
NEGATIVE_JENSEN_GAP = scalar(
    "negative_jensen_gap",
    "G_m(b^2)",
    "largest ln(exp(a_0) + sum_j exp(a_j)) - mean of a_1..a_m over scores in [-b^2, b^2]; attained at a corner",
)

GIVEN_REPRESENTATION = Hypothesis("given_representation", "a representation W is given: the statement is about it")
CONDITIONALLY_INDEPENDENT = Hypothesis(
    "conditionally_independent", "the two views of a pair are independent given the class"
)
LABEL_CONSISTENT = Hypothesis("label_consistent", "labels are classes, and both views of a pair are of one class")
SEVERAL_CLASSES = Hypothesis("several_classes", "at least two classes have positive mass")
UNIFORM_CLASSES = Hypothesis("uniform_classes", "all classes are equally likely")
UNIT_NORM = Hypothesis("unit_norm", "|f(x)| = 1 for every view")
UNIT_TEMPERATURE = Hypothesis("unit_temperature", "the temperature is 1")
NONZERO_REPRESENTATION = Hypothesis("nonzero_representation", "f is not zero on every view")
ENOUGH_NEGATIVES = Hypothesis("enough_negatives", "m + 1 >= C: an anchor and its negatives can show every class")
