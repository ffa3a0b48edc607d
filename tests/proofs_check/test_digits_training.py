"""Digits: views by their definition, hashes, what a run records, and the table over all of them."""

import hashlib

import numpy as np
import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("optax", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("sklearn", reason='needs the extra: pip install "linrep[experiments]"')

import jax
import jax.numpy as jnp

from linrep import datasets
from linrep.tables import Table, load
from proofs_check import cli, experiments
from proofs_check.experiments import _digits as digits
from tests import tolerances

KEY = jax.random.key(0)
MEASURED = ("train_loss", "held_out_loss", "logistic_accuracy", "identification")


def some(count: int = 40) -> tuple[jax.Array, jax.Array]:
    images = datasets.digits().images[:count]
    return jnp.asarray(images, jnp.float32), jnp.asarray(digits.hashes(images))


def test_a_hash_is_the_start_of_the_images_own():
    images = datasets.digits().images
    bits = digits.hashes(images)
    grey = bytes(int(16 * value) for value in images[7].ravel())
    start = int.from_bytes(hashlib.sha256(grey).digest()[:2], "big")
    assert int("".join(str(int(bit)) for bit in bits[7].ravel()), 2) == start
    codes = {tuple(code.ravel()) for code in bits}
    pairs = len(images) * (len(images) - 1) / 2
    assert len(images) - len(codes) < 4 * pairs / 2**16  # four times the expected number of equal pairs


def test_no_augmentation_leaves_an_image_and_a_hash_replaces_two_columns():
    images, bits = some()
    assert np.array_equal(digits.views(images, bits, KEY, digits.Augmentation("none")), images)
    views = np.asarray(digits.views(images, bits, KEY, digits.Augmentation("hash", hashed=True)))
    assert np.array_equal(views[:, :, [0, 7]], bits)
    assert np.array_equal(views[:, :, 1:7], images[:, :, 1:7])


def test_a_shift_by_whole_pixels_is_exact_and_all_nine_occur():
    images, bits = some()
    views = np.asarray(digits.views(images, bits, KEY, digits.Augmentation("shift", shift=1)))
    padded = np.pad(images, ((0, 0), (1, 1), (1, 1)))
    nine = np.stack([padded[:, i : i + 8, j : j + 8] for i in range(3) for j in range(3)])
    agrees = (nine == views).all(axis=(2, 3))
    assert agrees.any(axis=0).all()
    assert agrees.any(axis=1).all()


def test_a_quarter_turn_is_that_of_numpy():
    image = some()[0][3]
    turned = digits.moved(image, jnp.float32(np.pi / 2), jnp.zeros(2, jnp.float32))
    assert np.allclose(turned, np.rot90(image, -1), rtol=0, atol=tolerances.single_precision(64))


def test_dropped_pixels_are_dark_and_noise_has_its_size():
    images, bits = some()
    dropped = np.asarray(digits.views(images, bits, KEY, digits.Augmentation("drop", kept=0.75)))
    lit = np.asarray(images) > 0
    assert ((dropped == images) | (dropped == 0)).all()
    kept = np.mean(dropped[lit] > 0)
    assert abs(kept - 0.75) < tolerances.frequency_budget(np.array([0.75, 0.25]), int(lit.sum())).max()
    noise = np.asarray(digits.views(images, bits, KEY, digits.Augmentation("noise", noise=0.1)) - images)
    spread = 0.1 / np.sqrt(2 * noise.size)  # standard error of a standard deviation
    assert abs(noise.std() - 0.1) < tolerances.standard_errors(1) * spread


def test_a_run_records_what_the_table_needs(tmp_path):
    said: list[str] = []
    experiment = digits.digits_experiment(digits.AUGMENTATIONS[-1], "linear")
    first, second = experiment.pairs(experiment.data(KEY), KEY, 4)
    assert first.dtype == jnp.float32
    assert np.array_equal(first[:, :, [0, 7]], second[:, :, [0, 7]])
    assert not np.array_equal(first, second)
    run = digits.digits_run(
        digits.AUGMENTATIONS[-1], "linear", folder=tmp_path, seeds=[0], records=(1, 2), tell=said.append
    )
    assert run.trajectory.column("step") == [1, 2]
    assert said[-1] == "digits hash linear: 2 of 2"
    values = np.array([[row[name] for name in MEASURED] for row in run.trajectory.rows], dtype=np.float64)
    assert np.isfinite(values).all()
    assert (values[:, 2] > 0.5).all()  # a random projection of a digit tells digits apart


def made_up(folder, *, seeds, quick, tell):
    """What training would return, without it."""
    tell("made up")
    rows = [
        {"augmentations": augmentation.name, "encoder": encoder, "step": step, "seed": seed}
        | dict.fromkeys(MEASURED, float(step + seed))
        for augmentation in digits.AUGMENTATIONS
        for encoder in digits.ENCODERS
        for step in (1, 2)
        for seed in seeds
    ]
    return Table(tuple(rows[0]), tuple(rows))


def test_the_table_has_the_last_step_of_each_network_and_set(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("COLUMNS", raising=False)
    monkeypatch.setattr(experiments, "digits_rows", made_up)
    assert cli.run(["train", "digits", "--seeds", "2", "--out", str(tmp_path)]) == 0
    table = load(tmp_path / "digits.jsonl")
    assert len(table.rows) == len(digits.AUGMENTATIONS) * len(digits.ENCODERS)
    assert set(table.column("trained_held_out_loss")) == {2.5}
    assert table.where(encoder="linear").column("entries") == [64 * 20] * len(digits.AUGMENTATIONS)
    assert len(load(tmp_path / "along.jsonl").rows) == 4 * len(table.rows)
    assert "linear" in capsys.readouterr().out
