"""The studies behind the pictures of the main job; each returns one table."""

from proofs_check.studies._capacity import capacity as capacity
from proofs_check.studies._chain import chain as chain
from proofs_check.studies._example_one import example_one as example_one
from proofs_check.studies._families import families as families
from proofs_check.studies._negatives import negatives as negatives
