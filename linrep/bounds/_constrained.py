"""The part of Saunshi et al. (2022) on constrained representations."""

from fractions import Fraction

from linrep.bounds._controls import reversed_inequality
from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.symbols import (
    BALANCED_LABELS,
    COUNTING_FLOOR,
    DISJOINT,
    DISJOINT_PAIRS,
    SHARED_RANDOMNESS,
    SIGN_LABELS,
    UNIFORM_PRIOR,
    WORST_RELABELLED_ERROR,
)

_LIGHTEST = "functions on the d lightest inputs alone attain the least loss, and err on all others"
COUNTING_CONTROLS = (
    dropped(DISJOINT),
    dropped(UNIFORM_PRIOR, unknown=_LIGHTEST),
    dropped(BALANCED_LABELS, unknown=_LIGHTEST),
    scaled(Fraction(5)),
    reversed_inequality(),
)


def counted(floor: Scalar, field: Field) -> Scalar:
    """e(N, d)."""
    return floor


CONSTRAINED_LOWER_BOUND = Theorem(
    key="saunshi22.constrained_lower_bound",
    title="some representation of equal loss and equal values classifies badly",
    source=Source(
        "saunshi22",
        "Lemma 4.2",
        "second hand",
        "the print hides the constant; e(N,d) is ours, by exact counting; the shared randomness is found by matching "
        "views of equal probability",
    ),
    bounds=WORST_RELABELLED_ERROR,
    kind=Kind.LOWER,
    inputs=(COUNTING_FLOOR,),
    formula=counted,
    hypotheses=(UNIFORM_PRIOR, DISJOINT, SIGN_LABELS, BALANCED_LABELS, SHARED_RANDOMNESS),
    steps=path(
        itself(WORST_RELABELLED_ERROR),
        (
            ">=",
            Term((COUNTING_FLOOR,), counted),
            "f^(T(i, omega)) = f(T(pi(i), omega)) keeps the law of (f(x), f(x+)) and permutes the means f_A; some "
            "permutation is bad for these labels, by counting",
        ),
    ),
    not_vacuous_on=(DISJOINT_PAIRS,),
    controls=(
        dropped(DISJOINT, unknown="where views are shared, inputs cannot exchange their values: nothing is defined"),
        dropped(UNIFORM_PRIOR, unknown="exchanged inputs of unequal mass change the loss: nothing is defined"),
        dropped(BALANCED_LABELS, unknown="the counting is about balanced labels: nothing is known of others"),
        dropped(SHARED_RANDOMNESS, unknown="without it values cannot be exchanged view by view: nothing is defined"),
        scaled(Fraction(5)),
        reversed_inequality(),
    ),
)
