"""`linrep certify` and `linrep check-certificate`: proofs as files."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from cyclopts import Parameter

from linrep._checks import InputError, require
from linrep.evaluate import Status
from linrep.problems import Problem
from linrep.processes import FiniteProcess
from proofs_check import explain, problem_files
from proofs_check.certificates import (
    certify,
    certify_counting,
    certify_pair,
    certify_risk,
    certify_transfer,
    certify_vacuity,
    checker,
    save_certificate,
    verify_certificate,
)
from proofs_check.certificates._pair import pair_of_equal_loss
from proofs_check.cli._app import app, console, say_written, write_json
from proofs_check.cli._problem import spec
from proofs_check.names import chosen

LARGEST, LEAST = 10**100, 1e-100
"""Between them lie the numbers of a claim, 0 aside: a typing error must not fill the memory."""
KINDS = ("risk", "vacuity", "transfer", "pair", "counting")
"""Claims beside theorems."""


class _Numbers(NamedTuple):
    """What a claim is about beside the problem."""

    limit: Fraction | None
    factor: Fraction | None
    index: int | None
    readout: str
    at_least: bool
    loss: Fraction | None
    bits: int
    seed: int


@app.command(name="certify")
def certify_command(
    claim: str,
    file: Path | None = None,
    *,
    out: Path,
    process: str | None = None,
    features: str | None = None,
    labels: str | None = None,
    dim: int | None = None,
    inputs: int | None = None,
    limit: str | None = None,
    factor: str | None = None,
    index: int | None = None,
    readout: str = "augmented",
    at_least: bool = False,
    loss: str | None = None,
    bits: int = 20,
    seed: int = 0,
    as_json: Annotated[bool, Parameter(name="--json")] = False,
) -> int:
    """Prove a claim about an exact problem and write the proof, which the standard library alone can check.

    Example: linrep certify risk problem.toml --limit 1/4 --out risk.json

    Args:
        claim: a theorem, as in linrep26.suboptimal_augmented; or risk, vacuity, transfer, pair or counting.
        file: a problem file, as for compare.
        out: the JSON file to write.
        process: as for compare, like features and labels.
        dim: dimension of the representation; with counting the d of e(N, d).
        inputs: with counting, N.
        limit: claim that the bound (or the risk, or the loss of a witness of vacuity) is at most this number.
        factor: of a theorem, claim that this factor times the bound is below the risk: the scaled variant is false.
        index: k of a theorem; default the best one.
        readout: of a risk, augmented or mean.
        at_least: claim that the risk is at least the limit; with transfer, that some representation of at most that
            loss has a large risk, in place of "none has a larger one".
        loss: of transfer, where the sharp transfer function is bounded.
        bits: the representation is rounded to multiples of 2^-bits.
        seed: of the search for a pair.
        as_json: print the certificate too.
    """
    claimed, scale, place = _fraction(limit, "limit"), _fraction(factor, "factor"), _fraction(loss, "loss")
    numbers = _Numbers(claimed, scale, index, readout, at_least, place, bits, seed)
    require(1 <= bits <= 200, f"certify: bits is {bits}, but a number from 1 to 200 is needed; pass one.")
    if claim == "counting":
        require(
            inputs is not None and dim is not None,
            "certify: counting needs N and d; pass --inputs and --dim.",
        )
        made = certify_counting(inputs, dim)  # pyright: ignore[reportArgumentType]
    else:
        said = spec(file, process=process, features=features, labels=labels, dim=dim, owner="certify")
        made = _claimed(claim, problem_files.problem(said), numbers)
    save_certificate(made, out)
    if as_json:
        write_json(made)
    else:
        console().print(checker.check(made), highlight=False, markup=False, soft_wrap=True)
        say_written([out])
    return 0


@app.command(name="check-certificate")
def check_certificate_command(file: Path, *, as_json: Annotated[bool, Parameter(name="--json")] = False) -> int:
    """Check a certificate as `python checker.py file.json` does; exit code 1 where it is rejected.

    Example: linrep check-certificate risk.json

    Args:
        file: a JSON file that `certify` wrote.
        as_json: print the ruling as JSON.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"check-certificate: {file} cannot be read ({error.strerror}); name a file.") from error
    try:
        given: Any = json.loads(content[: checker.LARGEST_FILE], object_pairs_hook=checker.unique)
        found = verify_certificate(given)
        accepted, sentence = found.status is Status.HOLDS, found.reason
    except (checker.RejectedError, ValueError, RecursionError) as error:
        accepted, sentence = False, " ".join(str(error).split())
    if as_json:
        write_json({"accepted": accepted, "sentence": sentence})
    else:
        ruling = "ACCEPTED" if accepted else "REJECTED"
        console().print(f"{ruling} {sentence}", highlight=False, markup=False, soft_wrap=True)
    return 0 if accepted else 1


def _claimed(claim: str, problem: Problem, numbers: _Numbers) -> dict[str, Any]:
    """The certificate of a claim about a problem."""
    if claim == "risk":
        require(numbers.limit is not None, "certify: a risk is compared with a number; pass --limit.")
        at_least, bits = numbers.at_least, numbers.bits
        return certify_risk(problem, readout=numbers.readout, limit=numbers.limit, at_least=at_least, bits=bits)  # pyright: ignore[reportArgumentType]
    if claim == "vacuity":
        return certify_vacuity(problem, limit=numbers.limit, bits=numbers.bits)
    if claim == "transfer":
        if numbers.loss is None:
            raise InputError("certify: a transfer curve is bounded at one loss; pass --loss.")
        require(
            numbers.readout == "augmented" and (numbers.limit, numbers.factor, numbers.index) == (None, None, None),
            "certify: transfer is about one view (readout augmented) at --loss; leave --readout, --limit, --factor and "
            "--index out.",
        )
        return certify_transfer(problem, numbers.loss, side="lower" if numbers.at_least else "upper", bits=numbers.bits)
    if claim == "pair":
        finite = problem.process if isinstance(problem.process, FiniteProcess) else problem.process.finite()
        first, second, signs = pair_of_equal_loss(finite, problem.labels, problem_files.key_of(numbers.seed))
        return certify_pair(finite, signs, first, second)
    known = (*explain.keys(), *KINDS)
    theorem = explain.named(chosen(claim, known, owner="certify", what="theorem or claim"), owner="certify")
    return certify(theorem, problem, index=numbers.index, limit=numbers.limit, factor=numbers.factor, bits=numbers.bits)


def _fraction(text: str | None, name: str) -> Fraction | None:
    if text is None:
        return None
    value = _ordinary(text)
    if value is None:
        raise InputError(
            f"certify: {name} is {text[:40]!r}, but it must be a number of ordinary size; write 3/4 or 0.75."
        )
    return value


def _ordinary(text: str) -> Fraction | None:
    """The number, or None; a decimal is looked at as a float first, before a Fraction writes its power of ten out."""
    try:
        if "/" not in text:
            size = abs(float(text))
            if size >= LARGEST or (size < LEAST and text.strip("-+0._ ")):
                return None
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None
    return value if abs(value) < LARGEST else None
