"""Phase diagrams of the vacuity budget: class against augmentation law, d against k, class against tau."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction

import jax
import numpy as np

from linrep.features import AbstractFeatures, OneHot
from linrep.moments import population
from linrep.processes import AbstractProcess, Discrete, FiniteProcess, HypercubeFlip, HypercubeScaling, Uniform
from linrep.tables import Table, Value
from linrep.transfer import budgets
from proofs_check.embedded import family_member
from proofs_check.studies._classes import BANDWIDTHS, LABEL, ladder

COLUMNS = ("diagram", "row", "column", "x", "features", "dim", "epsilon_vac")
LAW, IDENTIFICATION, RELEVANT = "class and augmentation law", "class and identification error", "d and k, "
SIZE, KEPT, ROOM = 8, 4, 5
"""Coordinates, kept ones, and d, for the constant and the kept ones, in the first diagram."""
FEW = 8
"""Random Fourier features on the family: half as many as there are inputs."""
WHOLE = 24
"""Coordinates of Example 1 in the diagrams of d and k."""
ERASURES = tuple(Fraction(1, round(2**exponent)) for exponent in np.linspace(1.5, 15, 10))


def laws() -> tuple[tuple[str, AbstractProcess], ...]:
    """Augmentations of signs by name, from rescaling over erasing to flipping the four coordinates that matter less.

    Source: ours.

    >>> sum(process.disjoint for _, process in laws())
    3
    """
    half, flips = Discrete([0, 1], [1, 1]), lambda kept: (*[kept] * KEPT, *[Fraction(3, 4)] * (SIZE - KEPT))
    return (
        ("scaled,\n(0, 1]", HypercubeScaling(SIZE, KEPT)),
        ("scaled,\n(1/2, 1]", HypercubeScaling(SIZE, KEPT, Uniform(Fraction(1, 2), 1))),
        ("scaled\none by one", HypercubeScaling(SIZE, KEPT, shared=False)),
        ("erased\ntogether", HypercubeScaling(SIZE, KEPT, half)),
        ("erased\none by one", HypercubeScaling(SIZE, KEPT, half, shared=False)),
        ("flipped\n(1 %, 25 %)", HypercubeFlip(SIZE, flips(Fraction(99, 100)))),
        ("flipped\n(5 %, 25 %)", HypercubeFlip(SIZE, flips(Fraction(19, 20)))),
    )


def phases(
    *,
    tried: Sequence[tuple[str, AbstractProcess]] | None = None,
    erasures: Sequence[Fraction] = ERASURES,
    relevant: Sequence[int] = tuple(range(1, 13)),
    dims: Sequence[int] = tuple(range(1, 85)),
    key: jax.Array | None = None,
    tick: Callable[[str], object] | None = None,
) -> Table:
    """The vacuity budget eps_vac in three phase diagrams; the label is the first coordinate of the input.

    Class and augmentation law: signs with D = 8, k = 4, d = 5; continuous scales on two levels. Class and
    identification error: `embedded.family_member`, N = 16, d = 2, `x` the error of naming the input. d and k: Example 1
    with 24 coordinates, for affine functions and for polynomials of degree two.

    Args:
        tried: augmentations by name; default `laws()`.
        erasures: of the nearly disjoint family.
        relevant: numbers k of kept coordinates.
        dims: dimensions d.
        key: draws random Fourier features; default a fixed one.
        tick: told the name of each diagram as it begins.

    Returns:
        A row for each cell: `row` and `column` name it, `x` is its place on a numerical axis, None where there is none.

    Source: theory V5 (ours).

    >>> found = phases(tried=(), erasures=(), relevant=(3,), dims=(3, 4))
    >>> [(row["diagram"], row["column"], row["epsilon_vac"]) for row in found.rows][:2]
    [('d and k, affine', '3', 0.0), ('d and k, affine', '4', 0.4375)]
    """
    say = tick or (lambda _: None)
    say(LAW)
    rows = [row for name, process in (laws() if tried is None else tried) for row in _law_cells(name, process, key)]
    say(IDENTIFICATION)
    rows += [row for erasure in erasures for row in _family_cells(erasure, key)]
    say(RELEVANT.rstrip(", "))
    rows += [row for k in relevant for row in _relevant_cells(k, dims)]
    return Table(COLUMNS, tuple(rows), {"label": "the first coordinate", "intercept": True})


def _law_cells(name: str, process: AbstractProcess, key: jax.Array | None) -> Iterable[dict[str, Value]]:
    finite = process.finite(levels=2)
    for row, features in ladder((2, 3), bandwidths=BANDWIDTHS, key=key):
        yield _cell((LAW, row, name, None), finite, features, ROOM)
    if process.disjoint:  # as many eigenvalues 1 as inputs, more than d: every term of eps_vac is zero (theory V5)
        yield dict(zip(COLUMNS, (LAW, "unrestricted", name, None, process.n_inputs, ROOM, 0.0), strict=True))
    else:
        yield _cell((LAW, "unrestricted", name, None), finite, OneHot(), ROOM)


def _family_cells(erasure: Fraction, key: jax.Array | None) -> Iterable[dict[str, Value]]:
    process = family_member(erasure)
    tau = float(process.identification_error)
    shown = f"{tau:.1e}".replace("e-0", "e-")
    drawn = ladder((2, 3, 4), bandwidths=BANDWIDTHS, key=key, count=FEW)
    for row, features in (*drawn, ("unrestricted", OneHot())):
        yield _cell((IDENTIFICATION, row, shown, tau), process, features, 2)


def _relevant_cells(k: int, dims: Sequence[int]) -> Iterable[dict[str, Value]]:
    process = HypercubeScaling(WHOLE, k)
    for name, features in ladder((2,))[1:]:
        moments = population(process, features, LABEL)
        for dim, budget in zip(dims, budgets(moments, dims=dims), strict=True):
            cells = (RELEVANT + name, str(k), str(dim), float(dim), moments.dim, dim, float(budget))
            yield dict(zip(COLUMNS, cells, strict=True))


def _cell(
    place: tuple[str, str, str, float | None], process: FiniteProcess, features: AbstractFeatures, dim: int
) -> dict[str, Value]:
    """The budget of one class on one process; `place` is diagram, row, column and x."""
    moments = population(process, features, LABEL)
    budget = float(budgets(moments, dims=[dim])[0])
    return dict(zip(COLUMNS, (*place, moments.dim, dim, budget), strict=True))
