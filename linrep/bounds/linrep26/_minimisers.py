"""What every minimiser of the class guarantees: the price of augmentation."""

from fractions import Fraction

from linrep.bounds._controls import reversed_inequality, shifted
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.symbols import (
    AUGMENTED_RISK,
    BEST_AUGMENTED_RISK,
    BEST_MEAN_RISK,
    CUT_EIGENVALUE,
    EXAMPLE_ONE_DICTATOR,
    FLIP_DICTATOR,
    INCONSISTENCY,
    LOST_ENERGY,
    LOST_MEAN_ENERGY,
    MEAN_RISK,
    MINIMISER,
    NEXT_CUT_EIGENVALUE,
    POSITIVE_CUT_EIGENVALUE,
    RISK_GAP,
    WEIGHTED_LOST_ENERGY,
    WEIGHTED_LOST_MEAN_ENERGY,
)

TIGHTEN = scaled(Fraction(9, 10))


def added(best: Scalar, lost: Scalar, field: Field) -> Scalar:
    """What the class misses plus what the representation loses."""
    return best + lost


def two_parts(best: Scalar, first: Scalar, second: Scalar, field: Field) -> Scalar:
    """best + (sqrt(first) + sqrt(second))^2, by the triangle inequality."""
    return best + (field.sqrt(first) + field.sqrt(second)) ** 2


def risk_gap_mean(best_mean: Scalar, best_augmented: Scalar, cut_gap: Scalar, field: Field) -> Scalar:
    """R̄_min + (R_min - R̄_min) / lambda_{d+1}."""
    return best_mean + (best_augmented - best_mean) / cut_gap


def over_gap(best: Scalar, weighted: Scalar, cut_gap: Scalar, field: Field) -> Scalar:
    """best + weighted / lambda_{d+1}."""
    return best + weighted / cut_gap


_T1 = (BEST_MEAN_RISK, BEST_AUGMENTED_RISK, CUT_EIGENVALUE)

RISK_GAP_MEAN = Theorem(
    key="linrep26.risk_gap_mean",
    title="the price of augmentation, mean readout",
    source=Source("linrep26", "theory, T1"),
    bounds=MEAN_RISK,
    kind=Kind.UPPER,
    inputs=_T1,
    formula=risk_gap_mean,
    hypotheses=(MINIMISER, POSITIVE_CUT_EIGENVALUE),
    steps=path(
        itself(MEAN_RISK),
        ("=", Term((BEST_MEAN_RISK, LOST_MEAN_ENERGY), added), "the error in the class, and what f loses (I3)"),
        (
            "<=",
            Term((BEST_MEAN_RISK, WEIGHTED_LOST_MEAN_ENERGY, CUT_EIGENVALUE), over_gap),
            "a minimiser loses eigenvectors with lambda_i >= lambda_{d+1} only",
        ),
        (
            "<=",
            Term((BEST_MEAN_RISK, RISK_GAP, CUT_EIGENVALUE), over_gap),
            "add the terms lambda_i a_i^2 >= 0 it keeps",
        ),
        ("=", Term(_T1, risk_gap_mean), "kappa_i a_i^2 = c_i^2"),
    ),
    attained_on=(FLIP_DICTATOR,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(MINIMISER), TIGHTEN, reversed_inequality(), shifted(CUT_EIGENVALUE, NEXT_CUT_EIGENVALUE)),
)


_T2 = (BEST_AUGMENTED_RISK, INCONSISTENCY, CUT_EIGENVALUE)

RISK_GAP_AUGMENTED = Theorem(
    key="linrep26.risk_gap_augmented",
    title="the price of augmentation, one view",
    source=Source("linrep26", "theory, T2"),
    bounds=AUGMENTED_RISK,
    kind=Kind.UPPER,
    inputs=_T2,
    formula=over_gap,
    hypotheses=(MINIMISER, POSITIVE_CUT_EIGENVALUE),
    steps=path(
        itself(AUGMENTED_RISK),
        ("=", Term((BEST_AUGMENTED_RISK, LOST_ENERGY), added), "the error in the class, and what f loses (I3)"),
        (
            "<=",
            Term((BEST_AUGMENTED_RISK, WEIGHTED_LOST_ENERGY, CUT_EIGENVALUE), over_gap),
            "a minimiser loses eigenvectors with lambda_i >= lambda_{d+1} only",
        ),
        ("<=", Term(_T2, over_gap), "V = sum lambda_i c_i^2: w_LS has coordinates c; the kept terms are >= 0"),
    ),
    attained_on=(FLIP_DICTATOR,),
    not_vacuous_on=(EXAMPLE_ONE_DICTATOR,),
    controls=(dropped(MINIMISER), TIGHTEN, reversed_inequality(), shifted(CUT_EIGENVALUE, NEXT_CUT_EIGENVALUE)),
)
