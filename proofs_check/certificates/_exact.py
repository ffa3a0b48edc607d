"""The exact parts of a certificate: problems, rational representations, predictors, brackets of eigenvalues."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.sparse

from linrep._checks import InputError, finite_array, require
from linrep._types import is_sparse
from linrep.features import OneHot
from linrep.labels import as_label
from linrep.moments import RationalMoments
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.solutions._exact import exact_spectrum, inertia_above
from proofs_check.certificates import checker

Row = list[Fraction]
Rows = list[Row]


def exact_problem(problem: Problem) -> dict[str, Any]:
    """The problem as a certificate writes it."""
    require(
        problem.process.has_finite_support,
        "certify: the process has infinitely many views, but a certificate lists them; give its laws finite support.",
    )
    finite = problem.process if isinstance(problem.process, FiniteProcess) else problem.process.finite()
    features = "one_hot" if isinstance(problem.features, OneHot) else problem.features.exact(finite.views)
    labels = None if problem.labels is None else as_label(problem.labels, finite).exact(finite.inputs)
    if finite.weights is None or features is None or labels is None or labels.ndim != 1:
        raise InputError(
            "certify: the probabilities, features or labels are not exact numbers (or there is no label, or one of "
            "several outputs), but a certificate holds no float; pass integers or Fractions, and one output."
        )
    return {
        "prior": law_texts(finite.weights.prior),
        "channel": channel_texts(finite),
        "labels": texts(labels),
        "features": features if isinstance(features, str) else texts(features),
        "views": str(finite.n_views),
    }


def law_texts(weights: Any) -> list[str]:
    """Positive weights without their common factor."""
    integers = [int(v) for v in weights]
    common = math.gcd(*integers)
    return [str(v // common) for v in integers]


def channel_texts(process: FiniteProcess) -> list[dict[str, str]]:
    """One object for each input, from the number of a view to its weight."""
    assert process.weights is not None
    pattern, table = scipy.sparse.csr_array(process.channel), process.weights.channel
    rows = []
    for i in range(process.n_inputs):
        places = np.sort(pattern.indices[pattern.indptr[i] : pattern.indptr[i + 1]])
        values = law_texts(table[[i]].toarray()[0][places] if is_sparse(table) else table[i][places])
        rows.append({str(place): value for place, value in zip(places, values, strict=True)})
    return rows


def texts(values: Any) -> Any:
    """Numbers, or nested lists of them, as texts in lowest terms."""
    return [texts(v) for v in values] if isinstance(values, (list, tuple, np.ndarray)) else str(Fraction(values))


def exact_rows(values: Any) -> Rows:
    """A matrix of integers and Fractions as Fractions."""
    array = np.asarray(values)
    exact = array.ndim == 2 and (array.dtype.kind in "iu" or all(isinstance(v, (int, Fraction)) for v in array.ravel()))
    require(
        exact, "certify: the values of a representation are not exact; pass an (n, d) table of integers, Fractions."
    )
    return [[Fraction(v) if isinstance(v, Fraction) else Fraction(int(v)) for v in row] for row in array]


def rounded(weights: Any, bits: int) -> Rows:
    """A float matrix with its entries rounded to multiples of 2^-bits."""
    array = finite_array(weights, owner="certify", name="weights")
    scale = 2**bits
    return [[Fraction(round(Fraction(float(v)) * scale), scale) for v in np.atleast_1d(row)] for row in array]


def solved(matrix: Rows, right: Row) -> Row:
    """Some exact solution of a consistent linear system: elimination, free unknowns zero."""
    work, pivots = [[*row, b] for row, b in zip(matrix, right, strict=True)], []
    for column in range(len(matrix[0])):
        at = next((i for i in range(len(pivots), len(work)) if work[i][column]), None)
        if at is None:
            continue
        top = len(pivots)
        work[top], work[at] = work[at], work[top]
        work[top] = [v / work[top][column] for v in work[top]]
        for i, row in enumerate(work):
            if i != top and row[column]:
                work[i] = [a - row[column] * b for a, b in zip(row, work[top], strict=True)]
        pivots.append(column)
    solution = [Fraction(0)] * len(matrix[0])
    for i, column in enumerate(pivots):
        solution[column] = work[i][-1]
    return solution


def best_of_class(problem: checker.Problem, count: int) -> dict[str, Any]:
    """w with Sigma w = b, w with Sigma_bar w = b, and brackets of the first eigenvalues of K."""
    n = len(problem.marginal)
    require(
        (len(problem.features[0]) if problem.features else n) <= checker.LARGEST_ORDER,
        f"certify: the class has more than {checker.LARGEST_ORDER} features, too many for exact eigenvalues; "
        "restrict the features or the process.",
    )
    phi = problem.features or [[Fraction(int(i == j)) for j in range(n)] for i in range(n)]
    sigma, sigma_bar, b, _ = problem.moments(phi)
    pencil = (np.array(matrix, dtype=object) for matrix in (sigma, sigma_bar))
    moments = RationalMoments(*pencil, cross=None, label_sq=None, mean=np.array([]), label_mean=None)
    return {
        "best_predictor": texts(solved(sigma, b)),
        "best_mean_predictor": texts(solved(sigma_bar, b)),
        "eigenvalues": texts(eigenvalue_brackets(moments, count)),
    }


def predictor(problem: checker.Problem, weights: Rows, *, mean: bool) -> list[str]:
    """The best linear predictor from the representation, of one view or of the mean."""
    second, paired, seen, _ = problem.moments(problem.representation(texts(weights)))
    return texts(solved(paired if mean else second, seen))


def eigenvalue_brackets(moments: RationalMoments, count: int) -> Rows:
    """The first eigenvalues of K: [r, r] where one is rational, else the cell of the checker's grid around it."""
    found, brackets = exact_spectrum(moments), []
    for i in range(1, count + 1):
        value = found.at(i)
        if value is None or value.lower == value.upper:
            brackets.append([Fraction(0) if value is None else value.lower] * 2)
            continue
        low = math.floor(value.lower / checker.CELL) * checker.CELL
        while inertia_above(moments, low + checker.CELL) >= i:  # the interval of the root may straddle the grid
            low += checker.CELL
        brackets.append([low, low + checker.CELL])
    return brackets


