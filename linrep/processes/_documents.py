"""Documents as bags of tokens."""

import abc
from typing import Any

import jax
import numpy as np
import scipy.sparse
import scipy.sparse.csgraph

from linrep._checks import InputError, generator, positive_int, require
from linrep._types import Matrix, dense, is_sparse
from linrep.processes._data import AbstractData, Atoms, check_listing, checked_prior, tabulate
from linrep.processes._finite import FiniteProcess

LARGEST_COUNT = 2**53
"""Counts below this are whole numbers in float64 too."""


class AbstractDocuments(AbstractData):
    """What token sampling and token dropping share: counts of tokens, one row a document.

    Source: theory P7 (ours).

    >>> import linrep as lr
    >>> lr.processes.TokenSampling([[2, 1], [0, 3]], length=2).lengths.tolist()
    [3, 3]
    """

    counts: Matrix
    lengths: np.ndarray
    _prior: np.ndarray
    _given_prior: np.ndarray

    def _keep(self, counts: Any, prior: Any) -> None:
        """Check and store what a caller passed."""
        owner = type(self).__name__
        table = checked_counts(counts, owner)
        law, given = checked_prior(prior, table.shape[0], owner)
        lengths = np.asarray(table.sum(axis=1)).ravel()
        empty = np.flatnonzero(lengths == 0)
        require(
            not empty.size,
            f"{owner}: document {empty[:1].tolist()} has no token of the vocabulary, but a view needs one; drop empty "
            "documents (and their labels).",
        )
        for name, value in (("counts", table), ("lengths", lengths), ("_prior", law), ("_given_prior", given)):
            object.__setattr__(self, name, value)

    @property
    def prior(self) -> np.ndarray:
        return self._prior

    @property
    def inputs(self) -> Matrix:
        """The counts, sparse if they were given so."""
        return self.counts

    @property
    def n_branches(self) -> int:
        return 1

    @property
    def has_finite_support(self) -> bool:
        return True

    def finite(self, levels: int = 8) -> FiniteProcess:
        """The process as tables, exact for exact parameters: all views of each document; nothing is discretised.

        Raises:
            InputError: more than 2^20 numbers in the views of all documents.
        """
        check_listing(self.support_size() * self.dim, type(self).__name__)
        return tabulate(self._given_prior, [self._atoms(i) for i in range(self.n_inputs)], dense(self.counts))

    @abc.abstractmethod
    def _atoms(self, i: int) -> Atoms:
        """The views of a document and their probabilities."""

    def _token_components(self) -> int:
        """Components of the graph of documents and their tokens."""
        table = scipy.sparse.csr_array(self.counts)
        graph = scipy.sparse.block_array([[None, table], [table.T, None]])
        _, names = scipy.sparse.csgraph.connected_components(graph, directed=False)
        return int(np.unique(names[: self.n_inputs]).size)

    def _row(self, i: int) -> tuple[np.ndarray, list[int]]:
        """The tokens of a document and their counts."""
        row = dense(self.counts[[i]])[0]
        place = np.flatnonzero(row)
        return place, row[place].tolist()

    def _view(self, place: np.ndarray, values: list[Any]) -> tuple[Any, ...]:
        view: list[Any] = [0] * self.dim
        for v, value in zip(place.tolist(), values, strict=True):
            view[v] = value
        return tuple(view)

    def _drawn(self, key: jax.Array, n: int) -> tuple[np.random.Generator, np.ndarray]:
        """A generator and the counts of `n` random documents, dense (n, V)."""
        rng, n = generator(key), positive_int(n, owner=f"{type(self).__name__}.sample_pairs", name="n")
        return rng, dense(self.counts[rng.choice(self.n_inputs, size=n, p=self.prior)])


def checked_counts(counts: Any, owner: str) -> Matrix:
    """Counts as a matrix of whole numbers of at least 0, (N, V), CSR if they were sparse."""
    try:
        table = scipy.sparse.csr_array(counts) if is_sparse(counts) else np.array(counts)
    except ValueError as error:
        raise InputError(f"{owner}: counts are no rectangular array ({error}); pass (N, V).") from error
    require(
        table.ndim == 2 and min(table.shape) >= 1,
        f"{owner}: counts have shape {table.shape}, but documents by tokens are needed; pass (N, V).",
    )
    require(table.dtype.kind in "iuf", f"{owner}: counts are of type {table.dtype}, not numbers; pass whole numbers.")
    entries = table.data if is_sparse(table) else table.ravel()
    odd = entries[~((entries >= 0) & (entries == np.floor(entries)) & (entries < LARGEST_COUNT))]
    require(
        not odd.size,
        f"{owner}: counts have the entry {odd[:1].tolist()}, but how often a token occurs is a whole number of at "
        "least 0 and below 2^53; pass such counts.",
    )
    found = table.astype(np.int64)
    if is_sparse(found):
        found.sum_duplicates()
        found.eliminate_zeros()
    return found
