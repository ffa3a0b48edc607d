"""Quantities that only occur inside proofs.

In the eigenbasis of K: c and a are the label seen through one view and through mean features, h is the score,
Lambda = I - K. P projects on the span of the representation, P-bar on K^{1/2} times it (the span of its means).
"""

from linrep.symbols._tokens import indexed, scalar

LOST_ENERGY = scalar("lost_energy", r"\|(I-P)c\|^2", "label energy, through one view, outside the representation")
LOST_MEAN_ENERGY = scalar(
    "lost_mean_energy", r"\|(I-\bar P)a\|^2", "label energy, through mean features, outside the representation's means"
)
WEIGHTED_LOST_ENERGY = scalar(
    "weighted_lost_energy", r"\|(I-P)\Lambda^{1/2}c\|^2", "the same energy, each eigenvector weighted by lambda_i"
)
WEIGHTED_LOST_MEAN_ENERGY = scalar(
    "weighted_lost_mean_energy",
    r"\|(I-\bar P)\Lambda^{1/2}a\|^2",
    "the same energy through mean features, each eigenvector weighted by lambda_i",
)
HEAD_ENERGY = indexed("head_energy", r"\|c_{\le k}\|^2", "label energy in the top-k eigenvectors, through one view")
TAIL_ENERGY = indexed("tail_energy", r"\|c_{>k}\|^2", "label energy beyond the top k, through one view")
TAIL_MEAN_ENERGY = indexed("tail_mean_energy", r"\|a_{>k}\|^2", "label energy beyond the top k, through mean features")
HEAD_LOSS = indexed(
    "head_loss", r"\|(I-P)c_{\le k}\|^2", "part of the label's top-k component outside the representation, one view"
)
HEAD_MEAN_LOSS = indexed(
    "head_mean_loss",
    r"\|(I-\bar P)a_{\le k}\|^2",
    "part of the label's top-k component outside the representation's means",
)
HEAD_SOLVED_LOSS = indexed(
    "head_solved_loss",
    r"\|(I-P)K^{-1/2}a_{\le k}\|^2",
    "part outside the representation of the function whose means are the label's top-k component",
)
SCORE_LOSS = scalar("score_loss", r"\|(I-P)h\|^2", "E(u - h)^2 for the best u in the span of the representation")
SCORE_MEAN_LOSS = scalar(
    "score_mean_loss", r"\|K^{1/2}(I-P)h\|^2", "E(u_A - h_A)^2 for the same u, averaged over the views of an input"
)
SCORE_HEAD_LOSS = indexed(
    "score_head_loss", r"\|(I-P)h_{\le k}\|^2", "part of the score's top-k component outside the representation"
)
SCORE_TAIL_ENERGY = indexed("score_tail_energy", r"\|h_{>k}\|^2", "energy of the score beyond the top k")
HEAD_SQUARES = scalar("head_squares", r"\sum_{i\le d}\kappa_i^2", "minus the least spectral loss of the class")
PROJECTION_GAP = scalar(
    "projection_gap",
    r"(\sum_{i\le d}\kappa_i^2-\mathrm{tr}\,K^2P)",
    "what the span of the representation lacks of the largest trace of K^2",
)
COMPRESSION_GAP = scalar(
    "compression_gap",
    r"(\sum_{i\le d}\kappa_i^2-\|PKP\|_F^2)",
    "least suboptimality of a representation with the same span",
)
BLIND_SQUARES = scalar(
    "blind_squares",
    r"\sum_{i\le d}\kappa_i(K|_{c_0^\perp})^2",
    "minus the least loss of a representation without linear information on the label",
)
CLASS_BEST_MEAN_RISK = scalar(
    "class_best_mean_risk", r"\bar R_{\min}^{e_y}", "least squared error for the one-hot class from the mean over views"
)
CLASS_BEST_AUGMENTED_RISK = scalar(
    "class_best_augmented_risk", r"R_{\min}^{e_y}", "least squared error for the one-hot class from one view"
)
CLASS_RISK_GAP = scalar(
    "class_risk_gap", r"(R_{\min}^{e_y}-\bar R_{\min}^{e_y})", "what one view costs the best predictor of the class"
)
CLASS_MEAN_ENERGY = indexed(
    "class_mean_energy", r"\bar S_k^{e_y}", "energy of the one-hot class in the top-k eigenvectors, through means"
)
CLASS_KEPT_MEAN_ENERGY = scalar(
    "class_kept_mean_energy",
    r"\|\bar Pa^{e_y}\|^2",
    "energy of the one-hot class, through means, inside the representation's means; the largest in a tie",
)
BAYES_SPLIT = scalar("bayes_split", r"\Pr[g(x)\neq g(x^+)]", "mass of positive pairs whose Bayes labels differ", 1)
WEIGHTED_LOST_BAYES_ENERGY = scalar(
    "weighted_lost_bayes_energy",
    r"\|(I-P)\Lambda^{1/2}c^{e_g}\|^2",
    "energy of the one-hot Bayes label outside the representation, each eigenvector weighted by lambda_i",
)
UNRESTRICTED_DEFECT = scalar(
    "unrestricted_defect", r"\sum_{i\le N}\lambda_i^{\mathrm{all}}", "sum of the first N eigenvalues, all functions"
)
LOSS = scalar("loss", "L(f)", "spectral loss of the representation", lower=None)
AVERAGED_LOSS = scalar(
    "averaged_loss", r"L(\hat f)", "spectral loss of its average over the views of each input", lower=None
)
RELABELLED_LOSS = scalar(
    "relabelled_loss",
    r"L(\hat f\circ\pi)",
    "the same after the inputs have exchanged their values cyclically",
    lower=None,
)
UNION_BOUND = scalar(
    "union_bound",
    r"C(N,d)\max_m\Pr[2H+N/2-m>t]",
    "largest expected number of sign patterns that agree with random balanced labels in more than t places",
)
