"""Minimisers of the spectral contrastive loss in closed form, ties included."""

import functools
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from jaxtyping import Float

from linrep._checks import InputError, positive_int, require
from linrep._types import Readout
from linrep.moments import RationalMoments, StructuredMoments
from linrep.moments._types import AnyMoments
from linrep.solutions._exact import exact_spectrum
from linrep.solutions._ranges import Energy, RiskRange, Tie
from linrep.solutions._spectrum import Spectrum, block_spectrum, factor_spectrum, gram_spectrum

LARGEST_FACTOR = 2**26
"""Most entries of a square-root factor that is decomposed; larger ones go through the (D, D) moments."""

SPARSE_ENOUGH = 1 / 8
"""Moments with at most this share of non-zero entries are examined for unconnected groups of features."""


@dataclass(frozen=True, eq=False)
class Solution:
    """All minimisers, over W of shape (D, d), of L_spec(W.T phi) + 2 rho |W|_F^2.

    Attributes:
        spectrum: the eigenpairs of K (of K - rho Sigma^{-1} with weight decay rho).
        dim: d.
        tied: half-open range of positions, counted from 0, of the eigenvalues equal to the d-th one.

    Source: Eckart–Young; theory I2, I4, I9.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> s = lr.solve(lr.moments.population(p, lr.features.Affine()), dim=10)
    >>> s.loss, s.tie
    (-10.0, Tie(size=11, kept=10, value=1.0))
    """

    spectrum: Spectrum
    dim: int
    tied: tuple[int, int]

    @property
    def eigenvalues(self) -> Float[np.ndarray, " R"]:
        """All eigenvalues on the range of Sigma, descending."""
        return self.spectrum.values

    @property
    def rank(self) -> int:
        """Rank of Sigma."""
        return self.spectrum.rank

    @property
    def kept(self) -> Float[np.ndarray, " d"]:
        """The d eigenvalues that a minimiser keeps; negative ones (weight decay) and those beyond the rank count as
        0."""
        head = np.maximum(self.spectrum.values[: self.dim], 0.0)
        return np.concatenate([head, np.zeros(self.dim - head.size)])

    @functools.cached_property
    def loss(self) -> float:
        """The minimum of the objective, -sum of the squares of the kept eigenvalues."""
        return -float(np.sum(self.kept**2))

    @property
    def gap(self) -> float:
        """kappa_d - kappa_{d+1}, 0 in a tie."""
        if self.tie is not None:
            return 0.0
        return max(self.spectrum.kappa(self.dim), 0.0) - max(self.spectrum.kappa(self.dim + 1), 0.0)

    @property
    def tie(self) -> Tie | None:
        """The tie at the cut, or None where the span of the minimisers is unique."""
        start, stop = self.tied
        value = self.spectrum.kappa(self.dim)
        if value <= self.spectrum.error or stop <= self.dim:
            return None
        return Tie(stop - start, self.dim - start, value)

    @functools.cached_property
    def weights(self) -> Float[np.ndarray, "D d"]:
        """One minimiser W = Sigma^{-1/2} V_d diag(sqrt kappa): columns by descending eigenvalue, the entry of largest
        modulus
        of each positive, zero columns beyond the positive eigenvalues."""
        columns = self.spectrum.columns(min(self.dim, self.rank))
        padded = np.zeros((columns.shape[0], self.dim))
        padded[:, : columns.shape[1]] = columns
        return padded * np.sqrt(self.kept)

    def risk_range(self, readout: Readout) -> RiskRange:
        """(lowest, average, highest) regression risk, without intercept, over all minimisers.

        Args:
            readout: "augmented" (predict from one view) or "mean" (from the mean over views).

        Raises:
            InputError: moments without labels; an unknown readout; the mean readout with weight decay, for which no
                closed form is known.

        Source: theory I3, I4 (ours for several outputs).
        """
        return RiskRange(*(self._risk(readout, *energy) for energy in self.kept_energy(self._seen(readout))))

    def kept_energy(self, seen: Float[np.ndarray, "R r"]) -> tuple[Energy, Energy, Energy]:
        """How much of the squares of `seen`, coordinates in the eigenbasis, minimisers keep: most, on average, least.

        In a tie the kept places go to any subspace of the tied group: its largest, average and smallest energies count.
        """
        start, stop = self.tied if self.tie is not None else (self.dim, self.dim)
        stop = min(stop, seen.shape[0])
        energies = np.zeros(stop - start if self.tie is not None else 0)
        tied = np.sort(np.linalg.eigvalsh(seen[start:stop].T @ seen[start:stop]))[::-1][: energies.size]
        energies[: tied.size] = np.maximum(tied, 0.0)
        places = self.dim - start
        fixed, beyond = float(np.sum(seen[:start] ** 2)), float(np.sum(seen[max(stop, self.dim) :] ** 2))
        total = float(energies.sum())
        most, least = float(energies[:places].sum()), float(energies[max(energies.size - places, 0) :].sum())
        average = total * places / energies.size if energies.size else 0.0
        return tuple(Energy(fixed + taken, beyond + total - taken) for taken in (most, average, least))  # pyright: ignore[reportReturnType]

    def _seen(self, readout: Readout) -> np.ndarray:
        """The label's coordinates whose squares a readout captures, (R, r)."""
        require(
            readout in ("augmented", "mean"),
            f"risk_range: readout is {readout!r}, but it must be 'augmented' or 'mean'; choose one of them.",
        )
        if self.spectrum.label_sq is None:
            raise InputError(
                "risk_range: the moments were computed without labels, but a risk needs them; pass `labels` to "
                "moments.population."
            )
        if readout == "augmented":
            seen = self.spectrum.cross.copy()
        elif self.spectrum.shift == 0:
            seen = self.spectrum.means.copy()
        else:
            raise InputError(
                "risk_range: the mean readout with weight decay has no closed form over all minimisers; use "
                "risks.regression with `weights`."
            )
        if self.spectrum.shift:
            seen[self.spectrum.values <= 0] = 0.0
        return seen

    def _risk(self, readout: Readout, captured: float, missed: float) -> float:
        """The best risk plus what the dimension misses where the best risk is known, else E label^2 less what is
        captured."""
        spectrum = self.spectrum
        assert spectrum.label_sq is not None
        if spectrum.best_mean is None:
            return spectrum.label_sq - captured
        floor = spectrum.best_mean
        if readout == "augmented":
            floor += float(np.sum((1 - spectrum.values)[:, None] * spectrum.means**2))
        return floor + missed


