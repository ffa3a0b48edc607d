"""
Real digits
===========

1,797 handwritten digits of 8 x 8 pixels; a view is a digit moved by at most one pixel either way.
Which linear functions of the pixels does a contrastive loss keep, and how well does a linear
readout tell the ten digits from them? Everything here is exact for these images and this
augmentation: nothing is trained, nothing is sampled.
"""

import jax
import matplotlib.pyplot as plt
import numpy as np

import linrep as lr
from linrep.datasets import digits  # needs the extra `experiments`

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64
plt.style.use("proofs_check.plots.linrep")

data = digits()
process = lr.processes.ImageShifts(data.images, radius=1, boundary="zero")
moments = lr.moments.population(process, lr.features.Affine(), lr.labels.Table(data.labels, "classes"))
largest = lr.solve(moments, dim=40)

###############################################################################
# The functions that survive the shifts best, by what they see: the correlation of each pixel with
# the function, smooth at first, then finer and finer. kappa is how much of a function a shift
# leaves.

figure, panels = plt.subplots(2, 6, figsize=(8, 3.3))
for place, axes in enumerate(panels.flat, start=1):  # the first function is the constant
    pixels = (moments.sigma[1:] @ largest.weights[:, place]).reshape(8, 8)
    axes.imshow(pixels, cmap="RdBu", vmin=-np.abs(pixels).max(), vmax=np.abs(pixels).max())
    axes.set_title(f"κ = {largest.eigenvalues[place]:.3f}", fontsize=9)
    axes.set_axis_off()
plt.show()

###############################################################################
# What a guarantee can make of it: the risk of a minimiser from one view and from the mean over
# views, the promise of theorem T2 for it, and the excess loss from which on no guarantee can say
# anything.

print(f"{'d':>4}{'one view':>10}{'mean':>8}{'T2 says':>9}{'budget':>9}   (a constant has risk 0.9)")
for dim in (2, 5, 10, 20, 40):
    solution = lr.solve(moments, dim=dim)
    one, mean = (solution.risk_range(readout).highest for readout in ("augmented", "mean"))
    problem = lr.Problem(process, lr.features.Affine(), lr.labels.Table(data.labels, "classes"), dim=dim)
    promised = lr.evaluate(lr.bounds.linrep26.RISK_GAP_AUGMENTED, problem)
    budget = lr.transfer.threshold(moments, dim=dim).budget
    print(f"{dim:>4}{one:>10.3f}{mean:>8.3f}{promised.value:>9.3f}{budget:>9.3f}")
