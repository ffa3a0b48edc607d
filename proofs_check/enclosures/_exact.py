"""A problem whose every number is rational, and the refusal of all others."""

import functools
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from linrep._checks import InputError
from linrep.moments import RationalMoments, rational
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.quantities import Unavailable
from linrep.quantities._labels import is_classes, is_sign
from proofs_check.arithmetic import (
    captured,
    direct_sum,
    independent,
    matrix,
    null_space,
    principal,
    rows_and_columns,
    touched,
)
from proofs_check.enclosures._spectrum import CertifiedSpectrum, spectrum
from proofs_check.verdict import Enclosure


@dataclass(frozen=True, eq=False)
class ExactProblem:
    """A problem in rational numbers, with what many quantities share, computed once.

    Raises:
        InputError: floats in the process, the features, the labels, the weights or the score.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> ExactProblem(lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1)).spectrum.kappa(2).lower
    Fraction(1, 4)
    """

    problem: Problem

    @functools.cached_property
    def moments(self) -> RationalMoments:
        """Sigma, Sigma_bar, b and E label^2 as Fractions."""
        return rational(self.problem.process, self.problem.features, self.problem.labels)

    @functools.cached_property
    def sigma(self) -> flint.fmpq_mat:
        """Sigma, (D, D)."""
        return matrix(self.moments.sigma)

    @functools.cached_property
    def sigma_bar(self) -> flint.fmpq_mat:
        """Sigma_bar, (D, D)."""
        return matrix(self.moments.sigma_bar)

    @functools.cached_property
    def cross(self) -> flint.fmpq_mat:
        """b, (D, r)."""
        if self.moments.cross is None:
            raise Unavailable("the problem has no labels")
        return matrix(self.moments.cross)

    @functools.cached_property
    def label_sq(self) -> Fraction:
        """E |label|^2."""
        if self.moments.label_sq is None:
            raise Unavailable("the problem has no labels")
        return self.moments.label_sq

    @functools.cached_property
    def label_mean(self) -> list[Fraction]:
        """E label, one number an output."""
        if self.moments.label_mean is None:
            raise Unavailable("the problem has no labels")
        return [Fraction(v) for v in np.ravel(np.asarray(self.moments.label_mean, dtype=object))]

    @functools.cached_property
    def spectrum(self) -> CertifiedSpectrum:
        """The spectrum of K."""
        return spectrum(self.sigma, self.sigma_bar)

    @functools.cached_property
    def blind(self) -> tuple[CertifiedSpectrum, int]:
        """The spectrum of K on the complement of the centred label's cross moment, and how much was removed."""
        kept = self.spectrum.kept
        mean = [Fraction(v) for v in self.moments.mean]
        centred = [[-m * y for y in self.label_mean] for m in mean]
        directions = rows_and_columns(self.cross + matrix(np.array(centred, dtype=object)), kept, None)
        near = touched(self.spectrum.blocks, directions)  # only these blocks change
        far = sorted(set(range(len(kept))) - set(near))
        basis = null_space(rows_and_columns(directions, near, None).transpose())
        pencil = (
            direct_sum(basis.transpose() * principal(m, near) * basis, principal(m, far))
            for m in (self.spectrum.sigma, self.spectrum.sigma_bar)
        )
        return spectrum(*pencil), len(near) - basis.ncols()

    @functools.cached_property
    def weights(self) -> flint.fmpq_mat | None:
        """W, (D, d); None for the minimisers."""
        given = self.problem.weights
        return None if given is None else matrix(exact_array(given, "weights"))

    @functools.cached_property
    def gram(self) -> flint.fmpq_mat:
        """W.T Sigma W, (d, d)."""
        assert self.weights is not None
        return self.weights.transpose() * self.sigma * self.weights

    @functools.cached_property
    def score(self) -> flint.fmpq_mat:
        """v, (D, 1): the given score, or least squares Sigma^+ b."""
        if self.problem.score is not None:
            return matrix(exact_array(self.problem.score, "score"))
        kept = self.spectrum.kept
        solved = self.spectrum.solve(rows_and_columns(self.cross, kept, [0]))
        score = flint.fmpq_mat(self.sigma.nrows(), 1)
        for row, feature in enumerate(kept):
            score[feature, 0] = solved[row, 0]
        return score

    @functools.cached_property
    def class_cross(self) -> flint.fmpq_mat:
        """E[phi e_y] for the one-hot class e_y, (D, r); of a sign y the classes are (1 - y) / 2 and (1 + y) / 2."""
        if not is_classes(self.problem):
            raise Unavailable("the labels are not classes")
        if not is_sign(self.problem):
            return self.cross
        mean = matrix(self.moments.mean)
        below, above = ((mean - self.cross) / 2, (mean + self.cross) / 2)
        return flint.fmpq_mat([[below[i, 0], above[i, 0]] for i in range(mean.nrows())])

    @property
    def listed(self) -> FiniteProcess:
        """The process, if its inputs and views are listed."""
        if not isinstance(self.problem.process, FiniteProcess):
            name = type(self.problem.process).__name__
            raise Unavailable(f"the inputs and views of {name} are not listed; use its finite()")
        return self.problem.process

    @functools.cached_property
    def views(self) -> np.ndarray:
        """phi of each view, (n, D) Fractions."""
        phi = self.problem.features.exact(self.listed.views)
        assert phi is not None
        return phi

    @functools.cached_property
    def joint(self) -> np.ndarray:
        """Pr[input, view], (n_bar, n) Fractions."""
        weights = self.listed.weights
        assert weights is not None
        return weights.prior_fractions()[:, None] * weights.channel_fractions()

    @functools.cached_property
    def classes(self) -> np.ndarray:
        """One-hot classes of the inputs, (n_bar, r)."""
        if not is_classes(self.problem):
            raise Unavailable("the labels are not classes")
        targets = self.problem.label.exact(self.listed.inputs)
        assert targets is not None
        if not is_sign(self.problem):
            return targets
        signs = targets.ravel()
        return np.stack([signs < 0, signs > 0], axis=1).astype(int).astype(object)

    @functools.cached_property
    def class_mass(self) -> np.ndarray:
        """Pr[view, class], (n, r)."""
        return self.joint.T @ self.classes

    @functools.cached_property
    def bayes(self) -> np.ndarray:
        """The one-hot Bayes label of each view, (n, r); the first class in a tie."""
        best = [max(range(len(row)), key=lambda j: (row[j], -j)) for row in self.class_mass]
        return np.eye(self.class_mass.shape[1], dtype=int)[best].astype(object)

    def energies(self, cross: flint.fmpq_mat) -> list[Enclosure]:
        """The energy of a cross moment in each eigenspace."""
        return self.spectrum.energies(rows_and_columns(cross, self.spectrum.kept, None))

    @functools.cached_property
    def label_energies(self) -> list[Enclosure]:
        """sum of c_i^2 over each eigenspace, outputs summed."""
        return self.energies(self.cross)

    def regression(self, gram: flint.fmpq_mat, seen: flint.fmpq_mat, size: Fraction) -> Fraction:
        """Least squared error, size - tr(seen.T gram^+ seen)."""
        return size - captured(gram, seen)

    def span(self) -> tuple[flint.fmpq_mat, flint.fmpq_mat]:
        """Independent columns X of Sigma W on the kept features, and the inverse of their Gram matrix W.T Sigma W."""
        assert self.weights is not None
        columns = independent(self.gram)
        seen = rows_and_columns(self.sigma * self.weights, self.spectrum.kept, columns)
        return seen, rows_and_columns(self.gram, columns, columns).inv() if columns else flint.fmpq_mat(0, 0)


