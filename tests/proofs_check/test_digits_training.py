"""Digits: views by their definition, hashes, what a run records, and the table over all of them."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("optax", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("sklearn", reason='needs the extra: pip install "linrep[experiments]"')

import jax
import jax.numpy as jnp

from linrep import datasets
from linrep.tables import Table, load
from linrep.training import in_batch_infonce
from proofs_check import cli
from proofs_check.experiments import _augmentation as drawn
from proofs_check.experiments import _digits as digits
from proofs_check.experiments import _hash as hashed
from proofs_check.experiments import _studies as studies
from proofs_check.experiments._arms import run as run_arm
from tests import tolerances

KEY = jax.random.key(0)


def some(count: int = 40) -> tuple[jax.Array, jax.Array]:
    images = datasets.digits().images[:count]
    return jnp.asarray(images, jnp.float32), jnp.asarray(drawn.hashes(images))


def test_a_hash_is_the_start_of_the_images_own():
    images = datasets.digits().images
    bits = drawn.hashes(images)
    grey = bytes(int(16 * value) for value in images[7].ravel())
    start = int.from_bytes(hashlib.sha256(grey).digest()[:2], "big")
    assert int("".join(str(int(bit)) for bit in bits[7].ravel()), 2) == start
    codes = {tuple(code.ravel()) for code in bits}
    pairs = len(images) * (len(images) - 1) / 2
    assert len(images) - len(codes) < 4 * pairs / 2**16  # four times the expected number of equal pairs


def test_no_augmentation_leaves_an_image_and_a_hash_replaces_two_columns():
    images, bits = some()
    assert np.array_equal(drawn.views(images, bits, KEY, drawn.Augmentation("none")), images)
    views = np.asarray(drawn.views(images, bits, KEY, drawn.Augmentation("hash", marks=16)))
    assert np.array_equal(views[:, :, [0, 7]], bits)
    assert np.array_equal(views[:, :, 1:7], images[:, :, 1:7])


def test_a_faint_hash_of_a_few_bits_leaves_the_other_rows():
    images, bits = some()
    views = np.asarray(drawn.views(images, bits, KEY, drawn.Augmentation("hash", marks=8, ink=0.25)))
    assert np.array_equal(views[:, :4, [0, 7]], bits[:, :4] / 4)
    assert np.array_equal(views[:, 4:], images[:, 4:])


def test_a_shift_by_whole_pixels_is_exact_and_all_nine_occur():
    images, bits = some()
    views = np.asarray(drawn.views(images, bits, KEY, drawn.Augmentation("shift", shift=1)))
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    nine = np.stack([padded[:, i : i + 8, j : j + 8] for i in range(3) for j in range(3)])
    agrees = (nine == views).all(axis=(2, 3))
    assert agrees.any(axis=0).all()
    assert agrees.any(axis=1).all()


def test_a_quarter_turn_is_that_of_numpy():
    image = some()[0][3]
    turned = drawn.moved(image, jnp.float32(np.pi / 2), jnp.zeros(2, jnp.float32))
    assert np.allclose(turned, np.rot90(image, -1), rtol=0, atol=tolerances.single_precision(64))


def test_dropped_pixels_are_dark_and_noise_has_its_size():
    images, bits = some()
    dropped = np.asarray(drawn.views(images, bits, KEY, drawn.Augmentation("drop", kept=0.75)))
    lit = np.asarray(images) > 0
    assert ((dropped == images) | (dropped == 0)).all()
    kept = np.mean(dropped[lit] > 0)
    assert abs(kept - 0.75) < tolerances.frequency_budget(np.array([0.75, 0.25]), int(lit.sum())).max()
    noise = np.asarray(drawn.views(images, bits, KEY, drawn.Augmentation("noise", noise=0.1)) - images)
    spread = 0.1 / np.sqrt(2 * noise.size)  # standard error of a standard deviation
    assert abs(noise.std() - 0.1) < tolerances.standard_errors(1) * spread


@pytest.mark.parametrize("rows", ["simplex", "random", "collapsed"])
def test_no_representation_is_below_the_floor(rows):
    """A simplex with both views of an input at a corner attains it for three inputs, up to the views' own terms."""
    corners = np.array([[1.0, 0.0], [-0.5, 3**0.5 / 2], [-0.5, -(3**0.5) / 2]])
    made = {
        "simplex": corners,
        "random": np.random.default_rng(0).standard_normal((3, 2)),
        "collapsed": np.ones((3, 2)),
    }
    found = float(in_batch_infonce(jnp.asarray(made[rows]), jnp.asarray(made[rows]), 0.5))
    gap = found - digits.loss_floor(3, 0.5)
    assert gap > -tolerances.rounding(100, found)
    assert (gap <= tolerances.rounding(100, found)) == (rows == "simplex")


