"""
First contact: the bound next to the truth
==========================================

Fifty signs; augmentation keeps ten of them and scales the other forty by a common random factor.
The label is the first sign, features are linear, the representation has ten dimensions. What does a
theorem promise as the loss grows?
"""

import jax

import linrep as lr
from linrep.gallery import example_one_swap

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64

process = lr.processes.HypercubeScaling(dim=50, relevant=10, scale=lr.processes.Uniform(0, 1))
problem = lr.Problem(process, lr.features.Linear(), lr.labels.Coordinate(0), dim=10)
print(f"fifty signs, ten of them kept; smallest loss at d = 10: {problem.solution.loss:g}")

###############################################################################
# Three representations turn the label's coordinate towards one that augmentation spoils, and the
# last one loses it. Each costs some loss. Two theorems see only that excess loss.

ours, published = lr.bounds.linrep26.SUBOPTIMAL_MEAN, lr.bounds.saunshi22.HYPERCUBE
print(f"{'representation':<28}{'loss':>9}{'actual risk':>13}{'T5 (ours)':>11}{'32 k eps':>10}")
turned = {f"e_1 turned by {angle}": example_one_swap(angle) for angle in (0.1, 0.3, 1.0)}
for name, asked in {"a minimiser": problem, **turned, "e_1 swapped for e_11": example_one_swap()}.items():
    loss = lr.losses.spectral(asked.moments, asked.representation)
    truth = lr.actual(ours, asked).upper
    first, second = (lr.evaluate(theorem, asked).value for theorem in (ours, published))
    print(f"{name:<28}{loss:>9.4f}{truth:>13.4f}{first:>11.4f}{second:>10.4f}")

###############################################################################
# T5 is about the squared error, where a constant reaches 1: it speaks up to an excess loss of 7/16.
# The bound 32 k eps of Saunshi et al. (2022) is about the 0-1 error, where a constant reaches 1/2:
# it speaks up to an excess loss of 1/640.
