"""The spectrum, the loss and the budget of a representation."""

from linrep.symbols._tokens import indexed, scalar

CUT_EIGENVALUE = scalar("cut_eigenvalue", r"\lambda_{d+1}", "first eigenvalue of I - K that d leaves out", 1)
CUT_RETAINED = scalar("cut_retained", r"\kappa_{d+1}", "first eigenvalue of K that d leaves out", 1)
LAST_RETAINED = scalar("last_retained", r"\kappa_d", "last eigenvalue of K that d keeps", 1)
UNRESTRICTED_CUT_EIGENVALUE = scalar(
    "unrestricted_cut_eigenvalue", r"\lambda_{d+1}^{\mathrm{all}}", "lambda_{d+1} for the class of all functions", 1
)
TAIL_EIGENVALUE = indexed("tail_eigenvalue", r"\lambda_{k+1}", "eigenvalue k+1 of I - K", 1)
HEAD_EIGENVALUE = indexed("head_eigenvalue", r"\kappa_k", "eigenvalue k of K", 1)
HEAD_LAMBDA = indexed("head_lambda", r"\lambda_k", "eigenvalue k of I - K", 1)
HEAD_SIZE = indexed("head_size", "k", "the index itself", None, 1)
SUBOPTIMALITY = scalar("suboptimality", r"\varepsilon", "spectral loss minus its minimum over the class")
VACUITY_BUDGET = scalar(
    "vacuity_budget",
    r"\varepsilon_{\mathrm{vac}}",
    "suboptimality at which a representation can carry no linear information on the label",
)
INTERLACING_BUDGET = scalar(
    "interlacing_budget",
    r"\sum_{i\le d}(\kappa_i^2-\kappa_{i+q}^2)",
    "what interlacing allows for the vacuity budget, q the rank of the label's cross moment",
)
