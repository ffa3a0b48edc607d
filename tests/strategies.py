"""Generated problems: exact finite processes with integer weights, features, labels and representations."""

import numpy as np
from hypothesis import strategies as st

import linrep as lr

KINDS = ("generic", "nearly disjoint", "disjoint", "tied")


@st.composite
def processes(
    draw: st.DrawFn,
    kind: str,
    *,
    inputs: tuple[int, int] = (2, 9),
    views: tuple[int, int] = (2, 13),
    uniform: bool = False,
):
    """A finite process of one of the KINDS: 2 to 9 inputs, 2 to 13 views, usually with a non-uniform prior."""
    n_bar = draw(st.integers(*inputs))
    n = draw(st.integers(max(views[0], 2), views[1]))
    prior = [1] * n_bar if uniform else draw(st.lists(st.integers(1, 5), min_size=n_bar, max_size=n_bar))
    if kind == "generic":
        table = _table(draw, n_bar, n, 0, 4)
        table[:, 0] += table.sum(axis=1) == 0  # every input needs a view
        return lr.processes.FiniteProcess(prior, table)
    owner = np.concatenate(
        [np.arange(n_bar), np.array(draw(st.lists(st.integers(0, n_bar - 1), max_size=4)), dtype=int)]
    )
    table = (owner[None, :] == np.arange(n_bar)[:, None]) * np.array(
        draw(st.lists(st.integers(1, 3), min_size=owner.size, max_size=owner.size))
    )
    if kind == "nearly disjoint":
        strength = draw(st.sampled_from([5, 50, 5000, 10**7]))
        table = strength * table + _table(draw, n_bar, owner.size, 0, 2)
    if kind == "tied":  # inputs that share all their views: equal rows
        table = table[np.minimum(np.arange(n_bar), n_bar // 2)]
    return lr.processes.FiniteProcess(prior, table)


def _table(draw: st.DrawFn, rows: int, columns: int, low: int, high: int) -> np.ndarray:
    flat = draw(st.lists(st.integers(low, high), min_size=rows * columns, max_size=rows * columns))
    return np.array(flat, dtype=int).reshape(rows, columns)


@st.composite
def features(draw: st.DrawFn, process: lr.processes.FiniteProcess):
    """One-hot features, or a random integer feature table of up to six columns (rank deficiency included)."""
    if draw(st.booleans()):
        return lr.features.OneHot()
    dim = draw(st.integers(1, 6))
    table = _table(draw, process.n_views, dim, -2, 2)
    table[0, 0] = 1
    return lr.features.Custom(lambda views, table=table: table, dim)


@st.composite
def label_arrays(draw: st.DrawFn, n_bar: int, kind: str | None = None):
    """Signs, classes or integers over the inputs; constants included."""
    kind = kind or draw(st.sampled_from(["sign", "classes", "real"]))
    if kind == "sign":
        return lr.labels.Table(draw(st.lists(st.sampled_from([-1, 1]), min_size=n_bar, max_size=n_bar)), "sign")
    low, high = (0, 3) if kind == "classes" else (-2, 2)
    return lr.labels.Table(draw(st.lists(st.integers(low, high), min_size=n_bar, max_size=n_bar)), kind)


@st.composite
def problems(draw: st.DrawFn, kind: str, *, labels: str | None = None):
    """A problem on a process of the given kind: minimisers, random, or perturbed optimal representations."""
    process = draw(processes(kind, uniform=draw(st.booleans())))
    problem = lr.Problem(
        process, draw(features(process)), draw(label_arrays(process.n_inputs, labels)), dim=draw(st.integers(1, 4))
    )
    how = draw(st.sampled_from(["minimiser", "random", "perturbed"]))
    if how == "minimiser":
        return problem
    noise = _table(draw, problem.moments.dim, problem.dim, -3, 3).astype(float)
    if how == "random":
        return problem.with_weights(noise)
    return problem.with_weights(problem.solution.weights + noise * draw(st.sampled_from([1e-8, 1e-3, 0.1])))
