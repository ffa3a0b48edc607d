"""Which eigenvalues a process has, as groups of independent coordinates: closed forms, tables and their products."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import scipy.linalg

from linrep._checks import InputError, require
from linrep._linalg import spectral_error
from linrep._types import Rational, dense
from linrep.processes._abstract import AbstractProcess
from linrep.processes._circle import Circle
from linrep.processes._finite import FiniteProcess
from linrep.processes._flip import HypercubeFlip
from linrep.processes._gaussian import GaussianNoise
from linrep.processes._modes import AbstractGroup, Alike, Fourier, Hermite
from linrep.processes._tabulated import AbstractTabulated

LARGEST_TABLE = 2**24
"""Most entries of a factor's normalized channel that is decomposed densely."""


@dataclass(frozen=True, eq=False)
class Grouping:
    """Groups of coordinates, the coordinates of each, (width,), the factors, and the first coordinate of each."""

    groups: tuple[AbstractGroup, ...]
    coordinates: tuple[np.ndarray, ...]
    factors: tuple[AbstractProcess, ...]
    offsets: tuple[int, ...]

    @property
    def width(self) -> int:
        """Number of coordinates of a multi-index."""
        return sum(group.width for group in self.groups)

    @property
    def exact(self) -> bool:
        """Whether every eigenvalue is a product of Fractions."""
        return all(group.exact for group in self.groups)


def grouping(process: AbstractProcess, factors: tuple[AbstractProcess, ...] | None = None) -> Grouping:
    """The groups of a process, or of the product of `factors`; those of slowly falling eigenvalues first.

    Raises:
        InputError: a process whose eigenvalues are not known in closed form and that is no table.
    """
    alike: dict[AbstractGroup, list[np.ndarray]] = {}
    offset, offsets = 0, []
    tables: dict[int, list[AbstractGroup]] = {}
    factors = (process,) if factors is None else factors
    for factor in factors:
        offsets.append(offset)
        if id(factor) not in tables:
            tables[id(factor)] = _coordinates(factor)
        for group in tables[id(factor)]:
            alike.setdefault(group, []).append(np.arange(offset, offset + group.width))
            offset += group.width
    joined = [(_joined(group, len(places)), np.concatenate(places)) for group, places in alike.items()]
    ranked = sorted(joined, key=lambda pair: -_second(pair[0]))
    groups, coordinates = tuple(group for group, _ in ranked), tuple(places for _, places in ranked)
    return Grouping(groups, coordinates, factors, tuple(offsets))


def _second(group: AbstractGroup) -> float:
    values = [float(v) for v in group.generators if v != 1]
    return max(values, default=0.0)


def _joined(group: AbstractGroup, copies: int) -> AbstractGroup:
    if copies == 1:
        return group
    if isinstance(group, Alike):
        return Alike(group.modes, copies * group.width, group.total, group.error)
    if isinstance(group, Hermite):
        return Hermite(group.square, copies * group.width)
    raise InputError(
        "ProductProcess: two circles of equal noise would need a joint list of modes; give them different noise."
    )


def _coordinates(process: AbstractProcess) -> list[AbstractGroup]:
    """The coordinates of one factor in order; those alike have equal groups."""
    if isinstance(process, HypercubeFlip):
        squares = [r * r for r in process.rhos]
        return [Alike((square,) if square else (), 1, 2) for square in squares]
    if isinstance(process, (GaussianNoise, Circle)):
        require(
            not process.disjoint,
            f"{type(process).__name__}: without noise 1 is an eigenvalue infinitely often, so that no list of "
            "eigenfunctions begins; add noise.",
        )
    if isinstance(process, GaussianNoise):
        return [Hermite(process.rho**2, process.dim)]
    if isinstance(process, Circle):
        return [Fourier(process.noise)]
    if isinstance(process, AbstractTabulated):
        return [_table(process.finite())]
    if isinstance(process, FiniteProcess):
        return [_table(process)]
    raise InputError(
        f"solve: {type(process).__name__} has no list of eigenvalues for the unrestricted class; use its finite(), or "
        "moments of a feature map."
    )


def _table(process: FiniteProcess) -> Alike:
    exact = _two_point(process)
    if exact is not None:
        return Alike((exact,) if exact else (), 1, process.n_views)
    values, _, error = singular_modes(process)
    return Alike(tuple(values[1:].tolist()), 1, process.n_views, error)


def singular_modes(process: FiniteProcess) -> tuple[np.ndarray, np.ndarray, float]:
    """Positive eigenvalues, descending, their left singular vectors (n_bar, modes), the constant first, and the error.

    The eigenvalue 1 belongs to the components, the first mode to the constant, exactly.
    """
    entries = process.n_inputs * process.n_views
    require(
        entries <= LARGEST_TABLE,
        f"solve: a factor has a table of {entries} entries, but at most {LARGEST_TABLE} are decomposed densely; use "
        "smaller factors, or the sparse route for a single process.",
    )
    constant = np.sqrt(process.prior)
    table = dense(process.normalized) - np.outer(constant, np.sqrt(process.marginal))
    left, values, _ = scipy.linalg.svd(table, full_matrices=False, check_finite=False)
    error = spectral_error(max(table.shape), 1.0)
    values = values**2
    kept = values > error
    values = np.minimum(values[kept], 1.0)
    values[: process.n_components - 1] = 1.0
    return np.concatenate([[1.0], values]), np.column_stack([constant, left[:, kept]]), error


def _two_point(process: FiniteProcess) -> Rational | None:
    """The one eigenvalue besides 1 of an exact process with two inputs or two views: the trace of K, less 1."""
    if process.weights is None or min(process.n_inputs, process.n_views) != 2:
        return None
    prior, channel = process.weights.prior_fractions(), process.weights.channel_fractions()
    marginal = prior @ channel
    return Fraction((prior[:, None] * channel * channel / marginal).sum()) - 1
