"""From a training set to the suboptimality of the empirical minimiser."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.symbols import (
    CUT_RETAINED,
    DEVIATION_BELOW_GAP,
    DIM,
    HEAD_SQUARES,
    LAST_RETAINED,
    POSITIVE_LAST_RETAINED,
    SAMPLE_DEVIATION,
    SAMPLE_FLUCTUATION,
    SAMPLE_GIVEN,
    SMALL_DEVIATION,
    TRAINED,
)
from linrep.symbols import SAMPLE_EXCESS as EXCESS


def sample_excess(dim: Scalar, deviation: Scalar, field: Field) -> Scalar:
    """2 d (2 eta s + (2 eta + eta^2) s^2), s = 1 / (1 - eta)."""
    stretch = 1 / (1 - deviation)
    return 2 * dim * (2 * deviation * stretch + (2 * deviation + deviation**2) * stretch**2)


SAMPLE_EXCESS = Theorem(
    key="linrep26.sample_excess",
    title="the empirical minimiser is nearly optimal",
    source=Source(
        "linrep26",
        "theory, T12",
        differs="R = rank Sigma in place of D in the logarithm; given weights stand for the empirical minimiser",
    ),
    bounds=EXCESS,
    kind=Kind.UPPER,
    inputs=(DIM, SAMPLE_DEVIATION),
    formula=sample_excess,
    hypotheses=(SAMPLE_GIVEN, SMALL_DEVIATION),
    steps=path(
        itself(EXCESS),
        (
            "<=",
            Term((DIM, SAMPLE_DEVIATION), sample_excess),
            "matrix Bernstein: both whitened moments are within eta with probability 1 - delta; then the losses of the "
            "empirical and of the population minimiser each move by at most half of this",
        ),
    ),
    not_vacuous_on=(TRAINED,),
    controls=(dropped(SMALL_DEVIATION), scaled(Fraction(1, 10**6))),
)


def fast_excess(dim: Scalar, deviation: Scalar, last: Scalar, cut: Scalar, field: Field) -> Scalar:
    """8 d eta^2 (3 + eta)^2 g / (g - 2 eta)^2, g = 1 - kappa_{d+1} / kappa_d."""
    gap = 1 - cut / last
    return 8 * dim * deviation**2 * (3 + deviation) ** 2 * gap / (gap - 2 * deviation) ** 2


FAST_SAMPLE_EXCESS = Theorem(
    key="linrep26.sample_excess_fast",
    title="with a spectral gap the excess decays like 1/n",
    source=Source("linrep26", "theory, T12, the fast rate"),
    bounds=EXCESS,
    kind=Kind.UPPER,
    inputs=(DIM, SAMPLE_DEVIATION, LAST_RETAINED, CUT_RETAINED),
    formula=fast_excess,
    hypotheses=(SAMPLE_GIVEN, POSITIVE_LAST_RETAINED, DEVIATION_BELOW_GAP),
    steps=path(
        itself(EXCESS),
        (
            "<=",
            Term((DIM, SAMPLE_DEVIATION, LAST_RETAINED, CUT_RETAINED), fast_excess),
            "growth: |G - G*|_F^2 <= eps / g for every G = M M.T, M of d columns, because G* also minimises the loss "
            "of K with its tail raised to kappa_d; and eps <= 2 <D, N> + 2 eta |D|_F^2 with D = G - G* of rank at most "
            "2d and |N| <= 3 eta + eta^2, so sqrt(eps g) (1 - 2 eta / g) <= 2 sqrt(2d) (3 eta + eta^2)",
        ),
    ),
    not_vacuous_on=(TRAINED,),
    controls=(dropped(DEVIATION_BELOW_GAP), scaled(Fraction(1, 10**6))),
)


def variance_excess(
    fluctuation: Scalar, deviation: Scalar, squares: Scalar, last: Scalar, cut: Scalar, field: Field
) -> Scalar:
    """4 (t + eta^2 sqrt(sum kappa_i^2))^2 g / (g - 2 eta)^2, g = 1 - kappa_{d+1} / kappa_d."""
    gap = 1 - cut / last
    return 4 * (fluctuation + deviation**2 * field.sqrt(squares)) ** 2 * gap / (gap - 2 * deviation) ** 2


_VARIANCE_INPUTS = (SAMPLE_FLUCTUATION, SAMPLE_DEVIATION, HEAD_SQUARES, LAST_RETAINED, CUT_RETAINED)

SAMPLE_EXCESS_VARIANCE = Theorem(
    key="linrep26.sample_excess_variance",
    title="the 1/n rate with the variance of the gradient in front",
    source=Source("linrep26", "theory, T12, the fast rate with a variance"),
    bounds=EXCESS,
    kind=Kind.UPPER,
    inputs=_VARIANCE_INPUTS,
    formula=variance_excess,
    hypotheses=(SAMPLE_GIVEN, POSITIVE_LAST_RETAINED, DEVIATION_BELOW_GAP),
    steps=path(
        itself(EXCESS),
        (
            "<=",
            Term(_VARIANCE_INPUTS, variance_excess),
            "as for the fast rate, with the sample mean of the gradient at G* bounded in the Frobenius norm by "
            "Bernstein's inequality in a Hilbert space (Pinelis 1994), and E G* E by eta^2 |G*|_F; half of delta each",
        ),
    ),
    not_vacuous_on=(TRAINED,),
    controls=(dropped(DEVIATION_BELOW_GAP), scaled(Fraction(1, 10**6))),
)
