"""Worst cases over a class of targets, and the variance-regularised loss."""

from linrep.symbols._tokens import scalar

WORST_APPROXIMATION = scalar(
    "worst_approximation",
    r"\sup_{h:\,\mathbb{E}(h(x)-h(x^+))^2\le 1}\min_w\mathbb{E}(h-w\cdot f)^2",
    "largest error of approximating a target of the class, among those with E(h(x) - h(x+))^2 <= 1",
)
VARIANCE_LOSS = scalar(
    "variance_loss",
    r"\mathbb{E}\|f(x)-f(x^+)\|^2+\|\mathbb{E}ff^\top-I\|_F^2",
    "variance-regularised loss of the representation at strength 1",
)
