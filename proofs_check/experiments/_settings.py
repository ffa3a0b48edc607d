"""Example 1 as Table 1 takes it, and the settings that reproduce the published numbers."""

from linrep.processes import HypercubeScaling, Uniform

DIM, RELEVANT, OUT, HIDDEN = 50, 10, 20, 100
"""Coordinates, those that views show unchanged, dimensions of a representation, hidden units."""
BATCH, TEMPERATURE, RATE = 512, 0.5, 1e-3
NEGATIVES = 2 * (BATCH - 1)
"""Views of the other inputs in a batch."""
SCALE = Uniform(0, 1)
PROCESS = HypercubeScaling(dim=DIM, relevant=RELEVANT, scale=SCALE)
