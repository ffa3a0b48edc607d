"""Embedded problems drawn at random: exact finite processes, classes, labels and representations."""

import functools
from fractions import Fraction

import jax
import numpy as np

from linrep._checks import generator
from linrep.features import Custom, OneHot
from linrep.labels import Table
from linrep.problems import Problem
from linrep.processes import FiniteProcess, random_process
from proofs_check.embedded._types import Embedded

KINDS = ("generic", "near_disjoint", "disjoint", "class_conditional")
LABELS = ("sign", "real", "classes")
REPRESENTATIONS = ("minimiser", "near a minimiser", "any")
NEAR = Fraction(1, 50)
"""Identification error of the nearly disjoint draws."""


def random_problems(seed: int, count: int) -> tuple[Embedded, ...]:
    """`count` random problems: 2 to 9 inputs, 2 to 13 views, non-uniform priors, exact weights.

    Process kinds, label kinds, one-hot and random integer features, minimisers and other representations take turns.

    Source: ours.

    >>> [e.name for e in random_problems(0, 2)]
    ['random_000', 'random_001']
    """
    found = []
    for i in range(count):
        kind, label, representation = KINDS[i % 4], LABELS[i % 3], REPRESENTATIONS[(i // 3) % 3]
        says = f"{kind} process, {label} labels, {representation}"
        build = functools.partial(
            random_problem, jax.random.fold_in(jax.random.key(seed), i), kind, label, representation
        )
        found.append(Embedded(f"random_{i:03d}", "random", says, build))
    return tuple(found)


def random_problem(key: jax.Array, kind: str, label: str, representation: str) -> Problem:
    """One random problem of the given kinds.

    Source: ours.

    >>> random_problem(jax.random.key(0), "generic", "sign", "minimiser").label.kind
    'sign'
    """
    rng = generator(key)
    n_inputs = int(rng.integers(2, 10))
    n_views = int(rng.integers(n_inputs if "disjoint" in kind else 2, 14))
    tau = NEAR if kind == "near_disjoint" else None
    process = random_process(jax.random.fold_in(key, 1), n_inputs, n_views, kind, tau=tau)  # pyright: ignore[reportArgumentType]
    features = OneHot() if rng.random() < 0.5 else integer_features(rng, process)
    size = process.n_views if isinstance(features, OneHot) else features.dim
    problem = Problem(process, features, _labels(rng, process, label), dim=int(rng.integers(1, size + 1)))
    return problem.with_weights(_weights(rng, problem, representation))


def integer_features(rng: np.random.Generator, process: FiniteProcess) -> Custom:
    """A random table of small integers, one row a view.

    Source: ours.

    >>> process = FiniteProcess([1, 1], [[1, 0], [0, 1]])
    >>> integer_features(np.random.default_rng(0), process).exact(process.views) is not None
    True
    """
    dim = int(rng.integers(1, 7))
    table = rng.integers(-3, 4, size=(process.n_views, dim))
    place = {int(value): i for i, value in enumerate(process.views)}
    return Custom(lambda views: table[[place[int(v)] for v in views]], dim)


def _labels(rng: np.random.Generator, process: FiniteProcess, kind: str) -> Table:
    count = process.n_inputs
    if kind == "sign":
        return Table(rng.choice([-1, 1], size=count), "sign")
    if kind == "classes":
        return Table(rng.integers(0, 3, size=count), "classes")
    return Table(rng.integers(-4, 5, size=count), "real")


def _weights(rng: np.random.Generator, problem: Problem, representation: str) -> np.ndarray | None:
    if representation == "minimiser":
        return None
    shape = (problem.moments.dim, problem.dim)
    if representation == "any":
        return rng.integers(-2, 3, size=shape).astype(np.float64)
    return problem.solution.weights + 0.05 * rng.standard_normal(shape)
