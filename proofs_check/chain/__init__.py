"""Proofs evaluated step by step on a problem, so that one sees where they are lossy."""

from proofs_check.chain._links import COLUMNS as COLUMNS
from proofs_check.chain._links import Chain as Chain
from proofs_check.chain._links import Link as Link
from proofs_check.chain._run import chain as chain
