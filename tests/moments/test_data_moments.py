"""Moments on documents and images in closed form against sums over all views, quadrature and samples."""

import itertools
import tracemalloc
from fractions import Fraction

import jax
import numpy as np
import pytest
import scipy.sparse

from linrep import InputError, features, labels, moments
from linrep.moments import _data
from linrep.processes import ImageShifts, PixelDropout, PixelNoise, TokenDropping, TokenSampling
from tests.tolerances import rounding, standard_errors, sum_budget

COUNTS = np.array([[2, 1, 0, 0], [0, 1, 2, 0], [1, 0, 0, 0], [3, 0, 1, 0]])  # the last token never occurs
IMAGES = np.array([[[1, 0], [2, 0]], [[1, 1], [0, 3]], [[0, 0], [0, 1]], [[2, 0], [1, 0]]])
SPARSE, PRIOR, HALF = scipy.sparse.csr_array(COUNTS), [1, 2, 3, 4], Fraction(1, 2)
PROCESSES = [
    TokenSampling(COUNTS, 1),
    TokenSampling(SPARSE, 3, PRIOR),
    TokenDropping(SPARSE, HALF, prior=PRIOR),
    TokenDropping(COUNTS, Fraction(1, 3), relative=True, prior=PRIOR),
    TokenDropping(SPARSE, 1),
    ImageShifts(IMAGES, 1, "zero", PRIOR),
    PixelDropout(IMAGES, Fraction(2, 3)),
    PixelDropout(ImageShifts(IMAGES, 1), HALF),
    PixelDropout(PixelDropout(IMAGES, HALF), HALF),
]
POLYNOMIALS = [features.Linear(), features.Affine(), features.Polynomial(1), features.Polynomial(2, "full"),
               features.Polynomial(3)]  # fmt: skip
LABELS = [[1, -1, -1, 1], [0, 2, 1, 2], labels.Linear([1, 0, -2, 1])]
FIELDS = ("sigma", "sigma_bar", "cross", "label_sq", "mean", "label_mean")
FOURIER = features.RandomFourier(5, 1.3, jax.random.key(0))


def assert_close(closed, reference, terms):
    for name in FIELDS:
        left, right = getattr(closed, name), getattr(reference, name)
        # no term of these sums exceeds the largest entry of the result by more than the number of branches
        size = max(1.0, float(np.max(np.abs(np.asarray(right, dtype=float)))))
        assert np.shape(left) == np.shape(right)
        assert np.max(np.abs(np.asarray(left) - right)) <= sum_budget(terms, size), name


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("phi", POLYNOMIALS)
@pytest.mark.parametrize("label", LABELS)
def test_closed_forms_agree_with_exact_sums(process, phi, label):
    exact = moments.rational(process, phi, label).rounded()
    assert_close(moments.population(process, phi, label), exact, 4 * process.n_branches + 20)


@pytest.mark.parametrize("process", [p for p in PROCESSES if not getattr(p, "relative", False)])
def test_fourier_features_agree_with_sums(process):
    table = process.finite()
    summed = moments.population(table, FOURIER, LABELS[0])
    assert_close(moments.population(process, FOURIER, LABELS[0]), summed, table.n_views + 4)


