"""The catalogue of theorems. A formula knows no data: it takes scalars and a field."""

from linrep import _checks
from linrep.bounds import arora19 as arora19
from linrep.bounds import ash22 as ash22
from linrep.bounds import balestriero22 as balestriero22
from linrep.bounds import bao22 as bao22
from linrep.bounds import haochen21 as haochen21
from linrep.bounds import haochenma23 as haochenma23
from linrep.bounds import huang23 as huang23
from linrep.bounds import johnson23 as johnson23
from linrep.bounds import linrep26 as linrep26
from linrep.bounds import nozawa21 as nozawa21
from linrep.bounds import saunshi22 as saunshi22
from linrep.bounds import tosh21 as tosh21
from linrep.bounds import wang22 as wang22
from linrep.bounds import wangisola20 as wangisola20
from linrep.bounds._controls import NEEDED_TO_STATE as NEEDED_TO_STATE
from linrep.bounds._controls import reversed_inequality as reversed_inequality
from linrep.bounds._controls import shifted as shifted
from linrep.bounds._field import FLOAT as FLOAT
from linrep.bounds._field import FRACTION as FRACTION
from linrep.bounds._field import JAX as JAX
from linrep.bounds._field import SYMBOLIC as SYMBOLIC
from linrep.bounds._field import Field as Field
from linrep.bounds._proof import Formula as Formula
from linrep.bounds._proof import Relation as Relation
from linrep.bounds._proof import Step as Step
from linrep.bounds._proof import Term as Term
from linrep.bounds._proof import itself as itself
from linrep.bounds._proof import path as path
from linrep.bounds._theorem import Choice as Choice
from linrep.bounds._theorem import Control as Control
from linrep.bounds._theorem import Kind as Kind
from linrep.bounds._theorem import Source as Source
from linrep.bounds._theorem import Theorem as Theorem
from linrep.bounds._theorem import dropped as dropped
from linrep.bounds._theorem import scaled as scaled

CATALOGUE: tuple[Theorem, ...] = (
    linrep26.RISK_GAP_MEAN,
    linrep26.RISK_GAP_AUGMENTED,
    linrep26.HEAD_BOUND,
    linrep26.SUBOPTIMAL_AUGMENTED,
    linrep26.SUBOPTIMAL_MEAN,
    linrep26.MARGIN_AUGMENTED,
    linrep26.MARGIN_MEAN,
    saunshi22.LINEAR_CLASS,
    linrep26.SHARPENED_45,
    linrep26.SHARPENED_45_CLASSES,
    saunshi22.HYPERCUBE,
    linrep26.HYPERCUBE,
    saunshi22.RESTATED_HAOCHEN,
    haochen21.EIGENVALUE,
    linrep26.HAOCHEN_REGRESSION,
    linrep26.HAOCHEN_CLASS_MEAN,
    linrep26.HAOCHEN_SINGLE_VIEW,
    linrep26.HAOCHEN_MEAN,
    linrep26.HAOCHEN_VOTE,
    linrep26.HEAD_NORM_ONE_VIEW,
    linrep26.HEAD_NORM_MEAN_VIEWS,
    saunshi22.LOWER_BOUND,
    saunshi22.VACUOUS_TRANSFER,
    saunshi22.NEAR_DISJOINT,
    linrep26.NEAR_DISJOINT_COLLISION,
    linrep26.NEAR_DISJOINT_SQUARED,
    linrep26.VACUITY_THRESHOLD,
    linrep26.NEAR_DISJOINT_CEILING,
    linrep26.NEAR_DISJOINT_IDENTIFICATION,
    johnson23.MINIMAX,
    johnson23.MINIMAX_LOWER,
    haochenma23.CLUSTERS,
    linrep26.SHARPENED_CLUSTERS,
    linrep26.SAMPLE_EXCESS,
    linrep26.FAST_SAMPLE_EXCESS,
    linrep26.SAMPLE_EXCESS_VARIANCE,
    haochen21.PARTITION,
    tosh21.REDUNDANCY,
    tosh21.SPECTRAL,
    tosh21.DIRECT,
    huang23.AUGMENTED_DISTANCE,
    balestriero22.VICREG,
    saunshi22.CONSTRAINED_LOWER_BOUND,
    arora19.MEAN_CLASSIFIER,
    arora19.MEAN_CLASSIFIER_LOGISTIC,
    arora19.COLLISION,
    arora19.COLLISION_LOGISTIC,
    arora19.MANY_NEGATIVES,
    nozawa21.COUPON,
    ash22.COUPONS,
    bao22.UPPER,
    bao22.LOWER,
    wang22.CHAOS,
    wang22.CHAOS_LOWER,
    wangisola20.LIMIT,
    linrep26.PRESENT_CLASSES,
    linrep26.SHARED_CLASSES,
    linrep26.SURROGATE_GAP,
    linrep26.CORNER_GAP,
    linrep26.CORNER_LOWER,
    linrep26.CHAOS,
    linrep26.CHAOS_LOWER,
    linrep26.LIMIT_RATE,
)
"""Every theorem of the project, in the order of the theory."""


def theorem(key: str) -> Theorem:
    """The theorem of the catalogue with the given key.

    Raises:
        InputError: no such key; the sentence lists the nearest ones.

    Source: ours.

    >>> theorem("linrep26.risk_gap_mean").bounds.name
    'mean_risk'
    """
    for entry in CATALOGUE:
        if entry.key == key:
            return entry
    paper = key.split(".")[0]
    near = [t.key for t in CATALOGUE if t.key.split(".")[0] == paper] or sorted(
        {t.key.split(".")[0] for t in CATALOGUE}
    )
    raise _checks.InputError(f"bounds.theorem: there is no theorem {key!r}; known here: {', '.join(near)}.")
