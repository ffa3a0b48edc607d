"""The peer of `benchmarks/batched.py`: what all covered theorems take and give, by NumPy's batched routines.

Problems of full rank, without ties, with signs as labels and their own features. Hypotheses and trivial values, which
ours gives too, are left out. Formulas are those of the theorems, over NumPy arrays.
"""

import numpy as np

import linrep as lr
from linrep import symbols as sym
from linrep.bounds import FLOAT, Choice, Kind, Theorem

Table = dict[sym.Quantity, np.ndarray]

MASSES = {sym.MARGIN_MASS_AUGMENTED: 0, sym.MARGIN_MASS_MEAN: 1}


def evaluate(batch: lr.batched.Batch, theorems: tuple[Theorem, ...], chunk: int) -> dict[str, np.ndarray]:
    """The bound of each theorem at its best index, (B,)."""
    found = []
    for start in range(0, len(batch), chunk):
        table, grids = quantities(batch, slice(start, start + chunk))
        found.append({t.key: best(t, table, grids) for t in theorems})
    return {t.key: np.concatenate([part[t.key] for part in found]) for t in theorems}


def every_quantity(batch: lr.batched.Batch, chunk: int) -> list:
    """What the formulas take, without the formulas."""
    return [quantities(batch, slice(start, start + chunk)) for start in range(0, len(batch), chunk)]


