"""Risks of the class, the label and the score."""

from linrep.symbols._tokens import indexed, scalar

BEST_AUGMENTED_RISK = scalar("best_augmented_risk", r"R_{\min}", "least squared error in the class from one view")
BEST_MEAN_RISK = scalar("best_mean_risk", r"\bar R_{\min}", "least squared error in the class from the mean over views")
RISK_GAP = scalar(
    "risk_gap", r"(R_{\min}-\bar R_{\min})", "what one view costs the best predictor, sum of lambda_i a_i^2"
)
PREDICTED_ENERGY = scalar("predicted_energy", "S", "second moment of the best predictor in the class, E(w_LS.phi)^2")
INCONSISTENCY = scalar("inconsistency", "V", "E Var(w_LS.phi(x) | input), the best predictor's spread over views")
MEAN_ENERGY = indexed(
    "mean_energy", r"\bar S_k", "label energy in the top-k eigenvectors, through mean features: sum of a_i^2, i <= k"
)
SCORE_ENERGY = scalar("score_energy", "S_h", "second moment of the score h")
SCORE_INCONSISTENCY = scalar("score_inconsistency", "V_h", "E Var(h(x) | input) of the score h")
MARGIN = indexed("margin", r"\gamma", "a positive threshold for the margin of the score")
MARGIN_MASS_AUGMENTED = indexed(
    "margin_mass_augmented", r"\Pr[\bar y\,h(x)<\gamma]", "mass of margins below the threshold, one view", 1
)
MARGIN_MASS_MEAN = indexed(
    "margin_mass_mean", r"\Pr[\bar y\,h_A(\bar x)<\gamma]", "mass of margins below the threshold, mean over views", 1
)
BAYES_DISAGREEMENT = scalar("bayes_disagreement", r"\Delta(g)", "Pr[g(x) != label] for the Bayes label g of a view", 1)
BAYES_REGRESSION = scalar(
    "bayes_regression", r"L_{\mathrm{reg}}(\varphi; g)", "least squared error in the class for the Bayes label g"
)
BAYES_CLASS_REGRESSION = scalar(
    "bayes_class_regression",
    r"L_{\mathrm{reg}}(\varphi; e_g)",
    "least squared error in the class for the one-hot Bayes label g, summed over classes",
)
LABEL_NOISE = scalar("label_noise", r"\alpha", "Bayes error of the label from one view", 1)
