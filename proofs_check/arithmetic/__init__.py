"""Balls and rational matrices, through Arb and FLINT."""

from proofs_check.arithmetic._balls import BALLS as BALLS
from proofs_check.arithmetic._balls import PRECISION as PRECISION
from proofs_check.arithmetic._balls import BallField as BallField
from proofs_check.arithmetic._balls import ball as ball
from proofs_check.arithmetic._balls import enclosure as enclosure
from proofs_check.arithmetic._balls import precision as precision
from proofs_check.arithmetic._balls import root as root
from proofs_check.arithmetic._blocks import Blocks as Blocks
from proofs_check.arithmetic._blocks import blocks as blocks
from proofs_check.arithmetic._blocks import captured as captured
from proofs_check.arithmetic._blocks import direct_sum as direct_sum
from proofs_check.arithmetic._blocks import independent_rows as independent_rows
from proofs_check.arithmetic._blocks import principal as principal
from proofs_check.arithmetic._blocks import touched as touched
from proofs_check.arithmetic._matrices import independent as independent
from proofs_check.arithmetic._matrices import matrix as matrix
from proofs_check.arithmetic._matrices import null_space as null_space
from proofs_check.arithmetic._matrices import rows_and_columns as rows_and_columns
from proofs_check.arithmetic._matrices import trace as trace
from proofs_check.arithmetic._radicals import RADICALS as RADICALS
from proofs_check.arithmetic._radicals import RadicalField as RadicalField
from proofs_check.arithmetic._radicals import Radicals as Radicals
