"""A representation seen through its scores and classes; every loss of it, in whatever numbers the scores are given.

Arrays hold floats, Fractions or balls. What is rational in the scores is computed with + - * / and comparisons alone,
the rest asks `Maths` for exponentials and logarithms.
"""

import functools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

Array = np.ndarray
Number = Any
Loss = Callable[["Maths", Array], Array]


@dataclass(frozen=True)
class Maths:
    """Elementary functions of arrays of one number type.

    Attributes:
        exp: e to each entry.
        log: ln of one number.
        log_mean_exp: (values (..., u), weights (u,)): ln sum_j w_j e^{values_j} over the last axis.
        softplus: ln(1 + e^z) of each entry.
        log_two: ln 2.
        mean_log_sums: (scores (a, u), law (u,), m, first (a, k) or None): as `linrep.losses._laplace.mean_log_sums`.
    """

    exp: Callable[[Array], Array]
    log: Callable[[Number], Number]
    log_mean_exp: Callable[[Array, Array], Array]
    softplus: Callable[[Array], Array]
    log_two: Number
    mean_log_sums: Callable[[Array, Array, int, Array | None], Array]


@dataclass(frozen=True, eq=False)
class Scores:
    """The joint law of a positive pair and its class through the distinct values of f.

    Attributes:
        values: (u, d) distinct values of f, not divided by sqrt t.
        temperature: t.
        gram: (u, u) scores f(x).f(x') / t.
        mass: (u, C) Pr[value, class], classes of positive mass.
        pairs: (C, u, u) Pr[class, value of x, value of x+].
    """

    values: Array
    temperature: Number
    gram: Array
    mass: Array
    pairs: Array

    @functools.cached_property
    def law(self) -> Array:
        """Pr[value], (u,)."""
        return self.mass.sum(axis=1)

    @functools.cached_property
    def rho(self) -> Array:
        """Pr[class], (C,)."""
        return self.mass.sum(axis=0)

    @functools.cached_property
    def given(self) -> Array:
        """Pr[value | class], (u, C)."""
        return self.mass / self.rho[None, :]

    @functools.cached_property
    def both(self) -> Array:
        """Pr[value of x, value of x+], (u, u)."""
        return self.pairs.sum(axis=0)

    @functools.cached_property
    def to_means(self) -> Array:
        """f(x).mu_c / t, (u, C)."""
        return self.gram @ self.given

    @functools.cached_property
    def norms(self) -> Array:
        """|f|^2 / t, (u,)."""
        return np.diagonal(self.gram)


def scores_of(values: Array, temperature: Number, joint: Array, channel: Array, classes: Array) -> Scores:
    """The scores of a representation.

    Args:
        values: (n, d) f of each view.
        temperature: t.
        joint: (n_bar, n) Pr[input, view].
        channel: (n_bar, n) Pr[view | input].
        classes: (n_bar, C) one-hot.
    """
    distinct, selector = _merged(values)
    joint, channel = joint @ selector, channel @ selector
    present = [column for column in classes.T if any(joint[i].sum() > 0 for i in np.flatnonzero(column))]
    pairs = [joint[rows].T @ channel[rows] for rows in (np.flatnonzero(column) for column in present)]
    mass = np.stack([joint[np.flatnonzero(column)].sum(axis=0) for column in present], axis=1)
    return Scores(distinct, temperature, (distinct @ distinct.T) / temperature, mass, np.stack(pairs))


def _merged(values: Array) -> tuple[Array, Array]:
    """The distinct rows, (u, d), and the 0-1 table of which row has which value, (n, u)."""
    place: dict[tuple[Any, ...], int] = {}
    group = [place.setdefault(tuple(row), len(place)) for row in values.tolist()]
    first = [group.index(i) for i in range(len(place))]
    return values[first], np.eye(len(place), dtype=int)[group]


def hinge(maths: Maths, z: Array) -> Array:
    """(1 - z)_+."""
    return np.maximum(1 - z, 0)


def logistic(maths: Maths, z: Array) -> Array:
    """log2(1 + e^{-z})."""
    return maths.softplus(-z) / maths.log_two


def pair_loss(s: Scores, maths: Maths, loss: Loss) -> Number:
    """E loss(s+ - s-)."""
    z = s.gram[:, :, None] - s.gram[:, None, :]
    return (loss(maths, z) * (s.both[:, :, None] * s.law[None, None, :])).sum()


def apart_loss(s: Scores, maths: Maths, loss: Loss) -> Number:
    """The same, given that the negative is of another class."""
    weights = sum(p[:, :, None] * (s.law - own)[None, None, :] for p, own in zip(s.pairs, s.mass.T, strict=True))
    z = s.gram[:, :, None] - s.gram[:, None, :]
    return (loss(maths, z) * weights).sum() / (1 - (s.rho * s.rho).sum())


def mean_loss(s: Scores, maths: Maths, loss: Loss) -> Number:
    """E loss(f(x).(mu_c - mu_c')) over two different classes, x of the first."""
    z = s.to_means[:, :, None] - s.to_means[:, None, :]
    weights = s.mass[:, :, None] * (s.rho[None, None, :] * (1 - np.eye(len(s.rho), dtype=int)))
    return (loss(maths, z) * weights).sum() / (1 - (s.rho * s.rho).sum())


