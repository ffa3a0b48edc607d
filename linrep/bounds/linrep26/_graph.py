"""Explicit constants for the eigenvalue guarantee of HaoChen et al. (2021), exact minimisers of the unrestricted
class."""

from fractions import Fraction

from linrep.bounds._controls import reversed_inequality, shifted
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.bounds.linrep26._minimisers import risk_gap_mean
from linrep.symbols import (
    ARGMAX_AUGMENTED_ERROR,
    ARGMAX_MEAN_ERROR,
    BAYES_SPLIT,
    BAYES_TARGET_RISK,
    CLASS_BEST_AUGMENTED_RISK,
    CLASS_BEST_MEAN_RISK,
    CLASS_KEPT_MEAN_ENERGY,
    CLASS_LABELS,
    CLASS_MEAN_RISK,
    CUT_EIGENVALUE,
    HEAD_NORM_AUGMENTED,
    HEAD_NORM_MEAN,
    LABEL_NOISE,
    LAST_RETAINED,
    MINIMISER,
    NEXT_CUT_EIGENVALUE,
    POSITIVE_CUT_EIGENVALUE,
    POSITIVE_LAST_RETAINED,
    PREVIOUS_RETAINED,
    TWO_CLUSTERS,
    UNRESTRICTED,
    VOTE_ERROR,
    WEIGHTED_LOST_BAYES_ENERGY,
)

_HYPOTHESES = (UNRESTRICTED, MINIMISER, CLASS_LABELS, POSITIVE_CUT_EIGENVALUE)
_CONTROLS = (
    dropped(UNRESTRICTED),
    dropped(MINIMISER),
    reversed_inequality(),
    shifted(CUT_EIGENVALUE, NEXT_CUT_EIGENVALUE),
)
_NOISE = (LABEL_NOISE, CUT_EIGENVALUE)
_SPLIT = "g(x) and g(x+) differ only where one of them differs from the label: at most 2 alpha"
_ENERGY = "T2 for the target e_g, which is in the class, and E|e_g(x) - e_g(x+)|^2 / 2 = Pr[g(x) != g(x+)]"
_ARGMAX = "a wrong argmax costs at least 1/2 of the squared error"


def twice_noise(noise: Scalar, cut: Scalar, field: Field) -> Scalar:
    """2 alpha / lambda_{d+1}."""
    return 2 * noise / cut


def over_cut(size: Scalar, cut: Scalar, field: Field) -> Scalar:
    """size / lambda_{d+1}."""
    return size / cut


