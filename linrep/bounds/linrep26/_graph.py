"""Explicit constants for the eigenvalue guarantee of HaoChen et al. (2021), exact minimisers of the unrestricted
class."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._theorem import Kind, Source, Step, Theorem, dropped, scaled
from linrep.symbols import (
    ARGMAX_AUGMENTED_ERROR,
    ARGMAX_MEAN_ERROR,
    BAYES_TARGET_RISK,
    CLASS_LABELS,
    CLASS_MEAN_RISK,
    CUT_EIGENVALUE,
    HEAD_NORM_AUGMENTED,
    HEAD_NORM_MEAN,
    LABEL_NOISE,
    LAST_RETAINED,
    MINIMISER,
    POSITIVE_CUT_EIGENVALUE,
    POSITIVE_LAST_RETAINED,
    TWO_CLUSTERS,
    UNRESTRICTED,
    VOTE_ERROR,
)

_HYPOTHESES = (UNRESTRICTED, MINIMISER, CLASS_LABELS, POSITIVE_CUT_EIGENVALUE)
_CONTROLS = (dropped(MINIMISER), scaled(Fraction(1, 50)))
_ENERGY = Step(
    r"\sum_{i>d}\|c_i\|^2",
    r"\le",
    r"\Pr[g(x)\neq g(x^+)]/\lambda_{d+1}\le2\alpha/\lambda_{d+1}",
    "T2 for the targets e_g",
)
_ARGMAX = Step(r"\Pr[\arg\max\neq y]", r"\le", r"2\,\mathbb{E}\|e_y-Bf\|^2", "a wrong argmax costs at least 1/2")


def twice_noise(noise: Scalar, cut: Scalar, field: Field) -> Scalar:
    """2 alpha / lambda_{d+1}."""
    return 2 * noise / cut


HAOCHEN_REGRESSION = Theorem(
    key="linrep26.haochen_regression",
    title="squared error for the Bayes label, one view",
    source=Source("linrep26", "theory, G1"),
    bounds=BAYES_TARGET_RISK,
    kind=Kind.UPPER,
    inputs=(LABEL_NOISE, CUT_EIGENVALUE),
    formula=twice_noise,
    hypotheses=_HYPOTHESES,
    steps=(_ENERGY,),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=_CONTROLS,
)

HAOCHEN_CLASS_MEAN = Theorem(
    key="linrep26.haochen_class_mean",
    title="squared error for the class, mean readout",
    source=Source("linrep26", "theory, G1, mean features"),
    bounds=CLASS_MEAN_RISK,
    kind=Kind.UPPER,
    inputs=(LABEL_NOISE, CUT_EIGENVALUE),
    formula=twice_noise,
    hypotheses=_HYPOTHESES,
    steps=(Step(r"\sum_{i>d}\|a_i\|^2", r"\le", r"(R_{\min}-\bar R_{\min})/\lambda_{d+1}", "T1"),),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=_CONTROLS,
)


def single_view(noise: Scalar, cut: Scalar, field: Field) -> Scalar:
    """4 alpha / lambda_{d+1} + alpha."""
    return 4 * noise / cut + noise


HAOCHEN_SINGLE_VIEW = Theorem(
    key="linrep26.haochen_single_view",
    title="argmax error from one view",
    source=Source("linrep26", "theory, G1"),
    bounds=ARGMAX_AUGMENTED_ERROR,
    kind=Kind.UPPER,
    inputs=(LABEL_NOISE, CUT_EIGENVALUE),
    formula=single_view,
    hypotheses=_HYPOTHESES,
    steps=(_ENERGY, _ARGMAX),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=_CONTROLS,
)


def mean_features(noise: Scalar, cut: Scalar, field: Field) -> Scalar:
    """4 alpha / lambda_{d+1}."""
    return 4 * noise / cut


HAOCHEN_MEAN = Theorem(
    key="linrep26.haochen_mean",
    title="argmax error from the mean over views",
    source=Source("linrep26", "theory, G1"),
    bounds=ARGMAX_MEAN_ERROR,
    kind=Kind.UPPER,
    inputs=(LABEL_NOISE, CUT_EIGENVALUE),
    formula=mean_features,
    hypotheses=_HYPOTHESES,
    steps=(_ARGMAX,),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=_CONTROLS,
)


def vote(noise: Scalar, cut: Scalar, field: Field) -> Scalar:
    """8 alpha / lambda_{d+1} + 2 alpha."""
    return 8 * noise / cut + 2 * noise


HAOCHEN_VOTE = Theorem(
    key="linrep26.haochen_vote",
    title="majority vote over views",
    source=Source("linrep26", "theory, G1"),
    bounds=VOTE_ERROR,
    kind=Kind.UPPER,
    inputs=(LABEL_NOISE, CUT_EIGENVALUE),
    formula=vote,
    hypotheses=_HYPOTHESES,
    steps=(
        _ENERGY,
        _ARGMAX,
        Step(r"\Pr[\text{vote wrong}]", r"\le", r"2\Pr[\text{view wrong}]", "half of the views must be wrong"),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=_CONTROLS,
)


def head_norm_augmented(last: Scalar, field: Field) -> Scalar:
    """1 / sqrt(kappa_d)."""
    return 1 / field.sqrt(last)


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
    steps=(
        Step("B", "=", r"\mathrm{diag}(\kappa^{-1/2})c_{\le d}", "normal equations"),
        Step(r"\|c\|", r"\le", "1", "targets of norm one"),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(dropped(MINIMISER), scaled(Fraction(1, 2))),
)


def head_norm_mean(last: Scalar, field: Field) -> Scalar:
    """1 / kappa_d."""
    return 1 / last


HEAD_NORM_MEAN_VIEWS = Theorem(
    key="linrep26.head_norm_mean",
    title="norm of the head on the mean over views",
    source=Source("linrep26", "theory, G1"),
    bounds=HEAD_NORM_MEAN,
    kind=Kind.UPPER,
    inputs=(LAST_RETAINED,),
    formula=head_norm_mean,
    hypotheses=(MINIMISER, CLASS_LABELS, POSITIVE_LAST_RETAINED),
    steps=(
        Step("B", "=", r"\mathrm{diag}(\kappa^{-1})a_{\le d}", "normal equations"),
        Step(r"\|a\|", r"\le", "1", "targets of norm one"),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(dropped(MINIMISER), scaled(Fraction(1, 2))),
)
