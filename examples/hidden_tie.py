"""The tie that a solver hides: affine features at d = 10 have eleven best functions for ten places."""

import jax
import numpy as np

import linrep as lr

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64

process = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
moments = lr.moments.population(process, lr.features.Affine(), lr.labels.Coordinate(0))
solution = lr.solve(moments, dim=10)
tie = solution.tie
print(f"loss {solution.loss:g}; {tie.size} functions of eigenvalue {tie.value:g} compete for {tie.kept} places")

# Two minimisers, chosen by hand: one leaves out the constant, the other the label's own coordinate.
basis = np.eye(51)
for left_out, name in ((0, "the constant"), (1, "the label's coordinate")):
    weights = np.delete(basis[:, :11], left_out, axis=1)
    risk = lr.risks.regression(moments, weights, readout="mean")
    print(f"without {name:<24} loss {lr.losses.spectral(moments, weights):g}, risk {risk:g}")

lowest, average, highest = solution.risk_range("mean")
print(f"over all minimisers: risk from {lowest:.3f} to {highest:.3f}, {average:.3f} on average")

moments = lr.moments.population(process, lr.features.Linear(), lr.labels.Coordinate(0))
linear = lr.solve(moments, dim=10)
print(f"linear features, no constant: tie {linear.tie}, risk at most {linear.risk_range('mean').highest:.3f}")
