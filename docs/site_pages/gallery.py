"""The order of the examples."""

from pathlib import Path

from sphinx_gallery.sorting import FileNameSortKey

EXAMPLES = (
    "first_contact",
    "nearly_disjoint",
    "bound_and_actual",
    "hidden_tie",
    "worst_case",
    "own_theorem",
    "certificate",
    "real_digits",
    "scaling_up",
)


class InOrder(FileNameSortKey):
    """The examples in the order in which they are best read."""

    def __call__(self, filename: str) -> int:
        """The place of a script."""
        return EXAMPLES.index(Path(filename).stem)
