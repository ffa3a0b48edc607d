"""Phase diagrams: where in a plane of class, dimension and augmentation a contrastive loss promises anything."""

from matplotlib.figure import Figure

from linrep.tables import Table
from proofs_check.plots._capacity import capacity
from proofs_check.plots._phases import laws


def phase_diagram(table: Table) -> Figure:
    """The excess loss eps_vac at which nothing is left of a guarantee, as heat maps with their numbers.

    Fields of budget 0 are vacuous at any loss and say so. A table of `studies.capacity` gives class against dimension,
    with a white dot at each tie of the cut; one of `studies.phases` gives a panel for each of its diagrams, with a line
    that parts the cells that are vacuous at excess loss 0.01.

    Args:
        table: of `studies.capacity` or `studies.phases`, or the same reloaded.

    Source: ours.

    >>> from proofs_check import studies
    >>> [axes.get_xlabel()[:11] for axes in phase_diagram(studies.capacity((1,), (9, 10, 11))).axes][:1]
    ['dimension d']
    """
    return laws(table) if "diagram" in table.columns else capacity(table)
