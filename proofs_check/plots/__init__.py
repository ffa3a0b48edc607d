"""Pictures: pure functions of saved tables, redrawn without recomputing anything."""

from proofs_check.plots._bias import bias as bias
from proofs_check.plots._bound_versus_actual import bound_versus_actual as bound_versus_actual
from proofs_check.plots._chain import chain as chain
from proofs_check.plots._digits import digits as digits
from proofs_check.plots._docstrings import docstrings as docstrings
from proofs_check.plots._families import families as families
from proofs_check.plots._negatives import negatives as negatives
from proofs_check.plots._phase_diagram import phase_diagram as phase_diagram
from proofs_check.plots._style import encoded as encoded
from proofs_check.plots._trajectory import brittleness as brittleness
from proofs_check.plots._trajectory import trajectory as trajectory
from proofs_check.plots._transfer_band import transfer_band as transfer_band
