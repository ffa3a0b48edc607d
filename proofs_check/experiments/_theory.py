"""What is known without training on Example 1: the linear optimum, and codes that fill the sphere."""

import math

import jax
import numpy as np

from linrep._checks import generator
from linrep.tables import Table
from linrep.training import probe

PUBLISHED_LOSS = 4.939
"""Of the perfect and of the spurious global minimiser."""


def linear_optimum(relevant: int, temperature: float, negatives: int) -> float:
    """The loss of the unit-norm projection on the relevant coordinates, log(e^{1/t} + m cosh(1/(kt))^k) − 1/t.

    Its scores with independent inputs are means of k fair signs, so that E exp(score/t) is a product of k cosines; the
    logarithm of the mean stands for the mean of the logarithm over the m negatives.

    >>> round(linear_optimum(10, 0.5, 1022), 4)
    5.1341
    """
    return _with_moment(math.cosh(1 / (relevant * temperature)) ** relevant, temperature, negatives)


def _with_moment(moment: float, temperature: float, negatives: int) -> float:
    return math.log(math.exp(1 / temperature) + negatives * moment) - 1 / temperature


def code_rows(dims: tuple[int, ...], *, key: jax.Array, size: int, temperature: float, negatives: int) -> Table:
    """Sign codes of the input read off the view: a perfect one that holds the label, and a spurious one that does not.

    The published loss of both is that of a code as long as the batch, and not of 20 coordinates: fewer signs of equal
    weight coincide more often on different inputs, and their loss is higher.

    The views keep the sign of every coordinate, so parities of random subsets are functions of a view that agree on
    positive pairs and are independent fair signs on different inputs. Both codes have one law, hence one loss; the
    losses and the accuracies here are evaluated on drawn inputs.
    """
    rng = generator(key)
    bits = rng.integers(0, 2, (2 * size, 50), dtype=np.int64)
    labels = np.where((1 - 2 * bits[:, :10]) @ rng.standard_normal(10) > 0, 1, -1)
    rows = []
    for dim in dims:
        subsets = rng.integers(0, 2, (50, dim), dtype=np.int64)
        signs = 1.0 - 2.0 * ((bits @ subsets) % 2)
        perfect = np.column_stack([labels, signs[:, 1:]])
        for name, code in (("perfect", perfect), ("spurious", signs)):
            found = probe(code[:size], labels[:size], code[size:], labels[size:])
            rows.append(
                {
                    "code": name,
                    "dim": dim,
                    "sampled_loss": _batch_loss(code / math.sqrt(dim), temperature, negatives),
                    "population_loss": _with_moment(math.cosh(1 / (dim * temperature)) ** dim, temperature, negatives),
                    "sampled_accuracy": found.logistic,
                    "published_loss": PUBLISHED_LOSS,
                    "published_accuracy": 1.0 if name == "perfect" else 0.5,
                }
            )
    return Table(tuple(rows[0]), tuple(rows), {"evidence": "sampled beside population"})


def _batch_loss(code: np.ndarray, temperature: float, negatives: int) -> float:
    """The in-batch loss where both views of an input have the same code, over as many batches as there are rows."""
    half = negatives // 2 + 1
    losses = []
    for begin in range(0, len(code) - half + 1, half):
        scores = np.exp(code[begin : begin + half] @ code[begin : begin + half].T / temperature)
        own = np.diagonal(scores)
        losses.append(np.mean(np.log(2 * (scores.sum(axis=1) - own) + own) - np.log(own)))
    return float(np.mean(losses))
