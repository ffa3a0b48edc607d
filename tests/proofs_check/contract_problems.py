"""Small exact problems that meet the hypotheses of a theorem, and the changes under which no number may move."""

from fractions import Fraction

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

import linrep as lr
from linrep import symbols as sym
from linrep.bounds import Theorem
from proofs_check.search._strategies import problems as structured
from tests.strategies import features, label_arrays, processes

MANY_INPUTS = {
    sym.LAST_RETAINED,
    sym.UNRESTRICTED_CUT_EIGENVALUE,
    sym.COUNTING_FLOOR,
    sym.WORST_INDISTINGUISHABLE_ERROR,
}
"""Quantities that say little on two inputs."""


PLAIN = {
    sym.MINIMISER,
    sym.POSITIVE_CUT_EIGENVALUE,
    sym.POSITIVE_LAST_RETAINED,
    sym.ADMISSIBLE_INDEX,
    sym.POSITIVE_MARGIN,
    sym.SIGN_LABELS,
    sym.CLASS_LABELS,
    sym.ONE_OUTPUT,
    sym.BALANCED_LABELS,
    sym.UNIFORM_PRIOR,
    sym.DISJOINT,
    sym.UNRESTRICTED,
    sym.DIM_BELOW_INPUTS,
    sym.EXAMPLE_ONE,
}
"""Hypotheses that `meeting` sees to by itself, and that do not care how views are listed or split."""


def plain(theorem: Theorem) -> bool:
    """Whether all hypotheses are of that kind; others ask for a structure, which the search knows how to build."""
    return set(theorem.hypotheses) <= PLAIN


@st.composite
def meeting(draw: st.DrawFn, theorem: Theorem):
    """A problem made for the hypotheses of a theorem: most of them hold on it, and all of them often."""
    needs = set(theorem.hypotheses)
    if not plain(theorem):
        return draw(structured(theorem))
    if sym.EXAMPLE_ONE in needs:
        return draw(example_one())
    kind = (
        "disjoint"
        if sym.DISJOINT in needs
        else draw(st.sampled_from(["generic", "generic", "nearly disjoint", "tied"]))
    )
    uniform = sym.UNIFORM_PRIOR in needs or draw(st.booleans())
    least = 4 if MANY_INPUTS & {theorem.bounds, *theorem.inputs} else 2
    process = draw(processes(kind, inputs=(least, 6), views=(2, 6), uniform=uniform))
    phi = lr.features.OneHot() if sym.UNRESTRICTED in needs else draw(features(process))
    labels = draw(_labels(needs, process.n_inputs))
    highest = min(4, process.n_inputs - 1) if sym.DIM_BELOW_INPUTS in needs else 4
    problem = lr.Problem(process, phi, labels, dim=draw(st.integers(1, max(1, highest))))
    if sym.MINIMISER in needs or draw(st.booleans()):
        return problem
    return problem.with_weights(draw(_weights(problem)))


