"""The spectrum, the loss and the budget of a representation."""

from linrep.symbols._tokens import Eigenvalue, indexed, scalar

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

# Neighbours, for theorems that are broken on purpose by moving an index.
NEXT_CUT_EIGENVALUE = scalar("next_cut_eigenvalue", r"\lambda_{d+2}", "second eigenvalue of I - K that d leaves out", 1)
NEXT_CUT_RETAINED = scalar("next_cut_retained", r"\kappa_{d+2}", "second eigenvalue of K that d leaves out", 1)
LAST_EIGENVALUE = scalar("last_eigenvalue", r"\lambda_d", "eigenvalue of I - K of the last eigenvector that d keeps", 1)
PREVIOUS_RETAINED = scalar("previous_retained", r"\kappa_{d-1}", "last eigenvalue of K but one that d keeps, or 1", 1)
NEXT_UNRESTRICTED_CUT_EIGENVALUE = scalar(
    "next_unrestricted_cut_eigenvalue", r"\lambda_{d+2}^{\mathrm{all}}", "lambda_{d+2} of the class of all functions", 1
)
NEXT_TAIL_EIGENVALUE = indexed("next_tail_eigenvalue", r"\lambda_{k+2}", "eigenvalue k+2 of I - K", 1)
SHORT_INTERLACING_BUDGET = scalar(
    "short_interlacing_budget",
    r"\sum_{i\le d}(\kappa_i^2-\kappa_{i+q-1}^2)",
    "the interlacing budget with one direction too few",
)

EIGENVALUES = {
    HEAD_EIGENVALUE: Eigenvalue(0, of_defect=False),
    HEAD_LAMBDA: Eigenvalue(0, of_defect=True),
    TAIL_EIGENVALUE: Eigenvalue(1, of_defect=True),
    NEXT_TAIL_EIGENVALUE: Eigenvalue(2, of_defect=True),
    CUT_EIGENVALUE: Eigenvalue(1, of_defect=True),
    CUT_RETAINED: Eigenvalue(1, of_defect=False),
    NEXT_CUT_EIGENVALUE: Eigenvalue(2, of_defect=True),
    NEXT_CUT_RETAINED: Eigenvalue(2, of_defect=False),
    LAST_RETAINED: Eigenvalue(0, of_defect=False),
    LAST_EIGENVALUE: Eigenvalue(0, of_defect=True),
    PREVIOUS_RETAINED: Eigenvalue(-1, of_defect=False),
}
"""Which eigenvalue each of these quantities is."""
