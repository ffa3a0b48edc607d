"""Generated problems in exact numbers: small integer weights, so that they shrink, and what a theorem asks for."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from linrep import symbols as sym
from linrep.bounds import Theorem
from linrep.features import AbstractFeatures, Linear, OneHot
from linrep.labels import Coordinate, Table
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from proofs_check.search._instances import example_one, fractions, tabled
from proofs_check.search._structured import structured

NOISES = (2, 4, 20, 200)
"""A view is redrawn among its group with probability one over one of these."""
Draw = st.DrawFn


@st.composite
def problems(draw: Draw, theorem: Theorem) -> Problem:
    """A problem that meets those hypotheses of a theorem that can be arranged.

    One to eight inputs (sixteen where sign patterns are counted), up to eight views, ties, equal rows, disjoint and
    nearly disjoint channels, non-uniform priors, one-hot or integer features; minimisers and rational representations.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> import hypothesis
    >>> hypothesis.find(problems(linrep26.RISK_GAP_MEAN), lambda problem: problem.dim == 1).dim
    1
    """
    if (special := structured(theorem)) is not None:
        return draw(special)
    wanted = frozenset(theorem.hypotheses)
    if sym.EXAMPLE_ONE in wanted or sym.RELEVANT in theorem.inputs:
        base = draw(scaled_cubes(proper=sym.EXAMPLE_ONE in wanted))
    else:
        base = draw(tables(wanted, many=sym.COUNTING_FLOOR in theorem.inputs))
    if sym.MINIMISER in wanted:  # of the class of all functions the constant is one, and known exactly
        constant = base.unrestricted and base.dim == 1 and draw(st.booleans())
        return base.with_weights(np.ones((base.moments.dim, 1), dtype=int) if constant else None)
    return base.with_weights(draw(representations(base)) if draw(st.integers(0, 3)) else None)


@st.composite
def scaled_cubes(draw: Draw, *, proper: bool) -> Problem:
    """Example 1 in a few coordinates; not `proper`: the label may be a rescaled coordinate, d below k.

    Source: Saunshi et al. (2022), Example 1.

    >>> import hypothesis
    >>> hypothesis.find(scaled_cubes(proper=True), lambda problem: True).moments.dim
    2
    """
    dim = draw(st.integers(2, 4))
    relevant = draw(st.integers(1, dim - 1))
    label = draw(st.integers(0, relevant - 1 if proper else dim - 1))
    rank = draw(st.integers(relevant if proper else 1, dim))
    return Problem(example_one(dim, relevant), Linear(), Coordinate(label), dim=rank)


@st.composite
def tables(draw: Draw, wanted: frozenset[sym.Hypothesis], *, many: bool = False) -> Problem:
    """A finite process with features, labels and a dimension.

    Source: ours.

    >>> import hypothesis
    >>> hypothesis.find(tables(frozenset()), lambda problem: problem.dim == 1).dim
    1
    """
    makers = (grouped, flipped, flipped, drawn, repeated)
    if sym.DISJOINT in wanted or many:
        makers = (separate,) if sym.DISJOINT in wanted else (sixteen,)
    channel, group = draw(st.sampled_from(makers))(draw)
    n_bar = len(channel)
    prior = _prior(draw, n_bar, uniform=sym.UNIFORM_PRIOR in wanted)
    process = FiniteProcess(prior, channel[:, channel.any(axis=0)])  # views are numbered after empty ones are dropped
    features = _features(draw, process, one_hot=sym.UNRESTRICTED in wanted)
    labels = _labels(draw, group[: process.n_inputs], wanted)
    return Problem(process, features, labels, dim=draw(st.integers(1, min(n_bar, 3) + 1)))


def grouped(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    """Groups of inputs that share views: with a little noise any view of the group, and with less any view at all.

    Source: ours; one group is nearly disjoint, two inputs in a group are a flipped coin.

    >>> import hypothesis
    >>> hypothesis.find(st.composite(grouped)(), lambda found: True)[0].shape
    (1, 1)
    """
    return _groups(draw, *draw(st.sampled_from(((1, 1), (1, 2), (2, 2), (1, 4), (2, 1), (3, 2)))))


def sixteen(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    """Two groups of eight: enough inputs to count sign patterns.

    Source: ours.

    >>> import hypothesis
    >>> hypothesis.find(st.composite(sixteen)(), lambda found: True)[0].shape
    (16, 16)
    """
    return _groups(draw, 2, 8)


def _groups(draw: Draw, groups: int, members: int) -> tuple[np.ndarray, np.ndarray]:
    within, between = draw(st.sampled_from(NOISES)), draw(st.sampled_from((0, 0, 0, 100)))
    count = groups * members
    owner = np.repeat(np.arange(groups), members)
    table = members * (within - 1) * np.eye(count, dtype=int) + (owner[:, None] == owner[None, :])
    if between:
        table = table * count * between + members * within
    return table, owner


def flipped(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    """Two or three coins, each flipped with a probability of its own; the first is the group.

    Source: theory, P2.

    >>> import hypothesis
    >>> hypothesis.find(st.composite(flipped)(), lambda found: True)[0].shape
    (4, 4)
    """
    table = np.ones((1, 1), dtype=int)
    noises = draw(st.lists(st.sampled_from(NOISES), min_size=1, max_size=2))
    for noise in (draw(st.sampled_from((None, *NOISES))), *sorted(noises, reverse=True)):
        coin = [[1, 0], [0, 1]] if noise is None else [[2 * noise - 1, 1], [1, 2 * noise - 1]]
        table = np.kron(table, np.array(coin))
    return table, np.arange(len(table)) * 2 // len(table)


def drawn(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    """A table of small integers.

    Source: ours.

    >>> import hypothesis
    >>> hypothesis.find(st.composite(drawn)(), lambda found: True)[0].tolist()
    [[1]]
    """
    table = _integers(draw, draw(st.integers(1, 6)), draw(st.integers(1, 7)), 0, 4)
    table[:, 0] += table.sum(axis=1) == 0  # every input needs a view
    return table, np.arange(len(table)) % 2


def repeated(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    """A table some of whose rows are equal.

    Source: ours.

    >>> import hypothesis
    >>> hypothesis.find(st.composite(repeated)(), lambda found: True)[0].tolist()
    [[1], [1]]
    """
    table, _ = drawn(draw)
    picked = [draw(st.integers(0, len(table) - 1)) for _ in range(draw(st.integers(0, 2)))]
    table = table[[0, *range(len(table)), *picked]]
    return table, np.arange(len(table)) % 2


def separate(draw: Draw) -> tuple[np.ndarray, np.ndarray]:
    """Inputs with views of their own: 4 to 16 of them.

    Source: ours.

    >>> import hypothesis
    >>> hypothesis.find(st.composite(separate)(), lambda found: True)[0].shape
    (4, 4)
    """
    count, each = draw(st.sampled_from((4, 6, 8, 16))), draw(st.integers(1, 2))
    return np.kron(np.eye(count, dtype=int), np.ones((1, each), dtype=int)), np.arange(count) % 2


def _integers(draw: Draw, rows: int, columns: int, low: int, high: int) -> np.ndarray:
    flat = draw(st.lists(st.integers(low, high), min_size=rows * columns, max_size=rows * columns))
    return np.array(flat, dtype=int).reshape(rows, columns)


def _prior(draw: Draw, count: int, *, uniform: bool) -> list[int]:
    if uniform or draw(st.booleans()):
        return [1] * count
    return draw(st.lists(st.sampled_from((1, 2, 3, 100)), min_size=count, max_size=count))


def _features(draw: Draw, process: FiniteProcess, *, one_hot: bool) -> AbstractFeatures:
    if one_hot or draw(st.booleans()):
        return OneHot()
    if process.n_views in (4, 8) and draw(st.booleans()):  # the signs of the binary digits: coins one by one
        places = np.arange(process.n_views.bit_length() - 2, -1, -1)
        return tabled(1 - 2 * ((np.arange(process.n_views)[:, None] >> places) & 1))
    table = _integers(draw, process.n_views, draw(st.integers(1, 5)), -2, 2)
    table[0, 0] = 1
    return tabled(table)


def _labels(draw: Draw, group: np.ndarray, wanted: frozenset[sym.Hypothesis]) -> Table:
    count = len(group)
    kinds = ("sign",) if sym.SIGN_LABELS in wanted else ("sign", "classes") if sym.CLASS_LABELS in wanted else None
    kind = draw(st.sampled_from(kinds or ("sign", "sign", "classes", "real")))
    if sym.BALANCED_LABELS in wanted:
        return Table(np.where(np.arange(count) < count // 2, -1, 1), "sign")
    shape = draw(st.sampled_from(("group", "group", "place", "any")))
    if shape == "any":
        low, high = {"sign": (0, 1), "classes": (0, 2), "real": (-2, 2)}[kind]
        values = np.array(draw(st.lists(st.integers(low, high), min_size=count, max_size=count)), dtype=int)
    else:
        values = group if shape == "group" else np.arange(count)
    return Table(2 * (values % 2) - 1 if kind == "sign" else values, kind)  # pyright: ignore[reportArgumentType]


@st.composite
def representations(draw: Draw, problem: Problem) -> np.ndarray:
    """Exact weights: zero, the constant function, small integers, or some of the eigenvectors, rounded.

    Source: ours.

    >>> from linrep.gallery import flip_dictator
    >>> import hypothesis
    >>> hypothesis.find(representations(flip_dictator()), lambda found: True).tolist()
    [[0, 0], [0, 0], [0, 0]]
    """
    shape = (problem.moments.dim, problem.dim)
    how = draw(st.sampled_from((_nothing, _constant, _swapped, _small, _constant, _swapped, _eigenvectors)))
    return how(draw, problem, shape)


Shape = tuple[int, int]


def _nothing(draw: Draw, problem: Problem, shape: Shape) -> np.ndarray:
    return np.zeros(shape, dtype=int)


def _constant(draw: Draw, problem: Problem, shape: Shape) -> np.ndarray:
    table = np.zeros(shape, dtype=object)
    table[:, 0] = draw(st.sampled_from((Fraction(1), Fraction(1, 10))))
    return table


def _small(draw: Draw, problem: Problem, shape: Shape) -> np.ndarray:
    return fractions(_integers(draw, *shape, -3, 3)) * Fraction(1, draw(st.integers(1, 4)))


def _eigenvectors(draw: Draw, problem: Problem, shape: Shape) -> np.ndarray:
    """Any d eigenvectors in place of the first, at their best lengths."""
    return _at(problem, shape, draw(st.permutations(range(problem.solution.rank)))[: problem.dim])


def _swapped(draw: Draw, problem: Problem, shape: Shape) -> np.ndarray:
    """The first d eigenvectors, one of them exchanged for the first that d leaves out."""
    head = list(range(min(problem.dim, problem.solution.rank)))
    if problem.dim < problem.solution.rank:
        head[draw(st.integers(0, problem.dim - 1))] = problem.dim
    return _at(problem, shape, head)


def _at(problem: Problem, shape: Shape, chosen: list[int]) -> np.ndarray:
    """Eigenvectors at their best lengths, rounded."""
    found, table = problem.solution.spectrum, np.zeros(shape)
    basis = np.asarray(found.basis @ np.eye(found.rank)[:, chosen])
    table[:, : len(chosen)] = basis * np.sqrt(np.maximum(found.values[chosen], 0))
    return fractions(table)
