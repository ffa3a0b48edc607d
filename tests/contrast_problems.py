"""Generated problems about a given representation, and its quantities by enumeration of tuples in plain Python."""

import itertools
import math
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

import linrep as lr

UNIT = ((1, 0), (0, 1), (-1, 0), (0, -1))
TEMPERATURES = (Fraction(1), Fraction(1), Fraction(1, 2), Fraction(3))


def integers(draw, rows, columns, low, high):
    """A table of integers."""
    flat = draw(st.lists(st.integers(low, high), min_size=rows * columns, max_size=rows * columns))
    return np.array(flat, dtype=int).reshape(rows, columns)


@st.composite
def sampled(
    draw: st.DrawFn, *, independent: bool | None = None, uniform: bool = False, unit: bool = False, negatives: int = 3
):
    """2 to 4 classes of one or two inputs, 2 to 5 views, integer weights and vectors, m negatives, a temperature.

    `independent`: the inputs of a class are alike; None leaves that open. `uniform`: classes are equally likely.
    """
    classes, views = draw(st.integers(2, 4)), draw(st.integers(2, 5))
    alike = draw(st.booleans()) if independent is None else independent
    each = draw(st.integers(1, 2))
    rows = integers(draw, classes if alike else classes * each, views, 0, 4)
    rows[:, 0] += rows.sum(axis=1) == 0
    channel = np.repeat(rows, each, axis=0) if alike else rows
    masses = [1] * classes if uniform else draw(st.lists(st.integers(1, 4), min_size=classes, max_size=classes))
    process = lr.processes.FiniteProcess(np.repeat(masses, each), channel[:, channel.any(axis=0)])
    if unit or draw(st.booleans()):
        picked = draw(st.lists(st.integers(0, 3), min_size=process.n_views, max_size=process.n_views))
        weights = np.array(UNIT)[picked]
    else:
        weights = integers(draw, process.n_views, draw(st.integers(1, 2)), -2, 2)
    return lr.Problem(
        process,
        lr.features.OneHot(),
        lr.labels.Table(np.repeat(np.arange(classes), each), "classes"),
        dim=weights.shape[1],
        weights=weights,
        negatives=draw(st.integers(1, negatives)),
        temperature=1 if unit else draw(st.sampled_from(TEMPERATURES)),
    )


class Tuples:
    """The law of (class, x, x+, x-) listed entry by entry, in Fractions."""

    def __init__(self, problem):
        weights = problem.process.weights
        prior, channel = weights.prior_fractions(), weights.channel_fractions()
        self.m, self.t = problem.negatives, Fraction(problem.temperature)
        self.f = [[Fraction(v) for v in row] for row in np.asarray(problem.weights).tolist()]
        names = [int(v) for v in problem.label.values]
        self.names = sorted(set(names))
        self.views = range(channel.shape[1])
        inputs = range(len(prior))
        self.rho = {c: sum(prior[i] for i in inputs if names[i] == c) for c in self.names}
        self.law = [sum(prior[i] * channel[i, x] for i in inputs) for x in self.views]
        self.given = {
            c: [sum(prior[i] * channel[i, x] for i in inputs if names[i] == c) / self.rho[c] for x in self.views]
            for c in self.names
        }
        self.pairs = [
            (names[i], x, y, prior[i] * channel[i, x] * channel[i, y])
            for i in inputs
            for x in self.views
            for y in self.views
            if channel[i, x] and channel[i, y]
        ]
        self.mean = {
            c: [sum(p * v[k] for p, v in zip(self.given[c], self.f, strict=True)) for k in range(len(self.f[0]))]
            for c in self.names
        }

    def dot(self, v, w):
        return sum((a * b for a, b in zip(v, w, strict=True)), Fraction(0)) / self.t

    def score(self, x, y):
        return self.dot(self.f[x], self.f[y])

    def to_mean(self, x, c):
        return self.dot(self.f[x], self.mean[c])

    def one_negative(self, loss, apart):
        """E loss(s+ - s-), the negative's class drawn first; `apart`: given that it is another class."""
        total = mass = Fraction(0)
        for c, x, y, p in self.pairs:
            for other in self.names:
                if apart and other == c:
                    continue
                for z in self.views:
                    q = p * self.rho[other] * self.given[other][z]
                    mass, total = mass + q, total + q * loss(self.score(x, y) - self.score(x, z))
        return total / mass

    def of_means(self, loss):
        total = mass = Fraction(0)
        for c, other in itertools.permutations(self.names, 2):
            for x in self.views:
                q = self.rho[c] * self.rho[other] * self.given[c][x]
                mass, total = mass + q, total + q * loss(self.to_mean(x, c) - self.to_mean(x, other))
        return total / mass

    def many(self, *, positive):
        """E ln(sum over the negatives, and the positive) - E s+, tuple by tuple."""
        total = 0.0
        for _, x, y, p in self.pairs:
            for zs in itertools.product(self.views, repeat=self.m):
                q = p * math.prod(self.law[z] for z in zs)
                terms = [math.exp(self.score(x, z)) for z in zs] + [math.exp(self.score(x, y))] * positive
                total += float(q) * (math.log(sum(terms)) - float(self.score(x, y)))
        return total

    def mean_over_classes(self, value):
        """Sum over classes and views of Pr[class, view] times the value."""
        return sum(float(self.rho[c] * self.given[c][x]) * value(c, x) for c in self.names for x in self.views)

    def partition(self, x):
        """E e^{s-}."""
        return sum(float(p) * math.exp(self.score(x, z)) for z, p in enumerate(self.law))

    def variance(self, c):
        apart = [[a - b for a, b in zip(v, self.mean[c], strict=True)] for v in self.f]
        return sum(p * self.dot(v, v) for p, v in zip(self.given[c], apart, strict=True))

    def colliding(self):
        """Probabilities of (collisions, other classes present) for an anchor and m negatives, class by class."""
        found = {}
        for own, *rest in itertools.product(self.names, repeat=self.m + 1):
            key = (rest.count(own), len(set(rest) - {own}))
            found[key] = found.get(key, Fraction(0)) + math.prod(self.rho[c] for c in (own, *rest))
        return found
