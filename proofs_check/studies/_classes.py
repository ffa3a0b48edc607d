"""The same process and label seen by one class of functions after the other: what each still allows to promise."""

from collections.abc import Iterable
from fractions import Fraction

import jax

from linrep.features import AbstractFeatures, Affine, Linear, OneHot, Polynomial, RandomFourier
from linrep.labels import Coordinate
from linrep.processes import AbstractProcess, HypercubeFlip, HypercubeScaling
from proofs_check.embedded import EXAMPLE_ONE
from proofs_check.studies._bands import Scene

LABEL = Coordinate(0)
"""The first coordinate of the input, which every augmentation here keeps best."""
FOURIER = 64
"""Random Fourier features of a class: a quarter of the number of inputs, so that they stay a restriction."""
BANDWIDTHS = (8, 4, 1)


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

    On Example 1 at full size linear, affine and polynomial classes have closed forms; of all functions it is known that
    eps_vac = 0. The other processes are enumerated. The label is the first coordinate.

    Args:
        key: draws random Fourier features; default a fixed one.

    Source: ours.

    >>> [scene.dim for scene in scenes()]
    [10, 5, 11]
    """
    everything = (*ladder(bandwidths=BANDWIDTHS, key=key), ("unrestricted", OneHot()))
    small = HypercubeScaling(dim=8, relevant=4).finite(levels=4)
    flips = HypercubeFlip(dim=8, keep=(*[Fraction(19, 20)] * 4, *[Fraction(3, 4)] * 4)).finite()
    full = (*ladder(), ("unrestricted", OneHot()))
    return (
        _seen("Example 1: D = 50, k = 10, d = 10", EXAMPLE_ONE, 10, full),
        _seen("Example 1 in small: D = 8, k = 4, d = 5", small, 5, everything),
        _seen("Flips: signs kept with 95 % or 75 %, d = 11", flips, 11, everything),
    )


def _seen(name: str, process: AbstractProcess, dim: int, classes: Iterable[tuple[str, AbstractFeatures]]) -> Scene:
    """Classes that all see the views themselves."""
    record = {"label": "the first coordinate"}
    return Scene(name, LABEL, dim, tuple((title, process, features) for title, features in classes), record)
