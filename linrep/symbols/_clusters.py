"""Clusters of views: the parts of the Bayes label, how views cross between them and mix inside them."""

from linrep.symbols._tokens import scalar

INVERSE_EXPANSION = scalar(
    "inverse_expansion",
    r"\beta^{-1}",
    "largest 2 Var(h | S_i) / E[(h(x) - h(x+))^2 | x, x+ in S_i] over clusters and functions of the class",
)
LARGEST_CLUSTER = scalar("largest_cluster", r"P_{\max}", "mass of the heaviest cluster of views", 1)
SMALLEST_CLUSTER = scalar("smallest_cluster", r"P_{\min}", "mass of the lightest cluster of views", 1)
PARTITION_CONDUCTANCE = scalar(
    "partition_conductance",
    r"\rho_{\lfloor d/2\rfloor}",
    "least over partitions of the views into floor(d/2) parts of the largest Pr[x+ outside the part | x inside]",
    1,
)
