"""Generated problems about a given representation: classes, their inputs, m negatives, a temperature."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from linrep import symbols as sym
from linrep.features import OneHot
from linrep.labels import Table
from linrep.problems import Problem
from linrep.processes import FiniteProcess

UNIT = ((1, 0), (0, 1), (-1, 0), (0, -1))
TEMPERATURES = (Fraction(1), Fraction(1, 8), Fraction(1, 2), Fraction(4), Fraction(64))
COUNTS = (1, 2, 3, 4, 8, 24)


@st.composite
def represented(draw: st.DrawFn, wanted: frozenset[sym.Hypothesis]) -> Problem:
    """Two to four classes of one or two inputs and up to four views, f small integers or unit vectors.

    Without the hypothesis that pairs are independent given the class, the inputs of a class may differ.

    Source: ours.

    >>> import hypothesis
    >>> hypothesis.find(represented(frozenset()), lambda problem: True).negatives in COUNTS
    True
    """
    classes, each = draw(st.integers(2, 4)), draw(st.integers(1, 2))
    process = FiniteProcess(_masses(draw, classes, each, wanted), _channel(draw, classes, each, wanted))
    weights = _vectors(draw, process.n_views, wanted)
    return Problem(
        process,
        OneHot(),
        Table(np.repeat(np.arange(classes), each), "classes"),
        dim=weights.shape[1],
        weights=weights,
        negatives=draw(st.sampled_from(COUNTS)),
        temperature=1 if sym.UNIT_TEMPERATURE in wanted else draw(st.sampled_from(TEMPERATURES)),
    )


def _masses(draw: st.DrawFn, classes: int, each: int, wanted: frozenset[sym.Hypothesis]) -> np.ndarray:
    if sym.UNIFORM_CLASSES in wanted or draw(st.booleans()):
        return np.ones(classes * each, dtype=int)
    found = draw(st.lists(st.sampled_from((1, 2, 3, 99)), min_size=classes, max_size=classes))
    return np.repeat(found, each)


def _channel(draw: st.DrawFn, classes: int, each: int, wanted: frozenset[sym.Hypothesis]) -> np.ndarray:
    alike = sym.CONDITIONALLY_INDEPENDENT in wanted or draw(st.booleans())
    rows, views = classes if alike else classes * each, draw(st.integers(2, 4))
    if draw(st.booleans()):
        table = 99 * (np.arange(rows)[:, None] % views == np.arange(views)[None, :]).astype(int) + 1
    else:
        table = np.array(draw(st.lists(st.integers(0, 4), min_size=rows * views, max_size=rows * views)), dtype=int)
        table = table.reshape(rows, views)
        table[:, 0] += table.sum(axis=1) == 0
    return np.repeat(table, each, axis=0)[:, table.any(axis=0)] if alike else table[:, table.any(axis=0)]


def _vectors(draw: st.DrawFn, views: int, wanted: frozenset[sym.Hypothesis]) -> np.ndarray:
    if sym.UNIT_NORM in wanted or draw(st.booleans()):
        return np.array(UNIT)[draw(st.lists(st.integers(0, 3), min_size=views, max_size=views))]
    dim = draw(st.integers(1, 2))
    return np.array(draw(st.lists(st.integers(-3, 3), min_size=views * dim, max_size=views * dim))).reshape(views, dim)
