"""Streams of shards: the moments of `empirical`, merged, resumed after a kill, on the host and on a mesh."""

import itertools
import signal
import subprocess
import sys

import jax
import numpy as np
import pytest

from linrep import InputError, features, moments
from linrep.moments import _sums

RNG = np.random.default_rng(0)
VIEWS = RNG.standard_normal((3000, 5))
POSITIVES = VIEWS + RNG.standard_normal((3000, 5))
SIGNS = np.where(VIEWS[:, 0] > 0, 1, -1)
CUTS = (0, 1, 1100, 2900, 3000)

SCRIPT = """
import os, signal, sys
import jax
jax.config.update("jax_enable_x64", True)
import numpy as np
from linrep import moments
path, out, stop = sys.argv[1], sys.argv[2], int(sys.argv[3])
def stream():
    rng = np.random.default_rng(1)
    for i in range(6):
        if i == stop:
            os.kill(os.getpid(), signal.SIGKILL)
        rows = rng.standard_normal((2, 9000, 4))
        yield rows[0], rows[0] + rows[1], np.sign(rows[0, :, 0])
m = moments.accumulate(stream(), checkpoint=path or None, checkpoint_seconds=0.0)
np.savez(out, count=m.count, devices=m.devices, rounding=m.rounding, **m.sums)
"""


def stream(labels=None):
    return [
        (VIEWS[a:b], POSITIVES[a:b], *(() if labels is None else (labels[a:b],))) for a, b in itertools.pairwise(CUTS)
    ]


def run(path, out, stop=-1) -> int:
    return subprocess.run([sys.executable, "-c", SCRIPT, str(path), str(out), str(stop)], timeout=300).returncode


def agree(found, wanted, rounding):
    """Entries within the stated rounding times the geometric means of the diagonals, on both sides."""
    scale = np.sqrt(np.diagonal(wanted.sigma))
    for name in ("sigma", "sigma_bar"):
        gap = np.abs(getattr(found, name) - getattr(wanted, name))
        assert np.all(gap <= 2 * rounding * np.outer(scale, scale))
    assert np.all(np.abs(found.mean - wanted.mean) <= 2 * rounding * scale)
    if wanted.cross is not None:
        gap = np.abs(found.cross - wanted.cross).reshape(scale.size, -1)
        assert np.all(gap <= 2 * rounding * scale[:, None] * np.sqrt(wanted.label_sq))


