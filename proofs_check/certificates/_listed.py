"""The certificates that come with the main job: one for each theorem that the stand-alone checker can speak of."""

import functools
from collections.abc import Callable
from fractions import Fraction

import numpy as np

from linrep import gallery
from linrep.bounds import Theorem, linrep26, saunshi22
from linrep.features import OneHot
from linrep.labels import Table
from linrep.problems import Problem
from linrep.processes import Clusters, FiniteProcess
from proofs_check.certificates.make import Certificate, certify, certify_counting, certify_vacuity


def two_inputs() -> Problem:
    """Two inputs that show their own view three times of four, at the exact minimiser: kappa = 1 and 1/4.

    Source: ours.

    >>> two_inputs().solution.loss
    -1.0625
    """
    weights = np.array([[1, Fraction(1, 2)], [1, -Fraction(1, 2)]], dtype=object)
    return Problem(FiniteProcess([1, 1], [[3, 1], [1, 3]]), OneHot(), [1, -1], dim=2, weights=weights)


def two_clusters() -> Problem:
    """The two clusters of `gallery.two_clusters`, their label a sign.

    Source: ours.

    >>> two_clusters().label.kind
    'sign'
    """
    signs = Table([1] * 4 + [-1] * 4)
    return Problem(Clusters(sizes=(4, 4), within=199, between=1), OneHot(), signs, dim=2)


CERTIFIED: dict[Theorem, Callable[[], Certificate]] = {
    linrep26.RISK_GAP_MEAN: lambda: certify(linrep26.RISK_GAP_MEAN, two_inputs()),
    linrep26.RISK_GAP_AUGMENTED: lambda: certify(linrep26.RISK_GAP_AUGMENTED, two_inputs()),
    linrep26.SUBOPTIMAL_AUGMENTED: lambda: certify(linrep26.SUBOPTIMAL_AUGMENTED, two_clusters()),
    linrep26.VACUITY_THRESHOLD: lambda: certify_vacuity(gallery.disjoint_pairs()),
    saunshi22.LOWER_BOUND: functools.partial(certify_counting, 64, 4),
}
"""What makes the certificate of each theorem."""
