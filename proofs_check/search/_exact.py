"""The exact engine: hypothesis draws problems in exact numbers, climbs towards tight ones, and shrinks what refutes."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import hypothesis
import jax
import numpy as np
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis.configuration import set_hypothesis_home_dir

from linrep._checks import generator
from linrep.bounds import Theorem
from linrep.problems import Problem
from linrep.quantities import Unavailable
from proofs_check.search._best import RefutedError
from proofs_check.search._strategies import problems

Look = Callable[[Problem], float | None]
"""Looks at a problem; returns its tightness, or None where it has none."""
HIGHEST = 10.0
"""Where the hill that hypothesis climbs ends."""


def explore(theorem: Theorem, key: jax.Array, count: int, look: Look, *, shrink: bool = True) -> None:
    """Show `count` generated problems to `look`, and simpler ones after one on which it raises RefutedError.

    Args:
        theorem: tells what to generate.
        key: draws the problems.
        count: how many.
        look: remembers what it wants to keep.
        shrink: whether a refuting problem is made simpler.

    Source: ours; generation and shrinking are those of hypothesis (MacIver, Hatfield-Dodds).

    >>> from linrep.bounds import linrep26
    >>> seen = []
    >>> explore(linrep26.RISK_GAP_MEAN, jax.random.key(0), 5, lambda problem: seen.append(problem))
    >>> len(seen)
    5
    """
    phases = (Phase.generate, Phase.target, *((Phase.shrink,) if shrink else ()))

    @hypothesis.seed(int(generator(key).integers(2**63, dtype=np.int64)))
    @hypothesis.settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),  # pyright: ignore[reportArgumentType]
        verbosity=Verbosity.quiet,
        report_multiple_bugs=False,
    )
    @hypothesis.given(problem=problems(theorem))
    def attempt(problem: Problem) -> None:
        try:
            tightness = look(problem)
        except Unavailable:
            return
        if tightness is not None:
            hypothesis.target(min(tightness, HIGHEST))

    with _own_home():
        try:
            attempt()
        except RefutedError:
            return


@contextmanager
def _own_home() -> Iterator[None]:
    """hypothesis keeps a cache of source files beside the user's; it is put away."""
    with tempfile.TemporaryDirectory() as home:
        set_hypothesis_home_dir(home)
        try:
            yield
        finally:
            set_hypothesis_home_dir(None)
