"""JAX computes what it is asked to: one compiled program that a released version got silently wrong on CPU."""

import re
import tomllib
from importlib import metadata

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from tests.repo.sources import ROOT
from tests.tolerances import squared_norm_budget

ROWS = 20_000


def sample(length: int) -> tuple[np.ndarray, np.ndarray]:
    """A square matrix and many rows to multiply it with."""
    generator = np.random.default_rng(length)
    return generator.normal(size=(length, length)), generator.normal(size=(ROWS, length))


def compiled(matrix: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """|M r|^2 for each row, in the form that was miscompiled: a matrix-vector product under vmap under jit."""
    program = jax.jit(jax.vmap(lambda row: jnp.sum((jnp.asarray(matrix) @ row) ** 2)))
    return np.asarray(program(jnp.asarray(rows)))


def wrong_rows(values: np.ndarray, matrix: np.ndarray, rows: np.ndarray) -> int:
    """How many values differ from NumPy's by more than the two computations can by rounding."""
    reference = np.sum((rows @ matrix.T) ** 2, axis=1)
    size = np.sum((np.abs(rows) @ np.abs(matrix).T) ** 2, axis=1)
    return int(np.sum(~(np.abs(values - reference) <= squared_norm_budget(*matrix.shape, size))))


@pytest.mark.parametrize("length", [3, 5, 6])
def test_compiled_rows_agree_with_numpy(length: int):
    matrix, rows = sample(length)
    assert wrong_rows(compiled(matrix, rows), matrix, rows) == 0


def test_planted_error_in_one_row_is_seen():
    matrix, rows = sample(3)
    values = compiled(matrix, rows)
    values = np.where(np.arange(ROWS) == 1234, values * (1 + 1e-9), values)
    assert wrong_rows(values, matrix, rows) == 1


def excluded(requirements: list[str], version: str) -> bool:
    """Whether the requirement on jax rules the version out by name."""
    jax_lines = [line.removeprefix("jax") for line in requirements if re.match(r"jax\b(?!-)", line)]
    return any(f"!={version}" in re.split(r"[,;\s]", line) for line in jax_lines)


def test_the_broken_version_is_not_installed():
    assert metadata.version("jax") != "0.10.2"


def test_the_broken_version_is_excluded():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert excluded(project["dependencies"], "0.10.2")
    assert not excluded(["jax>=0.9.2"], "0.10.2")
