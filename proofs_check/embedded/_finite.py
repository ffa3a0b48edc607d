"""Embedded problems on tables: clusters, nearly disjoint families, disjoint pairs, latent classes."""

import functools
from fractions import Fraction

import numpy as np

from linrep.features import Affine, Linear, OneHot
from linrep.gallery import EXAMPLES, disjoint_pairs, nearly_disjoint
from linrep.labels import Table
from linrep.problems import Problem
from linrep.processes import Clusters, Discrete, FiniteProcess, HypercubeFlip, HypercubeScaling, LatentClasses, product
from proofs_check.embedded._types import Embedded

ERASURES = (Fraction(1, 4), Fraction(1, 16), Fraction(1, 64), Fraction(1, 1024))
"""Probabilities that a view hides the three rescaled coordinates."""
KEPT_NOISE = Fraction(1, 40)
"""How often, relative to an erasure, the kept coordinate is flipped."""


def clusters() -> tuple[Embedded, ...]:
    """Block graphs with the cluster as the label, equal and unequal, joined and apart.

    Source: ours, after HaoChen et al. (2021), section 3.

    >>> clusters()[0].build().label.kind
    'classes'
    """
    graphs = {
        "3x4": Clusters(sizes=(4, 4, 4), within=60, between=1),
        "uneven": Clusters(sizes=(2, 3, 5), within=40, between=1),
        "loose": Clusters(sizes=(3, 3, 3), within=4, between=1),
        "apart": Clusters(sizes=(3, 3), within=1, between=0),
    }
    found = []
    for name, process in graphs.items():
        count = len(process.sizes)
        for dim in (count, count + 1):
            build = functools.partial(_labelled, process.finite(), process.labels, "classes", dim)
            found.append(
                Embedded(f"clusters_{name}_d{dim}", "clusters", f"sizes {process.sizes}, label the cluster", build)
            )
    two = Clusters(sizes=(5, 5), within=60, between=1)
    build = functools.partial(_labelled, two.finite(), 2 * two.labels - 1, "sign", 2)
    return (*found, Embedded("clusters_two_signs_d2", "clusters", "two clusters, sign labels", build))


def family_member(erasure: Fraction) -> FiniteProcess:
    """A nearly disjoint process on 16 inputs: one sign is flipped now and then, three are rescaled or erased.

    Inputs are uniform on {-1, 1}^4. With probability `erasure` a view hides the last three signs, else they are
    multiplied by 1/8, 3/8, 5/8 or 7/8; the first sign is flipped with probability erasure / 40. As the erasure vanishes
    every view names its input; the gap of linear features stays, that of all functions goes.

    Source: ours.

    >>> family_member(Fraction(1, 4)).n_inputs, float(family_member(Fraction(1, 1024)).identification_error) < 1e-3
    (16, True)
    """
    first = HypercubeFlip(dim=1, keep=1 - erasure * KEPT_NOISE)
    shown = [Fraction(i, 8) for i in (1, 3, 5, 7)]
    scale = Discrete([0, *shown], [erasure, *[(1 - erasure) / 4] * 4])
    return product(first.finite(), HypercubeScaling(dim=3, relevant=0, scale=scale).finite())


def first_sign(process: FiniteProcess) -> np.ndarray:
    """The first coordinate of each input.

    Source: ours.

    >>> sorted(set(first_sign(family_member(Fraction(1, 4))).tolist()))
    [-1, 1]
    """
    return np.asarray(process.inputs)[:, 0].astype(int)


def near_disjoint() -> tuple[Embedded, ...]:
    """Families that become disjoint: all functions of a view, and affine functions, on the same processes.

    Source: ours.

    >>> len(near_disjoint())
    12
    """
    found = []
    for erasure in ERASURES:
        for name, features in (("onehot", OneHot()), ("affine", Affine())):
            build = functools.partial(_family_problem, erasure, features)
            says = f"16 inputs, three signs erased with probability {erasure}, {features.name}"
            found.append(Embedded(f"family_{name}_1/{erasure.denominator}", "nearly disjoint", says, build))
        build = functools.partial(nearly_disjoint, erasure, 8)
        says = f"8 inputs, any view with probability {erasure}"
        found.append(Embedded(f"uniform_noise_1/{erasure.denominator}", "nearly disjoint", says, build))
    return tuple(found)


def disjoint() -> tuple[Embedded, ...]:
    """Disjoint views: all functions are tied, a few vectors are not.

    Source: Saunshi et al. (2022), Lemma 4.1, the setting.

    >>> disjoint()[0].build().process.disjoint
    True
    """
    return (
        Embedded("pairs_16_d2", "disjoint", "16 inputs with two views each, balanced signs", disjoint_pairs),
        Embedded("pairs_16_d2_good", "disjoint", "the same, with a minimiser that knows the label", _good_pairs),
        Embedded(
            "pairs_linear_d1", "disjoint", "8 inputs on a line and a noisy second coordinate, linear", _linear_pairs
        ),
    )


def latent() -> tuple[Embedded, ...]:
    """Views independent given a class, and the class as the label.

    Source: Arora et al. (2019), the setting.

    >>> latent()[0].build().process.n_inputs
    3
    """
    conditionals = [[8, 4, 1, 1, 0, 0], [0, 1, 6, 6, 1, 0], [1, 0, 0, 1, 5, 9]]
    found = []
    for name, weights in (("uniform", [1, 1, 1]), ("uneven", [3, 2, 1])):
        process = LatentClasses(weights, conditionals).finite()
        for dim in (2, 3):
            build = functools.partial(_labelled, process, np.arange(3), "classes", dim)
            found.append(
                Embedded(f"latent_{name}_d{dim}", "latent classes", f"three classes, weights {weights}", build)
            )
    return tuple(found)


def gallery() -> tuple[Embedded, ...]:
    """The examples that theorems name: where they are attained, where they say something.

    Source: ours.

    >>> "two_clusters" in [e.name for e in gallery()]
    True
    """
    return tuple(Embedded(token.name, "worked examples", token.statement, build) for token, build in EXAMPLES.items())


def _labelled(process: FiniteProcess, values: np.ndarray, kind, dim: int) -> Problem:
    return Problem(process, OneHot(), Table(values, kind), dim=dim)


def _family_problem(erasure: Fraction, features: OneHot | Affine) -> Problem:
    process = family_member(erasure)
    return Problem(process, features, first_sign(process), dim=2)


def _good_pairs() -> Problem:
    problem = disjoint_pairs()
    # Two half-indicators of the inputs, whitened, each of norm one: a minimiser whose span holds the label.
    half = np.repeat(np.arange(16) < 8, 2)
    return problem.with_weights(np.sqrt(2.0) * np.stack([half, ~half], axis=1))


def _linear_pairs() -> Problem:
    places = np.array([-7, -5, -3, -1, 1, 3, 5, 7])
    views = np.array([[x, noise] for x in places for noise in (-2, 2)])
    process = FiniteProcess([1] * 8, np.kron(np.eye(8, dtype=int), np.ones((1, 2), dtype=int)), views, places)
    return Problem(process, Linear(), np.sign(places), dim=1)
