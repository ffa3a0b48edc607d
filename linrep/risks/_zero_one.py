"""The exact 0-1 error of the best linear readout, or a bracket of it; a margin of exactly zero counts as an error."""

import math
import time
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import jax
import numpy as np

from linrep._checks import InputError, finite_array, generator, require
from linrep._linalg import rank_tolerance
from linrep._types import ArrayLike, Rational
from linrep.processes import AbstractProcess, FiniteProcess
from linrep.processes._tabulated import listed
from linrep.risks._cells import affordable, least_cost
from linrep.risks._configuration import Lines, exact_lines, float_lines, integer_rows, snapped
from linrep.risks._halfspaces import cost_of, search
from linrep.risks._milp import least_cost_milp

GRID = 2**60  # float probabilities are read on this grid, finer than their own rounding; sums are then exact integers


@dataclass(frozen=True)
class Bracket:
    """Two ends between which a number lies; `exact` says that they are proved equal.

    Attributes:
        lower: a Fraction where it was settled in integers from exact data, else a float.
        upper: likewise.
        exact: whether lower == upper.

    Source: ours.

    >>> Bracket(0.25, 0.25, True).exact
    True
    """

    lower: Rational
    upper: Rational
    exact: bool


@dataclass(frozen=True)
class _Masses:
    """Integer masses that want w.x > 0 (positive) and w.x < 0 (negative), (n,) each, over their common total."""

    positive: np.ndarray
    negative: np.ndarray
    total: int
    exact: bool


def zero_one(
    process: AbstractProcess,
    input_values: ArrayLike,
    labels: ArrayLike,
    *,
    time_limit: float = 60.0,
    margin: float | None = None,
    snap: bool = True,
    key: jax.Array | None = None,
) -> Bracket:
    """Least 0-1 error of a linear readout of mean features: min_w Pr[ y(input) w.f_A(input) <= 0 ].

    Points on one line through the origin are merged. Up to rank 3 (and for few points beyond) all cells are enumerated;
    otherwise a half-space search gives `upper`, counted afresh, and a mixed-integer program gives `lower`: HiGHS's dual
    bound less its tolerance 1e-6, rounded up to the lattice of the masses.

    Integers and Fractions are decided in integers, ties included. Float values are known up to `margin` times the
    largest norm: a readout is right for `upper` only by more than that; points within it may be right for `lower`;
    points or lines that coincide within it are one. With `snap`, float values that equal, to rounding and up to a
    linear change of coordinates, multiples of one 1/q (q <= 1024) are read as those rationals, which decides ties.

    Args:
        process: finite process; its prior weighs the inputs.
        input_values: (n_bar, d) values f_A, or (n_bar,) for d = 1.
        labels: (n_bar,) entries -1 or +1.
        time_limit: seconds after which the mixed-integer program stops with the bound that it has; 0 leaves it out.
        margin: relative rounding of float values; default 10 max(n_bar, d) eps, the backward error of the dense
            routines that produce them.
        snap: whether float values may be read as rationals.
        key: random key of the search; default a fixed one.

    Raises:
        InputError: wrong shapes, labels outside {-1, 1}, non-finite values, a negative margin or time limit.

    Source: ours.

    >>> from linrep.processes import FiniteProcess
    >>> process = FiniteProcess([1, 1, 1, 1], [[1], [1], [1], [1]])
    >>> bracket = zero_one(process, [[1, 0], [0, 1], [-1, 0], [0, -1]], [1, -1, 1, -1])
    >>> bracket.lower, bracket.upper, bracket.exact
    (Fraction(1, 2), Fraction(1, 2), True)
    """
    process = listed(process, "risks.zero_one")
    signs = _labels(labels, process.n_inputs, "zero_one")
    values = _values(input_values, process.n_inputs, "zero_one", "input_values", "input")
    masses = _input_masses(process, signs)
    return _bracket(values, masses, "zero_one", time_limit=time_limit, margin=margin, snap=snap, key=key)


def zero_one_augmented(
    process: AbstractProcess,
    view_values: ArrayLike,
    labels: ArrayLike,
    *,
    time_limit: float = 60.0,
    margin: float | None = None,
    snap: bool = True,
    key: jax.Array | None = None,
) -> Bracket:
    """Least 0-1 error of a linear readout of one view: min_w Pr[ y(input) w.f(view) <= 0 ], view drawn from its input.

    Computed as `zero_one`, with the views as points; a view may carry mass of both labels.

    Args:
        process: finite process, n_bar inputs and n views.
        view_values: (n, d) values f, or (n,) for d = 1.
        labels: (n_bar,) entries -1 or +1.
        time_limit, margin, snap, key: as in `zero_one`.

    Raises:
        InputError: wrong shapes, labels outside {-1, 1}, non-finite values, a negative margin or time limit.

    Source: ours.

    >>> from linrep.processes import FiniteProcess
    >>> process = FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> zero_one_augmented(process, [1, -1], [1, -1]).upper
    Fraction(1, 4)
    """
    process = listed(process, "risks.zero_one_augmented")
    signs = _labels(labels, process.n_inputs, "zero_one_augmented")
    values = _values(view_values, process.n_views, "zero_one_augmented", "view_values", "view")
    masses = _view_masses(process, signs)
    return _bracket(values, masses, "zero_one_augmented", time_limit=time_limit, margin=margin, snap=snap, key=key)


