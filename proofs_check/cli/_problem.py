"""A problem from a TOML file or from flags, which replace entries of the file."""

from pathlib import Path
from typing import Any

from linrep._checks import require
from linrep.problems import Problem
from proofs_check import problem_files


def spec(
    file: Path | None,
    *,
    process: str | None,
    features: str | None,
    labels: str | None,
    dim: int | None,
    owner: str,
) -> dict[str, Any]:
    """What is said of a problem, as a problem file says it.

    Raises:
        InputError: a file or a flag that cannot be read, or nothing at all.

    Source: ours.

    >>> spec(None, process=None, features="OneHot", labels=None, dim=2, owner="compare")
    {'features': {'type': 'OneHot'}, 'dim': 2}
    """
    found: dict[str, Any] = {} if file is None else problem_files.load(file)
    for name, text in (("process", process), ("features", features), ("labels", labels)):
        if text is not None:
            found[name] = problem_files.inline(text, owner=f"--{name}")
    require(dim is None or dim >= 1, f"--dim: {dim} is given, but it must be at least 1; pass such a number.")
    found |= {} if dim is None else {"dim": dim}
    require(
        found, f"{owner}: no problem was given; name a TOML file, or pass --process, --features, --labels and --dim."
    )
    return found


def refuse_beyond_rank(problem: Problem, *, owner: str) -> None:
    """The library fills columns beyond the rank with zeros; at the command line such a d is most likely a slip.

    Raises:
        InputError: a dimension beyond the rank of the features.

    Source: ours.

    >>> import linrep as lr
    >>> p = lr.processes.FiniteProcess([1, 1], [[1, 0], [0, 1]])
    >>> refuse_beyond_rank(lr.Problem(p, lr.features.OneHot(), dim=2), owner="compare")
    """
    rank = problem.solution.rank
    require(
        problem.weights is not None or problem.dim <= rank,
        f"{owner}: dim is {problem.dim}, but the features have rank {rank} on this process; "
        f"pass a dim of at most {rank}, or weights with zero columns.",
    )
