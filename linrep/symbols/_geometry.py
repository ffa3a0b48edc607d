"""The nearest-mean classifier and the geometry of augmentations."""

from linrep.symbols._tokens import scalar

NEAREST_MEAN_ERROR = scalar(
    "nearest_mean_error", r"\mathrm{Err}(G_f)", "error of the nearest class mean on the inputs themselves", 1
)
MAIN_SHARE = scalar(
    "main_share",
    r"\sigma",
    "share of each class in a part of small augmented diameter, at the best admissible choice",
    1,
)
UNALIGNED_SHARE = scalar(
    "unaligned_share",
    r"R_\epsilon",
    "mass of inputs with views that the representation holds further apart than epsilon, at the same choice",
    1,
)
WORST_RELABELLED_ERROR = scalar(
    "worst_relabelled_error",
    r"\max_{\pi} L_{\mathrm{clf}}^{\mathrm{mean}}(f\circ\pi)",
    "largest 0-1 error when inputs exchange their values view by view, which keeps the loss and every constraint",
    1,
)
