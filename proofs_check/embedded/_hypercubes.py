"""Embedded problems on the hypercube: Example 1 at full size and small, and flip noise."""

import functools
import itertools
from fractions import Fraction

import jax
import numpy as np

from linrep._checks import generator
from linrep.features import AbstractFeatures, Affine, Linear, OneHot, Polynomial
from linrep.gallery import example_one_swap
from linrep.labels import AbstractLabel, Coordinate, Parity, Threshold
from linrep.labels import Linear as LinearLabel
from linrep.problems import Problem
from linrep.processes import Discrete, HypercubeFlip, HypercubeScaling, Uniform
from proofs_check.embedded._types import Embedded

EXAMPLE_ONE = HypercubeScaling(dim=50, relevant=10, scale=Uniform(0, 1))
LEVELS = Discrete([Fraction(1, 4), Fraction(3, 4), 1], [1, 1, 2])
"""A finite law of the scale for the enumerated versions."""
ANGLES = (0.1, 0.3, 0.7)


def example_one(seed: int) -> tuple[Embedded, ...]:
    """Example 1 at D = 50, k = 10: classes, labels, dimensions; minimisers and representations turned away from them.

    Source: ours; Saunshi et al. (2022), Example 1 and Table 1.

    >>> [e.name for e in example_one(0)][:2]
    ['example1_dictator_d10', 'example1_sum_d10']
    """
    weights = table_one_direction(seed)
    closed = [
        ("dictator_d10", "label one coordinate", Linear(), Coordinate(0), 10),
        ("sum_d10", "real label, a sum of ten coordinates", Linear(), LinearLabel([1] * 10), 10),
        ("dictator_d15", "label one coordinate, d beyond k, a tie", Linear(), Coordinate(0), 15),
        ("affine_d10", "a tie: 11 functions for 10 places", Affine(), Coordinate(0), 10),
        ("affine_d11", "a place for the constant", Affine(), Coordinate(0), 11),
        ("spurious_d10", "label a rescaled coordinate", Linear(), Coordinate(30), 10),
        ("parity_deg2_d56", "product of two coordinates, all of kappa = 1 fit", Polynomial(2), Parity([0, 1]), 56),
        ("parity_deg2_d11", "the same, a tie of 56 functions for 11 places", Polynomial(2), Parity([0, 1]), 11),
        ("parity_linear_d10", "product of two coordinates, which linear features miss", Linear(), Parity([0, 1]), 10),
    ]  # fmt: skip
    table_one = functools.partial(_table_one, weights)
    turned = [
        (
            f"example1_turned_{a:g}",
            "example 1",
            f"e_1 turned by {a:g} towards e_11",
            functools.partial(example_one_swap, a),
        )
        for a in ANGLES
    ]
    return (
        *(_embedded("example1", "example 1", name, says, EXAMPLE_ONE, *rest) for name, says, *rest in closed),
        Embedded("example1_table1_d10", "example 1", "random linear sign label over ten coordinates", table_one),
        *(Embedded(*entry) for entry in turned),
        Embedded("example1_swap", "example 1", "e_1 swapped for e_11: eps = 7/16, risk 1", example_one_swap),
    )


def small_example_one() -> tuple[Embedded, ...]:
    """Example 1 with a finite law of the scale, enumerated: linear, polynomial and all functions.

    Source: ours.

    >>> len({e.name for e in small_example_one()}) == len(small_example_one())
    True
    """
    sizes = {"4_2": (4, 2), "5_3": (5, 3)}
    choices = [
        ("linear", Linear(), Coordinate(0), 2),
        ("linear_sum", Linear(), Threshold([2, 1, 1]), 3),
        ("poly2", Polynomial(2), Parity([0, 1]), 4),
        ("onehot", OneHot(), Coordinate(0), 2),
    ]
    found = []
    for (size, (dim, kept)), shared in itertools.product(sizes.items(), (True, False)):
        process = HypercubeScaling(
            dim=dim, relevant=kept, scale=LEVELS if shared else Discrete([0, 1], [1, 3]), shared=shared
        )
        for name, features, label, d in choices:
            full = f"{size}_{'shared' if shared else 'independent'}_{name}"
            says = f"D = {dim}, k = {kept}, enumerated, {features.name}"
            build = functools.partial(_enumerated, process, features, label, d)
            found.append(Embedded(f"small_{full}", "example 1, enumerated", says, build))
    return tuple(found)


def flips() -> tuple[Embedded, ...]:
    """Flip noise: linear and polynomial classes in closed form, all functions by enumeration.

    Source: ours.

    >>> flips()[0].build().process.disjoint
    False
    """
    even = HypercubeFlip(dim=50, keep=Fraction(9, 10))
    uneven = HypercubeFlip(dim=6, keep=tuple(Fraction(20 - i, 20) for i in range(1, 7)))
    closed = [
        ("50_linear_d10", "a tie: 50 functions for 10 places", even, Linear(), Coordinate(0), 10),
        ("50_linear_d50", "every coordinate is kept", even, Linear(), Coordinate(0), 50),
        ("50_poly2_d51", "all of degree one", even, Polynomial(2), Coordinate(3), 51),
        ("6_linear_d3", "uneven noise", uneven, Linear(), Coordinate(1), 3),
        ("6_linear_sum_d3", "uneven noise, a sign label", uneven, Linear(), Threshold([3, 2, 1]), 3),
        ("6_poly2_d7", "uneven noise, degree two", uneven, Polynomial(2), Parity([0, 1]), 7),
    ]
    listed = HypercubeFlip(dim=4, keep=(Fraction(19, 20), Fraction(9, 10), Fraction(4, 5), Fraction(3, 4)))
    small = [(f"4_{f.name.lower()}_d{d}", f, label, d) for f, label, d in (
        (OneHot(), Coordinate(0), 2), (OneHot(), Threshold([2, 1, 1]), 3), (Affine(), Coordinate(0), 3),
    )]  # fmt: skip
    return (
        *(_embedded("flip", "flip noise", *entry) for entry in closed),
        *(
            Embedded(
                f"flip_{name}", "flip noise", "enumerated", functools.partial(_enumerated, listed, features, label, d)
            )
            for name, features, label, d in small
        ),
    )


def table_one_direction(seed: int) -> np.ndarray:
    """The Gaussian direction over ten coordinates whose sign is the label of Table 1.

    Source: Saunshi et al. (2022), Table 1.

    >>> table_one_direction(0).shape
    (10,)
    """
    return generator(jax.random.key(seed)).standard_normal(10)


def _table_one(weights: np.ndarray) -> Problem:
    score = np.concatenate([weights, np.zeros(40)])
    return Problem(EXAMPLE_ONE, Linear(), Threshold(weights), dim=10, score=score)


def _embedded(prefix: str, family: str, name: str, says: str, *problem: object) -> Embedded:
    return Embedded(f"{prefix}_{name}", family, says, functools.partial(_closed, *problem))


def _closed(process, features: AbstractFeatures, label: AbstractLabel, dim: int) -> Problem:
    return Problem(process, features, label, dim=dim)


def _enumerated(process, features: AbstractFeatures, label: AbstractLabel, dim: int) -> Problem:
    return Problem(process.finite(), features, label, dim=dim)
