"""Conditions that theorems need; computed on a problem, never declared."""

from linrep.symbols._tokens import Hypothesis

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
