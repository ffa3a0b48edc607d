"""The mixed-integer program behind the 0-1 error: its bound, its margin and its silence."""

import itertools
import os
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.optimize import linprog

from linrep.risks import _milp
from linrep.risks._cells import least_cost
from linrep.risks._configuration import Lines, exact_lines, float_lines, integer_rows
from linrep.risks._halfspaces import cost_of, search, unit_points
from linrep.risks._milp import (
    LEAST_MARGIN,
    _cell_margin,
    _coordinates,
    _determinant,
    _lattice_determinant,
    _rows,
    least_cost_milp,
)
from tests.tolerances import EPS, eigenvalue_budget


@pytest.mark.parametrize("seed", range(6))
def test_the_program_and_the_cells_agree(seed):
    rng = np.random.default_rng(seed)
    n, rank = (11, 4) if seed % 2 else (8, 5)
    points = rng.integers(-1, 2, (n, rank))
    positive, negative = rng.integers(0, 4, n), rng.integers(0, 4, n)
    lines = exact_lines(points, positive, negative)
    best = least_cost(lines)[1]
    assert least_cost(lines)[0] == best == least_cost_milp(lines, 60)[0]
    assert lines.base_upper + best == by_labelings_large(points, positive, negative)
    # The closed program for floats counts ties as right: a bound from below, and equal in general position.
    general = rng.standard_normal((n, rank))
    floats = float_lines(general, positive, negative, 64 * EPS)
    rational = integer_rows(np.array([[Fraction(v) for v in row] for row in general.tolist()], dtype=object))
    exact = exact_lines(rational, positive, negative)
    closed = least_cost_milp(Lines(unit_points(lines), lines.cost, np.full(lines.count, 64 * EPS), 0, 0), 60)[0]
    assert closed <= best
    assert least_cost_milp(floats, 60)[0] == least_cost(exact)[1] == cost_of(floats, search(floats, rng)[1])


def by_labelings_large(points, positive, negative) -> int:
    """Least cost over directions near every null vector of rank - 1 points: another road to the same number."""
    best = int((positive + negative).sum())
    subsets = itertools.combinations(range(len(points)), points.shape[1] - 1)
    for subset in subsets:
        block = points[list(subset)].astype(float)
        if np.linalg.matrix_rank(block) < points.shape[1] - 1:
            continue
        ray = np.linalg.svd(block)[2][-1]
        tilt = np.random.default_rng(len(subset)).standard_normal((200, points.shape[1]))
        for w in np.concatenate([ray + 1e-3 * tilt, -ray + 1e-3 * tilt]):
            scores = points @ w
            best = min(best, int(positive[scores <= 0].sum() + negative[scores >= 0].sum()))
    return best


@given(st.lists(st.lists(st.integers(-3, 3), min_size=3, max_size=3), min_size=4, max_size=6))
def test_the_margin_of_every_cell_is_attained(rows):
    points = np.array(rows)
    lines = exact_lines(points, np.arange(1, len(points) + 1), np.zeros(len(points), dtype=np.int64))
    assume(lines.rank == 3)
    scaled, _, height = _coordinates(lines)
    margin = _cell_margin(lines, scaled * height[:, None])
    subsets = itertools.combinations(range(lines.count), 3)
    minors = [abs(_determinant(lines.points[list(subset)])) for subset in subsets]
    volume = max(minors)
    assert _lattice_determinant(lines.points, volume) == np.gcd.reduce(minors)
    for signs in itertools.product([1, -1], repeat=lines.count):
        side = np.array(signs)[:, None] * scaled
        # max t with side.w >= t and |w|_inf <= 1: positive exactly on the cells, and then at least the margin.
        slab = np.column_stack([-side, np.ones(lines.count)])
        most = -linprog([0, 0, 0, -1], A_ub=slab, b_ub=np.zeros(lines.count), bounds=[(-1, 1)] * 3 + [(0, 1)]).fun
        assert most >= margin or most <= eigenvalue_budget(lines.count, 1.0, 1 / LEAST_MARGIN)


@pytest.mark.parametrize("margin", [0.0, 0.02])
def test_rows_of_the_program_ask_for_the_right_side(margin):
    lines = exact_lines(np.eye(3, dtype=np.int64), np.ones(3, dtype=np.int64), np.zeros(3, dtype=np.int64))
    points, change, height = _coordinates(lines)
    rows = _rows(points, np.full(3, margin), 6)
    assert np.array_equal(points * height[:, None], lines.points @ change)
    assert rows[0].A.shape == (3, 12)
    assert np.all(rows[0].lb == margin)
    assert rows[2].A.sum() == 6


def test_the_solver_prints_nothing(capfd):
    signs = np.array(list(itertools.product([-1.0, 1.0], repeat=6)))
    values = np.column_stack([np.ones(64), signs - signs.mean(axis=1, keepdims=True)])
    mass = np.ones(64, dtype=np.int64)
    right = signs.sum(axis=1) >= 0
    least_cost_milp(float_lines(values, mass * right, mass * ~right, 64 * EPS), 5)
    assert capfd.readouterr() == ("", "")


def test_what_the_solver_prints_is_swallowed_and_python_prints_again_afterwards(capfd):
    with _milp._quiet():
        os.write(1, b"lost")
    os.write(1, b"seen")
    assert capfd.readouterr().out == "seen"
