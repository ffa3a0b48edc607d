"""Embedded problems about a given representation: classes given which views are independent, and others."""

import functools
from fractions import Fraction

import numpy as np

from linrep.features import OneHot
from linrep.labels import Table
from linrep.problems import Problem
from linrep.processes import FiniteProcess, LatentClasses
from proofs_check.embedded._types import Embedded

SIX_VIEWS = ((8, 4, 1, 1, 0, 0), (0, 1, 6, 6, 1, 0), (1, 0, 0, 1, 5, 9))
"""Conditionals of three classes."""
UNIT_VECTORS = ((1, 0), (1, 0), (0, 1), (0, 1), (-1, 0), (-1, 0))
"""A representation of the six views."""


def three_classes(
    weights: tuple[int, ...] = (1, 1, 1),
    rows: tuple[tuple[int, ...], ...] = UNIT_VECTORS,
    negatives: int = 4,
    temperature: Fraction | int = 1,
) -> Problem:
    """Three classes seen through six views, independent given the class.

    Source: ours, in the setting of Arora et al. (2019).

    >>> three_classes().temperature
    1
    """
    process = LatentClasses(weights, SIX_VIEWS)
    labels = Table(np.arange(3), "classes")
    matrix = np.array(rows)
    return Problem(
        process,
        OneHot(),
        labels,
        dim=matrix.shape[1],
        weights=matrix,
        negatives=negatives,
        temperature=temperature,
    )


def two_classes(scale: int, negatives: int, temperature: Fraction | int = 1) -> Problem:
    """Two classes of two inputs each, the inputs of a class alike; f is `scale` or -`scale`.

    Source: ours.

    >>> two_classes(1, 1).dim
    1
    """
    table = np.repeat([[6, 3, 1, 0], [0, 1, 3, 6]], 2, axis=0)
    weights = scale * np.array([[1], [1], [-1], [-1]])
    labels = Table(np.repeat([0, 1], 2), "classes")
    process = FiniteProcess([1] * 4, table)
    return Problem(process, OneHot(), labels, dim=1, weights=weights, negatives=negatives, temperature=temperature)


def many_faces(classes: int, negatives: int, temperature: Fraction | int = 1) -> Problem:
    """Inputs with a view each, two a class, f = e_c and -e_c: it names every input, and the class means are 0.

    Source: ours, after the construction of Saunshi et al. (2022), Lemma 4.1.

    >>> many_faces(2, 1).process.disjoint
    True
    """
    process = FiniteProcess([1] * (2 * classes), np.eye(2 * classes, dtype=int))
    weights = np.kron(np.eye(classes, dtype=int), [[1], [-1]])
    labels = Table(np.repeat(np.arange(classes), 2), "classes")
    return Problem(
        process, OneHot(), labels, dim=classes, weights=weights, negatives=negatives, temperature=temperature
    )


def clear_classes(
    weights: tuple[int, ...], scale: int, negatives: int, temperature: Fraction | int = 1, own: int = 999
) -> Problem:
    """A view for each class, shown with weight `own`, and the next class's with weight 1; f = scale e_c.

    Source: ours.

    >>> clear_classes((1, 1, 1), 1, 4).dim
    3
    """
    size = len(weights)
    channel = own * np.eye(size, dtype=int) + np.roll(np.eye(size, dtype=int), 1, axis=1)
    labels = Table(np.arange(size), "classes")
    matrix = scale * np.eye(size, dtype=int)
    return Problem(
        LatentClasses(weights, channel),
        OneHot(),
        labels,
        dim=size,
        weights=matrix,
        negatives=negatives,
        temperature=temperature,
    )


def rare_class(negatives: int) -> Problem:
    """A common class of two orthogonal vectors and a rare one whose vector has a positive score with both.

    Source: ours.

    >>> rare_class(1).dim
    2
    """
    process = LatentClasses([99, 1], [[1, 1, 0], [0, 0, 1]])
    labels = Table(np.arange(2), "classes")
    return Problem(process, OneHot(), labels, dim=2, weights=np.array([[1, 0], [0, 1], [1, 1]]), negatives=negatives)


def in_the_shadow(negatives: int) -> Problem:
    """A rare class whose vector is twice that of a common one: nearly every view scores higher with the wrong mean.

    Source: ours.

    >>> in_the_shadow(1).dim
    1
    """
    process = LatentClasses([99, 1], [[99, 1], [1, 99]])
    labels = Table(np.arange(2), "classes")
    return Problem(process, OneHot(), labels, dim=1, weights=np.array([[3], [6]]), negatives=negatives)


def on_a_ray(negatives: int) -> Problem:
    """Three classes whose vectors are 2 and 3 times the same: longer than the constants of unit vectors allow for.

    Source: ours.

    >>> on_a_ray(4).process.n_views
    2
    """
    process = LatentClasses([1, 1, 1], [[2, 3], [1, 0], [1, 1]])
    labels = Table(np.arange(3), "classes")
    return Problem(process, OneHot(), labels, dim=1, weights=np.array([[2], [3]]), negatives=negatives)


def contrastive() -> tuple[Embedded, ...]:
    """Given representations with m negatives at temperature t: independent given the class, and not.

    Source: ours, in the setting of Arora et al. (2019).

    >>> contrastive()[0].build().negatives
    1
    """
    three = [
        (f"{name}_m{m}", f"three classes, {says}, m = {m}", functools.partial(three_classes, *given, negatives=m))
        for name, says, given in (
            ("uniform", "unit vectors", ()),
            ("uneven", "weights 3, 2, 1", ((3, 2, 1),)),
            ("long", "vectors of several lengths", ((1, 1, 1), ((2, 0), (1, 0), (0, 1), (0, 2), (-1, 1), (-2, 0)))),
        )
        for m in (1, 2, 4, 6)
    ]
    two = [
        (f"two_m{m}_t{t}", f"two classes, m = {m}, t = {t}", functools.partial(two_classes, 1, m, t))
        for m, t in ((1, 1), (2, 1), (8, 1), (16, 2), (1, 64), (3, Fraction(1, 2)))
    ]
    faces = [
        (
            f"faces{c}_m{m}_t{t}",
            f"{c} classes, inputs named, class means 0, m = {m}, t = {t}",
            functools.partial(many_faces, c, m, t),
        )
        for c, m, t in ((2, 1, Fraction(1, 8)), (2, 4, Fraction(1, 8)), (2, 24, 2), (2, 24, 1), (4, 1, Fraction(2, 3)))
    ]
    clear = [
        ("clear_long", "three clear classes, f of length 8, m = 4", functools.partial(clear_classes, (1, 1, 1), 8, 4)),
        (
            "clear_cold",
            "three clear classes at temperature 1/64, m = 4",
            functools.partial(clear_classes, (1, 1, 1), 1, 4, Fraction(1, 64)),
        ),
        ("clear_rare", "two clear classes, one rare, m = 4", functools.partial(clear_classes, (99, 1), 1, 4)),
        ("shadow", "a rare class of twice the length of a common one, m = 1", functools.partial(in_the_shadow, 1)),
        ("ray", "three classes on a ray, longer than unit vectors, m = 4", functools.partial(on_a_ray, 4)),
        ("rare", "a rare class in view of a common one, m = 48", functools.partial(rare_class, 48)),
    ]
    family, listed = "contrastive sampling", (*three, *two, *faces, *clear)
    return tuple(Embedded(f"contrast_{name}", family, says, build) for name, says, build in listed)