def best(theorem: Theorem, table: Table, grids: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> np.ndarray:
    """A formula on arrays (B, index, margin), and its best entry, or the closest to what it bounds."""
    grid = next((grids[MASSES[q]] for q in theorem.inputs if q in MASSES), None)

    def shaped(quantity: sym.Quantity) -> np.ndarray:
        if grid is not None and (quantity in MASSES or quantity == sym.MARGIN):
            return grid[2 if quantity in MASSES else 0][:, None]
        value = table[quantity]
        return value[:, :, None] if value.ndim == 2 else value[:, None, None]

    values = np.asarray(theorem.value(*map(shaped, theorem.inputs), field=FLOAT))
    if theorem.choice is Choice.NONE:
        return values[:, 0, 0]
    usable = (table[sym.HEAD_EIGENVALUE] > table[sym.CUT_RETAINED][:, None])[:, :, None]
    if grid is not None:
        usable = usable & grid[1][:, None]
    aim = values - shaped(theorem.bounds) if theorem.choice is Choice.EVERY else values
    score = np.where(usable, aim if theorem.kind is Kind.UPPER else -aim, np.inf).reshape(len(values), -1)
    place = np.argmin(score, axis=1)
    return np.broadcast_to(values, usable.shape).reshape(len(values), -1)[np.arange(len(values)), place]


def quantities(batch: lr.batched.Batch, at: slice) -> tuple[Table, list[tuple[np.ndarray, np.ndarray, np.ndarray]]]:
    """Everything that the theorems speak of, and the margins of views and of means."""
    assert batch.features is not None
    prior, channel, phi, labels = batch.prior[at], batch.channel[at], batch.features[at], batch.labels[at]
    joint = prior[:, :, None] * channel
    marginal = joint.sum(axis=1)
    views, root = np.sqrt(marginal)[:, :, None] * phi, np.sqrt(prior)[:, :, None]
    factor = np.linalg.cholesky(views.swapaxes(1, 2) @ views)
    means = np.linalg.solve(factor, (root * (channel @ phi)).swapaxes(1, 2))
    values, vectors = np.linalg.eigh(means @ means.swapaxes(1, 2))
    kappa, vectors = values[:, ::-1], vectors[:, :, ::-1]
    turned = vectors.swapaxes(1, 2) @ means
    signs = np.stack([labels < 0, labels > 0], axis=2).astype(float)
    targets = root * np.concatenate([labels[:, :, None], signs], axis=2)
    cross = turned @ targets
    mass = joint.swapaxes(1, 2) @ signs
    bayes = np.sqrt(marginal)[:, :, None] * (mass == mass.max(axis=2, keepdims=True))
    white = np.linalg.solve(factor, views.swapaxes(1, 2))
    table = risks(kappa, cross, targets, batch.dim)
    table |= spectra(kappa, batch.dim)
    table |= views_only(joint, prior, marginal, mass, batch.dim)
    table |= bayes_risks(bayes, white, vectors, batch.dim)
    table |= budgets(kappa, turned, root[:, :, 0] * (labels - (prior * labels).sum(axis=1)[:, None]), batch.dim)
    score = np.squeeze(white.swapaxes(1, 2) @ (vectors @ cross[:, :, :1]), 2) / np.sqrt(marginal)
    return table, margins(score, channel, prior, labels, mass)


def risks(kappa: np.ndarray, cross: np.ndarray, targets: np.ndarray, dim: int) -> Table:
    """Risks and energies of the label, and head norms."""
    energy = cross**2 / kappa[:, :, None]
    whole, label = (targets**2).sum(axis=1), cross[:, :, 0] ** 2
    cubed = cross[:, :dim, 1:] ** 2 / kappa[:, :dim, None]
    best_mean = whole[:, 0] - energy[:, :, 0].sum(axis=1)
    predicted, inconsistency = label.sum(axis=1), ((1 - kappa) * label).sum(axis=1)
    return {
        sym.MEAN_RISK: whole[:, 0] - energy[:, :dim, 0].sum(axis=1),
        sym.AUGMENTED_RISK: whole[:, 0] - label[:, :dim].sum(axis=1),
        sym.BEST_MEAN_RISK: best_mean,
        sym.BEST_AUGMENTED_RISK: whole[:, 0] - predicted,
        sym.RISK_GAP: whole[:, 0] - predicted - best_mean,
        sym.PREDICTED_ENERGY: predicted,
        sym.INCONSISTENCY: inconsistency,
        sym.MEAN_ENERGY: np.cumsum(energy[:, :dim, 0], axis=1),
        sym.SCORE_ENERGY: predicted,
        sym.SCORE_INCONSISTENCY: inconsistency,
        sym.CLASS_MEAN_RISK: 1 - energy[:, :dim, 1:].sum(axis=(1, 2)),
        sym.HEAD_NORM_AUGMENTED: np.sqrt(cubed.sum(axis=(1, 2))),
        sym.HEAD_NORM_MEAN: np.sqrt((cubed / kappa[:, :dim, None] ** 2).sum(axis=(1, 2))),
    }


def spectra(kappa: np.ndarray, dim: int) -> Table:
    """Eigenvalues at the places that bounds ask for; the representation is a minimiser."""
    nothing = np.zeros(len(kappa))
    return {
        sym.SUBOPTIMALITY: nothing,
        sym.HEAD_DEFECT: np.zeros((len(kappa), dim)),
        sym.HEAD_SIZE: np.broadcast_to(np.arange(1.0, dim + 1), (len(kappa), dim)),
        sym.HEAD_EIGENVALUE: kappa[:, :dim],
        sym.HEAD_LAMBDA: 1 - kappa[:, :dim],
        sym.TAIL_EIGENVALUE: 1 - kappa[:, 1 : dim + 1],
        sym.CUT_EIGENVALUE: 1 - kappa[:, dim],
        sym.CUT_RETAINED: kappa[:, dim],
        sym.LAST_RETAINED: kappa[:, dim - 1],
        sym.DIM: nothing + dim,
    }


def views_only(joint: np.ndarray, prior: np.ndarray, marginal: np.ndarray, mass: np.ndarray, dim: int) -> Table:
    """What does not depend on the features."""
    normalised = joint / np.sqrt(prior[:, :, None] * marginal[:, None])
    every = np.linalg.eigvalsh(normalised @ normalised.swapaxes(1, 2))
    noise = 1 - mass.max(axis=2).sum(axis=1)
    inputs = prior.shape[1]
    return {
        sym.LABEL_NOISE: noise,
        sym.BAYES_DISAGREEMENT: noise,
        sym.N_INPUTS: np.full(len(prior), float(inputs)),
        sym.COUNTING_FLOOR: np.full(len(prior), float(lr.witnesses.counting_floor(inputs, dim))),
        sym.IDENTIFICATION_ERROR: 1 - joint.max(axis=1).sum(axis=1),
        sym.POSTERIOR_COLLISION: (joint**2 / marginal[:, None]).sum(axis=(1, 2)),
        sym.UNRESTRICTED_CUT_EIGENVALUE: 1 - every[:, -dim - 1],
    }


def bayes_risks(bayes: np.ndarray, white: np.ndarray, vectors: np.ndarray, dim: int) -> Table:
    """Regressions on the Bayes label."""
    seen = white @ bayes
    both, head = (seen**2).sum(axis=1), vectors[:, :, :dim].swapaxes(1, 2) @ seen
    return {
        sym.BAYES_REGRESSION: 1 - ((seen[:, :, 1] - seen[:, :, 0]) ** 2).sum(axis=1),
        sym.BAYES_CLASS_REGRESSION: 1 - both.sum(axis=1),
        sym.BAYES_TARGET_RISK: 1 - (head**2).sum(axis=(1, 2)),
    }


def budgets(kappa: np.ndarray, turned: np.ndarray, centred: np.ndarray, dim: int) -> Table:
    """What an error of the loss may cost before the label is lost."""
    normal = (turned @ centred[:, :, None])[:, :, 0]
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    shadow = turned - normal[:, :, None] * (normal[:, None] @ turned)
    blind = np.linalg.eigvalsh(shadow @ shadow.swapaxes(1, 2))[:, ::-1][:, :dim]
    squares = kappa**2
    return {
        sym.VACUITY_BUDGET: squares[:, :dim].sum(axis=1) - (blind**2).sum(axis=1),
        sym.INTERLACING_BUDGET: squares[:, 0] - squares[:, dim],
    }


def margins(
    score: np.ndarray, channel: np.ndarray, prior: np.ndarray, labels: np.ndarray, mass: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Margins gamma, whether each is positive, and the mass below, of one view and of the mean of an input."""
    of_view = np.abs(score)
    values, masses = np.concatenate([-score, score], axis=1), np.concatenate([mass[:, :, 0], mass[:, :, 1]], axis=1)
    seen = np.where(score > 0, mass[:, :, 1], mass[:, :, 0]) > 0
    of_mean = labels * (channel @ score[:, :, None])[:, :, 0]
    return [
        (of_view, (of_view > 0) & seen, below(of_view, values, masses)),
        (of_mean, of_mean > 0, below(of_mean, of_mean, prior)),
    ]


def below(gamma: np.ndarray, values: np.ndarray, masses: np.ndarray) -> np.ndarray:
    """The mass of the values below each gamma, by sorting."""
    order = np.argsort(values, axis=1)
    sums = np.cumsum(np.take_along_axis(masses, order, axis=1), axis=1)
    sums = np.concatenate([np.zeros((len(gamma), 1)), sums], axis=1)
    ranks = (np.take_along_axis(values, order, axis=1)[:, None] < gamma[:, :, None]).sum(axis=2)
    return np.take_along_axis(sums, ranks, axis=1)
