"""Certificates made from problems of linrep: exact problem, rational representation, everything that was found."""

import json
import math
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from linrep._checks import InputError, positive_int, require
from linrep.bounds import Theorem
from linrep.evaluate import Status
from linrep.features import OneHot
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from linrep.tables import write_atomically
from linrep.transfer import threshold
from proofs_check.certificates import checker
from proofs_check.certificates._exact import (
    best_of_class,
    centred_cross,
    exact_problem,
    exact_rows,
    finished,
    predictor,
    rounded,
    texts,
    uncorrelated,
)
from proofs_check.verdict import Evidence, Verdict

Certificate = dict[str, Any]


def certify(
    theorem: Theorem,
    problem: Problem,
    *,
    index: int | None = None,
    limit: Fraction | int | None = None,
    factor: Fraction | None = None,
    bits: int = 20,
) -> Certificate:
    """A certificate that a guarantee holds on a problem at a rational representation, checked by the standard library.

    The representation is the problem's own, its entries rounded to multiples of 2^-bits.

    Args:
        theorem: linrep26.suboptimal_augmented, or (at an exact minimiser) risk_gap_mean or risk_gap_augmented.
        problem: exact: a finite process with integer weights, exact features, exact labels of one output.
        index: k of the theorem; None picks the one with the least bound.
        limit: q, to claim "the bound is at most q" in place of "the bound holds".
        factor: c, to claim "c times the bound is below the risk", which refutes the scaled variant.
        bits: how finely the representation is rounded.

    Raises:
        InputError: a claim that is false or that the checker cannot decide, or a problem that is not exact.

    Source: ours; theory, section 7.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1, weights=[[1], [1]])
    >>> certify(lr.bounds.linrep26.SUBOPTIMAL_AUGMENTED, pb)["bound"]
    ['1', '1']
    """
    require(limit is None or factor is None, "certify: limit and factor are two claims; pass one of them.")
    given = exact_problem(problem)
    weights, exact = rounded(problem.representation, bits), checker.read_problem(given)
    fields = {
        "problem": given,
        "theorem": theorem.key,
        "weights": texts(weights),
        **best_of_class(exact, problem.dim + 1),
        "predictor": predictor(exact, weights, mean=theorem.key == "linrep26.risk_gap_mean"),
    }
    kind = "bound_holds" if limit is None else "bound_at_most"
    extra = {} if limit is None else {"limit": str(Fraction(limit))}
    if factor is not None:
        kind, extra = "variant_refuted", {"factor": str(Fraction(factor))}
    indices = range(problem.dim, 0, -1) if index is None else [index]
    return best_index(kind, fields | extra, indices)


def best_index(kind: str, fields: dict[str, Any], indices: Sequence[int]) -> Certificate:
    """The certificate with the least bound among those indices at which the claim is proved."""
    made, refusal = [], None
    for k in indices:
        try:
            made.append(finished(kind, fields | {"index": str(k)}))
        except InputError as error:
            refusal = refusal or error
    if not made:
        raise refusal or InputError("certify: there is no index to try; pass one between 1 and d.")
    return min(made, key=lambda certificate: Fraction(certificate["bound"][1]))


def certify_risk(
    problem: Problem, *, readout: str, limit: Fraction | int, at_least: bool = False, bits: int = 20
) -> Certificate:
    """A certificate that the squared error of the problem's representation is at most (or at least) a number.

    Args:
        problem: exact, as for `certify`.
        readout: "augmented" or "mean".
        limit: q.
        at_least: whether q is a lower bound.
        bits: how finely the representation is rounded.

    Raises:
        InputError: a false claim, or a problem that is not exact.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1, weights=[[1], [-1]])
    >>> certify_risk(pb, readout="augmented", limit=1)["actual"]
    '3/4'
    """
    require(readout in ("augmented", "mean"), f"certify_risk: readout is {readout!r}; pass 'augmented' or 'mean'.")
    given = exact_problem(problem)
    weights = rounded(problem.representation, bits)
    solution = predictor(checker.read_problem(given), weights, mean=readout == "mean")
    fields = {"problem": given, "weights": texts(weights), "readout": readout, "predictor": solution}
    kind = "actual_at_least" if at_least else "actual_at_most"
    return finished(kind, fields | {"limit": str(Fraction(limit))})