def quadrature(process, phi, targets, steps):
    """Gauss-Hermite over two noisy pixels; for these smooth integrands 30 nodes reach rounding."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(30)
    weights = weights / weights.sum()
    grid, mass = np.array(list(itertools.product(nodes, nodes))), np.outer(weights, weights).ravel()
    sigma, means = 0.0, []
    for image in process.inputs.astype(float):
        views, chance = steps(image, grid, mass)
        values = phi(views)
        sigma = sigma + values.T @ (chance[:, None] * values) / process.n_inputs
        means.append(chance @ values)
    means = np.array(means)
    return sigma, means.T @ means / process.n_inputs, means.T @ targets / process.n_inputs


def noisy(image, grid, mass):
    return image + 0.3 * grid, mass


def dropped_then_noisy(image, grid, mass):
    masks = list(itertools.product([0, 1], repeat=2))
    chances = [0.7 ** sum(m) * 0.3 ** (2 - sum(m)) for m in masks]
    views = np.concatenate([image * np.array(m) / 0.7 + 0.3 * grid for m in masks])
    return views, np.concatenate([c * mass for c in chances])


def noisy_then_dropped(image, grid, mass):
    masks = list(itertools.product([0, 1], repeat=2))
    chances = [0.7 ** sum(m) * 0.3 ** (2 - sum(m)) for m in masks]
    views = np.concatenate([(image + 0.3 * grid) * np.array(m) / 0.7 for m in masks])
    return views, np.concatenate([c * mass for c in chances])


PIXELS = np.array([[1.0, 0.0], [0.5, 2.0], [-1.0, 1.0]])
NOISY = [
    (PixelNoise(PIXELS, 0.3), noisy),
    (PixelNoise(PixelDropout(PIXELS, 0.7), 0.3), dropped_then_noisy),
    (PixelDropout(PixelNoise(PIXELS, 0.3), 0.7), noisy_then_dropped),
]


@pytest.mark.parametrize(("process", "steps"), NOISY)
@pytest.mark.parametrize("phi", [features.Affine(), features.Polynomial(2, "full"), FOURIER])
def test_noise_agrees_with_quadrature(process, steps, phi):
    targets = np.array([1.0, -1.0, 0.5])
    closed = moments.population(process, phi, targets)
    expected = quadrature(process, phi, targets, steps)
    for found, right in zip((closed.sigma, closed.sigma_bar, closed.cross), expected, strict=True):
        assert np.max(np.abs(found - right)) <= sum_budget(4 * 900, max(1.0, float(np.max(np.abs(right)))))


def test_shifted_noise_with_fourier_features_agrees_with_samples():
    process, label, draws = PixelNoise(ImageShifts(IMAGES, 1), 0.5), labels.Linear([1, 0, 0, -1]), 20_000
    inputs, first, second = process.sample_pairs(jax.random.key(3), draws)
    closed, one, two = moments.population(process, FOURIER, label), FOURIER(first), FOURIER(second)
    for terms, expected in [
        (one[:, :, None] * one[:, None, :], closed.sigma),
        (one[:, :, None] * two[:, None, :], closed.sigma_bar),
        (one * label.targets(inputs)[:, None], closed.cross),
    ]:
        error = terms.std(axis=0) / np.sqrt(draws)
        assert np.all(np.abs(terms.mean(axis=0) - expected) <= standard_errors(55) * error)


@pytest.mark.parametrize("phi", [features.Affine(), features.Polynomial(2), FOURIER])
@pytest.mark.parametrize("process", [TokenSampling(SPARSE, 2, PRIOR), PixelDropout(ImageShifts(IMAGES), 0.6)])
def test_chunks_do_not_matter(process, phi, monkeypatch):
    label = labels.Linear([1, 0, -2, 1])
    whole = moments.population(process, phi, label)
    monkeypatch.setattr(_data, "CHUNK", 1)
    assert_close(moments.population(process, phi, label), whole, 40)


def test_sparse_documents_are_never_written_out():
    rng, n, tokens = np.random.default_rng(0), 20_000, 200
    places = rng.integers(0, tokens, (n, 3)).ravel()
    shape = (n, tokens)
    counts = scipy.sparse.csr_array((np.ones(3 * n, dtype=int), (np.repeat(np.arange(n), 3), places)), shape=shape)
    process = TokenSampling(counts, 4)
    tracemalloc.start()
    closed = moments.population(process, features.Affine(), np.resize([1, -1], n))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 * n * tokens / 2  # half of what the dense counts would take
    dense = moments.population(TokenSampling(counts.toarray(), 4), features.Affine())
    assert np.max(np.abs(closed.sigma - dense.sigma)) <= rounding(n)


def test_an_unused_token_is_a_null_direction():
    found = moments.population(TokenSampling(COUNTS, 2), features.Linear())
    assert not found.sigma[3].any()
    assert not found.sigma_bar[3].any()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: moments.population(TokenDropping(COUNTS, 0.5, relative=True), FOURIER), "relative=False"),
        (lambda: moments.population(PixelNoise(IMAGES, 1), features.OneHot()), "no closed form"),
        (lambda: moments.population(PixelNoise(np.ones((2, 64)), 1), features.Polynomial(2)), "lower degree"),
        (lambda: moments.rational(PixelDropout(IMAGES, 0.5), features.Linear()), "float"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
