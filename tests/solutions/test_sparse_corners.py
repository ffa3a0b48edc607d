"""Corners of the sparse solver that a mutation test found unwatched."""

import numpy as np
import pytest

import linrep as lr
from tests.solutions.test_sparse import check, clusters, truth


@pytest.mark.parametrize("parts", [2, 3])
def test_components_that_are_interleaved(parts: int):
    """Inputs and views of the components in any order: sorting them is the solver's business."""
    process, rng = clusters(600, 1800, parts=parts, weight=0.0), np.random.default_rng(0)
    mixed = lr.processes.relabel(process, inputs=rng.permutation(600), views=rng.permutation(process.n_views))
    solution = lr.solutions.sparse(mixed, dim=6)
    assert solution.n_components == parts
    check(mixed, solution, truth(mixed))
