"""Experiments with trained networks, each beside the exact theory of its process (extra `experiments`)."""

from proofs_check.experiments._bias import bias_band as bias_band
from proofs_check.experiments._bias import bias_moments as bias_moments
from proofs_check.experiments._bias import bias_paths as bias_paths
from proofs_check.experiments._bias import bias_trained as bias_trained
from proofs_check.experiments._bias import bias_widths as bias_widths
from proofs_check.experiments._bias import last_steps as last_steps
from proofs_check.experiments._bias import placed as placed
from proofs_check.experiments._flow import best_length as best_length
from proofs_check.experiments._flow import decay_rows as decay_rows
from proofs_check.experiments._flow import flow as flow
from proofs_check.experiments._flow import flow_rows as flow_rows
from proofs_check.experiments._page import fill as fill
from proofs_check.experiments._page import filled as filled
from proofs_check.experiments._spectral import spectral_rows as spectral_rows
from proofs_check.experiments._studies import study as study
from proofs_check.experiments._table1 import ARMS as ARMS
from proofs_check.experiments._table1 import along as along
from proofs_check.experiments._table1 import beginning as beginning
from proofs_check.experiments._table1 import hypercube_arm as hypercube_arm
from proofs_check.experiments._table1 import summary as summary
from proofs_check.experiments._theory import code_loss as code_loss
from proofs_check.experiments._theory import code_loss_of_means as code_loss_of_means
from proofs_check.experiments._theory import code_rows as code_rows
from proofs_check.experiments._workers import trained as trained
