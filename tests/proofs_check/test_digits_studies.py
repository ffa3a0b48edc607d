"""Studies on digits: label-orthogonal training, naming the image of a view, linear representations in their band."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("optax", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("sklearn", reason='needs the extra: pip install "linrep[experiments]"')

import jax
import jax.numpy as jnp
import scipy.stats

import linrep as lr
from linrep import datasets
from linrep.datasets import Digits
from linrep.tables import Table, load
from linrep.training import in_batch_infonce, train
from proofs_check import cli, plots
from proofs_check.experiments import _bayes as best
from proofs_check.experiments import _identify as naming
from proofs_check.experiments import _orthogonal as orthogonal
from proofs_check.experiments import _placed as placing
from proofs_check.experiments._augmentation import Augmentation
from proofs_check.experiments._bias import placed
from proofs_check.studies import Scene, band, rows_of
from tests import tolerances

KEY = jax.random.key(0)


# label-orthogonal training


def test_the_means_of_the_classes_are_taken_out():
    rng = np.random.default_rng(0)
    rows, labels = rng.standard_normal((12, 3)), np.arange(12) % 3
    left = np.asarray(orthogonal.without_means(jnp.asarray(rows), jnp.asarray(labels)))
    expected = [rows[i] - rows[labels == labels[i]].mean(axis=0) for i in range(12)]
    assert np.allclose(left, expected, rtol=0, atol=tolerances.sum_budget(12, float(np.abs(rows).max())))
    assert not np.allclose(rows, expected, rtol=0, atol=tolerances.sum_budget(12, float(np.abs(rows).max())))


def test_the_loss_does_not_see_what_the_classes_share():
    """A direction of its own for each class changes the usual loss and not this one."""
    rng, labels = np.random.default_rng(1), np.arange(8) % 2
    inner = rng.standard_normal((2, 8, 3))
    inner /= np.linalg.norm(inner, axis=2, keepdims=True)
    own = np.stack([np.where(labels == digit, 1.0, 0.0) for digit in (0, 1)], axis=1)
    shared, bare = ([jnp.asarray(np.hstack([side, *more])) for side in inner] for more in ([own], []))
    notes = jnp.asarray(labels[:, None], float)
    with_it, without = (
        float(orthogonal.orthogonal_infonce(*(jnp.hstack([side, notes]) for side in sides), 0.5))
        for sides in (shared, bare)
    )
    assert abs(with_it - without) <= tolerances.rounding(1000, without)
    usual = [float(in_batch_infonce(*sides, 0.5)) for sides in (shared, bare)]
    assert abs(usual[0] - usual[1]) > tolerances.rounding(1000, without)


def test_a_note_goes_past_the_network():
    views = jnp.arange(2 * 64.0).reshape(2, 8, 8)
    rows, notes = orthogonal.read(
        orthogonal.Noted(lambda x: x.sum(axis=(1, 2))[:, None])(orthogonal.noted(views, jnp.array([3, 7])))
    )
    assert notes.tolist() == [3, 7]
    assert rows[:, 0].tolist() == views.sum(axis=(1, 2)).tolist()


def orthogonal_table(loss: float, accuracy: float) -> Table:
    row = {"encoder": "vit", "step": 1, "seed": 0, "train_loss": 4.0, "identification": 0.5}
    usual = {"training": "usual", **row, "held_out_loss": 4.0, "logistic_accuracy": 0.9}
    other = {"training": "label-orthogonal", **row, "held_out_loss": loss, "logistic_accuracy": accuracy}
    rows = (
        {**usual, "removed_loss": None, "removed_accuracy": None},
        {**other, "removed_loss": 9.0, "removed_accuracy": 0.1},
    )
    return Table(tuple(rows[0]), rows)


@pytest.mark.parametrize(("loss", "accuracy", "published"), [(4.1, 0.6, True), (4.3, 0.6, False), (4.1, 0.8, False)])
def test_the_published_finding_needs_loss_and_accuracy(loss, accuracy, published):
    (row,) = orthogonal.orthogonal_summary(orthogonal_table(loss, accuracy)).rows
    assert row["network_as_published"] is published
    assert row["removed_as_published"] is False  # a loss of 9


# naming the image of a view


def brute_overlap(images: np.ndarray, kept: float) -> tuple[float, float]:
    """τ by listing all views of dropout, and the bound by coefficients of pairs of them."""
    laws = []
    for image in images:
        law: dict[tuple[float, ...], float] = {}
        for mask in itertools.product((0, 1), repeat=len(image)):
            view = tuple(float(v) for v in np.array(mask) * image)
            law[view] = law.get(view, 0.0) + math.prod(kept if bit else 1 - kept for bit in mask)
        laws.append(law)
    views = {view for law in laws for view in law}
    error = 1 - sum(max(law.get(view, 0.0) for law in laws) for view in views) / len(laws)
    pairs = itertools.combinations(laws, 2)
    bound = sum(math.sqrt(a.get(view, 0.0) * b.get(view, 0.0)) for a, b in pairs for view in views) / len(laws)
    return error, bound


def test_the_bound_is_the_coefficient_of_all_views_and_lies_above_the_error():
    images = np.array([[0, 1, 2, 0], [0, 1, 0, 1], [2, 2, 2, 0]]) / 2
    error, bound = brute_overlap(images, 0.75)
    found = best.overlap(images, Augmentation("dark", kept=0.75))
    assert abs(found - bound) <= tolerances.sum_budget(3 * 2**4)
    listed = lr.processes.PixelDropout(np.rint(2 * images).astype(int), keep=Fraction(3, 4)).identification_error
    assert abs(error - float(listed)) <= tolerances.sum_budget(3 * 2**4)
    assert 0 < error < found


def test_noise_alone_has_the_coefficient_of_two_normal_laws():
    images = np.array([[0.0, 0.5], [0.5, 0.5]])
    expected = math.exp(-(0.5**2) / (8 * 0.1**2)) / 2
    assert abs(best.overlap(images, Augmentation("noise", noise=0.1)) - expected) <= tolerances.rounding(20, expected)
    error = scipy.stats.norm.cdf(-0.5 / (2 * 0.1))  # of telling two normal laws apart
    assert 0 < error < expected


def test_bayes_is_exact_for_shifts_and_sees_an_image_that_is_another_ones_shift():
    image = np.zeros((8, 8))
    image[3, 3] = image[4, 5] = 1.0
    moved, other = np.roll(image, 1, axis=0), np.eye(8)
    same = Digits(np.stack([image, moved, other]), np.array([0, 0, 1]))
    # the two have 12 views together, six in common: 12 of 18 are named, in a class of two thirds of the images
    assert best.bayes(same, Augmentation("shifts", 1)) == (7 / 9, 7 / 9)
    apart = Digits(same.images, np.array([0, 1, 1]))
    assert best.bayes(apart, Augmentation("shifts", 1)) == (1.0, 1.0)


def test_bayes_of_hashes_of_noise_and_of_turns():
    images = np.stack([np.eye(8), np.ones((8, 8)), np.ones((8, 8))])
    hash_of_all = Augmentation("hash", 1, 15.0, 0.75, 0.1, 16)
    assert best.bayes(Digits(images, np.array([0, 0, 1])), hash_of_all) == (1.0, 1.0)
    assert best.bayes(Digits(images, np.array([0, 0, 0])), hash_of_all) == (None, 2 / 3)  # two equal images
    exact, least = best.bayes(Digits(images, np.array([0, 0, 1])), Augmentation("noise", noise=0.1))
    assert exact is None
    assert 0.99 < least <= 1
    assert best.bayes(Digits(images, np.array([0, 0, 1])), Augmentation("turns", angle=15.0)) == (None, None)


def test_names_are_looked_for_in_the_class_alone():
    scores = jnp.array([[0.0, 5.0, 1.0], [3.0, 1.0, 2.0]])
    labels = jnp.array([0, 1, 0])
    assert jnp.argmax(naming.within(scores, labels, jnp.array([0, 1])), axis=1).tolist() == [2, 1]
    rows = jnp.hstack([scores, jnp.array([[2.0], [1.0]])])
    expected = -(1.0 - math.log(math.exp(0.0) + math.exp(1.0))) / 2  # the second view has one candidate
    assert abs(float(naming.naming_loss(rows[:1], rows[1:], labels)) - expected) <= tolerances.rounding(100)


def test_over_all_shifts_an_oracle_names_every_image_and_a_constant_one_of_them():
    some = naming._digits(Digits(datasets.digits().images[:3], np.zeros(3, int)))
    padded = np.pad(np.asarray(some["images"]), ((0, 0), (1, 1), (1, 1)))
    nine = jnp.asarray(np.stack([padded[:, i : i + 8, j : j + 8] for i in range(3) for j in range(3)], axis=1))

    def oracle(views):
        return -jnp.abs(nine[None] - views[:, None, None]).sum(axis=(3, 4)).min(axis=2)

    shifts = Augmentation("shifts", 1)
    assert naming._digit_accuracy(orthogonal.Noted(oracle), some, shifts) == dict.fromkeys(NAMED, 1.0)
    constant = naming._digit_accuracy(orthogonal.Noted(lambda views: jnp.zeros((len(views), 3))), some, shifts)
    assert all(abs(constant[name] - 1 / 3) <= tolerances.single_precision(10) for name in NAMED)
    noisy = naming._digit_accuracy(orthogonal.Noted(oracle), some, Augmentation("noise", noise=0.1))
    assert noisy["population_accuracy"] is None  # a continuum of views


NAMED = ("accuracy", "population_accuracy")


def test_no_trained_classifier_of_a_finite_process_is_above_bayes():
    name = "hypercube, flips"
    exact, _ = naming.known(name)
    assert abs(exact - 0.9**6) <= tolerances.rounding(10)
    table = train(naming.naming_experiment(name), seeds=[0], records=[10, 300]).trajectory
    early, late = table.column("population_accuracy")
    assert early < late
    assert naming.possible([early, late], exact)
    assert not naming.possible([exact + 1e-6], exact)


# linear representations in their band


def small_scene(label) -> Scene:
    images = np.random.default_rng(0).integers(0, 3, (6, 2, 2)) / 2
    moved = lr.processes.PixelDropout(lr.processes.ImageShifts(images, radius=1, boundary="zero"), keep=0.75)
    return Scene("small", label, 2, (("linear", lr.processes.PixelNoise(moved, 0.25), lr.features.Linear()),))


def test_drawn_views_have_the_exact_moments_of_their_process():
    ((_, process, features),) = small_scene(np.arange(6) % 2).classes
    first, second = placing.drawn_views(placing.drawable(process), KEY, 100_000, process=process)
    exact = lr.moments.population(process, features)
    for left, right, expected in ((first, first, exact.sigma), (first, second, exact.sigma_bar)):
        products = np.asarray(left, float)[:, :, None] * np.asarray(right, float)[:, None, :]
        errors = np.abs(products.mean(axis=0) - np.asarray(expected))
        assert (errors <= tolerances.standard_errors(2 * 16) * products.std(axis=0) / math.sqrt(len(products))).all()


def test_trained_points_lie_in_the_band_and_a_planted_one_does_not():
    scene = small_scene(np.where(np.arange(6) % 2, 1, -1))
    ((_, process, features),) = scene.classes
    moments = lr.moments.population(process, features, scene.label)
    found = band(moments, dim=scene.dim)
    tables = [
        train(placing.linear_experiment(scene, name, moments), seeds=[0], records=[5, 50]).trajectory
        for name in placing.LOSSES
    ]
    rows = [
        {"process": "small", "algorithm": name, **row}
        for name, t in zip(placing.LOSSES, tables, strict=True)
        for row in t.rows
    ]
    planted = {**rows[-1], "population_loss": found.minimum, "population_risk": found.trivial}
    points = placed(Table(tuple(rows[0]), (*rows, planted)), found)
    assert points.column("inside") == [True] * len(rows) + [False]
    limits = rows_of(found, "small", "linear", features=moments.dim, dim=scene.dim)
    bands = Table(tuple(limits[0]), limits)
    summary = placing.placed_summary(points, bands)
    assert summary.column("points") == [2, 3]
    assert summary.column("inside") == [2, 2]
    (axes,) = plots.digits("digits-band", {"digits-band-points": points, "digits-band-limits": bands}).axes
    (crossed,) = [line for line in axes.lines if line.get_gid() == "outside"]
    assert crossed.get_xdata().tolist() == [found.minimum]


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_quick_studies_on_digits(tmp_path):
    for name in ("label-orthogonal", "identification", "digits-band"):
        assert cli.run(["train", name, "--quick", "--out", str(tmp_path)]) == 0
        assert (tmp_path / f"{name}.png").exists()
    assert all(load(tmp_path / "digits-band-points.jsonl").column("inside"))
    assert False not in load(tmp_path / "identification.jsonl").column("possible")
