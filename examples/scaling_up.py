"""
Scaling up
==========

Three routes for three sizes: products of known spectra need no table at all, sparse tables are
never made dense, and samples that do not fit into memory are summed as they come.
"""

import jax
import matplotlib.pyplot as plt
import numpy as np
import scipy.sparse as sp

import linrep as lr

jax.config.update("jax_enable_x64", True)  # the theory is evaluated in float64
plt.style.use("proofs_check.plots.linrep")

###############################################################################
# Fifty signs, each kept with its own probability: 2^50 inputs and as many views, and all functions
# of a view as the class. Eigenvalues are products of one factor a sign; the label is the majority
# of three reliable signs and two others.

process = lr.processes.HypercubeFlip(dim=50, keep=[0.98] * 10 + [0.8] * 40)
majority = lr.labels.Threshold([1] * 3 + [0] * 7 + [1] * 2 + [0] * 38)
solution = lr.solve(process, dim=1000, labels=majority)
lowest, _, highest = solution.risk_range("mean")
print(f"2^50 views: loss {solution.loss:.4f}, risk of a minimiser from {float(lowest):.4f} to {float(highest):.4f}")
print(f"tied at the cut: {solution.tie.size} functions, {solution.tie.kept} of them kept")

###############################################################################
# The spectrum of all functions falls in steps, one for each number of signs of each kind that a
# function looks at.

figure, axes = plt.subplots(figsize=(5.5, 3.2))
axes.step(np.arange(1, 1001), solution.eigenvalues[:1000], color="#0072B2", where="mid")
axes.set(xlabel="place", ylabel="eigenvalue of K", xscale="log")
plt.show()

###############################################################################
# Twenty thousand inputs in forty clusters that share no view, two hundred thousand views, a sparse
# table: the top of the spectrum, how sure it is that nothing was missed, and the tie that the
# clusters are.

rng = np.random.default_rng(0)
inputs, views, clusters = 20_000, 200_000, 40
rows = np.repeat(np.arange(inputs), 10)
columns = rng.integers(views // clusters, size=rows.size) * clusters + rows % clusters
table = sp.csr_array((np.ones(rows.size, dtype=np.int64), (rows, columns)), shape=(inputs, views))
sparse = lr.solve(lr.processes.FiniteProcess(np.ones(inputs, dtype=np.int64), table), dim=8)
print(f"{table.nnz:,} entries: loss {sparse.loss:.6f}, {sparse.standing}, tie {sparse.tie}")

###############################################################################
# A stream of pairs: moments of each shard, merged, with a derived bound on the rounding.


def shard(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Views, positive views and labels of ten thousand inputs."""
    source = lr.processes.HypercubeFlip(dim=50, keep=[0.98] * 10 + [0.8] * 40)
    drawn, first, second = source.sample_pairs(jax.random.key(seed), 10_000)
    return np.asarray(first), np.asarray(second), np.asarray(drawn[:, 0])


stream = lr.moments.accumulate((shard(seed) for seed in range(5)), lr.features.Linear())
sampled, exact = stream.moments(), lr.moments.population(process, lr.features.Linear(), lr.labels.Coordinate(0))
off = np.abs(sampled.sigma_bar - exact.sigma_bar) / sampled.sigma_bar_error
print(f"{stream.count:,} pairs, rounding at most {stream.rounding:.1e}")
print(f"entries of the second moment between views: off by {off.mean():.2f} standard errors on average")
