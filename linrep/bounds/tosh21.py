"""Tosh, Krishnamurthy, Hsu (ALT 2021): X and Z are the two views of a positive pair, Y is the label of their input."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, scaled
from linrep.symbols import (
    CLOSE_KERNEL,
    FIRST_REDUNDANCY,
    LABEL_ENERGY,
    LARGEST_RATIO,
    POSITIVE_PRODUCTS,
    RATIO_ERROR,
    RATIO_EXCESS,
    REDUNDANCY_ERROR,
    RELAYED_RISK,
    SECOND_REDUNDANCY,
    TWO_CLUSTERS,
)


def redundancy(first: Scalar, second: Scalar, field: Field) -> Scalar:
    """(sqrt eps_X + sqrt eps_Z)^2, with one root: rational where both are equal."""
    return first + 2 * field.sqrt(first * second) + second


REDUNDANCY = Theorem(
    key="tosh21.redundancy",
    title="redundant views: relaying the label through the other view loses little",
    source=Source("tosh21", "Lemma 1", "paper", "read for positive pairs; the label of several outputs is summed over"),
    bounds=REDUNDANCY_ERROR,
    kind=Kind.UPPER,
    inputs=(FIRST_REDUNDANCY, SECOND_REDUNDANCY),
    formula=redundancy,
    hypotheses=(),
    steps=path(
        itself(REDUNDANCY_ERROR),
        (
            "<=",
            Term((FIRST_REDUNDANCY, SECOND_REDUNDANCY), redundancy),
            "triangle inequality through E[Y|X] = E[E[Y|X,Z] | X]: taking E[. | X] of E[Y|Z] - E[Y|X,Z] does not "
            "lengthen it",
        ),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(scaled(Fraction(1, 5)),),
)


def squared(energy: Scalar, error: Scalar, field: Field) -> Scalar:
    """E[Y^2] E(f(x).f(z) - g*)^2."""
    return energy * error


def direct(energy: Scalar, largest: Scalar, excess: Scalar, field: Field) -> Scalar:
    """E[Y^2] (1 + g_max)^4 eps_opt."""
    return energy * (1 + largest) ** 4 * excess


SPECTRAL = Theorem(
    key="tosh21.spectral",
    title="the spectral loss is the direct embedding error",
    source=Source(
        "tosh21",
        "Lemma 6",
        "paper",
        "with both embeddings equal to f; that the error is the spectral loss less its infimum over all dimensions is "
        "HaoChen et al. (2021), Lemma 3.2",
    ),
    bounds=RELAYED_RISK,
    kind=Kind.UPPER,
    inputs=(LABEL_ENERGY, RATIO_ERROR),
    formula=squared,
    hypotheses=(),
    steps=path(
        itself(RELAYED_RISK),
        (
            "<=",
            Term((LABEL_ENERGY, RATIO_ERROR), squared),
            "w = E_z[f(z) E[Y|z]] gives w.f(x) - mu(x) = E_z[(f(x).f(z) - g*) E[Y|z]]; Cauchy-Schwarz and Jensen",
        ),
    ),
    not_vacuous_on=(TWO_CLUSTERS,),
    controls=(scaled(Fraction(1, 100)),),
)

DIRECT = Theorem(
    key="tosh21.direct",
    title="a good contrastive classifier predicts what the other view tells",
    source=Source("tosh21", "Theorem 11", "paper", "eta = psi = f, and the smallest admissible g_max"),
    bounds=RELAYED_RISK,
    kind=Kind.UPPER,
    inputs=(LABEL_ENERGY, LARGEST_RATIO, RATIO_EXCESS),
    formula=direct,
    hypotheses=(POSITIVE_PRODUCTS,),
    steps=(
        *SPECTRAL.steps,
        *path(
            Term((LABEL_ENERGY, RATIO_ERROR), squared),
            (
                "<=",
                Term((LABEL_ENERGY, LARGEST_RATIO, RATIO_EXCESS), direct),
                "Pinsker: the relative entropy of the posteriors is at least 2 (g - g*)^2 / (1 + g_max)^4, and half of "
                "the contrastive law is on independent pairs",
            ),
        ),
    ),
    not_vacuous_on=(CLOSE_KERNEL,),
    controls=(scaled(Fraction(1, 1000)),),
)
