"""Pictures: pure functions of saved tables, redrawn without recomputing anything."""

from proofs_check.plots._bias import bias as bias
from proofs_check.plots._capacity import capacity as capacity
from proofs_check.plots._chain import chain as chain
from proofs_check.plots._classes import classes as classes
from proofs_check.plots._example_one import example_one as example_one
from proofs_check.plots._families import families as families
from proofs_check.plots._negatives import negatives as negatives
from proofs_check.plots._phases import phases as phases
from proofs_check.plots._style import encoded as encoded
from proofs_check.plots._trajectories import brittleness as brittleness
from proofs_check.plots._trajectories import trajectories as trajectories
