"""Rigorous enclosures of every quantity that theorems speak of, on problems whose numbers are rational."""

from collections.abc import Callable
from fractions import Fraction

from linrep import symbols as sym
from linrep.problems import Problem
from linrep.quantities import Unavailable
from linrep.quantities._labels import is_classes
from proofs_check.enclosures import (
    _clusters,
    _contrast,
    _counted,
    _errors,
    _geometry,
    _minimax,
    _process,
    _redundancy,
    _risk,
    _samples,
    _spectral,
    _steps,
)
from proofs_check.enclosures._contrast_rules import CONTRAST as CONTRAST
from proofs_check.enclosures._exact import ExactProblem as ExactProblem
from proofs_check.enclosures._exact import exact_array as exact_array
from proofs_check.enclosures._exact import exact_problem as exact_problem
from proofs_check.enclosures._spectral import Place as Place
from proofs_check.enclosures._spectral import admissible as admissible
from proofs_check.enclosures._spectrum import CertifiedSpectrum as CertifiedSpectrum
from proofs_check.enclosures._spectrum import Level as Level
from proofs_check.enclosures._spectrum import spectrum as spectrum
from proofs_check.verdict import Enclosure, exactly

ENCLOSURES: dict[sym.Quantity, Callable[[ExactProblem, Place], Enclosure]] = {
    **_spectral.ENCLOSURES,
    **_risk.ENCLOSURES,
    **_errors.ENCLOSURES,
    **_process.ENCLOSURES,
    **_steps.ENCLOSURES,
    **_counted.ENCLOSURES,
    **_minimax.ENCLOSURES,
    **_clusters.ENCLOSURES,
    **_redundancy.ENCLOSURES,
    **_geometry.ENCLOSURES,
    **_samples.ENCLOSURES,
    **_contrast.ENCLOSURES,
}
"""How each quantity is enclosed on an exact problem."""

_ERRORS = (sym.MEAN_ERROR, sym.AUGMENTED_ERROR, sym.ARGMAX_MEAN_ERROR, sym.ARGMAX_AUGMENTED_ERROR, sym.VOTE_ERROR)


def enclose(quantity: sym.Quantity, problem: Problem, place: Place = Place(1)) -> Enclosure:  # noqa: B008 - immutable
    """The quantity between two rational ends, equal where it is known exactly.

    Args:
        quantity: a token of `linrep.symbols`.
        problem: exact process, features and labels; weights None, or integers and Fractions.
        place: index and margin of indexed quantities.

    Raises:
        InputError: floats of unknown origin.
        Unavailable: there is no number, or nothing is known of it at the largest working precision, with the reason.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> enclose(sym.CUT_EIGENVALUE, lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1)).lower
    Fraction(3, 4)
    """
    exact = exact_problem(problem)
    key = ("enclosed", quantity, place if quantity.shape is sym.Shape.INDEXED else None)
    if key not in problem.memo:
        try:
            problem.memo[key] = ENCLOSURES[quantity](exact, place)
        except Unavailable as reason:
            problem.memo[key] = str(reason)
        except ZeroDivisionError:  # of rational numbers: no lack of precision
            raise
        except ArithmeticError as reason:  # a ball that is not finite
            problem.memo[key] = f"nothing is known of {quantity.name}: {reason}"
    found = problem.memo[key]
    if isinstance(found, str):
        raise Unavailable(found)
    return found


def margins(quantity: sym.Quantity, problem: Problem) -> list[Fraction]:
    """The positive margins of the score, ascending, for MARGIN_MASS_MEAN or MARGIN_MASS_AUGMENTED.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[3, 1], [1, 3]])
    >>> pb = lr.Problem(p, lr.features.OneHot(), [1, -1], dim=1)
    >>> margins(sym.MARGIN_MASS_MEAN, pb)
    [Fraction(1, 4)]
    """
    found = _risk.label_margins(exact_problem(problem), mean=quantity == sym.MARGIN_MASS_MEAN)
    return sorted({value for value, _ in found if value > 0})


def trivial(quantity: sym.Quantity, problem: Problem) -> Enclosure | None:
    """What is known of the quantity without any theorem, as `linrep.quantities.trivial`; None where nothing is.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 3], [[1, 0], [0, 1]])
    >>> trivial(sym.MEAN_ERROR, lr.Problem(p, lr.features.OneHot(), [1, -1])).lower
    Fraction(1, 4)
    """
    exact = exact_problem(problem)
    if quantity in (sym.WORST_INDISTINGUISHABLE_ERROR, sym.WORST_RELABELLED_ERROR, sym.TRANSFER_VALUE):
        return exactly(0)
    if quantity in (sym.MEAN_RISK, sym.AUGMENTED_RISK):
        if problem.labels is None:
            return None
        return exactly(exact.label_sq - sum((m * m for m in exact.label_mean), Fraction(0)))
    if quantity in (*_ERRORS, sym.CLASS_MEAN_RISK, sym.BAYES_TARGET_RISK):
        return _constant_class(quantity, exact) if is_classes(problem) else None
    if quantity in (sym.MEAN_HINGE, sym.MEAN_LOGISTIC, sym.MEAN_CROSS_ENTROPY):
        return _contrast.zero_representation(quantity, exact)
    if quantity == sym.RELAYED_RISK:
        return _redundancy.constant_relay(exact)
    if quantity == sym.HEAD_DEFECT:
        return exactly(problem.dim)
    if quantity == sym.VACUITY_BUDGET:
        return _spectral.squares(exact)
    return None if quantity.upper is None else exactly(Fraction(quantity.upper))


def _constant_class(quantity: sym.Quantity, exact: ExactProblem) -> Enclosure | None:
    """Error or squared error of the best constant class, or of the best constant for the Bayes label."""
    try:
        table = exact.joint.sum(axis=0) @ exact.bayes if quantity == sym.BAYES_TARGET_RISK else exact.class_mass.sum(0)
    except Unavailable:
        return None
    masses = [Fraction(m) for m in table]
    squared = quantity in (sym.CLASS_MEAN_RISK, sym.BAYES_TARGET_RISK)
    return exactly(1 - (sum((m * m for m in masses), Fraction(0)) if squared else max(masses)))
