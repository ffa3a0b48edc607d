"""Generated problems with a structure that a theorem asks for: clusters, positive odds, places on a line, samples."""

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

import hypothesis.strategies as st
import numpy as np

from linrep import symbols as sym
from linrep.bounds import Theorem
from linrep.features import Linear, OneHot
from linrep.labels import Coordinate, Table
from linrep.problems import Problem, Sample
from linrep.processes import FiniteProcess, HypercubeFlip, HypercubeScaling
from proofs_check.search._instances import fractions, tabled
from proofs_check.search._represented import represented

Draw = st.DrawFn
PLACES = (0, 1, 40, 41, 80, 81)
"""Three groups of two inputs on a line."""


def structured(theorem: Theorem) -> st.SearchStrategy[Problem] | None:
    """A strategy for theorems whose quantities or hypotheses speak of a structure; None for all others.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> structured(linrep26.RISK_GAP_MEAN) is None
    True
    """
    speaks = {theorem.bounds, *theorem.inputs}
    chosen = [make for quantity, make in _MAKERS.items() if quantity in speaks]
    return chosen[0](frozenset(theorem.hypotheses)) if chosen else None


@st.composite
def clustered(draw: Draw, wanted: frozenset[sym.Hypothesis]) -> Problem:
    """Groups of views that mix, and mix a little with each other; the label is the group, or the input.

    Source: ours, after HaoChen and Ma (2023).

    >>> import hypothesis
    >>> hypothesis.find(clustered(frozenset()), lambda found: True).dim
    1
    """
    groups, members = draw(st.sampled_from(((2, 1), (2, 2), (3, 1), (4, 2), (3, 2))))
    count, within = groups * members, draw(st.sampled_from((1, 3, 30)))
    owner = np.repeat(np.arange(groups), members)
    between = draw(st.sampled_from((1, 1, 2)))
    table = np.full((count, count), between) + within * (owner[:, None] == owner[None, :])
    prior = [draw(st.sampled_from((1, 1, 2)))] + [1] * (count - 1)
    indicators = (owner[:, None] == np.arange(groups)[None, :]).astype(int)
    extra = np.array(draw(st.lists(st.integers(-2, 2), min_size=count, max_size=count)))[:, None]
    whole = draw(st.sampled_from(("all", "indicators", "more", "constant")))
    if sym.IMPLEMENTABLE_CLUSTERS in wanted and whole == "constant":
        whole = "more"
    classes = {
        "all": OneHot(),
        "indicators": tabled(indicators),
        "more": tabled(np.hstack([indicators, extra])),
        "constant": tabled(np.ones((count, 1), dtype=int)),
    }
    dim = groups if sym.DIM_IS_CLUSTERS in wanted else draw(st.integers(1, groups))
    problem = Problem(FiniteProcess(prior, table), classes[whole], Table(owner, "classes"), dim=dim)
    blind = sym.MINIMISER not in wanted and draw(st.booleans())
    return problem.with_weights(np.zeros((problem.moments.dim, dim), dtype=int)) if blind else problem


@st.composite
def positive(draw: Draw, wanted: frozenset[sym.Hypothesis]) -> Problem:
    """Rational representations of views, mostly with positive entries, so that all odds are positive.

    Source: ours.

    >>> import hypothesis
    >>> hypothesis.find(positive(frozenset()), lambda found: True).process.n_views
    2
    """
    count, views, dim = draw(st.integers(2, 4)), draw(st.integers(2, 5)), draw(st.integers(1, 2))
    cells = draw(st.lists(st.integers(1, 6), min_size=count * views, max_size=count * views))
    process = FiniteProcess([1] * count, np.array(cells).reshape(count, views))
    low = 1 if sym.POSITIVE_PRODUCTS in wanted or draw(st.booleans()) else -2
    entries = draw(st.lists(st.integers(low, 3), min_size=views * dim, max_size=views * dim))
    weights = fractions(np.array(entries).reshape(views, dim)) * Fraction(1, draw(st.integers(1, 3)))
    signs = draw(st.lists(st.sampled_from((-1, 1)), min_size=count, max_size=count))
    return Problem(process, OneHot(), Table(signs, "sign"), dim=dim, weights=weights)


@st.composite
def placed(draw: Draw, wanted: frozenset[sym.Hypothesis]) -> Problem:
    """Inputs in groups on a line, a view beside each; f names the group, and a few strays belong to another class.

    Source: ours; the setting of Huang et al. (2023), Theorem 1.

    >>> import hypothesis
    >>> hypothesis.find(placed(frozenset()), lambda found: True).process.n_inputs
    2
    """
    count = draw(st.integers(2, len(PLACES)))
    inputs = [Fraction(p) for p in draw(st.permutations(PLACES))[:count]]
    views = [float(x + s) for x in inputs for s in (0, Fraction(1, 8))]
    channel = np.kron(np.eye(count, dtype=int), np.ones((1, 2), dtype=int))
    labels = [int(x // 40) if draw(st.integers(0, 5)) else draw(st.integers(0, 2)) for x in inputs]
    prior = [1 if int(x // 40) != name else 99 for x, name in zip(inputs, labels, strict=True)]
    process = FiniteProcess(prior, channel, np.array(views), np.array([float(x) for x in inputs]))
    rows = np.array([[int(v // 40 == g) for g in range(3)] for v in views])
    return Problem(process, OneHot(), Table(labels, "classes"), dim=3, weights=rows)


@st.composite
def sampled(draw: Draw, wanted: frozenset[sym.Hypothesis]) -> Problem:
    """A cube, a training set that is large where a small deviation is asked for, and W near the minimiser.

    Source: ours.

    >>> import hypothesis
    >>> hypothesis.find(sampled(frozenset()), lambda found: True).sample.size >= 1
    True
    """
    dim = draw(st.integers(2, 4))
    relevant = draw(st.integers(1, dim - 1))
    cubes = (
        HypercubeScaling(dim=dim, relevant=relevant),
        HypercubeFlip(dim=dim, keep=tuple(Fraction(9 - 2 * i, 10) for i in range(dim))),
    )
    free = not wanted & {sym.SMALL_DEVIATION, sym.DEVIATION_BELOW_GAP}
    size = draw(st.sampled_from((1, 2, 10) if free else (10**5, 10**6, 10**7)))
    rank = draw(st.integers(1, dim)) if free else relevant
    sample = Sample(size, draw(st.sampled_from((Fraction(1, 2), Fraction(1, 20)))))
    problem = Problem(draw(st.sampled_from(cubes)), Linear(), Coordinate(0), dim=rank, sample=sample)
    # far where nothing is promised; else as far as a training set of this size strays
    longer = 1 + (Fraction(1) if free else Fraction(1, math.isqrt(size)))
    return replace(problem, weights=fractions(problem.solution.weights) * longer)


_MAKERS: dict[sym.Quantity, Callable[[frozenset[sym.Hypothesis]], st.SearchStrategy[Problem]]] = {
    sym.INVERSE_EXPANSION: clustered,
    sym.RATIO_EXCESS: positive,
    sym.RATIO_ERROR: positive,
    sym.NEAREST_MEAN_ERROR: placed,
    sym.SAMPLE_EXCESS: sampled,
    sym.MEAN_HINGE: represented,
    sym.MEAN_LOGISTIC: represented,
    sym.MEAN_CROSS_ENTROPY: represented,
    sym.LIMIT_GAP: represented,
}