def certify_vacuity(problem: Problem, *, limit: Fraction | int | None = None, bits: int = 20) -> Certificate:
    """A certificate that some representation of spectral loss at most a number is uncorrelated with the label.

    The representation is the problem's, or where it has none the witness of `transfer.threshold`; it is rounded and
    then projected, exactly, to be uncorrelated.

    Args:
        problem: exact, as for `certify`.
        limit: the loss; None takes that of the representation, rounded up to a multiple of 2^-bits.
        bits: how finely the representation is rounded.

    Raises:
        InputError: a false claim, or a problem that is not exact.

    Source: ours; theory V5.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1] * 4, [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), [1, 1, -1, -1], dim=2)
    >>> round(float(Fraction(certify_vacuity(pb)["limit"])), 4)
    -2.0
    """
    given = exact_problem(problem)
    exact = checker.read_problem(given)
    start = threshold(problem.moments, dim=problem.dim).witness if problem.weights is None else problem.representation
    weights = uncorrelated(rounded(start, bits), centred_cross(exact))
    loss = exact.moments(exact.representation(texts(weights)))[3]
    limit = Fraction(math.ceil(loss * 2**bits), 2**bits) if limit is None else Fraction(limit)
    return finished("vacuity_witness", {"problem": given, "weights": texts(weights), "limit": str(limit)})


def certify_pair(process: FiniteProcess, labels: Any, first: Any, second: Any) -> Certificate:
    """A certificate that the loss cannot tell two representations apart, of which the second errs more.

    Args:
        process: exact.
        labels: -1 and +1 on the inputs.
        first: values on the views, (n, 2), integers or Fractions.
        second: the same.

    Raises:
        InputError: losses that differ, errors that are not in this order, or values that are not exact.

    Source: ours, after Saunshi et al. (2022), Lemma 4.1.

    >>> p = FiniteProcess([1] * 4, [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    >>> good, bad = [[1, 0], [0, 1], [-1, 0], [0, -1]], [[1, 0], [-1, 0], [0, 1], [0, -1]]
    >>> certify_pair(p, [1, 1, -1, -1], good, bad)["errors"]
    ['0', '1/2']
    """
    given = exact_problem(Problem(process, OneHot(), labels, dim=2))
    pair = {"first": texts(exact_rows(first)), "second": texts(exact_rows(second))}
    return finished("indistinguishable_pair", {"problem": given, **pair})


def certify_counting(n_inputs: int, dim: int) -> Certificate:
    """A certificate of the integers behind `witnesses.counting_floor`, for at most 512 inputs and dim at most n_inputs.

    Raises:
        InputError: numbers out of range.

    Source: ours, after Saunshi et al. (2022), Lemma 4.1.

    >>> certify_counting(16, 2)["floor"]
    '1/4'
    """
    n_inputs = positive_int(n_inputs, owner="certify_counting", name="n_inputs")
    return finished("counting_floor", {"inputs": str(n_inputs), "dim": str(int(dim))})


def verify_certificate(certificate: Any) -> Verdict:
    """What the stand-alone checker says of a certificate: HOLDS with the claim in words, or UNAVAILABLE with why not.

    Source: ours.

    >>> verify_certificate(certify_counting(16, 2)).status.name, verify_certificate({}).status.name
    ('HOLDS', 'UNAVAILABLE')
    """
    name = certificate.get("theorem", certificate.get("kind", "")) if isinstance(certificate, dict) else ""
    try:
        return _verdict(str(name), Status.HOLDS, checker.check(certificate))
    except (checker.RejectedError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        return _verdict(str(name), Status.UNAVAILABLE, str(error))


def save_certificate(certificate: Certificate, path: str | Path) -> None:
    """Write a certificate as JSON, whole or not at all.

    Source: ours.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_certificate(certify_counting(16, 2), f"{folder}/floor.json")
    ...     json.loads(Path(folder, "floor.json").read_text())["floor"]
    '1/4'
    """
    write_atomically(Path(path), json.dumps(certificate, separators=(",", ":")) + "\n")


def _verdict(name: str, status: Status, sentence: str) -> Verdict:
    return Verdict(theorem=name, status=status, evidence=Evidence.EXACT, reason=sentence.rstrip("."))
