"""
Find the worst case
===================

How much room does a theorem leave? The search looks for the problem on which its two sides are
nearest, among problems that are known to be hard and among generated ones with whole-number
weights, and judges the best one in certified enclosures.
"""

import jax
import matplotlib.pyplot as plt

import linrep as lr
import proofs_check as pc

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64
plt.style.use("proofs_check.plots.linrep")

published, sharper = lr.bounds.saunshi22.LINEAR_CLASS, lr.bounds.linrep26.SHARPENED_45
for theorem in (sharper, published):
    found = pc.search(theorem, key=jax.random.key(0), budget=100, engines=("exact",))
    where = found.name or "a generated problem"
    print(f"{theorem.key:<24} actual / bound {found.tightness:.3f} after {found.tried} problems, on {where}")

###############################################################################
# Our sharper form is an equality on Example 1. Of the published bound a fifth would have been
# enough on the worst problem found. Where does it lose the rest? The proof, evaluated step by step
# on that problem, tells.

worst = found.problem
assert worst is not None
print(f"prior {worst.process.weights.prior.tolist()}")
print(f"channel {worst.process.weights.channel.tolist()}")
print(f"labels {worst.label.values.tolist()}, d = {worst.dim}")
steps = pc.chain(published, worst).path
values = [float(steps[0].left), *(float(step.right) for step in steps)]
reasons = ["what is bounded", *(step.step.reason for step in steps)]
for place, (value, reason) in enumerate(zip(values, reasons, strict=True)):
    print(f"{place:>2} {value:8.4f}   {reason}")

###############################################################################
# The same as a picture, by the numbers of the steps: the dashed line is what a constant reaches.

figure, axes = plt.subplots(figsize=(6, 3))
axes.barh(range(len(values)), values, color=["#000000"] + ["#0072B2"] * len(steps))
axes.axvline(0.5, color="#6E6E6E", linestyle="--", linewidth=1)
axes.set_yticks(range(len(values)))
axes.invert_yaxis()
axes.set(xlabel="0-1 error (step 0), and what each step of the proof puts above it", ylabel="step")
plt.show()
