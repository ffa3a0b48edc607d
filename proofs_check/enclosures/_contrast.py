"""Enclosures of contrastive quantities: rational parts exactly, logarithms and exponentials in balls.

The losses themselves are those of `linrep.quantities._scores`, evaluated over Fractions or over balls.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from linrep import symbols as sym
from linrep.quantities import Unavailable, _classes, _scores
from linrep.quantities._contrast import classes_or_one
from linrep.quantities._scores import Maths, Scores
from proofs_check.arithmetic import PRECISION, ball, enclosure, matrix, precision, root
from proofs_check.enclosures._ball_arrays import MATHS, in_balls
from proofs_check.enclosures._exact import ExactProblem, exact_array
from proofs_check.enclosures._risk import as_fractions
from proofs_check.enclosures._spectral import Place
from proofs_check.enclosures._spectrum import spectrum
from proofs_check.verdict import Enclosure, exactly

Array = np.ndarray
MOST_TRIPLES = 30_000
"""Most triples of an anchor, a positive and a negative."""
MOST_VALUES = 64
"""Most distinct values of f."""


def scores(exact: ExactProblem) -> Scores:
    """The scores of the problem's representation as Fractions, remembered with the problem.

    Raises:
        InputError: a temperature of unknown origin.
        Unavailable: no representation, inputs that are not listed, too many distinct values.

    Source: ours.

    >>> from linrep.gallery import noisy_classes
    >>> from proofs_check.enclosures import exact_problem
    >>> scores(exact_problem(noisy_classes())).gram[0, 0]
    Fraction(1, 1)
    """
    if exact.weights is None:
        raise Unavailable("this is about a given representation; pass weights")
    memo = exact.problem.memo
    if "exact scores" not in memo:
        temperature = exact_array([exact.problem.temperature], "temperature")[0]
        listed = exact.listed.weights
        assert listed is not None
        values = exact.views @ as_fractions(exact.weights)
        if len({tuple(row) for row in values.tolist()}) > MOST_VALUES:
            raise Unavailable(f"the representation takes more than {MOST_VALUES} distinct values")
        classes = classes_or_one(exact.problem).astype(int).astype(object)
        found = _scores.scores_of(values, Fraction(temperature), exact.joint, listed.channel_fractions(), classes)
        memo["exact scores"] = found
    return memo["exact scores"]


def _rounded(s: Scores) -> Scores:
    """The same scores in balls of the working precision."""
    values, gram, mass, pairs = (in_balls(part) for part in (s.values, s.gram, s.mass, s.pairs))
    return Scores(values, ball(s.temperature), gram, mass, pairs)


Evaluator = Callable[[ExactProblem, Place], Enclosure]


def _rational(average: Callable[[Scores], Any], *, triples: bool = False) -> Evaluator:
    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        s = scores(exact)
        _affordable(s, triples)
        return exactly(Fraction(average(s)))

    return enclose


def _in_balls(average: Callable[[Scores], Any], *, triples: bool = False) -> Evaluator:
    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        s = scores(exact)
        _affordable(s, triples)
        with precision(PRECISION):
            return enclosure(average(_rounded(s)))

    return enclose


def _affordable(s: Scores, triples: bool) -> None:
    if triples and len(s.law) ** 3 > MOST_TRIPLES:
        raise Unavailable(f"{len(s.law)} distinct values have too many triples to list exactly")


def _many(average: Callable[[Scores, Maths, int], Any]) -> Evaluator:
    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        return _in_balls(lambda s: average(s, MATHS, exact.problem.negatives))(exact, place)

    return enclose


def _of_classes(evaluator: Evaluator) -> Evaluator:
    """Refuses labels that are not classes, and one class alone where two are compared."""

    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        _classes.class_law(exact.problem)
        return evaluator(exact, place)

    return enclose


def _apart(evaluator: Evaluator) -> Evaluator:
    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        if len(_classes.class_law(exact.problem)) < 2:
            raise Unavailable("there is one class only")
        return evaluator(exact, place)

    return enclose


def limit_gap(exact: ExactProblem, place: Place) -> Enclosure:
    """|L_cont - ln m - limit|."""
    m = exact.problem.negatives

    def gap(s: Scores) -> flint.arb:
        apart = _scores.contrastive_loss(s, MATHS, m) - flint.arb(m).log() - _scores.contrastive_limit(s, MATHS)
        return abs(apart)

    return _in_balls(gap)(exact, place)


def class_spread(exact: ExactProblem, place: Place) -> Enclosure:
    """s(f): the largest eigenvalue of each covariance through its characteristic polynomial, lengths in balls."""
    s = scores(exact)
    total = sum((p * p for p in s.rho), Fraction(0))
    spread = exactly(0)
    for rho, given, covariance in zip(s.rho, s.given.T, _scores.class_covariances(s), strict=True):
        length = exactly(0)
        for chance, norm in zip(given, s.norms, strict=True):
            length = length + exactly(chance) * root(exactly(norm))
        spread = spread + exactly(rho * rho / total) * root(_largest(covariance) / exactly(s.temperature)) * length
    return spread


def _largest(covariance: Array) -> Enclosure:
    """The largest eigenvalue of a positive semidefinite matrix: of its part of the trace, a number in [0, 1]."""
    size = Fraction(sum(np.diagonal(covariance), Fraction(0)))
    if size == 0:
        return exactly(0)
    unit = np.array([[Fraction(int(i == j)) for j in range(len(covariance))] for i in range(len(covariance))], object)
    return exactly(size) * spectrum(matrix(unit), matrix(covariance / size)).kappa(1)


def _corners(corners: Callable[[ExactProblem], list]) -> Evaluator:
    def enclose(exact: ExactProblem, place: Place) -> Enclosure:
        bound = max(scores(exact).norms)
        with precision(PRECISION):
            found = [(flint.arb(h), flint.arb(low), ball(share)) for h, low, share in corners(exact)]
            values = [enclosure(v) for v in _scores.jensen_gap(MATHS, ball(bound), found)]
        return Enclosure(max(v.lower for v in values), max(v.upper for v in values))

    return enclose


def log_collisions(exact: ExactProblem, place: Place) -> Enclosure:
    """E ln(1 + Col)."""
    chances = _classes.count_law(_classes.class_law(exact.problem), exact.problem.negatives)
    with precision(PRECISION):
        return enclosure(sum((ball(p) * flint.arb(1 + k).log() for k, p in enumerate(chances)), flint.arb(0)))


def class_entropy(exact: ExactProblem, place: Place) -> Enclosure:
    """H(pi) in nats."""
    law = _classes.class_law(exact.problem)
    with precision(PRECISION):
        return enclosure(-sum((ball(p) * ball(p).log() for p in law), flint.arb(0)))


def zero_representation(quantity: sym.Quantity, exact: ExactProblem) -> Enclosure | None:
    """The loss of the class means of f = 0: ln C or 1; None without classes.

    Source: ours.

    >>> from linrep.gallery import noisy_classes
    >>> from proofs_check.enclosures import exact_problem
    >>> zero_representation(sym.MEAN_HINGE, exact_problem(noisy_classes())).lower
    Fraction(1, 1)
    """
    try:
        classes = len(_classes.class_law(exact.problem))
    except Unavailable:
        return None
    if quantity != sym.MEAN_CROSS_ENTROPY:
        return exactly(1)
    with precision(PRECISION):
        return enclosure(flint.arb(classes).log())


def _of_law(quantity: sym.Quantity) -> Evaluator:
    return lambda exact, place: exactly(_classes.rational(quantity, exact.problem))


ENCLOSURES: dict[sym.Quantity, Evaluator] = {
    **{quantity: _of_law(quantity) for quantity in _classes.RATIONAL},
    sym.NEGATIVES: lambda exact, place: exactly(exact.problem.negatives),
    sym.LOG_COLLISIONS: log_collisions,
    sym.CLASS_ENTROPY: class_entropy,
    sym.PAIR_HINGE: _rational(lambda s: _scores.pair_loss(s, MATHS, _scores.hinge), triples=True),
    sym.APART_HINGE: _apart(_rational(lambda s: _scores.apart_loss(s, MATHS, _scores.hinge), triples=True)),
    sym.MEAN_HINGE: _apart(_rational(lambda s: _scores.mean_loss(s, MATHS, _scores.hinge))),
    sym.PAIR_LOGISTIC: _in_balls(lambda s: _scores.pair_loss(s, MATHS, _scores.logistic), triples=True),
    sym.APART_LOGISTIC: _apart(_in_balls(lambda s: _scores.apart_loss(s, MATHS, _scores.logistic), triples=True)),
    sym.MEAN_LOGISTIC: _apart(_in_balls(lambda s: _scores.mean_loss(s, MATHS, _scores.logistic))),
    sym.CLASS_SPREAD: _of_classes(class_spread),
    sym.CONTRASTIVE_LOSS: _many(_scores.contrastive_loss),
    sym.NEGATIVES_ONLY_LOSS: _many(_scores.negatives_only),
    sym.CONTRASTIVE_LIMIT: _in_balls(lambda s: _scores.contrastive_limit(s, MATHS)),
    sym.LIMIT_GAP: limit_gap,
    sym.MEAN_CROSS_ENTROPY: _of_classes(_in_balls(lambda s: _scores.mean_cross_entropy(s, MATHS))),
    sym.MEAN_POTENTIAL: _of_classes(_in_balls(lambda s: _scores.mean_potential(s, MATHS))),
    sym.ALIGNMENT: _rational(lambda s: _scores.alignment(s, MATHS)),
    sym.REPULSION: _rational(lambda s: _scores.repulsion(s, MATHS)),
    sym.INPUT_SPREAD: _of_classes(_rational(lambda s: _scores.input_spread(s, MATHS))),
    sym.POSITIVE_TILT: _in_balls(lambda s: _scores.positive_tilt(s, MATHS)),
    sym.NEGATIVE_TILT: _in_balls(lambda s: _scores.negative_tilt(s, MATHS)),
    sym.CLASS_VARIANCE: _of_classes(_rational(lambda s: s.rho @ _scores.class_variances(s))),
    sym.WORST_CLASS_VARIANCE: _of_classes(_rational(lambda s: max(_scores.class_variances(s)))),
    sym.SQUARED_NORM: _rational(lambda s: max(s.norms)),
    sym.CLASS_JENSEN_GAP: _corners(lambda exact: _scores.class_corners(_classes.class_law(exact.problem))),
    sym.NEGATIVE_JENSEN_GAP: _corners(lambda exact: _scores.negative_corners(exact.problem.negatives)),
}
