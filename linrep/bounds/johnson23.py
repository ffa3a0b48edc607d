"""Johnson, El Hanchi, Maddison (ICLR 2023)."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, dropped, scaled
from linrep.symbols import (
    CUT_EIGENVALUE,
    DIM_BELOW_RANK,
    FLIP_DICTATOR,
    MINIMISER,
    POSITIVE_CUT_EIGENVALUE,
    WORST_APPROXIMATION,
)

_DIFFERS = "the print says which subspace is best; its value 1/(2 lambda_{d+1}) is ours, targets scaled to s = 1"


def minimax(cut: Scalar, field: Field) -> Scalar:
    """1 / (2 lambda_{d+1})."""
    return 1 / (2 * cut)


MINIMAX = Theorem(
    key="johnson23.minimax",
    title="minimisers approximate every augmentation-invariant target",
    source=Source("johnson23", "Theorem 4.1", "second hand", _DIFFERS),
    bounds=WORST_APPROXIMATION,
    kind=Kind.UPPER,
    inputs=(CUT_EIGENVALUE,),
    formula=minimax,
    hypotheses=(MINIMISER, POSITIVE_CUT_EIGENVALUE),
    steps=path(
        itself(WORST_APPROXIMATION),
        (
            "<=",
            Term((CUT_EIGENVALUE,), minimax),
            "the error is the sum of h_i^2 left out, each at most lambda_i h_i^2 / lambda_{d+1}, and twice the sum of "
            "lambda_i h_i^2 is E(h(x) - h(x+))^2 <= 1",
        ),
    ),
    attained_on=(FLIP_DICTATOR,),
    not_vacuous_on=(FLIP_DICTATOR,),
    controls=(dropped(MINIMISER), scaled(Fraction(9, 10))),
)

MINIMAX_LOWER = Theorem(
    key="johnson23.minimax_lower",
    title="no d-dimensional representation does better",
    source=Source("johnson23", "Theorem 4.1", "second hand", _DIFFERS),
    bounds=WORST_APPROXIMATION,
    kind=Kind.LOWER,
    inputs=(CUT_EIGENVALUE,),
    formula=minimax,
    hypotheses=(DIM_BELOW_RANK, POSITIVE_CUT_EIGENVALUE),
    steps=path(
        itself(WORST_APPROXIMATION),
        (
            ">=",
            Term((CUT_EIGENVALUE,), minimax),
            "some unit h in the span of v_1..v_{d+1} is orthogonal to the representation, and "
            "E(h(x) - h(x+))^2 <= 2 lambda_{d+1}; scale it",
        ),
    ),
    attained_on=(FLIP_DICTATOR,),
    not_vacuous_on=(FLIP_DICTATOR,),
    controls=(dropped(DIM_BELOW_RANK), scaled(Fraction(10, 9))),
)
