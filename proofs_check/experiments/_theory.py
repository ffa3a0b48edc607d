"""What is known without training on Example 1: the linear optimum, and codes that fill the sphere."""

import math

import jax
import numpy as np
from scipy import integrate, stats

from linrep._checks import generator
from linrep.tables import Table
from linrep.training import probe
from proofs_check.experiments._settings import BATCH, DIM, NEGATIVES, RELEVANT, TEMPERATURE

PUBLISHED_LOSS = 4.939
"""Of the perfect and of the spurious global minimiser."""
EPS, PRECISION = float(np.finfo(np.float64).eps), 1e-12


def code_loss(signs: int, temperature: float, negatives: int) -> float:
    """The in-batch loss, E log(1 + Σ_j exp((s_j − 1)/t)) over m negatives, of a code of k independent fair signs.

    Both views of an input share its code, of unit norm; the score s of two inputs is the mean of k fair signs, the same
    for both views of a negative. As log(1 + S) = ∫ e^{−u} (1 − e^{−uS}) du/u over u > 0 (Frullani), independence leaves
    one integral: of e^{−u} (1 − M(u)^{m/2})/u, M(u) = E exp(−2u e^{(s−1)/t}). Here u = e^v.

    The unit-norm projection on k relevant coordinates is such a code: the optimum of the linear class on Example 1.

    Source: ours.

    >>> round(code_loss(10, 0.5, 1022), 4)
    5.1337
    """
    weights, terms = _score_law(signs, temperature)

    def integrand(v: float) -> float:
        u = math.exp(v)
        power = negatives / 2 * math.log1p(float(weights @ np.expm1(-2 * u * terms)))
        return -math.exp(-u) * math.expm1(power)

    # below the first limit lies less than eps, as the integrand is at most u E S; above the second, less than e^{−u}
    limits = math.log(EPS / (negatives * float(weights @ terms))), math.log(-math.log(EPS))
    return float(integrate.quad(integrand, *limits, epsabs=PRECISION, epsrel=PRECISION, limit=400)[0])


def code_loss_of_means(signs: int, temperature: float, negatives: int) -> float:
    """log(1 + m E exp((s − 1)/t)): the logarithm of the mean in place of the mean of the logarithm, and so above it.

    >>> round(code_loss_of_means(10, 0.5, 1022), 4)  # log(e^{1/t} + m cosh(1/(kt))^k) − 1/t
    5.1341
    """
    weights, terms = _score_law(signs, temperature)
    return math.log1p(negatives * float(weights @ terms))


def _score_law(signs: int, temperature: float) -> tuple[np.ndarray, np.ndarray]:
    """exp((s − 1)/t) at each value of the mean s of k fair signs, and its probability."""
    counts = np.arange(signs + 1)
    return stats.binom.pmf(counts, signs, 0.5), np.exp((2 * counts / signs - 2) / temperature)


def code_rows(dims: tuple[int, ...], *, key: jax.Array, size: int) -> Table:
    """Sign codes of the input read off the view: a perfect one that holds the label, and a spurious one that does not.

    The published loss of both is that of a code as long as the batch, and not of 20 coordinates: fewer signs of equal
    weight coincide more often on different inputs, and their loss is higher.

    The views keep the sign of every coordinate, so parities of random subsets are functions of a view that agree on
    positive pairs and are independent fair signs on different inputs. Both codes have one law, hence one loss; the
    losses and the accuracies here are evaluated on drawn inputs.
    """
    rng = generator(key)
    bits = rng.integers(0, 2, (2 * size, DIM), dtype=np.int64)
    labels = np.where((1 - 2 * bits[:, :RELEVANT]) @ rng.standard_normal(RELEVANT) > 0, 1, -1)
    rows = []
    for dim in dims:
        subsets = rng.integers(0, 2, (DIM, dim), dtype=np.int64)
        signs = 1.0 - 2.0 * ((bits @ subsets) % 2)
        perfect = np.column_stack([labels, signs[:, 1:]])
        for name, code in (("perfect", perfect), ("spurious", signs)):
            found = probe(code[:size], labels[:size], code[size:], labels[size:])
            rows.append(
                {
                    "code": name,
                    "dim": dim,
                    "sampled_loss": _batch_loss(code / math.sqrt(dim)),
                    "population_loss": code_loss(dim, TEMPERATURE, NEGATIVES),
                    "population_loss_of_means": code_loss_of_means(dim, TEMPERATURE, NEGATIVES),
                    "sampled_accuracy": found.logistic,
                    "published_loss": PUBLISHED_LOSS,
                    "published_accuracy": 1.0 if name == "perfect" else 0.5,
                }
            )
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "sampled beside population"})


def _batch_loss(code: np.ndarray) -> float:
    """The in-batch loss where both views of an input have the same code, over as many batches as there are rows."""
    losses = []
    for begin in range(0, len(code) - BATCH + 1, BATCH):
        scores = np.exp(code[begin : begin + BATCH] @ code[begin : begin + BATCH].T / TEMPERATURE)
        own = np.diagonal(scores)
        losses.append(np.mean(np.log(2 * (scores.sum(axis=1) - own) + own) - np.log(own)))
    return float(np.mean(losses))