@st.composite
def _labels(draw: st.DrawFn, needs: set, count: int):
    if sym.BALANCED_LABELS in needs:
        assume(count % 2 == 0)
        return lr.labels.Table(draw(st.permutations([-1, 1] * (count // 2))), "sign")
    if sym.CLASS_LABELS in needs:
        return draw(label_arrays(count, draw(st.sampled_from(["classes", "sign"]))))
    signs = sym.SIGN_LABELS in needs or sym.ONE_OUTPUT in needs
    return draw(label_arrays(count, "sign" if signs else None))


@st.composite
def _weights(draw: st.DrawFn, problem: lr.Problem):
    """Small whole numbers, or thousandths near a minimiser: both exact."""
    shape = (problem.moments.dim, problem.dim)
    noise = np.array(draw(st.lists(st.integers(-3, 3), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])))
    if draw(st.booleans()):
        return noise.reshape(shape)
    near = np.rint(1000 * problem.solution.weights).astype(int) + noise.reshape(shape)
    return fractions(near, 1000)


@st.composite
def example_one(draw: st.DrawFn):
    """Example 1 in up to five coordinates, d at least the number of relevant ones, whole weights."""
    dim = draw(st.integers(2, 5))
    relevant = draw(st.integers(1, dim - 1))
    process = lr.processes.HypercubeScaling(dim=dim, relevant=relevant, scale=lr.processes.Uniform(0, 1))
    label = lr.labels.Coordinate(draw(st.integers(0, relevant - 1)))
    problem = lr.Problem(process, lr.features.Linear(), label, dim=draw(st.integers(relevant, dim)))
    return problem if draw(st.booleans()) else problem.with_weights(draw(_weights(problem)))


def fractions(numerators: np.ndarray, denominator: int) -> np.ndarray:
    """A table of Fractions."""
    return np.array([[Fraction(int(v), denominator) for v in row] for row in numerators], dtype=object)


def rebuilt(problem: lr.Problem, process, table: np.ndarray, weights) -> lr.Problem:
    """The same question about another process; the features are given by their values on its views."""
    phi = lr.features.OneHot() if problem.unrestricted else lr.features.Custom(lambda views: table, table.shape[1])
    return lr.Problem(process, phi, problem.label, dim=problem.dim, weights=weights)


def values(problem: lr.Problem) -> np.ndarray:
    """The feature table, one row a view, in whole numbers."""
    if problem.unrestricted:
        return np.eye(problem.process.n_views, dtype=int)
    return np.rint(problem.features(problem.process.views)).astype(int)


def relabelled(problem: lr.Problem, rows: list[int], columns: list[int]) -> lr.Problem:
    """Inputs and views listed in another order."""
    weights = problem.weights
    if problem.unrestricted and weights is not None:
        weights = weights[columns]
    moved = rebuilt(
        problem, lr.processes.relabel(problem.process, inputs=rows, views=columns), values(problem)[columns], weights
    )
    label = problem.label
    return lr.Problem(
        moved.process, moved.features, lr.labels.Table(label.values[rows], label.kind), dim=problem.dim, weights=weights
    )


def split(problem: lr.Problem, view: int, share: Fraction) -> lr.Problem:
    """One view shown as two: the copy, listed last, has the features of the original."""
    order = [*range(problem.process.n_views), view]
    weights = problem.weights
    if problem.unrestricted and weights is not None:
        weights = weights[order]
    process = lr.processes.split_view(problem.process, view, share=share)
    return rebuilt(problem, process, values(problem)[order], weights)


def transformed(problem: lr.Problem, change: np.ndarray) -> lr.Problem:
    """Features phi G in place of phi, for a whole-number G of determinant one, and W = G^-1 W: the same class, the
    same representation."""
    table, weights = values(problem) @ change, problem.weights
    if weights is not None:
        weights = inverse(change) @ weights
    phi = lr.features.Custom(lambda views: table, table.shape[1])
    return lr.Problem(problem.process, phi, problem.label, dim=problem.dim, weights=weights)


@st.composite
def unimodular(draw: st.DrawFn, order: int):
    """A product of a lower and an upper triangular matrix of whole numbers with ones on the diagonal."""
    entries = draw(st.lists(st.integers(-1, 1), min_size=order * order, max_size=order * order))
    table = np.array(entries, dtype=int).reshape(order, order)
    return (np.tril(table, -1) + np.eye(order, dtype=int)) @ (np.triu(table, 1) + np.eye(order, dtype=int))


def inverse(change: np.ndarray) -> np.ndarray:
    """The inverse of a matrix of determinant one, in whole numbers, by Cayley and Hamilton: no division leaves any."""
    order, power, coefficients = len(change), np.eye(len(change), dtype=object), [1]
    whole = change.astype(object)
    adjugate = power
    for k in range(1, order):  # Faddeev and LeVerrier
        product = whole @ power
        coefficients.append(-int(np.trace(product)) // k)
        power = product + coefficients[-1] * np.eye(order, dtype=object)
        adjugate = power
    return adjugate * (-1) ** (order - 1)