def exact_array(values: Any, name: str) -> np.ndarray:
    """The values as an object array of ints and Fractions; floats are refused: what they stand for is not known.

    Raises:
        InputError: an entry that is neither an integer nor a Fraction.

    Source: ours.

    >>> exact_array([1, Fraction(1, 2)], "weights").tolist()
    [1, Fraction(1, 2)]
    """
    array = np.asarray(values)
    if np.issubdtype(array.dtype, np.integer):
        return array.astype(object)
    entries = array.ravel().tolist()
    odd = [v for v in entries if isinstance(v, bool) or not isinstance(v, (int, Fraction))]
    if odd:
        raise InputError(
            f"check: {name} holds {odd[0]!r}, a float of unknown origin, but a proof needs integers or Fractions; pass "
            "those (Fraction(x) is the exact value of a float x), or ask for evidence='float'."
        )
    return array.astype(object)


def exact_problem(problem: Problem) -> ExactProblem:
    """The problem in rational numbers, remembered with the problem.

    Raises:
        InputError: floats of unknown origin.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> exact_problem(lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1)).label_sq
    Fraction(1, 1)
    """
    if "exact problem" not in problem.memo:
        found = ExactProblem(problem)
        # Everything that could be a float is looked at now, so that a refusal comes before any verdict.
        _ = found.moments, found.weights
        if problem.score is not None:
            exact_array(problem.score, "score")
        problem.memo["exact problem"] = found
    return problem.memo["exact problem"]