def test_a_run_records_what_the_table_needs(tmp_path):
    said: list[str] = []
    marked = drawn.Augmentation("marked", noise=0.1, marks=16)
    experiment = digits.digits_experiment(marked, "linear")
    first, second = experiment.pairs(experiment.data(KEY), KEY, 4)
    assert first.dtype == jnp.float32
    assert np.array_equal(first[:, :, [0, 7]], second[:, :, [0, 7]])
    assert not np.array_equal(first, second)
    arm = digits.DigitsArm(marked, "linear", (0,), (1, 2), tmp_path)
    run = run_arm(arm, said.append)
    assert arm.checkpoint.exists()
    assert run.trajectory.column("step") == [1, 2]
    assert said[-1] == "marked, linear: 2 of 2"
    values = np.array([[row[name] for name in digits.MEASURED] for row in run.trajectory.rows], dtype=np.float64)
    assert np.isfinite(values).all()
    assert (values[:, 1] > digits.loss_floor(digits.BATCH, digits.TEMPERATURE)).all()
    assert (values[:, 2] > 0.5).all()  # a random projection of a digit tells digits apart


def made_up(runs, tell):
    """What training would return, without it."""
    tell("made up")
    rows = [
        {"augmentations": run.augmentation.name, "encoder": run.encoder, "step": step, "seed": seed}
        | dict.fromkeys(digits.MEASURED, float(step + seed))
        for run in runs
        for step in (1, 2)
        for seed in run.seeds
    ]
    return Table(tuple(rows[0]), tuple(rows))


def test_the_table_has_the_last_step_of_each_network_and_set(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(digits, "trajectories", made_up)
    assert cli.run(["train", "digits", "--seeds", "2", "--out", str(tmp_path)]) == 0
    table = load(tmp_path / "digits.jsonl")
    assert len(table.rows) == len(drawn.AUGMENTATIONS) * len(digits.COMPARED)
    assert set(table.column("trained_held_out_loss")) == {2.5}
    assert table.where(encoder="linear").column("entries") == [64 * 20] * len(drawn.AUGMENTATIONS)
    sizes = [table.where(encoder=name).rows[0]["entries"] for name in ("resnet", "vit", "mixer")]
    assert max(sizes) < 1.2 * min(sizes)  # comparable
    assert len(load(tmp_path / "digits-along.jsonl").rows) == 4 * len(table.rows)
    assert (tmp_path / "digits.png").read_bytes()[1:4] == b"PNG"
    assert "linear" in capsys.readouterr().out


def hash_rows(accuracies: dict[tuple[str, str], float], losses: dict[str, float]) -> Table:
    rows = [
        {"augmentations": kind, "encoder": encoder, "step": 1, "seed": 0, "train_loss": 4.0, "identification": 1.0}
        | {"logistic_accuracy": accuracy, "held_out_loss": losses[encoder]}
        for (kind, encoder), accuracy in accuracies.items()
    ]
    return Table(tuple(rows[0]), tuple(rows))


ACCURACIES = {("all", "resnet"): 0.95, ("hash", "resnet"): 0.9, ("all", "vit"): 0.95, ("hash", "vit"): 0.6}
LOSSES = {"resnet": 4.0, "vit": 3.9}


@pytest.mark.parametrize(
    ("accuracies", "losses", "published"),
    [
        ({}, {}, True),
        ({("hash", "resnet"): 0.5}, {}, False),  # ResNet falls more
        ({("hash", "vit"): 0.8}, {}, False),  # too few points
        ({}, {"vit": 4.1}, False),  # the loss above that of ResNet
    ],
)
def test_the_published_finding_needs_all_three_parts(accuracies, losses, published):
    table = hashed.hash_summary(hash_rows({**ACCURACIES, **accuracies}, {**LOSSES, **losses}))
    assert table.column("as_published") == [published]
    assert table.column("encoder") == ["vit"]


def test_hash_pixels_do_not_train_again_what_digits_has(tmp_path, monkeypatch):
    asked: list[digits.DigitsArm] = []
    monkeypatch.setattr(hashed, "trajectories", lambda runs, tell: asked.extend(runs) or made_up(runs, tell))
    found = studies.study("digits-hash", tmp_path, seeds=range(1), quick=True, tell=str)
    ready = digits.arms(drawn.AUGMENTATIONS, digits.COMPARED, tmp_path, seeds=range(1), quick=True)
    shared = {arm.checkpoint for arm in ready} & {arm.checkpoint for arm in asked}
    assert len(shared) == len({"all", "hash"}) * len(digits.COMPARED)
    assert len({arm.checkpoint for arm in asked}) == len(asked)
    assert len(found["digits-hash"].rows) == 2 * (len(digits.COMPARED) - 1)
    assert replace(hashed.FAINT, name="hash", ink=1.0) == hashed.HASHED


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_quick_digits_and_hash_pixels(tmp_path):
    for name in ("digits", "digits-hash"):
        assert cli.run(["train", name, "--quick", "--out", str(tmp_path)]) == 0
        assert (tmp_path / f"{name}.png").exists()
    table = load(tmp_path / "digits.jsonl")
    assert min(table.column("trained_held_out_loss")) > table.rows[0]["population_floor"]
    plain, marked = (table.where(augmentations=name, encoder="resnet").rows[0] for name in ("all", "hash"))
    assert marked["trained_identification"] > plain["trained_identification"]