def centred_cross(problem: checker.Problem) -> Row:
    """b_0 = E[phi(x) (label - E label)]."""
    mean, seen = checker.dot(problem.prior, problem.labels), [Fraction(0)] * len(problem.marginal)
    for mass, label, chances in zip(problem.prior, problem.labels, problem.channel, strict=True):
        for x, chance in chances.items():
            seen[x] += mass * chance * (label - mean)
    features = problem.features
    return seen if features is None else [checker.dot(seen, list(column)) for column in zip(*features, strict=True)]


def uncorrelated(weights: Rows, cross: Row) -> Rows:
    """W less its part along b_0, so that W^T b_0 = 0 exactly."""
    square = checker.dot(cross, cross)
    if not square:
        return weights
    share = [checker.dot(list(column), cross) / square for column in zip(*weights, strict=True)]
    return [[v - b * s for v, s in zip(row, share, strict=True)] for row, b in zip(weights, cross, strict=True)]


def finished(kind: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The certificate with everything that the checker finds, sealed; a claim that it rejects is refused."""
    rule = checker.RULES[kind][0]
    start = {"format": checker.FORMAT, "kind": kind, **fields}
    try:
        facts = rule(checker.read_problem(fields["problem"]) if "problem" in fields else None, start)
        whole = start | {name: texts(value) for name, value in facts.items()}
        whole["sha256"] = checker.seal(whole)
        checker.check(whole)
    except checker.RejectedError as error:
        raise InputError(f"certify: this {kind} cannot be certified, as {error} Change the claim.") from error
    return whole
