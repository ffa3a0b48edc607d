"""`search`: the problem on which a theorem is tightest, from listed problems and two engines."""

import math
from collections.abc import Iterable, Sequence
from pathlib import Path

import jax

from linrep._checks import positive_int
from linrep.bounds import Theorem
from proofs_check.names import chosen
from proofs_check.search import _gradient, _state
from proofs_check.search._best import Best, RefutedError
from proofs_check.search._exact import explore
from proofs_check.search._found import Found
from proofs_check.search._listed import Listed, embedded_problems, examples
from proofs_check.search._state import State

BUDGET = 400
"""Problems that each engine may look at, unless said otherwise."""
ROUND = 100
"""Problems of one round of the exact engine."""
ENGINES = ("exact", "gradient")
"""The two ways in which problems are made."""


def search(
    theorem: Theorem,
    *,
    key: jax.Array,
    budget: int = BUDGET,
    engines: Sequence[str] = ENGINES,
    resume: Path | None = None,
    listed: Iterable[Listed] | None = None,
) -> Found:
    """The problem with the least slack, relative to the larger side, that is found; a failure ends the search.

    The examples of the theorem and the embedded problems come first, then each engine in rounds. "exact" generates
    problems with integer weights and makes a failure as simple as it can; "gradient" climbs from many random starts
    at once and rounds the best to exact weights (for theorems in spectra and risks). The best is judged with enclosed
    numbers; 0 <= 0 does not count as tight.

    Args:
        theorem: of the catalogue, or a broken variant.
        key: draws everything random.
        budget: problems that each engine may look at.
        engines: out of "exact" and "gradient".
        resume: a file that is written after every round and continued from, if it is there.
        listed: problems to try first; None stands for the theorem's examples and the embedded ones.

    Raises:
        InputError: an unknown engine, a budget below 1, or a file of another search.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> found = search(linrep26.HYPERCUBE, key=jax.random.key(0), budget=1, engines=("exact",))
    >>> found.name, round(found.tightness, 6), found.refuted
    ('example_one_swap', 1.0, False)
    """
    positive_int(budget, owner="search", name="budget")
    wanted = [chosen(name, ENGINES, owner="search", what="engine") for name in engines]
    words = _state.words(key)
    state = State(theorem.key, words) if resume is None else _state.load(resume, theorem.key, words)
    first = (*examples(theorem), *embedded_problems()) if listed is None else tuple(listed)
    best = Best(theorem, state.tried)
    if state.best is not None:
        best.again(state, {entry.name: entry for entry in first})
    for engine in ("listed", *wanted):
        for number in range(state.done(engine), _rounds(theorem, engine, budget)):
            if best.refuted:
                break
            _round(best, engine, jax.random.fold_in(key, number), number, first, budget)
            state = state.after(engine, tried=best.tried, best=best.plain, engine=best.engine)
            if resume is not None:
                _state.save(state, resume)
    return best.found


def _rounds(theorem: Theorem, engine: str, budget: int) -> int:
    if engine == "listed":
        return 1
    if engine == "exact":
        return math.ceil(budget / ROUND)
    return math.ceil(budget / _gradient.RESTARTS) if _gradient.covers(theorem) else 0


def _round(best: Best, engine: str, key: jax.Array, number: int, first: Sequence[Listed], budget: int) -> None:
    best.current = engine
    if engine == "exact":
        return explore(best.theorem, key, ROUND, best.look)
    try:
        if engine == "listed":
            for entry in first:
                best.look(entry.problem, entry.name)
        else:
            restarts = min(_gradient.RESTARTS, budget - number * _gradient.RESTARTS)
            best.tried += restarts
            for problem in _gradient.winners(best.theorem, key, number, restarts):
                best.look(problem)
    except RefutedError:
        return None
