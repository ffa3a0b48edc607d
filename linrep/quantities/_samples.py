"""How far the moments of a training set stray from those of the population."""

import math
from typing import NamedTuple

import numpy as np

from linrep import symbols as sym
from linrep._linalg import EPS
from linrep._types import dense
from linrep.features import Affine, Linear
from linrep.problems import Problem, Sample
from linrep.processes import Discrete, FiniteProcess, HypercubeFlip, HypercubeScaling, Uniform
from linrep.quantities._labels import view_values
from linrep.quantities._measure import Grid, Measured, Unavailable
from linrep.quantities._spectral import suboptimality


def feature_spread(problem: Problem) -> Measured:
    """q = sup over views of phi.T Sigma^+ phi."""
    spectrum = problem.solution.spectrum
    if isinstance(problem.process, FiniteProcess):
        if problem.unrestricted:
            lightest = float(problem.process.marginal.min())
            return Measured(1 / lightest, problem.process.n_inputs * EPS / lightest)
        whitened = view_values(problem, np.asarray(spectrum.basis))
        value = float(np.max(np.sum(whitened**2, axis=1), initial=0.0))
        return Measured(value, 4 * spectrum.error * value)
    if not isinstance(problem.features, (Linear, Affine)):
        raise Unavailable(f"sup phi.T Sigma^+ phi is not known for {problem.features.name} features of this process")
    constant = float(isinstance(problem.features, Affine))
    value = constant + float(cube_spread(problem.process))
    return Measured(value, 8 * EPS * value)


def cube_spread(process: object):
    """The same for the coordinates of a cube: 1 for each sign, (sup tau)^2 / E tau^2 for each rescaled one."""
    if isinstance(process, HypercubeFlip):
        return process.dim
    if not isinstance(process, HypercubeScaling):
        raise Unavailable(f"sup phi.T Sigma^+ phi is not known for {type(process).__name__}")
    if process.spurious == 0 or process.scale.moment(2) == 0:
        return process.relevant
    if not isinstance(process.scale, (Uniform, Discrete)):
        raise Unavailable(f"the largest scale of {type(process.scale).__name__} is not known")
    largest = process.scale.high if isinstance(process.scale, Uniform) else max(process.scale.values)
    return process.relevant + process.spurious * largest**2 / process.scale.moment(2)


def deviation(spread: float, rank: int, sample: Sample) -> float:
    """eta = sqrt(2 q u / n) + 2 q u / (3 n), u = log(4 R / delta)."""
    level = spread * math.log(4 * rank / float(sample.failure)) / sample.size
    return math.sqrt(2 * level) + 2 * level / 3


def sample_deviation(problem: Problem, grid: Grid) -> Measured:
    """eta of the problem's training set."""
    if problem.sample is None:
        raise Unavailable("the problem has no training set; pass sample=Sample(size, failure)")
    spread, rank = feature_spread(problem), problem.solution.spectrum.rank
    value = deviation(float(spread.value), rank, problem.sample)
    return Measured(value, value * (float(spread.error) / float(spread.value) + 16 * EPS))


def gradient_variance(problem: Problem) -> tuple[float, float]:
    """v = E|N|_F^2 and a bound b of |N|_F, N = Y - X G - G X less its mean K - 2 G, at the minimiser G of a gap.

    Whitened, z and z+ the two views: Y = (z z+.T + z+ z.T) / 2, X = (z z.T + z+ z+.T) / 2, G = K cut off at d.
    """
    fourth, kappa = _whitened_fourth(problem)
    kept = np.where(np.argsort(np.argsort(-kappa, kind="stable")) < problem.dim, kappa, 0.0)
    weight = kept[:, None] + kept[None, :]
    both = fourth.apart + fourth.paired
    terms = both / 2 - weight * (fourth.mixed + fourth.mixed.T) + weight**2 * (fourth.joint + fourth.paired) / 2
    mean = float(np.sum((kappa - 2 * kept) ** 2))
    spread = float(feature_spread(problem).value)
    return max(float(terms.sum()) - mean, 0.0), 3 * spread + math.sqrt(mean)


class Fourth(NamedTuple):
    """Fourth moments of the whitened features of a positive pair, each (R, R): E z_j^2 z+_k^2, E z_j z_k z+_j z+_k,
    E z_j^2 z_k z+_k and E z_j^2 z_k^2."""

    apart: np.ndarray
    paired: np.ndarray
    mixed: np.ndarray
    joint: np.ndarray


