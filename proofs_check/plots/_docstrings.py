"""Docstrings: accuracy against contrastive loss along training, and trained representations in their band."""

from collections.abc import Mapping

from matplotlib.figure import Figure

from linrep.tables import Table
from proofs_check.plots._digits import against_loss, placed_in_band


def docstrings(name: str, saved: Mapping[str, Table]) -> Figure:
    """The picture of a study on docstrings from its saved tables.

    Source: ours.

    >>> row = {"augmentations": "drop", "encoder": "gru", "step": 1, "held_out_loss": 4.0, "logistic_accuracy": 0.7}
    >>> len(docstrings("docstrings", {"docstrings-along": Table(tuple(row), (row,))}).axes)
    1
    """
    if name == "docstrings-band":
        return placed_in_band(saved[f"{name}-points"], saved[f"{name}-limits"])
    title = "Docstrings: what a probe makes of a representation while its loss falls"
    return against_loss(saved[f"{name}-along"], "augmentations", title=title)
