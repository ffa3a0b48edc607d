"""The studies on digits and docstrings: each trains, and returns its tables, the summary under its own name first."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from linrep.tables import Table
from proofs_check.experiments._digits import digits_rows, digits_summary
from proofs_check.experiments._docstrings import docstrings_rows, docstrings_summary
from proofs_check.experiments._hash import hash_rows, hash_summary
from proofs_check.experiments._identify import naming_rows, naming_summary
from proofs_check.experiments._orthogonal import orthogonal_rows, orthogonal_summary
from proofs_check.experiments._placed import placed_digits, placed_summary
from proofs_check.experiments._placed_words import placed_docstrings


class Rows(Protocol):
    """Trains and returns the trajectories."""

    def __call__(self, folder: Path, *, seeds: Sequence[int], quick: bool, tell: Callable[[str], None]) -> Table: ...


STUDIES: dict[str, tuple[Rows, Callable[[Table], Table]]] = {
    "digits": (digits_rows, digits_summary),
    "digits-hash": (hash_rows, hash_summary),
    "label-orthogonal": (orthogonal_rows, orthogonal_summary),
    "identification": (naming_rows, naming_summary),
    "docstrings": (docstrings_rows, docstrings_summary),
}
"""What trains, and what sums it up."""
BANDS = {"digits-band": placed_digits, "docstrings-band": placed_docstrings}
"""What trains linear representations and lays them over their exact bands."""


def study(
    name: str, folder: Path, *, seeds: Sequence[int], quick: bool, tell: Callable[[str], None]
) -> dict[str, Table]:
    """The tables of a study by their names: its own with the summary, and the trajectories or the points and bands."""
    if name in BANDS:
        found = BANDS[name](seeds=seeds, quick=quick, tell=tell)
        points, limits = found["placed"], found["bands"]
        return {name: placed_summary(points, limits), f"{name}-points": points, f"{name}-limits": limits}
    rows, summary = STUDIES[name]
    trajectory = rows(folder, seeds=seeds, quick=quick, tell=tell)
    return {name: summary(trajectory), f"{name}-along": trajectory}
