"""
Is my augmentation nearly disjoint?
===================================

Then no guarantee that ignores the function class can help. Eight documents; a view shows the words
of its own document, or with a small probability those of one of its neighbours on a ring. How much
excess loss may a representation have before a guarantee that knows all functions, the loss and d
alone has nothing left to say?
"""

from fractions import Fraction

import jax
import matplotlib.pyplot as plt
import numpy as np

import linrep as lr

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64
plt.style.use("proofs_check.plots.linrep")

N, DIM = 8, 3
labels = np.where(np.arange(N) < N // 2, 1, -1)


def problem(noise: Fraction) -> lr.Problem:
    """Each input shows its own view, or one of the two next to it, exactly; all functions of a view are allowed."""
    own, other = np.eye(N, dtype=object), np.roll(np.eye(N, dtype=object), 1, axis=1)
    process = lr.processes.FiniteProcess([1] * N, own * (1 - noise) + (other + other.T) * (noise / 2))
    return lr.Problem(process, lr.features.OneHot(), labels, dim=DIM)


def budget(asked: lr.Problem) -> float:
    """The excess loss from which on some representation knows nothing of the label."""
    return lr.transfer.threshold(asked.moments, dim=DIM).budget


###############################################################################
# At no noise at all the budget is nothing: even a minimiser may know nothing of the label. The
# ceiling 4 tau / (1 - d/N) is a theorem: it needs only the identification error tau, how often a
# view tells wrongly whose it is.

print(f"{'noise':>8}{'tau':>9}{'lambda_4':>10}{'ceiling':>9}{'budget':>9}")
for noise in (Fraction(1, 3), Fraction(1, 10), Fraction(1, 100), Fraction(1, 1000), Fraction(0)):
    asked = problem(noise)
    ceiling = lr.evaluate(lr.bounds.linrep26.NEAR_DISJOINT_IDENTIFICATION, asked).value
    gap = 1 - asked.solution.spectrum.kappa(DIM + 1)
    tau = float(asked.process.identification_error)
    print(f"{noise!s:>8}{tau:>9.4f}{gap:>10.4f}{ceiling:>9.4f}{budget(asked):>9.4f}")

###############################################################################
# Both shrink in proportion to the noise.

noises = [Fraction(1, n) for n in (3, 5, 10, 20, 50, 100, 200, 500, 1000)]
taus = [float(problem(noise).process.identification_error) for noise in noises]
ceilings = [lr.evaluate(lr.bounds.linrep26.NEAR_DISJOINT_IDENTIFICATION, problem(n)).value for n in noises]
figure, axes = plt.subplots(figsize=(5.5, 3.6))
axes.loglog(taus, ceilings, color="#D55E00", label="ceiling, from tau alone")
axes.loglog(taus, [budget(problem(noise)) for noise in noises], "o-", color="#000000", label="budget of this label")
axes.set(xlabel="identification error tau", ylabel="excess loss that a guarantee can bear")
axes.legend()
plt.show()
