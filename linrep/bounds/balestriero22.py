"""Balestriero, LeCun (NeurIPS 2022)."""

from fractions import Fraction

from linrep.bounds._field import Field, Scalar
from linrep.bounds._proof import Term, itself, path
from linrep.bounds._theorem import Kind, Source, Theorem, scaled
from linrep.symbols import DIM, FLIP_DICTATOR, HEAD_SQUARES, LOSS, VARIANCE_LOSS


def minimum(dim: Scalar, kept: Scalar, field: Field) -> Scalar:
    """d - sum_{i<=d} kappa_i^2."""
    return dim - kept


def shifted_loss(dim: Scalar, loss: Scalar, field: Field) -> Scalar:
    """d + L(f)."""
    return dim + loss


VICREG = Theorem(
    key="balestriero22.vicreg",
    title="VICReg with a squared variance term is spectral: its minimum",
    source=Source(
        "balestriero22",
        "Theorems 1 and 3",
        "second hand",
        "on the population, without centring, at equal strengths, in a linear class; negative eigenvalues do not occur",
    ),
    bounds=VARIANCE_LOSS,
    kind=Kind.LOWER,
    inputs=(DIM, HEAD_SQUARES),
    formula=minimum,
    hypotheses=(),
    steps=path(
        itself(VARIANCE_LOSS),
        ("=", Term((DIM, LOSS), shifted_loss), "expand both squares: the terms in E f f.T cancel but for d"),
        (">=", Term((DIM, HEAD_SQUARES), minimum), "Eckart-Young: the least spectral loss is minus the kept squares"),
    ),
    attained_on=(FLIP_DICTATOR,),
    not_vacuous_on=(FLIP_DICTATOR,),
    controls=(scaled(Fraction(10, 9)),),
)
