"""Enclosures for guarantees on training sets."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np

from linrep import symbols as sym
from linrep.features import Affine, Linear
from linrep.processes import FiniteProcess, HypercubeFlip, HypercubeScaling
from linrep.quantities import Unavailable
from linrep.quantities._samples import cube_spread
from proofs_check.arithmetic import PRECISION, ball, enclosure, matrix, precision, rows_and_columns
from proofs_check.enclosures._exact import ExactProblem
from proofs_check.enclosures._spectral import Place, suboptimality
from proofs_check.verdict import Enclosure


def feature_spread(exact: ExactProblem) -> Fraction:
    """q = sup over views of phi.T Sigma^+ phi."""
    if isinstance(exact.problem.process, FiniteProcess):
        phi = rows_and_columns(matrix(exact.views.T), exact.spectrum.kept, None)
        table = phi.transpose() * exact.spectrum.solve(phi)
        entries = (table[i, i] for i in range(table.nrows()))
        return max(Fraction(int(v.p), int(v.q)) for v in entries)
    if not isinstance(exact.problem.features, (Linear, Affine)):
        raise Unavailable("sup phi.T Sigma^+ phi is known for linear and affine features of cubes only")
    spread = cube_spread(exact.problem.process)
    if not isinstance(spread, (int, Fraction)):
        raise Unavailable("the law of the scale is known in floats only")
    return Fraction(spread) + isinstance(exact.problem.features, Affine)


def deviation(exact: ExactProblem, place: Place) -> Enclosure:
    """eta, its logarithm and its root in balls."""
    sample = exact.problem.sample
    if sample is None:
        raise Unavailable("the problem has no training set; pass sample=Sample(size, failure)")
    if not isinstance(sample.failure, Fraction):
        raise Unavailable("the failure probability is a float; pass a Fraction")
    spread, rank = feature_spread(exact), exact.spectrum.rank
    with precision(PRECISION):
        level = ball(spread / sample.size) * ball(4 * rank / sample.failure).log()
        return enclosure((2 * level).sqrt() + 2 * level / 3)


def fluctuation(exact: ExactProblem, place: Place) -> Enclosure:
    """t on a cube, where the coordinates are the eigenvectors: rational but for one root and a logarithm."""
    sample = exact.problem.sample
    if sample is None or not isinstance(sample.failure, Fraction):
        raise Unavailable("the problem has no training set with an exact failure probability")
    variance, mean = gradient_variance(exact)
    with precision(PRECISION):
        level = ball(4 / sample.failure).log() / sample.size
        largest = 3 * ball(feature_spread(exact)) + ball(mean).sqrt()
        return enclosure((2 * ball(variance) * level).sqrt() + 2 * largest * level / 3)


def gradient_variance(exact: ExactProblem) -> tuple[Fraction, Fraction]:
    """v = E|N|_F^2, and |K - 2 G|_F^2; squares of the mean factors are rational where the factors are not."""
    if not isinstance(exact.problem.features, (Linear, Affine)):
        raise Unavailable("the variance of the gradient is rational for linear and affine features of cubes only")
    squares, mixed, fourth, shared = _cube_moments(exact.problem.process)
    if isinstance(exact.problem.features, Affine):
        squares, mixed, fourth = ([Fraction(1), *m] for m in (squares, mixed, fourth))
        shared = [False, *shared]
    order = sorted(range(len(squares)), key=lambda i: (-squares[i], i))[: exact.problem.dim]
    kept = [squares[i] if i in order else Fraction(0) for i in range(len(squares))]
    total = Fraction(0)
    for j in range(len(squares)):
        for k in range(len(squares)):
            same, weight = j == k or (shared[j] and shared[k]), kept[j] + kept[k]
            paired = Fraction(1) if same else squares[j] * squares[k]
            joint = fourth[k] if same else Fraction(1)
            cross = (mixed[k] + mixed[j]) if same else squares[k] + squares[j]
            total += (1 + paired) / 2 - weight * cross + weight**2 * (joint + paired) / 2
    mean = sum(((a - 2 * b) ** 2 for a, b in zip(squares, kept, strict=True)), Fraction(0))
    return total - mean, mean


def _cube_moments(process: object) -> tuple[list[Fraction], list[Fraction], list[Fraction], list[bool]]:
    """(E a)^2, E a E a^3 and E a^4 of the factor of each coordinate, E a^2 = 1, and whether it is the shared one."""
    if isinstance(process, HypercubeFlip):
        rho = [_rational(r) for r in np.broadcast_to(np.asarray(process.rho, dtype=object), (process.dim,))]
        return [r * r for r in rho], [r * r for r in rho], [Fraction(1)] * len(rho), [False] * len(rho)
    if not isinstance(process, HypercubeScaling):
        raise Unavailable(f"moments of {type(process).__name__} are not known in rational numbers")
    own, ones = [Fraction(1)] * process.relevant, process.spurious
    first, second, third, fourth = (_rational(process.scale.moment(k)) for k in (1, 2, 3, 4))
    if second == 0:
        return own, own, own, [False] * len(own)
    parts = (first * first / second, first * third / second**2, fourth / second**2)
    squares, mixed, joint = ([*own, *[part] * ones] for part in parts)
    return squares, mixed, joint, [*[False] * len(own), *[process.shared] * ones]


def _rational(value: object) -> Fraction:
    if not isinstance(value, (int, Fraction)):
        raise Unavailable("the law of the factors is known in floats only")
    return Fraction(value)


def excess(exact: ExactProblem, place: Place) -> Enclosure:
    """The suboptimality of the given W, which stands for the empirical minimiser of one training set."""
    if exact.weights is None:
        raise Unavailable("a quantile over random training sets: pass the empirical minimiser of one as weights")
    return suboptimality(exact, place)


ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    sym.SAMPLE_DEVIATION: deviation,
    sym.SAMPLE_FLUCTUATION: fluctuation,
    sym.SAMPLE_EXCESS: excess,
}
