"""Documents as bags of tokens; a view is a random part of a document."""

import itertools
import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import jax
import numpy as np

from linrep._checks import positive_int
from linrep._types import Matrix, Rational
from linrep.processes._data import Atoms, checked_keep
from linrep.processes._documents import AbstractDocuments
from linrep.processes._given import AbstractGiven
from linrep.processes._given_tokens import Multinomial, RelativeThinned, Thinned, relative


@dataclass(frozen=True, init=False, eq=False)
class TokenSampling(AbstractDocuments):
    """A view is the vector of relative counts of `length` tokens drawn with replacement from the document.

    Given a document with relative counts q, a view has mean q and covariance (diag q - q q^T) / length.

    Args:
        counts: (N, V) whole numbers, dense or scipy.sparse; how often each token occurs in each document.
        length: m >= 1, the tokens in a view.
        prior: (N,) law of the document, uniform by default; integers are weights.

    Raises:
        InputError: counts that are negative or not whole, an empty document, a length below 1, a prior that does not
            fit.

    Source: theory P7 (ours).

    >>> TokenSampling([[2, 2], [0, 4]], length=2).identification_error
    Fraction(1, 8)
    """

    counts: Matrix
    length: int
    lengths: np.ndarray = field(repr=False)
    _prior: np.ndarray = field(repr=False)
    _given_prior: np.ndarray = field(repr=False)

    def __init__(self, counts: Any, length: int, prior: Any = None) -> None:
        object.__setattr__(self, "length", positive_int(length, owner="TokenSampling", name="length"))
        self._keep(counts, prior)

    @property
    def disjoint(self) -> bool:
        """Whether no token occurs in two documents: a view may repeat any one token."""
        return self.n_components == self.n_inputs

    @property
    def n_components(self) -> int:
        """Components of the graph that joins documents to their tokens."""
        return self._token_components()

    def given(self, rows: slice, branch: int) -> AbstractGiven:
        """Multinomial laws of the documents among `rows`."""
        return Multinomial(relative(self.counts[rows], self.lengths[rows]), self.length)

    def support_size(self) -> int:
        """Multisets of `length` tokens of each document."""
        kinds = np.asarray((self.counts != 0).sum(axis=1)).ravel()
        return sum(math.comb(self.length + int(k) - 1, self.length) for k in kinds)

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent triples: counts of the document (n, V), relative counts of two views (n, V)."""
        rng, counts = self._drawn(key, n)
        law = counts / counts.sum(axis=1, keepdims=True)
        first, second = (rng.multinomial(self.length, law) / self.length for _ in range(2))
        return counts, first, second

    def _atoms(self, i: int) -> Atoms:
        place, counts = self._row(i)
        total, found = sum(counts), []
        for drawn in itertools.combinations_with_replacement(range(len(counts)), self.length):
            times = [drawn.count(t) for t in range(len(counts))]
            values = [Fraction(t, self.length) for t in times]
            found.append((self._view(place, values), Fraction(_ways(times, counts), total**self.length)))
        return found


@dataclass(frozen=True, init=False, eq=False)
class TokenDropping(AbstractDocuments):
    """A view keeps each token of the document independently with probability `keep`.

    With `relative=False` a view is counts / (keep n) of a document of n tokens: mean q, the document's relative counts,
    and covariance (1 - keep) / (keep n) diag q. With `relative=True` it is the relative counts of the M kept tokens,
    given that M >= 1: mean q and covariance E[(n - M) / (M (n - 1)) | M >= 1] (diag q - q q^T).

    Args:
        counts: (N, V) whole numbers, dense or scipy.sparse; how often each token occurs in each document.
        keep: rho in (0, 1]; an int or a Fraction keeps tables exact.
        relative: whether a view is divided by the number of tokens kept.
        prior: (N,) law of the document, uniform by default; integers are weights.

    Raises:
        InputError: counts that are negative or not whole, an empty document, `keep` outside (0, 1], a prior that does
            not fit.

    Source: theory P7 (ours).

    >>> TokenDropping([[1, 1], [0, 1]], keep=Fraction(1, 2)).disjoint
    False
    """

    counts: Matrix
    keep: Rational
    relative: bool
    lengths: np.ndarray = field(repr=False)
    _prior: np.ndarray = field(repr=False)
    _given_prior: np.ndarray = field(repr=False)

    def __init__(self, counts: Any, keep: Rational, *, relative: bool = False, prior: Any = None) -> None:
        object.__setattr__(self, "keep", checked_keep(keep, "TokenDropping"))
        object.__setattr__(self, "relative", bool(relative))
        self._keep(counts, prior)

    @property
    def disjoint(self) -> bool:
        """Whether different documents have no view in common: the empty view is common, a single token may be."""
        return self.n_components == self.n_inputs

    @property
    def n_components(self) -> int:
        """1 where every view may be empty; with relative counts, components of documents and tokens; without
        dropping, the different vectors of relative counts."""
        if self.keep == 1:
            return len({self._view(*self._relative_row(i)) for i in range(self.n_inputs)})
        return self._token_components() if self.relative else 1

    def given(self, rows: slice, branch: int) -> AbstractGiven:
        """Laws of thinned counts of the documents among `rows`."""
        law = RelativeThinned if self.relative else Thinned
        return law(self.counts[rows], self.lengths[rows], float(self.keep))

    def support_size(self) -> int:
        """Parts of each document."""
        if self.keep == 1:
            return self.n_inputs
        return sum(math.prod(c + 1 for c in self._row(i)[1]) for i in range(self.n_inputs))

    def sample_pairs(self, key: jax.Array, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """`n` independent triples: counts of the document (n, V), two views (n, V)."""
        rng, counts = self._drawn(key, n)
        first, second = (self._thin(rng, counts) for _ in range(2))
        return counts, first, second

    def _relative_row(self, i: int) -> tuple[np.ndarray, list[Fraction]]:
        place, counts = self._row(i)
        return place, [Fraction(c, sum(counts)) for c in counts]

    def _thin(self, rng: np.random.Generator, counts: np.ndarray) -> np.ndarray:
        kept = rng.binomial(counts, float(self.keep))
        if not self.relative:
            return kept / (float(self.keep) * counts.sum(axis=1, keepdims=True))
        while (empty := np.flatnonzero(kept.sum(axis=1) == 0)).size:  # views are conditioned on a token kept
            kept[empty] = rng.binomial(counts[empty], float(self.keep))
        return kept / kept.sum(axis=1, keepdims=True)

    def _atoms(self, i: int) -> Atoms:
        (place, counts), rho, found = self._row(i), self.keep, []
        n = sum(counts)
        possible = 1 - (1 - rho) ** n if self.relative else 1
        parts = [tuple(counts)] if rho == 1 else itertools.product(*(range(c + 1) for c in counts))
        for kept in parts:
            m = sum(kept)
            if self.relative and m == 0:
                continue
            ways = math.prod(math.comb(c, k) for c, k in zip(counts, kept, strict=True))
            size = Fraction(m) if self.relative else rho * n
            values = [k / size for k in kept]
            found.append((self._view(place, values), ways * rho**m * (1 - rho) ** (n - m) / possible))
        return found


def _ways(times: list[int], counts: list[int]) -> int:
    """Sequences of tokens with these multiplicities, drawn from a document with these counts."""
    orders = math.factorial(sum(times)) // math.prod(math.factorial(t) for t in times)
    return orders * math.prod(c**t for c, t in zip(counts, times, strict=True))
