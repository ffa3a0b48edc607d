"""What training refuses in a sentence: damaged checkpoints, rows of other steps, settings and features of no use."""

import io
import math

import numpy as np
import pytest

pytest.importorskip("equinox", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("optax", reason='needs the extra: pip install "linrep[experiments]"')
pytest.importorskip("sklearn", reason='needs the extra: pip install "linrep[experiments]"')

import jax
import jax.numpy as jnp

from linrep import networks
from linrep._checks import InputError
from linrep.training import Adam, Experiment, in_batch_spectral, logistic_accuracy, probe, train
from tests import tolerances

TINY = Experiment(
    "refusals",
    lambda key: networks.Dense(3, 2, bias=False, key=key),
    lambda key: (),
    lambda data, key, size: tuple(jax.random.normal(key, (2, size, 3), jnp.float32)),
    in_batch_spectral,
    measure=lambda network, data: {},
    adam=Adam(1e-2),
    batch=8,
)


def run(file, *records):
    return train(TINY, seeds=[0], records=records, checkpoint=file)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """The bytes of a checkpoint after rows at steps 2 and 4."""
    file = tmp_path_factory.mktemp("saved") / "run.npz"
    run(file, 2, 4)
    return file.read_bytes()


@pytest.fixture
def file(tmp_path, saved):
    path = tmp_path / "run.npz"
    path.write_bytes(saved)
    return path


def array_file():
    out = io.BytesIO()
    np.save(out, np.arange(3))
    return out.getvalue()


@pytest.mark.parametrize("records", [(4,), (2,), (2, 3, 4), (1, 2, 4, 6), (6,)])
def test_rows_of_other_steps_are_refused(file, records):
    with pytest.raises(InputError, match=r"has done 4 steps and has rows for \[2, 4\]"):
        run(file, *records)


def test_steps_that_the_saved_ones_do_not_divide_are_added(file):
    assert run(file, 2, 4, 7).trajectory.column("step") == [2, 4, 7]


@pytest.mark.parametrize("share", [0.0, 0.3, 0.99])
def test_a_checkpoint_cut_off_is_refused(file, saved, share):
    file.write_bytes(saved[: int(share * len(saved))])
    with pytest.raises(InputError, match="not a checkpoint"):
        run(file, 2, 4)


def test_a_checkpoint_with_an_altered_byte_is_refused(file, saved):
    at = saved.index(b"NUMPY") + 200  # within an array
    file.write_bytes(saved[:at] + bytes([saved[at] ^ 255]) + saved[at + 1 :])
    with pytest.raises(InputError, match="not a checkpoint"):
        run(file, 2, 4)


def test_a_single_array_is_no_checkpoint(file):
    file.write_bytes(array_file())
    with pytest.raises(InputError, match="not a checkpoint"):
        run(file, 2, 4)


def test_a_head_of_another_form_is_refused(file):
    for head in ("[]", "{}", '{"name": "x", "step": null, "rows": []}', '{"name": "x", "step": 1, "rows": [1]}'):
        np.savez(file, head=np.asarray(head), leaf0=np.zeros(1))
        with pytest.raises(InputError, match="not a checkpoint"):
            run(file, 2, 4)


@pytest.mark.parametrize("bad", [math.inf, math.nan, 0.0, -1.0])
def test_a_step_of_no_size_is_refused(bad):
    with pytest.raises(InputError, match="Adam: learning_rate is"):
        Adam(bad)


@pytest.mark.parametrize("bad", [math.inf, math.nan, -1.0])
def test_a_decay_of_no_size_is_refused(bad):
    with pytest.raises(InputError, match="weight_decay"):
        Adam(1e-3, weight_decay=bad)


def test_one_pair_has_no_negatives():
    with pytest.raises(InputError, match="larger batch"):
        in_batch_spectral(jnp.ones((1, 2)), jnp.ones((1, 2)))


ROWS, LABELS = np.random.default_rng(0).standard_normal((40, 3)), np.repeat([-1, 1], 20)


@pytest.mark.parametrize("measure", [probe, logistic_accuracy])
def test_a_probe_needs_two_classes_and_finite_rows(measure):
    with pytest.raises(InputError, match="at least two"):
        measure(ROWS, np.ones(40), ROWS, LABELS)
    damaged = ROWS.copy()
    damaged[3, 1] = np.nan
    for left, right in ((damaged, ROWS), (ROWS, damaged)):
        with pytest.raises(InputError, match="non-finite"):
            measure(left, LABELS, right, LABELS)


def test_a_probe_does_not_depend_on_the_units_of_a_column_nor_on_a_constant_one():
    rows = ROWS + LABELS[:, None] * [1.0, 0.3, 0.0]
    units = np.array([1e-6, 1.0, 1e6])
    turned = np.column_stack([rows * units + 5, np.full(40, 1e3)])
    plain, other = probe(rows, LABELS, rows, LABELS), probe(turned, LABELS, turned, LABELS)
    assert plain.logistic == other.logistic > 0.5
    assert plain.least_squares == other.least_squares
    lost = 5 / 1e-6  # digits that the shift takes from the smallest column
    assert abs(plain.regression_risk - other.regression_risk) <= tolerances.rounding(40 * 40, lost)
