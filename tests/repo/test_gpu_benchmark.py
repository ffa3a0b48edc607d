"""The benchmark of accelerators: its code runs anywhere, and it says so where it does not run."""

import runpy
from pathlib import Path

import jax
import pytest

MAIN = runpy.run_path(str(Path(__file__).parents[2] / "benchmarks" / "gpu.py"))["main"]


@pytest.mark.skipif(jax.default_backend() == "gpu", reason="there is a GPU here: the benchmark would run in full")
def test_without_a_gpu_it_says_that_it_was_not_run(capsys):
    MAIN([])
    assert capsys.readouterr().out.startswith("Not run: JAX")


def test_every_part_runs_on_what_there_is(capsys):
    MAIN(["--any-device", "--tiny", "--repeats", "1", "--parts", "dense", "streaming"])
    said = capsys.readouterr().out.splitlines()
    assert [line.split(",")[0] for line in said[1:]] == ["ceilings", "dense K", *2 * ["streaming moments"]]
