"""
The tie that a solver hides
===========================

Add a constant to linear features, and at d = 10 eleven best functions compete for ten places. A
solver returns one choice; the loss cannot tell it from another, but the downstream risk can.
"""

import jax
import matplotlib.pyplot as plt
import numpy as np

import linrep as lr

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64
plt.style.use("proofs_check.plots.linrep")

process = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
moments = lr.moments.population(process, lr.features.Affine(), lr.labels.Coordinate(0))
solution = lr.solve(moments, dim=10)
tie = solution.tie
print(f"loss {solution.loss:g}; {tie.size} functions of eigenvalue {tie.value:g} compete for {tie.kept} places")

###############################################################################
# Two minimisers, chosen by hand: one leaves out the constant, the other the label's own coordinate.

basis = np.eye(51)
for left_out, name in ((0, "the constant"), (1, "the label's coordinate")):
    weights = np.delete(basis[:, :11], left_out, axis=1)
    risk = lr.risks.regression(moments, weights, readout="mean")
    print(f"without {name:<24} loss {lr.losses.spectral(moments, weights):g}, risk {risk:g}")

###############################################################################
# So the honest answer is a range, over all minimisers. Without the constant there is no tie, and no
# doubt.

lowest, average, highest = solution.risk_range("mean")
print(f"over all minimisers: risk from {lowest:.3f} to {highest:.3f}, {average:.3f} on average")

linear = lr.solve(lr.moments.population(process, lr.features.Linear(), lr.labels.Coordinate(0)), dim=10)
print(f"linear features, no constant: tie {linear.tie}, risk at most {linear.risk_range('mean').highest:.3f}")

###############################################################################
# Turn one minimiser into the other: the loss stays where it is, and the risk goes all the way from
# 0 to 1.

angles = np.linspace(0, np.pi / 2, 50)
turned = [np.column_stack((basis[:, 2:11], np.cos(a) * basis[:, 1] + np.sin(a) * basis[:, 0])) for a in angles]
figure, axes = plt.subplots(figsize=(5.5, 3.2))
risks = [lr.risks.regression(moments, weights, readout="mean") for weights in turned]
losses = [lr.losses.spectral(moments, weights) + 10 for weights in turned]
axes.plot(np.degrees(angles), risks, color="#000000", label="downstream risk")
axes.plot(np.degrees(angles), losses, color="#0072B2", label="excess loss")
axes.set(xlabel="angle between the label's coordinate and the constant, in degrees", ylim=(-0.05, 1.05))
axes.legend()
plt.show()
