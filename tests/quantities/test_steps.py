"""Quantities inside proofs by a second route: dense projectors, least squares over listed views, counting."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import linrep as lr
from linrep import symbols as sym
from linrep.quantities import Grid, Unavailable, measure
from linrep.witnesses._counting import counting_floor, least_agreement, sign_patterns, union_bound
from tests.strategies import KINDS, problems
from tests.tolerances import CLEAR, EPS, RESOLVED, root_budget, rounding, spectral_budget

few = settings(max_examples=60, deadline=None)
LARGEST_CONDITION = 100
"""Spans of better condition are determined to a hundred times the budget of a spectral quantity."""


def value(quantity, problem, k=1):
    return float(np.ravel(measure(quantity, problem, Grid(np.array([[k]]), np.ones((1, 1)))).value)[0])


def drawn(data, labels=None, *, weights):
    """A problem with an integer W, or one about its minimisers."""
    problem = data.draw(problems(data.draw(st.sampled_from(KINDS)), labels=labels))
    if not weights:
        return problem.with_weights(None)
    size = problem.moments.dim * problem.dim
    entries = data.draw(st.lists(st.integers(-3, 3), min_size=size, max_size=size))
    return problem.with_weights(np.array(entries, dtype=float).reshape(-1, problem.dim))


def fit_error(columns, target, mass):
    """min over w of E|target - columns w|^2, by another solver."""
    root = np.sqrt(mass)[:, None]
    found = np.linalg.lstsq(root * columns, root * target, rcond=RESOLVED)[0]
    return float(np.sum((root * (target - columns @ found)) ** 2))


def fitted(columns, target, mass):
    root = np.sqrt(mass)[:, None]
    return columns @ np.linalg.lstsq(root * columns, root * target, rcond=RESOLVED)[0]


def well_conditioned(columns, mass):
    values = np.linalg.svd(np.sqrt(mass)[:, None] * columns, compute_uv=False)
    kept = values[values > RESOLVED * values.max(initial=0)]
    return not kept.size or values.max() <= LARGEST_CONDITION * kept.min()


@few
@given(st.data())
def test_lost_energies_are_least_squares_over_listed_views_and_inputs(data):
    problem = drawn(data, weights=True)
    process, phi = problem.process, problem.features(problem.process.views)
    targets = problem.label.targets(process.inputs).reshape(process.n_inputs, -1)
    best = fitted(phi, np.asarray(process.posterior.T @ targets), process.marginal)
    best_mean = fitted(process.channel @ phi, targets, process.prior)
    values = phi @ problem.representation
    means = process.channel @ values
    assume(well_conditioned(values, process.marginal) and well_conditioned(means, process.prior))
    budget = LARGEST_CONDITION * spectral_budget(problem) * (1 + problem.moments.label_sq)
    assert abs(value(sym.LOST_ENERGY, problem) - fit_error(values, best, process.marginal)) <= budget
    assert abs(value(sym.LOST_MEAN_ENERGY, problem) - fit_error(means, best_mean, process.prior)) <= budget
    if problem.label.kind != "sign":
        left = best[:, :1]
        score = np.asarray(problem.solution.spectrum.basis @ problem.solution.spectrum.cross)[:, 0]
        asked = lr.Problem(process, problem.features, problem.labels, problem.dim, problem.weights, score)
        assert abs(value(sym.SCORE_LOSS, asked) - fit_error(values, left, process.marginal)) <= budget
        residual = left - fitted(values, left, process.marginal)
        through = float(process.prior @ np.sum((process.channel @ residual) ** 2, axis=1))
        assert abs(value(sym.SCORE_MEAN_LOSS, asked) - through) <= budget


class Dense:
    """All functions of a view, by dense linear algebra: K, its eigenvectors, label coordinates and projectors."""

    def __init__(self, problem):
        process = problem.process
        root = np.sqrt(process.marginal)
        kappa, vectors = np.linalg.eigh(process.pair_law / np.outer(root, root))
        self.kappa, self.vectors = np.clip(kappa[::-1], 0, 1), vectors[:, ::-1]
        self.kappa[self.kappa < root_budget(1)] = 0.0
        targets = problem.label.targets(process.inputs).reshape(process.n_inputs, -1)
        self.c = self.vectors.T @ (np.asarray(process.joint.T @ targets) / root[:, None])
        inverse = np.divide(1, np.sqrt(self.kappa), where=self.kappa > 0, out=np.zeros_like(self.kappa))
        self.a, self.inverse = inverse[:, None] * self.c, inverse[:, None]
        self.M = self.vectors.T @ (root[:, None] * problem.representation)
        self.P, self.P_bar = (
            m @ np.linalg.pinv(m, rcond=RESOLVED) for m in (self.M, np.sqrt(self.kappa)[:, None] * self.M)
        )

    def lost(self, seen, *, mean=False):
        return float(np.sum((seen - (self.P_bar if mean else self.P) @ seen) ** 2))

    def clear(self, k):
        """Whether the cut behind k and those of both spans are clear, so that rounding moves nothing."""
        padded = np.concatenate([self.kappa, [0.0]])
        spans = (self.M, np.sqrt(self.kappa)[:, None] * self.M)
        small = self.kappa[(self.kappa > 0) & (self.kappa < CLEAR)]
        apart = padded[k - 1] - padded[k] > CLEAR if k <= self.kappa.size else False
        return apart and not small.size and all(well_conditioned(m, np.ones(len(m))) for m in spans)


def unrestricted(data, *, weights, labels=None):
    problem = drawn(data, labels, weights=False)
    problem = lr.Problem(problem.process, lr.features.OneHot(), problem.labels, dim=problem.dim)
    if not weights:
        return problem
    size = problem.process.n_views * problem.dim
    entries = data.draw(st.lists(st.integers(-3, 3), min_size=size, max_size=size))
    return problem.with_weights(np.array(entries, dtype=float).reshape(-1, problem.dim))


@few
@given(st.data())
def test_heads_tails_and_weighted_energies_from_dense_projectors(data):
    problem = unrestricted(data, weights=True)
    k = data.draw(st.integers(1, min(problem.dim, problem.process.n_views)))
    dense = Dense(problem)
    assume(dense.clear(k))
    # Wedin: a gap of CLEAR behind k and a condition of 100 each multiply the error of the eigenvectors.
    budget = (LARGEST_CONDITION / CLEAR) * spectral_budget(problem) * (1 + problem.moments.label_sq)
    weights, head = np.sqrt(1 - dense.kappa)[:, None], (np.arange(dense.kappa.size) < k)[:, None]
    solved = dense.inverse * dense.a
    expected = {
        sym.WEIGHTED_LOST_ENERGY: dense.lost(weights * dense.c),
        sym.WEIGHTED_LOST_MEAN_ENERGY: dense.lost(weights * dense.a, mean=True),
        sym.HEAD_ENERGY: float(np.sum((head * dense.c) ** 2)),
        sym.TAIL_ENERGY: float(np.sum((~head * dense.c) ** 2)),
        sym.TAIL_MEAN_ENERGY: float(np.sum((~head * dense.a) ** 2)),
        sym.HEAD_LOSS: dense.lost(head * dense.c),
        sym.HEAD_MEAN_LOSS: dense.lost(head * dense.a, mean=True),
        sym.HEAD_SOLVED_LOSS: dense.lost(head * solved),
        sym.SCORE_HEAD_LOSS: dense.lost(head * dense.c[:, :1]),
        sym.SCORE_TAIL_ENERGY: float(np.sum((~head * dense.c[:, :1]) ** 2)),
    }
    for quantity, number in expected.items():
        assert abs(value(quantity, problem, k) - number) <= budget * (1 + np.sum(solved**2)), quantity.name


@few
@given(st.data())
def test_gaps_of_squares_from_dense_projectors(data):
    problem = unrestricted(data, weights=True)
    dense = Dense(problem)
    assume(well_conditioned(dense.M, np.ones(len(dense.M))))
    best = float(np.sum(dense.kappa[: problem.dim] ** 2))
    K, budget = np.diag(dense.kappa), LARGEST_CONDITION * problem.dim * spectral_budget(problem)
    assert abs(value(sym.HEAD_SQUARES, problem) - best) <= budget
    assert abs(value(sym.PROJECTION_GAP, problem) - (best - np.trace(K @ K @ dense.P))) <= budget
    assert abs(value(sym.COMPRESSION_GAP, problem) - (best - np.sum((dense.P @ K @ dense.P) ** 2))) <= budget


@few
@given(st.data())
def test_blind_squares_from_a_dense_compression(data):
    problem = unrestricted(data, weights=False)
    dense, process = Dense(problem), problem.process
    mean = dense.vectors.T @ np.sqrt(process.marginal)
    targets = problem.label.targets(process.inputs).reshape(process.n_inputs, -1)
    centred = dense.c - np.outer(mean, process.prior @ targets)
    left, values, _ = np.linalg.svd(centred, full_matrices=False)
    assume(not values.size or np.all((values > CLEAR) | (values < RESOLVED)))
    normal = left[:, values > CLEAR]
    outside = np.eye(len(mean)) - normal @ normal.T
    kept = np.sort(np.linalg.eigvalsh(outside @ np.diag(dense.kappa) @ outside))[::-1][: problem.dim]
    expected = float(np.sum(np.maximum(kept, 0) ** 2))
    # The direction is determined to the error of the moments over its smallest singular value.
    assert abs(value(sym.BLIND_SQUARES, problem) - expected) <= spectral_budget(problem) * problem.dim / CLEAR**2


@few
@given(st.data())
def test_no_minimiser_loses_more_than_the_worst_one(data):
    problem = drawn(data, weights=False)
    solution, key = problem.solution, np.random.default_rng(data.draw(st.integers(0, 99)))
    start, stop = solution.tied if solution.tie is not None else (problem.dim, problem.dim)
    basis = np.asarray(solution.spectrum.basis)[:, : max(stop, min(problem.dim, solution.rank))]
    turn, _ = np.linalg.qr(key.standard_normal((stop - start, stop - start)))
    basis[:, start:stop] = basis[:, start:stop] @ turn
    chosen = np.zeros((problem.moments.dim, problem.dim))
    width = min(problem.dim, basis.shape[1])
    chosen[:, :width] = basis[:, :width] * np.sqrt(solution.kept[:width])
    one = problem.with_weights(chosen)
    for quantity in (sym.LOST_ENERGY, sym.LOST_MEAN_ENERGY, sym.WEIGHTED_LOST_ENERGY, sym.WEIGHTED_LOST_MEAN_ENERGY):
        worst, some = (measure(quantity, p, Grid(np.array([[1]]), np.ones((1, 1)))) for p in (problem, one))
        slack = worst.error + some.error + spectral_budget(problem) * (1 + problem.moments.label_sq)
        assert some.value <= worst.value + slack
        if solution.tie is None:
            assert worst.value <= some.value + slack


@few
@given(st.data())
def test_class_quantities_are_least_squares_for_one_hot_targets(data):
    problem = drawn(data, data.draw(st.sampled_from(["sign", "classes"])), weights=True)
    process, phi = problem.process, problem.features(problem.process.views)
    targets = problem.label.targets(process.inputs)
    classes = np.stack([targets < 0, targets > 0], axis=1).astype(float) if targets.ndim == 1 else targets
    seen = np.asarray(process.posterior.T @ classes)
    noise = 1 - float(process.marginal @ np.sum(seen**2, axis=1))
    best = noise + fit_error(phi, seen, process.marginal)
    best_mean = fit_error(process.channel @ phi, classes, process.prior)
    budget = 2 * spectral_budget(problem)
    assert abs(value(sym.CLASS_BEST_AUGMENTED_RISK, problem) - best) <= budget
    assert abs(value(sym.CLASS_BEST_MEAN_RISK, problem) - best_mean) <= budget
    assert abs(value(sym.CLASS_RISK_GAP, problem) - (best - best_mean)) <= budget
    assert abs(value(sym.CLASS_MEAN_ENERGY, problem, problem.moments.dim) - (1 - best_mean)) <= budget
    means = process.channel @ (phi @ problem.representation)
    assume(well_conditioned(means, process.prior))
    kept = 1 - fit_error(means, classes, process.prior)
    assert abs(value(sym.CLASS_KEPT_MEAN_ENERGY, problem) - kept) <= LARGEST_CONDITION * budget


@few
@given(st.data())
def test_bayes_quantities_by_counting_pairs(data):
    problem = unrestricted(data, weights=True, labels=data.draw(st.sampled_from(["sign", "classes"])))
    process = problem.process
    targets = problem.label.targets(process.inputs)
    classes = np.stack([targets < 0, targets > 0], axis=1) if targets.ndim == 1 else targets
    bayes = np.argmax(np.asarray(process.joint.T @ classes), axis=1)
    split = sum(
        float(process.pair_law[x, y])
        for x, y in itertools.product(range(process.n_views), repeat=2)
        if bayes[x] != bayes[y]
    )
    assert abs(value(sym.BAYES_SPLIT, problem) - split) <= rounding(process.n_views**2 + process.n_inputs)
    dense = Dense(problem)
    assume(well_conditioned(dense.M, np.ones(len(dense.M))))
    c = dense.vectors.T @ (np.sqrt(process.marginal)[:, None] * np.eye(classes.shape[1])[bayes])
    expected = dense.lost(np.sqrt(1 - dense.kappa)[:, None] * c)
    # A root of lambda turns the error e of an eigenvalue 1 into sqrt e; its square brings e back, times the condition.
    budget = 10 * LARGEST_CONDITION * spectral_budget(problem)
    assert abs(value(sym.WEIGHTED_LOST_BAYES_ENERGY, problem) - expected) <= budget
    padded = np.concatenate([dense.kappa, np.zeros(process.n_inputs)])[: process.n_inputs]
    assert abs(value(sym.UNRESTRICTED_DEFECT, problem) - np.sum(1 - padded)) <= 10 * spectral_budget(problem)


@few
@given(st.data())
def test_losses_by_enumerating_pairs_of_views(data):
    kind = data.draw(st.sampled_from(["disjoint", "generic"]))
    problem = data.draw(problems(kind))
    process, values = problem.process, problem.features(problem.process.views) @ problem.representation

    def enumerated(f):
        inner = f @ f.T
        independent = np.outer(process.marginal, process.marginal)
        return float(-2 * np.sum(process.pair_law * inner) + np.sum(independent * inner**2))

    size = (1 + float(np.max(np.sum(values**2, axis=1)))) ** 2
    budget = rounding(8 * process.n_views**2 + problem.moments.dim, size)
    assert abs(value(sym.LOSS, problem) - enumerated(values)) <= budget
    if not process.disjoint:
        with pytest.raises(Unavailable, match="disjoint"):
            value(sym.AVERAGED_LOSS, problem)
        return
    owners = np.argmax(process.joint, axis=0)
    means = process.channel @ values
    assert abs(value(sym.AVERAGED_LOSS, problem) - enumerated(means[owners])) <= budget
    assert abs(value(sym.RELABELLED_LOSS, problem) - enumerated(means[(owners - 1) % len(means)])) <= budget


@pytest.mark.parametrize(("count", "dim"), [(2, 1), (4, 1), (8, 2), (10, 3), (12, 2), (16, 2)])
def test_the_union_bound_by_listing_every_agreement(count, dim):
    """By counting the balanced labellings that agree in more than t places with a sign vector of m positive signs."""
    most = round(count * (1 - counting_floor(count, dim)))
    patterns, half = sign_patterns(count, dim), count // 2

    def expected(threshold):
        worst = 0.0
        for positive in range(count + 1):
            signs = np.where(np.arange(count) < positive, 1, -1)
            chosen = np.array(list(itertools.combinations(range(count), half)))
            labels = -np.ones((len(chosen), count))
            np.put_along_axis(labels, chosen, 1, axis=1)
            worst = max(worst, float(np.mean(np.sum(labels == signs, axis=1) > threshold)))
        return patterns * worst

    assert abs(float(union_bound(count, dim)) - expected(most)) <= 8 * EPS * patterns
    assert union_bound(count, dim) < 1
    assert most == 0 or expected(most - 1) >= 1 - 8 * EPS * patterns
    assert most == max(least_agreement(count, m, patterns) for m in (half, half - 1))
    assert value(sym.UNION_BOUND, _balanced(count, dim)) == float(union_bound(count, dim))


def _balanced(count, dim):
    process = lr.processes.FiniteProcess([1] * count, np.eye(count, dtype=int))
    return lr.Problem(process, lr.features.OneHot(), [1, -1] * (count // 2), dim=dim)
