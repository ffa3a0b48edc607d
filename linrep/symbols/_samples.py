"""Finite training sets."""

from linrep.symbols._tokens import scalar

SAMPLE_DEVIATION = scalar(
    "sample_deviation",
    r"\eta",
    "sqrt(2 q u / n) + 2 q u / (3 n), u = log(4 R / delta), q = sup phi.T Sigma^+ phi, R = rank Sigma",
)
SAMPLE_FLUCTUATION = scalar(
    "sample_fluctuation",
    "t",
    "sqrt(2 v u / n) + 2 b u / (3 n), u = log(4 / delta), v and b the mean square and the largest norm of a sample's "
    "part in the gradient at the minimiser, Y - X G - G X less its mean",
)
SAMPLE_EXCESS = scalar(
    "sample_excess",
    r"Q_{1-\delta}(\varepsilon(\hat W))",
    "suboptimality of the empirical minimiser, at most this with probability 1 - delta over training sets; given "
    "weights stand for the empirical minimiser of one of them",
)
