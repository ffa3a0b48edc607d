"""Is my augmentation nearly disjoint? Then no guarantee that ignores the function class can help."""

from fractions import Fraction

import jax
import numpy as np

import linrep as lr

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64

# Eight documents; a view shows the words of its own document, or with a small probability those of its neighbours.
N, DIM = 8, 3


def process(noise: Fraction) -> lr.processes.FiniteProcess:
    """Each input shows its own view, or one of the two next to it (on a ring), exactly."""
    own, other = np.eye(N, dtype=object), np.roll(np.eye(N, dtype=object), 1, axis=1)
    return lr.processes.FiniteProcess([1] * N, own * (1 - noise) + (other + other.T) * (noise / 2))


labels = np.where(np.arange(N) < N // 2, 1, -1)
print(f"{'noise':>8}{'tau':>9}{'lambda_4':>10}{'4 tau/(1-d/N)':>15}{'budget':>9}   a class-agnostic guarantee can bear")
for noise in (Fraction(1, 3), Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000), Fraction(0)):
    problem = lr.Problem(process(noise), lr.features.OneHot(), labels, dim=DIM)
    ceiling = lr.evaluate(lr.bounds.linrep26.NEAR_DISJOINT_IDENTIFICATION, problem)
    budget = lr.transfer.threshold(problem.moments, dim=DIM).budget
    gap = 1 - problem.solution.spectrum.kappa(DIM + 1)
    tau = float(problem.process.identification_error)
    alive = budget > problem.solution.spectrum.error
    verdict = "an excess loss below the budget" if alive else "nothing, even at the minimum"
    print(f"{noise!s:>8}{tau:>9.4f}{gap:>10.4f}{ceiling.value:>15.4f}{budget:>9.4f}   {verdict}")
print(
    "\nFrom an excess loss of `budget` on, some representation of that loss knows nothing of the label (squared error)."
)
