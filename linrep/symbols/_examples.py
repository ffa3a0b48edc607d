"""Worked examples."""

from linrep.symbols._tokens import Example

EXAMPLE_ONE_DICTATOR = Example("example_one_dictator", "Example 1, D = 50, k = 10, d = 10, label one coordinate")
EXAMPLE_ONE_SWAP = Example(
    "example_one_swap",
    "Example 1, D = 50, k = d = 10, label one coordinate, that coordinate swapped for a spurious one",
)
FLIP_DICTATOR = Example("flip_dictator", "flipped hypercube, linear features, label the coordinate that d leaves out")
DISJOINT_PAIRS = Example("disjoint_pairs", "16 inputs with two views of their own each, d = 2, balanced signs")
NEARLY_DISJOINT = Example("nearly_disjoint", "8 inputs, each view of its own input up to a little noise, all functions")
TWO_CLUSTERS = Example("two_clusters", "two clusters of views that mix a little, all functions, label the cluster")
CLOSE_KERNEL = Example("close_kernel", "two views, two dimensions: f(x).f(z) is 1.24 or 0.76 for the odds 5/4 and 3/4")
POSITIVE_KERNEL = Example(
    "positive_kernel", "two views, one dimension: f(x).f(z) is 1, 1/2, 1/4 for the odds 5/4, 3/4, 5/4"
)
SEPARATED_GROUPS = Example(
    "separated_groups", "two far groups on a line, each with one stray input of the other class; one view beside each"
)
NOISY_CLASSES = Example(
    "noisy_classes", "eight classes with a view each, seldom shown as the next one's; f is one-hot, 24 negatives"
)
WARM_CLASSES = Example("warm_classes", "the same at temperature 2")
COLD_CLASSES = Example("cold_classes", "the same at temperature 1/8 and with less noise")
TRAINED = Example(
    "trained", "Example 1, D = 8, k = d = 3, a training set of a million pairs; W a little longer than the minimiser"
)