def _whitened_fourth(problem: Problem) -> tuple[Fourth, np.ndarray]:
    """The fourth moments in an eigenbasis of K, and its eigenvalues."""
    if not isinstance(problem.process, FiniteProcess):
        return _cube_fourth(problem)
    process, found = problem.process, problem.solution.spectrum
    channel, values = dense(process.channel), view_values(problem, np.asarray(found.basis))
    squares, means = values**2, channel @ values
    seen = channel @ squares
    paired = sum(p * (values.T @ (row[:, None] * values)) ** 2 for p, row in zip(process.prior, channel, strict=True))
    mixed = np.einsum("i,ix,xj,xk,ik->jk", process.prior, channel, squares, values, means, optimize=True)
    joint = squares.T @ (process.marginal[:, None] * squares)
    return Fourth(seen.T @ (process.prior[:, None] * seen), np.asarray(paired), mixed, joint), found.values


def _cube_fourth(problem: Problem) -> tuple[Fourth, np.ndarray]:
    """Coordinates of a cube times factors that are independent of their signs: only moments of the factors remain."""
    if not isinstance(problem.features, (Linear, Affine)):
        raise Unavailable(f"fourth moments of {problem.features.name} features of this process are not known")
    first, third, fourth, shared = _factors(problem.process)
    if isinstance(problem.features, Affine):
        first, third, fourth = (np.concatenate([[1.0], m]) for m in (first, third, fourth))
        shared = np.pad(shared, ((1, 0), (1, 0)))
    one = np.ones((first.size, first.size))
    same = shared | np.eye(first.size, dtype=bool)
    pair = np.where(same, one, np.outer(first, first))  # E a_j a_k
    mixed = np.where(same, third[None, :], first[None, :]) * first[None, :]  # E a_j^2 a_k E a_k
    return Fourth(one, pair**2, mixed, np.where(same, fourth[None, :], one)), first**2


def _factors(process: object) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """E a, E a^3 and E a^4 of the factor of each coordinate, E a^2 = 1, and which coordinates share theirs."""
    if isinstance(process, HypercubeFlip):
        rho = np.broadcast_to(np.asarray(process.rho, dtype=np.float64), (process.dim,))
        return rho, rho, np.ones_like(rho), np.zeros((rho.size, rho.size), dtype=bool)
    if not isinstance(process, HypercubeScaling):
        raise Unavailable(f"fourth moments of {type(process).__name__} are not known")
    size = float(process.scale.moment(2))
    count = process.spurious if size > 0 else 0
    order = {k: float(process.scale.moment(k)) / size ** (k / 2) if count else 1.0 for k in (1, 3, 4)}
    parts = [np.concatenate([np.ones(process.relevant), np.full(count, order[k])]) for k in (1, 3, 4)]
    spurious = np.arange(parts[0].size) >= process.relevant
    return parts[0], parts[1], parts[2], np.outer(spurious, spurious) & process.shared


def fluctuation(variance: float, largest: float, sample: Sample) -> float:
    """t = sqrt(2 v u / n) + 2 b u / (3 n), u = log(4 / delta)."""
    level = math.log(4 / float(sample.failure)) / sample.size
    return math.sqrt(2 * variance * level) + 2 * largest * level / 3


def sample_fluctuation(problem: Problem, grid: Grid) -> Measured:
    """t of the problem's training set."""
    if problem.sample is None:
        raise Unavailable("the problem has no training set; pass sample=Sample(size, failure)")
    variance, largest = gradient_variance(problem)
    value = fluctuation(variance, largest, problem.sample)
    # v is a difference of sums of R^2 terms that carry the error of the whitening.
    error = 16 * problem.solution.spectrum.error * largest**2 * math.log(4 / float(problem.sample.failure))
    return Measured(value, math.sqrt(error / problem.sample.size))


def sample_excess(problem: Problem, grid: Grid) -> Measured:
    """The suboptimality of the given W, which stands for the empirical minimiser of one training set."""
    if problem.weights is None:
        raise Unavailable(
            "a quantile over random training sets: pass the empirical minimiser of one as weights, or estimate the "
            "quantile by linrep.samples.simulated_excess"
        )
    return suboptimality(problem, grid)


EVALUATORS = {
    sym.SAMPLE_DEVIATION: sample_deviation,
    sym.SAMPLE_FLUCTUATION: sample_fluctuation,
    sym.SAMPLE_EXCESS: sample_excess,
}
