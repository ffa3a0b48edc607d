"""The capacity phase diagram: what a larger class costs at a fixed dimension of the representation."""

from collections.abc import Iterator, Sequence

import numpy as np

from linrep.features import AbstractFeatures, Linear, Polynomial
from linrep.labels import AbstractLabel, Coordinate, Parity
from linrep.moments import population
from linrep.solutions import minimisers, spectrum
from linrep.tables import Table, Value
from linrep.transfer import budgets
from proofs_check.embedded import EXAMPLE_ONE

COLUMNS = ("label", "features", "degree", "features_dim", "dim", "budget", "cut", "tie_size", "tie_kept")
LABELS: tuple[tuple[str, AbstractLabel], ...] = (
    ("one kept coordinate", Coordinate(0)),
    ("product of two kept coordinates", Parity([0, 1])),
)
ONES = (10, 11, 56, 176, 386)
"""How many eigenvalues 1 the classes have: the places where a phase begins."""
BETWEEN = (1, 2, 3, 5, 7, 13, 16, 20, 30, 40, 49, 50, 70, 100, 140, 220, 300, 500)
DIMS = tuple(sorted({*BETWEEN, *(d + step for d in ONES for step in (-1, 0, 1) if d + step != 12)}))
"""Dimensions of the representation: roughly geometric, with the numbers of eigenvalues 1 and their neighbours."""


def capacity(degrees: Sequence[int] = (1, 2, 3, 4), dims: Sequence[int] = DIMS) -> Table:
    """The vacuity budget of two labels on Example 1 at D = 50, for linear features and multilinear polynomials.

    Args:
        degrees: of the polynomials; the linear class without a constant comes first.
        dims: dimensions d of the representation.

    Returns:
        A row for each label, class and d: the budget eps_vac, kappa_d (`cut`), and the tie at the cut (0, 0 if none).

    Source: theory V5 (ours).

    >>> [row["budget"] for row in capacity((1,), (10, 11)).where(label="one kept coordinate").rows]
    [0.4375, 0.4375, 0.0, 0.4375]
    """
    classes: list[tuple[str, int, AbstractFeatures]] = [("linear, no constant", 1, Linear())]
    classes += [(f"degree {q}", q, Polynomial(q)) for q in degrees]
    rows = tuple(
        row
        for label in LABELS
        for name, degree, features in classes
        for row in _class_rows(label, name, degree, features, dims)
    )
    return Table(COLUMNS, rows, {"process": "Example 1, D = 50, k = 10, U(0, 1]", "kind": "multilinear"})


def _class_rows(
    label: tuple[str, AbstractLabel], name: str, degree: int, features: AbstractFeatures, dims: Sequence[int]
) -> Iterator[dict[str, Value]]:
    moments = population(EXAMPLE_ONE, features, label[1])
    found = spectrum(moments)
    for dim, budget in zip(dims, np.asarray(budgets(moments, dims=dims, found=found)), strict=True):
        tie = minimisers(found, dim=dim).tie
        size, kept = (0, 0) if tie is None else (tie.size, tie.kept)
        cells = (label[0], name, degree, moments.dim, dim, float(budget), found.kappa(dim), size, kept)
        yield dict(zip(COLUMNS, cells, strict=True))