def alignment(s: Scores, maths: Maths) -> Number:
    """E s+."""
    return (s.both * s.gram).sum()


def repulsion(s: Scores, maths: Maths) -> Number:
    """E s-."""
    return s.law @ s.gram @ s.law


def mean_potential(s: Scores, maths: Maths) -> Number:
    """E ln sum_c exp(f.mu_c)."""
    return s.law @ maths.log_mean_exp(s.to_means, np.ones(len(s.rho), dtype=int))


def mean_cross_entropy(s: Scores, maths: Maths) -> Number:
    """E[ln sum_c exp(f.mu_c) - f.mu_y]."""
    return mean_potential(s, maths) - (s.mass * s.to_means).sum()


def input_spread(s: Scores, maths: Maths) -> Number:
    """E|f_A - mu_y|^2 / t = E s+ - E f.mu_y, as the class is a function of the input."""
    return alignment(s, maths) - (s.mass * s.to_means).sum()


def contrastive_limit(s: Scores, maths: Maths) -> Number:
    """-E s+ + E_x ln E exp(s-)."""
    return s.law @ maths.log_mean_exp(s.gram, s.law) - alignment(s, maths)


def contrastive_loss(s: Scores, maths: Maths, negatives: int) -> Number:
    """E[ln(e^{s+} + sum_j e^{s_j}) - s+]."""
    return (s.both * maths.mean_log_sums(s.gram, s.law, negatives, s.gram)).sum() - alignment(s, maths)


def negatives_only(s: Scores, maths: Maths, negatives: int) -> Number:
    """E[ln sum_j e^{s_j} - s+]."""
    return s.law @ maths.mean_log_sums(s.gram, s.law, negatives, None)[:, 0] - alignment(s, maths)


def tilted(s: Scores, maths: Maths) -> Array:
    """e^{s(x, x')} / E e^{s-(x)}, (u, u): its mean over x' is 1."""
    return maths.exp(s.gram - maths.log_mean_exp(s.gram, s.law)[:, None])


def positive_tilt(s: Scores, maths: Maths) -> Number:
    """E[e^{s+} / E e^{s-}]."""
    return (s.both * tilted(s, maths)).sum()


def negative_tilt(s: Scores, maths: Maths) -> Number:
    """E_x[Var(e^{s-}) / E e^{s-}]."""
    partition = maths.exp(maths.log_mean_exp(s.gram, s.law))
    apart = tilted(s, maths) - 1  # squared by hand: a ball around 0 has no power in Arb
    return s.law @ (partition * ((apart * apart) @ s.law))


def second_tilt(s: Scores, maths: Maths) -> Number:
    """E_x[E e^{2 s-} / E e^{s-}]."""
    return s.law @ (maths.exp(maths.log_mean_exp(s.gram, s.law)) * (tilted(s, maths) ** 2 @ s.law))


def class_variances(s: Scores) -> Array:
    """E[|f - mu_c|^2 | c] / t, (C,)."""
    apart = s.values[:, None, :] - (s.given.T @ s.values)[None, :, :]
    return (s.given * (apart * apart).sum(axis=2)).sum(axis=0) / s.temperature


def class_covariances(s: Scores) -> Array:
    """Cov[f | c], (C, d, d), not divided by t."""
    apart = s.values[:, None, :] - (s.given.T @ s.values)[None, :, :]
    return np.stack([apart[:, c].T @ (s.given[:, c, None] * apart[:, c]) for c in range(len(s.rho))])


def jensen_gap(maths: Maths, bound: Number, corners: Sequence[tuple[Number, Number, Number]]) -> Array:
    """ln(high + low e^{-2B}) + 2 B (1 - share) at each corner (high, low, share), of which the largest is the gap.

    ln sum_i e^{a_i} - sum_i w_i a_i is convex in a, so over [-B, B]^n it is largest at a corner; with `high` entries at
    B whose weights sum to `share` and `low` at -B it has this value.
    """
    high, low, share = (np.array(column, dtype=object) for column in zip(*corners, strict=True))
    small = maths.exp(np.array([-2 * bound]))[0]
    return np.array([maths.log(h + x * small) + 2 * bound * (1 - s) for h, x, s in zip(high, low, share, strict=True)])


def class_corners(rho: Sequence[Number]) -> list[tuple[int, int, Number]]:
    """The corners for classes of masses rho: for each number of them at B, those of least mass."""
    ascending, total, found = sorted(rho), 0, []
    for k, p in enumerate(ascending, start=1):
        total = total + p
        found.append((k, len(ascending) - k, total))
    return found


def negative_corners(negatives: int) -> list[tuple[int, int, Fraction]]:
    """The corners for one positive, whose weight is 0, and m negatives of weight 1/m."""
    return [(1 + k, negatives - k, Fraction(k, negatives)) for k in range(negatives + 1)]
