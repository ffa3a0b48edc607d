"""Downstream risks and errors of a representation."""

from linrep.symbols._tokens import indexed, scalar

MEAN_RISK = scalar("mean_risk", r"L_{\mathrm{reg}}^{\mathrm{mean}}(f)", "least squared error from the mean over views")
AUGMENTED_RISK = scalar("augmented_risk", r"L_{\mathrm{reg}}^{\mathrm{aug}}(f)", "least squared error from one view")
MEAN_ERROR = scalar(
    "mean_error", r"L_{\mathrm{clf}}^{\mathrm{mean}}(f)", "0-1 error of the best w on the mean over views", 1
)
AUGMENTED_ERROR = scalar(
    "augmented_error", r"L_{\mathrm{clf}}^{\mathrm{aug}}(f)", "0-1 error of the best w on one view", 1
)
ARGMAX_AUGMENTED_ERROR = scalar(
    "argmax_augmented_error", r"\min_B \Pr[\arg\max B^\top f(x) \neq y]", "argmax error from one view", 1
)
ARGMAX_MEAN_ERROR = scalar(
    "argmax_mean_error",
    r"\min_B \Pr[\arg\max B^\top f_A(\bar x) \neq y]",
    "argmax error from the mean over views",
    1,
)
VOTE_ERROR = scalar(
    "vote_error", r"\min_B \Pr[\mathrm{vote}_B(\bar x) \neq y]", "error of the majority vote over views", 1
)
BAYES_TARGET_RISK = scalar(
    "bayes_target_risk",
    r"\min_B \mathbb{E}\|e_{g(x)} - B f(x)\|^2",
    "squared error for the Bayes label of a view, one-hot",
)
CLASS_MEAN_RISK = scalar(
    "class_mean_risk",
    r"\min_B \mathbb{E}\|e_y - B f_A(\bar x)\|^2",
    "squared error for the class, one-hot, from the mean over views",
)
HEAD_NORM_AUGMENTED = scalar(
    "head_norm_augmented", r"\|B^{\mathrm{aug}}\|_F", "norm of the least-squares head on one view, minimal norm"
)
HEAD_NORM_MEAN = scalar(
    "head_norm_mean", r"\|B^{\mathrm{mean}}\|_F", "norm of the least-squares head on the mean over views"
)
WORST_INDISTINGUISHABLE_ERROR = scalar(
    "worst_indistinguishable_error",
    r"\max_{\hat f:\,L(\hat f) \le L(f)} L_{\mathrm{clf}}(\hat f)",
    "largest 0-1 error of a representation with no larger loss",
    1,
)
TRANSFER_VALUE = scalar(
    "transfer_value",
    r"T(\Gamma, L(f), d)",
    "value at f of a guarantee that sees the process, the loss and d only and does not decrease with the loss",
    1,
)
HEAD_DEFECT = indexed(
    "head_defect",
    r"\sum_{i\le k}\|(I-P)v_i\|^2",
    "part of the top-k eigenvectors of K that lies outside the representation",
)
