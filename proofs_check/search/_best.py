"""The best problem that a search has met, and what becomes of the next one."""

from dataclasses import dataclass
from typing import Any

from linrep._checks import InputError
from linrep.bounds import Theorem
from linrep.evaluate import Status
from linrep.problems import Problem
from proofs_check.search._found import Found, proved, quick
from proofs_check.search._instances import decoded, encoded
from proofs_check.search._listed import Listed
from proofs_check.search._state import State
from proofs_check.verdict import Verdict


class RefutedError(Exception):
    """A problem on which the inequality fails ends a search. Source: ours.

    >>> issubclass(RefutedError, Exception)
    True
    """


@dataclass
class Best:
    """The best problem so far; the one thing in a search that changes.

    Attributes:
        theorem: what is searched for.
        tried: problems looked at.
        tightness, problem, verdict, name, engine: of the best one, as in `Found`.
        current: the engine at work.

    Source: ours.

    >>> from linrep.bounds import linrep26
    >>> from linrep.gallery import flip_dictator
    >>> best = Best(linrep26.RISK_GAP_MEAN)
    >>> _ = best.look(flip_dictator(), "flip_dictator")
    >>> best.found.tightness
    1.0
    """

    theorem: Theorem
    tried: int = 0
    tightness: float | None = None
    problem: Problem | None = None
    verdict: Verdict | None = None
    name: str = ""
    engine: str = ""
    current: str = ""

    @property
    def refuted(self) -> bool:
        """Whether a failure is proved."""
        return self.found.refuted

    @property
    def found(self) -> Found:
        """What a search returns."""
        return Found(self.theorem.key, self.problem, self.verdict, self.tightness, self.tried, self.engine, self.name)

    @property
    def plain(self) -> dict[str, Any] | None:
        """The best problem as plain values."""
        if self.problem is None:
            return None
        return {"listed": self.name} if self.name else encoded(self.problem)

    def look(self, problem: Problem, name: str = "") -> float | None:
        """Look at one problem in floats, and in enclosed numbers where it seems to be the best or to refute.

        Raises:
            RefutedError: the inequality is proved to fail on it.
        """
        self.tried += 1
        seems = quick(self.theorem, problem)
        if seems is not None and (self.tightness is None or seems > self.tightness or seems > 1):
            self._prove(problem, name)
        return seems

    def _prove(self, problem: Problem, name: str) -> None:
        result = proved(self.theorem, problem)
        verdict, tightness = (None, None) if result is None else result
        if verdict is None or tightness is None:
            return
        fails = verdict.status is Status.FAILS and verdict.is_proof
        if fails or (not self.refuted and (self.tightness is None or tightness > self.tightness)):
            self.verdict, self.tightness, self.problem = verdict, tightness, problem
            self.name, self.engine = name, self.current
        if fails:
            raise RefutedError

    def again(self, state: State, first: dict[str, Listed]) -> None:
        """Judge the best problem of an earlier run anew."""
        assert state.best is not None
        name = state.best.get("listed", "")
        if name and name not in first:
            raise InputError(f"search: the state names the problem {name!r}, which is not listed; name another file.")
        self.current = state.engine
        try:
            self._prove(first[name].problem if name else decoded(state.best), name)
        except RefutedError:
            return
