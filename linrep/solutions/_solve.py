"""The entry point: from moments, or from a process with all functions of a view as the class."""

from typing import Any, overload

from linrep._checks import require
from linrep.features import OneHot
from linrep.moments import population
from linrep.moments._types import AnyMoments
from linrep.processes import AbstractProcess, FiniteProcess
from linrep.processes._tabulated import AbstractTabulated
from linrep.solutions._solution import Solution, solve_moments
from linrep.solutions._sparse import sparse
from linrep.solutions._sparse_solution import SparseSolution
from linrep.solutions._structured import StructuredSolution, structured

DENSE_VIEWS = 512
"""Tables of at most this many views are solved densely, with everything that a `Solution` knows."""


@overload
def solve(
    moments: AnyMoments, *, dim: int, weight_decay: float = ..., count: int | None = ..., labels: None = ...
) -> Solution: ...
@overload
def solve(
    moments: AbstractProcess, *, dim: int, labels: Any = ...
) -> Solution | StructuredSolution | SparseSolution: ...
def solve(
    moments: AnyMoments | AbstractProcess,
    *,
    dim: int,
    weight_decay: float = 0.0,
    count: int | None = None,
    labels: Any = None,
) -> Solution | StructuredSolution | SparseSolution:
    """All minimisers of the spectral contrastive loss over W of shape (D, dim), in closed form.

    With M = Sigma^{1/2} W the loss is |M M.T - K|_F^2 - |K|_F^2, so its minimum is -sum_{i<=d} kappa_i^2, attained by
    the top-d eigenpairs of K. With weight decay rho the objective is L_spec(W) + 2 rho |W|_F^2 and K - rho Sigma^{-1}
    takes the place of K.

    Given a process instead of moments, the class is all functions of a view: tables of up to 512 views are solved
    densely, larger ones by `solutions.sparse`, closed forms and their products by `solutions.structured`.

    Args:
        moments: from `linrep.moments`; rational moments decide ties exactly, others within the error of the
        eigenvalues. Or a process.
        dim: d >= 1; beyond the rank of Sigma the extra columns are zero.
        weight_decay: rho >= 0, with moments only.
        count: compute only this many of the largest eigenpairs, at least dim + 1; default all; with moments only.
        labels: with a process only; moments carry theirs.

    Raises:
        InputError: d below 1, a negative weight decay, moments that no process has, a tie that `count` cuts through, a
            process without closed form and without table, or options that do not go together.

    Source: Eckart–Young; HaoChen et al. (2021), Lemma 3.2; theory I2, I9 (ours).

    >>> import linrep as lr
    >>> p = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
    >>> lr.solve(lr.moments.population(p, lr.features.Linear()), dim=15).loss
    -12.8125
    >>> lr.solve(lr.processes.HypercubeFlip(dim=50, keep=0.9), dim=1000).tie.size
    1225
    """
    if not isinstance(moments, AbstractProcess):
        require(labels is None, "solve: labels were given beside moments, which carry their own; drop one of the two.")
        require(
            isinstance(moments, AnyMoments),
            f"solve: moments is of type {type(moments).__name__}, but moments of a process, or a process, are needed; "
            "use moments.population, or, for moments m of a sample, "
            "samples.empirical_minimiser(m.sigma, m.sigma_bar, dim).",
        )
        return solve_moments(moments, dim=dim, weight_decay=weight_decay, count=count)
    require(
        not weight_decay and count is None,
        "solve: weight_decay and count were given with a process, but they belong to moments; pass "
        "moments.population(process, OneHot()).",
    )
    table = moments.finite() if isinstance(moments, AbstractTabulated) else moments
    if not isinstance(table, FiniteProcess):
        return structured(table, dim=dim, labels=labels)
    if table.n_views <= DENSE_VIEWS:
        return solve_moments(population(table, OneHot(), labels), dim=dim)
    return sparse(table, dim=dim, labels=labels)
