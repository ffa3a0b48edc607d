"""
Bound against actual
====================

One representation is turned away from the label little by little. Its excess loss grows, its risk
grows, and so does what theorems promise: at which excess loss does each of them stop saying
anything?
"""

import jax
import matplotlib.pyplot as plt
import numpy as np

import linrep as lr
from linrep.gallery import example_one_swap

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64
plt.style.use("proofs_check.plots.linrep")

problems = [example_one_swap(angle) for angle in np.geomspace(0.004, np.pi / 2, 18)]
ours, published = lr.bounds.linrep26.SUBOPTIMAL_MEAN, lr.bounds.saunshi22.LINEAR_CLASS
values = {theorem: [lr.evaluate(theorem, asked) for asked in problems] for theorem in (ours, published)}
excess = [value.terms["suboptimality"] for value in values[ours]]
truths = {theorem: [lr.actual(theorem, asked) for asked in problems] for theorem in (ours, published)}
print(f"T5 says something on {sum(not v.vacuous for v in values[ours])} of {len(problems)}")
print(f"Theorem 4.5 says something on {sum(not v.vacuous for v in values[published])} of {len(problems)}")

###############################################################################
# Left, the squared error and T5 of ours, an equality at both ends. Right, the 0-1 error and Theorem
# 4.5 of Saunshi et al. (2022); where the truth is known between two ends only, a grey band shows
# them. Above the dashed line a bound is vacuous: the best constant does as well.

figure, panels = plt.subplots(1, 2, figsize=(8, 3.4))
for axes, theorem, name in zip(panels, (ours, published), ("squared error", "0-1 error"), strict=True):
    trivial = values[theorem][0].trivial
    lower, upper = ([getattr(truth, end) for truth in truths[theorem]] for end in ("lower", "upper"))
    axes.axhline(trivial, color="#6E6E6E", linestyle="--", linewidth=1, label="best constant")
    axes.plot(excess, [value.value for value in values[theorem]], color="#0072B2", label="bound")
    axes.fill_between(excess, lower, upper, color="#6E6E6E", alpha=0.3, linewidth=0)
    axes.plot(excess, lower, excess, upper, color="#000000")
    axes.set(xscale="log", xlabel="excess loss", ylabel=name, title=theorem.key)
    axes.set_ylim(-0.03 * trivial, 1.5 * trivial)
panels[0].plot([], [], color="#000000", label="actual")
panels[0].legend()
plt.show()