def spectrum(moments: AnyMoments, *, weight_decay: float = 0.0, count: int | None = None) -> Spectrum:
    """Eigenpairs of K = Sigma^{-1/2} Sigma_bar Sigma^{-1/2} (less weight_decay Sigma^{-1}) on the range of Sigma.

    Args:
        moments: Sigma, Sigma_bar and perhaps labels.
        weight_decay: rho >= 0.
        count: compute only this many of the largest eigenpairs, by the dense route; default all.

    Raises:
        InputError: eigenvalues outside [0, 1] beyond their error: the moments are not those of a process.

    Source: theory I1, I9. Routes: square-root factors where the moments carry them, unconnected groups of features one
    by
    one, else the dense pencil.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=4, relevant=2, scale=lr.processes.Uniform(0, 1))
    >>> spectrum(lr.moments.population(p, lr.features.Linear())).values.tolist()
    [1.0, 1.0, 0.75, 0.75]
    """
    require(
        weight_decay >= 0, f"solve: weight_decay is {weight_decay!r}, but it must be at least 0; pass such a number."
    )
    if isinstance(moments, RationalMoments):
        moments = moments.rounded()
    if isinstance(moments, StructuredMoments):
        return block_spectrum(moments, moments.sigma_sparse, moments.sigma_bar_sparse, shift=weight_decay)
    factors = moments.factors
    if factors is not None and not weight_decay and count is None and factors.views.size <= LARGEST_FACTOR:
        return factor_spectrum(moments, factors)
    filled = np.count_nonzero(moments.sigma) + np.count_nonzero(moments.sigma_bar)
    if filled <= max(SPARSE_ENOUGH * moments.dim, 2) * moments.dim and not (factors is not None and weight_decay):
        sparse = (scipy.sparse.csr_array(m) for m in (moments.sigma, moments.sigma_bar))
        return block_spectrum(moments, *sparse, shift=weight_decay)
    return gram_spectrum(moments, shift=weight_decay, count=count)


def solve_moments(moments: AnyMoments, *, dim: int, weight_decay: float = 0.0, count: int | None = None) -> Solution:
    """What `solve` does with moments."""
    dim = positive_int(dim, owner="solve", name="dim")
    if count is not None:
        require(
            count > dim,
            f"solve: count is {count}, but at least dim + 1 = {dim + 1} eigenpairs show whether there is a tie; ask "
            "for more.",
        )
    found = spectrum(moments, weight_decay=weight_decay, count=count)
    if isinstance(moments, RationalMoments) and not weight_decay and dim <= found.rank:
        exact = exact_spectrum(moments).tie(dim)
        return Solution(found, dim, (dim, dim) if exact is None else (dim - exact[1], dim - exact[1] + exact[0]))
    return minimisers(found, dim=dim)


def minimisers(found: Spectrum, *, dim: int) -> Solution:
    """All minimisers at one more dimension, from a spectrum that is known already; ties are decided within its error.

    Args:
        found: from `spectrum`.
        dim: d >= 1.

    Raises:
        InputError: d below 1, or a tie that a partial spectrum cuts through.

    Source: theory I2.

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> found = spectrum(lr.moments.population(p, lr.features.Affine()))
    >>> [minimisers(found, dim=d).loss for d in (10, 11)]
    [-10.0, -11.0]
    """
    dim = positive_int(dim, owner="minimisers", name="dim")
    return Solution(found, dim, _tied_group(found, dim))


def _tied_group(found: Spectrum, dim: int) -> tuple[int, int]:
    """Positions whose eigenvalues equal the d-th one within the errors of both."""
    if dim > found.rank:
        return dim, dim
    near = np.flatnonzero(np.abs(found.values - found.values[dim - 1]) <= 2 * found.error)
    start, stop = int(near[0]), int(near[-1]) + 1
    cut_through = not found.complete and stop == found.rank and stop > dim and found.values[dim - 1] > found.error
    require(
        not cut_through,
        f"solve: {stop - start} computed eigenvalues tie with number {dim} and there may be more; raise `count` above "
        f"{found.rank}.",
    )
    return start, stop
