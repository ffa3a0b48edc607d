"""Shifts, dropout and noise of images against rolled, padded and masked images."""

import itertools
from collections import defaultdict
from fractions import Fraction

import jax
import numpy as np
import pytest

from linrep import InputError, features, moments
from linrep.processes import ImageShifts, PixelDropout, PixelNoise
from tests.tolerances import rounding, standard_errors

IMAGES = np.array([[[1, 0], [2, 0]], [[1, 1], [0, 3]], [[0, 0], [0, 1]]])
WIDE = np.arange(24).reshape(2, 3, 4)
HALF = Fraction(1, 2)


def shifted(image, dy, dx, boundary):
    if boundary == "cyclic":
        return np.roll(image, (dy, dx), axis=(0, 1))
    r = max(abs(dy), abs(dx))
    padded = np.pad(image, r)
    return padded[r - dy : r - dy + image.shape[0], r - dx : r - dx + image.shape[1]]


def law_of(image, radius, boundary, rho):
    """Every shift and every mask, one by one."""
    law, side = defaultdict(Fraction), range(-radius, radius + 1)
    for dy, dx in itertools.product(side, repeat=2):
        pixels = shifted(image, dy, dx, boundary).ravel().tolist()
        for mask in itertools.product([0, 1], repeat=len(pixels)):
            weight = rho ** sum(mask) * (1 - rho) ** (len(mask) - sum(mask)) / len(side) ** 2
            law[tuple(v * k / rho for v, k in zip(pixels, mask, strict=True))] += weight
    return {view: weight for view, weight in law.items() if weight}


@pytest.mark.parametrize("boundary", ["cyclic", "zero"])
@pytest.mark.parametrize("rho", [Fraction(1), HALF])
@pytest.mark.parametrize("radius", [0, 1])
def test_tables_list_every_view(boundary, rho, radius):
    process = PixelDropout(ImageShifts(IMAGES, radius, boundary), rho)
    table = process.finite()
    views = [tuple(map(Fraction, view)) for view in table.views.tolist()]
    laws = [law_of(image, radius, boundary, rho) for image in IMAGES]
    for row, law in zip(table.weights.channel_fractions(), laws, strict=True):
        assert {view: weight for view, weight in zip(views, row, strict=True) if weight} == law
    best = sum((max(law.get(v, Fraction(0)) for law in laws) for v in {v for law in laws for v in law}), Fraction(0))
    assert process.identification_error == 1 - best / 3
    assert (process.disjoint, process.n_components) == (table.disjoint, table.n_components)
    assert process.support_size() >= sum(map(len, laws))


@pytest.mark.parametrize("boundary", ["cyclic", "zero"])
def test_shifts_of_wide_images(boundary):
    process, found = ImageShifts(WIDE, 2, boundary), set()
    for branch in range(process.n_branches):
        found.add(tuple(process.given(slice(1, 2), branch).means[0].tolist()))
    side = range(-2, 3)
    assert found == {tuple(map(float, shifted(WIDE[1], a, b, boundary).ravel())) for a in side for b in side}


def test_shifts_of_shifts():
    twice = ImageShifts(ImageShifts(IMAGES, 1, "zero"), 1, "zero")
    law, side = defaultdict(Fraction), range(-1, 2)
    for a, b, c, d in itertools.product(side, repeat=4):
        view = shifted(shifted(IMAGES[1], a, b, "zero"), c, d, "zero")
        law[tuple(view.ravel().tolist())] += Fraction(1, 81)
    table = twice.finite()
    row = table.weights.channel_fractions()[1]
    assert {tuple(v): w for v, w in zip(table.views.tolist(), row, strict=True) if w} == law


def test_covariances_of_the_theory():
    x, rho = np.array([[1.0, 0.0, 3.0]]), 0.7
    dropout = (1 - rho) / rho * np.diag(x[0] ** 2)
    for process, expected in [
        (PixelDropout(x, rho), dropout),
        (PixelNoise(x, 0.5), 0.25 * np.eye(3)),
        (PixelNoise(PixelDropout(x, rho), 0.5), dropout + 0.25 * np.eye(3)),
        (PixelDropout(PixelNoise(x, 0.5), rho), dropout + 0.25 / rho * np.eye(3)),
        (PixelDropout(PixelNoise(x, 0), 1), np.zeros((3, 3))),
    ]:
        found = moments.population(process, features.Linear())
        assert np.max(np.abs(found.sigma - found.sigma_bar - expected)) <= rounding(30, 9.0 / rho)


@pytest.mark.parametrize("build", [lambda p: PixelNoise(PixelDropout(p, 0.7), 0.4), lambda p: ImageShifts(p, 1)])
def test_sampled_views_have_the_moments(build):
    process, draws = build(ImageShifts(IMAGES, 1, "zero")), 20_000
    _, first, second = process.sample_pairs(jax.random.key(2), draws)
    exact = moments.population(process, features.Linear())
    for products, expected in [
        (np.einsum("ni,nj->nij", first, first), exact.sigma),
        (np.einsum("ni,nj->nij", second, second), exact.sigma),
        (np.einsum("ni,nj->nij", first, second), exact.sigma_bar),
    ]:
        error = products.std(axis=0) / np.sqrt(draws)
        assert np.all(np.abs(products.mean(axis=0) - expected) <= standard_errors(3 * 16) * error)


def test_noise_is_a_continuum():
    process = PixelNoise(IMAGES, 0.5)
    assert not process.has_finite_support
    assert (process.n_components, process.disjoint, process.uniform) == (1, False, True)
    table = PixelNoise([[0.0, 1.0], [1.0, 1.0]], 0.5).finite(levels=3)
    assert (table.n_inputs, table.n_views) == (2, 18)  # 3 x 3 values each, all different
    assert PixelNoise(IMAGES[:1], 0.5).identification_error == 0


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ImageShifts([[1, 2]], 1), "height and width"),
        (lambda: ImageShifts(PixelDropout(IMAGES, 0.5), 1), "carry dropout or noise"),
        (lambda: ImageShifts(IMAGES, 2), "radius is 2"),
        (lambda: ImageShifts(IMAGES, True), "radius is True"),
        (lambda: ImageShifts(IMAGES, 1, "mirror"), "boundary is 'mirror'"),
        (lambda: PixelDropout(IMAGES, 0), "keep is 0"),
        (lambda: PixelNoise(IMAGES, -1), "sigma is -1"),
        (lambda: PixelNoise([[np.nan]], 1), "non-finite"),
        (lambda: PixelNoise(ImageShifts(IMAGES), 1, prior=[1, 1, 1]), "has its own"),
        (lambda: PixelNoise(np.zeros((0, 2)), 1), "a pixel is needed"),
        (lambda: PixelNoise(IMAGES, 1).identification_error, "finite"),
        (lambda: PixelDropout(np.ones((1, 30)), 0.5).finite(), "pairs of an input and a view"),
        (lambda: PixelDropout(np.ones((1, 64, 64)), 0.5).finite(), "about 10\\^1233 pairs"),
    ],
)
def test_refusals(make, words):
    with pytest.raises(InputError, match=words):
        make()
