import jax
import numpy as np
import pytest

from linrep.datasets import Digits
from linrep.datasets._corpus import collect
from linrep.features import Affine, Linear
from linrep.moments import population
from linrep.processes import ImageShifts, PixelNoise, TokenSampling
from linrep.solutions import solve
from proofs_check import studies
from tests.tolerances import rounding_budget, standard_errors

FEW = Digits(np.random.default_rng(0).integers(0, 17, (12, 8, 8)) / 16, np.arange(12) % 10)
TEXTS = [(f"{k}.py", k % 2, [f"w{(3 * k + j * j) % 7}" for j in range(5 + k)]) for k in range(8)]


def averages():
    """The matrix that averages blocks of two by two of 8 x 8 pixels, (16, 64)."""
    matrix = np.zeros((16, 64))
    for y in range(8):
        for x in range(8):
            matrix[4 * (y // 2) + x // 2, 8 * y + x] = 1 / 4
    return matrix


def test_reduced_moments_are_a_linear_image_of_those_of_full_views():
    moved = ImageShifts(FEW.images, radius=1, boundary="zero")
    full = population(PixelNoise(moved, 0.3), Linear(), FEW.labels)
    small = population(studies.ReducedNoise(moved, 0.3), Linear(), FEW.labels)
    matrix, near = averages(), rounding_budget(2 * 64 * 12 * 9)
    assert np.abs(small.sigma - matrix @ full.sigma @ matrix.T).max() <= near
    assert np.abs(small.sigma_bar - matrix @ full.sigma_bar @ matrix.T).max() <= near
    assert np.abs(small.cross - matrix @ full.cross).max() <= near


def test_reduced_pairs_are_averages_of_pairs():
    process = studies.ReducedNoise(ImageShifts(FEW.images, radius=1, boundary="zero"), 0.3)
    images, first, second = process.sample_pairs(jax.random.key(1), 20_000)
    assert (images.shape, first.shape, second.shape) == ((20_000, 16),) * 3
    moments = population(process, Linear())
    products = first * second
    spread = products.std(axis=0) / np.sqrt(len(first))
    assert np.all(np.abs(products.mean(axis=0) - np.diag(moments.sigma_bar)) <= standard_errors(16) * spread)


@pytest.mark.parametrize("scene", range(3))
def test_bands_on_a_few_digits_are_in_order_and_begin_at_the_minimisers(scene):
    chosen = studies.digit_scenes(FEW, count=16)[scene]
    found = studies.bands_of([chosen], points=3)
    for name, process, features in chosen.classes:
        rows = found.where(**{"class": name}).rows
        assert all(row["lower"] <= row["sharp"] + rounding_budget(100) for row in rows)
        assert all(row["sharp"] <= row["upper"] + rounding_budget(100) for row in rows)
        solution = solve(population(process, features, chosen.label), dim=chosen.dim)
        assert abs(rows[0]["best_loss"] - solution.loss) <= 4 * chosen.dim * solution.spectrum.error


def test_documents_without_a_counted_word_are_left_out():
    corpus = collect([*TEXTS, ("last.py", 1, ["rare"])], ("k", "l"))
    (scene,) = studies.docstring_scenes(corpus, words=4, count=4)
    kept = [i for i in range(corpus.n_documents) if corpus.counts(4).toarray()[i].any()]
    assert corpus.n_documents - 1 not in kept
    assert scene.label.tolist() == corpus.labels[kept].tolist()
    assert isinstance(scene.classes[0][1], TokenSampling)
    assert scene.classes[0][1].n_inputs == len(kept)


def test_a_bag_of_relative_counts_holds_the_constant():
    corpus = collect(TEXTS, ("k", "l"))
    (scene,) = studies.docstring_scenes(corpus, words=7, count=4)
    plain = population(scene.classes[0][1], Linear(), scene.label)
    process = scene.classes[0][1]
    bands = [
        studies.bands_of([scene._replace(dim=2, classes=(("one", process, features),))], points=3)
        for features in (Linear(), Affine())
    ]
    assert plain.dim == 7
    for one, other in zip(*(table.rows for table in bands), strict=True):
        assert abs(one["best_loss"] - other["best_loss"]) <= rounding_budget(10_000)
        assert abs(one["trivial"] - other["trivial"]) <= rounding_budget(100)


def test_a_black_and_a_white_image_by_hand():
    """Noise of variance 1/4 beside images of variance 1/4: kappa = 1/2, and the constant takes one of two places."""
    scene = studies.Scene("two images", [1, -1], 2, (("affine", PixelNoise([[0.0], [1.0]], 0.5), Affine()),))
    assert studies.bands_of([scene], points=1).column("epsilon_vac") == pytest.approx([1 / 4], abs=rounding_budget(100))


def test_two_documents_without_a_common_word_by_hand():
    """Two functions of eigenvalue 1 in two places: only losing one of them loses the label."""
    process = TokenSampling([[1, 0], [0, 1]], length=3)
    scene = studies.Scene("two documents", [1, -1], 2, (("linear", process, Linear()),))
    assert studies.bands_of([scene], points=1).column("epsilon_vac") == pytest.approx([1.0], abs=rounding_budget(100))


def test_the_caller_is_told_of_each_class():
    heard: list[str] = []
    scene = studies.digit_scenes(FEW, count=4)[2]
    studies.bands_of([scene], points=1, tick=heard.append)
    assert [text.rsplit(", ", 1)[1] for text in heard[:3]] == ["linear", "affine", "polynomial 2"]
    assert len(heard) == len(scene.classes)
