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
