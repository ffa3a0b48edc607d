"""What one view tells of the label beyond the other, and how well a representation fits the density ratio."""

from linrep.symbols._tokens import scalar

FIRST_REDUNDANCY = scalar(
    "first_redundancy", r"\varepsilon_X", "E(E[Y|X] - E[Y|X,Z])^2: what Z adds to X about the label"
)
SECOND_REDUNDANCY = scalar(
    "second_redundancy", r"\varepsilon_Z", "E(E[Y|Z] - E[Y|X,Z])^2: what X adds to Z about the label"
)
REDUNDANCY_ERROR = scalar(
    "redundancy_error",
    r"\mathbb{E}(\mu(X)-\mathbb{E}[Y|X,Z])^2",
    "squared error of mu(x) = E[E[Y|Z] | X = x] for the best predictor from both views",
)
RELAYED_RISK = scalar(
    "relayed_risk",
    r"\min_w\mathbb{E}(w\cdot f(x)-\mu(x))^2",
    "least squared error of predicting mu(x) = E[E[Y|Z] | X = x] from the representation; the highest over minimisers",
)
LABEL_ENERGY = scalar("label_energy", r"\mathbb{E}[Y^2]", "second moment of the label")
LARGEST_RATIO = scalar(
    "largest_ratio",
    r"g_{\max}",
    "largest value of f(x).f(z) and of the density ratio p(x,z)/(p(x)p(z)), over pairs of views",
)
RATIO_EXCESS = scalar(
    "ratio_excess",
    r"\varepsilon_{\mathrm{opt}}",
    "logistic risk of telling positive from independent pairs by the odds f(x).f(z), less its minimum (natural logs)",
)
RATIO_ERROR = scalar(
    "ratio_error",
    r"\mathbb{E}_{x,z}(f(x)\cdot f(z)-g^*(x,z))^2",
    "squared error of f(x).f(z) for the density ratio g*, over independent views: the spectral loss less its infimum",
)