def _labels(labels: Any, count: int, owner: str) -> np.ndarray:
    signs = finite_array(labels, owner=owner, name="labels", ndim=(1,))
    require(
        signs.shape == (count,),
        f"{owner}: labels has shape {signs.shape}, but the process has {count} inputs; pass one label for each.",
    )
    bad = signs[np.abs(signs) != 1]
    require(
        bad.size == 0,
        f"{owner}: labels contains {float(bad[0]) if bad.size else 0}, but 0-1 error needs -1 and +1; recode them.",
    )
    return signs > 0


def _values(values: Any, count: int, owner: str, name: str, noun: str) -> np.ndarray:
    """Values (count, d) as given if they are integers or Fractions, else float64."""
    checked = finite_array(values, owner=owner, name=name)
    array = np.asarray(values)
    array = array if _is_rational(array) else checked
    array = array[:, None] if array.ndim == 1 else array
    require(
        array.shape[0] == count,
        f"{owner}: {name} has {array.shape[0]} rows, but the process has {count} {noun}s; pass one row for each.",
    )
    require(
        array.shape[1] >= 1, f"{owner}: {name} has no columns, but a readout needs at least one; pass (n, d) values."
    )
    return array


def _is_rational(array: np.ndarray) -> bool:
    if array.dtype == object:
        return all(isinstance(entry, (int, np.integer, Fraction)) for entry in array.ravel())
    return array.dtype.kind in "iu"


def _input_masses(process: FiniteProcess, signs: np.ndarray) -> _Masses:
    exact = process.weights is not None and process.weights.prior_total < GRID
    mass = process.weights.prior.astype(np.int64) if process.weights is not None and exact else _on_grid(process.prior)
    return _Masses(np.where(signs, mass, 0), np.where(signs, 0, mass), int(mass.sum()), exact)


def _view_masses(process: FiniteProcess, signs: np.ndarray) -> _Masses:
    weights = process.weights
    common = math.lcm(*(int(total) for total in weights.row_totals)) if weights is not None else GRID
    if weights is not None and common * weights.prior_total < GRID:
        scale = np.array([int(v) * (common // int(t)) for v, t in zip(weights.prior, weights.row_totals, strict=True)])
        sides = [weights.channel.T.astype(np.int64) @ np.where(keep, scale, 0) for keep in (signs, ~signs)]
        return _Masses(sides[0], sides[1], int(weights.prior_total) * common, True)
    sides = [_on_grid(process.channel.T @ np.where(keep, process.prior, 0.0)) for keep in (signs, ~signs)]
    return _Masses(sides[0], sides[1], int(sides[0].sum() + sides[1].sum()), False)


def _on_grid(probabilities: np.ndarray) -> np.ndarray:
    return np.rint(np.asarray(probabilities) * GRID).astype(np.int64)


def _bracket(
    values: np.ndarray,
    masses: _Masses,
    owner: str,
    *,
    time_limit: float,
    margin: float | None,
    snap: bool,
    key: jax.Array | None,
) -> Bracket:
    margin = rank_tolerance(values.shape, 1.0) if margin is None else margin
    for name, value in (("time_limit", time_limit), ("margin", margin)):
        require(
            math.isfinite(value) and value >= 0,
            f"{owner}: {name} is {value!r}, but it must be finite and not negative; pass such a number.",
        )
    rational = _is_rational(values)
    lines = _lines(values, masses, margin, snap)
    rng = np.random.default_rng(0) if key is None else generator(key)
    lower, upper, counted = half_space_cost(lines, rng, time_limit)
    ends = (lines.base_lower + lower, lines.base_upper + upper)
    exact_number = counted and rational and masses.exact
    low, high = (Fraction(end, masses.total) if exact_number else end / masses.total for end in ends)
    return Bracket(low, high, ends[0] == ends[1])


def _lines(values: np.ndarray, masses: _Masses, margin: float, snap: bool) -> Lines:
    rows = integer_rows(values) if _is_rational(values) else snapped(values, margin) if snap else None
    if rows is not None:
        return exact_lines(rows, masses.positive, masses.negative)
    return float_lines(values, masses.positive, masses.negative, margin)


def half_space_cost(lines: Lines, rng: np.random.Generator, time_limit: float) -> tuple[int, int, bool]:
    """(lower, upper) of the least cost above the base, and whether both come from counting alone (no solver)."""
    start = time.monotonic()
    if affordable(lines):
        return *least_cost(lines), True
    upper, _ = search(lines, rng)
    if upper == 0:
        return 0, 0, True
    lower, weights = least_cost_milp(lines, time_limit - (time.monotonic() - start))
    if weights is not None:
        upper = min(upper, cost_of(lines, weights))
    if lower > upper:
        raise InputError(
            f"zero_one: the solver's lower bound {lower} exceeds the attained cost {upper}, so its tolerance was not "
            "enough for these values; pass time_limit=0 to do without the solver."
        )
    return lower, upper, lower == 0
