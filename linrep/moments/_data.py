"""Moments of processes on a data set: sums over inputs of what is known in closed form given the input."""

import abc
import math
from collections import Counter
from collections.abc import Iterator

import numpy as np
import scipy.sparse

from linrep._checks import require
from linrep._types import Matrix, dense, is_sparse
from linrep.features import AbstractFeatures, Affine, Linear, Polynomial, RandomFourier
from linrep.labels import AbstractLabel, Table
from linrep.moments._monomials import Monomials, monomials
from linrep.moments._types import Moments, finite_or_refused
from linrep.processes._data import AbstractData
from linrep.processes._given import AbstractGiven
from linrep.processes._given_tokens import weighted_gram

LARGEST_DIM = 8192
"""Most features of which dense (D, D) moments are formed: half a gigabyte each."""

LARGEST_MONOMIALS = 512
"""Most monomials whose products are listed: D^2 / 2 of them."""

CHUNK = 2**22
"""Numbers in the largest temporary table of a chunk of inputs: 32 megabytes of float64."""


def data_moments(process: AbstractData, features: AbstractFeatures, label: AbstractLabel | None) -> Moments | None:
    """The moments of linear, affine, polynomial and random Fourier features on a data set; None for other features.

    With mu(input) = E[phi | input]: Sigma = E[E[phi phi^T | input]], Sigma_bar = E[mu mu^T], b = E[mu y].

    Source: theory P7 and P8 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.PixelNoise([[1.0], [3.0]], sigma=2)
    >>> m = data_moments(p, lr.features.Linear(), None)
    >>> m.sigma.tolist(), m.sigma_bar.tolist()
    ([[9.0]], [[5.0]])
    """
    engine = _engine(features, process.dim)
    if engine is None:
        return None
    targets = None if label is None else _targets(label, process)
    sigma, sigma_bar = np.zeros((engine.count,) * 2), np.zeros((engine.count,) * 2)
    mean = np.zeros(engine.count)
    columns = None if targets is None else targets.reshape(process.n_inputs, -1)
    cross = np.zeros((engine.count, 0 if columns is None else columns.shape[1]))
    for rows in _chunks(process, engine):
        weights, laws = process.prior[rows], [process.given(rows, k) for k in range(process.n_branches)]
        average = sum((engine.means(law) for law in laws[1:]), start=engine.means(laws[0])) / len(laws)
        for law in laws:
            sigma += engine.second(law, weights / len(laws))
        sigma_bar += weighted_gram(average, weights)
        mean += np.asarray(average.T @ weights).ravel()
        if columns is not None:
            cross += np.asarray(average.T @ (weights[:, None] * columns[rows]))
    return _finished(process, (sigma, sigma_bar, mean, cross), targets)


class AbstractEngine(abc.ABC):
    """First and second moments of features given each input."""

    count: int
    per_input: int
    """Numbers formed for one input."""

    @abc.abstractmethod
    def means(self, law: AbstractGiven) -> Matrix:
        """E[phi | input], (n, D)."""

    @abc.abstractmethod
    def second(self, law: AbstractGiven, weights: np.ndarray) -> np.ndarray:
        """sum_i w_i E[phi phi^T | input i], (D, D)."""


class LinearEngine(AbstractEngine):
    """phi = x, or (1, x)."""

    def __init__(self, dim: int, *, affine: bool) -> None:
        self.affine, self.count = affine, dim + affine
        self.per_input = dim

    def means(self, law: AbstractGiven) -> Matrix:
        if not self.affine:
            return law.means
        ones = np.ones((law.means.shape[0], 1))
        if is_sparse(law.means):
            return scipy.sparse.csr_array(scipy.sparse.hstack([ones, law.means]))
        return np.concatenate([ones, law.means], axis=1)

    def second(self, law: AbstractGiven, weights: np.ndarray) -> np.ndarray:
        return weighted_gram(self.means(law), weights) + np.pad(law.covariance(weights), ((int(self.affine), 0),) * 2)


class MonomialEngine(AbstractEngine):
    """phi = monomials; products of two are monomials again, each computed once."""

    def __init__(self, names: Monomials) -> None:
        self.names, self.count = names, names.count
        factors = [_factors(run, power) for run, power in zip(names.runs, names.powers, strict=True)]
        place: dict[tuple[int, ...], int] = {}
        pairs = [place.setdefault(tuple(sorted(a + b)), len(place)) for a in factors for b in factors]
        self.pairs = np.array(pairs).reshape(self.count, self.count)
        self.runs, self.powers = _runs(list(place), 2 * names.degree)
        self.per_input = (2 * names.degree + 1) ** 2 * max(len(place), names.dim)

    def means(self, law: AbstractGiven) -> np.ndarray:
        return law.expectations(self.names.runs, self.names.powers)

    def second(self, law: AbstractGiven, weights: np.ndarray) -> np.ndarray:
        return (weights @ law.expectations(self.runs, self.powers))[self.pairs]


