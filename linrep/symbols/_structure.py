"""Conditions on clusters, geometry, pairs of views and training sets; computed on a problem, never declared."""

from linrep.symbols._tokens import Hypothesis

DIM_BELOW_RANK = Hypothesis("dim_below_rank", "d < rank Sigma")
SPECTRAL_GAP = Hypothesis("spectral_gap", "kappa_d > kappa_{d+1}")
DIM_IS_CLUSTERS = Hypothesis("dim_is_clusters", "d is the number of clusters, the parts of the Bayes label of a view")
IMPLEMENTABLE_CLUSTERS = Hypothesis("implementable_clusters", "the indicators of the clusters are in the class")
SEPARATED_CLUSTERS = Hypothesis("separated_clusters", "positive pairs leave a cluster less often than it is met")
POSITIVE_EXPANSION = Hypothesis("positive_expansion", "no function of the class is blind to its variance in a cluster")
TWICE_CLASSES = Hypothesis("twice_classes", "d is at least twice the number of classes")
NOISY_LABELS = Hypothesis("noisy_labels", "one view leaves some doubt on the label")
POSITIVE_PRODUCTS = Hypothesis("positive_products", "f(x).f(z) > 0 for all views x and z")
SHARED_RANDOMNESS = Hypothesis(
    "shared_randomness", "views are T(input, omega) with omega independent of the input and T(input, .) injective"
)
CONSTANT_NORM = Hypothesis("constant_norm", "all views are represented by vectors of one positive length")
SELF_VIEWS = Hypothesis("self_views", "every input is one of its own views")
SEPARATE_CLASSES = Hypothesis("separate_classes", "no view belongs to inputs of two classes")
SEPARATED_MEANS = Hypothesis("separated_means", "the class means are far enough apart for some epsilon and delta")
SAMPLE_GIVEN = Hypothesis("sample_given", "a size of the training set and a failure probability are given")
SMALL_DEVIATION = Hypothesis("small_deviation", "eta < 1")
DEVIATION_BELOW_GAP = Hypothesis("deviation_below_gap", "2 eta < 1 - kappa_{d+1} / kappa_d")