HAOCHEN_REGRESSION = Theorem(
    key="linrep26.haochen_regression",
    title="squared error for the Bayes label, one view",
    source=Source("linrep26", "theory, G1"),
    bounds=BAYES_TARGET_RISK,
    kind=Kind.UPPER,
    inputs=_NOISE,
    formula=twice_noise,
    hypotheses=_HYPOTHESES,
    steps=path(
        itself(BAYES_TARGET_RISK),
        (
            "<=",
            Term((WEIGHTED_LOST_BAYES_ENERGY, CUT_EIGENVALUE), over_cut),
            "e_g is in the class; a minimiser loses eigenvectors with lambda_i >= lambda_{d+1} only",
        ),
        (
            "<=",
            Term((BAYES_SPLIT, CUT_EIGENVALUE), over_cut),
            "sum lambda_i |c_i|^2 = E|e_g(x) - e_g(x+)|^2 / 2, and the kept terms are >= 0",
        ),
        ("<=", Term(_NOISE, twice_noise), _SPLIT),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(*_CONTROLS, scaled(Fraction(9, 10))),
)

_CLASS_T1 = (CLASS_BEST_MEAN_RISK, CLASS_BEST_AUGMENTED_RISK, CUT_EIGENVALUE)

HAOCHEN_CLASS_MEAN = Theorem(
    key="linrep26.haochen_class_mean",
    title="squared error for the class, mean readout",
    source=Source("linrep26", "theory, G1, mean features"),
    bounds=CLASS_MEAN_RISK,
    kind=Kind.UPPER,
    inputs=_NOISE,
    formula=twice_noise,
    hypotheses=_HYPOTHESES,
    steps=path(
        itself(CLASS_MEAN_RISK),
        ("<=", Term(_CLASS_T1, risk_gap_mean), "T1 for the target e_y"),
        ("<=", Term((CLASS_BEST_AUGMENTED_RISK, CUT_EIGENVALUE), over_cut), "lambda_{d+1} <= 1"),
        ("<=", Term(_NOISE, twice_noise), "1 - sum of squared posteriors of the class <= 2 (1 - the largest)"),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(*_CONTROLS, scaled(Fraction(9, 10))),
)


def single_view(noise: Scalar, cut: Scalar, field: Field) -> Scalar:
    """4 alpha / lambda_{d+1} + alpha."""
    return 4 * noise / cut + noise


def through_bayes(risk: Scalar, noise: Scalar, field: Field) -> Scalar:
    """2 E|e_g - B f|^2 + alpha."""
    return 2 * risk + noise


def through_split(split: Scalar, cut: Scalar, noise: Scalar, field: Field) -> Scalar:
    """2 Pr[g(x) != g(x+)] / lambda_{d+1} + alpha."""
    return through_bayes(over_cut(split, cut, field), noise, field)


HAOCHEN_SINGLE_VIEW = Theorem(
    key="linrep26.haochen_single_view",
    title="argmax error from one view",
    source=Source("linrep26", "theory, G1"),
    bounds=ARGMAX_AUGMENTED_ERROR,
    kind=Kind.UPPER,
    inputs=_NOISE,
    formula=single_view,
    hypotheses=_HYPOTHESES,
    steps=path(
        itself(ARGMAX_AUGMENTED_ERROR),
        (
            "<=",
            Term((BAYES_TARGET_RISK, LABEL_NOISE), through_bayes),
            f"an argmax that is not y is not g, or g is not y; {_ARGMAX}",
        ),
        ("<=", Term((BAYES_SPLIT, CUT_EIGENVALUE, LABEL_NOISE), through_split), _ENERGY),
        ("<=", Term(_NOISE, single_view), _SPLIT),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(*_CONTROLS, scaled(Fraction(2, 5))),
)


def mean_features(noise: Scalar, cut: Scalar, field: Field) -> Scalar:
    """4 alpha / lambda_{d+1}."""
    return 4 * noise / cut


def twice(risk: Scalar, field: Field) -> Scalar:
    """2 E|e_y - B f_A|^2."""
    return 2 * risk


def twice_gap(best_mean: Scalar, best: Scalar, cut: Scalar, field: Field) -> Scalar:
    """Twice T1's bound."""
    return 2 * risk_gap_mean(best_mean, best, cut, field)


HAOCHEN_MEAN = Theorem(
    key="linrep26.haochen_mean",
    title="argmax error from the mean over views",
    source=Source("linrep26", "theory, G1"),
    bounds=ARGMAX_MEAN_ERROR,
    kind=Kind.UPPER,
    inputs=_NOISE,
    formula=mean_features,
    hypotheses=_HYPOTHESES,
    steps=path(
        itself(ARGMAX_MEAN_ERROR),
        ("<=", Term((CLASS_MEAN_RISK,), twice), _ARGMAX),
        ("<=", Term(_CLASS_T1, twice_gap), "T1 for the target e_y"),
        ("<=", Term(_NOISE, mean_features), "as for the squared error of the class"),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(*_CONTROLS, scaled(Fraction(2, 5))),
)


def vote(noise: Scalar, cut: Scalar, field: Field) -> Scalar:
    """8 alpha / lambda_{d+1} + 2 alpha."""
    return 8 * noise / cut + 2 * noise


def voted_bayes(risk: Scalar, noise: Scalar, field: Field) -> Scalar:
    """4 E|e_g - B f|^2 + 2 alpha."""
    return 2 * through_bayes(risk, noise, field)


def voted_split(split: Scalar, cut: Scalar, noise: Scalar, field: Field) -> Scalar:
    """4 Pr[g(x) != g(x+)] / lambda_{d+1} + 2 alpha."""
    return 2 * through_split(split, cut, noise, field)


HAOCHEN_VOTE = Theorem(
    key="linrep26.haochen_vote",
    title="majority vote over views",
    source=Source("linrep26", "theory, G1"),
    bounds=VOTE_ERROR,
    kind=Kind.UPPER,
    inputs=_NOISE,
    formula=vote,
    hypotheses=_HYPOTHESES,
    steps=path(
        itself(VOTE_ERROR),
        (
            "<=",
            Term((BAYES_TARGET_RISK, LABEL_NOISE), voted_bayes),
            f"a vote is wrong only where half of the views are; {_ARGMAX}, and g is not y with probability alpha",
        ),
        ("<=", Term((BAYES_SPLIT, CUT_EIGENVALUE, LABEL_NOISE), voted_split), _ENERGY),
        ("<=", Term(_NOISE, vote), _SPLIT),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(*_CONTROLS, scaled(Fraction(1, 5))),
)


def head_norm_augmented(last: Scalar, field: Field) -> Scalar:
    """1 / sqrt(kappa_d)."""
    return 1 / field.sqrt(last)


def root(energy: Scalar, field: Field) -> Scalar:
    """sqrt(energy)."""
    return field.sqrt(energy)


def one(field: Field) -> Scalar:
    """1."""
    return field.ratio(1, 1)


HEAD_NORM_ONE_VIEW = Theorem(
    key="linrep26.head_norm_augmented",
    title="norm of the head on one view",
    source=Source(
        "linrep26", "theory, G1", "ours", "sharper than the remembered 1/kappa_d of the appendix, which is not used"
    ),
    bounds=HEAD_NORM_AUGMENTED,
    kind=Kind.UPPER,
    inputs=(LAST_RETAINED,),
    formula=head_norm_augmented,
    hypotheses=(MINIMISER, CLASS_LABELS, POSITIVE_LAST_RETAINED),
    steps=path(
        itself(HEAD_NORM_AUGMENTED),
        ("=", Term((CLASS_KEPT_MEAN_ENERGY,), root), "normal equations: B has rows c_i / sqrt kappa_i = a_i"),
        ("<=", Term((), one), "a are coordinates of e_y, of norm 1, in an orthonormal system"),
        ("<=", Term((LAST_RETAINED,), head_norm_augmented), "kappa_d <= 1"),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(
        dropped(MINIMISER),
        scaled(Fraction(9, 10)),
        reversed_inequality(),
        shifted(LAST_RETAINED, PREVIOUS_RETAINED, unknown="the norm is at most 1, as sum a_i^2 <= 1"),
    ),
)


def head_norm_mean(last: Scalar, field: Field) -> Scalar:
    """1 / kappa_d."""
    return 1 / last


def root_over(energy: Scalar, last: Scalar, field: Field) -> Scalar:
    """sqrt(energy) / kappa_d."""
    return field.sqrt(energy) / last


HEAD_NORM_MEAN_VIEWS = Theorem(
    key="linrep26.head_norm_mean",
    title="norm of the head on the mean over views",
    source=Source("linrep26", "theory, G1"),
    bounds=HEAD_NORM_MEAN,
    kind=Kind.UPPER,
    inputs=(LAST_RETAINED,),
    formula=head_norm_mean,
    hypotheses=(MINIMISER, CLASS_LABELS, POSITIVE_LAST_RETAINED),
    steps=path(
        itself(HEAD_NORM_MEAN),
        (
            "<=",
            Term((CLASS_KEPT_MEAN_ENERGY, LAST_RETAINED), root_over),
            "normal equations: B has rows a_i / kappa_i, and kappa_i >= kappa_d",
        ),
        ("<=", Term((LAST_RETAINED,), head_norm_mean), "a are coordinates of e_y, of norm 1, in an orthonormal system"),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(
        dropped(MINIMISER),
        scaled(Fraction(9, 10)),
        reversed_inequality(),
        shifted(LAST_RETAINED, PREVIOUS_RETAINED),
    ),
)