class FourierEngine(AbstractEngine):
    """phi_j = sqrt(2 / D) cos(omega_j . x + u_j), and cos a cos b = (cos(a - b) + cos(a + b)) / 2."""

    def __init__(self, features: RandomFourier, dim: int) -> None:
        self.omega, self.phase = features.frequencies(dim)
        self.count = features.count
        self.per_input = 4 * max(self.count, dim)

    def means(self, law: AbstractGiven) -> np.ndarray:
        return math.sqrt(2 / self.count) * np.real(law.characters(self.omega) * np.exp(1j * self.phase))

    def second(self, law: AbstractGiven, weights: np.ndarray) -> np.ndarray:
        away, along = law.character_sums(self.omega, weights)
        turn = np.exp(1j * self.phase)
        total = np.real(np.outer(turn, turn.conj()) * away + np.outer(turn, turn) * along) / self.count
        return (total + total.T) / 2  # entries (j, k) and (k, j) are computed separately


def _engine(features: AbstractFeatures, dim: int) -> AbstractEngine | None:
    if isinstance(features, (Linear, Affine)):
        engine: AbstractEngine = LinearEngine(dim, affine=isinstance(features, Affine))
    elif isinstance(features, Polynomial) and features.degree > 1:
        _check_dim(features.dim(dim), LARGEST_MONOMIALS, features)
        names = monomials(features, dim)
        assert names is not None
        engine = MonomialEngine(names)
    elif isinstance(features, Polynomial):
        engine = LinearEngine(dim, affine=True)
    elif isinstance(features, RandomFourier):
        engine = FourierEngine(features, dim)
    else:
        return None
    _check_dim(engine.count, LARGEST_DIM, features)
    return engine


def _check_dim(count: int, most: int, features: AbstractFeatures) -> None:
    require(
        count <= most,
        f"moments.population: {features.name} has {count} features on this data set, but dense moments of at most "
        f"{most} are formed; use a smaller vocabulary, reduced pixels, or a lower degree.",
    )


def _factors(run: np.ndarray, power: np.ndarray) -> tuple[int, ...]:
    """The coordinates of a monomial, each as often as its power says."""
    return tuple(np.repeat(np.maximum(run, 0), power).tolist())


def _runs(names: list[tuple[int, ...]], width: int) -> tuple[np.ndarray, np.ndarray]:
    """Different coordinates and their powers, (K, width) each, -1 and 0 beyond the last."""
    runs, powers = np.full((len(names), width), -1), np.zeros((len(names), width), dtype=np.int64)
    for place, name in enumerate(names):
        for column, (coordinate, power) in enumerate(Counter(name).items()):
            runs[place, column], powers[place, column] = coordinate, power
    return runs, powers


def _chunks(process: AbstractData, engine: AbstractEngine) -> Iterator[slice]:
    """Slices of the inputs, so that no temporary table is larger than `CHUNK` numbers; all inputs if they are sparse
    and stay so."""
    size = max(1, CHUNK // engine.per_input)
    if isinstance(engine, LinearEngine) and is_sparse(process.inputs):
        size = process.n_inputs
    return (slice(start, start + size) for start in range(0, process.n_inputs, size))


def _targets(label: AbstractLabel, process: AbstractData) -> np.ndarray:
    """The label of each input; sparse inputs are written out in chunks."""
    if isinstance(label, Table) or not is_sparse(process.inputs):
        return label.targets(process.inputs)
    size = max(1, CHUNK // process.dim)
    starts = range(0, process.n_inputs, size)
    return np.concatenate([label.targets(dense(process.inputs[start : start + size])) for start in starts])


def _finished(process: AbstractData, sums: tuple[np.ndarray, ...], targets: np.ndarray | None) -> Moments:
    sigma, sigma_bar, mean, cross = sums
    if targets is None:
        found = Moments(sigma, sigma_bar, None, None, mean, None)
    else:
        square = float(process.prior @ (targets.reshape(process.n_inputs, -1) ** 2).sum(axis=1))
        label_mean = process.prior @ targets
        side = (cross[:, 0], float(label_mean)) if targets.ndim == 1 else (cross, label_mean)
        found = Moments(sigma, sigma_bar, side[0], square, mean, side[1])
    return finite_or_refused(found, "moments.population")