@pytest.mark.parametrize("where", ["host", "mesh"])
@pytest.mark.parametrize("kind", ["none", "signs", "real", "classes"])
def test_a_stream_has_the_moments_of_the_sample(kind, where):
    given = {"none": None, "signs": SIGNS, "real": VIEWS[:, :2] * 0.5, "classes": (SIGNS + 1) // 2}[kind]
    mesh = jax.sharding.Mesh(np.array(jax.devices()), ("pairs",)) if where == "mesh" else None
    found = moments.accumulate(stream(given), features.Affine(), classes=2 if kind == "classes" else None, mesh=mesh)
    wanted = moments.empirical(VIEWS, POSITIVES, features.Affine(), given)
    m = found.moments()
    agree(m, wanted, found.rounding)
    assert (m.count, np.shape(m.cross)) == (wanted.count, np.shape(wanted.cross))
    size = np.max(np.abs(VIEWS)) ** 4 * 16
    for name in ("sigma_error", "sigma_bar_error", "mean_error") + (("cross_error",) if kind != "none" else ()):
        gap = np.abs(getattr(m, name) ** 2 - getattr(wanted, name) ** 2) * m.count
        assert np.max(gap) <= 4 * found.rounding * size


def test_single_precision_stays_within_its_rounding():
    exact, rough = moments.accumulate(stream()), moments.accumulate(stream(), single=True)
    agree(rough.moments(), exact.moments(), rough.rounding)
    assert np.max(np.abs(rough.sums["s"] - exact.sums["s"])) > 0


def test_merging_is_accumulating():
    parts = [moments.accumulate([moments.Shard(*piece, name=str(i))]) for i, piece in enumerate(stream(SIGNS))]
    joined = parts[0]
    for part in parts[1:]:
        joined = moments.merge(joined, part)
    agree(joined.moments(), moments.accumulate(stream(SIGNS)).moments(), joined.rounding)
    with pytest.raises(InputError, match="counted on both sides"):
        moments.merge(joined, parts[2])


def test_compensation_keeps_what_plain_sums_lose():
    high, low = np.zeros((2, 2)), np.zeros((2, 2))
    for value in (1.0, 2.0**80, 1.0, -(2.0**80)):
        _sums.fold(high, low, np.full((2, 2), value))
    assert (high + low).tolist() == [[2.0, 2.0], [2.0, 2.0]]


@pytest.mark.parametrize("place", [(0, "views"), (1, "positives"), (2, "labels")])
def test_the_row_that_is_not_finite_is_named(place):
    column, what = place
    pieces = [tuple(np.array(a, dtype=float) for a in piece) for piece in stream(SIGNS)]
    pieces[2][column][1234, ...] = np.inf
    with pytest.raises(InputError, match=f"{what} of shard 2 have a non-finite entry in row 1234"):
        moments.accumulate(pieces)


@pytest.mark.parametrize(
    ("call", "match"),
    [
        (lambda: moments.accumulate([]), "no shards"),
        (lambda: moments.accumulate([moments.Shard(VIEWS, POSITIVES, name="a")] * 2), "a comes twice"),
        (lambda: moments.accumulate([(VIEWS, POSITIVES, (SIGNS + 1) // 2)]), "classes"),
        (lambda: moments.accumulate([(VIEWS, POSITIVES, SIGNS)], classes=2), "whole numbers from 0 to 1"),
        (lambda: moments.accumulate([(VIEWS, POSITIVES[1:])]), "same shape"),
        (lambda: moments.accumulate([(VIEWS, POSITIVES), (VIEWS[:, 1:], POSITIVES[:, 1:])]), "one kind"),
        (lambda: moments.accumulate([(VIEWS, POSITIVES)], features.OneHot()), "OneHot"),
    ],
)
def test_refusals(call, match):
    with pytest.raises(InputError, match=match):
        call()


def test_a_killed_run_resumes_with_the_same_bits(tmp_path):
    assert run("", tmp_path / "whole.npz") == 0
    assert run(tmp_path / "c.npz", tmp_path / "x.npz", stop=4) == -signal.SIGKILL
    assert not (tmp_path / "x.npz").exists()
    assert run(tmp_path / "c.npz", tmp_path / "resumed.npz") == 0
    with np.load(tmp_path / "whole.npz") as whole, np.load(tmp_path / "resumed.npz") as resumed:
        assert all(np.array_equal(whole[name], resumed[name]) for name in whole.files)


def test_a_checkpoint_of_other_data_is_refused(tmp_path):
    moments.accumulate(stream(), checkpoint=tmp_path / "c")
    with pytest.raises(InputError, match="same shards in the same order"):
        moments.accumulate(stream()[::-1], checkpoint=tmp_path / "c")
    with pytest.raises(InputError, match="same settings"):
        moments.accumulate(stream(), errors=False, checkpoint=tmp_path / "c")


def test_many_classes_need_no_square_table():
    labels = np.array([70_000, 3])
    found = moments.accumulate([(VIEWS[:2], POSITIVES[:2], labels)], classes=70_001, errors=False).moments()
    assert np.flatnonzero(found.label_mean).tolist() == [3, 70_000]


def test_merging_keeps_what_its_additions_lose():
    """4e16 has steps of 8 in float64: each of the two 4 that are added is lost alone, but not both together."""
    large, small = (moments.accumulate([([[x]], [[x]])], errors=False) for x in (1e8, 1.0))
    other = moments.accumulate([moments.Shard(np.ones((1, 1)), np.ones((1, 1)), name="other")], errors=False)
    merged = moments.merge(moments.merge(large, small), other)
    exact = sum(int(2 * x) ** 2 for x in (1e8, 1.0, 1.0))
    assert int(merged.sums["s"][0, 0]) == exact
