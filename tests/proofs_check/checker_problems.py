"""Problems in exact numbers for the tests of the checker."""

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

import linrep as lr
from tests.strategies import problems


def exactified(problem: lr.Problem) -> lr.Problem:
    """The same problem with its representation read as the dyadic rationals that its floats are."""
    if problem.weights is None:
        return problem
    table = np.asarray(problem.weights)
    return problem.with_weights(np.array([[Fraction(float(v)) for v in row] for row in table], dtype=object))


@st.composite
def exact_problems(draw, kind: str, *, labels: str | None = None):
    """A problem of one of the kinds, in exact numbers."""
    return exactified(draw(problems(kind, labels=labels)))


def twenty_ones() -> lr.Problem:
    """Twenty disjoint inputs: the eigenvalue 1 twenty times, d = 3 inside the tie."""
    labels = [1, -1] * 10
    return lr.Problem(lr.processes.FiniteProcess([1] * 20, np.eye(20, dtype=int)), lr.features.OneHot(), labels, dim=3)


def nearly_tied() -> lr.Problem:
    """Two uncorrelated pairs of views with eigenvalues 1/4 and (1/2 + 10^-12)^2: apart by 10^-12, and no tie.

    Features +1 and -1 on the two views of each pair; a view stays itself with probability (1 + rho) / 2.
    """
    scale = 10**12
    first, second = (3 * scale, scale), (3 * scale + 2, scale - 2)
    channel = np.zeros((4, 4), dtype=object)
    for pair, (stay, leave) in enumerate((first, second)):
        block = [[stay, leave], [leave, stay]]
        channel[2 * pair : 2 * pair + 2, 2 * pair : 2 * pair + 2] = block
    table = np.array([[1, 0], [-1, 0], [0, 1], [0, -1]])
    features = lr.features.Custom(lambda views: table[np.asarray(views)], 2)
    return lr.Problem(lr.processes.FiniteProcess([1] * 4, channel), features, [1, -1, 1, 1], dim=1)


def sixty_views() -> lr.Problem:
    """Forty inputs with sixty views, all functions."""
    rng = np.random.default_rng(0)
    process = lr.processes.FiniteProcess(rng.integers(1, 6, 40), rng.integers(0, 5, (40, 60)))
    return lr.Problem(process, lr.features.OneHot(), rng.choice([-1, 1], 40), dim=5)
