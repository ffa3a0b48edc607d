"""Balls and rational matrices, through Arb and FLINT."""

from proofs_check.arithmetic._balls import BALLS as BALLS
from proofs_check.arithmetic._balls import PRECISION as PRECISION
from proofs_check.arithmetic._balls import BallField as BallField
from proofs_check.arithmetic._balls import ball as ball
from proofs_check.arithmetic._balls import enclosure as enclosure
from proofs_check.arithmetic._balls import precision as precision
from proofs_check.arithmetic._balls import root as root
from proofs_check.arithmetic._matrices import captured as captured
from proofs_check.arithmetic._matrices import independent as independent
from proofs_check.arithmetic._matrices import matrix as matrix
from proofs_check.arithmetic._matrices import null_space as null_space
from proofs_check.arithmetic._matrices import rows_and_columns as rows_and_columns
from proofs_check.arithmetic._matrices import trace as trace
