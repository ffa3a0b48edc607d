"""The same process and label seen by one class of functions after the other: what each still allows to promise."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import NamedTuple

import jax

from linrep.features import AbstractFeatures, Affine, Linear, OneHot, Polynomial, RandomFourier
from linrep.labels import Coordinate
from linrep.moments import population
from linrep.processes import AbstractProcess, HypercubeFlip, HypercubeScaling
from linrep.tables import Table, Value
from proofs_check.embedded import EXAMPLE_ONE
from proofs_check.studies._bands import COLUMNS, POINTS, band_rows, known_vacuous

LABEL = Coordinate(0)
"""The first coordinate of the input, which every augmentation here keeps best."""
FOURIER = 64
"""Random Fourier features of a class: a quarter of the number of inputs, so that they stay a restriction."""
BANDWIDTHS = (8, 4, 1)


class Scene(NamedTuple):
    """A process with the name that it has in the table, the dimension d, and its classes by name."""

    name: str
    process: AbstractProcess
    dim: int
    classes: tuple[tuple[str, AbstractFeatures], ...]


def ladder(
    degrees: Iterable[int] = (2, 3),
    *,
    bandwidths: Iterable[float] = (),
    count: int = FOURIER,
    key: jax.Array | None = None,
) -> tuple[tuple[str, AbstractFeatures], ...]:
    """Classes from small to large by name: linear, affine, polynomials, random Fourier features from wide to narrow.

    Args:
        degrees: of the multilinear polynomials.
        bandwidths: of the random Fourier features.
        count: how many of them.
        key: draws their frequencies; default a fixed one.

    Source: ours.

    >>> [name for name, _ in ladder((2,), bandwidths=(4,))]
    ['linear', 'affine', 'polynomial 2', 'random Fourier, width 4']
    """
    drawn = jax.random.key(0) if key is None else key
    simple: list[tuple[str, AbstractFeatures]] = [("linear", Linear()), ("affine", Affine())]
    simple += [(f"polynomial {q}", Polynomial(q)) for q in degrees]
    return (*simple, *((f"random Fourier, width {b:g}", RandomFourier(count, b, drawn)) for b in bandwidths))


def scenes(key: jax.Array | None = None) -> tuple[Scene, ...]:
    """Example 1 at full size, the same in small with every class enumerated, and views that flip signs.

    Source: ours.

    >>> [scene.dim for scene in scenes()]
    [10, 5, 11]
    """
    everything = (*ladder(bandwidths=BANDWIDTHS, key=key), ("unrestricted", OneHot()))
    small = HypercubeScaling(dim=8, relevant=4).finite(levels=4)
    flips = HypercubeFlip(dim=8, keep=(*[Fraction(19, 20)] * 4, *[Fraction(3, 4)] * 4)).finite()
    return (
        Scene("Example 1: D = 50, k = 10, d = 10", EXAMPLE_ONE, 10, ladder()),
        Scene("Example 1 in small: D = 8, k = 4, d = 5", small, 5, everything),
        Scene("Flips: signs kept with 95 % or 75 %, d = 11", flips, 11, everything),
    )


def classes_on_hypercube(
    key: jax.Array | None = None,
    *,
    points: int = POINTS,
    chosen: tuple[Scene, ...] | None = None,
    tick: Callable[[str], object] | None = None,
) -> Table:
    """The transfer band of each class of functions on hypercube processes, the label their first coordinate.

    On Example 1 at full size linear, affine and polynomial classes have closed forms; of all functions it is known that
    eps_vac = 0. The small process and the one with flips are enumerated, and every class is computed.

    Args:
        key: draws random Fourier features and starts of the search; default a fixed one.
        points: of each curve.
        chosen: other scenes.
        tick: told the name of each class as it begins.

    Returns:
        A row for each point of the curve of each class; `dim` is d and `features` D.

    Source: theory V5 and V7 (ours).

    >>> found = classes_on_hypercube(points=3, chosen=scenes()[:1])
    >>> {row["class"]: row["epsilon_vac"] for row in found.rows}
    {'linear': 0.4375, 'affine': 0.0, 'polynomial 2': 0.0, 'polynomial 3': 0.0, 'unrestricted': 0.0}
    """
    rows: list[dict[str, Value]] = []
    for scene in scenes(key) if chosen is None else chosen:
        for name, features in scene.classes:
            if tick is not None:
                tick(f"{scene.name.partition(':')[0]}, {name}")
            moments = population(scene.process, features, LABEL)
            rows += band_rows(scene.name, name, moments, dim=scene.dim, points=points, key=key)
        if isinstance(scene.process, HypercubeScaling):
            rows += _unrestricted(scene.name, scene.process, scene.dim)
    return Table(COLUMNS, tuple(rows), {"label": "the first coordinate", "readout": "augmented", "intercept": True})


def _unrestricted(name: str, process: HypercubeScaling, dim: int) -> list[dict[str, Value]]:
    """All functions of a view, where more than d eigenvalues are 1: then every term of eps_vac is zero.

    Interlacing: eps_vac <= sum_{i<=d} kappa_i^2 - kappa_{i+1}^2 = 1 - kappa_{d+1}^2 (theory V5, one output).
    """
    if process.spectrum(dim + 1)[-1] < 1.0:
        return []
    note = f"theory V5: kappa_1 = ... = kappa_(d+1) = 1, so eps_vac <= 1 - kappa_(d+1)^2 = 0 (2^{process.dim} inputs)"
    size, loss = process.n_inputs, -float(dim)
    # A sign has variance one.
    return [known_vacuous(name, "unrestricted", features=size, dim=dim, loss=loss, trivial=1.0, note=note)]
