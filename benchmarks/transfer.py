"""Transfer curves of random problems: how wide the band is, whether it meets at its ends, what lies outside.

    python benchmarks/transfer.py [--problems 2000] [--levels 9] [--seed 0] [--readout augmented] [--quick]

A problem is a finite process with 2 to 9 inputs and 2 to 13 views (generic, nearly disjoint, disjoint, or with inputs
that share their views), all functions of a view or a random integer feature table, signs, classes or real labels, and
1 <= d <= 4. Risks are in units of the trivial risk; gaps are taken at losses spread evenly between the least loss
and l_vac, over problems where these differ. Last comes how near to equality Lemma 4.4 and theory V6 are, exactly, on
nearly disjoint halves.
"""

import argparse
import os
import time
from fractions import Fraction

os.environ.setdefault("NPROC", "4")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("JAX_ENABLE_X64", "1")

import numpy as np

import linrep as lr
import proofs_check as pc
from linrep.bounds import linrep26, saunshi22
from linrep.gallery import nearly_disjoint_halves

KINDS = ("generic", "nearly disjoint", "disjoint", "shared")


def random_process(rng: np.random.Generator, kind: str) -> lr.processes.FiniteProcess:
    """A process with integer weights."""
    n_bar, n = int(rng.integers(2, 10)), int(rng.integers(2, 14))
    prior = rng.integers(1, 6, n_bar) if rng.random() < 0.5 else np.ones(n_bar, dtype=int)
    owner = np.concatenate([np.arange(n_bar), rng.integers(0, n_bar, int(rng.integers(0, 5)))])
    own = (owner[None, :] == np.arange(n_bar)[:, None]) * rng.integers(1, 4, owner.size)
    if kind == "generic":
        table = rng.integers(0, 5, (n_bar, n))
        table[:, 0] += table.sum(axis=1) == 0
    elif kind == "nearly disjoint":
        table = int(rng.choice([5, 20, 50])) * own + rng.integers(0, 3, own.shape)
    else:
        table = own if kind == "disjoint" else own[np.minimum(np.arange(n_bar), n_bar // 2)]
    return lr.processes.FiniteProcess(prior, table)


def random_problem(rng: np.random.Generator) -> tuple[lr.processes.FiniteProcess, lr.moments.Moments]:
    """A random process, and its moments with features and a label that is not constant."""
    process = random_process(rng, str(rng.choice(KINDS)))
    table = rng.integers(-2, 3, (process.n_views, int(rng.integers(1, 7))))
    features = lr.features.OneHot() if rng.random() < 0.5 else lr.features.Custom(lambda x: table, table.shape[1])
    kind = ("sign", "classes", "real")[int(rng.integers(3))]
    labels = {"sign": rng.choice([-1, 1], process.n_inputs), "classes": rng.integers(0, 3, process.n_inputs)}.get(
        kind, rng.integers(-3, 4, process.n_inputs)
    )
    if np.ptp(labels) == 0 or not np.any(table):
        return random_problem(rng)
    moments = lr.moments.population(process, features, lr.labels.Table(labels.tolist(), kind))
    assert isinstance(moments, lr.moments.Moments)
    return process, moments


def representations(rng: np.random.Generator, moments, dim: int) -> list[np.ndarray]:
    """Random weights, and minimisers perturbed by random amounts."""
    best = lr.solutions.minimisers(lr.solutions.spectrum(moments), dim=dim).weights
    noise = rng.standard_normal((24, moments.dim, dim))
    scales = 10.0 ** rng.uniform(-4, 0.5, 24)
    return [n * s if i % 3 == 0 else best + s * n for i, (n, s) in enumerate(zip(noise, scales, strict=True))]


def risk(process: lr.processes.FiniteProcess, moments: lr.moments.Moments, weights: np.ndarray, readout: str) -> float:
    """The squared error with intercept from values: where f is nearly constant, moments have cancelled."""
    factors = moments.factors
    assert factors is not None
    assert moments.label_sq is not None
    if readout == "mean":
        root, rows, target = np.sqrt(process.prior), factors.means, factors.targets
    else:
        root, rows = np.sqrt(process.marginal), factors.views
        target = (process.channel.T @ (np.sqrt(process.prior)[:, None] * factors.targets)) / root[:, None]
    values = rows @ weights
    left, sizes, _ = np.linalg.svd(values - np.outer(root, root @ values), full_matrices=False)
    # Directions down to 1e-9 of the values keep seven digits; smaller ones are rounding.
    basis = np.column_stack([root, left[:, sizes > 1e-9 * np.linalg.norm(values, 2)]])
    return float(moments.label_sq - np.sum((basis.T @ target) ** 2))


def outside(rng: np.random.Generator, process, moments, found: lr.transfer.TransferCurve, dim: int) -> int:
    """How many random representations lie outside the band."""
    drawn = representations(rng, moments, dim)
    losses = [lr.losses.spectral(moments, w) for w in drawn]
    return found.outside(losses, [risk(process, moments, w, found.readout) for w in drawn]).size


def summary(name: str, gaps: np.ndarray) -> str:
    """Quantiles of a gap."""
    median, tail, largest = np.quantile(gaps, [0.5, 0.95, 1.0])
    return f"{name:28s} median {median:.5f}   95th percentile {tail:.5f}   largest {largest:.4f}"


def tightness(theorem: lr.bounds.Theorem, noise: Fraction) -> str:
    """Actual value over bound, where the theorem is proved in rationals."""
    problem = nearly_disjoint_halves(noise)
    found, bound = pc.check(theorem, problem, "exact"), lr.evaluate(theorem, problem).value
    if not (found.is_proof and found.slack is not None and bound is not None):
        raise SystemExit(f"{theorem.key} is not proved on nearly disjoint halves: an error of this program")
    return f"{theorem.key:38s} noise {noise!s:7s} actual / bound {1 - float(found.slack.lower) / bound:.5f}"


def main() -> None:
    """Print the numbers."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--problems", type=int, default=2000)
    parser.add_argument("--levels", type=int, default=9)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--readout", choices=["augmented", "mean"], default="augmented")
    parser.add_argument("--quick", action="store_true", help="twelve problems, for continuous integration")
    options = parser.parse_args()
    problems = 12 if options.quick else options.problems
    rng, start = np.random.default_rng(options.seed), time.perf_counter()
    wide, sharp, ends, wrong, flat, spent = [], [], [], 0, 0, 0.0
    for _ in range(problems):
        (process, moments), dim = random_problem(rng), int(rng.integers(1, 5))
        limit = lr.transfer.threshold(moments, dim=dim)
        least = limit.loss - limit.budget
        before = time.perf_counter()
        losses = np.linspace(least, max(limit.loss, least), options.levels)
        found = lr.transfer.curve(moments, dim=dim, losses=losses, readout=options.readout)
        spent += time.perf_counter() - before
        wrong += outside(rng, process, moments, found, dim)
        if limit.budget <= found.loss_slack:
            flat += 1
            continue
        wide.append((found.upper - found.lower)[1:-1] / found.trivial)
        sharp.append((found.sharp - found.lower)[1:-1] / found.trivial)
        ends.append((found.sharp - found.lower)[[0, -1]] / found.trivial)
    print(f"{problems} problems, {flat} of them with no budget; {options.readout} readout, seed {options.seed}")
    print(summary("gap, sharp - lower", np.concatenate(sharp)))
    print(summary("gap, V7 upper - lower", np.concatenate(wide)))
    print(f"largest gap at the ends      {np.max(ends):.1e}")
    print(f"representations outside      {wrong} of {24 * problems}")
    print(f"seconds for the curves       {spent:.1f} of {time.perf_counter() - start:.1f}")
    for theorem in (saunshi22.NEAR_DISJOINT, linrep26.NEAR_DISJOINT_CEILING, linrep26.NEAR_DISJOINT_IDENTIFICATION):
        for noise in (Fraction(1, 20), Fraction(1, 1000)):
            print(tightness(theorem, noise))
    if wrong:
        raise SystemExit(f"{wrong} representations lie outside the band: an error of this program")


if __name__ == "__main__":
    main()
