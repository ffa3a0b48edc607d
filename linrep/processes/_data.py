"""Processes on a data set: the inputs are listed, and the law of a view given an input is known in closed form."""

import abc
import functools
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from jaxtyping import Float

from linrep._checks import InputError, require
from linrep._types import Matrix, Rational
from linrep.processes._abstract import AbstractProcess
from linrep.processes._finite import FiniteProcess
from linrep.processes._given import AbstractGiven
from linrep.processes._laws import number, probabilities
from linrep.processes._signs import LARGEST_SUPPORT, channel_table, exact_values, integer_weights, shown

Atoms = Sequence[tuple[tuple[Any, ...], Rational]]
"""Views of an input and their probabilities; a view may be listed twice."""


class AbstractData(AbstractProcess):
    """A data set and an augmentation of it whose moments are exact sums over the data set, never over views.

    Source: theory P7 and P8 (ours).

    >>> import linrep as lr
    >>> isinstance(lr.processes.PixelNoise([[0.0, 1.0]], sigma=1), AbstractData)
    True
    """

    @property
    @abc.abstractmethod
    def prior(self) -> Float[np.ndarray, " N"]:
        """Law of the input, positive, (N,)."""

    @property
    @abc.abstractmethod
    def inputs(self) -> Matrix:
        """Values of the inputs, (N, m)."""

    @property
    @abc.abstractmethod
    def n_branches(self) -> int:
        """How many equally likely alternatives, such as shifts, an input's view has before independent noise."""

    @abc.abstractmethod
    def given(self, rows: slice, branch: int) -> AbstractGiven:
        """The laws of a view given each input among `rows` and one branch."""

    @abc.abstractmethod
    def support_size(self) -> int:
        """Upper bound on the (input, view) pairs that `finite` lists, for continuous laws with one atom each."""

    @property
    def dim(self) -> int:
        """m, the number of coordinates of a view."""
        return self.inputs.shape[1]

    @property
    def n_inputs(self) -> int:
        """N, the size of the data set."""
        return self.inputs.shape[0]

    @property
    def uniform(self) -> bool:
        return bool(np.all(self.prior == self.prior[0]))

    @property
    def identification_error(self) -> Rational:
        """tau, by listing all views; exact for whole-number data and exact parameters.

        Raises:
            InputError: too many views, or a continuum of them.
        """
        return Fraction(0) if self.disjoint else self._table.identification_error

    @property
    def posterior_collision(self) -> Rational:
        """theta, by listing all views as for tau."""
        return Fraction(1) if self.disjoint else self._table.posterior_collision

    def spectrum(self, count: int) -> Float[np.ndarray, " count"]:
        """The `count` largest eigenvalues of K for the unrestricted class, by listing all views."""
        return self._table.spectrum(count)

    @functools.cached_property
    def _table(self) -> FiniteProcess:
        owner = type(self).__name__
        if not self.has_finite_support:
            raise InputError(
                f"{owner}: with Gaussian noise on {self.n_inputs} inputs this has no closed form; ask it of "
                "process.finite(levels)."
            )
        return self.finite()


def checked_prior(prior: Any, count: int, owner: str) -> tuple[np.ndarray, np.ndarray]:
    """The prior as probabilities and as it goes to `FiniteProcess`: uniform by default, positive, one an input."""
    given = np.ones(count, dtype=int) if prior is None else np.asarray(prior)
    require(
        given.shape == (count,),
        f"{owner}: prior has shape {given.shape}, but there are {count} inputs; pass one weight an input.",
    )
    law = np.array([float(p) for p in probabilities(given.tolist(), owner=owner)])
    require(
        bool(np.all(law > 0)),
        f"{owner}: the prior of input {int(np.argmin(law))} is 0, but listed inputs must be possible; drop that input.",
    )
    return law, given


def check_listing(size: int, owner: str) -> None:
    """Refuse to list too many views."""
    require(
        size <= LARGEST_SUPPORT,
        f"{owner}: finite() would list {shown(size)} pairs of an input and a view, but at most {LARGEST_SUPPORT} "
        "are written out; use moments.population, which needs no list, or fewer and smaller inputs.",
    )


def tabulate(prior: np.ndarray, atoms: Sequence[Atoms], inputs: np.ndarray) -> FiniteProcess:
    """A finite process from the views of each input; equal views are one view."""
    place: dict[tuple[Any, ...], int] = {}
    rows, columns, data = [], [], []
    for i, listed in enumerate(atoms):
        columns += [place.setdefault(view, len(place)) for view, _ in listed]
        rows += [i] * len(listed)
        data.append(integer_weights([weight for _, weight in listed]))
    exact = all(part.dtype == object for part in data)
    entries = np.concatenate(data) if exact else np.concatenate([part.astype(np.float64) for part in data])
    if not exact:  # rows of integer weights beside float rows: to probabilities
        totals = np.bincount(rows, entries, minlength=len(atoms))
        entries = entries / totals[rows]
    channel = channel_table(np.array(rows), np.array(columns), entries, (len(atoms), len(place)))
    values = np.array(list(place), dtype=object)
    known = all(isinstance(v, (int, Fraction)) for v in values.ravel())
    return FiniteProcess(prior, channel, exact_values(values) if known else values.astype(np.float64), inputs)


def checked_keep(keep: Any, owner: str) -> Rational:
    """A probability of keeping, in (0, 1]."""
    value = number(keep, owner=owner, name="keep")
    require(
        0 < value <= 1,
        f"{owner}: keep is {keep!r}, but it must be a probability above 0 and at most 1; pass 0.9, say.",
    )
    return value
